"""The ports of help: hints and what is said to them, settings, what instructors read of it.

They belong to the unit of work of `ports`, which gives them on.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Conversation, Message
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings, SettingsChain
from jupyter_tutor.domain.hints import Hint, HintDraft, HintRequest
from jupyter_tutor.domain.model_calls import UsageRecord
from jupyter_tutor.domain.quotas import Spent
from jupyter_tutor.services.read_models import (
    FeedbackCount,
    StoredSettings,
    UsageBy,
    UsageReport,
)


class Hints(Protocol):
    """Hints that were given, and what learners say to them."""

    def add(self, hint: Hint) -> None:
        """Insert a hint."""

    def given(self, learner_id: UUID, exercise_id: UUID) -> Sequence[Hint]:
        """Return the hints a learner was given on an exercise, any revision, oldest first."""

    def hint(self, hint_id: UUID) -> Hint:
        """Return a hint. Raises NotFound."""

    def save_feedback(self, feedback: HintFeedback) -> None:
        """Store what a learner thinks of a hint, in place of what they thought before.

        Raises:
            NotFound: There is no such hint.
        """

    def feedback(self, learner_id: UUID, exercise_id: UUID) -> Mapping[UUID, HintFeedback]:
        """Return what a learner thinks of the hints on an exercise, by the hint's key."""

    def drop_feedback(self, hint_id: UUID) -> None:
        """Forget what a learner thinks of a hint, if they said anything."""

    def save_explanation(self, explanation: SelfExplanation) -> None:
        """Store why a bottom-out works, in place of what was written before.

        Raises:
            NotFound: There is no such hint.
        """

    def explanations(self, learner_id: UUID, exercise_id: UUID) -> Mapping[UUID, SelfExplanation]:
        """Return a learner's explanations on an exercise, by the hint's key."""


class HintSettingsStore(Protocol):
    """Settings of help, as instructors said them."""

    def chain(
        self, course_slug: str, exercise_id: UUID | None, learner_id: UUID | None
    ) -> SettingsChain:
        """Return what is said for a learner and an exercise; for None nothing is.

        Raises:
            NotFound: There is no such course.
        """

    def everything(self, course_slug: str) -> Sequence[StoredSettings]:
        """Return all that is said in a course: of the course, exercises by slug, learners by name.

        Raises:
            NotFound: There is no such course.
        """

    def save(
        self,
        course_slug: str,
        settings: HintSettings,
        *,
        exercise: str | None = None,
        learner_id: UUID | None = None,
    ) -> bool:
        """Replace what is said for a course, an exercise, a learner or both; True when it changed.

        Settings that say nothing leave nothing stored.

        Raises:
            NotFound: There is no such course, exercise or learner.
        """

    def visible_since(self, course_slug: str) -> datetime | None:
        """Return since when instructors may read conversations; None where they may not.

        What else a course says may change meanwhile; to be switched off and on begins it anew.

        Raises:
            NotFound: There is no such course.
        """


