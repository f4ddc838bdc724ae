"""The working directory that an answer and its tests seem to share, though each has its own.

What changed on one side since the last time is told with each request and each answer, as plain
bytes: `[path, "gone"]`, `[path, "folder"]` or `[path, "file", base64]`. Where the whole temporary
directory is private to a run it is shared, too, so that a test can hand over a path in it.

Only regular files and directories below the shared one are told, links are followed on neither
side, and numbers, depth and sizes are limited. What comes from an answer is never written under a
name that Python or a library could take for code or for settings, and never in the place of a file
that was there before the answer, unless the test itself has written that anew.
"""

import base64
import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, NamedTuple

from .packing import Malformed, Packed
from .room import HOME, SCRATCH, WORK

MAX_BYTES = 4 * 2**20
MAX_ENTRIES = 1_000
MAX_DEPTH = 10

_MAX_NAME = 255
_SETTLED_NS = 50_000_000
_PAST_NS = 2_000_000_000
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_ENDINGS = "dll dylib egg egg-link ipy pth py pyc pyd pyi pyo pyw pyx pyz so zipx whl"
_CODE = frozenset(_ENDINGS.split())
_SETTINGS = ("matplotlibrc", "sitecustomize", "usercustomize")

Changes = list[Packed]


class TooMuch(Exception):
    """More was put into the working directory than is brought to the other side."""


class _Known(NamedTuple):
    """What both sides have of a file; of a directory the mark is None.

    Attributes:
        mark: Inode, size and time of change.
        content: The hash of its content, where that was read.
        settled: Whether a further change would show in the mark: clocks are coarse.
    """

    mark: tuple[int, int, int] | None
    content: int | None = None
    settled: bool = True


