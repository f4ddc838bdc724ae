"""Comparing an observed value with the expected one, as a teacher would.

The rules are written for authors in `notebooks/COMPARING.md`. Both sides are dead data; no code of
the learner runs here, so nothing a value's class defines can make it equal.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

from jupyter_tutor.domain.exercises import Tolerance
from jupyter_tutor.domain.number_comparison import numbers_equal
from jupyter_tutor.domain.text_comparison import output_difference, text_difference
from jupyter_tutor.domain.value_forms import (
    Column,
    Cut,
    Fields,
    Grid,
    Items,
    Member,
    Missing,
    Opaque,
    Pairs,
    Plain,
    Span,
    Table,
    Value,
)
from jupyter_tutor.domain.values import Encoded, decode, show

_MAX_TRIES = 10_000
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether two things count as equal, and if not, the first difference in words."""

    equal: bool
    difference: str = ""


def compare(
    expected: Value | Encoded, observed: Value | Encoded, tolerance: Tolerance | None = None
) -> Comparison:
    """Compare an observed value with the expected one.

    Args:
        expected: The author's value, encoded or decoded.
        observed: The value a run showed, encoded or decoded.
        tolerance: For floats anywhere inside; None means the default of `Tolerance`.

    Raises:
        InvalidInput: One of them breaks the encoding of `domain.values`.
    """
    left = decode(expected) if isinstance(expected, Mapping) else expected
    right = decode(observed) if isinstance(observed, Mapping) else observed
    found = _Comparer(tolerance or Tolerance()).difference(left, right)
    return Comparison(found is None, "" if found is None else str(found))


def compare_output(expected: str, observed: str, tolerance: Tolerance | None = None) -> Comparison:
    """Compare printed output with the expected one; see `text_comparison.output_difference`."""
    difference = output_difference(expected, observed, tolerance)
    return Comparison(not difference, difference)


@dataclass(frozen=True, slots=True)
class _Difference:
    """What differs, and where: the steps from the whole value down to the part."""

    text: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{', '.join(self.path)}: {self.text}" if self.path else self.text

    def under(self, step: str) -> "_Difference":
        return _Difference(self.text, (step, *self.path))


