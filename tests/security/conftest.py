"""One runner per level and one set of surroundings for all attacks, played in parallel."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import processes_with
from tests.security.playing import Attack, Played, gains, play
from tests.security.surroundings import Surroundings

_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attack: its submissions, in order, and what it gained."""

    played: tuple[Played, ...]
    gained: tuple[str, ...]


Playing = Callable[[Attack, Level], Outcome]


@pytest.fixture(scope="session")
def surroundings() -> Iterator[Surroundings]:
    """What lies around the engines."""
    with Surroundings() as made:
        yield made


class Arena:
    """Plays attacks on runners of each level; all that were collected start at once."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._runners: dict[Level, SandboxTestRunner] = {}
        self._pool = ThreadPoolExecutor(_AT_ONCE)
        self._started: dict[tuple[str, Level], Future[Outcome]] = {}

    def runner(self, level: Level) -> SandboxTestRunner:
        if level not in self._runners:
            self._runners[level] = SandboxTestRunner(strongest=level, sandboxes=_AT_ONCE)
        return self._runners[level]

    def start(self, attack: Attack, level: Level) -> None:
        if (attack.name, level) not in self._started:
            runner = self.runner(level)
            self._started[attack.name, level] = self._pool.submit(self._play, attack, runner)

    def outcome(self, attack: Attack, level: Level) -> Outcome:
        self.start(attack, level)
        return self._started[attack.name, level].result()

    def _play(self, attack: Attack, runner: SandboxTestRunner) -> Outcome:
        names = [test.name for test in attack.target.tests]
        sources = self._surroundings.filled([attack.answer, *attack.then], names)
        played, gained = [], []
        for source in sources:
            submission = play(runner, attack.target, source, attack.limits)
            gained += gains(attack.target, submission, (self._surroundings.planted,))
            played.append(submission)
        for mark in self._surroundings.marks_in(sources):
            gained += [f"process {pid} still runs" for pid in processes_with(mark)]
        return Outcome(tuple(played), tuple(gained))

    def close(self) -> None:
        self._pool.shutdown()
        for runner in self._runners.values():
            runner.close()


@pytest.fixture(scope="session")
def arena(surroundings: Surroundings) -> Iterator[Arena]:
    """Where attacks are played."""
    made = Arena(surroundings)
    yield made
    made.close()


@pytest.fixture(scope="session")
def outcome_of(arena: Arena, request: pytest.FixtureRequest) -> Playing:
    """Plays an attack, or waits for it: all that were collected are under way together."""
    for item in request.session.items:
        given = getattr(item, "callspec", None)
        if given is not None and {"attack", "level"} <= given.params.keys():
            arena.start(given.params["attack"], given.params["level"])
    return arena.outcome


@pytest.fixture(scope="session")
def strongest(arena: Arena) -> SandboxTestRunner:
    """A runner at the strongest level that this system allows."""
    return arena.runner(Level.NAMESPACES)
