"""What a learner deleted, or who was erased, is in no row of any table."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests.fake_api import FakeApi, tutor
from tests.fake_api.scenarios import Scenario
from tests.integration.server.serving import Client
from tests.integration.server.test_hinting import EXERCISE, api, fake, helped

pytestmark = pytest.mark.postgres
__all__ = ["api", "fake", "helped"]

ASKED, ANSWERED, REMARK = "marmalade-question", "marmalade-answer", "marmalade-remark"


def tables_with(database: Database, *wanted: str) -> dict[str, int]:
    """Return the tables with a row that holds one of some texts anywhere, and how many rows."""
    found: dict[str, int] = {}
    # As documents and bytes are stored they may be in other letters.
    forms = {form for each in wanted for form in (each, each.encode().hex())}
    forms |= {base64.b64encode(each.encode()).decode()[:-4] for each in wanted}
    with psycopg.connect(conninfo(database.url)) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' "
            "AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        assert len(names) > 30
        for (name,) in names:
            query = sql.SQL("SELECT count(*) FROM {} AS t WHERE t::text LIKE ANY(%s)")
            patterns = [f"%{form}%" for form in forms]
            row = connection.execute(query.format(sql.Identifier(name)), (patterns,)).fetchone()
            if row is not None and row[0]:
                found[name] = row[0]
    return found


def test_of_a_deleted_conversation_nothing_is_left(
    api: Client, database: Database, fake: FakeApi
) -> None:
    fake.otherwise = tutor(f"What is `b` there? ({ANSWERED})")
    path = f"{EXERCISE}/conversation"
    for number in range(2):
        said = api.send(path, {"text": f"{ASKED} {number}"})
        assert ANSWERED in said["reply"]["text"]
    # All of it can be read by who said it, before that.
    mine = json.dumps(api.get("/courses/small/conversations"))
    assert (mine.count(ASKED), mine.count(ANSWERED)) == (2, 2)
    assert tables_with(database, ASKED, ANSWERED) == {"messages": 4}

    assert api.call("DELETE", path).json() == {"deleted": 1}
    assert tables_with(database, ASKED, ANSWERED) == {}
    assert api.get(path)["conversations"] == []


def test_of_who_is_erased_nothing_is_left_but_amounts(
    api: Client, database: Database, fake: FakeApi
) -> None:
    fake.otherwise = tutor(f"What is `b` there? ({ANSWERED})")
    api.send(f"{EXERCISE}/conversation", {"text": ASKED})
    hint = api.send(f"{EXERCISE}/hints", {})["hint"]
    rated = {"mark": "wrong", "text": REMARK}
    api.send(f"/hints/{hint['id']}/feedback", rated, method="PUT")
    cells = [
        {"id": "part-a", "source": f"a = 1  # {ASKED}"},
        {"id": "part-b", "source": "b = 3"},
    ]
    api.send(f"{EXERCISE}/checks", {"cells": cells})
    me = UUID(api.get("/me")["id"])
    assert {"messages", "hint_requests", "attempts"} <= set(
        tables_with(database, ASKED, ANSWERED, REMARK)
    )

    name = api.get("/me")["display_name"]
    assert api.call("DELETE", "/me", {"confirm": name}).status == 200
    assert tables_with(database, ASKED, ANSWERED, REMARK, str(me), name) == {}
    with psycopg.connect(conninfo(database.url)) as connection:
        amounts = connection.execute(
            "SELECT learner_id, request_id, cost > 0 FROM usage_records"
        ).fetchall()
    assert amounts
    assert set(amounts) == {(None, "", True)}


@pytest.mark.parametrize("asked", ["conversation", "hints"])
def test_who_is_erased_while_a_model_thinks_is_charged_to_nobody(
    api: Client,
    database: Database,
    fake: FakeApi,
    caplog: pytest.LogCaptureFixture,
    asked: str,
) -> None:
    me = api.get("/me")

    answering = tutor(f"What is `b` there? ({ANSWERED})")

    def erase(body: Mapping[str, Any]) -> Scenario:
        if api.get("/me")["id"] == me["id"]:
            answer = api.call("DELETE", "/me", {"confirm": me["display_name"]})
            assert answer.status == 200
        return answering(body)

    fake.otherwise = erase
    body = {"text": ASKED} if asked == "conversation" else {}
    api.call("POST", f"{EXERCISE}/{asked}", body).refusal(404, "not_found")

    assert api.get("/me")["id"] != me["id"]
    assert tables_with(database, ASKED, ANSWERED, me["id"]) == {}
    with psycopg.connect(conninfo(database.url)) as connection:
        calls = connection.execute(
            "SELECT learner_id, request_id, cost > 0 FROM usage_records"
        ).fetchall()
        held = connection.execute("SELECT 1 FROM usage_reservations").fetchall()
    assert set(calls) == {(None, "", True)}
    assert held == []
    assert "Traceback" not in caplog.text