class _Comparer:
    """Finds the first difference under one tolerance."""

    def __init__(self, tolerance: Tolerance) -> None:
        self.tolerance = tolerance

    def equal(self, expected: Value, got: Value) -> bool:
        return self.difference(expected, got) is None

    def difference(self, expected: Value, got: Value) -> _Difference | None:
        expected, got = _unwrapped(expected), _unwrapped(got)
        for value in (expected, got):
            if isinstance(value, Cut):
                return _Difference(f"the value can't be compared: {value.reason}")
        match expected, got:
            case Plain(), Plain():
                return self._plain(expected, got)
            case Items(), Items() if expected.base == got.base:
                return self._items(expected, got)
            case Items(), Items() if {expected.base, got.base} == {"set", "frozenset"}:
                return self._unordered(expected, got)
            case Pairs(), Pairs():
                return self._pairs(expected, got)
            case Span(), Span():
                left, right = (range(s.start, s.stop, s.step) for s in (expected, got))
                return None if left == right else _mismatch(expected, got)
            case Fields(), Fields() if expected.kind == got.kind:
                return self._fields(expected, got)
            case Grid(), Grid():
                return self._grid(expected, got)
            case Column(), Column():
                return self._column(expected, got)
            case Table(), Table():
                return self._table(expected, got)
            case _:
                return _rest(expected, got)

    def _plain(self, expected: Plain, got: Plain) -> _Difference | None:
        left, right = expected.value, got.value
        if isinstance(left, str) and isinstance(right, str):
            text = text_difference(left, right)
            return _Difference(text) if text else None
        if _is_number(expected) and _is_number(got):
            same = numbers_equal(left, right, self.tolerance)  # type: ignore[arg-type]
            return None if same else _Difference(f"expected {_short(expected)}, got {_short(got)}")
        if type(left) is type(right) and left == right:
            return None
        return _mismatch(expected, got)

    def _items(self, expected: Items, got: Items) -> _Difference | None:
        if expected.base in ("set", "frozenset"):
            return self._unordered(expected, got)
        if expected.names and got.names and expected.names != got.names:
            return _mismatch(expected, got)
        names = expected.names or tuple(f"item {n}" for n in range(len(expected.items)))
        return self._sequence(expected.items, got.items, names, "item")

    def _sequence(
        self, expected: Sequence[Value], got: Sequence[Value], names: Sequence[str], one: str
    ) -> _Difference | None:
        sizes = f"expected {_count(len(expected), one)}, got {len(got)}"
        for left, right, name in zip(expected, got, names, strict=False):
            found = self.difference(left, right)
            if found is not None:
                note = "" if len(expected) == len(got) else f" ({sizes})"
                return _Difference(found.text + note, found.path).under(name)
        if len(expected) > len(got):
            missing = _short(expected[len(got)])
            return _Difference(f"{names[len(got)]} is missing: expected {missing} ({sizes})")
        if len(expected) < len(got):
            extra = _short(got[len(expected)])
            return _Difference(f"{one} {len(expected)} is not expected: got {extra} ({sizes})")
        return None

    def _unordered(self, expected: Items, got: Items) -> _Difference | None:
        _, missing, extra = self._matched(expected.items, got.items)
        if missing:
            return _Difference(f"{_short(missing[0])} is missing{_others(missing)}")
        if extra:
            return _Difference(f"{_short(extra[0])} is not expected{_others(extra)}")
        return None

    def _pairs(self, expected: Pairs, got: Pairs) -> _Difference | None:
        wanted, found = [key for key, _ in expected.items], [key for key, _ in got.items]
        matches, missing, extra = self._matched(wanted, found)
        if missing:
            return _Difference(f"key {_short(missing[0])} is missing{_others(missing)}")
        if extra:
            return _Difference(f"key {_short(extra[0])} is not expected{_others(extra)}")
        for left, right in sorted(matches):
            key, value = expected.items[left]
            difference = self.difference(value, got.items[right][1])
            if difference is not None:
                return difference.under(f"key {_short(key)}")
        return None

    def _matched(
        self, expected: Sequence[Value], got: Sequence[Value]
    ) -> tuple[list[tuple[int, int]], list[Value], list[Value]]:
        """Match elements regardless of order: pairs of positions, what is missing, what is extra.

        Equal keys match at once; the few that are left are tried pairwise, for floats.
        """
        places: dict[Hashable, list[int]] = {}
        for number, value in reversed(list(enumerate(got))):
            places.setdefault(_key(value), []).append(number)
        matches, left = [], []
        for number, value in enumerate(expected):
            same = places.get(_key(value))
            if same:
                matches.append((number, same.pop()))
            else:
                left.append(number)
        rest = sorted(number for numbers in places.values() for number in numbers)
        if len(left) * len(rest) <= _MAX_TRIES:
            for a, b in list(product(left, rest)):
                if a in left and b in rest and self.equal(expected[a], got[b]):
                    matches.append((a, b))
                    left.remove(a)
                    rest.remove(b)
        return matches, [expected[n] for n in left], [got[n] for n in rest]

    def _fields(self, expected: Fields, got: Fields) -> _Difference | None:
        names = [name for name, _ in expected.fields]
        if names != [name for name, _ in got.fields]:
            wanted, found = set(names), {name for name, _ in got.fields}
            for name in sorted(wanted - found):
                return _Difference(f"field {name} is missing")
            for name in sorted(found - wanted):
                return _Difference(f"field {name} is not expected")
            if len(expected.fields) != len(got.fields):
                return _mismatch(expected, got)
        values = dict(got.fields) if "" not in names else {}
        for number, (name, value) in enumerate(expected.fields):
            other = values.get(name, got.fields[number][1])
            difference = self.difference(value, other)
            if difference is not None:
                return difference.under(f"field {name}" if name else f"argument {number}")
        return None

    def _grid(self, expected: Grid, got: Grid) -> _Difference | None:
        if expected.shape != got.shape:
            return _Difference(f"expected shape {expected.shape}, got shape {got.shape}")
        for number, (left, right) in enumerate(zip(expected.items, got.items, strict=True)):
            difference = self.difference(left, right)
            if difference is not None:
                place = _unravelled(number, expected.shape)
                return difference.under(f"at [{', '.join(map(str, place))}]")
        return None

    def _column(self, expected: Column, got: Column) -> _Difference | None:
        name = self.difference(expected.name, got.name)
        if name is not None:
            return name.under("name")
        return self._index(expected.index, got.index) or self._rows(expected.items, got.items)

    def _table(self, expected: Table, got: Table) -> _Difference | None:
        _, missing, extra = self._matched(expected.columns, got.columns)
        if missing:
            return _Difference(f"column {_short(missing[0])} is missing{_others(missing)}")
        if extra:
            return _Difference(f"column {_short(extra[0])} is not expected{_others(extra)}")
        order = self._sequence(expected.columns, got.columns, _numbered(expected.columns), "column")
        if order is not None:
            return _Difference(f"the columns are in another order: {order}")
        index = self._index(expected.index, got.index)
        if index is not None:
            return index
        for name, left, right in zip(expected.columns, expected.data, got.data, strict=True):
            difference = self._rows(left, right)
            if difference is not None:
                return difference.under(f"column {_short(name)}")
        return None

    def _index(self, expected: Sequence[Value], got: Sequence[Value]) -> _Difference | None:
        if len(expected) != len(got):
            return _Difference(f"expected {_count(len(expected), 'row')}, got {len(got)}")
        difference = self._sequence(expected, got, _numbered(expected), "row")
        return None if difference is None else difference.under("index")

    def _rows(self, expected: Sequence[Value], got: Sequence[Value]) -> _Difference | None:
        for number, (left, right) in enumerate(zip(expected, got, strict=True)):
            if _is_missing(left) and _is_missing(right):
                continue
            difference = self.difference(left, right)
            if difference is not None:
                return difference.under(f"row {number}")
        return None


