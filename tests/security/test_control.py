"""The positive control: each attack gains something where nothing keeps it from it.

Else an attack that never worked anywhere would seem to be withstood.
"""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import processes_with
from tests.security.attacks import ATTACKS, rendering
from tests.security.exercises import EXERCISES
from tests.security.naive import gained, grade
from tests.security.playing import Attack, Control, Family, gains, play
from tests.security.surroundings import Surroundings

pytestmark = pytest.mark.kernel

_NAIVE = (Control.NAMESPACE, Control.RESULT_FILE, Control.NO_ERROR, Control.IN_PROCESS)
_PATIENCE = 1.5
_GENEROUS = Limits(
    wall_seconds=5.0, cpu_seconds=5.0, memory_mb=1_024, output_bytes=200_000, processes=64
)


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_answer_passes_the_naive_graders(name: str) -> None:
    exercise = EXERCISES[name]
    graded = grade(exercise, exercise.reference, Control.NAMESPACE)
    missed = {test.name for test in exercise.tests} - graded.passed
    assert missed == set()


def _naively(attack: Attack, surroundings: Surroundings) -> str | None:
    """Return what is wrong when an attack does nothing to a naive grader."""
    names = [test.name for test in attack.target.tests]
    sources = surroundings.filled([attack.answer, *attack.then], names)
    exhausting = attack.family is Family.EXHAUSTING
    try:
        for source in sources:
            seconds = {"seconds": _PATIENCE} if exhausting else {}
            graded = grade(attack.target, source, attack.control, **seconds)
            if gained(attack.target, graded, surroundings.planted):
                return None
    finally:
        for mark in surroundings.marks_in(sources):
            for pid in processes_with(mark):
                os.kill(pid, signal.SIGKILL)
    return None if exhausting and not graded.ended else f"{attack.name}: {graded.shown[-150:]}"


@pytest.mark.timeout(240)
def test_attacks_work_against_naive_graders(surroundings: Surroundings) -> None:
    chosen = [attack for attack in ATTACKS if attack.control in _NAIVE]
    with ThreadPoolExecutor(3) as pool:
        quiet = [each for each in pool.map(lambda a: _naively(a, surroundings), chosen) if each]
    assert quiet == []


@pytest.mark.timeout(240)
def test_attacks_work_without_isolation() -> None:
    """In a directory and with surroundings that are thrown away."""
    chosen = [attack for attack in ATTACKS if attack.control is Control.LIMITS_ONLY]
    with Surroundings() as surroundings:
        runner = SandboxTestRunner(strongest=Level.LIMITS, sandboxes=2)

        def fires(attack: Attack) -> str | None:
            sources = surroundings.filled([attack.answer, *attack.then])
            planted = (surroundings.planted,)
            for source in sources:
                played = play(runner, attack.target, source, _GENEROUS)
                if gains(attack.target, played, planted):
                    return None
            cells = [cell.error for cell in played.report.cells if cell.error]
            return f"{attack.name}: {cells}"

        try:
            with ThreadPoolExecutor(2) as pool:
                quiet = [each for each in pool.map(fires, chosen) if each]
        finally:
            runner.close()
            _remove_marks()
    assert quiet == []


def _remove_marks() -> None:
    """Remove what attacks could write where nothing kept them from it."""
    for place in map(Path, ("/tmp", "/var/tmp", "/dev/shm")):
        for path in place.glob("left-by-attack*"):
            with suppress(PermissionError):  # of another user's run
                path.unlink(missing_ok=True)


def test_what_is_rendered_would_be_active(surroundings: Surroundings) -> None:
    """Shown as they came, these texts have what a browser, a terminal or a database trips over."""
    harmful = ("<script", "onerror", "\x1b", "\0", "\\ud800", "\\udfff", "\u202e", "\x08", "nan")
    for attack in rendering.ATTACKS:
        text = attack.answer.encode().decode("unicode_escape", "replace")
        assert any(each in attack.answer or each in text for each in harmful) or (
            "range(256)" in attack.answer
        ), attack.name
