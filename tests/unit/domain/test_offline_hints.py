"""Hints by rules with a diagnosis: what each rung says of it, and what it keeps to itself."""

from dataclasses import replace

import pytest

from jupyter_tutor.domain.counter_telling import called_in, mistake_at, tell_counterexample
from jupyter_tutor.domain.diagnosis import (
    Counterexample,
    Diagnosis,
    Region,
    Showing,
    ValueQuestion,
    VerifiedEdit,
)
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Outcome, Verdict
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    ExerciseContent,
    ExerciseKind,
    HintLevel,
    Visibility,
)
from jupyter_tutor.domain.hints import HintDraft, HintRequest, HintSource
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.named_lines import lines_named
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.offline_hints import _PLANS, hint_by_rules, offline_levels
from jupyter_tutor.domain.phrases import CATALOGUES
from jupyter_tutor.domain.readability import hint_problems, read
from jupyter_tutor.domain.submissions import Answer
from tests.unit.domain.failures import PROGRAM, QUESTION, ZERO, content, result, verdict

RESULT, NUDGE, CONCEPT, POINTER, STEPS, BOTTOM_OUT = HintLevel
SOURCE = (
    "def mean(marks):\n    total = 0\n    for mark in marks:\n        total = mark\n    return 3"
)
ANSWER = Answer((CellSource("answer", SOURCE),))
EXERCISE = replace(
    content(), answer_cells=(AnswerCell("answer", "pass", "def mean(marks):\n    return REF"),)
)
SMALL = Counterexample("mean([1])", "1", "3")
EDIT = VerifiedEdit(
    cell="answer",
    line=4,
    kind="augmented",
    mistake=Mistake.UPDATE,
    before="        total = mark",
    after="        total += mark",
    first=4,
)
HELD = ValueQuestion("answer", 4, "total", "0", "mean([1])")
FOUND = Diagnosis(Mistake.VALUE, SMALL, EDIT, question=HELD)
FAILED = verdict(result(got="5"))
SECRET = verdict(result(Outcome.PASSED), result(visibility=Visibility.SECRET, name="hidden"))


def ask(
    level: HintLevel,
    found: Diagnosis | None = FOUND,
    of: Verdict | None = FAILED,
    exercise: ExerciseContent = EXERCISE,
    language: str = "en",
    lesson: str = "",
) -> HintDraft:
    request = HintRequest(level, language, exercise, of, ANSWER, diagnosis=found, lesson=lesson)
    return hint_by_rules(request, language)


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("level", HintLevel)
def test_every_rung_reads_easily_and_only_the_last_shows_the_edit(
    level: HintLevel, language: str
) -> None:
    draft = ask(level, language=language)
    assert hint_problems(draft.text, level, language) == ()
    assert draft.source is HintSource.RULES
    assert draft.language == language
    assert ("total += mark" in draft.text) is (level is BOTTOM_OUT)
    assert "REF" not in draft.text


@pytest.mark.parametrize(
    ("found", "levels"),
    [
        (None, {RESULT, NUDGE, CONCEPT, BOTTOM_OUT}),
        (Diagnosis(Mistake.VALUE), set(HintLevel)),
        (FOUND, set(HintLevel)),
    ],
)
def test_the_rungs_that_can_be_made_are_those_that_are(
    found: Diagnosis | None, levels: set[HintLevel]
) -> None:
    assert offline_levels(EXERCISE, found) == levels
    for level in HintLevel:
        if level in levels:
            assert ask(level, found, None).text
        else:
            with pytest.raises(NotFound, match=level.name.lower()):
                ask(level, found, None)


def test_code_that_failed_has_every_rung_whatever_was_found_out() -> None:
    assert offline_levels(EXERCISE, failing=True) == set(HintLevel)
    for of in (FAILED, SECRET):
        assert all(ask(level, None, of).text for level in HintLevel)


REGION = Region("answer", (4,), "mean")


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize(
    ("found", "of", "tells"),
    [
        (None, FAILED, "mean("),
        (None, SECRET, ""),
        (replace(FOUND, verified=None), FAILED, "`total`"),
        (Diagnosis(Mistake.VALUE, SMALL, region=REGION), FAILED, "`mean`"),
        (Diagnosis(Mistake.VALUE, SMALL), FAILED, "`mean([1])`"),
        (Diagnosis(Mistake.ZERO), verdict(result(Outcome.ERROR, error=ZERO)), ""),
    ],
)
def test_without_a_verified_edit_a_pointer_names_no_line(
    found: Diagnosis | None, of: Verdict, tells: str, language: str
) -> None:
    text = ask(POINTER, found, of, language=language).text
    assert tells in text
    assert lines_named(text) == set()
    assert hint_problems(text, POINTER, language) == ()
    assert text != ask(NUDGE, found, of, language=language).text


