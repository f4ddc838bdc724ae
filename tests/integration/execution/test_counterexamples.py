"""Counterexamples and input strategies, in real sandboxes."""

from dataclasses import replace

import pytest

from jupyter_tutor.domain.diagnosis import Counterexample, Showing
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    CallCase,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.services.counterexamples import CounterexampleSearch
from jupyter_tutor.services.strategies import draw_inputs, strategy_fault

pytestmark = pytest.mark.kernel

MEDIAN = """\
def median(numbers):
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
"""
UNSORTED = MEDIAN.replace("sorted(numbers)", "numbers")
IN_PLACE = MEDIAN.replace("ordered = sorted(numbers)", "numbers.sort(); ordered = numbers")
CASES = ("median([3])", "median([1, 4])", "median([9, 2, 5])")
GENEROUS = 60.0


def content(*calls: str, **changes: object) -> ExerciseContent:
    tests = tuple(TestCase(call, CallCase(call, encode_plain(0))) for call in calls)
    whole = ExerciseContent(
        slug="median",
        kind=ExerciseKind.CODING,
        topic="lists",
        difficulty=3,
        texts={"en": ExerciseText("Median", "Take the median.")},
        tests=tests,
        answer_cells=(AnswerCell("answer", "", MEDIAN),),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def answer(source: str) -> Answer:
    return Answer((CellSource("answer", source),))


def test_the_smallest_input_inferred_from_cases(runner: SandboxTestRunner) -> None:
    found = CounterexampleSearch(runner)(content(*CASES), answer(UNSORTED), GENEROUS)
    assert found is not None
    assert found.showing is Showing.VALUE
    assert found.call.count(",") == 2
    assert found.test == ""


def test_arguments_that_are_changed(runner: SandboxTestRunner) -> None:
    exercise = content(*CASES)
    kept = CallCase("median([2, 1])", encode_plain(1.5), arguments_unchanged=True)
    exercise = replace(exercise, tests=(*exercise.tests, TestCase("kept", kept)))
    found = CounterexampleSearch(runner)(exercise, answer(IN_PLACE), GENEROUS)
    assert found is not None
    assert found.showing is Showing.ARGUMENTS


def test_an_endless_answer(runner: SandboxTestRunner) -> None:
    endless = "def median(numbers):\n    while len(numbers) > 1: pass\n    return numbers[0]\n"
    found = CounterexampleSearch(runner)(content(*CASES), answer(endless), 1.0)
    assert found is not None
    assert (found.showing, found.got) == (Showing.ENDLESS, "")


def test_strategies_say_what_cases_do_not(runner: SandboxTestRunner) -> None:
    strategies = {"median": "st.lists(st.integers(-20, 20), min_size=1)"}
    exercise = content("median([7])", strategies=strategies)
    drawn = draw_inputs(runner, exercise)["median"]
    assert len(drawn) > 50
    assert all(
        isinstance(items, list) and items and all(-20 <= one <= 20 for one in items)
        for (items,) in drawn
    )
    assert drawn == draw_inputs(runner, exercise)["median"]
    found = CounterexampleSearch(runner)(exercise, answer(UNSORTED), GENEROUS)
    assert found is not None
    assert found.call.count(",") == 2


def test_a_counterexample_is_never_what_a_secret_test_asks(runner: SandboxTestRunner) -> None:
    only = MEDIAN + "\n_right = median\ndef median(n):\n    return 9 if n == [2] else _right(n)\n"
    exercise = content("median([1])", "median([3])", "median([4])")
    exercise = replace(exercise, answer_cells=(AnswerCell("answer", "", MEDIAN),))
    search = CounterexampleSearch(runner)
    assert search(exercise, answer(only), GENEROUS) == Counterexample("median([2])", "2", "9")
    secret = TestCase("s", CallCase("median( [2] )"), visibility=Visibility.SECRET)
    hidden = replace(exercise, tests=(*exercise.tests, secret))
    assert search(hidden, answer(only), GENEROUS) is None


@pytest.mark.parametrize(
    ("strategies", "said"),
    [
        ({"median": "st.lists(st.integers(), min_size=1)"}, ""),
        ({"median": "st.lists(st.integers())"}, "`median([])`"),
        ({"median": "st.lists("}, "SyntaxError"),
        ({"median": "st.builds(object)"}, "can't be compared"),
        ({"mediam": "st.integers()"}, "does not define"),
    ],
)
def test_strategies_are_proven(
    runner: SandboxTestRunner, strategies: dict[str, str], said: str
) -> None:
    fault = strategy_fault(runner, content("median([7])", strategies=strategies))
    assert (fault is None) is (said == "")
    if fault is not None:
        assert said in fault.detail
        assert fault.remedy
        assert not fault.unproven


def test_several_parameters_take_a_tuple(runner: SandboxTestRunner) -> None:
    two = (AnswerCell("answer", "", "def add(a, b):\n    return a + b\n"),)
    strategies = {"add": "st.tuples(st.integers(0, 9), st.integers(0, 9))"}
    exercise = content("add(1, 2)", answer_cells=two, strategies=strategies)
    assert strategy_fault(runner, exercise) is None
    wrong = answer("def add(a, b):\n    return a - b\n")
    found = CounterexampleSearch(runner)(exercise, wrong, GENEROUS)
    assert found == Counterexample("add(0, 1)", "1", "-1")
    one = replace(exercise, strategies={"add": "st.tuples(st.integers())"})
    fault = strategy_fault(runner, one)
    assert fault is not None
    assert "2 parameters" in fault.detail
