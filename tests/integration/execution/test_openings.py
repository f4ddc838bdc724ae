"""Sandboxes are opened side by side and ahead of time; whatever comes of it, nothing is left."""

import asyncio
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from jupyter_tutor.domain.exercises import AssertCell, CallCase, Limits, Visibility
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan, TestReport
from jupyter_tutor.execution.openings import Opening
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.runs import Quota, Role, RunProcess, RunRequest
from jupyter_tutor.execution.supply import SandboxSupply
from jupyter_tutor.execution.usage import descendants
from tests.integration.execution.running import left_behind, plan

pytestmark = pytest.mark.kernel

LIMITS = Limits(wall_seconds=1.0, cpu_seconds=5.0, memory_mb=256, output_bytes=10_000, processes=8)
REQUEST = RunRequest(Quota(memory_mb=256, cpu_seconds=20, tasks=64))
STOPPED = (
    ("while True: pass", Ending.TIMEOUT),
    ("print('x' * 20_000)", Ending.OUTPUT_LIMIT),
    ("import os\nos._exit(0)", Ending.DIED),
)


@pytest.fixture
def supply() -> Iterator[SandboxSupply]:
    """A supply that is warm, and must leave nothing."""
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        supply = SandboxSupply(directory=Path(name))
        supply.warm_up()
        yield supply
        supply.close()
        assert left_behind(Path(name)) == []


def _held() -> tuple[int, int]:
    """Return how many descriptors and descendants there are."""
    return len(list(Path("/proc/self/fd").iterdir())), len(set(descendants(os.getpid())))


def _at_rest() -> tuple[int, int]:
    """Return what is held once that does not change any more."""
    seen = [_held()]
    while len(seen) < 500 and len(set(seen[-20:])) + (len(seen) < 20) > 1:
        time.sleep(0.02)
        seen.append(_held())
    return seen[-1]


def _template(supply: SandboxSupply) -> int:
    """Return the process that forks, the warden's child."""
    (kept,) = supply._templates.values()
    return next(descendants(kept.template.pid))


async def _cancelled(opening: Opening, seconds: float) -> bool:
    """Wait for a sandbox for so long; tell whether it was not ready by then."""
    waiting = asyncio.ensure_future(opening.ready())
    await asyncio.sleep(seconds)
    waiting.cancel()
    try:
        (await waiting).close()
    except asyncio.CancelledError:
        return True
    return False


def test_an_opening_may_be_cancelled_at_any_moment(supply: SandboxSupply) -> None:
    supply.open((), REQUEST).close()
    before = _at_rest()
    cancelled = 0
    for number in range(12):
        cancelled += asyncio.run(_cancelled(supply.ask((), REQUEST), number * 0.001))
    assert cancelled
    assert _at_rest() == before
    supply.open((), REQUEST).close()


async def _all(openings: list[Opening]) -> list[RunProcess]:
    return list(await asyncio.gather(*(opening.ready() for opening in openings)))


def test_many_are_opened_at_once(supply: SandboxSupply) -> None:
    opened = asyncio.run(_all([supply.ask((), REQUEST) for _ in range(6)]))
    assert len({process.pid for process in opened}) == 6
    assert all(process.alive for process in opened)
    for process in opened:
        process.close()


def test_a_template_that_is_killed_meanwhile_is_replaced(supply: SandboxSupply) -> None:
    started = supply.templates_started
    for _ in range(2):
        openings = [supply.ask((), REQUEST) for _ in range(3)]
        os.kill(_template(supply), signal.SIGKILL)
        for process in asyncio.run(_all(openings)):
            process.close()
        supply.open((), REQUEST).close()
    assert supply.templates_started > started


def test_sandboxes_that_are_killed_while_they_are_opened_leave_nothing(
    supply: SandboxSupply,
) -> None:
    supply.open((), REQUEST).close()
    before = _at_rest()
    template, over = _template(supply), threading.Event()
    killed: set[int] = set()

    def kill() -> None:
        while not over.is_set() and len(killed) < 2:
            for pid in descendants(template):
                with suppress(ProcessLookupError):  # it has ended meanwhile
                    os.kill(pid, signal.SIGKILL)
                    killed.add(pid)
                break

    killer = threading.Thread(target=kill)
    opening = supply.ask((), REQUEST)
    killer.start()
    process = opening.hear()
    while process is None:
        process = opening.hear()
    over.set()
    killer.join()
    process.close()
    assert killed
    supply.open((), REQUEST).close()
    assert _at_rest()[0] <= before[0]


