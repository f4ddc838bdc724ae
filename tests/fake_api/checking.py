"""What the API refuses."""

from collections.abc import Mapping
from typing import Any

from tests.fake_api.scenarios import Status

VERSIONS = {"2023-06-01", "2026-10-21", "vertex-2023-10-16"}
_EFFORTS = {"low", "medium", "high", "xhigh", "max"}
_MOST_MARKS = 4
_NEEDED = ("model", "max_tokens", "messages")
_SAMPLING = ("temperature", "top_p", "top_k")


def refused_headers(headers: Mapping[str, str], body: Mapping[str, Any]) -> Status | None:
    """Say why a request is not let in, or None."""
    bearer = headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not bearer and not headers.get("x-api-key") and not headers.get("api-key"):
        return Status(401, message="no key")
    version = headers.get("anthropic-version") or body.get("anthropic_version")
    if version not in VERSIONS:
        return Status(400, message=f"anthropic-version: {version}")
    return None


def refused_body(body: Mapping[str, Any]) -> Status | None:
    """Say why a message can't be made, or None."""
    for problem in _problems(body):
        return Status(400, message=problem)
    return None


def _problems(body: Mapping[str, Any]) -> list[str]:
    found = [
        f"{name}: field required"
        for name in ("model", "max_tokens", "messages")
        if name not in body
    ]
    found += [
        f"{name}: not supported" for name in ("temperature", "top_p", "top_k") if name in body
    ]
    messages = body.get("messages") or []
    if not messages or messages[0]["role"] != "user":
        found.append("messages: the first one must be the user's")
    elif messages[-1]["role"] != "user":
        found.append("messages: prefill is not supported")
    thinking = body.get("thinking") or {}
    if thinking.get("type") == "enabled" or "budget_tokens" in thinking:
        found.append("thinking: budget_tokens is not supported")
    effort = (body.get("output_config") or {}).get("effort")
    if effort is not None and effort not in _EFFORTS:
        found.append(f"output_config.effort: {effort}")
    return found + _wrong_marks(body)


def _wrong_marks(body: Mapping[str, Any]) -> list[str]:
    """Look at the marks of what is to be stored: at most four, the longer time first."""
    system = body.get("system")
    blocks = list(system) if isinstance(system, list) else []
    for message in body.get("messages") or []:
        if isinstance(message.get("content"), list):
            blocks += message["content"]
    marks = [block["cache_control"] for block in blocks if block.get("cache_control")]
    times = [mark.get("ttl", "5m") for mark in marks]
    wrong = [f"cache_control.ttl: {ttl}" for ttl in times if ttl not in ("5m", "1h")]
    if len(marks) > _MOST_MARKS:
        wrong.append("cache_control: more than 4 blocks")
    if times != sorted(times):
        wrong.append("cache_control: ttl='1h' must come before ttl='5m'")
    empty = [block for block in blocks if block.get("type") == "text" and not block.get("text")]
    return wrong + (["text: must not be empty"] if empty else [])
