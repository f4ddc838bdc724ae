"""The fake's HTTP: its own loop in a thread, so that a test can block and still be answered."""

import asyncio
import contextlib
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from tests.fake_api.accounting import PromptCache
from tests.fake_api.batches import Batch
from tests.fake_api.checking import refused_body, refused_headers
from tests.fake_api.frames import framed
from tests.fake_api.messages import event_bytes, events, message
from tests.fake_api.scenarios import (
    Cut,
    Disconnect,
    Drip,
    Garbage,
    Hang,
    Html,
    Plain,
    Reply,
    Scenario,
    Status,
    StreamError,
    Truncate,
    error_body,
)

_VERTEX = re.compile(r"/models/([^/:]+):(?:streamR|r)awPredict$")
_BEDROCK = re.compile(r"/model/([^/]+)/invoke-with-response-stream$")
_MODELS = ("claude-haiku-5-5", "claude-sonnet-5-5", "claude-opus-5-5")
_CALLS = ("/messages", "Predict", "/invoke-with-response-stream")
_RELEASED = "2026-10-07T00:00:00Z"
_REASONS = {200: "OK", 302: "Found", 529: "Overloaded"}


@dataclass(frozen=True)
class Received:
    """A request that arrived; names of headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


class FakeApi:
    """The fake, from `with` to the end of it."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.gone = 0
        self.cache = PromptCache()
        self.otherwise: Callable[[Mapping[str, Any]], Scenario] = lambda _body: Reply()
        self.batch_looks = 1
        self._batches: dict[str, Batch] = {}
        self._queue: deque[Scenario] = deque()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake-api")
        self._port = 0

    @property
    def url(self) -> str:
        """Where it is, without `/v1`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def calls(self) -> list[Received]:
        """The requests for a message."""
        return [each for each in self.requests if each.path.endswith(_CALLS)]

    def queue(self, *scenarios: Scenario) -> None:
        """Say what is done with the next calls, one after another."""
        self._queue.extend(scenarios)

    def forget(self) -> None:
        """Forget what was heard, and what was to be done with the next calls."""
        self.requests.clear()
        self._queue.clear()
        self.gone = 0

    def __enter__(self) -> Self:
        self._thread.start()
        serving = asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=256)
        server = asyncio.run_coroutine_threadsafe(serving, self._loop).result()
        self._port = server.sockets[0].getsockname()[1]
        self._server = server
        return self

    def __exit__(self, *_error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        # The loop closes what belongs to a connection in its next rounds.
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until it ends."""
        begun = b""
        # A connection that is open at the end of the fake is cancelled, which is nobody's fault.
        over = (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError)
        with contextlib.suppress(*over):
            try:
                while (received := await _read(reader, begun)) is not None:
                    self.requests.append(received)
                    out = _Out(writer, f"req_{len(self.requests)}")
                    answering = asyncio.ensure_future(self._answer(received, out))
                    listening = asyncio.ensure_future(reader.read(1))
                    try:
                        await asyncio.wait(
                            {answering, listening}, return_when=asyncio.FIRST_COMPLETED
                        )
                        if not answering.done() and not listening.result():
                            self.gone += 1
                            return
                        if not await answering:
                            return
                        begun = await listening
                    finally:
                        for task in (answering, listening):
                            task.cancel()
                        await asyncio.gather(answering, listening, return_exceptions=True)
            finally:
                writer.close()

    async def _answer(self, received: Received, out: "_Out") -> bool:
        """Answer one request; return whether the connection is still of use."""
        if (refused := refused_headers(received.headers, received.body)) is not None:
            return await out.error(refused)
        path = urlsplit(received.path).path
        out.is_amazon = _BEDROCK.search(path) is not None
        if path.endswith("/count_tokens"):
            counted = PromptCache(floor=10**9).count(received.body)
            return await out.json({"input_tokens": counted.input})
        if "/messages/batches" in path:
            return await self._batch(received, path, out)
        if path.endswith("/v1/models") or "/v1/models/" in path:
            return await self._models(path, out)
        body = received.body
        if vertex := _VERTEX.search(path):
            body = {**body, "model": unquote(vertex[1])}
        elif bedrock := _BEDROCK.search(path):
            body = {**body, "model": unquote(bedrock[1]), "stream": True}
        elif not path.endswith("/v1/messages"):
            return await out.error(Status(404, message=path))
        if (refused := refused_body(body)) is not None:
            return await out.error(refused)
        return await self._play(self._next(body), body, out)

    def _next(self, body: Mapping[str, Any]) -> Scenario:
        return self._queue.popleft() if self._queue else self.otherwise(body)

    async def _play(self, scenario: Scenario, body: Mapping[str, Any], out: "_Out") -> bool:
        match scenario:
            case Status():
                return await out.error(scenario)
            case Disconnect():
                return False
            case Hang(after=None):
                await asyncio.Event().wait()
            case Html():
                page = b"<html><body>Please log in</body></html>"
                return await out.whole(200, page, {"content-type": "text/html"})
        reply = scenario if isinstance(scenario, Reply) else Reply()
        reply = scenario.reply if isinstance(scenario, Hang) else reply
        counted = self.cache.count(body)
        if not body.get("stream") or isinstance(scenario, Plain):
            return await out.json(message(reply, body, counted))
        return await _stream(scenario, events(reply, body, counted), out)

    async def _models(self, path: str, out: "_Out") -> bool:
        told = [
            {
                "type": "model",
                "id": name,
                "display_name": name,
                "created_at": "2026-10-07T00:00:00Z",
            }
            for name in _MODELS
        ]
        name = path.rpartition("/")[2]
        if name == "models":
            ends = {"first_id": _MODELS[0], "last_id": _MODELS[-1], "has_more": False}
            return await out.json({"data": told, **ends})
        found = [each for each in told if each["id"] == name]
        return await (out.json(found[0]) if found else out.error(Status(404, message=name)))

    async def _batch(self, received: Received, path: str, out: "_Out") -> bool:
        if received.method == "POST" and path.endswith("/batches"):
            asked = {each["custom_id"]: each["params"] for each in received.body["requests"]}
            for params in asked.values():
                if (refused := refused_body(params)) is not None:
                    return await out.error(refused)
            plans = {name: self._next(params) for name, params in asked.items()}
            made = Batch(asked, plans, self.batch_looks)
            self._batches[made.id] = made
            return await out.json(made.told(self.url))
        parts = path.partition("/batches/")[2].split("/")
        batch = self._batches.get(parts[0])
        if batch is None:
            return await out.error(Status(404, message=path))
        if parts[1:] == ["results"]:
            lines = batch.results(lambda reply, body: message(reply, body, self.cache.count(body)))
            return await out.whole(200, lines.encode(), {"content-type": "application/x-jsonl"})
        if parts[1:] == ["cancel"]:
            batch.cancelled = True
        elif received.method == "DELETE":
            del self._batches[batch.id]
            return await out.json({"id": batch.id, "type": "message_batch_deleted"})
        told = batch.told(self.url)
        batch.look()
        return await out.json(told)


