"""Facts about syntax trees: names are followed to what they stand for, text is not searched."""

import ast

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from jupyter_tutor.execution.inside import facts
from jupyter_tutor.execution.inside.facts import FactsOfSource, read_source


def told(
    *cells: str, setup: tuple[str, ...] = ()
) -> list[tuple[str, str, str, int, tuple[str, ...]]]:
    """Return the facts of cells named a, b, ..."""
    source = FactsOfSource()
    trees = [ast.parse(cell) for cell in cells]
    for tree in map(ast.parse, setup):
        source.given(tree)
    for tree in trees:
        source.bind(tree)
    for name, tree in zip("abc", trees, strict=False):
        source.read(tree, name)
    return [
        (fact["kind"], fact["name"], fact["cell"], fact["line"], tuple(fact["within"]))
        for fact in source.told()
    ]


def named(kind: str, *cells: str, setup: tuple[str, ...] = ()) -> set[str]:
    """Return the names of the facts of a kind."""
    return {name for of, name, *_ in told(*cells, setup=setup) if of == kind}


@pytest.mark.parametrize(
    "source",
    [
        "sorted([1])",
        "s = sorted\ns([1])",
        "s, t = sorted, len\nt(s([1]))",
        "from builtins import sorted as s\nq = s\nq([1])",
        "import builtins as b\nb.sorted([1])",
        "__builtins__.sorted([1])",
        "def f(xs, order=sorted):\n    return order(xs)",
        "(s := sorted)([1])",
        "getattr(__builtins__, 'sorted')([1])",
        "__import__('builtins').sorted([1])",
        "import importlib\nimportlib.import_module('builtins').sorted([1])",
        "f = lambda xs: sorted(xs)",
        "order = sorted if 1 else min\norder([1])",
        "def f():\n    global order\n    order = sorted\norder([1])",
    ],
)
def test_a_function_is_known_by_whatever_name(source: str) -> None:
    assert "sorted" in named("call", source)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("xs = [2, 1]\nxs.sort()", ".sort"),
        ("arrange = [2, 1].sort\narrange()", ".sort"),
        ("list.sort([2, 1])", ".sort"),
        ("kind = list\nkind.sort([2, 1])", "list.sort"),
        ("getattr([], 'sort')()", ".sort"),
        ("import numpy as np\nnp.sort([1])", "numpy.sort"),
        ("from math import sqrt as root\nroot(4)", "math.sqrt"),
        ("import os.path\nos.path.join('a')", "os.path.join"),
        ("class T:\n    def go(self):\n        return self.stop()", ".stop"),
    ],
)
def test_methods_and_functions_of_modules(source: str, name: str) -> None:
    assert name in named("call", source)


@pytest.mark.parametrize(
    "source",
    [
        "# sorted(xs) or xs.sort() would do it\nprint('sorted(xs) .sort()')",
        '"""Like sorted(xs)."""\ndef f():\n    "xs.sort()"\n    return r"sorted(\'x\')"',
        "sorted_names = []\nsorting = len(sorted_names)",
        "class Box:\n    sorted = 1\nprint(Box.sorted)",
        "import numpy as np\nnp.sorted_indices()",
        "def f(sorted):\n    return sorted + 1",
    ],
)
def test_text_comments_and_other_names_are_no_calls(source: str) -> None:
    assert not {"sorted", ".sort"} & named("call", source)
    assert "sorted" not in named("builtin", source)


def test_a_function_of_ones_own_is_no_built_in() -> None:
    source = "def sorted(xs):\n    return xs\nsorted([1])"
    assert named("call", source) == {"sorted"}
    assert named("builtin", source) == set()
    assert named("function", source) == {"sorted"}


def test_a_built_in_that_is_only_handed_on_is_used_and_not_called() -> None:
    source = "rows = map(sorted, [[1]])"
    assert "sorted" not in named("call", source)
    assert "sorted" in named("builtin", source)


@pytest.mark.parametrize(
    ("source", "functions"),
    [
        ("def f(n):\n    return n and f(n - 1)", {"f"}),
        ("def f(n):\n    return g(n)\ndef g(n):\n    return f(n)", {"f", "g"}),
        ("f = lambda n: n and f(n - 1)", {"f"}),
        ("def f(n):\n    me = f\n    return me(n)", {"f"}),
        ("def f(n):\n    return (lambda: f(n))()", {"f"}),
        ("class T:\n    def go(self, n):\n        return self.go(n - 1)", {"go"}),
        ("class T:\n    @classmethod\n    def go(cls, n):\n        return T.go(n)", {"go"}),
        ("def f():\n    def inner(n):\n        return inner(n)\n    return inner", {"inner"}),
        ("def f(n):\n    return n\nf(f(1))", set()),
        ("def f(f):\n    return f(1)", set()),
        ("def fib(n):\n    return [fib for fib in range(n)]", set()),
    ],
)
def test_recursion(source: str, functions: set[str]) -> None:
    assert named("recursion", source) == functions


def test_recursion_across_cells() -> None:
    assert named("recursion", "def f(n):\n    return g(n)", "def g(n):\n    return f(n)") == {
        "f",
        "g",
    }


def test_where_things_stand() -> None:
    source = (
        "import math\n\n"
        "def f(xs):\n    for x in xs:\n        while x: pass\n    return [x for x in xs]"
    )
    assert [fact for fact in told("x = 1", source) if fact[0] in ("loop", "comprehension")] == [
        ("loop", "for", "b", 4, ("f",)),
        ("loop", "while", "b", 5, ("f",)),
        ("comprehension", "list", "b", 6, ("f",)),
    ]
    assert ("import", "math", "b", 1, ()) in told("x = 1", source)


