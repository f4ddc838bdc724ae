"""Outcomes of tests and what they make together."""

from dataclasses import dataclass
from enum import StrEnum

from jupyter_tutor.domain.exercises import Visibility
from jupyter_tutor.domain.observations import RaisedError


class Outcome(StrEnum):
    """The outcome of one test."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    TIMEOUT = "timeout"
    CPU_LIMIT = "cpu_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    PROCESS_LIMIT = "process_limit"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test, judged.

    Attributes:
        name: The test's name.
        visibility: As the author set it.
        outcome: How it went.
        points: What the test is worth.
        earned: What was earned: `points` or 0.
        called: What was called or fed in, as text; empty for an assert cell; a question's text.
        expected: The expected value or output as text; empty where there is none. For a rule about
            the source, labels of what is missing (see `domain.rule_telling`).
        got: The value, output or exception observed, as text. For a rule the places of what is
            forbidden, a line each.
        difference: The first difference in words, such as "at index 2: expected 3, got 4"; empty
            where it would only repeat the two values.
        message: One sentence for the learner about the outcome; empty when passed, but for the
            explanation of a question. It follows from the other facts: `domain.telling` makes it
            anew, in the language of the reader.
        error: The exception, with frames in the learner's own cells.
        stdout: What the test printed.
        seconds: Time on the clock.
        memory_mb: Peak memory, or None.
        weaker: Whether it was observed in the process of the answer, where the answer's code could
            have had a hand in it.
    """

    __test__ = False  # pytest must not collect a value object of the domain

    name: str
    visibility: Visibility
    outcome: Outcome
    points: float
    earned: float
    called: str = ""
    expected: str = ""
    got: str = ""
    difference: str = ""
    message: str = ""
    error: RaisedError | None = None
    stdout: str = ""
    seconds: float = 0.0
    memory_mb: float | None = None
    weaker: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """All results of one run and the score they make.

    Attributes:
        results: In the order of the tests.
        cells: Results of the learner's cells that did not complete: name is the cell's id, no
            points; a syntax error stands here.
        score: Earned points over possible points, 0 to 1; 0 when there is nothing to earn.
    """

    results: tuple[TestResult, ...]
    cells: tuple[TestResult, ...]
    score: float

    @property
    def passed(self) -> bool:
        """Whether every test passed; one without points is told and decides nothing."""
        deciding = [r for r in self.results if r.points > 0] or self.results
        return bool(deciding) and all(r.outcome is Outcome.PASSED for r in deciding)
