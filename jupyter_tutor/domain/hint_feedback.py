"""What learners say to a hint: whether it helped, and in their own words why the code works."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput

LONGEST_TEXT: Final = 2_000
"""Characters of a remark or an explanation."""


class FeedbackMark(StrEnum):
    """What a learner thinks of a hint; `WRONG`: it says something that is not true."""

    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class HintFeedback:
    """A learner's word on a hint: one per hint, theirs to change.

    Attributes:
        hint_id: Which hint.
        mark: What they think of it.
        text: Their remark, or "".
        at: When they said so last (UTC, database time).
    """

    hint_id: UUID
    mark: FeedbackMark
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SelfExplanation:
    """Why the code of a bottom-out works, in the learner's words.

    Attributes:
        hint_id: The bottom-out.
        text: A sentence or some.
        at: When it was written last (UTC, database time).
    """

    hint_id: UUID
    text: str
    at: datetime


def tidy_text(text: str, *, needed: bool) -> str:
    """Return a learner's text without blanks around it.

    Args:
        text: What they wrote.
        needed: Whether it may not be empty.

    Raises:
        InvalidInput: It is empty, too long, or holds a NUL character.
    """
    tidy = text.strip()
    if needed and not tidy:
        raise InvalidInput.of("refusal.explain_empty")
    if len(tidy) > LONGEST_TEXT:
        raise InvalidInput.of("refusal.text_long", count=LONGEST_TEXT)
    if "\0" in tidy:
        raise InvalidInput("The text contains a NUL character; remove it and send it again.")
    return tidy
