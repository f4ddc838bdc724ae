"""Many submissions at once: `python -m tests.benchmarks.burst [--submissions N] [--workers N]`.

Everything is real: the services take the submissions in, PostgreSQL (the embedded one) keeps and
queues them, and worker processes grade them in sandboxes. Each learner hands in five answers in a
row, half of them wrong, all different; the workers are there from the first one on. Printed are
the time, the throughput, how long each waited, and the order: for each priority, which falls with
the number of the same learner's that wait already, when their turn came and by how many places some
were overtaken by later ones. Exit status 1 when one was lost, graded twice or graded wrongly.
"""

import argparse
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import psycopg

from jupyter_tutor.domain.pacing import SUBMISSION_PRIORITY
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.benchmarks.machine import load
from tests.integration.server.processes import Home, eventually, home

EACH = 5
DESKS = 4
"""How many threads take submissions in."""
PATIENCE = 30.0
"""Seconds without any grade after which the rest counts as lost."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a submission."""

    priority: int
    score: float
    handed_in: datetime
    grades: tuple[tuple[float, datetime], ...]

    @property
    def seconds(self) -> float:
        """From handing in to the grade."""
        return (self.graded_at - self.handed_in).total_seconds()

    @property
    def graded_at(self) -> datetime:
        """When it was graded, first."""
        return self.grades[0][1]


def hand_in(database: Database, count: int) -> dict[UUID, tuple[int, float]]:
    """Hand in so many answers; return the priority each got and the score it is to get."""
    access = Access(database, open_enrollment=True)
    service = SubmissionService(database, access)

    def learner(number: int) -> Iterator[tuple[UUID, tuple[int, float]]]:
        person, _ = access.recognise(Identity("local", f"learner-{number}", str(number)))
        with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
            for turn in range(EACH):
                right = (number + turn) % 2 == 0
                value = f"{number} * {turn} * 0 + 2 * {'x' if right else 'abs(x)'}"
                request = Request(person.id, small_course.COURSE, "double", uuid4().hex)
                answer = small_course.answer(f"def double(x):\n    return {value}")
                key = service.submit(request, answer, None).id
                yield key, (_priority(connection, key), 1.0 if right else 0.5)

    with ThreadPoolExecutor(DESKS) as pool:
        rows = pool.map(lambda number: list(learner(number)), range(count // EACH))
        return {key: row for each in rows for key, row in each}


def _priority(connection: psycopg.Connection, key: UUID) -> int:
    """Return the priority of a job; one that is done already must have had the highest."""
    found = connection.execute(
        "SELECT priority FROM tutor_jobs.procrastinate_jobs WHERE args->>'subject_id' = %s",
        (str(key),),
    ).fetchone()
    return SUBMISSION_PRIORITY if found is None else int(found[0])


def graded(database: Database) -> int:
    """Count the submissions that are settled."""
    with psycopg.connect(conninfo(database.url)) as connection:
        (row,) = connection.execute(
            "SELECT count(*) FROM submissions WHERE status NOT IN ('queued', 'running')"
        ).fetchall()
    return int(row[0])


def collect(database: Database, expected: dict[UUID, tuple[int, float]]) -> list[Row]:
    """Return what became of each submission."""
    with psycopg.connect(conninfo(database.url)) as connection:
        submitted = connection.execute("SELECT id, submitted_at FROM submissions").fetchall()
        handed_in: dict[UUID, datetime] = dict(submitted)
        evaluations: dict[UUID, list[tuple[float, datetime]]] = {}
        for key, score, at in connection.execute(
            "SELECT submission_id, score, created_at FROM evaluations"
        ):
            evaluations.setdefault(key, []).append((score, at))
    return [
        Row(priority, score, handed_in[key], tuple(evaluations.get(key, ())))
        for key, (priority, score) in expected.items()
        if key in handed_in
    ]


def overtaken(rows: Sequence[Row]) -> list[int]:
    """Return for each submission how many places later it was graded than handed in."""
    order = sorted(rows, key=lambda row: row.handed_in)
    places = {id(row): place for place, row in enumerate(order)}
    by_grade = sorted(rows, key=lambda row: row.graded_at)
    return [max(place - places[id(row)], 0) for place, row in enumerate(by_grade)]


def start_workers(place: Home, count: int) -> list["subprocess.Popen[bytes]"]:
    """Start workers, and wait until each has said that it starts."""
    command = ("-m", "jupyter_tutor.cli", "worker")
    workers = [place.start(*command) for _ in range(count)]
    eventually(lambda: place.log.count("the worker starts") >= count, "the workers start")
    return workers


def _order(rows: Sequence[Row]) -> None:
    began = min(row.handed_in for row in rows)
    print(
        f"{'priority':22}{'graded':>8}{'first s':>9}{'last s':>9}{'wait p50':>10}"
        f"{'wait p99':>10}{'overtaken p50':>15}{'most':>6}"
    )
    for priority in sorted({row.priority for row in rows}, reverse=True):
        same = [row for row in rows if row.priority == priority]
        at = sorted((row.graded_at - began).total_seconds() for row in same)
        waits = sorted(row.seconds for row in same)
        late = overtaken(same)
        print(
            f"{priority:<22}{len(same):8}{at[0]:9.1f}{at[-1]:9.1f}{statistics.median(waits):10.1f}"
            f"{waits[int(len(waits) * 0.99)]:10.1f}{statistics.median(late):15.0f}{max(late):6}"
        )


def _until_graded(database: Database, count: int) -> None:
    """Wait for all, as long as there are more from time to time."""
    done, changed = 0, time.monotonic()
    while done < count and time.monotonic() - changed < PATIENCE:
        time.sleep(0.1)
        now = graded(database)
        if now != done:
            done, changed = now, time.monotonic()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    count = options.submissions - options.submissions % EACH
    with home() as place, place.postgres as embedded:
        schema.upgrade(embedded.url)
        with Database(embedded.url) as database:
            small_course.publish(database)
            workers = start_workers(place, options.workers)
            before = load()
            began = time.perf_counter()
            expected = hand_in(database, count)
            taken = time.perf_counter() - began
            _until_graded(database, count)
            took = time.perf_counter() - began
            rows, log = collect(database, expected), place.log[-3_000:]
            for worker in workers:
                worker.terminate()
                worker.wait(60)
    lost = count - sum(bool(row.grades) for row in rows)
    twice = sum(len(row.grades) > 1 for row in rows)
    wrong = sum(any(abs(score - row.score) > 1e-6 for score, _ in row.grades) for row in rows)
    print(
        f"{count} submissions of {count // EACH} learners, {options.workers} workers; {before}, "
        f"then {load()}\ntaken in within {taken:.1f} s ({count / taken:.0f} a second), all graded "
        f"after {took:.1f} s: {count / took:.1f} a second"
    )
    if lost:
        print(log)
    else:
        _order(rows)
    print(f"{lost} lost, {twice} graded twice, {wrong} graded wrongly")
    raise SystemExit(bool(lost or twice or wrong))


if __name__ == "__main__":
    main()
