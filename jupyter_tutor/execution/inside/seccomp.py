"""The filter of system calls that a run is under (seccomp, `linux/seccomp.h`, classic BPF).

It is a list of what a run has no use for and an attacker has: other processes' memory, keys,
mounts, namespaces, programs in the kernel, sockets to anywhere but a pair of its own, memory that
is counted for no process. What is not listed is allowed, so that libraries work; namespaces,
Landlock and limits stand behind it.
"""

import ctypes
import os
import struct
from typing import Final

from . import linux

_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000
_KILL: Final = 0x80000000
_EPERM, _ENOSYS, _EAFNOSUPPORT = 1, 38, 97
_SET_MODE_FILTER: Final = 1

_LOAD, _JUMP_EQUAL, _JUMP_SET, _JUMP_GREATER, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_NUMBER, _MACHINE = 0, 4
_ARGUMENTS: Final = 16
_SECOND_ARGUMENT: Final = 24
_X32: Final = 0x40000000
_NAMESPACES: Final = (
    linux.NEW_NS
    | linux.NEW_CGROUP
    | linux.NEW_UTS
    | linux.NEW_IPC
    | linux.NEW_USER
    | linux.NEW_PID
    | linux.NEW_NET
    | linux.NEW_TIME
)
_DATAGRAM_BIT: Final = 2  # set in the types for datagrams, and not in those for streams

_MACHINES: Final = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41,
            "connect": 42,
            "bind": 49,
            "clone": 56,
            "ptrace": 101,
            "prctl": 157,
            "mount": 165,
            "umount2": 166,
            "pivot_root": 155,
            "chroot": 161,
            "swapon": 167,
            "swapoff": 168,
            "reboot": 169,
            "init_module": 175,
            "delete_module": 176,
            "quotactl": 179,
            "acct": 163,
            "settimeofday": 164,
            "adjtimex": 159,
            "iopl": 172,
            "ioperm": 173,
            "sethostname": 170,
            "setdomainname": 171,
            "clock_settime": 227,
            "clock_adjtime": 305,
            "kexec_load": 246,
            "kexec_file_load": 320,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "unshare": 272,
            "setns": 308,
            "perf_event_open": 298,
            "open_by_handle_at": 304,
            "name_to_handle_at": 303,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "kcmp": 312,
            "finit_module": 313,
            "bpf": 321,
            "userfaultfd": 323,
            "lookup_dcookie": 212,
            "syslog": 103,
            "vhangup": 153,
            "modify_ldt": 154,
            "personality": 135,
            "mknod": 133,
            "mknodat": 259,
            "memfd_create": 319,
            "shmget": 29,
            "msgget": 68,
            "semget": 64,
            "mq_open": 240,
            "socketpair": 53,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198,
            "connect": 203,
            "bind": 200,
            "clone": 220,
            "ptrace": 117,
            "prctl": 167,
            "mount": 40,
            "umount2": 39,
            "pivot_root": 41,
            "chroot": 51,
            "swapon": 224,
            "swapoff": 225,
            "reboot": 142,
            "init_module": 105,
            "delete_module": 106,
            "quotactl": 60,
            "acct": 89,
            "settimeofday": 170,
            "adjtimex": 171,
            "sethostname": 161,
            "setdomainname": 162,
            "clock_settime": 112,
            "clock_adjtime": 266,
            "kexec_load": 104,
            "kexec_file_load": 294,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "unshare": 97,
            "setns": 268,
            "perf_event_open": 241,
            "open_by_handle_at": 265,
            "name_to_handle_at": 264,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "kcmp": 272,
            "finit_module": 273,
            "bpf": 280,
            "userfaultfd": 282,
            "lookup_dcookie": 18,
            "syslog": 116,
            "vhangup": 58,
            "personality": 92,
            "mknodat": 33,
            "memfd_create": 279,
            "shmget": 194,
            "msgget": 186,
            "semget": 190,
            "mq_open": 180,
            "socketpair": 199,
        },
    ),
}
_EVERYWHERE: Final = {
    "io_uring_setup": 425,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "open_tree": 428,
    "move_mount": 429,
    "fsopen": 430,
    "fsconfig": 431,
    "fsmount": 432,
    "fspick": 433,
    "pidfd_getfd": 438,
    "process_madvise": 440,
    "mount_setattr": 442,
    "memfd_secret": 447,
}
_CLONE3: Final = 435
_BY_ARGUMENT: Final = ("socket", "socketpair", "clone", "prctl")


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _give(answer: int) -> bytes:
    return _step(_RETURN, answer)


def _when(number: int, steps: list[bytes]) -> list[bytes]:
    """Return steps for one system call; they have to end in an answer."""
    return [_step(_JUMP_EQUAL, number, 0, len(steps)), *steps]


def filter_program() -> bytes | None:
    """Return the filter for this machine, or None when its system calls are not known here."""
    known = _MACHINES.get(os.uname().machine)
    if known is None:
        return None
    machine, numbers = known
    steps = [
        _step(_LOAD, _MACHINE),
        _step(_JUMP_EQUAL, machine, 1, 0),
        _give(_KILL),
        _step(_LOAD, _NUMBER),
    ]
    if machine == _MACHINES["x86_64"][0]:
        steps += [_step(_JUMP_GREATER, _X32, 0, 1), _give(_ERRNO | _ENOSYS)]
    steps += _when(_CLONE3, [_give(_ERRNO | _ENOSYS)])
    forbidden = [number for name, number in numbers.items() if name not in _BY_ARGUMENT]
    for number in (*forbidden, *_EVERYWHERE.values()):
        steps += _when(number, [_give(_ERRNO | _EPERM)])
    first = _step(_LOAD, _ARGUMENTS)
    steps += _when(
        numbers["clone"],
        [first, _step(_JUMP_SET, _NAMESPACES, 0, 1), _give(_ERRNO | _EPERM), _give(_ALLOW)],
    )
    steps += _when(
        numbers["socket"],
        [_give(_ERRNO | _EAFNOSUPPORT)],
    )
    steps += _when(
        numbers["socketpair"],
        [
            _step(_LOAD, _SECOND_ARGUMENT),  # one of datagrams can be sent from to any path
            _step(_JUMP_SET, _DATAGRAM_BIT, 0, 1),
            _give(_ERRNO | _EPERM),
            _give(_ALLOW),
        ],
    )
    steps += _when(
        numbers["prctl"],
        [
            first,
            _step(_JUMP_EQUAL, linux.PR_SET_PDEATHSIG, 1, 0),
            _step(_JUMP_EQUAL, linux.PR_SET_CHILD_SUBREAPER, 0, 1),
            _give(_ERRNO | _EPERM),
            _give(_ALLOW),
        ],
    )
    return b"".join([*steps, _give(_ALLOW)])


def apply(program: bytes) -> None:
    """Put this process and all it will start under a filter; needs `no_new_privs`.

    Raises:
        OSError: The kernel refused it.
    """
    buffer = ctypes.create_string_buffer(program, len(program))
    described = _Program(len(program) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    number = linux.number_of("seccomp")
    linux.syscall(
        number, ctypes.c_uint(_SET_MODE_FILTER), ctypes.c_uint(0), ctypes.byref(described)
    )
