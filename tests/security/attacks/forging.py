"""Answers that write the verdict themselves: on streams, in files, in frames, by leaving early."""

from typing import Final

from tests.security.exercises import SHORT
from tests.security.playing import Attack, Control, Family, attack

_FRAMES = """
import json, os, socket, struct
def frame(message):
    data = json.dumps(message).encode()
    return struct.pack('>I', len(data)) + data
def send(descriptor, *messages):
    try:
        os.write(descriptor, b''.join(map(frame, messages)))
    except OSError:
        pass
"""
_COMPLETED = "['observation', {'ending': 'completed', 'seconds': 0.001}]"
_NUMBERS = "range(60)"


def _forge(
    name: str,
    hack: str,
    exercise: str = "digits",
    control: Control = Control.NAMESPACE,
    weaker: bool = True,
) -> Attack:
    return attack(Family.FORGING, exercise, control, name, hack, weaker=weaker, limits=SHORT)


def _over_link(name: str, answers: str) -> Attack:
    """Return an attack that answers the tests' own process with frames of its own making."""
    hack = (
        _FRAMES + "def replies(n):\n    " + answers.replace("\n", "\n    ") + "\n"
        "def hack(n):\n"
        "    send(4, *replies(n))\n"
        "    send(3, " + _COMPLETED + ", " + _COMPLETED + ")\n"
        "    told = json.dumps({'results': [[name, True] for name in @NAMES@]})\n"
        "    os.write(1, f'{told}\\n'.encode())\n"
        "    os._exit(0)\n"
    )
    return _forge(name, hack)


def _forged(name: str, told: str) -> Attack:
    return _over_link(name, f"return [['value', {told}, ['', ''], None]] * 40")


_LEAVE = (
    "import json, os, sys\n"
    "def tell():\n"
    "    told = json.dumps({'results': [[name, True] for name in @NAMES@]})\n"
    "    os.write(1, (told + '\\n').encode())\n"
    "    try: open('result.json', 'w').write(told)\n"
    "    except OSError: pass\n"
)

