"""No trick passes an assert cell; the answer it is meant for does; a naive grader is tricked."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from jupyter_tutor.domain.exercises import AssertCell, Limits, TestCase
from jupyter_tutor.domain.observations import Ending
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import plan
from tests.security.conftest import Arena
from tests.security.exercises import Exercise
from tests.security.naive import grade
from tests.security.playing import Control
from tests.security.tricks import TRICKS, Trick

pytestmark = pytest.mark.kernel

_LIMITS = Limits(wall_seconds=5.0, cpu_seconds=5.0, memory_mb=512, output_bytes=20_000)


@pytest.fixture(scope="module")
def runner(arena: Arena) -> SandboxTestRunner:
    return arena.runner(Level.NAMESPACES)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_only_the_right_answer_passes(trick: Trick, runner: SandboxTestRunner) -> None:
    setup = (trick.setup,) if trick.setup else ()
    hostile, right = (
        runner.run(plan(answer, AssertCell(trick.cell), setup=setup, limits=_LIMITS)).tests[0]
        for answer in (trick.hostile, trick.right)
    )
    assert right.ending is Ending.COMPLETED, right.error
    assert hostile.ending is Ending.RAISED, hostile


@pytest.mark.timeout(120)
def test_a_naive_grader_is_tricked() -> None:
    def withstood(trick: Trick) -> str | None:
        test = TestCase("hard", AssertCell(trick.cell))
        exercise = Exercise((test,), trick.right, "", (), (trick.setup,))
        graded = grade(exercise, trick.hostile, Control.NAMESPACE)
        return None if graded.passed else f"{trick.name}: {graded.shown[-150:]}"

    with ThreadPoolExecutor(2) as pool:
        assert [each for each in pool.map(withstood, TRICKS) if each] == []


def test_a_test_says_which_values_of_the_set_up_are_the_answers(runner: SandboxTestRunner) -> None:
    setup = ("prices = {'tea': 2}\nrates = [1]",)
    cells = (
        "### FROM ANSWER: prices, rates\nassert (prices, rates) == ({'tea': 2, 'milk': 1}, [1, 2])",
        "assert prices == {'tea': 2} and rates == [1]",
        "### FROM ANSWER: prices\nprices = dict(prices, milk=9)\nassert prices['milk'] == 9",
    )
    answer = "prices['milk'] = 1\nrates.append(2)"
    seen = runner.run(plan(answer, *map(AssertCell, cells), setup=setup, limits=_LIMITS)).tests
    assert [each.ending for each in seen] == [Ending.COMPLETED] * 3, seen


def test_an_answer_changes_files_that_the_test_has_written(runner: SandboxTestRunner) -> None:
    setup = ("open('log.txt', 'w').write('made by the set-up')",)
    cells = (
        "open('log.txt', 'w').write('a')\nadd('log.txt')\nassert open('log.txt').read() == 'a!'",
        "open('own.txt', 'w').write('b')\nadd('own.txt')\nassert open('own.txt').read() == 'b!'",
    )
    answer = "def add(path):\n    with open(path, 'a') as file:\n        file.write('!')"
    seen = runner.run(plan(answer, *map(AssertCell, cells), setup=setup, limits=_LIMITS)).tests
    assert [each.ending for each in seen] == [Ending.COMPLETED] * 2, seen


_SHAPES = """
from collections import namedtuple
from dataclasses import dataclass
from enum import Enum
class Node:
    def __init__(self, value, next=None): self.value, self.next = value, next
@dataclass(frozen=True)
class Card:
    __slots__ = ("suit", "rank")
    suit: str
    rank: int
Pair = namedtuple("Pair", "a b")
class Colour(Enum):
    RED = 1
class Refused(Exception):
    def __init__(self, amount):
        super().__init__(f"no {amount}")
        self.amount = amount
"""
_SHAPING = """
made = Node(5)
def card(): return Card("spades", 3)
def pair(): return Pair(1, 2)
def red(): return Colour.RED
def grow(node): node.value += 1; return node
def chain(n):
    first = None
    for k in range(n, 0, -1): first = Node(k, first)
    return first
def reverse(node):
    before = None
    while node: node.next, before, node = before, node, node.next
    return before
def ring():
    node = Node(1); node.next = node; return node
def kept(): return made
def touch(): made.value += 1
def build(kind): return kind(9)
def refuse(): raise Refused(7)
def refuse_more():
    class More(Refused): pass
    raise More(8)
"""
_ON_SHAPES = (
    "assert card() == Card('spades', 3) and [card()] == [Card('spades', 3)] and card().rank == 3",
    "assert pair() == Pair(1, 2) and isinstance(pair(), Pair) and pair().a == 1",
    "assert red() is Colour.RED",
    "node = Node(1)\nassert grow(node) is node and node.value == 2 and type(node) is Node",
    (
        "first = chain(150)\nfound = []\nwhile first:\n    found.append(first.value)\n"
        "    first = first.next\nassert found == list(range(1, 151))"
    ),
    "a, b = Node(1), Node(2)\na.next = b\nassert reverse(a) is b and b.next is a and not a.next",
    "assert ring().next.next.value == 1 and ring().next is not None",
    (
        "node = kept()\nassert node is kept() and node.value == 5\ntouch()\n"
        "assert node.value == 6\nnode.value = 9\ntouch()\n"
        "assert node.value == 10 and kept() is node"
    ),
    "assert type(build(Node)) is Node and build(Node).value == 9",
    (
        "try:\n    refuse()\nexcept Refused as error:\n    assert error.amount == 7\n"
        "    assert str(error) == 'no 7'\nelse:\n    raise AssertionError"
    ),
    (
        "try:\n    refuse_more()\nexcept Refused as error:\n    assert str(error) == 'no 8'\n"
        "else:\n    raise AssertionError"
    ),
)


def test_objects_of_classes_of_the_set_up_are_the_tests_own(runner: SandboxTestRunner) -> None:
    cells = map(AssertCell, _ON_SHAPES)
    seen = runner.run(plan(_SHAPING, *cells, setup=(_SHAPES,), limits=_LIMITS)).tests
    assert [each.error for each in seen] == [None] * len(_ON_SHAPES)
