"""The offline hint model: the author first, rules else, and nothing that must stay hidden."""

import re
from dataclasses import replace

import pytest

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    ExerciseContent,
    ExerciseKind,
    HintLevel,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.hints import HintDraft, HintRequest, HintSource
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.phrases import CATALOGUES
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.services.ports import HintModel
from tests.unit.domain.failures import (
    ANSWER,
    CALL,
    CHECK,
    PROGRAM,
    QUESTION,
    ZERO,
    content,
    result,
    verdict,
)

RESULT, NUDGE, CONCEPT, POINTER, STEPS, BOTTOM_OUT = HintLevel
MODEL: HintModel = OfflineHintModel()


def ask(
    level: HintLevel,
    of: Verdict | None = None,
    exercise: ExerciseContent | None = None,
    language: str = "en",
) -> HintDraft:
    answer = ANSWER if of is not None else Answer()
    return MODEL.hint(HintRequest(level, language, exercise or content(), of, answer))


@pytest.mark.parametrize("level", HintLevel)
def test_what_the_author_wrote_for_a_rung_comes_first(level: HintLevel) -> None:
    exercise = content(hints={"en": {level: "Look at the borders."}})
    draft = ask(level, verdict(result()), exercise)
    assert draft == HintDraft("Look at the borders.", HintSource.AUTHOR, "en")


@pytest.mark.parametrize(
    ("wanted", "text", "language"),
    [("bn", "সীমানা দেখুন।", "bn"), ("bn-BD", "সীমানা দেখুন।", "bn"), ("fr", "Look.", "en")],
)
def test_the_authors_text_in_the_language_wanted(wanted: str, text: str, language: str) -> None:
    exercise = content(hints={"en": {NUDGE: "Look."}, "bn": {NUDGE: "সীমানা দেখুন।"}})
    assert ask(NUDGE, None, exercise, wanted) == HintDraft(text, HintSource.AUTHOR, language)


def test_the_original_text_where_there_is_no_translation() -> None:
    exercise = content(hints={"en": {NUDGE: "Look."}})
    assert ask(NUDGE, None, exercise, "fr") == HintDraft("Look.", HintSource.AUTHOR, "en")


def test_rules_in_the_learners_language_before_an_author_in_another() -> None:
    exercise = content(hints={"en": {NUDGE: "Look.", POINTER: "Line 2."}})
    assert ask(NUDGE, None, exercise, "en-GB").source is HintSource.AUTHOR
    told = ask(NUDGE, verdict(result()), exercise, "bn")
    assert (told.source, told.language) == (HintSource.RULES, "bn")
    # Without a diagnosis rules have no pointer, in no language.
    with pytest.raises(NotFound):
        ask(POINTER, verdict(result()), content(), "bn")
    assert ask(POINTER, verdict(result()), exercise, "bn") == HintDraft(
        "Line 2.", HintSource.AUTHOR, "en"
    )


@pytest.mark.parametrize(("wanted", "language"), [("en", "en"), ("bn", "bn"), ("fr", "en")])
def test_rules_speak_the_language_they_can(wanted: str, language: str) -> None:
    draft = ask(RESULT, verdict(result()), language=wanted)
    assert (draft.source, draft.language) == (HintSource.RULES, language)
    assert bool(re.search("[\u0980-\u09ff]", draft.text)) is (language == "bn")


def test_the_result_is_the_first_failure_explained() -> None:
    draft = ask(RESULT, verdict(result(Outcome.PASSED), result(got="4")))
    assert draft.text == "`mean([2, 4])` should give `3`. Your answer gives `4`."


def test_without_a_run_there_is_no_result() -> None:
    assert ask(RESULT).text == CATALOGUES["en"]["ladder.run_first"]


