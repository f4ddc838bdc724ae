"""The job queue: Procrastinate's schema in a PostgreSQL schema of its own.

Procrastinate keeps no record of its version, so Alembic does. This revision applies the schema of
the installed release, which holds everything up to the migration file named below. When a release
ships a newer file, a test fails, and a new revision here has to apply it where it is missing.
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CONTAINS = "03.04.00_50_post_add_retry_failed_job_procedure.sql"


def upgrade() -> None:
    """Create schema and queue."""
    connection = op.get_bind()
    before = connection.exec_driver_sql("SELECT current_setting('search_path')").scalar_one()
    connection.exec_driver_sql("CREATE SCHEMA tutor_jobs")
    connection.exec_driver_sql("SET LOCAL search_path TO tutor_jobs")
    # psycopg reads a single % as the start of a placeholder.
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    connection.exec_driver_sql("SELECT set_config('search_path', %s, true)", (before,))


def downgrade() -> None:
    """Drop schema and queue, with every job in it."""
    op.execute("DROP SCHEMA tutor_jobs CASCADE")
