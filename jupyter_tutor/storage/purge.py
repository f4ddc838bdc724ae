"""Purging: what is of no use after a while is deleted, a little every hour, by any worker.

An idempotency key is for repeats of one request, which come within minutes; one that comes later
than it is kept would be taken for a new request. A failed job says why a row was given up, which
somebody may want to read for some time. Replies of a model have a time to live of their own, and
digests of deleted conversations are of no use once their exercise is passed.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import psycopg

from jupyter_tutor.domain import told_lines

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
        told_lines: Digests of what deleted conversations told, where the exercise is not passed.
    """

    keys: timedelta = timedelta(days=30)
    failed_jobs: timedelta = timedelta(days=30)
    told_lines: timedelta = told_lines.KEPT


@dataclass(frozen=True, slots=True)
class Purged:
    """How much was deleted."""

    keys: int
    failed_jobs: int
    replies: int = 0
    told_lines: int = 0


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
    replies = await _in_batches(
        connection,
        "DELETE FROM model_replies WHERE ctid = ANY(ARRAY(SELECT ctid FROM model_replies "
        "WHERE expires_at < now() - %(age)s LIMIT %(batch)s))",
        timedelta(0),
    )
    told = await _in_batches(
        connection,
        "DELETE FROM told_lines WHERE ctid = ANY(ARRAY(SELECT told.ctid FROM told_lines AS told "
        "WHERE told_at < now() - %(age)s OR EXISTS (SELECT FROM passed_exercises AS passed WHERE "
        "passed.person_id = told.learner_id AND passed.exercise_id = told.exercise_id) "
        "LIMIT %(batch)s))",
        retention.told_lines,
    )
    return Purged(keys, failed, replies, told)


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
