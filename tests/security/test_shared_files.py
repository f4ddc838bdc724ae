"""Hostile files and values: what an answer brings to its tests is data, and has its limits."""

from typing import Final

import pytest

from jupyter_tutor.domain.exercises import AssertCell, Limits
from jupyter_tutor.domain.observations import Ending, Observation
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import plan
from tests.security.conftest import Arena

pytestmark = pytest.mark.kernel

_LIMITS: Final = Limits(
    wall_seconds=5.0, cpu_seconds=5.0, memory_mb=256, output_bytes=20_000, processes=8
)
_MARK: Final = "RUN-IN-THE-TESTS"
_PLANTS = f"""
import os
code = "print('{_MARK}')"
def act():
    for name in ('colorsys.py', 'colorsys.pth', 'sitecustomize.py', 'colorsys.so', 'x.pyc'):
        with open(name, 'w') as file: file.write(code)
    os.makedirs('colorsys', exist_ok=True)
    with open('colorsys/__init__.py', 'w') as file: file.write(code)
    os.makedirs('__pycache__', exist_ok=True)
    with open('__pycache__/colorsys.cpython-311.pyc', 'w') as file: file.write(code)
"""
_PICKLES = f"""
import pickle, fractions
class Prints:
    def __reduce__(self): return print, ('{_MARK}',)
class Changes:
    def __reduce__(self):
        return fractions.Fraction, (1, 2), (None, {{'__eq__': str}})
def act(path='d.pkl', kind=0):
    with open(path, 'wb') as file:
        pickle.dump([Prints, Changes][kind](), file)
"""


@pytest.fixture(scope="module")
def runner(arena: Arena) -> SandboxTestRunner:
    return arena.runner(Level.NAMESPACES)


def _seen(runner: SandboxTestRunner, answer: str, *cells: str) -> list[Observation]:
    return list(runner.run(plan(answer, *map(AssertCell, cells), limits=_LIMITS)).tests)


def test_planted_modules_are_not_imported(runner: SandboxTestRunner) -> None:
    seen = _seen(
        runner,
        _PLANTS,
        "import sys\nact()\nsys.path.insert(0, '')\nimport colorsys\n"
        "assert colorsys.rgb_to_hsv(0, 0, 0) == (0.0, 0.0, 0)",
        "act()\nimport subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'import colorsys'], env={'PYTHONPATH': '.'})",
        "import os\nact()\nassert sorted(os.listdir('.')) == ['colorsys'], os.listdir('.')",
    )
    assert [each.ending for each in seen] == [Ending.COMPLETED] * 3, seen
    assert not any(_MARK in each.stdout for each in seen)


@pytest.mark.parametrize("kind", [0, 1])
def test_pickles_make_plain_values_only(runner: SandboxTestRunner, kind: int) -> None:
    seen = _seen(
        runner,
        _PICKLES,
        f"import pickle\nact('d.pkl', {kind})\npickle.load(open('d.pkl', 'rb'))",
        "from fractions import Fraction\nassert Fraction(1, 2) == Fraction(1, 3)",
        "import pickle, datetime\nv = {'a': [1, {2}, datetime.date(2025, 1, 1)]}\n"
        "assert pickle.loads(pickle.dumps(v)) == v",
    )
    assert [each.ending.value for each in seen] == ["raised", "raised", "completed"], seen
    assert not any(_MARK in each.stdout for each in seen)


@pytest.mark.parametrize(
    "text",
    [
        "type('E', (), {'__eq__': lambda s, o: True})()",
        f"print('{_MARK}') or 0",
        "__import__('sys')._getframe(1).f_globals",
    ],
)
def test_texts_of_the_answer_are_not_evaluated_beside_the_tests(
    runner: SandboxTestRunner, text: str
) -> None:
    answer = f"class P:\n    def __repr__(self): return {text!r}\ndef f(): return {text!r}"
    seen = _seen(
        runner,
        answer,
        "SECRET = 12345\nassert eval(f()) == 7",
        "SECRET = 12345\nassert eval(repr(P()).strip()) == 7",
        "SECRET = 12345\nassert 'SECRET' in eval(f())",
        "exec(f())\nassert f() == 7",
    )
    assert all(each.ending is Ending.RAISED for each in seen), seen


@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("a large file", "open('x', 'wb').write(bytes(10_000_000))"),
        ("a file of holes", "os.truncate(os.open('x', os.O_CREAT | os.O_RDWR), 60_000_000)"),
        ("many files", "[open(f'f{n}', 'w') for n in range(3000)]"),
        ("directories in directories", "[(os.mkdir('d'), os.chdir('d')) for _ in range(200)]"),
    ],
)
def test_too_much_is_told(runner: SandboxTestRunner, name: str, act: str) -> None:
    seen = _seen(
        runner,
        f"import os\ndef act():\n    {act}\n    return 1",
        "assert act() == 1",
        "open('mine', 'w').write('a')\nassert open('mine').read() == 'a'",
    )
    assert seen[0].ending is Ending.RAISED, name
    assert seen[0].error is not None
    assert seen[0].error.type in ("OSError", "FileNotFoundError"), seen[0]


