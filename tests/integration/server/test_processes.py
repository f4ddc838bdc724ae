"""Servers and workers as processes: real grading, clean ends, and what a kill leaves behind."""

import signal
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.domain.submissions import GradingStatus, Submission
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.processes import Home, ended, eventually, home, server
from tests.integration.server.requests import cells
from tests.integration.server.serving import Client, Json
from tests.small_course import COURSE, PARTIAL, RAISING, RIGHT

pytestmark = [pytest.mark.postgres, pytest.mark.kernel]

EXERCISE = "/courses/small/exercises/double"
SLOW = "import time\ndef double(x):\n    time.sleep(1.2)\n    return 2 * x"
# Another one, since an answer that was graded before is not run again.
SLOWER = SLOW.replace("1.2", "1.3")


@pytest.fixture
def place() -> Iterator[Home]:
    """A home for processes."""
    with home() as made:
        yield made


def test_a_server_grades_and_ends_without_leaving_anything(place: Home) -> None:
    """On SIGTERM in mid-grading, on SIGINT, and after SIGKILL the next one goes on."""
    with server(place) as (process, client):
        with Database(place.postgres.url) as database:
            small_course.publish(database)
        _works(client)
        asked_to_end = _being_graded(client, SLOW)
        assert ended(process, signal.SIGTERM) in (0, -signal.SIGTERM), place.log
    _nothing_is_left(place)

    with server(place) as (process, client):
        assert client.get("/courses/small")["passed"] == 1
        _is_graded_once(client, asked_to_end)
        killed = _being_graded(client, SLOWER)
        process.kill()
        process.wait()
    eventually(lambda: not _kernels(place), "the kernels end with their server")

    with server(place) as (process, client):
        # What was handed in is there; that it is graded once is the worker's test below.
        assert client.get(f"/submissions/{killed['id']}")["status"] in ("running", "graded")
        ended(process, signal.SIGINT)
    _nothing_is_left(place)
    assert "Traceback" not in place.log


def test_an_idle_server_keeps_its_database(place: Home) -> None:
    """Neither replacing nor taking back goes on behind a server where nobody does anything."""
    backup = str(place.directory / "tutor.backup")
    with server(place) as (process, client):
        assert place.run("db", "backup", backup).returncode == 0
        with Database(place.postgres.url) as database:
            small_course.publish(database)
        for verb in (("restore", backup), ("downgrade", "0005"), ("downgrade", "base")):
            refused = place.run("db", *verb, "--force")
            assert refused.returncode == 1, refused
            assert "The database is in use; nothing was changed" in refused.stderr
            assert f"process {process.pid} on" in refused.stderr
        assert client.get("/courses/small")["slug"] == "small"
        ended(process, signal.SIGTERM)
    assert place.run("db", "restore", backup, "--force").returncode == 0
    with (
        place.postgres as postgres,
        Database(postgres.url) as database,
        database() as uow,
        pytest.raises(NotFound),
    ):
        uow.courses.get("small")


def test_what_a_killed_worker_leaves_is_graded_once_by_the_next(
    place: Home, database_url: str
) -> None:
    command = ("-m", "jupyter_tutor.cli", "worker", f"--Tutor.database_url={database_url}")
    with Database(database_url) as database:
        small_course.publish(database)
        submission = _submitted(database)
        first = place.start(*command)
        eventually(lambda: _is(database, submission, GradingStatus.RUNNING), "it is being graded")
        first.kill()
        first.wait()
        assert not _is(database, submission, GradingStatus.GRADED)
        eventually(lambda: not _kernels(place), "the kernels end with their worker")

        second = place.start(*command)
        third = place.start(*command)
        eventually(lambda: _is(database, submission, GradingStatus.GRADED), "it is graded")
        with database() as uow:
            (evaluation,) = uow.submissions.submission(submission.id).evaluations
            memory = uow.memories.load(submission.learner_id, COURSE)
        assert evaluation.score == 1
        assert memory is not None
        assert memory.n == 1
        assert ended(second, signal.SIGTERM) == 0
        assert ended(third, signal.SIGINT) == 0
    eventually(lambda: not place.left(), "nothing is left")
    assert "Traceback" not in place.log


def _works(client: Client) -> None:
    """Walk the main road on real parts: a failure, an exception, half of it, all of it."""
    for source, outcomes in (
        # Of a secret test nobody sees more than that it did not pass.
        (RAISING, ["error", "error", "failed"]),
        (PARTIAL, ["passed", "passed", "failed"]),
    ):
        row = client.send(f"{EXERCISE}/checks", cells(source))
        settled = _settled(client, "/checks", row)
        assert [each["outcome"] for each in settled["verdict"]["results"]] == outcomes
    assert client.send(f"{EXERCISE}/hints", {})["hint"]["level_name"] == "result"
    row = client.send(f"{EXERCISE}/submissions", cells(RIGHT))
    graded = _settled(client, "/submissions", row)
    assert (graded["score"], graded["points_earned"]) == (1, 4)
    assert client.get("/courses/small")["passed"] == 1


def _being_graded(client: Client, source: str) -> Json:
    """Hand in an answer that takes its time, and return it when its tests run."""
    row = client.send(f"{EXERCISE}/submissions", cells(source))
    path = f"/submissions/{row['id']}"
    eventually(lambda: client.get(path)["status"] == "running", "it is being graded")
    return row


def _is_graded_once(client: Client, row: Json) -> None:
    found = _settled(client, "/submissions", row)
    assert (found["status"], found["score"], len(found["evaluations"])) == ("graded", 1, 1)


def _settled(client: Client, path: str, row: Json) -> Json:
    """Wait for a row as the page does, and return it."""

    def look() -> Json | None:
        found = client.get(f"{path}/{row['id']}", wait=20)
        return None if found["status"] in ("queued", "running") else found

    return eventually(look, f"{path}/{row['id']} settles")


def _nothing_is_left(place: Home) -> None:
    eventually(lambda: not place.left(), f"nothing is left, such as {place.left()}")
    eventually(lambda: not place.postgres.is_running(), "the database is stopped")


def _kernels(place: Home) -> list[str]:
    return [line for line in place.left() if "launch.py" in line]


def _submitted(database: Database) -> Submission:
    access = Access(database, open_enrollment=True)
    person, _ = access.recognise(Identity("local", "ada", "Ada"))
    request = Request(person.id, COURSE, "double", uuid4().hex)
    return SubmissionService(database, access).submit(request, small_course.answer(SLOW), None)


def _is(database: Database, submission: Submission, status: GradingStatus) -> bool:
    with database() as uow:
        return uow.submissions.submission(UUID(str(submission.id))).status is status
