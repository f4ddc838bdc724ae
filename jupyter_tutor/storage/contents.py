"""What was published, remembered: a revision never changes, and nearly every request needs one."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

from jupyter_tutor.domain.exercises import ExerciseContent


class Contents:
    """The contents used last, by the keys of their revisions. Threads share it."""

    def __init__(self, size: int = 256) -> None:
        """Remember so many contents."""
        self._size = size
        self._lock = threading.Lock()
        self._held: OrderedDict[UUID, ExerciseContent] = OrderedDict()

    def find(self, keys: Iterable[UUID]) -> dict[UUID, ExerciseContent]:
        """Return those of some contents that are remembered."""
        with self._lock:
            found = {key: self._held[key] for key in keys if key in self._held}
            for key in found:
                self._held.move_to_end(key)
        return found

    def keep(self, contents: dict[UUID, ExerciseContent]) -> None:
        """Remember contents; those used longest ago make room."""
        with self._lock:
            self._held.update(contents)
            while len(self._held) > self._size:
                self._held.popitem(last=False)
