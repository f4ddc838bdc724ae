"""A set-up that is asked for again runs once: later runs begin where it ended."""

import pytest

from jupyter_tutor.domain.exercises import AssertCell, CallCase, DataFile, Limits
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan, TestReport
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import shown

pytestmark = pytest.mark.kernel

LIMITS = Limits(wall_seconds=10.0)
RUNS = 4


def again(
    runner: SandboxTestRunner,
    setup: str,
    answer: str,
    *specs: CallCase | AssertCell,
    files: tuple[DataFile, ...] = (),
) -> list[TestReport]:
    """Run the same plan several times: the set-up is kept from the third time on."""
    tests = tuple(Case(str(number), spec) for number, spec in enumerate(specs))
    cells = (CellSource("answer", answer),)
    plan = RunPlan((setup,), cells, tests, LIMITS, files)
    return [runner.run(plan) for _ in range(RUNS)]


def values(reports: list[TestReport]) -> list[str]:
    return [shown(report.tests[0]) for report in reports]


def test_a_setup_runs_once_for_many_runs(runner: SandboxTestRunner) -> None:
    setup = (
        "import time, os\nstamp = time.monotonic_ns()\nprint('set up')\ndef twice(n): return 2 * n"
    )
    reports = again(runner, setup, "def f(): return stamp", CallCase("f()"))
    seen = values(reports)
    assert seen[0] != seen[1]
    kept = runner.supply.isolation.level is Level.NAMESPACES  # elsewhere it runs each time
    assert (seen[1] == seen[2] == seen[3]) is kept
    assert [report.cells[0].stdout for report in reports] == ["set up\n"] * RUNS
    assert [cell.name for cell in reports[-1].cells] == ["setup", "answer"]


def test_runs_do_not_meet_in_it(runner: SandboxTestRunner) -> None:
    answer = "notes.append(1)\nopen('mine', 'x').write('a')\ndef f(): return notes"
    assert values(again(runner, "notes = []", answer, CallCase("f()"))) == ["[1]"] * RUNS


def test_tests_of_the_oracle_have_the_setups_functions(runner: SandboxTestRunner) -> None:
    setup = "def close(a, b): return abs(a - b) < 0.1\nlimit = 10"
    answer = "def close(a, b): return True\nlimit = 20\ndef f(): return 3.0"
    cells = (
        AssertCell("assert not close(f(), 4.0)"),
        AssertCell("assert close(f(), 3.05)"),
        AssertCell("assert limit == 10"),
        AssertCell("# FROM ANSWER: limit\nassert limit == 20"),
    )
    for report in again(runner, setup, answer, *cells):
        assert [test.ending for test in report.tests] == [Ending.COMPLETED] * 4


def test_tests_hand_over_objects_of_the_setups_classes(runner: SandboxTestRunner) -> None:
    setup = (
        "class Node:\n"
        "    def __init__(self, value, rest=None): self.value, self.rest = value, rest\n"
    )
    answer = (
        "def total(node): return 0 if node is None else node.value + total(node.rest)\n"
        "def push(node, value): return Node(value, node)\n"
    )
    cells = (
        AssertCell("assert total(Node(1, Node(2, Node(3)))) == 6"),
        AssertCell("assert total(push(Node(4), 5)) == 9"),
        AssertCell("new = push(None, 7)\nassert new.value == 7 and new.rest is None"),
    )
    for report in again(runner, setup, answer, *cells):
        assert [test.ending for test in report.tests] == [Ending.COMPLETED] * 3, report.tests


@pytest.mark.parametrize(
    "left",
    [
        "open('note', 'w').write('x')",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,)).start()",
        "import subprocess\nchild = subprocess.Popen(['sleep', '9'])",
        "import asyncio\nawait asyncio.sleep(0)",
    ],
    ids=["file", "thread", "process", "loop"],
)
def test_what_leaves_more_than_names_runs_each_time(runner: SandboxTestRunner, left: str) -> None:
    setup = f"import time\nstamp = time.monotonic_ns()\n{left}"
    seen = values(again(runner, setup, "def f(): return stamp", CallCase("f()")))
    assert len(set(seen)) == RUNS


def test_a_setup_that_fails_is_told_each_time(runner: SandboxTestRunner) -> None:
    for report in again(runner, "1 / 0", "def f(): return 1", CallCase("f()")):
        assert report.cells[0].ending is Ending.RAISED
        assert report.cells[0].error is not None
        assert report.cells[0].error.type == "ZeroDivisionError"


def test_files_and_seeds_are_as_ever(runner: SandboxTestRunner) -> None:
    setup = "import random\nwith open('data.txt') as file: text = file.read()"
    answer = "def f(): return text, open('data.txt').read(), random.random()"
    files = (DataFile("data.txt", b"42"),)
    seen = values(again(runner, setup, answer, CallCase("f()"), files=files))
    assert len(set(seen)) == 1
    assert seen[0].startswith("('42', '42', 0.8444")
