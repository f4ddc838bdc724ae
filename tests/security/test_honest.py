"""Honest answers that look odd get every point."""

from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from jupyter_tutor.domain.evaluations import Outcome
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.security.conftest import Arena
from tests.security.exercises import EXERCISES, LIMITS
from tests.security.honest import HONEST
from tests.security.playing import Played, play

pytestmark = pytest.mark.kernel

_LEVELS = (Level.NAMESPACES, Level.LANDLOCK)


def _all(runner: SandboxTestRunner) -> dict[str, Played]:
    with ThreadPoolExecutor(2) as pool:
        started: dict[str, Future[Played]] = {
            name: pool.submit(play, runner, EXERCISES[exercise], answer, LIMITS)
            for name, (exercise, answer) in HONEST.items()
        }
        return {name: future.result() for name, future in started.items()}


@pytest.mark.parametrize("level", _LEVELS)
def test_honest_answers_pass(level: Level, arena: Arena) -> None:
    wrong = {
        name: [
            (result.name, result.outcome.value, result.message, result.error)
            for result in played.verdict.results
            if result.outcome is not Outcome.PASSED
        ]
        for name, played in _all(arena.runner(level)).items()
        if not played.verdict.passed
    }
    assert not wrong


@pytest.mark.parametrize("name", EXERCISES)
def test_references_pass(name: str, arena: Arena) -> None:
    exercise = EXERCISES[name]
    played = play(arena.runner(Level.NAMESPACES), exercise, exercise.reference, LIMITS)
    assert played.verdict.passed


def test_there_are_enough() -> None:
    assert len(HONEST) >= 20
