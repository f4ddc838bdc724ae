"""The worker, which grades: in a server, or in a process of its own."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from logging import Logger
from typing import TYPE_CHECKING, Final
from uuid import UUID

from jupyter_tutor.bootstrap.capacity import concurrency
from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.bootstrap.reviewing import reviewing_at
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.metrics import Metrics
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.purge import Retention
from jupyter_tutor.storage.worker import Grader, Worker

if TYPE_CHECKING:
    from jupyter_tutor.bootstrap.engine import Engine

READY_SECONDS: Final = 5.0
"""How long a server waits for its worker before it takes requests all the same."""
_AGAIN_SECONDS: Final = 30.0
"""Between two tries to have answers run safely, when nothing that is accepted can be had."""


@dataclass(frozen=True, slots=True)
class Grading:
    """A worker and what is known of it.

    Attributes:
        worker: Takes jobs.
        engine: Its runner and the isolation in force.
        metrics: What it counts.
    """

    worker: Worker
    engine: "Engine"
    metrics: Metrics


@contextmanager
def worker(settings: Settings, log: Logger) -> Iterator[Worker]:
    """A worker for the foreground, at the configured database.

    Raises:
        KernelUnavailable: Answers can't be run as safely as is asked for; says what to enable.
        Unavailable: The port for metrics is taken.
    """
    with ExitStack() as stack:
        database = stack.enter_context(open_database(settings))
        grading = stack.enter_context(grading_at(settings, database))
        grading.engine.settle(log)
        if settings.worker_metrics_port:
            stack.callback(grading.metrics.serve(settings.worker_metrics_port))
        yield grading.worker


@contextmanager
def grading_at(settings: Settings, database: Database) -> Iterator[Grading]:
    """A worker at a database that is open; nothing is started yet."""
    import_jsonschema()
    from jupyter_tutor.bootstrap import engine as engines

    engine = engines.Engine(settings)
    metrics = Metrics(
        database,
        templates=lambda: engine.runner.supply.templates_started,
        isolation=lambda: engine.level,
    )
    grading = GradingService(database, engine.runner, engine=engines.version(), meter=metrics)
    access = Access(database, open_enrollment=settings.open_enrollment)
    reviewing = reviewing_at(settings, database, access)

    def give_up(job: str, subject_id: UUID) -> None:
        grading.give_up(job, subject_id)
        reviewing.give_up(job, subject_id)

    places = concurrency(settings)
    worker = Worker(
        database.url.render_as_string(hide_password=False),
        {**grading.jobs, **reviewing.jobs},
        concurrency=places,
        on_exhausted=give_up,
        about=lambda: Grader(places, engine.level, grading.run_seconds),
        retention=Retention(
            keys=timedelta(days=settings.keep_keys_days),
            failed_jobs=timedelta(days=settings.keep_failed_jobs_days),
        ),
        revive=database.revive,
    )
    try:
        yield Grading(worker, engine, metrics)
    finally:
        worker.stop()
        engine.runner.close()


@contextmanager
def worker_at(settings: Settings, database: Database, log: Logger) -> Iterator[Grading]:
    """A worker that is started in threads of its own, as soon as answers can be run safely."""
    with grading_at(settings, database) as grading:
        stopping = threading.Event()
        tried = threading.Event()

        def begin() -> None:
            while not stopping.is_set():
                try:
                    grading.engine.settle(log)
                except KernelUnavailable as error:
                    if not stopping.is_set():
                        log.error("%s It is tried again.", error)
                else:
                    if not stopping.is_set():
                        grading.worker.start()
                    return
                finally:
                    tried.set()
                stopping.wait(_AGAIN_SECONDS)

        deadline = time.monotonic() + READY_SECONDS
        beginning = threading.Thread(target=begin, name="tutor-isolation", daemon=True)
        beginning.start()
        tried.wait(READY_SECONDS)
        if grading.engine.isolation is not None:
            grading.worker.wait_until_ready(max(deadline - time.monotonic(), 0.0))
        try:
            yield grading
        finally:
            stopping.set()
