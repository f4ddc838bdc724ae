"""What the tables refuse and delete, whoever writes."""

from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from psycopg import errors
from sqlalchemy import bindparam, cast, select
from sqlalchemy.orm import Session

from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.memory import LearnerMemory, TopicState
from jupyter_tutor.domain.people import Person, Profile, Role
from jupyter_tutor.domain.reviews import Review
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.columns import Document, Text
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests.contract import samples
from tests.unit.storage.strategies import anything, documents

pytestmark = pytest.mark.postgres


def execute(database: Database, statement: str, *values: object) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo(database.url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def worked(database: Database, ada: Person, collatz: Revision) -> UUID:
    """A learner with a row in every table that is theirs; returns the key of a submission."""
    with database() as uow:
        uow.people.enroll(ada.id, samples.COURSE, Role.LEARNER)
        uow.people.save_profile(ada.id, Profile(goals=("learn",)))
        uow.submissions.add_attempt(ada.id, collatz.id, samples.answer())
        submission = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        uow.submissions.add_evaluation(samples.evaluation(submission.id, uow.now()), "tests-1")
        uow.hints.add(samples.hint(ada.id, collatz.id, uow.now()))
        uow.reviews.save(Review(submission.id))
        memory = LearnerMemory(
            0.0, 1.0, topics={"values": TopicState(0.0, 1.0)}, passed={"collatz": uow.now()}
        )
        uow.memories.save(ada.id, samples.COURSE, memory)
        uow.idempotency.claim(ada.id, "key", "submit", "digest")
        uow.audit.add(ada.id, "looked", f"person:{ada.id}")
        return submission.id


NEVER = """
UPDATE revisions SET difficulty = 9
UPDATE revision_texts SET prompt = 'other'
UPDATE test_cases SET points = 9
UPDATE revision_files SET path = 'other'
UPDATE data_files SET content = ''
UPDATE lesson_revisions SET notebook = '{}'
UPDATE lesson_files SET position = 9
UPDATE submissions SET answer = '{}'
UPDATE submissions SET submitted_at = now() - interval '1 day'
UPDATE attempts SET answer = '{}'
UPDATE evaluations SET score = 1
UPDATE test_results SET earned = points
UPDATE hint_requests SET level = 0
UPDATE audit_events SET action = 'nothing'
"""

IMPOSSIBLE = {
    "ck_submissions_status": "UPDATE submissions SET status = 'lost'",
    "ck_enrollments_role": "UPDATE enrollments SET role = 'king'",
    "ck_profiles_hours_per_week": "UPDATE profiles SET hours_per_week = 'NaN'",
    "ck_learner_memory_ability": "UPDATE learner_memory SET ability = 'NaN'",
    "ck_learner_memory_ability_var": "UPDATE learner_memory SET ability_var = 'Infinity'",
    "ck_mastery_counts": "UPDATE mastery SET wins = 1",
    "ck_courses_slug": "UPDATE courses SET slug = ''",
    "ck_reviews_status": "UPDATE reviews SET status = 'lost'",
    "ck_reviews_reading": "UPDATE reviews SET status = 'reading'",
    "ck_reviews_drafted": "UPDATE reviews SET status = 'drafted'",
    "ck_reviews_released": "UPDATE reviews SET status = 'released'",
    "ck_reviews_made": "UPDATE reviews SET draft = '{}'",
    "ck_reviews_agreed": "UPDATE reviews SET agreed = 2, compared = 1",
}

THEIRS = """
external_identities enrollments profiles attempts submissions evaluations test_results
hint_requests reviews learner_memory mastery open_episodes passed_exercises idempotency_keys
"""


@pytest.mark.usefixtures("worked")
def test_what_was_published_handed_in_or_recorded_never_changes(database: Database) -> None:
    for change in NEVER.strip().splitlines():
        with pytest.raises(errors.RestrictViolation, match="never change"):
            execute(database, change)


@pytest.mark.usefixtures("worked")
def test_impossible_values_are_refused_by_name(database: Database) -> None:
    for constraint, change in IMPOSSIBLE.items():
        with pytest.raises(errors.CheckViolation) as refused:
            execute(database, change)
        assert refused.value.diag.constraint_name == constraint


def test_a_score_is_between_0_and_1_and_a_number(database: Database, worked: UUID) -> None:
    for score in ("NaN", "Infinity", "-0.1", "1.1"):
        with pytest.raises(errors.CheckViolation):
            execute(
                database,
                "INSERT INTO evaluations (id, submission_id, run, evaluator, score, passed, "
                "feedback, created_at) VALUES (%s, %s, 'x', 'tests', %s, false, '', now())",
                uuid7(),
                worked,
                score,
            )


def test_a_submission_belongs_to_the_exercise_of_its_revision(
    database: Database, ada: Person, collatz: Revision
) -> None:
    with database() as uow:
        other = uow.courses.latest_revision(samples.COURSE, "quiz")
    with pytest.raises(errors.ForeignKeyViolation):
        execute(
            database,
            "INSERT INTO submissions (id, learner_id, exercise_id, revision_id, number, answer, "
            "status) VALUES (%s, %s, %s, %s, 1, '{}', 'queued')",
            uuid7(),
            ada.id,
            other.exercise_id,
            collatz.id,
        )


@pytest.mark.usefixtures("worked")
def test_erasing_a_person_erases_what_is_theirs_and_nothing_else(
    database: Database, ada: Person
) -> None:
    with database() as uow:
        uow.people.identify(samples.BOB)
    execute(database, "DELETE FROM people WHERE id = %s", ada.id)
    left = {
        table: execute(database, f"SELECT count(*) FROM {table}")[0][0] for table in THEIRS.split()
    }
    assert left == {**dict.fromkeys(THEIRS.split(), 0), "external_identities": 1}
    assert execute(database, "SELECT actor_id, action FROM audit_events") == [(None, "looked")]
    assert execute(database, "SELECT count(*) FROM revisions") == [(3,)]


@pytest.mark.usefixtures("worked")
def test_every_table_of_a_persons_is_reached_from_the_person(database: Database) -> None:
    """A table with a person's key that does not cascade would keep what has to be erased."""
    keys = execute(
        database,
        "SELECT conrelid::regclass::text, confdeltype::text FROM pg_constraint "
        "WHERE contype = 'f' AND confrelid = 'people'::regclass",
    )
    assert len(keys) >= 17
    # These keep who did what, and what it cost, under no name.
    kept = {table for table, action in keys if action != "c"}
    assert kept == {"audit_events", "usage_records", "reading_batches", "review_releases"}


@pytest.mark.usefixtures("worked")
def test_content_in_use_cannot_be_deleted(database: Database) -> None:
    for table in ("courses", "topics", "exercises", "revisions", "data_files"):
        with pytest.raises((errors.ForeignKeyViolation, errors.RestrictViolation)):
            execute(database, f"DELETE FROM {table}")


def test_every_foreign_key_has_an_index(database: Database) -> None:
    """Deleting a row looks for those that refer to it; without an index it reads whole tables."""
    missing = execute(
        database,
        """
        SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c
        WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = c.conrelid
            AND (i.indkey::int2[])[0:array_length(c.conkey, 1) - 1] @> c.conkey
        )
        """,
    )
    assert missing == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=anything, document=documents)
def test_any_text_and_document_survives_postgresql(
    database: Database, text: str, document: object
) -> None:
    with Session(database.engine) as session:
        row = session.execute(
            select(
                cast(bindparam("text", text, Text()), Text()),
                cast(bindparam("document", {"it": document}, Document()), Document()),
            )
        ).one()
    assert row[0] == text
    assert repr(row[1]) == repr({"it": document})


def test_stored_documents_can_be_asked_for_in_sql(database: Database, worked: UUID) -> None:
    (row,) = execute(
        database,
        "SELECT answer::jsonb #>> '{cells,0,source}' FROM submissions WHERE id = %s",
        worked,
    )
    assert row == (samples.answer().cells[0].source,)
    (titles,) = execute(database, "SELECT title->>'bn' FROM courses")
    assert titles == (samples.course().title["bn"],)
