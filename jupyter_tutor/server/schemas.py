"""Wire types: what travels over HTTP, and nothing else. OpenAPI and TypeScript come from here.

Requests refuse unknown fields and wrong types. Times are ISO 8601 with zone.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from jupyter_tutor.domain.evaluations import Evaluator, Outcome
from jupyter_tutor.domain.exercises import ExerciseKind, QuestionType, Visibility
from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.domain.memory import MasteryLabel
from jupyter_tutor.domain.people import LearningStyle, Role, SkillLevel
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.server.json_text import json_text

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
CellId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Request(BaseModel):
    """Base of every body that comes in."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Reply(BaseModel):
    """Base of every body that goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def as_json(self) -> str:
        """Return the body as JSON that UTF-8 can carry."""
        return json_text(self)


class ErrorReply(Reply):
    """What went wrong: `code` for programs, `message` for people."""

    code: str
    message: str
    details: dict[str, object] = {}
    request_id: str


class HealthReply(Reply):
    """Whether the parts of the tutor answer."""

    status: Literal["ok", "degraded"]
    version: str
    database: Literal["ok", "unavailable"]
    worker: Literal["ok", "elsewhere", "unavailable"]
    mode: Literal["laptop", "classroom"]


class ProfileBody(Request):
    """What a person says of themselves."""

    language: Language | None = None
    skill_level: Annotated[SkillLevel | None, Field(strict=False)] = None
    learning_style: Annotated[LearningStyle | None, Field(strict=False)] = None
    goals: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=20)] = []
    interests: Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=20)] = []
    hours_per_week: Annotated[float | None, Field(ge=0, le=100, allow_inf_nan=False)] = None
    time_zone: Annotated[str | None, Field(max_length=64)] = None
    preferences: Annotated[
        dict[Annotated[str, Field(max_length=64)], bool | int | float | str], Field(max_length=50)
    ] = {}


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


class OpenLessonBody(Request):
    """Put the learner's copy of a lesson into their files.

    `update`: what to do when the learner's copy comes from an older revision: "keep" leaves it,
    "merge" brings in the new one and keeps every answer.
    """

    exercise: Slug | None = None
    update: Literal["keep", "merge"] = "keep"


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


class HintView(Reply):
    """A hint that was given."""

    id: UUID
    level: int
    level_name: Literal["result", "nudge", "concept", "pointer", "steps", "bottom-out"]
    source: HintSource
    text: str
    language: str
    created_at: datetime


class LadderView(Reply):
    """What the Hint button can do now.

    `next_level` is the rung that a request gives now, or None when there is none now; `reason` then
    says what to do first; `opens_at` is when it opens by itself, if it does.
    """

    next_level: int | None
    reason: str
    opens_at: datetime | None
    deepest: int


class FrameView(Reply):
    """A traceback frame in the learner's own cells."""

    cell: str
    line: int
    function: str
    source: str


class ErrorView(Reply):
    """An exception, seen from outside."""

    type: str
    message: str
    explanation: str
    frames: list[FrameView]
    caret: int | None


class TestResultView(Reply):
    """One test, as this learner may see it."""

    name: str
    visibility: Visibility
    outcome: Outcome
    points: float
    earned: float
    called: str
    expected: str
    got: str
    difference: str
    message: str
    error: ErrorView | None
    stdout: str
    seconds: float
    memory_mb: float | None


class VerdictView(Reply):
    """The results of one run."""

    score: float
    passed: bool
    passed_tests: int
    total_tests: int
    summary: str
    cells: list[TestResultView]
    results: list[TestResultView]


class CellBody(Request):
    """The source of one answer cell."""

    id: CellId
    source: Annotated[str, Field(max_length=200_000)]


class AnswerBody(Request):
    """What the learner wrote, and the revision their copy was made from (its content hash)."""

    revision: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    cells: Annotated[list[CellBody], Field(max_length=50)] = []
    responses: Annotated[dict[CellId, str | float | int | list[str]], Field(max_length=200)] = {}


class AttemptReply(Reply):
    """A formative run of the tests."""

    id: UUID
    exercise: str
    status: GradingStatus
    verdict: VerdictView | None
    message: str
    created_at: datetime
    finished_at: datetime | None


class EvaluationView(Reply):
    """A verdict on a submission."""

    id: UUID
    evaluator: Evaluator
    score: float
    verdict: VerdictView | None
    feedback: str
    created_at: datetime


class EvaluationListReply(Reply):
    """The evaluations of a submission, oldest first; the last one counts."""

    evaluations: list[EvaluationView]


class SubmissionReply(Reply):
    """A submission and what came of it."""

    id: UUID
    exercise: str
    number: int
    status: GradingStatus
    score: float | None
    points_earned: float | None
    points_possible: float
    cells: list[CellBody]
    responses: dict[str, object]
    evaluations: list[EvaluationView]
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


class HintBody(Request):
    """Ask for the next hint, about the latest run; its level is decided by the server."""

    language: Language | None = None


class HintReply(Reply):
    """The hint given now (or None, with the reason in the ladder), and all so far."""

    hint: HintView | None
    hints: list[HintView]
    ladder: LadderView


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
