"""Bedrock's stream: events as frames of `application/vnd.amazon.eventstream`.

A frame is its length, the length of its headers and a CRC-32 of both, then headers, payload, and a
CRC-32 of all that; numbers are big-endian. A header is a name and a string, each with its length.
"""

import base64
import json
import re
import struct
import zlib
from collections.abc import Mapping

_STRING = 7
_EVENT = re.compile(rb"event: (\S+)\ndata: (.*)\n\n", re.DOTALL)
_EXCEPTIONS = {
    "rate_limit_error": "throttlingException",
    "overloaded_error": "serviceUnavailableException",
}


def framed(event: bytes) -> bytes:
    """Return an event of a stream of Anthropic's as Bedrock would send it."""
    found = _EVENT.fullmatch(event)
    assert found is not None
    if found[1] == b"error":
        error = json.loads(found[2])["error"]
        kind = _EXCEPTIONS.get(error["type"], "internalServerException")
        headers = {":message-type": "exception", ":exception-type": kind}
        return _frame(headers, {"message": error["message"]})
    headers = {":message-type": "event", ":event-type": "chunk"}
    return _frame(headers, {"bytes": base64.b64encode(found[2]).decode()})


def _frame(headers: Mapping[str, str], payload: object) -> bytes:
    told = {**headers, ":content-type": "application/json"}
    head = b"".join(
        struct.pack("!B", len(name))
        + name.encode()
        + struct.pack("!BH", _STRING, len(value))
        + value.encode()
        for name, value in told.items()
    )
    body = json.dumps(payload).encode()
    lengths = struct.pack("!II", 16 + len(head) + len(body), len(head))
    begun = lengths + struct.pack("!I", zlib.crc32(lengths)) + head + body
    return begun + struct.pack("!I", zlib.crc32(begun))


def unframed(stream: bytes) -> tuple[list[tuple[dict[str, str], bytes]], bytes]:
    """Return the whole frames at the beginning of a stream, and the rest of it.

    Raises:
        ValueError: A checksum is wrong.
    """
    frames = []
    while len(stream) >= 16 and len(stream) >= (size := struct.unpack_from("!I", stream)[0]):
        frame, stream = stream[:size], stream[size:]
        (headers_end,) = struct.unpack_from("!I", frame, 4)
        sums = (zlib.crc32(frame[:8]), zlib.crc32(frame[:-4]))
        if sums != (*struct.unpack_from("!I", frame, 8), *struct.unpack("!I", frame[-4:])):
            raise ValueError("a frame is broken")
        frames.append((_headers(frame[12 : 12 + headers_end]), frame[12 + headers_end : -4]))
    return frames, stream


def _headers(head: bytes) -> dict[str, str]:
    found = {}
    while head:
        name_ends = 1 + head[0]
        (length,) = struct.unpack_from("!H", head, name_ends + 1)
        value_begins = name_ends + 3
        found[head[1:name_ends].decode()] = head[value_begins : value_begins + length].decode()
        head = head[value_begins + length :]
    return found
