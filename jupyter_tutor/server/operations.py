"""What a route of the HTTP API is, as data."""

from dataclasses import dataclass
from typing import Final, Literal

from jupyter_tutor.server import schemas as wire

PREFIX = "/jupyter-tutor/api"

JSON: Final = "application/json"
TEXT: Final = "text/plain"
ZIP: Final = "application/zip"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or header of a route."""

    name: str
    place: Literal["query", "header"]
    kind: Literal["string", "number"]
    description: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One method on one path.

    Attributes:
        name: Stable operation id; also the name of the handler's method.
        method: HTTP method.
        path: Below `PREFIX`, with `{placeholders}`.
        summary: One line.
        reply: Body of the answer.
        body: Body of the request, or None.
        status: Status of success.
        parameters: Beyond those in the path.
        media: How the reply is sent: as JSON, as its `text` alone, or as its `file` alone.
        staff: Whether it is for the instructors of the course alone.
    """

    name: str
    method: Literal["GET", "POST", "PUT", "DELETE"]
    path: str
    summary: str
    reply: type[wire.Reply]
    body: type[wire.Request] | None = None
    status: int = 200
    parameters: tuple[Parameter, ...] = ()
    media: str = JSON
    staff: bool = False


LANGUAGE = Parameter("language", "query", "string", "Language of texts; default from the profile.")
KEY = Parameter(
    "Idempotency-Key",
    "header",
    "string",
    "8 to 128 characters, fresh for each write; a repeat returns the first answer.",
    required=True,
)
WAIT = Parameter("wait", "query", "number", "Seconds to wait for it to settle, at most 30.")
