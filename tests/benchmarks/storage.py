"""What storing and reading cost: `python -m tests.benchmarks.storage [rounds]`.

A course of 40 exercises with 10 tests each, 30 learners with 20 runs and 10 graded submissions
each, in the embedded PostgreSQL. The baselines are the least that a write and a read can be, by
plain psycopg on the same server in the same minute: one row inserted and committed, one row read
by its key. Trust the ratios more than the times.
"""

import itertools
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.exercises import TestCase
from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.embedded import EmbeddedPostgres
from jupyter_tutor.storage.news import PostgresNews
from tests.contract import samples
from tests.contract.samples import COURSE

LESSONS, EXERCISES, TESTS = 8, 5, 10
LEARNERS, RUNS, SUBMISSIONS = 30, 20, 10
THREADS = 8

Work = Callable[[], object]


def fill(database: Database) -> list[UUID]:
    """Publish the course and let the learners work; returns their keys."""
    test = samples.exercise().tests[0]
    tests = tuple(TestCase(f"test {n}", test.spec, 1.0) for n in range(TESTS))
    course: Course = replace(samples.course(), lessons=())
    with database() as uow:
        uow.courses.save(course)
        for number in range(LESSONS):
            exercises = tuple(
                replace(
                    samples.exercise(f"exercise-{number}-{each}"),
                    tests=tests,
                    due_at=None,
                    max_submissions=None,
                )
                for each in range(EXERCISES)
            )
            lesson = samples.lesson(f"lesson-{number}", exercises, files=())
            uow.courses.publish_lesson(COURSE, lesson, number)
        revisions = uow.courses.latest_revisions(COURSE)
    learners = []
    for number in range(LEARNERS):
        with database() as uow:
            learner = uow.people.identify(Identity("local", f"learner-{number}", "Learner")).id
            uow.people.enroll(learner, COURSE, Role.LEARNER)
            for each in range(RUNS):
                revision = revisions[(number + each) % len(revisions)]
                attempt = uow.submissions.add_attempt(learner, revision.id, samples.answer())
                uow.submissions.settle_attempt(
                    attempt.id, GradingStatus.GRADED, samples.verdict(each % 2)
                )
            for each in range(SUBMISSIONS):
                revision = revisions[(number + each) % len(revisions)]
                made = uow.submissions.add_submission(learner, revision.id, samples.answer())
                evaluation = samples.evaluation(made.id, uow.now(), each % 2)
                uow.submissions.add_evaluation(evaluation, "tests-1")
                uow.submissions.set_status(made.id, GradingStatus.GRADED)
            learners.append(learner)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("ANALYZE")
    return learners


def milliseconds(work: Work, rounds: int) -> float:
    """Return the median time of one call; the first calls, which fill caches, do not count."""
    for _ in range(3):
        work()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1e3


def baselines(url: str, stack: list[psycopg.Connection]) -> tuple[Work, Work]:
    """Return the least write and the least read."""
    connection = psycopg.connect(conninfo(url), autocommit=True)
    stack.append(connection)
    connection.execute("CREATE TABLE least (id uuid PRIMARY KEY, answer json NOT NULL)")
    key = uuid7()
    connection.execute("INSERT INTO least VALUES (%s, '{}')", (key,))

    def write() -> None:
        connection.execute("INSERT INTO least VALUES (%s, '{}')", (uuid7(),))

    def read() -> None:
        connection.execute("SELECT answer FROM least WHERE id = %s", (key,)).fetchone()

    return write, read