class TeachingReads(Protocol):
    """What instructors read of a whole course."""

    def feedback_counts(self, course_slug: str) -> Sequence[FeedbackCount]:
        """Return what learners think of the hints, per exercise that gave any, in course order."""

    def usage(
        self,
        course_slug: str | None,
        by: UsageBy,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> UsageReport:
        """Return what calls of a language model cost, from a time on and before another.

        Of one course, or with None of all. By exercise, those of other courses are told apart as
        `course/exercise` where the course is None.
        """


class Ledger(Protocol):
    """Calls of a language model: what they cost, and what is reserved for those under way."""

    def lock(self, learner_id: UUID | None, course_slug: str | None) -> None:
        """Hold other transactions that reserve for a learner, or in a course, until this one ends.

        Args:
            learner_id: The learner, or None where the course alone pays.
            course_slug: The course, where it has a budget.
        """

    def spent(self, learner_id: UUID | None, course_slug: str, now: datetime) -> Spent:
        """Return what was spent this day and month, what is reserved and not expired included.

        Readings by a rubric are paid for by the course, and not by the learner's budget.

        Raises:
            NotFound: There is no such course.
        """

    def reserve(
        self, learner_id: UUID | None, course_slug: str, amount: Decimal, expires_at: datetime
    ) -> UUID:
        """Reserve an amount, for a learner or for what the course pays; returns its key.

        Raises:
            NotFound: There is no such course or learner.
        """

    def claim(self, key: UUID, learner_id: UUID, course_slug: str, expires_at: datetime) -> bool:
        """Claim to be the one who asks a model something, and tell whether nobody else does.

        It is a reservation of no money, under a key that all who would ask the same give it; the
        claim of a process that died is free when it has expired.

        Raises:
            NotFound: There is no such course or learner.
        """

    def release(self, reservation_id: UUID) -> None:
        """Give back what is reserved; nothing happens when that is done or expired already."""

    def add(self, record: UsageRecord) -> None:
        """Append a call.

        Raises:
            NotFound: There is no such course, exercise or learner.
        """

    def record(self, record_id: UUID) -> UsageRecord:
        """Return a call. Raises NotFound."""


class Consents(Protocol):
    """What learners said of language models reading their work, per course; nothing is changed."""

    def add(self, learner_id: UUID, course_slug: str, consent: Consent) -> None:
        """Note what a learner said.

        Raises:
            NotFound: There is no such course or learner.
        """

    def latest(self, learner_id: UUID, course_slug: str) -> Consent | None:
        """Return what a learner said last, or None when they were never asked."""


class ModelReplies(Protocol):
    """What was delivered for requests of a language model, by `reply_keys.reply_key`."""

    def find(self, course_slug: str, key: str) -> Mapping[str, object] | None:
        """Return what was delivered for a request and has not expired, or None."""

    def keep(
        self,
        course_slug: str,
        key: str,
        learner_id: UUID,
        reply: Mapping[str, object],
        expires_at: datetime,
    ) -> None:
        """Keep what was delivered (JSON), in place of what was kept before.

        It goes with the learner it was made for, and with time.

        Raises:
            NotFound: There is no such course or learner.
            InvalidInput: The reply has no JSON form.
        """


class Conversations(Protocol):
    """What learners and the tutor said, one conversation per learner and exercise."""

    def append(self, learner_id: UUID, course_slug: str, exercise: str, message: Message) -> None:
        """Add a message to the conversation about an exercise, beginning it with the first.

        Raises:
            NotFound: There is no such course, exercise, learner or call.
        """

    def of(
        self, learner_id: UUID, course_slug: str, exercise: str | None = None
    ) -> Sequence[Conversation]:
        """Return a learner's conversations in a course, or that about one exercise, by exercise."""

    def delete(self, learner_id: UUID, course_slug: str, exercise: str | None = None) -> int:
        """Delete a learner's conversations in a course, or that about one exercise.

        Returns:
            How many conversations are gone, with every message in them.
        """

    def remember_told(
        self, learner_id: UUID, course_slug: str, exercise: str, digests: Collection[str]
    ) -> None:
        """Keep digests of what a conversation told (`domain.told_lines`), beside those kept.

        Raises:
            NotFound: There is no such course, exercise or learner.
            InvalidInput: One is no SHA-256 in hexadecimal digits.
        """

    def told(self, learner_id: UUID, exercise_id: UUID) -> frozenset[str]:
        """Return the digests that are kept."""


class HintModel(Protocol):
    """Makes hints; the offline model is the default and the fallback of every other."""

    def hint(self, request: HintRequest) -> HintDraft:
        """Make the hint of the rung that is asked for; blocks, and never inside a transaction.

        Raises:
            NotFound: This exercise has no hint of that rung.
            ModelUnavailable: The model does not answer now.
        """
