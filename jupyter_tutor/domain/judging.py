"""Judging: from what a run showed to outcomes, points and sentences for the learner.

The process that ran learner code only made observations; this compares them with what the author
expected. A test passes only on evidence: what was not observed has failed or was not run.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jupyter_tutor.domain.comparison import compare, compare_output
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
from jupyter_tutor.domain.observations import Ending, Observation, TestReport
from jupyter_tutor.domain.sentences import about_cell, about_ending, about_error, clean_error
from jupyter_tutor.domain.value_forms import Plain, Value
from jupyter_tutor.domain.values import decode, printable, show
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

_SEALED_MESSAGE: Final = "This test is secret: what it tries is not shown."

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
_SHOWN_VALUE = 500
_SHOWN_TEXT = 2_000
_SHOWN_OUTPUT = 10_000


def judge(tests: Sequence[TestCase], report: TestReport, limits: Limits | None = None) -> Verdict:
    """Judge what a run showed.

    Args:
        tests: The author's tests; questions are left out, `judge_responses` judges them.
        report: The observations, matched to the tests by name.
        limits: The limits of the run, to name them in messages.
    """
    stopped = tuple(cell for cell in report.cells if cell.ending is not Ending.COMPLETED)
    results = []
    for test in tests:
        if isinstance(test.spec, Question):
            continue
        seen = [each for each in report.tests if each.name == test.name]
        observation = seen[0] if len(seen) == 1 else Observation(test.name, Ending.NOT_RUN)
        results.append(_Judge(test, observation, stopped, limits).result())
    cells = tuple(_cell_result(cell, limits) for cell in stopped)
    return Verdict(tuple(results), cells, score_of(results))


def score_of(results: Sequence[TestResult]) -> float:
    """Return earned points over possible points, 0 to 1; 0 when there is nothing to earn."""
    possible = sum(result.points for result in results)
    if not possible > 0:
        return 0.0
    return min(max(sum(result.earned for result in results) / possible, 0.0), 1.0)


def for_learner(verdict: Verdict) -> Verdict:
    """Return what the learner may see of a verdict.

    Of a secret test only its number, its points and whether it passed remain, and so of a withheld
    one, which has a result only once the due date has passed.
    """
    shown = []
    sealed = {Visibility.SECRET: 0, Visibility.WITHHELD: 0}
    for result in verdict.results:
        if result.visibility is Visibility.PUBLIC:
            shown.append(result)
        else:
            sealed[result.visibility] += 1
            name = f"{result.visibility.value.capitalize()} test {sealed[result.visibility]}"
            shown.append(_sealed(result, name))
    return Verdict(tuple(shown), verdict.cells, verdict.score)


def _sealed(result: TestResult, name: str) -> TestResult:
    passed = result.outcome is Outcome.PASSED
    return TestResult(
        name=name,
        visibility=result.visibility,
        outcome=Outcome.PASSED if passed else Outcome.FAILED,
        points=result.points,
        earned=result.earned,
        message="" if passed else _SEALED_MESSAGE,
    )


def _cell_result(cell: Observation, limits: Limits | None) -> TestResult:
    return TestResult(
        name=cell.name,
        visibility=Visibility.PUBLIC,
        outcome=_OUTCOMES[cell.ending],
        points=0.0,
        earned=0.0,
        message=about_cell(cell, limits),
        error=clean_error(cell.error),
        stdout=_cut(cell.stdout, _SHOWN_OUTPUT),
        seconds=cell.seconds,
        memory_mb=cell.memory_mb,
    )


class _Judge:
    """Judges one test."""

    def __init__(
        self,
        test: TestCase,
        observation: Observation,
        stopped: Sequence[Observation],
        limits: Limits | None,
    ) -> None:
        self.test = test
        self.seen = observation
        self.stopped = stopped
        self.limits = limits

    def result(self) -> TestResult:
        """Return the test's result."""
        match self.test.spec:
            case CallCase() as case:
                result = self._call(case)
            case ProgramCase() as case:
                result = self._program(case)
            case AssertCell():
                result = self._assert_cell()
            case Question():
                raise ValueError("a question is judged by its response")
        earned = self.test.points if result.outcome is Outcome.PASSED else 0.0
        return replace(result, earned=earned)

    def _result(self, outcome: Outcome, message: str = "", **shown: str) -> TestResult:
        return TestResult(
            name=self.test.name,
            visibility=self.test.visibility,
            outcome=outcome,
            points=self.test.points,
            earned=0.0,
            message=message,
            error=clean_error(self.seen.error),
            stdout=_cut(self.seen.stdout, _SHOWN_OUTPUT),
            seconds=self.seen.seconds,
            memory_mb=self.seen.memory_mb,
            **{name: _cut(text, _SHOWN_TEXT) for name, text in shown.items()},
        )

    def _not_completed(self, what: str, **shown: str) -> TestResult:
        """Return the result of a test that did not come to its end by itself."""
        error = self.seen.error
        if self.seen.ending is Ending.RAISED and error is not None:
            got = f"{error.type}: {error.message}" if error.message else error.type
            message = about_error(what, error, self.stopped)
            return self._result(Outcome.ERROR, message, got=got, **shown)
        message = about_ending(what, self.seen, self.stopped, self.limits)
        return self._result(_OUTCOMES[self.seen.ending], message, **shown)

    def _call(self, case: CallCase) -> TestResult:
        shown = {"called": case.call, "expected": _expected(case)}
        what = f"`{_cut(case.call, 80)}`"
        if case.raises is not None and self.seen.ending in (Ending.RAISED, Ending.COMPLETED):
            return self._raising_call(case, case.raises, shown)
        if self.seen.ending is not Ending.COMPLETED:
            return self._not_completed(what, **shown)
        if case.expected is None and case.stdout is None:
            return self._result(Outcome.FAILED, "This test expects nothing; tell your instructor.")
        if case.expected is not None:
            failure = self._value_failure(case, case.expected, what, shown)
            if failure is not None:
                return failure
        return self._side_effects(case, what, shown) or self._result(
            Outcome.PASSED, got=self._value_text() if case.expected is not None else "", **shown
        )

    def _value_failure(
        self, case: CallCase, expected: Mapping[str, object], what: str, shown: Mapping[str, str]
    ) -> TestResult | None:
        """Return the failure when the value is not the expected one, else None."""
        try:
            wanted, got = decode(expected), decode(self.seen.value)
        except InvalidInput as error:
            text = f"The value of {what} could not be read: {error.message}"
            return self._result(Outcome.FAILED, text, **shown)
        comparison = compare(wanted, got, case.tolerance)
        if comparison.equal:
            return None
        return self._result(
            Outcome.FAILED,
            self._about_value(what, wanted, got),
            got=show(got, _SHOWN_VALUE),
            difference=comparison.difference,
            **shown,
        )

    def _about_value(self, what: str, wanted: Value, got: Value) -> str:
        if isinstance(got, Plain) and got.value is None:
            printed = self.seen.stdout.strip()
            shown = {show(wanted, _SHOWN_VALUE)}
            if isinstance(wanted, Plain) and isinstance(wanted.value, str):
                shown.add(wanted.value.strip())
            if printed and printed in shown:
                return f"{what} prints the right value but returns None: use `return`."
            return f"{what} returned None. Is a `return` missing?"
        return f"{what} returned {show(got, 80)}, not {show(wanted, 80)}."

    def _side_effects(
        self, case: CallCase, what: str, shown: Mapping[str, str]
    ) -> TestResult | None:
        """Return the failure when output or arguments are not as they must be, else None."""
        if case.stdout is not None:
            comparison = compare_output(case.stdout, self.seen.stdout, case.tolerance)
            if not comparison.equal:
                got = self.seen.stdout
                text = f"{what} did not print what was expected."
                difference = comparison.difference
                return self._result(
                    Outcome.FAILED, text, **{**shown, "got": got, "difference": difference}
                )
        if case.arguments_unchanged and self.seen.arguments_changed is not False:
            text = f"{what} changed its arguments; it has to leave them as they are."
            return self._result(
                Outcome.FAILED, text, difference="an argument was changed by the call", **shown
            )
        return None

    def _raising_call(
        self, case: CallCase, wanted: ExpectedException, shown: Mapping[str, str]
    ) -> TestResult:
        what, error = f"`{_cut(case.call, 80)}`", self.seen.error
        if self.seen.ending is Ending.COMPLETED or error is None:
            text = f"{what} returned {self._value_text()}, but it has to raise {wanted.type}."
            return self._result(Outcome.FAILED, text, got=self._value_text(), **shown)
        got = f"{error.type}: {error.message}" if error.message else error.type
        if wanted.type not in (error.type, *error.bases):
            result = self._not_completed(what, **shown)
            difference = printable(f"expected {wanted.type}, got {error.type}")
            return replace(result, difference=difference)
        if not _message_matches(wanted.match, error.message):
            text = f"{what} raised {error.type}, but its message is not the expected one."
            return self._result(Outcome.FAILED, text, got=got, **shown)
        failure = self._side_effects(case, what, shown)
        if failure is not None:
            return failure
        return replace(self._result(Outcome.PASSED, got=got, **shown), error=None)

    def _value_text(self) -> str:
        try:
            return show(decode(self.seen.value), _SHOWN_VALUE)
        except InvalidInput:
            return "a value that could not be read"

    def _program(self, case: ProgramCase) -> TestResult:
        shown = {"called": case.stdin, "expected": case.stdout}
        if self.seen.ending is not Ending.COMPLETED:
            result = self._not_completed("The program", **shown)
            return (
                result if result.got else replace(result, got=_cut(self.seen.stdout, _SHOWN_TEXT))
            )
        comparison = compare_output(case.stdout, self.seen.stdout, case.tolerance)
        if comparison.equal:
            return self._result(Outcome.PASSED, got=self.seen.stdout, **shown)
        text = "For this input, the program did not print what was expected."
        return self._result(
            Outcome.FAILED, text, got=self.seen.stdout, difference=comparison.difference, **shown
        )

    def _assert_cell(self) -> TestResult:
        if self.seen.ending is Ending.COMPLETED:
            return self._result(Outcome.PASSED)
        error = self.seen.error
        if self.seen.ending is Ending.RAISED and error is not None and error.frames:
            frame = error.frames[-1]
            if error.type == "AssertionError" and frame.cell == "test":
                text = f"A check does not hold: `{printable(frame.source.strip())}`."
                return self._result(Outcome.FAILED, text, difference=error.message)
        return self._not_completed("The test")


def _expected(case: CallCase) -> str:
    if case.raises is not None:
        with_message = f" with a message like {case.raises.match!r}" if case.raises.match else ""
        return f"{case.raises.type}{with_message}"
    if case.expected is None:
        return case.stdout or ""
    try:
        return show(case.expected, _SHOWN_VALUE)
    except InvalidInput:
        return ""


def _message_matches(pattern: str | None, message: str) -> bool:
    """Search a pattern in a message; one that is no regular expression counts as plain text."""
    if pattern is None:
        return True
    try:
        return re.search(pattern, message) is not None
    except re.error:
        return pattern in message


def _cut(text: str, limit: int) -> str:
    return printable(text if len(text) <= limit else text[: limit - 1] + "…")
