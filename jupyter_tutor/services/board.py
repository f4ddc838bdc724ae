"""A notice board: threads of one process wait for news of a row, others post it.

Whoever waits for a row to settle does

    read the row; while it is not settled and there is time left: wait, read again

and reads again whatever `wait` returned: news may come too early (of an earlier step, or because a
connection was lost and nobody knows what was missed), but never too late. News that arrives between
reading and waiting is kept for a while, and makes the next wait for that row return at once.
"""

import threading
import time
from collections.abc import Callable
from uuid import UUID

KEPT_SECONDS = 10.0
"""How long news is kept for those who are about to wait; far longer than that takes."""


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
            while self._kept and next(iter(self._kept.values())) < now - KEPT_SECONDS:
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
            if kept is not None and kept >= self._clock() - KEPT_SECONDS:
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
