"""Outages: one line in the log when a worker loses the database, and one when it is back.

An embedded database is started again by whoever attached it and meets the outage first: a worker
may be the only process there is.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

import psycopg
import psycopg_pool
from procrastinate.exceptions import ConnectorException

from jupyter_tutor.domain.errors import StorageUnavailable

UNANSWERED: Final = (ConnectorException, psycopg.Error, psycopg_pool.PoolTimeout)
"""What a lost database looks like to a worker."""

_log = logging.getLogger(__name__)


class Outage:
    """Whether the database is away, as far as a worker has noticed; says so once."""

    def __init__(self, revive: Callable[[], object] | None = None) -> None:
        """Begin with a database that answers.

        Args:
            revive: Starts it again, where that is this process's to do.
        """
        self._since: float | None = None
        self._revive = revive

    async def lost(self, error: BaseException) -> None:
        """Take note that the database did not answer, and have it started again."""
        self._tell(error)
        if self._revive is not None:
            try:
                await asyncio.to_thread(self._revive)
            except StorageUnavailable as failure:
                _log.debug("The database could not be started again: %s", failure)

    def _tell(self, error: BaseException) -> None:
        if self._since is not None:
            return
        self._since = time.monotonic()
        _log.warning(
            "The worker has lost the database (%s). What it runs goes on, and it tries again until "
            "the database is back.",
            _reason(error),
        )

    def over(self) -> None:
        """Take note that the database answered."""
        if self._since is not None:
            seconds = time.monotonic() - self._since
            self._since = None
            _log.warning("The worker has the database again, after %.0f s.", seconds)


class _Silence(logging.Filter):
    """Drops what libraries say of a lost database: each says it again and again, at length."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to keep a record."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, UNANSWERED)


class _Nothing(logging.Filter):
    """Drops warnings: those of the driver and of its pool are about connections that broke."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to keep a record."""
        return record.levelno > logging.WARNING


_SILENCE: Final = _Silence()
_NOTHING: Final = _Nothing()


def silence_libraries() -> None:
    """Leave it to `Outage` to say that the database is away; to call once or more."""
    for name in ("procrastinate.worker", "procrastinate.worker.worker", "procrastinate.utils"):
        logging.getLogger(name).addFilter(_SILENCE)
    for name in ("psycopg", "psycopg.pool"):
        logging.getLogger(name).addFilter(_NOTHING)


def _reason(error: BaseException) -> str:
    cause = error.__cause__ if isinstance(error, ConnectorException) else error
    lines = str(cause or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
