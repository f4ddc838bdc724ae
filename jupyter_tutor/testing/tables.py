"""What the in-memory database holds: dictionaries of immutable values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Conversation
from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.exercises import DataFile, LessonContent, Revision
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.domain.mastery import Difficulty
from jupyter_tutor.domain.memory import LearnerMemory
from jupyter_tutor.domain.model_calls import UsageRecord
from jupyter_tutor.domain.people import Person, Profile, Role
from jupyter_tutor.domain.reading_batches import ReadingBatch
from jupyter_tutor.domain.reviews import Review
from jupyter_tutor.domain.submissions import Attempt, Submission
from jupyter_tutor.domain.tags import InstallationSecret
from jupyter_tutor.services.read_models import ShippedCourse

Scoped = tuple[str, str]
"""A course's slug and the slug of something in it."""


@dataclass(frozen=True, slots=True)
class StoredLesson:
    """A lesson as published last."""

    content: LessonContent
    position: int
    retired: bool = False


@dataclass(frozen=True, slots=True)
class StoredExercise:
    """Where an exercise stands; its revisions are apart."""

    id: UUID
    lesson: str
    position: int
    retired: bool = False


@dataclass(frozen=True, slots=True)
class StoredKey:
    """An idempotency key that was claimed."""

    operation: str
    digest: str
    result_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Who did what to whose data."""

    actor_id: UUID | None
    action: str
    subject: str
    details: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job in the queue, in the order of `number` among those of the same priority."""

    number: int
    name: str
    subject_id: UUID
    priority: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredHintSettings:
    """Settings of help, and when they were said."""

    settings: HintSettings
    updated_at: datetime
    visible_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredReservation:
    """What a call under way may cost."""

    learner_id: UUID | None
    course: str
    amount: Decimal
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class StoredReply:
    """What was delivered for a request."""

    learner_id: UUID
    reply: Mapping[str, object]
    expires_at: datetime


@dataclass(slots=True)
class Tables:
    """Everything; `copy` makes the snapshot that a rollback returns to."""

    people: dict[UUID, Person] = field(default_factory=dict)
    identities: dict[tuple[str, str], UUID] = field(default_factory=dict)
    enrollments: dict[tuple[UUID, str], Role] = field(default_factory=dict)
    profiles: dict[UUID, Profile] = field(default_factory=dict)
    courses: dict[str, Course] = field(default_factory=dict)
    shipped: dict[str, ShippedCourse] = field(default_factory=dict)
    topics: dict[Scoped, bool] = field(default_factory=dict)
    lessons: dict[Scoped, StoredLesson] = field(default_factory=dict)
    exercises: dict[Scoped, StoredExercise] = field(default_factory=dict)
    revisions: dict[UUID, Revision] = field(default_factory=dict)
    files: dict[UUID, tuple[DataFile, ...]] = field(default_factory=dict)
    attempts: dict[UUID, Attempt] = field(default_factory=dict)
    submissions: dict[UUID, Submission] = field(default_factory=dict)
    runs: dict[tuple[UUID, str], UUID] = field(default_factory=dict)
    digests: dict[UUID, str] = field(default_factory=dict)
    hints: dict[UUID, Hint] = field(default_factory=dict)
    hint_feedback: dict[UUID, HintFeedback] = field(default_factory=dict)
    explanations: dict[UUID, SelfExplanation] = field(default_factory=dict)
    hint_settings: dict[tuple[str, str | None, UUID | None], StoredHintSettings] = field(
        default_factory=dict
    )
    reviews: dict[UUID, Review] = field(default_factory=dict)
    review_claims: dict[UUID, datetime] = field(default_factory=dict)
    releases: dict[UUID, UUID] = field(default_factory=dict)
    batches: dict[UUID, ReadingBatch] = field(default_factory=dict)
    usage: dict[UUID, UsageRecord] = field(default_factory=dict)
    reservations: dict[UUID, StoredReservation] = field(default_factory=dict)
    consents: dict[tuple[UUID, str], tuple[Consent, ...]] = field(default_factory=dict)
    replies: dict[tuple[str, str], StoredReply] = field(default_factory=dict)
    conversations: dict[tuple[UUID, str, str], Conversation] = field(default_factory=dict)
    told_lines: dict[tuple[UUID, UUID], frozenset[str]] = field(default_factory=dict)
    memories: dict[tuple[UUID, str], LearnerMemory] = field(default_factory=dict)
    difficulties: dict[str, dict[str, Difficulty]] = field(default_factory=dict)
    keys: dict[tuple[UUID, str], StoredKey] = field(default_factory=dict)
    audit: list[AuditEvent] = field(default_factory=list)
    jobs: list[StoredJob] = field(default_factory=list)
    secrets: list[InstallationSecret] = field(default_factory=list)
    news: list[UUID] = field(default_factory=list)

    def copy(self) -> Self:
        """Return a copy that later changes do not touch."""
        return type(self)(**{each.name: getattr(self, each.name).copy() for each in fields(self)})
