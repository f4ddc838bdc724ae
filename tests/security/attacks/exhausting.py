"""Answers that use up what others need, or want the grader to choke."""

from typing import Final

from tests.security.exercises import SHORT
from tests.security.playing import Attack, Control, Family, attack


def _exhaust(
    name: str,
    hack: str,
    *,
    exercise: str = "digits",
    control: Control = Control.NAMESPACE,
    weaker: bool = True,
) -> Attack:
    return attack(Family.EXHAUSTING, exercise, control, name, hack, limits=SHORT, weaker=weaker)


_HOLD = "import time; time.sleep(0.4); print(@WON@)"

ATTACKS: Final = (
    _exhaust("a loop without end", "def hack(n):\n    while True: pass"),
    _exhaust(
        "a loop that catches every error",
        "def hack(n):\n    while True:\n        try:\n            while True: pass\n"
        "        except BaseException: pass",
    ),
    _exhaust(
        "a loop deaf to signals",
        "import signal\n"
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\n"
        "def hack(n):\n    while True: pass",
    ),
    _exhaust(
        "a stop of its own",
        "import os, signal\ndef hack(n): os.kill(os.getpid(), signal.SIGSTOP)",
        control=Control.NAMESPACE,
    ),
    _exhaust("a sleep", "import time\ndef hack(n): time.sleep(1000)"),
    _exhaust("a loop in C", "def hack(n): return 10 ** (10 ** 9)"),
    _exhaust(
        "an expression that never matches",
        "import re\ndef hack(n): re.match(r'(a+)+$', 'a' * 64 + 'b')",
    ),
    _exhaust("a wait for input", "import os\ndef hack(n):\n    r, w = os.pipe(); os.read(r, 1)"),
    _exhaust(
        "processes that double",
        "import os, time\nfirst = os.getpid()\n"
        "for _ in range(7):\n"
        "    try: os.fork()\n"
        "    except OSError: break\n"
        "else:\n"
        "    time.sleep(0.5)\n"
        "    if os.getpid() == first: print(@WON@)\n"
        "if os.getpid() != first: time.sleep(0.5); os._exit(0)",
    ),
    _exhaust(
        "processes that stay",
        "import os, time\nmade = 0\n"
        "for _ in range(200):\n"
        "    try:\n"
        "        if os.fork() == 0: time.sleep(20); os._exit(0)\n"
        "        made += 1\n"
        "    except OSError: pass\n"
        "time.sleep(0.3)\nprint(@WON@) if made > 150 else None",
        control=Control.NAMESPACE,
    ),
    _exhaust(
        "threads that stay",
        "import threading, time\n"
        "for _ in range(300): threading.Thread(target=time.sleep, args=(9,), daemon=True)"
        ".start()\n" + _HOLD,
    ),
    _exhaust("memory", "kept = [bytearray(1 << 20) for _ in range(700)]\n" + _HOLD),
    _exhaust(
        "memory of many processes",
        "import os, time\n"
        "for _ in range(6):\n"
        "    if os.fork() == 0:\n"
        "        kept = bytearray(os.urandom(1 << 20) * 100); time.sleep(3); os._exit(0)\n"
        "time.sleep(1)\n" + _HOLD,
    ),
    _exhaust(
        "memory of a daemon",
        "import os, time\n"
        "r, w = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        kept = bytearray(os.urandom(1 << 20) * 600)\n"
        "        time.sleep(0.3)\n"
        "        os.write(w, b'x'); time.sleep(3); os._exit(0)\n"
        "    os._exit(0)\n"
        "os.wait(); os.read(r, 1); print(@WON@)",
    ),
    _exhaust(
        "memory that no process has: files in memory",
        "import os, mmap\n"
        "files = []\n"
        "for n in range(12):\n"
        "    files.append(os.memfd_create(str(n)))\n"
        "    for _ in range(60): os.write(files[-1], bytes(1 << 20))\n" + _HOLD,
    ),
    _exhaust(
        "memory that no process has: the old shared memory",
        "import ctypes\n"
        "libc = ctypes.CDLL(None)\n"
        "libc.shmat.restype = ctypes.c_void_p\n"
        "libc.shmdt.argtypes = [ctypes.c_void_p]\n"
        "for n in range(12):\n"
        "    number = libc.shmget(0, 60 << 20, 0o1600)\n"
        "    assert number >= 0\n"
        "    place = libc.shmat(number, None, 0)\n"
        "    ctypes.memset(place, 1, 60 << 20)\n"
        "    libc.shmdt(place)\n" + _HOLD,
    ),
    _exhaust(
        "files until the disk is full",
        "import os\n"
        "for n in range(12):\n"
        "    with open(f'big{n}', 'wb') as file:\n"
        "        for _ in range(60): file.write(bytes(1 << 20))\n" + _HOLD,
        weaker=False,
    ),
    _exhaust(
        "one file that is too large",
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with open('big', 'wb') as file:\n"
        "    for _ in range(300): file.write(bytes(1 << 20))\n" + _HOLD,
    ),
    _exhaust(
        "files until none can be made",
        "for n in range(40_000): open(f'n{n}', 'w').close()\n" + _HOLD,
        weaker=False,
    ),
    _exhaust(
        "descriptors until none are left",
        "import os\nkept = [os.dup(1) for _ in range(2000)]\n" + _HOLD,
    ),
    _exhaust(
        "limits lifted again",
        "import resource\n"
        "for kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU):\n"
        "    most = resource.getrlimit(kind)[1]\n"
        "    resource.setrlimit(kind, (resource.RLIM_INFINITY,) * 2)\n" + _HOLD,
    ),
    _exhaust(
        "a text of a hundred megabytes",
        "def hack(n): return 'x' * 100_000_000",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a number of a million digits",
        "def hack(n): return 1 << 4_000_000",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a list nested a hundred thousand deep",
        "def hack(n):\n    v = []\n    for _ in range(100_000): v = [v]\n    return v",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a list that contains itself",
        "def hack(n):\n    v = []\n    v.append(v)\n    return v",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a list of a million",
        "def hack(n): return list(range(1_000_000))",
        exercise="table",
        control=Control.NO_ERROR,
    ),
    _exhaust(
        "a repr without end",
        "class Long:\n    def __repr__(self): return 'x' * 50_000_000\n    __str__ = __repr__\n"
        "    def __eq__(self, other): return Long()\n"
        "def hack(n): return Long()",
        control=Control.NO_ERROR,
    ),
    _exhaust(
        "an error message without end",
        "def hack(n): raise ValueError('x' * 50_000_000)",
        control=Control.NO_ERROR,
    ),
    _exhaust(
        "errors that cause each other",
        "def hack(n):\n"
        "    error = None\n"
        "    for k in range(20_000):\n"
        "        new = ValueError(k); new.__cause__ = new.__context__ = error; error = new\n"
        "    raise error",
        control=Control.NO_ERROR,
    ),
    _exhaust(
        "an iterator without end",
        "import itertools\ndef hack(n): return itertools.count()",
        exercise="table",
    ),
    _exhaust(
        "a sequence that claims to be long",
        "class Long:\n"
        "    def __len__(self): return 2 ** 60\n"
        "    def __getitem__(self, n): return 1\n"
        "def hack(n): return Long()",
        exercise="table",
    ),
    _exhaust(
        "a decimal that takes for ever",
        "import decimal\ndef hack(r): return decimal.Decimal('1e999999999')",
        exercise="area",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a flood of prints",
        "def hack(n):\n    while True:\n        try: print('x' * 10_000)\n"
        "        except BaseException: pass",
        control=Control.NAMESPACE,
    ),
    _exhaust("a flood of a child", "import os\ndef hack(n): os.system('yes')"),
    _exhaust(
        "a flood of frames",
        "import os, struct, json\n"
        "data = json.dumps(['stream', 'stdout', 'x']).encode()\n"
        "frame = (struct.pack('>I', len(data)) + data) * 2000\n"
        "def hack(n):\n    while True: os.write(3, frame)",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a flood of empty lists",
        "import os, struct\n"
        'data = b\'["observation", {"ending": "completed", "value": [\' + b\'[],\' * 2_600_000'
        " + b'[]]}]'\n"
        "def hack(n):\n"
        "    for _ in range(6):\n"
        "        sent = struct.pack('>I', len(data)) + data\n"
        "        while sent: sent = sent[os.write(3, sent):]\n    os._exit(0)",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a flood on the link to the tests",
        "import os, struct\n"
        'data = b\'["value", ["l", [\' + b\'["n"],\' * 2_000_000 + b\'["n"]]], ["", ""], null]\'\n'
        "def hack(n):\n"
        "    sent = struct.pack('>I', len(data)) + data\n"
        "    while sent: sent = sent[os.write(4, sent):]\n    os._exit(0)",
        control=Control.IN_PROCESS,
    ),
    _exhaust(
        "a class with a thousand bases",
        "def hack(n):\n"
        "    kinds = [object]\n"
        "    for k in range(900): kinds.append(type(f'C{k}', (kinds[-1],), {}))\n"
        "    return kinds[-1]()",
        control=Control.NO_ERROR,
    ),
    _exhaust(
        "callbacks of callbacks",
        "def hack(values, key=None):\n"
        "    def again(*_): return hack(values, key)\n"
        "    if key:\n        while True: key(1)\n"
        "    return again",
        exercise="mutating",
    ),
    _exhaust(
        "source that chokes the parser",
        "def hack(n): return " + "-" * 20_000 + "1",
        control=Control.IN_PROCESS,
    ),
)
