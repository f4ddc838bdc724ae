"""Template processes: warm interpreters that fork a sandbox for every run."""

import logging
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final

from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.execution.cgroups import Group
from jupyter_tutor.execution.inside import wire
from jupyter_tutor.execution.inside.sweeping import sweep
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.usage import descendants, resident_mb
from jupyter_tutor.execution.visible import hidden_paths, visible_paths

log = logging.getLogger(__name__)

_LAUNCHER: Final = Path(__file__).parent / "inside" / "launch.py"
_SINGLE_THREADED: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_NOBODY: Final = 65_533  # of no account, so that nothing else runs as it
_BIRTH_SECONDS: Final = 20.0
_END_SECONDS: Final = 3.0


class TemplateFailed(Exception):
    """A template could not be started; the text says why."""


class Role(StrEnum):
    """What a sandbox is for."""

    ANSWER = "answer"
    ORACLE = "oracle"
    KERNEL = "kernel"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Quota:
    """What the kernel of the operating system holds a run to.

    Attributes:
        memory_mb: Growth of the address space, MiB.
        cpu_seconds: Processor time of each of its processes.
        tasks: Processes and threads.
        scratch_mb: What it may write to files, MiB.
    """

    memory_mb: int
    cpu_seconds: int
    tasks: int
    scratch_mb: int = 64


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What is asked of a template.

    Attributes:
        quota: What the run may use.
        files: Files for its working directory.
        role: What it is there for.
        links: Sockets for it: its end of a conversation with another run, or those that a kernel
            listens at.
        connection: For a kernel: how to connect to it, in the form of a connection file.
    """

    quota: Quota
    files: tuple[DataFile, ...] = ()
    role: Role = Role.ANSWER
    links: tuple[socket.socket, ...] = ()
    connection: Mapping[str, object] | None = None


class RunProcess:
    """The first process of a run, under a template.

    Attributes:
        end: The engine's end of the conversation with it.
        pid: Its process id as the engine sees it.
        group: The control group it is held in, where there is one.
        on_close: Called once when it has been ended.
    """

    def __init__(self, end: socket.socket, handle: int | None, pid: int) -> None:
        """Create one.

        Args:
            end: The engine's end of the conversation with it.
            handle: A descriptor of the process, which is closed with this; None where the system
                has no such thing, and the process leads a group of its own.
            pid: Its process id as the engine sees it.
        """
        self.end = end
        self.pid = pid
        self.group: Group | None = None
        self.on_close: Callable[[], None] | None = None
        self._handle = handle
        self._closed = False
        self._turn = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        with self._turn:
            if self._closed:
                return False
            if self._handle is not None:
                return not select.select([self._handle], [], [], 0)[0]
            with suppress(ProcessLookupError):
                os.kill(self.pid, 0)
                return True
            return False

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether the operating system ended one of its processes for the memory it took."""
        return self.group is not None and self.group.ran_out_of_memory

    def signal(self, number: int) -> None:
        """Send it a signal; nothing happens when it has ended."""
        with self._turn, suppress(ProcessLookupError, PermissionError):
            if self._closed:
                return
            if self._handle is not None:
                signal.pidfd_send_signal(self._handle, number)
            else:
                os.killpg(self.pid, number)

    def close(self) -> None:
        """End the run, with everything it started. May be repeated."""
        self.signal(signal.SIGKILL)
        self.end.close()
        with self._turn:
            if self._closed:
                return
            self._closed = True
            if self._handle is not None:
                os.close(self._handle)
        if self.on_close is not None:
            self.on_close()


def request_run(control: socket.socket, turn: threading.Lock, request: RunRequest) -> RunProcess:
    """Have a template fork a run, and wait until it is confined.

    Args:
        control: The engine's end of the conversation with the template.
        turn: Held while it is written to.
        request: What is asked.

    Raises:
        InvalidInput: The path of a file leads out of the working directory.
        KernelUnavailable: The template is gone or could not do it.
    """
    options = {
        "quota": _plain(request.quota),
        "files": _contents(request.files),
        "role": request.role.value,
        "connection": request.connection,
    }
    ours, theirs = socket.socketpair()
    try:
        given = [theirs.fileno(), *(link.fileno() for link in request.links)]
        with theirs, turn:
            wire.send_with_descriptors(control, ["run", options], given)
        return _born(ours)
    except (OSError, wire.Broken) as error:
        ours.close()
        raise KernelUnavailable("No sandbox could be started; try again.") from error


def _born(ours: socket.socket) -> RunProcess:
    """Wait for what the run and who forked it tell, in whichever order they do."""
    ours.settimeout(_BIRTH_SECONDS)
    process, ready = None, False
    try:
        while process is None or not ready:
            message, handles = wire.receive_with_descriptors(ours, 1)
            if message[0] == "born":
                handle = handles[0] if handles else None
                pid = _pid_behind(handle) if handle is not None else int(message[1])
                process = RunProcess(ours, handle, pid)
            elif message[0] == "ready":
                ready = True
            else:
                log.error("a sandbox could not be confined: %s", message[-1])
                raise wire.Broken(str(message[-1]))
    except BaseException:
        if process is not None:
            process.close()
        raise
    return process


