"""Values on their way between an answer and its tests: typed JSON that executes nothing.

Exactly the types named here travel by value: what claims to be one of them by subclassing does not.
Everything else stays where it is, and a handle travels instead (`Packer.export`).
"""

import re
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PosixPath
from typing import Any, Protocol
from uuid import UUID

from .tabular import (
    library_writer,
    read_array,
    read_categories,
    read_frame,
    read_index,
    read_object_array,
    read_series,
    read_timedelta,
)

MAX_PARTS = 200_000
MAX_DEPTH = 60
MAX_TEXT = 4_000_000

Packed = list[Any]

_EXACT_INT = 2**53
_CHANGEABLE = ("numpy", "pandas", "collections")
_CONTAINERS = (list, dict, set, bytearray)
_FACTORIES: dict[str, type] = {kind.__name__: kind for kind in (int, float, str, list, dict, set)}


class TooLarge(Exception):
    """The value exceeds a limit, or contains itself."""


class Malformed(Exception):
    """What arrived is no packed value."""


class Made(Protocol):
    """What packs objects of classes that both sides have."""

    def begin(self) -> None:
        """Begin a message."""

    def part(self, value: object, pack: Callable[[object], Packed]) -> Packed | None:
        """Refer to an object; None if it is of no such class."""

    def table(self, pack: Callable[[object], Packed]) -> Packed:
        """Return the objects that the message refers to."""


class Packer:
    """Packs values on one side and unpacks those of the other."""

    def __init__(
        self,
        export: Callable[[object], Packed],
        resolve: Callable[[Packed], object],
        known: Callable[[object], Packed | None] = lambda _: None,
        made: "Made | None" = None,
    ) -> None:
        """Create one.

        Args:
            export: Packs what does not travel by value.
            resolve: Finds, or stands in for, what did not travel by value.
            known: Refers to an object that the other side has itself, if it is one.
            made: Packs objects of classes that both sides have.
        """
        self._export = export
        self._resolve = resolve
        self._known = known
        self._made = made
        self._left = 0
        self._text = 0
        self._open: set[int] = set()
        self._writers: dict[type, Callable[[Any], Packed]] = {
            bool: lambda value: ["b", value],
            int: self._int,
            float: lambda value: ["f", value.hex()],
            complex: lambda value: ["c", value.real.hex(), value.imag.hex()],
            str: lambda value: ["s", self.words(value)],
            bytes: lambda value: ["y", self.words(value.hex())],
            bytearray: lambda value: ["Y", self.words(value.hex())],
            list: lambda value: ["l", self._all(value)],
            tuple: lambda value: ["t", self._all(value)],
            set: lambda value: ["S", self._all(value)],
            frozenset: lambda value: ["F", self._all(value)],
            dict: lambda value: ["d", self._pairs(value)],
            deque: lambda value: ["q", self._all(value), value.maxlen],
            Counter: lambda value: ["C", self._pairs(value)],
            OrderedDict: lambda value: ["O", self._pairs(value)],
            defaultdict: self._defaultdict,
            range: lambda value: ["r", *map(self._int, (value.start, value.stop, value.step))],
            slice: lambda value: ["sl", *map(self.part, (value.start, value.stop, value.step))],
            Decimal: lambda value: ["D", self.words(str(value))],
            Fraction: lambda value: ["Q", self._int(value.numerator), self._int(value.denominator)],
            datetime: lambda value: ["dt", value.isoformat()],
            date: lambda value: ["da", value.isoformat()],
            time: lambda value: ["ti", value.isoformat()],
            timedelta: lambda value: ["td", value.days, value.seconds, value.microseconds],
            UUID: lambda value: ["u", str(value)],
            PosixPath: lambda value: ["p", self.words(str(value))],
            re.Pattern: self._pattern,
            type(Ellipsis): lambda _: ["e"],
            type(NotImplemented): lambda _: ["ni"],
        }

    def pack(self, value: object) -> Packed:
        """Pack a value; what is too large or contains itself is exported as a whole."""
        self._left, self._text = MAX_PARTS, MAX_TEXT
        self._open.clear()
        if self._made is not None:
            self._made.begin()
        try:
            packed = self.part(value)
            table = [] if self._made is None else self._made.table(self.part)
            return ["with", table, packed] if table else packed
        except TooLarge:
            if self._made is not None:
                self._made.begin()
            return self._export(value)

    def part_of_it(self, value: object) -> Packed:
        """Pack a value of its own in a message of several; what is too large is exported."""
        self._left, self._text = MAX_PARTS, MAX_TEXT
        self._open.clear()
        try:
            return self.part(value)
        except TooLarge:
            return self._export(value)

    def part(self, value: object) -> Packed:
        """Pack a part of a value.

        Raises:
            TooLarge: A limit is exceeded.
        """
        self._left -= 1
        if self._left < 0:
            raise TooLarge("too many parts")
        if value is None:
            return ["n"]
        write = self._writers.get(type(value))
        library = None if write is not None else library_writer(type(value))
        if write is None and library is None:
            made = None if self._made is None else self._made.part(value, self.part)
            return self._export(value) if made is None else made
        known = self._known(value)
        if known is not None:
            return known
        place = id(value)
        if place in self._open or len(self._open) >= MAX_DEPTH:
            raise TooLarge("nested too deeply")
        self._open.add(place)
        try:
            if write is not None:
                return write(value)
            assert library is not None
            return library(self, value)
        finally:
            self._open.discard(place)

    def _all(self, values: Iterable[object]) -> Packed:
        return [self.part(value) for value in values]

    def _pairs(self, values: dict[object, object]) -> Packed:
        return [[self.part(key), self.part(value)] for key, value in dict.items(values)]

    def handle(self, value: object) -> Packed:
        """Return a handle of what stays where it is."""
        return self._export(value)

    def words(self, text: str) -> str:
        """Return a text, counted."""
        self._text -= len(text)
        if self._text < 0:
            raise TooLarge("too long")
        return text

    def _int(self, value: int) -> Packed:
        if -_EXACT_INT < value < _EXACT_INT:
            return ["i", value]
        if value.bit_length() // 4 > self._text:
            raise TooLarge("too many digits")
        return ["I", self.words(hex(value))]

    def _pattern(self, value: "re.Pattern[Any]") -> Packed:
        return ["re", self.part(value.pattern), value.flags]

    def _defaultdict(self, value: "defaultdict[object, object]") -> Packed:
        factory = value.default_factory
        name = next((name for name, kind in _FACTORIES.items() if kind is factory), None)
        if factory is not None and name is None:
            return self._export(value)
        return ["dd", name, self._pairs(value)]

    def unpack(self, packed: object) -> Any:
        """Return the value that was packed.

        Raises:
            Malformed: It is none.
        """
        try:
            return self._value(packed)
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            ArithmeticError,
            AttributeError,
            RecursionError,
            MemoryError,
        ) as error:
            raise Malformed(type(error).__name__) from error

    def _value(self, packed: Any) -> Any:
        kind, *rest = packed
        read = _READERS.get(kind)
        return self._resolve(packed) if read is None else read(self, *rest)

    def _values(self, packed: Packed) -> list[Any]:
        return [self._value(each) for each in packed]

    def _items(self, packed: Packed) -> dict[Any, Any]:
        return {self._value(key): self._value(value) for key, value in packed}


