"""Help over HTTP: who may set it, who reads what, and what is one's own."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import psycopg
import pytest

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Speaker
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.model_calls import (
    CallOutcome,
    ModelCall,
    Purpose,
    Tier,
    TokenUsage,
    UsageRecord,
)
from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.server.contract import OPERATIONS
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.conversations import record
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.connections import conninfo
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


def test_settings_for_a_learner_on_one_exercise_win(api: Client, database: Database) -> None:
    me = str(teach(api, database))
    called(api, "put_course_hint_settings", {"deepest": 1})
    assert called(api, "get_hints")["ladder"]["deepest"] == 1
    said = called(api, "put_learner_exercise_hint_settings", {"deepest": 5}, learner=me)
    assert [(each["exercise"], each["learner"]) for each in said["settings"]] == [
        (None, None),
        ("double", me),
    ]
    assert called(api, "get_hints")["ladder"]["deepest"] == 5
    with psycopg.connect(conninfo(database.url)) as connection:
        noted = connection.execute(
            "SELECT subject FROM audit_events WHERE action = 'hint_settings.changed' ORDER BY at"
        ).fetchall()
    assert noted[-1] == (f"person:{me}/exercise:small/double",)


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
    for deleted in (1, 0):
        assert called(api, "delete_feedback", id=hint["id"]) == {"deleted": deleted}
        assert called(api, "get_hints")["hints"][0]["feedback"] is None
    counts = called(api, "get_feedback_counts")["exercises"]
    assert (counts[0]["hints"], counts[0]["helpful"]) == (1, 0)
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
    for key in (theirs, uuid4(), "none"):
        api.call("DELETE", found("delete_feedback", id=str(key))[1]).refusal(404, "not_found")


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


def spend(database: Database, learner_id: UUID | None, cost: str) -> None:
    """Have a call of a learner's cost something."""
    with database() as uow:
        call = ModelCall(
            Purpose.HINT,
            "direct",
            "a-model",
            "req_1",
            TokenUsage(10, 0, 0, 30, 5),
            Tier.STANDARD,
            CallOutcome.COMPLETED,
            1.0,
        )
        uow.ledger.add(
            UsageRecord(
                uuid7(),
                call,
                learner_id,
                small_course.COURSE,
                "double",
                "v1",
                Decimal(cost),
                uow.now(),
            )
        )


def test_instructors_see_what_was_spent(api: Client, database: Database) -> None:
    me = teach(api, database)
    learner = other(database)
    spend(database, me, "0.000000000001")
    spend(database, learner, "0.25")
    usage = called(api, "get_usage")
    assert usage["by"] == "model"
    assert usage["total"]["cost"] == "0.250000000001"
    assert (usage["total"]["calls"], usage["total"]["cache_share"]) == (2, 0.75)
    _, path = found("get_usage")
    by_learner = api.call("GET", path, query={"by": "learner"}).json()
    assert [each["key"] for each in by_learner["sums"]] == [str(learner), str(me)]
    later = api.call("GET", path, query={"since": "2999-01-01T00:00:00Z"}).json()
    assert later["total"]["calls"] == 0
    for query in ({"by": "shoe"}, {"since": "yesterday"}, {"until": "2031-01-01"}):
        assert api.call("GET", path, query=query).refusal(422, "invalid_input")


def test_consent_is_given_and_withdrawn(api: Client, database: Database) -> None:
    me = UUID(api.get("/me")["id"])
    asked = called(api, "get_consent")
    # No model is configured here, so there is nothing to ask for.
    assert (asked["given"], asked["must_ask"]) == (None, False)
    assert "nobody" in asked["text"]["recipient"]
    version = asked["text"]["version"]
    given = called(api, "put_consent", {"given": True, "version": version})
    assert (given["given"], given["version"]) == (True, version)
    _, path = found("put_consent")
    old = api.call("PUT", path, {"given": True, "version": version + 1})
    assert "changed" in old.refusal(409, "conflict")
    withdrawn = called(api, "put_consent", {"given": False, "version": version})
    assert withdrawn["given"] is False
    assert called(api, "get_consent", language="bn")["text"]["never"] != asked["text"]["never"]
    with database() as uow:
        consent = uow.consents.latest(me, small_course.COURSE)
    assert consent is not None
    assert not consent.given


