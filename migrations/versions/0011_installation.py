"""The secret of an installation, from which learners get opaque names at language models.

A new table without a row: the tutor makes the secret when it is needed first. Until now these names
were made from the configuration, so an endpoint is told other names of learners from here on.

Of who is erased, the ledger forgets from now on also what the endpoint calls the call.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KEPT = (
    "id, purpose, course_id, exercise_id, endpoint, model, price_version, tier, reported, "
    "input_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cache_read_tokens, "
    "output_tokens, cost, outcome, seconds, created_at"
)


def _keep_calls(columns: str) -> None:
    """Refuse a change of these columns."""
    op.execute("DROP TRIGGER refuse_change ON usage_records")
    op.execute(
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OF {columns} ON usage_records "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


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
    _keep_calls(_KEPT)
    op.execute(
        "CREATE TRIGGER refuse_name BEFORE UPDATE OF request_id ON usage_records FOR EACH ROW "
        "WHEN (NEW.request_id <> '') EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Take it away, and the secret with it."""
    op.execute("DROP TRIGGER refuse_name ON usage_records")
    _keep_calls(f"{_KEPT}, request_id")
    op.execute("DROP TABLE installation")
