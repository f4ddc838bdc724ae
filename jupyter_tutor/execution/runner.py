"""The test runner: plans in, reports out, each run in fresh sandboxes that nbclient drives.

A run has up to two phases, each in a sandbox of its own: one for the public tests, whose results
are shown, and one for all others, of which nothing but passed or failed ever is. In each, set-up
and answer cells run first and then the tests. When a test takes the sandbox down, a fresh one runs
the cells again and goes on with the next test. Program cases run in a namespace of their own in the
same process: that costs a millisecond where a further process costs twenty. Assert cells run in an
oracle, a sandbox without learner code, which asks the answer's sandbox for what they use of it.

Expected values never enter a sandbox that runs learner code. When two tests have run out of time,
the others are not run: an endless loop costs two limits, not one for each test.
"""

import asyncio
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import ClassVar, Final

from jupyter_tutor.domain.comparison import compare
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    DataFile,
    Limits,
    ProgramCase,
    Question,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.observations import (
    MOST_TIMEOUTS,
    Ending,
    Observation,
    RunPlan,
    TestReport,
    in_running_order,
    ran_out_of_time,
)
from jupyter_tutor.domain.values import literal
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.observing import (
    arguments_changed_of,
    error_of,
    seconds_of,
    value_of,
)
from jupyter_tutor.execution.session import Session, Shown, Step, open_session
from jupyter_tutor.execution.supply import SandboxSupply
from jupyter_tutor.execution.templates import Quota, Role, RunProcess, RunRequest

_AUTHOR_LIMITS = Limits(wall_seconds=30.0, cpu_seconds=30.0, memory_mb=2_048)
_LENDING_SECONDS: Final = 5.0
_GONE: Final = "Gone"
_TOO_MUCH: Final = "OutputLimitReached"
_GOES_ON = (Ending.COMPLETED, Ending.RAISED)
_HEAVY: Final = ("numpy", "pandas", "matplotlib.pyplot")
_IMPORTS: Final = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(numpy|pandas|matplotlib|seaborn|scipy|sklearn)\b", re.MULTILINE
)


class SandboxTestRunner:
    """A `TestRunner` on fresh sandboxes of this Python installation.

    Its methods may run in parallel; at most `sandboxes` runs are under way at a time, others wait.
    """

    __test__: ClassVar[bool] = False  # pytest must not collect it

    def __init__(
        self,
        *,
        weakest: Level = Level.LIMITS,
        strongest: Level = Level.NAMESPACES,
        sandboxes: int = 8,
        start_seconds: float = 60.0,
        directory: Path | None = None,
    ) -> None:
        """Create one; templates are started when the first run needs them.

        Args:
            weakest: The weakest isolation that runs may have.
            strongest: The strongest isolation to try.
            sandboxes: How many runs may be under way at a time.
            start_seconds: How long a template may take to start.
            directory: Where the templates' private directories are made; None means the system's
                temporary directory.
        """
        self._supply = SandboxSupply(
            weakest=weakest,
            strongest=strongest,
            start_seconds=start_seconds,
            directory=directory,
        )
        self._places = threading.BoundedSemaphore(sandboxes)

    @property
    def supply(self) -> SandboxSupply:
        """Where its sandboxes come from; it knows the isolation in force."""
        return self._supply

    def run(self, plan: RunPlan) -> TestReport:
        """Run set-up, answer cells and tests; blocks until all is observed.

        Raises:
            InvalidInput: A data file lies outside the lesson's folder.
            KernelUnavailable: No sandbox could be started, or the runner was closed.
        """
        with self._places:
            return asyncio.run(_Run(self._supply, plan).report())

    def evaluate(
        self, setup: tuple[str, ...], expressions: tuple[str, ...], files: tuple[DataFile, ...]
    ) -> tuple[dict[str, object], ...]:
        """Evaluate an author's expressions after the set-up, in the encoding of `domain.values`.

        When all are plain literals, no sandbox is needed and the set-up is not run.

        Raises:
            InvalidInput: The set-up or an expression raises, or its value can't be compared;
                `details` has `setup` (its number, from 0) or `expression`, and `error`.
            KernelUnavailable: No sandbox could be started, or the runner was closed.
        """
        values = {text: literal(text) for text in expressions}
        harder = tuple(text for text, value in values.items() if value is None)
        if harder:
            plan = RunPlan(setup, (), (), _AUTHOR_LIMITS, files)
            with self._places:
                values.update(asyncio.run(_Run(self._supply, plan).values(harder)))
        return tuple(value for text in expressions if (value := values[text]) is not None)

    def close(self) -> None:
        """End every sandbox that is still there; runs under way raise `KernelUnavailable`."""
        self._supply.close()


