"""Comparing an observed value with the expected one, as a teacher would.

The rules are written for authors in `notebooks/COMPARING.md`. Both sides are dead data; no code of
the learner runs here, so nothing a value's class defines can make it equal.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

from jupyter_tutor.domain.exercises import Tolerance
from jupyter_tutor.domain.number_comparison import numbers_equal
from jupyter_tutor.domain.phrases import note
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
    """Whether two things count as equal, and if not, the first difference.

    Attributes:
        equal: Whether they do.
        difference: In English words; `domain.differences` tells it in other languages.
        whole: Whether these words only say what was expected and what came instead.
    """

    equal: bool
    difference: str = ""
    whole: bool = False


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
    if found is None:
        return Comparison(equal=True)
    return Comparison(equal=False, difference=str(found), whole=found.whole)


def compare_output(expected: str, observed: str, tolerance: Tolerance | None = None) -> Comparison:
    """Compare printed output with the expected one; see `text_comparison.output_difference`."""
    difference = output_difference(expected, observed, tolerance)
    lines = max(len(text.strip().splitlines()) for text in (expected, observed))
    left, right = expected.strip(), observed.strip()
    values = note("difference.values", expected=f"'{left}'", got=f"'{right}'")
    whole = lines == 1 and difference == note("difference.line", n=1, what=values)
    return Comparison(not difference, difference, whole)


@dataclass(frozen=True, slots=True)
class _Difference:
    """What differs, and where: the steps from the whole value down to the part.

    Attributes:
        text: What was expected there and what was found.
        path: The steps.
        remark: A remark on it.
        whole: Whether the text is no more than the two values.
    """

    text: str
    path: tuple[str, ...] = ()
    remark: str = ""
    whole: bool = False

    def __str__(self) -> str:
        text = self.text
        if self.path:
            text = note("difference.at", path=", ".join(self.path), what=text)
        return note("difference.remark", what=text, note=self.remark) if self.remark else text

    def under(self, step: str) -> "_Difference":
        return replace(self, path=(step, *self.path), whole=False)


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
                return _Difference(note("difference.cut", reason=value.reason))
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
            found = text_difference(left, right)
            if found is None:
                return None
            return _Difference(found.values, remark=found.remark, whole=not found.remark)
        if _is_number(expected) and _is_number(got):
            same = numbers_equal(left, right, self.tolerance)  # type: ignore[arg-type]
            return None if same else _values(expected, got)
        if type(left) is type(right) and left == right:
            return None
        return _mismatch(expected, got)

    def _items(self, expected: Items, got: Items) -> _Difference | None:
        if expected.base in ("set", "frozenset"):
            return self._unordered(expected, got)
        if expected.names and got.names and expected.names != got.names:
            return _mismatch(expected, got)
        if expected.names:
            return self._sequence(expected.items, got.items, list(map(_field, expected.names)))
        return self._sequence(expected.items, got.items)

    def _sequence(
        self, expected: Sequence[Value], got: Sequence[Value], steps: Sequence[str] = ()
    ) -> _Difference | None:
        steps = steps or [note("difference.index", n=n) for n, _ in enumerate(expected)]
        more, less = len(got) > len(expected), len(got) < len(expected)
        lengths = note("difference.lengths", n=len(expected), m=len(got)) if more or less else ""
        for left, right, step in zip(expected, got, steps, strict=False):
            found = self.difference(left, right)
            if found is not None:
                return replace(found, remark=found.remark or lengths).under(step)
        if less:
            step, missing = steps[len(got)], _short(expected[len(got)])
            text = note("difference.missing_at", step=step, expected=missing)
            return _Difference(text, remark=lengths)
        if more:
            step, extra = note("difference.index", n=len(expected)), _short(got[len(expected)])
            return _Difference(note("difference.extra_at", step=step, got=extra), remark=lengths)
        return None

    def _unordered(self, expected: Items, got: Items) -> _Difference | None:
        _, missing, extra = self._matched(expected.items, got.items)
        if missing:
            text = note("difference.missing", value=_short(missing[0]))
            return _Difference(text, remark=_others(missing))
        if extra:
            text = note("difference.extra", value=_short(extra[0]))
            return _Difference(text, remark=_others(extra))
        return None

    def _pairs(self, expected: Pairs, got: Pairs) -> _Difference | None:
        wanted, found = [key for key, _ in expected.items], [key for key, _ in got.items]
        matches, missing, extra = self._matched(wanted, found)
        found_keys = _members(missing, extra, "difference.key")
        if found_keys is not None:
            return found_keys
        for left, right in sorted(matches):
            key, value = expected.items[left]
            difference = self.difference(value, got.items[right][1])
            if difference is not None:
                return difference.under(note("difference.key", value=_short(key)))
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
                return _Difference(note("difference.missing_step", step=_field(name)))
            for name in sorted(found - wanted):
                return _Difference(note("difference.extra_step", step=_field(name)))
            if len(expected.fields) != len(got.fields):
                return _mismatch(expected, got)
        values = dict(got.fields) if "" not in names else {}
        for number, (name, value) in enumerate(expected.fields):
            other = values.get(name, got.fields[number][1])
            difference = self.difference(value, other)
            if difference is not None:
                return difference.under(
                    _field(name) if name else note("difference.argument", n=number)
                )
        return None

    def _grid(self, expected: Grid, got: Grid) -> _Difference | None:
        if expected.shape != got.shape:
            return _Difference(note("difference.shapes", expected=expected.shape, got=got.shape))
        for number, (left, right) in enumerate(zip(expected.items, got.items, strict=True)):
            difference = self.difference(left, right)
            if difference is not None:
                place = _unravelled(number, expected.shape)
                return difference.under(f"[{', '.join(map(str, place))}]")
        return None

    def _column(self, expected: Column, got: Column) -> _Difference | None:
        name = self.difference(expected.name, got.name)
        if name is not None:
            return name.under(note("difference.series_name"))
        return self._index(expected.index, got.index) or self._rows(expected.items, got.items)

    def _table(self, expected: Table, got: Table) -> _Difference | None:
        _, missing, extra = self._matched(expected.columns, got.columns)
        members = _members(missing, extra, "difference.column")
        if members is not None:
            return members
        order = self._sequence(expected.columns, got.columns)
        if order is not None:
            return _Difference(note("difference.column_order", what=order))
        index = self._index(expected.index, got.index)
        if index is not None:
            return index
        for name, left, right in zip(expected.columns, expected.data, got.data, strict=True):
            difference = self._rows(left, right)
            if difference is not None:
                return difference.under(note("difference.column", value=_short(name)))
        return None

    def _index(self, expected: Sequence[Value], got: Sequence[Value]) -> _Difference | None:
        if len(expected) != len(got):
            return _Difference(note("difference.rows", n=len(expected), m=len(got)))
        rows = [note("difference.row", n=number) for number, _ in enumerate(expected)]
        difference = self._sequence(expected, got, rows)
        return None if difference is None else difference.under(note("difference.labels"))

    def _rows(self, expected: Sequence[Value], got: Sequence[Value]) -> _Difference | None:
        for number, (left, right) in enumerate(zip(expected, got, strict=True)):
            if _is_missing(left) and _is_missing(right):
                continue
            difference = self.difference(left, right)
            if difference is not None:
                return difference.under(note("difference.row", n=number))
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
        return _Difference(note("difference.incomparable", kind_got=_named(expected)))
    if isinstance(expected, Member) and isinstance(got, Member):
        same = (expected.kind, expected.name) == (got.kind, got.name)
        return None if same else _mismatch(expected, got)
    return None if type(expected) is type(got) and expected == got else _mismatch(expected, got)


def _mismatch(expected: Value, got: Value) -> _Difference:
    left, right = _named(expected), _named(got)
    if left == right or "None" in (left, right):
        return _values(expected, got)
    return _Difference(
        note("difference.kinds", kind_expected=left, kind_got=right, got=_short(got))
    )


def _values(expected: Value, got: Value) -> _Difference:
    text = note("difference.values", expected=_short(expected), got=_short(got))
    return _Difference(text, whole=True)


def _members(missing: Sequence[Value], extra: Sequence[Value], step: str) -> _Difference | None:
    """Say which key or column is not on both sides, by the phrase of its step."""
    for values, key in ((missing, "difference.missing_step"), (extra, "difference.extra_step")):
        if values:
            text = note(key, step=note(step, value=_short(values[0])))
            return _Difference(text, remark=_others(values))
    return None


def _named(value: Value) -> str:
    """Return what a value is, with its article: `a list`, `an int`, `a pandas DataFrame`."""
    match value:
        case Plain(None, _):
            return "None"
        case Grid():
            kind = "numpy array"
        case Column():
            kind = "pandas Series"
        case Table():
            kind = "pandas DataFrame"
        case Span():
            kind = "range"
        case Items(base, _, name) if base != name:
            kind = f"{name} (a kind of {base})"
        case Plain() | Items() | Pairs() | Fields() | Member() | Opaque() | Cut():
            kind = value.kind
        case _:
            kind = "missing value" if isinstance(value, Missing) else "cycle"
    vowel = kind[:1].lower() in tuple("aeiou")
    return note("difference.an" if vowel else "difference.a", kind=kind)


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


def _field(name: str) -> str:
    return note("difference.field", name=name)


def _others(values: Sequence[Value]) -> str:
    return "" if len(values) == 1 else note("difference.others", n=len(values) - 1)


def _unravelled(number: int, shape: Sequence[int]) -> Iterator[int]:
    """Return the position in an array of the element with a number in C order."""
    place = []
    for size in reversed(shape):
        number, rest = divmod(number, size)
        place.append(rest)
    return reversed(place)
