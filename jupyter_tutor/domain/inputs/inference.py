"""What the inputs of a function look like, as far as its author's cases show: types, ranges, sizes.

The shape keeps to what the examples allow: no zero, no negative number, nothing empty and nothing
unsorted where there is none among them, because the task may have ruled them out. Bounds come from
all examples; what is inside of values (letters, words, numbers) from those that learners see.
"""

import math
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from typing import Final

from jupyter_tutor.domain.inputs.shapes import (
    LETTERS,
    Either,
    Fixed,
    Formatted,
    Many,
    Mapped,
    Number,
    Numeral,
    Record,
    Row,
    Shape,
    Text,
    fields_of,
    has_twins,
    in_order,
    is_sorted,
    is_whole,
    length_of,
    mask_of,
)


class Unknown(ValueError):
    """The examples are of a type that no shape describes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An example, and whether learners see it."""

    value: object
    shown: bool = True


def infer(examples: Sequence[Seen]) -> Shape:
    """Return the shape of some examples, at least one.

    Raises:
        Unknown: One is of a type that is not described.
    """
    groups: dict[str, list[Seen]] = {}
    for one in examples:
        groups.setdefault(_group(one.value), []).append(one)
    shapes = tuple(_SHAPES[name](groups[name]) for name in sorted(groups))
    return shapes[0] if len(shapes) == 1 else Either(shapes)


def _group(value: object) -> str:
    kind = type(value)
    if kind in (int, float):
        return "number"
    if kind in (bool, type(None)):
        return "fixed"
    if kind in (str, list, tuple, set, frozenset, dict):
        return kind.__name__
    raise Unknown(f"no shape for a {kind.__name__}")


def _fixed(examples: Sequence[Seen]) -> Shape:
    truth = (True, False) if any(isinstance(one.value, bool) for one in examples) else ()
    nothing = (None,) if any(one.value is None for one in examples) else ()
    return Fixed((*nothing, *truth))


def _number(examples: Sequence[Seen]) -> Number:
    numbers = [_as_number(one.value) for one in examples]
    if not all(math.isfinite(number) for number in numbers):
        raise Unknown("no shape for numbers that are none")
    low, high = min(numbers), max(numbers)
    # Where numbers differ, the least one is an example, not a border; 0 and less may be ruled out.
    low = 1 if 1 < low < high else low
    near = dict.fromkeys(_as_number(one.value) for one in examples if one.shown)
    return Number(low, high, tuple(near), max(map(_decimals, numbers)))


def _text(examples: Sequence[Seen]) -> Shape:
    texts = [str(one.value) for one in examples]
    shown = tuple(dict.fromkeys(str(one.value) for one in examples if one.shown))
    shortest, longest = _lengths(texts)
    if all(is_whole(text) for text in texts):
        seen = [Seen(int(text), shown=text in shown) for text in texts]
        return Numeral(_number(seen), longest)
    if shown and len(set(texts)) < len(texts) and all(text.isalpha() for text in texts):
        # Words that come again are names of something, such as days: others may mean nothing.
        return Fixed(shown)
    masks = {mask_of(text) for text in texts}
    if len(texts) > 2 and len(masks) == 1 and not all(text.isalnum() for text in texts):
        places = zip(*map(fields_of, shown or texts), strict=True)
        return Formatted(tuple(tuple(dict.fromkeys(known)) for known in places))
    letters = "".join(sorted({letter for text in shown for letter in text})) or LETTERS
    return Text(shortest, longest, shown, letters)


def _sequence(examples: Sequence[Seen]) -> Shape:
    kind = type(examples[0].value).__name__
    values = [_items(one.value) for one in examples]
    lengths = {len(value) for value in values}
    if len(lengths) == 1 and _is_row(kind, values):
        places = range(lengths.pop())
        parts = [
            [Seen(value[n], one.shown) for value, one in zip(values, examples, strict=True)]
            for n in places
        ]
        return Row(kind, tuple(infer(part) for part in parts))
    inner = [
        Seen(item, one.shown) for value, one in zip(values, examples, strict=True) for item in value
    ]
    telling = [value for value in values if len(value) > 1]
    shortest, longest = _lengths(values)
    return Many(
        kind=kind,
        item=infer(inner) if inner else None,
        shortest=shortest,
        longest=longest,
        ordered=len(telling) > 1 and all(is_sorted(value) for value in telling),
        distinct=len(telling) > 1 and not any(has_twins(value) for value in values),
        even=_are_even(values),
    )


def _dictionary(examples: Sequence[Seen]) -> Shape:
    pairs = [(one.value, one.shown) for one in examples if isinstance(one.value, dict)]
    keys = {tuple(value) for value, _ in pairs}
    if len(keys) == 1 and len(pairs) > 1 and (names := keys.copy().pop()):
        parts = {name: [Seen(value[name], shown) for value, shown in pairs] for name in names}
        return Record({name: infer(part) for name, part in parts.items()})
    inner = [Seen(key, shown) for value, shown in pairs for key in value]
    items = [Seen(item, shown) for value, shown in pairs for item in value.values()]
    shortest, longest = _lengths([value for value, _ in pairs])
    key, item = (infer(part) if part else None for part in (inner, items))
    return Mapped(key, item, shortest, longest)


_SHAPES: Final = {
    "fixed": _fixed,
    "number": _number,
    "str": _text,
    "list": _sequence,
    "tuple": _sequence,
    "set": _sequence,
    "frozenset": _sequence,
    "dict": _dictionary,
}


def _lengths(values: Sequence[Sized]) -> tuple[int, int]:
    """Return the least and the greatest length; where they differ, one item is enough."""
    lengths = [len(value) for value in values]
    shortest, longest = min(lengths), max(lengths)
    return (1 if 1 < shortest < longest else shortest), longest


def _is_row(kind: str, values: Sequence[Sequence[object]]) -> bool:
    """Whether values of one length are rows with places: tuples, or lists of mixed types."""
    if kind == "tuple":
        return True
    mixed = [len({_group(item) for item in value}) > 1 for value in values]
    return kind == "list" and len(values) > 1 and all(mixed)


def _are_even(values: Iterable[Sequence[object]]) -> bool:
    telling = [
        {length_of(item) for item in value}
        for value in values
        if len(value) > 1 and all(isinstance(item, list | tuple) for item in value)
    ]
    return bool(telling) and all(len(lengths) == 1 for lengths in telling)


def _items(value: object) -> list[object]:
    if isinstance(value, set | frozenset):
        return in_order(list(value))
    return list(value) if isinstance(value, list | tuple) else []


def _decimals(number: float) -> int:
    """Return how many decimals a number has, at most 3; 0 for a whole one."""
    if isinstance(number, int):
        return 0
    return next((digits for digits in (1, 2) if round(number, digits) == number), 3)


def _as_number(value: object) -> int | float:
    assert isinstance(value, int | float)
    return value
