"""The names of methods that built-in values have, and tables and arrays.

A test that calls one on what a function returned takes that for a built-in value: `found.get(key)`,
`found.difference(expected)`. An object of the answer with a method of that name would decide what
comes of it.
"""

import re
import sys
from collections import Counter, OrderedDict, deque
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

_KINDS: Final = (
    *(str, bytes, bytearray, list, tuple, set, frozenset, dict, int, float, complex, range),
    *(deque, Counter, OrderedDict, Decimal, Fraction, date, datetime, time, timedelta, re.Pattern),
)
_LIBRARIES: Final = (
    ("numpy", ("ndarray", "generic")),
    ("pandas", ("DataFrame", "Series", "Index")),
)
_GROWING: Final = frozenset(
    [
        *("add", "append", "appendleft", "extend", "extendleft", "insert"),
        *("reverse", "rotate", "sort", "update"),
    ]
)
_CLOSE: Final = frozenset(["isclose", "allclose", "almost_equal", "almost_equals"])


def _methods(kind: Any) -> set[str]:
    names = {name for base in kind.__mro__ for name in vars(base) if not name.startswith("_")}
    return {name for name in names if callable(getattr(kind, name, None))}


_known: set[str] = set(_CLOSE).union(*map(_methods, _KINDS))
_seen: set[str] = set()


def is_guarded(name: str) -> bool:
    """Whether a built-in value, an array or a table has a method of a name."""
    for module, kinds in _LIBRARIES:
        if module not in _seen and hasattr(sys.modules.get(module), kinds[0]):
            _seen.add(module)
            _known.update(*(_methods(getattr(sys.modules[module], kind)) for kind in kinds))
    return name in _known


def only_grows(name: str) -> bool:
    """Whether a method of that name changes a value without comparing anything in it."""
    return name in _GROWING
