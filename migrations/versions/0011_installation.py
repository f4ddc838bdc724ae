"""The secret of an installation, from which learners get opaque names at language models.

A new table without a row: the tutor makes the secret when it is needed first. Until now these names
were made from the configuration, so an endpoint is told other names of learners from here on.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.execute(
        """
        CREATE TABLE installation (
            id smallint CONSTRAINT pk_installation PRIMARY KEY
                CONSTRAINT ck_installation_one_row CHECK (id = 1),
            secret bytea NOT NULL
                CONSTRAINT ck_installation_secret CHECK (octet_length(secret) = 32),
            created_at timestamptz NOT NULL DEFAULT now()
        )
        """
    )
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE ON installation "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Take it away, and the secret with it."""
    op.execute("DROP TABLE installation")
