"""The job queue: putting a job in, in the transaction of the row it is for.

Procrastinate runs in the same database, in the schema `tutor_jobs`. A job is a name and the key of
a row; each name is a queue of its own, so that a worker takes only jobs it has a handler for.
Running them is `worker`'s part.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import cast
from uuid import UUID

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import text
from sqlalchemy.orm import Session

from jupyter_tutor.services.read_models import Place
from jupyter_tutor.storage.graders import ALIVE

SUBJECT = "subject_id"
"""The one argument of every job."""

_app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Never opened: it only writes the statement, on a connection that is open already."""


_AHEAD = text(
    "WITH mine AS (SELECT id, priority FROM procrastinate_jobs WHERE status = 'todo' "
    "AND args ->> 'subject_id' = :subject AND task_name = :name ORDER BY id LIMIT 1) "
    "SELECT (SELECT count(*) FROM procrastinate_jobs AS job WHERE job.status = 'todo' "
    "AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()) AND job.priority >= mine.priority "
    "AND (job.priority > mine.priority OR job.id < mine.id)) AS ahead FROM mine"
)

_LENGTHS = text(
    "SELECT job.task_name, count(*) FROM procrastinate_jobs AS job "
    "WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now()) "
    "GROUP BY job.task_name"
)


class PostgresJobs:
    """Implements `ports.Jobs`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def defer(
        self,
        name: str,
        *,
        subject_id: UUID,
        priority: int,
        at: datetime | None = None,
        once: bool = False,
    ) -> None:
        """Enqueue a job by name for a row, to run now or at a time; higher priority goes first.

        The job is there when this transaction commits, and never when it rolls back. With `once`
        nothing happens when such a job for this row is waiting already.
        """
        # The savepoint keeps the transaction alive when the queue refuses a second job. It also
        # sends what was added to the session first, as every other statement of it does.
        with suppress(AlreadyEnqueued), self._session.begin_nested():
            connection = self._session.connection().connection.driver_connection
            _app.configure_task(
                name,
                queue=name,
                priority=priority,
                schedule_at=at,
                queueing_lock=f"{name}:{subject_id}" if once else None,
                connection=cast("psycopg.Connection", connection),
            ).defer(**{SUBJECT: str(subject_id)})

    def place(self, name: str, subject_id: UUID) -> Place | None:
        """Return where a job stands among those that wait, or None when it does not wait."""
        ahead = self._session.scalar(_AHEAD, {"name": name, "subject": str(subject_id)})
        if ahead is None:
            return None
        graders = self._session.execute(ALIVE).all()
        times = [grader.run_seconds for grader in graders if grader.run_seconds is not None]
        if not times:
            return Place(ahead, None)
        turns = math.ceil((ahead + 1) / sum(grader.places for grader in graders))
        return Place(ahead, turns * sum(times) / len(times))

    def lengths(self) -> Mapping[str, int]:
        """Return how many jobs of each name wait now."""
        rows = self._session.execute(_LENGTHS).all()
        return {str(name): int(count) for name, count in rows}

    def isolations(self) -> Sequence[str]:
        """Return the isolation of answers at each worker that lives."""
        return [str(grader.isolation) for grader in self._session.execute(ALIVE)]
