"""Removing a directory whatever is in it: depth, long names, odd permissions."""

import itertools
import os
from contextlib import suppress
from pathlib import Path


def sweep(directory: str) -> bool:
    """Remove a directory and all in it; tell whether it is gone.

    Directories inside are first moved up next to each other, so that neither recursion nor the
    length of a path is a limit. Links are removed, never followed.
    """
    top = Path(directory)
    numbers = itertools.count()
    waiting = [top]
    emptied = []
    while waiting:
        place = waiting.pop()
        emptied.append(place)
        with suppress(OSError):
            place.chmod(0o700)
        for entry in _entries(place):
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    with suppress(OSError):
                        Path(entry.path).chmod(0o700)
                    waiting.append(Path(entry.path).rename(top / f".swept-{next(numbers)}"))
                else:
                    Path(entry.path).unlink()
    for place in reversed(emptied):
        with suppress(OSError):
            place.rmdir()
    return not top.exists()


def _entries(place: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(place) as entries:
            return list(entries)
    except OSError:
        return []