class Ways:
    """What is measured, each a call without arguments."""

    def __init__(self, database: Database, learners: list[UUID]) -> None:
        self._database = database
        self._learners = learners
        self._learner = learners[0]
        self._service = SubmissionService(database, Access(database, open_enrollment=True))
        with database() as uow:
            self._revision = uow.courses.latest_revision(COURSE, "exercise-0-0")
        self._fresh = itertools.count()
        self._ungraded = self._submit_many()
        next(self._ungraded)

    def submit(self) -> None:
        """Take a submission in, whole: access, key, revision, lock, row, job."""
        turn, place = divmod(next(self._fresh), LEARNERS - 1)
        exercise = f"exercise-{turn % LESSONS}-{turn // LESSONS % EXERCISES}"
        request = Request(self._learners[place], COURSE, exercise, str(uuid7()))
        self._service.submit(request, samples.answer(), None)

    def record(self) -> None:
        """Record an evaluation with its results, and set the status."""
        made = next(self._ungraded)
        with self._database() as uow:
            uow.submissions.add_evaluation(samples.evaluation(made, uow.now()), "tests-1")
            uow.submissions.set_status(made, GradingStatus.GRADED)

    def _submit_many(self) -> Iterator[UUID]:
        while True:
            with self._database() as uow:
                made = [
                    uow.submissions.add_submission(
                        self._learners[-1], self._revision.id, samples.answer()
                    )
                    for _ in range(500)
                ]
            yield from (submission.id for submission in made)

    def revision(self) -> None:
        """Load an exercise with its tests and texts."""
        with self._database() as uow:
            uow.courses.latest_revision(COURSE, "exercise-3-2")

    def courses(self) -> None:
        """Read the list of courses."""
        with self._database() as uow:
            uow.reads.courses(self._learner)

    def lessons(self) -> None:
        """Read the outline: 40 exercises in two languages."""
        with self._database() as uow:
            uow.reads.lessons(COURSE)

    def standings(self) -> None:
        """Read how a learner stands."""
        with self._database() as uow:
            uow.reads.standings(self._learner, COURSE)

    def nothing(self) -> None:
        """Begin and end a transaction."""
        with self._database():
            pass


def news_delay(database: Database, learner: UUID, rounds: int) -> float:
    """Return the median time from the end of the transaction to the waiting thread."""
    news = PostgresNews(database.url.render_as_string(hide_password=False))
    news.start(10)
    delays = []
    with database() as uow:
        revision = uow.courses.latest_revision(COURSE, "exercise-0-0")
    for _ in range(rounds):
        with database() as uow:
            made = uow.submissions.add_submission(learner, revision.id, samples.answer())
        woken: list[float] = []

        def wait(subject: UUID = made.id, woken: list[float] = woken) -> None:
            news.wait(subject, 10)
            woken.append(time.perf_counter())

        waiting = threading.Thread(target=wait)
        waiting.start()
        with database() as uow:
            uow.submissions.set_status(made.id, GradingStatus.RUNNING)
        ended = time.perf_counter()
        waiting.join()
        delays.append(max(woken[0] - ended, 0.0))
    news.close()
    return statistics.median(delays) * 1e3


def per_second(work: Work, rounds: int) -> float:
    """Return how many calls per second several threads make together."""
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        for future in [threads.submit(work) for _ in range(rounds)]:
            future.result()
    return rounds / (time.perf_counter() - began)


@contextmanager
def filled() -> Iterator[tuple[Database, list[UUID]]]:
    """A database with the course and its learners."""
    with (
        tempfile.TemporaryDirectory() as place,
        EmbeddedPostgres(Path(place)) as server,
        Database(server.url, pool_size=THREADS) as database,
    ):
        schema.upgrade(server.url)
        yield database, fill(database)


def main() -> None:
    """Print the tables."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with filled() as (database, learners):
        open_connections: list[psycopg.Connection] = []
        write, read = baselines(
            database.url.render_as_string(hide_password=False), open_connections
        )
        ways = Ways(database, learners)
        least_write, least_read = milliseconds(write, rounds), milliseconds(read, rounds)
        print(f"median of {rounds}")
        print(f"{'write':<40} {'ms':>8} {'ratio':>7}")
        print(f"{'one row, plain psycopg (baseline)':<40} {least_write:>8.2f} {1:>7.1f}")
        for name, work in (("submit", ways.submit), ("record a grade", ways.record)):
            cost = milliseconds(work, rounds)
            print(f"{name:<40} {cost:>8.2f} {cost / least_write:>7.1f}")
        print(f"{'read':<40} {'ms':>8} {'ratio':>7}")
        print(f"{'one row, plain psycopg (baseline)':<40} {least_read:>8.2f} {1:>7.1f}")
        for name, work in (
            ("an empty transaction", ways.nothing),
            ("an exercise with tests and texts", ways.revision),
            ("list of courses", ways.courses),
            ("outline of 40 exercises", ways.lessons),
            ("a learner's standings", ways.standings),
        ):
            cost = milliseconds(work, rounds)
            print(f"{name:<40} {cost:>8.2f} {cost / least_read:>7.1f}")
        print(f"news reaches who waits after {news_delay(database, learners[1], 50):.2f} ms")
        print(f"submits per second, {THREADS} threads: {per_second(ways.submit, rounds):,.0f}")
        for connection in open_connections:
            connection.close()


if __name__ == "__main__":
    main()
