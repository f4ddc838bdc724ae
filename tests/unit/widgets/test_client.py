"""The light client, against a small HTTP server that plays the tutor's part."""

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor import client as module
from jupyter_tutor.client import (
    CheckResult,
    ExerciseFacts,
    HintResult,
    SubmissionResult,
    TestLine,
    TutorClient,
    TutorRefusal,
)

PLACE = "/base/jupyter-tutor/api/courses/python/exercises/sum-up"
FACTS = {
    "slug": "sum-up",
    "title": "Sum up",
    "points": 3.0,
    "answer_cells": ["answer"],
    "questions": [],
    "submissions": 1,
    "max_submissions": 3,
    "best_score": 0.5,
}
TEST = {"name": "adds", "outcome": "failed", "difference": "", "message": "It gave 3."}
VERDICT = {
    "summary": "0 of 1 tests pass.",
    "score": 0.0,
    "passed": False,
    "cells": [],
    "results": [TEST],
}
CHECK = {"id": "c1", "status": "graded", "verdict": VERDICT, "message": ""}
SUBMISSION = {
    "id": "s1",
    "number": 2,
    "status": "graded",
    "score": 0.5,
    "points_earned": 1.5,
    "points_possible": 3.0,
    "message": "",
    "evaluations": [{"verdict": VERDICT}],
}


