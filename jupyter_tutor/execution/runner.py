"""The test runner: plans in, reports out, each run in fresh kernel processes driven by nbclient.

Set-up and answer cells run first, then each test in a cell of its own. When a test takes the kernel
down, a fresh one runs the cells again and goes on with the next test. Program cases are executed in
the kernel too, in a namespace of their own with `sys.stdin` replaced: that costs a millisecond
where a further process costs thirty, and every limit is watched over the whole tree of processes
anyway.

Expected values of cases never enter a kernel. The source of an assert cell does; that is in its
nature. Tests share a kernel, so that those whose results are shown run first: what an answer
remembers of a secret test can then not come out in a result that the learner sees. When two tests
have run out of time, the others are not run: an endless loop costs two limits, not one for each.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from jupyter_tutor.domain.comparison import compare
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    DataFile,
    Limits,
    ProgramCase,
    TestCase,
)
from jupyter_tutor.domain.observations import (
    Ending,
    Observation,
    RunPlan,
    TestReport,
    in_running_order,
    out_of_time,
)
from jupyter_tutor.domain.values import literal
from jupyter_tutor.execution.observing import (
    arguments_changed_of,
    error_of,
    seconds_of,
    value_of,
)
from jupyter_tutor.execution.pool import KernelPool
from jupyter_tutor.execution.session import KernelSession, Shown

Step = dict[str, object]

_AUTHOR_LIMITS = Limits(wall_seconds=30.0, cpu_seconds=30.0, memory_mb=2_048)
_GOES_ON = (Ending.COMPLETED, Ending.RAISED)


class NbclientTestRunner:
    """A `TestRunner` on fresh kernels of this Python installation. Its methods may run in parallel.

    Linux is supported fully. Where there is no `/proc`, as on macOS, only the limits on time on the
    clock and on output are watched.
    """

    __test__: ClassVar[bool] = False  # pytest must not collect it

    def __init__(
        self, *, spares: int = 0, start_seconds: float = 60.0, directory: Path | None = None
    ) -> None:
        """Create one.

        Args:
            spares: How many idle kernels to keep started, so that a run need not wait for one. A
                kernel is never used twice.
            start_seconds: How long a kernel may take to start.
            directory: Where the kernels' private directories are made, on a short path; None means
                the system's temporary directory.
        """
        self._pool = KernelPool(spares, start_seconds, directory)

    def run(self, plan: RunPlan) -> TestReport:
        """Run set-up, answer cells and tests; blocks until all is observed.

        Raises:
            InvalidInput: A data file lies outside the lesson's folder.
            KernelUnavailable: No kernel could be started, or the runner was closed.
        """
        return asyncio.run(_Run(self._pool, plan).report())

    def evaluate(
        self, setup: tuple[str, ...], expressions: tuple[str, ...], files: tuple[DataFile, ...]
    ) -> tuple[dict[str, object], ...]:
        """Evaluate an author's expressions after the set-up, in the encoding of `domain.values`.

        When all are plain literals, no kernel is needed and the set-up is not run.

        Raises:
            InvalidInput: The set-up or an expression raises, or its value can't be compared;
                `details` has `setup` (its number, from 0) or `expression`, and `error`.
            KernelUnavailable: No kernel could be started, or the runner was closed.
        """
        values = {text: literal(text) for text in expressions}
        harder = tuple(text for text, value in values.items() if value is None)
        if harder:
            plan = RunPlan(setup, (), (), _AUTHOR_LIMITS, files)
            values.update(asyncio.run(_Run(self._pool, plan).values(harder)))
        return tuple(value for text in expressions if (value := values[text]) is not None)

    def close(self) -> None:
        """End every kernel that is still there; runs under way raise `KernelUnavailable`."""
        self._pool.close()


class _Run:
    """One run of a plan, in as many kernels as it takes."""

    def __init__(self, pool: KernelPool, plan: RunPlan) -> None:
        self._pool = pool
        self._plan = plan
        self._known = frozenset({"setup", "test", *(cell.id for cell in plan.cells)})
        self._session: KernelSession | None = None

    async def report(self) -> TestReport:
        """Observe cells and tests."""
        started = asyncio.get_running_loop().time()
        try:
            cells = await self._prepared()
            seen: dict[str, Observation] = {}
            for test in in_running_order(self._plan.tests):
                seen[test.name] = (
                    Observation(test.name, Ending.NOT_RUN)
                    if out_of_time(seen.values())
                    else await self._test(test, cells)
                )
        finally:
            self._leave()
        seconds = asyncio.get_running_loop().time() - started
        tests = tuple(seen[test.name] for test in self._plan.tests)
        return TestReport(tuple(cells), tests, seconds)

    async def values(self, expressions: Sequence[str]) -> dict[str, dict[str, object]]:
        """Evaluate expressions after the set-up."""
        try:
            for number, cell in enumerate(await self._prepared()):
                if cell.ending is not Ending.COMPLETED:
                    raise _refusal("The set-up", "setup", number, cell)
            return {text: await self._value(text) for text in expressions}
        finally:
            self._leave()

    async def _value(self, expression: str) -> dict[str, object]:
        seen = await self._observe(expression, {"kind": "call", "source": expression})
        if seen.ending is not Ending.COMPLETED or seen.value is None:
            raise _refusal(f"`{expression}`", "expression", expression, seen)
        difference = compare(seen.value, seen.value).difference
        if difference:
            raise InvalidInput(
                f"`{expression}` has a value that no answer could equal: {difference}.",
                details={"expression": expression, "error": difference},
            )
        return dict(seen.value)

    async def _test(self, test: TestCase, cells: Sequence[Observation]) -> Observation:
        """Observe one test, in a fresh kernel if the last one was lost."""
        step = self._step(test)
        if step is None or not _usable(cells):
            return Observation(test.name, Ending.NOT_RUN)
        if self._session is None and not _usable(await self._prepared()):
            return Observation(test.name, Ending.NOT_RUN)
        return await self._observe(test.name, step)

    def _step(self, test: TestCase) -> Step | None:
        match test.spec:
            case CallCase() as case:
                watch = case.arguments_unchanged
                return {"kind": "call", "source": case.call, "watch_arguments": watch}
            case ProgramCase() as case:
                return {"kind": "program", "sources": self._sources(), "stdin": case.stdin}
            case AssertCell() as case:
                return {"kind": "assert", "source": case.source}
            case _:
                return None

    def _sources(self) -> list[Step]:
        """Return set-up and answer cells; set-up cells are told apart by number."""
        setup = [
            {"name": "setup", "number": number, "source": source}
            for number, source in enumerate(self._plan.setup, start=1)
        ]
        cells = [{"name": cell.id, "number": 0, "source": cell.source} for cell in self._plan.cells]
        return [*setup, *cells]

    async def _prepared(self) -> list[Observation]:
        """Start a kernel and run set-up and answer cells, up to one that can't be got over.

        When all tests run the answer as a program, the cells are only compiled: a program's first
        `input()` would fail here, without any input.
        """
        self._session = await self._pool.open(self._plan.files)
        programs = [isinstance(test.spec, ProgramCase) for test in self._plan.tests]
        only_compile = bool(programs) and all(programs)
        seen: list[Observation] = []
        for cell in self._sources():
            name = str(cell["name"])
            if not _usable(seen):
                seen.append(Observation(name, Ending.NOT_RUN))
                continue
            step = {"kind": "cell", "only_compile": only_compile, **cell}
            seen.append(await self._observe(name, step))
        return seen

    async def _observe(self, name: str, step: Step) -> Observation:
        if self._session is None:
            return Observation(name, Ending.NOT_RUN)
        shown = await self._session.step({**step, "seed": self._plan.seed}, self._plan.limits)
        if self._session.broken:
            self._leave()
        return self._observation(name, shown)

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

    def _leave(self) -> None:
        """End the present kernel.

        Raises:
            KernelUnavailable: It had ended because the runner was closed.
        """
        if self._session is not None:
            session, self._session = self._session, None
            self._pool.done(session)
        self._pool.check_open()


def _usable(cells: Sequence[Observation]) -> bool:
    return all(cell.ending in _GOES_ON for cell in cells)


def _refusal(what: str, key: str, which: object, seen: Observation) -> InvalidInput:
    """Return the error for author's code that does not give a value."""
    error = f"{seen.error.type}: {seen.error.message}" if seen.error else seen.ending.value
    return InvalidInput(f"{what} can't be evaluated: {error}", details={key: which, "error": error})
