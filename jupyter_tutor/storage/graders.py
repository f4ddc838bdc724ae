"""Graders: what each worker says of itself, so that waiting times can be told.

A row means something as long as its worker shows signs of life.
"""

from dataclasses import dataclass
from typing import Any, Final

import psycopg
from sqlalchemy import text

ALIVE_SECONDS: Final = 15
"""Without a sign of life for so long, a worker does not count any more."""


@dataclass(frozen=True, slots=True)
class Grader:
    """What a worker has to give.

    Attributes:
        places: Jobs it runs at the same time.
        isolation: The level that keeps its runs apart, as `execution.levels` names it.
        run_seconds: How long its runs take of late, or None before the first.
    """

    places: int
    isolation: str
    run_seconds: float | None = None


ALIVE = text(
    "SELECT grader.places, grader.isolation, grader.run_seconds FROM graders AS grader "
    "JOIN procrastinate_workers AS worker ON worker.id = grader.worker_id "
    "WHERE worker.last_heartbeat > now() - make_interval(secs => :alive) "
    "ORDER BY grader.worker_id"
).bindparams(alive=ALIVE_SECONDS)


async def show(connection: psycopg.AsyncConnection[Any], worker_id: int, grader: Grader) -> None:
    """Write down what a worker has to give, and forget workers that are gone."""
    await connection.execute(
        "INSERT INTO graders (worker_id, places, isolation, run_seconds) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (worker_id) DO UPDATE SET places = excluded.places, "
        "isolation = excluded.isolation, run_seconds = excluded.run_seconds",
        (worker_id, grader.places, grader.isolation, grader.run_seconds),
    )
    await connection.execute(
        "DELETE FROM graders WHERE worker_id NOT IN (SELECT id FROM procrastinate_workers)"
    )
