"""Standard output and error of the kernel, metered: what is beyond the limit is not sent.

Python's writes beyond the limit raise, so that a loop that prints without end stops at once. What
is written to descriptors 1 and 2 below Python (by child processes or C code) is drained and
dropped.
"""

import codecs
import fcntl
import os
import select
import struct
import sys
import termios
import threading
import time
from typing import TextIO

from ipykernel.iostream import OutStream

_CHUNK = 65_536
_DRAIN_SECONDS = 0.2


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


METER = Meter()


class MeteredStream(OutStream):
    """An output stream of the kernel that counts on `METER`."""

    def write(self, string: str) -> int:
        """Send a text.

        Raises:
            OutputLimitReached: The limit is passed; what fits is sent.
        """
        if not isinstance(string, str):
            raise TypeError(f"write() argument must be str, not {type(string).__name__}")
        kept = METER.take(string)
        if kept:
            super().write(kept)
        if METER.exceeded:
            raise OutputLimitReached("too much was printed")
        return len(string)

    def write_quietly(self, string: str) -> None:
        """Send what fits of a text."""
        kept = METER.take(string)
        if kept:
            super().write(kept)

    def fileno(self) -> int:
        """Return the descriptor that child processes write to."""
        return 1 if self.name == "stdout" else 2


class DescriptorReader:
    """Reads what arrives at a descriptor and hands it to a stream, from a thread of its own."""

    def __init__(self, descriptor: int, stream: MeteredStream) -> None:
        self._stream = stream
        self._turn = threading.Lock()
        self._pipe, writing = os.pipe()
        os.dup2(writing, descriptor)
        os.close(writing)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            select.select([self._pipe], [], [])
            with self._turn:
                data = os.read(self._pipe, _CHUNK)
                if not data:
                    return
                self._stream.write_quietly(decoder.decode(data))

    def drain(self) -> None:
        """Wait until all that was written by now has reached the stream."""
        deadline = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < deadline:
            with self._turn:
                size = fcntl.ioctl(self._pipe, termios.FIONREAD, b"\0" * 4)
            if struct.unpack("i", size)[0] == 0:
                return
            time.sleep(0.0005)


class Streams:
    """The kernel's two streams and the readers of their descriptors."""

    def __init__(self) -> None:
        self.stdout: TextIO = sys.stdout
        self.stderr: TextIO = sys.stderr
        self._readers = [
            DescriptorReader(number, stream)
            for number, stream in ((1, sys.stdout), (2, sys.stderr))
            if isinstance(stream, MeteredStream)
        ]

    def begin(self, limit: int) -> None:
        """Put the streams back, whatever was done to them, and count anew."""
        sys.stdout, sys.stderr = self.stdout, self.stderr
        METER.reset(limit)

    def end(self) -> bool:
        """Collect what is under way and tell whether the limit was passed."""
        sys.stdout, sys.stderr = self.stdout, self.stderr
        for reader in self._readers:
            reader.drain()
        return METER.exceeded
