"""What lists and dashboards show: plain values that one query fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from jupyter_tutor.domain.exercises import DataFile, ExerciseKind
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.people import Role
from jupyter_tutor.domain.submissions import GradingStatus


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in the list: counts are of exercises that are not retired."""

    slug: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    role: Role | None
    exercises: int
    passed: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a job stands among those that wait.

    Attributes:
        ahead: How many will be begun before it.
        seconds: About how long until it is done, or None where no worker or no run is known yet.
    """

    ahead: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class ShippedCourse:
    """What was last published of a course that comes with the package.

    Attributes:
        release: Version of the package, such as "0.1.0".
        sources: Digest of the sources in it.
        content: Digest of what was published of them (see `shipping.content_of`).
    """

    release: str
    sources: str
    content: str


@dataclass(frozen=True, slots=True)
class ExerciseOutline:
    """An exercise in the outline of a lesson."""

    slug: str
    title: Mapping[str, str]
    kind: ExerciseKind
    topic: str
    difficulty: int
    points: float
    due_at: datetime | None
    twin: str | None = None
    rubric_points: float = 0.0


@dataclass(frozen=True, slots=True)
class LessonOutline:
    """A lesson and its exercises, in order."""

    slug: str
    title: Mapping[str, str]
    content_hash: str
    exercises: tuple[ExerciseOutline, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson's newest learner's copy.

    Attributes:
        slug: Its name.
        title: Per language code.
        content_hash: Hash of copy and files; changes when anything changes.
        notebook: The learner's copy, nbformat JSON.
        files: Data files, by path beside the notebook.
    """

    slug: str
    title: Mapping[str, str]
    content_hash: str
    notebook: Mapping[str, object]
    files: tuple[DataFile, ...]


@dataclass(frozen=True, slots=True)
class ExerciseStanding:
    """How a learner stands with an exercise.

    Attributes:
        exercise: Slug.
        attempts: Formative runs.
        submissions: Submissions that count (see `domain.submissions.used`).
        best_score: 0 to 1, or None before the first grade.
        last_status: Status of the newest submission, or None.
        last_submission_id: Its key, or None.
        hints: Hints given above the result rung.
        passed: Whether any submission earned every point.
        last_at: When the learner last ran or submitted.
        best_points: Of the points of the newest revision, what the best submission earned less
            what its hints cost, and what it earned by a rubric; None before the first grade.
        reviewed: Whether an instructor has released anything by a rubric: before that its points
            can't be had.
    """

    exercise: str
    attempts: int
    submissions: int
    best_score: float | None
    last_status: GradingStatus | None
    last_submission_id: UUID | None
    hints: int
    passed: bool
    last_at: datetime | None
    best_points: float | None = None
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class StoredSettings:
    """Settings of help and whom they are for: with neither exercise nor learner, the course.

    Attributes:
        settings: What is said.
        exercise: Slug, or None.
        learner_id: Key, or None.
        learner: Their name, or "".
        updated_at: When it was said last.
    """

    settings: HintSettings
    exercise: str | None
    learner_id: UUID | None
    learner: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """What learners think of the hints of an exercise.

    Attributes:
        exercise: Slug.
        hints: Hints given above the result.
        helpful: How many were called helpful.
        not_helpful: How many were called not helpful.
        wrong: How many were called wrong.
    """

    exercise: str
    hints: int
    helpful: int
    not_helpful: int
    wrong: int


class UsageBy(StrEnum):
    """What usage is added up by."""

    LEARNER = "learner"
    EXERCISE = "exercise"
    MODEL = "model"
    PURPOSE = "purpose"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class UsageSum:
    """Calls of a language model, added up.

    Attributes:
        key: Of what: a learner's key, a slug, a model, a purpose, a day; "" where that is not
            known (any more), and for the total.
        label: The same for people: a learner's name; else the key.
        calls: How many calls there were.
        unsuccessful: How many of them ended otherwise than complete.
        input: Tokens that went in at the full price, as far as they were reported.
        cache_write: Tokens that were stored.
        cache_read: Tokens that were found stored.
        output: Tokens that came out.
        cost: In US dollars.
    """

    key: str
    label: str
    calls: int
    unsuccessful: int
    input: int
    cache_write: int
    cache_read: int
    output: int
    cost: Decimal

    @property
    def cache_share(self) -> float:
        """The share of what went in that was found stored, 0 to 1; 0 where nothing went in."""
        total = self.input + self.cache_write + self.cache_read
        return self.cache_read / total if total else 0.0


@dataclass(frozen=True, slots=True)
class UsageReport:
    """Usage by something, dearest first (days: newest first), and its total."""

    by: UsageBy
    sums: tuple[UsageSum, ...]
    total: UsageSum
