"""The worker, which grades: in a server, or in a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.config import Settings
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.purge import Retention
from jupyter_tutor.storage.worker import Worker

READY_SECONDS: Final = 5.0
"""How long a server waits for its worker before it takes requests all the same."""


@contextmanager
def worker(settings: Settings) -> Iterator[Worker]:
    """A worker for the foreground, at the configured database."""
    with (
        open_database(settings) as database,
        worker_at(settings, database, begin=False) as worker,
    ):
        yield worker


@contextmanager
def worker_at(settings: Settings, database: Database, *, begin: bool = True) -> Iterator[Worker]:
    """A worker at a database that is open, started in a thread of its own when it is to begin."""
    import_jsonschema()
    from jupyter_tutor.execution.runner import SandboxTestRunner

    runner = SandboxTestRunner()
    grading = GradingService(database, runner)
    worker = Worker(
        database.url.render_as_string(hide_password=False),
        grading.jobs,
        concurrency=settings.worker_concurrency,
        on_exhausted=grading.give_up,
        retention=Retention(
            keys=timedelta(days=settings.keep_keys_days),
            failed_jobs=timedelta(days=settings.keep_failed_jobs_days),
        ),
    )
    try:
        if begin:
            worker.start()
            worker.wait_until_ready(READY_SECONDS)
        yield worker
    finally:
        worker.stop()
        runner.close()
