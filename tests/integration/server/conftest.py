"""One server for all tests of its routes, on a database that is emptied before each."""

import shutil
from collections.abc import Iterator

import pytest

from jupyter_tutor.domain.people import Identity
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.submissions import SubmissionService
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.clean_database import empty, shared_database
from tests.integration.server.serving import Client, Served, serving
from tests.integration.server.somebody import Somebody

__all__ = ["shared_database"]


@pytest.fixture(scope="package")
def jupyter_directories(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Jupyter's directories are our own: nobody's configuration or running servers play a part."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("CONFIG", "DATA", "RUNTIME"):
            directory = tmp_path_factory.mktemp(f"jupyter-{kind.lower()}")
            patch.setenv(f"JUPYTER_{kind}_DIR", str(directory))
        patch.setenv("JUPYTER_NO_CONFIG", "1")
        patch.delenv("JUPYTER_TUTOR_DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="package")
def served(
    tmp_path_factory: pytest.TempPathFactory, jupyter_directories: None, shared_database: str
) -> Iterator[Served]:
    """A server on PostgreSQL; what is handed in is graded when a test says so."""
    root = tmp_path_factory.mktemp("files")
    with serving(root, {"database_url": shared_database, "max_body_bytes": 300_000}) as server:
        yield server


@pytest.fixture(scope="package")
def database(shared_database: str) -> Iterator[Database]:
    """The server's database."""
    with Database(shared_database) as database:
        yield database


def fresh(served: Served, database: Database) -> Client:
    """Empty files and database, publish the small course, and return the server's routes."""
    for left in served.root.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    empty(database.url.render_as_string(hide_password=False))
    small_course.publish(database)
    return served.client


@pytest.fixture
def api(served: Served, database: Database) -> Client:
    """The server's routes: the small course is published, nobody has done anything yet."""
    return fresh(served, database)


@pytest.fixture(scope="module")
def steady_api(served: Served, database: Database) -> Client:
    """The same, once for all tests of a module: for those whose requests change nothing."""
    return fresh(served, database)


@pytest.fixture
def grading(database: Database) -> GradingService:
    """Grades by the script of the small course."""
    return GradingService(database, small_course.runner())


@pytest.fixture
def somebody(database: Database, api: Client) -> Somebody:
    """Another learner, who has run the tests, handed in and asked for a hint."""
    access = Access(database, open_enrollment=True)
    person, _ = access.recognise(Identity("local", "somebody else", "Somebody"))
    return Somebody(person.id, SubmissionService(database, access))
