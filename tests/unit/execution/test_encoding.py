import collections
import dataclasses
import datetime as dt
import decimal
import enum
import fractions
import json
import types
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from jupyter_tutor.domain.comparison import compare
from jupyter_tutor.domain.value_forms import Cut, Opaque
from jupyter_tutor.domain.values import Value, decode, encode_plain, show
from jupyter_tutor.execution.inside.encoding import encode
from tests.unit.domain.plain_values import values


def carried(value: object) -> Value:
    """Return a value as it is after it was written in a kernel, sent, and read."""
    return decode(json.loads(json.dumps(encode(value), allow_nan=False)))


@settings(max_examples=60, deadline=None)
@given(values)
def test_the_kernels_writer_and_the_authors_agree(value: object) -> None:
    comparison = compare(encode_plain(value), carried(value))
    assert comparison.equal, comparison.difference
    assert (
        show(carried(value), limit=10_000).__len__() == show(encode_plain(value), 10_000).__len__()
    )


@dataclasses.dataclass
class Point:
    x: int
    y: list[int]


class Color(enum.Enum):
    RED = 1


class Level(enum.IntEnum):
    LOW = 1


class Pair(NamedTuple):
    left: int
    right: str


class Noted(list[int]):
    note = "extra"


def written_here(**parts: object) -> object:
    """Return an object of a class that stands in a notebook."""
    made = type("Dog", (), {"__module__": "__main__", "__slots__": ("name", "__dict__")})()
    for name, part in parts.items():
        setattr(made, name, part)
    return made


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Point(1, [2]), "Point(x=1, y=[2])"),
        (written_here(name="Rex", age=3), "Dog(name='Rex', age=3)"),
        (Color.RED, "Color.RED"),
        (Level.LOW, "1"),
        (Pair(1, "a"), "Pair(left=1, right='a')"),
        (Noted([1]), "Noted([1])"),
        (collections.Counter("aab"), "Counter({'a': 2, 'b': 1})"),
        (collections.deque([1]), "deque([1])"),
        (bytearray(b"x"), "b'x'"),
        (ValueError("no", 1), "ValueError('no', 1)"),
        (dt.date(2024, 2, 29), "date('2024-02-29')"),
        (dt.datetime(2024, 2, 29, tzinfo=dt.UTC), "datetime('2024-02-29 00:00:00+00:00')"),
        (dt.timedelta(days=-1, seconds=1), "timedelta('-1 day, 0:00:01')"),
        (decimal.Decimal("1.50"), "Decimal('1.50')"),
        (fractions.Fraction(2, 4), "Fraction(1, 2)"),
        (np.int64(3), "3"),
        (np.float64("nan"), "nan"),
        (np.bool_(True), "True"),  # noqa: FBT003 - a value
        (np.array([[1, 2], [3, 4]]), "array([[1, 2], [3, 4]])"),
        (np.array(["a", None], dtype=object), "array(['a', None])"),
        (np.zeros((0, 3)), "array([])"),
        (pd.Series([1.0, None], name="s"), "Series([1.0, nan])"),
        (pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "DataFrame({'a': [1, 2], 'b': ['x', 'y']})"),
        (pd.Index([1, 2]), "array([1, 2])"),
        (pd.NA, "<NA>"),
        (pd.NaT, "<NA>"),
        (pd.Timestamp("2024-01-01"), "datetime('2024-01-01 00:00:00')"),
        (types.SimpleNamespace(a=1), "namespace(a=1)"),
        (slice(1, 2), "slice(1, 2, None)"),
        ({1: 2}.keys(), "dict_keys([1])"),
        (int, "<class 'int'>"),
    ],
)  # fmt: skip
def test_many_kinds_of_values(value: object, text: str) -> None:
    assert show(carried(value)) == text


def test_self_reference_is_carried_and_compared() -> None:
    one: list[object] = [1]
    one.append(one)
    other: list[object] = [1]
    other.append(other)
    assert show(carried(one)) == "[1, ...]"
    assert compare(carried(one), carried(other)).equal
    assert not compare(carried(one), carried([1, [1]])).equal


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: list(range(100_000)), "parts"),
        (lambda: {n: n for n in range(50_000)}, "parts"),
        (lambda: [[0] * 300] * 300, "parts"),
        (lambda: np.zeros((1000, 1000)), "parts"),
        (lambda: pd.DataFrame(np.zeros((1000, 100))), "parts"),
        (lambda: "x" * 2_000_000, "characters"),
        (lambda: b"x" * 2_000_000, "bytes"),
        (lambda: 1 << 100_000_000, "digits"),
        (lambda: nested(100_000), "deeper"),
    ],
)
def test_what_is_too_large_is_cut(make: Callable[[], object], reason: str) -> None:
    value = carried(make())
    assert isinstance(value, Cut)
    assert reason in value.reason


def nested(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


def test_the_deepest_value_that_is_written_can_be_read() -> None:
    levels = next(n for n in range(100) if isinstance(carried(nested(n)), Cut))
    assert levels > 50
    assert not isinstance(carried(nested(levels - 1)), Cut)


class Hostile:
    __module__ = "elsewhere"

    def __getattribute__(self, name: str) -> object:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise SystemError


class Posing:
    __module__ = "__main__"
    __class__ = int  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class FakeFloat(float):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = float.__hash__

    def __repr__(self) -> str:
        return "16.0"

    def __float__(self) -> float:
        return 16.0


class FakeList(list[int]):
    def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 - a learner's
        return iter([16])

    def __len__(self) -> int:
        return 1


class Meta(type):
    def __eq__(cls, other: object) -> bool:
        return True

    def __hash__(cls) -> int:
        return hash(int)

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        return "int"


class Masked(metaclass=Meta):
    def __int__(self) -> int:
        return 16


@pytest.mark.parametrize(
    ("liar", "wanted"),
    [
        (Posing(), 16),
        (FakeFloat(7.0), 16.0),
        (FakeList([7]), [16]),
        (Masked(), 16),
        ([FakeFloat(7.0)], [16.0]),
        ({FakeFloat(7.0)}, {16.0}),
    ],
)
def test_classes_that_lie_are_seen_through(liar: object, wanted: object) -> None:
    assert not compare(encode_plain(wanted), carried(liar)).equal


def test_a_value_that_resists_is_opaque() -> None:
    value = carried(Hostile())
    assert isinstance(value, Opaque)
    assert value.kind == "Hostile"
