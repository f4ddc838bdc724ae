"""Containers that tests have read from names and attributes of the answer, and changed.

They came by value. What a test makes of one is told before the answer is next asked, and its own
container is brought to that, if it is still as the test had read it.
"""

from collections.abc import Callable
from typing import Any

from .packing import Packed

_MOST = 8
_MOST_LETTERS = 4_000
_KINDS = (list, dict, set)

Pack = Callable[[object], Packed]


class Views:
    """On the tests' side: remembers what was read."""

    def __init__(self, pack: Pack) -> None:
        """Create one.

        Args:
            pack: Packs a value for the answer.
        """
        self._pack = pack
        self._read: dict[str, tuple[Packed, Any, Packed]] = {}

    def forget(self) -> None:
        """Begin anew."""
        self._read.clear()

    def remember(self, place: tuple[object, ...], value: object) -> None:
        """Remember what was read, if it is a container of moderate size.

        Args:
            place: `"name"` and a name, or `"get"`, an object and the name of its attribute.
            value: What was there.
        """
        if type(value) in _KINDS:
            before, packed_place = self._pack(value), self._pack(list(place))
            if len(str(before)) <= _MOST_LETTERS:
                self._read[str(packed_place)] = packed_place, value, before
                if len(self._read) > _MOST:
                    del self._read[next(iter(self._read))]

    def changed(self) -> list[Packed]:
        """Return the places of what has changed, with what was there and what is to be."""
        found = []
        for key, (place, value, before) in self._read.items():
            now = self._pack(value)
            if now != before:
                self._read[key] = place, value, now
                found.append([place, before, now])
        return found
