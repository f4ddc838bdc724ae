"""The ledger: calls of a language model and what they cost, and what is reserved for them.

Two new tables; nothing that is there changes.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TOKENS = ("input", "cache_write_5m", "cache_write_1h", "cache_read", "output")
_KEPT = (
    "id, purpose, course_id, exercise_id, endpoint, model, price_version, request_id, tier, "
    "reported, input_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cache_read_tokens, "
    "output_tokens, cost, outcome, seconds, created_at"
)


def upgrade() -> None:
    """Add tables."""
    tokens = ", ".join(
        f"{name}_tokens integer CONSTRAINT ck_usage_records_{name}_tokens "
        f"CHECK ({name}_tokens >= 0)"
        for name in _TOKENS
    )
    op.execute(
        f"""
        CREATE TABLE usage_records (
            id uuid CONSTRAINT pk_usage_records PRIMARY KEY,
            purpose text NOT NULL CONSTRAINT ck_usage_records_purpose
                CHECK (purpose IN ('hint', 'validation', 'chat', 'rubric')),
            learner_id uuid
                CONSTRAINT fk_usage_records_learner_id REFERENCES people ON DELETE SET NULL,
            course_id uuid NOT NULL
                CONSTRAINT fk_usage_records_course_id REFERENCES courses ON DELETE RESTRICT,
            exercise_id uuid
                CONSTRAINT fk_usage_records_exercise_id REFERENCES exercises ON DELETE RESTRICT,
            endpoint text NOT NULL,
            model text NOT NULL,
            price_version text NOT NULL,
            request_id text NOT NULL,
            tier text NOT NULL CONSTRAINT ck_usage_records_tier
                CHECK (tier IN ('standard', 'batch')),
            reported boolean NOT NULL,
            {tokens},
            cost numeric(20, 12) NOT NULL CONSTRAINT ck_usage_records_cost CHECK (cost >= 0),
            outcome text NOT NULL CONSTRAINT ck_usage_records_outcome CHECK (outcome IN (
                'completed', 'refused', 'truncated', 'invalid', 'cancelled', 'cut', 'timed_out',
                'unauthorized', 'out_of_credit', 'rate_limited', 'overloaded', 'unreachable',
                'failed')),
            seconds double precision NOT NULL CONSTRAINT ck_usage_records_seconds
                CHECK (seconds >= 0 AND seconds < 'Infinity'),
            created_at timestamptz NOT NULL
        )
        """
    )
    for columns in ("course_id, created_at", "learner_id, created_at", "exercise_id"):
        name = columns.replace(", ", "_")
        op.execute(f"CREATE INDEX ix_usage_records_{name} ON usage_records ({columns})")
    # Whom a call was for becomes NULL when they are erased.
    op.execute(
        f"CREATE TRIGGER refuse_change BEFORE UPDATE OF {_KEPT} ON usage_records "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        """
        CREATE TABLE usage_reservations (
            id uuid CONSTRAINT pk_usage_reservations PRIMARY KEY,
            learner_id uuid NOT NULL
                CONSTRAINT fk_usage_reservations_learner_id REFERENCES people ON DELETE CASCADE,
            course_id uuid NOT NULL
                CONSTRAINT fk_usage_reservations_course_id REFERENCES courses ON DELETE CASCADE,
            amount numeric(20, 12) NOT NULL CONSTRAINT ck_usage_reservations_amount
                CHECK (amount >= 0),
            created_at timestamptz NOT NULL DEFAULT now(),
            expires_at timestamptz NOT NULL
        )
        """
    )
    for column in ("learner_id", "course_id"):
        op.execute(
            f"CREATE INDEX ix_usage_reservations_{column}_expires_at "
            f"ON usage_reservations ({column}, expires_at)"
        )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TABLE usage_reservations")
    op.execute("DROP TABLE usage_records")
