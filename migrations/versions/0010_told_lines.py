"""What stays of conversations that were deleted, and settings for a learner on one exercise.

A new table, and a wider scope of settings; nothing that is there changes.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and let settings be for a learner on an exercise."""
    op.execute(
        """
        CREATE TABLE told_lines (
            learner_id uuid NOT NULL
                CONSTRAINT fk_told_lines_learner_id REFERENCES people ON DELETE CASCADE,
            exercise_id uuid NOT NULL
                CONSTRAINT fk_told_lines_exercise_id REFERENCES exercises ON DELETE CASCADE,
            digest text NOT NULL CONSTRAINT ck_told_lines_digest CHECK (char_length(digest) = 64),
            told_at timestamptz NOT NULL,
            CONSTRAINT pk_told_lines PRIMARY KEY (learner_id, exercise_id, digest)
        )
        """
    )
    for column in ("exercise_id", "told_at"):
        op.execute(f"CREATE INDEX ix_told_lines_{column} ON told_lines ({column})")
    op.execute("ALTER TABLE hint_settings DROP CONSTRAINT ck_hint_settings_scope")


def downgrade() -> None:
    """Take the table away, and with it settings that the older version cannot hold."""
    op.execute("DELETE FROM hint_settings WHERE exercise_id IS NOT NULL AND learner_id IS NOT NULL")
    op.execute(
        "ALTER TABLE hint_settings ADD CONSTRAINT ck_hint_settings_scope "
        "CHECK (exercise_id IS NULL OR learner_id IS NULL)"
    )
    op.execute("DROP TABLE told_lines")
