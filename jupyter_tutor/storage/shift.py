"""A worker's shift: from connecting to the queue until it is asked to stop, or loses the database.

Used by `worker` only.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import procrastinate
import psycopg
import psycopg_pool
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as QueueWorker

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.storage.advisory import lock_key
from jupyter_tutor.storage.graders import Grader, show
from jupyter_tutor.storage.jobs import SUBJECT
from jupyter_tutor.storage.outages import UNANSWERED, Outage, silence_libraries
from jupyter_tutor.storage.presence import forget, gone_workers, stay_present
from jupyter_tutor.storage.purge import LATE_SECONDS, PURGE_JOB, Retention, purge

_log = logging.getLogger(__name__)

_SWEEP_LOCK = lock_key("worker", "sweep")

Handler = Callable[[UUID], None]

Run = tuple[int | None, int]
"""A job's number, and how often it was tried before."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The times of a worker, in seconds.

    Attributes:
        heartbeat: Between two signs of life.
        missed: Without a sign of life for so long, a worker whose connection is gone counts as
            dead (see `presence`).
        stalled: Without a sign of life for so long, any worker does.
        sweep: Between two searches for jobs of dead workers.
        poll: Between two looks at the queue when no notification came; a retry waits for it.
        retry: Pause before the first retry; it doubles each time.
        reconnect: Pause when the database does not answer.
        grace: How long running jobs may go on after a stop before they are given back.
    """

    heartbeat: float = 2.0
    missed: float = 4.0
    stalled: float = 15.0
    sweep: float = 2.0
    poll: float = 1.0
    retry: float = 2.0
    reconnect: float = 1.0
    grace: float = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a worker does, as its constructor was told (see `worker.Worker`)."""

    handlers: Mapping[str, Handler]
    concurrency: int
    on_exhausted: Callable[[str, UUID], None] | None
    about: Callable[[], Grader] | None
    max_attempts: int
    pace: Pace
    retention: Retention
    purge_at: str
    revive: Callable[[], object] | None = None


class NotGivenUp(Exception):
    """Nobody could be told that a job failed for good; it has to be run once more."""


