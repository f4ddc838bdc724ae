"""Hints by rules, at every rung, from what a run showed and a diagnosis found out.

    0 result    the first failing test explained, and the smallest input that goes wrong
    1 nudge     a question about the learner's own code at that input; no line
    2 concept   the kind of mistake, with an example on other data
    3 pointer   a line, only where an edit there made every test pass, and a value at it; no code.
                Where it took two edits, the line of the first. Where no edit is verified, a value
                or a function to look at, and no line
    4 steps     a plan for this kind of mistake, without the fix
    5 bottom    the line of that edit, else the author's code

Below the last rung nothing of the reference or the edit is shown: texts are phrases, filled with
the learner's own code and values.
"""

import re
from collections.abc import Mapping
from typing import Final

from jupyter_tutor.domain.counter_telling import called_in, mistake_at, tell_counterexample
from jupyter_tutor.domain.diagnosis import (
    Counterexample,
    Diagnosis,
    Showing,
    ValueQuestion,
    VerifiedEdit,
)
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    ExerciseContent,
    ExerciseKind,
    HintLevel,
    ProgramCase,
)
from jupyter_tutor.domain.explain import Failure, explain_verdict, first_failure
from jupyter_tutor.domain.hints import HintDraft, HintRequest, HintSource, levels_offered
from jupyter_tutor.domain.markdown import code, count_words
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.readability import MOST_WORDS
from jupyter_tutor.domain.revealing import secret_lines, without_secrets

_NUDGES: Final[Mapping[Mistake, str]] = {
    Mistake.EDGE_CASE: "nudge.secret",
    Mistake.QUIZ: "nudge.quiz",
    Mistake.NOT_WRITTEN: "nudge.not_written",
    Mistake.SYNTAX: "nudge.syntax",
    Mistake.INDENTATION: "nudge.syntax",
    Mistake.ENDLESS: "nudge.endless",
    Mistake.PRINTED: "nudge.returned",
    Mistake.NO_RETURN: "nudge.returned",
}
_PLANS: Final[Mapping[Mistake, str]] = {
    Mistake.BORDER: "explain.plan_border",
    Mistake.OFF_BY_ONE: "explain.plan_border",
    Mistake.LOOP_RANGE: "explain.plan_border",
    Mistake.INDEX: "explain.plan_border",
    Mistake.ITEM_MISSING: "explain.plan_border",
    Mistake.ITEM_EXTRA: "explain.plan_border",
    Mistake.CONDITION: "explain.plan_condition",
    Mistake.OPPOSITE: "explain.plan_condition",
    Mistake.START_VALUE: "explain.plan_collect",
    Mistake.UPDATE: "explain.plan_collect",
    Mistake.UNBOUND: "explain.plan_collect",
    Mistake.NO_RETURN: "explain.plan_return",
    Mistake.PRINTED: "explain.plan_return",
    Mistake.NONE: "explain.plan_return",
    Mistake.EARLY_RETURN: "explain.plan_return",
    Mistake.TYPES: "explain.plan_types",
    Mistake.NUMBER_TEXT: "explain.plan_types",
    Mistake.KIND: "explain.plan_types",
    Mistake.ATTRIBUTE: "explain.plan_types",
    Mistake.UNPACKING: "explain.plan_types",
    Mistake.NAME: "explain.plan_names",
    Mistake.WRONG_NAME: "explain.plan_names",
    Mistake.CONSTANT: "explain.plan_names",
    Mistake.CALL: "explain.plan_names",
    Mistake.CHANGED_ARGUMENTS: "explain.plan_copy",
    Mistake.LOST_RESULT: "explain.plan_copy",
    Mistake.WALK: "explain.plan_copy",
    Mistake.BLANKS: "explain.plan_text",
    Mistake.CASE: "explain.plan_text",
    Mistake.EDGE_CASE: "explain.plan_edge",
    Mistake.ZERO: "explain.plan_edge",
    Mistake.KEY: "explain.plan_edge",
    Mistake.MUST_RAISE: "explain.plan_edge",
    Mistake.NOT_WRITTEN: "explain.plan_steps",
    Mistake.ORDER: "explain.plan_steps",
    Mistake.BLOCK: "explain.plan_steps",
    Mistake.LINE_ORDER: "explain.plan_steps",
    Mistake.MISSING_STEP: "explain.plan_steps",
    Mistake.EXTRA_STEP: "explain.plan_steps",
    Mistake.INPUT: "explain.plan_steps",
    Mistake.ENDLESS: "explain.plan_loop",
    Mistake.RECURSION: "explain.plan_loop",
    Mistake.SYNTAX: "explain.plan_read",
    Mistake.INDENTATION: "explain.plan_read",
    Mistake.FILES: "explain.plan_read",
    Mistake.EXCEPTION: "explain.plan_read",
}
_ANY_PLAN: Final = "explain.plan_trace"
_ONLY_CELL: Final = "answer"


