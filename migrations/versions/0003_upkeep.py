"""Upkeep: finding old idempotency keys, and what was installed from the package.

What is deleted after a while is described in `jupyter_tutor.storage.purge`.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an index and a table."""
    op.execute("CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at)")
    op.execute(
        """
        CREATE TABLE shipped_courses (
            course_id uuid CONSTRAINT pk_shipped_courses PRIMARY KEY
                CONSTRAINT fk_shipped_courses_course_id REFERENCES courses ON DELETE CASCADE,
            release text NOT NULL,
            sources text NOT NULL,
            content text NOT NULL,
            installed_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TABLE shipped_courses")
    op.execute("DROP INDEX ix_idempotency_keys_created_at")
