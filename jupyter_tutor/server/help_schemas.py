"""Wire types of what goes out of help: settings, feedback, usage, consent, conversations."""

from datetime import datetime
from uuid import UUID

from jupyter_tutor.server.bodies import HintSettingsBody
from jupyter_tutor.server.schemas import Reply


class FeedbackCountView(Reply):
    """What learners think of the hints of an exercise; `hints` are those above the result."""

    exercise: str
    hints: int
    helpful: int
    not_helpful: int
    wrong: int


class FeedbackCountsReply(Reply):
    """What learners think of the hints of a course, per exercise; names nobody."""

    exercises: list[FeedbackCountView]


class StoredSettingsView(Reply):
    """Settings of help and whom they are for."""

    settings: HintSettingsBody
    exercise: str | None
    learner: UUID | None
    learner_name: str
    updated_at: datetime


class HintSettingsReply(Reply):
    """All that is said in a course: of the course, of exercises, of learners."""

    settings: list[StoredSettingsView]
