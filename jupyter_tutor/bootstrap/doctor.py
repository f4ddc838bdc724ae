"""Looks at everything that running answers needs, for `jupyter tutor doctor`."""

import importlib.util
import os
import platform
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from jupyter_tutor.bootstrap.administering import administration
from jupyter_tutor.bootstrap.advice import remedies, switches
from jupyter_tutor.bootstrap.capacity import available_mb, concurrency, processors, sandboxes
from jupyter_tutor.bootstrap.findings import Finding, Report, State
from jupyter_tutor.bootstrap.models import model_finding
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
from jupyter_tutor.storage.embedded import EmbeddedPostgres

_ANSWER = RunPlan(
    (),
    (CellSource("answer", "def double(x):\n    return 2 * x"),),
    (TestCase("canary", CallCase("double(21)", literal("42") or {})),),
)
_DELEGATED: Final = (
    "Start the tutor in a delegated scope, or put Delegate=yes into its unit:\n"
    "systemd-run --user --scope -p Delegate=yes jupyter tutor lab"
)
_MEANING: Final = {
    Level.NAMESPACES: "each run has a machine of its own to look at, the strongest of the three",
    Level.LANDLOCK: "each run reaches few files, no network and no other run, the second of three",
    Level.LIMITS: "each run has limits on what it takes and nothing else, the weakest of the three",
}
_SAID: Final = (
    (28, "no user namespace is allowed"),
    (1, "not permitted, by a seccomp profile or another policy"),
    (13, "access denied"),
    (38, "this kernel has none, or a seccomp profile hides it"),
    (95, "switched off at the start of this kernel"),
)
"""Error numbers, and what they mean where a level is tried."""


def examine(settings: Settings) -> Report:
    """Look at everything; takes a few seconds, and starts an embedded database that exists.

    The database is looked at last: it is the only part that may keep somebody waiting.
    """
    import_jsonschema()
    return Report(
        (
            ("This machine", tuple(_machine(settings))),
            ("Isolation of answers", tuple(_engine(settings))),
            ("Language model", (model_finding(settings),)),
            ("Database", tuple(_database(settings))),
        )
    )


def _machine(settings: Settings) -> Iterator[Finding]:
    python = f"Python {platform.python_version()} ({sys.prefix})"
    yield Finding(State.FACT, "system", f"{platform.system()} {platform.release()}, {python}")
    where = "a classroom" if settings.classroom else "a laptop"
    accepted = f"{where}: answers run with {settings.weakest_isolation!r} or stronger"
    yield Finding(State.FACT, "mode", accepted)
    yield Finding(
        State.FACT,
        "capacity",
        f"{sandboxes(settings)} sandboxes at a time, of them {concurrency(settings)} for a worker "
        f"({processors()} processors, {available_mb():,} MB free)",
    )
    yield bytecode_finding()


def bytecode_finding(
    folders: Sequence[Path] = (), environment: Mapping[str, str] = os.environ
) -> Finding:
    """Say whether templates find compiled modules: without them each start takes longer.

    Args:
        folders: Where modules are; by default those that templates import most of.
        environment: The environment of the tutor.
    """
    folders = folders or _imported()
    sources = [path for folder in folders for path in sorted(folder.glob("*.py"))]
    sources = [path for path in sources if path.name != "launch.py"]
    missing = [
        path for path in sources if not Path(importlib.util.cache_from_source(str(path))).exists()
    ]
    never = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    why = ("PYTHONDONTWRITEBYTECODE is set, so that Python compiles at each start anew",)
    unset = ("Unset it where the tutor is started:\nunset PYTHONDONTWRITEBYTECODE",)
    if not missing:
        told = "compiled modules are there"
        if never:
            told += "; PYTHONDONTWRITEBYTECODE is set, so after an update they will be missing"
        return Finding(State.GOOD, "bytecode", told)
    text = f"{len(missing)} of {len(sources)} modules are not compiled: sandboxes start slowly"
    places = " ".join(dict.fromkeys(str(path.parent) for path in missing))
    compiling = (
        f"Compile once, as whoever owns the installation:\n{sys.executable} -m compileall {places}"
    )
    return Finding(
        State.WEAK,
        "bytecode",
        text,
        why if never else (),
        (compiling, *(unset if never else ())),
    )


def _imported() -> list[Path]:
    found = [Path(__file__).parents[1] / "execution" / "inside"]
    for name in ("IPython", "traitlets"):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            found.append(Path(spec.origin).parent)
    return found


def _engine(settings: Settings) -> Iterator[Finding]:
    """Start a template at the strongest level that works, and run an answer in it, twice."""
    runner = SandboxTestRunner(sandboxes=1)
    try:
        begun = time.monotonic()
        isolation = runner.supply.isolation
        started = time.monotonic() - begun
        yield isolation_finding(isolation, settings)
        yield from _kernel()
        yield _user(isolation.level)
        yield _groups()
        yield _canary(runner, started)
    except TutorError as error:
        yield Finding(State.BAD, "level", error.message, advice=tuple(remedies()))
    finally:
        runner.close()


