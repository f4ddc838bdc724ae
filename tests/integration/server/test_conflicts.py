"""Requests that do not fit what is there, and a server in trouble."""

import json
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from jupyter_tutor.server.contract import Operation
from jupyter_tutor.services.submissions import MAX_WAITING
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.requests import BODIES, WRITES, allowed, cells, found
from tests.integration.server.serving import Client, Json
from tests.integration.server.somebody import Somebody
from tests.small_course import DUE, EXAM, RIGHT, WRONG

pytestmark = pytest.mark.postgres

CHECKS = "/courses/small/exercises/double/checks"
SUBMISSIONS = "/courses/small/exercises/double/submissions"


@pytest.mark.parametrize(
    "operation",
    [each for each in WRITES if each.body and each.body.model_fields],
    ids=lambda operation: operation.name,
)
def test_a_key_that_was_used_for_another_body(
    api: Client, database: Database, operation: Operation
) -> None:
    path = allowed(api, database, operation)
    other: dict[str, Json] = {
        "put_profile": {"language": "bn"},
        "open_lesson": {"update": "merge"},
        "post_hint": {"language": "bn"},
        "post_message": {"text": "Why not?"},
        "put_consent": {"given": False, "version": 1},
        "put_feedback": {"mark": "wrong"},
        "put_explanation": {"text": "For another reason."},
        "post_readings": {"mode": "batch"},
        "post_release": {"levels": {"names": 0, "shape": 2}, "releases": 0},
        "post_releases": {"submissions": []},
    }
    settings: Json = {"exam": False}
    first = api.send(path, BODIES[operation.name], method=operation.method, key="the-same-key")
    again = api.send(path, BODIES[operation.name], method=operation.method, key="the-same-key")
    reused = api.call(
        operation.method,
        path,
        other.get(operation.name, settings if operation.staff else cells(WRONG)),
        headers={"Idempotency-Key": "the-same-key"},
    )

    if operation.name == "post_hint":
        assert again["hint"] == first["hint"]
    else:
        assert again == first
    reused.refusal(409, "idempotency_key_reused")


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.name)
def test_a_key_that_was_used_for_another_operation(
    api: Client, database: Database, operation: Operation
) -> None:
    path = allowed(api, database, operation)
    api.send(path, BODIES[operation.name], method=operation.method, key="the-same-key")
    name = "post_check" if operation.name != "post_check" else "post_hint"
    other, elsewhere = found(name)
    reused = api.call(
        other.method, elsewhere, BODIES[name], headers={"Idempotency-Key": "the-same-key"}
    )

    reused.refusal(409, "idempotency_key_reused")


def test_a_nul_in_a_source_is_taken_and_in_a_goal_refused(api: Client) -> None:
    assert api.send(CHECKS, cells("x = '\0'"))["status"] == "queued"
    answer = api.call("PUT", "/me/profile", {"goals": ["a\0b"]})
    assert "NUL" in answer.refusal(422, "invalid_input")


def test_a_copy_of_an_older_revision(api: Client, database: Database) -> None:
    old = api.get("/courses/small/exercises/double")["revision"]
    small_course.publish(database, heading="Twice, said better")
    new = api.get("/courses/small/exercises/double")["revision"]

    answer = api.call("POST", SUBMISSIONS, cells() | {"revision": old})
    answer.refusal(409, "revision_changed")
    assert answer.json()["details"] == {"revision": new}
    assert api.send(SUBMISSIONS, cells() | {"revision": new})["number"] == 1


def test_an_exercise_that_takes_no_more(api: Client, database: Database) -> None:
    path = "/courses/small/exercises/exam/submissions"
    for _ in range(3):
        api.send(path, cells(EXAM))
    answer = api.call("POST", path, cells(EXAM))
    assert "used all 3" in answer.refusal(409, "submission_closed")

    small_course.publish(database, due_at=DUE.replace(year=2021))
    answer = api.call("POST", path, cells(EXAM))
    assert "closed on 2021-05-01" in answer.refusal(409, "submission_closed")
    assert api.get("/courses/small/exercises/exam")["closed"].startswith("Submissions closed")


def test_refusals_are_in_the_language_of_the_learner(api: Client, database: Database) -> None:
    path = "/courses/small/exercises/exam"
    small_course.publish(database, due_at=DUE.replace(year=2021))
    api.send("/me/profile", {"language": "bn"}, method="PUT")
    refused = api.call("POST", f"{path}/submissions", cells(EXAM)).refusal(409, "submission_closed")
    assert "জমা দেওয়ার সময় শেষ হয়েছে 2021-05-01" in refused
    assert api.get(path)["closed"] == refused
    assert api.get(path, language="en")["closed"].startswith("Submissions closed")


def test_too_many_at_once(api: Client) -> None:
    for _ in range(MAX_WAITING):
        api.send(CHECKS, cells())
    assert "still waiting" in api.call("POST", CHECKS, cells()).refusal(429, "limit_reached")


def test_other_peoples_work_is_not_there(api: Client, somebody: Somebody) -> None:
    attempt, submission = somebody.check(), somebody.submit()
    for path, row in (("/checks", attempt.id), ("/submissions", submission.id)):
        theirs = api.call("GET", f"{path}/{row}")
        nobodys = api.call("GET", f"{path}/{uuid4()}")
        assert theirs.refusal(404, "not_found") == nobodys.refusal(404, "not_found")
        assert api.call("GET", f"{path}/{row}?wait=20", timeout=5).status == 404
    assert api.call("GET", f"/submissions/{submission.id}/evaluations").status == 404
    assert api.get(SUBMISSIONS)["submissions"] == []
    assert api.get("/courses/small/exercises/double")["attempts"] == 0


def test_a_database_that_is_away_and_comes_back(api: Client, shared_database: str) -> None:
    url = make_url(shared_database)
    name = sql.Identifier(str(url.database))
    away = sql.Identifier(f"{url.database}_away")
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with psycopg.connect(conninfo(url.set(database="postgres")), autocommit=True) as server:
        end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"

        def renamed(old: sql.Identifier, new: sql.Identifier, connected: str) -> None:
            while True:
                server.execute(end, [connected])
                try:
                    server.execute(rename.format(old, new))
                except psycopg.errors.ObjectInUse:
                    continue
                return

        renamed(name, away, str(url.database))
        try:
            for path, body in (("/me", None), (CHECKS, cells(RIGHT)), ("/courses", None)):
                answer = api.call("GET" if body is None else "POST", path, body)
                message = answer.refusal(503, "storage_unavailable")
                assert answer.headers["retry-after"] == "2"
                assert str(url.database) not in message
            health = api.get("/health")
            assert (health["status"], health["database"]) == ("degraded", "unavailable")
        finally:
            renamed(away, name, f"{url.database}_away")
    assert api.send(CHECKS, cells())["status"] == "queued"
    assert api.get("/health")["database"] == "ok"


def test_a_mistake_of_ours_is_told_without_its_text(
    api: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret of the server, /home/somewhere")

    monkeypatch.setattr("jupyter_tutor.server.views.course_list", fail)
    answer = api.call("GET", "/courses")

    message = answer.refusal(500, "internal_error")
    assert answer.json()["request_id"] in message
    assert "secret" not in json.dumps(answer.json())
    assert "secret of the server" in caplog.text
    assert answer.json()["request_id"] in caplog.text
