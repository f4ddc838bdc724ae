"""Scheduling on PostgreSQL: whose turn it is, what waiting learners are told, and no way around."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID, uuid4

import psycopg
import pytest

from jupyter_tutor.domain.errors import LimitReached
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.submissions import (
    GRADE_ATTEMPT,
    GRADE_SUBMISSION,
    Request,
    SubmissionService,
)
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.worker import Grader, Handler, Worker
from tests import small_course
from tests.integration.storage.job_log import PACE
from tests.integration.storage.test_jobs import PATIENCE, defer, until
from tests.integration.storage.test_statements import counted

pytestmark = pytest.mark.postgres


@pytest.fixture
def service(database: Database) -> SubmissionService:
    """Takes answers to the small course in."""
    small_course.publish(database)
    return SubmissionService(database, Access(database, open_enrollment=True))


def _learner(database: Database, name: str) -> UUID:
    access = Access(database, open_enrollment=True)
    return access.recognise(Identity("local", name, name))[0].id


def _request(learner: UUID, exercise: str = "double") -> Request:
    return Request(learner, small_course.COURSE, exercise, uuid4().hex)


def _order(database: Database, names: tuple[str, ...], count: int) -> list[tuple[str, UUID]]:
    """Return names and rows of jobs in the order in which one worker runs them."""
    ran: list[tuple[str, UUID]] = []

    def noting(name: str) -> Handler:
        return lambda row: ran.append((name, row))

    handlers = {name: noting(name) for name in names}
    worker = Worker(
        database.url.render_as_string(hide_password=False), handlers, concurrency=1, pace=PACE
    )
    worker.start()
    try:
        until(lambda: len(ran) == count)
    finally:
        assert worker.stop(PATIENCE)
    return ran


def test_a_burst_of_one_learner_does_not_keep_others_waiting(
    database: Database, service: SubmissionService
) -> None:
    ada, bob = _learner(database, "ada"), _learner(database, "bob")
    burst = [service.check(_request(ada), small_course.answer(), None).id for _ in range(5)]
    other = service.check(_request(bob), small_course.answer(), None).id

    ran = [row for _, row in _order(database, (GRADE_ATTEMPT,), 6)]
    assert ran == [burst[0], other, *burst[1:]]


def test_checks_go_before_submissions_and_those_before_what_nobody_waits_for(
    database: Database, service: SubmissionService
) -> None:
    due = small_course.answer(small_course.EXAM)
    handed_in = service.submit(_request(_learner(database, "ada"), "exam"), due, None).id
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        connection.execute("UPDATE tutor_jobs.procrastinate_jobs SET scheduled_at = NULL")
    ada = _learner(database, "ada")
    later = service.submit(_request(ada), small_course.answer(), None).id
    check = service.check(_request(ada), small_course.answer(), None).id

    assert _order(database, (GRADE_ATTEMPT, GRADE_SUBMISSION, "grade_withheld"), 4) == [
        (GRADE_ATTEMPT, check),
        (GRADE_SUBMISSION, handed_in),
        (GRADE_SUBMISSION, later),
        ("grade_withheld", handed_in),
    ]


def test_a_place_is_told_in_two_cheap_statements(database: Database) -> None:
    for _ in range(20):
        defer(database, GRADE_ATTEMPT)
    last = defer(database, GRADE_ATTEMPT)
    with counted(database) as statements, database() as uow:
        place = uow.jobs.place(GRADE_ATTEMPT, last)

    assert place is not None
    assert (place.ahead, place.seconds) == (20, None)
    assert len(statements) == 3  # and the time


class TestGraders:
    def test_an_estimate_comes_of_what_living_workers_say(self, database: Database) -> None:
        """While two workers with three places are busy, and one is gone."""
        rows = [defer(database, "waits") for _ in range(7)]
        url = database.url.render_as_string(hide_password=False)
        said = [Grader(1, "namespaces", 2.0), Grader(2, "landlock", 4.0)]
        workers = [
            Worker(url, {"else": lambda _row: None}, pace=PACE, about=partial(_same, each))
            for each in said
        ]
        with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
            connection.execute("INSERT INTO graders VALUES (-1, 50, 'limits', 0.001)")
        for worker in workers:
            worker.start()
        try:
            until(lambda: _graders(database) == said)
            with database() as uow:
                first, seventh = (uow.jobs.place("waits", row) for row in (rows[0], rows[6]))
        finally:
            for worker in workers:
                assert worker.stop(PATIENCE)

        assert first is not None
        assert seventh is not None
        assert (first.ahead, first.seconds) == (0, 3.0)
        assert (seventh.ahead, seventh.seconds) == (6, 9.0)

    def test_what_is_new_is_written_down(self, database: Database) -> None:
        say = {"now": Grader(2, "limits", None)}
        worker = Worker(
            database.url.render_as_string(hide_password=False),
            {"else": lambda _row: None},
            pace=PACE,
            about=lambda: say["now"],
        )
        worker.start()
        try:
            until(lambda: _graders(database) == [say["now"]])
            say["now"] = Grader(2, "limits", 0.25)
            until(lambda: _graders(database) == [say["now"]])
        finally:
            assert worker.stop(PATIENCE)


def _same(grader: Grader) -> Grader:
    return grader


def _graders(database: Database) -> list[Grader]:
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        rows = connection.execute(
            "SELECT places, isolation, run_seconds FROM public.graders ORDER BY places"
        ).fetchall()
    return [Grader(*row) for row in rows]


class TestPace:
    def test_requests_at_the_same_moment_get_no_further_than_one_after_the_other(
        self, database: Database
    ) -> None:
        small_course.publish(database)
        access = Access(database, open_enrollment=True)
        service = SubmissionService(database, access, secret_tries=2)
        ada = _learner(database, "ada")

        def submit(_: int) -> str:
            try:
                service.submit(_request(ada), small_course.answer(), None)
            except LimitReached as refusal:
                return refusal.code if "retry_at" in refusal.details else "waiting"
            return "taken"

        with ThreadPoolExecutor(6) as threads:
            said = sorted(threads.map(submit, range(6)))
        assert said == ["limit_reached"] * 4 + ["taken"] * 2

    def test_the_time_is_the_databases(self, database: Database) -> None:
        small_course.publish(database)
        access = Access(database, open_enrollment=True)
        service = SubmissionService(database, access, secret_tries=1)
        ada = _learner(database, "ada")
        service.submit(_request(ada), small_course.answer(), None)
        with pytest.raises(LimitReached) as refused:
            service.submit(_request(ada), small_course.answer(), None)
        with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
            connection.execute("ALTER TABLE submissions DISABLE TRIGGER refuse_change")
            connection.execute("UPDATE submissions SET submitted_at = now() - interval '61 s'")
            connection.execute("ALTER TABLE submissions ENABLE TRIGGER refuse_change")

        seconds = refused.value.details["retry_after_seconds"]
        assert isinstance(seconds, int)
        assert 0 < seconds <= 60
        assert service.submit(_request(ada), small_course.answer(), None).number == 2

    def test_an_exercise_without_secret_tests_has_no_pauses(self, database: Database) -> None:
        small_course.publish(database)
        access = Access(database, open_enrollment=True)
        service = SubmissionService(database, access, secret_tries=1)
        ada = _learner(database, "ada")
        given = small_course.answer(small_course.EXAM)
        for number in (1, 2, 3):
            made = service.submit(_request(ada, "exam"), given, None)
            assert made.number == number


def test_an_identical_answer_is_found_on_postgresql(
    database: Database, service: SubmissionService
) -> None:
    runner = small_course.runner()
    grading = GradingService(database, runner, engine="1")
    ada, bob = _learner(database, "ada"), _learner(database, "bob")
    check = service.check(_request(ada), small_course.answer(), None)
    grading.grade_attempt(check.id)
    handed_in = service.submit(_request(bob), small_course.answer(), None)
    grading.grade_submission(handed_in.id)
    graded, _ = service.submission(bob, handed_in.id)

    assert len(runner.plans) == 1
    assert graded.evaluations[0].source == check.id
    assert graded.score == 1
