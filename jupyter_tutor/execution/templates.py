"""Template processes: warm interpreters that fork a sandbox for every run."""

import logging
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from jupyter_tutor.execution.inside import wire
from jupyter_tutor.execution.inside.sweeping import sweep
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runs import Birth, RunRequest, request_run
from jupyter_tutor.execution.usage import Usage, descendants, resident_mb
from jupyter_tutor.execution.visible import hidden_paths, visible_paths

log = logging.getLogger(__name__)

_LAUNCHER: Final = Path(__file__).parent / "inside" / "launch.py"
_SINGLE_THREADED: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_NOBODY: Final = 65_533  # of no account, so that nothing else runs as it
_END_SECONDS: Final = 3.0
_MOST_LOG: Final = 1_000


class TemplateFailed(Exception):
    """A template could not be started; the text says why."""


class Template:
    """A template process. Its methods may be called from several threads.

    Attributes:
        level: The isolation of its runs.
        missing: Packages that were asked for and could not be imported.
        started: When it was started, on the monotonic clock.
        runs: How many runs it has forked.
        idle: What its runs use before they do anything; None before the first.
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
        self.idle: Usage | None = None
        self._turn = threading.Lock()
        self._last_words = ""
        try:
            # Not in the directory, which the warden removes before anybody could read it.
            self._output = tempfile.TemporaryFile(dir=parent)  # noqa: SIM115 - closed by `close`
            self._directory = Path(tempfile.mkdtemp(prefix="tutor-", dir=parent))
        except OSError as error:
            raise TemplateFailed(str(error)) from error
        self._control, theirs = socket.socketpair()
        user = _NOBODY if as_nobody and os.geteuid() == 0 else os.geteuid()
        try:
            with theirs:
                self._process = self._start(theirs, user)
            self._control.settimeout(seconds)
            answer = self._configure(packages, user)
        except (OSError, wire.Broken) as error:
            self.close()
            raise TemplateFailed(f"{error}. {self.log_text()}".strip()) from error
        if answer[0] != "ready":
            self.close()
            raise TemplateFailed(str(answer[1]))
        self.missing: tuple[str, ...] = tuple(answer[2])

    def _start(self, theirs: socket.socket, user: int) -> "subprocess.Popen[bytes]":
        (self._directory / "room").mkdir()
        scratch = self._directory / "scratch"
        scratch.mkdir(mode=0o700)
        if user != os.geteuid():
            os.chown(scratch, user, user)
            self._directory.chmod(0o711)  # else it could not be reached
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
            stderr=self._output,
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

    def _configure(self, packages: Sequence[str], user: int) -> wire.Message:
        options = {
            "level": self.level.value,
            "visible": visible_paths(),
            "hidden": hidden_paths(),
            "directory": str(self._directory),
            "scratch": str(self._directory / "scratch"),
            "place": str(self._directory / "room"),
            "user": user,
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
        """Return the end of what it wrote to its standard error, also when it has ended."""
        with suppress(ValueError, OSError):  # it is closed, maybe just now
            file = self._output.fileno()
            start = max(os.fstat(file).st_size - _MOST_LOG, 0)
            self._last_words = os.pread(file, _MOST_LOG, start).decode("utf-8", "replace")
        return self._last_words

    def ask_run(self, request: RunRequest, doors: Sequence[int] = ()) -> Birth:
        """Ask for a run; see `request_run`."""
        self.runs += 1
        return request_run(self._control, self._turn, request, doors)

    def close(self) -> None:
        """End it and all of its runs. May be repeated."""
        self._control.close()
        process = getattr(self, "_process", None)
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("a warden did not end its template in time")
                process.kill()
                process.wait()
        self.log_text()
        self._output.close()
        sweep(str(self._directory))
