"""A database of PostgreSQL with a course in it."""

from collections.abc import Iterator

import pytest

from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.people import Person
from jupyter_tutor.storage.database import Database
from tests.clean_database import clean_database_url, shared_database
from tests.contract import samples

__all__ = ["clean_database_url", "shared_database"]


@pytest.fixture
def database(clean_database_url: str) -> Iterator[Database]:
    """An empty database that is shared with other tests."""
    with Database(clean_database_url) as database:
        yield database


@pytest.fixture
def ada(database: Database) -> Person:
    """A learner."""
    with database() as uow:
        return uow.people.identify(samples.ADA)


@pytest.fixture
def collatz(database: Database) -> Revision:
    """An exercise."""
    with database() as uow:
        samples.publish(uow)
        return uow.courses.latest_revision(samples.COURSE, "collatz")
