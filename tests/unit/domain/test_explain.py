"""The first failure in words: what is said for each kind of failure, and what never is."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.evaluations import Outcome, TestResult
from jupyter_tutor.domain.exercises import ExpectedException, TestSpec, Visibility
from jupyter_tutor.domain.explain import (
    MOST_WORDS,
    explain_error,
    explain_verdict,
    first_failure,
)
from jupyter_tutor.domain.markdown import count_words
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource, Frame, RaisedError
from jupyter_tutor.domain.submissions import Answer

from .failures import (
    ANSWER,
    CALL,
    CHECK,
    KEEPING,
    LINE,
    PRINTING,
    PROGRAM,
    QUESTION,
    RAISING,
    ZERO,
    content,
    result,
    verdict,
)
from .test_causes import CASES, raised

NONE_OPERAND = RaisedError(
    "TypeError",
    "unsupported operand type(s) for +: 'NoneType' and 'int'",
    ("Exception",),
    (LINE,),
)


def said(failing: TestResult, spec: TestSpec = CALL, language: str = "en") -> str:
    return explain_verdict(verdict(failing), content(spec), ANSWER, language)


def test_an_exception_is_explained_with_its_last_line_in_the_learners_cells() -> None:
    assert explain_error(ZERO) == (
        "Something is divided by zero. Which value is zero here, and what should come out in that "
        "case? It became visible in line 3: `return total / count`."
    )
    assert explain_error(ZERO, "bn").endswith("ভুলটি ধরা পড়েছে ৩ নম্বর লাইনে: `return total / count`।")


def test_a_cell_is_named_when_there_are_several() -> None:
    several = (CellSource("answer", ""), CellSource("plot", ""))
    assert "line 3 of cell `answer`" in explain_error(ZERO, "en", several)
    elsewhere = replace(ZERO, frames=(replace(LINE, cell="plot", source=""),))
    assert explain_error(elsewhere).endswith("It became visible in line 3 of cell `plot`.")


@pytest.mark.parametrize("cell", ["setup", "test"])
def test_lines_that_are_not_the_learners_are_not_pointed_at(cell: str) -> None:
    error = replace(ZERO, frames=(Frame(cell, 1, "<module>", "secret line"),))
    assert "visible" not in explain_error(error)
    assert "secret line" not in explain_error(error)


def test_names_of_the_answer_help_with_a_misspelt_one() -> None:
    error = RaisedError("NameError", "name 'cuont' is not defined", ("Exception",), (LINE,))
    assert "Did you mean `count`?" in explain_error(error, "en", ANSWER.cells)


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize("source", [source for source, _, _ in CASES])
def test_whatever_python_raises_is_explained(source: str, language: str) -> None:
    error = replace(raised(source), frames=(LINE,))
    text = explain_error(error, language, (CellSource("answer", source),))
    assert "{" not in text.replace("`{`", "")
    assert re.search("[\u0980-\u09ff]", text) if language == "bn" else text.isascii()
    assert "`return total / count`" in text


def test_all_missing_arguments_are_named() -> None:
    error = raised("def area(a, b, c): pass\narea(1)")
    assert explain_error(error) == (
        "The call of `area` gives too few values. Missing: `b`, `c`. It became visible in line 2: "
        "`area(1)`."
    )


def test_backticks_in_a_message_do_not_break_the_code_around_them() -> None:
    error = RaisedError("AttributeError", "module 'a`b' has no attribute 'c'")
    assert "`a'b`" in explain_error(error)


def test_a_wrong_value_is_told_with_what_was_called_expected_and_got() -> None:
    text = said(result(got="4", difference="expected 3, got 4"))
    assert text == "`mean([2, 4])` should give `3`. Your answer gives `4`."


def test_the_first_different_item_is_told() -> None:
    failing = result(
        called="evens(9)",
        expected="[0, 2, 4]",
        got="[0, 2, 3]",
        difference="at index 2: expected 4, got 3",
    )
    assert said(failing).endswith(
        "\n\nThe first difference: at index 2 there should be `4`, and there is `3`."
    )
    assert said(failing, language="bn").endswith("প্রথম অমিল: ২ নম্বর ইনডেক্সে থাকার কথা `4`, আছে `3`।")


@pytest.mark.parametrize(
    ("difference", "said_as"),
    [
        (
            "at index 1: expected 'Dev', got 'Cai' (expected length 2, got length 3)",
            "at index 1 there should be `'Dev'`, and there is `'Cai'`",
        ),
        (
            "at index 0: expected (1, 2), got (3, 4)",
            "at index 0 there should be `(1, 2)`, and there is `(3, 4)`",
        ),
        (
            "at index 0, index 1: expected 1, got 2",
            "at `[0][1]` there should be `1`, and there is `2`",
        ),
        ("at key 'a, b': expected 1, got 2", "at `['a, b']` there should be `1`, and there is `2`"),
        (
            "at index 0, key 'Ada': expected 143.0, got 33.5",
            "at `[0]['Ada']` there should be `143.0`, and there is `33.5`",
        ),
        ("line 3: expected 'x', got 'y'", "line 3 should be `'x'`, and it is `'y'`"),
        ("index 2 is missing: expected 4", "index 2 is missing: expected `4`"),
    ],
)
def test_the_place_of_a_difference_is_said(difference: str, said_as: str) -> None:
    failing = result(expected="[0]", got="[1]", difference=difference)
    assert said(failing).endswith(f"The first difference: {said_as}.")


def test_other_differences_are_told_where_they_can_be_said() -> None:
    failing = result(expected="{'a': 1}", got="{}", difference="key 'a' is missing")
    assert said(failing).endswith("The first difference: key `'a'` is missing.")
    assert said(failing, language="bn").endswith("প্রথম অমিল: চাবি `'a'` নেই।")


@pytest.mark.parametrize(("expected", "printed"), [("3", "3\n"), ("'abc'", "abc\n")])
def test_printing_is_not_returning(expected: str, printed: str) -> None:
    text = said(result(expected=expected, got="None", stdout=printed))
    assert "prints the right value" in text
    assert "Use `return` here." in text


def test_none_without_the_value_printed_is_a_missing_return() -> None:
    for printed in ("", "4\n"):
        text = said(result(got="None", stdout=printed, difference="expected 3, got None"))
        assert "no `return` with a value is reached" in text
        assert "difference" not in text


def test_an_exception_in_a_test_is_told_with_its_cause() -> None:
    text = said(result(Outcome.ERROR, got="ZeroDivisionError: division by zero", error=ZERO))
    assert text.startswith(
        "`mean([2, 4])` should give `3`, but Python stopped with "
        "`ZeroDivisionError: division by zero`.\n\nSomething is divided by zero."
    )


def test_a_result_of_none_used_further_is_explained() -> None:
    text = said(result(Outcome.ERROR, error=NONE_OPERAND))
    assert "One of the two sides of `+` is `None`." in text


def test_what_is_not_written_yet_is_just_said() -> None:
    error = RaisedError("NotImplementedError", "", ("RuntimeError", "Exception"), (LINE,))
    text = said(result(Outcome.ERROR, error=error))
    assert text.startswith("This part is not written yet")
    assert "should give" not in text


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.TIMEOUT, "still running"),
        (Outcome.CPU_LIMIT, "still running"),
        (Outcome.MEMORY_LIMIT, "more memory"),
        (Outcome.OUTPUT_LIMIT, "printed more"),
        (Outcome.PROCESS_LIMIT, "more processes"),
        (Outcome.NOT_RUN, "was not run"),
        (Outcome.ERROR, "ended the whole Python process"),
    ],
)
def test_a_test_that_did_not_end_is_told(outcome: Outcome, words: str) -> None:
    text = said(result(outcome))
    assert text.startswith("`mean([2, 4])`")
    assert words in text


def test_a_loop_that_never_ends_is_pointed_at_where_it_was_seen() -> None:
    seen = RaisedError("TimeoutError", "", (), (LINE,))
    text = said(result(Outcome.TIMEOUT, error=seen))
    assert "a loop never ends" in text
    assert text.endswith("It was still in line 3: `return total / count`.")


def test_a_missing_exception_is_told() -> None:
    failing = result(called="mean([])", expected="ValueError", got="0")
    assert said(failing, RAISING) == (
        "`mean([])` has to raise `ValueError`. Your answer gives back `0` instead."
    )


def test_another_exception_is_told_with_its_cause() -> None:
    failing = result(
        Outcome.ERROR,
        called="mean([])",
        expected="ValueError",
        got="ZeroDivisionError: division by zero",
        error=ZERO,
        difference="expected ValueError, got ZeroDivisionError",
    )
    text = said(failing, RAISING)
    assert text.startswith(
        "`mean([])` has to raise `ValueError`. It raises `ZeroDivisionError: division by zero` "
        "instead.\n\nSomething is divided by zero."
    )


def test_a_wrong_message_is_told() -> None:
    error = RaisedError("ValueError", "oops", ("Exception",), (LINE,))
    failing = result(
        called="mean([])",
        expected="ValueError with a message like 'empty'",
        got="ValueError: oops",
        error=error,
    )
    text = said(failing, replace(RAISING, raises=ExpectedException("ValueError", "empty")))
    assert "`ValueError with a message like 'empty'`. It raises `ValueError: oops`" in text


def test_changed_arguments_are_told_as_such() -> None:
    failing = result(
        called="tidy(xs)", expected="1", got="", difference="an argument was changed by the call"
    )
    text = said(failing, KEEPING)
    assert text.startswith("`tidy(xs)` changes the values it is given")
    assert "Your answer gives" not in text


def test_wrong_output_is_shown_as_blocks() -> None:
    failing = result(
        called="greet('Ada')",
        expected="Hello, Ada!\n",
        got="Hello Ada\n",
        stdout="Hello Ada\n",
        difference="line 1: expected 'Hello, Ada!', got 'Hello Ada'",
    )
    text = said(failing, PRINTING)
    assert "`greet('Ada')` should print:\n\n```text\nHello, Ada!\n```" in text
    assert "Your answer prints:\n\n```text\nHello Ada\n```" in text


def test_no_output_is_said_to_be_none() -> None:
    failing = result(called="greet('Ada')", expected="Hello, Ada!\n", got="", stdout="")
    failing = replace(failing, difference="nothing was printed; expected 'Hello, Ada!'")
    assert said(failing, PRINTING).endswith("Your answer prints nothing. Is `print` reached?")


def test_a_program_is_shown_with_its_input() -> None:
    failing = result(called="3\n4\n", expected="7\n", got="34\n", stdout="34\n")
    assert said(failing, PROGRAM) == (
        "With this input:\n\n```text\n3\n4\n```\n\nthe program should print:\n\n"
        "```text\n7\n```\n\nIt prints:\n\n```text\n34\n```"
    )
    nothing = replace(failing, got="", stdout="")
    assert "It prints nothing." in said(nothing, PROGRAM)
    stopped = replace(failing, outcome=Outcome.ERROR, error=ZERO)
    assert "3\n4\n```\n\nPython stopped with `ZeroDivisionError" in said(stopped, PROGRAM)
    late = replace(failing, outcome=Outcome.TIMEOUT)
    assert said(late, PROGRAM).startswith("The program was still running")


def test_a_check_that_does_not_hold_is_quoted() -> None:
    error = RaisedError(
        "AssertionError",
        "",
        ("Exception",),
        (LINE, Frame("test", 1, "<module>", "assert mean([2]) == 2")),
    )
    failing = result(called="", expected="", got="", error=error)
    assert said(failing, CHECK) == "In the test “two marks” this does not hold: `mean([2]) == 2`."
    assert said(replace(failing, error=None), CHECK) == "The test “two marks” fails."


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('assert f(1) == 2, "one"', "In the test “two marks” this does not hold: `f(1) == 2`."),
        ("assert f(", "In the test “two marks” this does not hold: `f(`."),
        ('raise AssertionError("one")', "The test “two marks” fails."),
        ("", "The test “two marks” fails."),
    ],
)
def test_a_check_is_quoted_without_its_message_which_the_test_adds(source: str, text: str) -> None:
    error = RaisedError("AssertionError", "one", (), (Frame("test", 1, "<module>", source),))
    failing = result(called="", expected="", got="", error=error, difference="one")
    assert said(failing, CHECK) == f"{text}\n\nThe test adds: `one`."


def test_a_check_that_was_stopped_is_told() -> None:
    failing = result(Outcome.ERROR, called="", expected="", got="", error=ZERO)
    text = said(failing, CHECK)
    assert text.startswith("In the test “two marks” Python stopped with `ZeroDivisionError")
    late = result(Outcome.TIMEOUT, called="", expected="", got="")
    assert said(late, CHECK).startswith("The test “two marks” was still running")


def test_a_cell_that_stopped_comes_first() -> None:
    error = RaisedError("SyntaxError", "expected ':'", ("Exception",), (LINE,), caret=4)
    cell = result(Outcome.ERROR, name="answer", called="", expected="", got="", error=error)
    text = explain_verdict(verdict(result(Outcome.NOT_RUN), cells=(cell,)), content(), ANSWER)
    assert text.startswith("Your answer could not run to its end")
    assert "A colon is missing" in text
    late = replace(cell, outcome=Outcome.TIMEOUT, error=None)
    text = explain_verdict(verdict(cells=(late,)), content(), ANSWER)
    assert text.startswith("Your answer was still running")


def test_a_question_is_explained_by_the_feedback_of_what_was_chosen() -> None:
    failing = result(called="What is it?", expected="", got="`'tu'`")
    wrong = Answer(responses={"slice": "a"})
    text = explain_verdict(verdict(failing), content(QUESTION), wrong)
    assert text == (
        "Your answer to this question is not right yet: What is `'tutor'[1:3]`?"
        "\n\nCounting starts at 0."
    )
    assert explain_verdict(verdict(failing), content(QUESTION), wrong, "bn").endswith(
        "গোনা শুরু ০ থেকে।"
    )
    both = Answer(responses={"slice": ["a", "b"]})
    assert "never shown" not in explain_verdict(verdict(failing), content(QUESTION), both)
    missing = replace(failing, outcome=Outcome.NOT_RUN)
    text = explain_verdict(verdict(missing), content(QUESTION), Answer())
    assert text.startswith("This question has no answer yet")


def test_public_tests_come_before_secret_ones_and_those_that_ran_before_the_others() -> None:
    passed = result(Outcome.PASSED, name="test 0")
    hidden = result(name="hidden", visibility=Visibility.SECRET)
    waiting = result(Outcome.NOT_RUN, name="waiting")
    failing = result(name="two marks")

    def first(*results: TestResult) -> str | None:
        found = first_failure(verdict(*results), content())
        return found.result.name if found and found.result else None

    assert first(passed, hidden, waiting, failing) == "two marks"
    assert first(passed, hidden, waiting) == "waiting"
    assert first(passed, hidden) is None


def test_when_nothing_visible_fails_that_is_said() -> None:
    passed = result(Outcome.PASSED)
    assert explain_verdict(verdict(passed), content(), ANSWER) == "Every test passed. Well done!"
    withheld = result(visibility=Visibility.WITHHELD)
    text = explain_verdict(verdict(passed, withheld), content(), ANSWER)
    assert text == "Every test that you can see passed."
    assert first_failure(verdict(passed, withheld), content()) is None


def test_a_cell_that_was_not_run_is_not_what_went_wrong() -> None:
    waiting = result(Outcome.NOT_RUN, name="plot", called="", expected="", got="")
    stopped = result(Outcome.ERROR, name="answer", called="", expected="", got="", error=ZERO)
    text = explain_verdict(verdict(cells=(waiting, stopped)), content(), ANSWER)
    assert "ZeroDivisionError" in text


def test_what_is_too_long_loses_its_last_part() -> None:
    long = "f " * 60
    error = replace(NONE_OPERAND, message=long, frames=(replace(LINE, source=long),))
    failing = result(Outcome.ERROR, called=long, expected=long, error=error)
    text = said(failing)
    assert count_words(text) <= MOST_WORDS
    assert "but Python stopped with" in text
    assert "visible" not in text


SECRET = "Xq7Zsecret"


@given(
    outcome=st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.PASSED]),
    visibility=st.sampled_from([Visibility.SECRET, Visibility.WITHHELD]),
    language=st.sampled_from(["en", "bn"]),
    with_error=st.booleans(),
)
def test_nothing_of_a_secret_test_is_told(
    outcome: Outcome, visibility: Visibility, language: str, with_error: bool
) -> None:
    error = RaisedError(SECRET, SECRET, (SECRET,), (replace(LINE, source=SECRET),))
    failing = result(
        outcome,
        name=SECRET,
        visibility=visibility,
        called=SECRET,
        expected=SECRET,
        got=SECRET,
        difference=SECRET,
        error=error if with_error else None,
        stdout=SECRET,
    )
    text = explain_verdict(verdict(result(Outcome.PASSED), failing), content(), ANSWER, language)
    assert SECRET not in text
    usual = result(visibility=visibility, name="other")
    assert text == explain_verdict(
        verdict(result(Outcome.PASSED), usual), content(), ANSWER, language
    )


words = st.text(alphabet="ab `?\n'[],1", max_size=400)
errors = st.builds(
    RaisedError,
    st.sampled_from(["KeyError", "NameError", "ValueError", "SyntaxError", "TypeError", "Own"]),
    words | st.sampled_from(["name 'x' is not defined", "division by zero"]),
    st.just(("Exception",)),
    st.lists(
        st.builds(
            Frame, st.sampled_from(["answer", "test", "plot"]), st.integers(1, 9), words, words
        ),
        max_size=3,
    ).map(tuple),
)


@given(
    failing=st.builds(
        result,
        st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.PASSED]),
        name=words | st.just("two marks"),
        called=words,
        expected=words,
        got=words | st.just("None"),
        difference=words
        | st.builds("at index {}: expected {}, got {}".format, st.integers(0, 99), words, words),
        error=st.none() | errors,
        stdout=words,
    ),
    spec=st.sampled_from([CALL, PRINTING, RAISING, KEEPING, PROGRAM, CHECK, QUESTION]),
    language=st.sampled_from(["en", "bn"]),
    as_cell=st.booleans(),
)
def test_every_failure_is_explained_in_few_words_with_one_question_at_most(
    failing: TestResult, spec: TestSpec, language: str, as_cell: bool
) -> None:
    of = verdict(cells=(failing,)) if as_cell else verdict(replace(failing, name="two marks"))
    text = explain_verdict(of, content(spec), ANSWER, language)
    assert text.strip()
    assert count_words(text) <= MOST_WORDS + 1
    found = first_failure(of, content(spec))
    if found is not None and not isinstance(spec, type(QUESTION)):
        prose = re.sub(
            r"(`{3,})text\n.*?\n\1(?:\n|$)|(`+)(?!`).*?(?<!`)\2(?!`)|“.*?”",
            "",
            text,
            flags=re.DOTALL,
        )
        assert prose.count("?") <= 1


@pytest.mark.parametrize(
    ("failing", "spec", "mistake"),
    [
        (result(expected="3", got="4"), CALL, Mistake.OFF_BY_ONE),
        (result(expected="'a'", got="'A'"), CALL, Mistake.CASE),
        (result(got="None"), CALL, Mistake.NO_RETURN),
        (result(got="None", stdout="3\n"), CALL, Mistake.PRINTED),
        (result(expected="None", got="3"), CALL, Mistake.KIND),
        (result(Outcome.TIMEOUT), CALL, Mistake.ENDLESS),
        (result(Outcome.ERROR, error=ZERO), CALL, Mistake.ZERO),
        (result(Outcome.ERROR), CALL, Mistake.EXCEPTION),
        (result(got="0"), RAISING, Mistake.MUST_RAISE),
        (result(got=""), KEEPING, Mistake.CHANGED_ARGUMENTS),
        (result(got="hello, ada!\n", stdout="hello, ada!\n"), PRINTING, Mistake.CASE),
        (result(expected="7\n", got="8\n"), PROGRAM, Mistake.OFF_BY_ONE),
        (result(called="", expected="", got=""), CHECK, Mistake.VALUE),
        (result(called="q", expected=""), QUESTION, Mistake.QUIZ),
    ],
)
def test_the_kind_of_mistake_of_a_failure(
    failing: TestResult, spec: TestSpec, mistake: Mistake
) -> None:
    found = first_failure(verdict(failing), content(spec))
    assert found is not None
    assert found.mistake is mistake
