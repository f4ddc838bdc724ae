"""The ports of reviews: how they are kept, and how the model that reads answers is reached.

They belong to the unit of work of `ports`.
"""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from jupyter_tutor.domain.pricing import Price
from jupyter_tutor.domain.reading_batches import ReadingBatch
from jupyter_tutor.domain.reviews import Agreement, Review
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.rubric_ports import BatchModel, RubricFacts, RubricModel


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A submission in the review queue: the latest graded one of a learner to an exercise.

    Attributes:
        review: Its review.
        learner_id: Who handed in.
        learner: Their name.
        exercise: Slug.
        revision_id: What was answered; it has a rubric.
        number: Which submission of the learner to the exercise it is.
        submitted_at: When it was received.
        grading: Where the tests stand.
        score: Of the tests, or None where there are none.
        released_at: When it was released last, or None.
        newer: Whether the learner has a newer graded submission: then it is not in the queue.
    """

    review: Review
    learner_id: UUID
    learner: str
    exercise: str
    revision_id: UUID
    number: int
    submitted_at: datetime
    grading: GradingStatus
    score: float | None
    released_at: datetime | None
    newer: bool = False


class Reviews(Protocol):
    """Reviews of submissions, and batches of readings."""

    def get(self, submission_id: UUID) -> Review:
        """Return the review of a submission, one that waits where nothing was done yet.

        Raises:
            NotFound: There is no such submission.
        """

    def lock(self, submission_id: UUID) -> Review:
        """Return it, and hold other transactions that lock it until this one ends.

        Who locks several takes them in the order of their keys. Raises NotFound.
        """

    def save(self, review: Review) -> None:
        """Store a review. Whoever claimed its reading has it no more. Raises NotFound."""

    def queue(self, course_slug: str, exercise: str | None = None) -> Sequence[QueueEntry]:
        """Return the queue of a course, or of one exercise of it, oldest submission first.

        Raises:
            NotFound: There is no such course.
        """

    def entry(self, submission_id: UUID) -> QueueEntry:
        """Return a graded submission to an exercise with a rubric, whether in the queue or not.

        Raises:
            NotFound: There is none.
        """

    def note_release(self, evaluation_id: UUID, by: UUID) -> None:
        """Note who released an evaluation. Raises NotFound."""

    def released_by(self, submission_id: UUID) -> dict[UUID, str]:
        """Return by key of an evaluation the name of who released it, where that is known."""

    def claim(self, exercise_id: UUID, most: int, until: datetime) -> Sequence[UUID]:
        """Claim readings of an exercise that are to be made at once and nobody makes now.

        Args:
            exercise_id: The exercise.
            most: How many at most.
            until: When the claim ends by itself, should who made it have died.

        Returns:
            Keys of submissions, oldest first.
        """

    def claimed_until(self, exercise_id: UUID) -> datetime | None:
        """Return when the last claim of a reading that is not done ends, or None."""

    def agreement(self, course_slug: str) -> Agreement:
        """Return how far audited drafts of a course and instructors agree. Raises NotFound."""

    def add_batch(self, batch: ReadingBatch) -> None:
        """Insert a batch. Raises NotFound."""

    def batch(self, batch_id: UUID) -> ReadingBatch:
        """Return a batch. Raises NotFound."""

    def lock_batch(self, batch_id: UUID) -> ReadingBatch:
        """Return it, and hold other transactions that lock it until this one ends."""

    def save_batch(self, batch: ReadingBatch) -> None:
        """Store what changes of a batch: not where, when or by whom it was planned.

        Raises:
            NotFound: There is no such batch.
        """

    def batches(self, course_slug: str, since: datetime) -> Sequence[ReadingBatch]:
        """Return the batches that are open, or ended after a time, newest first."""


@dataclass(frozen=True, slots=True)
class Reader:
    """The model that reads answers, as far as it matters here.

    Attributes:
        endpoint: Name of its endpoint in the configuration.
        model: The model.
        is_cloud: Whether it is outside of the organisation that runs the tutor.
        price: What it charges.
        most_tokens: The longest reply.
        tag: Gives learners opaque names.
        redact: Takes out of a text what must not leave, names of people among it.
        digest: SHA-256 (hex) of the prompt that is sent for something.
        open: Opens the model for as long as it is used, in one event loop.
        batches: Takes many at half the price; None where the endpoint does not.
        seconds: How long all readings of an answer may take: nobody waits for them before a page.
    """

    endpoint: str
    model: str
    is_cloud: bool
    price: Price
    most_tokens: int
    tag: Callable[[UUID], str]
    redact: Callable[[str, Collection[str]], str]
    digest: Callable[[RubricFacts], str]
    open: Callable[[], AbstractAsyncContextManager[RubricModel]]
    batches: BatchModel | None = None
    seconds: float = 60.0
