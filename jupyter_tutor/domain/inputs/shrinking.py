"""Making inputs smaller: how heavy a value is, and the lighter ones beside it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeVar

Item = TypeVar("Item")
Weight = tuple[int, int, float, int, str]

_MOST_PLACES: Final = 12
"""Items of a container, and letters of a text, that are tried one by one."""


def weight(value: object) -> Weight:
    """Return how heavy a value is: fewest elements first, then short texts, then small numbers."""
    elements, letters, size, odd = 0, 0, 0.0, 0
    for leaf in _leaves(value):
        elements += 1
        if isinstance(leaf, str):
            letters += len(leaf)
            odd += sum(not ("a" <= letter <= "z" or letter == " ") for letter in leaf)
        elif isinstance(leaf, int | float) and not isinstance(leaf, bool):
            size += abs(leaf)
            odd += (leaf < 0) + 2 * (not float(leaf).is_integer())
    return elements, letters, size, odd, repr(value)


def simpler_values(value: object) -> Iterator[object]:
    """Yield values of the same type that are lighter, or lead to lighter ones."""
    match value:
        case int() | float() if not isinstance(value, bool):
            yield from _simpler_number(value)
        case str():
            yield from pieces_out(value)
            yield from (
                value[:n] + "a" + value[n + 1 :] for n in range(min(len(value), _MOST_PLACES))
            )
            yield value.lower()
        case list() | tuple():
            yield from pieces_out(value)
            for number, item in enumerate(value[:_MOST_PLACES]):
                for other in simpler_values(item):
                    yield type(value)([*value[:number], other, *value[number + 1 :]])
        case set() | frozenset():
            items = sorted(value, key=repr)
            yield from (type(value)(part) for part in pieces_out(items))
        case dict():
            keys = list(value)
            yield from ({key: value[key] for key in part} for part in pieces_out(keys))
            for key, item in list(value.items())[:_MOST_PLACES]:
                yield from ({**value, key: other} for other in simpler_values(item))


def _simpler_number(value: float) -> Iterator[int | float]:
    whole = isinstance(value, int)
    if not whole:
        yield from (int(value), round(value, 1), round(value / 2, 1), round(value, 2))
        return
    yield from (0, 1, 2, -value if value < 0 else 1)
    yield from (int(value / 2), value - 1 if value > 0 else value + 1)
    yield from (int(value - value / part) for part in (4, 16) if abs(value) >= part)
    # Digits at the end often do not matter.
    yield from (value // 10, value // 10 * 10)


def pieces_out(value: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield a sequence with a piece taken out: all, a half, a quarter and so on down to one."""
    size = len(value)
    while size > 0:
        yield from (joined(value[:n], value[n + size :]) for n in range(0, len(value), size))
        size //= 2


def joined(left: Sequence[Item], right: Sequence[Item]) -> Sequence[Item]:
    """Return two sequences of one type as one of that type."""
    return left + right  # type: ignore[operator, no-any-return]  # no protocol has `+`


def _leaves(value: object) -> Iterator[object]:
    """Yield what is in a value; each item of a container counts once more, as an element."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from (None, *_leaves(key), *_leaves(item))
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from (None, *_leaves(item))
    else:
        yield value
