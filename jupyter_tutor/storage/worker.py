"""The worker: takes jobs from the queue and runs their handlers in threads.

A job is run at least once. When a worker is killed, its heartbeat stops, and a sweep in any other
worker puts its jobs back. When a handler raises, the job is tried again after a pause that doubles;
when that does not help, the worker says so through `on_exhausted` and lets the job fail. When the
database goes away, the worker waits until it is back; an embedded one it starts again, as every
process does that has attached it, since a worker may be the only one.
"""

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.graders import Grader
from jupyter_tutor.storage.outages import UNANSWERED
from jupyter_tutor.storage.purge import HOURLY, Retention
from jupyter_tutor.storage.shift import Handler, Pace, Rules, Shift

__all__ = ["Grader", "Handler", "Pace", "Worker"]

_log = logging.getLogger(__name__)


class Worker:
    """Runs jobs, in a thread of its own (`start`, `stop`) or in the foreground (`run`)."""

    def __init__(
        self,
        url: str,
        handlers: Mapping[str, Handler],
        *,
        concurrency: int = 2,
        on_exhausted: Callable[[str, UUID], None] | None = None,
        about: Callable[[], Grader] | None = None,
        max_attempts: int = 5,
        pace: Pace | None = None,
        retention: Retention | None = None,
        purge_at: str = HOURLY,
        revive: Callable[[], object] | None = None,
    ) -> None:
        """Describe a worker; nothing is connected yet.

        Args:
            url: `postgresql://...`.
            handlers: By the name jobs are deferred under; each is called in a thread with the key
                of the row. Jobs of other names are left alone.
            concurrency: Jobs that run at the same time.
            on_exhausted: Called in a thread with name and key when a job has failed for good.
            about: Says what this worker has to give; asked often, so it answers at once.
            max_attempts: Times a job is run before it fails for good.
            pace: Times.
            retention: How long keys and failed jobs are kept.
            purge_at: When to delete those that are older, as cron writes it.
            revive: Called in a thread whenever the database does not answer, before the next try:
                `EmbeddedPostgres.ensure_running`.

        Raises:
            StorageUnavailable: It is no PostgreSQL URL.
        """
        self._shift = Shift(
            conninfo(url),
            Rules(
                dict(handlers),
                concurrency,
                on_exhausted,
                about,
                max_attempts,
                pace or Pace(),
                retention or Retention(),
                purge_at,
                revive,
            ),
        )
        self._reconnect = (pace or Pace()).reconnect
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._wake: Callable[[], None] | None = None

    @property
    def ready(self) -> bool:
        """Whether the worker is connected and takes jobs."""
        return self._shift.ready.is_set()

    def wait_until_ready(self, seconds: float) -> bool:
        """Wait until the worker takes jobs; whether it does."""
        return self._shift.ready.wait(seconds)

    def start(self) -> None:
        """Run in a thread of its own until `stop`; returns at once.

        Raises:
            RuntimeError: It was started before.
        """
        if self._thread is not None:
            raise RuntimeError("the worker was started already")
        self._thread = threading.Thread(target=self._work, name="tutor-worker", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> bool:
        """Take no more jobs, let running ones end, and wait for that.

        Args:
            seconds: How long to wait. Jobs that still run then stay in the queue and are run again
                by the next worker.

        Returns:
            Whether every job ended in time.
        """
        self._ask_to_stop()
        if self._thread is None:
            return True
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def run(self) -> None:
        """Run in this thread, which has to be the main thread, until SIGINT or SIGTERM."""

        def stop(*_: object) -> None:
            self._ask_to_stop()

        before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            self._work()
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _ask_to_stop(self) -> None:
        self._stopping.set()
        if self._wake is not None:
            # The loop may have ended by itself a moment ago.
            with suppress(RuntimeError):
                self._wake()

    def _work(self) -> None:
        # psycopg cannot use the proactor loop, which is the default on Windows.
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(self._supervise())

    async def _supervise(self) -> None:
        """Work one shift after the other until asked to stop: a shift ends with the database."""
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_left_alone)

        def wake() -> None:
            loop.call_soon_threadsafe(stop.set)

        self._wake = wake
        while not self._stopping.is_set():
            try:
                await self._shift.work(stop)
            except UNANSWERED as error:
                _log.debug("A shift has ended: %s", error)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._reconnect)
        self._wake = None


def _left_alone(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report an exception that nobody waits for; in an outage the queue's own tasks have such.

    What they could not write is put right by the sweep, as after the death of a worker.
    """
    error = context.get("exception")
    if isinstance(error, UNANSWERED):
        _log.debug("The database did not answer the queue: %s", error)
    else:
        loop.default_exception_handler(context)
