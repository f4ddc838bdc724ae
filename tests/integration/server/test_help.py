"""Help over HTTP: who may set it, who reads what, and what is one's own."""

from uuid import UUID, uuid4

import pytest

from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.server.contract import OPERATIONS
from jupyter_tutor.services.access import Access
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.requests import BODIES, found, show_code
from tests.integration.server.serving import Client
from tests.integration.server.test_routes import called

pytestmark = pytest.mark.postgres


def other(database: Database, name: str = "other", role: Role | None = Role.LEARNER) -> UUID:
    """Return the key of somebody else, enrolled where a role is given."""
    access = Access(database, open_enrollment=True)
    person, _ = access.recognise(Identity("local", name, name.title()))
    if role is not None:
        with database() as uow:
            uow.people.enroll(person.id, small_course.COURSE, role)
    return person.id


def teach(api: Client, database: Database) -> UUID:
    """Make the caller an instructor; returns their key."""
    me = UUID(api.get("/me")["id"])
    with database() as uow:
        uow.people.enroll(me, small_course.COURSE, Role.INSTRUCTOR)
    return me


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.staff], ids=lambda each: each.name
)
def test_what_is_for_instructors_is_for_nobody_else(
    api: Client, database: Database, operation: object
) -> None:
    name = operation.name  # type: ignore[attr-defined]
    learner = str(other(database))
    described, path = found(name, learner=learner)
    for _ in range(2):
        refused = api.call(described.method, path, BODIES.get(name))
        assert "instructors" in refused.refusal(403, "not_allowed")
        api.get("/courses/small")  # enrolled as a learner, it is the same
    _, foreign = found(name, course="elsewhere", learner=learner)
    api.call(described.method, foreign, BODIES.get(name)).refusal(404, "not_found")


def test_settings_are_replaced_and_listed_and_audited(api: Client, database: Database) -> None:
    teach(api, database)
    learner = other(database)
    called(api, "put_course_hint_settings", {"most_hints": 2, "cloud": False})
    called(api, "put_exercise_hint_settings", {"exam": True})
    said = called(api, "put_learner_hint_settings", {"exam": False}, learner=str(learner))

    assert [(each["exercise"], each["learner"]) for each in said["settings"]] == [
        (None, None),
        ("double", None),
        (None, str(learner)),
    ]
    assert said["settings"][0]["settings"]["cloud"] is False
    assert said["settings"][0]["settings"]["chat"] is None
    assert said == called(api, "get_hint_settings")
    left = called(api, "put_exercise_hint_settings", {})
    assert len(left["settings"]) == 2
    ladder = called(api, "get_hints")["ladder"]
    assert (ladder["hints_left"], ladder["exam"]) == (2, False)


def test_settings_of_strangers_are_not_found(api: Client, database: Database) -> None:
    teach(api, database)
    for stranger in (uuid4(), other(database, "stranger", role=None), "nobody"):
        _, path = found("put_learner_hint_settings", learner=str(stranger))
        api.call("PUT", path, {"exam": True}).refusal(404, "not_found")
    _, path = found("put_exercise_hint_settings", exercise="nothing")
    api.call("PUT", path, {"exam": True}).refusal(404, "not_found")
    assert called(api, "get_hint_settings")["settings"] == []


def test_an_exam_ends_the_ladder(api: Client, database: Database) -> None:
    me = teach(api, database)
    called(api, "put_course_hint_settings", {"exam": True})
    given = called(api, "post_hint", {})
    assert (given["hint"], given["ladder"]["exam"], given["ladder"]["deepest"]) == (None, True, 0)
    called(api, "put_learner_hint_settings", {"exam": False}, learner=str(me))
    assert called(api, "post_hint", {})["hint"]["level"] == 1


def test_a_hint_is_rated_and_rated_anew(api: Client, database: Database) -> None:
    me = teach(api, database)
    hint = called(api, "post_hint", {})["hint"]
    assert hint["feedback"] is None
    called(api, "put_feedback", {"mark": "wrong", "text": " It is not so. "}, id=hint["id"])
    rated = called(api, "get_hints")["hints"][0]["feedback"]
    assert (rated["mark"], rated["text"]) == ("wrong", "It is not so.")
    counts = called(api, "get_feedback_counts")["exercises"]
    assert counts == [
        {"exercise": "double", "hints": 1, "helpful": 0, "not_helpful": 0, "wrong": 1}
    ]
    called(api, "put_feedback", {"mark": "helpful"}, id=hint["id"])
    counts = called(api, "get_feedback_counts")["exercises"]
    assert (counts[0]["helpful"], counts[0]["wrong"]) == (1, 0)
    assert str(me) not in str(counts)


def test_hints_of_others_can_be_neither_rated_nor_explained(
    api: Client, database: Database
) -> None:
    teach(api, database)
    theirs = show_code(database, other(database))
    for name in ("put_feedback", "put_explanation"):
        for key in (theirs, uuid4(), "none"):
            _, path = found(name, id=str(key))
            api.call("PUT", path, BODIES[name]).refusal(404, "not_found")


def test_what_was_shown_is_explained_and_tried_alone(api: Client, database: Database) -> None:
    me = UUID(api.get("/me")["id"])
    key = str(show_code(database, me, "parts"))
    ladder = called(api, "get_hints", exercise="parts")["ladder"]
    assert (ladder["to_explain"], bool(ladder["explain"])) == (key, True)
    assert ladder["twin"]["exercise"] in ("exam", "slicing")
    _, path = found("put_explanation", id=key)
    assert "sentence" in api.call("PUT", path, {"text": "  "}).refusal(422, "invalid_input")
    called(api, "put_explanation", {"text": "Twice is two times."}, id=key)
    asked = called(api, "get_hints", exercise="parts")
    assert (asked["ladder"]["to_explain"], asked["ladder"]["explain"]) == (None, "")
    assert asked["hints"][0]["explanation"]["text"] == "Twice is two times."

    nudge = called(api, "post_hint", {})["hint"]["id"]
    _, path = found("put_explanation", id=nudge)
    api.call("PUT", path, {"text": "So."}).refusal(409, "conflict")
