import copy
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.comparison import compare, compare_output
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import Tolerance
from jupyter_tutor.domain.number_comparison import numbers_equal
from jupyter_tutor.domain.values import encode_plain
from tests.unit.domain.plain_values import values

EXACT = Tolerance(relative=0.0, absolute=0.0)
NAN = float("nan")

Encoded = Mapping[str, object]


def difference(expected: object, got: object) -> str:
    """Return the difference between two values given as Python values or encodings."""
    left, right = (
        each if isinstance(each, dict) and "type" in each else encode_plain(each)
        for each in (expected, got)
    )
    comparison = compare(left, right)
    assert comparison.equal == (not comparison.difference)
    return comparison.difference


def array(items: list[object], *shape: int, dtype: str = "float64") -> dict[str, object]:
    encoded = [encode_plain(item) for item in items]
    return {"type": "array", "dtype": dtype, "shape": list(shape), "items": encoded}


def frame(data: dict[str, list[object]], index: list[object] | None = None) -> dict[str, object]:
    rows = len(next(iter(data.values()), []))
    return {
        "type": "frame",
        "columns": [encode_plain(name) for name in data],
        "index": [encode_plain(label) for label in (index or list(range(rows)))],
        "data": [[encode_plain(item) for item in column] for column in data.values()],
    }


@settings(max_examples=100, deadline=None)
@given(values)
def test_every_value_equals_itself(value: object) -> None:
    assert difference(value, copy.deepcopy(value)) == ""


@settings(max_examples=100, deadline=None)
@given(values, values)
def test_whether_values_are_equal_does_not_depend_on_the_side(a: object, b: object) -> None:
    left, right = encode_plain(a), encode_plain(b)
    assert compare(left, right, EXACT).equal == compare(right, left, EXACT).equal


finite = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=100, deadline=None)
@given(finite, finite, st.floats(0, 0.5), st.floats(0, 10))
def test_floats_are_close_just_as_the_formula_says(
    expected: float, got: float, relative: float, absolute: float
) -> None:
    close = numbers_equal(expected, got, Tolerance(relative, absolute))
    exactly = abs(Fraction(expected) - Fraction(got))
    allowed = max(Fraction(relative) * abs(Fraction(expected)), Fraction(absolute))
    if exactly <= allowed:
        assert close
    if close:
        assert exactly <= allowed * (1 + Fraction(1, 10**9)) + Fraction(
            4 * math.ulp(max(abs(expected), abs(got)))
        )


@settings(max_examples=100, deadline=None)
@given(values)
def test_a_value_put_into_a_list_no_longer_equals_itself(value: object) -> None:
    assert difference(value, [value])


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (1, True),
        (True, 1),
        (3, 3.0),
        (3.0, 3),
        (0.3, 0.1 + 0.2),
        (2, 2.0000000000000004),
        (NAN, NAN),
        ([NAN], [NAN]),
        (0.0, -0.0),
        (2j, 2.0000000000000004j),
        (1, 1 + 0j),
        ({1.0, 0.3}, {0.1 + 0.2, 1}),
        ({0.3: "a", "b": 1}, {"b": 1, 0.1 + 0.2: "a"}),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({1, 2}, frozenset({2, 1})),
        (range(0), range(5, 5)),
        (10**30, 10**30),
        ({(1, NAN)}, {(1, NAN)}),
        ({"type": "decimal", "value": "0.10"}, {"type": "decimal", "value": "0.1"}),
        (2, {"type": "fraction", "numerator": "4", "denominator": "2"}),
        (0.5, {"type": "fraction", "numerator": "1", "denominator": "2"}),
        (3, {"type": "numpy", "dtype": "int64", "value": {"type": "int", "value": "3"}}),
        (3, array([3], dtype="int64")),
        (array([1, 2], 2, dtype="int64"), array([1.0, 2.0], 2)),
        (array([NAN], 1), array([NAN], 1)),
        (frame({"a": [1.0, NAN]}), frame({"a": [1, None]})),
        (frame({"a": [1]}), frame({"a": [1.0]})),
        (
            [1],
            {"type": "list", "class": "MyList", "items": [{"type": "int", "value": "1"}]},
        ),
        ({"a": 1}, {"type": "dict", "class": "Counter", "items": [
            [{"type": "str", "value": "a"}, {"type": "int", "value": "1"}]]}),
        ({"type": "opaque", "class": "slice", "repr": "slice(1)"},
         {"type": "opaque", "class": "slice", "repr": "slice(1)"}),
    ],
)  # fmt: skip
def test_what_a_teacher_takes_as_equal(expected: object, got: object) -> None:
    if isinstance(got, dict) and got.get("type") == "array" and not isinstance(expected, dict):
        got = {**got, "shape": []}
    assert difference(expected, got) == ""


