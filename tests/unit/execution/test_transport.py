"""What a sandbox sends is read with care: whatever is no message ends the conversation."""

import asyncio
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.execution.transport import MAX_MESSAGE, MIME, SandboxClient


def framed(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


def received(data: bytes, pieces: int = 1) -> tuple[SandboxClient, list[Any]]:
    """Feed a client and return what it made of it."""

    async def feed() -> tuple[SandboxClient, list[Any]]:
        client = SandboxClient()
        size = max(len(data) // pieces, 1)
        for start in range(0, len(data), size):
            client.data_received(data[start : start + size])
        messages = []
        for channel in (client.iopub_channel, client.shell_channel):
            while not channel.empty:
                messages.append(await channel.get_msg())
        return client, messages

    return asyncio.run(feed())


@pytest.mark.parametrize("pieces", [1, 2, 7, 1000])
def test_messages_arrive_whole_in_whatever_pieces(pieces: int) -> None:
    seen = {"ending": "completed"}
    sent = [["stream", "stdout", "é"], ["observation", seen], ["done"]]
    data = b"".join(framed(json.dumps(each).encode()) for each in sent)
    client, messages = received(data, pieces)
    assert not client.lost.is_set()
    assert [each["msg_type"] for each in messages] == [
        "stream",
        "display_data",
        "status",
        "execute_reply",
    ]
    assert messages[1]["content"]["data"] == {MIME: seen}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"no JSON",
        b"{}",
        b"[]",
        b'["passed"]',
        b'["observation", []]',
        b'["observation", {"seconds": NaN}]',
        b'["observation", {"value": Infinity}]',
        b'["stream", 1, 2]',
        b"\xff\xfe",
        b"[" * 200_000,
    ],
)
def test_nonsense_cuts_the_sandbox_off(text: bytes) -> None:
    client, messages = received(framed(text) + framed(b'["done"]'))
    assert client.lost.is_set()
    assert messages == []


def test_a_message_without_end_is_refused_at_once() -> None:
    client, _ = received(struct.pack(">I", MAX_MESSAGE + 1))
    assert client.lost.is_set()


@given(st.binary(max_size=200))
def test_any_bytes_do_no_harm(data: bytes) -> None:
    received(data)
