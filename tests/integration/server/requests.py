"""A good request for each operation, for tests that send it or spoil it."""

from uuid import UUID

from jupyter_tutor.bootstrap.accounts import own_identity
from jupyter_tutor.domain.consents import TEXT_VERSION
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import Hint, HintSource
from jupyter_tutor.domain.people import Role
from jupyter_tutor.server.contract import OPERATIONS, Operation
from jupyter_tutor.server.operations import KEY
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.database import Database
from tests.integration.server.serving import Client, Json
from tests.review_desk import ReviewDesk
from tests.small_course import COURSE, LESSON, RIGHT

PLACES = {
    "course": COURSE,
    "exercise": "double",
    "lesson": LESSON,
    "learner": "00000000-0000-0000-0000-000000000000",
    "id": "00000000-0000-0000-0000-000000000000",
}


def cells(source: str = RIGHT) -> Json:
    """Return the body of a check or a submission."""
    return {"cells": [{"id": "answer", "source": source}]}


BODIES: dict[str, Json] = {
    "put_profile": {"language": "en"},
    "open_lesson": {"exercise": "double"},
    "post_check": cells(),
    "post_submission": cells(),
    "post_hint": {},
    "post_message": {"text": "Why?"},
    "put_consent": {"given": True, "version": TEXT_VERSION},
    "put_feedback": {"mark": "helpful", "text": "Now I see."},
    "put_explanation": {"text": "Twice is two times."},
    "put_course_hint_settings": {"deepest": 5, "costs": {"steps": 1.5}},
    "put_exercise_hint_settings": {"exam": True},
    "put_learner_hint_settings": {"most_hints": 3},
    "put_learner_exercise_hint_settings": {"deepest": 5},
    "post_readings": {"mode": "now"},
    "post_release": {"levels": {"names": 1, "shape": 2}, "releases": 0},
    "post_releases": {"submissions": [PLACES["id"]]},
    "post_collection": {},
    "delete_me": {"confirm": own_identity().display_name},
}
"""A body for each operation that takes one."""

WRITES = [operation for operation in OPERATIONS if KEY in operation.parameters]
"""The operations that take an idempotency key."""


def found(name: str, **places: str) -> tuple[Operation, str]:
    """Return an operation and its path, filled in."""
    operation = next(each for each in OPERATIONS if each.name == name)
    return operation, operation.path.format(**PLACES | places)


def row_for(api: Client, operation: Operation) -> str:
    """Return the key of a row of one's own, for an operation that names one in its path, or ""."""
    if "{id}" not in operation.path:
        return ""
    if operation.path.startswith("/hints"):
        _, path = found("post_hint")
        return str(api.send(path, {})["hint"]["id"])
    _, path = found("post_check" if operation.path.startswith("/checks") else "post_submission")
    return str(api.send(path, cells())["id"])


def allowed(api: Client, database: Database, operation: Operation) -> str:
    """Return the path of an operation at which the caller may do what it does."""
    me = UUID(api.get("/me")["id"])
    if operation.staff:
        with database() as uow:
            uow.people.enroll(me, COURSE, Role.INSTRUCTOR)
            uow.hint_settings.save(COURSE, HintSettings(conversations_visible=True))
    if "/reviews/{id}" in operation.path:
        row = str(ReviewDesk(database).submit(learner=me))
    elif operation.name == "put_explanation":
        row = str(show_code(database, me))
    else:
        row = row_for(api, operation)
    return found(operation.name, learner=str(me), **({"id": row} if row else {}))[1]


def show_code(database: Database, learner_id: UUID, exercise: str = "double") -> UUID:
    """Have somebody be given the bottom-out of an exercise; returns the hint's key."""
    with database() as uow:
        revision = uow.courses.latest_revision(COURSE, exercise)
        shown = Hint(
            id=uuid7(),
            learner_id=learner_id,
            revision_id=revision.id,
            level=HintLevel.BOTTOM_OUT,
            source=HintSource.AUTHOR,
            text=RIGHT,
            language="en",
            created_at=uow.now(),
        )
        uow.hints.add(shown)
        return shown.id
