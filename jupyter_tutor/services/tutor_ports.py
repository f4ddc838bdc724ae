"""The ports of help: hints and what is said to them, settings, what instructors read of it.

They belong to the unit of work of `ports`, which gives them on.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings, SettingsChain
from jupyter_tutor.domain.hints import Hint, HintDraft, HintRequest
from jupyter_tutor.services.read_models import FeedbackCount, StoredSettings


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
        """Replace what is said for a course, an exercise or a learner; True when it changed.

        Settings that say nothing leave nothing stored.

        Raises:
            NotFound: There is no such course, exercise or learner.
        """


class TeachingReads(Protocol):
    """What instructors read of a whole course."""

    def feedback_counts(self, course_slug: str) -> Sequence[FeedbackCount]:
        """Return what learners think of the hints, per exercise that gave any, in course order."""


class HintModel(Protocol):
    """Makes hints; the offline model is the default and the fallback of every other."""

    def hint(self, request: HintRequest) -> HintDraft:
        """Make the hint of the rung that is asked for; blocks, and never inside a transaction.

        Raises:
            NotFound: This exercise has no hint of that rung.
            ModelUnavailable: The model does not answer now.
        """
