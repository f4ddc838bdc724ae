"""Metrics and health over HTTP: who may read them, and what they tell."""

from uuid import UUID

import psycopg
import pytest

from jupyter_tutor.domain.people import Role
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.requests import cells
from tests.integration.server.serving import Client
from tests.integration.server.somebody import Somebody
from tests.integration.server.test_authentication import Browser

pytestmark = pytest.mark.postgres

CHECKS = "/courses/small/exercises/double/checks"
SUBMISSIONS = "/courses/small/exercises/double/submissions"


def test_the_servers_token_reads_the_metrics(api: Client) -> None:
    api.send(CHECKS, cells())
    answer = api.call("GET", "/metrics")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert b'jupyter_tutor_queue_depth{job="grade_attempt"} 1.0' in answer.body


def test_learners_do_not_and_instructors_do(api: Client, database: Database) -> None:
    headers = Browser(api).headers
    me = UUID(api.get("/me")["id"])
    api.call("GET", "/metrics", headers=headers).refusal(403, "not_allowed")
    with database() as uow:
        uow.people.enroll(me, small_course.COURSE, Role.INSTRUCTOR)

    assert api.call("GET", "/metrics", headers=headers).status == 200


def test_nobody_reads_them_without_signing_in(api: Client) -> None:
    assert Client(api.port, api.base_url, {}).call("GET", "/metrics").status == 403


def test_health_tells_the_weakest_isolation_of_workers_that_live(
    api: Client, database: Database
) -> None:
    assert api.get("/health")["isolation"] is None
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        for level in ("namespaces", "landlock"):
            connection.execute(
                "WITH worker AS (INSERT INTO tutor_jobs.procrastinate_workers DEFAULT VALUES "
                "RETURNING id) INSERT INTO public.graders SELECT id, 2, %s, 0.5 FROM worker",
                (level,),
            )

    assert api.get("/health")["isolation"] == "landlock"


def test_who_waits_is_told_place_and_time(
    api: Client, database: Database, somebody: Somebody
) -> None:
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        connection.execute(
            "WITH worker AS (INSERT INTO tutor_jobs.procrastinate_workers DEFAULT VALUES "
            "RETURNING id) INSERT INTO public.graders SELECT id, 1, 'limits', 1.4 FROM worker"
        )
    first = somebody.check()
    row = api.send(CHECKS, cells())
    submission = api.send(SUBMISSIONS, cells())

    assert (row["status"], row["position"]) == ("queued", 1)
    assert row["estimate_seconds"] == pytest.approx(2.8)
    assert row["message"] == "1 before you, about 3 s."
    assert api.get(f"/checks/{row['id']}", language="bn")["message"].startswith("আপনার আগে ১টি")
    assert submission["position"] == 2
    with database() as uow:
        assert uow.jobs.place("grade_attempt", first.id) is not None


def test_who_submits_too_often_is_told_when_to_come_back(
    api: Client, grading: GradingService
) -> None:
    for _ in range(10):
        grading.grade_submission(UUID(api.send(SUBMISSIONS, cells())["id"]))
    answer = api.call("POST", SUBMISSIONS, cells())

    assert "submitted 10 times" in answer.refusal(429, "limit_reached")
    assert 0 < answer.json()["details"]["retry_after_seconds"] <= 60
    assert api.call("POST", CHECKS, cells()).status == 202
