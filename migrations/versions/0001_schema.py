"""The schema: people, courses, exercises, submissions, hints, memory, records.

Its text is SQL, in the file beside this one, because SQL is what a reviewer wants to read.
"""

from itertools import chain
from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    ("audit_events", "idempotency_keys"),
    ("exercise_difficulty", "passed_exercises", "open_episodes", "mastery", "learner_memory"),
    ("hint_requests", "test_results", "evaluations", "submissions", "attempts"),
    ("revision_files", "test_cases", "revision_texts", "revisions", "exercises"),
    ("lesson_files", "data_files", "lesson_revisions", "lessons"),
    ("profiles", "enrollments", "topic_prerequisites", "topics", "courses"),
    ("external_identities", "people"),
)


def upgrade() -> None:
    """Create everything."""
    schema = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    # psycopg reads a single % as the start of a placeholder.
    op.get_bind().exec_driver_sql(schema.replace("%", "%%"))


def downgrade() -> None:
    """Drop everything, what refers before what is referred to."""
    for table in chain.from_iterable(TABLES):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