class _Run:
    """One run of a plan, in as many sandboxes as it takes."""

    def __init__(self, supply: SandboxSupply, plan: RunPlan) -> None:
        self._supply = supply
        self._plan = plan
        self._known = frozenset({"setup", "test", *(cell.id for cell in plan.cells)})
        self._timeouts = 0

    async def report(self) -> TestReport:
        """Observe cells and tests."""
        started = time.monotonic()
        public = [test for test in self._plan.tests if test.visibility is Visibility.PUBLIC]
        others = [test for test in self._plan.tests if test.visibility is not Visibility.PUBLIC]
        cells, seen = await self._phase(public)
        if others and _usable(cells) and self._timeouts < MOST_TIMEOUTS:
            seen.update((await self._phase(others))[1])
        tests = tuple(
            seen.get(test.name) or Observation(test.name, Ending.NOT_RUN)
            for test in self._plan.tests
        )
        return TestReport(tuple(cells), tests, time.monotonic() - started)

    async def values(self, expressions: Sequence[str]) -> dict[str, dict[str, object]]:
        """Evaluate expressions after the set-up."""
        steps: list[Step] = [{"kind": "call", "source": text} for text in expressions]
        async with self._sandbox() as pair:
            for number, cell in enumerate(await self._prepare(pair.answer)):
                if cell.ending is not Ending.COMPLETED:
                    raise _refusal("The set-up", "setup", number, cell)
            shown = await self._steps(pair.answer, steps)
        seen = [self._observation(*each) for each in zip(expressions, shown, strict=False)]
        if len(seen) < len(expressions) and all(each.value is not None for each in seen):
            seen.append(Observation(expressions[len(seen)], Ending.DIED))
        return {each.name: _value(each) for each in seen}

    async def _phase(
        self, tests: Sequence[TestCase]
    ) -> tuple[list[Observation], dict[str, Observation]]:
        """Run the cells and some tests, in a fresh sandbox and further ones if they are lost."""
        left = [test for test in in_running_order(tests) if not isinstance(test.spec, Question)]
        seen: dict[str, Observation] = {}
        cells: list[Observation] | None = None
        while cells is None or (left and self._timeouts < MOST_TIMEOUTS):
            async with self._sandbox(with_oracle=any(_is_asserted(test) for test in left)) as pair:
                prepared = await self._prepare(pair.answer)
                cells = prepared if cells is None else cells
                if pair.answer.broken or not _usable(prepared):
                    break
                for asserted, group in groupby(left, key=_is_asserted):
                    run = self._asserted if asserted else self._direct
                    found = await run(pair, list(group))
                    seen.update({each.name: each for each in found})
                    left = left[len(found) :]
                    if pair.broken:
                        break
        return cells, seen

    async def _direct(self, pair: "_Pair", tests: Sequence[TestCase]) -> list[Observation]:
        """Observe tests that run in the answer's sandbox: nothing of them is secret there."""
        shown = await self._steps(pair.answer, [self._step(test) for test in tests])
        return [
            self._observation(test.name, each) for test, each in zip(tests, shown, strict=False)
        ]

    async def _asserted(self, pair: "_Pair", tests: Sequence[TestCase]) -> list[Observation]:
        """Observe assert cells: they run in the oracle, which asks the answer's sandbox."""
        assert pair.oracle is not None
        before = [] if pair.introduced else self._introduction()
        pair.introduced = True
        steps: list[Step] = [*before, *map(self._step, tests), {"kind": "return"}]
        lending = asyncio.ensure_future(self._lend(pair.answer, len(tests)))
        try:
            shown = await self._steps(pair.oracle, steps, pair.answer)
            if pair.oracle.broken:
                pair.answer.close()
            lent = await lending
        finally:
            lending.cancel()
        seen = [
            self._observation(*each)
            for each in zip((test.name for test in tests), shown[len(before) :], strict=False)
        ]
        return list(_until_gone(seen, lent))

    def _introduction(self) -> list[Step]:
        """Return what the oracle runs first: the author's set-up, for the tests' own use."""
        cells = [cell for cell in self._sources() if cell["name"] == "setup"]
        return [*({"kind": "cell", **cell} for cell in cells), {"kind": "open"}]

    async def _lend(self, session: Session, tests: int) -> Shown:
        """Have the answer's sandbox serve the oracle; its time is watched test by test there."""
        limits = self._plan.limits
        generous = replace(
            limits,
            wall_seconds=(tests + 1) * limits.wall_seconds + _LENDING_SECONDS,
            cpu_seconds=(tests + 1) * limits.cpu_seconds + _LENDING_SECONDS,
        )
        step: Step = {"kind": "lend", "seed": self._plan.seed}
        (shown,) = await session.steps([step], generous, 1)
        return shown

    def _step(self, test: TestCase) -> Step:
        match test.spec:
            case CallCase() as case:
                watch = case.arguments_unchanged
                return {"kind": "call", "source": case.call, "watch_arguments": watch}
            case ProgramCase() as case:
                return {"kind": "program", "sources": self._sources(), "stdin": case.stdin}
            case AssertCell() as case:
                return {"kind": "assert", "source": case.source}
            case Question():
                raise AssertionError("a question is not run")

    def _sources(self) -> list[Step]:
        """Return set-up and answer cells; set-up cells are told apart by number."""
        setup: list[Step] = [
            {"name": "setup", "number": number, "source": source}
            for number, source in enumerate(self._plan.setup, start=1)
        ]
        cells = [{"name": cell.id, "number": 0, "source": cell.source} for cell in self._plan.cells]
        return [*setup, *cells]

    @asynccontextmanager
    async def _sandbox(self, *, with_oracle: bool = False) -> AsyncIterator["_Pair"]:
        """Open a sandbox for the answer, and one for its tests if they need one.

        Raises:
            KernelUnavailable: There is none, or it ended because the runner was closed.
        """
        pair = _Pair()
        links = socket.socketpair() if with_oracle else (None, None)
        try:
            pair.answer = await open_session(self._process(Role.ANSWER, links[0]))
            if with_oracle:
                pair.oracle = await open_session(self._process(Role.ORACLE, links[1]))
            for link in links:
                if link is not None:
                    link.close()
            yield pair
        finally:
            for link in links:
                if link is not None:
                    link.close()
            pair.close()
        self._supply.check_open()

    def _process(self, role: Role, link: socket.socket | None) -> RunProcess:
        texts = [*self._plan.setup, *(cell.source for cell in self._plan.cells)]
        packages = _HEAVY if any(_IMPORTS.search(text) for text in texts) else ()
        limits = self._plan.limits
        steps = len(self._plan.tests) + len(texts) + 1
        quota = Quota(
            memory_mb=limits.memory_mb,
            cpu_seconds=int(limits.cpu_seconds + 1) * steps,
            tasks=4 * limits.processes + 32,  # the watch is to see it, before the system refuses
        )
        links = () if link is None else (link,)
        return self._supply.open(packages, RunRequest(quota, self._plan.files, role, links))

    async def _prepare(self, session: Session) -> list[Observation]:
        """Run set-up and answer cells, up to one that can't be got over.

        When all tests run the answer as a program, the cells are only compiled: a program's first
        `input()` would fail here, without any input.
        """
        programs = [isinstance(test.spec, ProgramCase) for test in self._plan.tests]
        only_compile = bool(programs) and all(programs)
        sources = self._sources()
        steps = [{"kind": "cell", "only_compile": only_compile, **cell} for cell in sources]
        shown = await self._steps(session, steps)
        names = [str(cell["name"]) for cell in sources]
        seen = [self._observation(*each) for each in zip(names, shown, strict=False)]
        return [*seen, *(Observation(name, Ending.NOT_RUN) for name in names[len(seen) :])]

    async def _steps(
        self, session: Session, steps: Sequence[Step], partner: Session | None = None
    ) -> list[Shown]:
        if not steps:
            return []
        seeded = [{**step, "seed": self._plan.seed} for step in steps]
        allowed = MOST_TIMEOUTS - self._timeouts
        shown = await session.steps(seeded, self._plan.limits, allowed, partner)
        self._timeouts += sum(ran_out_of_time(each.ending) for each in shown)
        return shown

    def _observation(self, name: str, shown: Shown) -> Observation:
        report = shown.report or {}
        return Observation(
            name=name,
            ending=shown.ending,
            value=value_of(report) if shown.ending is Ending.COMPLETED else None,
            arguments_changed=arguments_changed_of(report),
            stdout=shown.stdout,
            stderr=shown.stderr,
            error=error_of(report, self._known),
            seconds=seconds_of(report, shown.seconds),
            memory_mb=shown.memory_mb,
        )


