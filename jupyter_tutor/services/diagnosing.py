"""Diagnosing an answer that fails: what can be found out about it within a few seconds.

In the order of what helps most: the smallest failing input, the cause of an exception, a value
printed or not returned; then a verified edit, by edits of the answer and by single statements of
programs that pass; else the lines that failing runs go through; and a value of the answer's own to
ask about. What secret tests ask takes part in the search, and nothing of what they show is told:
regions and values come from public tests and from inputs made for the learner alone.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from jupyter_tutor.domain.assert_calls import asserted_calls
from jupyter_tutor.domain.diagnosis import (
    Counterexample,
    Diagnosis,
    Region,
    Showing,
    ValueQuestion,
    VerifiedEdit,
)
from jupyter_tutor.domain.edits import Edit, EditKind, as_verified
from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    DataFile,
    ExerciseContent,
    ProgramCase,
    Question,
    TestCase,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.explain import first_failure
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.spectrum import RunOfLines, region_of
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.values import decode, show
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict
from jupyter_tutor.services.case_probes import CaseProbes
from jupyter_tutor.services.diagnosis_ports import Explorer, Held
from jupyter_tutor.services.donating import donated_edits
from jupyter_tutor.services.edit_search import (
    FAR_FETCHED,
    EditSearch,
    baseline_of,
    is_shown,
    size_of,
)
from jupyter_tutor.services.ports import TestRunner

BUDGET_SECONDS: Final = 4.0

_STAGES: Final = (0.25, 0.48, 0.56, 0.62, 0.76)
"""Until which share of the time edits of each stage are tried."""
_INPUT_SHARE: Final = 0.25
_SHOWN: Final = 120
_MOST_PLACES: Final = 3
_WATCH_SECONDS: Final = 0.15
_OUT_OF_TIME: Final = (Outcome.TIMEOUT, Outcome.CPU_LIMIT)
_UNREADABLE: Final = (Mistake.SYNTAX, Mistake.INDENTATION)
_LARGE: Final = 32
"""Letters of an input from which on a smaller one is looked for."""
_TOLD_WITHOUT_INPUT: Final = (Showing.ERROR, Showing.ENDLESS)
"""What a traceback or a loop shows is explained at the line, whatever the input."""
_SYMPTOMS: Final = frozenset({Mistake.VALUE, Mistake.EDGE_CASE, Mistake.EXCEPTION})


class InputSearch(Protocol):
    """Finds a small input on which an answer and the reference differ."""

    def __call__(
        self,
        content: ExerciseContent,
        answer: Answer,
        budget_seconds: float,
        files: tuple[DataFile, ...],
        /,
    ) -> Counterexample | None:
        """Return one that no secret test asks, or None."""


@dataclass(frozen=True, slots=True)
class _Case:
    """What is to be diagnosed.

    Attributes:
        tests: Those the verdict is on, without questions.
        shown: What shows from outside: the diagnosis so far.
        until: When the time is over, by the clock.
    """

    content: ExerciseContent
    answer: Answer
    verdict: Verdict
    tests: tuple[TestCase, ...]
    files: tuple[DataFile, ...]
    seed: int
    shown: Diagnosis
    started: float
    until: float

    @property
    def plan(self) -> RunPlan:
        """The answer with every test it has to pass."""
        content = self.content
        return RunPlan(
            content.setup, self.answer.cells, self.tests, content.limits, self.files, self.seed
        )

    def share(self, part: float) -> float:
        """Return when a share of the time is over."""
        return self.started + part * (self.until - self.started)

    def failing(self, *outcomes: Outcome) -> frozenset[str]:
        """Return the names of the tests that failed, or ended in one of some ways."""
        return frozenset(
            each.name
            for each in self.verdict.results
            if (each.outcome in outcomes if outcomes else each.outcome is not Outcome.PASSED)
        )


class Diagnoser:
    """Diagnoses answers; its methods may run in parallel."""

    def __init__(
        self,
        runner: TestRunner,
        explorer: Explorer,
        *,
        inputs: InputSearch | None = None,
        pairs: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Create one.

        Args:
            runner: Makes graded runs.
            explorer: Opens sandboxes in which edits are tried.
            inputs: Makes an input that fails, where no public test shows one or only a large one.
            pairs: Whether to look for two edits where one is not enough.
            clock: Seconds that pass.
        """
        self._runner = runner
        self._explorer = explorer
        self._inputs = inputs
        self._pairs = pairs
        self._clock = clock
        self._probes = CaseProbes(runner)

    def diagnose(
        self,
        content: ExerciseContent,
        answer: Answer,
        verdict: Verdict,
        *,
        donors: Sequence[Sequence[CellSource]] = (),
        files: tuple[DataFile, ...] = (),
        seed: int = 0,
        budget_seconds: float = BUDGET_SECONDS,
    ) -> Diagnosis:
        """Return what is known of a failing answer when the time is over, or before.

        Blocks; never to be called inside of a transaction.

        Args:
            content: The exercise.
            answer: What was run.
            verdict: The whole verdict on it, secret tests included.
            donors: Earlier answers to the same exercise that passed.
            files: The exercise's data files.
            seed: Of the run.
            budget_seconds: What it may take; a graded run that has begun is waited for.
        """
        started = self._clock()
        failure = first_failure(verdict, content, answer.cells)
        mistake = failure.mistake if failure else Mistake.VALUE
        shown = Diagnosis(mistake, _smallest(content, verdict))
        judged = {result.name for result in verdict.results}
        tests = tuple(
            test
            for test in content.tests
            if test.name in judged and not isinstance(test.spec, Question)
        )
        until = started + budget_seconds
        case = _Case(content, answer, verdict, tests, files, seed, shown, started, until)
        found = shown
        if tests and answer.cells and not verdict.passed:
            try:
                found = self._explored(case, donors)
            except KernelUnavailable:
                found = shown  # what is known without a sandbox is true all the same
        return replace(found, seconds=self._clock() - started)

    def _explored(self, case: _Case, donors: Sequence[Sequence[CellSource]]) -> Diagnosis:
        found = case.shown
        probes = self._probes.of(case.content, case.tests, case.files)
        edits = self._edits(case, probes, donors)
        if edits:
            found = _with_edits(found, edits, case.answer)
        if case.shown.mistake in _UNREADABLE:
            return found  # nothing of it runs, so no input and no value says more
        shown = found.counterexample
        if shown is None:
            found = replace(found, counterexample=self._input(case))
        elif len(shown.call) >= _LARGE and shown.showing not in _TOLD_WITHOUT_INPUT:
            found = replace(found, counterexample=_smaller(shown, self._input(case)))
        return self._asked(case, found, [probe for probe in probes if is_shown(probe)])

    def _edits(
        self,
        case: _Case,
        probes: Sequence[TestCase],
        donors: Sequence[Sequence[CellSource]],
    ) -> tuple[Edit, ...]:
        """Search a verified edit: likely ones, donated ones, unlikely ones, two at a time.

        Inputs of secret tests and statements of solutions are in the sandbox of this search, so
        nothing else than which edit was found ever comes of it.
        """
        plan = case.plan
        with self._explorer.open(plan) as exploration:
            # Listed before anything of the answer has run there.
            edits = exploration.mutants(_called(case.tests))
            baseline = baseline_of(exploration, probes, case.failing(*_OUT_OF_TIME))
            search = EditSearch(self._runner, exploration, plan, baseline, probes, self._clock)
            if case.shown.mistake in _UNREADABLE:
                mended = search.first(edits, case.share(_STAGES[-1]))
                return () if mended is None else (mended,)
            likely = [edit for edit in edits if edit.kind not in FAR_FETCHED]
            found = search.first(likely, case.share(_STAGES[0]))
            if found is None and self._clock() < case.share(_STAGES[1]):
                given = donated_edits(self._explorer, plan, case.content, donors)
                donated = [edit for edit in given if edit.kind is EditKind.DONATED]
                grafted = [edit for edit in given if edit.kind is not EditKind.DONATED]
                found = search.first(donated, case.share(_STAGES[1]))
                found = found or search.first(grafted, case.share(_STAGES[2]))
            if found is None:
                others = [edit for edit in edits if edit.kind in FAR_FETCHED]
                found = search.first(others, case.share(_STAGES[3]))
            if found is not None:
                return (found,)
            return (search.pair(case.share(_STAGES[4])) or ()) if self._pairs else ()

    def _input(self, case: _Case) -> Counterexample | None:
        left = case.until - self._clock()
        if self._inputs is None or left <= 0:
            return None
        budget = min(left, _INPUT_SHARE * (case.until - case.started))
        return self._inputs(case.content, case.answer, budget, case.files)

    def _asked(self, case: _Case, found: Diagnosis, probes: Sequence[TestCase]) -> Diagnosis:
        """Add a region where no edit was found, and a value to ask about.

        In a sandbox that knows of the answer and of inputs that learners see, and of nothing else:
        whatever the answer makes of them may be shown.
        """
        made = found.counterexample
        failing = case.failing()
        asked = any(test.name in failing and is_shown(test) for test in case.tests) and bool(probes)
        fresh = made is not None and not made.test
        if self._clock() > case.until or not (asked or fresh):
            return found
        with self._explorer.open(case.plan) as exploration:
            baseline = baseline_of(exploration, probes, case.failing(*_OUT_OF_TIME))
            runs = baseline.lines((*baseline.failing, *baseline.passing))
            probe = baseline.failing[0] if baseline.failing else None
            if made is not None and fresh:
                probe = _made_probe(case.content, made)
                traced = exploration.trace((probe,), _WATCH_SECONDS)
                runs += [RunOfLines(passed=False, lines=each.lines) for each in traced]
            if probe is None:
                return found
            region = region_of(runs)
            places = _places(found.verified, region)
            held = exploration.held(probe, places, _WATCH_SECONDS)
        order = {place: number for number, place in enumerate(places)}
        ranked = sorted(held, key=lambda each: order[each.cell, each.line])
        question = _question(ranked, probe)
        return replace(found, region=None if found.verified else region, question=question)


