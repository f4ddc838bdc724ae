"""Who gets a role by the command line, and what the audit trail keeps of it."""

import pytest

from jupyter_tutor.domain.errors import InvalidInput, NotAllowed, NotFound
from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.enrolling import RosterService, give_role, roster
from jupyter_tutor.testing import InMemoryDatabase
from tests.contract import samples
from tests.contract.samples import ADA, BOB, COURSE


@pytest.fixture
def database() -> InMemoryDatabase:
    database = InMemoryDatabase()
    with database() as uow:
        uow.courses.save(samples.course())
        uow.people.enroll(uow.people.identify(ADA).id, COURSE, Role.LEARNER)
        uow.people.identify(BOB)
    return database


def test_a_role_is_given_once_and_audited_once(database: InMemoryDatabase) -> None:
    first = give_role(database, COURSE, "ada", Role.INSTRUCTOR)
    again = give_role(database, COURSE, str(first.member.person.id), Role.INSTRUCTOR)
    assert (first.before, again.before) == (Role.LEARNER, Role.INSTRUCTOR)
    assert first.member == again.member
    assert [(each.action, each.details) for each in database.audit_events] == [
        ("role.given", f"{COURSE}: instructor (was learner), on the command line")
    ]


def test_who_never_opened_the_tutor_is_known_from_then_on_if_it_is_oneself(
    database: InMemoryDatabase,
) -> None:
    own = Identity("local", "grace", "grace")
    with pytest.raises(NotFound, match="Nobody here is called 'grace'"):
        give_role(database, COURSE, "grace", Role.INSTRUCTOR)
    given = give_role(database, COURSE, "me", Role.INSTRUCTOR, own)
    assert (given.before, given.member.accounts) == (None, ("grace",))
    assert given.member in roster(database, COURSE)


def test_who_is_meant_has_to_be_clear(database: InMemoryDatabase) -> None:
    with database() as uow:
        other = uow.people.identify(Identity("jupyterhub", "ada2", "Ada"))
    with pytest.raises(InvalidInput, match=str(other.id)):
        give_role(database, COURSE, "Ada", Role.INSTRUCTOR)
    for nobody in ("", "\udc80", "nul \0"):
        with pytest.raises(NotFound, match="Nobody here"):
            give_role(database, COURSE, nobody, Role.INSTRUCTOR)


def test_a_roster_is_for_instructors(database: InMemoryDatabase) -> None:
    service = RosterService(database, Access(database, open_enrollment=True))
    with database() as uow:
        ada, bob = uow.people.identify(ADA), uow.people.identify(BOB)
    for learner in (ada, bob):
        with pytest.raises(NotAllowed):
            service.people(learner.id, COURSE)
    give_role(database, COURSE, "bob", Role.INSTRUCTOR)
    assert [each.person for each in service.people(bob.id, COURSE)] == [ada, bob]
