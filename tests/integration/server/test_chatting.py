"""Conversations over HTTP, by the real SDK from a fake of the Messages API.

The database is real, the endpoint is a fake that breaks, the runs are scripted.
"""

import http.client
import json
from uuid import UUID

import psycopg
import pytest

from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests.fake_api import FakeApi, Hang, Reply, Scenario, Status, tutor
from tests.integration.server.serving import API, Client
from tests.integration.server.test_hinting import (
    EXERCISE,
    HELP,
    _until,
    api,
    calls_of,
    fake,
    helped,
)
from tests.small_course import COURSE

pytestmark = pytest.mark.postgres
__all__ = ["api", "fake", "helped"]

PATH = f"{EXERCISE}/conversation"
QUESTION = "Why does it fail? My mail is ada@uni-dhaka.edu.bd."


def messages(api: Client) -> list[str]:
    """Return what the caller and the tutor said, oldest first."""
    found = api.get(PATH)["conversations"]
    return [each["text"] for one in found for each in one["messages"]]


def test_a_model_answers_and_the_message_names_its_call(
    api: Client, database: Database, fake: FakeApi
) -> None:
    said = api.send(PATH, {"text": QUESTION}, key="the-same-key")

    assert (said["reply"]["text"], said["source"], said["note"]) == (HELP, "model", "")
    assert (said["question"]["text"], said["question"]["speaker"]) == (QUESTION, "learner")
    assert messages(api) == [QUESTION, HELP]
    (stored,) = api.get(PATH)["conversations"]
    assert stored["messages"] == [said["question"], said["reply"]]
    assert [each["source"] for each in stored["messages"]] == [None, "model"]
    calls = [("chat", "completed", True), ("validation", "completed", True)]
    assert calls_of(database) == calls
    with psycopg.connect(conninfo(database.url)) as connection:
        linked = connection.execute(
            "SELECT m.speaker FROM messages m JOIN usage_records u ON u.id = m.usage_id"
        ).fetchall()
    assert linked == [("tutor",)]
    sent = json.dumps([call.body for call in fake.calls])
    assert "Why does it fail?" in sent
    assert "ada@uni-dhaka.edu.bd" not in sent
    assert api.send(PATH, {"text": QUESTION}, key="the-same-key") == said
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    ("scenario", "outcome"),
    [
        (Status(529), "overloaded"),
        (Reply("this is no JSON"), "invalid"),
        (Hang(), "timed_out"),
    ],
    ids=["overloaded", "no JSON", "hangs"],
)
def test_when_the_endpoint_fails_rules_answer_and_the_question_is_kept(
    api: Client, database: Database, fake: FakeApi, scenario: Scenario, outcome: str
) -> None:
    fake.otherwise = lambda _body: scenario
    said = api.send(PATH, {"text": QUESTION, "language": "bn"})

    assert (said["source"], said["reply"]["language"]) == ("rules", "bn")
    assert messages(api) == [QUESTION, said["reply"]["text"]]
    assert said["reply"]["source"] == "rules"
    assert {(purpose, ended) for purpose, ended, _ in calls_of(database)} == {("chat", outcome)}


def test_who_leaves_takes_the_question_back(api: Client, database: Database, fake: FakeApi) -> None:
    fake.otherwise = lambda _body: Hang()
    gone = fake.gone
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
    headers = {
        **api.headers,
        "Content-Type": "application/json",
        "Idempotency-Key": "somebody who leaves",
    }
    body = json.dumps({"text": QUESTION}).encode()
    connection.request("POST", f"{API}{PATH}", body, headers)
    _until(lambda: len(fake.calls) == 1)
    connection.close()
    _until(lambda: fake.gone > gone)
    _until(lambda: calls_of(database) != [])

    assert [outcome for _, outcome, _ in calls_of(database)] == ["cancelled"]
    assert messages(api) == []
    fake.otherwise = tutor(HELP)
    again = api.send(PATH, {"text": QUESTION}, key="somebody who leaves")
    assert again["reply"]["text"] == HELP


def test_where_it_is_switched_off_nobody_is_asked(
    api: Client, database: Database, fake: FakeApi
) -> None:
    for settings, reason in (
        (HintSettings(chat=False), "switched_off"),
        (HintSettings(exam=True), "exam"),
    ):
        with database() as uow:
            uow.hint_settings.save(COURSE, settings)
        refused = api.call("POST", PATH, {"text": QUESTION})
        refused.refusal(403, "not_allowed")
        assert refused.json()["details"] == {"reason": reason}
        standing = {"closed": reason, "message": refused.json()["message"]}
        assert api.get(PATH)["chat"] == standing
    assert fake.calls == []
    assert messages(api) == []


def test_instructors_read_it_only_where_the_course_says_so(api: Client, database: Database) -> None:
    api.send(PATH, {"text": QUESTION})
    me = UUID(api.get("/me")["id"])
    theirs = f"/courses/{COURSE}/learners/{me}/conversations"
    with psycopg.connect(conninfo(database.url)) as connection:
        connection.execute("UPDATE enrollments SET role = 'instructor'")
    api.call("GET", theirs).refusal(403, "not_allowed")
    with database() as uow:
        uow.hint_settings.save(COURSE, HintSettings(conversations_visible=True))
    assert api.get(theirs)["conversations"] == []  # said when it was the learner's own
    api.send(PATH, {"text": "And now?"})
    (read,) = api.get(theirs)["conversations"]
    assert [each["text"] for each in read["messages"]] == ["And now?", HELP]


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 4_001}, {"text": "a\0b"}])
def test_a_question_that_cannot_be_taken(api: Client, body: dict[str, str]) -> None:
    api.call("POST", PATH, body).refusal(422, "invalid_input")
