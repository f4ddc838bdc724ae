"""The job queue: putting a job in, in the transaction of the row it is for.

Procrastinate runs in the same database, in the schema `tutor_jobs`. A job is a name and the key of
a row; each name is a queue of its own, so that a worker takes only jobs it has a handler for.
Running them is `worker`'s part.
"""

from contextlib import suppress
from datetime import datetime
from typing import cast
from uuid import UUID

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy.orm import Session

SUBJECT = "subject_id"
"""The one argument of every job."""

_app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
"""Never opened: it only writes the statement, on a connection that is open already."""


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
