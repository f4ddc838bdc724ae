"""The ports: what the services need from outside, as protocols. Adapters implement them.

Those that only authors' tools need are in `source_ports`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import ClassVar, Protocol, Self
from uuid import UUID

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.evaluations import Evaluation, Verdict
from jupyter_tutor.domain.exercises import DataFile, LessonContent, Revision
from jupyter_tutor.domain.mastery import Difficulty
from jupyter_tutor.domain.memory import LearnerMemory, MemoryEvent
from jupyter_tutor.domain.observations import CellSource, RunPlan, TestReport
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus, Submission
from jupyter_tutor.services.people_ports import Audit as Audit
from jupyter_tutor.services.people_ports import IdempotencyKeys as IdempotencyKeys
from jupyter_tutor.services.people_ports import People as People
from jupyter_tutor.services.privacy_ports import Installation as Installation
from jupyter_tutor.services.privacy_ports import PersonalData as PersonalData
from jupyter_tutor.services.read_models import (
    CourseCard,
    ExerciseStanding,
    Lesson,
    LessonOutline,
    Place,
    ShippedCourse,
)
from jupyter_tutor.services.review_ports import Reviews as Reviews
from jupyter_tutor.services.tutor_ports import Consents as Consents
from jupyter_tutor.services.tutor_ports import Conversations as Conversations
from jupyter_tutor.services.tutor_ports import HintModel as HintModel
from jupyter_tutor.services.tutor_ports import Hints as Hints
from jupyter_tutor.services.tutor_ports import HintSettingsStore as HintSettingsStore
from jupyter_tutor.services.tutor_ports import Ledger as Ledger
from jupyter_tutor.services.tutor_ports import ModelReplies as ModelReplies
from jupyter_tutor.services.tutor_ports import TeachingReads as TeachingReads


class TestRunner(Protocol):
    """Runs a plan in a fresh process, away from the learner's kernel and from the server."""

    __test__: ClassVar[bool] = False  # pytest must not collect a protocol

    def run(self, plan: RunPlan) -> TestReport:
        """Run set-up, answer cells and tests; blocks until all is observed.

        Raises:
            KernelUnavailable: No kernel could be started. That is ours, not a verdict.
        """

    def evaluate(
        self, setup: tuple[str, ...], expressions: tuple[str, ...], files: tuple[DataFile, ...]
    ) -> tuple[dict[str, object], ...]:
        """Evaluate an author's expressions after the set-up, in the encoding of `domain.values`.

        Raises:
            InvalidInput: The set-up or an expression raises; `details` names which and why.
            KernelUnavailable: No kernel could be started.
        """

    def close(self) -> None:
        """End every kernel that is still there."""


class Courses(Protocol):
    """Courses with their topics, exercises with their revisions, lessons with their copies."""

    def get(self, slug: str) -> Course:
        """Return a course. Raises NotFound, naming the courses that exist."""

    def save(self, course: Course) -> bool:
        """Create or update a course and its topics; True when anything changed."""

    def latest_revision(self, course_slug: str, exercise_slug: str) -> Revision:
        """Return the newest revision of an exercise. Raises NotFound."""

    def revision(self, revision_id: UUID) -> Revision:
        """Return a revision by its key. Raises NotFound."""

    def revisions(self, revision_ids: Collection[UUID]) -> Mapping[UUID, Revision]:
        """Return revisions by their keys. Raises NotFound when one is missing."""

    def latest_revisions(self, course_slug: str) -> Sequence[Revision]:
        """Return the newest revision of every exercise, in the order of the lessons."""

    def publish_lesson(
        self, course_slug: str, content: LessonContent, position: int
    ) -> Sequence[Revision]:
        """Store a lesson and its exercises; returns the revisions that are new.

        Content that is stored already (by hash, compared with the latest) changes nothing.
        An exercise that left the lesson is retired: it keeps its revisions and submissions.
        """

    def lesson(self, course_slug: str, lesson_slug: str) -> Lesson:
        """Return the newest learner's copy of a lesson with its files. Raises NotFound."""

    def files(self, revision_id: UUID) -> tuple[DataFile, ...]:
        """Return the data files a revision needs, as published with it."""

    def shipped(self, course_slug: str) -> ShippedCourse | None:
        """Return what was last published of a course from the package. Raises NotFound."""

    def save_shipped(self, course_slug: str, shipped: ShippedCourse) -> None:
        """Note what was published of a course from the package. Raises NotFound."""


