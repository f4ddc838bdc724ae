"""Messages over a socket: the length in four bytes, then JSON; file descriptors may come along.

Code of an answer may share a process with one end, and change the modules that both use. So what
reads and writes messages is taken out of them at the beginning, and is written in C.
"""

import json
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any

MAX_MESSAGE = 16 * 2**20

Message = list[Any]

_LENGTH = struct.Struct(">I")


def _no_json(value: object) -> object:
    raise TypeError(f"a {type(value).__name__} is no JSON")


def _writer() -> Callable[[Any], str]:
    """Return what `json.dumps` is, without its parts that can be changed."""
    parts: Any = json.encoder
    make, quote = parts.c_make_encoder, parts.encode_basestring_ascii
    if make is None:
        return json.dumps
    flags = (False, False, True)  # sort keys, skip keys, allow NaN
    write = make(None, _no_json, quote, None, ": ", ", ", *flags)
    return lambda value: "".join(write(value, 0))


_write = _writer()
_decoder: Any = json.JSONDecoder()
_scan: Callable[[str, int], tuple[Any, int]] = _decoder.scan_once


class Broken(Exception):
    """The other side is gone, or sent what is no message."""


class Wire:
    """One end of a conversation; blocking."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._send: Callable[[bytes], None] = end.sendall
        self._recv: Callable[[int], bytes] = end.recv

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            OSError: The other side is gone.
        """
        data = _write(message).encode()
        self._send(_LENGTH.pack(len(data)) + data)

    def receive(self) -> Message:
        """Wait for a message.

        Raises:
            Broken: There will be none, or it is none.
        """
        (length,) = _LENGTH.unpack(_read(self._recv, _LENGTH.size))
        if length > MAX_MESSAGE:
            raise Broken("the message is too long")
        return _message(_read(self._recv, length))

    def close(self) -> None:
        """Close this end."""
        self._end.close()


def _read(receive: Callable[[int], bytes], size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = receive(min(size - len(data), 1 << 20))
        if not piece:
            raise Broken("the other side is gone")
        data += piece
    return bytes(data)


def _message(data: bytes) -> Message:
    try:
        text = data.decode()
        message, end = _scan(text, 0)
        if end != len(text):
            raise ValueError("more than one value")
    except (ValueError, RecursionError, StopIteration) as error:
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
    return _message(_read(end.recv, length)), list(descriptors)


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
