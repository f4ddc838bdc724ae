"""Confining a run: what a child of a template does to itself before a byte of learner code runs.

Three levels, of which the engine chose one when it started the template:

- `namespaces`: namespaces of its own for users, processes, mounts, network, ipc and host name, the
  template's read-only room with private writable places, no capabilities, a filter of system calls;
- `landlock`: no namespaces; Landlock rules and the filter of system calls;
- `limits`: resource limits only.

The resource limits are set on all three.
"""

import os
import resource
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import landlock, linux, room, seccomp

NAMESPACES: Final = "namespaces"
LANDLOCK: Final = "landlock"
LIMITS: Final = "limits"

_RUN: Final = (
    linux.NEW_USER | linux.NEW_NS | linux.NEW_PID | linux.NEW_IPC | linux.NEW_NET | linux.NEW_UTS
)
_MIB: Final = 2**20
_DESCRIPTORS: Final = 256
_FILE_MB: Final = 64
_HEADROOM_MB: Final = 4_096
_NICE: Final = 5
_OF_TEMPLATES: Final = ("/proc", "/sys", "/dev", "/etc")
"""What a template reads beside what its runs do: libraries look there when they are imported."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What a run may use, as far as the kernel enforces it; more is watched from outside.

    Attributes:
        memory_mb: How much its address space may grow, beside a headroom that libraries reserve.
        cpu_seconds: Processor time of one process.
        tasks: Processes and threads.
        scratch_mb: Size of its writable places.
    """

    memory_mb: int
    cpu_seconds: int
    tasks: int
    scratch_mb: int


class Confinement:
    """Confines children of this template; made in the template, where everything is prepared."""

    def __init__(self, level: str, readable: Sequence[str], scratch: str) -> None:
        """Prepare.

        Args:
            level: One of the three.
            readable: What a run may read, where no room of its own says it.
            scratch: Where a run may write, where it has no private file system.
        """
        self.level = level
        self._readable = tuple(readable)
        self._scratch = scratch
        self._filter = seccomp.filter_program() if level != LIMITS else None

    def close_to(self, hidden: Sequence[str]) -> None:
        """Close what must not be read to this template, and thereby to all of its runs.

        A room has it covered already. Elsewhere Landlock's rules are set once, here: what lies
        beside hidden things takes hundreds of rules, and each run adds but its own few.

        Raises:
            OSError: The system has no Landlock.
        """
        if self.level != LANDLOCK:
            return
        readable, listed = landlock.around(self._readable, hidden)
        linux.control(linux.PR_SET_NO_NEW_PRIVS, 1)
        landlock.restrict(
            (*readable, *_OF_TEMPLATES),
            (self._scratch, "/dev/null"),
            listed=listed,
            files_only=True,
        )

    def try_scratch(self) -> None:
        """Make sure that runs will find where to write, where they have no private file system.

        Raises:
            OSError: They would not.
        """
        if self.level != NAMESPACES:
            place = f"{self._scratch}/{os.getpid()}"
            os.mkdir(place, 0o700)  # noqa: PTH102 - as in `_places`
            os.rmdir(place)  # noqa: PTH106 - as above

    def fork(self) -> int:
        """Fork a run, in namespaces of its own at that level; 0 in the child.

        Raises:
            OSError: The system does not allow it.
        """
        return linux.fork(_RUN) if self.level == NAMESPACES else os.fork()

    def settle(self, quota: Quota) -> str:
        """Make a home for author's code that only descendants of this process will share.

        It keeps what it needs to confine these, inside of namespaces of its own: that is less than
        a run has to keep its code from, and no learner code ever comes here.

        Raises:
            OSError: The system does not allow it.
        """
        map_user(room.USER, room.USER, room.USER)
        return self._places(quota)

    def confine(self, quota: Quota) -> str:
        """Confine this process and all it will start; returns its working directory.

        Raises:
            OSError: The system does not allow it.
        """
        if self.level == NAMESPACES:
            map_user(room.USER, room.USER, room.USER)
        elif sys.platform == "linux":
            linux.control(linux.PR_SET_CHILD_SUBREAPER, 1)
            die_with_parent()
        work = self._places(quota)
        os.setsid()
        _limit(quota)
        if self.level == NAMESPACES:
            _set(resource.RLIMIT_NPROC, quota.tasks)
            linux.name_host("sandbox")
        if self.level != LIMITS:
            linux.drop_capabilities()
        if self.level != LIMITS:
            linux.control(linux.PR_SET_NO_NEW_PRIVS, 1)
        if self.level == LANDLOCK:
            landlock.restrict(self._readable, (str(Path(work).parent), "/dev/null"))
        if self._filter is not None:
            seccomp.apply(self._filter)
        return work

    def _places(self, quota: Quota) -> str:
        if self.level == NAMESPACES:
            room.mount_processes()
            room.mount_scratch(quota.scratch_mb)
            os.chdir(room.WORK)
            return room.WORK
        base = f"{self._scratch}/{os.getpid()}"
        for path in (base, f"{base}/work", f"{base}/home"):
            os.mkdir(path, 0o700)  # noqa: PTH102 - each import here is paid by every run
        os.environ["HOME"], os.environ["TMPDIR"] = f"{base}/home", base
        os.chdir(f"{base}/work")
        return f"{base}/work"


def map_user(inside: int, outside_user: int, outside_group: int) -> None:
    """Give this process its one user in the new user namespace."""
    with suppress(OSError):
        _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{inside} {outside_user} 1")
    _write("/proc/self/gid_map", f"{inside} {outside_group} 1")


def _write(path: str, text: str) -> None:
    """Write to a file of the kernel's; pathlib is slower, and this is every run."""
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends."""
    linux.control(linux.PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit(quota: Quota) -> None:
    os.nice(_NICE)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, _FILE_MB * _MIB)
    _set(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    _set(resource.RLIMIT_CPU, quota.cpu_seconds)
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        grown = (quota.memory_mb + _HEADROOM_MB) * _MIB
        _set(resource.RLIMIT_AS, pages * resource.getpagesize() + grown)


def _set(kind: int, amount: int) -> None:
    _, hard = resource.getrlimit(kind)
    amount = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
    resource.setrlimit(kind, (amount, amount))
