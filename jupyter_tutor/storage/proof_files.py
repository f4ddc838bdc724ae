"""Remembered proofs, as files below the tutor's data directory: checking needs no database.

A proof holds for one content in one environment: the same Python, the same packages, the same code
of ours. All of that is in the file's name, so that a change of any asks for a new proof.
"""

import hashlib
import json
import logging
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import distributions
from pathlib import Path
from typing import Final
from uuid import uuid4

from jupyter_tutor.domain.proofs import Proof, ProofKind, Standing

KEPT_SECONDS: Final = 90 * 24 * 3_600.0

_log = logging.getLogger(__name__)


class ProofFiles:
    """Implements `ports.ProofMemory`.

    Args:
        folder: Where the files are; made when it is needed.
        again: Whether to recall nothing, so that everything is proven again.
        environment: What proofs depend on besides the content; by default what is installed here.
    """

    def __init__(
        self, folder: Path, *, again: bool = False, environment: str | None = None
    ) -> None:
        self._folder = folder
        self._again = again
        self._environment = environment_digest() if environment is None else environment

    def recall(self, content_hash: str) -> Sequence[Proof] | None:
        """Return what was proven of a content, or None."""
        if self._again:
            return None
        try:
            rows = json.loads(self._file(content_hash).read_text("utf-8"))
            return [
                Proof(ProofKind(kind), Standing(standing), "", exercise, detail, remedy)
                for kind, standing, exercise, detail, remedy in rows
            ]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            _log.debug("A remembered proof cannot be read: %s", error)
            return None

    def remember(self, content_hash: str, proofs: Sequence[Proof]) -> None:
        """Keep what was proven of a content; without the right to write it is not kept."""
        rows = [
            (each.kind, each.standing, each.exercise, each.detail, each.remedy) for each in proofs
        ]
        file = self._file(content_hash)
        draft = file.with_name(f".{uuid4().hex}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._forget_old()
            draft.write_text(json.dumps(rows), "utf-8")
            draft.replace(file)
        except OSError as error:
            _log.debug("A proof cannot be kept: %s", error)
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _file(self, content_hash: str) -> Path:
        name = hashlib.sha256(f"{self._environment}\0{content_hash}".encode()).hexdigest()
        return self._folder / f"{name}.json"

    def _forget_old(self) -> None:
        oldest = time.time() - KEPT_SECONDS
        for file in self._folder.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)


def environment_digest() -> str:
    """Return a digest of what the outcome of a run depends on here, besides what is run."""
    digest = hashlib.sha256(f"{platform.python_version()} {platform.machine()}".encode())
    for line in (*sorted(_packages()), *sorted(_own_files())):
        digest.update(line.encode() + b"\0")
    return digest.hexdigest()


def _packages() -> Iterator[str]:
    for each in distributions():
        yield f"{each.name} {each.version}"


def _own_files() -> Iterator[str]:
    """Yield our own modules: in a checkout they change without a new version."""
    package = Path(__file__).resolve().parent.parent
    for path in package.rglob("*.py"):
        found = path.stat()
        yield f"{path.relative_to(package).as_posix()} {found.st_size} {found.st_mtime_ns}"
