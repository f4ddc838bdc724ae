"""Judging: from what a run showed to outcomes and points.

The process that ran learner code only made observations; this compares them with what the author
expected. A test passes only on evidence: what was not observed has failed or was not run.
`domain.telling` makes the sentences for learners.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jupyter_tutor.domain.comparison import compare, compare_output
from jupyter_tutor.domain.constructs import SourceFacts, SourceRule
from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExpectedException,
    Limits,
    ProgramCase,
    Question,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.observations import Ending, Observation, RaisedError, TestReport
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.rule_telling import label, places_text
from jupyter_tutor.domain.rules import rule_on
from jupyter_tutor.domain.telling import ARGUMENT_CHANGED, message_matches, stopped_early, tell
from jupyter_tutor.domain.values import decode, printable, show
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

_OUTCOMES: Final[Mapping[Ending, Outcome]] = {
    Ending.TIMEOUT: Outcome.TIMEOUT,
    Ending.CPU_LIMIT: Outcome.CPU_LIMIT,
    Ending.MEMORY_LIMIT: Outcome.MEMORY_LIMIT,
    Ending.OUTPUT_LIMIT: Outcome.OUTPUT_LIMIT,
    Ending.PROCESS_LIMIT: Outcome.PROCESS_LIMIT,
    Ending.NOT_RUN: Outcome.NOT_RUN,
    Ending.RAISED: Outcome.ERROR,
    Ending.DIED: Outcome.ERROR,
}
_SEALED_NAMES: Final = {
    Visibility.SECRET: "verdict.secret_name",
    Visibility.WITHHELD: "verdict.withheld_name",
}
_COUNTED_NAMES: Final = {
    Visibility.SECRET: "verdict.secret_names",
    Visibility.WITHHELD: "verdict.withheld_names",
}
_BEYOND_JUDGING: Final = (
    *(ValueError, TypeError, ArithmeticError, LookupError, AttributeError),
    *(RecursionError, MemoryError, InvalidInput),
)
_SHOWN_VALUE = 500
_SHOWN_TEXT = 2_000
_SHOWN_OUTPUT = 10_000

_log = logging.getLogger(__name__)


def judge(tests: Sequence[TestCase], report: TestReport, limits: Limits | None = None) -> Verdict:
    """Judge what a run showed.

    Args:
        tests: The author's tests; questions are left out, `judge_responses` judges them.
        report: The observations, matched to the tests by name.
        limits: The limits of the run, to name them in messages; None means the default ones.
    """
    results = []
    for test in tests:
        if isinstance(test.spec, Question):
            continue
        seen = [each for each in report.tests if each.name == test.name]
        observation = seen[0] if len(seen) == 1 else Observation(test.name, Ending.NOT_RUN)
        results.append(_judged(test, observation, report.facts))
    stopped = (cell for cell in report.cells if cell.ending is not Ending.COMPLETED)
    cells = tuple(_cell_result(cell) for cell in stopped)
    verdict = Verdict(tuple(results), cells, score_of(results))
    return tell(verdict, tests, limits or Limits())


def _judged(test: TestCase, seen: Observation, facts: SourceFacts | None) -> TestResult:
    """Return a test's result, without its sentence.

    What an answer shows must never stop the judging of it: then whether a grade comes or fails
    would tell of a secret test, as often as somebody asks.
    """
    try:
        return _Judge(test, seen, facts).result()
    except _BEYOND_JUDGING as error:
        # Its traceback may hold values.
        _log.error("a test could not be judged, and has failed: %s", type(error).__name__)
        return TestResult(test.name, test.visibility, Outcome.FAILED, test.points, 0.0)


def score_of(results: Sequence[TestResult]) -> float:
    """Return earned points over possible points, 0 to 1; 0 when there is nothing to earn."""
    possible = sum(result.points for result in results)
    if not possible > 0:
        return 0.0
    return min(max(sum(result.earned for result in results) / possible, 0.0), 1.0)


def for_learner(
    verdict: Verdict, language: str = "en", told: SecretResults = SecretResults.EACH
) -> Verdict:
    """Return what the learner may see of a verdict: public tests first, then secret ones.

    Of a secret test only its number, its points and whether it passed remain, and so of a withheld
    one, which has a result only once the due date has passed; where the course tells no more than
    how many passed, one result stands for all of them. That one was not run is said only where
    public tests alone show why.

    Args:
        verdict: The whole verdict.
        language: Language code of what stands in the place of a secret.
        told: What the course tells of secret tests.
    """
    public = tuple(each for each in verdict.results if each.visibility is Visibility.PUBLIC)
    shown = list(public)
    for visibility, name in _SEALED_NAMES.items():
        hidden = [each for each in verdict.results if each.visibility is visibility]
        sealed = [
            _sealed(each, say(name, language, number=number), public, language)
            for number, each in enumerate(hidden, start=1)
        ]
        if told is SecretResults.COUNT and sealed:
            sealed = [_counted(sealed, language)]
        shown += sealed
    return Verdict(tuple(shown), verdict.cells, verdict.score)


def _sealed(
    result: TestResult, name: str, public: Sequence[TestResult], language: str
) -> TestResult:
    missed = result.outcome is Outcome.NOT_RUN and stopped_early((*public, result))
    message = result.message if missed else say("verdict.sealed", language)
    passed = result.outcome is Outcome.PASSED
    otherwise = Outcome.NOT_RUN if missed else Outcome.FAILED
    return TestResult(
        name=name,
        visibility=result.visibility,
        outcome=Outcome.PASSED if passed else otherwise,
        points=result.points,
        earned=result.earned,
        message="" if passed else message,
        weaker=result.weaker,
    )


def _counted(sealed: Sequence[TestResult], language: str) -> TestResult:
    """Return one result for all secret tests, or all withheld ones, of an exercise."""
    visibility = sealed[0].visibility
    passed = sum(each.outcome is Outcome.PASSED for each in sealed)
    outcomes = {each.outcome for each in sealed}
    message = say("verdict.sealed_count", language, passed=passed, total=len(sealed))
    return TestResult(
        name=say(_COUNTED_NAMES[visibility], language),
        visibility=visibility,
        outcome=outcomes.pop() if len(outcomes) == 1 else Outcome.FAILED,
        points=sum(each.points for each in sealed),
        earned=sum(each.earned for each in sealed),
        message=message,
        weaker=any(each.weaker for each in sealed),
    )


def _clean(error: RaisedError | None) -> RaisedError | None:
    """Return an exception with texts that are safe to store and to show."""
    if error is None:
        return None
    frames = tuple(
        replace(frame, source=printable(frame.source), function=printable(frame.function))
        for frame in error.frames
    )
    bases = tuple(printable(base) for base in error.bases)
    close = tuple(printable(name) for name in error.close)
    message = printable(error.message)
    return RaisedError(printable(error.type), message, bases, frames, error.caret, close)


def _cell_result(cell: Observation) -> TestResult:
    return TestResult(
        name=cell.name,
        visibility=Visibility.PUBLIC,
        outcome=_OUTCOMES[cell.ending],
        points=0.0,
        earned=0.0,
        error=_clean(cell.error),
        stdout=_cut(cell.stdout, _SHOWN_OUTPUT),
        seconds=cell.seconds,
        memory_mb=cell.memory_mb,
    )


class _Judge:
    """Judges one test."""

    def __init__(self, test: TestCase, observation: Observation, facts: SourceFacts | None) -> None:
        self.test = test
        self.seen = observation
        self.facts = facts

    def result(self) -> TestResult:
        """Return the test's result, without its sentence."""
        match self.test.spec:
            case CallCase() as case:
                result = self._call(case)
            case ProgramCase() as case:
                result = self._program(case)
            case AssertCell():
                result = self._assert_cell()
            case SourceRule() as rule:
                result = self._rule(rule)
            case Question():
                raise ValueError("a question is judged by its response")
        earned = self.test.points if result.outcome is Outcome.PASSED else 0.0
        return replace(result, earned=earned)

    def _result(self, outcome: Outcome, **shown: str) -> TestResult:
        return TestResult(
            name=self.test.name,
            visibility=self.test.visibility,
            outcome=outcome,
            points=self.test.points,
            earned=0.0,
            error=_clean(self.seen.error),
            stdout=_cut(self.seen.stdout, _SHOWN_OUTPUT),
            seconds=self.seen.seconds,
            memory_mb=self.seen.memory_mb,
            weaker=isinstance(self.test.spec, AssertCell) and self.test.spec.shared_process,
            **{name: _cut(text, _SHOWN_TEXT) for name, text in shown.items()},
        )

    def _not_completed(self, **shown: str) -> TestResult:
        """Return the result of a test that did not come to its end by itself."""
        if self.seen.ending is Ending.RAISED and self.seen.error is not None:
            return self._result(Outcome.ERROR, got=_raised(self.seen.error), **shown)
        return self._result(_OUTCOMES[self.seen.ending], **shown)

    def _call(self, case: CallCase) -> TestResult:
        shown = {"called": case.call, "expected": _expected(case)}
        if case.raises is not None and self.seen.ending in (Ending.RAISED, Ending.COMPLETED):
            return self._raising_call(case, case.raises, shown)
        if self.seen.ending is not Ending.COMPLETED:
            return self._not_completed(**shown)
        if case.expected is None and case.stdout is None:
            return self._result(Outcome.FAILED)
        if case.expected is not None:
            failure = self._value_failure(case, case.expected, shown)
            if failure is not None:
                return failure
        return self._side_effects(case, shown) or self._result(
            Outcome.PASSED, got=self._value_text() if case.expected is not None else "", **shown
        )

    def _value_failure(
        self, case: CallCase, expected: Mapping[str, object], shown: Mapping[str, str]
    ) -> TestResult | None:
        """Return the failure when the value is not the expected one, else None."""
        try:
            wanted, got = decode(expected), decode(self.seen.value)
        except InvalidInput:
            return self._result(Outcome.FAILED, **shown)
        comparison = compare(wanted, got, case.tolerance)
        if comparison.equal:
            return None
        difference = "" if comparison.whole else comparison.difference
        text = show(got, _SHOWN_VALUE)
        return self._result(Outcome.FAILED, got=text, difference=difference, **shown)

    def _side_effects(self, case: CallCase, shown: Mapping[str, str]) -> TestResult | None:
        """Return the failure when output or arguments are not as they must be, else None."""
        if case.stdout is not None:
            comparison = compare_output(case.stdout, self.seen.stdout, case.tolerance)
            if not comparison.equal:
                printed = {**shown, "got": self.seen.stdout, "difference": comparison.difference}
                return self._result(Outcome.FAILED, **printed)
        if case.arguments_unchanged and self.seen.arguments_changed is not False:
            return self._result(Outcome.FAILED, difference=ARGUMENT_CHANGED, **shown)
        return None

    def _raising_call(
        self, case: CallCase, wanted: ExpectedException, shown: Mapping[str, str]
    ) -> TestResult:
        error = self.seen.error
        if self.seen.ending is Ending.COMPLETED or error is None:
            return self._result(Outcome.FAILED, got=self._value_text(), **shown)
        if wanted.type not in (error.type, *error.bases):
            return self._not_completed(**shown)
        if not message_matches(wanted.match, error.message):
            return self._result(Outcome.FAILED, got=_raised(error), **shown)
        failure = self._side_effects(case, shown)
        if failure is not None:
            return failure
        return replace(self._result(Outcome.PASSED, got=_raised(error), **shown), error=None)

    def _value_text(self) -> str:
        """Return the value of a call as text; empty when it can't be read."""
        try:
            return show(decode(self.seen.value), _SHOWN_VALUE)
        except InvalidInput:
            return ""

    def _program(self, case: ProgramCase) -> TestResult:
        shown = {"called": case.stdin, "expected": case.stdout}
        if self.seen.ending is not Ending.COMPLETED:
            result = self._not_completed(**shown)
            return (
                result if result.got else replace(result, got=_cut(self.seen.stdout, _SHOWN_TEXT))
            )
        comparison = compare_output(case.stdout, self.seen.stdout, case.tolerance)
        if comparison.equal:
            return self._result(Outcome.PASSED, got=self.seen.stdout, **shown)
        difference = "" if comparison.whole else comparison.difference
        return self._result(Outcome.FAILED, got=self.seen.stdout, difference=difference, **shown)

    def _assert_cell(self) -> TestResult:
        if self.seen.ending is Ending.COMPLETED:
            return self._result(Outcome.PASSED)
        error = self.seen.error
        if self.seen.ending is Ending.RAISED and error is not None and error.frames:
            frame = error.frames[-1]
            if error.type == "AssertionError" and frame.cell == "test":
                return self._result(Outcome.FAILED, difference=error.message)
        return self._not_completed()

    def _rule(self, rule: SourceRule) -> TestResult:
        ruling = rule_on(rule, self.facts)
        result = TestResult(
            self.test.name, self.test.visibility, Outcome.PASSED, self.test.points, 0.0
        )
        if ruling.kept is None:
            return replace(result, outcome=Outcome.ERROR)
        if ruling.kept:
            return result
        return replace(
            result,
            outcome=Outcome.FAILED,
            got=_cut(places_text(ruling.places), _SHOWN_TEXT),
            expected=_cut(", ".join(map(label, ruling.missing)), _SHOWN_TEXT),
        )


def _expected(case: CallCase) -> str:
    """Return what is expected as text; what has to be raised is told later."""
    if case.raises is not None or case.expected is None:
        return "" if case.raises is not None else case.stdout or ""
    try:
        return show(case.expected, _SHOWN_VALUE)
    except InvalidInput:
        return ""


def _raised(error: RaisedError) -> str:
    return f"{error.type}: {error.message}" if error.message else error.type


def _cut(text: str, limit: int) -> str:
    return printable(text if len(text) <= limit else text[: limit - 1] + "…")
