"""Reviews by a rubric: drafts, batches of readings, what instructors released.

Every evaluation there is was not made by a rubric, and every reservation is a learner's.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = (
    """
    CREATE TABLE reading_batches (
        id uuid CONSTRAINT pk_reading_batches PRIMARY KEY,
        course_id uuid NOT NULL
            CONSTRAINT fk_reading_batches_course_id REFERENCES courses ON DELETE RESTRICT,
        exercise_id uuid NOT NULL
            CONSTRAINT fk_reading_batches_exercise_id REFERENCES exercises ON DELETE RESTRICT,
        begun_by uuid
            CONSTRAINT fk_reading_batches_begun_by REFERENCES people ON DELETE SET NULL,
        state text NOT NULL CONSTRAINT ck_reading_batches_state CHECK (
            state IN ('planned', 'handing_in', 'running', 'collected', 'lost', 'refused')),
        endpoint text NOT NULL,
        model text NOT NULL,
        name text NOT NULL,
        submissions uuid[] NOT NULL
            CONSTRAINT ck_reading_batches_submissions CHECK (cardinality(submissions) > 0),
        reservation_id uuid,
        most_cost numeric(20, 12) NOT NULL
            CONSTRAINT ck_reading_batches_most_cost CHECK (most_cost >= 0),
        created_at timestamptz NOT NULL,
        handed_in_at timestamptz,
        ended_at timestamptz,
        CONSTRAINT ck_reading_batches_named
            CHECK (state NOT IN ('running', 'collected') OR name <> '')
    )
    """,
    """
    CREATE TABLE reviews (
        submission_id uuid CONSTRAINT pk_reviews PRIMARY KEY
            CONSTRAINT fk_reviews_submission_id REFERENCES submissions ON DELETE CASCADE,
        status text NOT NULL CONSTRAINT ck_reviews_status
            CHECK (status IN ('waiting', 'reading', 'drafted', 'released')),
        no_draft text CONSTRAINT ck_reviews_no_draft CHECK (no_draft IN (
            'no_model', 'no_consent', 'no_cloud', 'switched_off', 'budget', 'too_long',
            'unreadable', 'failed', 'audited')),
        reading_id uuid,
        batch_id uuid
            CONSTRAINT fk_reviews_batch_id REFERENCES reading_batches ON DELETE SET NULL,
        claimed_until timestamptz,
        read_source text NOT NULL,
        draft json,
        made_by json,
        audited boolean NOT NULL,
        releases integer NOT NULL CONSTRAINT ck_reviews_releases CHECK (releases >= 0),
        points double precision CONSTRAINT ck_reviews_points
            CHECK (points >= 0 AND points < 'Infinity'),
        agreed integer,
        compared integer,
        updated_at timestamptz NOT NULL,
        CONSTRAINT ck_reviews_reading CHECK (status <> 'reading' OR reading_id IS NOT NULL),
        CONSTRAINT ck_reviews_drafted CHECK (status <> 'drafted' OR draft IS NOT NULL),
        CONSTRAINT ck_reviews_made CHECK ((draft IS NULL) = (made_by IS NULL)),
        CONSTRAINT ck_reviews_released CHECK (
            (status = 'released') = (releases > 0) AND (points IS NULL) = (releases = 0)),
        CONSTRAINT ck_reviews_agreed CHECK (
            (agreed IS NULL) = (compared IS NULL) AND agreed BETWEEN 0 AND compared)
    )
    """,
    """
    CREATE TABLE review_releases (
        evaluation_id uuid CONSTRAINT pk_review_releases PRIMARY KEY
            CONSTRAINT fk_review_releases_evaluation_id REFERENCES evaluations ON DELETE CASCADE,
        released_by uuid
            CONSTRAINT fk_review_releases_released_by REFERENCES people ON DELETE SET NULL
    )
    """,
)
_INDEXES = (
    ("reading_batches", "course_id, created_at"),
    ("reading_batches", "exercise_id"),
    ("reading_batches", "begun_by"),
    ("reviews", "batch_id"),
    ("review_releases", "released_by"),
)


def upgrade() -> None:
    """Add tables and columns."""
    for table in _TABLES:
        op.execute(table)
    for name, columns in _INDEXES:
        named = columns.replace(", ", "_")
        op.execute(f"CREATE INDEX ix_{name}_{named} ON {name} ({columns})")
    op.execute("ALTER TABLE evaluations ADD COLUMN criteria json")
    # What a course pays for is reserved for no learner.
    op.execute("ALTER TABLE usage_reservations ALTER COLUMN learner_id DROP NOT NULL")


def downgrade() -> None:
    """Take them away; what was decided by a rubric goes with them."""
    op.execute("DELETE FROM usage_reservations WHERE learner_id IS NULL")
    op.execute("ALTER TABLE usage_reservations ALTER COLUMN learner_id SET NOT NULL")
    # Without its criteria such an evaluation would count as the grade of the tests.
    op.execute("DELETE FROM evaluations WHERE criteria IS NOT NULL")
    op.execute("ALTER TABLE evaluations DROP COLUMN criteria")
    for table in ("review_releases", "reviews", "reading_batches"):
        op.execute(f"DROP TABLE {table}")
