"""Writing a release into a folder where somebody may have worked."""

from pathlib import Path
from uuid import uuid4

from jupyter_tutor.domain.reports import FileState


def put_file(path: Path, content: bytes, *, force: bool) -> FileState:
    """Write a file whole or not at all; one that differs only by force."""
    if path.is_file() and path.read_bytes() == content:
        return FileState.UNCHANGED
    if (path.exists() or path.is_symlink()) and not (force and path.is_file()):
        return FileState.DIFFERS
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return FileState.WRITTEN
