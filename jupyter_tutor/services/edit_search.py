"""The search for one edit with which a failing answer passes every test.

Edits are tried on the smallest failing input first, those that survive on all others, and what
survives that in a real graded run: only that decides. Values that come back from the sandbox are
compared here, where what is expected is known.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jupyter_tutor.domain.edits import Edit, EditKind
from jupyter_tutor.domain.exercises import CallCase, ProgramCase, TestCase, Visibility
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import Ending, Observation, RunPlan, TestReport
from jupyter_tutor.domain.spectrum import Place, RunOfLines, ochiai
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.services.diagnosis_ports import Exploration, Traced
from jupyter_tutor.services.ports import TestRunner

FAR_FETCHED: Final = frozenset({EditKind.EDGE_CASE, EditKind.LOOP_KIND, EditKind.EXTRA_OPERAND})
"""Kinds that are tried last: they mend much that was wrong in another way."""

_FIRST_BATCH: Final = 24
_LARGEST_BATCH: Final = 160
_MOST_RUNS: Final = 8
_MOST_BLIND_RUNS: Final = 12
_MOST_PROBES: Final = 40
_MOST_HALVES: Final = 3
_MOST_SECONDS_TRIED: Final = 1_200
_MOST_TRACED: Final = 24
_TRACE_SECONDS: Final = 0.15
_LEAST_SECONDS: Final = 0.02
_MOST_SECONDS: Final = 0.4
_SLOWER: Final = 3.0


@dataclass(frozen=True, slots=True)
class Baseline:
    """How an answer does as it is.

    Attributes:
        passing: Probes that it passes.
        failing: Probes that it does not, the smallest input first.
        runs: Per probe the lines that ran, by its name.
        seconds: Processor time to allow a probe of an edited answer.
    """

    passing: tuple[TestCase, ...]
    failing: tuple[TestCase, ...]
    runs: Mapping[str, Traced]
    seconds: float

    @property
    def suspicion(self) -> Mapping[Place, float]:
        """The suspicion of each line that ran."""
        return ochiai(self.lines((*self.failing, *self.passing)))

    def lines(self, probes: Sequence[TestCase]) -> list[RunOfLines]:
        """Return what lines some probes ran."""
        failing = {probe.name for probe in self.failing}
        return [
            RunOfLines(probe.name not in failing, self.runs[probe.name].lines)
            for probe in probes
            if probe.name in self.runs
        ]


def size_of(test: TestCase) -> tuple[int, str]:
    """Return how large the input of a case is, to sort by."""
    match test.spec:
        case CallCase(call=text) | ProgramCase(stdin=text):
            return len(text), text
    return 1_000_000, test.name


def passes(probe: TestCase, seen: Observation) -> bool:
    """Whether a probe is passed by what was observed."""
    verdict = judge((probe,), TestReport((), (seen,), 0.0))
    return all(result.outcome is Outcome.PASSED for result in verdict.results)


def baseline_of(
    exploration: Exploration, probes: Sequence[TestCase], slow: frozenset[str]
) -> Baseline:
    """Run probes on the answer as it is.

    Args:
        exploration: The answer.
        probes: Cases; a slow one that runs out of time costs all that time.
        slow: Names of tests that ran out of time in the graded run.
    """
    quick = [probe for probe in probes if probe.name not in slow]
    late = sorted((probe for probe in probes if probe.name in slow), key=size_of)
    chosen = [*sorted(quick, key=size_of)[:_MOST_TRACED], *late[:1]]
    traced = exploration.trace(chosen, _TRACE_SECONDS)
    runs = {probe.name: run for probe, run in zip(chosen, traced, strict=False)}
    failing, passing, longest = [], [], 0.0
    for probe in chosen:
        if probe.name not in runs:
            continue
        seen = runs[probe.name].observation
        if passes(probe, seen):
            passing.append(probe)
            longest = max(longest, seen.seconds)
        else:
            failing.append(probe)
    # One that ended is the better one to try edits on.
    failing.sort(
        key=lambda each: (runs[each.name].observation.ending is Ending.TIMEOUT, *size_of(each))
    )
    seconds = min(max(_LEAST_SECONDS, _SLOWER * longest), _MOST_SECONDS)
    return Baseline(tuple(passing), tuple(failing), runs, seconds)


class EditSearch:
    """Searches one answer; edits may be given to it in several goes, likelier ones first."""

    def __init__(
        self,
        runner: TestRunner,
        exploration: Exploration,
        plan: RunPlan,
        baseline: Baseline,
        probes: Sequence[TestCase],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create one.

        Args:
            runner: Makes the graded runs.
            exploration: The answer in its sandbox.
            plan: The answer with every test it has to pass.
            baseline: How it does as it is.
            probes: The cases that an edited answer has to pass before it is graded.
            clock: Seconds that pass.
        """
        self._runner = runner
        self._exploration = exploration
        self._plan = plan
        self._baseline = baseline
        self._probes = [*probes][:_MOST_PROBES]
        self._others = [each for each in self._probes if each not in baseline.failing[:1]]
        self._passing = frozenset(probe.name for probe in baseline.passing)
        self._halves: list[tuple[Edit, frozenset[str]]] = []
        self._given: list[Edit] = []
        self._clock = clock
        self._suspicion = baseline.suspicion
        self._tried: set[tuple[int, int, int, str]] = set()
        self._judged: dict[tuple[str, str], bool] = {}
        self._runs = 0
        self.candidates = 0

    def first(self, edits: Sequence[Edit], until: float) -> Edit | None:
        """Return the likeliest of some edits with which the answer passes every test, or None.

        Args:
            edits: What to try; what was tried before is left out.
            until: When to give up, by the clock.
        """
        waiting = self._ordered(edits)
        if not self._baseline.failing:
            return self._blindly(waiting, until)
        size = _FIRST_BATCH
        while waiting and self._clock() < until and self._runs < _MOST_RUNS:
            batch, waiting = waiting[:size], waiting[size:]
            found = self._of_batch(batch, self._baseline.failing[:1], self._others, until)
            if found is not None:
                return found
            size = min(2 * size, _LARGEST_BATCH)
        return None

    def _ordered(self, edits: Sequence[Edit]) -> list[Edit]:
        """Return edits that were not tried, the likeliest first."""
        fresh = []
        for edit in edits:
            key = edit.cell, edit.start, edit.end, edit.text
            if key not in self._tried:
                self._tried.add(key)
                fresh.append(edit)
        self._given += fresh
        fresh = [edit for edit in fresh if self._concerns_target(edit)]
        return sorted(fresh, key=lambda each: -self._likelihood(each, self._suspicion))

    def _concerns_target(self, edit: Edit) -> bool:
        """Whether an edit can make a difference to the probe that edits are tried on first."""
        target = self._baseline.failing[:1]
        ran = self._baseline.runs[target[0].name].lines if target else ()
        cell = self._plan.cells[edit.cell].id
        return not ran or edit.concerns({line for of, line in ran if of == cell})

    def _likelihood(self, edit: Edit, suspicion: Mapping[Place, float]) -> float:
        cell = self._plan.cells[edit.cell].id
        return edit.likelihood(suspicion.get((cell, edit.line), 0.0))

    def pair(self, until: float) -> tuple[Edit, Edit] | None:
        """Return two edits with which the answer passes every test and without either does not.

        The first of them mends the smallest failing input; the second is looked for among all
        edits that were given. For answers with one mistake in two places, or two mistakes.
        """
        steps = sorted(self._halves, key=lambda each: len(each[1]))
        seen: set[frozenset[str]] = set()
        for first, left in steps:
            if left in seen or len(seen) >= _MOST_HALVES:
                continue
            seen.add(left)
            second = self._second(first, left, until)
            if second is not None:
                return first, second
        return None

    def _second(self, first: Edit, left: frozenset[str], until: float) -> Edit | None:
        """Return an edit that mends what is left when another one was made."""
        failing = [probe for probe in self._probes if probe.name in left]
        suspicion = ochiai(self._baseline.lines((*failing, *self._baseline.passing)))
        waiting = sorted(
            (edit for edit in self._given if first.is_apart(edit)),
            key=lambda each: -self._likelihood(each, suspicion),
        )
        others = [each for each in self._probes if each not in failing[:1]]
        for start in range(0, min(len(waiting), _MOST_SECONDS_TRIED), _LARGEST_BATCH):
            if self._clock() > until or self._runs >= _MOST_RUNS:
                return None
            batch = waiting[start : start + _LARGEST_BATCH]
            both = {first.joined(each, self._plan.cells): each for each in batch}
            found = self._of_batch([*both], failing[:1], others, until)
            if found is not None:
                return both[found]
        return None

    def _of_batch(
        self,
        batch: Sequence[Edit],
        target: Sequence[TestCase],
        others: Sequence[TestCase],
        until: float,
    ) -> Edit | None:
        """Try a batch on one probe, what survives on all others, and grade what survives that."""
        self.candidates += len(batch)
        survivors = [edit for edit, left in self._left(batch, target, until) if not left]
        for edit, left in self._left(survivors, others, until):
            if left and not left & self._passing:
                self._halves.append((edit, left))
            if left or self._runs >= _MOST_RUNS or self._clock() > until:
                continue
            if self._verified(edit):
                return edit
        return None

    def _left(
        self, edits: Sequence[Edit], probes: Sequence[TestCase], until: float
    ) -> list[tuple[Edit, frozenset[str]]]:
        """Return edits, as far as there was time, with the names of the probes they fail."""
        if not edits or not probes:
            return [(edit, frozenset()) for edit in edits]
        time_left = max(until - self._clock(), 0.0)
        shown = self._exploration.attempt(edits, probes, self._baseline.seconds, time_left)
        return [
            (
                edit,
                frozenset(
                    probe.name
                    for probe, one in zip(probes, seen, strict=True)
                    if not self._passes(probe, one)
                ),
            )
            for edit, seen in zip(edits, shown, strict=False)
        ]

    def _passes(self, probe: TestCase, seen: Observation) -> bool:
        """Whether a probe is passed; most edits show what another one has shown."""
        error = None if seen.error is None else (seen.error.type, seen.error.message)
        shown = repr((seen.ending, seen.value, seen.stdout, seen.arguments_changed, error))
        key = probe.name, shown
        if key not in self._judged:
            self._judged[key] = passes(probe, seen)
        return self._judged[key]

    def _blindly(self, waiting: Sequence[Edit], until: float) -> Edit | None:
        """Try a few edits in graded runs, where no input of the tests can be tried by itself."""
        for edit in waiting:
            if self._clock() > until or self._runs >= _MOST_BLIND_RUNS:
                return None
            self.candidates += 1
            if self._verified(edit):
                return edit
        return None

    def _verified(self, edit: Edit) -> bool:
        """Whether the edited answer passes every test in a graded run."""
        self._runs += 1
        plan = replace(self._plan, cells=edit.answer(self._plan.cells))
        verdict = judge(plan.tests, self._runner.run(plan), plan.limits)
        return bool(verdict.results) and all(
            result.outcome is Outcome.PASSED for result in verdict.results
        )


def is_shown(test: TestCase) -> bool:
    """Whether a learner may see what a test asks."""
    return test.visibility is Visibility.PUBLIC
