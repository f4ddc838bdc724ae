"""What the fake does with one call."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer as it should be.

    Attributes:
        text: What it says. None: what fits the schema that was asked for, else a sentence.
        stop_reason: Why it ended.
        thinking: Text of a block before it.
        tool: Name and input of a block behind it.
        usage: Whether it says what was used: all of it, only the plain counts, or nothing.
        pieces: In how many pieces the text comes.
    """

    text: str | None = None
    stop_reason: str = "end_turn"
    thinking: str = ""
    tool: tuple[str, Mapping[str, object]] | None = None
    usage: str = "all"
    pieces: int = 4


@dataclass(frozen=True)
class Status:
    """An error as the API words it."""

    code: int
    kind: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, object] | None = None
    message: str = "as the test wanted"


@dataclass(frozen=True)
class Disconnect:
    """The connection is closed before a word is said."""


@dataclass(frozen=True)
class Cut:
    """The connection breaks in the middle of the stream, after so many events."""

    after: int = 4


@dataclass(frozen=True)
class Truncate:
    """The stream ends in order, but before the message does, after so many events."""

    after: int = 4


@dataclass(frozen=True)
class StreamError:
    """An error arrives in the stream, after so many events."""

    kind: str = "overloaded_error"
    after: int = 3


@dataclass(frozen=True)
class Html:
    """A page of some proxy, with status 200."""


@dataclass(frozen=True)
class Plain:
    """The whole message as JSON though a stream was asked for: an endpoint that knows none."""


@dataclass(frozen=True)
class Garbage:
    """Events whose data is no JSON."""


@dataclass(frozen=True)
class Hang:
    """Nothing more comes: at all, or after so many events of a reply."""

    after: int | None = None
    reply: Reply = field(default_factory=Reply)


@dataclass(frozen=True)
class Drip:
    """Events come, each after so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Expire:
    """A request of a batch that was not come to within a day."""


Scenario = (
    Reply
    | Status
    | Disconnect
    | Cut
    | Truncate
    | StreamError
    | Html
    | Plain
    | Garbage
    | Hang
    | Drip
    | Expire
)

_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def error_body(status: Status) -> dict[str, Any]:
    """Return the body of an error."""
    kind = status.kind or _KINDS.get(status.code, "api_error")
    error: dict[str, Any] = {"type": kind, "message": status.message}
    if status.details is not None:
        error["details"] = dict(status.details)
    return {"type": "error", "error": error, "request_id": "req_fake"}


def sample(schema: Mapping[str, Any]) -> object:
    """Return the plainest value that fits a JSON schema of the kind a reply is asked for with."""
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return sample(schema[keyword][0])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(each) for name, each in schema.get("properties", {}).items()}
    plain: dict[object, object] = {"string": "a text", "integer": 1, "number": 0.5}
    return {**plain, "boolean": True, "array": [], "null": None}.get(kind, "a text")


def words_of(reply: Reply, body: Mapping[str, Any]) -> str:
    """Return what a reply says to a request."""
    if reply.text is not None:
        return reply.text
    wanted = (body.get("output_config") or {}).get("format")
    return json.dumps(sample(wanted["schema"])) if wanted else "This is a reply."
