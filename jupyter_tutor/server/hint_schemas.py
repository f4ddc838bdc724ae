"""Wire types of hints and their ladder; `schemas` gives them on."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from jupyter_tutor.domain.hint_feedback import FeedbackMark
from jupyter_tutor.domain.hints import HintSource, WaitFor
from jupyter_tutor.server.replies import Reply


class FeedbackView(Reply):
    """What a learner thinks of a hint."""

    mark: FeedbackMark
    text: str
    at: datetime


class ExplanationReply(Reply):
    """Why the code of a bottom-out works, in the learner's words."""

    hint: UUID
    text: str
    at: datetime


class HintView(Reply):
    """A hint that was given; `cost` is what its learner accepted to lose for it, in points."""

    id: UUID
    level: int
    level_name: Literal["result", "nudge", "concept", "pointer", "steps", "bottom-out"]
    source: HintSource
    text: str
    language: str
    created_at: datetime
    cost: float
    feedback: FeedbackView | None
    explanation: ExplanationReply | None


class TwinView(Reply):
    """An exercise to try alone, once the steps of another were shown."""

    exercise: str
    title: str
    message: str


class LessonLinkView(Reply):
    """Where the course teaches the idea: a lesson, and its first exercise on it."""

    lesson: str
    exercise: str
    title: str


class LadderView(Reply):
    """What the Hint button can do now.

    `next_level` is the rung that a request gives now, or None when there is none now; `reason` then
    says what to do first; `opens_at` is when it opens by itself, if it does. Where the rung costs
    points, `cost` is its price, `reason` tells it, and only a request that accepts it gets the
    hint. `hints_left` is null where there is no limit. `to_explain` is the key of a bottom-out
    whose learner has not said yet why it works, and `explain` asks for that. `lesson` is where the
    idea can be read again, once a hint named it.
    """

    next_level: int | None
    reason: str
    opens_at: datetime | None
    deepest: int
    waits_for: WaitFor | None
    cost: float
    hints_left: int | None
    exam: bool
    to_explain: UUID | None
    explain: str
    twin: TwinView | None
    lesson: LessonLinkView | None
