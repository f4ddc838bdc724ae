"""A light client of the tutor's routes, for kernels and scripts.

Uses the standard library and jupyter_core only. From a kernel it finds the Jupyter server that
started it, and that server's token: it can do what the learner may do, and nothing more.
"""

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener
from uuid import uuid4

from jupyter_core.paths import jupyter_runtime_dir

from jupyter_tutor.client_results import (
    CheckResult,
    ExerciseFacts,
    HintResult,
    SubmissionResult,
    TestLine,
    lines_of,
)

__all__ = [
    "CheckResult",
    "ExerciseFacts",
    "HintResult",
    "SubmissionResult",
    "TestLine",
    "TutorClient",
    "TutorRefusal",
]

KEY = "jupyter_tutor"
RESPONSES_KEY = "jupyter_tutor_responses"
"""Where the card keeps what was picked or typed in quizzes, in the notebook's metadata."""

WAIT_SECONDS = 25
REPLY_SECONDS = WAIT_SECONDS + 30.0
PATIENCE_SECONDS = 300.0
PACE_SECONDS = 0.5
"""A server that does not wait is asked no more often than this."""

# JupyterLab gives a copied cell a UUID, nbformat eight hexadecimal digits; a release gives neither.
_COPIED = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8}")

Given = str | Mapping[str, object] | None
"""An answer: the source of the one answer cell, a source per answer cell id, a response per
question id, or None for what the saved notebook holds."""


