"""Runs: what is asked of a template, how a run is born, and the first process of one."""

import logging
import os
import re
import select
import signal
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.execution.cgroups import Group, close_doors
from jupyter_tutor.execution.inside import wire
from jupyter_tutor.execution.usage import Usage, read_text

log = logging.getLogger(__name__)

_NO_SANDBOX: Final = "No sandbox could be started; try again."
_PID: Final = re.compile(r"^Pid:\s+(-?[0-9]+)$", re.MULTILINE)
BIRTH_SECONDS: Final = 20.0


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
        idle: What it uses before it has done anything.
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
        self.idle = Usage()
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


class Birth:
    """A run that was asked for, until it is ready.

    Attributes:
        held: Whether it is in its control group, once it is ready.
    """

    def __init__(self, end: socket.socket, doors: Sequence[int]) -> None:
        """Create one.

        Args:
            end: The engine's end of the conversation with the run.
            doors: Descriptors by which it enters its control group, closed here.
        """
        self.held = False
        self._end = end
        self._doors = doors
        self._process: RunProcess | None = None
        self._ready = False

    def fileno(self) -> int:
        """Return the descriptor that can be read when there is something to hear."""
        return self._end.fileno()

    def hear(self, seconds: float = BIRTH_SECONDS) -> RunProcess | None:
        """Take the next of what the run and who forked it tell, in whichever order they do.

        Args:
            seconds: How long to wait for it.

        Returns:
            The run when it is confined and ready, else None: there is more to come.

        Raises:
            KernelUnavailable: The template is gone or could not do it; nothing is left.
        """
        try:
            self._end.settimeout(seconds)
            message, handles = wire.receive_with_descriptors(self._end, 1)
            self._take(message, handles)
            if self._process is None or not self._ready:
                return None
            self.held = self.held or self._hold(self._process.pid)
        except BaseException as error:
            self.give_up()
            if isinstance(error, OSError | wire.Broken):
                raise KernelUnavailable(_NO_SANDBOX) from error
            raise
        self._close_doors()
        return self._process

    def _take(self, message: wire.Message, handles: Sequence[int]) -> None:
        match message:
            case ["born", int(pid)]:
                handle = handles[0] if handles else None
                pid = pid if handle is None else _pid_behind(handle)
                self._process = RunProcess(self._end, handle, pid)
            case ["ready", bool(held)]:
                self._ready, self.held = True, held
            case _:
                log.error("a sandbox could not be confined: %s", message[-1])
                raise wire.Broken(str(message[-1]))

    def _hold(self, pid: int) -> bool:
        """Put a run into its control group from outside, where it could not enter by itself."""
        try:
            for door in self._doors:
                os.write(door, str(pid).encode())
        except OSError as error:
            log.warning("a control group could not be used: %s", error)
            return False
        return bool(self._doors)

    def give_up(self) -> None:
        """End the run, however far it has come."""
        if self._process is not None:
            self._process.close()
        self._end.close()  # who finds that when it is ready ends by itself
        self._close_doors()

    def _close_doors(self) -> None:
        doors, self._doors = self._doors, ()
        close_doors(doors)


def request_run(
    control: socket.socket,
    turn: threading.Lock,
    request: RunRequest,
    doors: Sequence[int] = (),
) -> Birth:
    """Ask a template for a run.

    Args:
        control: The engine's end of the conversation with the template.
        turn: Held while it is written to.
        request: What is asked.
        doors: Descriptors by which the run enters its control group first; they are closed, also
            when this fails.

    Raises:
        InvalidInput: The path of a file leads out of the working directory.
        KernelUnavailable: The template is gone or could not do it.
    """
    ours, theirs = socket.socketpair()
    birth = Birth(ours, doors)
    try:
        options = {
            "quota": _plain(request.quota),
            "files": _contents(request.files),
            "role": request.role.value,
            "connection": request.connection,
            "doors": len(doors),
        }
        given = [theirs.fileno(), *(link.fileno() for link in request.links), *doors]
        with turn:
            wire.send_with_descriptors(control, ["run", options], given)
    except BaseException as error:
        birth.give_up()
        if isinstance(error, OSError):
            raise KernelUnavailable(_NO_SANDBOX) from error
        raise
    finally:
        theirs.close()
    return birth


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
    found = _PID.search(read_text(f"/proc/self/fdinfo/{handle}"))
    return max(int(found[1]), 0) if found else 0
