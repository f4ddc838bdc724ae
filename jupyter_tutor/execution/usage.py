"""What a kernel and everything it started uses, read from `/proc`; nothing where there is none."""

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

_CHUNK = 65_536
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
_PSS = re.compile(r"^Pss:\s+([0-9]+) kB", re.MULTILINE)
_PEAK = re.compile(r"^VmHWM:\s+([0-9]+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a tree of processes uses.

    Attributes:
        cpu_seconds: Processor time, that of ended children included.
        memory_mb: Resident memory, shared pages counted for each process.
        tasks: Processes and threads.
        pids: The processes.
    """

    cpu_seconds: float = 0.0
    memory_mb: float = 0.0
    tasks: int = 0
    pids: tuple[int, ...] = ()


def read_usage(root: int, most_tasks: int = 10_000) -> Usage:
    """Return what a process and its descendants use.

    Counting stops once there are more than `most_tasks`: a fork bomb grows faster than it can be
    counted.
    """
    cpu, memory, tasks, pids = 0, 0, 0, []
    for pid in itertools.chain((root,), descendants(root)):
        fields = _stat(pid)
        if fields is not None:
            cpu += int(fields[11]) + int(fields[12]) + _reaped(fields)
            tasks += int(fields[17])
            memory += int(fields[21])
            pids.append(pid)
        if tasks > most_tasks:
            break
    return Usage(cpu / _TICKS, memory * _PAGE_MB, tasks, tuple(pids))


def resident_mb(pid: int) -> float:
    """Return the resident memory of one process, in MiB; 0 when it has ended."""
    fields = _stat(pid)
    return int(fields[21]) * _PAGE_MB if fields is not None else 0.0


def waited_seconds(pid: int) -> float:
    """Return how long a process was ready to run and had no processor, 0 where nobody counts it.

    See `schedstats` in the documentation of the Linux kernel's scheduler; of its first thread.
    """
    fields = read_text(f"/proc/{pid}/schedstat").split()
    return int(fields[1]) / 1e9 if len(fields) > 1 else 0.0


def proportional_mb(pids: tuple[int, ...]) -> float:
    """Return the memory of some processes with shared pages counted once, in MiB."""
    total = 0
    for pid in pids:
        found = _PSS.search(read_text(f"/proc/{pid}/smaps_rollup"))
        total += int(found[1]) if found else 0
    return total / 1024


def peak_mb(pid: int) -> float | None:
    """Return the most resident memory a process ever had, in MiB, or None when unknown."""
    found = _PEAK.search(read_text(f"/proc/{pid}/status"))
    return int(found[1]) / 1024 if found else None


def descendants(pid: int) -> Iterator[int]:
    """Yield the ids of all processes under one."""
    waiting = [pid]
    while waiting:
        for task in _tasks(waiting.pop()):
            children = [int(child) for child in read_text(f"{task}/children").split()]
            waiting += children
            yield from children


def _tasks(pid: int) -> list[str]:
    try:
        with os.scandir(f"/proc/{pid}/task") as tasks:
            return [task.path for task in tasks]
    except OSError:
        return []


def _stat(pid: int) -> list[str] | None:
    """Return the fields of a process after its name, counted from its state as 0."""
    text = read_text(f"/proc/{pid}/stat")
    return text.rpartition(")")[2].split() if text else None


def _reaped(fields: list[str]) -> int:
    return int(fields[13]) + int(fields[14])


def read_text(path: str) -> str:
    """Return a small file of `/proc`, "" when there is none.

    This runs too often for anything slower than descriptors.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return ""
    try:
        return os.read(descriptor, _CHUNK).decode("utf-8", "replace")
    except OSError:
        return ""
    finally:
        os.close(descriptor)
