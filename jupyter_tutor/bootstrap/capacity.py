"""How many runs this machine bears at the same time."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from jupyter_tutor.config import Settings

_MIB: Final = 2**20
_RUN_MB: Final = 512
"""What a run may take: more than the memory an exercise allows by default, and its sandbox."""
_PLENTY_MB: Final = 8_192
_LEAST: Final = 2
"""An endless loop takes its whole time, and is not to keep everybody else waiting."""


def sandboxes(settings: Settings) -> int:
    """Return how many runs may be under way at the same time on this machine."""
    if settings.sandboxes:
        return settings.sandboxes
    bearable = available_mb() // _RUN_MB
    return max(min(max(processors(), _LEAST), bearable), 1)


def concurrency(settings: Settings) -> int:
    """Return how many jobs a worker takes at the same time: none that would wait for a sandbox."""
    most = sandboxes(settings)
    return min(settings.worker_concurrency or most, most)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_mb(proc: Path = Path("/proc"), cgroups: Path = Path("/sys/fs/cgroup")) -> int:
    """Return how much memory can still be taken, MiB; where nobody says, plenty is assumed."""
    found: list[int] = []
    with suppress(OSError, ValueError, StopIteration):
        lines = (proc / "meminfo").read_text().splitlines()
        line = next(line for line in lines if line.startswith("MemAvailable:"))
        found.append(int(line.split()[1]) * 1024)
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        with suppress(OSError, ValueError):
            most = int((cgroups / limit).read_text())
            found.append(most - int((cgroups / used).read_text()))
    return max(min(found, default=_PLENTY_MB * _MIB), 0) // _MIB
