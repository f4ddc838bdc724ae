"""Assert cells that authors write: right answers pass them, wrong ones do not.

The cells are in `asserts`, a file for each pair of answers: what nbgrader's and otter's users write
about files, printing, classes, exceptions, generators, introspection and doubles.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from jupyter_tutor.domain.exercises import AssertCell, Limits
from jupyter_tutor.domain.observations import Ending, Observation
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import plan

pytestmark = pytest.mark.kernel

_LIMITS = Limits(wall_seconds=5.0, cpu_seconds=5.0, memory_mb=512)
_TITLE = re.compile(r"^#### (right answer|wrong answer|cell)\n", re.MULTILINE)

Seen = Callable[[str, str], tuple[Observation, ...]]


def _read(path: Path) -> tuple[dict[str, str], list[str]]:
    """Return the two answers of a file by their titles, and its cells."""
    _, *parts = _TITLE.split(path.read_text())
    found = list(zip(parts[::2], parts[1::2], strict=True))
    return dict(found[:2]), [source for title, source in found if title == "cell"]


_ALL = {path.stem: _read(path) for path in sorted(Path(__file__).parent.glob("asserts/*.txt"))}


@pytest.fixture(scope="module")
def seen(runner: SandboxTestRunner) -> Seen:
    """What the cells of a file showed on one of its answers."""

    @cache
    def observe(name: str, which: str) -> tuple[Observation, ...]:
        answers, cells = _ALL[name]
        return runner.run(plan(answers[which], *map(AssertCell, cells), limits=_LIMITS)).tests

    return observe


def _cells() -> list[object]:
    return [
        pytest.param(name, number, id=f"{name} {number}: {source.splitlines()[0][:50]}")
        for name, (_, cells) in _ALL.items()
        for number, source in enumerate(cells)
    ]


def test_there_are_enough() -> None:
    assert sum(len(cells) for _, cells in _ALL.values()) >= 230
    assert all(set(answers) == {"right answer", "wrong answer"} for answers, _ in _ALL.values())


@pytest.mark.parametrize(("name", "number"), _cells())
def test_the_right_answer_passes_and_the_wrong_one_fails(
    name: str, number: int, seen: Seen
) -> None:
    right, wrong = (seen(name, which)[number] for which in ("right answer", "wrong answer"))
    assert right.ending is Ending.COMPLETED, right.error
    assert wrong.ending is Ending.RAISED, wrong
