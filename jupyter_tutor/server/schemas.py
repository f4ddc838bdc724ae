"""Wire types: what travels over HTTP, and nothing else. OpenAPI and TypeScript come from here.

Requests refuse unknown fields and wrong types. Times are ISO 8601 with zone.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.exercises import ExerciseKind, QuestionType
from jupyter_tutor.domain.memory import MasteryLabel
from jupyter_tutor.domain.people import Role
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.server.bodies import AnswerBody as AnswerBody
from jupyter_tutor.server.bodies import CellBody as CellBody
from jupyter_tutor.server.bodies import ConsentBody as ConsentBody
from jupyter_tutor.server.bodies import ExplanationBody as ExplanationBody
from jupyter_tutor.server.bodies import FeedbackBody as FeedbackBody
from jupyter_tutor.server.bodies import HintBody as HintBody
from jupyter_tutor.server.bodies import HintSettingsBody as HintSettingsBody
from jupyter_tutor.server.bodies import Language as Language
from jupyter_tutor.server.bodies import NothingBody as NothingBody
from jupyter_tutor.server.bodies import OpenLessonBody as OpenLessonBody
from jupyter_tutor.server.bodies import ProfileBody as ProfileBody
from jupyter_tutor.server.bodies import ReadingsBody as ReadingsBody
from jupyter_tutor.server.bodies import ReleaseBody as ReleaseBody
from jupyter_tutor.server.bodies import ReleasesBody as ReleasesBody
from jupyter_tutor.server.bodies import Request as Request
from jupyter_tutor.server.bodies import SayBody as SayBody
from jupyter_tutor.server.hint_schemas import ExplanationReply as ExplanationReply
from jupyter_tutor.server.hint_schemas import FeedbackView as FeedbackView
from jupyter_tutor.server.hint_schemas import HintView as HintView
from jupyter_tutor.server.hint_schemas import LadderView as LadderView
from jupyter_tutor.server.hint_schemas import LessonLinkView as LessonLinkView
from jupyter_tutor.server.hint_schemas import TwinView as TwinView
from jupyter_tutor.server.replies import ErrorReply as ErrorReply
from jupyter_tutor.server.replies import Reply as Reply
from jupyter_tutor.server.review_schemas import CriterionGradeView, SubmissionReviewView
from jupyter_tutor.server.verdict_schemas import ErrorView as ErrorView
from jupyter_tutor.server.verdict_schemas import FrameView as FrameView
from jupyter_tutor.server.verdict_schemas import TestResultView as TestResultView
from jupyter_tutor.server.verdict_schemas import VerdictView as VerdictView


class HealthReply(Reply):
    """Whether the parts of the tutor answer.

    `isolation` is the weakest that answers run with: "none" when they can't be run here, null where
    no worker is known. `jupyter tutor doctor` tells why it is not stronger.
    """

    status: Literal["ok", "degraded"]
    version: str
    database: Literal["ok", "unavailable"]
    worker: Literal["ok", "elsewhere", "unavailable"]
    isolation: Literal["namespaces", "landlock", "limits", "none"] | None
    mode: Literal["laptop", "classroom"]


class MetricsReply(Reply):
    """What is counted, in Prometheus' text format; `text` alone is sent."""

    text: str


class MeReply(Reply):
    """Who the server takes the caller for."""

    id: UUID
    display_name: str
    profile: ProfileBody


class CourseSummary(Reply):
    """A course in the list."""

    slug: str
    title: str
    languages: list[str]
    role: Role | None
    exercises: int
    passed: int


class CourseListReply(Reply):
    """The courses of this server."""

    courses: list[CourseSummary]


class TopicStanding(Reply):
    """A topic on the path, with this learner's mastery."""

    slug: str
    title: str
    description: str
    requires: list[str]
    estimate: float
    low: float
    high: float
    label: MasteryLabel
    episodes: int
    unlocked: bool
    reason: str
    exercises: int
    passed: int


class ExerciseSummary(Reply):
    """An exercise in the outline, with this learner's standing."""

    slug: str
    title: str
    kind: ExerciseKind
    topic: str
    difficulty: int
    points: float
    due_at: datetime | None
    attempts: int
    submissions: int
    best_score: float | None
    passed: bool


class LessonSummary(Reply):
    """A lesson in the outline."""

    slug: str
    title: str
    exercises: list[ExerciseSummary]


