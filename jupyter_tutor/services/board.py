"""A notice board: threads of one process wait for news of a row, others post it.

Whoever waits for a row to settle does

    read the row; while it is not settled and there is time left: wait, read again

and reads again whatever `wait` returned: news may come too early (of an earlier step, or because a
connection was lost and nobody knows what was missed), but never much too late. News that arrives
between reading and waiting is kept for a while, and makes the next wait for that row return at
once. Whoever comes after that, while the news is young, may have missed it too (two tabs wait for
one row): they wait for a short time only, and read again.
"""

import threading
import time
from collections.abc import Callable
from uuid import UUID

KEPT_SECONDS = 10.0
"""How long news is kept for those who are about to wait; far longer than that takes."""

AGAIN_SECONDS = 1.0
"""How long the others wait at most for a row whose young news somebody has taken."""


class Board:
    """Who waits for which row, and what news nobody has taken yet. Threads share it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[UUID, list[threading.Event]] = {}
        self._kept: dict[UUID, float] = {}
        self._taken: set[UUID] = set()

    def post(self, subject_id: UUID) -> None:
        """Wake those who wait for a row, and keep the news for those who are about to."""
        now = self._clock()
        with self._lock:
            # In order of time, since a dictionary keeps the order of insertion.
            self._kept.pop(subject_id, None)
            self._kept[subject_id] = now
            self._taken.discard(subject_id)
            while self._kept and next(iter(self._kept.values())) < now - KEPT_SECONDS:
                oldest = next(iter(self._kept))
                del self._kept[oldest]
                self._taken.discard(oldest)
            for event in self._waiting.get(subject_id, ()):
                event.set()

    def wake_all(self) -> None:
        """Wake everybody who waits."""
        with self._lock:
            for events in self._waiting.values():
                for event in events:
                    event.set()

    def wait(self, subject_id: UUID, seconds: float) -> bool:
        """Block until news of a row arrives, has just arrived, or the time is over.

        Returns:
            Whether news came. False also when it is time to read again all the same.
        """
        event = threading.Event()
        with self._lock:
            kept = self._kept.get(subject_id)
            if kept is not None and kept >= self._clock() - KEPT_SECONDS:
                if subject_id not in self._taken:
                    self._taken.add(subject_id)
                    return True
                seconds = min(seconds, AGAIN_SECONDS)
            self._waiting.setdefault(subject_id, []).append(event)
        try:
            return event.wait(seconds)
        finally:
            with self._lock:
                events = self._waiting[subject_id]
                events.remove(event)
                if not events:
                    del self._waiting[subject_id]
