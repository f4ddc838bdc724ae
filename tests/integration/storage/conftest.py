"""A database of PostgreSQL with a course in it."""

import pytest

from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.people import Person
from jupyter_tutor.storage.database import Database
from tests.clean_database import clean_database_url, opened_database, shared_database
from tests.contract import samples

__all__ = ["clean_database_url", "opened_database", "shared_database"]


@pytest.fixture
def database(opened_database: Database, clean_database_url: str) -> Database:
    """An empty database that is shared with other tests."""
    return opened_database


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
