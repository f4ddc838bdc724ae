"""Personal data: all that is stored of one person, as it is read for them to take along.

What it comes to as documents is in `domain.personal_documents`. Attempts and submissions are not in
here: there may be so many that they are read in parts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Conversation
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.domain.model_calls import UsageRecord
from jupyter_tutor.domain.people import Person, Profile, Role
from jupyter_tutor.domain.reading_batches import BatchState


class DataKind(StrEnum):
    """A kind of what is stored of a person, in the order in which people are told of them.

    `RECORDS` are repeats of requests, kept replies, digests of deleted conversations, amounts that
    are set aside, and who looked at or changed what.
    """

    PROFILE = "profile"
    COURSES = "courses"
    CHECKS = "checks"
    SUBMISSIONS = "submissions"
    EVALUATIONS = "evaluations"
    HINTS = "hints"
    OPINIONS = "opinions"
    EXPLANATIONS = "explanations"
    MESSAGES = "messages"
    CONSENTS = "consents"
    MEMORY = "memory"
    CALLS = "calls"
    SETTINGS = "settings"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class DataCount:
    """How much is stored of a person.

    Attributes:
        kinds: Rows of each kind; all kinds are there.
        released_grades: Of the evaluations, those that an instructor released.
    """

    kinds: Mapping[DataKind, int]
    released_grades: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """What an authenticator calls a person, and since when that is known."""

    provider: str
    subject: str
    known_since: datetime


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person is in a course (by slug), and since when they are in it."""

    course: str
    role: Role
    since: datetime


@dataclass(frozen=True, slots=True)
class GivenHint:
    """A hint, and what its learner said to it."""

    hint: Hint
    feedback: HintFeedback | None = None
    explanation: SelfExplanation | None = None


@dataclass(frozen=True, slots=True)
class SaidConsent:
    """What a person said of a language model in a course (by slug)."""

    course: str
    consent: Consent


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """Settings of help for one learner in a course, or there on one exercise (by slugs)."""

    course: str
    exercise: str | None
    settings: HintSettings
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class HeldAmount:
    """US dollars that are set aside for a call under way in a course (by slug)."""

    course: str
    amount: Decimal
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What a language model said to a request in a course (by slug), kept for who asks the same."""

    course: str
    reply: Mapping[str, object]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A digest of a line that a deleted conversation told (see `domain.told_lines`), by slugs."""

    course: str
    exercise: str
    digest: str


@dataclass(frozen=True, slots=True)
class RepeatKey:
    """A key that came with a write, by which a repeat of it is known."""

    operation: str
    key: str


@dataclass(frozen=True, slots=True)
class PersonalEvent:
    """Something of the audit trail that a person did, or that was done to what is theirs.

    Attributes:
        action: What was done.
        subject: To what; "" where it is somebody else's.
        details: Further facts; "" where they are of somebody else.
        by: Who did it: `self`, `staff` (of a course), or `tutor` (by itself, or on its command
            line).
        at: When (UTC, database time).
    """

    action: str
    subject: str
    details: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BegunBatch:
    """A batch of readings that an instructor began on an exercise (by slugs): how many answers."""

    course: str
    exercise: str
    state: BatchState
    answers: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ReleasedGrade:
    """A grade that an instructor released on an exercise (by slugs); not whose it is."""

    course: str
    exercise: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PersonalRecords:
    """All that is stored of one person but attempts, submissions and memory.

    Attributes:
        person: Who it is.
        accounts: What authenticators call them.
        profile: What they say of themselves.
        memberships: Their courses, by slug.
        hints: The hints they were given, oldest first.
        conversations: What they and the tutor said, by course and exercise.
        consents: What they said of language models, oldest first.
        remembered: Slugs of the courses in which the tutor remembers something of them.
        calls: Calls of a language model for them, oldest first.
        held: What is set aside for calls under way.
        settings: Settings of help for them.
        replies: What a language model said to them and is kept for a while.
        told: Digests of what deleted conversations told.
        keys: Keys of their writes.
        events: What they did, and what was done to what is theirs, oldest first.
        batches: Batches of readings that they began as an instructor, oldest first.
        released: Grades that they released as an instructor, oldest first.
    """

    person: Person
    accounts: tuple[Account, ...] = ()
    profile: Profile = field(default_factory=Profile)
    memberships: tuple[Membership, ...] = ()
    hints: tuple[GivenHint, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    consents: tuple[SaidConsent, ...] = ()
    remembered: tuple[str, ...] = ()
    calls: tuple[UsageRecord, ...] = ()
    held: tuple[HeldAmount, ...] = ()
    settings: tuple[OwnSettings, ...] = ()
    replies: tuple[KeptReply, ...] = ()
    told: tuple[ToldLine, ...] = ()
    keys: tuple[RepeatKey, ...] = ()
    events: tuple[PersonalEvent, ...] = ()
    batches: tuple[BegunBatch, ...] = ()
    released: tuple[ReleasedGrade, ...] = ()


def event_of(
    person_id: UUID, actor_id: UUID | None, action: str, subject: str, details: str, at: datetime
) -> PersonalEvent:
    """Return an event of the audit trail as one person may see it: nobody else is in it."""
    by = "tutor" if actor_id is None else "self" if actor_id == person_id else "staff"
    if subject.startswith("person:") and not is_about(subject, person_id):
        subject = details = ""
    return PersonalEvent(action, subject, details, by, at)


def is_about(subject: str, person_id: UUID) -> bool:
    """Whether an event of the audit trail is about a person."""
    theirs = f"person:{person_id}"
    return subject == theirs or subject.startswith(f"{theirs}/")