def test_a_quiz_has_neither_pointer_nor_plan() -> None:
    quiz = content(QUESTION, kind=ExerciseKind.QUIZ)
    assert offline_levels(quiz, FOUND) == {RESULT, NUDGE, CONCEPT}


def test_a_secret_failure_is_shown_by_another_input() -> None:
    text = ask(RESULT, of=SECRET).text
    assert "a secret test fails" in text
    assert "For `mean([1])` your function returns `3`, expected `1`." in text
    assert "hidden" not in text


def test_a_much_smaller_input_is_shown_beside_a_long_one() -> None:
    long = verdict(result(called="mean([2, 4, 9, 9, 9, 9])", got="5"))
    assert "A smaller input goes wrong, too. For `mean([1])`" in ask(RESULT, of=long).text
    public = replace(SMALL, test="two marks")
    assert "smaller" not in ask(RESULT, replace(FOUND, counterexample=public), long).text
    assert "smaller" not in ask(RESULT).text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Say first which values `total` should get on the way"),
        ({"question": None}, "For `mean([1])` your function returns `3`, expected `1`."),
        ({"question": None, "region": Region("answer", (3, 4), "mean")}, "lines of `mean` run"),
        (
            {"question": None, "counterexample": replace(SMALL, showing=Showing.ARGUMENTS)},
            "before and after `mean([1])`",
        ),
        (
            {"question": None, "counterexample": replace(SMALL, showing=Showing.ERROR)},
            "just before Python stops",
        ),
        (
            {"question": None, "counterexample": replace(SMALL, call="4\n", program=True)},
            "with the input `4`",
        ),
        ({"question": None, "counterexample": None}, "Walk through `mean([2, 4])`"),
        (
            {"question": replace(HELD, call="1\n2\n"), "counterexample": None},
            "Walk through `mean([2, 4])`",
        ),
    ],
)
def test_a_nudge_asks_one_question_about_the_small_input(
    changes: dict[str, object], words: str
) -> None:
    found = replace(FOUND, verified=None, **changes)  # type: ignore[arg-type]
    text = ask(NUDGE, found).text
    assert words in text
    assert read(text).questions == 1
    assert "line 4" not in text


@pytest.mark.parametrize(
    "held",
    [
        replace(HELD, name="marks"),
        replace(HELD, value="<function f at 0x7f00>"),
        replace(HELD, call="1\n2\n"),
    ],
)
def test_what_the_answer_was_given_or_cannot_be_read_is_not_asked_about(
    held: ValueQuestion,
) -> None:
    found = replace(FOUND, question=held)
    assert "Say first" not in ask(NUDGE, replace(found, verified=None)).text
    assert "the last time" not in ask(POINTER, found).text


def test_a_secret_failure_of_a_program_is_asked_about_by_its_input() -> None:
    typed = replace(SMALL, call="1\n2\n", program=True, showing=Showing.OUTPUT)
    text = ask(NUDGE, Diagnosis(Mistake.EDGE_CASE, typed), SECRET).text
    assert text == CATALOGUES["en"]["nudge.program"]
    text = ask(NUDGE, Diagnosis(Mistake.VALUE), SECRET).text
    assert text == CATALOGUES["en"]["nudge.secret"]


def test_a_nudge_names_the_mistake_that_is_plain_to_see() -> None:
    text = ask(NUDGE, replace(FOUND, verified=None, mistake=Mistake.ENDLESS)).text
    assert text == CATALOGUES["en"]["nudge.endless"]


@pytest.mark.parametrize(
    ("found", "mistake"),
    [
        (FOUND, Mistake.UPDATE),
        (replace(FOUND, verified=None), Mistake.VALUE),
        (Diagnosis(Mistake.EDGE_CASE, replace(SMALL, got="2")), Mistake.OFF_BY_ONE),
        (Diagnosis(Mistake.EDGE_CASE, SMALL), Mistake.VALUE),
        (Diagnosis(Mistake.EDGE_CASE), Mistake.EDGE_CASE),
        (Diagnosis(Mistake.INDEX, replace(SMALL, got="2")), Mistake.INDEX),
    ],
)
def test_a_concept_is_of_the_edit_else_of_what_shows(found: Diagnosis, mistake: Mistake) -> None:
    idea = CATALOGUES["en"][f"concept.{mistake.value}"]
    assert ask(CONCEPT, found).text == idea
    linked = ask(CONCEPT, found, lesson="[Loops](loops.ipynb)").text
    assert linked == f"{idea} The lesson “[Loops](loops.ipynb)” tells more about this."


