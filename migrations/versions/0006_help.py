"""Help: what hints cost, settings of help, what learners say to hints, what was solved when shown.

Every row there is gets the default: hints were free, and nobody knows of earlier solutions whether
the steps had been shown (`jupyter tutor memory rebuild` finds out).
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_KEPT = "id, learner_id, exercise_id, revision_id, number, answer, submitted_at"


def _keep_submissions(columns: str) -> None:
    """Refuse a change of these columns."""
    op.execute("DROP TRIGGER refuse_change ON submissions")
    op.execute(
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OF {columns} ON submissions "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def upgrade() -> None:
    """Add columns and tables."""
    for table, column in (("hint_requests", "cost"), ("submissions", "points_lost")):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} double precision NOT NULL DEFAULT 0 "
            f"CONSTRAINT ck_{table}_{column} CHECK ({column} >= 0 AND {column} < 'Infinity')"
        )
    _keep_submissions(f"{_KEPT}, points_lost")
    op.execute("ALTER TABLE passed_exercises ADD COLUMN shown boolean NOT NULL DEFAULT false")
    op.execute(
        """
        CREATE TABLE hint_settings (
            id uuid CONSTRAINT pk_hint_settings PRIMARY KEY,
            course_id uuid NOT NULL
                CONSTRAINT fk_hint_settings_course_id REFERENCES courses ON DELETE RESTRICT,
            exercise_id uuid
                CONSTRAINT fk_hint_settings_exercise_id REFERENCES exercises ON DELETE RESTRICT,
            learner_id uuid
                CONSTRAINT fk_hint_settings_learner_id REFERENCES people ON DELETE CASCADE,
            settings json NOT NULL,
            updated_at timestamptz NOT NULL,
            CONSTRAINT uq_hint_settings_course_id_exercise_id_learner_id
                UNIQUE NULLS NOT DISTINCT (course_id, exercise_id, learner_id),
            CONSTRAINT ck_hint_settings_scope CHECK (exercise_id IS NULL OR learner_id IS NULL)
        )
        """
    )
    for column in ("exercise_id", "learner_id"):
        op.execute(f"CREATE INDEX ix_hint_settings_{column} ON hint_settings ({column})")
    op.execute(
        """
        CREATE TABLE self_explanations (
            hint_id uuid CONSTRAINT pk_self_explanations PRIMARY KEY
                CONSTRAINT fk_self_explanations_hint_id
                REFERENCES hint_requests ON DELETE CASCADE,
            text text NOT NULL,
            at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE hint_feedback (
            hint_id uuid CONSTRAINT pk_hint_feedback PRIMARY KEY
                CONSTRAINT fk_hint_feedback_hint_id REFERENCES hint_requests ON DELETE CASCADE,
            mark text NOT NULL CONSTRAINT ck_hint_feedback_mark
                CHECK (mark IN ('helpful', 'not_helpful', 'wrong')),
            text text NOT NULL,
            at timestamptz NOT NULL
        )
        """
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("hint_feedback", "self_explanations", "hint_settings"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE passed_exercises DROP COLUMN shown")
    _keep_submissions(_KEPT)
    op.execute("ALTER TABLE submissions DROP COLUMN points_lost")
    op.execute("ALTER TABLE hint_requests DROP COLUMN cost")