def _smaller(shown: Counterexample, made: Counterexample | None) -> Counterexample:
    """Return an input that was made afresh where it shows the same at half the size, or less."""
    if made is None or made.test or made.showing is not shown.showing:
        return shown
    return made if 2 * len(made.call) <= len(shown.call) else shown


def _with_edits(found: Diagnosis, edits: Sequence[Edit], answer: Answer) -> Diagnosis:
    """Add edits that were verified, if they say the same in whole lines as they did when tried."""
    cell = answer.cells[edits[0].cell]
    told = [as_verified(edit, cell, found.mistake) for edit in edits]
    tried, *more = edits
    for edit in more:
        tried = tried.joined(edit, answer.cells)
    also = told[1] if len(told) > 1 else None
    mistake = _sharper(found.mistake, told[0].mistake)
    made = replace(found, verified=told[0], also=also, mistake=mistake)
    source = cell.source
    for each in made.edits:
        source = each.applied(source)
    same = _lines(source) == _lines(tried.applied(cell.source))
    return made if same else found


def _lines(source: str) -> list[str]:
    """Return the lines of a source that are not blank."""
    return [line for line in source.split("\n") if line.strip()]


def _smallest(content: ExerciseContent, verdict: Verdict) -> Counterexample | None:
    """Return the smallest input of a public test that failed, or None."""
    specs = {test.name: test for test in content.tests}
    failed = [
        result
        for result in verdict.results
        if result.visibility is Visibility.PUBLIC
        and result.outcome not in (Outcome.PASSED, Outcome.NOT_RUN)
        and result.name in specs
        and isinstance(specs[result.name].spec, CallCase | ProgramCase)
    ]
    if not failed:
        return None
    first: TestResult = min(failed, key=lambda result: size_of(specs[result.name]))
    spec = specs[first.name].spec
    got, expected, showing = first.got, first.expected, _showing(first, spec)
    if not got and first.error is not None:
        got = f"{first.error.type}: {first.error.message}"
    if showing is Showing.OUTPUT and isinstance(spec, CallCase):
        expected = spec.stdout or ""
    program = isinstance(spec, ProgramCase)
    return Counterexample(first.called, expected, got, first.name, showing, program)


