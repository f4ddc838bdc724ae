"""Waiting for results: at once when settled, soon after grading, and in nobody's way."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import pytest

from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.server.routes import WAITERS
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.storage.database import Database
from tests.integration.server.requests import cells
from tests.integration.server.serving import Client, Json, Served

pytestmark = pytest.mark.postgres

CHECKS = "/courses/small/exercises/double/checks"
SUBMISSIONS = "/courses/small/exercises/double/submissions"
LONG = 25
PATIENCE = 20
"""Shorter than LONG: who is not woken fails."""


@contextmanager
def _waiting(api: Client, path: str, number: int = 1) -> Iterator[list["Future[Json]"]]:
    """Wait for a row in so many threads."""

    def wait() -> Json:
        answer = api.call("GET", f"{path}?wait={LONG}", timeout=2 * LONG)
        assert answer.status == 200, answer
        return answer.json()

    with ThreadPoolExecutor(number) as threads:
        yield [threads.submit(wait) for _ in range(number)]


def test_a_row_that_is_settled_is_returned_at_once(api: Client, grading: GradingService) -> None:
    row = api.send(CHECKS, cells())
    grading.grade_attempt(UUID(row["id"]))

    answer = api.call("GET", f"/checks/{row['id']}?wait={LONG}", timeout=PATIENCE)
    assert answer.json()["status"] == "graded"


@pytest.mark.parametrize("wait", ["", "?wait=0", "?wait=0.05"])
def test_a_row_that_is_not_is_returned_when_the_time_is_over(api: Client, wait: str) -> None:
    row = api.send(CHECKS, cells())

    answer = api.call("GET", f"/checks/{row['id']}{wait}", timeout=PATIENCE)
    assert (answer.status, answer.json()["status"]) == (200, "queued")


def test_grading_wakes_who_waits(api: Client, grading: GradingService) -> None:
    check, submission = api.send(CHECKS, cells()), api.send(SUBMISSIONS, cells())
    with (
        _waiting(api, f"/checks/{check['id']}") as checks,
        _waiting(api, f"/submissions/{submission['id']}") as submissions,
    ):
        _until_waiting(api, 2)
        grading.grade_attempt(UUID(check["id"]))
        grading.grade_submission(UUID(submission["id"]))

        assert checks[0].result(PATIENCE)["verdict"]["passed"] is True
        assert submissions[0].result(PATIENCE)["score"] == 1


def test_news_of_a_step_in_between_ends_no_wait(
    api: Client, database: Database, grading: GradingService
) -> None:
    row = api.send(SUBMISSIONS, cells())
    with _waiting(api, f"/submissions/{row['id']}") as waiting:
        for _ in range(3):
            with database() as uow:
                uow.submissions.set_status(UUID(row["id"]), GradingStatus.RUNNING)
        assert not waiting[0].done()
        grading.grade_submission(UUID(row["id"]))

        assert waiting[0].result(PATIENCE)["status"] == "graded"


def test_who_was_cut_off_asks_again(api: Client, grading: GradingService) -> None:
    row = api.send(CHECKS, cells())
    path = f"/checks/{row['id']}"
    for _ in range(2):
        with pytest.raises(TimeoutError):
            api.call("GET", f"{path}?wait={LONG}", timeout=0.2)
    grading.grade_attempt(UUID(row["id"]))

    assert api.call("GET", f"{path}?wait={LONG}", timeout=PATIENCE).json()["status"] == "graded"


def test_many_who_wait_keep_nobody_else_waiting(
    served: Served, api: Client, grading: GradingService
) -> None:
    """More than there are threads to wait in: the last ones look again each second."""
    row = api.send(CHECKS, cells())
    with _waiting(api, f"/checks/{row['id']}", WAITERS + 8) as waiting:
        for _ in range(5):
            assert api.call("GET", "/me", timeout=PATIENCE).status == 200
        assert api.call("GET", "/courses/small", timeout=PATIENCE).status == 200
        grading.grade_attempt(UUID(row["id"]))

        assert {each.result(PATIENCE)["status"] for each in waiting} == {"graded"}


def _until_waiting(api: Client, number: int) -> None:
    """Let those who ask first be served: the server answers requests in their order."""
    for _ in range(number):
        api.get("/me")
