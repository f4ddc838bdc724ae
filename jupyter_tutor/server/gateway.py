"""The gateway: the one tornado handler behind every route of the API.

It authenticates and limits the request, finds its operation in the route table, calls it and maps
errors. What costs time to import (wire types, services) is loaded at the first request, so
that a server whose users never open the tutor does not pay for it.
"""

import functools
import importlib
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, cast
from uuid import uuid4

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web

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
    from jupyter_tutor.server.schemas import Reply

STATUS: tuple[tuple[type[TutorError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (TooLarge, 413),
    (InvalidInput, 422),
    (LimitReached, 429),
    (Unavailable, 503),
)


class Backend(Protocol):
    """What the gateway hands requests to; see `server.routes`."""

    async def call(
        self, operation: "Operation", handler: "GatewayHandler", path: dict[str, str]
    ) -> "Reply":
        """Answer one request."""
        ...

    def close(self) -> None:
        """Stop everything behind it; blocks until that is done."""
        ...


def status_of(error: TutorError) -> int:
    """Return the HTTP status of an error, by the most specific class in the map."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


class GatewayHandler(APIHandler):
    """Every method on every path below the prefix; answers JSON, always."""

    auth_resource = "jupyter-tutor"

    def initialize(self, backend: Callable[[], Awaitable[Backend]], max_body_bytes: int) -> None:
        """Take what the extension passes to each request."""
        self._backend = backend
        self.max_body_bytes = max_body_bytes
        self.request_id = uuid4().hex

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
        """Answer, for now, that nothing can be deleted here."""
        await self._answer(path)

    @web.authenticated
    @authorized
    async def patch(self, path: str) -> None:
        """Answer, for now, that nothing can be patched here."""
        await self._answer(path)

    async def _answer(self, path: str) -> None:
        self.set_header("X-Request-ID", self.request_id)
        self.set_header("Cache-Control", "no-store")
        try:
            if path == "openapi.json" and self.request.method == "GET":
                self.finish(_openapi())
                return
            operation, names = _find(self.request.method or "", "/" + path)
            if len(self.request.body) > self.max_body_bytes:
                raise TooLarge(
                    f"The request has {len(self.request.body)} bytes; at most "
                    f"{self.max_body_bytes} are accepted. Send less, or ask the administrator to "
                    "raise Tutor.max_body_bytes."
                )
            backend = await self._backend()
            reply = await backend.call(operation, self, names)
            self.set_status(operation.status)
            self.finish(reply.model_dump_json())
        except TutorError as error:
            self._refuse(status_of(error), error.code, error.message, error.details)
        except web.HTTPError:
            raise
        except Exception:
            self.log.exception("Request %s to the tutor failed", self.request_id)
            self._refuse(
                500,
                "internal_error",
                "The tutor made a mistake. Nothing was lost; try again, and if it stays, give your "
                f"administrator this number: {self.request_id}.",
                {},
            )

    def _refuse(self, status: int, code: str, message: str, details: dict[str, object]) -> None:
        self.set_status(status)
        if status == 503:
            self.set_header("Retry-After", "2")
        self.finish(
            {"code": code, "message": message, "details": details, "request_id": self.request_id}
        )

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """Give the refusals of the server itself the same form as ours."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        message = getattr(error, "log_message", None) or "The server refused the request."
        self.set_header("Content-Type", "application/json")
        self._refuse(status_code, f"http_{status_code}", str(message), {})


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
        raise web.HTTPError(405, f"{method} is not possible here; use {' or '.join(allowed)}.")
    raise NotFound(f"There is no route {path!r} in the tutor's API.")


def _openapi() -> str:
    openapi = importlib.import_module("jupyter_tutor.server.openapi")
    return cast("str", openapi.text())
