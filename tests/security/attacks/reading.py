"""Answers that look for tests, expected values, solutions and other people's secrets."""

from typing import Final

from tests.security.exercises import SHORT
from tests.security.playing import Attack, Control, Family, attack


def _read(
    name: str,
    hack: str,
    exercise: str = "digits",
    control: Control = Control.NAMESPACE,
    weaker: bool = True,
) -> Attack:
    return attack(Family.READING, exercise, control, name, hack, weaker=weaker, limits=SHORT)


_OBJECTS = """
import gc, sys
times = []
def everything():
    found = []
    times.append(1)
    if len(times) > 4: return found
    for each in gc.get_objects():
        parts = list(each.values()) if isinstance(each, dict) else each
        if isinstance(parts, (list, tuple)):
            found += [str(v)[:400] for v in parts if isinstance(v, (str, int, float))]
    frame = sys._getframe()
    while frame:
        found += [repr(v)[:2000] for v in frame.f_locals.values()]
        found += map(repr, frame.f_code.co_consts)
        frame = frame.f_back
    return found
def keep(texts, wanted=('MARK', 'MESSAGE', 'HIPPO', 'CHIMP', '192837', '738291')):
    return [t[:300] for t in texts if any(w in t for w in wanted)][:20]
"""
_FILES = """
import os
def walk(*tops, names=(), most=4000):
    found = []
    for top in tops:
        for place, _, files in os.walk(top):
            for name in files:
                if not names or any(n in name for n in names):
                    found.append(os.path.join(place, name))
                if len(found) > most: return found
    return found
def text(path):
    try: return open(path, errors='replace').read(200000)
    except OSError: return ''
"""

