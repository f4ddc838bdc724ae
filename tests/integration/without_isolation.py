"""Runs a command where neither namespaces nor Landlock are to be had (a program, not a test).

A filter of system calls answers as containers and older kernels do.
"""

import ctypes
import os
import platform
import struct
import sys
from typing import Final

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _ERROR = 0x7FFF0000, 0x00050000
_EPERM, _ENOSYS = 1, 38
_NO_NEW_PRIVILEGES, _FILTER = 38, 1
_CLONE, _UNSHARE, _SECCOMP = {"x86_64": (56, 272, 317), "aarch64": (220, 97, 277)}.get(
    platform.machine(), (0, 0, 0)
)
_NAMESPACES: Final = 0x7E020000
_LANDLOCK: Final = (444, 445, 446)
_CLONE3: Final = 435


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _refused(number: int, error: int) -> bytes:
    return _step(_EQUAL, number, 0, 1) + _step(_RETURN, _ERROR | error)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def main() -> None:
    """Put this process under the filter and become the command."""
    program = _step(_LOAD, 0)
    for number in (*_LANDLOCK, _CLONE3):
        program += _refused(number, _ENOSYS)
    program += _refused(_UNSHARE, _EPERM)
    program += _step(_EQUAL, _CLONE, 0, 3) + _step(_LOAD, 16)
    program += _step(_ANY_BIT, _NAMESPACES, 0, 1) + _step(_RETURN, _ERROR | _EPERM)
    program += _step(_RETURN, _ALLOW)
    buffer = ctypes.create_string_buffer(program, len(program))
    described = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    done = libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.syscall(
        _SECCOMP, _FILTER, 0, ctypes.byref(described)
    )
    if done:
        raise OSError(ctypes.get_errno(), "no filter could be set")
    os.execv(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
