"""Reviews by a rubric, the batches in which answers are read, and who released what."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.domain.reading_batches import BatchState
from jupyter_tutor.domain.reviews import NoDraft, ReviewStatus
from jupyter_tutor.storage.columns import Document, finite_not_negative, one_of
from jupyter_tutor.storage.tables.base import Base, Key


class ReadingBatchRow(Base):
    """Answers that are read together, at half the price; which ones stands in it for its bill."""

    __tablename__ = "reading_batches"
    __table_args__ = (
        one_of("state", BatchState),
        CheckConstraint("cardinality(submissions) > 0", name="submissions"),
        CheckConstraint("most_cost >= 0", name="most_cost"),
        CheckConstraint("state NOT IN ('running', 'collected') OR name <> ''", name="named"),
        Index(None, "course_id", "created_at"),
        Index(None, "exercise_id"),
        Index(None, "begun_by"),
    )

    id: Mapped[Key]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey("exercises.id", ondelete="RESTRICT"))
    begun_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    state: Mapped[BatchState]
    endpoint: Mapped[str]
    model: Mapped[str]
    name: Mapped[str]
    submissions: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    reservation_id: Mapped[UUID | None]
    most_cost: Mapped[Decimal] = mapped_column(Numeric(20, 12))
    created_at: Mapped[datetime]
    handed_in_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class ReviewRow(Base):
    """The review of a submission; what was released stands in evaluations."""

    __tablename__ = "reviews"
    __table_args__ = (
        one_of("status", ReviewStatus),
        one_of("no_draft", NoDraft),
        CheckConstraint("releases >= 0", name="releases"),
        CheckConstraint("status <> 'reading' OR reading_id IS NOT NULL", name="reading"),
        CheckConstraint("status <> 'drafted' OR draft IS NOT NULL", name="drafted"),
        CheckConstraint("(draft IS NULL) = (made_by IS NULL)", name="made"),
        finite_not_negative("points"),
        CheckConstraint(
            "(status = 'released') = (releases > 0) AND (points IS NULL) = (releases = 0)",
            name="released",
        ),
        CheckConstraint(
            "(agreed IS NULL) = (compared IS NULL) AND agreed BETWEEN 0 AND compared",
            name="agreed",
        ),
        Index(None, "batch_id"),
    )

    submission_id: Mapped[UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), primary_key=True
    )
    status: Mapped[ReviewStatus]
    no_draft: Mapped[NoDraft | None]
    reading_id: Mapped[UUID | None]
    batch_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("reading_batches.id", ondelete="SET NULL")
    )
    claimed_until: Mapped[datetime | None]
    read_source: Mapped[str]
    draft: Mapped[dict[str, object] | None] = mapped_column(Document)
    made_by: Mapped[dict[str, object] | None] = mapped_column(Document)
    audited: Mapped[bool]
    releases: Mapped[int]
    points: Mapped[float | None]
    agreed: Mapped[int | None]
    compared: Mapped[int | None]
    updated_at: Mapped[datetime]


class ReviewReleaseRow(Base):
    """Who released an evaluation; forgotten when they leave."""

    __tablename__ = "review_releases"
    __table_args__ = (Index(None, "released_by"),)

    evaluation_id: Mapped[UUID] = mapped_column(
        ForeignKey("evaluations.id", ondelete="CASCADE"), primary_key=True
    )
    released_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
