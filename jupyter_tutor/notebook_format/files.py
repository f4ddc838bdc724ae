"""Data files of a lesson: only ordinary files from inside the notebook's folder."""

import stat
from pathlib import Path, PurePosixPath

from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.notebook_format.problems import Problems

MAX_FILE_BYTES = 10 * 2**20
MAX_FILES_BYTES = 50 * 2**20
"""Together, for one lesson."""


def path_problem(path: str) -> str | None:
    """Return why a relative path must not be used, or None when it may."""
    parts = path.split("/")
    if "\\" in path or "\0" in path or ":" in parts[0]:
        return "write the path with '/' between folders, relative to the notebook"
    if path.startswith(("/", "~")):
        return "is absolute; write it relative to the notebook, such as 'data/rain.csv'"
    if ".." in parts:
        return "leaves the notebook's folder ('..'); move the file beside the notebook"
    if any(part in ("", ".") for part in parts) or str(PurePosixPath(path)) != path:
        return f"write it as '{PurePosixPath(path)}'"
    if parts[-1].lower() == "course.toml" or parts[-1].lower().endswith(".ipynb"):
        return "is a source of the course; learners must not get it"
    return None


def read_files(folder: Path, paths: tuple[str, ...], problems: Problems) -> tuple[DataFile, ...]:
    """Read the data files a notebook names.

    Args:
        folder: Where the notebook lies.
        paths: As the notebook's metadata names them.
        problems: Takes what is wrong with them.

    Returns:
        The files that can be used, sorted by path.
    """
    found: list[DataFile] = []
    total = 0
    for path in sorted(set(paths)):
        why = path_problem(path) or _file_problem(folder, path)
        if why is not None:
            problems.add(f"{path!r} {why}", key="files")
            continue
        content = (folder / path).read_bytes()
        total += len(content)
        found.append(DataFile(path, content))
    if total > MAX_FILES_BYTES:
        problems.add(
            f"the files have {total / 2**20:.0f} MiB together, more than "
            f"{MAX_FILES_BYTES // 2**20}; make them smaller",
            key="files",
        )
    return tuple(found)


def _file_problem(folder: Path, path: str) -> str | None:
    file = folder / path
    try:
        resolved = file.resolve(strict=True)
        status = resolved.stat()
    except (OSError, RuntimeError):
        return "does not exist beside the notebook; add the file or take it off the list"
    if not resolved.is_relative_to(folder.resolve()):
        return "is a link that leaves the notebook's folder; put a copy of the file there"
    if not stat.S_ISREG(status.st_mode):
        return "is no ordinary file; name each file by itself"
    if status.st_size > MAX_FILE_BYTES:
        return (
            f"has {status.st_size / 2**20:.0f} MiB, more than {MAX_FILE_BYTES // 2**20}; "
            "make it smaller"
        )
    return None
