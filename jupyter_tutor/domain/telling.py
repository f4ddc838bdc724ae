"""Telling a verdict in a language: one sentence for each test and cell, from the facts alone.

A verdict keeps facts: outcome, values as text, exception, output. The sentences are made from them,
and from what the author asked, whenever a verdict is shown, so that they are in the language the
learner reads now. Those that are stored with a verdict are English.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from jupyter_tutor.domain.constructs import SourceRule
from jupyter_tutor.domain.differences import say_difference
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExpectedException,
    Limits,
    ProgramCase,
    Question,
    TestCase,
    TestSpec,
)
from jupyter_tutor.domain.observations import MOST_TIMEOUTS, RaisedError
from jupyter_tutor.domain.phrases import note, number, say
from jupyter_tutor.domain.rule_telling import ONLY_CELL, say_broken_rule
from jupyter_tutor.domain.values import printable
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

ARGUMENT_CHANGED: Final = note("difference.argument_changed")
"""The difference of a call that changed its arguments."""

_SHORT = 80
_LONG = 2_000
_MESSAGE = 500
_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
_ENDINGS: Final[Mapping[Outcome, str]] = {
    Outcome.TIMEOUT: "verdict.timeout",
    Outcome.CPU_LIMIT: "verdict.cpu_limit",
    Outcome.MEMORY_LIMIT: "verdict.memory_limit",
    Outcome.OUTPUT_LIMIT: "verdict.output_limit",
    Outcome.PROCESS_LIMIT: "verdict.process_limit",
    Outcome.ERROR: "verdict.died",
}


def tell(
    verdict: Verdict, tests: Sequence[TestCase], limits: Limits, language: str = "en"
) -> Verdict:
    """Return a verdict with messages, differences and expected exceptions in a language.

    Args:
        verdict: The verdict on a run; that on a quiz is told by `responses.judge_responses`.
        tests: The tests of the revision that was answered; results of others stay as they are.
        limits: The limits of the run.
        language: Language code wanted.
    """
    telling = _Telling(verdict, limits, language)
    specs = {test.name: test.spec for test in tests if not isinstance(test.spec, Question)}
    results = [
        telling.result(result, specs[result.name]) if result.name in specs else result
        for result in verdict.results
    ]
    cells = [telling.cell(cell) for cell in verdict.cells]
    return replace(verdict, results=tuple(results), cells=tuple(cells))


def summarise(verdict: Verdict, language: str = "en", *, quiz: bool = False) -> str:
    """Return how many tests passed, or answers are right, in a sentence or two.

    Args:
        verdict: What is shown of it.
        language: Language code wanted.
        quiz: Whether the tests are the questions of a quiz.
    """
    total = len(verdict.results)
    if total == 0:
        return say("verdict.no_answer_yet" if quiz else "verdict.none_yet", language)
    if quiz and total == 1:
        return say("verdict.one_right" if verdict.passed else "verdict.one_wrong", language)
    if verdict.passed:
        return say("verdict.all_right" if quiz else "verdict.all_pass", language)
    passed = sum(result.outcome is Outcome.PASSED for result in verdict.results)
    key = "verdict.some_right" if quiz else "verdict.some_pass"
    text = say(key, language, passed=passed, total=total)
    if stopped_early(verdict.results):
        text += " " + say("verdict.stopped_early", language, count=MOST_TIMEOUTS)
    return text


def stopped_early(results: Iterable[TestResult]) -> bool:
    """Whether tests were not run because others ran out of time."""
    outcomes = [result.outcome for result in results]
    slow = sum(outcome in (Outcome.TIMEOUT, Outcome.CPU_LIMIT) for outcome in outcomes)
    return slow >= MOST_TIMEOUTS and Outcome.NOT_RUN in outcomes


def say_raises(wanted: ExpectedException, language: str) -> str:
    """Say what a call has to raise."""
    if not wanted.match:
        return wanted.type
    pattern = repr(wanted.match)
    return say("verdict.raises_like", language, expected=wanted.type, pattern=pattern)


def was_printed(result: TestResult) -> bool:
    """Whether a call that returned None printed what it had to return."""
    printed = result.stdout.strip()
    bare = result.expected.strip("'\"")
    return bool(printed) and printed in (result.expected, bare)


def message_matches(pattern: str | None, message: str) -> bool:
    """Search a pattern in a message; one that is no regular expression counts as plain text."""
    if pattern is None:
        return True
    try:
        return re.search(pattern, message) is not None
    except re.error:
        return pattern in message


class _Telling:
    """Tells the results of one verdict."""

    def __init__(self, verdict: Verdict, limits: Limits, language: str) -> None:
        self._stopped = verdict.cells
        self._out_of_time = stopped_early(verdict.results)
        self._limits = limits
        self._language = language

    def cell(self, cell: TestResult) -> TestResult:
        """Tell why a cell did not run to its end."""
        what = self._say("verdict.what_cell", cell=_code(cell.name))
        if cell.error is not None and cell.outcome is Outcome.ERROR:
            return replace(cell, message=self._stopped_with(what, cell.error))
        if cell.outcome is Outcome.NOT_RUN:
            return replace(cell, message=self._not_run(cell))
        return replace(cell, message=self._about_ending(what, cell))

    def result(self, result: TestResult, spec: TestSpec) -> TestResult:
        """Tell how a test went."""
        told = replace(result, message=self._message(result, spec))
        if isinstance(spec, CallCase) and spec.raises is not None:
            told = replace(told, expected=_cut(say_raises(spec.raises, self._language), _LONG))
        if isinstance(spec, AssertCell):  # the difference is what the author's test says
            return told
        return replace(told, difference=say_difference(result.difference, self._language))

    def _message(self, result: TestResult, spec: TestSpec) -> str:
        if result.outcome is Outcome.PASSED:
            return ""
        if isinstance(spec, SourceRule):
            return self._rule(result, spec)
        if result.outcome is Outcome.NOT_RUN:
            return self._not_run(result)
        if result.outcome is not Outcome.FAILED:
            what = self._what(spec)
            if result.outcome is Outcome.ERROR and result.error is not None:
                return self._about_error(what, result.error, self._stopped)
            return self._about_ending(what, result)
        match spec:
            case CallCase():
                return self._failed_call(result, spec)
            case ProgramCase():
                return self._say("verdict.output")
            case _:
                frames = result.error.frames if result.error else ()
                check = printable(frames[-1].source.strip()) if frames else "assert"
                return self._say("verdict.check", check=_code(check))

    def _rule(self, result: TestResult, rule: SourceRule) -> str:
        if result.outcome is Outcome.FAILED:
            return say_broken_rule(rule, result.got, result.expected, self._language)
        cause = self._cause(self._stopped)
        if cause:
            return self._say("rule.unread_because", cause=cause)
        return self._say("rule.unread")

    def _failed_call(self, result: TestResult, case: CallCase) -> str:
        what = self._what(case)
        if case.raises is not None:
            return self._failed_raise(result, case.raises, what)
        if case.expected is None and case.stdout is None:
            return self._say("verdict.expects_nothing")
        if result.difference == ARGUMENT_CHANGED:
            return self._say("verdict.changed_arguments", what=what)
        printed = case.stdout is not None and result.got == _cut(result.stdout, _LONG)
        if case.expected is None or printed:
            return self._say("verdict.not_printed", what=what)
        if not result.got:
            return self._say("verdict.unreadable", what=what)
        if result.got == "None":
            key = "verdict.printed" if was_printed(result) else "verdict.returned_none"
            return self._say(key, what=what)
        got, expected = _cut(result.got, _SHORT), _cut(result.expected, _SHORT)
        return self._say("verdict.returned", what=what, got=got, expected=expected)

    def _failed_raise(self, result: TestResult, wanted: ExpectedException, what: str) -> str:
        if result.error is None:
            got = result.got or "…"
            return self._say("verdict.must_raise", what=what, got=got, expected=wanted.type)
        if not message_matches(wanted.match, result.error.message):
            return self._say("verdict.other_message", what=what, error=result.error.type)
        if result.difference == ARGUMENT_CHANGED:
            return self._say("verdict.changed_arguments", what=what)
        return self._say("verdict.not_printed", what=what)

    def _what(self, spec: TestSpec) -> str:
        match spec:
            case CallCase():
                return _code(_cut(spec.call, _SHORT))
            case ProgramCase():
                return self._say("verdict.what_program")
            case _:
                return self._say("verdict.what_test")

    def _about_error(self, what: str, error: RaisedError, stopped: Sequence[TestResult]) -> str:
        """Say that something raised, and where."""
        missing = _NOT_DEFINED.match(error.message) if error.type == "NameError" else None
        if missing is not None:
            name, cause = _code(missing[1]), self._cause(stopped)
            if cause:
                return self._say("verdict.not_defined_because", name=name, cause=cause)
            return self._say("verdict.not_defined", name=name, place=self._place(error))
        return self._stopped_with(what, error)

    def _stopped_with(self, what: str, error: RaisedError) -> str:
        place = self._place(error)
        if error.type == "NotImplementedError" and not error.message:
            return self._say("verdict.not_written", place=place)
        return self._say("verdict.stopped", what=what, error=_named(error), place=place)

    def _about_ending(self, what: str, seen: TestResult) -> str:
        """Say which limit something ran into, or that it took the process down."""
        limits = self._limits
        processor = seen.outcome is Outcome.CPU_LIMIT
        memory = seen.outcome is Outcome.MEMORY_LIMIT
        return self._say(
            _ENDINGS[seen.outcome],
            what=what,
            place=self._place(seen.error),
            seconds=self._number(limits.cpu_seconds if processor else limits.wall_seconds),
            size=limits.memory_mb if memory else self._number(limits.output_bytes),
            count=limits.processes,
        )

    def _not_run(self, result: TestResult) -> str:
        cause = self._cause([cell for cell in self._stopped if cell is not result])
        if cause:
            return self._say("verdict.not_run_because", cause=cause)
        if self._out_of_time:
            return self._say("verdict.out_of_time", count=MOST_TIMEOUTS)
        return self._say("verdict.not_run")

    def _cause(self, stopped: Sequence[TestResult]) -> str:
        """Return why cells are missing: the first that went wrong by itself; empty if none did."""
        for cell in stopped:
            name = _code(cell.name)
            if cell.outcome is Outcome.ERROR and cell.error is not None:
                error, place = _named(cell.error), self._place(cell.error)
                return self._say("verdict.cause_stopped", cell=name, error=error, place=place)
            if cell.outcome is not Outcome.NOT_RUN:
                return self._say("verdict.cause_unfinished", cell=name)
        return ""

    def _place(self, error: RaisedError | None) -> str:
        """Return the innermost line in the learner's own cells, if the exception has one."""
        frames = [frame for frame in error.frames if frame.cell != "test"] if error else []
        if not frames:
            return ""
        line, cell = frames[-1].line, frames[-1].cell
        key = "verdict.place_only" if cell == ONLY_CELL else "verdict.place"
        return self._say(key, line=line, cell=_code(cell))

    def _number(self, value: float) -> str:
        return number(value, self._language)

    def _say(self, key: str, **fields: object) -> str:
        return say(key, self._language, **fields)


def _named(error: RaisedError) -> str:
    message = printable(error.message.strip())
    if len(message) > _MESSAGE:
        message = message[:_MESSAGE] + "…"
    return f"{printable(error.type)}: {message}" if message else printable(error.type)


def _code(text: str) -> str:
    return f"`{text}`"


def _cut(text: str, limit: int) -> str:
    return printable(text if len(text) <= limit else text[: limit - 1] + "…")
