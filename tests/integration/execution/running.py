"""Short ways to run answers in real kernels, and to look for what they leave behind."""

import os
import time
from pathlib import Path

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    Limits,
    ProgramCase,
    TestCase,
    TestSpec,
)
from jupyter_tutor.domain.observations import CellSource, Observation, RunPlan, TestReport
from jupyter_tutor.domain.values import show
from jupyter_tutor.execution.runner import SandboxTestRunner

QUICK = Limits(wall_seconds=1.0, cpu_seconds=5.0, memory_mb=256, output_bytes=10_000, processes=8)


def plan(
    answer: str,
    *specs: TestSpec | str,
    setup: tuple[str, ...] = (),
    limits: Limits = QUICK,
    seed: int = 0,
) -> RunPlan:
    """Return a plan with one answer cell and tests named by number; a text is a call."""
    tests = tuple(
        TestCase(str(number), CallCase(spec) if isinstance(spec, str) else spec)
        for number, spec in enumerate(specs)
    )
    return RunPlan(setup, (CellSource("answer", answer),), tests, limits, seed=seed)


def run(runner: SandboxTestRunner, answer: str, *specs: TestSpec | str) -> TestReport:
    """Run an answer."""
    return runner.run(plan(answer, *specs))


def call(runner: SandboxTestRunner, answer: str, expression: str = "f()") -> Observation:
    """Return what one call on an answer showed."""
    return run(runner, answer, expression).tests[0]


def program(runner: SandboxTestRunner, answer: str, stdin: str = "") -> Observation:
    """Return what an answer showed as a program."""
    return run(runner, answer, ProgramCase(stdin, "")).tests[0]


def check(runner: SandboxTestRunner, answer: str, source: str) -> Observation:
    """Return what an assert cell showed."""
    return run(runner, answer, AssertCell(source)).tests[0]


def shown(observation: Observation) -> str:
    """Return the value of an observation as text."""
    assert observation.value is not None, observation
    return show(observation.value)


def processes_with(mark: str) -> list[int]:
    """Return the processes whose command line or environment has a mark."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit() and int(place.name) != os.getpid():
            try:
                text = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
            except OSError:
                continue
            if mark.encode() in text:
                found.append(int(place.name))
    return found


def left_behind(directory: Path) -> list[str]:
    """Return what kernels that lived under a directory left, after a moment to be gone."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        left = [str(pid) for pid in processes_with(str(directory))]
        left += [str(path) for path in directory.glob("tutor-*")]
        if not left:
            return []
        time.sleep(0.05)
    return left
