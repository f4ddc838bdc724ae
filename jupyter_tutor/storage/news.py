"""News of results, by LISTEN and NOTIFY. How to wait for them is told in `services.board`.

A transaction that changes the standing of a row sends news of it (`send_news`); PostgreSQL delivers
that when, and only when, the transaction commits. One connection per process listens, in a thread
of its own, and is made again when it breaks. News that was sent meanwhile is lost, so that everyone
who waits is woken then, to read again.
"""

import logging
import selectors
import socket
import threading
from contextlib import suppress
from uuid import UUID

import psycopg
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jupyter_tutor.services.board import Board
from jupyter_tutor.storage.connections import conninfo

CHANNEL = "tutor_news"

_log = logging.getLogger(__name__)

_ALIVE_SECONDS = 30.0
_LONGEST_PAUSE = 2.0


def send_news(session: Session, subject_id: UUID) -> None:
    """Tell whoever waits for a row that it changed, when this transaction commits."""
    session.execute(select(func.pg_notify(CHANNEL, str(subject_id))))


class PostgresNews:
    """Implements `ports.ResultNews` by LISTEN."""

    def __init__(self, url: str) -> None:
        """Name a database; the connection is made at the first wait, or by `start`.

        Raises:
            StorageUnavailable: It is no PostgreSQL URL.
        """
        self._conninfo = conninfo(url)
        self._board = Board()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._listening = threading.Event()
        self._reader, self._writer = socket.socketpair()

    @property
    def listening(self) -> bool:
        """Whether the connection stands now."""
        return self._listening.is_set()

    def start(self, seconds: float = 0.0) -> bool:
        """Begin to listen, once; wait so long for the connection and return whether it stands."""
        with self._lock:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="tutor-news", daemon=True)
                self._thread.start()
        return self._listening.wait(seconds)

    def wait(self, subject_id: UUID, seconds: float) -> bool:
        """Block until news of this row arrives or the time is over; True when news came.

        Read the row again afterwards in either case (see `services.board`).
        """
        self.start()
        return not self._closing.is_set() and self._board.wait(subject_id, seconds)

    def close(self) -> None:
        """Stop listening and wake everybody who waits."""
        self._closing.set()
        self._board.wake_all()
        with self._lock:
            if self._thread is not None:
                self._writer.send(b"\0")
                self._thread.join()
                self._thread = None
        self._reader.close()
        self._writer.close()

    def _run(self) -> None:
        pause = 0.05
        while not self._closing.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    pause = 0.05
                    self._listening.set()
                    # What was sent while nobody listened is lost: everybody reads again.
                    self._board.wake_all()
                    self._listen(connection)
            except psycopg.Error as error:
                _log.warning("News of results are not heard (%s); trying again.", error)
            finally:
                self._listening.clear()
            self._closing.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _listen(self, connection: psycopg.Connection) -> None:
        """Post what arrives until closed; a connection that says nothing is asked for a sign."""
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(self._reader, selectors.EVENT_READ)
            while not self._closing.is_set():
                if not selector.select(_ALIVE_SECONDS):
                    connection.execute("SELECT 1")
                for notification in connection.notifies(timeout=0):
                    with suppress(ValueError):  # anybody may notify on the channel
                        self._board.post(UUID(notification.payload))
