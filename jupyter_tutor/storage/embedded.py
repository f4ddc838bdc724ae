"""The embedded PostgreSQL: there when somebody needs it, gone when nobody does.

All processes of a user that name the same directory share one server. Whoever needs it attaches;
the first one in starts it, the last one out stops it. Three lock files make that safe against
processes that are killed: `start.lock` (the mutex for starting and stopping), `holders.lock`
(shared while attached) and `server.lock` (kept by the server itself, see `cluster`).

Connections go through a Unix socket only, and the server asks the kernel who is calling (peer
authentication): there is no password and no TCP port. Started by root, in a container for instance,
the server runs as an unprivileged account, the data stays in the directory that was named, and no
permission of a parent directory changes; learners' code must not run as that account.
"""

import contextlib
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage import filesystem
from jupyter_tutor.storage.cluster import Cluster
from jupyter_tutor.storage.exits import on_exit
from jupyter_tutor.storage.initdb import ROLE
from jupyter_tutor.storage.locks import HeldLock, try_lock, wait_for_lock

DATABASE = "tutor"
"""The database every cluster has."""

_MUTEX_SECONDS = 1800.0

_log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """One embedded PostgreSQL, named by its directory.

    Several objects, threads and processes may share it. Threads may share one object. As a context
    manager it is attached within the block.

    Attributes:
        data_dir: The cluster's directory.
    """

    def __init__(self, data_dir: Path, *, bin_dir: Path | None = None) -> None:
        """Name a cluster; nothing is started or written yet.

        Args:
            data_dir: The cluster's directory. Different directories are independent clusters.
            bin_dir: Use PostgreSQL's programs from there instead of looking for them.
        """
        self.data_dir = data_dir.absolute()
        self._cluster = Cluster(self.data_dir, bin_dir)
        self._turn = threading.RLock()
        self._hold: HeldLock | None = None
        self._times = 0
        self._stay: Callable[[], None] | None = None

    def attach(self) -> str:
        """Make the server run and keep it running until `detach`, once for each call.

        A server that died is started again, also for those attached already.

        Returns:
            The URL of database `tutor` (`postgresql+psycopg://...`).

        Raises:
            StorageUnavailable: The server cannot be made to run; the text says what to do.
        """
        with self._turn, _explained():
            if self._is_attached():
                self.ensure_running()
            else:
                self._attach()
                self._times = 0
            self._times += 1
            return self.url

    def detach(self) -> None:
        """Undo one `attach`. The last one out, in all processes, stops the server.

        Without an `attach` to undo it does nothing.

        Raises:
            StorageUnavailable: The directory cannot be used any more.
        """
        with self._turn, _explained():
            if not self._is_attached():
                return
            self._times -= 1
            if self._times == 0:
                with self._mutex():
                    self._leave()

    def ensure_running(self) -> str:
        """Start the server again if it died; to call when connections break while attached.

        Returns:
            The URL, which seldom differs from the former one.

        Raises:
            StorageUnavailable: The server cannot be made to run, or nothing is attached.
        """
        with self._turn, _explained():
            if not self._is_attached():
                raise StorageUnavailable("The embedded database is not attached. Attach it first.")
            if not self._cluster.answers():
                with self._mutex():
                    self._cluster.ensure_running()
            return self.url

    def is_running(self) -> bool:
        """Whether the server runs and takes connections, whoever started it."""
        if not self.data_dir.is_dir():
            return False
        with _explained():
            return self._cluster.answers()

    @property
    def url(self) -> str:
        """The URL of the running server's database `tutor`.

        Raises:
            StorageUnavailable: No server runs.
        """
        return f"postgresql+psycopg://{ROLE}@:{filesystem.PORT}/{DATABASE}?host={self._sockets()}"

    def bin_dir(self) -> Path:
        """Where the PostgreSQL programs of this cluster are, `pg_dump` and `psql` among them.

        Raises:
            StorageUnavailable: No PostgreSQL was found that can run this cluster.
        """
        with _explained():
            return self._cluster.binaries().directory

    def __enter__(self) -> Self:
        self.attach()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.detach()

    def _is_attached(self) -> bool:
        # A forked child shares this object but not the lock.
        return self._hold is not None and self._hold.held

    def _sockets(self) -> Path:
        postmaster = self._cluster.postmaster() if self.data_dir.is_dir() else None
        if postmaster is None or postmaster.sockets is None:
            raise StorageUnavailable("The embedded database is not running. Attach it first.")
        return postmaster.sockets

    def _mutex(self) -> HeldLock:
        return wait_for_lock(self.data_dir / "start.lock", patience=_MUTEX_SECONDS)

    def _attach(self) -> None:
        if sys.platform == "win32":
            raise StorageUnavailable(
                "The embedded database runs on Linux and macOS. Set JUPYTER_TUTOR_DATABASE_URL to "
                "a PostgreSQL server."
            )
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        kind = filesystem.network_file_system(self.data_dir)
        if kind is not None:
            _log.warning(
                "The embedded database lies on a network file system (%s), where locks and syncs "
                "may fail and data be lost. Set c.Tutor.data_dir to a local disk, or "
                "JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server.",
                kind,
            )
        with self._mutex():
            self._hold = wait_for_lock(
                self.data_dir / "holders.lock", shared=True, patience=_MUTEX_SECONDS
            )
            # From here on an end of this process, even in mid-start, leaves nothing behind.
            self._stay = on_exit(self._farewell)
            try:
                self._cluster.ensure_running()
                self._create_database()
            except BaseException:
                self._leave()
                raise

    def _leave(self) -> None:
        """Let go; stop the server if nobody else holds it. The caller holds the mutex."""
        if self._stay is not None:
            self._stay()
        if self._hold is not None:
            self._hold.release()
        self._hold = self._stay = None
        alone = try_lock(self.data_dir / "holders.lock")
        if alone is not None:
            with alone:
                self._cluster.stop()

    def _farewell(self) -> None:
        try:
            with self._turn, _explained():
                if self._is_attached():
                    with self._mutex():
                        self._leave()
        except StorageUnavailable as error:
            _log.warning("The embedded database was not stopped: %s", error)

    def _create_database(self) -> None:
        try:
            with psycopg.connect(
                host=str(self._sockets()),
                port=filesystem.PORT,
                user=ROLE,
                dbname="postgres",
                autocommit=True,
            ) as connection:
                found = connection.execute(
                    "SELECT FROM pg_database WHERE datname = %s", [DATABASE]
                ).rowcount
                if not found:
                    connection.execute(
                        sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE))
                    )
        except psycopg.Error as error:
            _log.exception("The embedded database refuses its own user")
            raise StorageUnavailable(
                "The embedded database runs but refuses connections. Its log, postgres.log beside "
                "its data, says why. Start again, or set JUPYTER_TUTOR_DATABASE_URL to a "
                "PostgreSQL server."
            ) from error


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Turn what the operating system refuses into an error that says what to do."""
    try:
        yield
    except PermissionError as error:
        _log.exception("The embedded database's directory is closed to this user")
        raise StorageUnavailable(
            "The embedded database's directory belongs to another user or is not writable. Give it "
            "back with `chown -R`, choose another one with c.Tutor.data_dir, or set "
            "JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
        ) from error
    except TimeoutError as error:
        raise StorageUnavailable(
            "Another process has been starting or stopping the embedded database for half an hour. "
            "End it, then try again."
        ) from error
    except OSError as error:
        _log.exception("The embedded database's directory cannot be used")
        raise StorageUnavailable(
            f"The embedded database's directory cannot be used ({error.strerror}). Mend that, "
            "choose another one with c.Tutor.data_dir, or set JUPYTER_TUTOR_DATABASE_URL to a "
            "PostgreSQL server."
        ) from error
