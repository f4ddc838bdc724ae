"""Grading: results observed in the answer's process, seeds, what a course tells of secret tests.

Every row there is gets the default, which says of it what was true when it was written.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns."""
    op.execute("ALTER TABLE test_results ADD COLUMN weaker boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE evaluations ADD COLUMN seed bigint NOT NULL DEFAULT 0")
    op.execute(
        "ALTER TABLE courses ADD COLUMN secret_results text NOT NULL DEFAULT 'each' "
        "CONSTRAINT ck_courses_secret_results CHECK (secret_results IN ('each', 'count'))"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("ALTER TABLE courses DROP COLUMN secret_results")
    op.execute("ALTER TABLE evaluations DROP COLUMN seed")
    op.execute("ALTER TABLE test_results DROP COLUMN weaker")
