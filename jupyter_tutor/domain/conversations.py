"""Conversations: what a learner and the tutor said about one exercise."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.exercises import HintLevel

LONGEST_MESSAGE: Final = 4_000
"""Characters of one message: what is longer is refused, so that a model reads all of each."""


class ChatClosed(StrEnum):
    """Why nobody answers questions about an exercise now; the values are those of `Denied.code`."""

    EXAM = "exam"
    SWITCHED_OFF = "switched_off"
    NO_MODEL = "no_model"
    CLOUD = "cloud"
    NOT_ASKED = "not_asked"
    REFUSED = "refused"
    QUOTA = "quota"


class Speaker(StrEnum):
    """Who said something."""

    LEARNER = "learner"
    TUTOR = "tutor"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    Attributes:
        id: Key (UUIDv7).
        speaker: Who said it.
        text: What, Markdown.
        language: Language code.
        hint_level: The deepest rung the learner had been given by then.
        created_at: When (UTC, database time).
        usage_id: The call in the ledger that it came from, or None.
    """

    id: UUID
    speaker: Speaker
    text: str
    language: str
    hint_level: HintLevel
    created_at: datetime
    usage_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said about one exercise; there is one per learner and exercise.

    Attributes:
        learner_id: The learner.
        course: Slug.
        exercise: Slug.
        messages: Oldest first.
    """

    learner_id: UUID
    course: str
    exercise: str
    messages: tuple[Message, ...]
