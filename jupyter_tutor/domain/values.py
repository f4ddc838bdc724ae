"""Python values as JSON: how a value is carried out of the process that ran learner code.

The encoding is total, typed and dead: any value has one, its exact type can be told, and reading it
runs nothing. An encoded value is a JSON object with a `type`; numbers are text, so that neither
size nor NaN is lost, and a `class` is given where it differs from the type (a subclass).

| `type` | further keys |
|---|---|
| `none`, `missing` (pandas `NA`, `NaT`) | - |
| `bool` | `value`: JSON boolean |
| `int` | `value`: decimal, or hexadecimal with `0x` when long |
| `float` | `value`: `repr`, so exact |
| `complex` | `real`, `imag`: as `float` |
| `str` | `value`, or `escaped` (`unicode_escape`) when it holds NUL or surrogates |
| `bytes` (also bytearray) | `hex` |
| `list`, `tuple`, `set`, `frozenset`, `deque` | `items`; `names` for a named tuple |
| `dict` | `items`: pairs of encoded key and value, in order |
| `range` | `start`, `stop`, `step`: as `int` |
| `object` (dataclass, simple object) | `class`, `fields`: pairs of name and encoded value |
| `exception` | `class`, `items`: its arguments |
| `enum` | `class`, `name`, `value`: encoded |
| `datetime`, `date`, `time` | `value`: ISO 8601 |
| `timedelta` | `days`, `seconds`, `microseconds`: as `int` |
| `decimal` | `value`; `fraction`: `numerator`, `denominator` |
| `numpy` (a scalar) | `dtype`, `value`: encoded |
| `array` | `dtype`, `shape`: JSON integers, `items`: in C order |
| `series` | `name`, `index`, `items` |
| `frame` | `columns`, `index`, `data`: a list per column |
| `opaque` (anything else) | `class`, `repr` |
| `cycle` | `levels`: how far above the container itself is |
| `cut` | `class`, `reason`: left out for its size or depth |

The kernel has its own writer of this encoding; `decode` reads it within limits.
"""

import ast
import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.value_decoding import Encoded, decode
from jupyter_tutor.domain.value_forms import (
    Column,
    Cut,
    Cycle,
    Fields,
    Grid,
    Items,
    Member,
    Missing,
    Opaque,
    Pairs,
    Plain,
    Scalar,
    Span,
    Table,
    Value,
)

__all__ = ["Encoded", "Value", "decode", "encode_plain", "literal", "printable", "show"]

_LITERAL_LENGTH = 20_000
_DECIMAL_BITS = 100
_SHOWN_BITS = 8_000
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_BRACKETS = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}


def encode_plain(value: object) -> dict[str, object]:
    """Encode a value made of built-in types only.

    Args:
        value: None, bool, int, float, complex, str, bytes, range, or a list, tuple, set, frozenset
            or dict of such; no subclasses.

    Raises:
        TypeError: It contains anything else.
    """
    kind = type(value)
    if value is None:
        return {"type": "none"}
    if isinstance(value, bool):
        return {"type": "bool", "value": value}
    if kind in (int, float, complex, str, bytes):
        return _encode_scalar(value)
    if isinstance(value, range):
        ends = {"start": value.start, "stop": value.stop, "step": value.step}
        return {"type": "range", **{name: _int_text(end) for name, end in ends.items()}}
    if kind is dict and isinstance(value, dict):
        pairs = [[encode_plain(key), encode_plain(item)] for key, item in value.items()]
        return {"type": "dict", "items": pairs}
    if kind in (list, tuple, set, frozenset) and isinstance(value, list | tuple | set | frozenset):
        return {"type": kind.__name__, "items": [encode_plain(item) for item in value]}
    raise TypeError(f"A {kind.__name__} is no plain value.")


def _encode_scalar(value: object) -> dict[str, object]:
    if isinstance(value, int):
        return {"type": "int", "value": _int_text(value)}
    if isinstance(value, float):
        return {"type": "float", "value": repr(value)}
    if isinstance(value, complex):
        return {"type": "complex", "real": repr(value.real), "imag": repr(value.imag)}
    if isinstance(value, bytes):
        return {"type": "bytes", "hex": value.hex()}
    text = str(value)
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        return {"type": "str", "escaped": text.encode("unicode_escape").decode("ascii")}
    return {"type": "str", "value": text}


def _int_text(value: int) -> str:
    return str(value) if value.bit_length() <= _DECIMAL_BITS else hex(value)


def literal(text: str) -> dict[str, object] | None:
    """Encode a Python literal such as `[1, 2.5, 'a']` without running anything.

    Returns:
        The encoded value, or None when the text is no literal of built-in types within the limits
        of `decode`: then only a kernel can tell its value.
    """
    if len(text) > _LITERAL_LENGTH:
        return None
    try:
        encoded = encode_plain(ast.literal_eval(text.strip()))
        decode(encoded)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError, InvalidInput):
        return None
    return encoded


