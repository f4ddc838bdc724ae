"""The test runner: plans in, reports out, each run in fresh sandboxes that nbclient drives.

A run has up to two phases, each in a sandbox of its own: one for the public tests, whose results
are shown, and one for all others, of which nothing but passed or failed ever is. In each, set-up
and answer cells run in their order, and each test where it stands among them, most of them last.
When a test takes the sandbox down, a fresh one runs the cells again and goes on with the next one.
The sandboxes of the second phase are opened while the first one runs, which costs no time then.
Program cases run in a namespace of their own in the same process: that costs a millisecond where a
further process costs twenty. Assert cells run in an oracle, a sandbox without learner code, which
asks the answer's sandbox for what they use of it. Where there are rules about the source, the first
sandbox reads that before anything has run in it.

Expected values never enter a sandbox that runs learner code. When two tests have run out of time,
the others are not run: an endless loop costs two limits, not one for each test.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, takewhile
from pathlib import Path
from typing import ClassVar, Final

from jupyter_tutor.domain.comparison import compare
from jupyter_tutor.domain.constructs import SourceFacts, SourceRule
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import DataFile, Limits, TestCase, Visibility
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
from jupyter_tutor.execution.deaths import Deaths
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.observing import facts_of
from jupyter_tutor.execution.plan_steps import PlanSteps, Room, is_run, room_of
from jupyter_tutor.execution.sandboxes import GOES_ON, Pair, Sandboxes, is_usable
from jupyter_tutor.execution.session import Session, Shown, Step
from jupyter_tutor.execution.supply import SandboxSupply

_AUTHOR_LIMITS = Limits(wall_seconds=30.0, cpu_seconds=30.0, memory_mb=2_048)
_AT_LEAST: Final = 2
_LENDING_SECONDS: Final = 5.0
_GONE: Final = "Gone"
_TOO_MUCH: Final = "OutputLimitReached"


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
        self._tests = plan.tests
        self._plan = replace(plan, tests=tuple(test for test in plan.tests if is_run(test)))
        self._known = frozenset({"setup", "test", *(cell.id for cell in plan.cells)})
        self._sandboxes = Sandboxes(supply, self._plan)
        self._made = PlanSteps(self._plan)
        self._deaths = Deaths()
        self._timeouts = 0
        self._unread = any(isinstance(test.spec, SourceRule) for test in plan.tests)
        self._facts: SourceFacts | None = None
        self._in_room = {
            Room.ANSWER: self._direct,
            Room.ORACLE: self._asserted,
            Room.SHARED: self._shared,
        }

    async def report(self) -> TestReport:
        """Observe cells and tests."""
        started, sealed = time.monotonic(), 0.0
        public = [test for test in self._plan.tests if test.visibility is Visibility.PUBLIC]
        others = [test for test in self._plan.tests if test.visibility is not Visibility.PUBLIC]
        try:
            cells, seen = await self._phase(public, others)
            if others and is_usable(cells) and self._timeouts < MOST_TIMEOUTS:
                begun = time.monotonic()
                seen.update((await self._phase(others))[1])
                sealed = time.monotonic() - begun
        finally:
            await self._sandboxes.drop_ahead()
        tests = tuple(
            seen.get(test.name) or Observation(test.name, Ending.NOT_RUN) for test in self._tests
        )
        seconds = time.monotonic() - started
        return TestReport(tuple(cells), tests, seconds, self._facts, sealed)

    async def values(self, expressions: Sequence[str]) -> dict[str, dict[str, object]]:
        """Evaluate expressions after the set-up."""
        steps: list[Step] = [{"kind": "call", "source": text} for text in expressions]
        async with self._sandboxes.open() as pair:
            cells, _ = await self._cells(pair, [], len(self._made.names), ())
            for number, cell in enumerate(cells):
                if cell.ending is not Ending.COMPLETED:
                    raise _refusal("The set-up", "setup", number, cell)
            shown = await self._steps(pair.answer, steps)
        seen = self._observations(expressions, shown)
        if len(seen) < len(expressions) and all(each.value is not None for each in seen):
            seen.append(Observation(expressions[len(seen)], Ending.DIED))
        return {each.name: _value(each) for each in seen}

    async def _phase(
        self, tests: Sequence[TestCase], later: Sequence[TestCase] = ()
    ) -> tuple[list[Observation], dict[str, Observation]]:
        """Run the cells and some tests, in a fresh sandbox and further ones if they are lost.

        Args:
            tests: The tests.
            later: Those of the next phase: while these run, its sandboxes are opened.
        """
        seen: dict[str, Observation] = {}
        cells: list[Observation] = []
        names = self._made.names
        for attempt in range(2 * (len(tests) + len(names)) + _AT_LEAST):  # each is doubted once
            if attempt:  # what ended the sandbox may have ended that one too, and counts once
                await self._sandboxes.drop_ahead()
            left = [test for test in in_running_order(tests) if test.name not in seen]
            async with self._sandboxes.open(with_oracle=_need_oracle(left)) as pair:
                if later and not attempt:
                    self._sandboxes.open_ahead(with_oracle=_need_oracle(later))
                await self._read_source(pair)
                if pair.broken:
                    continue
                prepared = await self._sandbox_run(pair, left, seen)
            if prepared is not None and len(prepared) > len(cells):
                cells = prepared
            missing = len(cells) < len(names) or len(seen) < len(tests)
            usable = prepared is None or is_usable(prepared)
            if not missing or not usable or self._timeouts >= MOST_TIMEOUTS:
                break
        return [*cells, *(Observation(name, Ending.NOT_RUN) for name in names[len(cells) :])], seen

    async def _read_source(self, pair: Pair) -> None:
        """Have the first sandbox tell what stands in the answer, before any of it has run there.

        Only this is ever taken for facts: nothing that comes later, when the answer has run.
        """
        if self._unread:
            self._unread = False
            for shown in await self._steps(pair.answer, [self._made.facts]):
                if shown.report is not None and shown.ending is Ending.COMPLETED:
                    self._facts = facts_of(shown.report, self._known)

    async def _sandbox_run(
        self, pair: Pair, left: Sequence[TestCase], seen: dict[str, Observation]
    ) -> list[Observation] | None:
        """Run cells and tests where each stands, until all are done or a sandbox is lost.

        Args:
            pair: The sandboxes.
            left: The tests that are still to be run, in order.
            seen: Takes what they showed.

        Returns:
            What the cells showed, or None where that is in doubt.
        """
        prepared: list[Observation] = []
        for stop, tests in self._made.stretches(left):
            direct = list(takewhile(lambda test: room_of(test) is Room.ANSWER, tests))
            prepared, early = await self._cells(pair, prepared, stop, direct)
            if self._deaths.doubts(prepared):
                return None
            if len(prepared) < stop or not is_usable(prepared):
                break
            for room, group in groupby(tests, key=room_of):
                found, early = early or await self._in_room[room](pair, list(group)), []
                if self._deaths.doubts(found):
                    found = found[:-1]
                seen.update({each.name: each for each in found})
                if pair.broken:
                    return prepared
        return prepared

    async def _direct(self, pair: Pair, tests: Sequence[TestCase]) -> list[Observation]:
        """Observe tests that run in the answer's sandbox: nothing of them is secret there."""
        shown = await self._steps(pair.answer, [self._made.test(test) for test in tests])
        return self._observations([test.name for test in tests], shown)

    async def _shared(self, pair: Pair, tests: Sequence[TestCase]) -> list[Observation]:
        """Observe assert cells that have to run in the answer's process, each by itself.

        One has run to its end when the token comes back that was sent with it and never before.
        """
        seen: list[Observation] = []
        for test in tests:
            token = secrets.token_hex(16)
            (shown,) = await self._steps(pair.answer, [{**self._made.test(test), "token": token}])
            (observation,) = self._observations([test.name], [shown])
            given = None if shown.report is None else shown.report.get("token")
            if observation.ending is Ending.COMPLETED and given != token:
                observation = replace(observation, ending=Ending.DIED)
            seen.append(observation)
            died = observation.ending is Ending.DIED
            if died or pair.broken or self._timeouts >= MOST_TIMEOUTS:
                break
        return seen

    async def _asserted(self, pair: Pair, tests: Sequence[TestCase]) -> list[Observation]:
        """Observe assert cells: they run in the oracle, which asks the answer's sandbox."""
        assert pair.oracle is not None
        before = [] if pair.introduced else self._made.introduction(len(pair.begun))
        pair.introduced = True
        steps: list[Step] = [*before, *map(self._made.test, tests), {"kind": "return"}]
        lending = asyncio.ensure_future(self._lend(pair.answer, len(tests)))
        try:
            shown = await self._steps(pair.oracle, steps, pair.answer)
            if pair.oracle.broken:
                pair.answer.close()
            lent = await lending
        finally:
            lending.cancel()
        if shown[-1].ending is Ending.DIED:
            self._deaths.of_oracle()
        seen = self._observations([test.name for test in tests], shown[len(before) :])
        return list(_until_gone(seen, lent))

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

    async def _cells(
        self, pair: Pair, before: Sequence[Observation], stop: int, tests: Sequence[TestCase]
    ) -> tuple[list[Observation], list[Observation]]:
        """Run the cells up to a number, or up to one that can't be got over.

        Args:
            pair: The sandboxes.
            before: What the cells showed that have run in them.
            stop: How many shall have run.
            tests: Tests that run next in the same sandbox; they are sent along.

        Returns:
            What cells showed, and tests; none of these where the cells can't be got over.
        """
        before = before or pair.begun
        cells = self._made.cells(len(before), stop)
        steps = [*cells, *map(self._made.test, tests)]
        shown = await self._steps(pair.answer, steps, pause=len(cells))
        seen = self._observations(self._made.names[len(before) : stop], shown)
        names = [test.name for test in tests]
        return [*before, *seen], self._observations(names, shown[len(cells) :])

    async def _steps(
        self,
        session: Session,
        steps: Sequence[Step],
        partner: Session | None = None,
        pause: int = 0,
    ) -> list[Shown]:
        if not steps:
            return []
        seeded = [{**step, "seed": self._plan.seed} for step in steps]
        allowed = MOST_TIMEOUTS - self._timeouts
        shown = await session.steps(seeded, self._plan.limits, allowed, partner, pause)
        self._timeouts += sum(ran_out_of_time(each.ending) for each in shown)
        return shown

    def _observations(self, names: Sequence[str], shown: Sequence[Shown]) -> list[Observation]:
        """Return what was shown as observations; the last ones may not have been begun."""
        pairs = zip(names, shown, strict=False)
        return [each.observation(name, self._known) for name, each in pairs]


def _need_oracle(tests: Sequence[TestCase]) -> bool:
    return any(room_of(test) is Room.ORACLE for test in tests)


def _until_gone(seen: Sequence[Observation], lent: Shown) -> Iterator[Observation]:
    """Yield observations up to that during which the answer's sandbox was lost, and how it was."""
    for each in seen:
        kind = each.error.type if each.error is not None else ""
        if kind == _GONE:
            ending = Ending.DIED if lent.ending in GOES_ON else lent.ending
            yield replace(each, ending=ending, error=None)
            return
        yield replace(each, ending=Ending.OUTPUT_LIMIT) if kind == _TOO_MUCH else each


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
