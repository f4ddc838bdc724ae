"""Failing runs for tests of explanations and hints."""

from jupyter_tutor.domain.evaluations import Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    Choice,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    ExpectedException,
    HintLevel,
    ProgramCase,
    Question,
    QuestionType,
    TestCase,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.observations import CellSource, Frame, RaisedError
from jupyter_tutor.domain.submissions import Answer

LINE = Frame("answer", 3, "mean", "    return total / count")
ZERO = RaisedError(
    "ZeroDivisionError",
    "division by zero",
    ("ArithmeticError", "Exception"),
    (Frame("test", 1, "<module>", "mean([])"), LINE),
)
ANSWER = Answer((CellSource("answer", "def mean(marks):\n    count = 0\n"),))

CALL = CallCase("mean([2, 4])", {"type": "int", "value": "3"})
PRINTING = CallCase("greet('Ada')", stdout="Hello, Ada!\n")
RAISING = CallCase("mean([])", raises=ExpectedException("ValueError"))
KEEPING = CallCase("tidy(xs)", {"type": "int", "value": "1"}, arguments_unchanged=True)
PROGRAM = ProgramCase("3\n4\n", "7\n")
CHECK = AssertCell("assert mean([2]) == 2")
QUESTION = Question(
    id="slice",
    type=QuestionType.SINGLE,
    text={"en": "What is `'tutor'[1:3]`?", "bn": "`'tutor'[1:3]` কত?"},
    choices=(
        Choice("a", {"en": "`'tu'`"}, {"en": "Counting starts at 0.", "bn": "গোনা শুরু ০ থেকে।"}),
        Choice("b", {"en": "`'ut'`"}, {"en": "Right, and never shown as feedback."}),
    ),
    correct=("b",),
)


def result(
    outcome: Outcome = Outcome.FAILED,
    *,
    name: str = "two marks",
    visibility: Visibility = Visibility.PUBLIC,
    called: str = "mean([2, 4])",
    expected: str = "3",
    got: str = "4",
    difference: str = "",
    error: RaisedError | None = None,
    stdout: str = "",
) -> TestResult:
    """Make the result of a test."""
    return TestResult(
        name=name,
        visibility=visibility,
        outcome=outcome,
        points=1.0,
        earned=float(outcome is Outcome.PASSED),
        called=called,
        expected=expected,
        got=got,
        difference=difference,
        error=error,
        stdout=stdout,
    )


def verdict(*results: TestResult, cells: tuple[TestResult, ...] = ()) -> Verdict:
    """Make a verdict."""
    return Verdict(results, cells, 0.0)


def content(
    *specs: TestSpec,
    hints: dict[str, dict[HintLevel, str]] | None = None,
    kind: ExerciseKind = ExerciseKind.CODING,
) -> ExerciseContent:
    """Make an exercise whose tests are named as `result` names them: "two marks", "test 1", ..."""
    written = hints or {}
    return ExerciseContent(
        slug="mean",
        kind=kind,
        topic="lists",
        difficulty=3,
        texts={
            "en": ExerciseText("Mean", "Take the mean.", written.get("en", {})),
            "bn": ExerciseText("গড়", "গড় বের করুন।", written.get("bn", {})),
        },
        tests=tuple(
            TestCase(f"test {number}" if number else "two marks", spec)
            for number, spec in enumerate(specs or (CALL,))
        ),
    )