def containers_in(values: Iterable[Any]) -> list[object]:
    """Return the containers among arguments that a call may change, those inside others too.

    Both sides number them in this order, to speak of the same one.
    """
    found: list[object] = []
    for each in values:
        kind = type(each)
        if kind in _CONTAINERS or str(kind.__module__).partition(".")[0] in _CHANGEABLE:
            found.append(each)
        if kind is list or kind is tuple:
            found += containers_in(each)
        elif kind is dict:
            found += containers_in(each.values())
    return found


def _checked(value: object, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value


def _timedelta(days: int, seconds: int, microseconds: int) -> timedelta:
    return timedelta(days, seconds, microseconds)


def _float(text: object) -> float:
    return float.fromhex(_checked(text, str))


_READERS: dict[str, Callable[..., Any]] = {
    "n": lambda _: None,
    "b": lambda _, value: _checked(value, bool),
    "i": lambda _, value: _checked(value, int),
    "I": lambda _, text: int(_checked(text, str), 16),
    "f": lambda _, text: _float(text),
    "c": lambda _, real, imag: complex(_float(real), _float(imag)),
    "s": lambda _, text: _checked(text, str),
    "y": lambda _, text: bytes.fromhex(text),
    "Y": lambda _, text: bytearray.fromhex(text),
    "l": lambda of, items: of._values(items),
    "t": lambda of, items: tuple(of._values(items)),
    "S": lambda of, items: set(of._values(items)),
    "F": lambda of, items: frozenset(of._values(items)),
    "d": lambda of, items: of._items(items),
    "q": lambda of, items, most: deque(of._values(items), most),
    "C": lambda of, items: Counter(of._items(items)),
    "O": lambda of, items: OrderedDict(of._items(items)),
    "dd": lambda of, name, items: defaultdict(_FACTORIES.get(name), of._items(items)),
    "r": lambda of, *ends: range(*of._values(list(ends))),
    "sl": lambda of, *ends: slice(*of._values(list(ends))),
    "D": lambda _, text: Decimal(_checked(text, str)),
    "Q": lambda of, top, bottom: Fraction(of._value(top), of._value(bottom)),
    "dt": lambda _, text: datetime.fromisoformat(text),
    "da": lambda _, text: date.fromisoformat(text),
    "ti": lambda _, text: time.fromisoformat(text),
    "td": lambda _, *parts: _timedelta(*(_checked(part, int) for part in parts)),
    "u": lambda _, text: UUID(_checked(text, str)),
    "p": lambda _, text: Path(_checked(text, str)),
    "re": lambda of, text, flags: re.compile(of._value(text), _checked(flags, int)),
    "e": lambda _: ...,
    "ni": lambda _: NotImplemented,
    "np": lambda of, data: of._value(data).reshape(-1)[0],
    "nd": lambda _, *parts: read_array(*parts),
    "no": lambda of, shape, items: read_object_array(shape, of._values(items)),
    "sr": lambda of, *parts: read_series(*of._values(list(parts))),
    "df": lambda of, *parts: read_frame(*of._values(list(parts))),
    "ix": lambda of, *parts: read_index(*of._values(list(parts))),
    "cat": lambda of, *parts: read_categories(*of._values(list(parts))),
    "tdp": lambda of, *parts: read_timedelta(*of._values(list(parts))),
    "iv": lambda of, *parts: sys.modules["pandas"].Interval(*of._values(list(parts))),
    "pe": lambda of, *parts: sys.modules["pandas"].Period(*of._values(list(parts))),
    "na": lambda _: sys.modules["pandas"].NA,
    "nat": lambda _: sys.modules["pandas"].NaT,
    "ts": lambda _, text: sys.modules["pandas"].Timestamp(_checked(text, str)),
}
