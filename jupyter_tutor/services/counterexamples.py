"""The smallest counterexample: an input on which an answer and the reference differ.

Inputs are drawn from what the author's cases or strategies allow. The reference runs in a sandbox
of its own, the answer in another, and what both give is compared outside of them. What differs is
made smaller, a batch of lighter inputs a round, until nothing lighter differs or the time is up.
What a secret test asks is never among the inputs.
"""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jupyter_tutor.domain.comparison import compare, compare_output
from jupyter_tutor.domain.diagnosis import Counterexample, Showing
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import (
    CallCase,
    DataFile,
    ExerciseContent,
    Limits,
    ProgramCase,
    TestCase,
    Tolerance,
)
from jupyter_tutor.domain.observations import CellSource, Ending, Observation, RunPlan
from jupyter_tutor.domain.probes import Judged, Probe, Probing, probing_of
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.values import Encoded, show
from jupyter_tutor.services.ports import TestRunner
from jupyter_tutor.services.strategies import draw_inputs

BUDGET_SECONDS: Final = 1.0
BATCH: Final = 60

_DRAWS: Final = 3
_MOST_KNOWN: Final = 20_000
_SLOWER: Final = 20
_TIMED_OUT = (Ending.TIMEOUT, Ending.CPU_LIMIT)
_NOT_WRITTEN = "NotImplementedError"
_SHOWN: Final = 200


class CounterexampleSearch:
    """Searches counterexamples; one may serve many answers at the same time."""

    def __init__(self, runner: TestRunner, clock: Callable[[], float] = time.monotonic) -> None:
        """Create one.

        Args:
            runner: Runs answers and references.
            clock: Seconds that pass.
        """
        self._runner = runner
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Observation] = {}
        self._probings: dict[str, Probing | None] = {}

    def __call__(
        self,
        content: ExerciseContent,
        answer: Answer,
        budget_seconds: float = BUDGET_SECONDS,
        files: tuple[DataFile, ...] = (),
    ) -> Counterexample | None:
        """Return the smallest counterexample that could be found in time.

        With enough time the same answer always has the same one.

        Args:
            content: The exercise.
            answer: What fails.
            budget_seconds: No round begins that would not end within it, as far as can be told.
                Drawing from an exercise's strategies, once for each revision, comes on top.
            files: The exercise's data files.

        Returns:
            It, or None when none was found, or nothing is known of the inputs.

        Raises:
            KernelUnavailable: No sandbox could be started.
        """
        if content.random or not content.answer_cells or not answer.cells:
            return None
        probing = self._probing(content, files)
        if probing is None:
            return None
        run = _Search(self, content, probing, answer, budget_seconds, files)
        return run.result(self._clock())

    def _probing(self, content: ExerciseContent, files: tuple[DataFile, ...]) -> Probing | None:
        """Return what can be asked of an exercise; what its strategies draw is drawn once."""
        key = content.content_hash
        if key not in self._probings:
            drawn = {}
            if content.strategies:
                try:
                    drawn = draw_inputs(self._runner, content, files)
                except InvalidInput:
                    # Without Hypothesis here, or with a strategy that no longer works.
                    drawn = {}
            with self._lock:
                if len(self._probings) > _MOST_KNOWN // BATCH:
                    self._probings.clear()
                self._probings[key] = probing_of(content, drawn)
        return self._probings[key]

    def remembered(self, key: str, probes: Iterable[Probe]) -> dict[str, Observation]:
        """Return what the reference of an exercise is known to give."""
        asked = {probe.text: self._known.get((key, probe.text)) for probe in probes}
        return {text: seen for text, seen in asked.items() if seen is not None}

    def remember(self, key: str, seen: Mapping[str, Observation]) -> None:
        """Keep what a reference gave."""
        with self._lock:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            self._known.update({(key, text): one for text, one in seen.items()})

    def observe(self, plan: RunPlan) -> tuple[bool, dict[str, Observation]]:
        """Run a plan; return whether its cells ran to their ends, and what its tests showed."""
        report = self._runner.run(plan)
        whole = all(cell.ending is Ending.COMPLETED for cell in report.cells)
        return whole, {seen.name: seen for seen in report.tests}

    def now(self) -> float:
        """Return the time in seconds."""
        return self._clock()


@dataclass(frozen=True, slots=True)
class _Found:
    """A probe on which answer and reference differ."""

    probe: Probe
    expected: str
    got: str
    showing: Showing


