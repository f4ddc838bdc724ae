"""What a check costs: `python -m tests.benchmarks.execution [--runs N]`.

The same three answer cells and ten tests are run by stock nbclient in a fresh kernel and by the
test runner, cold and with a spare kernel waiting, all in this process. Trust the ratios more than
the times: the machine may be busy with other work.
"""

import argparse
import contextlib
import logging
import resource
import statistics
import time
from collections.abc import Callable, Iterator

import nbformat
from nbclient import NotebookClient

from jupyter_tutor.domain.exercises import CallCase, Limits, TestCase
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan
from jupyter_tutor.execution.runner import SandboxTestRunner

CELLS = (
    "def collatz(n):\n    return n // 2 if n % 2 == 0 else 3 * n + 1\n",
    "def length(n):\n    return 0 if n == 1 else 1 + length(collatz(n))\n",
    "def longest(limit):\n    return max(range(1, limit), key=length)\n",
)
CALLS = (*tuple(f"length({n})" for n in range(3, 12)), "longest(20)")
LIMITS = Limits(wall_seconds=60.0)

Cost = tuple[float, float]


def cpu_seconds() -> float:
    """Return the processor time of this process and of its ended children."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


@contextlib.contextmanager
def timed(costs: list[Cost]) -> Iterator[None]:
    """Note the time on the clock and the processor time of what happens inside."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    yield
    costs.append((time.perf_counter() - wall, cpu_seconds() - cpu))


def stock() -> None:
    """Run cells and tests as a notebook with nbclient as it is."""
    sources = (*CELLS, *(f"assert {call} >= 0" for call in CALLS))
    cells = [nbformat.v4.new_code_cell(source) for source in sources]  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.new_notebook(cells=cells)  # type: ignore[no-untyped-call]
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()


def plan(calls: tuple[str, ...] = CALLS) -> RunPlan:
    """Return the same as a plan."""
    cells = tuple(CellSource(str(number), source) for number, source in enumerate(CELLS))
    tests = tuple(TestCase(call, CallCase(call)) for call in calls)
    return RunPlan((), cells, tests, LIMITS)


def check(runner: SandboxTestRunner, planned: RunPlan) -> None:
    """Run a plan, and make sure that it was run."""
    report = runner.run(planned)
    if any(seen.ending is not Ending.COMPLETED for seen in (*report.cells, *report.tests)):
        raise RuntimeError(f"the benchmark's own tests do not complete: {report}")


def measure(run: Callable[[], None], runs: int, pause: float = 0.0) -> list[Cost]:
    """Run something several times, after once for the caches."""
    run()
    costs: list[Cost] = []
    for _ in range(runs):
        time.sleep(pause)
        with timed(costs):
            run()
    return costs


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    logging.getLogger().setLevel(logging.ERROR)
    cold, spare = SandboxTestRunner(), SandboxTestRunner()
    many = plan(tuple(f"length({n})" for n in range(3, 103)))
    rows = {
        "stock nbclient, fresh kernel": measure(stock, runs),
        "runner, cold": measure(lambda: check(cold, plan()), runs),
        "runner, spare kernel ready": measure(lambda: check(spare, plan()), runs, pause=3.0),
        "runner, spare ready, 100 tests": measure(lambda: check(spare, many), runs, pause=3.0),
    }
    cold.close()
    spare.close()
    base = [statistics.median(each) for each in zip(*next(iter(rows.values())), strict=True)]
    print(f"{'3 cells, 10 tests, ' + str(runs) + ' runs':32}{'wall ms':>9}{'CPU ms':>9}", end="")
    print(f"{'wall / stock':>14}{'CPU / stock':>13}")
    for name, costs in rows.items():
        wall, cpu = (statistics.median(each) for each in zip(*costs, strict=True))
        print(f"{name:32}{wall * 1000:9.0f}{cpu * 1000:9.0f}", end="")
        print(f"{wall / base[0]:14.2f}{cpu / base[1]:13.2f}")
    print("CPU is that of this process and of the kernels that ended, their start included.")


if __name__ == "__main__":
    main()
