"""Reading encoded values: untrusted JSON in, `value_forms` out, within fixed limits.

The encoding is written down in `domain.values`. Whatever breaks it, in form or size, raises
`InvalidInput`; nothing here evaluates, imports or calls anything named in the data.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from jupyter_tutor.domain.errors import InvalidInput
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
    Span,
    Table,
    Value,
)

MAX_PARTS: Final = 50_000
MAX_DEPTH: Final = 60
MAX_TEXT: Final = 1_000_000
MAX_DECIMAL_EXPONENT: Final = 5_000

_INT = re.compile(r"-?(?:[0-9]{1,40}|0x[0-9a-f]+)")
_FLOAT = re.compile(r"-?(?:inf|[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]{1,3})?)|nan")
_ESCAPED = re.compile(r"(?:[ -\[\]-~]|\\(?:[\\tnr]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}))*")
_HEX = re.compile(r"(?:[0-9a-f]{2})*")

Encoded = Mapping[str, object]


class _Reader:
    """Reads one value and counts what it has used of the limits."""

    def __init__(self) -> None:
        self.parts = 0
        self.text = 0
        self.depth = 0

    def value(self, data: object) -> Value:
        node = _mapping(data)
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise InvalidInput(f"The value has more than {MAX_PARTS} parts.")
        if self.depth >= MAX_DEPTH:
            raise InvalidInput(f"The value is nested deeper than {MAX_DEPTH} levels.")
        form = node.get("type")
        read = _READERS.get(form) if isinstance(form, str) else None
        if read is None:
            raise InvalidInput("The value has an unknown type in its encoding.")
        self.depth += 1
        try:
            return read(self, node)
        finally:
            self.depth -= 1

    def values(self, data: object) -> tuple[Value, ...]:
        return tuple(self.value(item) for item in _list(data))

    def words(self, node: Encoded, key: str) -> str:
        """Return the text under a key, counted."""
        text = node.get(key)
        if not isinstance(text, str):
            raise InvalidInput(f"The encoding of a value lacks the text {key!r}.")
        self.text += len(text)
        if self.text > MAX_TEXT:
            raise InvalidInput(f"The value holds more than {MAX_TEXT} characters.")
        return text

    def kind(self, node: Encoded, default: str) -> str:
        return self.words(node, "class")[:200] if "class" in node else default

    def integer(self, node: Encoded, key: str) -> int:
        text = self.words(node, key)
        if not _INT.fullmatch(text):
            raise InvalidInput("An integer in the encoding of a value is malformed.")
        return int(text, 16 if "0x" in text else 10)

    def real(self, node: Encoded, key: str) -> float:
        text = self.words(node, key)
        if not _FLOAT.fullmatch(text):
            raise InvalidInput("A float in the encoding of a value is malformed.")
        return float(text)

    def string(self, node: Encoded) -> str:
        if "escaped" not in node:
            return self.words(node, "value")
        text = self.words(node, "escaped")
        if not _ESCAPED.fullmatch(text):
            raise InvalidInput("A text in the encoding of a value is malformed.")
        try:
            return text.encode("ascii").decode("unicode_escape")
        except UnicodeDecodeError as error:
            raise InvalidInput("A text in the encoding of a value is malformed.") from error


def _mapping(data: object) -> Encoded:
    if not isinstance(data, Mapping):
        raise InvalidInput("An encoded value is a JSON object; this is none.")
    return data


def _list(data: object) -> list[object] | tuple[object, ...]:
    if not isinstance(data, list | tuple):
        raise InvalidInput("The encoding of a value lacks a list.")
    return data


def _pair(data: object) -> tuple[object, object]:
    items = _list(data)
    if len(items) != 2:
        raise InvalidInput("The encoding of a value lacks a pair.")
    return items[0], items[1]


def _bool(_: _Reader, node: Encoded) -> Value:
    value = node.get("value")
    if not isinstance(value, bool):
        raise InvalidInput("A bool in the encoding of a value is malformed.")
    return Plain(value, "bool")


def _bytes(read: _Reader, node: Encoded) -> Value:
    text = read.words(node, "hex")
    if not _HEX.fullmatch(text):
        raise InvalidInput("Bytes in the encoding of a value are malformed.")
    return Plain(bytes.fromhex(text), read.kind(node, "bytes"))


def _items(base: str) -> "Callable[[_Reader, Encoded], Value]":
    def read_items(read: _Reader, node: Encoded) -> Value:
        names = [name for name in _list(node.get("names", ())) if isinstance(name, str)]
        items = read.values(node.get("items"))
        if names and len(names) != len(items):
            raise InvalidInput("A named tuple in the encoding of a value is malformed.")
        return Items(base, items, read.kind(node, base), tuple(names))

    return read_items


def _pairs(read: _Reader, node: Encoded) -> Value:
    pairs = [_pair(pair) for pair in _list(node.get("items"))]
    items = tuple((read.value(key), read.value(value)) for key, value in pairs)
    return Pairs(items, read.kind(node, "dict"))


def _span(read: _Reader, node: Encoded) -> Value:
    start, stop, step = (read.integer(node, key) for key in ("start", "stop", "step"))
    if step == 0:
        raise InvalidInput("A range in the encoding of a value has the step 0.")
    return Span(start, stop, step)


def _fields(read: _Reader, node: Encoded) -> Value:
    fields = []
    for pair in _list(node.get("fields")):
        name, value = _pair(pair)
        if not isinstance(name, str):
            raise InvalidInput("A field in the encoding of a value has no name.")
        fields.append((name, read.value(value)))
    return Fields(read.kind(node, "object"), tuple(fields))


def _exception(read: _Reader, node: Encoded) -> Value:
    arguments = read.values(node.get("items"))
    return Fields(read.kind(node, "Exception"), tuple(("", value) for value in arguments))


def _member(read: _Reader, node: Encoded) -> Value:
    return Member(read.kind(node, "Enum"), read.words(node, "name"), read.value(node.get("value")))


def _moment(parse: Callable[[str], datetime | date | time], kind: str) -> "_Read":
    def read_moment(read: _Reader, node: Encoded) -> Value:
        try:
            return Plain(parse(read.words(node, "value")), kind)
        except ValueError as error:
            raise InvalidInput(f"A {kind} in the encoding of a value is malformed.") from error

    return read_moment


def _timedelta(read: _Reader, node: Encoded) -> Value:
    days, seconds, micro = (read.integer(node, k) for k in ("days", "seconds", "microseconds"))
    try:
        return Plain(timedelta(days, seconds, micro), "timedelta")
    except OverflowError as error:
        raise InvalidInput("A timedelta in the encoding of a value is malformed.") from error


def _decimal(read: _Reader, node: Encoded) -> Value:
    text = read.words(node, "value")
    try:
        value = Decimal(text)
    except (InvalidOperation, ValueError) as error:
        raise InvalidInput("A Decimal in the encoding of a value is malformed.") from error
    if value.is_nan():
        return Plain(Decimal("NaN"), "Decimal")
    if value.is_finite() and value and abs(value.adjusted()) > MAX_DECIMAL_EXPONENT:
        return Opaque("Decimal", f"Decimal('{text[:100]}')")
    return Plain(value, "Decimal")


def _fraction(read: _Reader, node: Encoded) -> Value:
    denominator = read.integer(node, "denominator")
    if denominator <= 0:
        raise InvalidInput("A Fraction in the encoding of a value is malformed.")
    return Plain(Fraction(read.integer(node, "numerator"), denominator), "Fraction")


def _numpy(read: _Reader, node: Encoded) -> Value:
    inner = read.value(node.get("value"))
    kind = f"numpy.{read.words(node, 'dtype')[:50]}"
    return Plain(inner.value, kind) if isinstance(inner, Plain) else inner


def _grid(read: _Reader, node: Encoded) -> Value:
    shape = _list(node.get("shape"))
    sizes = [n for n in shape if isinstance(n, int) and not isinstance(n, bool) and n >= 0]
    items = read.values(node.get("items"))
    if len(sizes) != len(shape) or math.prod(sizes) != len(items):
        raise InvalidInput("An array in the encoding of a value has a shape that does not fit.")
    return Grid(read.words(node, "dtype")[:50], tuple(sizes), items)


def _column(read: _Reader, node: Encoded) -> Value:
    name = read.value(node.get("name"))
    index, items = read.values(node.get("index")), read.values(node.get("items"))
    if len(index) != len(items):
        raise InvalidInput("A series in the encoding of a value has an index that does not fit.")
    return Column(name, index, items)


def _table(read: _Reader, node: Encoded) -> Value:
    columns, index = read.values(node.get("columns")), read.values(node.get("index"))
    data = tuple(read.values(column) for column in _list(node.get("data")))
    if len(data) != len(columns) or any(len(column) != len(index) for column in data):
        raise InvalidInput("A frame in the encoding of a value has columns that do not fit.")
    return Table(columns, index, data)


def _cycle(_: _Reader, node: Encoded) -> Value:
    levels = node.get("levels")
    if not isinstance(levels, int) or isinstance(levels, bool) or not 0 < levels <= MAX_DEPTH:
        raise InvalidInput("A cycle in the encoding of a value is malformed.")
    return Cycle(levels)


_Read = Callable[[_Reader, Encoded], Value]
_READERS: Final[Mapping[str, _Read]] = {
    "none": lambda _, __: Plain(None, "NoneType"),
    "bool": _bool,
    "int": lambda r, n: Plain(r.integer(n, "value"), r.kind(n, "int")),
    "float": lambda r, n: Plain(r.real(n, "value"), r.kind(n, "float")),
    "complex": lambda r, n: Plain(
        complex(r.real(n, "real"), r.real(n, "imag")), r.kind(n, "complex")
    ),
    "str": lambda r, n: Plain(r.string(n), r.kind(n, "str")),
    "bytes": _bytes,
    "list": _items("list"),
    "tuple": _items("tuple"),
    "set": _items("set"),
    "frozenset": _items("frozenset"),
    "deque": _items("deque"),
    "dict": _pairs,
    "range": _span,
    "object": _fields,
    "exception": _exception,
    "enum": _member,
    "datetime": _moment(datetime.fromisoformat, "datetime"),
    "date": _moment(date.fromisoformat, "date"),
    "time": _moment(time.fromisoformat, "time"),
    "timedelta": _timedelta,
    "decimal": _decimal,
    "fraction": _fraction,
    "numpy": _numpy,
    "array": _grid,
    "series": _column,
    "frame": _table,
    "missing": lambda _, __: Missing(),
    "opaque": lambda r, n: Opaque(r.kind(n, "object"), r.words(n, "repr")),
    "cycle": _cycle,
    "cut": lambda r, n: Cut(r.kind(n, "object"), r.words(n, "reason")[:200]),
}


def decode(data: object) -> Value:
    """Read an encoded value.

    Args:
        data: What `json.loads` made of it; trusted in nothing.

    Returns:
        The value as one of the forms of `domain.value_forms`.

    Raises:
        InvalidInput: It breaks the encoding, or has more than `MAX_PARTS` parts, `MAX_DEPTH` levels
            or `MAX_TEXT` characters.
    """
    return _Reader().value(data)
