"""Wire types of verdicts: results of tests as a learner may see them."""

from jupyter_tutor.domain.evaluations import Outcome
from jupyter_tutor.domain.exercises import Visibility
from jupyter_tutor.server.replies import Reply


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
    """One test, as this learner may see it.

    `weaker`: it was observed in the process of the answer, whose code could have had a hand in it.
    """

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
    weaker: bool


class VerdictView(Reply):
    """The results of one run."""

    score: float
    passed: bool
    passed_tests: int
    total_tests: int
    summary: str
    cells: list[TestResultView]
    results: list[TestResultView]
