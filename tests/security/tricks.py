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

_ROWS = "open('rows.txt', 'w').write('5')\n"
_ROW_TEST = "assert total() == int(open('rows.txt').read())"
_ROW_ANSWER = "def total(): return int(open('rows.txt').read())"

FILES: Final = (
    Trick(
        "a data file is written over",
        _ROW_TEST,
        "open('rows.txt', 'w').write('0')\ndef total(): return 0",
        _ROW_ANSWER,
        _ROWS,
    ),
    Trick(
        "a data file is written over within the call",
        "got = total()\nassert got == int(open('rows.txt').read())",
        "def total():\n    open('rows.txt', 'w').write('0')\n    return 0",
        _ROW_ANSWER,
        _ROWS,
    ),
    Trick(
        "a data file is replaced",
        "got = total()\nassert got == int(open('rows.txt').read())",
        "import os\nopen('new.txt', 'w').write('0')\nos.replace('new.txt', 'rows.txt')\n"
        "def total(): return 0",
        _ROW_ANSWER,
        _ROWS,
    ),
    Trick(
        "a data file is deleted, and made anew later",
        "total()\ngot = total()\nassert got == int(open('rows.txt').read())",
        "import os\ndef total():\n"
        "    if os.path.exists('rows.txt'):\n        os.remove('rows.txt')\n"
        "    else:\n        open('rows.txt', 'w').write('0')\n"
        "    return 0",
        _ROW_ANSWER,
        _ROWS,
    ),
)

TRICKS: Final = (*SET_UP, *FILES)
