"""Consents, replies that are kept for a while, and conversations. All of it goes with a learner."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.domain.conversations import Speaker
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.storage.columns import Document, between, one_of
from jupyter_tutor.storage.tables.base import Base, CreatedAt, Key


class ConsentRow(Base):
    """A learner gave their consent, or took it back; the newest row of a course counts."""

    __tablename__ = "consents"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        Index(None, "learner_id", "course_id", "at"),
        Index(None, "course_id"),
    )

    id: Mapped[Key]
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    given: Mapped[bool]
    version: Mapped[int]
    at: Mapped[datetime]


class ModelReplyRow(Base):
    """What was delivered for a request, for whoever asks the same before it expires."""

    __tablename__ = "model_replies"
    __table_args__ = (
        CheckConstraint("char_length(key) = 64", name="key"),
        Index(None, "learner_id"),
        Index(None, "expires_at"),
    )

    course_id: Mapped[UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    reply: Mapped[dict[str, object]] = mapped_column(Document)
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class ConversationRow(Base):
    """What a learner and the tutor said about one exercise."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("learner_id", "exercise_id"),
        Index(None, "course_id"),
        Index(None, "exercise_id"),
    )

    id: Mapped[Key]
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey("exercises.id", ondelete="RESTRICT"))
    created_at: Mapped[CreatedAt]


class ToldLineRow(Base):
    """A digest of a line that a conversation told before it was deleted."""

    __tablename__ = "told_lines"
    __table_args__ = (
        CheckConstraint("char_length(digest) = 64", name="digest"),
        Index(None, "exercise_id"),
        Index(None, "told_at"),
    )

    learner_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    exercise_id: Mapped[UUID] = mapped_column(
        ForeignKey("exercises.id", ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(primary_key=True)
    told_at: Mapped[datetime]


class MessageRow(Base):
    """One message of a conversation."""

    __tablename__ = "messages"
    __table_args__ = (
        one_of("speaker", Speaker),
        between("hint_level", min(HintLevel), max(HintLevel)),
        Index(None, "conversation_id", "created_at"),
        Index(None, "usage_id"),
    )

    id: Mapped[Key]
    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    speaker: Mapped[Speaker]
    text: Mapped[str]
    language: Mapped[str]
    hint_level: Mapped[HintLevel]
    usage_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("usage_records.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]
