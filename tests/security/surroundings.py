"""What lies around an engine in these tests: secrets in files and processes, sockets, open places.

Answers name what they attack by placeholders such as `@FILE@`; `filled` puts in what is there.
"""

import itertools
import os
import secrets
import socket
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import jupyter_tutor
from tests.security.playing import WON

_NOBODY: Final = 65534
_SENTINEL_SECONDS: Final = 86_399


class Surroundings:
    """Secrets, sockets and processes to find.

    Attributes:
        planted: Texts that no learner may ever see.
        place: A directory that everybody may write to.
    """

    def __init__(self) -> None:
        self.planted = f"PLANTED-{secrets.token_hex(8)}"
        self._stack = ExitStack()
        self._numbers = itertools.count(1)
        self._marks: set[str] = set()

    def __enter__(self) -> Self:
        """Plant everything."""
        self.place = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="open-")))
        self.place.chmod(0o777)
        (self.place / "secret.txt").write_text(self.planted)
        shared = self.place / "shared.txt"
        shared.write_text("shared by all")
        shared.chmod(0o666)
        self._port = self._listen()
        self._abstract = f"tutor-{secrets.token_hex(8)}"
        self._socket(socket.SOCK_STREAM, f"\0{self._abstract}").listen(64)
        self._socket(socket.SOCK_DGRAM, str(self.place / "datagrams"))
        (self.place / "datagrams").chmod(0o777)
        self._sentinel = self._start_sentinel()
        os.environ["TUTOR_PLANTED"] = self.planted
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Take everything away."""
        os.environ.pop("TUTOR_PLANTED", None)
        self._stack.close()

    def _socket(self, kind: int, address: str) -> socket.socket:
        made = self._stack.enter_context(socket.socket(socket.AF_UNIX, kind))
        made.bind(address)
        return made

    def _listen(self) -> int:
        listener = self._stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(0.2)
        ended = threading.Event()

        def accept() -> None:
            while not ended.is_set():
                try:
                    listener.accept()[0].close()
                except OSError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        self._stack.callback(thread.join)
        self._stack.callback(ended.set)
        return int(listener.getsockname()[1])

    def _start_sentinel(self) -> "subprocess.Popen[bytes]":
        """Start a process of the user that runs are of outside of their sandboxes."""
        user = _NOBODY if os.geteuid() == 0 else None
        process = subprocess.Popen(["sleep", str(_SENTINEL_SECONDS)], user=user)
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process

    def filled(self, sources: Sequence[str], names: Sequence[str] = ()) -> list[str]:
        """Return sources of one attack with what is there in the place of placeholders."""
        number = next(self._numbers)
        package = Path(jupyter_tutor.__file__).parent
        known = {
            "WON": repr(WON[:4]) + repr(WON[4:]),
            "FILE": self.place / "secret.txt",
            "SHARED": self.place / "shared.txt",
            "OPEN": self.place,
            "PORT": self._port,
            "ABSTRACT": self._abstract,
            "DATAGRAMS": self.place / "datagrams",
            "PID": self._sentinel.pid,
            "PACKAGE": package,
            "PROJECT": package.parent,
            "TOKEN": f"left-by-attack-{number}-{secrets.token_hex(4)}",
            "SECONDS": 1_000_000 + secrets.randbelow(8_000_000),
            "NAMES": list(names),
        }
        self._marks.add(str(known["SECONDS"]))
        filled = []
        for source in sources:
            text = source
            for name, value in known.items():
                text = text.replace(f"@{name}@", str(value))
            filled.append(text)
        return filled

    def marks_in(self, sources: Sequence[str]) -> list[str]:
        """Return what processes would be known by that these sources start."""
        texts = " ".join(sources)
        return sorted(mark for mark in tuple(self._marks) if mark in texts)

    def changed(self) -> list[str]:
        """Return what answers left or changed outside of their sandboxes."""
        found = [str(path) for path in self.place.iterdir() if path.name not in _EXPECTED]
        if (self.place / "shared.txt").read_text() != "shared by all":
            found.append("shared.txt")
        if self._sentinel.poll() is not None:
            found.append("the sentinel")
        return found


_EXPECTED: Final = ("secret.txt", "shared.txt", "datagrams")
