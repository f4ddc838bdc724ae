"""What a run of learner code looked like from outside: observations, never verdicts.

The process that ran learner code only produces these values; `domain.evaluations` compares them
with what the author expected, in another process.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jupyter_tutor.domain.constructs import SourceFacts
from jupyter_tutor.domain.exercises import DataFile, Limits, TestCase, Visibility


class Ending(StrEnum):
    """How the execution of one cell or one test ended."""

    COMPLETED = "completed"
    RAISED = "raised"
    TIMEOUT = "timeout"
    CPU_LIMIT = "cpu_limit"
    MEMORY_LIMIT = "memory_limit"
    OUTPUT_LIMIT = "output_limit"
    PROCESS_LIMIT = "process_limit"
    DIED = "died"
    NOT_RUN = "not_run"


MOST_TIMEOUTS: Final = 2
"""How many tests of a run may run out of time; the tests after them are not run.

One such test costs only itself: there are inputs on which a loop never ends beside others on which
all is well. After the second most likely none would end, and each would cost the whole limit.
"""

_OUT_OF_TIME = (Ending.TIMEOUT, Ending.CPU_LIMIT)


@dataclass(frozen=True, slots=True)
class CellSource:
    """One answer cell as the learner wrote it, by its id in the exercise."""

    id: str
    source: str


@dataclass(frozen=True, slots=True)
class Frame:
    """A traceback frame in the learner's own code.

    Attributes:
        cell: Id of the answer cell, or "setup" or "test".
        line: 1-based line in that cell.
        function: Name of the function, or "<module>".
        source: The text of the line.
    """

    cell: str
    line: int
    function: str
    source: str


@dataclass(frozen=True, slots=True)
class RaisedError:
    """An exception seen from outside.

    Attributes:
        type: Class name, such as `ValueError`.
        bases: Names of its base classes, nearest first, up to `BaseException`.
        message: `str()` of it, cut to a sensible length.
        frames: Outermost first; only frames in cells, never of the engine or of libraries.
        caret: For a syntax error: 1-based column, else None.
        close: For a module that is not there: those that are, with names most like its own.
    """

    type: str
    message: str
    bases: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    caret: int | None = None
    close: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One test or one cell, observed.

    Attributes:
        name: The test's name, or the cell's id.
        ending: How it ended.
        value: The value of a call in the encoding of `domain.values`, or None.
        arguments_changed: Whether the call changed its arguments; None when not observed.
        stdout: What was printed, cut at the limit.
        stderr: Likewise.
        error: The exception when `ending` is `RAISED`; for a timeout the frame it was in, if known.
        seconds: Time on the clock.
        memory_mb: Peak resident memory of the run so far, MiB, or None when unknown.
    """

    name: str
    ending: Ending
    value: Mapping[str, object] | None = None
    arguments_changed: bool | None = None
    stdout: str = ""
    stderr: str = ""
    error: RaisedError | None = None
    seconds: float = 0.0
    memory_mb: float | None = None


def out_of_time(tests: Iterable[Observation]) -> bool:
    """Whether as many tests ran out of time as may, so that no further one is run."""
    return sum(ran_out_of_time(test.ending) for test in tests) >= MOST_TIMEOUTS


def ran_out_of_time(ending: Ending) -> bool:
    """Whether a test or cell used up its time, on the clock or of the processor."""
    return ending in _OUT_OF_TIME


def in_running_order(tests: Iterable[TestCase]) -> list[TestCase]:
    """Return tests as they are run: the public ones first, each where it stands among the cells.

    Otherwise they are in the author's order. Rules about the source are judged without a run, and
    are among the others here.
    """

    def place(test: TestCase) -> tuple[bool, float]:
        position = math.inf if test.position is None else test.position
        return test.visibility is not Visibility.PUBLIC, position

    return sorted(tests, key=place)


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What to run: set-up, the learner's cells in order, and the tests, in fresh processes.

    A test runs after as many cells as its position says, without one after all of them. Tests run
    in the order of `in_running_order`, until `out_of_time`; the rest is not run.

    Attributes:
        setup: Sources that run first, by the author.
        cells: The learner's cells.
        tests: Call cases, program cases, assert cells and rules; no questions.
        limits: For each cell and each test.
        files: Data files to put into the working directory.
        seed: Seeds `random` and, where it is imported, numpy, before each test.
    """

    setup: tuple[str, ...]
    cells: tuple[CellSource, ...]
    tests: tuple[TestCase, ...]
    limits: Limits = Limits()
    files: tuple[DataFile, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class TestReport:
    """Everything one run showed.

    Attributes:
        cells: One observation per set-up cell ("setup") and per answer cell, in order.
        tests: One observation per test of the plan, in its order; that of a rule says nothing.
        seconds: The whole run on the clock.
        facts: What stands in the answer cells, where the plan has a rule about that; None where
            nothing was observed.
        sealed_seconds: How much of it the tests took that learners do not see.
    """

    __test__ = False  # pytest must not collect a value object of the domain

    cells: tuple[Observation, ...]
    tests: tuple[Observation, ...]
    seconds: float
    facts: SourceFacts | None = None
    sealed_seconds: float = 0.0