ATTACKS: Final = (
    _read("prints what it was given", "def hack(n):\n    print(n)\n    return 0"),
    _read("raises what it was given", "def hack(n): raise KeyError(f'given {n}')"),
    _read(
        "writes to descriptor 2 what it was given",
        "import os\ndef hack(n):\n    os.write(2, f'{n}\\n'.encode())\n    return 0",
    ),
    _read(
        "shows what it was given on a display",
        "def hack(words):\n    print(words)\n    return ''",
        exercise="words",
    ),
    _read(
        "names a class by what it was given",
        "def hack(n): raise type(f'E{n}', (Exception,), {})(n)",
    ),
    _read(
        "prints what an account was told",
        "class Account:\n"
        "    balance = 0\n"
        "    def __init__(self, owner): print(owner)\n"
        "    def deposit(self, n): print(n); return n + 1\n",
        exercise="account",
    ),
    _read(
        "prints what a program was fed",
        "import sys\ndef hack(count): print(sys.stdin.read())",
        exercise="program",
    ),
    _read(
        "keeps what it was given in a file of its own",
        "import os\n"
        "def hack(n):\n"
        "    with open('kept', 'a') as file: file.write(f'{n}\\n')\n"
        "    os.chmod('kept', 0o666)\n"
        "    print(open('kept').read())\n"
        "    return 0",
    ),
    _read(
        "keeps what it was given in memory",
        "seen = []\ndef hack(n):\n    seen.append(n)\n    print(seen)\n    raise ValueError(seen)",
    ),
    _read(
        "all objects of the interpreter",
        _OBJECTS + "def hack(n):\n    print(keep(everything()))\n    return 0",
    ),
    _read("all objects, before any test", _OBJECTS + "print(keep(everything()))"),
    _read(
        "the frames of who calls",
        "import sys\n"
        "def hack(n):\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        print({k: repr(v)[:900] for k, v in frame.f_locals.items()})\n"
        "        frame = frame.f_back\n    return 0",
    ),
    _read(
        "the source of who calls, by inspect and linecache",
        "import inspect, linecache, sys\n"
        "def hack(n):\n"
        "    for lines in linecache.cache.values(): print(str(lines)[:1500])\n"
        "    frame = sys._getframe()\n"
        "    while frame:\n"
        "        try: print(inspect.getsource(frame)[-1500:])\n"
        "        except Exception: pass\n"
        "        frame = frame.f_back\n    return 0",
    ),
    _read(
        "the constants of who calls",
        "import sys\n"
        "def hack(n):\n"
        "    frame = sys._getframe(1)\n"
        "    while frame:\n"
        "        print(frame.f_code.co_consts, frame.f_code.co_names)\n"
        "        frame = frame.f_back\n    return 0",
    ),
    _read(
        "its own memory",
        _OBJECTS + "def hack(n):\n"
        "    found = []\n"
        "    for line in open('/proc/self/maps'):\n"
        "        if '[heap]' not in line and 'rw-p 00000000 00:00' not in line: continue\n"
        "        a, b = (int(x, 16) for x in line.split()[0].split('-'))\n"
        "        with open('/proc/self/mem', 'rb', 0) as memory:\n"
        "            memory.seek(a)\n"
        "            data = memory.read(min(b - a, 40_000_000))\n"
        "        for mark in (b'MARK_OF' + b'_SECRET', b'MESSAGE_OF' + b'_SECRET'):\n"
        "            at = data.find(mark)\n"
        "            while at >= 0 and len(found) < 9:\n"
        "                found.append(data[at:at + 60].decode('latin-1'))\n"
        "                at = data.find(mark, at + 1)\n"
        "    print(found)\n    return 0",
    ),
    _read(
        "the tests beside the answer",
        _FILES + "for path in walk('.', '..', most=300): print(text(path)[:6000])",
    ),
    _read(
        "the history of inputs",
        "print(globals().get('In'), globals().get('_ih'), globals().get('Out'))\n"
        "def hack(n):\n"
        "    print(globals().get('In'))\n"
        "    ip = get_ipython() if 'get_ipython' in globals() else None\n"
        "    print(ip and ip.user_ns.keys())\n"
        "    print({k: v for k, v in globals().items() if k[:2] != '__'})\n    return 0",
    ),
    _read(
        "the environment of the grader",
        "import os, glob\n"
        "print(dict(os.environ))\n"
        "for path in glob.glob('/proc/[0-9]*/environ'):\n"
        "    try: print(open(path).read().replace(chr(0), ' ')[:3000])\n"
        "    except OSError: pass",
    ),
    _read("a planted file", "print(open('@FILE@').read())", control=Control.LIMITS_ONLY),
    _read(
        "a planted file, over a link in the working directory",
        "import os\nos.symlink('@FILE@', 'linked')\nprint(open('linked').read())",
        control=Control.LIMITS_ONLY,
    ),
    _read(
        "a planted file, by a child process",
        "import subprocess\nprint(subprocess.getoutput('cat @FILE@'))",
        control=Control.LIMITS_ONLY,
    ),
    _read(
        "a planted file, over the roots of other processes",
        "import glob\n"
        "for root in ['/proc/1/root', '/proc/self/root', *glob.glob('/proc/[0-9]*/root'),\n"
        "             *glob.glob('/proc/[0-9]*/cwd')]:\n"
        "    try: print(open(root + '@FILE@').read())\n"
        "    except OSError: pass",
        control=Control.LIMITS_ONLY,
    ),
    _read(
        "the sample course with its solutions",
        _FILES + "found = [p for p in walk('@PACKAGE@', '@PROJECT@/notebooks')\n"
        "         if p.endswith(('.ipynb', '.py'))]\n"
        "print(@WON@, found[:3]) if found else None",
        control=Control.LIMITS_ONLY,
    ),
    _read(
        "the sample course, by import",
        "import importlib, sys\n"
        "sys.path.insert(0, '@PROJECT@')\n"
        "try:\n"
        "    print(importlib.import_module('jupyter_tutor').__file__, @WON@)\n"
        "except ImportError: pass",
        control=Control.LIMITS_ONLY,
    ),
    _read(
        "the home of the server's user",
        "import os, pwd\n"
        "for entry in pwd.getpwall():\n"
        "    try:\n"
        "        if any(n.startswith('.') for n in os.listdir(entry.pw_dir)): print(@WON@)\n"
        "    except OSError: pass\n"
        "try: print(open('/etc/shadow').read(), @WON@)\n"
        "except OSError: pass\n"
        "try: print(open('/etc/hostname').read(), @WON@)\n"
        "except OSError: pass",
        control=Control.LIMITS_ONLY,
    ),
    _read(
        "the command lines of other processes",
        "print(@WON@) if 'sleep' in open('/proc/@PID@/cmdline').read() else None",
        control=Control.LIMITS_ONLY,
    ),
    _read(
        "the tests' process, over the link",
        "import json, os, struct\n"
        "def hack(n):\n"
        "    data = json.dumps(['callback', 0, ['l', []], ['d', []]]).encode()\n"
        "    try:\n"
        "        os.write(4, struct.pack('>I', len(data)) + data)\n"
        "        os.set_blocking(4, False)\n"
        "        import time; time.sleep(0.05)\n"
        "        print(os.read(4, 10_000))\n"
        "    except OSError: pass\n"
        "    print(n)\n    return 0",
    ),
    _read(
        "what a test's function knows",
        "def hack(values, key=None):\n"
        "    for name in ('__globals__', '__closure__', '__code__', '__self__', '__defaults__'):\n"
        "        told = getattr(key, name, None)\n"
        "        print(told, getattr(told, 'co_consts', ''))\n"
        "        if name == '__globals__' and told: print(repr(told)[:5000])\n"
        "        if told and 'calls' in told: print(@WON@)\n"
        "    return []",
        exercise="mutating",
    ),
    _read(
        "what the frames of a test's function know",
        "import sys\n"
        "class Spy(int):\n"
        "    def __neg__(self):\n"
        "        frame = sys._getframe(1)\n"
        "        while frame:\n"
        "            if 'expected' in frame.f_globals or 'calls' in frame.f_globals: print(@WON@)\n"
        "            frame = frame.f_back\n"
        "        return 0\n"
        "def hack(values, key=None):\n"
        "    if key: key(Spy(3))\n    return []",
        exercise="mutating",
    ),
    _read(
        "the secret by the time it takes",
        "import time\n"
        "def hack(n):\n"
        "    time.sleep(0.05 * (n % 7 if isinstance(n, int) else 1))\n"
        "    print('took', n)\n    return 0",
    ),
)
