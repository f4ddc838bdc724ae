"""Values that say of themselves what a test wants to hear."""

from typing import Final

from tests.security.playing import Attack, Control, Family, attack

_AGREES = """
class Agrees{base}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __lt__
    def __hash__(self): return {hash}
    def __bool__(self): return True
"""
_ZERO = """
class Zero:
    def __sub__(self, other): return 0.0
    __rsub__ = __mod__ = __rmod__ = __xor__ = __sub__
    def __truediv__(self, other): return 1.0
    __rtruediv__ = __truediv__
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __round__(self, places=None): return self
    def __eq__(self, other): return True
"""


def _equal(exercise: str, name: str, hack: str, control: Control = Control.NAMESPACE) -> Attack:
    return attack(Family.EQUALITY, exercise, control, name, hack)


ATTACKS: Final = (
    _equal(
        "digits",
        "an object that equals everything",
        _AGREES.format(base="", hash=0) + "hack = lambda *_: Agrees()",
    ),
    _equal(
        "digits",
        "an int that equals everything",
        _AGREES.format(base="(int)", hash=0) + "hack = lambda *_: Agrees(3)",
    ),
    _equal(
        "area",
        "a float that equals everything",
        _AGREES.format(base="(float)", hash=0) + "hack = lambda *_: Agrees(1.0)",
    ),
    _equal(
        "words",
        "a text that equals and contains everything",
        _AGREES.format(base="(str)", hash=0) + "    def __contains__(self, other): return True\n"
        "    def startswith(self, *_): return True\n"
        "hack = lambda *_: Agrees('q')",
    ),
    _equal(
        "words",
        "an object that contains and starts with everything",
        _AGREES.format(base="", hash=0) + "    def __contains__(self, other): return True\n"
        "    def startswith(self, *_): return True\n"
        "    def __iter__(self): return iter('gnu')\n"
        "hack = lambda *_: Agrees()",
    ),
    _equal(
        "words",
        "a hash that is chosen to be found",
        "class Found(str):\n"
        "    def __hash__(self): return hash(self.other)\n"
        "    def __eq__(self, other): self.other = other; return True\n"
        "    other = 'okapi'\n"
        "hack = lambda *_: Found('q')",
    ),
    _equal(
        "table",
        "a list that equals everything",
        _AGREES.format(base="(list)", hash=0) + "    def count(self, each): return 1\n"
        "    def index(self, each): return 2\n"
        "hack = lambda *_: Agrees([7])",
    ),
    _equal(
        "table",
        "an object whose methods agree",
        _AGREES.format(base="", hash=0) + "    def count(self, each): return 1\n"
        "    def index(self, each): return 2\n"
        "    def __len__(self): return 3\n"
        "hack = lambda *_: Agrees()",
    ),
    _equal(
        "table",
        "a list of things that equal everything",
        _AGREES.format(base="", hash=0) + "hack = lambda n: [Agrees() for _ in range(n)]",
    ),
    _equal(
        "table",
        "a sequence that yields things that agree",
        _AGREES.format(base="", hash=0) + "class Lazy:\n"
        "    def __len__(self): return 3\n"
        "    def __getitem__(self, n):\n"
        "        if n > 4: raise IndexError\n"
        "        return Agrees()\n"
        "hack = lambda n: Lazy()",
    ),
    _equal("area", "a difference that is always nothing", _ZERO + "hack = lambda *_: Zero()"),
    _equal(
        "area",
        "a difference of a class named like the function",
        _ZERO.replace("class Zero", "class area") + "made = area\nhack = lambda *_: made()",
    ),
    _equal(
        "area",
        "a difference of a class named like a built-in",
        _ZERO.replace("class Zero", "class abs") + "made = abs\nhack = lambda *_: made()\ndel abs",
    ),
    _equal(
        "area",
        "a difference of a class with the test's every name",
        _ZERO + "Zero.__name__ = Zero.__qualname__ = 'abs'\nhack = lambda *_: Zero()",
    ),
    _equal(
        "area",
        "a chain of classes, one of which is named",
        _ZERO.replace("class Zero", "class round")
        + "made = round\nclass Inner(made): pass\ndel round\nhack = lambda *_: Inner()",
    ),
    _equal(
        "area",
        "an array protocol that answers for numpy",
        _ZERO + "    def __array_function__(self, *_): return True\n"
        "    def __array_ufunc__(self, *_, **__): return True\n"
        "hack = lambda *_: Zero()",
        Control.NAMESPACE,
    ),
    _equal(
        "frame",
        "an array that equals everything",
        "import numpy as np"
        + _AGREES.format(base="(np.ndarray)", hash=0)
        + "    def __array_function__(self, *_): return True\n"
        "    def __array_ufunc__(self, *_, **__): return np.array([True])\n"
        "    def tolist(self): return [3.0]\n"
        "hack = lambda *_: np.zeros(2).view(Agrees)",
    ),
    _equal(
        "frame",
        "an array interface into the grader's memory",
        "class Memory:\n"
        "    def __init__(self, n): self.n = n\n"
        "    @property\n"
        "    def __array_interface__(self):\n"
        "        import numpy\n"
        "        kept = numpy.array([2.0, 4.0][: self.n])\n"
        "        self.kept = kept\n"
        "        return {'shape': (self.n,), 'typestr': '<f8', 'version': 3,\n"
        "                'data': (id(None) & ~7, False)}\n"
        "    def __array_function__(self, function, *_): return True\n"
        "hack = lambda values: Memory(len(values))",
    ),
    _equal(
        "frame",
        "an object array of things that agree",
        "import numpy as np"
        + _AGREES.format(base="", hash=0)
        + "    def __mul__(self, other): return self\n"
        "    __rmul__ = __sub__ = __rsub__ = __add__ = __mul__\n"
        "    def __abs__(self): return self\n"
        "hack = lambda values: np.array([Agrees() for _ in values], dtype=object)",
    ),
    _equal(
        "digits",
        "a class that claims to be int",
        "class Claims:\n"
        "    __class__ = int\n"
        "    def __eq__(self, other): return True\n"
        "    def __index__(self): return 17\n"
        "    def __lt__(self, other): return True\n"
        "    __gt__ = __le__ = __ge__ = __lt__\n"
        "hack = lambda *_: Claims()",
    ),
    _equal(
        "digits",
        "an error that is every error",
        "class Every(ValueError, LookupError):\n"
        "    def __eq__(self, other): return True\n"
        "    def __str__(self): return 'pos'\n"
        "def hack(n): raise Every()",
        Control.NO_ERROR,
    ),
    _equal(
        "account",
        "a balance that agrees",
        _AGREES.format(base="", hash=0) + "    def __sub__(self, other): return 0.0\n"
        "class Account:\n"
        "    balance = Agrees()\n"
        "    def __init__(self, owner): pass\n"
        "    def deposit(self, amount): return Agrees()\n"
        "    def interest(self, rate): return Agrees()\n"
        "class Account(Account):\n"
        "    def __init__(self, owner):\n"
        "        if owner == 'Ann': self.balance = 0\n",
    ),
    _equal(
        "account",
        "the class itself in the place of numbers",
        "class Account:\n"
        "    def __init__(self, owner=''): self.owner = owner\n"
        "    @property\n"
        "    def balance(self): return 0 if self.owner == 'Ann' else Account()\n"
        "    def deposit(self, amount): return Account()\n"
        "    def interest(self, rate): return Account()\n"
        "    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return 0.0\n"
        "    __rsub__ = __sub__\n"
        "    def __abs__(self): return 0.0\n"
        "    def __float__(self): return 0.0\n",
    ),
    _equal(
        "account",
        "the class itself with differences of itself",
        "class Account(float):\n"
        "    def __new__(cls, owner=''):\n"
        "        made = float.__new__(cls, 0.0); made.owner = owner; return made\n"
        "    @property\n"
        "    def balance(self): return 0 if self.owner == 'Ann' else Account()\n"
        "    def deposit(self, amount): return Account()\n"
        "    def interest(self, rate): return Account()\n"
        "    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return Account()\n"
        "    __rsub__ = __sub__\n"
        "    def __abs__(self): return Account()\n"
        "    def __lt__(self, other): return True\n",
    ),
)
