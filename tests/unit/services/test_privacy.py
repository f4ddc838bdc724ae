"""Privacy: who is erased, when, and what is noted of it."""

import pytest

from jupyter_tutor.domain.errors import InvalidInput, NotConfirmed, NotFound, StorageUnavailable
from jupyter_tutor.domain.people import Identity, Person
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.privacy import PrivacyService
from jupyter_tutor.testing import InMemoryDatabase, InMemoryUnitOfWork

NAME = "Ada  Lovelacé"


@pytest.fixture
def database() -> InMemoryDatabase:
    return InMemoryDatabase()


@pytest.fixture
def ada(database: InMemoryDatabase) -> Person:
    with database() as uow:
        return uow.people.identify(Identity("local", "ada", NAME))


@pytest.mark.parametrize("typed", [NAME, f" {NAME}\n", "Ada Lovelacé", "Ada Lovelace\u0301"])
def test_the_name_is_enough(database: InMemoryDatabase, ada: Person, typed: str) -> None:
    dropped: list[None] = []
    service = PrivacyService(database, on_erased=lambda: dropped.append(None))
    service.erase_oneself(ada.id, typed)
    assert dropped == [None]
    assert database.tables.people == {}
    (event,) = database.audit_events
    assert (event.actor_id, event.action, event.subject, event.details) == (
        None,
        "person.erased",
        "person",
        "by themselves",
    )


@pytest.mark.parametrize("typed", ["", "ada", "ada lovelacé", "Ada", "Ada Lovelace", str(uuid7())])
def test_nothing_else_is(database: InMemoryDatabase, ada: Person, typed: str) -> None:
    with pytest.raises(NotConfirmed, match="Nothing was erased"):
        PrivacyService(database).erase_oneself(ada.id, typed)
    assert list(database.tables.people) == [ada.id]
    assert database.audit_events == ()


class Busy(InMemoryDatabase):
    """A database that is busy with the same rows, some times."""

    times = 0

    def __call__(self) -> InMemoryUnitOfWork:
        if self.times:
            self.times -= 1
            raise StorageUnavailable("busy")
        return super().__call__()


@pytest.mark.parametrize(("times", "erased"), [(1, True), (2, True), (3, False)])
def test_who_is_in_the_way_of_a_grading_is_tried_again(times: int, *, erased: bool) -> None:
    database = Busy()
    with database() as uow:
        ada = uow.people.identify(Identity("local", "ada", NAME))
    database.times = times
    service = PrivacyService(database)
    if erased:
        service.erase(ada.id, "in a test")
    else:
        with pytest.raises(StorageUnavailable):
            service.erase(ada.id, "in a test")
    assert (database.tables.people == {}) is erased


def test_people_are_found_by_what_they_are_called(database: InMemoryDatabase, ada: Person) -> None:
    service = PrivacyService(database)
    for name in ("ada", NAME, str(ada.id)):
        stored = service.find(name)
        assert (stored.person, stored.accounts, stored.memberships) == (ada, ["ada"], ())
    for name in ("grace", "", "a\0b"):
        with pytest.raises(NotFound, match="Nobody here is called"):
            service.find(name)
    with database() as uow:
        uow.people.identify(Identity("hub", "other", NAME))
    with pytest.raises(InvalidInput, match="2 people"):
        service.find(NAME)
    with pytest.raises(NotFound):
        service.stored(uuid7())
