"""The gateway: the one tornado handler behind every route of the API.

It authenticates and limits the request, finds its operation in the route table, calls it and maps
errors. What costs time to import (wire types, services) is loaded at the first request, so
that a server whose users never open the tutor does not pay for it.
"""

import asyncio
import functools
import hmac
import importlib
import os
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast
from uuid import uuid4

from jupyter_server.auth.decorator import allow_unauthenticated, authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.iostream import StreamClosedError

from jupyter_tutor.domain.errors import (
    Conflict,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
    TooLarge,
    TutorError,
    Unavailable,
)

if TYPE_CHECKING:
    from jupyter_tutor.server.contract import Operation
    from jupyter_tutor.server.privacy_schemas import ExportReply
    from jupyter_tutor.server.schemas import MetricsReply, Reply

R = TypeVar("R")

STATUS: tuple[tuple[type[TutorError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (TooLarge, 413),
    (InvalidInput, 422),
    (LimitReached, 429),
    (Unavailable, 503),
)
REFUSALS = {
    400: "The server could not read the request. Reload the page and try again.",
    403: "You are not signed in, or your sign-in has expired. Reload the page and sign in again.",
    404: "The server refused the request: it comes from another site, or its address is wrong.",
}
"""What to say when Jupyter Server refuses a request before it comes to us."""

MISTAKE = (
    "The tutor made a mistake. Nothing was lost; try again, and if it stays, give your "
    "administrator this number: {request_id}."
)
LONGEST_ECHO = 200
PART_BYTES = 256 * 1024
"""Of a file that is sent, how much is written at once."""
PLAIN = "text/plain; version=0.0.4; charset=utf-8"
"""The type of Prometheus' text format."""


class Backend(Protocol):
    """What the gateway hands requests to; see `server.routes`."""

    async def call(
        self, operation: "Operation", handler: "GatewayHandler", path: dict[str, str]
    ) -> "Reply":
        """Answer one request."""
        ...

    async def hang_up(self) -> None:
        """Let go of what belongs to this event loop; before `close`."""
        ...

    def close(self) -> None:
        """Stop everything behind it; blocks until that is done."""
        ...


def status_of(error: TutorError) -> int:
    """Return the HTTP status of an error, by the most specific class in the map."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


class WrongMethod(web.HTTPError):
    """The path exists, but not for this method."""

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        super().__init__(405, reason="Method Not Allowed")
        self.allowed = ", ".join(sorted({*allowed, "OPTIONS"}))
        self.message = f"{method} is not possible here; use {' or '.join(allowed)}."


class GatewayHandler(APIHandler):
    """Every method on every path below the prefix; answers JSON, always.

    Attributes:
        request_id: Names the request in answers and in the log.
        max_body_bytes: Largest body that is accepted.
    """

    auth_resource = "jupyter-tutor"
    request_id = ""

    def initialize(self, backend: Callable[[], Awaitable[Backend]], max_body_bytes: int) -> None:
        """Take what the extension passes to each request."""
        self._backend = backend
        self._answering: asyncio.Future[Any] | None = None
        self.max_body_bytes = max_body_bytes

    @property
    def knows_server_token(self) -> bool:
        """Whether the request carries the token of this server itself."""
        own = str(getattr(self.identity_provider, "token", "") or "")
        given = self.identity_provider.get_token(self) or ""
        return bool(own) and hmac.compare_digest(own.encode(), given.encode())

    async def until_closed(self, answer: Coroutine[object, object, R]) -> R:
        """Return what a coroutine returns; it is cancelled when the connection is closed."""
        task: asyncio.Future[R] = asyncio.ensure_future(answer)
        self._answering = task
        try:
            return await task
        finally:
            self._answering = None

    def on_connection_close(self) -> None:
        """End what only the one who has left was waiting for."""
        super().on_connection_close()
        if self._answering is not None:
            self._answering.cancel()

    def set_default_headers(self) -> None:
        """Name the request, also in refusals that come before our own code."""
        super().set_default_headers()
        self.request_id = self.request_id or uuid4().hex
        self.set_header("X-Request-ID", self.request_id)
        self.set_header("Cache-Control", "no-store")

    def update_api_activity(self) -> None:
        """Record activity; bytes in the query that are no text must not keep us from answering."""
        with suppress(web.HTTPError):
            super().update_api_activity()

    @allow_unauthenticated
    def options(self, *args: object, **kwargs: object) -> None:
        """Answer a browser's question before a request from another site; says nothing else."""
        super().options(*args, **kwargs)
        if "Access-Control-Allow-Headers" not in self.settings.get("headers", {}):
            allowed = "accept, content-type, authorization, x-xsrftoken, idempotency-key"
            self.set_header("Access-Control-Allow-Headers", allowed)

    @web.authenticated
    @authorized
    async def head(self, path: str) -> None:
        """Answer as GET does, without the body."""
        await self._answer(path)

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Answer a reading request."""
        await self._answer(path)

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Answer a writing request."""
        await self._answer(path)

    @web.authenticated
    @authorized
    async def put(self, path: str) -> None:
        """Answer a replacing request."""
        await self._answer(path)

    @web.authenticated
    @authorized
    async def delete(self, path: str) -> None:
        """Answer a deleting request."""
        await self._answer(path)

    @web.authenticated
    @authorized
    async def patch(self, path: str) -> None:
        """Answer, for now, that nothing can be patched here."""
        await self._answer(path)

    async def _answer(self, path: str) -> None:
        method = "GET" if self.request.method == "HEAD" else self.request.method or ""
        try:
            if path == "openapi.json" and method == "GET":
                self.finish(_openapi())
                return
            operation, names = _find(method, "/" + path)
            if len(self.request.body) > self.max_body_bytes:
                raise TooLarge(
                    f"The request has {len(self.request.body)} bytes; at most "
                    f"{self.max_body_bytes} are accepted. Send less, or ask the administrator to "
                    "raise Tutor.max_body_bytes."
                )
            backend = await self._backend()
            reply = await backend.call(operation, self, names)
            self.set_status(operation.status)
            if operation.media == "application/json":
                self.finish(reply.as_json())
            elif operation.media == "text/plain":
                self.finish(cast("MetricsReply", reply).text, set_content_type=PLAIN)
            else:
                await self._send(cast("ExportReply", reply), operation.media)
        except TutorError as error:
            self._refuse(status_of(error), error.code, error.message, error.details)
        except web.HTTPError:
            raise
        except asyncio.CancelledError:
            self.log.info("Request %s to the tutor was given up", self.request_id)
        except Exception:
            self.log.exception("Request %s to the tutor failed", self.request_id)
            self._refuse(500, "internal_error", MISTAKE.format(request_id=self.request_id), {})

    async def _send(self, reply: "ExportReply", media: str) -> None:
        """Send a file in parts, each when the one before it has gone out."""
        with reply.file as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(0)
            self.set_header("Content-Type", media)
            self.set_header("Content-Length", str(size))
            self.set_header("Content-Disposition", f'attachment; filename="{reply.name}"')
            # Who goes away while it is sent has it not, and can ask again.
            with suppress(StreamClosedError):
                while part := file.read(PART_BYTES):
                    self.write(part)
                    await self.flush()
                self.finish(set_content_type=media)

    def _refuse(self, status: int, code: str, message: str, details: dict[str, object]) -> None:
        self.set_status(status)
        if status == 503:
            self.set_header("Retry-After", "2")
        self.finish(
            {"code": code, "message": message, "details": details, "request_id": self.request_id}
        )

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """Give the refusals of the server itself the same form as ours.

        What they were logged with stays in the log: it may hold paths, or whatever was raised.
        """
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, WrongMethod):
            self.set_header("Allow", error.allowed)
            self._refuse(405, "method_not_allowed", error.message, {})
        elif status_code in REFUSALS:
            self._refuse(status_code, f"http_{status_code}", REFUSALS[status_code], {})
        elif status_code < 500:
            self._refuse(status_code, f"http_{status_code}", "The server refused the request.", {})
        else:
            self._refuse(500, "internal_error", MISTAKE.format(request_id=self.request_id), {})


@functools.cache
def _table() -> "tuple[tuple[re.Pattern[str], Operation], ...]":
    contract = importlib.import_module("jupyter_tutor.server.contract")
    return tuple(
        (re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", operation.path)), operation)
        for operation in contract.OPERATIONS
    )


def _find(method: str, path: str) -> "tuple[Operation, dict[str, str]]":
    allowed = []
    for pattern, operation in _table():
        match = pattern.fullmatch(path)
        if match and operation.method == method:
            return operation, match.groupdict()
        if match:
            allowed.append(operation.method)
    if allowed:
        raise WrongMethod(method, allowed)
    raise NotFound(f"There is no route {path[:LONGEST_ECHO]!r} in the tutor's API.")


def _openapi() -> str:
    openapi = importlib.import_module("jupyter_tutor.server.openapi")
    return cast("str", openapi.text())
