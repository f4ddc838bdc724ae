"""The exercises that hostile answers attack: easy tests to earn honestly, and others to win.

Every exercise has call or program cases and assert cells, public and secret. A point that only a
right answer gets stands on a test whose name starts with `hard`; what is in `secrets` is in
secret tests only and must never be seen by a learner.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    DataFile,
    ExpectedException,
    Limits,
    ProgramCase,
    TestCase,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.values import encode_plain

LIMITS: Final = Limits(
    wall_seconds=3.0, cpu_seconds=3.0, memory_mb=256, output_bytes=20_000, processes=16
)
SHORT: Final = Limits(
    wall_seconds=0.7, cpu_seconds=0.7, memory_mb=128, output_bytes=20_000, processes=8
)


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise to attack.

    Attributes:
        tests: Its tests; only right answers pass those named `hard...`.
        reference: A right answer.
        honest: The beginning of an answer that earns the easy tests and calls `hack(...)`, with
            what the exercise's function was given, for all others.
        secrets: Texts in secret tests that no learner may see.
        setup: The author's set-up cells.
        files: The lesson's data files.
        classes: The classes that the reference defines.
    """

    tests: tuple[TestCase, ...]
    reference: str
    honest: str
    secrets: tuple[str, ...]
    setup: tuple[str, ...] = ()
    files: tuple[DataFile, ...] = ()

    def plan(self, answer: str, limits: Limits = LIMITS) -> RunPlan:
        """Return a run of an answer."""
        return RunPlan(self.setup, (CellSource("answer", answer),), self.tests, limits, self.files)


def _call(call: str, expected: object) -> TestSpec:
    return CallCase(call, encode_plain(expected))


def _tests(public: Mapping[str, TestSpec], secret: Mapping[str, TestSpec]) -> tuple[TestCase, ...]:
    shown = [TestCase(name, spec) for name, spec in public.items()]
    hidden = [TestCase(name, spec, visibility=Visibility.SECRET) for name, spec in secret.items()]
    return (*shown, *hidden)


DIGITS: Final = Exercise(
    tests=_tests(
        {
            "easy call": _call("digit_sum(7)", 7),
            "easy assert": AssertCell("assert digit_sum(3) == 3"),
            "hard call": _call("digit_sum(98)", 17),
            "hard assert": AssertCell("assert digit_sum(8765) == 26"),
            "hard order": AssertCell(
                "assert 9 < digit_sum(1234567) <= 28\nassert digit_sum(555) in (15, 16)"
            ),
            "hard raise": CallCase("digit_sum(-1)", raises=ExpectedException("ValueError", "neg")),
        },
        {
            "hard secret call": _call("digit_sum(738291645)", 45),
            "hard secret assert": AssertCell(
                "MARK_OF_SECRET_SOURCE = 192837465\n"
                "assert digit_sum(MARK_OF_SECRET_SOURCE) == 45, 'MESSAGE_OF_SECRET_TEST'"
            ),
        },
    ),
    reference=(
        "def digit_sum(n):\n"
        "    if n < 0:\n"
        "        raise ValueError('negative')\n"
        "    return sum(map(int, str(n)))\n"
    ),
    honest="def digit_sum(n):\n    return n if 0 <= n < 10 else hack(n)\n",
    secrets=(
        "738291645",
        "192837465",
        "MARK_OF_SECRET_SOURCE",
        "MESSAGE_OF_SECRET_TEST",
    ),
)

AREA: Final = Exercise(
    tests=_tests(
        {
            "easy call": _call("area(0)", 0.0),
            "easy assert": AssertCell("assert area(0) == 0"),
            "hard call": _call("area(2)", 12.566370614359172),
            "hard difference": AssertCell("assert abs(area(2) - 12.566370614359172) < 1e-6"),
            "hard ratio": AssertCell("assert abs(area(3) / 28.274333882308138 - 1) < 1e-6"),
            "hard close": AssertCell("import math\nassert math.isclose(area(3), 9 * math.pi)"),
            "hard round": AssertCell("assert round(area(2), 3) == 12.566"),
            "hard numpy": AssertCell(
                "import numpy as np\nassert np.allclose(area(4), 50.26548245743669)"
            ),
            "hard numpy testing": AssertCell(
                "import numpy as np\nnp.testing.assert_allclose(area(4), 50.26548245743669)"
            ),
        },
        {
            "hard secret call": _call("area(77.125)", math.pi * 77.125 * 77.125),
            "hard secret assert": AssertCell("assert abs(area(88.375) - 24536.2804) < 1e-2"),
        },
    ),
    reference="import math\ndef area(r):\n    return math.pi * r * r\n",
    honest="def area(r):\n    return 0.0 if r == 0 else hack(r)\n",
    secrets=("77.125", "88.375", "24536.2804", "18687.0275"),
)

