"""Shapes of inputs: what values of a kind look like, how to draw one, and whether a value is one.

Inferred from examples by `inputs.inference`.
"""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

Item = TypeVar("Item")

LETTERS: Final = "abc"
_MOST_ITEMS: Final = 6
_SPREADS: Final = (3, 12, 100, 10_000)
_SHARE_REPEATED = 0.4


class Shape(Protocol):
    """What values look like."""

    def admits(self, value: object) -> bool:
        """Whether a value is of this shape."""

    def draw(self, source: random.Random, size: int) -> object:
        """Return a value of it, small for size 0, larger up to size 3."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """One of a few values that have no order, such as None and truth values."""

    values: tuple[object, ...]

    def admits(self, value: object) -> bool:
        """Whether it is one of them, of the same type."""
        return any(type(one) is type(value) and one == value for one in self.values)

    def draw(self, source: random.Random, size: int) -> object:  # noqa: ARG002 - all are small
        """Return one of them."""
        return source.choice(self.values)


@dataclass(frozen=True, slots=True)
class Number:
    """Numbers within a range.

    Attributes:
        low: The smallest allowed.
        high: The largest allowed.
        near: Numbers that learners see.
        digits: How many decimals they may have; 0 for whole numbers.
    """

    low: float
    high: float
    near: tuple[float, ...] = ()
    digits: int = 0

    def admits(self, value: object) -> bool:
        """Whether it is a number of this kind in the range."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        if not self.low <= value <= self.high:
            return False
        return isinstance(value, int) or (self.digits > 0 and round(value, self.digits) == value)

    def draw(self, source: random.Random, size: int) -> int | float:
        """Return a number: an edge, one near those seen, or any."""
        edges = [n for n in (0, 1, 2, -1, 10) if self.low <= n <= self.high]
        beside = [n + step for n in self.near for step in (-1, 0, 1) if self.admits(n + step)]
        kind = source.random()
        if edges and kind < 0.3:
            return source.choice(edges)
        if beside and kind < 0.3 + 0.1 * size:
            return source.choice(beside)
        spread = _SPREADS[min(size, len(_SPREADS) - 1)]
        low = max(self.low, min(self.high, -spread))
        high = min(self.high, max(self.low, low if low > spread else spread))
        if low == self.low and high <= low:
            high = min(self.high, low + spread)
        number = source.randint(_up(low), max(_up(low), int(high)))
        fraction = source.choice((0.5, 0.25, 0.1)) if self.digits and kind > 0.6 else 0
        other = round(number + fraction, self.digits) if fraction else number
        return other if self.admits(other) else number


@dataclass(frozen=True, slots=True)
class Text:
    """Texts of some letters and lengths.

    Attributes:
        shortest: The least length.
        longest: The greatest length.
        samples: Texts that learners see.
        letters: What they are made of.
    """

    shortest: int
    longest: int
    samples: tuple[str, ...] = ()
    letters: str = LETTERS

    def admits(self, value: object) -> bool:
        """Whether it is a text of these letters and lengths."""
        if not isinstance(value, str) or not self.shortest <= len(value) <= self.longest:
            return False
        return all(letter in self.letters for letter in value)

    def draw(self, source: random.Random, size: int) -> str:
        """Return one that is seen, one like it with a change, or any."""
        if self.samples and source.random() < 0.7:
            text = source.choice(self.samples)
            for _ in range(source.randint(0, 2) if size else 1):
                text = changed_text(text, source, self.letters, self.samples)
            return text if self.admits(text) else source.choice(self.samples)
        most = min(self.longest, max(self.shortest, 2 + 2 * size))
        length = source.randint(self.shortest, most)
        return "".join(source.choice(self.letters) for _ in range(length))


@dataclass(frozen=True, slots=True)
class Numeral:
    """Texts that are whole numbers."""

    number: Number
    longest: int

    def admits(self, value: object) -> bool:
        """Whether it is one, of a number in the range."""
        fits = isinstance(value, str) and len(value) <= self.longest and is_whole(value)
        return fits and self.number.admits(int(str(value)))

    def draw(self, source: random.Random, size: int) -> str:
        """Return one."""
        return str(self.number.draw(source, size))


@dataclass(frozen=True, slots=True)
class Formatted:
    """Texts of one form, such as times, made of the fields of those that learners see.

    Attributes:
        fields: What stands at each place, in the order of the text: `09`, `:`, `30`.
    """

    fields: tuple[tuple[str, ...], ...]

    def admits(self, value: object) -> bool:
        """Whether each field of it is known at its place."""
        if not isinstance(value, str):
            return False
        parts = fields_of(value)
        return len(parts) == len(self.fields) and all(
            part in known for part, known in zip(parts, self.fields, strict=True)
        )

    def draw(self, source: random.Random, size: int) -> str:  # noqa: ARG002 - all are of one size
        """Return one."""
        return "".join(source.choice(known) for known in self.fields)


