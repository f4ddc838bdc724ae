"""The writer of the encoding described in `jupyter_tutor.domain.values`.

Values come from learner code, so their classes are not asked more than needed: the class is what
`type()` says, contents are read with the methods of the built-in base class, and only values that
nothing else is known of are asked for their `repr`.
"""

import sys
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import ModuleType
from typing import Any, TypeAlias

MAX_PARTS = 50_000
MAX_DEPTH = 60
MAX_TEXT = 1_000_000
MAX_REPR = 500

Encoded = dict[str, Any]
Unknown: TypeAlias = Any

_HEAP_TYPE = 1 << 9
_DECIMAL_BITS = 100


class TooLarge(Exception):
    """The value exceeds a limit; the text says which."""


def class_name(cls: type) -> str:
    """Return a class's name without asking its metaclass."""
    return str(type.__dict__["__name__"].__get__(cls))


def class_bases(cls: type) -> tuple[type, ...]:
    """Return a class's resolution order without asking its metaclass."""
    bases: tuple[type, ...] = type.__dict__["__mro__"].__get__(cls)
    return bases


def cut_text(text: object, limit: int) -> str:
    """Return `str.__str__` of a text, cut."""
    exact = str.__str__(text) if isinstance(text, str) else ""
    return exact if len(exact) <= limit else exact[: limit - 1] + "…"


def encode(value: object, max_parts: int = MAX_PARTS, max_text: int = MAX_TEXT) -> Encoded:
    """Encode any value; one beyond the limits becomes `cut`, one that resists `opaque`."""
    try:
        return Encoder(max_parts, max_text).encode(value)
    except TooLarge as error:
        return {"type": "cut", "class": class_name(type(value)), "reason": str(error)}


class Encoder:
    """Encodes one value and counts its parts."""

    def __init__(self, max_parts: int, max_text: int) -> None:
        self.parts = max_parts
        self.text = max_text
        self.max_parts, self.max_text = max_parts, max_text
        self.open: dict[int, int] = {}

    def encode(self, value: object) -> Encoded:
        """Encode a value.

        Raises:
            TooLarge: A limit is exceeded.
        """
        self.parts -= 1
        if self.parts < 0:
            raise TooLarge(f"it has more than {self.max_parts} parts")
        if value is None:
            return {"type": "none"}
        cls = type(value)
        if cls is bool:
            return {"type": "bool", "value": value}
        if cls is int or cls is float or cls is str:
            return _WRITERS[id(cls)](self, value)
        bases = class_bases(cls)
        for base in bases:
            write = _WRITERS.get(id(base))
            if write is not None:
                return self._guarded(value, write)
        for base in bases:
            write = _library_writer(base)
            if write is not None:
                return self._guarded(value, write)
        return self._guarded(value, _object)

    def _guarded(self, value: object, write: "_Write") -> Encoded:
        """Write a value that may contain itself, lie, or raise when looked at."""
        place = id(value)
        if place in self.open:
            return {"type": "cycle", "levels": len(self.open) - self.open[place]}
        if len(self.open) >= MAX_DEPTH - 2:
            raise TooLarge(f"it is nested deeper than {MAX_DEPTH} levels")
        self.open[place] = len(self.open)
        try:
            return write(self, value)
        except TooLarge:
            raise
        except Exception as error:  # noqa: BLE001 - a learner's class may raise anything here
            shown = f"<{class_name(type(value))} that raises {class_name(type(error))}>"
            return {"type": "opaque", "class": class_name(type(value)), "repr": shown}
        finally:
            del self.open[place]

    def all(self, values: Iterable[object]) -> list[Encoded]:
        """Encode each of some values."""
        return [self.encode(value) for value in values]

    def expect(self, parts: int) -> None:
        """Refuse a container early that has more parts than may still be written."""
        if parts > self.parts:
            raise TooLarge(f"it has more than {self.max_parts} parts")

    def words(self, text: str) -> str:
        """Count a text."""
        self.text -= len(text)
        if self.text < 0:
            raise TooLarge(f"it holds more than {self.max_text} characters")
        return text


_Write = Callable[[Encoder, Any], Encoded]


def _named(encoded: Encoded, value: object, usual: type) -> Encoded:
    """Add the class where it is not the usual one."""
    if type(value) is not usual:
        encoded["class"] = class_name(type(value))
    return encoded