def test_a_run_is_in_its_control_group_before_anything_runs_in_it(supply: SandboxSupply) -> None:
    process = supply.open((), REQUEST)
    oracle = supply.open((), RunRequest(REQUEST.quota, role=Role.ORACLE))
    groups = Path(f"/proc/{process.pid}/cgroup").read_text()
    if process.group is None:  # the system gives us none, and then nothing may pretend there is
        assert f"tutor-{os.getpid()}-" not in groups
    else:
        assert groups.count(f"/{process.group.memory.name}\n") == (
            1 if process.group.unified else 2
        )
    assert oracle.group is None
    process.close()
    oracle.close()


def _report(runner: SandboxTestRunner, cell: str, *, asserted: bool) -> TestReport:
    tests = []
    for number in range(4):
        call = CallCase("1 + 1")
        visibility = Visibility.SECRET if number > 1 else Visibility.PUBLIC
        spec = AssertCell("assert 1 + 1 == 2") if asserted else call
        tests.append(Case(str(number), spec, visibility=visibility))
    cells = (CellSource("first", cell), CellSource("second", "x = 1"))
    return runner.run(RunPlan((), cells, tuple(tests), LIMITS))


@pytest.mark.parametrize("asserted", [False, True])
@pytest.mark.parametrize(("cell", "ending"), STOPPED)
def test_secret_tests_are_not_run_after_a_cell_was_stopped(
    cell: str, ending: Ending, asserted: bool
) -> None:
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        runner = SandboxTestRunner(directory=Path(name))
        _report(runner, "x = 0", asserted=asserted)
        before = _at_rest()
        for _ in range(2):
            report = _report(runner, cell, asserted=asserted)
            assert report.cells[0].ending is ending
            assert [test.ending for test in report.tests] == [Ending.NOT_RUN] * 4
            assert _at_rest() == before
        runner.close()
        assert left_behind(Path(name)) == []


@pytest.mark.parametrize("asserted", [False, True])
def test_tests_that_run_out_of_time_are_counted_in_both_phases(
    runner: SandboxTestRunner, asserted: bool
) -> None:
    """Those of the second phase are not begun early, however early its sandboxes are there."""
    calls = ("slow(1)", "slow(0)", "slow(1)", "slow(0)", "slow(0)")
    tests = tuple(
        Case(
            str(number),
            AssertCell(f"assert {call} == 0") if asserted else CallCase(call),
            visibility=Visibility.SECRET if number > 1 else Visibility.PUBLIC,
        )
        for number, call in enumerate(calls)
    )
    answer = "def slow(n):\n    while n: pass\n    return n"
    planned = RunPlan((), (CellSource("answer", answer),), tests, LIMITS)
    late, ended = Ending.TIMEOUT, Ending.COMPLETED
    for _ in range(2):
        report = runner.run(planned)
        assert [test.ending for test in report.tests] == [
            *(late, ended, late),
            *(Ending.NOT_RUN, Ending.NOT_RUN),
        ]


def test_a_cell_that_interrupts_itself_has_raised_and_tests_run(runner: SandboxTestRunner) -> None:
    answer = "def f():\n    return 7\nimport signal\nsignal.raise_signal(signal.SIGINT)"
    report = runner.run(plan(answer, "f()", "f() + 1"))
    assert report.cells[0].ending is Ending.RAISED
    assert [test.ending for test in report.tests] == [Ending.COMPLETED] * 2


def test_a_case_that_ends_the_sandbox_leaves_the_cells_as_they_were(
    runner: SandboxTestRunner,
) -> None:
    report = runner.run(plan("import os\nx = 1", "x", "os._exit(0)", "x + 1"))
    assert [cell.ending for cell in report.cells] == [Ending.COMPLETED]
    assert [test.ending for test in report.tests] == [
        Ending.COMPLETED,
        Ending.DIED,
        Ending.COMPLETED,
    ]


@pytest.mark.parametrize("asserted", [False, True])
def test_a_template_that_ends_takes_both_phases_down_and_counts_once(asserted: bool) -> None:
    """What was opened ahead is gone with it: that is no second death of the same cell."""
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        runner = SandboxTestRunner(directory=Path(name))
        _report(runner, "x = 0", asserted=asserted)
        template = _template(runner.supply)

        def kill() -> None:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline and len(list(descendants(template))) < 2:
                time.sleep(0.001)
            time.sleep(0.1)
            os.kill(template, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        report = _report(runner, "import time\ntime.sleep(0.3)", asserted=asserted)
        killer.join()
        runner.close()
        assert [cell.ending for cell in report.cells] == [Ending.COMPLETED] * 2
        assert [test.ending for test in report.tests] == [Ending.COMPLETED] * 4
        assert left_behind(Path(name)) == []
