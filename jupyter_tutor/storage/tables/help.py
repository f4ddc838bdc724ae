"""Help: what instructors set, and what learners say to the hints they were given."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.storage.columns import Document, one_of
from jupyter_tutor.storage.tables.base import Base, Key


class HintSettingsRow(Base):
    """Settings of help for a course, an exercise, a learner, or a learner on one exercise."""

    __tablename__ = "hint_settings"
    __table_args__ = (
        UniqueConstraint(
            "course_id", "exercise_id", "learner_id", postgresql_nulls_not_distinct=True
        ),
        Index(None, "exercise_id"),
        Index(None, "learner_id"),
    )

    id: Mapped[Key]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    exercise_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("exercises.id", ondelete="RESTRICT")
    )
    learner_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    settings: Mapped[dict[str, object]] = mapped_column(Document)
    updated_at: Mapped[datetime]


class SelfExplanationRow(Base):
    """Why the code of a bottom-out works, in the learner's words."""

    __tablename__ = "self_explanations"

    hint_id: Mapped[UUID] = mapped_column(
        ForeignKey("hint_requests.id", ondelete="CASCADE"), primary_key=True
    )
    text: Mapped[str]
    at: Mapped[datetime]


class HintFeedbackRow(Base):
    """What a learner thinks of a hint."""

    __tablename__ = "hint_feedback"
    __table_args__ = (one_of("mark", FeedbackMark),)

    hint_id: Mapped[UUID] = mapped_column(
        ForeignKey("hint_requests.id", ondelete="CASCADE"), primary_key=True
    )
    mark: Mapped[FeedbackMark]
    text: Mapped[str]
    at: Mapped[datetime]
