"""Fresh kernel processes: each in a directory and a session of its own, under a warden.

The environment of a kernel is made from nothing; what the server knows in its own stays there.
"""

import json
import logging
import os
import secrets
import select
import signal
import site
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path, PurePosixPath

from jupyter_client.connect import KernelConnectionInfo

from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.execution.inside.sweeping import sweep
from jupyter_tutor.execution.usage import descendants

_LAUNCHER = Path(__file__).parent / "inside" / "launch.py"
_SINGLE_THREADED = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_LONGEST_SOCKET = 100
_END_SECONDS = 3.0

log = logging.getLogger(__name__)


def kernel_environment(directory: Path) -> dict[str, str]:
    """Return the whole environment of a kernel that lives in a directory."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(directory / "home"),
        "TMPDIR": str(directory / "tmp"),
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        **dict.fromkeys(_SINGLE_THREADED, "1"),
    }
    if site.ENABLE_USER_SITE and site.getusersitepackages() in sys.path:
        environment["PYTHONUSERBASE"] = site.getuserbase()
    return environment


class KernelProcess:
    """A fresh kernel process.

    Attributes:
        connection: How to connect to it, in the form of a connection file.
        pid: The kernel's process id, once `wait_until_ready` has returned.
    """

    def __init__(self, parent: Path | None = None) -> None:
        """Start one; it is not ready yet.

        Args:
            parent: Where its directory is made; None means the system's temporary directory.

        Raises:
            KernelUnavailable: The operating system did not let us.
        """
        self.pid = 0
        self._ended = threading.Lock()
        try:
            self._directory = Path(tempfile.mkdtemp(prefix="tutor-", dir=parent))
            try:
                for name in ("home", "tmp", "work"):
                    (self._directory / name).mkdir()
                self.connection = self._connect_by_files()
                self._start()
            except OSError:
                sweep(str(self._directory))
                raise
        except OSError as error:
            log.exception("no kernel could be started")
            raise KernelUnavailable("No kernel could be started; try again in a moment.") from error

    def _connect_by_files(self) -> KernelConnectionInfo:
        prefix = str(self._directory / "k")
        if len(prefix) > _LONGEST_SOCKET:
            raise OSError(f"the path of the temporary directory is too long for sockets: {prefix}")
        return {
            "transport": "ipc",
            "ip": prefix,
            "key": secrets.token_hex(16),
            "signature_scheme": "hmac-sha256",
            "shell_port": 1,
            "iopub_port": 2,
            "stdin_port": 3,
            "control_port": 4,
            "hb_port": 5,
        }

    def _start(self) -> None:
        connection_file = self._directory / "connection.json"
        connection_file.write_text(json.dumps(self.connection))
        self._ready, writing = os.pipe()
        command = [sys.executable, "-P", str(_LAUNCHER), str(connection_file)]
        try:
            with (self._directory / "start.log").open("wb") as start_log:
                self._warden = subprocess.Popen(
                    [*command, str(self._directory), str(writing)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=start_log,
                    env=kernel_environment(self._directory),
                    cwd=self._directory / "work",
                    start_new_session=True,
                    pass_fds=[writing],
                )
        except OSError:
            os.close(self._ready)
            raise
        finally:
            os.close(writing)

    @property
    def warden(self) -> int:
        """The process id of the warden."""
        return self._warden.pid

    @property
    def alive(self) -> bool:
        """Whether the kernel has not ended yet."""
        return self._warden.poll() is None

    @property
    def work(self) -> Path:
        """The kernel's working directory."""
        return self._directory / "work"

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the kernel can be connected to.

        Raises:
            KernelUnavailable: It ended, or was not ready in time; it is ended then.
        """
        if self.pid:
            return
        deadline = time.monotonic() + seconds
        text = b""
        while not text.endswith(b"\n"):
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self._ready], [], [], left)[0]:
                break
            piece = os.read(self._ready, 64)
            if not piece:
                break
            text += piece
        if text.strip().isdigit():
            self.pid = int(text)
            (self._directory / "connection.json").unlink(missing_ok=True)
            return
        log.error("a kernel did not become ready: %s", self._start_log())
        self.end()
        raise KernelUnavailable("The kernel did not start; try again in a moment.")

    def _start_log(self) -> str:
        try:
            return (self._directory / "start.log").read_text(errors="replace")[-2_000:]
        except OSError:
            return "its log is gone"

    def put(self, files: tuple[DataFile, ...]) -> None:
        """Write data files into the working directory.

        Raises:
            InvalidInput: A path leads out of it.
        """
        for file in files:
            path = PurePosixPath(file.path)
            if path.is_absolute() or ".." in path.parts or "\\" in file.path or not path.parts:
                raise InvalidInput(f"The data file {file.path!r} is outside the lesson's folder.")
            target = self.work / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.content)

    def interrupt(self) -> None:
        """Interrupt what the kernel is running."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def end(self) -> None:
        """End the kernel and everything it started, and remove its directory. May be repeated."""
        with self._ended:
            if self._warden.stdin is None or self._warden.stdin.closed:
                return
            if self.pid and self.alive:
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                with suppress(ProcessLookupError):
                    os.kill(self.warden, signal.SIGCONT)
            self._warden.stdin.close()
            try:
                self._warden.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                log.warning("a warden did not end its kernel in time")
            if self._warden.returncode != 0:
                self._end_by_force()
            os.close(self._ready)
            if self._directory.exists() and not sweep(str(self._directory)):
                log.warning("the directory of a kernel could not be removed: %s", self._directory)

    def _end_by_force(self) -> None:
        """End a kernel whose warden did not: learner code may have stopped or killed it."""
        pids = list(descendants(self.warden))
        if self.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        if self._warden.returncode is None:
            pids.append(self.warden)
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._warden.wait()
