"""Jobs: deferred with their rows, run by priority, again after failures and kills."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from jupyter_tutor.domain.errors import KernelUnavailable, NotFound
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.worker import Handler, Worker
from tests.contract import samples
from tests.integration.storage.job_log import JOB, PACE

pytestmark = pytest.mark.postgres

PATIENCE = 60.0
CHECK = "grade_attempt"


def defer(database: Database, name: str = JOB, priority: int = 0) -> UUID:
    key = uuid7()
    with database() as uow:
        uow.jobs.defer(name, subject_id=key, priority=priority)
    return key


def jobs(database: Database) -> list[tuple[object, ...]]:
    """Return name, key, status, priority and attempts of every job of ours, in order."""
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        return connection.execute(
            "SELECT task_name, args->>'subject_id', status::text, priority, attempts "
            "FROM tutor_jobs.procrastinate_jobs WHERE task_name <> 'purge' ORDER BY id"
        ).fetchall()


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; fail when it does not become so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def has_begun(log: Path) -> bool:
    """Whether a job's line stands in the log, written to its end."""
    return log.exists() and log.read_text().endswith("\n")


@contextmanager
def working(
    database: Database,
    handlers: dict[str, Handler],
    *,
    concurrency: int = 1,
    on_exhausted: Callable[[str, UUID], None] | None = None,
) -> Iterator[Worker]:
    worker = Worker(
        database.url.render_as_string(hide_password=False),
        handlers,
        concurrency=concurrency,
        on_exhausted=on_exhausted,
        max_attempts=3,
        pace=PACE,
    )
    worker.start()
    try:
        assert worker.wait_until_ready(PATIENCE)
        yield worker
    finally:
        assert worker.stop(PATIENCE)


class TestDeferring:
    def test_a_job_is_there_when_its_row_is(self, database: Database) -> None:
        with database() as uow:
            person = uow.people.identify(samples.ADA)
            uow.jobs.defer(JOB, subject_id=person.id, priority=5)
        assert jobs(database) == [(JOB, str(person.id), "todo", 5, 0)]

    def test_and_is_not_when_its_row_is_not(self, database: Database) -> None:
        def fail() -> None:
            with database() as uow:
                person = uow.people.identify(samples.ADA)
                uow.jobs.defer(JOB, subject_id=person.id, priority=5)
                uow.courses.get("nowhere")

        with pytest.raises(NotFound):
            fail()
        assert jobs(database) == []
        with psycopg.connect(conninfo(database.url)) as connection:
            assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)

    def test_nobody_sees_it_before_the_transaction_ends(self, database: Database) -> None:
        with database() as uow:
            uow.jobs.defer(JOB, subject_id=uuid7(), priority=0)
            assert jobs(database) == []
        assert len(jobs(database)) == 1

    def test_a_job_for_later_waits(self, database: Database) -> None:
        ran: list[UUID] = []
        with database() as uow:
            late, soon = uuid7(), uuid7()
            uow.jobs.defer(JOB, subject_id=late, priority=9, at=uow.now() + timedelta(hours=1))
            uow.jobs.defer(JOB, subject_id=soon, priority=0, at=uow.now() - timedelta(hours=1))
        with working(database, {JOB: ran.append}):
            until(lambda: ran == [soon])
        assert [job[1:3] for job in jobs(database)] == [(str(late), "todo")]


class TestWorking:
    def test_jobs_run_and_leave_the_queue(self, database: Database) -> None:
        ran: list[UUID] = []
        waiting = defer(database)
        with working(database, {JOB: ran.append}):
            until(lambda: ran == [waiting])
            fresh = defer(database)
            until(lambda: ran == [waiting, fresh])
            until(lambda: jobs(database) == [])

    def test_checks_come_before_submissions_and_then_in_order(self, database: Database) -> None:
        ran: list[UUID] = []
        submissions = [defer(database, JOB, 0) for _ in range(3)]
        checks = [defer(database, CHECK, 10) for _ in range(3)]
        with working(database, {JOB: ran.append, CHECK: ran.append}):
            until(lambda: len(ran) == 6)
        assert ran == [*checks, *submissions]

    def test_as_many_run_at_once_as_allowed(self, database: Database) -> None:
        together = threading.Barrier(3)
        crowd: list[int] = []

        def handle(_: UUID) -> None:
            together.wait(PATIENCE)
            crowd.append(together.parties)

        for _ in range(3):
            defer(database)
        with working(database, {JOB: handle}, concurrency=3):
            until(lambda: len(crowd) == 3)

    def test_jobs_of_other_names_are_left_alone(self, database: Database) -> None:
        ran: list[UUID] = []
        other = defer(database, "fold_the_laundry", 99)
        mine = defer(database)
        with working(database, {JOB: ran.append}):
            until(lambda: ran == [mine])
            until(lambda: len(jobs(database)) == 1)
        assert jobs(database) == [("fold_the_laundry", str(other), "todo", 99, 0)]

    def test_a_failure_is_tried_again(self, database: Database) -> None:
        calls: list[UUID] = []
        exhausted: list[tuple[str, UUID]] = []

        def handle(key: UUID) -> None:
            calls.append(key)
            if len(calls) < 3:
                raise KernelUnavailable("No kernel now.")

        key = defer(database)
        with working(database, {JOB: handle}, on_exhausted=lambda *told: exhausted.append(told)):
            until(lambda: jobs(database) == [])
        assert calls == [key] * 3
        assert exhausted == []

    @pytest.mark.parametrize("error", [KernelUnavailable("No kernel."), SystemExit(1)])
    def test_a_failure_for_good_is_told_once(
        self, database: Database, error: BaseException
    ) -> None:
        calls: list[UUID] = []
        exhausted: list[tuple[str, UUID]] = []

        def handle(key: UUID) -> None:
            calls.append(key)
            raise error

        key = defer(database)
        with working(database, {JOB: handle}, on_exhausted=lambda *told: exhausted.append(told)):
            until(lambda: [job[2] for job in jobs(database)] == ["failed"])
        assert calls == [key] * 3
        assert exhausted == [(JOB, key)]

    def test_a_failure_that_could_not_be_told_is_told_later(self, database: Database) -> None:
        told: list[UUID] = []

        def handle(_: UUID) -> None:
            raise KernelUnavailable("No kernel.")

        def tell(_: str, key: UUID) -> None:
            told.append(key)
            if len(told) == 1:
                raise psycopg.OperationalError("the database is away")

        defer(database)
        with working(database, {JOB: handle}, on_exhausted=tell):
            until(lambda: [job[2] for job in jobs(database)] == ["failed"])
        assert len(told) == 2

    def test_a_job_whose_row_is_gone_ends(self, database: Database) -> None:
        calls: list[UUID] = []

        def handle(key: UUID) -> None:
            calls.append(key)
            raise NotFound("There is no such submission.")

        key = defer(database)
        with working(database, {JOB: handle}, on_exhausted=lambda _, key: handle(key)):
            until(lambda: jobs(database) == [])
        assert calls == [key, key]

    def test_stopping_lets_running_jobs_end_and_leaves_the_others(self, database: Database) -> None:
        began, may_end = threading.Event(), threading.Event()
        ended: list[UUID] = []

        def handle(key: UUID) -> None:
            began.set()
            may_end.wait(PATIENCE)
            ended.append(key)

        first, second = defer(database), defer(database)
        with working(database, {JOB: handle}) as worker:
            assert began.wait(PATIENCE)
            assert not worker.stop(0.05)
            may_end.set()
            assert worker.stop(PATIENCE)
            assert not worker.ready
        assert ended == [first]
        assert [job[1:3] for job in jobs(database)] == [(str(second), "todo")]

    def test_starting_twice_is_a_mistake(self, database: Database) -> None:
        with working(database, {}) as worker, pytest.raises(RuntimeError):
            worker.start()


