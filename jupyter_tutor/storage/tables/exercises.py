"""Exercises and their revisions. A revision and everything below it never changes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jupyter_tutor.domain.exercises import ExerciseKind, HintLevel, Visibility
from jupyter_tutor.storage.columns import Document, between, finite_not_negative, one_of
from jupyter_tutor.storage.tables.base import Base, CreatedAt, Key


class ExerciseRow(Base):
    """An exercise, by its slug in the course; its content stands in revisions."""

    __tablename__ = "exercises"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        CheckConstraint("char_length(slug) BETWEEN 1 AND 200", name="slug"),
        Index(None, "lesson_id", "position"),
    )

    id: Mapped[Key]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lessons.id", ondelete="RESTRICT"))
    slug: Mapped[str]
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(server_default=false())


class RevisionRow(Base):
    """What was published: facts that queries need as columns, the rest in `content`."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("exercise_id", "number"),
        UniqueConstraint("exercise_id", "id"),
        CheckConstraint("number >= 1", name="number"),
        one_of("kind", ExerciseKind),
        between("difficulty", 1, 10),
        finite_not_negative("points"),
        CheckConstraint("max_submissions >= 0", name="max_submissions"),
        between("deepest_hint", min(HintLevel), max(HintLevel)),
        Index(None, "topic_id"),
    )

    id: Mapped[Key]
    exercise_id: Mapped[UUID] = mapped_column(ForeignKey("exercises.id", ondelete="RESTRICT"))
    number: Mapped[int]
    content_hash: Mapped[str]
    kind: Mapped[ExerciseKind]
    topic_id: Mapped[UUID] = mapped_column(ForeignKey("topics.id", ondelete="RESTRICT"))
    difficulty: Mapped[int] = mapped_column(SmallInteger)
    points: Mapped[float]
    max_submissions: Mapped[int | None]
    due_at: Mapped[datetime | None]
    deepest_hint: Mapped[HintLevel]
    content: Mapped[dict[str, object]] = mapped_column(Document)
    created_at: Mapped[CreatedAt]

    texts: Mapped[list["RevisionTextRow"]] = relationship(
        order_by="RevisionTextRow.position", lazy="raise"
    )
    tests: Mapped[list["TestCaseRow"]] = relationship(order_by="TestCaseRow.position", lazy="raise")
    files: Mapped[list["RevisionFileRow"]] = relationship(
        order_by="RevisionFileRow.position", lazy="raise"
    )


class RevisionTextRow(Base):
    """What a revision says in one language; the first position is the original."""

    __tablename__ = "revision_texts"

    revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    title: Mapped[str]
    prompt: Mapped[str]
    hints: Mapped[dict[str, str]] = mapped_column(Document)


class TestCaseRow(Base):
    """A check of a revision; `spec` also holds the points exactly as the author wrote them."""

    __test__ = False  # pytest must not collect a table

    __tablename__ = "test_cases"
    __table_args__ = (
        UniqueConstraint("revision_id", "name"),
        one_of("visibility", Visibility),
        finite_not_negative("points"),
    )

    revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    visibility: Mapped[Visibility]
    points: Mapped[float]
    spec: Mapped[dict[str, object]] = mapped_column(Document)


class RevisionFileRow(Base):
    """A data file that runs of a revision need, by its path beside the notebook."""

    __tablename__ = "revision_files"
    __table_args__ = (Index(None, "sha256"),)

    revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("data_files.sha256", ondelete="RESTRICT"))
