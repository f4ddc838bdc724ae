"""When SIGINT may interrupt: while code of an answer or a test runs, and at no other time."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_handle: Callable[[int, Callable[..., None]], object] = getattr(
    signal.signal, "__wrapped__", signal.signal
)  # without making enumerations of what was there before: this is every call of a test


class Interrupts:
    """Turns SIGINT into `KeyboardInterrupt` while it is allowed.

    Attributes:
        happened: Whether there was one; who wants to know sets it back.
    """

    def __init__(self) -> None:
        self.happened = False
        self._allowed = False

    @contextmanager
    def allowed(self) -> Iterator[None]:
        """Allow interrupts in a `with` block; who has changed the handler has it changed back."""
        before = self._allowed
        _handle(signal.SIGINT, self._interrupt)
        self._allowed = True
        try:
            yield
        finally:
            self._allowed = before

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold interrupts off in a `with` block inside of an allowed one."""
        before, self._allowed = self._allowed, False
        try:
            yield
        finally:
            self._allowed = before

    def _interrupt(self, *_: object) -> None:
        if self._allowed:
            self._allowed, self.happened = False, True
            raise KeyboardInterrupt
