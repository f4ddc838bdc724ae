"""Explaining a failed run in words: the first failing test, and exceptions for beginners.

What is shown comes from the learner's own run and from public tests. Of a secret test nothing is
told but that one fails: no input, no value, no name, no exception. Every text has 120 words at most
and asks one question at most; values are cut before that.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeGuard

from jupyter_tutor.domain.causes import Cause, cause_of
from jupyter_tutor.domain.constructs import SourceRule
from jupyter_tutor.domain.differences import explain_difference
from jupyter_tutor.domain.evaluations import Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExerciseContent,
    ProgramCase,
    Question,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.markdown import block, code, count_words
from jupyter_tutor.domain.mistakes import Mistake, value_mistake
from jupyter_tutor.domain.observations import CellSource, Frame, RaisedError
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.rule_telling import say_broken_rule
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.telling import say_raises, was_printed

MOST_WORDS: Final = 120

_LIMITS: Final[Mapping[Outcome, tuple[str, Mistake]]] = {
    Outcome.TIMEOUT: ("explain.timeout", Mistake.ENDLESS),
    Outcome.CPU_LIMIT: ("explain.timeout", Mistake.ENDLESS),
    Outcome.MEMORY_LIMIT: ("explain.memory_limit", Mistake.ENDLESS),
    Outcome.OUTPUT_LIMIT: ("explain.output_limit", Mistake.ENDLESS),
    Outcome.PROCESS_LIMIT: ("explain.process_limit", Mistake.EXCEPTION),
}
_ENDLESS: Final = (Outcome.TIMEOUT, Outcome.CPU_LIMIT)
_STOPPED: Final = {
    "cell": "explain.cell_stopped",
    "program": "explain.program_stopped",
    "call": "explain.stopped",
    "test": "explain.test_stopped",
}
_WHAT: Final = {
    "cell": "explain.what_cell",
    "program": "explain.what_program",
    "call": "explain.what_call",
    "test": "explain.what_test",
}
_NOT_LEARNERS = ("setup", "test")
_ONLY_CELL = "answer"
_MESSAGE: Final = 100
_NAME = re.compile(r"'(\w+)'")


@dataclass(frozen=True, slots=True)
class Failure:
    """The first thing that went wrong in a run, and what kind of mistake it looks like.

    Attributes:
        result: The result of the cell or test; None for a secret test.
        spec: What the author asked; None for a cell, a secret test or a test of another revision.
        mistake: Its kind.
        cause: Why an exception was raised, where one was.
        is_cell: Whether it is an answer cell that did not complete.
    """

    result: TestResult | None
    spec: TestSpec | None
    mistake: Mistake
    cause: Cause | None = None
    is_cell: bool = False


def first_failure(
    verdict: Verdict, content: ExerciseContent, cells: Sequence[CellSource] = ()
) -> Failure | None:
    """Return what a learner should look at first, or None when all they may see passed.

    A cell that stopped comes before the tests, since they rest on it; then the public tests in the
    author's order, those that ran first; then the secret ones.
    """
    for result in verdict.cells:
        if result.outcome is not Outcome.NOT_RUN:
            return _failure(result, None, cells, is_cell=True)
    specs = {test.name: test.spec for test in content.tests}
    failing = [result for result in verdict.results if result.outcome is not Outcome.PASSED]
    public = [result for result in failing if result.visibility is Visibility.PUBLIC]
    ran = [result for result in public if result.outcome is not Outcome.NOT_RUN]
    for result in ran or public:
        return _failure(result, specs.get(result.name), cells)
    if any(result.visibility is Visibility.SECRET for result in failing):
        return Failure(None, None, Mistake.EDGE_CASE)
    return None


def explain_error(
    error: RaisedError, language: str = "en", cells: Sequence[CellSource] = ()
) -> str:
    """Explain an exception to a beginner: the likely cause, and where it became visible.

    Args:
        error: The exception, with frames in the learner's cells.
        language: Language code wanted.
        cells: The learner's answer, to know its names and whether cells have to be told apart.
    """
    return _because(error, cause_of(error, cells), language, cells)


def explain_verdict(
    verdict: Verdict, content: ExerciseContent, answer: Answer, language: str = "en"
) -> str:
    """Explain the first failure of a run: what was tried, expected and got, and the difference.

    Args:
        verdict: The whole verdict, secret tests included.
        content: The exercise.
        answer: What was run.
        language: Language code wanted.
    """
    failure = first_failure(verdict, content, answer.cells)
    if failure is None:
        key = "explain.passed" if verdict.passed else "explain.visible_passed"
        return say(key, language)
    return explain_failure(failure, answer, language)


def explain_failure(failure: Failure, answer: Answer, language: str = "en") -> str:
    """Explain what went wrong first; see `explain_verdict`."""
    if failure.result is None:
        return say("explain.secret", language)
    if isinstance(failure.spec, Question):
        return _about_question(failure.spec, failure.result, answer, language)
    if isinstance(failure.spec, SourceRule):
        return _about_rule(failure.spec, failure.result, language)
    return _Explanation(failure, failure.result, answer.cells, language).text()


def _failure(
    result: TestResult,
    spec: TestSpec | None,
    cells: Sequence[CellSource],
    *,
    is_cell: bool = False,
) -> Failure:
    cause = None
    mistake = _observed_mistake(result, spec)
    # An exception that a test of another one ended with is judged as a value, not as an error.
    if result.error is not None and result.outcome is Outcome.ERROR:
        cause = cause_of(result.error, cells)
        mistake = cause.mistake
    return Failure(result, spec, mistake, cause, is_cell)


def _observed_mistake(result: TestResult, spec: TestSpec | None) -> Mistake:
    if isinstance(spec, Question):
        return Mistake.QUIZ
    if result.outcome in _LIMITS:
        return _LIMITS[result.outcome][1]
    if result.outcome is not Outcome.FAILED:
        return Mistake.EXCEPTION
    if isinstance(spec, CallCase) and spec.raises is not None:
        return Mistake.MUST_RAISE
    if _changed_arguments(result, spec):
        return Mistake.CHANGED_ARGUMENTS
    if _is_output(spec, result):
        return value_mistake(spec.stdout or "", result.got)
    if result.got == "None" and result.expected not in ("", "None"):
        return Mistake.PRINTED if was_printed(result) else Mistake.NO_RETURN
    return value_mistake(result.expected, result.got) if result.expected else Mistake.VALUE


def _changed_arguments(result: TestResult, spec: TestSpec | None) -> bool:
    """Whether only the arguments are wrong: then the verdict shows no value."""
    checked = isinstance(spec, CallCase) and spec.arguments_unchanged
    return checked and result.outcome is Outcome.FAILED and not result.got


def _is_output(spec: TestSpec | None, result: TestResult) -> TypeGuard[CallCase]:
    """Whether what a call printed is wrong, and not its value."""
    judged = isinstance(spec, CallCase) and spec.stdout is not None
    return judged and result.got == result.stdout


class _Explanation:
    """The text about one failing cell or test."""

    def __init__(
        self,
        failure: Failure,
        result: TestResult,
        cells: Sequence[CellSource],
        language: str,
    ) -> None:
        self._failure = failure
        self._result = result
        self._cells = cells
        self._language = language
        self._fields = {
            "name": " ".join(result.name.split()[:12]),
            "called": code(result.called),
            "expected": code(self._expected()),
            "got": code(result.got),
        }

    def _expected(self) -> str:
        spec = self._failure.spec
        if isinstance(spec, CallCase) and spec.raises is not None:
            return say_raises(spec.raises, self._language)
        return self._result.expected

    def text(self) -> str:
        """Return the explanation."""
        result = self._result
        if result.outcome in _LIMITS:
            return self._joined(self._about(_LIMITS[result.outcome][0]), self._place())
        if result.outcome is Outcome.NOT_RUN:
            return self._about("explain.not_run")
        if result.outcome is Outcome.ERROR:
            return self._stopped()
        return self._joined(self._failed(), self._difference())

    def _stopped(self) -> str:
        """Explain a cell or test that an exception ended."""
        error, cause = self._result.error, self._failure.cause
        if error is None or cause is None:
            return self._about("explain.died")
        because = _because(error, cause, self._language, self._cells)
        if cause.mistake is Mistake.NOT_WRITTEN:
            return because
        if isinstance(self._failure.spec, CallCase) and self._failure.spec.raises is not None:
            return self._joined(self._say("explain.other_exception"), because)
        named = code(f"{error.type}: {error.message}" if error.message else error.type, _MESSAGE)
        return self._joined(self._say(_STOPPED[self._kind()], error=named), because)

    def _failed(self) -> str:
        """Explain a test that ran to its end with the wrong result."""
        result, spec, mistake = self._result, self._failure.spec, self._failure.mistake
        if isinstance(spec, ProgramCase):
            return self._blocks("explain.program", "explain.program_nothing")
        if isinstance(spec, AssertCell) or not result.called:
            return self._check()
        if mistake is Mistake.MUST_RAISE:
            other = result.error is not None
            return self._say("explain.other_exception" if other else "explain.must_raise")
        if mistake is Mistake.CHANGED_ARGUMENTS:
            return self._say("explain.changed_arguments")
        if mistake is Mistake.PRINTED:
            return self._say("explain.printed")
        if mistake is Mistake.NO_RETURN:
            return self._say("explain.no_return")
        if _is_output(spec, result):
            output = spec.stdout or ""
            return self._blocks("explain.output", "explain.output_nothing", expected=output)
        return self._say("explain.value")

    def _check(self) -> str:
        """Explain an assert cell by the check that does not hold."""
        error = self._result.error
        frames = [frame for frame in error.frames if frame.cell == "test"] if error else []
        check = _checked(frames[-1].source.strip()) if frames else ""
        if not check:
            return self._say("explain.failed")
        return self._say("explain.check", check=code(check))

    def _blocks(self, key: str, key_for_nothing: str, **texts: str) -> str:
        """Say a phrase with input and output as blocks; what is called stays in the line."""
        result = self._result
        fields = {"expected": block(result.expected)}
        if self._kind() == "program":
            fields["called"] = block(result.called)
        fields |= {name: block(text) for name, text in texts.items()}
        if not result.got.strip():
            return self._say(key_for_nothing, **fields)
        return self._say(key, **fields, got=block(result.got))

    def _difference(self) -> str:
        """Return where the first difference is, unless the values say so at a glance."""
        difference = self._result.difference
        nothing = not self._result.got.strip() and not isinstance(self._failure.spec, AssertCell)
        if (
            not difference
            or nothing
            or self._failure.mistake
            in (
                Mistake.CHANGED_ARGUMENTS,
                Mistake.MUST_RAISE,
                Mistake.NO_RETURN,
                Mistake.PRINTED,
            )
        ):
            return ""
        if isinstance(self._failure.spec, AssertCell):
            return self._say("explain.adds", message=code(difference, 100))
        place = explain_difference(difference, self._language)
        return self._say("explain.difference", difference=place) if place else ""

    def _place(self) -> str:
        error = self._result.error
        if error is None:
            return ""
        running = self._result.outcome in _ENDLESS
        return _place(error, self._language, self._cells, running=running)

    def _kind(self) -> str:
        if self._failure.is_cell:
            return "cell"
        if isinstance(self._failure.spec, ProgramCase):
            return "program"
        return "call" if self._result.called else "test"

    def _about(self, key: str) -> str:
        return self._say(key, what=self._say(_WHAT[self._kind()]))

    def _say(self, key: str, **fields: object) -> str:
        if key == "explain.program_stopped":
            fields["called"] = block(self._result.called)
        return say(key, self._language, **{**self._fields, **fields})

    def _joined(self, *parts: str) -> str:
        """Join what there is, as long as it stays short enough."""
        text = ""
        for part in parts:
            longer = f"{text}\n\n{part}" if text and part else text or part
            if count_words(longer) <= MOST_WORDS or not text:
                text = longer
        return text


def _because(error: RaisedError, cause: Cause, language: str, cells: Sequence[CellSource]) -> str:
    """Say why an exception was raised, and where it became visible."""
    fields = {name: text.replace("`", "'")[:60] for name, text in cause.fields.items()}
    if "modules" in fields:
        fields["modules"] = ", ".join(code(name) for name in error.close)
    for name in ("key", "text"):
        if name in fields:
            fields[name] = code(fields[name], 40)
    if "missing" in fields:
        fields["missing"] = ", ".join(code(name) for name in _NAME.findall(fields["missing"]))
    place = _place(error, language, cells)
    return " ".join(part for part in (say(cause.key, language, **fields), place) if part)


def _place(
    error: RaisedError, language: str, cells: Sequence[CellSource], *, running: bool = False
) -> str:
    """Say where in the learner's cells an exception became visible, or nothing."""
    frames = [frame for frame in error.frames if frame.cell not in _NOT_LEARNERS]
    if not frames:
        return ""
    frame: Frame = frames[-1]
    several = len(cells) > 1 or frame.cell != _ONLY_CELL
    place = say(
        "place.cell" if several else "place.line",
        language,
        line=frame.line,
        cell=code(frame.cell),
    )
    source = frame.source.strip()
    if running:
        key = "place.still" if source else "place.still_bare"
    else:
        key = "place.shows" if source else "place.shows_bare"
    return say(key, language, place=place, source=code(source))


