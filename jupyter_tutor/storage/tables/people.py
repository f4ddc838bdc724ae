"""People: who they are to an authenticator, what they are in a course, what they say of themselves.

Deleting a person deletes everything that is theirs, here and in all other tables.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from jupyter_tutor.domain.people import LearningStyle, Role, SkillLevel
from jupyter_tutor.storage.columns import Document, Text, between, one_of
from jupyter_tutor.storage.tables.base import Base, CreatedAt, Key


class PersonRow(Base):
    """Someone the tutor knows."""

    __tablename__ = "people"

    id: Mapped[Key]
    display_name: Mapped[str]
    created_at: Mapped[CreatedAt]


class ExternalIdentityRow(Base):
    """How an authenticator names a person."""

    __tablename__ = "external_identities"
    __table_args__ = (
        CheckConstraint("char_length(subject) BETWEEN 1 AND 500", name="subject"),
        Index(None, "person_id"),
    )

    provider: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    created_at: Mapped[CreatedAt]


class EnrollmentRow(Base):
    """A person's role in a course."""

    __tablename__ = "enrollments"
    __table_args__ = (one_of("role", Role), Index(None, "course_id"))

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    course_id: Mapped[UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="RESTRICT"), primary_key=True
    )
    role: Mapped[Role]
    created_at: Mapped[CreatedAt]


class ProfileRow(Base):
    """What a person says of themselves."""

    __tablename__ = "profiles"
    __table_args__ = (
        one_of("skill_level", SkillLevel),
        one_of("learning_style", LearningStyle),
        between("hours_per_week", 0, 100),
    )

    person_id: Mapped[UUID] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str | None]
    skill_level: Mapped[SkillLevel | None]
    learning_style: Mapped[LearningStyle | None]
    goals: Mapped[list[str]] = mapped_column(ARRAY(Text))
    interests: Mapped[list[str]] = mapped_column(ARRAY(Text))
    hours_per_week: Mapped[float | None]
    time_zone: Mapped[str | None]
    preferences: Mapped[dict[str, str | int | float | bool]] = mapped_column(Document)
    updated_at: Mapped[datetime]
