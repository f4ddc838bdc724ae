"""What the OpenAPI document promises of an answer."""

import functools
from typing import Any, cast

from jsonschema import Draft202012Validator

from jupyter_tutor.server.openapi import document


@functools.cache
def _validator(model: str) -> Draft202012Validator:
    components = cast("dict[str, Any]", document()["components"])
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{model}", "components": components},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


def keeps_promise(model: str, body: object) -> None:
    """Fail unless a body has the form of a model of the document."""
    _validator(model).validate(body)
