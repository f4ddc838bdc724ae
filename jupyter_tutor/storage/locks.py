"""Locks between processes: `flock` on a file, dropped by the kernel when its holder dies."""

import logging
import os
import sys
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import Self

if sys.platform != "win32":
    import fcntl

_POLL_SECONDS = 0.01
_SAY_SO_AFTER_SECONDS = 5.0

_log = logging.getLogger(__name__)


class HeldLock:
    """A lock this process holds. Release it once, or use it as a context manager.

    A child made by `os.fork` shares the open file, so it would keep the lock alive after the parent
    lets go; such a child therefore drops its copy at once.

    Attributes:
        descriptor: The open file that carries the lock, or None once released.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor: int | None = descriptor
        _held.add(self)

    @property
    def held(self) -> bool:
        """Whether this process still holds the lock."""
        return self.descriptor is not None

    def release(self) -> None:
        """Close the file. The lock lives on in any process that inherited the file."""
        descriptor, self.descriptor = self.descriptor, None
        _held.discard(self)
        if descriptor is not None:
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


_held: weakref.WeakSet[HeldLock] = weakref.WeakSet()


def _forget_parents_locks() -> None:
    for lock in list(_held):
        lock.release()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget_parents_locks)


def try_lock(path: Path, *, shared: bool = False) -> HeldLock | None:
    """Take the lock if it is free.

    Args:
        path: The lock file, made when missing.
        shared: Whether others may hold it (shared) at the same time.

    Returns:
        The lock, or None while somebody else is in the way.

    Raises:
        OSError: The file cannot be opened or its file system has no locks.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return HeldLock(descriptor)


def wait_for_lock(path: Path, *, patience: float, shared: bool = False) -> HeldLock:
    """Take the lock, waiting for others to let go.

    Args:
        path: The lock file, made when missing.
        patience: Seconds to wait at most.
        shared: Whether others may hold it (shared) at the same time.

    Raises:
        TimeoutError: Somebody held it all the time.
        OSError: As for `try_lock`.
    """
    began = time.monotonic()
    said = False
    while (lock := try_lock(path, shared=shared)) is None:
        waited = time.monotonic() - began
        if waited > patience:
            raise TimeoutError(f"{path.name} stayed locked for {patience:.0f} s")
        if waited > _SAY_SO_AFTER_SECONDS and not said:
            _log.info("Waiting for another process to let go of %s", path)
            said = True
        time.sleep(_POLL_SECONDS)
    return lock
