"""What a sandbox may see of this machine: the interpreter, its packages, and what programs need.

Never the directory a server was started in, nor what else is on `sys.path` by chance: courses with
their solutions may be there.
"""

import os
import site
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_SYSTEM: Final = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
)
_PACKAGE: Final = Path(__file__).parent.parent


def visible_paths() -> tuple[str, ...]:
    """Return the places a sandbox sees, read-only; never a checkout of this project."""
    found = [*_SYSTEM, *_interpreter(), *_packages()]
    return tuple(dict.fromkeys(path for path in found if os.path.lexists(path)))


def hidden_paths(package: Path = _PACKAGE) -> tuple[str, ...]:
    """Return what may be below those places and must not be seen: this package, with its courses.

    Of a checkout that it is run from, which may lie below them as well, all of that is hidden: the
    courses and the tests are beside the package then. What holds an interpreter stays visible.
    """
    beside = package.parent
    if beside.name in ("site-packages", "dist-packages"):
        return (str(package),)
    needed = [Path(path) for path in _interpreter()]
    return tuple(
        str(each)
        for each in sorted(beside.iterdir())
        if each.is_dir() and not any(path.is_relative_to(each) for path in needed)
    )


def _interpreter() -> Iterator[str]:
    """Yield where the interpreter and its library are."""
    yield from (sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix)
    yield str(Path(sys.executable).resolve().parent.parent)


def _packages() -> Iterator[str]:
    """Yield where packages are installed, and where they are installed from in place."""
    places = list(site.getsitepackages())
    if site.ENABLE_USER_SITE:
        places.append(site.getusersitepackages())
    for place in map(Path, places):
        if place.is_dir():
            yield str(place)
            for listing in place.glob("*.pth"):
                yield from _in_place(place, listing)


def _in_place(place: Path, listing: Path) -> Iterator[str]:
    """Yield the directories a `.pth` file adds to the path (see the `site` module)."""
    for line in listing.read_text("utf-8", "replace").splitlines():
        words = line.strip()
        if words and not words.startswith(("#", "import ", "import\t")):
            path = place / words
            if path.is_dir() and not (path / _PACKAGE.name).is_dir():
                yield str(path)