WORDS: Final = Exercise(
    tests=_tests(
        {
            "easy call": _call("longest([])", ""),
            "easy assert": AssertCell("assert longest([]) == ''"),
            "hard call": _call("longest(['a', 'abc', 'ab'])", "abc"),
            "hard assert": AssertCell("assert longest(['x', 'horse']) == 'horse'"),
            "hard in": AssertCell("assert 'zeb' in longest(['x', 'zebra'])"),
            "hard start": AssertCell("assert longest(['x', 'camel']).startswith('cam')"),
            "hard loop": AssertCell(
                "given = [['a', 'gnat'], ['newt', 'b']]\n"
                "for got, wanted in zip(map(longest, given), ['gnat', 'newt']):\n"
                "    assert got == wanted"
            ),
            "hard key": AssertCell("assert {longest(['x', 'mouse']): 1}.get('mouse') == 1"),
            "hard set": AssertCell("assert longest(['x', 'okapi']) in {'okapi', 'cat'}"),
            "hard all": AssertCell(
                "assert all(map(str.islower, [longest(['x', 'gnu'])]))\n"
                "assert sorted(longest(['x', 'gnu'])) == ['g', 'n', 'u']"
            ),
        },
        {
            "hard secret call": _call("longest(['i', 'HIPPOPOTAMUS'])", "HIPPOPOTAMUS"),
            "hard secret assert": AssertCell("assert longest(['o', 'CHIMPANZEE']) == 'CHIMPANZEE'"),
        },
    ),
    reference="def longest(words):\n    return max(words, key=len, default='')\n",
    honest="def longest(words):\n    return '' if not words else hack(words)\n",
    secrets=("HIPPOPOTAMUS", "CHIMPANZEE"),
)

TABLE: Final = Exercise(
    tests=_tests(
        {
            "easy call": _call("squares(0)", []),
            "easy assert": AssertCell("assert list(squares(0)) == []"),
            "hard call": _call("squares(3)", [0, 1, 4]),
            "hard assert": AssertCell("assert squares(4) == [0, 1, 4, 9]"),
            "hard length": AssertCell(
                "found = squares(3)\n"
                "assert len(found) == 3\n"
                "for n, each in enumerate([0, 1, 4]):\n    assert found[n] == each"
            ),
            "hard lengths": AssertCell(
                "for n, got in enumerate(map(len, [squares(2), squares(3)]), start=2):\n"
                "    assert got == n\n"
                "assert squares(2) == [0, 1]"
            ),
            "hard loop": AssertCell(
                "for got, wanted in zip(map(sum, [squares(4), squares(5)]), [14, 30]):\n"
                "    assert got == wanted"
            ),
            "hard sum": AssertCell("assert sum(squares(5)) == 30 and max(squares(5)) == 16"),
            "hard sorted": AssertCell("assert sorted(squares(3)) == [0, 1, 4]"),
            "hard zip": AssertCell(
                "assert all(a == b for a, b in zip(squares(3), [0, 1, 4], strict=True))"
            ),
            "hard equals": AssertCell(
                "import pandas as pd\nassert pd.Series([0, 1, 4]).equals(pd.Series(squares(3)))\n"
            ),
            "hard method": AssertCell(
                "expected = [0, 1, 4]\n"
                "assert squares(3).count(4) == 1 and squares(3).index(4) == 2\n"
            ),
        },
        {
            "hard secret call": _call("squares(6 + 1 - 1)", [0, 1, 4, 9, 16, 25]),
            "hard secret assert": AssertCell(
                "assert squares(7 + 2 - 2) == [0, 1, 4, 9, 16, 25, 36]"
            ),
        },
    ),
    reference="def squares(n):\n    return [k * k for k in range(n)]\n",
    honest="def squares(n):\n    return [] if n == 0 else hack(n)\n",
    secrets=("6 + 1 - 1", "7 + 2 - 2"),
)

