"""The ledger of calls of a language model, and what is reserved for those under way."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.domain.model_calls import CallOutcome, Purpose, Tier
from jupyter_tutor.storage.columns import finite_not_negative, one_of
from jupyter_tutor.storage.tables.base import Base, CreatedAt, Key

TOKENS = ("input", "cache_write_5m", "cache_write_1h", "cache_read", "output")
"""The classes of tokens; a column `<class>_tokens` each, NULL where it was not reported."""


class UsageRecordRow(Base):
    """A call of a language model. Never changes, but forgets whom it was for when they leave."""

    __tablename__ = "usage_records"
    __table_args__ = (
        one_of("purpose", Purpose),
        one_of("tier", Tier),
        one_of("outcome", CallOutcome),
        *(CheckConstraint(f"{name}_tokens >= 0", name=f"{name}_tokens") for name in TOKENS),
        CheckConstraint("cost >= 0", name="cost"),
        finite_not_negative("seconds"),
        Index(None, "course_id", "created_at"),
        Index(None, "learner_id", "created_at"),
        Index(None, "exercise_id"),
    )

    id: Mapped[Key]
    purpose: Mapped[Purpose]
    learner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    exercise_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("exercises.id", ondelete="RESTRICT")
    )
    endpoint: Mapped[str]
    model: Mapped[str]
    price_version: Mapped[str]
    request_id: Mapped[str]
    tier: Mapped[Tier]
    reported: Mapped[bool]
    input_tokens: Mapped[int | None]
    cache_write_5m_tokens: Mapped[int | None]
    cache_write_1h_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    cost: Mapped[Decimal] = mapped_column(Numeric(20, 12))
    outcome: Mapped[CallOutcome]
    seconds: Mapped[float]
    created_at: Mapped[datetime]


class UsageReservationRow(Base):
    """What a call under way may cost; counts as spent until it is settled or expires.

    Without a learner the course alone pays.
    """

    __tablename__ = "usage_reservations"
    __table_args__ = (
        CheckConstraint("amount >= 0", name="amount"),
        Index(None, "learner_id", "expires_at"),
        Index(None, "course_id", "expires_at"),
    )

    id: Mapped[Key]
    learner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    amount: Mapped[Decimal] = mapped_column(Numeric(20, 12))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
