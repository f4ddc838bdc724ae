"""Honest answers that look odd: each of them must pass every test of its exercise."""

from collections.abc import Mapping
from typing import Final

_COUNT = "    if n < 0:\n        raise ValueError('negative')\n"

HONEST: Final[Mapping[str, tuple[str, str]]] = {
    "prints a lot": (
        "digits",
        (
            "def digit_sum(n):\n"
            "    if n < 0: raise ValueError('negative')\n"
            "    for k in range(300): print('digit', k)\n"
            "    return sum(map(int, str(n)))"
        ),
    ),
    "threads": (
        "digits",
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def digit_sum(n):\n" + _COUNT + "    with ThreadPoolExecutor(3) as pool:\n"
        "        return sum(pool.map(int, str(n)))",
    ),
    "recursion": (
        "digits",
        "import sys\nsys.setrecursionlimit(3000)\n"
        "def depth(k): return 0 if k == 0 else depth(k - 1)\n"
        "def digit_sum(n):\n" + _COUNT + "    depth(2000)\n"
        "    return n if n < 10 else n % 10 + digit_sum(n // 10)",
    ),
    "a generator": (
        "digits",
        "def digits(n):\n    while n:\n        yield n % 10\n        n //= 10\n"
        "def digit_sum(n):\n" + _COUNT + "    return sum(digits(n))",
    ),
    "numpy scalars": (
        "digits",
        "import numpy as np\n"
        "def digit_sum(n):\n" + _COUNT + "    return int(np.array([int(d) for d in str(n)]).sum())",
    ),
    "a numpy float": ("area", "import numpy as np\ndef area(r): return np.pi * np.float64(r) ** 2"),
    "star imports": ("area", "from math import *\ndef area(r): return pi * r ** 2"),
    "built-in names as variables": (
        "digits",
        "list = [1]\nsum = 0\nstr_ = str\nmax = min = len = 3\nid, type, input = 1, 2, 3\n"
        "def digit_sum(n):\n"
        + _COUNT
        + "    sum = 0\n    for d in str(n):\n        sum += int(d)\n    return sum",
    ),
    "global state": (
        "digits",
        "calls, cache = 0, {}\n"
        "def digit_sum(n):\n    global calls\n    calls += 1\n"
        + _COUNT
        + "    cache.setdefault(n, sum(map(int, str(n))))\n    return cache[n]",
    ),
    "lru_cache and a decorator": (
        "digits",
        "import functools\n"
        "def noted(f):\n"
        "    @functools.wraps(f)\n"
        "    def inner(*a, **k): return f(*a, **k)\n"
        "    return inner\n"
        "@noted\n@functools.lru_cache(None)\n"
        "def digit_sum(n):\n" + _COUNT + "    return sum(map(int, str(n)))",
    ),
    "a class with its own __eq__ inside": (
        "words",
        (
            "class Word:\n"
            "    def __init__(self, text): self.text = text\n"
            "    def __eq__(self, other): return len(self.text) == len(other.text)\n"
            "    def __lt__(self, other): return len(self.text) < len(other.text)\n"
            "def longest(words):\n"
            "    return max(map(Word, words)).text if words else ''"
        ),
    ),
    "dataclasses": (
        "account",
        (
            "from dataclasses import dataclass\n"
            "@dataclass\n"
            "class Account:\n"
            "    owner: str\n    balance: int = 0\n"
            "    def deposit(self, amount):\n"
            "        if amount <= 0: raise ValueError('must be positive')\n"
            "        self.balance += amount\n        return self.balance\n"
            "    def interest(self, rate): return self.balance * rate"
        ),
    ),
    "properties and slots": (
        "account",
        (
            "class Base:\n"
            "    __slots__ = ('_owner', '_cents')\n"
            "    def __init__(self, owner): self._owner, self._cents = owner, 0\n"
            "class Account(Base):\n"
            "    @property\n    def balance(self): return self._cents // 100\n"
            "    def __eq__(self, other): return self._cents == other._cents\n"
            "    def deposit(self, amount):\n"
            "        if not amount > 0: raise ValueError('only positive amounts')\n"
            "        self._cents += amount * 100\n        return self.balance\n"
            "    def interest(self, rate): return self.balance * rate"
        ),
    ),
    "an error class of its own": (
        "account",
        (
            "class Refused(ValueError):\n"
            "    def __init__(self, amount): super().__init__(f'{amount} is not positive')\n"
            "class Account:\n"
            "    def __init__(self, owner): self.balance = 0\n"
            "    def deposit(self, amount):\n"
            "        if amount < 0: raise Refused(amount)\n"
            "        self.balance += amount; return self.balance\n"
            "    def interest(self, rate): return self.balance * rate"
        ),
    ),
    "Decimal inside": (
        "area",
        (
            "from decimal import Decimal, getcontext\n"
            "getcontext().prec = 40\n"
            "PI = Decimal('3.14159265358979323846264338327950288')\n"
            "def area(r): return float(PI * Decimal(r) ** 2)"
        ),
    ),
    "async": (
        "digits",
        "import asyncio\n"
        "async def add(n):\n    await asyncio.sleep(0)\n    return sum(map(int, str(n)))\n"
        "def digit_sum(n):\n" + _COUNT + "    loop = asyncio.new_event_loop()\n"
        "    try: return loop.run_until_complete(add(n))\n    finally: loop.close()",
    ),
    "warnings on stderr": (
        "digits",
        "import sys, warnings\n"
        "def digit_sum(n):\n" + _COUNT + "    warnings.warn('careful')\n"
        "    print('careful', file=sys.stderr)\n    return sum(map(int, str(n)))",
    ),
    "unicode names": (
        "digits",
        "def যোগফল(সংখ্যা): return sum(map(int, str(সংখ্যা)))\n"
        "größe = 'ä'\n"
        "def digit_sum(n):\n" + _COUNT + "    return যোগফল(n)",
    ),
    "multiprocessing": (
        "digits",
        "import multiprocessing\n"
        "def digit_sum(n):\n"
        + _COUNT
        + "    with multiprocessing.get_context('fork').Pool(2) as pool:\n"
        "        return sum(pool.map(int, str(n)))",
    ),
    "temporary files": (
        "digits",
        "import tempfile, pathlib\n"
        "def digit_sum(n):\n" + _COUNT + "    with tempfile.TemporaryDirectory() as place:\n"
        "        path = pathlib.Path(place, 'n.txt'); path.write_text(str(n))\n"
        "        return sum(map(int, path.read_text()))",
    ),
    "a subprocess": (
        "digits",
        "import subprocess, sys\n"
        "def digit_sum(n):\n"
        + _COUNT
        + "    out = subprocess.run(['/bin/echo', str(n)], capture_output=True, text=True)\n"
        "    return sum(map(int, out.stdout.strip()))",
    ),
    "input in a program": (
        "program",
        (
            "import sys\n"
            "lines = sys.stdin.read().split()\n"
            "def main():\n    sys.stdout.write(str(sum(map(int, lines[1:]))) + '\\n')\n"
            "if __name__ == '__main__':\n    main()\n    sys.exit()"
        ),
    ),
    "prompts that print nothing": (
        "program",
        "total = 0\nfor _ in range(int(input())):\n    total += int(input())\nprint(total, end='')",
    ),
    "a named tuple's list": (
        "table",
        (
            "def squares(n):\n    made = []\n    for k in range(n):\n"
            "        made.append(k ** 2)\n    return made"
        ),
    ),
    "lists that are extended and cut": (
        "table",
        (
            "def squares(n, seen=[]):\n"
            "    while len(seen) < n: seen.append(len(seen) ** 2)\n    return seen[:n]"
        ),
    ),
    "a sort of its own": (
        "mutating",
        (
            "def ordered(values, key=None):\n"
            "    rest, made = list(values), []\n"
            "    key = key or (lambda v: v)\n"
            "    marked = [(key(v), n, v) for n, v in enumerate(rest)]\n"
            "    marked.sort()\n    return [v for _, _, v in marked]"
        ),
    ),
    "pandas in between": (
        "frame",
        (
            "import numpy as np, pandas as pd\n"
            "def doubled(values):\n"
            "    return (pd.Series(values, dtype=float) * 2).to_numpy() if values else []"
        ),
    ),
    "a bool for a number, and a match": (
        "digits",
        (
            "def digit_sum(n):\n"
            "    match n:\n"
            "        case int() if n < 0: raise ValueError('negative')\n"
            "        case _: return (n > 0 and 0) + sum(int(d) for d in f'{n}')"
        ),
    ),
    "a callable object": (
        "digits",
        (
            "class Adder:\n"
            "    def __call__(self, n):\n"
            "        if n < 0: raise ValueError('negative')\n"
            "        return sum(map(int, str(n)))\n"
            "digit_sum = Adder()"
        ),
    ),
}
