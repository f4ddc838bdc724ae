"""What test cells ask, read as calls."""

import pytest

from jupyter_tutor.domain.assert_calls import AssertedCall, asserted_calls
from jupyter_tutor.domain.exercises import AssertCell, CallCase, TestCase, Tolerance, Visibility
from jupyter_tutor.domain.values import encode_plain


def read(source: str) -> list[tuple[str, str]]:
    return [(each.call, each.expected) for each in asserted_calls(AssertCell(source))]


@pytest.mark.parametrize(
    ("source", "call", "expected"),
    [
        ("assert f(1) == 2", "f(1)", "2"),
        ("assert 2 == f(1), 'why'", "f(1)", "2"),
        ("assert f(1) is True", "f(1)", "True"),
        ("assert f(1) is None", "f(1)", "None"),
        ("assert f([1, 2])[0] == 'a'", "f([1, 2])[0]", "'a'"),
        ("assert f(1)", "bool(f(1))", "True"),
        ("assert not f(1)", "bool(f(1))", "False"),
        ("assert sorted(f(1)) == [1]", "sorted(f(1))", "[1]"),
        ("assert f(1) == [0] * 3", "f(1)", "[0] * 3"),
        ("x = [1, 2]\nassert f(x) == x", "f([1, 2])", "[1, 2]"),
        ("x = 2\ny = x + 1\nassert f(y) == y", "f(2 + 1)", "2 + 1"),
        ("assert f(1) == pytest.approx(0.5)", "f(1)", "0.5"),
        ("assert math.isclose(f(1), 0.5)", "f(1)", "0.5"),
        ("assert np.isclose(0.5, f(1))", "f(1)", "0.5"),
        ("assert abs(f(1) - 0.5) < 1e-3", "f(1)", "0.5"),
        ("assert abs(0.5 - f(1)) <= 1e-3", "f(1)", "0.5"),
        ("assert round(f(1), 2) == 0.5", "round(f(1), 2)", "0.5"),
        ("'says'\nassert f(1) == 2", "f(1)", "2"),
    ],
)
def test_forms_that_are_read(source: str, call: str, expected: str) -> None:
    assert read(source) == [(call, expected)]


@pytest.mark.parametrize(
    "source",
    [
        "assert f(1) == f(2)",
        "assert f(1) > 2",
        "assert 1 == 1",
        "assert isinstance(f(1), int)",
        "assert x",
        "assert f(1) == answer",
        "a = make()\nassert a.b() == 2",
        "for n in range(3):\n    assert f(n) == n",
        "import math\nassert f(1) == 2",
        "assert f(",
        "",
    ],
)
def test_forms_that_are_left_to_a_real_run(source: str) -> None:
    assert read(source) == []


def test_what_comes_after_a_form_that_is_not_read_is_left_too() -> None:
    assert read("assert f(1) == 2\nchange()\nassert f(3) == 4") == [("f(1)", "2")]


def test_a_value_is_put_in_each_place_anew() -> None:
    assert read("x = [1]\nassert f(x) == 1\nx = [2]\nassert f(x) == 2") == [
        ("f([1])", "1"),
        ("f([2])", "2"),
    ]


def test_the_tolerance_of_the_author_is_kept() -> None:
    (call,) = asserted_calls(AssertCell("assert abs(f(1) - 0.5) < 0.01"))
    assert call.tolerance == Tolerance(relative=0.0, absolute=0.01)


def test_a_call_is_a_test_where_its_cell_was() -> None:
    test = TestCase("whole", AssertCell("assert f(1) == 2"), 3, Visibility.SECRET, position=1)
    case = AssertedCall("f(1)", "2").case("whole 1", test, encode_plain(2))
    assert (case.name, case.visibility, case.position) == ("whole 1", Visibility.SECRET, 1)
    assert case.spec == CallCase("f(1)", expected=encode_plain(2))
