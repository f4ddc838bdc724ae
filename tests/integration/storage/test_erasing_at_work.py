"""People are erased, and secrets made, while others work on the same rows."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from jupyter_tutor.domain.errors import NotFound, StorageUnavailable, TutorError
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.observations import RunPlan, TestReport
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.privacy import PrivacyService
from jupyter_tutor.services.submissions import GRADE_ATTEMPT, GRADE_SUBMISSION
from jupyter_tutor.storage.backup import backup, restore
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.worker import Worker
from jupyter_tutor.testing import ScriptedTestRunner
from tests.contract import samples

pytestmark = pytest.mark.postgres


JOBS = "SELECT status::text FROM tutor_jobs.procrastinate_jobs WHERE task_name LIKE 'grade_%'"


class Pausing(ScriptedTestRunner):
    """Runs nothing; does something else while it is asked to run an answer."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._meanwhile = meanwhile

    def run(self, plan: RunPlan) -> TestReport:
        self._meanwhile()
        return super().run(plan)


def rows(database: Database, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo(database.url)) as connection:
        return connection.execute(statement.encode()).fetchall()


def handed_in(database: Database, learner: UUID, revision: UUID) -> tuple[UUID, UUID]:
    """Have an attempt and a submission wait for a worker."""
    with database() as uow:
        attempt = uow.submissions.add_attempt(learner, revision, samples.answer("a = 1")).id
        submission = uow.submissions.add_submission(learner, revision, samples.answer("b = 1")).id
        uow.jobs.defer(GRADE_ATTEMPT, subject_id=attempt, priority=1)
        uow.jobs.defer(GRADE_SUBMISSION, subject_id=submission, priority=0)
        return attempt, submission


def test_what_is_graded_when_its_learner_is_erased_ends_without_a_word(
    database: Database, ada: Person, collatz: Revision, caplog: pytest.LogCaptureFixture
) -> None:
    """By a real worker: the job goes, no row comes back, and nobody reads a traceback."""
    handed_in(database, ada.id, collatz.id)
    running, erased = threading.Event(), threading.Event()

    def wait() -> None:
        running.set()
        assert erased.wait(60)

    grading = GradingService(database, Pausing(wait), rest=lambda _: None)
    worker = Worker(
        database.url.render_as_string(hide_password=False),
        grading.jobs,
        concurrency=1,
        on_exhausted=grading.give_up,
    )
    with caplog.at_level(logging.INFO):
        worker.start()
        try:
            assert running.wait(60)
            PrivacyService(database).erase(ada.id, "in a test")
            # Of what waits nothing is left; what runs is left to its worker.
            assert rows(database, JOBS) == [("doing",)]
            erased.set()
            for _ in range(600):
                if not rows(database, JOBS):
                    break
                threading.Event().wait(0.1)
        finally:
            erased.set()
            assert worker.stop(60)
    assert rows(database, JOBS) == []
    for table in ("attempts", "submissions", "evaluations", "test_results", "learner_memory"):
        assert rows(database, f"SELECT 1 FROM {table}") == [], table
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []
    assert "Traceback" not in caplog.text


def test_who_is_erased_between_two_steps_of_a_grading_is_not_brought_back(
    database: Database, ada: Person, collatz: Revision
) -> None:
    attempt, submission = handed_in(database, ada.id, collatz.id)
    privacy = PrivacyService(database)

    def erase() -> None:
        try:
            privacy.erase(ada.id, "in a test")
        except NotFound:
            return

    grading = GradingService(database, Pausing(erase), rest=lambda _: None)
    for job, key in ((GRADE_SUBMISSION, submission), (GRADE_ATTEMPT, attempt)):
        with pytest.raises(NotFound):
            grading.jobs[job](key)
    for table in ("people", "submissions", "evaluations", "learner_memory"):
        assert rows(database, f"SELECT 1 FROM {table}") == []


def test_erasing_waits_for_who_writes_and_takes_what_they_wrote(
    database: Database, ada: Person, collatz: Revision
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with database() as uow:
            late = uow.submissions.add_submission(ada.id, collatz.id, samples.answer()).id
            uow.jobs.defer(GRADE_SUBMISSION, subject_id=late, priority=0)
            erasing = pool.submit(PrivacyService(database).erase, ada.id, "in a test")
            with pytest.raises(TimeoutError):
                erasing.result(0.5)
        assert erasing.result(60).kinds["submissions"] == 1  # type: ignore[index]  # a StrEnum
    assert rows(database, "SELECT 1 FROM submissions") == []
    assert rows(database, "SELECT 1 FROM tutor_jobs.procrastinate_jobs") == []


def test_many_who_write_while_their_learner_is_erased_leave_nothing(
    database: Database, ada: Person, collatz: Revision
) -> None:
    with database() as uow:
        uow.people.enroll(ada.id, samples.COURSE, Role.LEARNER)
    begin = threading.Barrier(5)

    def work(number: int) -> list[str]:
        met = []
        begin.wait(60)
        for step in range(20):
            try:
                with database() as uow:
                    answer = samples.answer(f"{number} {step}")
                    made = uow.submissions.add_submission(ada.id, collatz.id, answer).id
                    uow.jobs.defer(GRADE_SUBMISSION, subject_id=made, priority=0)
                GradingService(
                    database, ScriptedTestRunner(), rest=lambda _: None
                ).grade_submission(made)
            except TutorError as error:
                met.append(error.code)
        return met

    def erase() -> object:
        begin.wait(60)
        return PrivacyService(database).erase(ada.id, "in a test")

    with ThreadPoolExecutor(5) as pool:
        working = [pool.submit(work, number) for number in range(4)]
        pool.submit(erase).result(120)
        codes = {code for each in working for code in each.result(120)}
    assert codes <= {NotFound.code, StorageUnavailable.code}
    assert NotFound.code in codes
    for table in ("people", "submissions", "evaluations", "learner_memory", "enrollments"):
        assert rows(database, f"SELECT 1 FROM {table}") == [], table
    subjects = "SELECT 1 FROM tutor_jobs.procrastinate_jobs WHERE task_name = 'grade_submission'"
    assert rows(database, subjects) == []


def test_processes_that_start_at_once_share_one_secret(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    begin = threading.Barrier(8)
    url = database.url.render_as_string(hide_password=False)

    def ask() -> bytes:
        with Database(url) as own:
            begin.wait(60)
            with own() as uow:
                return uow.installation.secret().value

    with caplog.at_level(logging.DEBUG), ThreadPoolExecutor(8) as pool:
        made = {each.result(120) for each in [pool.submit(ask) for _ in range(8)]}
    assert len(made) == 1
    assert rows(database, "SELECT secret FROM installation") == [(next(iter(made)),)]
    assert next(iter(made)).hex() not in caplog.text


def test_a_backup_keeps_the_secret(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    with Database(database_url) as database, database() as uow:
        made = uow.installation.secret()
    backup(database_url, tmp_path / "all.backup")
    restore(empty_database_url, tmp_path / "all.backup")
    with Database(empty_database_url) as database, database() as uow:
        assert uow.installation.secret() == made
