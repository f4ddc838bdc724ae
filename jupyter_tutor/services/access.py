"""Access: who a request is from, and what they may do in a course."""

import hashlib
import json
from dataclasses import replace
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, NotAllowed, NotFound
from jupyter_tutor.domain.people import Enrollment, Identity, Person, Profile, Role
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory

_INSTRUCTORS = frozenset({Role.INSTRUCTOR, Role.ADMIN})


def digest(*parts: object) -> str:
    """Return a SHA-256 (hex) of JSON-like parts: equal requests have equal digests."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Access:
    """Finds persons and their enrolments.

    Args:
        open_uow: Opens transactions.
        open_enrollment: Whether anybody the server knows may learn in any course. True on a laptop;
            a classroom enrols through its Hub's groups.
    """

    def __init__(self, open_uow: UnitOfWorkFactory, *, open_enrollment: bool) -> None:
        self._open = open_uow
        self.open_enrollment = open_enrollment

    def recognise(self, identity: Identity) -> tuple[Person, Profile]:
        """Return the person behind an authenticated identity, known from now on; their profile."""
        with self._open() as uow:
            person = uow.people.identify(identity)
            return person, uow.people.profile(person.id)

    def require(self, uow: UnitOfWork, person_id: UUID, course_slug: str) -> Enrollment:
        """Return the person's enrolment in a course, enrolling them where that is open to all.

        Raises:
            NotFound: There is no such course, or not for this person (the same answer on purpose).
        """
        enrollment = uow.people.enrollment(person_id, course_slug)
        if enrollment is not None:
            return enrollment
        if not self.open_enrollment:
            raise NotFound(
                f"There is no course {course_slug!r} for you. Ask your instructor to enrol you."
            )
        course = uow.courses.get(course_slug)
        return uow.people.enroll(person_id, course.slug, Role.LEARNER)

    def require_instructor(self, uow: UnitOfWork, person_id: UUID, course_slug: str) -> Enrollment:
        """Return the enrolment of an instructor or administrator of a course.

        Raises:
            NotFound: There is no such course for this person.
            NotAllowed: They are there as something else.
        """
        enrollment = uow.people.enrollment(person_id, course_slug)
        if enrollment is None and not self.open_enrollment:
            raise NotFound(
                f"There is no course {course_slug!r} for you. Ask your instructor to enrol you."
            )
        if enrollment is None or enrollment.role not in _INSTRUCTORS:
            uow.courses.get(course_slug)
            raise NotAllowed("This is for the instructors of the course.")
        return enrollment

    def require_staff(self, person_id: UUID) -> None:
        """Refuse whoever is no instructor or administrator of any course.

        Raises:
            NotAllowed: Says who may.
        """
        with self._open() as uow:
            roles = {card.role for card in uow.reads.courses(person_id)}
        if not roles & _INSTRUCTORS:
            raise NotAllowed("This is for instructors, or for whoever has the server's token.")

    def save_profile(self, person_id: UUID, profile: Profile, key: str) -> Profile:
        """Replace a person's own profile; a repeat with the same key changes nothing.

        Raises:
            IdempotencyKeyReused: The key was used for something else.
            InvalidInput: A text holds characters that cannot be stored.
        """
        tidy = replace(profile, goals=_tidy(profile.goals), interests=_tidy(profile.interests))
        with self._open() as uow:
            request = digest(str(person_id), repr(tidy))
            if uow.idempotency.claim(person_id, key, "profile", request) is None:
                uow.people.save_profile(person_id, tidy)
                uow.idempotency.settle(person_id, key, person_id)
                uow.audit.add(person_id, "profile.saved", f"person:{person_id}")
            return uow.people.profile(person_id)


def _tidy(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts without blanks around them and without empty ones."""
    tidy = tuple(text.strip() for text in texts if text.strip())
    if any("\0" in text for text in tidy):
        raise InvalidInput("A text contains a NUL character; remove it and save again.")
    return tidy