def _about_question(question: Question, result: TestResult, answer: Answer, language: str) -> str:
    """Explain a question that was not answered rightly, with the author's feedback if any."""
    key = "explain.unanswered" if result.outcome is Outcome.NOT_RUN else "explain.question"
    response = answer.responses.get(question.id)
    chosen = response if isinstance(response, list | tuple) else [response]
    feedback = [
        in_language(choice.feedback, language)
        for choice in question.choices
        if choice.id in chosen and choice.id not in question.correct
    ]
    asked = say(key, language, question=_shortened(in_language(question.text, language), 60))
    return _shortened("\n\n".join(part for part in (asked, *feedback) if part), MOST_WORDS)


def _about_rule(rule: SourceRule, result: TestResult, language: str) -> str:
    if result.outcome is not Outcome.FAILED:
        return say("rule.unread", language)
    told = say_broken_rule(rule, result.got, result.expected, language)
    return _shortened(told, MOST_WORDS)


def _checked(source: str) -> str:
    """Return what an assert statement asks for, without its message; empty when it is none."""
    try:
        statement = ast.parse(source).body[0]
    except (SyntaxError, ValueError, IndexError):
        # The first line of a longer statement, most likely.
        return source.removeprefix("assert").strip() if source.startswith("assert") else ""
    if not isinstance(statement, ast.Assert):
        return ""
    return ast.get_source_segment(source, statement.test) or ""


def _shortened(text: str, words: int) -> str:
    """Return a text cut after some words, with its line ends kept."""
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    return text if len(ends) <= words else text[: ends[words - 1]] + " …"
