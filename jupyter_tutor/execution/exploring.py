"""Explorations of answers: an `Explorer` on fresh sandboxes.

The sandbox in which an answer runs is given the answer, inputs of tests, and edits of one statement
each; never an expected value, and never a whole program that passes. What it sends back is checked
and read as data. Programs that pass are read in another sandbox, in which nothing runs.
"""

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from typing import Final

from jupyter_tutor.domain.edits import Edit, EditKind
from jupyter_tutor.domain.exercises import Limits, ProgramCase, TestCase
from jupyter_tutor.domain.observations import CellSource, Ending, Observation, RunPlan
from jupyter_tutor.domain.spectrum import Place
from jupyter_tutor.execution.observing import (
    Report,
    arguments_changed_of,
    checked_report,
    ending_of,
    error_of,
    value_of,
)
from jupyter_tutor.execution.plan_steps import PlanSteps, is_run
from jupyter_tutor.execution.sandboxes import Pair, Sandboxes
from jupyter_tutor.execution.session import Step
from jupyter_tutor.execution.supply import SandboxSupply
from jupyter_tutor.services.diagnosis_ports import Exploration, Held, Traced

MOST_EDITS: Final = 8_000
MOST_DONORS: Final = 60
_MOST_LINES: Final = 2_000
_MOST_REOPENINGS: Final = 24
_SECONDS: Final = 10.0
_MOST_OUTPUT: Final = 20_000
_LEAST_OUTPUT: Final = 4_000
_KINDS: Final = frozenset(kind.value for kind in EditKind)


class SandboxExplorer:
    """Explores answers in sandboxes of a supply; may be used by several threads at a time."""

    def __init__(self, supply: SandboxSupply, *, sandboxes: int = 2) -> None:
        """Create one.

        Args:
            supply: Where sandboxes come from.
            sandboxes: How many explorations may be under way at a time; others wait.
        """
        self._supply = supply
        self._places = threading.BoundedSemaphore(sandboxes)

    @contextmanager
    def open(self, plan: RunPlan) -> Iterator[Exploration]:
        """Open a sandbox with set-up and files of a plan; its tests are not run.

        Raises:
            KernelUnavailable: There is none.
        """
        with self._places, asyncio.Runner() as loop:
            exploration = _SandboxExploration(self._supply, plan, loop)
            try:
                yield exploration
            finally:
                exploration.close()

    def donations(self, plan: RunPlan, donors: Sequence[Sequence[CellSource]]) -> tuple[Edit, ...]:
        """Return edits that put in one statement of a program that passes, likeliest first.

        Raises:
            KernelUnavailable: There is no sandbox.
        """
        bare = replace(plan, setup=(), files=(), tests=())
        programs = [[_cell(cell) for cell in donor] for donor in donors[:MOST_DONORS]]
        # Asked for by one who has a place already, and soon over: it must not wait for another.
        with asyncio.Runner() as loop:
            exploration = _SandboxExploration(self._supply, bare, loop)
            try:
                return exploration.edits({"explore": "donations", "donors": programs})
            finally:
                exploration.close()