def _int_text(value: int) -> str:
    return str(value) if value.bit_length() <= _DECIMAL_BITS else hex(value)


def _int(to: Encoder, value: Unknown) -> Encoded:
    exact = int.__int__(value)
    if exact.bit_length() // 4 > to.text:
        raise TooLarge(f"it has more than {to.max_text} digits")
    return _named({"type": "int", "value": to.words(_int_text(exact))}, value, int)


def _float(_: Encoder, value: Unknown) -> Encoded:
    return _named({"type": "float", "value": float.__repr__(float.__float__(value))}, value, float)


def _complex(_: Encoder, value: Unknown) -> Encoded:
    real, imag = (complex.__dict__[part].__get__(value) for part in ("real", "imag"))
    return _named({"type": "complex", "real": repr(real), "imag": repr(imag)}, value, complex)


def _str(to: Encoder, value: Unknown) -> Encoded:
    text = to.words(str.__str__(value))
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        escaped = text.encode("unicode_escape").decode("ascii")
        return _named({"type": "str", "escaped": to.words(escaped)}, value, str)
    return _named({"type": "str", "value": text}, value, str)


def _bytes(to: Encoder, value: Unknown) -> Encoded:
    raw = memoryview(value)
    if raw.nbytes * 2 > to.text:
        raise TooLarge(f"it holds more than {to.max_text // 2} bytes")
    return _named({"type": "bytes", "hex": to.words(raw.tobytes().hex())}, value, bytes)


def _items(base: type, name: str) -> _Write:
    def write(to: Encoder, value: Unknown) -> Encoded:
        to.expect(base.__len__(value))  # type: ignore[attr-defined]
        items = to.all(base.__iter__(value))  # type: ignore[attr-defined]
        return _named({"type": name, "items": items}, value, base)

    return write


def _set(base: type, name: str) -> _Write:
    write_items = _items(base, name)

    def write(to: Encoder, value: Unknown) -> Encoded:
        encoded = write_items(to, value)
        encoded["items"].sort(key=repr)
        return encoded

    return write


def _tuple(to: Encoder, value: Unknown) -> Encoded:
    encoded = _items(tuple, "tuple")(to, value)
    names = () if type(value) is tuple else getattr(type(value), "_fields", ())
    if type(names) is tuple and len(names) == len(encoded["items"]):
        encoded["names"] = [to.words(name) for name in names if type(name) is str]
    return encoded


def _dict(to: Encoder, value: Unknown) -> Encoded:
    to.expect(2 * dict.__len__(value))
    pairs = [[to.encode(key), to.encode(item)] for key, item in dict.items(value)]
    return _named({"type": "dict", "items": pairs}, value, dict)


def _range(_: Encoder, value: Unknown) -> Encoded:
    ends = {"start": value.start, "stop": value.stop, "step": value.step}
    return {"type": "range", **{name: _int_text(end) for name, end in ends.items()}}


def _moment(base: Unknown, name: str) -> _Write:
    def write(_: Encoder, value: Unknown) -> Encoded:
        if class_name(type(value)) == "NaTType":
            return {"type": "missing"}
        return {"type": name, "value": base.isoformat(value)}

    return write


def _timedelta(_: Encoder, value: Unknown) -> Encoded:
    parts = ("days", "seconds", "microseconds")
    texts = {part: str(timedelta.__dict__[part].__get__(value)) for part in parts}
    return {"type": "timedelta", **texts}


def _decimal(to: Encoder, value: Unknown) -> Encoded:
    return {"type": "decimal", "value": to.words(Decimal.__str__(value))}


def _fraction(to: Encoder, value: Unknown) -> Encoded:
    parts = {
        name: to.words(_int_text(int.__int__(object.__getattribute__(value, f"_{name}"))))
        for name in ("numerator", "denominator")
    }
    return {"type": "fraction", **parts}


def _enum(to: Encoder, value: Unknown) -> Encoded:
    name = object.__getattribute__(value, "_name_")
    if type(name) is not str:
        return _opaque(to, value)
    inner = to.encode(object.__getattribute__(value, "_value_"))
    return {"type": "enum", "class": class_name(type(value)), "name": name, "value": inner}


def _exception(to: Encoder, value: Unknown) -> Encoded:
    arguments = BaseException.__dict__["args"].__get__(value)
    return {
        "type": "exception",
        "class": class_name(type(value)),
        "items": to.all(tuple.__iter__(arguments)),
    }