@pytest.mark.parametrize(
    ("failing", "spec", "words"),
    [
        (result(), CALL, "Walk through `mean([2, 4])` on paper"),
        (result(got="None"), CALL, "Follow `mean([2, 4])` through your function"),
        (result(Outcome.ERROR, error=ZERO), CALL, "Think of `mean([2, 4])`."),
        (result(Outcome.TIMEOUT), CALL, "first three rounds"),
        (result(called="3\n", expected="7\n", got="8\n"), PROGRAM, "Play the computer"),
        (result(Outcome.ERROR, called="3\n", error=ZERO), PROGRAM, "where Python stops"),
        (result(called="", expected="", got=""), CHECK, "Read the test “two marks”"),
        (result(Outcome.ERROR, called="", error=ZERO), CHECK, "where Python stops"),
        (result(called="What?", expected=""), QUESTION, "Take the question that went wrong"),
        (result(visibility=Visibility.SECRET), CALL, "five inputs"),
    ],
)
def test_a_nudge_is_a_question_about_the_failing_input(
    failing: TestResult, spec: TestSpec, words: str
) -> None:
    draft = ask(NUDGE, verdict(failing), content(spec))
    assert words in draft.text
    assert draft.text.count("?") == 1


def test_a_nudge_before_any_run_starts_from_the_smallest_input() -> None:
    assert "smallest input" in ask(NUDGE).text
    quiz = content(QUESTION, kind=ExerciseKind.QUIZ)
    assert ask(NUDGE, None, quiz).text == CATALOGUES["en"]["nudge.quiz"]


def test_a_nudge_after_a_pass_asks_for_the_reason() -> None:
    assert ask(NUDGE, verdict(result(Outcome.PASSED))).text == CATALOGUES["en"]["nudge.passed"]


def test_a_cell_that_cannot_be_read_is_nudged_at_as_such() -> None:
    error = replace(ZERO, type="SyntaxError", message="'(' was never closed")
    cell = result(Outcome.ERROR, name="answer", called="", error=error)
    assert ask(NUDGE, verdict(cells=(cell,))).text == CATALOGUES["en"]["nudge.syntax"]
    stopped = replace(cell, error=ZERO)
    assert ask(NUDGE, verdict(cells=(stopped,))).text == CATALOGUES["en"]["nudge.error_anywhere"]


@pytest.mark.parametrize(
    ("failing", "mistake"),
    [
        (result(expected="3", got="4"), Mistake.OFF_BY_ONE),
        (result(got="None"), Mistake.NO_RETURN),
        (result(Outcome.ERROR, error=ZERO), Mistake.ZERO),
        (result(visibility=Visibility.SECRET), Mistake.EDGE_CASE),
    ],
)
def test_a_concept_names_the_kind_of_mistake(failing: TestResult, mistake: Mistake) -> None:
    draft = ask(CONCEPT, verdict(failing))
    assert draft.text == CATALOGUES["en"][f"concept.{mistake.value}"]


def test_a_concept_before_any_run_is_about_tracing_or_trying() -> None:
    assert ask(CONCEPT).text == CATALOGUES["en"]["concept.value"]
    quiz = content(QUESTION, kind=ExerciseKind.QUIZ)
    assert ask(CONCEPT, None, quiz).text == CATALOGUES["en"]["concept.quiz"]


@pytest.mark.parametrize("level", [POINTER, STEPS, BOTTOM_OUT])
def test_deeper_rungs_exist_only_where_an_author_wrote_them(level: HintLevel) -> None:
    with pytest.raises(NotFound, match=level.name.lower()):
        ask(level, verdict(result()))


@pytest.mark.parametrize("level", [RESULT, NUDGE, CONCEPT])
@pytest.mark.parametrize("language", ["en", "bn"])
def test_no_rung_made_by_rules_shows_the_reference_or_a_secret(
    level: HintLevel, language: str
) -> None:
    exercise = replace(
        content(),
        answer_cells=(AnswerCell("answer", "pass", "return sum(marks) / len(marks)  # REF"),),
    )
    hidden = result(
        name="SECRETNAME",
        visibility=Visibility.SECRET,
        called="SECRETCALL",
        expected="SECRETVALUE",
        got="SECRETGOT",
    )
    for of in (verdict(result(), hidden), verdict(result(Outcome.PASSED), hidden)):
        text = ask(level, of, exercise, language).text
        assert "SECRET" not in text
        assert "REF" not in text
        assert "sum(marks)" not in text