@dataclass(slots=True)
class _Pair:
    """The sandbox of an answer and, where there are assert cells, that of its tests."""

    _answer: Session | None = None
    oracle: Session | None = None
    introduced: bool = False

    @property
    def answer(self) -> Session:
        """The session with the answer's sandbox."""
        assert self._answer is not None
        return self._answer

    @answer.setter
    def answer(self, session: Session) -> None:
        self._answer = session

    @property
    def broken(self) -> bool:
        """Whether one of them takes no further steps."""
        return self.answer.broken or (self.oracle is not None and self.oracle.broken)

    def close(self) -> None:
        """End both."""
        for session in (self._answer, self.oracle):
            if session is not None:
                session.close()


def _is_asserted(test: TestCase) -> bool:
    return isinstance(test.spec, AssertCell)


def _until_gone(seen: Sequence[Observation], lent: Shown) -> Iterator[Observation]:
    """Yield observations up to that during which the answer's sandbox was lost, and how it was."""
    for each in seen:
        kind = each.error.type if each.error is not None else ""
        if kind == _GONE:
            ending = Ending.DIED if lent.ending in _GOES_ON else lent.ending
            yield replace(each, ending=ending, error=None)
            return
        yield replace(each, ending=Ending.OUTPUT_LIMIT) if kind == _TOO_MUCH else each


def _usable(cells: Sequence[Observation]) -> bool:
    return all(cell.ending in _GOES_ON for cell in cells)


def _value(seen: Observation) -> dict[str, object]:
    """Return the value of an author's expression.

    Raises:
        InvalidInput: There is none, or none that an answer could equal.
    """
    if seen.ending is not Ending.COMPLETED or seen.value is None:
        raise _refusal(f"`{seen.name}`", "expression", seen.name, seen)
    difference = compare(seen.value, seen.value).difference
    if difference:
        raise InvalidInput(
            f"`{seen.name}` has a value that no answer could equal: {difference}.",
            details={"expression": seen.name, "error": difference},
        )
    return dict(seen.value)


def _refusal(what: str, key: str, which: object, seen: Observation) -> InvalidInput:
    """Return the error for author's code that does not give a value."""
    error = f"{seen.error.type}: {seen.error.message}" if seen.error else seen.ending.value
    return InvalidInput(f"{what} can't be evaluated: {error}", details={key: which, "error": error})