def isolation_finding(isolation: Isolation, settings: Settings) -> Finding:
    """Say which level is in force, why it is not stronger, and whether that is enough here."""
    order = list(Level)
    enough = order.index(isolation.level) <= order.index(Level(settings.weakest_isolation))
    best = isolation.level is order[0]
    state = State.BAD if not enough else State.GOOD if best else State.WEAK
    text = f"{isolation.level.value!r} is in force: {_MEANING[isolation.level]}"
    if not enough:
        text = (
            f"{isolation.level.value!r} is the strongest that can be had, and "
            f"{settings.weakest_isolation!r} is asked for: nothing is graded"
        )
    why = tuple(f"no {level.value!r}: {explained(reason)}" for level, reason in isolation.reasons)
    advice = () if best else tuple(remedies(has_landlock=isolation.level is Level.LANDLOCK))
    return Finding(state, "level", text, why, advice)


def explained(reason: str) -> str:
    """Return what the system said of a level, with what it means."""
    for number, meaning in _SAID:
        if f"[Errno {number}]" in reason:
            return f"{meaning} ({reason})"
    return reason


def _kernel() -> Iterator[Finding]:
    kernel = [f"{name.replace('/', '.')}={value}" for name, value in switches().items()]
    if kernel:
        yield Finding(State.FACT, "kernel", ", ".join(kernel))
    masked = _masked()
    if masked:
        yield Finding(State.FACT, "/proc", f"partly masked, as containers do: {', '.join(masked)}")


def _masked(mounts: Path = Path("/proc/self/mountinfo")) -> list[str]:
    """Return what is mounted over parts of /proc: the kernel then allows no fresh one."""
    try:
        places = [line.split()[4] for line in mounts.read_text().splitlines()]
    except (OSError, IndexError):
        return []
    return sorted({place for place in places if place.startswith("/proc/")})


def _user(level: Level) -> Finding:
    """Say who runs answers, seen from this machine."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        name = f"user {os.geteuid()}" if hasattr(os, "geteuid") else "this user"
        return Finding(State.GOOD, "user", f"answers run as {name}, who is not root")
    try:
        Template(level, as_nobody=True).close()
    except TemplateFailed as failure:
        reason = str(failure)
        closed = f"Do not run as root, or let everybody read it:\nchmod -R o+rX {sys.prefix}"
        bound = "Do not run as root, or give this container more than one user id."
        return Finding(
            State.WEAK,
            "user",
            "answers run as root, kept to their sandbox",
            (f"no ordinary user can be had: {explained(reason)}",),
            (closed if "[Errno 13]" in reason else bound,),
        )
    return Finding(State.GOOD, "user", "this is root; answers run as a user who owns nothing")


def _groups() -> Finding:
    groups = find_groups()
    if groups is None:
        return Finding(
            State.WEAK,
            "cgroups",
            "not delegated: memory and processes are watched from outside, and limited by process",
            advice=(_DELEGATED,),
        )
    version = 2 if groups.unified else 1
    return Finding(
        State.GOOD, "cgroups", f"memory and processes of each run are limited (version {version})"
    )


def _canary(runner: SandboxTestRunner, started: float) -> Finding:
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
    text = f"right, in {first} and then {second}; the template took {started:.2f} s to start"
    return Finding(State.GOOD, "canary run", text)


def _database(settings: Settings) -> Iterator[Finding]:
    """Look at the database; an embedded one that is not there yet is not made."""
    place = settings.data_dir / "postgres"
    if settings.embedded and not (place / "data").is_dir():
        try:
            programs = EmbeddedPostgres(place).bin_dir()
        except TutorError as error:
            yield Finding(State.BAD, "database", error.message)
        else:
            text = f"embedded, not set up yet: the first start makes it, in {place}"
            yield Finding(State.GOOD, "database", text)
            yield Finding(State.FACT, "programs", str(programs))
        return
    with ExitStack() as stack:
        try:
            database = stack.enter_context(administration(settings))
            revision, wanted = database.revision, schema.expected()
        except TutorError as error:
            yield Finding(State.BAD, "database", error.message)
            return
        where = f"embedded, in {place}" if settings.embedded else database.url
        if revision != wanted:
            yield _outdated(where, revision, wanted, embedded=settings.embedded)
            return
        yield Finding(State.GOOD, "database", f"{where}: answers, at revision {revision}")
        yield _workers(stack.enter_context(Database(database.full_url)), settings)


def _outdated(where: str, revision: str | None, wanted: str, *, embedded: bool) -> Finding:
    at = "it has no tables yet" if revision is None else f"it is at revision {revision}"
    if embedded:
        text = f"{where}: {at}; the next start brings it to {wanted}"
        return Finding(State.GOOD, "database", text)
    text = f"{where}: {at}, and this version needs {wanted}; the tutor will not start"
    advice = (f"Back it up if it holds anything, then:\n{schema.UPGRADE_COMMAND}",)
    return Finding(State.BAD, "database", text, advice=advice)


def _workers(database: Database, settings: Settings) -> Finding:
    with database() as uow:
        levels = uow.jobs.isolations()
        waiting = sum(uow.jobs.lengths().values())
    jobs = f"{waiting} job{'' if waiting == 1 else 's'} waiting"
    if levels:
        told = ", ".join(sorted(levels))
        return Finding(State.GOOD, "workers", f"{len(levels)} alive ({told}), {jobs}")
    if settings.embedded:
        return Finding(State.FACT, "workers", f"none now, {jobs}; the server brings its own")
    advice = ("Start one, here or on any machine that reaches the database:\njupyter tutor worker",)
    return Finding(State.WEAK, "workers", f"none is alive, {jobs}", advice=advice)
