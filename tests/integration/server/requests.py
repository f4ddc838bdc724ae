"""A good request for each operation, for tests that send it or spoil it."""

from jupyter_tutor.server.contract import OPERATIONS, Operation
from tests.integration.server.serving import Client, Json
from tests.small_course import COURSE, LESSON, RIGHT

PLACES = {"course": COURSE, "exercise": "double", "lesson": LESSON}


def cells(source: str = RIGHT) -> Json:
    """Return the body of a check or a submission."""
    return {"cells": [{"id": "answer", "source": source}]}


BODIES: dict[str, Json] = {
    "put_profile": {"language": "en"},
    "open_lesson": {"exercise": "double"},
    "post_check": cells(),
    "post_submission": cells(),
    "post_hint": {},
}
"""A body for each operation that takes one."""

WRITES = [operation for operation in OPERATIONS if operation.body is not None]


def found(name: str, **places: str) -> tuple[Operation, str]:
    """Return an operation and its path, filled in."""
    operation = next(each for each in OPERATIONS if each.name == name)
    return operation, operation.path.format(**PLACES | places)


def row_for(api: Client, operation: Operation) -> str:
    """Return the key of a row of one's own, for an operation that names one in its path, or ""."""
    if "{id}" not in operation.path:
        return ""
    _, path = found("post_check" if operation.path.startswith("/checks") else "post_submission")
    return str(api.send(path, cells())["id"])