async def _stream(scenario: Scenario, made: list[bytes], out: "_Out") -> bool:
    await out.begin()
    match scenario:
        case Cut(after=after):
            await out.chunks(made[:after])
            return False
        case Truncate(after=after):
            await out.chunks(made[:after])
        case StreamError(kind=kind, after=after):
            error = {"type": "error", "error": {"type": kind, "message": "as the test wanted"}}
            await out.chunks([*made[:after], event_bytes("error", error)])
        case Garbage():
            await out.chunks([made[0], event_bytes("content_block_start", "{not json")])
        case Hang(after=after):
            await out.chunks(made[:after])
            await asyncio.Event().wait()
        case Drip(seconds=seconds):
            for event in made:
                await out.chunks([event])
                await asyncio.sleep(seconds)
        case _:
            await out.chunks(made)
    return await out.end()


class _Out:
    """Writes one answer."""

    def __init__(self, writer: asyncio.StreamWriter, request_id: str) -> None:
        self._writer = writer
        self._request_id = request_id
        self.is_amazon = False

    async def error(self, status: Status) -> bool:
        body = json.dumps(error_body(status)).encode()
        return await self.whole(
            status.code, body, {"content-type": "application/json", **status.headers}
        )

    async def json(self, body: object) -> bool:
        return await self.whole(
            200, json.dumps(body).encode(), {"content-type": "application/json"}
        )

    async def whole(self, code: int, body: bytes, headers: Mapping[str, str]) -> bool:
        self._head(code, {**headers, "content-length": str(len(body))})
        self._writer.write(body)
        await self._writer.drain()
        return True

    async def begin(self) -> None:
        kind = "application/vnd.amazon.eventstream" if self.is_amazon else "text/event-stream"
        self._head(200, {"content-type": kind, "transfer-encoding": "chunked"})
        await self._writer.drain()

    async def chunks(self, chunks: list[bytes]) -> None:
        for event in chunks:
            chunk = framed(event) if self.is_amazon else event
            self._writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            await self._writer.drain()

    async def end(self) -> bool:
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()
        return True

    def _head(self, code: int, headers: Mapping[str, str]) -> None:
        lines = [f"HTTP/1.1 {code} {_REASONS.get(code, 'Told')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if self.is_amazon:
            lines.append(f"x-amzn-RequestId: {self._request_id.replace('req', 'amzn')}")
        else:
            lines.append(f"request-id: {self._request_id}")
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())


async def _read(reader: asyncio.StreamReader, begun: bytes) -> Received | None:
    """Read the next request, or None when there is none any more."""
    try:
        head = begun + await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    method, path, _ = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    told = json.loads(body) if body else {}
    return Received(method, path, headers, told)