@dataclass(frozen=True, slots=True)
class Many:
    """Lists, tuples and sets of any number of items of one shape.

    Attributes:
        kind: Name of the type.
        item: The shape of the items; None where every example is empty.
        shortest: The least number of items.
        longest: The greatest.
        ordered: Whether items come in order.
        distinct: Whether no item comes twice.
        even: Whether the items, which are containers, are all of one length.
    """

    kind: str
    item: Shape | None
    shortest: int
    longest: int
    ordered: bool = False
    distinct: bool = False
    even: bool = False

    def admits(self, value: object) -> bool:
        """Whether it is a container of this kind with such items."""
        if type(value).__name__ != self.kind or not isinstance(
            value, list | tuple | set | frozenset
        ):
            return False
        items = list(value)
        if not self.shortest <= len(items) <= self.longest:
            return False
        if any(self.item is None or not self.item.admits(one) for one in items):
            return False
        if self.even and len({length_of(one) for one in items}) > 1:
            return False
        if self.ordered and not is_sorted(items):
            return False
        return not self.distinct or not has_twins(items)

    def draw(self, source: random.Random, size: int) -> object:
        """Return one, often with an item twice."""
        most = min(self.longest, max(self.shortest, 1 + size, 0), _MOST_ITEMS + self.shortest)
        length = source.randint(min(self.shortest, most), most)
        items = [self.item.draw(source, size) for _ in range(length)] if self.item else []
        if len(items) > 1 and not self.distinct and source.random() < _SHARE_REPEATED:
            items[source.randrange(len(items))] = source.choice(items)
        if self.distinct:
            items = [one for n, one in enumerate(items) if one not in items[:n]]
        if self.ordered:
            items = in_order(items)
        if self.even and items:
            least = min(length_of(one) for one in items)
            items = [one[:least] if isinstance(one, list | tuple | str) else one for one in items]
        return _made(self.kind, items)


@dataclass(frozen=True, slots=True)
class Row:
    """Lists or tuples of a fixed length, each place with a shape of its own."""

    kind: str
    places: tuple[Shape, ...]

    def admits(self, value: object) -> bool:
        """Whether it is one of this length with such places."""
        if type(value).__name__ != self.kind or not isinstance(value, list | tuple):
            return False
        return len(value) == len(self.places) and all(
            shape.admits(one) for shape, one in zip(self.places, value, strict=True)
        )

    def draw(self, source: random.Random, size: int) -> object:
        """Return one."""
        return _made(self.kind, [shape.draw(source, size) for shape in self.places])


@dataclass(frozen=True, slots=True)
class Record:
    """Dictionaries with the same keys, each with a shape of its own."""

    fields: Mapping[object, Shape]

    def admits(self, value: object) -> bool:
        """Whether it is one with these keys."""
        if type(value) is not dict or list(value) != list(self.fields):
            return False
        return all(shape.admits(value[key]) for key, shape in self.fields.items())

    def draw(self, source: random.Random, size: int) -> object:
        """Return one."""
        return {key: shape.draw(source, size) for key, shape in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Mapped:
    """Dictionaries of any number of keys of one shape, with values of one shape."""

    key: Shape | None
    item: Shape | None
    shortest: int
    longest: int

    def admits(self, value: object) -> bool:
        """Whether it is one with such keys and values."""
        if type(value) is not dict or not self.shortest <= len(value) <= self.longest:
            return False
        if self.key is None or self.item is None:
            return not value
        key, item = self.key, self.item
        return all(key.admits(one) and item.admits(other) for one, other in value.items())

    def draw(self, source: random.Random, size: int) -> object:
        """Return one."""
        if self.key is None or self.item is None:
            return {}
        most = min(self.longest, max(self.shortest, 1 + size))
        drawn: dict[object, object] = {}
        for _ in range(source.randint(self.shortest, most)):
            drawn[self.key.draw(source, size)] = self.item.draw(source, size)
        return drawn


@dataclass(frozen=True, slots=True)
class Either:
    """Values of one of several shapes."""

    options: tuple[Shape, ...] = field(default_factory=tuple)

    def admits(self, value: object) -> bool:
        """Whether it is of one of them."""
        return any(shape.admits(value) for shape in self.options)

    def draw(self, source: random.Random, size: int) -> object:
        """Return one of any of them."""
        return source.choice(self.options).draw(source, size)


def _made(kind: str, items: list[object]) -> object:
    makers = {"tuple": tuple, "set": set, "frozenset": frozenset}
    return makers[kind](items) if kind in makers else items


def _up(number: float) -> int:
    return int(number) if number <= int(number) else int(number) + 1


def length_of(value: object) -> int:
    """Return how many items a value has; -1 for one without items."""
    return len(value) if isinstance(value, list | tuple | str | set | frozenset | dict) else -1


def is_sorted(items: Sequence[object]) -> bool:
    """Whether items come in order; also those that have none."""
    return list(items) == in_order(list(items))


def in_order(items: list[Item]) -> list[Item]:
    """Return items sorted, or as they are where they can't be."""
    try:
        return sorted(items)  # type: ignore[type-var]
    except TypeError:
        return items


def has_twins(items: Sequence[object]) -> bool:
    """Whether an item comes twice."""
    return any(one in items[:number] for number, one in enumerate(items))


def is_whole(text: str) -> bool:
    """Whether a text is a whole number of digits alone."""
    return text.isascii() and text.isdigit() and len(text) < 15


def fields_of(text: str) -> list[str]:
    """Return the fields of a text, and what stands between them: `09`, `:`, `30`."""
    return re.findall(r"[^\W_]+|[\W_]", text)


def changed_text(text: str, source: random.Random, letters: str, samples: Sequence[str]) -> str:
    """Return a text with one change, as learners' inputs differ: a letter more, less or other."""
    at = source.randrange(len(text) + 1)
    match source.randrange(6):
        case 0:
            return text[:at] + text[at + 1 :]
        case 1:
            return text[:at] + text[at : at + 1] * 2 + text[at + 1 :]
        case 2:
            return text[:at] + source.choice(letters) + text[at + 1 :]
        case 3:
            return text[:at] + source.choice(letters) + text[at:]
        case 4:
            return text[:at] if source.random() < 0.5 else text[at:]
        case _:
            other = source.choice(samples)
            return text[:at] + other[source.randrange(len(other) + 1) :]


def mask_of(text: str) -> str:
    """Return a text with its digits as 9 and its letters as a or A."""
    return "".join(
        "9" if mark.isdigit() else "A" if mark.isupper() else "a" if mark.isalpha() else mark
        for mark in text
    )
