"""The frozen set of wrong programs: it is what it says, and named lines are verified lines."""

import ast
import json
import random
from collections.abc import Iterator

import pytest

from jupyter_tutor.execution.exploring import SandboxExplorer
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.services.diagnosing import Diagnoser
from tests.benchmarks.course_programs import FROZEN, KNOWN, SEARCH_KNOWS_NOT, mutant
from tests.benchmarks.diagnosis import Program, frozen, measure

LINES = FROZEN.read_text("utf-8").splitlines()
ITEMS = [json.loads(line) for line in LINES]


@pytest.fixture(scope="module")
def programs(runner: SandboxTestRunner) -> list[Program]:
    """The whole set."""
    return list(frozen(runner))


def test_the_set_is_large_and_of_many_kinds() -> None:
    assert len(LINES) == len(set(LINES)) >= 400
    made = [name for item in ITEMS for name in item["made"]]
    assert made.count(KNOWN) >= 100
    assert sum(name in SEARCH_KNOWS_NOT for name in made) >= 100
    assert sum(len(item["made"]) == 2 for item in ITEMS) >= 100


@pytest.mark.kernel
def test_every_program_is_one_of_the_course(programs: list[Program]) -> None:
    assert len(programs) == len(ITEMS)
    assert len({id(program.exercise) for program in programs}) > 30


def test_a_mutant_is_another_program_and_always_the_same() -> None:
    source = "def f(a):\n    s = 0\n    for x in a:\n        s += x\n    return s\n"

    def some() -> Iterator[str]:
        chance = random.Random(1)
        for _ in range(60):
            made = mutant(source, chance)
            if made is not None:
                yield made[1]

    texts = list(some())
    assert texts == list(some())
    assert len(set(texts)) > 20
    same = ast.unparse(ast.parse(source))
    assert sum(text != same for text in texts) > 0.9 * len(texts)


@pytest.mark.kernel
def test_every_line_that_is_named_is_verified(
    runner: SandboxTestRunner, programs: list[Program]
) -> None:
    """A sample; the benchmark takes all of them."""
    diagnoser = Diagnoser(runner, SandboxExplorer(runner.supply))
    found = [measure(each, runner, diagnoser, 20.0) for each in programs[7::61]]
    named = [each for each in found if each is not None and each.verified]
    assert len(found) >= 9
    assert len(named) > len(found) / 2
    assert all(each.confirmed for each in named)
    for each in named:
        edit = each.diagnosis.verified
        assert edit is not None
        assert edit.line >= 1
