"""Standard output and error of a run, metered: what is beyond the limit is not sent.

Python's writes beyond the limit raise, so that a loop that prints without end stops at once. What
is written to descriptors 1 and 2 below Python, by child processes or C code, goes to an unnamed
file of a limited size and is collected at the end of the step.
"""

import io
import os
import sys
import time
from collections.abc import Callable

_PIECE = 8_192
_PAUSE = 0.02
_LONG_PAUSE = 0.2
_AT_ONCE = 50
_FULL = 1_048_576
_NAMES = ("stdout", "stderr")

Emit = Callable[[str, str], None]


class OutputLimitReached(BaseException):
    """More was printed than allowed; no `Exception`, so that honest code does not catch it."""


class Meter:
    """Counts the bytes of one step on both streams together."""

    def __init__(self) -> None:
        self.left = 0

    def reset(self, limit: int) -> None:
        """Allow `limit` bytes, and one more, which tells the reader that the limit was passed."""
        self.left = limit + 1

    @property
    def exceeded(self) -> bool:
        """Whether more was written than allowed."""
        return self.left <= 0

    def take(self, text: str) -> str:
        """Return what may still be sent of a text, as characters that can be encoded."""
        left = max(self.left, 0)
        data = text[:left].encode("utf-8", "backslashreplace")  # a character has a byte or more
        self.left -= max(len(data), len(text))
        return data[:left].decode("utf-8", "ignore")


class MeteredStream(io.TextIOBase):
    """An output stream that sends what is written, in pieces, and counts on a meter."""

    def __init__(self, name: str, meter: Meter, emit: Emit) -> None:
        self.name = name
        self.mode = "w"
        self._meter, self._emit = meter, emit
        self._waiting: list[str] = []
        self._size = 0
        self._sent = 0.0
        self._flushes = 0
        self._bytes = _Bytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding that is told to who asks."""
        return "utf-8"

    @property
    def buffer(self) -> io.RawIOBase:
        """The same stream for bytes."""
        return self._bytes

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def isatty(self) -> bool:
        """Tell that nobody sits there."""
        return False

    def fileno(self) -> int:
        """Return the descriptor that child processes write to."""
        return 1 if self.name == "stdout" else 2

    def write(self, text: str) -> int:
        """Send a text.

        Raises:
            OutputLimitReached: The limit is passed; what fits is sent.
        """
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.write_quietly(text)
        if self._meter.exceeded:
            self.flush()
            raise OutputLimitReached("too much was printed")
        return len(text)

    def write_quietly(self, text: str) -> None:
        """Send what fits of a text."""
        kept = self._meter.take(text)
        if kept:
            self._waiting.append(kept)
            self._size += len(kept)
            line_ends = "\n" in kept
            pause = (_PAUSE if self._flushes > _AT_ONCE else 0.0) if line_ends else _LONG_PAUSE
            if self._size >= _PIECE or time.monotonic() - self._sent >= pause:
                self.flush()

    def begin(self) -> None:
        """Begin a step: its first lines are sent one by one, later ones together."""
        self._sent, self._flushes = time.monotonic(), 0

    def flush(self) -> None:
        """Send what waits."""
        if self._waiting:
            text, self._waiting, self._size = "".join(self._waiting), [], 0
            self._sent = time.monotonic()
            self._flushes += 1
            self._emit(self.name, text)


class _Bytes(io.RawIOBase):
    def __init__(self, stream: MeteredStream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        raw = bytes(memoryview(data))  # type: ignore[arg-type]
        self._stream.write(raw.decode("utf-8", "replace"))
        return len(raw)


class Streams:
    """The two streams of a run and the files behind their descriptors."""

    def __init__(self, emit: Emit, directory: str) -> None:
        self._meter = Meter()
        self._streams = [MeteredStream(name, self._meter, self._pass_on) for name in _NAMES]
        self._emit = emit
        self._kept: list[tuple[str, str]] | None = None
        self._files = [_unnamed_file(directory, descriptor) for descriptor in (1, 2)]
        self._read = [0, 0]

    def begin(self, limit: int) -> None:
        """Put the streams back, whatever was done to them, and count anew."""
        sys.stdout, sys.stderr = self._streams
        for stream in self._streams:
            stream.begin()
        self._meter.reset(limit)

    def end(self) -> bool:
        """Collect what is under way and tell whether the limit was passed."""
        sys.stdout, sys.stderr = self._streams
        for number, stream in enumerate(self._streams):
            self._collect(number, stream)
            stream.flush()
        return self._meter.exceeded

    def keep(self) -> None:
        """Keep what is printed, for `take`, instead of sending it."""
        self._kept = []

    def take(self) -> list[str]:
        """Return what was kept since the last time, of both streams."""
        self.end()
        kept, self._kept = self._kept or [], []
        return ["".join(text for of, text in kept if of == name) for name in _NAMES]

    def send(self) -> None:
        """Send again what is printed."""
        self._kept = None

    def _pass_on(self, name: str, text: str) -> None:
        if self._kept is None:
            self._emit(name, text)
        else:
            self._kept.append((name, text))

    def _collect(self, number: int, stream: MeteredStream) -> None:
        """Take over what was written to a descriptor since the last step."""
        file = self._files[number]
        if file is None:
            return
        size = os.fstat(file).st_size
        if size > self._read[number]:
            wanted = min(size - self._read[number], self._meter.left + 1)
            data = os.pread(file, max(wanted, 1), self._read[number])
            self._read[number] = size
            if size > _FULL:  # its size is limited, and later steps have to find room
                os.ftruncate(file, 0)
                self._read[number] = 0
            stream.write_quietly(data.decode("utf-8", "replace"))


def _unnamed_file(directory: str, descriptor: int) -> int | None:
    """Put an unnamed file behind a descriptor; its size is limited like that of every file."""
    path = f"{directory}/.output-{descriptor}"
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        os.unlink(path)  # noqa: PTH108 - each import here is paid by every run
        os.dup2(file, descriptor)
    except OSError:
        return None
    return file