@pytest.mark.parametrize(
    ("expected", "got", "words"),
    [
        (3, 4, "expected 3, got 4"),
        (3, None, "expected 3, got None"),
        (3, "3", "expected an int, got a str: '3'"),
        (True, 0, "expected True, got 0"),
        (1.0, NAN, "expected 1.0, got nan"),
        (float("inf"), 1e308, "expected inf, got 1e+308"),
        (2**60 + 1, float(2**60), "expected 1152921504606846977, got 1.152921504606847e+18"),
        ([1, 2, 3], [1, 2, 4], "at index 2: expected 3, got 4"),
        ([[1], [2, 3]], [[1], [2, 4]], "at index 1, index 1: expected 3, got 4"),
        ([1, 2], [1, 2, 3], "index 2 is not expected: got 3 (expected length 2, got length 3)"),
        ([1, 2], [1], "index 1 is missing: expected 2 (expected length 2, got length 1)"),
        ([1, 2], [2], "at index 0: expected 1, got 2 (expected length 2, got length 1)"),
        ((1, 2), [1, 2], "expected a tuple, got a list: [1, 2]"),
        ([1], array([1], 1), "expected a list, got a numpy array: array([1])"),
        ([0, 1], range(2), "expected a list, got a range: range(0, 2)"),
        (range(3), range(4), "expected range(0, 3), got range(0, 4)"),
        ({"a": 1}, {"b": 1}, "key 'a' is missing"),
        ({"a": 1}, {"a": 1, "b": 2}, "key 'b' is not expected"),
        ({"a": 1, "b": 2}, {"b": 3, "a": 1}, "at key 'b': expected 2, got 3"),
        ({1, 2, 3}, {1}, "2 is missing (and 1 more)"),
        ({1}, {1, 2}, "2 is not expected"),
        ("cat", "Cat", "expected 'cat', got 'Cat' (only upper and lower case differ)"),
        ("a b", "a  b", "expected 'a·b', got 'a··b' (only the blanks differ)"),
        ("a\n", "a", "expected 'a↵', got 'a' (only the blanks differ)"),
        ("cat", "cut", "expected 'cat', got 'cut'"),
        (b"a", "a", "expected a bytes, got a str: 'a'"),
        (array([1, 2], 2), array([1, 2], 1, 2), "expected shape (2,), got shape (1, 2)"),
        (array([1, 2, 3, 4], 2, 2), array([1, 2, 0, 4], 2, 2), "at [1, 0]: expected 3, got 0"),
        (array([], 0), 3, "expected a numpy array, got an int: 3"),
        (frame({"a": [1]}), frame({"b": [1]}), "column 'a' is missing"),
        (frame({"a": [1]}), frame({"a": [1], "b": [1]}), "column 'b' is not expected"),
        (
            frame({"a": [1], "b": [2]}),
            frame({"b": [2], "a": [1]}),
            "the columns are in another order: at index 0: expected 'a', got 'b'",
        ),
        (frame({"a": [1]}), frame({"a": [1, 2]}), "expected 1 as the number of rows, got 2"),
        (
            frame({"a": [1, 2]}, ["x", "y"]),
            frame({"a": [1, 2]}, ["x", "z"]),
            "at the labels, row 1: expected 'y', got 'z'",
        ),
        (frame({"a": [1, 2]}), frame({"a": [1, 3]}), "at column 'a', row 1: expected 2, got 3"),
        (
            {"type": "object", "class": "Dog", "fields": [["name", encode_plain("Rex")]]},
            {"type": "object", "class": "Dog", "fields": [["name", encode_plain("Max")]]},
            "at field name: expected 'Rex', got 'Max'",
        ),
        (
            {"type": "object", "class": "Dog", "fields": []},
            {"type": "object", "class": "Cat", "fields": []},
            "expected a Dog, got a Cat: Cat()",
        ),
        (
            [1],
            {"type": "opaque", "class": "generator", "repr": "<generator f>"},
            "expected a list, got a generator: <generator f>",
        ),
        (
            {"type": "opaque", "class": "object", "repr": "<object at 0x1>"},
            {"type": "opaque", "class": "object", "repr": "<object at 0x1>"},
            "an object can't be compared",
        ),
        (
            [1],
            {"type": "cut", "class": "list", "reason": "it has too many parts"},
            "the value can't be compared: it has too many parts",
        ),
    ],
)
def test_the_first_difference_in_words(expected: object, got: object, words: str) -> None:
    assert difference(expected, got) == words


