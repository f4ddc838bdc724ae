"""Purging: what is of no use after a while is deleted, a little every hour, by any worker.

An idempotency key is for repeats of one request, which come within minutes; one that comes later
than it is kept would be taken for a new request. A failed job says why a row was given up, which
somebody may want to read for some time.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import psycopg

PURGE_JOB: Final = "purge"
HOURLY: Final = "17 * * * *"
LATE_SECONDS: Final = 3_600.0
"""A worker that starts makes up for an hour that had no worker: laptops are seldom on for long."""
_BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things are kept.

    Attributes:
        keys: Idempotency keys, from the request on.
        failed_jobs: Jobs that failed for good (or were cancelled), from then on.
    """

    keys: timedelta = timedelta(days=30)
    failed_jobs: timedelta = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was deleted."""

    keys: int
    failed_jobs: int


async def purge(connection: psycopg.AsyncConnection[Any], retention: Retention) -> Purged:
    """Delete what is older than it is kept; in batches, so that no statement takes long.

    Args:
        connection: Is committed after each batch; its search path has the queue's schema.
        retention: How long things are kept.
    """
    keys = await _in_batches(
        connection,
        "DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency_keys "
        "WHERE created_at < now() - %(age)s LIMIT %(batch)s))",
        retention.keys,
    )
    failed = await _in_batches(
        connection,
        "DELETE FROM procrastinate_jobs WHERE id = ANY(ARRAY(SELECT id FROM procrastinate_jobs "
        "WHERE status IN ('failed', 'cancelled', 'aborted') AND %(age)s < now() - ("
        "SELECT max(at) FROM procrastinate_events WHERE job_id = procrastinate_jobs.id) "
        "LIMIT %(batch)s))",
        retention.failed_jobs,
    )
    return Purged(keys, failed)


async def _in_batches(
    connection: psycopg.AsyncConnection[Any], statement: str, age: timedelta
) -> int:
    total = 0
    while True:
        cursor = await connection.execute(statement.encode(), {"age": age, "batch": _BATCH})
        await connection.commit()
        total += cursor.rowcount
        if cursor.rowcount < _BATCH:
            return total
