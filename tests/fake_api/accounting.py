"""What a request uses: tokens by length, and what of them was stored before."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_SECONDS = {"5m": 300.0, "1h": 3600.0}


@dataclass(frozen=True)
class Counted:
    """Tokens of one request; the four classes of input do not overlap."""

    input: int
    write_5m: int
    write_1h: int
    read: int

    def usage(self, output: int, thinking: int = 0) -> dict[str, Any]:
        """Return it as the API says it."""
        return {
            "input_tokens": self.input,
            "cache_creation_input_tokens": self.write_5m + self.write_1h,
            "cache_read_input_tokens": self.read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.write_5m,
                "ephemeral_1h_input_tokens": self.write_1h,
            },
            "output_tokens": output,
            "output_tokens_details": {"thinking_tokens": thinking},
            "service_tier": "standard",
        }


def tokens(text: str) -> int:
    """Return how many tokens a text has: four characters make one."""
    return -(-len(text) // 4)


@dataclass
class PromptCache:
    """Beginnings of prompts that are stored, by their hash.

    Attributes:
        floor: Beginnings with fewer tokens are not stored, and nobody is told.
        clock: Seconds; a test may turn it forward.
    """

    floor: int = 1_024
    clock: Callable[[], float] = time.monotonic
    _until: dict[str, float] = field(default_factory=dict)

    def count(self, body: Mapping[str, Any]) -> Counted:
        """Count a request, store what it marks, and say what of it was there."""
        total, marks = 0, []
        digest = hashlib.sha256(str(body.get("model")).encode())
        for block, ttl in _blocks(body):
            digest.update(block.encode() + b"\0")
            total += tokens(block)
            if ttl:
                marks.append((digest.hexdigest(), total, ttl))
        now, read = self.clock(), 0
        for key, size, ttl in marks:
            if self._until.get(key, 0.0) > now:
                read = size
                self._until[key] = now + _SECONDS[ttl]
        written = {"5m": 0, "1h": 0}
        stored = read
        for key, size, ttl in marks:
            if size > stored and size >= self.floor:
                written[ttl] += size - stored
                stored = size
                self._until[key] = now + _SECONDS[ttl]
        return Counted(total - stored, written["5m"], written["1h"], read)


def _blocks(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give every block in the order in which it is read, with the time it is to be stored for."""
    for tool in body.get("tools") or []:
        yield json.dumps(tool, sort_keys=True), _ttl(tool)
    system = body.get("system") or []
    for block in [{"type": "text", "text": system}] if isinstance(system, str) else system:
        yield str(block.get("text", "")), _ttl(block)
    for message in body.get("messages") or []:
        content = message["content"]
        for block in [{"text": content}] if isinstance(content, str) else content:
            yield f"{message['role']}: {block.get('text', block)}", _ttl(block)


def _ttl(block: Mapping[str, Any]) -> str:
    mark = block.get("cache_control")
    return mark.get("ttl", "5m") if mark else ""
