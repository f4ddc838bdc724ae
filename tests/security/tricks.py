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

_OBLIGING = """
class Obliging:
    def difference(self, other): return set()
    symmetric_difference = difference
    def union(self, other): return other
    intersection = union
    def replace(self, old, new): return new
    def strip(self, letters): return ''
    def split(self, by): return ['', '']
    def compare(self, other): return 0
    def sub(self, other): return [0]
    def isclose(self, other): return True
    fullmatch = isclose
    def get(self, key, default=None): return default
    def remove(self, each): pass
    def __len__(self): return 0
    def __contains__(self, other): return True
def f(n): return Obliging()
"""


def _method(cell: str, right: str, hostile: str = _OBLIGING, name: str = "") -> Trick:
    return Trick(name or f"an obliging method: {cell}", cell, hostile, right)


_SET = "def f(n): return set(range(1, n + 1))"
_WORD = "def f(n): return 'expected'"
METHODS: Final = (
    _method("assert f(3).difference({1, 2, 3}) == set()", _SET),
    _method("assert not f(3).symmetric_difference({1, 2, 3})", _SET),
    _method("assert f(3).union({1, 2}) == {1, 2}", "def f(n): return {1}"),
    _method("assert f(3).intersection({1, 2}) == {1, 2}", _SET),
    _method("assert f(3).replace('expected', '') == ''", _WORD),
    _method("assert f(3).strip('abc') == ''", "def f(n): return 'cab'"),
    _method("assert len(f(3).split('pec')) == 2", _WORD),
    _method(
        "assert f(3).compare(4) == 0", "from decimal import Decimal\ndef f(n): return Decimal(4)"
    ),
    _method(
        "assert max(f(3).sub([1, 2])) == 0",
        "import pandas as pd\ndef f(n): return pd.Series([1, 2])",
    ),
    _method("assert f(2).get('a', 7) == 7", "def f(n): return {}"),
    _method("assert list(map(f(3).get, [1], [9])) == [9]", "def f(n): return {1: 9}"),
    _method(
        "assert f(1).fullmatch('abc') and f(1).pattern",
        "import re\ndef f(n): return re.compile('[a-c]+')",
        _OBLIGING + "Obliging.pattern = 'x'",
    ),
    _method(
        "got = f(3)\nfor each in (1, 2):\n    got.remove(each)\nassert len(got) == 0",
        "def f(n): return [1, 2]",
    ),
    _method(
        "assert f(3).union({1, 2}) == {1, 2}",
        "def f(n): return {1}",
        "class Obliging:\n    union = set\ndef f(n): return Obliging()",
        "a built-in class for a method",
    ),
    _method(
        "assert f(3).union({1, 2}) == {1, 2}",
        "def f(n): return {1}",
        "class Given:\n    def __new__(cls, other): return other\n"
        "class Obliging:\n    union = Given\ndef f(n): return Obliging()",
        "a class that makes what it is given for a method",
    ),
    _method(
        "assert 3 in Bag([3]).content",
        "class Bag:\n    def __init__(self, content): self.content = content",
        "class Bag:\n    def __init__(self, content): self.content = self\n"
        "    def __contains__(self, other): return True",
        "an object of a named class instead of its content",
    ),
    _method(
        "assert Bag('abc').label.startswith('ab')",
        "class Bag:\n    def __init__(self, label): self.label = label",
        "class Bag:\n    def __init__(self, label): self.label = self\n"
        "    def startswith(self, other): return True",
        "an object of a named class instead of a text",
    ),
)

_MOCK = "from unittest.mock import MagicMock, Mock, call\ncb = MagicMock()\nnotify(5, cb)\n"
_NOTIFY = "def notify(n, cb): cb(2 * n)"
_SPY = (
    "class Spy:\n    def __init__(self): self.calls = []\n"
    "    def __call__(self, n): self.calls.append(n)\n"
    "    def verify(self, wanted): assert self.calls == wanted\n"
    "spy = Spy()\nnotify(5, spy)\n"
)
DOUBLES: Final = (
    Trick(
        "a mock's assertion is replaced",
        _MOCK + "cb.assert_called_once_with(10)",
        "def notify(n, cb): cb.assert_called_once_with = lambda *given: None",
        _NOTIFY,
    ),
    Trick(
        "a mock is configured",
        _MOCK + "assert cb.call_count == 1 and cb.call_args == call(10)",
        "def notify(n, cb): cb.configure_mock(call_count=1, call_args=((10,), {}))",
        _NOTIFY,
    ),
    Trick(
        "a mock is configured to be equal",
        _MOCK + "assert cb.call_args == call(10)",
        "class Equal:\n    def __eq__(self, other): return True\n"
        "def notify(n, cb): cb.call_args = Equal()",
        _NOTIFY,
    ),
    Trick(
        "a part of a mock is replaced",
        _MOCK + "cb.save.assert_called_once_with(10)",
        "class Save:\n    def assert_called_once_with(self, *given): pass\n"
        "def notify(n, cb): cb.save = Save()",
        "def notify(n, cb): cb.save(2 * n)",
    ),
    Trick(
        "a mock's calls are written",
        _MOCK + "assert len(cb.method_calls) == 1",
        "def notify(n, cb): cb.method_calls.append(1)",
        "def notify(n, cb): cb.save(2 * n)",
    ),
    Trick(
        "a method of a test's class is replaced",
        _SPY + "spy.verify([10])",
        "def notify(n, spy): spy.verify = lambda wanted: None",
        _NOTIFY,
    ),
    Trick(
        "a stream's method is replaced",
        "import io\nout = io.StringIO()\nwrite(out)\nassert out.getvalue() == 'HELLO'",
        "def write(out): out.getvalue = lambda: 'HELLO'",
        "def write(out): out.write('HELLO')",
    ),
)

