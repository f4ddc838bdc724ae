"""What an object of the answer is, as far as its classes show it without being asked."""

import inspect
from collections import ChainMap, UserDict, UserList, UserString
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from .encoding import class_bases, cut_text
from .operating import SPECIAL

_SHOWN = 2_000
_VALUES = (bool, int, float, complex, str, bytes, bytearray, tuple, list, dict, set, frozenset)
_DUNDERS = {f"__{name}__": name for name in SPECIAL}
_READ: dict[type, Callable[[Any], object]] = {
    int: int.__int__,
    float: float.__float__,
    str: str.__str__,
    tuple: lambda value: tuple(tuple.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}
_VIEWED: dict[str, int] = {}
_LIBRARY: dict[type, Callable[[Any], object]] = {
    UserDict: lambda value: dict(value.data),
    UserList: lambda value: list(value.data),
    UserString: lambda value: str(value.data),
    ChainMap: dict,
    MappingProxyType: dict,
    type(_VIEWED.keys()): set,
    type(_VIEWED.items()): set,
    memoryview: bytes,
    datetime: lambda value: datetime(  # noqa: DTZ001 - it has that of the value
        *(value.year, value.month, value.day, value.hour, value.minute, value.second),
        value.microsecond,
        value.tzinfo,
        fold=value.fold,
    ),
    date: lambda value: date(value.year, value.month, value.day),
    timedelta: lambda value: timedelta(value.days, value.seconds, value.microseconds),
}


def is_written(kind: type) -> bool:
    """Whether a class was made while Python ran, as those of answers are."""
    return bool(type.__dict__["__flags__"].__get__(kind) & 1 << 9)


def body_of(kind: type) -> dict[str, Any]:
    """Return what stands in a class itself."""
    body: dict[str, Any] = type.__dict__["__dict__"].__get__(kind)
    return body


def abilities(kind: type) -> list[str]:
    """Return the special methods of a class beyond those of all, without their underscores."""
    found: set[str] = set()
    for base in class_bases(kind)[:-1]:
        found.update(_DUNDERS[name] for name in _DUNDERS.keys() & body_of(base).keys())
    for base in class_bases(kind):
        body = body_of(base)
        if "__hash__" in body:
            found.discard("hash")
            if base is not object:
                found.add("hash" if body["__hash__"] is not None else "unhashable")
            break
    return sorted(found)


def base_of(value: object) -> object:
    """Return what a value of a subclass of a built-in type is underneath.

    Raises:
        TypeError: It is of no such class.
    """
    kinds = class_bases(type(value))
    for kind in _VALUES:
        if kind in kinds:
            read: Callable[[object], object] = _READ.get(kind, kind)
            return read(value)
    for library, read_library in _LIBRARY.items():
        if library in kinds:
            return read_library(value)
    raise TypeError("no value")


def fields_of(value: object) -> list[tuple[str, object]]:
    """Return the fields by which an instance of a dataclass is compared.

    Raises:
        TypeError: It is none, or its class compares in a way of its own.
    """
    for kind in class_bases(type(value)):
        body = body_of(kind)
        declared = body.get("__dataclass_fields__")
        if declared is not None:
            code = getattr(body.get("__eq__"), "__code__", None)
            if code is None or code.co_filename != "<string>":
                raise TypeError("it is not compared by its fields")
            names = [name for name, field in declared.items() if field.compare]
            return [(name, object.__getattribute__(value, name)) for name in names]
        if "__eq__" in body:
            break
    raise TypeError("no dataclass")


def module_of(kind: type) -> str:
    """Return the name of the module a class says it is of."""
    module = body_of(kind).get("__module__")
    return module if type(module) is str else ""


def name_of(value: object) -> str:
    """Return the qualified name of a function, or nothing."""
    text = inspect.getattr_static(value, "__qualname__", "")
    if not isinstance(text, str):
        text = getattr(value, "__qualname__", "") if inspect.isroutine(value) else ""
    return cut_text(text, _SHOWN) if isinstance(text, str) else ""
