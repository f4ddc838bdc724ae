"""The OpenAPI document: in step with the code, true of whatever anybody sends."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.server import openapi
from jupyter_tutor.server.contract import OPERATIONS, PREFIX, Operation
from jupyter_tutor.server.routes import Routes
from tests.integration.server.promises import keeps_promise
from tests.integration.server.requests import BODIES, WRITES, found
from tests.integration.server.serving import Answer, Client, Json

NOTHING = UUID(int=0)
REFUSED = (400, 404, 405, 409, 413, 422, 429)


def test_the_document_is_in_step_with_the_code() -> None:
    assert openapi.FILE.read_text("utf-8") == openapi.text()


@pytest.mark.postgres
def test_the_document_is_served(steady_api: Client) -> None:
    answer = steady_api.call("GET", "/openapi.json")

    assert answer.status == 200
    assert answer.json() == json.loads(openapi.FILE.read_text("utf-8"))


def test_the_document_describes_each_operation_once() -> None:
    document: Any = openapi.document()
    described = {
        operation["operationId"]: (path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    assert document["openapi"] == "3.1.0"
    assert described == {
        operation.name: (PREFIX + operation.path, operation.method.lower())
        for operation in OPERATIONS
    }
    for reference in _references(document):
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_an_operation_says_all_that_it_takes(operation: Operation) -> None:
    document: Any = openapi.document()
    described = document["paths"][PREFIX + operation.path][operation.method.lower()]
    places = {each["name"] for each in described["parameters"] if each["in"] == "path"}
    headers = [each["name"] for each in described["parameters"] if each["in"] == "header"]

    assert places == set(re.findall(r"{(\w+)}", operation.path))
    # Every write takes an idempotency key, and nothing else does: what is deleted stays deleted.
    writes = operation.method in ("POST", "PUT")
    assert headers == (["Idempotency-Key"] if writes else [])
    assert writes <= (operation.body is not None) <= (operation.method != "GET")
    assert operation.staff <= ("{course}" in operation.path)
    assert {"400", "403", "404", "409", "413", "422", "429", "500", "503"} < set(
        described["responses"]
    )


def test_every_operation_has_a_handler_and_the_other_way_round() -> None:
    handlers = {name for name in dir(Routes) if re.match(r"(get|post|put|open|delete)_", name)}

    assert handlers | {"get_health"} == {operation.name for operation in OPERATIONS}


_TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_NAMES = sorted(
    {name for operation in WRITES if operation.body for name in operation.body.model_fields}
    | {"id", "source"}
)


@st.composite
def _spoilt(draw: st.DrawFn) -> tuple[Operation, object]:
    """Draw a body for an operation: anything, or a good one with some of it exchanged."""
    operation = draw(st.sampled_from(WRITES))
    if draw(st.booleans()):
        return operation, draw(_JSON)
    body: Json = dict(BODIES[operation.name])
    for name in draw(st.lists(st.sampled_from(_NAMES), max_size=3)):
        body[name] = draw(_JSON)
    if "cells" in BODIES[operation.name] and draw(st.booleans()):
        cell = dict(BODIES[operation.name]["cells"][0])
        cell[draw(st.sampled_from(["id", "source", "more"]))] = draw(_JSON)
        body["cells"] = [cell]
    return operation, body


@pytest.mark.postgres
@given(_spoilt())
@settings(max_examples=150, deadline=None)
def test_whatever_is_sent_gets_an_answer_of_the_promised_form(
    steady_api: Client, sent: tuple[Operation, object]
) -> None:
    operation, body = sent
    _, path = found(operation.name, id=str(NOTHING))
    answer = steady_api.call(operation.method, path, raw=json.dumps(body).encode())

    if answer.status == operation.status:
        keeps_promise(operation.reply.__name__, answer.json())
    elif operation.staff and answer.status == 403:
        answer.refusal(403, "not_allowed")
    else:
        _is_refusal(answer)


_PATHS = st.lists(
    st.sampled_from(["courses", "small", "exercises", "double", "checks", "me", "..", ""]) | _TEXT,
    max_size=6,
).map("/".join)


@pytest.mark.postgres
@given(st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE"]), _PATHS, _TEXT, _TEXT)
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_for_gets_an_answer_of_the_promised_form(
    steady_api: Client, method: str, path: str, language: str, wait: str
) -> None:
    query = {"language": language, "wait": wait}
    answer = steady_api.call(method, f"/{path.replace('?', '').replace('%', '')}", query=query)

    if method == "HEAD":
        assert answer.status in (200, *REFUSED)
    elif answer.status != 200:
        _is_refusal(answer)


def _is_refusal(answer: Answer) -> None:
    assert answer.status in REFUSED, answer
    keeps_promise("ErrorReply", answer.json())


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)