class Tutor:
    """What a server answers, and what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[tuple[int, object]]] = {
            f"GET {PLACE}": [(200, FACTS)],
            f"POST {PLACE}/checks": [(202, CHECK)],
            f"POST {PLACE}/submissions": [(202, SUBMISSION)],
        }
        self.asked: list[tuple[str, Mapping[str, str], Any]] = []
        self.url = ""

    def answer(self, request: str, headers: Mapping[str, str], body: bytes) -> tuple[int, object]:
        self.asked.append((request, headers, json.loads(body) if body else None))
        answers = self.answers.get(request) or [(404, {"code": "not_found", "message": "No."})]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def sent(self) -> Any:  # noqa: ANN401 - parsed JSON
        return next(body for _, _, body in reversed(self.asked) if body is not None)


@pytest.fixture
def tutor() -> Iterator[Tutor]:
    played = Tutor()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            status, answer = played.answer(
                f"{self.command} {self.path}", dict(self.headers), self.rfile.read(length)
            )
            data = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/base/login")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played.url = f"http://127.0.0.1:{server.server_port}/base/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield played
    server.shutdown()
    thread.join()
    server.server_close()


def cell(role: str, source: str, id_: str = "answer", **more: object) -> dict[str, object]:
    facts = {"version": 1, "role": role, "exercise": "sum-up", "id": id_}
    made: dict[str, object] = {
        "id": f"{role}-{id_}",
        "cell_type": "code",
        "metadata": {"jupyter_tutor": facts},
        "source": source,
    }
    return made | more


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    copied = cell("answer", "copied", id="12345678-1234-1234-1234-123456789abc")
    saved = {
        "metadata": {"jupyter_tutor": {"course": "python"}},
        "cells": [
            {"id": "own", "cell_type": "code", "metadata": {}, "source": "own"},
            copied,
            cell("answer", "x = 1\ny = 2"),
        ],
    }
    path = tmp_path / "loops.ipynb"
    path.write_text(json.dumps(saved), encoding="utf-8")
    return path


def refused(call: Any, *args: object) -> TutorRefusal:  # noqa: ANN401 - any method
    with pytest.raises(TutorRefusal) as caught:
        call(*args)
    return caught.value


def test_it_reads_the_facts_with_its_token(tutor: Tutor) -> None:
    facts = TutorClient(tutor.url, "secret").exercise("python", "sum-up")
    assert repr(facts) == "Sum up (3 points, best 50%) 1 of 3"
    assert tutor.asked[0][1]["Authorization"] == "token secret"


def test_a_check_waits_until_it_has_settled(tutor: Tutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PACE_SECONDS", 0.0)
    waiting = CHECK | {"status": "queued", "verdict": None}
    tutor.answers[f"POST {PLACE}/checks"] = [(202, waiting)]
    path = "GET /base/jupyter-tutor/api/checks/c1?wait=25"
    tutor.answers[path] = [(200, waiting), (200, CHECK)]
    result = TutorClient(tutor.url, "x").check("python", "sum-up", "x = 1")
    assert result == CheckResult(
        summary="0 of 1 tests pass.",
        score=0.0,
        passed=False,
        tests=(TestLine("adds", "failed", "It gave 3."),),
    )
    assert repr(result).splitlines() == [
        "0 of 1 tests pass.",
        "  failed  adds",
        "            It gave 3.",
    ]
    assert [request for request, _, _ in tutor.asked].count(path) == 2


def test_a_weaker_result_is_labelled(tutor: Tutor) -> None:
    verdict = {**VERDICT, "results": [TEST | {"weaker": True}, TEST | {"name": "b"}]}
    tutor.answers[f"POST {PLACE}/checks"] = [(200, CHECK | {"verdict": verdict})]
    lines = repr(TutorClient(tutor.url, "x").check("python", "sum-up", "x = 1")).splitlines()
    assert "  failed  adds (weaker evidence)" in lines
    assert "  failed  b" in lines


def test_each_write_has_a_key_of_its_own(tutor: Tutor) -> None:
    client = TutorClient(tutor.url, "x")
    client.check("python", "sum-up", "x = 1")
    client.check("python", "sum-up", "x = 1")
    keys = [headers["Idempotency-Key"] for name, headers, _ in tutor.asked if name[0] == "P"]
    assert len(set(keys)) == 2


def test_a_submission_prints_its_grade(tutor: Tutor) -> None:
    result = TutorClient(tutor.url, "x").submit("python", "sum-up", {"answer": "x = 1"})
    assert repr(result).startswith("Submission 2: 1.5 of 3 points (50%)\n  failed  adds")
    failed = SubmissionResult(3, "failed", None, None, 3.0, "That is our fault.", ())
    assert repr(failed) == "Submission 3: That is our fault."


def test_a_hint_or_why_there_is_none(tutor: Tutor) -> None:
    given = {"text": "Look.", "level_name": "nudge", "source": "author"}
    ladder = {"reason": "Run the tests first."}
    tutor.answers[f"POST {PLACE}/hints"] = [
        (200, {"hint": given, "ladder": ladder}),
        (200, {"hint": None, "ladder": ladder}),
    ]
    client = TutorClient(tutor.url, "x")
    assert repr(client.hint("python", "sum-up")) == "[nudge, author] Look."
    assert client.hint("python", "sum-up") == HintResult("Run the tests first.", "", "")


def test_a_saved_answer_is_the_original_not_a_copy_of_it(tutor: Tutor, notebook: Path) -> None:
    TutorClient(tutor.url, "x", notebook).check("", "sum-up")
    assert tutor.sent()["cells"] == [{"id": "answer", "source": "x = 1\ny = 2"}]


def test_it_says_what_is_missing(tutor: Tutor, tmp_path: Path) -> None:
    assert refused(TutorClient(tutor.url, "x").check, "", "sum-up", "x").code == "no_course"
    assert refused(TutorClient(tutor.url, "x").check, "python", "sum-up").code == "no_answer"
    gone = TutorClient(tutor.url, "x", tmp_path / "gone.ipynb")
    assert refused(gone.check, "", "sum-up").code == "no_notebook"


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (409, {"code": "submission_closed", "message": "It is closed."}, "submission_closed"),
        (403, "Forbidden", "http_403"),
        (500, {"unexpected": 1}, "http_500"),
        (302, "", "http_302"),
        (200, "<html>Sign in</html>", "not_the_tutor"),
        (200, [], "not_the_tutor"),
    ],
)
def test_a_refusal_has_a_code_and_says_what_to_do(
    tutor: Tutor, status: int, answer: object, code: str
) -> None:
    tutor.answers[f"GET {PLACE}"] = [(status, answer)]
    error = refused(TutorClient(tutor.url, "x").exercise, "python", "sum-up")
    assert error.code == code
    assert str(error)


def test_a_redirect_is_not_followed_with_the_token(tutor: Tutor) -> None:
    tutor.answers[f"GET {PLACE}"] = [(302, "")]
    refused(TutorClient(tutor.url, "secret").exercise, "python", "sum-up")
    assert len(tutor.asked) == 1


def test_a_server_that_is_not_there_is_told() -> None:
    client = TutorClient("http://127.0.0.1:9/", "x")
    assert refused(client.exercise, "python", "sum-up").code == "unreachable"


def test_from_a_kernel_it_finds_the_server_that_started_it(
    tutor: Tutor, notebook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    # A proxy would be asked for the server of this machine, and be told the token.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    monkeypatch.delenv("no_proxy", raising=False)
    own = {"url": tutor.url, "token": "own"}
    (tmp_path / "jpserver-17.json").write_text(json.dumps(own), encoding="utf-8")
    (tmp_path / "jpserver-18.json").write_text('{"url": "http://other"}', encoding="utf-8")
    environ = {"JPY_PARENT_PID": "17", "JPY_SESSION_NAME": str(notebook)}
    assert isinstance(TutorClient.from_kernel(environ).exercise("", "sum-up"), ExerciseFacts)
    assert tutor.asked[0][1]["Authorization"] == "token own"


def test_on_a_hub_it_uses_the_learners_own_token(tutor: Tutor) -> None:
    environ = {"JUPYTERHUB_SERVICE_URL": tutor.url, "JUPYTERHUB_API_TOKEN": "hub"}
    TutorClient.from_kernel(environ).exercise("python", "sum-up")
    assert tutor.asked[0][1]["Authorization"] == "token hub"


def test_without_any_server_it_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "jpserver-1.json").write_text("broken", encoding="utf-8")
    assert refused(TutorClient.from_kernel, {}).code == "no_server"
