"""Exercises: authored tasks, their immutable revisions and the tests that judge an answer.

An `ExerciseContent` is everything an author wrote about one exercise. Publishing freezes it into a
`Revision`, identified by the hash of that content; submissions refer to a revision, never to an
exercise as it is now.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from jupyter_tutor.domain.constructs import SourceRule
from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.languages import in_language, pick_language
from jupyter_tutor.domain.rubrics import Rubric


class ExerciseKind(StrEnum):
    """What the learner does in the exercise."""

    CODING = "coding"
    DEBUGGING = "debugging"
    QUIZ = "quiz"
    PROJECT = "project"
    REVIEW = "review"


class Visibility(StrEnum):
    """How much of a test a learner may see, and when it runs.

    `PUBLIC`: runs and is shown. `SECRET`: runs; its source, inputs and values are never shown.
    `WITHHELD`: like secret, and runs only for submissions after the due date has passed.
    """

    PUBLIC = "public"
    SECRET = "secret"  # noqa: S105 - the name of a visibility, no password
    WITHHELD = "withheld"


class HintLevel(IntEnum):
    """The rungs of the hint ladder."""

    RESULT = 0
    NUDGE = 1
    CONCEPT = 2
    POINTER = 3
    STEPS = 4
    BOTTOM_OUT = 5


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two floats may be apart: `abs(a - b) <= max(relative * abs(expected), absolute)`."""

    relative: float = 1e-9
    absolute: float = 1e-12


@dataclass(frozen=True, slots=True)
class ExpectedException:
    """An exception a call has to raise.

    Attributes:
        type: Class name as written in source, without its module, such as `ValueError`. A subclass
            also counts.
        match: Regular expression searched in the message, or None for any message.
    """

    type: str
    match: str | None = None


@dataclass(frozen=True, slots=True)
class CallCase:
    """A test that evaluates an expression in the learner's namespace and compares its value.

    Exactly one of `expected` and `raises` is given, except that both may be None when `stdout` is
    given (a call that is judged by what it prints).

    Attributes:
        call: Expression, such as `collatz_length(7)`.
        expected: The expected value in the encoding of `domain.values`, a JSON object.
        raises: The exception that the call has to raise.
        stdout: What the call has to print, or None when that does not matter.
        tolerance: For floats anywhere in the value; None means the default of `Tolerance`.
        arguments_unchanged: Whether the call must leave its arguments as they were.
    """

    call: str
    expected: Mapping[str, object] | None = None
    raises: ExpectedException | None = None
    stdout: str | None = None
    tolerance: Tolerance | None = None
    arguments_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class ProgramCase:
    """A test that runs the answer as a program: `stdin` goes in, `stdout` has to come out.

    Trailing blanks and blank lines at the edges do not count. With a tolerance, tokens that are
    numbers on both sides are compared as numbers.
    """

    stdin: str
    stdout: str
    tolerance: Tolerance | None = None


@dataclass(frozen=True, slots=True)
class AssertCell:
    """A test cell of Python statements that passes when it runs to its end without an exception.

    Attributes:
        source: The statements.
        shared_process: Whether it has to run in the process of the answer, whose code can then
            reach what judges it; without that it runs apart from the answer.
    """

    source: str
    shared_process: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice question: text per language, and what to say to who picks it."""

    id: str
    text: Mapping[str, str]
    feedback: Mapping[str, str] = field(default_factory=dict)


class QuestionType(StrEnum):
    """The forms of a quiz question."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Question:
    """A quiz question: a test that is answered in the card, without code.

    Attributes:
        id: Unique in its exercise; the key of the learner's response.
        type: Its form.
        text: The question per language (Markdown).
        choices: For single and multiple.
        correct: Ids of the right choices (single: one), or for `text` the accepted answers.
        number: The right number, for `number`.
        tolerance: For `number`.
        explanation: Shown after a right answer, per language.
    """

    id: str
    type: QuestionType
    text: Mapping[str, str]
    choices: tuple[Choice, ...] = ()
    correct: tuple[str, ...] = ()
    number: float | None = None
    tolerance: Tolerance | None = None
    explanation: Mapping[str, str] = field(default_factory=dict)


TestSpec = CallCase | ProgramCase | AssertCell | SourceRule | Question