def show(value: Value | Encoded, limit: int = 200) -> str:
    """Return a value as a reader expects it from `repr`, in one line, cut at `limit` characters.

    Raises:
        InvalidInput: `value` is an encoding that `decode` refuses.
    """
    form = decode(value) if isinstance(value, Mapping) else value
    text = ""
    for piece in _pieces(form):
        text += piece
        if len(text) > limit:
            return printable(text[: max(limit - 1, 0)]) + "…"
    return printable(text)


def printable(text: str) -> str:
    r"""Return a text that any database, browser and terminal takes.

    NUL, the other control characters but tab and newline, and lone surrogates become escapes such
    as `\x00`.
    """
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def _pieces(value: Value) -> Iterator[str]:
    """Yield the text of a value bit by bit, so that a long one need not be built."""
    match value:
        case Plain(scalar, kind):
            yield _show_scalar(scalar, kind)
        case Items():
            yield from _show_items(value)
        case Pairs(items, kind):
            opening, closing = ("{", "}") if kind == "dict" else (f"{kind}({{", "})")
            yield opening
            for number, (key, item) in enumerate(items):
                yield ", " if number else ""
                yield from _pieces(key)
                yield ": "
                yield from _pieces(item)
            yield closing
        case Span(start, stop, step):
            ends = (start, stop) if step == 1 else (start, stop, step)
            yield f"range({', '.join(_show_scalar(end, 'int') for end in ends)})"
        case Fields(kind, fields):
            yield f"{kind}("
            for number, (name, item) in enumerate(fields):
                yield (", " if number else "") + (f"{name}=" if name else "")
                yield from _pieces(item)
            yield ")"
        case Member(kind, name, _):
            yield f"{kind}.{name}"
        case Grid(_, shape, items):
            yield "array("
            yield from _show_grid(shape, items)
            yield ")"
        case _:
            yield from _show_rest(value)


def _show_rest(value: Value) -> Iterator[str]:
    match value:
        case Column(_, _, items):
            yield "Series("
            yield from _joined(items, "[", "]")
            yield ")"
        case Table(columns, _, data):
            yield "DataFrame({"
            for number, (name, items) in enumerate(zip(columns, data, strict=True)):
                yield ", " if number else ""
                yield from _pieces(name)
                yield ": "
                yield from _joined(items, "[", "]")
            yield "})"
        case Missing():
            yield "<NA>"
        case Opaque(_, text):
            yield text
        case Cycle():
            yield "..."
        case Cut(kind, reason):
            yield f"<{kind} left out: {reason}>"


def _joined(items: tuple[Value, ...], opening: str, closing: str) -> Iterator[str]:
    yield opening
    for number, item in enumerate(items):
        yield ", " if number else ""
        yield from _pieces(item)
    yield closing


def _show_items(value: Items) -> Iterator[str]:
    if value.names:
        yield f"{value.kind}("
        for number, (name, item) in enumerate(zip(value.names, value.items, strict=True)):
            yield f"{', ' if number else ''}{name}="
            yield from _pieces(item)
        yield ")"
        return
    if value.base in ("set", "frozenset") and not value.items:
        yield f"{value.kind}()"
        return
    opening, closing = _BRACKETS.get(value.base, ("{", "}") if "set" in value.base else ("[", "]"))
    if value.kind not in _BRACKETS:
        opening, closing = f"{value.kind}({opening}", f"{closing})"
    if value.base == "tuple" and len(value.items) == 1:
        closing = "," + closing
    yield from _joined(value.items, opening, closing)


def _show_grid(shape: tuple[int, ...], items: tuple[Value, ...]) -> Iterator[str]:
    if not shape:
        yield from _pieces(items[0])
        return
    yield "["
    size = len(items) // shape[0] if shape[0] else 0
    for row in range(shape[0]):
        yield ", " if row else ""
        yield from _show_grid(shape[1:], items[row * size : (row + 1) * size])
    yield "]"


def _show_scalar(value: Scalar, kind: str) -> str:
    if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
        digits = int((value.bit_length() - 1) * math.log10(2)) + 1
        return f"<{kind} of about {digits:,} digits>"
    if isinstance(value, Fraction):
        top, bottom = _show_scalar(value.numerator, "int"), _show_scalar(value.denominator, "int")
        return f"Fraction({top}, {bottom})"
    if isinstance(value, None | bool | int | float | complex | Decimal):
        return repr(value)
    if isinstance(value, str | bytes):
        return repr(value)
    name = type(value).__name__
    return f"{name}({str(value)!r})"
