"""A database in use goes up and back, and keeps what is in it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest

from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.reviews import ReadingMode, ReviewStatus
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests.contract import samples
from tests.review_desk import ReviewDesk

pytestmark = pytest.mark.postgres

DAY = timedelta(days=1)
_ROWS = (
    "SELECT (SELECT json_agg(json_build_array(id, answer, status, verdict)) FROM attempts)::text,"
    " (SELECT json_agg(json_build_array(id, number, answer, status)) FROM submissions)::text,"
    " (SELECT json_agg(json_build_array(id, run, score, created_at)) FROM evaluations)::text,"
    " (SELECT json_agg(json_build_array(id, task_name, args, status)) FROM"
    " tutor_jobs.procrastinate_jobs)::text"
)


def _rows(url: str) -> tuple[object, ...]:
    with psycopg.connect(conninfo(url)) as connection:
        found = connection.execute(_ROWS).fetchone()
    assert found is not None
    assert all(found)
    return found


def _work(url: str) -> None:
    """Have a check and a submission judged, and a job wait."""
    with Database(url) as database, database() as uow:
        samples.publish(uow)
        ada = uow.people.identify(samples.ADA)
        revision = uow.courses.latest_revision(samples.COURSE, "collatz")
        attempt = uow.submissions.add_attempt(ada.id, revision.id, samples.answer())
        uow.submissions.settle_attempt(
            attempt.id, GradingStatus.GRADED, samples.verdict(), answer_digest="d" * 64
        )
        submission = uow.submissions.add_submission(ada.id, revision.id, samples.answer())
        evaluation = samples.evaluation(submission.id, uow.now())
        assert uow.submissions.add_evaluation(evaluation, "tests-1", "d" * 64)
        uow.jobs.defer("grade_attempt", subject_id=attempt.id, priority=0)


def test_what_help_adds_is_nothing_at_first_and_takes_nothing_away(database_url: str) -> None:
    _work(database_url)
    with Database(database_url) as database, database() as uow:
        ada = uow.people.identify(samples.ADA).id
        revision = uow.courses.latest_revision(samples.COURSE, "collatz")
        uow.hints.add(replace(samples.hint(ada, revision.id, uow.now()), cost=1.5))
        paid = uow.submissions.add_submission(ada, revision.id, samples.answer())
        assert paid.points_lost == 1.5
        uow.hint_settings.save(samples.COURSE, HintSettings(exam=True))
    before = _rows(database_url)
    assert schema.downgrade(database_url, "0005") == "0005"
    assert _rows(database_url) == before
    schema.upgrade(database_url)

    assert _rows(database_url) == before
    with Database(database_url) as database, database() as uow:
        (hint,) = uow.hints.given(ada, revision.exercise_id)
        assert hint.cost == 0.0
        assert uow.submissions.submission(paid.id).points_lost == 0.0
        assert uow.hint_settings.everything(samples.COURSE) == []
    with (
        psycopg.connect(conninfo(database_url)) as connection,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        connection.execute("UPDATE submissions SET points_lost = 1")


def test_nothing_is_lost_down_and_up_again(database_url: str) -> None:
    _work(database_url)
    before = _rows(database_url)
    assert schema.downgrade(database_url, "0003") == "0003"
    assert _rows(database_url) == before
    schema.upgrade(database_url)

    assert _rows(database_url) == before
    with Database(database_url) as database, database() as uow:
        revision = uow.courses.latest_revision(samples.COURSE, "collatz")
        # What was judged before has no digest any more: it is simply not reused.
        assert uow.submissions.identical(revision.id, "d" * 64, None) is None
        assert uow.submissions.identical(revision.id, "d" * 64, "tests-1") is None


def test_what_reviews_add_takes_nothing_away_and_leaves_no_grade_behind(database_url: str) -> None:
    with Database(database_url) as database:
        desk = ReviewDesk(database)
        key = desk.drafted()
        desk.release(key)
        desk.submit(learner=desk.person("bob"))
        desk.begin(ReadingMode.BATCH)
        with database() as uow:
            # What one learner reserved for a hint stays.
            uow.ledger.reserve(desk.ada, desk.revision.course_slug, Decimal(1), uow.now() + DAY)
    tests = "SELECT id, submission_id, run, score FROM evaluations WHERE evaluator = 'tests'"
    with psycopg.connect(conninfo(database_url)) as connection:
        before = connection.execute(f"{tests} ORDER BY id").fetchall()
    assert schema.downgrade(database_url, "0008") == "0008"
    with psycopg.connect(conninfo(database_url)) as connection:
        # Without its criteria a release would count as the grade of the tests.
        assert connection.execute("SELECT count(*) FROM evaluations").fetchone() == (2,)
        assert connection.execute(f"{tests} ORDER BY id").fetchall() == before
        assert connection.execute("SELECT count(*) FROM usage_reservations").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM usage_records").fetchone() == (4,)
    schema.upgrade(database_url)

    with Database(database_url) as database, database() as uow:
        assert uow.submissions.submission(key).score == 0.5
        assert uow.submissions.submission(key).rubric_points is None
        assert uow.reviews.get(key).status is ReviewStatus.WAITING
        assert len(uow.reviews.queue(desk.revision.course_slug)) == 2


def test_a_secret_is_made_when_it_is_needed_and_calls_stay_as_they_are(database_url: str) -> None:
    assert schema.downgrade(database_url, "0010") == "0010"
    _work(database_url)
    before = _rows(database_url)
    schema.upgrade(database_url)

    with Database(database_url) as database, database() as uow:
        made = uow.installation.secret()
    with psycopg.connect(conninfo(database_url), autocommit=True) as connection:
        for change in ("secret = sha256('')", "created_at = now()"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                connection.execute(f"UPDATE installation SET {change}".encode())
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO installation VALUES (2, sha256(''), now())")
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO installation VALUES (1, 'short', now())")
    assert schema.downgrade(database_url, "0010") == "0010"
    assert _rows(database_url) == before
    schema.upgrade(database_url)
    with Database(database_url) as database, database() as uow:
        # It went with its table: endpoints are told new names.
        assert uow.installation.secret() != made
