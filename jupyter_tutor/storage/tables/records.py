"""Records beside the product: writes that were done, and who looked at or changed whose data."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.storage.columns import finite_not_negative
from jupyter_tutor.storage.tables.base import Base, CreatedAt, Key


class IdempotencyKeyRow(Base):
    """A key a client sent with a write, what it asked for, and what the write made."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("char_length(key) BETWEEN 1 AND 200", name="key"),
        Index(None, "created_at"),
    )

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    operation: Mapped[str]
    digest: Mapped[str]
    result_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]


class ShippedCourseRow(Base):
    """What was last published of a course that comes with the package."""

    __tablename__ = "shipped_courses"

    course_id: Mapped[UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True
    )
    release: Mapped[str]
    sources: Mapped[str]
    content: Mapped[str]
    installed_at: Mapped[CreatedAt]


class GraderRow(Base):
    """What a worker has to give; rows of workers that are gone mean nothing."""

    __tablename__ = "graders"
    __table_args__ = (
        CheckConstraint("places >= 1", name="places"),
        finite_not_negative("run_seconds"),
    )

    worker_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    places: Mapped[int]
    isolation: Mapped[str]
    run_seconds: Mapped[float | None]


class InstallationRow(Base):
    """What an installation knows of itself, in one row; the secret is shown to nobody."""

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("octet_length(secret) = 32", name="secret"),
    )

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    secret: Mapped[bytes]
    created_at: Mapped[CreatedAt]


class AuditEventRow(Base):
    """Somebody (or the tutor itself: NULL) looked at or changed something. Never changes."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "actor_id"),)

    id: Mapped[Key]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    action: Mapped[str]
    subject: Mapped[str]
    details: Mapped[str]
    at: Mapped[CreatedAt]
