"""Real processes of the tutor, in directories of their own, and what they leave behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from jupyter_tutor.storage.embedded import EmbeddedPostgres
from tests.integration.server.serving import TOKEN, Client

T = TypeVar("T")
PATIENCE = 90.0
"""Seconds after which something that has to happen counts as not happening."""


def eventually(look: Callable[[], T | None], what: str) -> T:
    """Return what `look` finds, as soon as that is neither None nor False."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"it did not happen in {PATIENCE} s: {what}")


@dataclass(frozen=True)
class Home:
    """Where processes have their files; a short path, because sockets lie below it."""

    directory: Path
    _started: "list[subprocess.Popen[bytes]]" = field(default_factory=list, compare=False)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a process that lives here."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "TUTOR"))
        }
        places = {f"JUPYTER_{kind}_DIR": kind.lower() for kind in ("CONFIG", "DATA", "RUNTIME")}
        return (
            kept
            | {name: str(self.directory / place) for name, place in places.items()}
            | {"TMPDIR": str(self.directory / "tmp"), "JUPYTER_NO_CONFIG": "1"}
        )

    @property
    def postgres(self) -> EmbeddedPostgres:
        """The embedded server of the processes that live here."""
        return EmbeddedPostgres(self.directory / "data" / "tutor" / "postgres")

    def run(self, *arguments: str, **options: str) -> "subprocess.CompletedProcess[str]":
        """Run `jupyter tutor` to its end."""
        return subprocess.run(
            [sys.executable, "-m", "jupyter_tutor.cli", *arguments],
            env=self.environment | options,
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a Python program; its output goes to `log`."""
        with (self.directory / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                env=self.environment,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._started.append(process)
        return process

    def end_started(self) -> None:
        """End what was started and still lives, as after a test that failed halfway."""
        for process in self._started:
            process.kill()
            process.wait()

    @property
    def log(self) -> str:
        """What the processes that were started wrote."""
        return (self.directory / "log").read_text("utf-8", errors="replace")

    def left(self) -> list[str]:
        """Return the command lines of processes that live here or were started by such."""
        mark, found = str(self.directory).encode(), []
        for place in Path("/proc").iterdir():
            if not place.name.isdigit() or int(place.name) == os.getpid():
                continue
            try:
                line = (place / "cmdline").read_bytes()
                if mark in line or mark in (place / "environ").read_bytes():
                    found.append(f"{place.name} {line.replace(bytes(1), b' ').decode()}")
            except OSError:
                continue
        return found


@contextmanager
def home() -> Iterator[Home]:
    """Make a home; whatever still lives in it at the end is ended."""
    directory = Path(tempfile.mkdtemp(prefix="jt-"))
    # The embedded server may run under another account.
    directory.chmod(0o755)
    (directory / "tmp").mkdir(mode=0o755)
    made = Home(directory)
    try:
        yield made
    except BaseException:
        if (directory / "log").exists():
            print(made.log)  # pytest shows it, where a test failed
        raise
    finally:
        made.end_started()
        for line in made.left():
            os.kill(int(line.split()[0]), signal.SIGKILL)
        shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def server(home: Home) -> Iterator[tuple["subprocess.Popen[bytes]", Client]]:
    """Run a server with the extension as a process, with worker and embedded database."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    process = home.start(
        "-m",
        "jupyter_server",
        f"--port={port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.jpserver_extensions={'jupyter_tutor': True}",
        "--ServerApp.open_browser=False",
        "--allow-root",
        f"--IdentityProvider.token={TOKEN}",
        "--TutorApp.start_now=True",
        "--Tutor.publish_sample_course=False",
    )
    client = Client(port)
    try:
        eventually(lambda: _answers(client), "the server answers")
        yield process, client
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _answers(client: Client) -> bool:
    try:
        return bool(client.get("/health")["status"] == "ok")
    except OSError:
        return False


def ended(process: "subprocess.Popen[bytes]", with_signal: signal.Signals) -> int:
    """Send a signal and return the exit status."""
    process.send_signal(with_signal)
    return process.wait(PATIENCE)
