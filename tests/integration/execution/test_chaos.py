"""Kills at random moments: a run gives its right report or none, and the next one works."""

import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Self
from uuid import UUID, uuid4

import pytest

from jupyter_tutor.domain.errors import KernelUnavailable, StorageUnavailable
from jupyter_tutor.domain.exercises import AssertCell, CallCase, Limits, Visibility
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.usage import descendants
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.execution.running import left_behind
from tests.integration.server.processes import Home, ended, eventually, home

pytestmark = pytest.mark.kernel

SEED = 7
LONGEST = 0.35
PATIENT = Limits(wall_seconds=20.0, cpu_seconds=20.0, memory_mb=256)
ANSWER = (
    "import time\ntime.sleep(0.03)\n"
    "def f(x):\n    time.sleep(0.02)\n    return 3 * x if x != 2 else 0"
)
TERMINATED = (0, 128 + signal.SIGTERM, -signal.SIGTERM)
"""How a worker ends on SIGTERM: when it works, while it starts, and before it listens to any."""
RIGHT = ["passed", "passed", "failed", "passed"]


def _plan(*, asserted: bool) -> RunPlan:
    """Four tests, public and secret ones in turn, of which the third has to fail."""
    tests = []
    for number in range(4):
        case = CallCase(f"f({number})", expected=encode_plain(3 * number))
        cell = AssertCell(f"assert f({number}) == {3 * number}")
        visibility = Visibility.SECRET if number % 2 else Visibility.PUBLIC
        tests.append(Case(str(number), cell if asserted else case, visibility=visibility))
    return RunPlan((), (CellSource("answer", ANSWER),), tuple(tests), PATIENT)


def _outcomes(runner: SandboxTestRunner, plan: RunPlan) -> list[str]:
    """Run a plan; an assert cell that does not hold counts as failed, however it is called."""
    verdict = judge(plan.tests, runner.run(plan), plan.limits)
    assert verdict.cells == ()
    return [
        "failed"
        if result.outcome is Outcome.ERROR
        and result.error
        and result.error.type == "AssertionError"
        else result.outcome.value
        for result in verdict.results
    ]


def _parents(pid: int) -> list[int]:
    """Return the parents of a process, nearest first, up to this one."""
    found = []
    with suppress(OSError, IndexError):
        while pid not in (0, 1, os.getpid()):
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            found.append(pid)
    return found


def _of_engine(depth: int) -> list[int]:
    """Return processes of the engine so far below this one; a database is below it, too."""
    found = []
    for pid in descendants(os.getpid()):
        with suppress(OSError):
            if b"inside/launch.py" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found += [pid] if len(_parents(pid)) == depth else []
    return found


def _wardens() -> list[int]:
    return _of_engine(1)


def _templates() -> list[int]:
    return _of_engine(2)


def _runs() -> list[int]:
    """The first processes of runs, in the order they were started."""
    return sorted(_of_engine(3))


def _answers() -> list[int]:
    return _runs()[:1]


def _oracles() -> list[int]:
    return _runs()[1:2]


class _Killer:
    """Kills one process, some time after it was asked to."""

    def __init__(self, victims: Callable[[], Sequence[int]], delay: float) -> None:
        self._victims, self._delay = victims, delay
        self._thread = threading.Thread(target=self._work)
        self.killed = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _work(self) -> None:
        time.sleep(self._delay)
        deadline = time.monotonic() + 0.1
        while not self.killed and time.monotonic() < deadline:
            for victim in list(self._victims())[:1]:
                with suppress(ProcessLookupError):
                    os.kill(victim, signal.SIGKILL)
                    self.killed = True


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Where the runner's files are."""
    with tempfile.TemporaryDirectory(prefix="runs-") as name:
        yield Path(name)


@pytest.mark.parametrize(
    ("victims", "rounds", "asserted"),
    [
        (_wardens, 2, False),
        (_templates, 2, False),
        (_templates, 2, True),
        (_answers, 4, False),
        (_answers, 4, True),
        (_oracles, 4, True),
    ],
)
def test_a_kill_gives_the_right_report_or_none(
    place: Path, victims: Callable[[], Sequence[int]], rounds: int, asserted: bool
) -> None:
    chance = random.Random(f"{SEED} {victims.__name__} {asserted}")
    runner = SandboxTestRunner(directory=place)
    plan = _plan(asserted=asserted)
    killed = 0
    try:
        assert _outcomes(runner, plan) == RIGHT
        for _ in range(rounds):
            killer = _Killer(victims, chance.uniform(0, LONGEST))
            with killer, suppress(KernelUnavailable):
                assert _outcomes(runner, plan) == RIGHT
            killed += killer.killed
            assert _outcomes(runner, plan) == RIGHT, "the next run does not work"
    finally:
        runner.close()
    assert killed, "nothing was killed"
    assert left_behind(place) == []


def test_a_sandbox_that_ends_itself_has_failed_its_test(place: Path) -> None:
    """A death is doubted once; a test that dies each time has failed, and the others go on."""
    runner = SandboxTestRunner(directory=place)
    answer = "import os\ndef f(x):\n    return os._exit(1) if x == 2 else 3 * x"
    for asserted in (False, True):
        plan = replace(_plan(asserted=asserted), cells=(CellSource("answer", answer),))
        assert _outcomes(runner, plan) == ["passed", "passed", "error", "passed"]
    runner.close()
    assert left_behind(place) == []


