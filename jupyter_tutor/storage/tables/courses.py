"""Courses, their topics, their lessons with every copy ever published, and data files.

Slugs are unique within a course. Nothing published is deleted: topics, lessons and exercises that
left a course are retired, because submissions refer to them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.storage.columns import Document, Text, one_of
from jupyter_tutor.storage.tables.base import Base, CreatedAt, Key


class CourseRow(Base):
    """A course."""

    __tablename__ = "courses"
    __table_args__ = (
        UniqueConstraint("slug"),
        CheckConstraint("char_length(slug) BETWEEN 1 AND 200", name="slug"),
        one_of("secret_results", SecretResults),
    )

    id: Mapped[Key]
    slug: Mapped[str]
    title: Mapped[dict[str, str]] = mapped_column(Document)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lessons: Mapped[list[str]] = mapped_column(ARRAY(Text))
    limits: Mapped[dict[str, object]] = mapped_column(Document)
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[datetime]
    secret_results: Mapped[SecretResults] = mapped_column(server_default="each")


class TopicRow(Base):
    """A unit of mastery."""

    __tablename__ = "topics"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        CheckConstraint("char_length(slug) BETWEEN 1 AND 200", name="slug"),
    )

    id: Mapped[Key]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    slug: Mapped[str]
    position: Mapped[int]
    title: Mapped[dict[str, str]] = mapped_column(Document)
    description: Mapped[dict[str, str]] = mapped_column(Document)
    retired: Mapped[bool] = mapped_column(server_default=false())


class TopicPrerequisiteRow(Base):
    """An edge of the graph of topics: `requires_id` comes before `topic_id`."""

    __tablename__ = "topic_prerequisites"
    __table_args__ = (
        CheckConstraint("topic_id <> requires_id", name="not_itself"),
        Index(None, "requires_id"),
    )

    topic_id: Mapped[UUID] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    requires_id: Mapped[UUID] = mapped_column(
        ForeignKey("topics.id", ondelete="RESTRICT"), primary_key=True
    )
    position: Mapped[int]


class LessonRow(Base):
    """A lesson: a notebook of the course, by its slug."""

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        CheckConstraint("char_length(slug) BETWEEN 1 AND 200", name="slug"),
    )

    id: Mapped[Key]
    course_id: Mapped[UUID] = mapped_column(ForeignKey("courses.id", ondelete="RESTRICT"))
    slug: Mapped[str]
    position: Mapped[int]
    title: Mapped[dict[str, str]] = mapped_column(Document)
    retired: Mapped[bool] = mapped_column(server_default=false())


class LessonRevisionRow(Base):
    """A published learner's copy of a lesson; never changes."""

    __tablename__ = "lesson_revisions"
    __table_args__ = (
        UniqueConstraint("lesson_id", "number"),
        CheckConstraint("number >= 1", name="number"),
    )

    id: Mapped[Key]
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("lessons.id", ondelete="RESTRICT"))
    number: Mapped[int]
    content_hash: Mapped[str]
    notebook: Mapped[dict[str, object]] = mapped_column(Document)
    created_at: Mapped[CreatedAt]


class DataFileRow(Base):
    """The bytes of a data file, kept once however many lessons and revisions need it."""

    __tablename__ = "data_files"
    __table_args__ = (CheckConstraint("char_length(sha256) = 64", name="sha256"),)

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class LessonFileRow(Base):
    """A data file that goes with a learner's copy."""

    __tablename__ = "lesson_files"
    __table_args__ = (Index(None, "sha256"),)

    lesson_revision_id: Mapped[UUID] = mapped_column(
        ForeignKey("lesson_revisions.id", ondelete="CASCADE"), primary_key=True
    )
    path: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("data_files.sha256", ondelete="RESTRICT"))
