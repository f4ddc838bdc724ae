"""People in memory."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.people import Enrollment, Identity, Member, Person, Profile, Role
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.testing.lookups import require_course, require_person
from jupyter_tutor.testing.tables import Tables


class InMemoryPeople:
    """Implements `ports.People`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def identify(self, identity: Identity) -> Person:
        """Return the person behind an identity, creating both when they are new."""
        name = (identity.provider, identity.subject)
        if name not in self._tables.identities:
            person = Person(uuid7(), identity.display_name, self._now)
            self._tables.people[person.id] = person
            self._tables.identities[name] = person.id
        return self._tables.people[self._tables.identities[name]]

    def enroll(self, person_id: UUID, course_slug: str, role: Role) -> Enrollment:
        """Give a person a role in a course; an existing enrolment keeps its role."""
        require_course(self._tables, course_slug)
        require_person(self._tables, person_id)
        kept = self._tables.enrollments.setdefault((person_id, course_slug), role)
        return Enrollment(person_id, course_slug, kept)

    def enrollment(self, person_id: UUID, course_slug: str) -> Enrollment | None:
        """Return a person's enrolment in a course."""
        role = self._tables.enrollments.get((person_id, course_slug))
        return None if role is None else Enrollment(person_id, course_slug, role)

    def set_role(self, person_id: UUID, course_slug: str, role: Role) -> Role | None:
        """Give a person a role in a course in place of what they were; returns what that was."""
        require_course(self._tables, course_slug)
        require_person(self._tables, person_id)
        before = self._tables.enrollments.get((person_id, course_slug))
        self._tables.enrollments[person_id, course_slug] = role
        return before

    def roster(self, course_slug: str) -> Sequence[Member]:
        """Return everybody in a course, by name."""
        require_course(self._tables, course_slug)
        inside = [key for key, course in self._tables.enrollments if course == course_slug]
        return self._members(inside, course_slug)

    def named(self, name: str, course_slug: str) -> Sequence[Member]:
        """Return whom an account or a key is of, or who bears a name."""
        require_course(self._tables, course_slug)
        return self._called(name, course_slug)

    def known_as(self, name: str) -> Sequence[Member]:
        """Return whom an account or a key is of, or who bears a name, in whichever course."""
        return self._called(name, "")

    def _called(self, name: str, course_slug: str) -> Sequence[Member]:
        known = self._tables.identities.items()
        owners = {key for (_, subject), key in known if subject == name}
        owners |= {key for key in self._tables.people if str(key) == name}
        people = self._tables.people.values()
        called = {person.id for person in people if person.display_name == name}
        return self._members(owners or called, course_slug)

    def _members(self, keys: Iterable[UUID], course_slug: str) -> Sequence[Member]:
        members = [self._member(self._tables.people[key], course_slug) for key in keys]
        return sorted(members, key=lambda each: (each.person.display_name, each.person.id))

    def _member(self, person: Person, course_slug: str) -> Member:
        known = self._tables.identities.items()
        accounts = sorted({subject for (_, subject), key in known if key == person.id})
        role = self._tables.enrollments.get((person.id, course_slug))
        return Member(person, tuple(accounts), role)

    def names(self, person_id: UUID) -> Sequence[str]:
        """Return what a person is called, and the names of their accounts."""
        person = self._tables.people.get(person_id)
        member = () if person is None else self._member(person, "").accounts
        return [*(() if person is None else (person.display_name,)), *member]

    def profile(self, person_id: UUID) -> Profile:
        """Return a person's profile; an empty one when nothing was said yet."""
        return self._tables.profiles.get(person_id, Profile())

    def save_profile(self, person_id: UUID, profile: Profile) -> None:
        """Replace a person's profile."""
        require_person(self._tables, person_id)
        self._tables.profiles[person_id] = profile
