"""The hint ladder: which rung a learner may climb to now, and what is to be done first.

Pacing after Aleven et al. on hint abuse: between rungs lies a changed run or time to read.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from jupyter_tutor.domain.exercises import HintLevel


class HintSource(StrEnum):
    """Who made a hint."""

    RULES = "rules"
    AUTHOR = "author"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint a learner was given.

    Attributes:
        id: Key (UUIDv7).
        learner_id: Who asked.
        revision_id: For which revision.
        level: Its rung.
        source: Who made it.
        text: Markdown.
        language: Language code of the text.
        created_at: When (UTC, database time).
    """

    id: UUID
    learner_id: UUID
    revision_id: UUID
    level: HintLevel
    source: HintSource
    text: str
    language: str
    created_at: datetime
