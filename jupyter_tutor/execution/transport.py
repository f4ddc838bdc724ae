"""A kernel client for nbclient that speaks to a sandbox over one socket.

nbclient needs of a client only `execute`, `is_alive` and the two channels with `get_msg`; what the
sandbox sends is put into the form of Jupyter's messages here. There is no heartbeat, thread or
signature: the socket pair is known to nobody else, and its end of file is the sandbox's death.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from typing import Any, Final

MIME: Final = "application/vnd.jupyter-tutor.observation+json"
MAX_MESSAGE: Final = 8_000_000
MAX_RUN: Final = 64_000_000
MAX_PARTS: Final = 1_500_000
_MESSAGE_COST: Final = 2_000  # each takes time and memory here, however short it is

Message = dict[str, Any]

_LENGTH = struct.Struct(">I")


class Channel:
    """One of a kernel's channels, as far as nbclient reads it."""

    def __init__(self) -> None:
        self._messages: asyncio.Queue[Message] = asyncio.Queue()

    @property
    def empty(self) -> bool:
        """Whether no message waits."""
        return self._messages.empty()

    def put(self, message: Message) -> None:
        """Add a message."""
        self._messages.put_nowait(message)

    async def get_msg(self, timeout: float | None = None) -> Message:  # noqa: ARG002
        """Wait for the next message; nbclient here always waits without a time-out."""
        return await self._messages.get()


class SandboxClient(asyncio.Protocol):
    """nbclient's view of a sandbox."""

    allow_stdin = False

    def __init__(self) -> None:
        self.shell_channel = Channel()
        self.iopub_channel = Channel()
        self.lost = asyncio.Event()
        self._transport: asyncio.WriteTransport | None = None
        self._buffer = bytearray()
        self._received = 0
        self._request = 0

    async def connect(self, end: socket.socket) -> None:
        """Start to listen at an end of a socket pair."""
        end.settimeout(0)
        await asyncio.get_running_loop().create_connection(lambda: self, sock=end)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        """Note that the sandbox is gone."""
        self.lost.set()

    def data_received(self, data: bytes) -> None:
        """Take what the sandbox sent; who sends too much or nonsense is cut off."""
        self._received += len(data)
        self._buffer += data
        while len(self._buffer) >= _LENGTH.size and not self.lost.is_set():
            (length,) = _LENGTH.unpack_from(self._buffer)
            end = _LENGTH.size + length
            if length > MAX_MESSAGE or self._received > MAX_RUN:
                self._cut_off()
                return
            if len(self._buffer) < end:
                return
            text = bytes(self._buffer[_LENGTH.size : end])
            del self._buffer[:end]
            self._received += _MESSAGE_COST
            self._take(text)

    def _take(self, text: bytes) -> None:
        if text.count(b"[") + text.count(b"{") + text.count(b",") > MAX_PARTS:
            self._cut_off()  # as objects it would take a hundred times its size
            return
        try:
            message = json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            message = None
        match message:
            case ["stream", str(name), str(words)]:
                self._publish("stream", {"name": name, "text": words})
            case ["observation", dict(seen)]:
                self._publish("display_data", {"data": {MIME: seen}})
            case ["done"]:
                self._publish("status", {"execution_state": "idle"})
                reply = {"status": "ok", "execution_count": None}
                self.shell_channel.put(self._message("execute_reply", reply))
            case _:
                self._cut_off()

    def _cut_off(self) -> None:
        self.lost.set()
        if self._transport is not None:
            self._transport.abort()

    def _publish(self, kind: str, content: Mapping[str, Any]) -> None:
        self.iopub_channel.put(self._message(kind, content))

    def _message(self, kind: str, content: Mapping[str, Any]) -> Message:
        parent = {"msg_id": str(self._request)}
        return {"header": {}, "parent_header": parent, "msg_type": kind, "content": content}

    def execute(self, code: str, **_: object) -> str:
        """Send a request and return its number, as nbclient expects."""
        self._request += 1
        data = f'["execute", {code}]'.encode()
        if self._transport is not None and not self.lost.is_set():
            self._transport.write(_LENGTH.pack(len(data)) + data)
        return str(self._request)

    async def is_alive(self) -> bool:
        """Tell whether the sandbox is there."""
        return not self.lost.is_set()

    def close(self) -> None:
        """Stop listening."""
        if self._transport is not None:
            self._transport.abort()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
