"""Landlock: rules on which files a process may reach, set without privilege (linux/landlock.h)."""

import ctypes
import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from . import linux

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION: Final = 1
_PATH_BENEATH: Final = 1
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_READING: Final = _EXECUTE | _READ | _LIST
_ON_FILES: Final = _EXECUTE | _WRITE | _READ | 1 << 14
_RIGHTS_BY_VERSION: Final = ((1, 13), (2, 14), (3, 15), (5, 16))
_SCOPES: Final = 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("files", "network", "scoped")]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """Return the version of Landlock of this kernel; 0 when there is none."""
    with suppress(OSError):
        return linux.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_VERSION))
    return 0


def around(visible: Sequence[str], hidden: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what to allow so that all of some places can be read but what is hidden in them.

    Rules only allow, and hold for everything below: so what is beside something hidden has to be
    named, entry by entry. Links are left out, since a rule is about what they lead to.

    Args:
        visible: Files and directories.
        hidden: Directories.

    Returns:
        What can be read with everything below it, and directories whose entries can be listed
        (below them as well, because that is a rule, too).
    """
    secret = [os.path.realpath(path) for path in hidden]
    whole, listed = [], []
    left, seen = [os.path.realpath(path) for path in visible], set()
    while left:
        path = left.pop()
        if path in seen or any(f"{path}/".startswith(f"{each}/") for each in secret):
            continue
        seen.add(path)
        if any(each.startswith(f"{path.rstrip('/')}/") for each in secret):
            listed.append(path)
            with suppress(OSError), os.scandir(path) as entries:
                left += [entry.path for entry in entries if not entry.is_symlink()]
        else:
            whole.append(path)
    return whole, listed


def restrict(
    readable: Sequence[str],
    writable: Sequence[str],
    *,
    listed: Sequence[str] = (),
    files_only: bool = False,
) -> None:
    """Leave this process and all it will start only some places; needs `no_new_privs`.

    Where the kernel can, signals and abstract sockets of other processes and TCP are shut off too.
    A process may be restricted more than once, and then has only what each time was left.

    Args:
        readable: What can be read and run, with everything below.
        writable: Directories and files where everything is allowed.
        listed: Directories whose entries can be listed, with everything below.
        files_only: Whether signals, sockets and TCP are left alone.

    Raises:
        OSError: The kernel refused it, or has no Landlock.
    """
    known = version()
    bits = max(count for since, count in _RIGHTS_BY_VERSION if since <= max(known, 1))
    everything = (1 << bits) - 1
    more = 0 if files_only else known
    rules = _Ruleset(everything, 3 if more >= 4 else 0, _SCOPES if more >= 6 else 0)
    size = 8 if known < 4 else 16 if known < 6 else 24
    ruleset = linux.syscall(_CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint(0))
    try:
        for path in readable:
            _allow(ruleset, path, _READING)
        for path in listed:
            _allow(ruleset, path, _LIST)
        for path in writable:
            _allow(ruleset, path, everything)
        linux.syscall(_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0))
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        allowed = rights if os.path.isdir(path) else rights & _ON_FILES  # noqa: PTH112
        rule = _Beneath(allowed, place)
        linux.syscall(
            _ADD,
            ctypes.c_int(ruleset),
            ctypes.c_uint(_PATH_BENEATH),
            ctypes.byref(rule),
            ctypes.c_uint(0),
        )
    finally:
        os.close(place)
