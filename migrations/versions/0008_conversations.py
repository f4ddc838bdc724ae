"""Consents, replies of language models that are kept for a while, and conversations.

New tables; nothing that is there changes.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE consents (
        id uuid CONSTRAINT pk_consents PRIMARY KEY,
        learner_id uuid NOT NULL
            CONSTRAINT fk_consents_learner_id REFERENCES people ON DELETE CASCADE,
        course_id uuid NOT NULL
            CONSTRAINT fk_consents_course_id REFERENCES courses ON DELETE RESTRICT,
        given boolean NOT NULL,
        version integer NOT NULL CONSTRAINT ck_consents_version CHECK (version >= 1),
        at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE model_replies (
        course_id uuid NOT NULL
            CONSTRAINT fk_model_replies_course_id REFERENCES courses ON DELETE CASCADE,
        key text NOT NULL CONSTRAINT ck_model_replies_key CHECK (char_length(key) = 64),
        learner_id uuid NOT NULL
            CONSTRAINT fk_model_replies_learner_id REFERENCES people ON DELETE CASCADE,
        reply json NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        CONSTRAINT pk_model_replies PRIMARY KEY (course_id, key)
    )
    """,
    """
    CREATE TABLE conversations (
        id uuid CONSTRAINT pk_conversations PRIMARY KEY,
        learner_id uuid NOT NULL
            CONSTRAINT fk_conversations_learner_id REFERENCES people ON DELETE CASCADE,
        course_id uuid NOT NULL
            CONSTRAINT fk_conversations_course_id REFERENCES courses ON DELETE RESTRICT,
        exercise_id uuid NOT NULL
            CONSTRAINT fk_conversations_exercise_id REFERENCES exercises ON DELETE RESTRICT,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT uq_conversations_learner_id_exercise_id UNIQUE (learner_id, exercise_id)
    )
    """,
    """
    CREATE TABLE messages (
        id uuid CONSTRAINT pk_messages PRIMARY KEY,
        conversation_id uuid NOT NULL
            CONSTRAINT fk_messages_conversation_id REFERENCES conversations ON DELETE CASCADE,
        speaker text NOT NULL
            CONSTRAINT ck_messages_speaker CHECK (speaker IN ('learner', 'tutor')),
        text text NOT NULL,
        language text NOT NULL,
        hint_level smallint NOT NULL
            CONSTRAINT ck_messages_hint_level CHECK (hint_level BETWEEN 0 AND 5),
        usage_id uuid
            CONSTRAINT fk_messages_usage_id REFERENCES usage_records ON DELETE SET NULL,
        created_at timestamptz NOT NULL
    )
    """,
)
_INDEXES = (
    ("consents", "learner_id, course_id, at"),
    ("consents", "course_id"),
    ("model_replies", "learner_id"),
    ("model_replies", "expires_at"),
    ("conversations", "course_id"),
    ("conversations", "exercise_id"),
    ("messages", "conversation_id, created_at"),
    ("messages", "usage_id"),
)


def upgrade() -> None:
    """Add tables."""
    for table in _TABLES:
        op.execute(table)
    for name, columns in _INDEXES:
        named = columns.replace(", ", "_")
        op.execute(f"CREATE INDEX ix_{name}_{named} ON {name} ({columns})")
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE ON consents "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Take them away."""
    for table in ("messages", "conversations", "model_replies", "consents"):
        op.execute(f"DROP TABLE {table}")
