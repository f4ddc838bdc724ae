"""Locks of `multiprocessing` for runs that have no /dev/shm of their own.

The C library keeps named semaphores in /dev/shm, of which there is one on the whole machine: other
people's and other runs' memory lies there. Where no mount namespace gives a run a private one,
these locks take its place. They are unnamed semaphores (`sem_init`) in anonymous shared memory,
which forked children inherit: that is all a pool, a queue or a shared value needs.
"""

import ctypes
import importlib
import mmap
import threading
import time
from contextlib import suppress
from typing import Any, Final, Self

_RECURSIVE: Final = 0
_LARGEST: Final = 2**31 - 1
_INTERRUPTED: Final = 4
_SHARED: Final = 1


class _Time(ctypes.Structure):
    _fields_ = [("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long)]


class SemLock:
    """What `_multiprocessing.SemLock` is, for children that are forked.

    Attributes:
        kind: 0 for a recursive lock, 1 for a semaphore.
        maxvalue: The value that it never exceeds.
        name: None, as of one that was unlinked.
        handle: Where it lies in memory.
    """

    SEM_VALUE_MAX = _LARGEST

    def __init__(
        self,
        kind: int,
        value: int,
        maxvalue: int,
        name: str,  # noqa: ARG002 - of the interface
        unlink: bool,
    ) -> None:
        """Make one.

        Raises:
            OSError: It would have to be known by its name, to processes that are not forked.
        """
        if not unlink:
            raise OSError(
                "processes of multiprocessing can only be forked here: get_context('fork')"
            )
        self.kind, self.maxvalue, self.name = kind, maxvalue, None
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)
        self.handle = ctypes.addressof(ctypes.c_char.from_buffer(self._memory))
        self._place = ctypes.c_void_p(self.handle)
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._held, self._holder = 0, 0
        if self._libc.sem_init(self._place, _SHARED, ctypes.c_uint(value)):
            raise OSError(ctypes.get_errno(), "sem_init")

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take it; False when that was not to be had in time."""
        if self.kind == _RECURSIVE and self._is_mine():
            self._held += 1
            return True
        if not self._taken(block, timeout):
            return False
        self._held += 1
        self._holder = threading.get_ident()
        return True

    def _taken(self, block: bool, timeout: float | None) -> bool:
        if not self._libc.sem_trywait(self._place):
            return True
        if not block:
            return False
        until = None
        if timeout is not None:
            until = _Time(*divmod(time.time_ns() + int(max(timeout, 0) * 10**9), 10**9))
        while True:
            if until is None:
                failed = self._libc.sem_wait(self._place)
            else:
                failed = self._libc.sem_timedwait(self._place, ctypes.byref(until))
            if not failed:
                return True
            if ctypes.get_errno() != _INTERRUPTED:  # a handler has run now, and may have raised
                return False

    def release(self) -> None:
        """Give it back.

        Raises:
            AssertionError: A recursive lock is another thread's.
            ValueError: It was given back more often than it was taken.
        """
        if self.kind == _RECURSIVE:
            if not self._is_mine():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            if self._held > 1:
                self._held -= 1
                return
        elif self._get_value() >= self.maxvalue:
            raise ValueError("semaphore or lock released too many times")
        self._held -= 1
        self._libc.sem_post(self._place)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _count(self) -> int:
        return self._held

    def _is_mine(self) -> bool:
        return self._held > 0 and self._holder == threading.get_ident()

    def _get_value(self) -> int:
        value = ctypes.c_int()
        self._libc.sem_getvalue(self._place, ctypes.byref(value))
        return max(value.value, 0)

    def _is_zero(self) -> bool:
        return self._get_value() == 0

    def _after_fork(self) -> None:
        self._held = 0

    @classmethod
    def _rebuild(cls, *_: object) -> Self:
        raise OSError("a lock can only be inherited by a forked process here")


def install() -> None:
    """Have `multiprocessing` use these, and put shared values beside the other temporary files."""
    with suppress(ImportError):
        locks: Any = importlib.import_module("_multiprocessing")
        locks.SemLock = SemLock
        heap: Any = importlib.import_module("multiprocessing.heap")
        heap.Arena._dir_candidates = []  # otherwise /dev/shm