class _SandboxExploration:
    """One answer in one sandbox, and in another one when that is lost."""

    def __init__(self, supply: SandboxSupply, plan: RunPlan, loop: asyncio.Runner) -> None:
        limits = Limits(
            wall_seconds=_SECONDS,
            cpu_seconds=_SECONDS,
            memory_mb=plan.limits.memory_mb,
            output_bytes=max(min(plan.limits.output_bytes, _MOST_OUTPUT), _LEAST_OUTPUT),
            processes=plan.limits.processes,
        )
        self._plan = replace(plan, limits=limits, tests=tuple(filter(is_run, plan.tests)))
        self._supply = supply
        self._loop = loop
        self._made = PlanSteps(self._plan)
        self._cells = [_cell(cell) for cell in plan.cells]
        self._known = frozenset(cell.id for cell in plan.cells)
        self._stack = AsyncExitStack()
        self._pair: Pair | None = None
        self._left = _MOST_REOPENINGS
        self._printed = ""

    def close(self) -> None:
        """End the sandbox."""
        self._pair = None
        self._loop.run(self._stack.aclose())

    def mutants(self, called: Sequence[str]) -> tuple[Edit, ...]:
        """Return edits that mend what beginners often get wrong; runs nothing."""
        return self.edits({"explore": "mutants", "called": list(called)})

    def edits(self, step: Step) -> tuple[Edit, ...]:
        """Return the edits that a step lists, as far as they fit the answer."""
        report = self._explore(step)
        listed = report.get("edits") if report else None
        if not isinstance(listed, list):
            return ()
        read = (_edit(each) for each in listed[:MOST_EDITS])
        return tuple(edit for edit in read if edit is not None and edit.fits(self._plan.cells))

    def trace(self, probes: Sequence[TestCase], seconds: float) -> tuple[Traced, ...]:
        """Run probes on the answer as it is; fewer come back when the sandbox is lost."""
        steps = [self._probe(probe) for probe in probes]
        report = self._explore({"explore": "trace", "probes": steps, "seconds": seconds})
        runs = report.get("runs") if report else None
        if not isinstance(runs, list):
            return ()
        return tuple(
            Traced(_observation(probe.name, run), tuple(_places(run, self._known)))
            for probe, run in zip(probes, runs, strict=False)
        )

    def held(self, probe: TestCase, places: Sequence[Place], seconds: float) -> tuple[Held, ...]:
        """Run a probe and tell what the variables on some lines held."""
        lines = [list(place) for place in places]
        step: Step = {"explore": "watch", "probe": self._probe(probe), "lines": lines}
        report = self._explore({**step, "seconds": seconds})
        values = report.get("values") if report else None
        if not isinstance(values, list):
            return ()
        read = (_held(each, frozenset(places)) for each in values[:_MOST_LINES])
        return tuple(held for held in read if held is not None)

    def attempt(
        self, edits: Sequence[Edit], probes: Sequence[TestCase], seconds: float, budget: float
    ) -> tuple[tuple[Observation, ...], ...]:
        """Run probes on the answer with each of some edits."""
        until = time.monotonic() + budget
        steps = [self._probe(probe) for probe in probes]
        found: list[tuple[Observation, ...]] = []
        left, careful = list(edits), False
        while left and self._left > 0 and time.monotonic() < until:
            runs = self._runs(left, steps, seconds, until - time.monotonic(), careful=careful)
            if runs is not None:
                found += [_shown(probes, run) for run in runs]
                left = left[len(runs) :]
                if not runs:
                    break
                continue
            if not careful:  # one of them took the sandbox down: tell which, next time
                careful = True
                continue
            number = _last_number(self._printed, len(left))
            sound = self._runs(left[:number], steps, seconds, until - time.monotonic())
            found += [_shown(probes, run) for run in sound or ()]
            if len(sound or ()) < number:
                break
            found.append(tuple(Observation(each.name, Ending.DIED) for each in probes))
            left = left[number + 1 :]
        return tuple(found)

    def _runs(
        self,
        edits: Sequence[Edit],
        probes: Sequence[Step],
        seconds: float,
        budget: float,
        *,
        careful: bool = False,
    ) -> list[object] | None:
        """Return what the sandbox reports of some edits, or None when it was lost.

        A careful one tells the number of each edit before it is tried.
        """
        if not edits:
            return []
        spliced = [[edit.cell, edit.start, edit.end, edit.text] for edit in edits]
        step: Step = {"explore": "try", "edits": spliced, "probes": list(probes)}
        # The step is to end by itself, before the watch from outside ends it.
        budget = min(budget, _SECONDS / 2)
        more = {"seconds": seconds, "budget": budget, "careful": careful}
        report = self._explore({**step, **more})
        runs = report.get("runs") if report else None
        return runs[: len(edits)] if isinstance(runs, list) else None

    def _probe(self, probe: TestCase) -> Step:
        """Return the step of a probe; what it expects stays here."""
        position = len(self._cells) if probe.position is None else probe.position
        step = self._made.test(probe)
        if isinstance(probe.spec, ProgramCase):
            step = {"kind": "program", "stdin": probe.spec.stdin}
        return {**step, "cells": position}

    def _explore(self, step: Step) -> Report | None:
        """Do a step; None when the sandbox was lost over it, or says nothing that can be read."""
        setup = self._setup()
        whole = {"kind": "explore", "cells": self._cells, "setup": setup, "seed": self._plan.seed}
        return self._loop.run(self._step({**whole, **step}))

    def _setup(self) -> list[Step]:
        return [
            {"name": "setup", "number": number, "source": source}
            for number, source in enumerate(self._plan.setup, start=1)
        ]

    async def _step(self, step: Step) -> Report | None:
        if self._pair is None or self._pair.broken:
            if self._left <= 0:
                return None
            self._left -= 1
            await self._open()
        assert self._pair is not None
        shown = await self._pair.answer.steps([step], self._plan.limits, 1)
        self._printed = shown[0].stdout if shown else ""
        if not shown or shown[0].ending is not Ending.COMPLETED:
            return None
        return shown[0].report

    async def _open(self) -> None:
        """Open a sandbox and run the set-up in it."""
        await self._stack.aclose()
        sandboxes = Sandboxes(self._supply, self._plan)
        self._pair = await self._stack.enter_async_context(sandboxes.open())
        setup = self._made.cells(len(self._pair.begun), len(self._plan.setup))
        if setup:
            seeded = [{**step, "seed": self._plan.seed} for step in setup]
            await self._pair.answer.steps(seeded, self._plan.limits, 1)


