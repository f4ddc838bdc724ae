"""A real Jupyter server with the extension, in a thread of this process, and a client for it."""

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode
from uuid import uuid4

from jupyter_server.serverapp import ServerApp
from traitlets.config import Config

from jupyter_tutor.server.app import TutorApp

API = "/jupyter-tutor/api"
TOKEN = "a-token-for-tests"

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Json:
        assert self.headers["content-type"].startswith("application/json"), self.headers
        body: Json = json.loads(self.body)
        return body

    def refusal(self, status: int, code: str) -> str:
        """Return the message of a refusal of the one form that all have."""
        body = self.json()
        assert (self.status, body["code"]) == (status, code), body
        assert set(body) == {"code", "message", "details", "request_id"}
        assert body["request_id"] == self.headers["x-request-id"]
        assert len(body["message"]) > 20
        message: str = body["message"]
        return message


@dataclass(frozen=True)
class Client:
    """Calls the server as one who knows the token; each call is a connection of its own."""

    port: int
    base_url: str = "/"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Authorization": f"token {TOKEN}"})
    api: str = API

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        query: Mapping[str, object] | None = None,
        timeout: float = 60,
    ) -> Answer:
        """Send a request; a body that is not `raw` is sent as JSON with a fresh key.

        A header that is None is left out.
        """
        sent: dict[str, str | None] = dict(self.headers)
        data = raw if body is None else json.dumps(body).encode()
        if data is not None:
            sent |= {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        sent |= headers or {}
        url = self.base_url.rstrip("/") + quote(self.api + path, safe="/%?=&")
        if query:
            url += "?" + urlencode(query)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            kept = {name: value for name, value in sent.items() if value is not None}
            connection.request(method, url, data, kept)
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, named, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **query: object) -> Json:
        """Return the body of a GET that succeeds."""
        answer = self.call("GET", path, query=query)
        assert answer.status == 200, answer
        return answer.json()

    def send(
        self, path: str, body: object, *, method: str = "POST", key: str | None = None
    ) -> Json:
        """Return the body of a write that succeeds."""
        headers = {"Idempotency-Key": key} if key else None
        answer = self.call(method, path, body, headers=headers)
        assert answer.status in (200, 202), answer
        return answer.json()


@dataclass(frozen=True)
class Served:
    """A server that runs; `root` is where its files are."""

    app: ServerApp
    client: Client
    root: Path
    loop: asyncio.AbstractEventLoop

    @property
    def extension(self) -> TutorApp:
        """The extension's application."""
        (app,) = self.app.extension_manager.extension_apps["jupyter_tutor"]
        assert isinstance(app, TutorApp)
        return app


@contextmanager
def serving(root: Path, tutor: Mapping[str, object], **others: object) -> Iterator[Served]:
    """Run a server with the extension until the block ends.

    Args:
        root: Where its files are.
        tutor: Traits of `Tutor`.
        others: Traits of other classes, by their names.
    """
    loop = asyncio.new_event_loop()
    made: Future[ServerApp] = Future()
    thread = threading.Thread(
        target=_run, args=(loop, made, _config(root, tutor, others)), name="jupyter-server"
    )
    thread.start()
    app = made.result(60)
    try:
        yield Served(app, Client(app.port, app.base_url), root, loop)
    finally:
        app.stop()
        thread.join(60)
        assert not thread.is_alive()


def _config(root: Path, tutor: Mapping[str, object], others: Mapping[str, object]) -> Config:
    config = Config(
        {
            "ServerApp": {
                "jpserver_extensions": {"jupyter_tutor": True},
                "root_dir": str(root),
                "port": 0,
                "open_browser": False,
                "allow_root": True,
                "reraise_server_extension_failures": True,
            },
            "IdentityProvider": {"token": TOKEN},
            "NotebookNotary": {"db_file": ":memory:"},
            "Tutor": dict(tutor),
        }
    )
    config.merge(Config(others))
    return config


def _run(loop: asyncio.AbstractEventLoop, made: "Future[ServerApp]", config: Config) -> None:
    asyncio.set_event_loop(loop)

    async def start() -> ServerApp:
        app = _Server(config=config, log_level="ERROR")
        app.initialize(argv=[], find_extensions=False)
        app.start_app()
        return app

    try:
        try:
            app = loop.run_until_complete(start())
        except BaseException as error:  # noqa: BLE001 - handed to the test that waits for it
            made.set_exception(error)
            return
        made.set_result(app)
        app.start_ioloop()
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


class _Server(ServerApp):
    def init_signal(self) -> None:
        """Leave signals alone: they belong to the main thread, which runs the tests."""
