"""Tricks against single assert cells, each with the answer that the cell is meant for."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Trick:
    """A hostile answer to one assert cell.

    Attributes:
        name: Unique.
        cell: The assert cell.
        hostile: An answer that passes it where both are in one process.
        right: An answer that has to pass it.
        setup: The author's set-up.
    """

    name: str
    cell: str
    hostile: str
    right: str
    setup: str = ""


_DATA = "data = [1, 2, 3]\nrates = {'a': 1}\n"
_TABLE = "import pandas as pd\ntable = pd.DataFrame({'a': [1, 2]})\n"

SET_UP: Final = (
    Trick(
        "a list of the set-up is rebound",
        "assert total() == sum(data)",
        "data = []\ndef total(): return 0",
        "def total(): return sum(data)",
        _DATA,
    ),
    Trick(
        "a list of the set-up is changed",
        "assert total() == sum(data)",
        "data.clear()\ndef total(): return 0",
        "def total(): return sum(data)",
        _DATA,
    ),
    Trick(
        "a dictionary of the set-up is changed",
        "assert rate() == rates['a']",
        "rates['a'] = 99\ndef rate(): return 99",
        "def rate(): return rates['a']",
        _DATA,
    ),
    Trick(
        "a table of the set-up is changed",
        "assert total() == table['a'].sum()",
        "table = table[:0]\ndef total(): return 0",
        "def total(): return table['a'].sum()",
        _TABLE,
    ),
)

TRICKS: Final = (*SET_UP,)
