"""What grading costs: `python -m tests.benchmarks.grading [--submissions N] [--quick]`.

Every way grades the same submission, three answer cells and ten tests, on this machine in one go:

- stock nbclient in a fresh kernel: answer cells and tests as the cells of one notebook;
- the engine with everything on: five public and five secret tests in sandboxes of their own, as
  call cases and as assert cells in an oracle, plain and with numpy and pandas;
- the floors: a bare fork that runs the same code with `exec`, isolated as the engine does, and not.

Processor time is that of all processes of a way together, measured over the whole batch and divided
(see `machine.cpu_seconds`); what the kernel does in threads of its own, such as taking network
namespaces apart, is nobody's and not in it. Memory is the proportional share (PSS) of the processes
of one running submission, at the most; engine, template and client are not in it. Trust ratios more
than times: the load of the machine stands above the table. Targets stand below it.
"""

import argparse
import logging
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import nbformat
from nbclient import NotebookClient

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    Limits,
    TestCase,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.usage import descendants
from tests.benchmarks.floor import Floor
from tests.benchmarks.machine import cpu_seconds, load, peak_memory, settled

CELLS = (
    "def collatz(n):\n    return n // 2 if n % 2 == 0 else 3 * n + 1\n",
    "def length(n):\n    return 0 if n == 1 else 1 + length(collatz(n))\n",
    "def longest(limit):\n    return max(range(1, limit), key=length)\n",
)
LIBRARIES = "import numpy as np\nimport pandas as pd\n"
EXPECTED = {
    **dict(
        zip((f"length({n})" for n in range(3, 12)), (7, 2, 5, 8, 16, 3, 19, 6, 14), strict=True)
    ),
    "longest(20)": 18,
}
PAUSE = "(__import__('time').sleep(0.4), 0)[1]"
LIMITS = Limits(wall_seconds=60.0, cpu_seconds=60.0)
CONCURRENCIES = (1, 2, 8)
STOCK, CASES, ASSERTS = "stock nbclient, fresh kernel", "engine, cases", "engine, assert cells"
CASES_PANDAS, ASSERTS_PANDAS = "engine, cases, pandas", "engine, assert cells, pandas"
ISOLATED, BARE = "fork + exec, isolated", "fork + exec, bare"


class Submission(Protocol):
    """Grades one submission; told whether it is to pause, so that its memory can be looked at."""

    def __call__(self, pause: bool) -> None: ...


@dataclass(frozen=True, slots=True)
class Cost:
    """What one way cost at one concurrency; times in milliseconds, memory in MiB."""

    cpu: float
    walls: tuple[float, ...]
    per_second: float
    memory: float

    @property
    def p50(self) -> float:
        """The median time of a submission."""
        return statistics.median(self.walls)

    @property
    def p99(self) -> float:
        """The time that one in a hundred submissions exceeds; with fewer, the longest."""
        ordered = sorted(self.walls)
        return ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]


def asserts(pause: bool) -> list[str]:
    """Return the tests as statements."""
    tests = [f"assert {call} == {value}" for call, value in EXPECTED.items()]
    return [*tests, f"assert {PAUSE} == 0"] if pause else tests


def stock(pause: bool) -> None:
    """Grade with nbclient as it is."""
    cells = [nbformat.v4.new_code_cell(each) for each in (*CELLS, *asserts(pause))]  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute(stderr=subprocess.DEVNULL)


def plan(*, asserted: bool, libraries: bool, pause: bool) -> RunPlan:
    """Return the submission as a plan."""
    calls = {**EXPECTED, **({PAUSE: 0} if pause else {})}
    tests = []
    for number, (call, value) in enumerate(calls.items()):
        spec: TestSpec = CallCase(call, expected=encode_plain(value))
        if asserted:
            spec = AssertCell(f"assert {call} == {value}")
        visibility = Visibility.SECRET if number % 2 else Visibility.PUBLIC
        tests.append(TestCase(call, spec, visibility=visibility))
    sources = (LIBRARIES + CELLS[0], *CELLS[1:]) if libraries else CELLS
    cells = tuple(CellSource(str(number), source) for number, source in enumerate(sources))
    return RunPlan((), cells, tuple(tests), LIMITS)


def engine(runner: SandboxTestRunner, *, asserted: bool, libraries: bool) -> Submission:
    """Return what grades with the engine, verdict included."""
    plans = {
        pause: plan(asserted=asserted, libraries=libraries, pause=pause) for pause in (False, True)
    }

    def submission(pause: bool) -> None:
        planned = plans[pause]
        verdict = judge(planned.tests, runner.run(planned), LIMITS)
        if verdict.score != 1:
            raise RuntimeError(f"the benchmark's own tests do not pass: {verdict}")

    return submission


