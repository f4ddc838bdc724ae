"""Which answers count as identical, and which verdicts another answer may get."""

from dataclasses import replace

import pytest

from jupyter_tutor.domain.exercises import CallCase, TestCase, Visibility
from jupyter_tutor.domain.identical import answer_digest, is_reusable, normalised
from jupyter_tutor.domain.observations import CellSource, RaisedError
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.verdicts import Outcome, TestResult, Verdict

SOURCE = "def f(x):\n    return x"
TEST = TestCase("f(1)", CallCase("f(1)", {"type": "int", "value": "1"}))


def _answer(source: str, cell: str = "answer") -> Answer:
    return Answer((CellSource(cell, source),))


def _same(one: str, other: str) -> bool:
    return answer_digest(_answer(one), "1") == answer_digest(_answer(other), "1")


@pytest.mark.parametrize(
    "other",
    [SOURCE + "\n", SOURCE + "\n\n  \n", SOURCE + "   ", "def f(x): \t\n    return x"],
)
def test_blanks_that_mean_nothing_make_no_other_answer(other: str) -> None:
    assert _same(SOURCE, other)


@pytest.mark.parametrize(
    "other",
    [
        "\n" + SOURCE,  # its errors are on other lines
        "def f(x):\n\n    return x",
        "def f(x):\n     return x",
        "def f(x):\n    return x # x",
        SOURCE.upper(),
    ],
)
def test_everything_else_does(other: str) -> None:
    assert not _same(SOURCE, other)


@pytest.mark.parametrize(
    "source",
    [
        'text = """two  \nlines"""',
        "text = '''two  \nlines'''",
        "total = 1 + \\  \n    2",
        "%%writefile notes.txt\na  \nb",
        'print(f"{x =  \n}")',
        "print(rF'{x}')  ",
    ],
)
def test_blanks_that_may_mean_something_are_kept(source: str) -> None:
    assert normalised(source) == source


def test_another_cell_response_or_engine_is_another_answer() -> None:
    digest = answer_digest(_answer(SOURCE), "1")

    assert answer_digest(_answer(SOURCE, "other"), "1") != digest
    assert answer_digest(replace(_answer(SOURCE), responses={"q": 1}), "1") != digest
    assert answer_digest(_answer(SOURCE), "2") != digest
    assert answer_digest(Answer((*_answer(SOURCE).cells, CellSource("b", ""))), "1") != digest
    assert answer_digest(_answer("\ud800"), "1") != digest


def _verdict(outcome: Outcome, error: RaisedError | None = None, name: str = "f(1)") -> Verdict:
    result = TestResult(name, Visibility.SECRET, outcome, 1, 0, error=error)
    return Verdict((result,), (), 0)


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_follows_from_the_answer_is_reused(outcome: Outcome) -> None:
    """That a process died, without an exception, may have had a reason outside."""
    sure = outcome in (Outcome.PASSED, Outcome.FAILED)

    assert is_reusable(_verdict(outcome), [TEST]) is sure
    raised = is_reusable(_verdict(outcome, RaisedError("ValueError", "no")), [TEST])
    assert raised is (sure or outcome is Outcome.ERROR)


def test_a_limit_that_a_cell_ran_into_counts_too() -> None:
    cell = TestResult("answer", Visibility.PUBLIC, Outcome.MEMORY_LIMIT, 0, 0)

    assert not is_reusable(replace(_verdict(Outcome.FAILED), cells=(cell,)), [TEST])


def test_a_verdict_of_other_tests_is_not_reused() -> None:
    assert not is_reusable(_verdict(Outcome.PASSED), [])
    assert not is_reusable(_verdict(Outcome.PASSED), [TEST, replace(TEST, name="f(2)")])
    assert not is_reusable(_verdict(Outcome.PASSED, name="f(2)"), [TEST])