def offline_levels(
    content: ExerciseContent, diagnosis: Diagnosis | None = None, *, failing: bool = False
) -> frozenset[HintLevel]:
    """Return the rungs that can be made without a model, how far a learner may climb aside.

    Args:
        content: The exercise.
        diagnosis: What was found out; with an edit that mends the answer there is a bottom-out.
        failing: Whether there is code that failed: then there are a pointer and a plan, also
            where nothing was found out.
    """
    levels = set(levels_offered(content))
    if (failing or diagnosis is not None) and content.answer_cells:
        levels |= {HintLevel.POINTER, HintLevel.STEPS}
        if diagnosis is not None and diagnosis.verified is not None:
            levels.add(HintLevel.BOTTOM_OUT)
    return frozenset(levels)


def hint_by_rules(request: HintRequest, language: str) -> HintDraft:
    """Make a hint of the rung that is asked for.

    Args:
        request: What it is made from.
        language: Language code of a catalogue.

    Raises:
        NotFound: Nothing is known that a hint of this rung could say.
    """
    return _Hints(request, language).draft()


class _Hints:
    """The hints on one answer."""

    def __init__(self, request: HintRequest, language: str) -> None:
        self._request = request
        self._language = language
        self._content = request.content
        self._diagnosis = request.diagnosis
        self._failure: Failure | None = None
        if request.verdict is not None:
            self._failure = first_failure(request.verdict, request.content, request.answer.cells)

    def draft(self) -> HintDraft:
        level, content = self._request.level, self._content
        verified = self._diagnosis.verified if self._diagnosis else None
        source = HintSource.RULES
        if level is HintLevel.RESULT:
            text = self._result()
        elif level is HintLevel.NUDGE:
            text = self._nudge()
        elif level is HintLevel.CONCEPT:
            text = self._concept()
        elif level is HintLevel.POINTER and self._is_about_code():
            text = self._pointer(verified) if verified is not None else self._direction()
        elif level is HintLevel.STEPS and self._is_about_code():
            text = self._plan()
        elif level is HintLevel.BOTTOM_OUT and verified is not None:
            text = self._line(verified)
        elif level is HintLevel.BOTTOM_OUT and content.answer_cells:
            text, source = self._reference(), HintSource.AUTHOR
        else:
            name = level.name.lower()
            raise NotFound(f"The exercise {content.slug!r} has no hint of the rung {name}.")
        return HintDraft(text, source, self._language)

    def _result(self) -> str:
        request, failure, counter = self._request, self._failure, self._counter()
        if request.verdict is None:
            return self._say("ladder.run_first")
        told = explain_verdict(request.verdict, self._content, request.answer, self._language)
        if failure is None or counter is None or counter.test:
            return told
        shown = tell_counterexample(counter, self._language)
        if failure.result is None:
            return "\n\n".join((self._say("explain.secret_other"), shown))
        # One input is enough; another one helps where it is a good deal smaller.
        smaller = 2 * len(counter.call) <= len(failure.result.called)
        longer = f"{told}\n\n" + " ".join((self._say("explain.smaller"), shown))
        told_alike = counter.showing is Showing.ARGUMENTS
        helps = failure.cause is None and smaller and not told_alike
        if helps and count_words(longer) <= MOST_WORDS:
            return longer
        return told

    def _nudge(self) -> str:
        if self._request.verdict is not None and self._failure is None:
            return self._say("nudge.passed")
        found, counter = self._diagnosis, self._counter()
        fixed = _NUDGES.get(self._mistake())
        if found is None or fixed not in (None, "nudge.secret"):
            return self._plain_nudge()
        called = called_in(counter) if counter is not None else ""
        if called and self._mistake() is Mistake.CHANGED_ARGUMENTS:
            return self._say("nudge.changed", called=called)
        question = self._question()
        if question is not None:
            asked = code(question.call.strip())
            return self._say("nudge.held", called=asked, name=code(question.name))
        if counter is not None and counter.program and not called:
            return self._say("nudge.program")
        if counter is None or not called:
            return self._plain_nudge()
        if counter.program:
            return self._say("nudge.typed", called=called)
        if found.region is not None and found.region.function:
            function = code(found.region.function)
            return self._say("nudge.region", called=called, function=function)
        if counter.showing is Showing.VALUE and not counter.test:
            got, expected = code(counter.got), code(counter.expected)
            return self._say("nudge.counter", called=called, got=got, expected=expected)
        error = counter.showing is Showing.ERROR
        return self._say("nudge.error" if error else "nudge.value", called=called, name="")

    def _plain_nudge(self) -> str:
        """Return one question about the failing test, that names no line and no fix."""
        failure = self._failure
        if failure is None:
            quiz = self._content.kind is ExerciseKind.QUIZ
            return self._say("nudge.quiz" if quiz else "nudge.start")
        called = failure.result.called if failure.result else ""
        name = " ".join(failure.result.name.split()[:12]) if failure.result else ""
        key = _NUDGES.get(self._mistake() if failure.result is not None else failure.mistake)
        if key is None or (key == "nudge.returned" and not called):
            key = _nudge_key(failure, called)
        return self._say(key, called=code(called), name=name)

    def _concept(self) -> str:
        edits = self._diagnosis.edits if self._diagnosis else ()
        secrets = secret_lines(self._content, self._request.answer, edits)
        idea = without_secrets(self._say(f"concept.{self._mistake().value}"), secrets)
        text = idea or self._say(f"concept.{Mistake.VALUE.value}")
        if self._request.lesson:
            text += " " + self._say("explain.lesson", lesson=self._request.lesson)
        return text

    def _is_about_code(self) -> bool:
        """Whether there is code to point into: some that failed, or was found to be wrong."""
        verdict = self._request.verdict
        failed = verdict is not None and not verdict.passed and bool(self._request.answer.cells)
        return bool(self._content.answer_cells) and (failed or self._diagnosis is not None)

    def _direction(self) -> str:
        """Point where no edit is verified: to a value or a function, and to no line."""
        failure, question, counter = self._failure, self._question(), self._counter()
        if failure is not None and (failure.is_cell or failure.cause is not None):
            return self._say("explain.pointer_stopped")
        if question is not None:
            return self._say(
                "explain.pointer_value",
                called=code(question.call.strip()),
                name=code(question.name),
                value=code(question.value),
            )
        region = self._diagnosis.region if self._diagnosis is not None else None
        if region is not None and region.function:
            key, function = "explain.pointer_region", code(region.function)
            looked_at = self._say(key, function=function)
        else:
            looked_at = self._say("explain.pointer_anywhere", called=self._called())
        given = self._given_now(counter)
        return f"{given} {looked_at}" if given else looked_at

    def _pointer(self, verified: VerifiedEdit) -> str:
        key = "explain.pointer"
        if not verified.removed:
            key = "explain.pointer_after" if self._is_end(verified) else "explain.pointer_before"
        if self._has_another():
            key = "explain.pointer_one"
        parts = [self._say(key, place=self._place(verified)), self._at_the_line(verified)]
        parts.append(self._say("explain.pointer_asks"))
        return " ".join(part for part in parts if part)

    def _at_the_line(self, verified: VerifiedEdit) -> str:
        """Say which value differs there: one at the line if it is known, else the result."""
        question = self._question()
        here = (verified.cell, verified.line)
        if question is not None and (question.cell, question.line) == here:
            return self._say(
                "explain.pointer_held",
                called=code(question.call.strip()),
                name=code(question.name),
                value=code(question.value),
            )
        return self._given_now(self._counter())

    def _given_now(self, counter: Counterexample | None) -> str:
        """Say what the answer gives for the small input, where it gives a value."""
        called = called_in(counter) if counter is not None else ""
        if counter is None or not called or counter.showing is not Showing.VALUE:
            return ""
        got, expected = code(counter.got), code(counter.expected)
        return self._say("explain.pointer_gives", called=called, got=got, expected=expected)

    def _plan(self) -> str:
        return self._say(_PLANS.get(self._mistake(), _ANY_PLAN), called=self._called())

    def _called(self) -> str:
        """Return the input to follow through the code, in words."""
        counter, failure = self._counter(), self._failure
        called = called_in(counter) if counter is not None else ""
        program = counter is not None and counter.program
        if not called and failure is not None and failure.result is not None:
            text = failure.result.called.strip()
            called = code(text) if text and "\n" not in text else ""
            program = isinstance(failure.spec, ProgramCase)
        if called and program:
            called = self._say("place.typed", called=called)
        return called or self._say("place.small_input")

    def _line(self, verified: VerifiedEdit) -> str:
        place = self._place(verified) if verified.removed < 2 else self._lines(verified)
        more = "\n\n" + self._say("explain.one_of_two") if self._has_another() else ""
        if not verified.after.strip():
            return self._say("explain.line_removed", place=place) + more
        key = "explain.line_shown" if verified.removed == 1 else "explain.lines_shown"
        if not verified.removed:
            key = "explain.line_appended" if self._is_end(verified) else "explain.line_added"
        return f"{self._say(key, place=place)}\n\n{_fenced(verified.after)}{more}"

    def _reference(self) -> str:
        """Return the author's code of the first answer cell that is not the same already."""
        cells = self._content.answer_cells
        written = {cell.id: cell.source.split() for cell in self._request.answer.cells}
        differing = (cell for cell in cells if written.get(cell.id) != cell.reference.split())
        step: AnswerCell = next(differing, cells[0])
        return "\n\n".join((self._say("ladder.shown"), _fenced(step.reference)))

    def _mistake(self) -> Mistake:
        """Return the kind of mistake: that of the edit that mends it, else what a run shows."""
        if self._diagnosis is not None:
            verified = self._diagnosis.verified
            return verified.mistake if verified is not None else self._seen(self._diagnosis)
        if self._failure is not None:
            return self._failure.mistake
        return Mistake.QUIZ if self._content.kind is ExerciseKind.QUIZ else Mistake.VALUE

    def _seen(self, diagnosis: Diagnosis) -> Mistake:
        """Return what a run shows; where that says little, what the small input shows."""
        counter = diagnosis.counterexample
        if counter is None or diagnosis.mistake not in (Mistake.VALUE, Mistake.EDGE_CASE):
            return diagnosis.mistake
        return mistake_at(counter) or Mistake.VALUE

    def _question(self) -> ValueQuestion | None:
        """Return a value to ask about that can be said in a line, and is the answer's own work."""
        question = self._diagnosis.question if self._diagnosis is not None else None
        if question is None or "\n" in question.call.strip() or " at 0x" in question.value:
            return None
        sources = [cell.source for cell in self._request.answer.cells]
        name = re.escape(question.name)
        given = any(re.search(rf"\bdef\b[^:]*[(,]\s*{name}\b", source) for source in sources)
        made = any(
            re.search(rf"\b{name}\b(?:\[[^\n=]*\])?\s*[-+*/%&|]*=(?!=)", source)
            or re.search(rf"\b{name}\.\w+\(", source)
            for source in sources
        )
        return question if made or not given else None

    def _has_another(self) -> bool:
        """Whether a second edit is needed besides the first."""
        return self._diagnosis is not None and self._diagnosis.also is not None

    def _counter(self) -> Counterexample | None:
        return self._diagnosis.counterexample if self._diagnosis is not None else None

    def _place(self, verified: VerifiedEdit) -> str:
        several = len(self._request.answer.cells) > 1 or verified.cell != _ONLY_CELL
        key = "place.cell" if several else "place.line"
        return self._say(key, line=verified.line, cell=code(verified.cell))

    def _lines(self, verified: VerifiedEdit) -> str:
        several = len(self._request.answer.cells) > 1 or verified.cell != _ONLY_CELL
        return self._say(
            "place.lines_cell" if several else "place.lines",
            line=verified.first,
            last=verified.first + verified.removed - 1,
            cell=code(verified.cell),
        )

    def _is_end(self, verified: VerifiedEdit) -> bool:
        """Whether what is missing is missing after the last line."""
        cells = {cell.id: cell.source for cell in self._request.answer.cells}
        return verified.first > cells.get(verified.cell, "").count("\n") + 1

    def _say(self, key: str, **fields: object) -> str:
        return say(key, self._language, **fields)


def _nudge_key(failure: Failure, called: str) -> str:
    program = isinstance(failure.spec, ProgramCase)
    if failure.is_cell or failure.cause is not None:
        anywhere = failure.is_cell or program or not called
        return "nudge.error_anywhere" if anywhere else "nudge.error"
    if program:
        return "nudge.program"
    check = isinstance(failure.spec, AssertCell) or not called
    return "nudge.check" if check else "nudge.value"


def _fenced(source: str) -> str:
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", source)), 3)
    return f"{fence}python\n{source}\n{fence}"