def test_who_has_spent_their_budget_is_told(api: Client, database: Database) -> None:
    me = UUID(api.get("/me")["id"])
    assert called(api, "get_consent")["quota_message"] == ""
    spend(database, me, "0.08")
    soft = called(api, "get_consent")
    assert (soft["quota_used_up"], "nearly" in soft["quota_message"]) == (False, True)
    spend(database, me, "0.02")
    spent = called(api, "get_consent")
    assert (spent["quota_used_up"], "month" in spent["quota_message"]) == (True, True)
    assert spent["quota_renews_at"]


def talk(database: Database, learner_id: UUID, exercise: str = "double") -> None:
    """Have a learner ask something."""
    with database() as uow:
        record(
            uow,
            learner_id,
            small_course.COURSE,
            exercise,
            Speaker.LEARNER,
            "Why?",
            "en",
            hint_level=HintLevel.RESULT,
        )


def test_conversations_are_read_and_deleted_by_their_learner(
    api: Client, database: Database
) -> None:
    me, them = UUID(api.get("/me")["id"]), other(database)
    for exercise in ("double", "parts"):
        talk(database, me, exercise)
        talk(database, them, exercise)
    mine = called(api, "get_conversations")
    assert [each["exercise"] for each in mine["conversations"]] == ["double", "parts"]
    assert "yours alone" in mine["told"]
    (one,) = called(api, "get_conversation")["conversations"]
    assert [each["text"] for each in one["messages"]] == ["Why?"]
    assert called(api, "delete_conversation") == {"deleted": 1}
    assert called(api, "get_conversation")["conversations"] == []
    assert called(api, "delete_conversations") == {"deleted": 1}
    assert called(api, "delete_conversations") == {"deleted": 0}
    with psycopg.connect(conninfo(database.url)) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (2,)
    for name in ("get_conversation", "delete_conversation"):
        operation, path = found(name, exercise="nothing")
        api.call(operation.method, path).refusal(404, "not_found")


def test_instructors_read_conversations_where_the_course_says_so_and_are_noted(
    api: Client, database: Database
) -> None:
    teach(api, database)
    them = other(database)
    talk(database, them)
    _, path = found("get_learner_conversations", learner=str(them))
    assert "their own" in api.call("GET", path).refusal(403, "not_allowed")
    called(api, "put_course_hint_settings", {"conversations_visible": True})
    # What was written while it was the learner's own stays so.
    assert called(api, "get_learner_conversations", learner=str(them))["conversations"] == []
    talk(database, them)
    (theirs,) = called(api, "get_learner_conversations", learner=str(them))["conversations"]
    assert (theirs["exercise"], len(theirs["messages"])) == ("double", 1)
    assert "instructors can read" in called(api, "get_conversations")["told"]
    with psycopg.connect(conninfo(database.url)) as connection:
        looks = connection.execute(
            "SELECT subject FROM audit_events WHERE action = 'conversation.read'"
        ).fetchall()
    assert looks == [(f"person:{them}",)] * 2
    for stranger in (uuid4(), other(database, "stranger", role=None)):
        _, path = found("get_learner_conversations", learner=str(stranger))
        api.call("GET", path).refusal(404, "not_found")


def test_who_is_erased_leaves_amounts_and_nothing_else(api: Client, database: Database) -> None:
    them = other(database)
    talk(database, them)
    spend(database, them, "0.5")
    with database() as uow:
        uow.consents.add(them, small_course.COURSE, Consent(given=True, version=1, at=uow.now()))
        uow.hint_settings.save(small_course.COURSE, HintSettings(exam=True), learner_id=them)
        later = uow.now() + timedelta(days=1)
        uow.model_replies.keep(small_course.COURSE, "a" * 64, them, {"text": "So."}, later)
        uow.ledger.reserve(them, small_course.COURSE, Decimal(1), later)
    show_code(database, them)
    with psycopg.connect(conninfo(database.url)) as connection:
        connection.execute("DELETE FROM people WHERE id = %s", (them,))
        for table in (
            "consents",
            "conversations",
            "messages",
            "model_replies",
            "hint_settings",
            "hint_requests",
            "usage_reservations",
        ):
            rows = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            assert rows == (0,), table
        kept = connection.execute("SELECT learner_id, cost FROM usage_records").fetchall()
        assert kept == [(None, Decimal("0.5"))]
        with pytest.raises(psycopg.errors.RestrictViolation):
            connection.execute("UPDATE usage_records SET cost = 0")
