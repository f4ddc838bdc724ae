"""The warden of a template: what goes before it, and what outlives it.

The warden forks the template and waits. It ends the template, and everything that the template
started, when its lifeline, a pipe that the engine holds, is closed: also when the engine was
killed. With namespaces the template is the first process of a process namespace, so that nothing
survives it; elsewhere the warden is the subreaper of everything and kills until nothing is left.
"""

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from . import confinement, linux, room
from .sweeping import sweep

_LIFELINE = 0
_TEMPLATE_MB = 64
_TEMPLATE = (
    linux.NEW_USER | linux.NEW_NS | linux.NEW_PID | linux.NEW_IPC | linux.NEW_NET | linux.NEW_UTS
)


def separate(options: dict[str, Any]) -> None:
    """Fork: a descendant returns as the template-to-be, the warden stays and never returns.

    Raises:
        OSError: In the descendant: the system does not allow the level that is asked for.
    """
    if sys.platform == "linux":
        linux.control(linux.PR_SET_CHILD_SUBREAPER, 1)
    waking, wakeup = os.pipe()
    os.set_blocking(wakeup, False)
    signal.set_wakeup_fd(wakeup)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    knowing, told = os.pipe()
    if os.fork() == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in (waking, wakeup, knowing):
            os.close(descriptor)
        _descend(options, told)
        return
    try:
        os.close(told)
        os.closerange(3, waking)
        template = int(os.read(knowing, 64) or 0)
        if template:
            _wait(template, waking)
        _end_all(template)
        sweep(options["directory"])
    finally:
        os._exit(0)


def _descend(options: dict[str, Any], told: int) -> None:
    """Become the template-to-be, and tell the warden its process id."""
    isolated = options["level"] == confinement.NAMESPACES
    if isolated:
        _enter(options)
        template = os.fork()  # the first process of the new process namespace
        if template:
            os.write(told, str(template).encode())
            os._exit(0)
    else:
        _become(options["user"])
        os.write(told, str(os.getpid()).encode())
    os.close(told)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, _LIFELINE)
    os.close(nothing)
    if isolated:
        room.mount_processes()
        room.mount_scratch(_TEMPLATE_MB)
        room.close_room()


def _enter(options: dict[str, Any]) -> None:
    """Enter the template's namespaces and its room.

    Who is root builds the room first, since an ordinary user may not reach what is to be in it, and
    then becomes an ordinary user.
    """
    if os.geteuid() == 0:
        linux.unshare(linux.NEW_NS)
        room.build_room(options["place"], options["visible"], options["hidden"])
        _become(options["user"])
        linux.unshare(_TEMPLATE)
        confinement.map_user(room.USER, options["user"], options["user"])
        return
    user, group = os.geteuid(), os.getegid()
    linux.unshare(_TEMPLATE)
    confinement.map_user(room.USER, user, group)
    room.build_room(options["place"], options["visible"], options["hidden"])


def _become(user: int) -> None:
    """Become an ordinary user for good, if this is root."""
    if os.geteuid() != 0 or user == 0:
        return
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    linux.control(linux.PR_SET_DUMPABLE, 1)


def _wait(template: int, wakeup: int) -> None:
    """Reap children until the template has ended or the lifeline is closed."""
    while True:
        ready, _, _ = select.select([_LIFELINE, wakeup], [], [])
        if _LIFELINE in ready:
            return
        os.read(wakeup, 4096)
        if template in _reap():
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


def _end_all(template: int) -> None:
    """Kill until nothing is left; what is killed leaves its own children to the warden."""
    while True:
        if template:
            _kill(template)
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
