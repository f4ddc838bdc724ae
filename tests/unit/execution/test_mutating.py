"""Edits that mend what beginners get wrong: each kind on a small example."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.edits import EditKind
from jupyter_tutor.execution.inside.mutating import mutations
from jupyter_tutor.execution.inside.rearranging import renamed
from jupyter_tutor.execution.inside.splicing import Source, Splice


def applied(text: str, edit: Splice) -> str:
    return text[: edit.start] + edit.text + text[edit.end :]


def edits(text: str) -> list[Splice]:
    return list(mutations(Source(text, ast.parse(text))))


def function(*lines: str) -> str:
    return "def f(a, b):\n" + "".join(f"    {line}\n" for line in lines)


EXAMPLES = [
    ("boundary", function("return a < b"), function("return a <= b")),
    ("comparison", function("return a == b"), function("return a != b")),
    ("loop_range", function("return [*range(a)]"), function("return [*range(1, a + 1)]")),
    ("loop_range", function("return [*range(1, a)]"), function("return [*range(1, a + 1)]")),
    (
        "loop_range",
        function("for x in a:", "    b += a[x]"),
        function("for x in range(len(a)):", "    b += a[x]"),
    ),
    ("index", function("return a[b]"), function("return a[b - 1]")),
    ("index", function("return a[0]"), function("return a[-1]")),
    ("slice", function("return a[1:b]"), function("return a[1:b + 1]")),
    ("slice", function("return a[:]"), function("return a[::-1]")),
    ("constant", function("return a * 2"), function("return a * 3")),
    ("constant", function("return True"), function("return False")),
    ("text", function('return a + ""'), function("return a + ' '")),
    ("start_value", function("best = 0", "return best"), function("best = 1", "return best")),
    ("start_value", function("best = 0", "return best"), function("best = a[0]", "return best")),
    ("start_value", function("n += 1", "return n"), function("n = 0", "n += 1", "return n")),
    ("arithmetic", function("return a / b"), function("return a // b")),
    ("brackets", function("return a + b / 2"), function("return (a + b) / 2")),
    ("sign", function("return -a"), function("return a")),
    ("off_by_one", function("return a * b"), function("return a * b + 1")),
    ("augmented", function("a += b"), function("a -= b")),
    ("augmented", function("for x in b:", "    a = x"), function("for x in b:", "    a += x")),
    ("logic", function("return a and b"), function("return a or b")),
    ("logic", function("if a:", "    return b"), function("if not a:", "    return b")),
    ("or_values", function("return a == 1 or 2"), function("return a in (1, 2)")),
    ("extra_condition", function("return a > 1 and b"), function("return a > 1")),
    ("extra_operand", function("return a * b"), function("return a")),
    ("name", function("return a"), function("return b")),
    ("function", function("return min(a, b)"), function("return max(a, b)")),
    ("method", function("a.append(b)"), function("a.extend(b)")),
    ("method", function("return a == b"), function("return a.lower() == b")),
    ("call_brackets", function("return a.lower"), function("return a.lower()")),
    ("conversion", function("x = input()", "return x"), function("x = int(input())", "return x")),
    ("conversion", function("return a"), function("return sorted(a)")),
    ("extra_conversion", function("return int(a)"), function("return a")),
    ("swapped_arguments", function("return pow(a, b)"), function("return pow(b, a)")),
    ("swapped_operands", function("return a - b"), function("return b - a")),
    ("ordering", function("return sorted(a)"), function("return sorted(a, reverse=True)")),
    ("ordering", function("return sorted(a, reverse=b)"), function("return sorted(a)")),
    ("key", function("return a[b]"), function("return a.get(b, 0)")),
    ("aliasing", function("a.sort()", "return a"), function("a = list(a)", "a.sort()", "return a")),
    (
        "aliasing",
        function("a.pop()", "b.pop()"),
        function("a, b = list(a), list(b)", "a.pop()", "b.pop()"),
    ),
    ("edge_case", function("return a[b]"), function("b %= len(a)", "return a[b]")),
    ("aliasing", function("return [[0] * a] * b"), function("return [[0] * a for _ in range(b)]")),
    (
        "shared_default",
        "def f(a, b=[]):\n    b.append(a)\n",
        "def f(a, b=None):\n    if b is None:\n        b = []\n    b.append(a)\n",
    ),
    ("unused_result", function("a.strip()", "return a"), function("a = a.strip()", "return a")),
    ("unused_result", function("return a.sort()"), function("return sorted(a)")),
    ("unused_result", function("a = a.append(b)"), function("a.append(b)")),
    ("printed", function("print(a)"), function("return a")),
    ("missing_return", function("a + b"), function("return a + b")),
    ("missing_return", function("c = a + b"), function("c = a + b", "return c")),
    (
        "return_in_loop",
        function("for x in b:", "    a += x", "    return a"),
        function("for x in b:", "    a += x", "return a"),
    ),
    (
        "return_in_loop",
        function("for x in a:", "    if x:", "        return 1", "    else:", "        return 0"),
        function("for x in a:", "    if x:", "        return 1", "return 0"),
    ),
    (
        "reset_in_loop",
        function("for x in b:", "    n = 0", "    n += x", "return n"),
        function("n = 0", "for x in b:", "    n += x", "return n"),
    ),
    (
        "block_level",
        function("for x in b:", "    n = x", "a += n"),
        function("for x in b:", "    n = x", "    a += n"),
    ),
    ("statement_order", function("a += b", "b += 1"), function("b += 1", "a += b")),
    ("extra_statement", function("a += 1", "return a"), function("return a")),
    ("extra_statement", function("a += 1"), function("pass")),
    (
        "elif",
        function("if a:", "    b = 1", "if b:", "    b = 2"),
        function("if a:", "    b = 1", "elif b:", "    b = 2"),
    ),
    ("loop_kind", function("if a:", "    a -= 1"), function("while a:", "    a -= 1")),
    ("break", function("while a:", "    break"), function("while a:", "    continue")),
    (
        "endless",
        function("while a:", "    b += 1"),
        function("while a:", "    b += 1", "    a -= 1"),
    ),
    ("edge_case", function("return a[0]"), function("if not a:", "    return None", "return a[0]")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong", "right"), EXAMPLES)
def test_an_edit_of_each_kind(kind: str, wrong: str, right: str) -> None:
    found = {edit.kind for edit in edits(wrong) if applied(wrong, edit) == right}
    assert kind in found


def test_every_other_kind_is_made_here() -> None:
    made = {kind for kind, _, _ in EXAMPLES}
    elsewhere = {"donated", "grafted", "function_name", "syntax", "indentation"}
    assert {kind.value for kind in EditKind} - made == elsewhere


def test_a_function_gets_the_name_that_tests_call() -> None:
    text = "# tally\ndef tally(a):\n    return a\n"
    (edit,) = renamed(Source(text, ast.parse(text)), ["count"])
    assert applied(text, edit) == "# tally\ndef count(a):\n    return a\n"
    assert [*renamed(Source(text, ast.parse(text)), ["tally"])] == []


def test_lines_are_those_of_the_mistake() -> None:
    text = function("for x in b:", "    a += x", "    return a")
    moved = [edit.line for edit in edits(text) if edit.kind == "return_in_loop"]
    assert moved == [4]


def test_what_stands_beside_an_edit_is_left_as_it_was() -> None:
    text = "def f(é):  # ü\n    return é<1   # <\n"
    changed = {applied(text, edit) for edit in edits(text) if edit.kind == "boundary"}
    assert changed == {"def f(é):  # ü\n    return é<=1   # <\n"}


def test_texts_with_values_in_them_are_left_alone() -> None:
    text = 'print(f"{1 + 2} is {a}")\n'
    assert not [edit for edit in edits(text) if edit.kind in ("constant", "arithmetic", "name")]


PIECES = [
    "x = 1", "if x < 2:\n    y = [0]\nelse:\n    y = []", "while x: x -= 1", "print(x)",
    "def g(n, m=2):\n    'says'\n    for k in range(n):\n        if k == m: return k\n    return",
    "class A:\n    def b(self):\n        return self.c",
    "try:\n    x = int('2')\nexcept ValueError:\n    pass",
    "y = [a for a in 'bc' if a > 'b']", "match x:\n    case 1:\n        y = 2", "x = (1 +\n    2)",
    "with open('f') as f: x = f.read()", "lambda q: q + 1", "async def h(a):\n    await a",
    "x, y = y, x",
    "if x: pass\nelif y:\n    x += 1\nelif x > y: y = 3",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_program_has_edits_within_its_text(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    found = edits(text)
    assert found == edits(text)
    for edit in found:
        assert 0 <= edit.start <= edit.end <= len(text)
        assert 1 <= edit.line <= text.count("\n") + 1
        assert edit.kind in {kind.value for kind in EditKind}
        assert 0 <= edit.near <= 1
