"""Limits the kernel sets on itself; the ones that can be trusted are watched from outside."""

import resource
from pathlib import Path

HEADROOM_MB = 4_096
FILE_BYTES = 256 * 2**20

_MIB = 2**20
_STATM = Path("/proc/self/statm")


def limit_process() -> None:
    """Forbid core dumps and very large files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _set_soft(resource.RLIMIT_FSIZE, FILE_BYTES)


def limit_memory(megabytes: int) -> None:
    """Make absurd allocations raise `MemoryError` at once.

    The address space may grow by far more than the limit, since libraries reserve what they never
    use; what is really used is watched from outside.
    """
    if _grown.get("limit") == megabytes or not _STATM.exists():
        return
    pages = int(_STATM.read_text().split()[0])
    _set_soft(resource.RLIMIT_AS, pages * resource.getpagesize() + (megabytes + HEADROOM_MB) * _MIB)
    _grown["limit"] = megabytes


_grown: dict[str, int] = {}


def _set_soft(kind: int, amount: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    resource.setrlimit(kind, (amount, hard))
