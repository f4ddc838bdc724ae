"""An alarm within the process: what it interrupts has no say in it, however it catches exceptions.

It counts processor time, so that a busy machine makes no run fail, and time on the clock for what
only sleeps. It goes off again and again until the block is left: `except:` in a loop does not help.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN = 0.02
_LONGER = 12.0
"""How much longer than of the processor a run may take on the clock."""


class OutOfTime(BaseException):
    """The time is over; no `Exception`, so that honest code does not catch it."""


class Alarm:
    """Raises `OutOfTime` in a block that takes too long."""

    def __init__(self) -> None:
        self._is_set = False

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Allow a `with` block so much processor time.

        Raises:
            OutOfTime: It took longer.
        """
        for number in (signal.SIGVTALRM, signal.SIGALRM):
            signal.signal(number, self._go_off)
        self._is_set = True
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
        signal.setitimer(signal.ITIMER_REAL, seconds * _LONGER, _AGAIN)
        try:
            yield
        finally:
            self.stop()

    def stop(self) -> None:
        """Let it not go off; to be called once more where it may have gone off in between."""
        self._is_set = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _go_off(self, *_: object) -> None:
        if self._is_set:
            raise OutOfTime
