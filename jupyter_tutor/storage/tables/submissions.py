"""What learners hand to the tests, what came of it, and the hints they were given.

Answers, evaluations and results never change; a status does. The pair (exercise, revision) is one
foreign key, so that the exercise of a row is always that of its revision.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jupyter_tutor.domain.evaluations import Evaluator, Outcome
from jupyter_tutor.domain.exercises import HintLevel, Visibility
from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.storage.columns import Document, between, finite_not_negative, one_of
from jupyter_tutor.storage.tables.base import Base, CreatedAt, Key

_NONE = text("0")


def _by_answer() -> Index:
    """Return the index that finds identical answers; those that can't be reused are not in it."""
    there = text("answer_digest IS NOT NULL")
    return Index(None, "revision_id", "answer_digest", postgresql_where=there)


def _of_revision() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["exercise_id", "revision_id"],
        ["revisions.exercise_id", "revisions.id"],
        ondelete="RESTRICT",
    )


class AttemptRow(Base):
    """A formative run of the tests."""

    __tablename__ = "attempts"
    __table_args__ = (
        _of_revision(),
        one_of("status", GradingStatus),
        Index(None, "learner_id", "exercise_id", "created_at"),
        Index(None, "exercise_id", "revision_id"),
        _by_answer(),
    )

    id: Mapped[Key]
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    exercise_id: Mapped[UUID]
    revision_id: Mapped[UUID]
    answer: Mapped[dict[str, object]] = mapped_column(Document)
    status: Mapped[GradingStatus]
    verdict: Mapped[dict[str, object] | None] = mapped_column(Document)
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    answer_digest: Mapped[str | None]
    source: Mapped[UUID | None]


class SubmissionRow(Base):
    """What was handed in, numbered per learner and exercise."""

    __tablename__ = "submissions"
    __table_args__ = (
        _of_revision(),
        UniqueConstraint("learner_id", "exercise_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        one_of("status", GradingStatus),
        finite_not_negative("points_lost"),
        Index(None, "exercise_id", "revision_id"),
        _by_answer(),
    )

    id: Mapped[Key]
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    exercise_id: Mapped[UUID]
    revision_id: Mapped[UUID]
    number: Mapped[int]
    answer: Mapped[dict[str, object]] = mapped_column(Document)
    status: Mapped[GradingStatus]
    submitted_at: Mapped[CreatedAt]
    answer_digest: Mapped[str | None]
    points_lost: Mapped[float] = mapped_column(server_default=_NONE)

    evaluations: Mapped[list["EvaluationRow"]] = relationship(
        order_by="EvaluationRow.created_at, EvaluationRow.id", lazy="raise"
    )


class EvaluationRow(Base):
    """A verdict on a submission; `verdict_score` is NULL where there is only a score.

    `criteria` is NULL but where it was decided by a rubric.
    """

    __tablename__ = "evaluations"
    __table_args__ = (
        UniqueConstraint("submission_id", "run"),
        one_of("evaluator", Evaluator),
        between("score", 0, 1),
        between("verdict_score", 0, 1),
    )

    id: Mapped[Key]
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    run: Mapped[str]
    evaluator: Mapped[Evaluator]
    score: Mapped[float]
    verdict_score: Mapped[float | None]
    passed: Mapped[bool]
    feedback: Mapped[str]
    created_at: Mapped[datetime]
    source: Mapped[UUID | None]
    seed: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    criteria: Mapped[list[object] | None] = mapped_column(Document)

    results: Mapped[list["TestResultRow"]] = relationship(
        order_by="TestResultRow.part, TestResultRow.position", lazy="raise"
    )


class TestResultRow(Base):
    """One test of an evaluation, or (`part` is cell) an answer cell that did not complete."""

    __test__ = False  # pytest must not collect a table

    __tablename__ = "test_results"
    __table_args__ = (
        CheckConstraint("part IN ('cell', 'test')", name="part"),
        one_of("visibility", Visibility),
        one_of("outcome", Outcome),
        finite_not_negative("points"),
        finite_not_negative("earned"),
        finite_not_negative("seconds"),
        finite_not_negative("memory_mb"),
    )

    evaluation_id: Mapped[UUID] = mapped_column(
        ForeignKey("evaluations.id", ondelete="CASCADE"), primary_key=True
    )
    part: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    visibility: Mapped[Visibility]
    outcome: Mapped[Outcome]
    points: Mapped[float]
    earned: Mapped[float]
    called: Mapped[str]
    expected: Mapped[str]
    got: Mapped[str]
    difference: Mapped[str]
    message: Mapped[str]
    error: Mapped[dict[str, object] | None] = mapped_column(Document)
    stdout: Mapped[str]
    seconds: Mapped[float]
    memory_mb: Mapped[float | None]
    weaker: Mapped[bool] = mapped_column(server_default=false())


class HintRequestRow(Base):
    """A hint that was asked for and given."""

    __tablename__ = "hint_requests"
    __table_args__ = (
        _of_revision(),
        between("level", min(HintLevel), max(HintLevel)),
        one_of("source", HintSource),
        finite_not_negative("cost"),
        Index(None, "learner_id", "exercise_id", "created_at"),
        Index(None, "exercise_id", "revision_id"),
    )

    id: Mapped[Key]
    learner_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    exercise_id: Mapped[UUID]
    revision_id: Mapped[UUID]
    level: Mapped[HintLevel]
    source: Mapped[HintSource]
    text: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    cost: Mapped[float] = mapped_column(server_default=_NONE)
