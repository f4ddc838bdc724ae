"""The system calls of Linux that Python has no function for, through `ctypes`.

Numbers and structures are those of the kernel's own headers (`linux/sched.h`, `linux/mount.h`,
`linux/prctl.h`, `linux/capability.h`); the numbers of newer calls are the same on all machines.
"""

import ctypes
import os
import signal
from typing import Final

NEW_TIME: Final = 0x00000080
NEW_NS: Final = 0x00020000
NEW_CGROUP: Final = 0x02000000
NEW_UTS: Final = 0x04000000
NEW_IPC: Final = 0x08000000
NEW_USER: Final = 0x10000000
NEW_PID: Final = 0x20000000
NEW_NET: Final = 0x40000000

MS_RDONLY: Final = 1
MS_NOSUID: Final = 2
MS_NODEV: Final = 4
MS_NOEXEC: Final = 8
MS_REMOUNT: Final = 32
MS_BIND: Final = 4096
MS_REC: Final = 16384
MS_PRIVATE: Final = 1 << 18
MNT_DETACH: Final = 2

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_CAPBSET_DROP: Final = 24
PR_SET_CHILD_SUBREAPER: Final = 36
PR_SET_NO_NEW_PRIVS: Final = 38
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

_MOUNT_SETATTR: Final = 442
_AT_RECURSIVE: Final = 0x8000
_MACHINES: Final = {
    "x86_64": {"clone": 56, "pivot_root": 155, "capset": 126, "seccomp": 317},
    "aarch64": {"clone": 220, "pivot_root": 41, "capset": 91, "seccomp": 277},
}
_CLEAR_TID: Final = 0x00200000
_SET_TID: Final = 0x01000000
_GET_TID_ADDRESS: Final = 40
_CAPABILITY_VERSION_3: Final = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_holding_lock = ctypes.PyDLL(None, use_errno=True)
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long
_mount = _libc.mount
_prctl = _libc.prctl
_numbers = _MACHINES.get(os.uname().machine)


class _MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "userns")]


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def syscall(number: int, *arguments: object) -> int:
    """Make a system call by its number.

    Raises:
        OSError: It failed.
    """
    result = int(_syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def number_of(name: str) -> int:
    """Return the number of a system call on this machine.

    Raises:
        OSError: This machine is not known here.
    """
    if _numbers is None:
        raise OSError(f"system calls of {os.uname().machine} are not known")
    return _numbers[name]


def _checked(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")


def unshare(flags: int) -> None:
    """Leave the namespaces of the parent for new ones."""
    _checked(_libc.unshare(flags), "unshare")


def fork(namespaces: int) -> int:
    """Fork as `os.fork` does, the child being the first process of new namespaces.

    That saves the second fork, and the process in between, that `unshare` needs. The C library is
    told the child's thread id at the place where it keeps it, as its own `fork` does.

    Returns:
        0 in the child, its process id in the parent.

    Raises:
        OSError: The system does not allow it.
    """
    flags, place = namespaces | signal.SIGCHLD, ctypes.c_void_p()
    if _prctl(_GET_TID_ADDRESS, ctypes.byref(place), *[ctypes.c_ulong(0)] * 3) == 0:
        flags |= _SET_TID | _CLEAR_TID
    tid = ctypes.c_ulong(place.value or 0)
    nothing = ctypes.c_ulong(0)
    # the order of the last two differs from machine to machine
    last = (tid, nothing) if os.uname().machine == "x86_64" else (nothing, tid)
    call = _holding_lock.syscall
    call.restype = ctypes.c_long
    number, given = ctypes.c_long(number_of("clone")), ctypes.c_ulong(flags)
    ctypes.pythonapi.PyOS_BeforeFork()
    pid = int(call(number, given, nothing, nothing, *last))
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
        return 0
    code = ctypes.get_errno()
    ctypes.pythonapi.PyOS_AfterFork_Parent()
    if pid < 0:
        raise OSError(code, f"clone: {os.strerror(code)}")
    return pid


def control(option: int, value: int = 0, more: int = 0) -> None:
    """Set a property of this process (`prctl`)."""
    arguments = (ctypes.c_ulong(value), ctypes.c_ulong(more), ctypes.c_ulong(0), ctypes.c_ulong(0))
    _checked(_prctl(option, *arguments), f"prctl {option}")


def mount(source: str, target: str, kind: str = "", flags: int = 0, options: str = "") -> None:
    """Mount a file system, or change a mount."""
    texts = [text.encode() or None for text in (source, target, kind)]
    result = _mount(*texts, ctypes.c_ulong(flags), options.encode() or None)
    _checked(result, f"mount {target}")


def protect(target: str) -> None:
    """Make a mount and all below it read-only, without devices and set-user-id programs."""
    attributes = _MountAttributes(MS_RDONLY | MS_NOSUID | MS_NODEV, 0, 0, 0)
    size = ctypes.c_size_t(ctypes.sizeof(attributes))
    place = ctypes.c_char_p(target.encode())
    at = ctypes.c_int(-1)
    syscall(_MOUNT_SETATTR, at, place, ctypes.c_uint(_AT_RECURSIVE), ctypes.byref(attributes), size)


def enter_root(new: str) -> None:
    """Make a mounted directory the root, and let go of the old one."""
    os.chdir(new)
    here = ctypes.c_char_p(b".")
    syscall(number_of("pivot_root"), here, here)
    _checked(_libc.umount2(b".", MNT_DETACH), "umount")
    os.chdir("/")


def drop_capabilities() -> None:
    """Give up every capability for good."""
    for capability in range(64):
        try:
            control(PR_CAPBSET_DROP, capability)
        except OSError:
            break
    control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    clear_capabilities()


def clear_capabilities() -> None:
    """Empty the sets of capabilities of this process."""
    header = _CapabilityHeader(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    syscall(number_of("capset"), ctypes.byref(header), ctypes.byref(nothing))


def name_host(name: str) -> None:
    """Set the host name of this namespace."""
    _checked(_libc.sethostname(name.encode(), len(name)), "sethostname")
