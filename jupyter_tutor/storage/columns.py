"""Column types: the one border where Python values become database values and come back.

PostgreSQL's text cannot hold U+0000 and UTF-8 cannot hold a lone surrogate, yet learners print
both. `escape` replaces each such character by U+FDD0 (a code point that Unicode reserves for uses
like this one) and its four hex digits, and U+FDD0 itself likewise; `unescape` undoes it. Text that
needs no replacement, which is nearly all, is stored as it is.

Documents are `json`, not `jsonb`: what comes out equals what went in. `jsonb` sorts the keys (the
first language of a text is the original), makes an integer of 1e300 and 0.0 of -0.0; content
hashes would change. A cast `::jsonb` works in queries, because strings are escaped here too.
"""

import math
import re
from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import TypeVar

from sqlalchemy import JSON, CheckConstraint, Dialect, SmallInteger
from sqlalchemy import Text as PlainText
from sqlalchemy.types import TypeDecorator

from jupyter_tutor.domain.errors import InvalidInput

ESCAPE = "\ufdd0"
LARGEST_INTEGER_BITS = 13_000
"""Python refuses to write integers of more than 4,300 digits as text."""

_UNSTORABLE = re.compile("[\0\ud800-\udfff\ufdd0]")
_ESCAPED = re.compile(ESCAPE + "([0-9a-f]{4})")

StrE = TypeVar("StrE", bound=StrEnum)
IntE = TypeVar("IntE", bound=IntEnum)


def escape(text: str) -> str:
    """Return a text that PostgreSQL can hold; `unescape` gives the original back."""
    return _UNSTORABLE.sub(lambda found: f"{ESCAPE}{ord(found[0]):04x}", text)


def unescape(text: str) -> str:
    """Return the text that `escape` was given."""
    if ESCAPE not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def to_document(value: object, place: str = "value") -> object:
    """Return a JSON value that PostgreSQL can hold.

    Args:
        value: What `json.loads` could have made; tuples and string mappings are also taken.
        place: Where the value stands, for the message of an error.

    Raises:
        InvalidInput: The value has no JSON form: NaN, an infinity, an integer of thousands of
            digits, a key that is no string, or an object of another kind.
    """
    match value:
        case None | bool():
            return value
        case str():
            return escape(value)
        case int():
            if value.bit_length() > LARGEST_INTEGER_BITS:
                raise InvalidInput(f"The number at {place} is too long to be stored.")
            return int(value)
        case float():
            if not math.isfinite(value):
                raise InvalidInput(f"The number at {place} is {value}; it has to be finite.")
            return value
        case Mapping():
            return {
                _key(key, place): to_document(item, f"{place}.{key}") for key, item in value.items()
            }
        case list() | tuple():
            return [to_document(item, f"{place}[{i}]") for i, item in enumerate(value)]
        case _:
            raise InvalidInput(
                f"The value at {place} is a {type(value).__name__}, which JSON lacks."
            )


def from_document(value: object) -> object:
    """Return the JSON value that `to_document` was given."""
    match value:
        case str():
            return unescape(value)
        case dict():
            return {unescape(key): from_document(item) for key, item in value.items()}
        case list():
            return [from_document(item) for item in value]
        case _:
            return value


def _key(key: object, place: str) -> str:
    if not isinstance(key, str):
        raise InvalidInput(f"A key at {place} is a {type(key).__name__}; JSON keys are strings.")
    return escape(key)


class Text(TypeDecorator[str]):
    """Any Python string as `text`."""

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """Escape on the way in, also in comparisons."""
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        """Undo it on the way out."""
        return None if value is None else unescape(value)


class Document(TypeDecorator[object]):
    """A JSON value as `json`; None is SQL NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: object, _dialect: Dialect) -> object:
        """Check and escape on the way in."""
        return to_document(value)

    def process_result_value(self, value: object, _dialect: Dialect) -> object:
        """Undo it on the way out."""
        return from_document(value)


class Named(TypeDecorator[StrE]):
    """A `StrEnum` as `text`: native enumerations do not survive a downgrade and an upgrade."""

    impl = PlainText
    cache_ok = True

    def __init__(self, kind: type[StrE]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: StrE | None, _dialect: Dialect) -> str | None:
        """Store the value."""
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, _dialect: Dialect) -> StrE | None:
        """Return the member."""
        return None if value is None else self.kind(value)


class Numbered(TypeDecorator[IntE]):
    """An `IntEnum` as `smallint`."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, kind: type[IntE]) -> None:
        self.kind = kind
        super().__init__()

    def process_bind_param(self, value: IntE | None, _dialect: Dialect) -> int | None:
        """Store the value."""
        return None if value is None else int(self.kind(value))

    def process_result_value(self, value: int | None, _dialect: Dialect) -> IntE | None:
        """Return the member."""
        return None if value is None else self.kind(value)


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that a text column holds a member of an enumeration."""
    members = ", ".join(f"'{member}'" for member in kind)
    return CheckConstraint(f"{column} IN ({members})", name=column)


def between(column: str, low: float, high: float) -> CheckConstraint:
    """Return the constraint that a number is within bounds, which also refuses NaN."""
    return CheckConstraint(f"{column} BETWEEN {low} AND {high}", name=column)


def finite(column: str) -> CheckConstraint:
    """Return the constraint that a number is finite: NaN is greater than infinity here."""
    return CheckConstraint(f"{column} > '-Infinity' AND {column} < 'Infinity'", name=column)


def finite_not_negative(column: str) -> CheckConstraint:
    """Return the constraint that a number is finite and at least 0."""
    return CheckConstraint(f"{column} >= 0 AND {column} < 'Infinity'", name=column)
