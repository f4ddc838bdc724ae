"""Messages as the API says them: as one body, and as the events of a stream."""

import itertools
import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fake_api.accounting import Counted, tokens
from tests.fake_api.scenarios import Reply, words_of

_numbers = itertools.count(1)


def message(reply: Reply, body: Mapping[str, Any], counted: Counted) -> dict[str, Any]:
    """Return the whole message."""
    text = words_of(reply, body)
    content: list[dict[str, Any]] = []
    if reply.thinking:
        content.append({"type": "thinking", "thinking": reply.thinking, "signature": "c2ln"})
    if text or not reply.tool:
        content.append({"type": "text", "text": text})
    if reply.tool:
        name, arguments = reply.tool
        content.append(
            {"type": "tool_use", "id": "toolu_1", "name": name, "input": dict(arguments)}
        )
    thought = tokens(reply.thinking)
    made = {
        "id": f"msg_{next(_numbers)}",
        "type": "message",
        "role": "assistant",
        "model": body.get("model", ""),
        "content": [] if reply.stop_reason == "refusal" and not text else content,
        "stop_reason": reply.stop_reason,
        "stop_sequence": None,
        "usage": _said(reply, counted.usage(thought + tokens(text), thought)),
    }
    if reply.stop_reason == "refusal":
        made["stop_details"] = {"type": "refusal", "category": None, "explanation": None}
    return {name: value for name, value in made.items() if value is not None or name != "usage"}


def _said(reply: Reply, usage: dict[str, Any]) -> dict[str, Any] | None:
    if reply.usage == "all":
        return usage
    if reply.usage == "plain":
        plain = usage["input_tokens"] + usage["cache_creation_input_tokens"]
        plain += usage["cache_read_input_tokens"]
        return {"input_tokens": plain, "output_tokens": usage["output_tokens"]}
    return None


def events(reply: Reply, body: Mapping[str, Any], counted: Counted) -> list[bytes]:
    """Return the events of a stream, in the order of the API."""
    whole = message(reply, body, counted)
    usage = whole.get("usage")
    begun = {**whole, "content": [], "stop_reason": None}
    begun.pop("stop_details", None)
    if usage:
        begun["usage"] = {**usage, "output_tokens": 1}
        begun["usage"].pop("output_tokens_details", None)
    made = [_event("message_start", message=begun), _event("ping")]
    for index, block in enumerate(whole["content"]):
        made += _block(index, block, reply.pieces)
    delta = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    if "stop_details" in whole:
        delta["stop_details"] = whole["stop_details"]
    last: dict[str, Any] = {"delta": delta}
    if usage:
        last["usage"] = {
            name: value
            for name, value in usage.items()
            if name not in ("cache_creation", "service_tier")
        }
    return [*made, _event("message_delta", **last), _event("message_stop")]


def _block(index: int, block: Mapping[str, Any], pieces: int) -> Iterator[bytes]:
    deltas: list[dict[str, Any]]
    empty: dict[str, Any]
    if block["type"] == "text":
        empty = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": part} for part in _parts(block["text"], pieces)]
    elif block["type"] == "thinking":
        empty = {"type": "thinking", "thinking": "", "signature": ""}
        parts = _parts(block["thinking"], pieces)
        deltas = [{"type": "thinking_delta", "thinking": part} for part in parts]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    else:
        empty = {**block, "input": {}}
        parts = _parts(json.dumps(block["input"]), pieces)
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in parts]
    yield _event("content_block_start", index=index, content_block=empty)
    for delta in deltas:
        yield _event("content_block_delta", index=index, delta=delta)
    yield _event("content_block_stop", index=index)


def _parts(text: str, pieces: int) -> list[str]:
    size = max(1, -(-len(text) // pieces))
    return [text[at : at + size] for at in range(0, len(text), size)]


def _event(kind: str, **fields: object) -> bytes:
    return event_bytes(kind, {"type": kind, **fields})


def event_bytes(kind: str, data: object) -> bytes:
    """Return an event with its name and data, as it goes over the wire."""
    text = data if isinstance(data, str) else json.dumps(data)
    return f"event: {kind}\ndata: {text}\n\n".encode()