class _Search:
    """The search for one answer."""

    def __init__(
        self,
        outer: CounterexampleSearch,
        content: ExerciseContent,
        probing: Probing,
        answer: Answer,
        budget: float,
        files: tuple[DataFile, ...],
    ) -> None:
        self._outer = outer
        self._content = content
        self._key = content.content_hash
        self._probing = probing
        self._budget = budget
        self._tried: set[str] = set()
        self._slowest = 0.0
        self._usable = True
        wall = min(content.limits.wall_seconds, max(budget / 2, 0.1))
        limits = replace(content.limits, wall_seconds=wall, cpu_seconds=wall)
        self._limits: Limits = limits
        reference = tuple(CellSource(cell.id, cell.reference) for cell in content.answer_cells)
        self._reference = RunPlan(content.setup, reference, (), content.limits, files)
        self._answer = RunPlan(content.setup, answer.cells, (), limits, files)

    def result(self, started: float) -> Counterexample | None:
        """Search until the time is up."""
        best: _Found | None = None
        for number in range(_DRAWS):
            if best is None and self._has_time(started):
                best = self._round(self._probing.draw(BATCH, number), None)
        while best is not None and self._has_time(started):
            lighter = self._round(self._lighter(best.probe), best)
            if lighter is best:
                break
            best = lighter
        return None if best is None else self._told(best)

    def _has_time(self, started: float) -> bool:
        spent = self._outer.now() - started
        return self._usable and spent + self._slowest <= self._budget

    def _lighter(self, probe: Probe) -> list[Probe]:
        """Return lighter probes: those one step away, then some beside the heaviest of them.

        What is one step away comes first: far lighter ones are many, and seldom differ.
        """
        found: dict[str, Probe] = {}
        edge = [probe]
        while edge and len(found) < BATCH:
            steps = [other for one in edge for other in self._probing.simpler(one)]
            fresh = {one.text: one for one in steps if one.text not in self._tried | set(found)}
            found |= fresh
            edge = sorted(fresh.values(), key=lambda one: one.weight)[-5:]
        return list(found.values())[:BATCH]

    def _round(self, probes: Sequence[Probe], best: _Found | None) -> _Found | None:
        """Ask both sides; return the lightest probe on which they differ, or what was best."""
        before = self._outer.now()
        fresh = [probe for probe in probes if probe.text not in self._tried]
        self._tried |= {probe.text for probe in fresh}
        accepted = self._accepted(fresh)
        differing = self._differing(accepted) if accepted else []
        self._slowest = max(self._slowest, self._outer.now() - before)
        return min(differing, key=lambda one: one.probe.weight, default=best)

    def _accepted(self, probes: Sequence[Probe]) -> list[tuple[Probe, Observation]]:
        """Return the probes that the reference answers, with what it gives."""
        known = self._outer.remembered(self._key, probes)
        asked = [probe for probe in probes if probe.text not in known]
        if asked:
            whole, seen = self._outer.observe(_asking(self._reference, asked))
            if whole:
                known |= seen
                self._outer.remember(self._key, seen)
        pairs = [(probe, known[probe.text]) for probe in probes if probe.text in known]
        return [(probe, seen) for probe, seen in pairs if _is_answered(probe, seen)]

    def _differing(self, accepted: Sequence[tuple[Probe, Observation]]) -> list[_Found]:
        asked = [probe for probe, _ in accepted]
        whole, seen = self._outer.observe(_asking(self._answer, asked))
        if not whole:
            # The exception that stopped it says more than any input.
            self._usable = False
            return []
        found = [self._difference(probe, wanted, seen[probe.text]) for probe, wanted in accepted]
        return [one for one in found if one is not None]

    def _difference(self, probe: Probe, wanted: Observation, got: Observation) -> _Found | None:
        expected = _shown(probe, wanted)
        if got.ending is Ending.RAISED and got.error is not None:
            if got.error.type == _NOT_WRITTEN:
                return None
            named = ": ".join(part for part in (got.error.type, got.error.message) if part)
            return _Found(probe, expected, named[:_SHOWN], Showing.ERROR)
        if got.ending in _TIMED_OUT:
            # Slow is not endless: the reference has to be faster by far.
            slow = wanted.seconds * _SLOWER > self._limits.wall_seconds
            return None if slow else _Found(probe, expected, "", Showing.ENDLESS)
        if got.ending is not Ending.COMPLETED:
            return None
        showing = _judged(probe.judged, wanted, got)
        if showing is None:
            return None
        if showing is Showing.OUTPUT:
            return _Found(probe, wanted.stdout, got.stdout, showing)
        return _Found(probe, expected, _shown(probe, got), showing)

    def _told(self, best: _Found) -> Counterexample:
        return Counterexample(
            call=best.probe.text,
            expected=best.expected,
            got=best.got,
            test=self._probing.tests.get(best.probe.normal, ""),
            showing=best.showing,
            program=best.probe.program,
        )


def _asking(plan: RunPlan, probes: Sequence[Probe]) -> RunPlan:
    """Return a plan that asks probes: cases that expect nothing."""
    tests = tuple(
        TestCase(
            probe.text,
            ProgramCase(probe.text, "")
            if probe.program
            else CallCase(probe.text, arguments_unchanged=probe.judged.unchanged),
        )
        for probe in probes
    )
    return replace(plan, tests=tests)


def _is_answered(probe: Probe, seen: Observation) -> bool:
    """Whether the reference gives something that can be compared."""
    if seen.ending is not Ending.COMPLETED:
        return False
    if not probe.judged.value:
        return True
    return seen.value is not None and compare(seen.value, seen.value, Tolerance()).equal


def _judged(judged: Judged, wanted: Observation, got: Observation) -> Showing | None:
    """Return in what two calls that came to their ends differ, if they do."""
    nothing: Encoded = {"type": "none"}
    values = wanted.value or nothing, got.value or nothing
    if judged.value and not compare(*values, judged.tolerance).equal:
        return Showing.VALUE
    if judged.output and not compare_output(wanted.stdout, got.stdout, judged.tolerance).equal:
        return Showing.OUTPUT
    changed = judged.unchanged and got.arguments_changed and not wanted.arguments_changed
    return Showing.ARGUMENTS if changed else None


def _shown(probe: Probe, seen: Observation) -> str:
    return show(seen.value or {"type": "none"}) if probe.judged.value else seen.stdout
