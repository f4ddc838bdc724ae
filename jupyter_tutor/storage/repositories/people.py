"""People in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.people import Enrollment, Identity, Member, Person, Profile, Role
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.advisory import hold
from jupyter_tutor.storage.repositories.lookups import course_id
from jupyter_tutor.storage.tables import (
    CourseRow,
    EnrollmentRow,
    ExternalIdentityRow,
    PersonRow,
    ProfileRow,
)


class PostgresPeople:
    """Implements `ports.People`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def identify(self, identity: Identity) -> Person:
        """Return the person behind an identity, creating both when they are new."""
        known = self._known(identity)
        if known is not None:
            return known
        # Two first requests of one person at the same moment must not make two persons.
        hold(self._session, "identity", identity.provider, identity.subject)
        return self._known(identity) or self._create(identity)

    def _known(self, identity: Identity) -> Person | None:
        row = self._session.scalar(
            select(PersonRow)
            .join(ExternalIdentityRow, ExternalIdentityRow.person_id == PersonRow.id)
            .where(
                ExternalIdentityRow.provider == identity.provider,
                ExternalIdentityRow.subject == identity.subject,
            )
        )
        return None if row is None else to_person(row)

    def _create(self, identity: Identity) -> Person:
        person_id = uuid7()
        created_at = self._session.scalars(
            insert(PersonRow)
            .values(id=person_id, display_name=identity.display_name)
            .returning(PersonRow.created_at)
        ).one()
        self._session.execute(
            insert(ExternalIdentityRow).values(
                provider=identity.provider, subject=identity.subject, person_id=person_id
            )
        )
        return Person(person_id, identity.display_name, created_at)

    def enroll(self, person_id: UUID, course_slug: str, role: Role) -> Enrollment:
        """Give a person a role in a course; an existing enrolment keeps its role.

        Raises:
            NotFound: There is no such course or person.
        """
        course = course_id(self._session, course_slug)
        if self._session.get(PersonRow, person_id) is None:
            raise NotFound("There is no such person.")
        self._session.execute(
            insert(EnrollmentRow)
            .values(person_id=person_id, course_id=course, role=role)
            .on_conflict_do_nothing()
        )
        found = self.enrollment(person_id, course_slug)
        if found is None:
            raise NotFound("The enrolment was deleted at the same moment. Try again.")
        return found

    def enrollment(self, person_id: UUID, course_slug: str) -> Enrollment | None:
        """Return a person's enrolment in a course."""
        role = self._session.scalar(
            select(EnrollmentRow.role)
            .join(CourseRow, CourseRow.id == EnrollmentRow.course_id)
            .where(EnrollmentRow.person_id == person_id, CourseRow.slug == course_slug)
        )
        return None if role is None else Enrollment(person_id, course_slug, role)

    def set_role(self, person_id: UUID, course_slug: str, role: Role) -> Role | None:
        """Give a person a role in a course in place of what they were; returns what that was.

        Raises:
            NotFound: There is no such course or person.
        """
        before = self.enrollment(person_id, course_slug)
        self.enroll(person_id, course_slug, role)
        course = course_id(self._session, course_slug)
        row = EnrollmentRow
        theirs = (row.person_id == person_id, row.course_id == course)
        self._session.execute(update(row).where(*theirs).values(role=role))
        return None if before is None else before.role

    def roster(self, course_slug: str) -> Sequence[Member]:
        """Return everybody in a course, by name.

        Raises:
            NotFound: There is no such course.
        """
        course = course_id(self._session, course_slug)
        return self._members(course, EnrollmentRow.role.is_not(None))

    def named(self, name: str, course_slug: str) -> Sequence[Member]:
        """Return whom an account or a key is of, or who bears a name; also from outside the course.

        Raises:
            NotFound: There is no such course.
        """
        course = course_id(self._session, course_slug)
        owners = self._members(course, _owns(name))
        return owners or self._members(course, PersonRow.display_name == name)

    def known_as(self, name: str) -> Sequence[Member]:
        """Return whom an account or a key is of, or who bears a name, in whichever course."""
        owners = self._members(None, _owns(name))
        return owners or self._members(None, PersonRow.display_name == name)

    def _members(self, course: UUID | None, which: ColumnElement[bool]) -> Sequence[Member]:
        account = ExternalIdentityRow.subject
        accounts = func.array_agg(account.distinct()).filter(account.is_not(None))
        rows = self._session.execute(
            select(PersonRow.id, PersonRow.display_name, PersonRow.created_at)
            .add_columns(EnrollmentRow.role, accounts)
            .outerjoin(
                EnrollmentRow,
                and_(EnrollmentRow.person_id == PersonRow.id, EnrollmentRow.course_id == course),
            )
            .outerjoin(ExternalIdentityRow, ExternalIdentityRow.person_id == PersonRow.id)
            .where(which)
            .group_by(PersonRow.id, EnrollmentRow.role)
        )
        members = [
            Member(Person(key, name, created_at), tuple(sorted(known or ())), role)
            for key, name, created_at, role, known in rows
        ]
        # Not by the database, whose collation is its own.
        return sorted(members, key=lambda each: (each.person.display_name, each.person.id))

    def names(self, person_id: UUID) -> Sequence[str]:
        """Return what a person is called, and the names of their accounts."""
        called = select(PersonRow.display_name).where(PersonRow.id == person_id)
        account = ExternalIdentityRow
        accounts = select(account.subject).where(account.person_id == person_id)
        return [*self._session.scalars(called), *sorted(self._session.scalars(accounts))]

    def profile(self, person_id: UUID) -> Profile:
        """Return a person's profile; an empty one when nothing was said yet."""
        row = self._session.get(ProfileRow, person_id)
        return Profile() if row is None else mapping.to_profile(row)

    def save_profile(self, person_id: UUID, profile: Profile) -> None:
        """Replace a person's profile.

        Raises:
            NotFound: There is no such person.
        """
        if self._session.get(PersonRow, person_id) is None:
            raise NotFound("There is no such person.")
        values = {**mapping.profile_values(profile), "updated_at": func.now()}
        self._session.execute(
            insert(ProfileRow)
            .values(person_id=person_id, **values)
            .on_conflict_do_update(index_elements=[ProfileRow.person_id], set_=values)
        )


def to_person(row: PersonRow) -> Person:
    """Return a person."""
    return Person(row.id, row.display_name, row.created_at)


def _owns(name: str) -> ColumnElement[bool]:
    """Whether an account or a key is a person's."""
    accounts = select(ExternalIdentityRow.person_id).where(ExternalIdentityRow.subject == name)
    return or_(PersonRow.id.in_(accounts), cast(PersonRow.id, Text) == name)
