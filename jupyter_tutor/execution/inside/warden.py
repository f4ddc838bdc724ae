"""The parent of a kernel: ends it, and whatever it started, when its time has come.

The warden is the subreaper of everything the kernel starts, so that no process can slip away by
being orphaned or by starting a session of its own. It ends all when the kernel has ended or when
its lifeline, a pipe that the engine holds, is closed: also when the engine was killed. Then it
sweeps the run's directory away.
"""

import ctypes
import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from .sweeping import sweep

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LIFELINE = 0
_NICE = 5


def fork_under_warden(directory: str) -> None:
    """Fork: the child returns as the kernel-to-be, the parent stays behind and never returns."""
    _control(_PR_SET_CHILD_SUBREAPER, 1)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    warden = os.getpid()
    kernel = os.fork()
    if kernel == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(reading)
        os.close(writing)
        os.setsid()
        os.nice(_NICE)
        _control(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != warden:
            os._exit(1)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, _LIFELINE)
        return
    try:
        _wait(kernel, reading)
        _end_all(kernel)
        sweep(directory)
    finally:
        os._exit(0)


def _control(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _wait(kernel: int, wakeup: int) -> None:
    """Reap children until the kernel has ended or the lifeline is closed."""
    while True:
        ready, _, _ = select.select([_LIFELINE, wakeup], [], [])
        if _LIFELINE in ready:
            return
        os.read(wakeup, 4096)
        if kernel in _reap():
            return


def _reap() -> set[int]:
    """Collect the children that have ended."""
    ended = set()
    try:
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            ended.add(pid)
    except ChildProcessError:
        pass
    return ended


def _end_all(kernel: int) -> None:
    """Kill until nothing is left; what is killed leaves its own children to the warden.

    The kernel's process group goes first and at once: no fork escapes that, and a bomb grows faster
    than its processes can be listed.
    """
    while True:
        _kill(-kernel)
        for pid in _descendants(os.getpid()):
            _kill(pid)
        _reap()
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        time.sleep(0.002)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGKILL)


def _descendants(pid: int) -> Iterator[int]:
    """Yield the ids of all processes under one; killing each as it comes keeps the list short."""
    found = [pid]
    while found:
        listings = Path(f"/proc/{found.pop()}/task")
        with suppress(OSError):
            for task in listings.iterdir():
                children = [int(child) for child in (task / "children").read_text().split()]
                found += children
                yield from children
