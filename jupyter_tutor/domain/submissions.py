"""Attempts and submissions: what learners hand to the tests, and whether they may."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from jupyter_tutor.domain.criterion_grades import points_of
from jupyter_tutor.domain.errors import SubmissionClosed
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Verdict
from jupyter_tutor.domain.exercises import ExerciseContent
from jupyter_tutor.domain.observations import CellSource


class GradingStatus(StrEnum):
    """Where a run or a grade stands. `FAILED` is ours, not theirs; passing is a score."""

    QUEUED = "queued"
    RUNNING = "running"
    GRADED = "graded"
    FAILED = "failed"
    NEEDS_REVIEW = "needs_review"

    @property
    def settled(self) -> bool:
        """Whether no further step will come by itself."""
        return self not in (GradingStatus.QUEUED, GradingStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner wrote: sources of the answer cells, or responses to the questions."""

    cells: tuple[CellSource, ...] = ()
    responses: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A formative run of the tests: an event, never a grade.

    Attributes:
        id: Key (UUIDv7).
        learner_id: Who ran the tests.
        revision_id: What was run against.
        answer: The sources at that moment.
        status: Where it stands.
        verdict: The whole verdict, secret tests included; None until it is graded.
        created_at: When it was asked for (UTC, database time).
        finished_at: When it settled.
        source: The attempt with an identical answer whose verdict this is; None when it was run.
    """

    id: UUID
    learner_id: UUID
    revision_id: UUID
    answer: Answer
    status: GradingStatus
    verdict: Verdict | None
    created_at: datetime
    finished_at: datetime | None
    source: UUID | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """What was handed in; immutable but for its status and the evaluations added to it.

    Attributes:
        id: Key (UUIDv7).
        learner_id: Who handed in.
        revision_id: What was answered.
        number: 1 for the learner's first submission to the exercise.
        answer: What was handed in.
        status: Where grading stands.
        evaluations: Oldest first; see `graded` and `released` for those that count.
        submitted_at: When it was received whole (UTC, database time).
        points_lost: What the hints taken before it cost; no evaluation changes it.
    """

    id: UUID
    learner_id: UUID
    revision_id: UUID
    number: int
    answer: Answer
    status: GradingStatus
    evaluations: tuple[Evaluation, ...]
    submitted_at: datetime
    points_lost: float = 0.0

    @property
    def graded(self) -> Evaluation | None:
        """The evaluation that counts: the last one that is not by a rubric, or None before it."""
        return next((each for each in reversed(self.evaluations) if not each.criteria), None)

    @property
    def releases(self) -> tuple[Evaluation, ...]:
        """What instructors released by the rubric, oldest first."""
        return tuple(each for each in self.evaluations if _is_release(each))

    @property
    def released(self) -> Evaluation | None:
        """What an instructor released last by the rubric, or None."""
        return self.releases[-1] if self.releases else None

    @property
    def score(self) -> float | None:
        """The score of the evaluation that counts, or None before the first.

        Where nothing was tested it is what was released by the rubric.
        """
        counting = self.graded or self.released
        return None if counting is None else counting.score

    @property
    def rubric_points(self) -> float | None:
        """What it earned by the rubric, beside the points of the tests; None before a release."""
        return None if self.released is None else points_of(self.released.criteria)

    def earned(self, points: float) -> float | None:
        """Return what it earned of the points of its tests, hints paid; None before a grade."""
        return None if self.score is None else max(self.score * points - self.points_lost, 0.0)

    def earned_in_all(self, points: float) -> float | None:
        """Return the same with what it earned by a rubric; None before a grade."""
        earned = self.earned(points)
        return None if earned is None else earned + (self.rubric_points or 0.0)


def _is_release(evaluation: Evaluation) -> bool:
    return evaluation.evaluator is Evaluator.INSTRUCTOR and bool(evaluation.criteria)


def used(submissions: Iterable[Submission]) -> int:
    """Return how many submissions count: one whose grading failed, which is our fault, does not."""
    return sum(each.status is not GradingStatus.FAILED for each in submissions)


def check_open(content: ExerciseContent, submitted: int, now: datetime) -> None:
    """Refuse a submission after the due date or beyond the allowed number.

    Args:
        content: The exercise.
        submitted: How many submissions this learner has used of it (see `used`).
        now: Database time.

    Raises:
        SubmissionClosed: Says which limit, and that the work itself is kept.
    """
    if content.due_at is not None and now > content.due_at:
        closed = SubmissionClosed.of("refusal.past_due", when=f"{content.due_at:%Y-%m-%d %H:%M %Z}")
        closed.details["due_at"] = content.due_at.isoformat()
        raise closed
    if content.max_submissions is not None and submitted >= content.max_submissions:
        closed = SubmissionClosed.of("refusal.used_up", count=content.max_submissions)
        closed.details["max_submissions"] = content.max_submissions
        raise closed
