import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.value_decoding import MAX_DEPTH, MAX_PARTS, MAX_TEXT
from jupyter_tutor.domain.value_forms import Grid, Opaque, Plain
from jupyter_tutor.domain.values import decode, encode_plain, literal, printable, show
from tests.unit.domain.plain_values import values

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "value", "items", "fields", "class", "index", "data", "shape"])
            | st.text(max_size=3),
            inner
            | st.sampled_from(
                ["int", "str", "list", "dict", "array", "frame", "series", "decimal"]
            ),
            max_size=5,
        )
    ),
    max_leaves=20,
)


def through_json(value: object) -> object:
    return json.loads(json.dumps(encode_plain(value), allow_nan=False))


@settings(max_examples=100, deadline=None)
@given(values)
def test_any_plain_value_survives_json_and_shows_as_its_repr(value: object) -> None:
    shown = show(decode(through_json(value)), limit=10_000)
    if isinstance(value, set | frozenset | dict):
        assert len(shown) == len(repr(value))
    else:
        assert shown == printable(repr(value))


@settings(max_examples=100, deadline=None)
@given(values)
def test_encoded_values_can_be_stored_anywhere(value: object) -> None:
    text = json.dumps(encode_plain(value), ensure_ascii=False)
    assert "\\u0000" not in text
    text.encode("utf-8")


@settings(max_examples=100, deadline=None)
@given(json_values)
def test_decoding_refuses_or_reads_any_json_and_raises_nothing_else(data: object) -> None:
    try:
        value = decode(data)
    except InvalidInput:
        return
    assert show(value)


def test_floats_and_long_integers_are_exact() -> None:
    for number in (0.1, -0.0, 5e-324, 1.7976931348623157e308, math.inf, -math.inf):
        read = decode(through_json(number))
        assert isinstance(read, Plain)
        assert repr(read.value) == repr(number)
    huge = 7**20_000
    read = decode(through_json(huge))
    assert isinstance(read, Plain)
    assert read.value == huge
    assert show(read).startswith("<int of about 16,90")


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "1",
        {},
        {"type": "nonsense"},
        {"type": ["int"]},
        {"type": "int", "value": 3},
        {"type": "int", "value": "0x"},
        {"type": "int", "value": "1_000"},
        {"type": "float", "value": "1e9999"},
        {"type": "float", "value": "Infinity"},
        {"type": "bool", "value": 1},
        {"type": "str"},
        {"type": "str", "escaped": "\\N{BULLET}"},
        {"type": "str", "escaped": "\\Uffffffff"},
        {"type": "bytes", "hex": "abc"},
        {"type": "list", "items": {"a": 1}},
        {"type": "dict", "items": [[{"type": "none"}]]},
        {"type": "range", "start": "0", "stop": "1", "step": "0"},
        {"type": "decimal", "value": "one"},
        {"type": "fraction", "numerator": "1", "denominator": "0"},
        {"type": "datetime", "value": "yesterday"},
        {"type": "timedelta", "days": "9999999999", "seconds": "0", "microseconds": "0"},
        {"type": "array", "dtype": "int64", "shape": [2], "items": []},
        {"type": "array", "dtype": "int64", "shape": [-1], "items": []},
        {"type": "frame", "columns": [], "index": [], "data": [[]]},
        {"type": "series", "name": {"type": "none"}, "index": [{"type": "none"}], "items": []},
        {"type": "cycle", "levels": 0},
    ],
)
def test_malformed_encodings_are_refused(data: object) -> None:
    with pytest.raises(InvalidInput):
        decode(data)


def test_limits_on_parts_depth_and_text() -> None:
    none: dict[str, object] = {"type": "none"}
    decode({"type": "list", "items": [none] * (MAX_PARTS - 1)})
    with pytest.raises(InvalidInput, match="parts"):
        decode({"type": "list", "items": [none] * MAX_PARTS})
    with pytest.raises(InvalidInput, match="characters"):
        decode({"type": "str", "value": "x" * (MAX_TEXT + 1)})
    deep: dict[str, object] = none
    for _ in range(MAX_DEPTH - 1):
        deep = {"type": "list", "items": [deep]}
    decode(deep)
    for _ in range(10_000):
        deep = {"type": "list", "items": [deep]}
    with pytest.raises(InvalidInput, match="deeper"):
        decode(deep)


def test_a_decimal_with_an_absurd_exponent_is_not_taken_as_a_number() -> None:
    assert isinstance(decode({"type": "decimal", "value": "1e1000000"}), Opaque)


@pytest.mark.parametrize("text", ["[1, 2.5, 'a']", "-3", " {'a': (1, 2)} ", "set()", "b'x'", "1j"])
def test_literals_are_read_without_a_kernel(text: str) -> None:
    encoded = literal(text)
    assert encoded is not None
    assert show(encoded) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "f(1)",
        "np.array([1])",
        "float('nan')",
        "...",
        "[1,",
        "-" * 19_000,
        "(" * 500,
        "'x'*9",
        "x",
    ],
)
def test_what_is_no_plain_literal_is_left_to_a_kernel(text: str) -> None:
    assert literal(text) is None


def test_long_literals_are_left_to_a_kernel() -> None:
    assert literal("[" + "0, " * 20_000 + "]") is None


def test_showing_cuts_and_names_what_it_shows() -> None:
    assert show(encode_plain(list(range(1000))), limit=12) == "[0, 1, 2, 3…"
    point = {
        "type": "tuple",
        "class": "Point",
        "names": ["x", "y"],
        "items": [encode_plain(1), encode_plain(2)],
    }
    assert show(point) == "Point(x=1, y=2)"
    assert show({"type": "object", "class": "Dog", "fields": [["name", encode_plain("Rex")]]}) == (
        "Dog(name='Rex')"
    )
    assert show({"type": "exception", "class": "ValueError", "items": [encode_plain("no")]}) == (
        "ValueError('no')"
    )
    assert show(Grid("int64", (2, 2), tuple(Plain(n, "int") for n in range(4)))) == (
        "array([[0, 1], [2, 3]])"
    )
    assert show(Grid("int64", (10**12, 0), ()), limit=20).startswith("array([[], [], []")
    assert show({"type": "deque", "items": []}) == "deque([])"
    assert show({"type": "opaque", "class": "generator", "repr": "<gen \ud800\0>"}) == (
        "<gen \\ud800\\x00>"
    )
    assert show({"type": "decimal", "value": "1.50"}) == "Decimal('1.50')"
    assert show({"type": "date", "value": "2024-02-29"}) == "date('2024-02-29')"