class SharedFolder:
    """One side's view of the files that both sides have."""

    def __init__(self, work: str, *, of_answer: bool) -> None:
        """Create one; what is there by now is on both sides.

        Args:
            work: The working directory.
            of_answer: Whether it is the answer's side, of which no code is told.
        """
        self._root, self._prefix = (SCRATCH, "work") if work == WORK else (work, "")
        self._apart = (HOME.rpartition("/")[2],) if work == WORK else ()
        self._of_answer = of_answer
        self._known: dict[str, _Known] = {}
        self._kept: set[str] | None = set()
        """The author's files, which no answer changes; None if there are too many to know."""
        self._folders_shared = dict.fromkeys((self._root, work))
        self._empty: list[int] | None = None
        """Marks of the folders, when nothing is in them; most answers leave them so."""
        self.agree()

    def agree(self) -> None:
        """Take what is there for what both sides have: the author's files."""
        self._kept = None
        with suppress(TooMuch, OSError), self._opened() as root:
            found = dict(self._scan(root))
            for path, mark in found.items():
                if mark is not None and time.time_ns() - mark[2] < _SETTLED_NS:
                    with suppress(OSError), _place(root, path) as (folder, name):
                        past = mark[2] - _PAST_NS
                        os.utime(name, ns=(past, past), dir_fd=folder, follow_symlinks=False)
                        found[path] = (mark[0], mark[1], past)
            self._known = {path: _Known(mark) for path, mark in found.items()}
            self._kept = {path for path, mark in found.items() if mark is not None}
            self._empty = None if found else self._mark_empty()

    def _mark_empty(self) -> list[int]:
        """Return marks that the empty folders lose as soon as something is put into them."""
        past = time.time_ns() - _PAST_NS
        for folder in self._folders_shared:
            os.utime(folder, ns=(past, past), follow_symlinks=False)
        return self._times()

    def _times(self) -> list[int]:
        return [os.lstat(folder).st_mtime_ns for folder in self._folders_shared]

    def changes(self) -> Changes:
        """Return what has changed since the last time.

        Raises:
            TooMuch: It exceeds a limit.
        """
        before = dict(self._known)
        try:
            if self._empty is not None and not before and self._empty == self._times():
                return []
            with self._opened() as root:
                found = dict(self._scan(root))
                if not found and not before:
                    return []
                gone = sorted(self._known.keys() - found.keys(), reverse=True)
                told: Changes = [[path, "gone"] for path in gone]
                for path in gone:
                    del self._known[path]
                self._release(gone)
                told += self._folders(found)
                files = list(self._files(root, found))
                self._release(path for path, *_ in files)
                told += files
        except OSError:  # the directory itself is gone
            return []
        except TooMuch:
            self._known = before
            raise
        return told

    def take(self, told: object) -> None:
        """Bring the files to what the other side told.

        Raises:
            Malformed: It is no such thing.
            OSError: There is no room for them.
        """
        if not isinstance(told, list) or len(told) > 2 * MAX_ENTRIES:
            raise Malformed("no list of changes")
        if not told:
            return
        with self._opened() as root:
            for change in told:
                path, kind, data = _checked(change)
                if self._of_answer or not (self._keeps(path) or is_code(path)):
                    self._apply(root, path, kind, data)

    def _keeps(self, path: str) -> bool:
        return self._kept is None or path in self._kept

    def _release(self, paths: Iterable[str]) -> None:
        """Let the answer change files that the test itself has changed."""
        if self._kept:
            self._kept.difference_update(paths)

    def _folders(self, found: dict[str, tuple[int, int, int] | None]) -> Iterator[Packed]:
        for path in sorted(path for path, mark in found.items() if mark is None):
            known = self._known.get(path)
            if known is None or known.mark is not None:
                self._known[path] = _Known(None)
                yield [path, "folder"]

    def _files(self, root: int, found: dict[str, tuple[int, int, int] | None]) -> Iterator[Packed]:
        left = MAX_BYTES
        for path, mark in found.items():
            known = self._known.get(path)
            if mark is None or (known is not None and known.settled and known.mark == mark):
                continue
            if self._of_answer and is_code(path):
                continue
            data = _content(root, path, left)
            if data is None:
                continue
            content, settled = hash(data), time.time_ns() - mark[2] > _SETTLED_NS
            self._known[path] = _Known(mark, content, settled)
            if known is None or known.mark is None or known.content != content:
                left -= len(data)
                yield [path, "file", base64.b64encode(data).decode("ascii")]

    def _apply(self, root: int, path: str, kind: str, data: bytes) -> None:
        try:
            with _place(root, path) as (folder, name):
                if kind == "gone":
                    known = self._known.pop(path, None)
                    if known is not None and path != self._prefix:
                        remove = os.rmdir if known.mark is None else os.unlink
                        remove(name, dir_fd=folder)
                    return
                if len(self._known) >= 2 * MAX_ENTRIES:
                    raise OSError(errno.ENOSPC, "too many files")
                if kind == "folder":
                    os.mkdir(name, 0o755, dir_fd=folder)
                    self._known[path] = _Known(None)
                else:
                    self._known[path] = _Known(
                        _write(folder, name, data), hash(data), settled=False
                    )
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise
            # it can't stand there: a link or a directory does, or what it would stand in is gone

    def _scan(self, root: int) -> Iterator[tuple[str, tuple[int, int, int] | None]]:
        """Yield paths with their marks, None for directories.

        Raises:
            TooMuch: There are too many, or too deep ones.
        """
        waiting = [("", 0)]
        count = 0
        while waiting:
            path, depth = waiting.pop()
            try:
                with _place(root, f"{path}/." if path else ".") as (folder, _):
                    entries = list(islice(_entries(folder), MAX_ENTRIES + len(self._apart) + 2))
            except OSError:
                continue
            for name, is_folder, mark in entries:
                if not _is_shown(name) or (depth == 0 and name in self._apart):
                    continue
                count += 1
                if count > MAX_ENTRIES:
                    raise TooMuch(f"there are more than {MAX_ENTRIES} of them")
                full = f"{path}/{name}" if path else name
                if is_folder:
                    if depth >= MAX_DEPTH:
                        raise TooMuch(f"they are nested deeper than {MAX_DEPTH} levels")
                    waiting.append((full, depth + 1))
                if full != self._prefix:
                    yield full, mark

    @contextmanager
    def _opened(self) -> Iterator[int]:
        root = os.open(self._root, _FOLDER)
        try:
            yield root
        finally:
            os.close(root)