def _unwrapped(value: Value) -> Value:
    """Return the element of an array without dimensions, which is a number to everybody."""
    return value.items[0] if isinstance(value, Grid) and not value.shape else value


def _is_number(value: Plain) -> bool:
    return isinstance(value.value, bool | int | float | complex | Decimal | Fraction)


def _is_missing(value: Value) -> bool:
    if isinstance(value, Missing):
        return True
    return isinstance(value, Plain) and (value.value is None or value.value != value.value)


def _rest(expected: Value, got: Value) -> _Difference | None:
    """Compare what has no rule of its own: equal data, and no address that only looks equal."""
    if isinstance(expected, Opaque) and " at 0x" in expected.repr:
        return _Difference(f"{_named(expected)} can't be compared")
    if isinstance(expected, Member) and isinstance(got, Member):
        same = (expected.kind, expected.name) == (got.kind, got.name)
        return None if same else _mismatch(expected, got)
    return None if type(expected) is type(got) and expected == got else _mismatch(expected, got)


def _mismatch(expected: Value, got: Value) -> _Difference:
    left, right = _named(expected), _named(got)
    if left == right or "None" in (left, right):
        return _Difference(f"expected {_short(expected)}, got {_short(got)}")
    return _Difference(f"expected {left}, got {right}: {_short(got)}")


def _named(value: Value) -> str:
    """Return what a value is, with its article: `a list`, `an int`, `a pandas DataFrame`."""
    match value:
        case Plain(None, _):
            return "None"
        case Grid():
            return "a numpy array"
        case Column():
            return "a pandas Series"
        case Table():
            return "a pandas DataFrame"
        case Span():
            return "a range"
        case Items(base, _, kind) if base != kind:
            return f"a {kind} (a kind of {base})"
        case Plain() | Items() | Pairs() | Fields() | Member() | Opaque() | Cut():
            return f"{'an' if value.kind[:1].lower() in 'aeiou' else 'a'} {value.kind}"
        case _:
            return "a missing value" if isinstance(value, Missing) else "a cycle"


def _key(value: Value) -> Hashable:
    """Return what equal values, and True, 1 and 1.0, have in common."""
    value = _unwrapped(value)
    if isinstance(value, Plain):
        inner = value.value
        if inner != inner:
            return ("nan", repr(inner) if isinstance(inner, complex) else "")
        return (isinstance(inner, str | bytes), inner)
    if isinstance(value, Items) and "set" in value.base:
        return ("set", frozenset(_key(item) for item in value.items))
    if isinstance(value, Items):
        return (value.base, tuple(_key(item) for item in value.items))
    return value


def _short(value: Value) -> str:
    return show(value, _SHOWN)


def _count(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _others(values: Sequence[Value]) -> str:
    return "" if len(values) == 1 else f" (and {len(values) - 1} more)"


def _numbered(values: Iterable[Value]) -> list[str]:
    return [f"item {number}" for number, _ in enumerate(values)]


def _unravelled(number: int, shape: Sequence[int]) -> Iterator[int]:
    """Return the position in an array of the element with a number in C order."""
    place = []
    for size in reversed(shape):
        number, rest = divmod(number, size)
        place.append(rest)
    return reversed(place)
