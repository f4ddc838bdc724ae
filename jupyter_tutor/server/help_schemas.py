"""Wire types of what goes out of help: settings, feedback, usage, consent, conversations."""

from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.conversations import ChatClosed, Speaker
from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.domain.people import Role
from jupyter_tutor.server.bodies import HintSettingsBody
from jupyter_tutor.server.replies import Reply
from jupyter_tutor.services.read_models import UsageBy


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


class UsageSumView(Reply):
    """Calls of a language model, added up. `cost` is in US dollars, as text: nothing is rounded.

    `key` is a learner's key, a slug, a model, a purpose or a day, and "" where that is not known
    (any more). `cache_share` is the share of what went in that was found stored.
    """

    key: str
    label: str
    calls: int
    unsuccessful: int
    input: int
    cache_write: int
    cache_read: int
    output: int
    cache_share: float
    cost: str


class BudgetView(Reply):
    """What may be spent, in US dollars, as text; null is no limit.

    `course_month` is the budget of this course in a month of UTC, `spent` and `left` what of it is
    gone (reservations included) and left, `soft` whether 80 % of it is gone, `renews_at` when it
    begins anew. `learner_day` and `learner_month` are for one learner, in all courses.
    """

    course_month: str | None
    spent: str
    left: str | None
    soft: bool
    used_up: bool
    renews_at: datetime | None
    learner_day: str | None
    learner_month: str | None


class UsageReply(Reply):
    """What a language model cost in a course: dearest first, days newest first."""

    by: UsageBy
    sums: list[UsageSumView]
    total: UsageSumView
    budget: BudgetView


class ConsentTextView(Reply):
    """What a learner is told before they agree."""

    version: int
    question: str
    sent: str
    recipient: str
    never: str
    revoke: str
    conversations: str


class ConsentReply(Reply):
    """What the caller said in a course, and what else decides there.

    `given` is null before they were asked; `must_ask` says that they are to be asked now. `model`,
    `chat` and `cloud` are the switches of the course. `quota_message` tells, where it is not empty,
    that hints by a model are nearly or wholly used up; `quota_renews_at` when there are new ones.
    """

    given: bool | None
    version: int | None
    at: datetime | None
    must_ask: bool
    text: ConsentTextView
    model: bool
    chat: bool
    cloud: bool
    conversations_visible: bool
    quota_message: str
    quota_used_up: bool
    quota_renews_at: datetime | None


class MessageView(Reply):
    """One message of a conversation; `source` says who made a reply, and is null of a learner's."""

    id: UUID
    speaker: Speaker
    source: HintSource | None
    text: str
    language: str
    hint_level: int
    created_at: datetime


class ConversationView(Reply):
    """What was said about an exercise, oldest first."""

    exercise: str
    messages: list[MessageView]


class ChatView(Reply):
    """Whether a model would answer a question now: `closed` says why not, `message` in words.

    Where it would, `message` may tell that little of a budget is left.
    """

    closed: ChatClosed | None
    message: str


class ConversationsReply(Reply):
    """What a learner and the tutor said; `told` says who can read it.

    `chat` is there for the caller's own conversation about one exercise.
    """

    conversations: list[ConversationView]
    told: str
    chat: ChatView | None


class SaidReply(Reply):
    """What the caller asked and what the tutor says to it.

    `source` says whether rules or a model made the reply. `note` is what else the learner is told,
    such as that a budget is used up, or empty.
    """

    question: MessageView
    reply: MessageView
    source: HintSource
    note: str


class DeletedReply(Reply):
    """How many are gone."""

    deleted: int


class MemberView(Reply):
    """Somebody in a course; `accounts` are what they sign in with."""

    id: UUID
    name: str
    accounts: list[str]
    role: Role | None


class RosterReply(Reply):
    """Everybody in a course, by name."""

    people: list[MemberView]