def _last_number(printed: str, below: int) -> int:
    """Return the last number that was printed whole."""
    lines = [line for line in printed.split("\n")[:-1] if line.isdecimal()]
    return min(int(lines[-1]), below - 1) if lines else 0


def _cell(cell: CellSource) -> Step:
    return {"name": cell.id, "number": 0, "source": cell.source}


def _edit(told: object) -> Edit | None:
    """Read an edit that a sandbox listed."""
    match told:
        case [
            int(cell), int(start), int(end), str(text), int(line), str(kind),
            int(near) | float(near), int(first), int(last),
        ]:  # fmt: skip
            if kind in _KINDS:
                reach = (first, last) if 0 < first <= last else None
                near = min(max(float(near), 0.0), 1.0)
                return Edit(cell, start, end, text, line, EditKind(kind), near, reach)
    return None


def _shown(probes: Sequence[TestCase], told: object) -> tuple[Observation, ...]:
    runs = told if isinstance(told, list) else []
    runs = [*runs, *([None] * len(probes))]
    return tuple(_observation(probe.name, run) for probe, run in zip(probes, runs, strict=False))


def _observation(name: str, run: object) -> Observation:
    """Read what a probe showed; what cannot be read counts as lost."""
    if isinstance(run, Mapping) and run.get("ending") == "out_of_time":
        return Observation(name, Ending.TIMEOUT)
    report = checked_report(run)
    if report is None:
        return Observation(name, Ending.DIED)
    ending, stdout, seconds = ending_of(report), report.get("stdout"), report.get("seconds")
    return Observation(
        name=name,
        ending=ending,
        value=value_of(report) if ending is Ending.COMPLETED else None,
        arguments_changed=arguments_changed_of(report),
        stdout=stdout if isinstance(stdout, str) else "",
        error=error_of(report, frozenset()),
        seconds=float(seconds) if isinstance(seconds, int | float) else 0.0,
    )


def _places(run: object, known: frozenset[str]) -> Iterator[Place]:
    lines = run.get("lines") if isinstance(run, Mapping) else None
    for each in lines[:_MOST_LINES] if isinstance(lines, list) else ():
        match each:
            case [str(cell), int(line)] if cell in known and line > 0:
                yield cell, line


def _held(told: object, places: frozenset[Place]) -> Held | None:
    match told:
        case [str(cell), int(line), str(name), dict(value)]:
            if (cell, line) in places and name.isidentifier() and len(name) <= 80:
                return Held(cell, line, name, value)
    return None
