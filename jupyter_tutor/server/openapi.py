"""OpenAPI 3.1 of the HTTP API, generated from the route table.

`python -m jupyter_tutor.server.openapi` writes `openapi.json` beside this file; the TypeScript
types are generated from that, and CI fails when either is out of step.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from pydantic.json_schema import models_json_schema

from jupyter_tutor import __version__
from jupyter_tutor.server.contract import OPERATIONS, PREFIX, Operation
from jupyter_tutor.server.operations import JSON, TEXT
from jupyter_tutor.server.schemas import ErrorReply

FILE = Path(__file__).with_name("openapi.json")
_ERRORS = {
    "400": "Unreadable",
    "403": "Not signed in, or not allowed",
    "404": "Not found",
    "409": "Conflict",
    "413": "Too large",
    "422": "Invalid input",
    "429": "Limit reached",
    "500": "A mistake of the tutor",
    "503": "Unavailable; the header Retry-After says when to try again",
}


def _content(model: str) -> dict[str, object]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{model}"}}}


def _sent(operation: Operation) -> dict[str, object]:
    """Return what is sent in an answer."""
    if operation.media == JSON:
        return _content(operation.reply.__name__)
    binary = {} if operation.media == TEXT else {"format": "binary"}
    return {operation.media: {"schema": {"type": "string", **binary}}}


def _operation(operation: Operation) -> dict[str, object]:
    parameters: list[dict[str, object]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", operation.path)
    ]
    parameters += [
        {
            "name": parameter.name,
            "in": parameter.place,
            "required": parameter.required,
            "description": parameter.description,
            "schema": {"type": parameter.kind},
        }
        for parameter in operation.parameters
    ]
    responses: dict[str, object] = {
        str(operation.status): {
            "description": "Success",
            "content": _sent(operation),
        }
    }
    for status in _ERRORS:
        responses[status] = {"$ref": f"#/components/responses/Error{status}"}
    document: dict[str, object] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": parameters,
        "responses": responses,
    }
    if operation.body is not None:
        document["requestBody"] = {"required": True, "content": _content(operation.body.__name__)}
    return document


def document() -> Mapping[str, object]:
    """Return the OpenAPI 3.1 document of every operation."""
    replies = {operation.reply for operation in OPERATIONS if operation.media == JSON} | {
        ErrorReply
    }
    bodies = {operation.body for operation in OPERATIONS if operation.body is not None}
    _, schemas = models_json_schema(
        [(model, "serialization") for model in sorted(replies, key=lambda m: m.__name__)]
        + [(model, "validation") for model in sorted(bodies, key=lambda m: m.__name__)],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, object]] = {}
    for operation in OPERATIONS:
        path = paths.setdefault(PREFIX + operation.path, {})
        path[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jupyter Tutor",
            "version": __version__,
            "description": "The routes of the server extension, below the server's base URL.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas["$defs"],
            "responses": {
                f"Error{status}": {"description": text, "content": _content("ErrorReply")}
                for status, text in _ERRORS.items()
            },
        },
    }


def text() -> str:
    """Return the document as it is committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