def test_a_difference_deep_inside_a_long_text_is_shown_around_its_place() -> None:
    words = difference("a" * 500 + "b" + "a" * 500, "a" * 500 + "c" + "a" * 500)
    assert "'…aaaaaaaaaaaaaaaaaaaab" in words
    assert words.endswith("(the first difference is at position 500)")


def test_tolerance_is_taken_from_the_test() -> None:
    values = encode_plain([1.0, 100.0]), encode_plain([1.004, 100.9])
    assert not compare(*values).equal
    assert compare(*values, Tolerance(relative=0.01)).equal
    assert not compare(*values, Tolerance(absolute=0.5)).equal


def test_exact_numbers_of_different_classes() -> None:
    assert numbers_equal(Decimal("0.5"), Fraction(1, 2), EXACT)
    assert not numbers_equal(Decimal("0.5"), Fraction(1, 3), Tolerance())
    assert numbers_equal(Decimal("NaN"), Decimal("NaN"), EXACT)
    assert numbers_equal(0.1, Decimal("0.1"), Tolerance())
    assert not numbers_equal(0.1, Decimal("0.1"), EXACT)
    assert not numbers_equal(10**400, 1.0, Tolerance())
    assert not numbers_equal(10**400, 1j, Tolerance())
    assert numbers_equal(Decimal("Infinity"), float("inf"), EXACT)


def test_a_class_that_claims_to_equal_everything_is_judged_by_its_content() -> None:
    liar = {"type": "float", "class": "Liar", "value": "7.0"}
    assert difference(16.0, liar) == "expected 16.0, got 7.0"
    assert difference(16.0, {"type": "object", "class": "Liar", "fields": []})


def test_large_collections_are_compared_fast_enough_to_match_by_key() -> None:
    numbers = set(range(20_000))
    assert difference(numbers, numbers - {777}) == "777 is missing"


def test_malformed_observations_are_refused() -> None:
    with pytest.raises(InvalidInput):
        compare(encode_plain(1), {"type": "int"})


@pytest.mark.parametrize(
    ("expected", "got", "tolerance"),
    [
        ("7\n", "7", None),
        ("7", "\n\n7  \n\n", None),
        ("a\r\nb", "a\nb \n", None),
        ("x = 3.14\n", "x = 3.1400001\n", Tolerance(relative=1e-6)),
        ("(1.0, 2)", "(1.0000001,   2.0)", Tolerance(relative=1e-6)),
        ("", "\n", None),
    ],
)
def test_output_that_counts_as_equal(expected: str, got: str, tolerance: Tolerance | None) -> None:
    assert compare_output(expected, got, tolerance).equal


@pytest.mark.parametrize(
    ("expected", "got", "tolerance", "words"),
    [
        ("7", "", None, "nothing was printed; expected '7'"),
        ("7", "8", None, "line 1: expected '7', got '8'"),
        ("a\nb", "a", None, "line 2 is missing: expected 'b'"),
        ("a", "a\nb", None, "line 2 is too much: 'b'"),
        ("a\nb", "a\n\nb", None, "line 2: expected 'b', got ''"),
        ("a b", "a  b", None, "line 1: expected 'a·b', got 'a··b' (only the blanks differ)"),
        ("Hi", "hi", None, "line 1: expected 'Hi', got 'hi' (only upper and lower case differ)"),
        ("x 1.5", "x 1.6", Tolerance(), "line 1: expected 'x 1.5', got 'x 1.6'"),
        ("1.5 m", "1.5 km", Tolerance(), "line 1: expected '1.5 m', got '1.5 km'"),
        ("x=1.5", "y=1.5", Tolerance(), "line 1: expected 'x=1.5', got 'y=1.5'"),
        ("1", "1.0", None, "line 1: expected '1', got '1.0'"),
    ],
)
def test_the_first_difference_in_output(
    expected: str, got: str, tolerance: Tolerance | None, words: str
) -> None:
    assert compare_output(expected, got, tolerance).difference == words


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text())
def test_output_is_compared_alike_from_both_sides(a: str, b: str) -> None:
    assert compare_output(a, a).equal
    assert compare_output(a, b, EXACT).equal == compare_output(b, a, EXACT).equal
