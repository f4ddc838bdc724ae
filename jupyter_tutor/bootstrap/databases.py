"""The configured database, at this version's revision."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from jupyter_tutor.config import Settings
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.embedded import EmbeddedPostgres


@contextmanager
def open_database(settings: Settings) -> Iterator[Database]:
    """Open the database; the embedded one is started, and brought to this version's revision.

    Raises:
        StorageUnavailable: The database does not answer, or an external one is at a wrong revision.
    """
    with ExitStack() as stack:
        if settings.embedded:
            embedded = stack.enter_context(EmbeddedPostgres(settings.data_dir / "postgres"))
            schema.upgrade(embedded.url)
            database = Database(embedded.url, revive=embedded.ensure_running)
        else:
            schema.require_current(settings.database_url)
            database = Database(settings.database_url)
        yield stack.enter_context(database)
