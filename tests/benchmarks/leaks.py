"""Whether the engine leaves anything behind: `python -m tests.benchmarks.leaks [--submissions N]`.

Right, wrong and hostile submissions are graded, and some are killed from outside at a random
moment: their sandboxes, and now and then a template or its warden. Before, on the way and
afterwards it is counted what there is: processes, threads, descriptors, mounts, namespaces,
control groups, temporary files, and the memory of engine and templates. Exit status 1 when
something grew.
"""

import argparse
import gc
import logging
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.domain.exercises import AssertCell, CallCase, Limits, TestCase, Visibility
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.usage import descendants
from tests.benchmarks.machine import load

LIMITS = Limits(wall_seconds=5.0, cpu_seconds=5.0, memory_mb=128, output_bytes=10_000, processes=8)
HASTY = Limits(wall_seconds=0.3, cpu_seconds=5.0, memory_mb=128, output_bytes=10_000, processes=8)
GROWTH_MB = 1.5
"""How much memory may differ from one moment to another without anything being kept."""
GROUPS = "control groups"
SLACK = {GROUPS: 4}
"""The groups of the last run's two sandboxes, of two controllers, may go with the next one only."""

REFUSED, PASSED, FAILED = "refused", "passed", "failed"
ANSWERS = (
    ("return 3 * x", LIMITS, 30),
    ("return x", LIMITS, 15),
    ("return nothing", LIMITS, 10),
    ("return (", LIMITS, 5),
    ("open('note', 'w').write('a' * 100_000); return 3 * x", LIMITS, 5),
    ("print('x' * 500); return 3 * x", LIMITS, 5),
    ("while True: pass", HASTY, 2),
    ("import signal; signal.signal(2, signal.SIG_IGN)\n    while True: pass", HASTY, 2),
    ("import subprocess; subprocess.run(['sleep', '600'])", HASTY, 2),
    ("import os\n    while True: os.fork()", LIMITS, 1),
    ("import os\n    if os.fork() == 0:\n        os.setsid(); os.system('sleep 600')", HASTY, 2),
    (
        "import threading, time\n    threading.Thread(target=time.sleep, args=(60,)).start()",
        HASTY,
        2,
    ),
    ("import os; os._exit(3)", LIMITS, 4),
    ("import os; os.kill(os.getpid(), 9)", LIMITS, 4),
    ("while True: print('x' * 500)", LIMITS, 2),
    ("return [0] * 10 ** 9", LIMITS, 2),
    ("import os\n    for n in range(3, 60): os.close(n)", LIMITS, 2),
    ("import os\n    for n in range(200): os.mkdir('d'); os.chdir('d')", LIMITS, 2),
)
"""Bodies of `f(x)`, which should triple, their limits, and how often they come."""


def plan(body: str, limits: Limits, *, asserted: bool) -> RunPlan:
    """Return a submission with public and secret tests."""
    cells = (CellSource("answer", f"def f(x):\n    {body}\n"),)
    tests = []
    for number in range(4):
        spec = CallCase(f"f({number})", expected=encode_plain(3 * number))
        visibility = Visibility.SECRET if number % 2 else Visibility.PUBLIC
        cell = AssertCell(f"assert f({number}) == {3 * number}")
        tests.append(TestCase(str(number), cell if asserted else spec, visibility=visibility))
    return RunPlan((), cells, tuple(tests), limits)


class Counts(dict[str, float]):
    """What there is at one moment, by name; memory in MiB."""


def _links(pid: int | str, of: str) -> set[str]:
    found = set()
    with suppress(OSError):
        for link in Path(f"/proc/{pid}/{of}").iterdir():
            with suppress(OSError):
                found.add(str(link.readlink()))
    return found


def _entries(pid: int | str, of: str) -> int:
    with suppress(OSError):
        return sum(1 for _ in Path(f"/proc/{pid}/{of}").iterdir())
    return 0


def _lines(pid: int | str, of: str) -> int:
    with suppress(OSError):
        return len(Path(f"/proc/{pid}/{of}").read_text().splitlines())
    return 0


def _resident_mb(pid: int | str) -> float:
    with suppress(OSError):
        return (
            int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            * os.sysconf("SC_PAGE_SIZE")
            / 2**20
        )
    return 0.0


def count(directory: Path) -> Counts:
    """Count what this process and all under it hold."""
    gc.collect()
    under = sorted(descendants(os.getpid()))
    spaces = _links("self", "ns")
    for pid in under:
        spaces |= _links(pid, "ns")
    groups = [
        place
        for pattern in (f"*/tutor-{os.getpid()}-*", f"**/tutor-{os.getpid()}-*")
        for place in _groups(pattern)
    ]
    return Counts(
        {
            "processes under the engine": len(under),
            "threads of the engine": threading.active_count(),
            "descriptors of the engine": _entries("self", "fd"),
            "descriptors of the templates": sum(_entries(pid, "fd") for pid in under),
            "mounts of the machine": _lines("self", "mountinfo"),
            "mounts of the templates": sum(_lines(pid, "mountinfo") for pid in under),
            "namespaces": len(spaces),
            GROUPS: len(set(groups)),
            "temporary files": sum(1 for _ in directory.rglob("*")),
            "engine, resident MiB": _resident_mb("self"),
            "templates, resident MiB": sum(_resident_mb(pid) for pid in under),
        }
    )


