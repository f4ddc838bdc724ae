"""What the tutor knows of a learner in a course: a stored fold, plain columns throughout."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, SmallInteger, false
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.storage.columns import between, finite, finite_not_negative
from jupyter_tutor.storage.tables.base import Base


def _of_memory() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["person_id", "course_id"],
        ["learner_memory.person_id", "learner_memory.course_id"],
        ondelete="CASCADE",
    )


class LearnerMemoryRow(Base):
    """One learner in one course: ability (logits), its variance, how far the fold has read."""

    __tablename__ = "learner_memory"
    __table_args__ = (
        finite("ability"),
        finite_not_negative("ability_var"),
        CheckConstraint("n >= 0", name="n"),
        Index(None, "course_id"),
    )

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    course_id: Mapped[UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="RESTRICT"), primary_key=True
    )
    ability: Mapped[float]
    ability_var: Mapped[float]
    n: Mapped[int]
    last_event_at: Mapped[datetime | None]


class MasteryRow(Base):
    """One learner in one topic."""

    __tablename__ = "mastery"
    __table_args__ = (
        _of_memory(),
        finite("delta"),
        finite_not_negative("delta_var"),
        CheckConstraint(
            "n >= 0 AND wins BETWEEN 0 AND n AND unaided BETWEEN 0 AND wins", name="counts"
        ),
        CheckConstraint("consecutive_failures >= 0", name="consecutive_failures"),
        Index(None, "topic_id"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic_id: Mapped[UUID] = mapped_column(
        ForeignKey("topics.id", ondelete="RESTRICT"), primary_key=True
    )
    delta: Mapped[float]
    delta_var: Mapped[float]
    n: Mapped[int]
    wins: Mapped[int]
    unaided: Mapped[int]
    consecutive_failures: Mapped[int]
    last_unaided: Mapped[bool]
    last_at: Mapped[datetime | None]


class OpenEpisodeRow(Base):
    """Work on an exercise that is not settled; no topic and difficulty 0 while only hints came."""

    __tablename__ = "open_episodes"
    __table_args__ = (
        _of_memory(),
        between("difficulty", 0, 10),
        CheckConstraint("submissions >= 0", name="submissions"),
        between("deepest_hint", min(HintLevel), max(HintLevel)),
        Index(None, "exercise_id"),
        Index(None, "topic_id"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    exercise_id: Mapped[UUID] = mapped_column(
        ForeignKey("exercises.id", ondelete="RESTRICT"), primary_key=True
    )
    topic_id: Mapped[UUID | None] = mapped_column(ForeignKey("topics.id", ondelete="RESTRICT"))
    difficulty: Mapped[int] = mapped_column(SmallInteger)
    submissions: Mapped[int]
    deepest_hint: Mapped[HintLevel]
    began_at: Mapped[datetime]


class PassedExerciseRow(Base):
    """An exercise that was passed, when last, and whether the steps had been shown by then."""

    __tablename__ = "passed_exercises"
    __table_args__ = (_of_memory(), Index(None, "exercise_id"))

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    exercise_id: Mapped[UUID] = mapped_column(
        ForeignKey("exercises.id", ondelete="RESTRICT"), primary_key=True
    )
    passed_at: Mapped[datetime]
    shown: Mapped[bool] = mapped_column(server_default=false())


class ExerciseDifficultyRow(Base):
    """How hard an exercise proved to be (logits), its variance, the episodes behind it."""

    __tablename__ = "exercise_difficulty"
    __table_args__ = (
        finite("b"),
        finite_not_negative("b_var"),
        CheckConstraint("n >= 0", name="n"),
    )

    exercise_id: Mapped[UUID] = mapped_column(
        ForeignKey("exercises.id", ondelete="CASCADE"), primary_key=True
    )
    b: Mapped[float]
    b_var: Mapped[float]
    n: Mapped[int]
    updated_at: Mapped[datetime]