def test_a_pointer_names_the_line_and_the_value_there() -> None:
    text = ask(POINTER).text
    assert text.startswith("The place to look at is line 4: a change there makes every test pass.")
    assert "With `mean([1])`, `total` is `0` the last time that line is reached." in text
    elsewhere = replace(FOUND, question=replace(HELD, line=2))
    text = ask(POINTER, elsewhere).text
    assert "With `mean([1])` your answer gives `3` now, and not `1`." in text


def test_a_pointer_tells_what_is_missing_and_what_is_not_enough() -> None:
    before = replace(EDIT, before="", removed=0)
    assert "just before it" in ask(POINTER, replace(FOUND, verified=before)).text
    after = replace(EDIT, line=5, first=6, before="", removed=0)
    assert "line 5: just after it" in ask(POINTER, replace(FOUND, verified=after)).text
    pair = replace(FOUND, also=replace(EDIT, line=2))
    text = ask(POINTER, pair).text
    assert "makes every test pass" not in text
    assert "It is not the only one" in text


def test_the_bottom_out_says_where_the_code_goes() -> None:
    assert "Write this in line 4." in ask(BOTTOM_OUT).text
    two = replace(EDIT, removed=2, before="a\nb")
    assert "lines 4 to 5" in ask(BOTTOM_OUT, replace(FOUND, verified=two)).text
    gone = replace(EDIT, after="")
    text = ask(BOTTOM_OUT, replace(FOUND, verified=gone)).text
    assert text.startswith("Take line 4 out.")
    appended = replace(EDIT, line=5, first=6, before="", removed=0)
    assert "just after line 5" in ask(BOTTOM_OUT, replace(FOUND, verified=appended)).text
    pair = ask(BOTTOM_OUT, replace(FOUND, also=replace(EDIT, line=2, after="    SECOND"))).text
    assert "first of two places" in pair
    assert "SECOND" not in pair


def test_without_an_edit_the_bottom_out_is_the_authors() -> None:
    draft = ask(BOTTOM_OUT, Diagnosis(Mistake.VALUE))
    assert draft.source is HintSource.AUTHOR
    assert "return REF" in draft.text


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("mistake", Mistake)
def test_there_is_a_plan_for_each_mistake(mistake: Mistake, language: str) -> None:
    text = ask(STEPS, Diagnosis(mistake), language=language).text
    assert 3 <= read(text).steps <= 4
    assert hint_problems(text, STEPS, language) == ()
    expected = CATALOGUES[language][_PLANS.get(mistake, "explain.plan_trace")]
    assert text == expected.format(called="`mean([2, 4])`")


def test_a_plan_for_a_program_takes_its_input() -> None:
    program = replace(content(PROGRAM), answer_cells=EXERCISE.answer_cells)
    typed = replace(SMALL, call="4\n", program=True, showing=Showing.OUTPUT)
    text = ask(STEPS, Diagnosis(Mistake.VALUE, typed), exercise=program).text
    assert "Take the input `4`." in text
    several = replace(typed, call="4\n5\n")
    failing = verdict(result(called="1\n2\n", expected="3\n", got="4\n"))
    text = ask(STEPS, Diagnosis(Mistake.VALUE, several), failing, program).text
    assert "Take a small input." in text


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("program", [False, True])
@pytest.mark.parametrize("showing", Showing)
def test_each_counterexample_can_be_told(showing: Showing, program: bool, language: str) -> None:
    if program and showing in (Showing.VALUE, Showing.ARGUMENTS):
        return
    for got in ("3 4", ""):
        found = Counterexample("1 2", "7", got, showing=showing, program=program)
        text = tell_counterexample(found, language)
        assert "1 2" in text
        assert ("7" in text) is (showing is not Showing.ARGUMENTS)
        assert hint_problems(text, RESULT, language) == ()
        if showing is Showing.OUTPUT:
            assert ("3 4" in text) is (got != "")


@pytest.mark.parametrize(
    ("showing", "got", "mistake"),
    [
        (Showing.VALUE, "8", Mistake.OFF_BY_ONE),
        (Showing.VALUE, "None", Mistake.NO_RETURN),
        (Showing.VALUE, "99", None),
        (Showing.OUTPUT, "8", Mistake.OFF_BY_ONE),
        (Showing.ERROR, "ZeroDivisionError: division by zero", Mistake.ZERO),
        (Showing.ENDLESS, "", Mistake.ENDLESS),
        (Showing.ARGUMENTS, "7", Mistake.CHANGED_ARGUMENTS),
    ],
)
def test_what_a_counterexample_shows(showing: Showing, got: str, mistake: Mistake | None) -> None:
    assert mistake_at(Counterexample("f(1)", "7", got, showing=showing)) is mistake


def test_an_input_of_several_lines_does_not_fit_into_a_sentence() -> None:
    assert called_in(replace(SMALL, call="1\n2\n")) == ""
    assert called_in(SMALL) == "`mean([1])`"
