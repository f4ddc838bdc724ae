"""A run's process is ended once, with and without a descriptor of it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator

import pytest

from jupyter_tutor.execution.runs import RunProcess


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that leads a group of its own."""
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("with_handle", [True, False])
def test_it_is_signalled_and_ended(sleeper: "subprocess.Popen[bytes]", with_handle: bool) -> None:
    ours, theirs = socket.socketpair()
    ended: list[bool] = []
    with theirs:
        handle = os.pidfd_open(sleeper.pid) if with_handle else None
        run = RunProcess(ours, handle, sleeper.pid)
        run.on_close = lambda: ended.append(True)
        lives = [run.alive]
        run.signal(signal.SIGSTOP)
        run.signal(signal.SIGCONT)
        lives.append(run.alive)
        run.close()
        run.close()
        run.signal(signal.SIGKILL)
        deadline = time.monotonic() + 10
        while sleeper.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
    assert sleeper.returncode == -signal.SIGKILL
    assert [*lives, run.alive] == [True, True, False]
    assert ended == [True]
