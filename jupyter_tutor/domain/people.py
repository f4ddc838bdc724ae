"""People: who someone is, what they may do in a course, and what they say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is in one course."""

    LEARNER = "learner"
    ASSISTANT = "assistant"
    INSTRUCTOR = "instructor"
    GUARDIAN = "guardian"
    ADMIN = "admin"


class SkillLevel(StrEnum):
    """How a learner rates their own skill."""

    BEGINNER = "beginner"
    INTERMEDIATE = "intermediate"
    ADVANCED = "advanced"
    EXPERT = "expert"


class LearningStyle(StrEnum):
    """How a learner likes to learn."""

    VISUAL = "visual"
    AUDITORY = "auditory"
    KINESTHETIC = "kinesthetic"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Identity:
    """How an authenticator names a person: `subject` is unique within `provider`.

    On a laptop the provider is "local" and the subject the account of the operating system; on a
    Hub they are "jupyterhub" and the Hub's user name.
    """

    provider: str
    subject: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone the tutor knows; may have several identities."""

    id: UUID
    display_name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Enrollment:
    """A person's role in a course."""

    person_id: UUID
    course_slug: str
    role: Role


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a course, as whoever leads it sees them.

    Attributes:
        person: Who it is.
        accounts: What authenticators call them, by the alphabet; empty where none knows them.
        role: What they are in the course, or None where they are not in it.
    """

    person: Person
    accounts: tuple[str, ...]
    role: Role | None


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person says of themselves.

    Attributes:
        language: Preferred language code, or None for the interface's.
        skill_level: Their own rating.
        learning_style: Their own preference.
        goals: What they want to reach, in their words; at most 20.
        interests: Likewise.
        hours_per_week: Time they want to spend, 0 to 100, or None.
        time_zone: IANA name, or None.
        preferences: Settings of the interface, scalars by name.
    """

    language: str | None = None
    skill_level: SkillLevel | None = None
    learning_style: LearningStyle | None = None
    goals: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    hours_per_week: float | None = None
    time_zone: str | None = None
    preferences: Mapping[str, str | int | float | bool] = field(default_factory=dict)