def _groups(pattern: str) -> list[Path]:
    with suppress(OSError):
        return list(Path("/sys/fs/cgroup").glob(pattern))
    return []


@contextmanager
def killing(chance: random.Random, pause: float, templates: float) -> Iterator[list[int]]:
    """Kill processes under this one at random moments; yields how many.

    Args:
        chance: Decides.
        pause: Seconds between two kills, on average.
        templates: The share of kills that take a template or its warden.
    """
    over, killed = threading.Event(), [0]

    def work() -> None:
        while not over.wait(chance.expovariate(1 / pause)):
            under = list(descendants(os.getpid()))
            lasting = [pid for pid in under if _is_lasting(pid)]
            runs = [pid for pid in under if pid not in lasting]
            victims = lasting if chance.random() < templates else runs
            if victims:
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(victims), signal.SIGKILL)
                    killed[0] += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield killed
    finally:
        over.set()
        thread.join()


def _is_lasting(pid: int) -> bool:
    """Whether a process is a template or its warden: a run has only one thing open to the engine.

    A template is the child of a warden or lives in namespaces of its own; what it forks has it as
    its parent. The parent of a warden is the engine.
    """
    generation, at = 0, pid
    while at not in (0, 1, os.getpid()):
        try:
            at = int(Path(f"/proc/{at}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            return False
        generation += 1
    return generation <= 2


def grade_all(runner: SandboxTestRunner, amount: int, chance: random.Random) -> "Counter[str]":
    """Grade so many submissions; return how many verdicts were wrong and how many gave none."""
    weights = [weight for _, _, weight in ANSWERS]
    chosen = chance.choices(ANSWERS, weights, k=amount)
    plans = [
        (body, plan(body, limits, asserted=chance.random() < 0.25)) for body, limits, _ in chosen
    ]

    def one(item: tuple[str, RunPlan]) -> str:
        body, planned = item
        try:
            verdict = judge(planned.tests, runner.run(planned), planned.limits)
        except KernelUnavailable:
            return REFUSED
        right = body.endswith("return 3 * x")
        if verdict.passed == right:
            return "as expected"
        return FAILED if right else PASSED

    with ThreadPoolExecutor(4) as pool:
        return Counter(pool.map(one, plans))


def _rested(directory: Path, runner: SandboxTestRunner) -> Counts:
    """Count when everything that was ended has had the time to go."""
    runner.run(plan("return 3 * x", LIMITS, asserted=False))
    seen = count(directory)
    for _ in range(40):
        time.sleep(0.25)
        again = count(directory)
        if again["processes under the engine"] == seen["processes under the engine"] == 2:
            return again
        seen = again
    return seen


def _grew(moments: Sequence[Counts]) -> list[str]:
    """Name what there is more of than at first; memory has until half-way to find its size."""
    first, middle, last = moments[0], moments[len(moments) // 2], moments[-1]
    return [
        name
        for name in first
        if (
            last[name] > middle[name] + GROWTH_MB
            if "MiB" in name
            else last[name] > first[name] + SLACK.get(name, 0)
        )
    ]


def _table(moments: Sequence[Counts], done: Sequence[int]) -> None:
    print(f"{'after submissions':32}" + "".join(f"{each:>10}" for each in done))
    for name in moments[0]:
        digits = 1 if "MiB" in name else 0
        print(f"{name:32}" + "".join(f"{each[name]:10.{digits}f}" for each in moments))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--submissions", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    logging.getLogger().setLevel(logging.CRITICAL)
    chance = random.Random(options.seed)
    warm_up = max(options.submissions // 10, 20)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        tempfile.tempdir = name
        directory = Path(name)
        runner = SandboxTestRunner()
        try:
            grade_all(runner, warm_up, chance)
            moments, done = [_rested(directory, runner)], [0]
            seen, kills = Counter[str](), 0
            for part in range(4):
                amount = options.submissions // 4
                with killing(chance, pause=0.3, templates=0.03) as killed:
                    seen += grade_all(runner, amount, chance)
                kills += killed[0]
                moments.append(_rested(directory, runner))
                done.append((part + 1) * amount)
        finally:
            runner.close()
    took = time.perf_counter() - began
    _table(moments, done)
    left = list(descendants(os.getpid()))
    grew = [*_grew(moments), *(["processes after the end"] if left else [])]
    print(
        f"{done[-1]} submissions after {warm_up} to warm up, {kills} processes killed from outside:"
        f" {seen[REFUSED]} runs refused, {seen[PASSED]} wrong answers passed, {seen[FAILED]} right "
        f"ones failed; {took:.0f} s, {load()}"
    )
    print(f"grew: {', '.join(grew)}" if grew else "nothing grew")
    raise SystemExit(bool(grew or seen[PASSED]))


if __name__ == "__main__":
    main()
