"""Encoded values as plain ones again: what can be written as a literal, and nothing else."""

import math
from typing import Final

from jupyter_tutor.domain.value_forms import Items, Pairs, Plain, Value
from jupyter_tutor.domain.values import Encoded, decode

_WRITTEN: Final = ("NoneType", "bool", "int", "float", "str", "bytes")


class NoLiteral(ValueError):
    """A value is not made of built-in types alone."""


def literal_of(value: Encoded) -> object:
    """Return the plain value of an encoding, or None where it can't be written as a literal.

    Raises:
        InvalidInput: It breaks the encoding.
    """
    try:
        return _plain(decode(value))
    except NoLiteral:
        return None


def _plain(value: Value) -> object:
    match value:
        case Plain(scalar, kind) if kind == type(scalar).__name__ and kind in _WRITTEN:
            if isinstance(scalar, float) and not math.isfinite(scalar):
                raise NoLiteral
            return scalar
        case Items() if not value.names and value.kind == value.base:
            items = [_plain(item) for item in value.items]
            makers = {"tuple": tuple, "set": set, "frozenset": frozenset, "list": list}
            if value.base in makers:
                return makers[value.base](items)
        case Pairs(pairs, "dict"):
            return {_plain(key): _plain(item) for key, item in pairs}
    raise NoLiteral
