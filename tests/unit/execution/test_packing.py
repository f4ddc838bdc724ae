"""What travels between an answer and its tests: typed, exact, and dead whatever arrives."""

import json
from collections import Counter, OrderedDict, defaultdict, deque
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.execution.inside.packing import Malformed, Packed, Packer

HANDLE = ["h", 1, None, "object", "x"]


def _resolve(packed: Packed) -> object:
    raise Malformed("neither a value nor a handle")


def packer() -> Packer:
    return Packer(lambda _: list(HANDLE), _resolve)


def carried(value: object) -> Any:  # noqa: ANN401 - whatever was given
    """Return a value as it arrives on the other side."""
    return packer().unpack(json.loads(json.dumps(packer().pack(value), allow_nan=False)))


_scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.fractions()
    | st.datetimes()
    | st.dates()
    | st.times()
    | st.timedeltas()
)
_keys = st.none() | st.booleans() | st.integers() | st.text() | st.binary()
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(_keys, inner, max_size=4)
        | st.frozensets(_keys, max_size=4)
        | st.sets(_keys, max_size=4)
    ),
    max_leaves=12,
)


def _same(left: object, right: object) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(_same(left[key], right[key]) for key in left)
    return left == right


@settings(max_examples=150, deadline=None)
@given(_values)
def test_plain_values_arrive_as_they_were(value: object) -> None:
    assert _same(carried(value), value)


@pytest.mark.parametrize(
    "value",
    [
        2**5_000,
        -(2**53),
        float("inf"),
        -0.0,
        "\0\ud800",
        range(3, -7, -2),
        slice(1, None, 2),
        deque([1, 2], maxlen=3),
        Counter("aab"),
        OrderedDict([("b", 1), ("a", 2)]),
        defaultdict(list, {"a": [1]}),
        Decimal("-1.50"),
        Fraction(-3, 7),
        timedelta(days=-1, microseconds=1),
        bytearray(b"\xff"),
        ...,
        NotImplemented,
    ],
    ids=lambda value: type(value).__name__,
)
def test_further_values_arrive_as_they_were(value: object) -> None:
    arrived = carried(value)
    assert type(arrived) is type(value)
    assert repr(arrived) == repr(value)


def test_not_a_number_stays_none() -> None:
    assert repr(carried(float("nan"))) == "nan"


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array([1.5, np.nan]),
        np.array(["a", "bc"]),
        np.array([[True]]),
        np.array([], dtype="int8"),
        np.array([1, "a", None], dtype=object),
        np.array(["2031-03-01"], dtype="datetime64[D]"),
    ],
    ids=lambda array: str(array.dtype),
)
def test_arrays_arrive_as_they_were(array: "np.ndarray[Any, Any]") -> None:
    arrived = carried(array)
    assert arrived.dtype == array.dtype
    np.testing.assert_array_equal(arrived, array)


def test_tables_arrive_as_they_were() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["i", "j"])
    pd.testing.assert_frame_equal(carried(frame), frame)
    pd.testing.assert_series_equal(carried(frame["a"]), frame["a"])
    pd.testing.assert_index_equal(carried(frame.index), frame.index)


class Claims(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Lies:
    __class__ = int  # type: ignore[assignment]


def _inside_itself() -> object:
    value: list[object] = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        Claims(3),
        Lies(),
        object(),
        print,
        np.zeros(2).view(type("Sub", (np.ndarray,), {})),
        pytest.param(_inside_itself(), id="inside itself"),
        pytest.param("x" * 5_000_000, id="too long"),
        pytest.param(list(range(300_000)), id="too many"),
    ],
)
def test_all_else_stays_where_it_is(value: object) -> None:
    assert packer().pack(value) == HANDLE


_MALFORMED: list[object] = [
    None,
    7,
    "l",
    [],
    [[]],
    ["i", True],
    ["i", 1.5],
    ["i"],
    ["i", 1, 2],
    ["I", "0xzz"],
    ["I", 3],
    ["b", 1],
    ["f", "one"],
    ["f", 1.0],
    ["s", ["x"]],
    ["y", "0g"],
    ["l", 3],
    ["l", [7]],
    ["S", [["l", []]]],
    ["d", [[["n"]]]],
    ["d", [["n"]]],
    ["D", "one"],
    ["Q", ["i", 1], ["i", 0]],
    ["dt", "yesterday"],
    ["td", 1, 2],
    ["td", 10**12, 0, 0],
    ["r", ["i", 0], ["i", 1], ["i", 0]],
    ["nd", "|O8", [1], "AAAAAAAAAAA="],
    ["nd", "<f8", [-2], "AAAAAAAAAAA="],
    ["nd", "<f8", [10**18], ""],
    ["nd", "V8", [1], "AAAAAAAAAAA="],
    ["nd", "<f8,<f8", [1], "AAAAAAAAAAA="],
    ["no", [5], ["n"]],
    ["np", ["n"]],
    ["sr", ["n"], ["n"], ["n"]],
    ["df", ["i", 1], ["n"], ["n"]],
    ["q", [], -1],
    ["exec", "1"],
    ["__class__", 1],
    [["l"], 1],
    {"l": []},
]


@pytest.mark.parametrize("packed", _MALFORMED, ids=repr)
def test_what_is_no_value_is_refused(packed: object) -> None:
    with pytest.raises(Malformed):
        packer().unpack(packed)


def test_what_is_nested_without_end_is_refused() -> None:
    packed: list[object] = ["n"]
    for _ in range(100_000):
        packed = ["l", [packed]]
    with pytest.raises(Malformed):
        packer().unpack(packed)
    while len(packed) > 1:  # taken apart here: freeing it at once would recurse as deep
        inner = packed[1]
        assert isinstance(inner, list)
        packed = inner.pop()


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
        | st.tuples(
            st.sampled_from(
                [
                    "n",
                    "b",
                    "i",
                    "I",
                    "f",
                    "c",
                    "s",
                    "y",
                    "Y",
                    "l",
                    "t",
                    "S",
                    "F",
                    "d",
                    "q",
                    "C",
                    "O",
                    "dd",
                    "r",
                    "sl",
                    "D",
                    "Q",
                    "dt",
                    "td",
                    "nd",
                    "no",
                    "sr",
                ]
            ),
            inner,
            inner,
        ).map(list)
    ),
    max_leaves=15,
)


@settings(max_examples=300, deadline=None)
@given(_junk)
def test_junk_is_a_value_or_refused(packed: object) -> None:
    try:
        value = packer().unpack(packed)
    except Malformed:
        return
    assert type(value).__module__.partition(".")[0] in (
        "builtins",
        "collections",
        "datetime",
        "decimal",
        "fractions",
        "numpy",
        "pandas",
    )
