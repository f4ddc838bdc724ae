"""Messages over a socket: the length in four bytes, then JSON; file descriptors may come along."""

import json
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

MAX_MESSAGE = 16 * 2**20

Message = list[Any]

_LENGTH = struct.Struct(">I")


class Broken(Exception):
    """The other side is gone, or sent what is no message."""


class Wire:
    """One end of a conversation; blocking."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._send: Callable[[bytes], None] = end.sendall
        self._dumps = json.dumps

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            OSError: The other side is gone.
        """
        data = self._dumps(message).encode()
        self._send(_LENGTH.pack(len(data)) + data)

    def receive(self) -> Message:
        """Wait for a message.

        Raises:
            Broken: There will be none, or it is none.
        """
        (length,) = _LENGTH.unpack(_read(self._end, _LENGTH.size))
        if length > MAX_MESSAGE:
            raise Broken("the message is too long")
        return _message(_read(self._end, length))

    def close(self) -> None:
        """Close this end."""
        self._end.close()


def _read(end: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = end.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise Broken("the other side is gone")
        data += piece
    return bytes(data)


def _message(data: bytes, loads: Callable[[bytes], Any] = json.loads) -> Message:
    try:
        message = loads(data)
    except (ValueError, RecursionError) as error:
        raise Broken("the message is no JSON") from error
    if not isinstance(message, list) or not message:
        raise Broken("the message is no list")
    return message


def receive_with_descriptors(end: socket.socket, most: int) -> tuple[Message, list[int]]:
    """Wait for one short message that descriptors come along with.

    Raises:
        Broken: The other side is gone.
    """
    head, descriptors, _, _ = socket.recv_fds(end, _LENGTH.size, most)
    if len(head) < _LENGTH.size:
        raise Broken("the other side is gone")
    (length,) = _LENGTH.unpack(head)
    return _message(_read(end, length)), list(descriptors)


def send_with_descriptors(end: socket.socket, message: Message, given: Sequence[int]) -> None:
    """Send one message and some descriptors.

    Raises:
        OSError: The other side is gone.
    """
    data = json.dumps(message).encode()
    data = _LENGTH.pack(len(data)) + data
    sent = socket.send_fds(end, [data], list(given))
    if sent < len(data):
        end.sendall(data[sent:])