class TestKilled:
    @pytest.fixture
    def log(self, tmp_path: Path) -> Path:
        return tmp_path / "jobs.log"

    @contextmanager
    def process(
        self, database: Database, log: Path, mode: str
    ) -> Iterator[subprocess.Popen[bytes]]:
        url = database.url.render_as_string(hide_password=False)
        module = "tests.integration.storage.job_log"
        process = subprocess.Popen([sys.executable, "-m", module, url, str(log), mode])
        try:
            yield process
        finally:
            process.kill()
            process.wait(PATIENCE)

    def test_a_job_of_a_killed_worker_is_run_by_the_next(
        self, database: Database, log: Path
    ) -> None:
        key = defer(database)
        ran: list[UUID] = []
        with self.process(database, log, "hang") as process:
            until(lambda: has_begun(log))
            process.send_signal(signal.SIGKILL)
            process.wait(PATIENCE)
        assert [job[2] for job in jobs(database)] == ["doing"]
        with working(database, {JOB: ran.append}):
            until(lambda: jobs(database) == [])
        assert ran == [key]
        assert log.read_text() == f"{process.pid} {key}\n"

    def test_a_job_that_kills_every_worker_fails_in_the_end(self, database: Database) -> None:
        key = defer(database)
        with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
            connection.execute(
                "UPDATE procrastinate_jobs SET status = 'doing', attempts = 2, worker_id = NULL"
            )
        exhausted: list[tuple[str, UUID]] = []
        with working(database, {JOB: print}, on_exhausted=lambda *told: exhausted.append(told)):
            until(lambda: [job[2] for job in jobs(database)] == ["failed"])
        assert exhausted == [(JOB, key)]

    def test_a_job_of_a_living_worker_stays_its_own(self, database: Database, log: Path) -> None:
        key = defer(database)
        ran: list[UUID] = []
        with self.process(database, log, "hang"):
            until(lambda: has_begun(log))
            with working(database, {JOB: ran.append}):
                time.sleep(1.5 * PACE.stalled)
                assert ran == []
                assert jobs(database) == [(JOB, str(key), "doing", 0, 0)]

    def test_a_job_whose_end_could_not_be_written_down_is_run_again(
        self, database: Database
    ) -> None:
        """As when the database goes away for a moment just then: the worker lives on."""
        ran: list[UUID] = []
        with working(database, {JOB: ran.append}):
            with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
                connection.execute(
                    "INSERT INTO procrastinate_jobs "
                    "(queue_name, task_name, args, status, worker_id) "
                    "SELECT %(name)s, %(name)s, jsonb_build_object('subject_id', %(key)s::text), "
                    "'doing', id FROM procrastinate_workers",
                    {"name": JOB, "key": str(key := uuid7())},
                )
            until(lambda: ran == [key])

    def test_sigterm_ends_the_foreground_worker_in_good_order(
        self, database: Database, log: Path
    ) -> None:
        with self.process(database, log, "done") as process:
            key = defer(database)
            until(lambda: has_begun(log) and jobs(database) == [])
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0
        assert log.read_text() == f"{process.pid} {key}\n"
        with psycopg.connect(conninfo(database.url)) as connection:
            workers = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone()
        assert workers == (0,)


def test_a_worker_outlives_its_connections(database: Database) -> None:
    ran: list[UUID] = []
    with working(database, {JOB: ran.append}):
        for _ in range(2):
            with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            key = defer(database)
            until(lambda key=key: ran[-1:] == [key])  # type: ignore[misc]
        until(lambda: jobs(database) == [])
