"""Purging: what is old goes, what is not stays, by an hourly job of any worker."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from jupyter_tutor.domain.people import Role
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.purge import Purged, Retention, purge
from jupyter_tutor.storage.worker import Worker
from tests.contract import samples
from tests.contract.samples import COURSE
from tests.contract.test_memories_and_reads import MEMORY
from tests.integration.storage.job_log import PACE
from tests.integration.storage.test_jobs import PATIENCE, until

pytestmark = pytest.mark.postgres

KEPT = Retention(keys=timedelta(days=7), failed_jobs=timedelta(days=2))
EVERY_SECOND = "* * * * * *"


def _execute(database: Database, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def old(database: Database) -> Database:
    """A database with a key and a failed job of each age in days: 1, 3, 8; one job waits."""
    with database() as uow:
        person = uow.people.identify(samples.ADA)
        for age in (1, 3, 8):
            uow.idempotency.claim(person.id, f"key-{age}", "check", "digest")
        for age in (1, 3, 8):
            uow.jobs.defer("grade_attempt", subject_id=uuid7(), priority=age)
        uow.jobs.defer("grade_attempt", subject_id=uuid7(), priority=0)
    _execute(
        database,
        "UPDATE idempotency_keys SET "
        "created_at = now() - make_interval(days => substr(key, 5)::int)",
    )
    _execute(database, "UPDATE procrastinate_jobs SET status = 'failed' WHERE priority > 0")
    _execute(
        database,
        "UPDATE procrastinate_events SET at = now() - make_interval(days => priority) "
        "FROM procrastinate_jobs AS job WHERE job.id = job_id",
    )
    return database


def _left(database: Database) -> tuple[list[object], list[object]]:
    keys = _execute(database, "SELECT key FROM idempotency_keys ORDER BY key")
    jobs = _execute(
        database,
        "SELECT priority FROM procrastinate_jobs WHERE task_name <> 'purge' ORDER BY priority",
    )
    return [row[0] for row in keys], [row[0] for row in jobs]


def test_what_is_older_than_it_is_kept_is_deleted(old: Database) -> None:
    async def run() -> Purged:
        async with await psycopg.AsyncConnection.connect(conninfo(old.url)) as connection:
            return await purge(connection, KEPT)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        assert runner.run(run()) == Purged(keys=1, failed_jobs=2)
        assert _left(old) == (["key-1", "key-3"], [0, 1])
        assert runner.run(run()) == Purged(keys=0, failed_jobs=0)


def test_what_is_of_no_use_to_a_model_or_a_guard_any_more_is_deleted(database: Database) -> None:
    with database() as uow:
        samples.publish(uow)
        ada = uow.people.identify(samples.ADA).id
        uow.people.enroll(ada, COURSE, Role.LEARNER)
        for number, hours in enumerate((1, -1)):  # the last one, since each write drops old ones
            until = uow.now() + timedelta(hours=hours)
            uow.model_replies.keep(COURSE, str(number) * 64, ada, {"text": "so"}, until)
        for exercise in ("collatz", "slices", "quiz"):
            uow.conversations.remember_told(ada, COURSE, exercise, {"a" * 64})
        uow.memories.save(ada, COURSE, MEMORY)
    assert set(MEMORY.passed) == {"collatz"}
    _execute(
        database,
        "UPDATE told_lines SET told_at = now() - interval '1 year' FROM exercises "
        "WHERE exercises.id = exercise_id AND slug = 'quiz'",
    )

    async def run() -> Purged:
        async with await psycopg.AsyncConnection.connect(conninfo(database.url)) as connection:
            return await purge(connection, KEPT)

    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        assert runner.run(run()) == Purged(keys=0, failed_jobs=0, replies=1, told_lines=2)
        assert runner.run(run()) == Purged(keys=0, failed_jobs=0)
    with database() as uow:
        assert uow.model_replies.find(COURSE, "0" * 64) == {"text": "so"}


def test_a_worker_does_it_again_and_again(old: Database) -> None:
    with _working(old):
        until(lambda: _left(old) == (["key-1", "key-3"], [0, 1]))
        _execute(old, "UPDATE idempotency_keys SET created_at = now() - interval '1 year'")
        until(lambda: _left(old) == ([], [0, 1]))


def test_a_worker_that_starts_makes_up_for_the_last_hour_once(old: Database) -> None:
    with _working(old, "0 * * * *"), _working(old, "0 * * * *"):
        until(lambda: _left(old) == (["key-1", "key-3"], [0, 1]))
        ((defers,),) = _execute(old, "SELECT count(*) FROM procrastinate_periodic_defers")
    assert defers == 1


def test_old_keys_are_found_by_an_index(database: Database) -> None:
    with psycopg.connect(conninfo(database.url)) as connection:
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = connection.execute(
            "EXPLAIN SELECT ctid FROM idempotency_keys WHERE created_at < now() - interval '1 day'"
        ).fetchall()
    assert "ix_idempotency_keys_created_at" in str(plan)


@contextmanager
def _working(database: Database, purge_at: str = EVERY_SECOND) -> Iterator[None]:
    url = database.url.render_as_string(hide_password=False)
    worker = Worker(url, {}, pace=PACE, retention=KEPT, purge_at=purge_at)
    worker.start()
    try:
        assert worker.wait_until_ready(PATIENCE)
        yield
    finally:
        assert worker.stop(PATIENCE)