class TutorRefusal(Exception):
    """The tutor refused, or does not answer; the text says what to do.

    Attributes:
        code: Stable name of the reason.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code

    def _render_traceback_(self) -> list[str]:
        return [str(self)]  # what IPython shows: no learner needs to see where it was raised


class TutorClient:
    """Talks to the tutor of one Jupyter server.

    Args:
        url: Base URL of the Jupyter server, such as "http://localhost:8888/".
        token: Its token, or the learner's Hub token.
        notebook: Saved notebook to take answers from, or None.
    """

    def __init__(self, url: str, token: str, notebook: Path | None = None) -> None:
        self._url = url.rstrip("/") + "/jupyter-tutor/api"
        self._token = token
        self._notebook = notebook

    @classmethod
    def from_kernel(cls, environ: Mapping[str, str] = os.environ) -> "TutorClient":
        """Return a client for the server that started this kernel.

        Raises:
            TutorRefusal: No server can be told.
        """
        name = environ.get("JPY_SESSION_NAME", "")
        notebook = Path(name) if name.endswith(".ipynb") else None
        service_url = environ.get("JUPYTERHUB_SERVICE_URL", "")
        if service_url:
            return cls(service_url, environ.get("JUPYTERHUB_API_TOKEN", ""), notebook)
        server = _server(environ.get("JPY_PARENT_PID", ""))
        return cls(server["url"], server.get("token", ""), notebook)

    def exercise(self, course: str, exercise: str, seconds: float = REPLY_SECONDS) -> ExerciseFacts:
        """Return the facts of an exercise, within so many seconds. Raises TutorRefusal."""
        body = self._call("GET", self._place(course, exercise), seconds=seconds)
        return ExerciseFacts(
            slug=body["slug"],
            title=body["title"],
            points=body["points"],
            answer_cells=tuple(body["answer_cells"]),
            submissions=body["submissions"],
            max_submissions=body["max_submissions"],
            best_score=body["best_score"],
        )

    def check(self, course: str, exercise: str, answer: Given = None) -> CheckResult:
        """Run the tests and wait for the result. Raises TutorRefusal."""
        place = self._place(course, exercise)
        body = self._call("POST", f"{place}/checks", self._answer(course, exercise, answer))
        body = self._settled(f"/checks/{body['id']}", body)
        verdict = body["verdict"]
        if verdict is None:
            raise TutorRefusal("failed", body["message"])
        return CheckResult(
            verdict["summary"], verdict["score"], verdict["passed"], lines_of(verdict)
        )

    def submit(self, course: str, exercise: str, answer: Given = None) -> SubmissionResult:
        """Hand in and wait for the grade. Raises TutorRefusal."""
        place = self._place(course, exercise)
        body = self._call("POST", f"{place}/submissions", self._answer(course, exercise, answer))
        body = self._settled(f"/submissions/{body['id']}", body)
        verdict = body["evaluations"][-1]["verdict"] if body["evaluations"] else None
        return SubmissionResult(
            number=body["number"],
            status=body["status"],
            score=body["score"],
            points_earned=body["points_earned"],
            points_possible=body["points_possible"],
            message=body["message"],
            tests=lines_of(verdict) if verdict else (),
        )

    def hint(self, course: str, exercise: str) -> HintResult:
        """Ask for the next hint. Raises TutorRefusal."""
        body = self._call("POST", f"{self._place(course, exercise)}/hints", {})
        given = body["hint"]
        if given is None:
            return HintResult(body["ladder"]["reason"], "", "")
        return HintResult(given["text"], given["level_name"], given["source"])

    def _place(self, course: str, exercise: str) -> str:
        return f"/courses/{quote(course or self._course())}/exercises/{quote(exercise)}"

    def _course(self) -> str:
        metadata = _mapping(self._saved().get("metadata"))
        course = _mapping(metadata.get(KEY)).get("course", "")
        if not course:
            raise TutorRefusal(
                "no_course", "Name the course, as in exercise('slug', course='python-foundations')."
            )
        return str(course)

    def _saved(self) -> dict[str, Any]:
        if self._notebook is None:
            return {}
        try:
            saved = json.loads(self._notebook.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise TutorRefusal(
                "no_notebook", f"The notebook {self._notebook.name} cannot be read: {error}."
            ) from error
        return saved if isinstance(saved, dict) else {}

    def _answer(self, course: str, exercise: str, answer: Given) -> dict[str, object]:
        """Return the body of a run or submission."""
        facts = self._call("GET", self._place(course, exercise))
        ids: list[str] = facts["answer_cells"]
        body: dict[str, object] = {}
        if answer is None:
            given = self._saved_answer(course, exercise, quiz=not ids)
            # What was read belongs to the revision the notebook was made from, and to no other.
            body["revision"] = self._saved_revision(exercise)
        elif isinstance(answer, str):
            if len(ids) != 1:
                wanted = ids or [question["id"] for question in facts["questions"]]
                raise TutorRefusal(
                    "many_parts", f"Give a mapping with one entry each for: {', '.join(wanted)}."
                )
            given = {ids[0]: answer}
        else:
            given = dict(answer)
        if not ids:
            return {**body, "responses": given}
        missing = [id_ for id_ in ids if id_ not in given]
        if missing:
            raise TutorRefusal(
                "no_answer",
                f"The answer cell {missing[0]!r} was not found in the saved notebook. Save it "
                "(Ctrl+S), or pass the source: .check(answer='...').",
            )
        return {**body, "cells": [{"id": id_, "source": given[id_]} for id_ in ids]}

    def _saved_answer(self, course: str, exercise: str, *, quiz: bool) -> dict[str, object]:
        """Return what the saved notebook holds of an answer: sources, or responses to a quiz."""
        metadata = _mapping(self._saved().get("metadata"))
        own = _mapping(metadata.get(KEY)).get("course", "")
        if course and own and own != course:
            raise TutorRefusal(
                "other_course", f"This notebook is of the course {own!r}, not of {course!r}."
            )
        if not quiz:
            return dict(self._saved_sources(exercise))
        responses = _mapping(_mapping(metadata.get(RESPONSES_KEY)).get(exercise))
        if not responses:
            raise TutorRefusal(
                "no_answer",
                "No response to this quiz was found in the saved notebook. Answer it in its card "
                "and save (Ctrl+S), or pass a response per question: .check({'question': 'a'}).",
            )
        return dict(responses)

    def _saved_sources(self, exercise: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for cell, facts in self._saved_cells(exercise, "answer"):
            source = cell.get("source", "")
            text = "".join(source) if isinstance(source, list) else str(source)
            found.setdefault(str(facts.get("id", "answer")), text)
        return found

    def _saved_revision(self, exercise: str) -> str | None:
        for _, facts in self._saved_cells(exercise, "card"):
            if isinstance(facts.get("revision"), str):
                return str(facts["revision"])
        return None

    def _saved_cells(
        self, exercise: str, role: str
    ) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Yield the code cells of an exercise that have a role, each with what it says of itself.

        The copies that a learner made come last.
        """
        saved = self._saved().get("cells")
        cells = [_mapping(cell) for cell in saved] if isinstance(saved, list) else []
        for cell in sorted(cells, key=_is_copy):
            facts = _mapping(_mapping(cell.get("metadata")).get(KEY))
            if (
                facts.get("role") == role
                and facts.get("exercise") == exercise
                and cell.get("cell_type") == "code"
            ):
                yield cell, facts

    def _settled(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while body["status"] in ("queued", "running"):
            if time.monotonic() > deadline:
                raise TutorRefusal(
                    "slow", "This is taking long. It is kept; look at the card for the result."
                )
            asked = time.monotonic()
            body = self._call("GET", f"{path}?{urlencode({'wait': WAIT_SECONDS})}")
            if time.monotonic() - asked < PACE_SECONDS:
                time.sleep(PACE_SECONDS)
        return body

    def _call(
        self, method: str, path: str, body: object | None = None, seconds: float = REPLY_SECONDS
    ) -> dict[str, Any]:
        headers = {"Authorization": f"token {self._token}", "Accept": "application/json"}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        request = Request(self._url + path, data, headers, method=method)  # noqa: S310 - our server
        # The server is the learner's own: no proxy of the environment has to see the token.
        opener = build_opener(ProxyHandler({}), _NoRedirects)
        try:
            with opener.open(request, timeout=seconds) as reply:
                answer = json.load(reply)
        except HTTPError as error:
            raise _refusal(error) from None
        except (URLError, TimeoutError, ConnectionError) as error:
            reason = getattr(error, "reason", error)
            raise TutorRefusal("unreachable", f"The tutor does not answer: {reason}.") from None
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise TutorRefusal(
                "not_the_tutor", f"What answers at {self._url} is not the tutor. Check the address."
            )
        return answer


class _NoRedirects(HTTPRedirectHandler):
    """Follows nothing: the tutor never redirects, and a token is for one server only."""

    def redirect_request(self, *_args: object) -> None:
        """Let the redirect come out as the error that it is."""


def _is_copy(cell: Mapping[str, Any]) -> bool:
    return bool(_COPIED.fullmatch(str(cell.get("id", ""))))


def _mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object, or an empty one for anything else."""
    return value if isinstance(value, dict) else {}


_SIGN_IN = " The token is missing or not accepted: open the notebook in JupyterLab again."
_ADVICE = {
    302: _SIGN_IN,
    401: _SIGN_IN,
    403: _SIGN_IN,
    404: " There may be no tutor on it: see what jupyter server extension list says.",
}


def _refusal(error: HTTPError) -> TutorRefusal:
    try:
        body = json.load(error)
        return TutorRefusal(body["code"], body["message"])
    except (ValueError, KeyError, TypeError):
        return TutorRefusal(
            f"http_{error.code}", f"The server answered {error.code}.{_ADVICE.get(error.code, '')}"
        )


def _server(parent: str) -> dict[str, str]:
    """Return the entry of the running server that started this kernel, or else the newest."""
    runtime = Path(jupyter_runtime_dir())
    files = sorted(runtime.glob("jpserver-*.json"), key=lambda file: file.stat().st_mtime)
    own = [file for file in files if file.stem == f"jpserver-{parent}"]
    for file in reversed(own or files):
        try:
            return dict(json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            continue
    raise TutorRefusal(
        "no_server",
        "No Jupyter server was found that this kernel belongs to. Open the notebook in JupyterLab "
        "(jupyter tutor lab), or build a TutorClient(url, token) yourself.",
    )
