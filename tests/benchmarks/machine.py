"""What the processes of a benchmark use: exact processor time and proportional memory."""

import os
import resource
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jupyter_tutor.execution.usage import descendants, proportional_mb, read_usage


def cpu_seconds() -> float:
    """Return the processor time of this process and all it started, ended ones included.

    The kernel adds up nanoseconds; only what the processes that still live have used is read in
    ticks of 10 ms, once each. So the difference over a batch is exact to a few ticks, however
    short the processes in it were.
    """
    own = sum(
        used.ru_utime + used.ru_stime
        for used in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, _CHILDREN))
    )
    return own + sum(read_usage(pid).cpu_seconds for pid in _children(os.getpid()))


def settled(count: int, seconds: float = 10.0) -> bool:
    """Wait until no more processes than so many live under this one; False when that takes long.

    They are counted, not named: a template that has served its time is replaced by another.
    """
    deadline = time.monotonic() + seconds
    while len(set(descendants(os.getpid()))) > count:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


def load() -> str:
    """Return the load average, as it stands beside every table."""
    return "load " + " ".join(f"{each:.1f}" for each in os.getloadavg())


@contextmanager
def peak_memory(known: set[int]) -> Iterator[Callable[[], float]]:
    """Watch the memory of all processes under this one that are not known.

    Yields what returns their greatest sum so far, in MiB, shared pages divided among who share
    them (PSS).
    """
    most, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            fresh = tuple(pid for pid in descendants(os.getpid()) if pid not in known)
            most[0] = max(most[0], proportional_mb(fresh))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield lambda: most[0]
    finally:
        over.set()
        watching.join()


def _children(pid: int) -> list[int]:
    """Return the children of this process and not theirs, which `read_usage` adds itself."""
    listings = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for listing in listings for child in listing.read_text().split()]


_CHILDREN = resource.RUSAGE_CHILDREN
