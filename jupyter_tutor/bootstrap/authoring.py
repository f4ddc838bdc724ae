"""What authors work with, for `jupyter tutor check`, `publish` and `release`."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.config import Settings
from jupyter_tutor.services.authoring import AuthoringService


@contextmanager
def authoring(settings: Settings | None = None) -> Iterator[AuthoringService]:
    """What authors need; with settings also the database to publish to."""
    import_jsonschema()
    from jupyter_tutor.execution.runner import NbclientTestRunner
    from jupyter_tutor.notebook_format import CourseFolder

    runner = NbclientTestRunner()
    with nullcontext() if settings is None else open_database(settings) as database:
        try:
            yield AuthoringService(CourseFolder(), runner, database)
        finally:
            runner.close()
