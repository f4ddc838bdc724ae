"""Guests: objects of the tests that a test hands to the answer.

The answer can hand a guest back, and ask it for the public attributes and the operators of its
class if that is one of the tests' own doubles or a stream in memory. It learns of no others: what
leads from an object to the tests' own source and values has names that are not asked. It can't put
anything in the place of what belongs to the class, such as a method that the test calls afterwards;
a mock can be called, and has the attributes that come about by reading them.
"""

import io
import sys
from collections.abc import Callable
from typing import Any

from .packing import Packed

_STREAMS = (io.StringIO, io.BytesIO)
_DOUBLES = ("__main__", "unittest.mock")
_SPECIAL = (
    "len iter next getitem setitem delitem contains enter exit call bool str repr eq lt le gt ge "
    "add radd sub rsub mul rmul truediv neg abs int float index hash"
)


def invitation(value: object, give: Callable[[object], int]) -> Packed:
    """Return what the answer is told of an object of the tests.

    Args:
        value: The object.
        give: Numbers an object or a function, for the answer to speak of it.
    """
    kind = type(value)
    if not is_double(value):
        return ["guest", give(value), kind.__name__, [], None]
    known = {name for base in kind.__mro__[:-1] for name in vars(base)}
    special = [name for name in _SPECIAL.split() if f"__{name}__" in known]
    return ["guest", give(value), kind.__name__, special, give(_Door(value, special))]


def is_double(value: object) -> bool:
    """Whether it is of a class of the tests, a mock, or a stream in memory."""
    kind = type(value)
    return kind in _STREAMS or kind.__module__ in _DOUBLES


class _Door:
    """What the answer may do with a guest."""

    def __init__(self, value: object, special: list[str]) -> None:
        self._value = value
        self._special = frozenset(special)

    def __call__(self, verb: str, name: str, *values: object, **keywords: object) -> object:
        if type(name) is not str or name.startswith("_"):
            raise AttributeError(name)
        if verb == "get":
            return self._get(name)
        if verb == "set":
            if not self._may_set(name, *values):
                raise AttributeError(f"{name} is the test's own")
            setattr(self._value, name, *values)
            return None
        if name not in self._special:
            raise TypeError(name)
        method: Any = getattr(type(self._value), f"__{name}__")
        return method(self._value, *values, **keywords)

    def _get(self, name: str) -> object:
        if not _is_mock(self._value) or name == "return_value":
            return getattr(self._value, name)
        of_mock = _in_class(self._value, name) is not _NOTHING
        found = getattr(self._value, name)
        if (of_mock and type(found) not in _PLAIN) or name in _OF_MOCKS:
            raise AttributeError(f"{name} is the test's own")
        return found

    def _may_set(self, name: str, value: object) -> bool:
        of_class = _in_class(self._value, name)
        if _is_mock(self._value):
            return of_class is _NOTHING and name not in _OF_MOCKS and type(value) in _PLAIN
        if of_class is not _NOTHING and type(of_class) not in _PLAIN:
            return hasattr(type(of_class), "__set__")  # a property, or a slot
        there = getattr(self._value, "__dict__", {}).get(name)
        return type(there) in _PLAIN or type(value) in _PLAIN or type(value) is type(there)


_NOTHING: Any = object()
_PLAIN = (type(None), bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)
_OF_MOCKS = ("method_calls", "mock_calls")


def _in_class(value: object, name: str) -> Any:
    """Return what a value's class has under a name."""
    for base in type(value).__mro__:
        if name in vars(base):
            return vars(base)[name]
    return _NOTHING


def _is_mock(value: object) -> bool:
    mock: Any = sys.modules.get("unittest.mock")
    return mock is not None and isinstance(value, mock.NonCallableMock)


class Guest:
    """An object of the tests, as the answer sees it."""

    def __init__(self, number: int, ask: Callable[..., object] | None) -> None:
        """Create one.

        Args:
            number: The tests' number of it.
            ask: Asks it, if it can be asked.
        """
        object.__setattr__(self, "_tutor_number", number)
        object.__setattr__(self, "_tutor_ask", ask)

    def __getattr__(self, name: str) -> Any:
        ask = object.__getattribute__(self, "_tutor_ask")
        if ask is None or name.startswith("_"):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return ask("get", name)

    def __setattr__(self, name: str, value: object) -> None:
        ask = object.__getattribute__(self, "_tutor_ask")
        if ask is None:
            raise AttributeError(name)
        ask("set", name, value)


def welcome(number: int, name: str, special: list[str], ask: Callable[..., object] | None) -> Guest:
    """Return a guest, of a class with the operators that it has.

    Args:
        number: The tests' number of it.
        name: Of its class.
        special: The names of its special methods, without underscores.
        ask: Asks it, if it can be asked.
    """
    body = {f"__{each}__": _asking(each) for each in special}
    kind: type[Guest] = type(name, (Guest,), body)
    return kind(number, ask)


def number_of(guest: object) -> int | None:
    """Return the tests' number of what may be a guest."""
    if Guest not in type.__dict__["__mro__"].__get__(type(guest)):
        return None
    number: int = object.__getattribute__(guest, "_tutor_number")
    return number


def _asking(name: str) -> Callable[..., object]:
    def special(self: Guest, *values: object, **keywords: object) -> object:
        return object.__getattribute__(self, "_tutor_ask")("do", name, *values, **keywords)

    return special
