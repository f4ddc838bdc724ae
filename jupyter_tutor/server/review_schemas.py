"""Wire types of reviews: what instructors decide by a rubric, and what learners see of it."""

from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.exercises import ExerciseKind
from jupyter_tutor.domain.reviews import NoDraft, ReadingMode, ReviewStatus
from jupyter_tutor.domain.rubric_readings import Doubt
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.server.bodies import CellBody
from jupyter_tutor.server.replies import Reply
from jupyter_tutor.server.verdict_schemas import VerdictView


class LevelView(Reply):
    """A level of a criterion; levels are counted from 0."""

    points: float
    description: str


class AnchorView(Reply):
    """An example whose level is known."""

    level: int
    example: str
    reason: str


class CriterionView(Reply):
    """What is judged by, in the reader's language."""

    slug: str
    title: str
    question: str
    levels: list[LevelView]
    anchor: AnchorView


class EvidenceView(Reply):
    """A quotation from `read_source`: the line on which it begins, from 1, and its text."""

    line: int
    text: str


class CriterionDraftView(Reply):
    """What the readings came to by one criterion; `level` is null where a person has to decide."""

    slug: str
    level: int | None
    doubts: list[Doubt]
    evidence: list[EvidenceView]


class ProvenanceView(Reply):
    """What made a draft."""

    endpoint: str
    model: str
    prompt_hash: str
    rubric_version: str


class DraftView(Reply):
    """A draft; `read_source` is the answer as the model read it, from which evidence is quoted.

    `reading` is the key of what made it: it is sent with a release, to say what was seen.
    """

    reading: UUID
    criteria: list[CriterionDraftView]
    read_source: str
    by: ProvenanceView


class CriterionDecisionView(Reply):
    """What was decided by one criterion, as instructors see it."""

    slug: str
    level: int
    points: float
    comment: str
    reason: str


class ReleaseView(Reply):
    """A release; `by` is the instructor's name, or "" when that is not known any more."""

    criteria: list[CriterionDecisionView]
    comment: str
    points: float
    by: str
    at: datetime


class AgreementView(Reply):
    """How many criteria of audited drafts an instructor, not knowing them, decided the same."""

    agreed: int
    of: int
    share: float | None


class ReviewSummary(Reply):
    """A review in the queue.

    `score` is that of the tests, null where there are none. `no_draft` says why no draft is shown,
    null where there is one or none was asked for. `doubts` counts the criteria that the draft
    leaves to a person; null without a draft that may be shown.
    """

    id: UUID
    learner: UUID
    learner_name: str
    exercise: str
    exercise_title: str
    number: int
    submitted_at: datetime
    grading: GradingStatus
    score: float | None
    status: ReviewStatus
    no_draft: NoDraft | None
    no_draft_told: str
    doubts: int | None
    audited: bool
    undoubted: bool
    batch: bool
    releases: int
    released_at: datetime | None


class ReviewExerciseView(Reply):
    """An exercise with a rubric, and how many reviews stand where.

    `undoubted` are the submissions whose drafts may be released as they are, oldest first.
    """

    slug: str
    title: str
    waiting: int
    reading: int
    drafted: int
    undoubted: list[UUID]
    released: int


class BatchView(Reply):
    """A batch that is under way, or went wrong; amounts are US dollars, as text.

    `state`: "planned", "handing_in", "running", "collected", "lost", "refused".
    """

    id: UUID
    exercise: str
    state: str
    answers: int
    most_cost: str
    begun_at: datetime
    told: str


class ReviewsReply(Reply):
    """The review queue of a course: what waits longest first.

    `model` is who would read, "" where no model is configured; `batches` whether that takes many at
    half the price. `exercises` and `agreement` are of the whole course, whatever is filtered.
    """

    reviews: list[ReviewSummary]
    exercises: list[ReviewExerciseView]
    open_batches: list[BatchView]
    agreement: AgreementView
    model: str
    batches: bool


class ReviewReply(Reply):
    """One review: the answer, what the tests say, the rubric, the draft, earlier releases.

    `draft` is null while there is none, or while it is audited and nobody has decided.
    `agreement` is that of an audited review that was decided.
    """

    review: ReviewSummary
    kind: ExerciseKind
    prompt: str
    cells: list[CellBody]
    responses: dict[str, object]
    verdict: VerdictView | None
    rubric: list[CriterionView]
    rubric_points: float
    draft: DraftView | None
    releases: list[ReleaseView]
    agreement: AgreementView | None
    newer: bool


class NotBegunView(Reply):
    """Answers that are not read, and why."""

    why: NoDraft
    told: str
    answers: int


class ReadingsReply(Reply):
    """What was begun, and what was not; `most_cost` in US dollars, as text, is the most it costs.

    `already` counts answers that are being read, have a draft or were released before.
    """

    mode: ReadingMode
    begun: int
    already: int
    not_begun: list[NotBegunView]
    most_cost: str


class ReleasedReply(Reply):
    """How many drafts were released as they are, and how many were left to an instructor."""

    released: int
    left: int


class CollectedReply(Reply):
    """What asking for batches brought: how many were fetched, and how many are still read."""

    collected: int
    running: int


class CriterionGradeView(Reply):
    """What was released by one criterion, as the learner sees it."""

    slug: str
    title: str
    level: int
    levels: int
    description: str
    points: float
    points_possible: float
    comment: str


class SubmissionReviewView(Reply):
    """What a learner sees of the review of a submission.

    `points_earned` and `criteria` are null and empty until an instructor has released it. The
    points stand beside those of the tests.
    """

    released: bool
    message: str
    points_earned: float | None
    points_possible: float
    comment: str
    criteria: list[CriterionGradeView]
    released_at: datetime | None
