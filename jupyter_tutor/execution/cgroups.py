"""Control groups: memory and processes of a run, held by the operating system where it lets us.

Version 2 needs a delegated subtree (as systemd's `Delegate=yes` gives), version 1 writable groups
of the memory and pids controllers (as root has in some containers). Where there are none, the watch
of a session and the resource limits of a run do alone. See `Documentation/admin-guide/cgroup-v1`
and `cgroup-v2.rst` of the Linux kernel.
"""

import itertools
import os
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_MIB: Final = 2**20
_BASE_MB: Final = 96
_TREE: Final = Path("/sys/fs/cgroup")
_MEMBERSHIP: Final = Path("/proc/self/cgroup")


@dataclass(frozen=True, slots=True)
class Group:
    """The control group of one run.

    Attributes:
        memory: Its directory of the memory controller.
        pids: Its directory of the pids controller; in version 2 the same.
        unified: Whether this is version 2.
    """

    memory: Path
    pids: Path
    unified: bool

    def limit(self, memory_mb: int, tasks: int) -> None:
        """Set what those in it may take together.

        Args:
            memory_mb: What they may take, beside what a sandbox has from the start.
            tasks: How many processes and threads they may be.

        Raises:
            OSError: The system does not allow it.
        """
        limit = str((memory_mb + _BASE_MB) * _MIB)
        _write(f"{self.memory}/{'memory.max' if self.unified else 'memory.limit_in_bytes'}", limit)
        swap = "memory.swap.max" if self.unified else "memory.memsw.limit_in_bytes"
        with suppress(OSError):  # there may be no accounting of swap
            _write(f"{self.memory}/{swap}", "0" if self.unified else limit)
        _write(f"{self.pids}/pids.max", str(tasks))

    def doors(self) -> list[int]:
        """Return descriptors by which a process with one thread enters when it writes a 0 to each.

        Who enters so is in at once: to move a process from outside, the system waits until no
        process anywhere is about to fork, for milliseconds.

        Raises:
            OSError: The system does not allow it.
        """
        door, opened = _door(unified=self.unified), []
        try:
            opened.append(os.open(self.memory / door, os.O_WRONLY))
            if not self.unified:
                opened.append(os.open(self.pids / door, os.O_WRONLY))
        except OSError:
            close_doors(opened)
            raise
        return opened

    @property
    def ran_out_of_memory(self) -> bool:
        """Whether a process in it was killed for the memory they took."""
        name = "memory.events" if self.unified else "memory.oom_control"
        with suppress(OSError, ValueError):
            for line in (self.memory / name).read_text().splitlines():
                key, _, value = line.partition(" ")
                if key == "oom_kill":
                    return int(value) > 0
        return False

    def remove(self) -> bool:
        """Remove it; tell whether it is gone, which takes until its processes have been reaped."""
        gone = True
        for place in dict.fromkeys((self.memory, self.pids)):
            try:
                os.rmdir(place)  # noqa: PTH106 - cheaper, and this is every run
            except FileNotFoundError:
                pass
            except OSError:
                gone = False
        return gone


@dataclass(slots=True)
class Groups:
    """Makes groups below a place where this process may.

    Attributes:
        memory: The directory of the memory controller below which groups are made.
        pids: That of the pids controller.
        unified: Whether this is version 2.
    """

    memory: Path
    pids: Path
    unified: bool
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _left: list[Group] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def make(self) -> Group | None:
        """Make a group for a run; None when the system refuses."""
        name = f"tutor-{os.getpid()}-{next(self._numbers)}"
        group = Group(self.memory / name, self.pids / name, self.unified)
        try:
            for place in dict.fromkeys((group.memory, group.pids)):
                os.mkdir(place)  # noqa: PTH102 - cheaper, and this is every run
        except OSError:
            group.remove()
            return None
        return group

    def give_back(self, group: Group) -> None:
        """Remove a group whose processes have been ended, now or when it is possible."""
        with self._turn:
            self._left.append(group)
            self._left = [each for each in self._left if not each.remove()]

    def close(self) -> None:
        """Remove what is left."""
        with self._turn:
            self._left = [each for each in self._left if not each.remove()]


def find_groups(tree: Path = _TREE, membership: Path = _MEMBERSHIP) -> Groups | None:
    """Return where groups can be made on this machine, or None.

    A group is made, a process that exists is not moved: only what runs are to need is tried.
    """
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return None
    own: dict[str, str] = {}
    for line in lines:
        _, controllers, path = line.split(":", 2)
        own.update(dict.fromkeys(controllers.split(","), path.lstrip("/")))
    candidates = []
    if "" in own:
        place = tree / own[""]
        with suppress(OSError):
            enabled = (place / "cgroup.subtree_control").read_text().split()
            if {"memory", "pids"} <= set(enabled):
                candidates.append(Groups(place, place, unified=True))
    if {"memory", "pids"} <= set(own):
        memory, pids = (tree / name / own[name] for name in ("memory", "pids"))
        if (memory / "memory.limit_in_bytes").exists():
            candidates.append(Groups(memory, pids, unified=False))
    for groups in candidates:
        group = groups.make()
        if group is not None:
            door = _door(unified=group.unified)
            usable = all(os.access(place / door, os.W_OK) for place in (group.memory, group.pids))
            group.remove()
            if usable:
                return groups
    return None


def close_doors(doors: Sequence[int]) -> None:
    """Close the descriptors by which groups are entered."""
    for door in doors:
        os.close(door)


def _door(*, unified: bool) -> str:
    """Return the name of the file by which a group is entered."""
    return "cgroup.procs" if unified else "tasks"


def _write(path: str, text: str) -> None:
    file = os.open(path, os.O_WRONLY)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)