class Template:
    """A template process. Its methods may be called from several threads.

    Attributes:
        level: The isolation of its runs.
        missing: Packages that were asked for and could not be imported.
        started: When it was started, on the monotonic clock.
        runs: How many runs it has forked.
    """

    def __init__(
        self,
        level: Level,
        packages: Sequence[str] = (),
        *,
        parent: Path | None = None,
        seconds: float = 60.0,
        as_nobody: bool = True,
    ) -> None:
        """Start one and wait until it is ready.

        Args:
            level: The isolation of its runs.
            packages: What it imports beforehand.
            parent: Where its directory is made; None means the system's temporary directory.
            seconds: How long it may take.
            as_nobody: Whether runs are an ordinary user's when this process is root's.

        Raises:
            TemplateFailed: It did not become ready.
        """
        self.level = level
        self.started = time.monotonic()
        self.runs = 0
        self._turn = threading.Lock()
        try:
            self._directory = Path(tempfile.mkdtemp(prefix="tutor-", dir=parent))
        except OSError as error:
            raise TemplateFailed(str(error)) from error
        self._control, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = self._start(theirs)
            self._control.settimeout(seconds)
            answer = self._configure(packages, as_nobody)
        except (OSError, wire.Broken) as error:
            self.close()
            raise TemplateFailed(f"{error}. {self.log_text()}".strip()) from error
        if answer[0] != "ready":
            self.close()
            raise TemplateFailed(str(answer[1]))
        self.missing: tuple[str, ...] = tuple(answer[2])

    def _start(self, theirs: socket.socket) -> "subprocess.Popen[bytes]":
        for name in ("room", "scratch"):
            (self._directory / name).mkdir(mode=0o777)
        (self._directory / "scratch").chmod(0o777)
        with (self._directory / "log").open("wb") as output:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    str(_LAUNCHER),
                    str(theirs.fileno()),
                    str(self._directory),  # only for who looks at the list of processes
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=output,
                env=self._environment(),
                cwd="/",
                start_new_session=True,
                pass_fds=[theirs.fileno()],
            )

    def _environment(self) -> dict[str, str]:
        isolated = self.level is Level.NAMESPACES
        scratch = "/tmp" if isolated else str(self._directory / "scratch")  # noqa: S108
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": f"{scratch}/home" if isolated else scratch,
            "TMPDIR": scratch,
            "LANG": "C.UTF-8",
            "PYTHONHASHSEED": "0",
            "MPLBACKEND": "Agg",
            **dict.fromkeys(_SINGLE_THREADED, "1"),
        }

    def _configure(self, packages: Sequence[str], as_nobody: bool) -> wire.Message:
        root = os.geteuid() == 0
        options = {
            "level": self.level.value,
            "visible": visible_paths(),
            "hidden": hidden_paths(),
            "directory": str(self._directory),
            "scratch": str(self._directory / "scratch"),
            "place": str(self._directory / "room"),
            "user": _NOBODY if root and as_nobody else os.geteuid(),
            "packages": list(packages),
        }
        conversation = wire.Wire(self._control)
        conversation.send(["configure", options])
        return conversation.receive()

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of its warden."""
        return self._process.pid

    @property
    def memory_mb(self) -> float:
        """The resident memory of the template itself, MiB; 0 when it has ended."""
        return resident_mb(next(descendants(self.pid), 0))

    def log_text(self) -> str:
        """Return the end of what it wrote to its standard error."""
        try:
            return (self._directory / "log").read_text(errors="replace")[-1_000:]
        except OSError:
            return ""

    def open_run(self, request: RunRequest) -> RunProcess:
        """Fork a run and wait until it is confined.

        Raises:
            InvalidInput: The path of a file leads out of the working directory.
            KernelUnavailable: The template is gone or could not do it.
        """
        self.runs += 1
        return request_run(self._control, self._turn, request)

    def close(self) -> None:
        """End it and all of its runs. May be repeated."""
        self._control.close()
        process = getattr(self, "_process", None)
        if process is None or process.stdin is None:
            sweep(str(self._directory))
            return
        process.stdin.close()
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            log.warning("a warden did not end its template in time")
            process.kill()
            process.wait()
        sweep(str(self._directory))


def _plain(quota: Quota) -> dict[str, int]:
    return {name: getattr(quota, name) for name in Quota.__slots__}


def _contents(files: Sequence[DataFile]) -> dict[str, str]:
    for file in files:
        path = PurePosixPath(file.path)
        if path.is_absolute() or ".." in path.parts or "\\" in file.path or not path.parts:
            raise InvalidInput(f"The data file {file.path!r} is outside the lesson's folder.")
    return {file.path: file.content.hex() for file in files}


def _pid_behind(handle: int) -> int:
    """Return the process id behind a descriptor, in the engine's view; 0 when it has ended."""
    text = Path(f"/proc/self/fdinfo/{handle}").read_text()
    (line,) = (line for line in text.splitlines() if line.startswith("Pid:"))
    return max(int(line.split()[1]), 0)
