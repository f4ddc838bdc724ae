"""Hints without a language model: the author's text for a rung, else a text made by rules."""

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.exercises import (
    AssertCell,
    ExerciseContent,
    ExerciseKind,
    HintLevel,
    ProgramCase,
)
from jupyter_tutor.domain.explain import Failure, explain_verdict, first_failure
from jupyter_tutor.domain.hints import HintDraft, HintRequest, HintSource
from jupyter_tutor.domain.languages import pick_language
from jupyter_tutor.domain.markdown import code
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.phrases import say, spoken

_NUDGES = {
    Mistake.EDGE_CASE: "nudge.secret",
    Mistake.QUIZ: "nudge.quiz",
    Mistake.NOT_WRITTEN: "nudge.not_written",
    Mistake.SYNTAX: "nudge.syntax",
    Mistake.INDENTATION: "nudge.syntax",
    Mistake.ENDLESS: "nudge.endless",
    Mistake.PRINTED: "nudge.returned",
    Mistake.NO_RETURN: "nudge.returned",
}


class OfflineHintModel:
    """The `HintModel` that needs nothing but the run: the default, and the fallback of others.

    What an author wrote for a rung is always preferred. By rules it makes the result (the first
    failure explained), a nudge (a question about the learner's own code) and a concept (the kind of
    mistake, with an example on other data). Deeper rungs exist only where an author wrote them.
    """

    def hint(self, request: HintRequest) -> HintDraft:
        """Make the hint of the rung that is asked for.

        Raises:
            NotFound: It is deeper than the concept, and the author wrote none.
        """
        written = _written(request)
        if written is not None:
            return written
        language = spoken(request.language)
        return HintDraft(_by_rules(request, language), HintSource.RULES, language)


def _written(request: HintRequest) -> HintDraft | None:
    """Return the author's hint in the language that suits best, or None."""
    hints = request.content.hints(request.level)
    language = pick_language(hints, request.language)
    return None if language is None else HintDraft(hints[language], HintSource.AUTHOR, language)


def _by_rules(request: HintRequest, language: str) -> str:
    verdict, content = request.verdict, request.content
    if request.level is HintLevel.RESULT:
        if verdict is None:
            return say("ladder.run_first", language)
        return explain_verdict(verdict, content, request.answer, language)
    failure = first_failure(verdict, content, request.answer.cells) if verdict else None
    if request.level is HintLevel.NUDGE:
        if verdict is not None and failure is None:
            return say("nudge.passed", language)
        return _nudge(failure, content, language)
    if request.level is HintLevel.CONCEPT:
        mistake = failure.mistake if failure else _untried(content)
        return say(f"concept.{mistake.value}", language)
    raise NotFound(
        f"The exercise {content.slug!r} has no hint of the rung {request.level.name.lower()}."
    )


def _untried(content: ExerciseContent) -> Mistake:
    """Return what to think about before anything was run."""
    return Mistake.QUIZ if content.kind is ExerciseKind.QUIZ else Mistake.VALUE


def _nudge(failure: Failure | None, content: ExerciseContent, language: str) -> str:
    """Return one question about the learner's own code, that names no line and no fix."""
    if failure is None:
        quiz = content.kind is ExerciseKind.QUIZ
        return say("nudge.quiz" if quiz else "nudge.start", language)
    called = failure.result.called if failure.result else ""
    name = " ".join(failure.result.name.split()[:12]) if failure.result else ""
    fields = {"called": code(called), "name": name}
    key = _NUDGES.get(failure.mistake)
    if key is None or (key == "nudge.returned" and not called):
        key = _nudge_key(failure, called)
    return say(key, language, **fields)


def _nudge_key(failure: Failure, called: str) -> str:
    program = isinstance(failure.spec, ProgramCase)
    if failure.is_cell or failure.cause is not None:
        anywhere = failure.is_cell or program or not called
        return "nudge.error_anywhere" if anywhere else "nudge.error"
    if program:
        return "nudge.program"
    check = isinstance(failure.spec, AssertCell) or not called
    return "nudge.check" if check else "nudge.value"