class Shift:
    """Works by the rules, once or again and again, one time after the other.

    Attributes:
        ready: Set while the worker is connected and takes jobs.
    """

    def __init__(self, conninfo: str, rules: Rules) -> None:
        silence_libraries()
        self.ready = threading.Event()
        self._outage = Outage(rules.revive)
        self._conninfo = conninfo
        self._rules = rules
        self._busy: set[int | None] = set()

    async def work(self, stop: asyncio.Event) -> None:
        """Take and run jobs until asked to stop.

        Raises:
            ConnectorException: The database does not answer (also psycopg's own errors).
        """
        if not await self._reached(stop):
            return
        async with self._pool() as pool, self._threads() as threads:
            app = procrastinate.App(
                connector=procrastinate.PsycopgConnector(),
                periodic_defaults={"max_delay": LATE_SECONDS},
            )
            for name, handler in self._rules.handlers.items():
                self._add_task(app, threads, name, handler)
            self._add_purge(app, pool)
            async with app.open_async(pool):
                worker = self._worker(app)
                beside = [
                    asyncio.create_task(_stop_when(stop, worker)),
                    asyncio.create_task(self._keep_sweeping(app, worker, pool, threads)),
                    asyncio.create_task(self._stay_present(worker)),
                ]
                try:
                    await worker.run()  # type: ignore[no-untyped-call]
                finally:
                    self.ready.clear()
                    await _end(beside)

    async def _reached(self, stop: asyncio.Event) -> bool:
        """Connect once; False when asked to stop first, which is not to wait for a silent database.

        Raises:
            psycopg.Error: The database does not answer.
        """
        connecting = asyncio.create_task(psycopg.AsyncConnection.connect(self._conninfo))
        asked = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([connecting, asked], return_when=asyncio.FIRST_COMPLETED)
            if not connecting.done():
                return False
            await connecting.result().close()
            self._outage.over()
            return True
        except psycopg.Error as error:
            await self._outage.lost(error)
            raise
        finally:
            await _end([connecting, asked])

    def _worker(self, app: procrastinate.App) -> QueueWorker:
        pace = self._rules.pace
        return QueueWorker(
            app,
            queues=[*self._rules.handlers, PURGE_JOB],
            concurrency=self._rules.concurrency,
            fetch_job_polling_interval=pace.poll,
            shutdown_graceful_timeout=pace.grace,
            delete_jobs="successful",
            install_signal_handlers=False,
            update_heartbeat_interval=pace.heartbeat,
            stalled_worker_timeout=pace.stalled,
        )

    @asynccontextmanager
    async def _pool(self) -> AsyncIterator[psycopg_pool.AsyncConnectionPool]:
        pool = psycopg_pool.AsyncConnectionPool(
            self._conninfo,
            min_size=1,
            max_size=self._rules.concurrency + 3,
            open=False,
            check=psycopg_pool.AsyncConnectionPool.check_connection,
            timeout=10.0,
            # The supervisor tries again; a pool that tries too only fills the log.
            reconnect_timeout=0.0,
        )
        await pool.open(wait=True)
        try:
            yield pool
        finally:
            await pool.close()

    @asynccontextmanager
    async def _threads(self) -> AsyncIterator[ThreadPoolExecutor]:
        threads = ThreadPoolExecutor(self._rules.concurrency + 1, "tutor-job")
        try:
            yield threads
        finally:
            threads.shutdown(wait=False, cancel_futures=True)

    def _add_task(
        self, app: procrastinate.App, threads: ThreadPoolExecutor, name: str, handler: Handler
    ) -> None:
        async def run(context: procrastinate.JobContext, /, **arguments: str) -> None:
            await self._run(threads, context.job, handler, UUID(arguments[SUBJECT]))

        retry = _Retry(self._rules.max_attempts, self._rules.pace.retry)
        app.task(name=name, queue=name, retry=retry, pass_context=True)(run)

    def _add_purge(self, app: procrastinate.App, pool: psycopg_pool.AsyncConnectionPool) -> None:
        """Purge every hour: Procrastinate sees to it that one worker does, whichever."""

        async def run(context: procrastinate.JobContext, timestamp: int) -> None:  # noqa: ARG001 - Procrastinate's
            self._busy.add(context.job.id)
            try:
                async with pool.connection() as connection:
                    _log.info("%s", await purge(connection, self._rules.retention))
            finally:
                self._busy.discard(context.job.id)

        task = app.task(
            name=PURGE_JOB, queue=PURGE_JOB, queueing_lock=PURGE_JOB, pass_context=True
        )(run)
        app.periodic(cron=self._rules.purge_at)(task)

    async def _run(
        self, threads: ThreadPoolExecutor, job: Job, handler: Handler, subject_id: UUID
    ) -> None:
        self._busy.add(job.id)
        try:
            await asyncio.get_running_loop().run_in_executor(threads, handler, subject_id)
        except NotFound as error:
            # The row, or what it is about, was deleted: no repetition brings it back.
            _log.info("Job %s for %s ends: %s", job.task_name, subject_id, error)
            await self._give_up(threads, job)
        except asyncio.CancelledError:
            raise
        except BaseException:
            if self._is_last(job):
                await self._give_up(threads, job)
            raise
        finally:
            self._busy.discard(job.id)

    def _is_last(self, job: Job) -> bool:
        return job.attempts + 1 >= self._rules.max_attempts

    async def _give_up(self, threads: ThreadPoolExecutor, job: Job) -> None:
        """Say that a job failed for good.

        Raises:
            NotGivenUp: That failed too, because the database is away for instance.
        """
        tell = self._rules.on_exhausted
        if tell is None or SUBJECT not in job.task_kwargs:
            return
        subject_id = UUID(str(job.task_kwargs[SUBJECT]))
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(threads, tell, job.task_name, subject_id)
        except NotFound:
            _log.info("Job %s: nothing is left of %s", job.task_name, subject_id)
        except Exception as error:
            raise NotGivenUp(str(error)) from error

    async def _stay_present(self, worker: QueueWorker) -> None:
        worker_id = await _registered(worker)
        await stay_present(self._conninfo, worker_id, self._rules.pace.reconnect, self._outage)

    async def _keep_sweeping(
        self,
        app: procrastinate.App,
        worker: QueueWorker,
        pool: psycopg_pool.AsyncConnectionPool,
        threads: ThreadPoolExecutor,
    ) -> None:
        worker_id = await _registered(worker)
        self.ready.set()
        idle: set[Run] = set()
        shown: Grader | None = None
        while True:
            try:
                shown = await self._show(pool, worker_id, shown)
                # A computer that slept: show that we live before looking for the dead.
                await app.job_manager.update_heartbeat(worker_id)
                idle = await self._sweep(app, worker_id, pool, threads, idle)
            except UNANSWERED as error:
                _log.debug("Jobs of dead workers were not looked for: %s", error)
            except Exception:  # noqa: BLE001 - the boundary of this task
                # A bug here must not keep this worker from doing its own jobs.
                _log.exception("Jobs of dead workers were not looked for")
            await asyncio.sleep(self._rules.pace.sweep)

    async def _show(
        self, pool: psycopg_pool.AsyncConnectionPool, worker_id: int, shown: Grader | None
    ) -> Grader | None:
        """Say what this worker has to give, when that is new."""
        grader = self._rules.about and self._rules.about()
        if grader is not None and grader != shown:
            async with pool.connection() as connection:
                await show(connection, worker_id, grader)
        return grader

    async def _sweep(
        self,
        app: procrastinate.App,
        worker_id: int,
        pool: psycopg_pool.AsyncConnectionPool,
        threads: ThreadPoolExecutor,
        idle_before: set[Run],
    ) -> set[Run]:
        """Put back the jobs of dead workers, and our own that nobody runs.

        A job of ours is without a thread when the database went away just as its end was to be
        written down. It is put back when two sweeps in a row have seen it so.

        Returns:
            Our own jobs that nobody runs.
        """
        manager = app.job_manager
        async with pool.connection() as connection:
            cursor = await connection.execute(
                "SELECT pg_try_advisory_xact_lock(%s)", (_SWEEP_LOCK,)
            )
            if await cursor.fetchone() != (True,):
                return idle_before
            gone = await gone_workers(connection, worker_id, self._rules.pace.missed)
            left = [
                job
                for each in gone
                for job in await manager.list_jobs_async(worker_id=each, status=Status.DOING.value)
            ]
            for job in left:
                await self._put_back(app, threads, job)
            if gone:
                await forget(connection, gone)
            stalled = await manager.get_stalled_jobs(
                seconds_since_heartbeat=self._rules.pace.stalled
            )
            own = await manager.list_jobs_async(worker_id=worker_id, status=Status.DOING.value)
            idle = {(job.id, job.attempts) for job in own if job.id not in self._busy}
            lost = [job for job in own if (job.id, job.attempts) in idle & idle_before]
            for job in [*stalled, *lost]:
                await self._put_back(app, threads, job)
        return idle

    async def _put_back(
        self, app: procrastinate.App, threads: ThreadPoolExecutor, job: Job
    ) -> None:
        _log.warning("Job %s (%s) lost its worker", job.task_name, job.task_kwargs)
        if not self._is_last(job):
            await app.job_manager.retry_job(job)
            return
        try:
            await self._give_up(threads, job)
        except NotGivenUp:
            _log.exception("Job %s stays where it is", job.task_name)
        else:
            await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)


class _Retry(BaseRetryStrategy):
    """Tries a job again after a pause that doubles, so many times."""

    def __init__(self, max_attempts: int, pause: float) -> None:
        self._max_attempts = max_attempts
        self._pause = pause

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when to try again, or None for never."""
        if isinstance(exception, asyncio.CancelledError):
            # The worker stops. What it could not finish is for the next one.
            return RetryDecision(retry_at=datetime.now(UTC))
        if job.attempts + 1 >= self._max_attempts and not isinstance(exception, NotGivenUp):
            return None
        pause = timedelta(seconds=self._pause * 2 ** min(job.attempts, 8))
        return RetryDecision(retry_at=datetime.now(UTC) + pause)


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancel tasks until they have ended: a cancellation can get lost, in a task's first step."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.1)


async def _registered(worker: QueueWorker) -> int:
    """Return the worker's number, as soon as it has one."""
    while worker.worker_id is None:
        await asyncio.sleep(0.01)
    return worker.worker_id


async def _stop_when(asked: asyncio.Event, worker: QueueWorker) -> None:
    await asked.wait()
    worker.stop()  # type: ignore[no-untyped-call]
