"""The forms a Python value takes once it is observed: plain, frozen and without behaviour.

`domain.values` tells how they are written as JSON. Nothing here runs code of the value's own class.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

Number = bool | int | float | complex | Decimal | Fraction
Moment = datetime | date | time | timedelta
Scalar = Number | Moment | str | bytes | None


@dataclass(frozen=True, slots=True)
class Plain:
    """A value without parts.

    Attributes:
        value: The value itself, of one of the exact types of `Scalar`.
        kind: Name of its class, such as `int` or `numpy.int64`.
    """

    value: Scalar
    kind: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple, set, frozenset or deque.

    Attributes:
        base: Which of these it is, also for a subclass.
        items: The elements; of a set in no meaningful order.
        kind: Name of its class.
        names: Field names of a named tuple.
    """

    base: str
    items: "tuple[Value, ...]"
    kind: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dict or a subclass of it, in its order."""

    items: "tuple[tuple[Value, Value], ...]"
    kind: str


@dataclass(frozen=True, slots=True)
class Span:
    """A range."""

    start: int
    stop: int
    step: int


@dataclass(frozen=True, slots=True)
class Fields:
    """An object by its fields: a dataclass, an object of a simple class, or an exception."""

    kind: str
    fields: "tuple[tuple[str, Value], ...]"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enumeration."""

    kind: str
    name: str
    value: "Value"


@dataclass(frozen=True, slots=True)
class Grid:
    """A numpy array: `items` has the elements in C order."""

    dtype: str
    shape: tuple[int, ...]
    items: "tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Column:
    """A pandas Series."""

    name: "Value"
    index: "tuple[Value, ...]"
    items: "tuple[Value, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """A pandas DataFrame: one tuple of values for each column."""

    columns: "tuple[Value, ...]"
    index: "tuple[Value, ...]"
    data: "tuple[tuple[Value, ...], ...]"


@dataclass(frozen=True, slots=True)
class Missing:
    """A missing value of pandas: `NA` or `NaT`."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """Anything else: known only by its class and its `repr`."""

    kind: str
    repr: str


@dataclass(frozen=True, slots=True)
class Cycle:
    """A container inside itself: the one `levels` above this place."""

    levels: int


@dataclass(frozen=True, slots=True)
class Cut:
    """A part that was left out, because the whole was too large or too deep to observe."""

    kind: str
    reason: str


Value = (
    Plain
    | Items
    | Pairs
    | Span
    | Fields
    | Member
    | Grid
    | Column
    | Table
    | Missing
    | Opaque
    | Cycle
    | Cut
)
