"""Which workers live: taking over from the dead at once, and never from the living."""

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from jupyter_tutor.storage import schema
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.embedded import EmbeddedPostgres
from jupyter_tutor.storage.worker import Handler, Pace, Worker
from tests.integration.storage.job_log import JOB, PACE
from tests.integration.storage.test_jobs import PATIENCE, defer, has_begun, jobs, until

pytestmark = pytest.mark.postgres

PRESENT = replace(PACE, stalled=600.0)
"""Nothing is found by its heartbeat alone."""
SILENT = replace(PRESENT, heartbeat=600.0, sweep=600.0)
"""A worker that shows no sign of life but its lock."""


@contextmanager
def working(database: Database, handler: Handler, pace: Pace) -> Iterator[Worker]:
    worker = Worker(_url(database), {JOB: handler}, concurrency=1, pace=pace)
    worker.start()
    try:
        assert worker.wait_until_ready(PATIENCE)
        yield worker
    finally:
        assert worker.stop(PATIENCE)


class Idle:
    """A handler that waits until it may end."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self.may_end = threading.Event()

    def __call__(self, _: UUID) -> None:
        """Wait."""
        self.began.set()
        self.may_end.wait(PATIENCE)


def test_a_killed_worker_is_missed_without_waiting_for_its_heartbeat(
    database: Database, tmp_path: Path
) -> None:
    log = tmp_path / "jobs.log"
    key = defer(database)
    command = [sys.executable, "-m", "tests.integration.storage.job_log", _url(database), str(log)]
    with subprocess.Popen([*command, "hang"]) as process:
        until(lambda: has_begun(log))
        process.send_signal(signal.SIGKILL)
    ran: list[UUID] = []
    with working(database, ran.append, PRESENT):
        until(lambda: jobs(database) == [])
        assert len(_workers(database)) == 1
    assert ran == [key]


def test_a_worker_that_holds_its_lock_lives_however_late_its_heartbeat_is(
    database: Database,
) -> None:
    handle = Idle()
    stolen: list[UUID] = []
    defer(database)
    with working(database, handle, SILENT):
        assert handle.began.wait(PATIENCE)
        until(lambda: bool(_locks(database)))
        _execute(
            database,
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'",
        )
        with working(database, stolen.append, PRESENT):
            time.sleep(10 * PRESENT.sweep)
            assert [job[2] for job in jobs(database)] == ["doing"]
            assert len(_workers(database)) == 2
        handle.may_end.set()
    assert stolen == []


def test_a_worker_whose_connections_are_cut_lives_by_its_heartbeat_and_locks_again(
    database: Database,
) -> None:
    handle = Idle()
    stolen: list[UUID] = []
    defer(database)
    with working(database, handle, PRESENT):
        assert handle.began.wait(PATIENCE)
        with working(database, stolen.append, PRESENT):
            for _ in range(3):
                until(lambda: len(_locks(database)) == 2)
                cut = _locks(database)
                _execute(database, "SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", cut)
                until(lambda cut=cut: not set(cut) & set(_locks(database)))  # type: ignore[misc]
                time.sleep(2 * PRESENT.missed)
            assert [job[2] for job in jobs(database)] == ["doing"]
        handle.may_end.set()
    assert stolen == []


def test_a_worker_that_is_still_connecting_stops_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        worker = Worker(f"postgresql://x@127.0.0.1:{silent.getsockname()[1]}/x", {JOB: print})
        worker.start()
        with silent.accept()[0]:
            assert worker.stop(5.0)


def test_the_log_has_one_line_for_a_lost_database_and_one_when_it_is_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with tempfile.TemporaryDirectory(prefix="jt-") as place, caplog.at_level(logging.WARNING):
        Path(place).chmod(0o755)
        with EmbeddedPostgres(Path(place, "postgres")) as postgres:
            schema.upgrade(postgres.url)
            with Database(postgres.url) as database, working(database, print, PRESENT) as worker:
                until(lambda: bool(_locks(database)))
                database.close()
                (file,) = Path(place).rglob("postmaster.pid")
                os.kill(int(file.read_text().split()[0]), signal.SIGINT)
                until(lambda: "has lost the database" in caplog.text)
                time.sleep(5 * PRESENT.reconnect)
                postgres.ensure_running()
                until(lambda: "has the database again" in caplog.text)
                assert worker.wait_until_ready(PATIENCE)
                until(lambda: bool(_locks(database)))
    lines = [record.getMessage() for record in caplog.records]
    assert [line.split(" (")[0].split(",")[0] for line in lines] == [
        "The worker has lost the database",
        "The worker has the database again",
    ]
    assert all(record.exc_info is None for record in caplog.records)


def _url(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def _execute(database: Database, statement: str, *arguments: object) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), arguments)
        return cursor.fetchall() if cursor.description else []


def _workers(database: Database) -> list[object]:
    return [row[0] for row in _execute(database, "SELECT id FROM procrastinate_workers")]


def _locks(database: Database) -> list[object]:
    """Return the backends that hold a lock of their session."""
    rows = _execute(
        database,
        "SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid) "
        "WHERE locktype = 'advisory' AND granted AND datname = current_database() "
        "AND state = 'idle' ORDER BY pid",
    )
    return [row[0] for row in rows]