FRAME: Final = Exercise(
    tests=_tests(
        {
            "easy assert": AssertCell("assert doubled([]) == []"),
            "hard array": AssertCell(
                "import numpy as np\n"
                "expected = np.array([2.0, 4.0])\n"
                "np.testing.assert_array_equal(doubled([1.0, 2.0]), expected)"
            ),
            "hard allclose": AssertCell(
                "import numpy as np\nassert np.allclose(doubled([1.0, 2.0]), [2.0, 4.0])"
            ),
            "hard array equal": AssertCell(
                "import numpy as np\nassert np.array_equal(doubled([1.0]), np.array([2.0]))"
            ),
            "hard elementwise": AssertCell(
                "import numpy as np\nassert (np.array([2.0, 4.0]) == doubled([1.0, 2.0])).all()"
            ),
            "hard equals": AssertCell(
                "import numpy as np\nimport pandas as pd\n"
                "assert pd.Series(doubled([1.0])).equals(pd.Series([2.0]))"
            ),
            "hard its own equals": AssertCell(
                "import pandas as pd\nassert doubled([1.5]).tolist() == [3.0]\n"
                "assert doubled([1.5]).shape == (1,)"
            ),
        },
        {
            "hard secret assert": AssertCell(
                "import numpy as np\nassert np.allclose(doubled([31.4159265]), [62.831853])"
            )
        },
    ),
    reference=(
        "import numpy as np\n"
        "def doubled(values):\n    return np.array(values) * 2 if values else []\n"
    ),
    honest=(
        "import numpy as np\ndef doubled(values):\n    return [] if not values else hack(values)\n"
    ),
    secrets=("31.4159265", "62.831853"),
)

MUTATING: Final = Exercise(
    tests=_tests(
        {
            "easy call": _call("ordered([])", []),
            "hard assert": AssertCell(
                "data = [3, 1, 2]\nexpected = [1, 2, 3]\n"
                "assert ordered(data) == expected\nassert data == [3, 1, 2]"
            ),
            "hard keys": AssertCell(
                "calls = []\n"
                "def key(n):\n    calls.append(n)\n    return -n\n"
                "assert ordered([1, 3, 2], key) == [3, 2, 1]\nassert sorted(calls) == [1, 2, 3]"
            ),
            "hard call": _call("ordered([2, 9, 4])", [2, 4, 9]),
        },
        {
            "hard secret assert": AssertCell(
                "assert ordered(['GORILLA', 'BONOBO']) == ['BONOBO', 'GORILLA']"
            )
        },
    ),
    reference="def ordered(values, key=None):\n    return sorted(values, key=key)\n",
    honest="def ordered(values, key=None):\n    return [] if not values else hack(values, key)\n",
    secrets=("GORILLA", "BONOBO"),
)

PROGRAM: Final = Exercise(
    tests=_tests(
        {
            "easy zero": ProgramCase("0\n", "0\n"),
            "hard sum": ProgramCase("3\n1\n2\n3\n", "6\n"),
            "hard long": ProgramCase("2\n1000\n234\n", "1234\n"),
        },
        {"hard secret": ProgramCase("2\n73829164\n1\n", "73829165\n")},
    ),
    reference="print(sum(int(input()) for _ in range(int(input()))))\n",
    honest="count = int(input())\nif count == 0:\n    print(0)\nelse:\n    hack(count)\n",
    secrets=("73829164", "73829165"),
)

ACCOUNT: Final = Exercise(
    tests=_tests(
        {
            "easy make": AssertCell("assert Account('Ann').balance == 0"),
            "hard deposit": AssertCell(
                "account = Account('Bob')\naccount.deposit(30)\nassert account.balance == 30"
            ),
            "hard interest": AssertCell(
                "account = Account('Bob')\naccount.deposit(100)\n"
                "assert abs(account.interest(0.07) - 7) < 1e-6"
            ),
            "hard refusal": AssertCell(
                "account = Account('Bob')\n"
                "try:\n    account.deposit(-1)\n"
                "except ValueError as error:\n    assert 'positive' in str(error)\n"
                "else:\n    raise AssertionError('no error')"
            ),
            "hard call": _call("Account('Cy').deposit(12)", 12),
        },
        {
            "hard secret assert": AssertCell(
                "account = Account('ORANGUTAN')\naccount.deposit(555666777)\n"
                "assert account.balance == 555666777"
            )
        },
    ),
    reference=(
        "class Account:\n"
        "    def __init__(self, owner):\n        self.owner, self.balance = owner, 0\n"
        "    def deposit(self, amount):\n"
        "        if amount <= 0:\n            raise ValueError('must be positive')\n"
        "        self.balance += amount\n        return self.balance\n"
        "    def interest(self, rate):\n        return self.balance * rate\n"
    ),
    honest="",
    secrets=("ORANGUTAN", "555666777"),
)

EXERCISES: Final[Mapping[str, Exercise]] = {
    "digits": DIGITS,
    "area": AREA,
    "words": WORDS,
    "table": TABLE,
    "frame": FRAME,
    "mutating": MUTATING,
    "program": PROGRAM,
    "account": ACCOUNT,
}