def measure(way: Submission, concurrency: int, count: int) -> Cost:
    """Grade so many submissions, after some for the caches."""
    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(way, [False] * concurrency))
        known = _templates()

        def timed(_: int) -> float:
            began = time.perf_counter()
            way(pause=False)
            return (time.perf_counter() - began) * 1000

        cpu, began = cpu_seconds(), time.perf_counter()
        walls = tuple(pool.map(timed, range(count)))
        took = time.perf_counter() - began
        if not settled(len(known)):
            raise RuntimeError("processes were left behind")
        cpu = cpu_seconds() - cpu
        with peak_memory(_templates()) as peak:
            list(pool.map(way, [True] * concurrency))
        settled(len(known))
    return Cost(cpu * 1000 / count, walls, count / took, peak() / concurrency)


def _templates() -> set[int]:
    """Return the processes that stay when nothing runs: those of the templates."""
    time.sleep(0.2)
    return set(descendants(os.getpid()))


@contextmanager
def ways() -> Iterator[dict[str, Submission]]:
    """Yield every way to grade; what they start is ended afterwards."""
    runner, isolated, bare = SandboxTestRunner(), Floor(isolated=True), Floor(isolated=False)
    try:
        yield {
            STOCK: stock,
            CASES: engine(runner, asserted=False, libraries=False),
            ASSERTS: engine(runner, asserted=True, libraries=False),
            CASES_PANDAS: engine(runner, asserted=False, libraries=True),
            ASSERTS_PANDAS: engine(runner, asserted=True, libraries=True),
            ISOLATED: lambda pause: isolated.run(CELLS, asserts(pause)),
            BARE: lambda pause: bare.run(CELLS, asserts(pause)),
        }
    finally:
        runner.close()
        isolated.close()
        bare.close()


def _table(costs: dict[tuple[str, int], Cost]) -> None:
    print(
        f"{'way':31}{'at once':>8}{'CPU ms':>8}{'p50 ms':>8}{'p99 ms':>8}{'per s':>7}"
        f"{'MiB':>7}{'stock/CPU':>11}{'CPU/floor':>11}"
    )
    for (name, concurrency), cost in costs.items():
        of_stock = costs[STOCK, concurrency].cpu / cost.cpu
        of_floor = cost.cpu / costs[ISOLATED, concurrency].cpu
        print(
            f"{name:31}{concurrency:8}{cost.cpu:8.1f}{cost.p50:8.1f}{cost.p99:8.1f}"
            f"{cost.per_second:7.1f}{cost.memory:7.1f}{of_stock:11.1f}{of_floor:11.1f}"
        )


def _targets(costs: dict[tuple[str, int], Cost]) -> Iterator[tuple[str, float, float, bool]]:
    """Yield what was to be reached, what was, the target, and whether less is better."""
    cases, asserted = costs[CASES, 1], costs[ASSERTS, 1]
    base, floor = costs[STOCK, 1].cpu, costs[ISOLATED, 1].cpu
    memory, with_pandas = (
        max(costs[name, each].memory for name in names for each in CONCURRENCIES)
        for names in ((CASES, ASSERTS), (CASES_PANDAS, ASSERTS_PANDAS))
    )
    yield "CPU per submission with cases, ms", cases.cpu, 60, True
    yield "CPU per submission with assert cells, ms", asserted.cpu, 90, True
    yield "stock's CPU over ours, cases", base / cases.cpu, 8, False
    yield "stock's CPU over ours, assert cells", base / asserted.cpu, 8, False
    yield "our CPU over the isolated fork's, cases", cases.cpu / floor, 4, True
    yield "p50 one at a time, cases, ms", cases.p50, 60, True
    yield "p50 one at a time, assert cells, ms", asserted.p50, 60, True
    yield "submissions a second, 8 at once, cases", costs[CASES, 8].per_second, 30, False
    yield "submissions a second, 8 at once, assert cells", costs[ASSERTS, 8].per_second, 30, False
    yield "memory per running submission, MiB", memory, 40, True
    yield "the same with numpy and pandas, MiB", with_pandas, 60, True


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=200, help="for each way, at a time")
    parser.add_argument("--quick", action="store_true", help="20 for each way")
    options = parser.parse_args()
    count: int = 20 if options.quick else options.submissions
    logging.getLogger().setLevel(logging.ERROR)
    print(f"3 answer cells, 10 tests, {count} submissions; {os.cpu_count()} cores, {load()}")
    costs: dict[tuple[str, int], Cost] = {}
    with ways() as every:
        for concurrency in CONCURRENCIES:
            for name, way in every.items():
                # A fresh kernel costs fifty times as much, and varies less for it.
                few = max(3 * concurrency, count // 10) if name == STOCK else count
                costs[name, concurrency] = measure(way, concurrency, few)
            print(f"measured at concurrency {concurrency}, {load()}", flush=True)
    _table(dict(sorted(costs.items(), key=lambda each: list(every).index(each[0][0]))))
    print("\ntargets (an idle machine with two cores):")
    for what, reached, target, less in _targets(costs):
        met = reached <= target if less else reached >= target
        sign = "<=" if less else ">="
        print(f"  {what:48}{reached:8.1f}  {sign} {target:<5}{'' if met else '  not reached'}")


if __name__ == "__main__":
    main()
