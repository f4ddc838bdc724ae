"""The same cases on the fake and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.services.ports import ResultNews, UnitOfWorkFactory
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.news import PostgresNews
from jupyter_tutor.testing import InMemoryDatabase
from tests.clean_database import clean_database_url, opened_database, shared_database
from tests.contract import samples

__all__ = ["clean_database_url", "opened_database", "shared_database"]

MEMORY = "memory"
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


@pytest.fixture(params=[MEMORY, POSTGRES])
def open_uow(request: pytest.FixtureRequest) -> UnitOfWorkFactory:
    """Transactions on an empty database."""
    if request.param == MEMORY:
        return InMemoryDatabase()
    request.getfixturevalue("clean_database_url")
    opened: Database = request.getfixturevalue("opened_database")
    return opened


@pytest.fixture
def news(open_uow: UnitOfWorkFactory) -> Iterator[ResultNews]:
    """The news of the same database."""
    if isinstance(open_uow, InMemoryDatabase):
        yield open_uow.news
        return
    assert isinstance(open_uow, Database)
    listener = PostgresNews(open_uow.url.render_as_string(hide_password=False))
    assert listener.start(10)
    yield listener
    listener.close()


@pytest.fixture
def ada(open_uow: UnitOfWorkFactory) -> Person:
    """A learner."""
    with open_uow() as uow:
        return uow.people.identify(samples.ADA)


@pytest.fixture
def collatz(open_uow: UnitOfWorkFactory, ada: Person) -> Revision:
    """An exercise of a course that Ada is enrolled in."""
    with open_uow() as uow:
        samples.publish(uow)
        uow.people.enroll(ada.id, samples.COURSE, Role.LEARNER)
        return uow.courses.latest_revision(samples.COURSE, "collatz")