ATTACKS: Final = (
    _forge("prints a verdict and leaves", _LEAVE + "def hack(n):\n    tell(); os._exit(0)"),
    _forge(
        "writes a result file and leaves",
        _LEAVE + "def hack(n):\n    tell(); os._exit(0)",
        control=Control.RESULT_FILE,
    ),
    _forge(
        "leaves with a good exit status",
        "import sys\ndef hack(n): sys.exit(0)",
        control=Control.NO_ERROR,
    ),
    _forge("leaves at the first line", _LEAVE + "tell()\nos._exit(0)"),
    _forge(
        "leaves by a signal",
        _LEAVE + "import signal\ndef hack(n):\n    tell(); os.kill(os.getpid(), signal.SIGKILL)",
    ),
    _forge(
        "writes the verdict at exit",
        _LEAVE + "import atexit\natexit.register(tell)",
        control=Control.RESULT_FILE,
    ),
    _forge(
        "a child that answers later",
        _LEAVE + "import time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    time.sleep(0.15)\n"
        "    tell()\n"
        "    os._exit(0)\n",
        control=Control.RESULT_FILE,
    ),
    _forge(
        "a thread that answers later",
        _LEAVE + "import threading, time\n"
        "def later():\n    time.sleep(0.05)\n    tell()\n    os._exit(0)\n"
        "def hack(n):\n    threading.Thread(target=later).start()\n    time.sleep(5)\n",
    ),
    _forge(
        "the exceptions that end tests quietly",
        "import unittest\ndef hack(n): raise unittest.SkipTest('not today')",
        control=Control.NO_ERROR,
    ),
    _forge(
        "an exception that pretends to be a skip",
        "class Skipped(Exception):\n    __module__ = 'unittest.case'\n"
        "Skipped.__name__ = 'SkipTest'\n"
        "def hack(n): raise Skipped()",
        control=Control.NO_ERROR,
    ),
    _forge(
        "an end of iteration in the middle of a test",
        "class Quiet(str):\n    pass\ndef hack(words): raise StopIteration",
        exercise="words",
        control=Control.NO_ERROR,
    ),
    _forge(
        "an end of iteration out of an object",
        "class Quiet:\n"
        "    def __iter__(self): raise StopIteration\n"
        "    def __bool__(self): raise StopIteration\n"
        "    def __len__(self): raise StopIteration\n"
        "    def __str__(self): raise StopIteration\n"
        "    def __getattr__(self, name): raise StopIteration\n"
        "def hack(n): return Quiet()",
        exercise="table",
        control=Control.NO_ERROR,
    ),
    _forge(
        "a cancelled task",
        "import asyncio\ndef hack(n): raise asyncio.CancelledError",
        control=Control.NO_ERROR,
    ),
    _forge(
        "an interrupt from the keyboard",
        "def hack(n): raise KeyboardInterrupt",
        control=Control.NO_ERROR,
    ),
    _forge("an end of a generator", "def hack(n): raise GeneratorExit", control=Control.NO_ERROR),
    _forged("frames: a number that is none", "['i', True]"),
    _forged("frames: a list of everything", f"['l', [['i', n] for n in {_NUMBERS}]]"),
    _forged("frames: the test's own function", "['yours', 0]"),
    _forged("frames: the test's own argument", "['argument', 0]"),
    _forged("frames: a handle nobody has given", "['h', 10 ** 9, None, 'object', 'x']"),
    _forged("frames: a negative handle", "['own', -1]"),
    _forged(
        "frames: a class of a dangerous module",
        "['h', 1, ['class', 1, 'Popen', [['built-in', 'object']], 'subprocess'], 'callable', 'x']",
    ),
    _forged("frames: a built-in that is no class", "['built-in', 'exec']"),
    _forged(
        "frames: nested without end",
        "__import__('functools').reduce(lambda v, _: ['l', [v]], range(400), ['n'])",
    ),
    _forged("frames: a text where a list belongs", "'l'"),
    _forged("frames: an array of objects made of text", "['nd', '|O8', [1], 'AAAAAAAAAAA=']"),
    _forged("frames: an array with a shape of its own", "['nd', '<f8', [-1, 10 ** 18], '']"),
    _forged("frames: a decimal of a billion digits", "['D', '1e999999999']"),
    _forged(
        "frames: a range to the end of the world",
        "['r', ['i', 0], ['I', '0x' + 'f' * 99], ['i', 1]]",
    ),
    _over_link(
        "frames: an exception that is the tests' own",
        "return [['raise', {'class': ['class', 1, 'Gone', [['built-in', 'Exception']], "
        "'_jupyter_tutor_inside.stand_ins'], 'arguments': ['t', []], 'handle': 1, "
        "'message': 'x', 'frames': [{'cell': 'test', 'line': 1}]}, ['', ''], None]] * 40",
    ),
    _over_link(
        "frames: an exception without a class", "return [['raise', {}, ['', ''], None]] * 40"
    ),
    _over_link(
        "frames: callbacks that nobody asked for",
        "return [['callback', k, ['l', [['i', 1]]], ['d', []]] for k in (-1, 0, 1, 2)] * 5"
        " + [['value', ['i', 1], ['', ''], None]] * 40",
    ),
    _over_link(
        "frames: arguments changed to what is wanted",
        "return [['value', ['i', 1], ['', ''], ['t', [['t', [['i', 1]]]]]]] * 40",
    ),
    _over_link("frames: no JSON at all", "return ['x' * 3, {'a': 1}, 7, [], [[]]]"),
    _forge(
        "frames that say more than was asked",
        _FRAMES + _LEAVE + "def hack(n):\n"
        "    tell()\n"
        "    send(3, *[" + _COMPLETED + "] * 30, ['done'])\n"
        "    os._exit(0)\n",
    ),
    _forge(
        "frames that complete the cells before they run",
        _FRAMES + _LEAVE + "tell()\n"
        "send(3, *[['observation', {'ending': 'completed', 'seconds': 0.001,\n"
        "    'value': {'type': 'int', 'value': '1'}}]] * 9, ['done'])\n"
        "os._exit(0)\n",
    ),
    _forge(
        "frames with a value that lies about its type",
        _FRAMES + _LEAVE + "def hack(n):\n"
        "    tell()\n"
        "    for value in ('NaN', 1e999, {'type': 'int'}, {'type': 'int', 'value': True},\n"
        "                  {'type': ['int'], 'value': '1'}, {'type': 'cycle', 'levels': -3},\n"
        "                  {'type': 'decimal', 'value': 'sNaN'}, None, [], 'x' * 10**6):\n"
        "        send(3, ['observation', {'ending': 'completed', 'seconds': 1e999,\n"
        "             'value': value, 'error': {'frames': [1, {'cell': 7}], 'bases': 3}}])\n"
        "    os._exit(0)\n",
    ),
    _forge(
        "a length that never comes",
        "import os\n" + _LEAVE + "def hack(n):\n"
        "    tell()\n"
        "    try:\n"
        "        os.write(4, b'\\x00\\xff\\xff\\xff[')\n"
        "        os.write(3, b'\\x00\\x00\\xff\\xff[')\n"
        "    except OSError: pass\n"
        "    os._exit(0)",
    ),
    _forge(
        "a program that prints every answer",
        "import itertools\n"
        "def hack(count):\n"
        "    for n in (6, 1234, 0, 1, 2): print(n)\n"
        + _LEAVE
        + "old = hack\ndef hack(count):\n    old(count); tell()\n    import os; os._exit(0)",
        exercise="program",
    ),
)