class Submissions(Protocol):
    """Attempts, submissions and their evaluations."""

    def add_attempt(self, learner_id: UUID, revision_id: UUID, answer: Answer) -> Attempt:
        """Insert a queued attempt, in database time."""

    def attempt(self, attempt_id: UUID) -> Attempt:
        """Return an attempt. Raises NotFound."""

    def settle_attempt(
        self,
        attempt_id: UUID,
        status: GradingStatus,
        verdict: Verdict | None,
        *,
        source: UUID | None = None,
        answer_digest: str | None = None,
    ) -> bool:
        """Set status and verdict unless it is settled already; True when this call settled it.

        With an `answer_digest` the verdict is one that identical answers may get too.
        """

    def attempts(self, learner_id: UUID, exercise_id: UUID, newest: int) -> Sequence[Attempt]:
        """Return a learner's newest attempts at an exercise, any revision, oldest first."""

    def attempts_by(
        self, learner_id: UUID, exercise_id: UUID, moments: Sequence[datetime]
    ) -> Sequence[Attempt]:
        """Return a learner's newest attempt with a verdict by each moment, each once, oldest first.

        Attempts at any revision count; by a moment are those made at it or before.
        """

    def count_attempts(self, learner_id: UUID, exercise_id: UUID) -> int:
        """Return how many attempts a learner made at an exercise, any revision."""

    def waiting(self, learner_id: UUID) -> int:
        """Return how many attempts and submissions of a learner are not settled, in any course."""

    def lock_exercise(self, learner_id: UUID, exercise_id: UUID) -> None:
        """Hold other transactions of this learner on this exercise until this one ends."""

    def add_submission(self, learner_id: UUID, revision_id: UUID, answer: Answer) -> Submission:
        """Insert a queued submission with the next number, in database time."""

    def submission(self, submission_id: UUID) -> Submission:
        """Return a submission with its evaluations. Raises NotFound."""

    def submissions(self, learner_id: UUID, exercise_id: UUID) -> Sequence[Submission]:
        """Return a learner's submissions to an exercise, any revision, oldest first.

        Each has the evaluations that count (the last of the tests, what was released last by a
        rubric) and no other; `submission` has them all.
        """

    def count_used(self, learner_id: UUID, exercise_id: UUID) -> int:
        """Return how many submissions of a learner to an exercise count (see `domain.used`)."""

    def set_status(self, submission_id: UUID, status: GradingStatus) -> None:
        """Set where grading stands."""

    def add_evaluation(
        self, evaluation: Evaluation, run: str, answer_digest: str | None = None
    ) -> bool:
        """Append an evaluation; False when this run of this submission is recorded already.

        With an `answer_digest` its verdict is one that identical answers may get too.
        """

    def identical(
        self, revision_id: UUID, answer_digest: str, run: str | None
    ) -> tuple[UUID, Verdict] | None:
        """Return the verdict on an answer with this digest, and which row was run for it.

        That of a submission's run, or with None that of an attempt.
        """

    def passing_answers(
        self, revision_id: UUID, besides: UUID, newest: int
    ) -> Sequence[tuple[CellSource, ...]]:
        """Return the answers of other learners that passed, each once, the newest first.

        Args:
            revision_id: Answers to which revision.
            besides: The learner whose own answers do not count.
            newest: How many submissions to look at, at most.
        """

    def submitted_since(
        self, learner_id: UUID, exercise_id: UUID, since: datetime
    ) -> Sequence[datetime]:
        """Return when a learner submitted after a time, oldest first, failed gradings included."""

    def checked_since(
        self, learner_id: UUID, exercise_id: UUID, since: datetime
    ) -> Sequence[datetime]:
        """Return when a learner made attempts after a time, oldest first, failed ones included."""


class Memories(Protocol):
    """Stored learner memory, and the events it is folded from."""

    def load(self, person_id: UUID, course_slug: str) -> LearnerMemory | None:
        """Return the stored memory, locked for update, or None."""

    def save(self, person_id: UUID, course_slug: str, memory: LearnerMemory) -> None:
        """Replace the stored memory: one learner row, one row per topic, open episodes."""

    def events(self, person_id: UUID, course_slug: str) -> Sequence[MemoryEvent]:
        """Return all events of a learner in a course, ordered by time and key."""

    def learners(self, course_slug: str) -> Sequence[UUID]:
        """Return who has events or memory in a course."""

    def difficulties(self, course_slug: str) -> Mapping[str, Difficulty]:
        """Return the estimated difficulty per exercise slug, for exercises that have one."""

    def save_difficulties(self, course_slug: str, difficulties: Mapping[str, Difficulty]) -> None:
        """Replace the estimated difficulties of a course."""