def test_an_oracle_that_ends_each_time_is_nobodys_fault(place: Path) -> None:
    runner = SandboxTestRunner(directory=place)
    ending = (Case("ending", AssertCell("import os\nos._exit(0)")),)
    with pytest.raises(KernelUnavailable):
        runner.run(replace(_plan(asserted=True), tests=ending))
    runner.close()
    assert left_behind(place) == []


SLEEPS = "import time\ndef double(x):\n    time.sleep(0.3)\n    return {}"
ANSWERS = (("2 * x", 1.0), ("2 * abs(x)", 0.5))
LEARNERS = ("ada", "ben", "cleo", "dan")


@pytest.mark.postgres
def test_whatever_is_killed_a_submission_is_graded_once() -> None:
    """Workers, their templates and sandboxes, and PostgreSQL are killed while they grade."""
    chance = random.Random(SEED)
    worker = ("-m", "jupyter_tutor.cli", "worker")
    with home() as place, place.postgres as embedded:
        schema.upgrade(embedded.url)
        with Database(embedded.url, revive=embedded.ensure_running) as database:
            small_course.publish(database)
            expected = dict(_handed_in(database))
            workers = [place.start(*worker), place.start(*worker)]

            def count(status: GradingStatus) -> int:
                return _statuses(database, expected)[status]

            eventually(lambda: count(GradingStatus.RUNNING), "grading begins")
            for kind in chance.sample(["worker", "template", "sandbox", "postgres"], 4):
                time.sleep(chance.uniform(0.2, 0.8))
                if kind == "worker":
                    workers[0].kill()
                    workers[0].wait()
                    workers[0] = place.start(*worker)
                elif kind == "postgres":
                    _kill_postgres(place)
                else:
                    _kill_below(workers[1].pid, 2 if kind == "template" else 3)
            eventually(lambda: count(GradingStatus.GRADED) == len(expected), "all are graded")
            with database() as uow:
                for submission, score in expected.items():
                    (evaluation,) = uow.submissions.submission(submission).evaluations
                    assert evaluation.score == pytest.approx(score)
            for process in workers:
                assert ended(process, signal.SIGTERM) in TERMINATED, place.log


@pytest.mark.postgres
def test_a_worker_that_is_alone_starts_its_database_again() -> None:
    """PostgreSQL is killed while answers wait and run, and nobody but a worker could notice."""
    chance = random.Random(SEED)
    with home() as place:
        with place.postgres as embedded:
            schema.upgrade(embedded.url)
            with Database(embedded.url) as database:
                small_course.publish(database)
                expected = dict(_handed_in(database))
            worker = place.start("-m", "jupyter_tutor.cli", "worker")
            eventually(lambda: "the worker starts" in place.log, "the worker has attached")
        for _ in range(2):
            eventually(place.postgres.is_running, "the database is there")
            time.sleep(chance.uniform(0.3, 0.9))
            _kill_postgres(place)
        eventually(place.postgres.is_running, "the worker has started the database again")
        with place.postgres as embedded, Database(embedded.url) as database:
            eventually(
                lambda: _statuses(database, expected)[GradingStatus.GRADED] == len(expected),
                "all are graded",
            )
            with database() as uow:
                for submission, score in expected.items():
                    (evaluation,) = uow.submissions.submission(submission).evaluations
                    assert evaluation.score == pytest.approx(score)
            assert ended(worker, signal.SIGTERM) == 0, place.log
        eventually(lambda: not place.left(), "nothing is left")
        assert "Traceback" not in place.log


def _handed_in(database: Database) -> Iterator[tuple[UUID, float]]:
    """Hand in a right and a half right answer for each learner; yield what each is to score."""
    access = Access(database, open_enrollment=True)
    service = SubmissionService(database, access)
    for name in LEARNERS:
        person, _ = access.recognise(Identity("local", name, name))
        for text, score in ANSWERS:
            request = Request(person.id, small_course.COURSE, "double", uuid4().hex)
            answer = small_course.answer(SLEEPS.format(text))
            yield service.submit(request, answer, None).id, score


def _kill_postgres(place: Home) -> None:
    (pid_file,) = place.directory.rglob("postmaster.pid")
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)


def _statuses(database: Database, submissions: Iterable[UUID]) -> Counter[GradingStatus]:
    """Count submissions by status; none while the database is away, which is started by that."""
    with suppress(StorageUnavailable), database() as uow:
        return Counter(uow.submissions.submission(each).status for each in submissions)
    return Counter()


def _kill_below(worker: int, generation: int) -> None:
    """Kill one process that a worker started, so many generations below it, if there is one."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        for pid in _below(worker, generation)[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                return


def _below(pid: int, generation: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for _ in range(generation):
            found = [
                int(child)
                for pid in found
                for listing in Path(f"/proc/{pid}/task").glob("*/children")
                for child in listing.read_text().split()
            ]
    return found