_LIES = (
    "class Lie:\n    def __eq__(self, other): return True\ndef digit(n): return Lie()\n"
    "def texts(): return ['digit(98) == 17', {'a': [' digit(98) == 17']}]\n"
)
_DIGIT = "def digit(n): return 17\ndef texts(): return ['8 + 9', {'a': [' 8 + 9']}]"
TEXTS: Final = (
    Trick(
        "a text of the test is evaluated by the answer",
        "texts()\nassert eval('digit(98) == 17')",
        _LIES,
        _DIGIT,
    ),
    Trick(
        "a text that the test puts together is evaluated by the answer",
        "texts()\nfor a, b in [(98, 17)]:\n    assert eval(f'digit({a}) == {b}')",
        _LIES,
        _DIGIT,
    ),
    Trick(
        "a text deep in a value is evaluated beside the test",
        "wanted = 17\nassert eval(texts()[1]['a'][0]) == wanted",
        "def texts(): return [0, {'a': ['wanted']}]",
        _DIGIT,
    ),
)

_POINT = """
class Point:
    def __init__(self, x, y): self.x, self.y = x, y
    def __eq__(self, other):
        return isinstance(other, Point) and (self.x, self.y) == (other.x, other.y)
    def dist(self, other): return ((self.x - other.x) ** 2 + (self.y - other.y) ** 2) ** 0.5
"""
_MIDDLE = "def mid(a, b): return Point((a.x + b.x) / 2, (a.y + b.y) / 2)"
CLASSES: Final = (
    Trick(
        "a method of the set-up is replaced",
        "assert mid(Point(0, 0), Point(2, 2)).dist(Point(1, 1)) < 1e-9",
        "Point.dist = lambda self, other: 0\ndef mid(a, b): return Point(7, 7)",
        _MIDDLE,
        _POINT,
    ),
    Trick(
        "the equality of a class of the set-up is replaced",
        "assert mid(Point(0, 0), Point(2, 2)) == Point(1, 1)",
        "Point.__eq__ = lambda self, other: True\ndef mid(a, b): return Point(7, 7)",
        _MIDDLE,
        _POINT,
    ),
    Trick(
        "a method is replaced in an object of a class of the set-up",
        "assert mid(Point(0, 0), Point(2, 2)).dist(Point(1, 1)) < 1e-9",
        "def mid(a, b):\n    made = Point(7, 7)\n    made.dist = lambda other: 0\n    return made",
        _MIDDLE,
        _POINT,
    ),
    Trick(
        "fields that are equal to everything",
        "assert mid(Point(0, 0), Point(2, 2)) == Point(1, 1)",
        "class Equal:\n    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return 0\n    __rsub__ = __sub__\n"
        "def mid(a, b): return Point(Equal(), Equal())",
        _MIDDLE,
        _POINT,
    ),
    Trick(
        "an object that the test keeps is changed later",
        "wanted = Point(1, 1)\nmid(wanted, wanted)\n"
        "assert mid(Point(0, 0), Point(2, 2)).x == wanted.x",
        "kept = []\ndef mid(a, b):\n    if kept: kept[0].x = 7\n    kept.append(a)\n"
        "    return Point(7, 7)",
        _MIDDLE,
        _POINT,
    ),
)

SUBCLASSES: Final = (
    Trick(
        "a number whose difference from all is nothing",
        "assert abs(part() - 2.5) < 1e-9 and abs(2.5 - part()) < 1e-9",
        "class Part(float):\n    def __sub__(self, other): return 0.0\n    __rsub__ = __sub__\n"
        "def part(): return Part(9)",
        "class Part(float): pass\ndef part(): return Part(2.5)",
    ),
    Trick(
        "a set that takes everything away",
        "assert {1, 2} - group() == set() and not group() ^ {1, 2}",
        "class Group(set):\n    def __rsub__(self, other): return set()\n    __xor__ = __rsub__\n"
        "def group(): return Group()",
        "class Group(set): pass\ndef group(): return Group([1, 2])",
    ),
    Trick(
        "a mapping of the library that is equal to all",
        "assert mapped() == {'a': 1}",
        "from collections import UserDict\nclass Mapped(UserDict):\n"
        "    def __eq__(self, other): return True\ndef mapped(): return Mapped()",
        "from collections import UserDict\ndef mapped(): return UserDict(a=1)",
    ),
)

TRICKS: Final = (*SUBCLASSES, *CLASSES, *DOUBLES, *TEXTS, *METHODS, *SET_UP, *FILES)