def test_links_pipes_and_moving_files_bring_nothing(runner: SandboxTestRunner) -> None:
    answer = (
        "import os, threading\n"
        "def act():\n"
        "    os.symlink('/etc/passwd', 'link')\n"
        "    os.symlink('/proc/self/environ', 'environ')\n"
        "    os.symlink('/', 'root')\n"
        "    try: os.mkfifo('pipe')\n"
        "    except OSError: pass\n"
        "def swap():\n"
        "    def loop():\n"
        "        for _ in range(3000):\n"
        "            try:\n"
        "                open('s', 'w').write('x'); os.unlink('s')\n"
        "                os.symlink('/etc/passwd', 's'); os.unlink('s')\n"
        "            except OSError: pass\n"
        "    threading.Thread(target=loop, daemon=True).start()\n"
        "def name(): return 'x'\n"
    )
    seen = _seen(
        runner,
        answer,
        "import os\nact()\nassert os.listdir('.') == [], os.listdir('.')",
        "import os\nswap()\nfor _ in range(40):\n    name()\n"
        "    assert not os.path.islink('s')\n"
        "    assert not os.path.exists('s') or open('s').read() in ('', 'x')",
    )
    assert [each.ending for each in seen] == [Ending.COMPLETED] * 2, seen


def test_a_test_s_double_does_not_lead_to_the_test(runner: SandboxTestRunner) -> None:
    answer = (
        "def look(thing):\n"
        "    found = []\n"
        "    for name in ('__class__', '__dict__', '__globals__', 'gi_frame', '_secret',\n"
        "                 '__init__', '__func__', '__self__', 'f_globals', '__code__'):\n"
        "        for each in (thing, getattr(thing, 'read', None)):\n"
        "            try: found.append(repr(getattr(each, name)))\n"
        "            except Exception as error: found.append(type(error).__name__)\n"
        "    return ' '.join(found)\n"
    )
    seen = _seen(
        runner,
        answer,
        "EXPECTED = 'MARK-OF-TEST'\n"
        "class Double:\n    _secret = EXPECTED\n    public = 3\n"
        "    def read(self, n=EXPECTED): return 1\n"
        "assert 'MARK' not in look(Double()), look(Double())",
        "def gen():\n    kept = 'MARK-OF-TEST'\n    yield 1\n"
        "assert 'MARK' not in look(gen()) and 'MARK' not in look(lambda x='MARK': x)",
        "import sys\nMARK = 'MARK'\n"
        "assert MARK not in look(sys.modules['json']) and MARK not in look(object())",
    )
    assert [each.ending for each in seen] == [Ending.COMPLETED] * 3, seen


def test_operators_that_lie_gain_nothing(runner: SandboxTestRunner) -> None:
    answer = (
        "class Liar:\n"
        "    shared = None\n"
        "    def __new__(cls, *a):\n"
        "        cls.shared = cls.shared or object.__new__(cls)\n"
        "        return cls.shared\n"
        "    def __init__(self, *a): pass\n"
        "    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __mod__ = __sub__\n"
        "    def __truediv__(self, other): return 1.0\n"
        "    def __eq__(self, other): return True\n"
        "    def __lt__(self, other): return True\n"
        "    def __hash__(self): return hash(9)\n"
        "    @property\n"
        "    def balance(self): return self\n"
        "    def grow(self): return [self]\n"
        "Account = C2F = F = f = Liar\n"
    )
    seen = _seen(
        runner,
        answer,
        "a = Account('x')\nassert abs(a.balance - 12.5) < 1e-9",
        "a = Account('x')\nb = a.balance\nc = Account('y')\nassert abs(b - 12.5) < 1e-9",
        "a = Account('x')\nb = a.grow()[0]\nAccount('z')\nassert abs(b / 3 - 1) < 1e-9",
        "assert abs(C2F(100) - 212) < 1e-9",
        "assert abs(F(3) - 2) < 1e-9",
        "assert abs(f(3) - 2) < 1e-9",
        "assert f(3) == 9",
        "assert Account('x').balance == 9",
        "assert Account('x').balance < 9",
        "assert {Account('x').balance: 1}[9] == 1",
        "assert Account('x').balance in {9, 10}",
    )
    assert all(each.ending is Ending.RAISED for each in seen), [
        (n, each.ending) for n, each in enumerate(seen)
    ]
