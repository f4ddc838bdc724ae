"""Scheduling: identical answers, the queue's length, and what each grader has to give.

On a database in use it takes moments: the new columns are NULL in every row there is, so the
indexes begin empty. Earlier answers are simply not reused.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns, indexes and a table."""
    for table in ("attempts", "submissions"):
        op.execute(f"ALTER TABLE {table} ADD COLUMN answer_digest text")
        op.execute(
            f"CREATE INDEX ix_{table}_revision_id_answer_digest "
            f"ON {table} (revision_id, answer_digest) WHERE answer_digest IS NOT NULL"
        )
    for table in ("attempts", "evaluations"):
        # No foreign key: what was run first may be erased, with the person it belonged to.
        op.execute(f"ALTER TABLE {table} ADD COLUMN source uuid")
    op.execute(
        """
        CREATE TABLE graders (
            worker_id bigint CONSTRAINT pk_graders PRIMARY KEY,
            places integer NOT NULL CONSTRAINT ck_graders_places CHECK (places >= 1),
            isolation text NOT NULL,
            run_seconds double precision CONSTRAINT ck_graders_run_seconds
                CHECK (run_seconds >= 0 AND run_seconds < 'Infinity')
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_jobs_subject ON tutor_jobs.procrastinate_jobs ((args ->> 'subject_id')) "
        "WHERE status = 'todo'"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP INDEX tutor_jobs.ix_jobs_subject")
    op.execute("DROP TABLE graders")
    op.execute("ALTER TABLE evaluations DROP COLUMN source")
    op.execute("ALTER TABLE attempts DROP COLUMN source")
    for table in ("submissions", "attempts"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN answer_digest")
