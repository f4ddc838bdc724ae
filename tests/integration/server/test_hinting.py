"""Hints over HTTP, by the real SDK from a fake of the Messages API; whatever that does, one comes.

The database is real, the endpoint is a fake that breaks in every way, the runs are scripted.
"""

import http.client
import importlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from jupyter_tutor.domain.observations import Ending, Frame, Observation, RaisedError
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.submissions import GRADE_ATTEMPT
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.fake_api import (
    Cut,
    Disconnect,
    Drip,
    FakeApi,
    Garbage,
    Hang,
    Html,
    Reply,
    Scenario,
    Status,
    StreamError,
    Truncate,
    tutor,
)
from tests.integration.server.conftest import fresh
from tests.integration.server.serving import API, TOKEN, Client, Served, serving

pytestmark = pytest.mark.postgres

EXERCISE = "/courses/small/exercises/parts"
HELP = "What is `b` after your cell has run?"
PRICES = {"claude-haiku-5-5": {"input": 0.10, "output": 0.50}}
FALSE = Observation(
    "both",
    Ending.RAISED,
    error=RaisedError(
        "AssertionError",
        "",
        ("Exception", "BaseException"),
        (Frame("test", 1, "<module>", "assert (a, b) == (1, 2)"),),
    ),
)
FAULTS: list[tuple[Scenario, str]] = [
    (Status(401), "unauthorized"),
    (Status(402), "out_of_credit"),
    (Status(403), "unauthorized"),
    (Status(429, headers={"retry-after": "90"}), "rate_limited"),
    (Status(500), "failed"),
    (Status(529), "overloaded"),
    (Disconnect(), "cut"),
    (Cut(), "cut"),
    (Truncate(), "cut"),
    (StreamError(), "overloaded"),
    (Html(), "invalid"),
    (Garbage(), "invalid"),
    (Hang(), "timed_out"),
    (Drip(0.4), "timed_out"),
    (Reply("No.", stop_reason="refusal"), "refused"),
    (Reply('{"message": "a', stop_reason="max_tokens"), "truncated"),
    (Reply("this is no JSON"), "invalid"),
]


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeApi]:
    """The endpoint."""
    with FakeApi() as fake:
        yield fake


@pytest.fixture(scope="module")
def helped(
    tmp_path_factory: pytest.TempPathFactory,
    jupyter_directories: None,
    shared_database: str,
    fake: FakeApi,
) -> Iterator[Served]:
    """A server that asks the fake, and gives it two seconds."""
    importlib.import_module("anthropic")  # takes longer than that, and is warmed up in earnest
    traits = {
        "database_url": shared_database,
        "model_client": "anthropic",
        "model_url": fake.url,
        "model_prices": PRICES,
        "model_seconds": 2.0,
    }
    root: Path = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_TUTOR_MODEL_KEY", "a-key-for-tests")
        with serving(root, traits) as server:
            server.client.get("/health")
            yield server


@pytest.fixture
def api(helped: Served, database: Database, fake: FakeApi) -> Client:
    """The routes; the caller has failed at the exercise once, and read why."""
    client = fresh(helped, database)
    runner = small_course.runner()
    runner.answers["a = 1\nb = 3"] = {"both": FALSE}
    cells = [{"id": "part-a", "source": "a = 1"}, {"id": "part-b", "source": "b = 3"}]
    row = client.send(f"{EXERCISE}/checks", {"cells": cells})
    GradingService(database, runner).jobs[GRADE_ATTEMPT](UUID(row["id"]))
    hint = client.send(f"{EXERCISE}/hints", {})["hint"]
    assert (hint["level"], hint["source"]) == (0, "rules")
    fake.requests.clear()
    fake.otherwise = tutor(HELP)
    return client


def calls_of(database: Database) -> list[tuple[str, str, bool]]:
    """Return purpose, outcome and whether it cost something of every call in the ledger."""
    with psycopg.connect(conninfo(database.url)) as connection:
        rows = connection.execute(
            "SELECT purpose, outcome, cost > 0 FROM usage_records ORDER BY id"
        ).fetchall()
    return [(purpose, outcome, paid) for purpose, outcome, paid in rows]


def test_a_model_makes_the_hint_and_the_ledger_has_its_calls(
    api: Client, database: Database, fake: FakeApi
) -> None:
    given = api.send(f"{EXERCISE}/hints", {})

    assert (given["hint"]["level"], given["hint"]["source"]) == (1, "model")
    assert given["hint"]["text"] == HELP
    assert calls_of(database) == [("hint", "completed", True), ("validation", "completed", True)]
    sent = json.dumps([call.body for call in fake.calls])
    assert "b = 3" in sent
    for private in (api.get("/me")["id"], TOKEN, str(Path.home())):
        assert private not in sent
    (first, _) = fake.calls
    assert first.body["metadata"]["user_id"]


def test_the_same_request_with_the_same_key_is_answered_once(
    api: Client, database: Database, fake: FakeApi
) -> None:
    first, again = (api.send(f"{EXERCISE}/hints", {}, key="the-same-key") for _ in range(2))

    assert first["hint"] == again["hint"]
    assert len(fake.calls) == len(calls_of(database)) == 2


@pytest.mark.parametrize(("scenario", "outcome"), FAULTS, ids=lambda each: repr(each)[:40])
def test_whatever_the_endpoint_does_there_is_a_hint(
    api: Client, database: Database, fake: FakeApi, scenario: Scenario, outcome: str
) -> None:
    fake.otherwise = lambda _body: scenario
    given = api.send(f"{EXERCISE}/hints", {})

    assert (given["hint"]["level"], given["hint"]["source"]) == (1, "rules")
    assert "language model" in given["note"]
    assert "Traceback" not in given["hint"]["text"]
    seen = calls_of(database)
    assert 1 <= len(seen) <= 2
    assert {(purpose, ended) for purpose, ended, _ in seen} == {("hint", outcome)}


def test_who_leaves_ends_the_request_at_the_endpoint(
    helped: Served, api: Client, database: Database, fake: FakeApi
) -> None:
    fake.otherwise = lambda _body: Hang()
    gone = fake.gone
    connection = http.client.HTTPConnection("127.0.0.1", api.port, timeout=30)
    headers = {
        **api.headers,
        "Content-Type": "application/json",
        "Idempotency-Key": "somebody who leaves",
    }
    connection.request("POST", f"{API}{EXERCISE}/hints", b"{}", headers)
    _until(lambda: len(fake.calls) == 1)
    connection.close()
    _until(lambda: fake.gone > gone)
    _until(lambda: calls_of(database) != [])

    assert [outcome for _, outcome, _ in calls_of(database)] == ["cancelled"]
    hints = api.get(f"{EXERCISE}/hints")["hints"]
    assert [hint["level"] for hint in hints] == [0]


def test_what_gives_the_solution_away_is_not_shown(
    api: Client, database: Database, fake: FakeApi
) -> None:
    fake.otherwise = tutor("Replace the last line of your second cell by `b = 2`, and run it.")
    given = api.send(f"{EXERCISE}/hints", {})

    assert given["hint"]["source"] == "rules"
    assert "b = 2" not in json.dumps(given)
    # Each try that the guard held back was paid for.
    assert [paid for _, _, paid in calls_of(database)] == [True, True]


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
