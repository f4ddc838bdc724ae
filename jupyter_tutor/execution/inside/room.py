"""The room of a template: a read-only root that holds what programs need, and nothing else.

It is built once, before any namespace of a run, from bind mounts of the places the engine names.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from . import linux

SCRATCH: Final = "/tmp"  # noqa: S108 - in the room, private to each run
WORK: Final = "/tmp/work"  # noqa: S108 - as above
HOME: Final = "/tmp/home"  # noqa: S108 - as above
SHARED_MEMORY: Final = "/dev/shm"  # noqa: S108 - as above
USER: Final = 1000

_DEVICES: Final = ("null", "zero", "full", "random", "urandom")
_FILES: Final = {
    "passwd": f"learner:x:{USER}:{USER}:Learner:{HOME}:/bin/sh\n",
    "group": f"learner:x:{USER}:\n",
    "hosts": "127.0.0.1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}


def build_room(place: str, visible: Sequence[str], hidden: Sequence[str]) -> None:
    """Build the room at an empty directory and make it the root.

    Args:
        place: An empty directory.
        visible: What is to be seen in it, read-only, under the same path.
        hidden: Directories below those that are to look empty.

    Raises:
        OSError: The system does not allow it.
    """
    linux.mount("none", "/", "", linux.MS_REC | linux.MS_PRIVATE)
    linux.mount("tutor", place, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=1m")
    for path in _outermost(visible):
        _show(place, path)
    for path in hidden:
        if Path(place + path).is_dir():
            linux.mount("tutor", place + path, "tmpfs", linux.MS_NOSUID, "mode=755,size=4k")
    etc = Path(place, "etc")
    etc.mkdir(exist_ok=True)
    for name, text in _FILES.items():
        (etc / name).write_text(text)
    for directory in ("dev/shm", "proc", SCRATCH[1:]):
        Path(place, directory).mkdir(parents=True, exist_ok=True)
    for name in _DEVICES:
        target = Path(place, "dev", name)
        target.touch()
        linux.mount(f"/dev/{name}", str(target), "", linux.MS_BIND)
    for name, link in (("fd", "self/fd"), ("stdin", "self/fd/0"), ("stdout", "self/fd/1")):
        Path(place, "dev", name).symlink_to(f"/proc/{link}")
    # The machine's own list is covered before anything runs; new ones can't be mounted without it.
    linux.mount("/proc", f"{place}/proc", "", linux.MS_BIND | linux.MS_REC)
    linux.enter_root(place)


def close_room() -> None:
    """Make the root itself read-only; what is mounted on it stays as it is."""
    flags = linux.MS_REMOUNT | linux.MS_BIND | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV
    linux.mount("none", "/", "", flags)


def mount_processes() -> bool:
    """Mount a list of this namespace's processes, or nothing where containers forbid it."""
    flags = linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC
    for options in ("subset=pid", ""):
        with suppress(OSError):
            linux.mount("proc", "/proc", "proc", flags, options)
            return True
    linux.mount("tutor", "/proc", "tmpfs", flags | linux.MS_RDONLY, "mode=755,size=4k")
    return False


def mount_scratch(megabytes: int) -> None:
    """Mount the writable places, fresh, empty and of a limited size."""
    flags = linux.MS_NOSUID | linux.MS_NODEV
    options = f"mode=755,size={megabytes}m,nr_inodes=16384"
    linux.mount("tutor", SCRATCH, "tmpfs", flags, options)
    linux.mount("tutor", SHARED_MEMORY, "tmpfs", flags, options)
    for path in (WORK, HOME):
        os.mkdir(path)  # noqa: PTH102 - each import here is paid by every run


def _outermost(paths: Sequence[str]) -> list[str]:
    """Return the paths that exist and are in no other of them, links in between resolved away."""
    kept: list[str] = []
    for path in sorted({os.path.normpath(path) for path in paths}):
        inside = any(path == other or path.startswith(other.rstrip("/") + "/") for other in kept)
        if not inside and os.path.lexists(path) and path != "/":
            kept.append(path)
    return kept


def _show(place: str, path: str) -> None:
    target = Path(place + path)
    target.parent.mkdir(parents=True, exist_ok=True)
    if Path(path).is_symlink():
        target.symlink_to(Path(path).readlink())
        return
    if Path(path).is_dir():
        target.mkdir(exist_ok=True)
    else:
        target.touch()
    linux.mount(path, str(target), "", linux.MS_BIND | linux.MS_REC)
    linux.protect(str(target))