def test_names_of_the_set_up_are_followed_and_its_constructs_not_told() -> None:
    setup = ("import numpy as np\nfor _ in []: pass",)
    assert named("call", "np.sort([])", setup=setup) == {"numpy.sort"}
    assert named("loop", "np.sort([])", setup=setup) == set()
    assert named("import", "np.sort([])", setup=setup) == set()


def test_statements_and_definitions() -> None:
    source = (
        "class A:\n    pass\n"
        "try:\n    raise ValueError\nexcept* ValueError as error:\n    del error\n"
        "match 1:\n    case 1: g = lambda: (yield)\n"
        "async def f():\n    async with a as b: await b\n"
    )
    assert named("statement", source) >= {
        "pass", "try", "raise", "del", "match", "lambda", "yield", "with", "await"
    }  # fmt: skip
    assert named("class", source) == {"A"}
    assert named("name", source) >= {"A", "error", "g", "f", "b"}


def test_names_that_swap_a_thousand_times_are_followed_in_a_moment() -> None:
    assert named("call", "a, b = sorted, min\n" + "a, b = b, a\n" * 1_000 + "a([1])") >= {"sorted"}


def parse(source: str, _: str) -> ast.Module:
    return ast.parse(source)


def test_a_cell_that_cannot_be_read_is_named_and_the_others_are_told() -> None:
    cells = [{"name": "a", "source": "def f(:"}, {"name": "b", "source": "sorted([1])"}]
    read = read_source([], cells, parse)
    assert read["unread"] == ["a"]
    assert ("call", "sorted") in [(fact["kind"], fact["name"]) for fact in read["facts"]]


@pytest.mark.parametrize(
    "source", ["-" * 200_000 + "1", "x = '\0'", "(" * 5_000, "f" + "()" * 20_000]
)
def test_what_the_parser_or_the_reader_cannot_take_is_unread(source: str) -> None:
    assert read_source([], [{"name": "a", "source": source}], parse)["unread"] == ["a"]


def test_a_flood_of_constructs_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_FACTS", 100)
    source = "\n".join(f"name_{n} = {n}" for n in range(200))
    assert read_source([], [{"name": "a", "source": source}], parse)["unread"] == ["a"]


def test_a_deep_but_honest_expression_is_read() -> None:
    source = "total = " + " + ".join(f"f({n})" for n in range(1_500))
    assert read_source([], [{"name": "a", "source": source}], parse)["unread"] == []


@pytest.mark.parametrize(
    "source",
    [
        "def mine(x): return x\nif 0: sorted = mine\nr = sorted([1])",
        "r = sorted([1])\nsorted = None",
        "sorted = 1\ndel sorted\nr = sorted([2])",
        "try:\n    1 / 0\nexcept ZeroDivisionError as sorted:\n    pass\nr = sorted([1])",
        "for sorted in []:\n    pass\nr = sorted([1])",
        "def f(x):\n    return sorted(x)\nr = f([1])\nsorted = None",
        "class A:\n    r = sorted([1])\n    sorted = 3",
    ],
)
def test_a_name_may_be_the_built_in_one_until_it_is_bound_for_sure(source: str) -> None:
    assert "sorted" in named("builtin", source)
    assert "sorted" in named("call", source)


@pytest.mark.parametrize(
    "source",
    [
        "def sorted(x):\n    return x\nsorted([1])",
        "def f(sorted):\n    return sorted(1)",
        "sorted = str.split\nif sorted('a'):\n    pass",
        "def f(x):\n    sorted = list\n    return sorted(x)",
    ],
)
def test_a_name_of_ones_own_is_no_built_in(source: str) -> None:
    assert "sorted" not in named("builtin", source)


def test_what_the_set_up_binds_is_no_built_in() -> None:
    assert "sorted" not in named("builtin", "sorted([1])", setup=("def sorted(x): return x",))


def _read_cell(source: str) -> tuple[set[tuple[str, str, int]], list[str]]:
    """Return kind, name and line of what is seen in a cell with magics, and what is unread."""
    transform = TransformerManager().transform_cell  # type: ignore[no-untyped-call]

    def parse(text: str, name: str) -> ast.Module:
        return ast.parse(transform(text), name)

    found = read_source([], [{"name": "a", "source": source}], parse)
    return {(each["kind"], each["name"], each["line"]) for each in found["facts"]}, found["unread"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\n%time r = sorted([2])", 2),
        ("%timeit -n1 -r1 sorted([1])", 1),
        ("%timeit -n 1 -r 1 sorted([1])", 1),
        ("%%time\nx = 1\nr = sorted([2])", 3),
        ("%%capture output\nr = sorted([2])", 2),
        ("%%timeit -n 1\nsorted([2])", 2),
        ("%prun sorted([2])", 1),
        ("%%time\n%time sorted([2])", 2),
    ],
)
def test_what_a_magic_runs_is_seen_where_it_stands(source: str, line: int) -> None:
    facts_seen, unread = _read_cell(source)

    assert ("call", "sorted", line) in facts_seen
    assert unread == []


@pytest.mark.parametrize(
    "source",
    [
        "!python -c 'print(1)'",
        "x = !ls",
        "%run other.py",
        "%%writefile a.py\nx = 1",
        "%%bash\nls",
        "get_ipython().run_cell('sorted([1])')",
        "g = get_ipython\ng().run_cell('sorted([1])')",
        "%time this is no Python",
        "%sx ls",
        "get_ipython().run_line_magic(*['time', 'sorted([1])'])",
    ],
)
def test_a_cell_that_may_run_anything_is_not_read(source: str) -> None:
    assert _read_cell(source)[1] == ["a"]


@pytest.mark.parametrize("source", ["%matplotlib inline\nx = 1", "%pwd", "%config a.b = 1"])
def test_harmless_magics_do_not_matter(source: str) -> None:
    assert _read_cell(source)[1] == []
