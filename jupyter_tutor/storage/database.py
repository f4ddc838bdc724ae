"""The database: one engine per process, and transactions from it."""

from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy import create_engine

from jupyter_tutor.storage.connections import connect_args, database_url
from jupyter_tutor.storage.contents import Contents
from jupyter_tutor.storage.unit_of_work import PostgresUnitOfWork


class Database:
    """PostgreSQL at a URL. Threads share it; it implements `ports.UnitOfWorkFactory`.

    No connection is made before the first transaction. Connections that broke, because the server
    was restarted for instance, are replaced when a transaction begins.

    Attributes:
        url: Where it is.
        revive: Starts it again, where that is this process's to do.
        engine: The connections.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 5,
        overflow: int = 10,
        patience: float = 30.0,
        revive: Callable[[], object] | None = None,
    ) -> None:
        """Name a database.

        Args:
            url: `postgresql://...`.
            pool_size: Connections to keep open; as many as threads use it all the time.
            overflow: Connections to open beyond that when all are in use.
            patience: Seconds to wait for a connection; a transaction that gets none by then fails
                with `StorageUnavailable`.
            revive: Called when the database does not answer at the beginning of a transaction,
                which is then tried once more: `EmbeddedPostgres.ensure_running`.

        Raises:
            StorageUnavailable: It is no PostgreSQL URL.
        """
        self.url = database_url(url)
        self.revive = revive
        self._contents = Contents()
        self.engine = create_engine(
            self.url,
            connect_args=connect_args(self.url),
            pool_size=pool_size,
            max_overflow=overflow,
            pool_timeout=patience,
            # Parameters are what learners and authors wrote: not for a log.
            hide_parameters=True,
            # What was used last is warm, and what is not needed any more closes.
            pool_use_lifo=True,
        )

    def __call__(self) -> PostgresUnitOfWork:
        """Return a new transaction, not yet begun."""
        return PostgresUnitOfWork(self.engine, self._contents, self.revive)

    def close(self) -> None:
        """Close all connections that are not in use."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
