"""Enrolling: who is in a course and as what; roles are given by whoever runs the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.people import Identity, Member, Role
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """Who has which role now, and what they were in the course before: None for nothing."""

    member: Member
    before: Role | None


class RosterService:
    """Tells instructors who is in their course."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access) -> None:
        self._open = open_uow
        self._access = access

    def people(self, actor_id: UUID, course: str) -> Sequence[Member]:
        """Return everybody in a course, by name; each look is audited.

        Raises:
            NotFound: There is no such course for them.
            NotAllowed: They are no instructor of it.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            uow.audit.add(actor_id, "roster.read", f"course:{course}")
            return uow.people.roster(course)


def roster(open_uow: UnitOfWorkFactory, course: str) -> Sequence[Member]:
    """Return everybody in a course, by name; for whoever runs the database.

    Raises:
        NotFound: There is no such course.
    """
    with open_uow() as uow:
        return uow.people.roster(course)


def give_role(
    open_uow: UnitOfWorkFactory, course: str, name: str, role: Role, own: Identity | None = None
) -> RoleGiven:
    """Give somebody a role in a course, in place of what they were; for whoever runs the database.

    Args:
        open_uow: Opens transactions.
        course: Slug of the course.
        name: An account, a name or a key.
        role: What they shall be.
        own: Of whoever asks, if they are meant: known from now on, if they were not.

    Raises:
        NotFound: There is no such course or person.
        InvalidInput: Several have that name; says how to tell them apart.
    """
    with open_uow() as uow:
        if own is not None:
            name = str(uow.people.identify(own).id)
        member = _only(uow, course, name)
        before = uow.people.set_role(member.person.id, course, role)
        if before is not role:
            was = before.value if before else "nothing"
            details = f"{course}: {role.value} (was {was}), on the command line"
            uow.audit.add(None, "role.given", f"person:{member.person.id}", details)
        return RoleGiven(_only(uow, course, str(member.person.id)), before)


def _only(uow: UnitOfWork, course: str, name: str) -> Member:
    found = uow.people.named(name, course) if name.isprintable() else ()
    if not found:
        raise NotFound(
            f"Nobody here is called {name!r}. People are known from when they open the tutor: let "
            "them open it once, then give the name they sign in with. `jupyter tutor people "
            f"--course {course}` lists who is in the course."
        )
    if len(found) > 1:
        raise several(name, found)
    return found[0]


def several(name: str, found: Sequence[Member]) -> InvalidInput:
    """Return the error for a name that is not of one alone; it tells them apart."""
    keys = "".join(f"\n  {each.person.id}  {', '.join(each.accounts)}" for each in found)
    return InvalidInput(
        f"{len(found)} people are called {name!r}. Give the account or the key of one:{keys}"
    )
