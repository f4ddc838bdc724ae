"""The ports of people, and of the records of what they did.

They belong to the unit of work of `ports`, which gives them on.
"""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from jupyter_tutor.domain.people import Enrollment, Identity, Member, Person, Profile, Role


class People(Protocol):
    """Persons, their identities, enrolments and profiles."""

    def identify(self, identity: Identity) -> Person:
        """Return the person behind an identity, creating both when they are new."""

    def enroll(self, person_id: UUID, course_slug: str, role: Role) -> Enrollment:
        """Give a person a role in a course; an existing enrolment keeps its role.

        Raises:
            NotFound: There is no such course.
        """

    def enrollment(self, person_id: UUID, course_slug: str) -> Enrollment | None:
        """Return a person's enrolment in a course."""

    def set_role(self, person_id: UUID, course_slug: str, role: Role) -> Role | None:
        """Give a person a role in a course in place of what they were; returns what that was.

        Raises:
            NotFound: There is no such course or person.
        """

    def roster(self, course_slug: str) -> Sequence[Member]:
        """Return everybody in a course, by name.

        Raises:
            NotFound: There is no such course.
        """

    def named(self, name: str, course_slug: str) -> Sequence[Member]:
        """Return whom an account or a key is of, or who bears a name; also from outside the course.

        Who has an account of that name goes before all who are only called so.

        Raises:
            NotFound: There is no such course.
        """

    def known_as(self, name: str) -> Sequence[Member]:
        """Return whom an account or a key is of, or who bears a name, in whichever course.

        Who has an account of that name goes before all who are only called so; roles are left out.
        """

    def names(self, person_id: UUID) -> Sequence[str]:
        """Return what a person is called, and the names of their accounts; never sent anywhere."""

    def profile(self, person_id: UUID) -> Profile:
        """Return a person's profile; an empty one when nothing was said yet."""

    def save_profile(self, person_id: UUID, profile: Profile) -> None:
        """Replace a person's profile."""


class Audit(Protocol):
    """Who looked at or changed whose data."""

    def add(self, actor_id: UUID | None, action: str, subject: str, details: str = "") -> None:
        """Append an audit event."""


class IdempotencyKeys(Protocol):
    """Keys of writes that were done: a repeat finds what the first one made."""

    def claim(self, person_id: UUID, key: str, operation: str, digest: str) -> UUID | None:
        """Claim a key for this transaction; None when it is new.

        Returns the id that `settle` stored when the key was used before with the same operation
        and digest. Waits for a concurrent transaction with the same key.

        Raises:
            IdempotencyKeyReused: The key was used for another request.
        """

    def settle(self, person_id: UUID, key: str, result_id: UUID) -> None:
        """Remember what the write made."""
