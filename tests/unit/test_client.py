"""The light client: what it sends of a saved notebook, and to whom."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.client import TutorClient, TutorRefusal

REVISION = "a" * 64
VERDICT = {
    "summary": "1 of 2 tests pass.",
    "score": 0.5,
    "passed": False,
    "cells": [],
    "results": [
        {"name": "one", "outcome": "passed", "difference": "", "message": ""},
        {"name": "two", "outcome": "failed", "difference": "expected 2, got 3", "message": "No."},
    ],
}
FACTS = {
    "double": {"answer_cells": ["answer"], "questions": []},
    "parts": {"answer_cells": ["part-a", "part-b"], "questions": []},
    "slicing": {"answer_cells": [], "questions": [{"id": "slices"}, {"id": "pi"}]},
}


class Server(ThreadingHTTPServer):
    """Answers as the tutor does, and keeps what it was sent."""

    sent: list[dict[str, Any]]
    headers: list[dict[str, str]]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def _answer(self, body: object) -> None:
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self) -> None:
        self._answer(FACTS[self.path.rpartition("/")[2]])

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.sent.append(json.loads(body))
        self.server.headers.append(dict(self.headers))
        self._answer({"id": "1", "status": "graded", "verdict": VERDICT})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - their name
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    """The server, which ends with the test."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.sent, server.headers = [], []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _cell(role: str, exercise: str, source: object = "", **facts: str) -> dict[str, Any]:
    about = {"role": role, "exercise": exercise, **facts}
    return {"cell_type": "code", "metadata": {"jupyter_tutor": about}, "source": source}


@pytest.fixture
def client(server: Server, tmp_path: Path) -> TutorClient:
    """A client with a saved notebook."""
    notebook = {
        "cells": [
            {"cell_type": "code", "metadata": {}, "source": "def double(x): return 'other'"},
            _cell("answer", "other", "not this"),
            _cell("answer", "double", ["def double(x):\n", "    return x"], id="answer"),
            _cell("card", "double", revision=REVISION),
        ],
        "metadata": {
            "jupyter_tutor": {"course": "small"},
            "jupyter_tutor_responses": {"slicing": {"slices": "b", "pi": 3.14}},
        },
    }
    path = tmp_path / "loops.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return TutorClient(f"http://127.0.0.1:{server.server_address[1]}/", "a token", path)


def test_a_saved_answer_is_sent_with_the_revision_it_is_for(
    client: TutorClient, server: Server
) -> None:
    shown = repr(client.check("", "double"))
    assert server.sent == [
        {
            "revision": REVISION,
            "cells": [{"id": "answer", "source": "def double(x):\n    return x"}],
        }
    ]
    assert server.headers[0]["Authorization"] == "token a token"
    assert shown.splitlines()[0] == "1 of 2 tests pass."
    assert "expected 2, got 3" in shown


def test_a_given_answer_is_for_the_newest_revision(client: TutorClient, server: Server) -> None:
    client.check("small", "double", "pass")
    client.check("small", "parts", {"part-b": "2", "part-a": "1"})
    assert server.sent == [
        {"cells": [{"id": "answer", "source": "pass"}]},
        {"cells": [{"id": "part-a", "source": "1"}, {"id": "part-b", "source": "2"}]},
    ]


def test_a_quiz_takes_saved_or_given_responses(client: TutorClient, server: Server) -> None:
    client.check("", "slicing")
    client.check("", "slicing", {"slices": "a"})
    assert [body["responses"] for body in server.sent] == [
        {"slices": "b", "pi": 3.14},
        {"slices": "a"},
    ]


def test_an_unanswered_quiz_is_not_sent(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "empty.ipynb"
    path.write_text('{"cells": [], "metadata": {"jupyter_tutor": {"course": "small"}}}')
    client = TutorClient(f"http://127.0.0.1:{server.server_address[1]}/", "", path)
    with pytest.raises(TutorRefusal, match="Answer it in its card"):
        client.submit("", "slicing")
    with pytest.raises(TutorRefusal, match="'answer' was not found in the saved notebook"):
        client.submit("", "double")
    with pytest.raises(TutorRefusal, match="slices, pi"):
        client.check("", "slicing", "b")
    assert server.sent == []


def test_a_notebook_of_another_course_gives_no_answer(client: TutorClient, server: Server) -> None:
    with pytest.raises(TutorRefusal, match="of the course 'small', not of 'large'"):
        client.check("large", "double")
    assert server.sent == []


def test_no_proxy_sees_the_token(
    client: TutorClient, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("urllib.request._opener", None)
    client.check("", "double")
    assert len(server.sent) == 1


@pytest.mark.parametrize("text", ["[]", '{"cells": 3, "metadata": []}', '{"cells": [[], {}]}'])
def test_a_damaged_notebook_is_refused_in_words(server: Server, tmp_path: Path, text: str) -> None:
    path = tmp_path / "damaged.ipynb"
    path.write_text(text)
    client = TutorClient(f"http://127.0.0.1:{server.server_address[1]}/", "", path)
    with pytest.raises(TutorRefusal, match="Name the course"):
        client.check("", "double")
    with pytest.raises(TutorRefusal, match="was not found in the saved notebook"):
        client.check("small", "double")
