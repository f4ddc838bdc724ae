"""Calls to make when this process ends: at its end, on SIGTERM and on SIGHUP.

Python runs `atexit` callbacks neither on SIGTERM nor when the terminal closes, unless somebody
turns those signals into an ordinary exit. A program that handles them itself (Jupyter Server does)
is left alone.
"""

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

_waiting: set[Callable[[], None]] = set()


def _exit(number: int, _frame: FrameType | None) -> None:
    # A second signal must end a process whose farewell hangs.
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)


def _signals() -> tuple[signal.Signals, ...]:
    if sys.platform == "win32":
        return (signal.SIGTERM,)
    return (signal.SIGTERM, signal.SIGHUP)


def _exchange_handlers(old: object, new: Callable[[int, FrameType | None], None] | int) -> None:
    # Python allows this in the main thread only; elsewhere the program's own habits apply.
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _signals():
        if signal.getsignal(number) == old:
            signal.signal(number, new)


def on_exit(callback: Callable[[], None]) -> Callable[[], None]:
    """Run `callback` when this process ends by itself, by SIGTERM or by SIGHUP.

    A forked child does not run it.

    Args:
        callback: What to do; it should not raise.

    Returns:
        A function that takes the request back.
    """
    owner = os.getpid()

    def farewell() -> None:
        if os.getpid() == owner:
            callback()

    def cancel() -> None:
        atexit.unregister(farewell)
        _waiting.discard(farewell)
        if not _waiting:
            _exchange_handlers(_exit, signal.SIG_DFL)

    atexit.register(farewell)
    _waiting.add(farewell)
    _exchange_handlers(signal.SIG_DFL, _exit)
    return cancel