def _showing(result: TestResult, spec: TestSpec) -> Showing:
    """Return what a failing test showed."""
    if result.outcome in _OUT_OF_TIME:
        return Showing.ENDLESS
    if result.error is not None:
        return Showing.ERROR
    printed = isinstance(spec, CallCase) and spec.stdout is not None and result.got == result.stdout
    if printed or isinstance(spec, ProgramCase):
        return Showing.OUTPUT
    return Showing.VALUE if result.got else Showing.ARGUMENTS


def _sharper(seen: Mistake, mended: Mistake) -> Mistake:
    """Return what an edit mends, unless it says less than what shows from outside."""
    return seen if mended in _SYMPTOMS else mended


def _called(tests: Sequence[TestCase]) -> list[str]:
    """Return the names that the calls of tests begin with."""
    calls = [test.spec.call for test in tests if isinstance(test.spec, CallCase)]
    for test in tests:
        if isinstance(test.spec, AssertCell):
            calls += [each.call for each in asserted_calls(test.spec)]
    names = (call.partition("(")[0].strip() for call in calls)
    return [*dict.fromkeys(name for name in names if name.isidentifier())]


def _made_probe(content: ExerciseContent, made: Counterexample) -> TestCase:
    """Return a counterexample that was made afresh as something to run; nothing judges it."""
    programs = bool(content.tests) and all(
        isinstance(test.spec, ProgramCase) for test in content.tests
    )
    spec = ProgramCase(made.call, "") if programs else CallCase(made.call)
    return TestCase("made", spec)


def _places(verified: VerifiedEdit | None, region: Region | None) -> list[tuple[str, int]]:
    """Return the lines to look at, the most telling first."""
    places = [(verified.cell, verified.line)] if verified is not None else []
    if region is not None:
        places += [(region.cell, line) for line in region.lines]
    return [*dict.fromkeys(places)][:_MOST_PLACES]


def _question(held: Sequence[Held], probe: TestCase) -> ValueQuestion | None:
    """Return the first value that can be shown whole."""
    for each in held:
        try:
            text = show(decode(each.value), _SHOWN)
        except InvalidInput:
            continue
        if not text.endswith("…") and isinstance(probe.spec, CallCase | ProgramCase):
            call = probe.spec.call if isinstance(probe.spec, CallCase) else probe.spec.stdin
            return ValueQuestion(each.cell, each.line, each.name, text, call)
    return None
