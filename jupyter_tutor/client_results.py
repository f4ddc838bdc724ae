"""What the light client returns: values that can be read where they are printed."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ExerciseFacts:
    """What the card shows about an exercise."""

    slug: str
    title: str
    points: float
    answer_cells: tuple[str, ...]
    submissions: int
    max_submissions: int | None
    best_score: float | None

    def __repr__(self) -> str:
        """Show the facts in one line."""
        tries = f"{self.submissions} of {self.max_submissions}" if self.max_submissions else ""
        best = "" if self.best_score is None else f", best {self.best_score:.0%}"
        return f"{self.title} ({self.points:g} points{best}) {tries}".rstrip()


@dataclass(frozen=True)
class TestLine:
    """One test in a result."""

    __test__ = False  # pytest must not collect it

    name: str
    outcome: str
    message: str
    weaker: bool = False


@dataclass(frozen=True)
class CheckResult:
    """What a run of the tests showed; prints as a table."""

    summary: str
    score: float
    passed: bool
    tests: tuple[TestLine, ...]

    def __repr__(self) -> str:
        """Show the tests as a table, and why each failed below its line."""
        return "\n".join([self.summary, *_table(self.tests)])


@dataclass(frozen=True)
class SubmissionResult:
    """What came of a submission; prints as grade and table."""

    number: int
    status: str
    score: float | None
    points_earned: float | None
    points_possible: float
    message: str
    tests: tuple[TestLine, ...]

    def __repr__(self) -> str:
        """Show the grade and the tests."""
        if self.score is None:
            grade = self.message or self.status
        else:
            grade = f"{self.points_earned:g} of {self.points_possible:g} points ({self.score:.0%})"
        return "\n".join([f"Submission {self.number}: {grade}", *_table(self.tests)])


@dataclass(frozen=True)
class HintResult:
    """A hint, or why there is none now."""

    text: str
    level: str
    source: str

    def __repr__(self) -> str:
        """Show the hint with its rung and who made it."""
        return f"[{self.level}, {self.source}] {self.text}" if self.level else self.text


def lines_of(verdict: dict[str, Any]) -> tuple[TestLine, ...]:
    """Return the cells and tests of a verdict, one line each."""
    return tuple(
        TestLine(
            each["name"],
            each["outcome"],
            each["difference"] or each["message"],
            each.get("weaker", False),  # a server of an older version does not say
        )
        for each in [*verdict["cells"], *verdict["results"]]
    )


def _table(tests: tuple[TestLine, ...]) -> list[str]:
    width = max((len(test.outcome) for test in tests), default=0)
    lines = []
    for test in tests:
        mark = " (weaker evidence)" if test.weaker else ""
        lines.append(f"  {test.outcome:<{width}}  {test.name}{mark}")
        if test.message and test.outcome != "passed":
            lines.append(f"  {'':<{width}}    {test.message}")
    return lines