class Jobs(Protocol):
    """The queue: a job is deferred in the transaction of the row it is for."""

    def defer(
        self,
        name: str,
        *,
        subject_id: UUID,
        priority: int,
        at: datetime | None = None,
        once: bool = False,
    ) -> None:
        """Enqueue a job by name for a row, to run now or at a time; higher priority goes first.

        With `once` nothing happens when such a job for this row is waiting already.
        """

    def place(self, name: str, subject_id: UUID) -> Place | None:
        """Return where a job stands among those that wait, or None when it does not wait."""

    def lengths(self) -> Mapping[str, int]:
        """Return how many jobs of each name wait now."""

    def isolations(self) -> Sequence[str]:
        """Return the isolation of answers at each worker that lives."""


class ReadModels(Protocol):
    """Lists and dashboards: one round trip each."""

    def courses(self, person_id: UUID) -> Sequence[CourseCard]:
        """Return the courses with this person's role and progress."""

    def lessons(self, course_slug: str) -> Sequence[LessonOutline]:
        """Return the lessons of a course in order, with their exercises in order."""

    def standings(self, person_id: UUID, course_slug: str) -> Sequence[ExerciseStanding]:
        """Return per exercise of a course how this learner stands."""


class UnitOfWork(Protocol):
    """One transaction and the repositories in it; commits at the end, rolls back on an error."""

    @property
    def people(self) -> People:
        """Persons, identities, enrolments, profiles."""

    @property
    def personal_data(self) -> PersonalData:
        """All that is stored of one person."""

    @property
    def installation(self) -> Installation:
        """What this installation knows of itself."""

    @property
    def courses(self) -> Courses:
        """Courses, exercises, lessons."""

    @property
    def submissions(self) -> Submissions:
        """Attempts, submissions, evaluations."""

    @property
    def hints(self) -> Hints:
        """Hints that were given."""

    @property
    def hint_settings(self) -> HintSettingsStore:
        """Settings of help."""

    @property
    def reviews(self) -> Reviews:
        """Reviews by a rubric."""

    @property
    def ledger(self) -> Ledger:
        """Calls of a language model and what they cost."""

    @property
    def consents(self) -> Consents:
        """What learners said of language models."""

    @property
    def model_replies(self) -> ModelReplies:
        """What was delivered for requests of a language model."""

    @property
    def conversations(self) -> Conversations:
        """What learners and the tutor said."""

    @property
    def memories(self) -> Memories:
        """Learner memory."""

    @property
    def jobs(self) -> Jobs:
        """The queue."""

    @property
    def audit(self) -> Audit:
        """The audit trail."""

    @property
    def idempotency(self) -> IdempotencyKeys:
        """Keys of writes."""

    @property
    def reads(self) -> ReadModels:
        """Lists and dashboards."""

    @property
    def teaching(self) -> TeachingReads:
        """What instructors read."""

    def now(self) -> datetime:
        """Return database time (UTC), the same during the whole transaction."""

    def __enter__(self) -> Self:
        """Begin the transaction."""

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit, or roll back when an error passes."""


class UnitOfWorkFactory(Protocol):
    """Opens transactions."""

    def __call__(self) -> UnitOfWork:
        """Return a new unit of work, not yet begun.

        Entering it raises StorageUnavailable when the database does not answer.
        """


class ResultNews(Protocol):
    """Tells waiting requests that a row settled."""

    def wait(self, subject_id: UUID, seconds: float) -> bool:
        """Block until news of this row arrives or the time is over; True when news came."""


class NotebookMerger(Protocol):
    """Compares and merges learners' copies of a lesson (nbformat JSON)."""

    def is_current(self, existing: Mapping[str, object], newest: Mapping[str, object]) -> bool:
        """Whether a learner's file was made from the newest copy."""

    def merge(
        self, existing: Mapping[str, object], newest: Mapping[str, object]
    ) -> Mapping[str, object]:
        """Return the newest copy with every answer and added cell of the learner's file in it.

        Raises:
            InvalidNotebook: The learner's file cannot be read as a notebook.
        """