class NextExercise(Reply):
    """What to do next, and why."""

    exercise: str
    lesson: str
    title: str
    reason: str


class CourseReply(Reply):
    """A course as this learner sees it: path, outline, what comes next."""

    slug: str
    title: str
    language: str
    languages: list[str]
    role: Role
    topics: list[TopicStanding]
    lessons: list[LessonSummary]
    next: NextExercise | None
    points_earned: float
    points_possible: float
    exercises: int
    passed: int


class OpenLessonReply(Reply):
    """Where the learner's copy is.

    `state`: "created"; "current" (there, and newest); "outdated" (there, a newer one can be
    merged); "merged". `anchor` is the cell id of the exercise's prompt, when one was asked for.
    """

    path: str
    state: Literal["created", "current", "outdated", "merged"]
    anchor: str | None
    message: str


class ChoiceView(Reply):
    """One option of a question."""

    id: str
    text: str


class QuestionView(Reply):
    """A quiz question as shown: no answer in it."""

    id: str
    type: QuestionType
    text: str
    points: float
    choices: list[ChoiceView]


class AttemptReply(Reply):
    """A formative run of the tests.

    While it waits for its turn, `position` is how many runs go before it and `estimate_seconds`
    about how long until it is done, null where that is not known. `reused`: its verdict is that on
    an identical answer.
    """

    id: UUID
    exercise: str
    status: GradingStatus
    position: int | None
    estimate_seconds: float | None
    reused: bool
    verdict: VerdictView | None
    message: str
    created_at: datetime
    finished_at: datetime | None


class EvaluationView(Reply):
    """A verdict on a submission; `reused`: it is that on an identical answer.

    What an instructor released by a rubric has `criteria` and no verdict; its score is the share of
    the points of the rubric.
    """

    id: UUID
    evaluator: Evaluator
    score: float
    verdict: VerdictView | None
    criteria: list[CriterionGradeView]
    reused: bool
    feedback: str
    created_at: datetime


class EvaluationListReply(Reply):
    """The evaluations of a submission, oldest first; the last one without criteria counts."""

    evaluations: list[EvaluationView]


class SubmissionReply(Reply):
    """A submission and what came of it; `position` and `estimate_seconds` as of an attempt.

    `points_lost` is what the hints taken before it cost: `points_earned` is what the score gives
    less that, and never below 0. `evaluations` are those of the tests; what is decided by a rubric
    beside them, and what that earned, is in `review`, null where the exercise has no rubric.
    """

    id: UUID
    exercise: str
    number: int
    status: GradingStatus
    position: int | None
    estimate_seconds: float | None
    score: float | None
    points_earned: float | None
    points_lost: float
    points_possible: float
    cells: list[CellBody]
    responses: dict[str, object]
    evaluations: list[EvaluationView]
    review: SubmissionReviewView | None
    message: str
    submitted_at: datetime


class SubmissionListReply(Reply):
    """A learner's submissions to an exercise, newest first."""

    submissions: list[SubmissionReply]


class ExerciseReply(Reply):
    """Everything the card of an exercise shows.

    `answer_cells` are the ids of the cells to send, in order, `starters` what each begins with in
    the learner's copy; `revision` is the content hash of the newest revision. `closed` says why
    nothing can be submitted now, or is empty.
    """

    slug: str
    course: str
    lesson: str
    title: str
    prompt: str
    language: str
    kind: ExerciseKind
    topic: str
    difficulty: int
    points: float
    public_tests: int
    secret_tests: int
    revision: str
    revision_number: int
    answer_cells: list[str]
    starters: list[CellBody]
    questions: list[QuestionView]
    due_at: datetime | None
    closed: str
    attempts: int
    submissions: int
    max_submissions: int | None
    best_score: float | None
    passed: bool
    last_attempt: AttemptReply | None
    last_submission: SubmissionReply | None
    hints: list[HintView]
    ladder: LadderView


class HintReply(Reply):
    """The hint given now (or None, with the reason in the ladder), and all so far.

    `note` is what else the learner is told, such as that a budget is used up, or empty.
    """

    hint: HintView | None
    hints: list[HintView]
    ladder: LadderView
    note: str


class ProgressReply(Reply):
    """A learner's memory of a course, as shown to them."""

    course: str
    ability: float
    ability_low: float
    ability_high: float
    episodes: int
    points_earned: float
    points_possible: float
    topics: list[TopicStanding]