@dataclass(frozen=True, slots=True)
class TestCase:
    """A check with a name, points and a visibility; names are unique in their exercise.

    Attributes:
        name: Told to learners, unless the test is secret.
        spec: What is checked.
        points: What it is worth; with 0 it is told and decides nothing.
        visibility: Who sees it, and when it runs.
        position: After how many of the answer cells it runs; None means after all of them.
    """

    __test__ = False  # pytest must not collect a value object of the domain

    name: str
    spec: TestSpec
    points: float = 1.0
    visibility: Visibility = Visibility.PUBLIC
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one test may use; None in a source means the course's default.

    Attributes:
        wall_seconds: Time on the clock for one test, or for one answer cell.
        cpu_seconds: Processor time for one test, or for one answer cell.
        memory_mb: Address space growth of the run in MiB.
        output_bytes: What one test or cell may print.
        processes: Processes and threads the run may start.
    """

    wall_seconds: float = 5.0
    cpu_seconds: float = 5.0
    memory_mb: int = 512
    output_bytes: int = 65_536
    processes: int = 32


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """A cell the learner writes in.

    Attributes:
        id: Stable name within the exercise; kept in the cell's metadata of the learner's copy.
        starter: What the learner's copy begins with.
        reference: The author's solution of this cell. Never leaves the tutor service.
    """

    id: str
    starter: str
    reference: str


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An answer the author knows to be wrong; publishing proves that the tests reject it.

    Attributes:
        note: What is wrong, for the author's report.
        sources: Source per answer cell id; cells not named keep the reference.
        responses: For a quiz: response per question id; questions not named keep the right one.
    """

    note: str
    sources: Mapping[str, str] = field(default_factory=dict)
    responses: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExerciseText:
    """What an exercise says in one language: Markdown texts, hints by rung."""

    title: str
    prompt: str
    hints: Mapping[HintLevel, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExerciseContent:
    """Everything an author wrote about one exercise.

    Attributes:
        slug: Name of the exercise, unique in its course.
        kind: What the learner does.
        topic: Slug of the topic it trains.
        difficulty: 1 (very easy) to 10 (very hard).
        texts: Per language code ("en", "bn"); the first is the original.
        tests: In the order they are shown.
        answer_cells: In notebook order; empty for a quiz.
        setup: Sources of the cells that run before the answer, in order.
        files: SHA-256 (hex) of each data file the run needs, by its path beside the notebook.
        wrong_answers: Answers the tests have to reject.
        limits: What one test may use.
        prerequisites: Slugs of topics to know first, beyond those of the topic.
        max_submissions: Submissions allowed per learner, or None for no limit.
        due_at: When submissions close, or None.
        deepest_hint: The deepest rung a learner may reach.
        random: Whether a right answer may show something else each time: each submission runs with
            a seed of its own, and no earlier report answers for it.
        strategies: A Hypothesis strategy per function, as an expression: what it may be called
            with. Counterexamples are drawn from it.
        twin: Slug of an exercise of the course that asks for the same in another dress, or None.
        hint_costs: Points a hint of a rung costs; rungs not named are free.
        rubric: What people judge an answer by beside its tests, or None.
    """

    slug: str
    kind: ExerciseKind
    topic: str
    difficulty: int
    texts: Mapping[str, ExerciseText]
    tests: tuple[TestCase, ...]
    answer_cells: tuple[AnswerCell, ...] = ()
    setup: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    wrong_answers: tuple[WrongAnswer, ...] = ()
    limits: Limits = Limits()
    prerequisites: tuple[str, ...] = ()
    max_submissions: int | None = None
    due_at: datetime | None = None
    deepest_hint: HintLevel = HintLevel.STEPS
    random: bool = False
    strategies: Mapping[str, str] = field(default_factory=dict)
    twin: str | None = None
    hint_costs: Mapping[HintLevel, float] = field(default_factory=dict)
    rubric: Rubric | None = None

    @property
    def points(self) -> float:
        """The sum of the points of all tests."""
        return sum(test.points for test in self.tests)

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the canonical form; equal content has an equal hash."""
        content = _without_defaults(asdict(self))
        canonical = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def text(self, language: str) -> ExerciseText:
        """Return the text in a language, or as `languages.pick_language` chooses."""
        return self.texts[pick_language(self.texts, language) or language]

    def hint(self, level: HintLevel, language: str) -> str | None:
        """Return the author's hint of a rung, as `languages.in_language` chooses, or None."""
        return in_language(self.hints(level), language) or None

    def hints(self, level: HintLevel) -> Mapping[str, str]:
        """Return the author's hints of a rung, per language code."""
        return {language: text.hints.get(level, "") for language, text in self.texts.items()}


_ADDED_LATER: Mapping[str, object] = {
    "position": None,
    "shared_process": False,
    "random": False,
    "strategies": {},
    "twin": None,
    "hint_costs": {},
    "rubric": None,
}


def _without_defaults(content: object) -> object:
    """Leave out what content published earlier did not have, so that it keeps its hash."""
    if isinstance(content, dict):
        return {
            key: _without_defaults(value)
            for key, value in content.items()
            if key not in _ADDED_LATER or value != _ADDED_LATER[key]
        }
    if isinstance(content, list | tuple):
        return [_without_defaults(value) for value in content]
    return content


@dataclass(frozen=True, slots=True)
class Revision:
    """An immutable, published version of an exercise.

    Attributes:
        id: Key (UUIDv7).
        exercise_id: The exercise, whose slug is `content.slug`.
        course_slug: The course it belongs to.
        lesson_slug: The lesson notebook it stands in.
        number: 1 for the first, counting up within the exercise.
        content: What was published.
        created_at: When (UTC).
        secret_results: What the course, as it is now, tells learners of secret tests.
    """

    id: UUID
    exercise_id: UUID
    course_slug: str
    lesson_slug: str
    number: int
    content: ExerciseContent
    created_at: datetime
    secret_results: SecretResults = SecretResults.EACH


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that belongs to a lesson: path relative to the notebook, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class LessonContent:
    """A source notebook, read: its exercises and the learner's copy made from it.

    Attributes:
        slug: Name of the lesson, unique in its course.
        title: Per language code.
        exercises: In notebook order.
        learner_notebook: The learner's copy as nbformat 4.5 JSON: no solution, no secret.
        files: Data files that go with it.
    """

    slug: str
    title: Mapping[str, str]
    exercises: tuple[ExerciseContent, ...]
    learner_notebook: Mapping[str, object]
    files: tuple[DataFile, ...] = ()

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of the learner's copy and the files."""
        digest = hashlib.sha256()
        digest.update(json.dumps(self.learner_notebook, sort_keys=True).encode())
        for file in self.files:
            digest.update(file.path.encode() + b"\0" + hashlib.sha256(file.content).digest())
        return digest.hexdigest()
