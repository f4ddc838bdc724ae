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
