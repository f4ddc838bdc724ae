"""News of results: whoever waits for a row to settle is woken when it does.

Protocol. A transaction that changes the standing of a row sends news of it (`send_news`);
PostgreSQL delivers that when, and only when, the transaction commits. Whoever waits does

    read the row; while it is not settled and there is time left: wait, read again

and reads again whatever `wait` returned, because news may come too early (of an earlier step, or
because the connection was lost and nobody knows what was missed), but never too late: news that
arrives between reading and waiting is kept for a while, and makes the next wait for that row return
at once.

One connection per process listens, in a thread of its own, and is made again when it breaks.
"""

import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from uuid import UUID

import psycopg
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from jupyter_tutor.storage.connections import conninfo

CHANNEL = "tutor_news"

_log = logging.getLogger(__name__)

_KEPT_SECONDS = 10.0
_ALIVE_SECONDS = 30.0
_LONGEST_PAUSE = 2.0


def send_news(session: Session, subject_id: UUID) -> None:
    """Tell whoever waits for a row that it changed, when this transaction commits."""
    session.execute(select(func.pg_notify(CHANNEL, str(subject_id))))


class Board:
    """Who waits for which row, and what news nobody has taken yet. Threads share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[UUID, list[threading.Event]] = {}
        self._kept: dict[UUID, float] = {}

    def post(self, subject_id: UUID) -> None:
        """Wake those who wait for a row, and keep the news for those who are about to."""
        now = self._clock()
        with self._lock:
            # In order of time, since a dictionary keeps the order of insertion.
            self._kept.pop(subject_id, None)
            self._kept[subject_id] = now
            while self._kept and next(iter(self._kept.values())) < now - _KEPT_SECONDS:
                del self._kept[next(iter(self._kept))]
            for event in self._waiting.get(subject_id, ()):
                event.set()

    def wake_all(self) -> None:
        """Wake everybody who waits."""
        with self._lock:
            for events in self._waiting.values():
                for event in events:
                    event.set()

    def wait(self, subject_id: UUID, seconds: float) -> bool:
        """Block until news of a row arrives, has just arrived, or the time is over."""
        event = threading.Event()
        with self._lock:
            kept = self._kept.pop(subject_id, None)
            if kept is not None and kept >= self._clock() - _KEPT_SECONDS:
                return True
            self._waiting.setdefault(subject_id, []).append(event)
        try:
            return event.wait(seconds)
        finally:
            with self._lock:
                events = self._waiting[subject_id]
                events.remove(event)
                if not events:
                    del self._waiting[subject_id]


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

        Read the row again afterwards in either case (see the protocol above).
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
                    self._board.post(UUID(notification.payload))
