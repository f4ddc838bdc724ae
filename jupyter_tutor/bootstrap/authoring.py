"""What authors work with, for `jupyter tutor check`, `publish` and `release`."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.config import Settings
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.shipped import shipped
from jupyter_tutor.storage.proof_files import ProofFiles

if TYPE_CHECKING:
    from jupyter_tutor.storage.database import Database


@contextmanager
def authoring(
    settings: Settings | None = None, *, publishing: bool = False, again: bool = False
) -> Iterator[AuthoringService]:
    """What authors need.

    Args:
        settings: What was configured; without it no proof is remembered.
        publishing: Whether to open the database.
        again: Whether to prove again what was proven before.
    """
    import_jsonschema()
    from jupyter_tutor.execution.runner import SandboxTestRunner
    from jupyter_tutor.notebook_format import CourseFolder

    runner = SandboxTestRunner()
    opened: AbstractContextManager[Database | None] = nullcontext()
    if settings and publishing:
        from jupyter_tutor.bootstrap.databases import open_database

        opened = open_database(settings)
    memory = ProofFiles(settings.data_dir / "proofs", again=again) if settings else None
    with opened as database:
        try:
            manual = str(shipped("notebooks") / "AUTHORING.md")
            yield AuthoringService(CourseFolder(), runner, database, memory=memory, manual=manual)
        finally:
            runner.close()