def is_code(path: str) -> bool:
    """Whether Python or a library could take a file of that name for code or settings."""
    for name in path.lower().split("/"):
        stem, *endings = name.split(".")
        if stem in _SETTINGS or not _CODE.isdisjoint(ending.strip() for ending in endings):
            return True
    return False


def _is_shown(name: str) -> bool:
    odd = any(letter < " " or "\ud800" <= letter <= "\udfff" for letter in name)
    return not (odd or name.startswith(".") or name == "__pycache__")


def _entries(folder: int) -> Iterator[tuple[str, bool, tuple[int, int, int] | None]]:
    """Yield the regular files of a directory, with their marks, and the directories in it."""
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                if entry.is_dir(follow_symlinks=False):
                    yield entry.name, True, None
                elif entry.is_file(follow_symlinks=False):
                    yield entry.name, False, _mark(entry.stat(follow_symlinks=False))


def _checked(change: Any) -> tuple[str, str, bytes]:
    """Return a change in its parts.

    Raises:
        Malformed: It is none, or goes elsewhere.
    """
    try:
        path, kind, *rest = change
        parts = path.split("/")
        sound = len(parts) <= MAX_DEPTH + 1 and all(
            part and _is_shown(part) and len(part.encode()) <= _MAX_NAME for part in parts
        )
        data = base64.b64decode(rest[0], validate=True) if kind == "file" else b""
    except (ValueError, TypeError, AttributeError, IndexError) as error:
        raise Malformed("no change of a file") from error
    if not sound or type(path) is not str or kind not in ("gone", "folder", "file"):
        raise Malformed("no change of a file")
    if len(data) > MAX_BYTES:
        raise Malformed("too much of a file")
    return path, kind, data


@contextmanager
def _place(root: int, path: str) -> Iterator[tuple[int, str]]:
    """Open the directory that a path is in, without following links.

    Raises:
        OSError: It is not there, or something else is.
    """
    *folders, name = path.split("/")
    opened: list[int] = []
    folder = root
    try:
        for each in folders:
            folder = os.open(each, _FOLDER, dir_fd=folder)
            opened.append(folder)
        yield folder, name
    finally:
        for descriptor in opened:
            os.close(descriptor)


def _mark(seen: os.stat_result) -> tuple[int, int, int]:
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def _content(root: int, path: str, most: int) -> bytes | None:
    """Return what is in a file; None if it is no regular one, or can't be read.

    Raises:
        TooMuch: It is more than allowed.
    """
    try:
        with _place(root, path) as (folder, name):
            file = os.open(name, _READ, dir_fd=folder)
    except OSError:
        return None
    try:
        seen = os.fstat(file)
        if not stat.S_ISREG(seen.st_mode):
            return None
        data = b""
        if seen.st_size <= most:
            pieces = iter(lambda: os.read(file, min(1 << 20, most + 1 - len(data))), b"")
            for piece in pieces:
                data += piece
        if max(seen.st_size, len(data)) > most:
            raise TooMuch(f"they hold more than {MAX_BYTES >> 20} MiB, with {path!r}")
        return data
    except OSError:
        return None
    finally:
        os.close(file)


def _write(folder: int, name: str, data: bytes) -> tuple[int, int, int]:
    """Write a file in its place, so that it stays the same one for who has it open.

    Raises:
        OSError: That is not possible.
    """
    file = os.open(name, _WRITE, 0o644, dir_fd=folder)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        os.ftruncate(file, 0)
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]
        return _mark(os.fstat(file))
    finally:
        os.close(file)