def _object(to: Encoder, value: object) -> Encoded:
    """Write an object of a class of the notebook, or a dataclass, by its fields."""
    cls = type(value)
    declared = [
        base.__dict__ for base in class_bases(cls) if "__dataclass_fields__" in base.__dict__
    ]
    written_here = type.__dict__["__flags__"].__get__(cls) & _HEAP_TYPE and (
        cls.__dict__.get("__module__") == "__main__"
    )
    if not (declared or written_here):
        return _opaque(to, value)
    names: dict[str, None] = {}
    if declared:
        names.update(dict.fromkeys(declared[0]["__dataclass_fields__"]))
    for base in reversed(class_bases(cls)):
        slots = base.__dict__.get("__slots__", ())
        names.update(dict.fromkeys((slots,) if isinstance(slots, str) else slots))
    with suppress(AttributeError):
        names.update(dict.fromkeys(object.__getattribute__(value, "__dict__")))
    to.expect(len(names))
    fields = []
    for name in names:
        if type(name) is str and name not in ("__dict__", "__weakref__"):
            try:
                field = object.__getattribute__(value, name)
            except AttributeError:
                continue
            fields.append([to.words(name), to.encode(field)])
    return {"type": "object", "class": class_name(cls), "fields": fields}


def _opaque(to: Encoder, value: object) -> Encoded:
    text = cut_text(repr(value), MAX_REPR)
    return {"type": "opaque", "class": class_name(type(value)), "repr": to.words(text)}


def _numpy_scalar(to: Encoder, value: Unknown) -> Encoded:
    plain = value.item()
    if type(plain) is type(value):
        plain = float(value)
    return {"type": "numpy", "dtype": str(value.dtype), "value": to.encode(plain)}


def _array(to: Encoder, value: Unknown) -> Encoded:
    to.expect(value.size)
    items = to.all(value.reshape(-1).tolist())
    return {"type": "array", "dtype": str(value.dtype), "shape": list(value.shape), "items": items}


def _index(to: Encoder, value: Unknown) -> Encoded:
    to.expect(value.size)
    items = to.all(value.tolist())
    return {"type": "array", "dtype": str(value.dtype), "shape": [len(items)], "items": items}


def _series(to: Encoder, value: Unknown) -> Encoded:
    to.expect(2 * value.size)
    index, items = to.all(value.index.tolist()), to.all(value.tolist())
    return {"type": "series", "name": to.encode(value.name), "index": index, "items": items}


def _frame(to: Encoder, value: Unknown) -> Encoded:
    to.expect(value.size + len(value.index) + len(value.columns))
    return {
        "type": "frame",
        "columns": to.all(value.columns.tolist()),
        "index": to.all(value.index.tolist()),
        "data": [to.all(value.iloc[:, n].tolist()) for n in range(len(value.columns))],
    }


def _missing(_: Encoder, __: Unknown) -> Encoded:
    return {"type": "missing"}


_LIBRARIES: dict[str, dict[str, _Write]] = {
    "numpy": {"ndarray": _array, "generic": _numpy_scalar},
    "pandas": {"DataFrame": _frame, "Series": _series, "Index": _index},
    "pandas._libs.missing": {"NAType": _missing},
}


def _library_writer(base: type) -> _Write | None:
    """Return the writer for a class of numpy or pandas, only when these were imported anyway."""
    for module_name, writers in _LIBRARIES.items():
        module = sys.modules.get(module_name)
        if isinstance(module, ModuleType):
            for name, write in writers.items():
                if module.__dict__.get(name) is base:
                    return write
    return None


_WRITERS: dict[int, _Write] = {
    id(base): write
    for base, write in {
        Enum: _enum,
        int: _int,
        float: _float,
        complex: _complex,
        str: _str,
        bytes: _bytes,
        bytearray: _bytes,
        list: _items(list, "list"),
        deque: _items(deque, "deque"),
        tuple: _tuple,
        set: _set(set, "set"),
        frozenset: _set(frozenset, "frozenset"),
        dict: _dict,
        range: _range,
        datetime: _moment(datetime, "datetime"),
        date: _moment(date, "date"),
        time: _moment(time, "time"),
        timedelta: _timedelta,
        Decimal: _decimal,
        Fraction: _fraction,
        BaseException: _exception,
    }.items()
}
