"""Looks at everything that running answers needs, for `jupyter tutor doctor`."""

import importlib.util
import os
import platform
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jupyter_tutor import __version__
from jupyter_tutor.bootstrap.administering import administration
from jupyter_tutor.bootstrap.advice import remedies, switches
from jupyter_tutor.bootstrap.capacity import available_mb, concurrency, processors, sandboxes
from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import TutorError
from jupyter_tutor.domain.exercises import CallCase, TestCase
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.values import literal
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.execution.cgroups import find_groups
from jupyter_tutor.execution.levels import Isolation, Level
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.templates import Template, TemplateFailed
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.database import Database

_ANSWER = RunPlan(
    (),
    (CellSource("answer", "def double(x):\n    return 2 * x"),),
    (TestCase("canary", CallCase("double(21)", literal("42") or {})),),
)


class State(StrEnum):
    """How something is: `BAD` keeps answers from being run."""

    GOOD = "ok"
    WEAK = "weak"
    BAD = "BAD"
    FACT = "-"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        state: How it is.
        topic: What was looked at.
        text: What was found.
        advice: What to do about it.
    """

    state: State
    topic: str
    text: str
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found."""

    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        """Whether answers can be run and graded."""
        return all(finding.state is not State.BAD for finding in self.findings)

    def text(self) -> str:
        """Return it for people."""
        width = max(len(finding.topic) for finding in self.findings)
        lines = []
        for finding in self.findings:
            lines.append(f"{finding.state.value:>4}  {finding.topic:<{width}}  {finding.text}")
            lines += [f"{'':{width + 8}}-> {each}" for each in finding.advice]
        verdict = "Answers can be run here." if self.healthy else "Answers can't be run here."
        return "\n".join([*lines, "", verdict])


def examine(settings: Settings) -> Report:
    """Look at everything; takes a few seconds, and starts the embedded database if that is used."""
    import_jsonschema()
    return Report((*_machine(settings), *_engine(settings), *_database(settings)))


def _machine(settings: Settings) -> Iterator[Finding]:
    python = f"Python {platform.python_version()}, {platform.system()} {platform.release()}"
    yield Finding(State.FACT, "version", f"Jupyter Tutor {__version__}, {python}")
    where = "a classroom" if settings.classroom else "a laptop"
    accepted = f"{where}: answers run with {settings.weakest_isolation!r} or stronger"
    yield Finding(State.FACT, "mode", accepted)
    yield Finding(
        State.FACT,
        "capacity",
        f"{sandboxes(settings)} sandboxes at a time, of them {concurrency(settings)} for a worker "
        f"({processors()} processors, {available_mb():,} MB free)",
    )
    kernel = [f"{name.replace('/', '.')}={value}" for name, value in switches().items()]
    if kernel:
        yield Finding(State.FACT, "kernel", ", ".join(kernel))
    masked = _masked()
    if masked:
        yield Finding(State.FACT, "/proc", f"partly masked, as containers do: {', '.join(masked)}")
    yield _groups()
    yield _bytecode()


def _masked(mounts: Path = Path("/proc/self/mountinfo")) -> list[str]:
    """Return what is mounted over parts of /proc: the kernel then allows no fresh one."""
    try:
        places = [line.split()[4] for line in mounts.read_text().splitlines()]
    except (OSError, IndexError):
        return []
    return sorted({place for place in places if place.startswith("/proc/")})


def _groups() -> Finding:
    groups = find_groups()
    if groups is None:
        return Finding(
            State.WEAK,
            "cgroups",
            "not delegated: memory and processes are watched from outside instead",
            ("Delegate a subtree, such as by Delegate=yes in the systemd unit of the worker.",),
        )
    version = 2 if groups.unified else 1
    return Finding(State.GOOD, "cgroups", f"memory and processes are limited (version {version})")


def _bytecode() -> Finding:
    """Say whether templates find compiled modules: without them each takes longer to start."""
    inside = Path(__file__).parents[1] / "execution" / "inside"
    sources = [path for path in inside.glob("*.py") if path.name != "launch.py"]
    missing = [
        path for path in sources if not Path(importlib.util.cache_from_source(str(path))).exists()
    ]
    if not missing:
        return Finding(State.GOOD, "bytecode", "compiled modules are there")
    compileall = f"{sys.executable} -m compileall {inside.parents[1]}"
    advice = [f"Run once, as whoever owns the installation: {compileall}"]
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        advice.append("Unset PYTHONDONTWRITEBYTECODE.")
    text = f"{len(missing)} of {len(sources)} modules are not compiled: templates start slowly"
    return Finding(State.WEAK, "bytecode", text, tuple(advice))


def _engine(settings: Settings) -> Iterator[Finding]:
    """Start a template at the strongest level that works, and run an answer in it, twice."""
    runner = SandboxTestRunner(sandboxes=1)
    try:
        begun = time.monotonic()
        isolation = runner.supply.isolation
        started = time.monotonic() - begun
        yield isolation_finding(isolation, settings)
        yield _user(isolation.level)
        yield Finding(State.FACT, "template", f"started in {started:.2f} s")
        yield _canary(runner)
    except TutorError as error:
        yield Finding(State.BAD, "isolation", error.message, tuple(remedies()))
    finally:
        runner.close()


def isolation_finding(isolation: Isolation, settings: Settings) -> Finding:
    """Say which level is in force, why it is not stronger, and whether that is enough here."""
    order = list(Level)
    enough = order.index(isolation.level) <= order.index(Level(settings.weakest_isolation))
    best = isolation.level is order[0]
    state = State.BAD if not enough else State.GOOD if best else State.WEAK
    text = f"{isolation.level.value!r} is in force"
    if not enough:
        text = (
            f"{isolation.level.value!r} is the strongest that can be had, and "
            f"{settings.weakest_isolation!r} is asked for: nothing is graded"
        )
    why = tuple(f"no {level.value!r}: {reason}" for level, reason in isolation.reasons)
    return Finding(state, "isolation", text, (*why, *_advice(isolation.level)))


def _advice(level: Level) -> list[str]:
    if level is Level.NAMESPACES:
        return []
    return remedies(has_landlock=level is Level.LANDLOCK)


def _user(level: Level) -> Finding:
    """Say who runs answers, seen from this machine."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        name = f"user {os.geteuid()}" if hasattr(os, "geteuid") else "this user"
        return Finding(State.GOOD, "user", f"answers run as {name}, who is not root")
    try:
        Template(level, as_nobody=True).close()
    except TemplateFailed as failure:
        return Finding(
            State.WEAK,
            "user",
            f"answers run as root, kept to their sandbox: {failure}",
            ("Give nobody (65534) read access to the Python installation, or do not run as root.",),
        )
    return Finding(State.GOOD, "user", "this is root; answers run as nobody (65534)")


def _canary(runner: SandboxTestRunner) -> Finding:
    took = []
    for _ in range(2):
        begun = time.monotonic()
        report = runner.run(_ANSWER)
        took.append(time.monotonic() - begun)
        (result,) = judge(_ANSWER.tests, report).results
        if result.outcome is not Outcome.PASSED:
            text = f"a right answer was judged {result.outcome.value}: {result.message}"
            return Finding(State.BAD, "canary run", text)
    first, second = (f"{seconds * 1000:.0f} ms" for seconds in took)
    return Finding(State.GOOD, "canary run", f"right, in {first} and then {second}")


def _database(settings: Settings) -> Iterator[Finding]:
    with ExitStack() as stack:
        try:
            database = stack.enter_context(administration(settings))
            revision, wanted = database.revision, schema.expected()
        except TutorError as error:
            yield Finding(State.BAD, "database", error.message)
            return
        where = "embedded" if settings.embedded else database.url
        if revision != wanted:
            text = f"{where}: at revision {revision or 'none'}, this version needs {wanted}"
            # The embedded one is upgraded when the tutor starts.
            state = State.WEAK if settings.embedded else State.BAD
            yield Finding(state, "database", text, (f"Run: {schema.UPGRADE_COMMAND}",))
            return
        yield Finding(State.GOOD, "database", f"{where}: answers, at revision {revision}")
        yield _workers(stack.enter_context(Database(database.full_url)))


def _workers(database: Database) -> Finding:
    with database() as uow:
        levels = uow.jobs.isolations()
        waiting = sum(uow.jobs.lengths().values())
    if not levels:
        advice = ("Start one: jupyter tutor worker (a laptop's server brings its own).",)
        return Finding(State.WEAK, "workers", f"none is alive; {waiting} jobs wait", advice)
    told = ", ".join(sorted(levels))
    return Finding(State.GOOD, "workers", f"{len(levels)} alive ({told}); {waiting} jobs wait")
