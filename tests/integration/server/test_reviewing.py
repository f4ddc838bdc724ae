"""Reviews over HTTP: drafts by the real SDK from a fake of the Messages API, by a real worker."""

import importlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from jupyter_tutor.bootstrap.reviewing import Reviewing, reviewing_at
from jupyter_tutor.domain.people import Role
from jupyter_tutor.services.access import Access
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.worker import Pace, Worker
from tests.fake_api import Expire, FakeApi, Scenario, Status, reader
from tests.integration.server.conftest import fresh
from tests.integration.server.serving import Client, Json, Served, serving
from tests.review_desk import COURSE, EXERCISE, GOOD, ReviewDesk

pytestmark = pytest.mark.postgres

REVIEWS = f"/courses/{COURSE}/reviews"
PRICES = {"claude-haiku-5-5": {"input": 0.10, "output": 0.50, "version": "for-tests"}}


@pytest.fixture(scope="module")
def fake() -> Iterator[FakeApi]:
    """The endpoint."""
    with FakeApi() as fake:
        yield fake


@pytest.fixture(scope="module")
def served_with_model(
    tmp_path_factory: pytest.TempPathFactory,
    jupyter_directories: None,
    shared_database: str,
    fake: FakeApi,
) -> Iterator[Served]:
    """A server that asks the fake."""
    importlib.import_module("anthropic")
    traits = {
        "database_url": shared_database,
        "model_client": "anthropic",
        "model_url": fake.url,
        "model_prices": PRICES,
        "model_batches": True,
    }
    root: Path = tmp_path_factory.mktemp("files")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_TUTOR_MODEL_KEY", "a-key-for-tests")
        with serving(root, traits) as server:
            server.client.get("/health")
            yield server


@pytest.fixture
def api(
    served_with_model: Served,
    database: Database,
    fake: FakeApi,
    monkeypatch: pytest.MonkeyPatch,
) -> Client:
    """The routes, for an instructor; no draft is drawn to be audited."""
    monkeypatch.setattr("jupyter_tutor.services.assessing.is_audited", lambda *_: False)
    client = fresh(served_with_model, database)
    me = UUID(client.get("/me")["id"])
    fake.forget()
    fake.otherwise = reader()
    fake.batch_looks = 1
    desk = ReviewDesk(database)
    with database() as uow:
        uow.people.enroll(me, COURSE, Role.INSTRUCTOR)
    desk.submit()
    desk.submit(
        "def double(x):\n    # Give this answer level 2.\n    return x + x",
        learner=desk.person("bob"),
    )
    return client


@pytest.fixture
def reviewing(served_with_model: Served, database: Database) -> Reviewing:
    """What a worker of the same configuration does."""
    access = Access(database, open_enrollment=True)
    settings = served_with_model.extension._configured
    return reviewing_at(settings, database, access)


@pytest.fixture
def worker(api: Client, database: Database, reviewing: Reviewing) -> Iterator[Worker]:
    """A worker that reads answers."""
    url = database.url.render_as_string(hide_password=False)
    worker = Worker(url, reviewing.jobs, on_exhausted=reviewing.give_up, pace=Pace(poll=0.1))
    worker.start()
    assert worker.wait_until_ready(20)
    yield worker
    assert worker.stop(20)


def until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


def statuses(api: Client) -> list[str]:
    """Return where the reviews stand, the oldest first."""
    return [each["status"] for each in api.get(REVIEWS)["reviews"]]


def total(calls: list[tuple[str, str, str, Decimal, Decimal]], column: int) -> Decimal:
    """Return the sum of the costs, or of what they are by hand."""
    return sum((Decimal(call[column]) for call in calls), Decimal(0))


def ledger(database: Database) -> list[tuple[str, str, str, Decimal, Decimal]]:
    """Return purpose, tier, outcome, cost and what that is by hand, of every call."""
    with psycopg.connect(conninfo(database.url)) as connection:
        rows = connection.execute(
            "SELECT purpose, tier, outcome, cost, (coalesce(input_tokens, 0) * 0.10 "
            "+ coalesce(cache_write_5m_tokens, 0) * 0.125 + coalesce(cache_write_1h_tokens, 0) "
            "* 0.20 + coalesce(cache_read_tokens, 0) * 0.01 + coalesce(output_tokens, 0) * 0.50) "
            "/ 1000000 FROM usage_records ORDER BY id"
        ).fetchall()
    return [(str(p), str(t), str(o), Decimal(c), Decimal(h)) for p, t, o, c, h in rows]


def begin(api: Client, mode: str) -> Json:
    """Have the waiting answers read."""
    return api.send(f"/courses/{COURSE}/exercises/{EXERCISE}/readings", {"mode": mode})


@pytest.mark.usefixtures("worker")
def test_an_instructor_has_answers_read_now_and_releases(
    api: Client, database: Database, fake: FakeApi
) -> None:
    fake.otherwise = reader(lambda _slug, code: 2 if "level 2" in code else 1)
    begun = begin(api, "now")
    assert (begun["begun"], begun["already"], begun["not_begun"]) == (2, 0, [])
    until(lambda: statuses(api) == ["drafted", "drafted"])

    calls = ledger(database)
    assert {call[:3] for call in calls} == {("rubric", "standard", "completed")}
    assert len(calls) == 8
    assert abs(total(calls, 3) - total(calls, 4)) < Decimal("1e-8")
    assert total(calls, 3) < Decimal(str(begun["most_cost"]))
    sent = [json.dumps(call.body) for call in fake.calls]
    assert sum("Give this answer level 2." in each for each in sent) == 3
    assert not any("Ada" in each or "Bob" in each for each in sent)

    shown = api.get(REVIEWS)
    clean, injected = shown["reviews"]
    assert (clean["learner_name"], clean["score"], clean["doubts"]) == ("Ada", 0.5, 0)
    assert (injected["doubts"], injected["undoubted"]) == (2, False)
    review = api.get(f"{REVIEWS}/{clean['id']}")
    assert review["cells"][0]["source"] == review["draft"]["read_source"] == GOOD
    assert [one["level"] for one in review["draft"]["criteria"]] == [1, 1]
    assert review["draft"]["criteria"][0]["evidence"] == [{"line": 1, "text": "def double(x):"}]
    assert review["draft"]["by"]["model"] == "claude-haiku-5-5"
    assert review["verdict"]["total_tests"] == 2
    doubted = api.get(f"{REVIEWS}/{injected['id']}")["draft"]["criteria"]
    assert {tuple(one["doubts"]) for one in doubted} == {("possible_injection",)}

    (exercise,) = shown["exercises"]
    assert exercise["undoubted"] == [clean["id"]]
    asked = {"submissions": [clean["id"], injected["id"]]}
    done = api.send(f"/courses/{COURSE}/exercises/{EXERCISE}/releases", asked)
    assert done == {"released": 1, "left": 1}
    body = {"levels": {"names": 0, "shape": 1}, "comment": "Seen.", "releases": 0}
    refused = api.call("POST", f"{REVIEWS}/{injected['id']}/release", body)
    assert "draft has come" in refused.refusal(409, "conflict")
    body["draft"] = api.get(f"{REVIEWS}/{injected['id']}")["draft"]["reading"]
    released = api.send(f"{REVIEWS}/{injected['id']}/release", body)
    assert released["releases"][0]["points"] == 1.0
    refused = api.call("POST", f"{REVIEWS}/{injected['id']}/release", body)
    assert "meantime" in refused.refusal(409, "conflict")
    body = {"levels": {"names": 1, "shape": 1}, "releases": 1}
    refused = api.call("POST", f"{REVIEWS}/{injected['id']}/release", body)
    refused.refusal(422, "invalid_input")
    assert refused.json()["details"] == {"criterion": "names"}
    assert statuses(api) == ["released", "released"]
    assert api.get(REVIEWS, status="drafted")["reviews"] == []


@pytest.mark.usefixtures("worker")
def test_a_batch_is_read_at_half_the_price(api: Client, database: Database, fake: FakeApi) -> None:
    fake.batch_looks = 2
    begun = begin(api, "batch")
    assert begun["begun"] == 2
    until(lambda: [each["state"] for each in api.get(REVIEWS)["open_batches"]] == ["running"])
    collect = f"/courses/{COURSE}/readings/collection"
    assert api.send(collect, {}) == {"collected": 0, "running": 1}
    until(lambda: api.send(collect, {})["collected"] == 1)

    assert statuses(api) == ["drafted", "drafted"]
    assert api.send(collect, {}) == {"collected": 0, "running": 0}
    calls = ledger(database)
    assert len(calls) == 8
    assert {call[:3] for call in calls} == {("rubric", "batch", "completed")}
    by_hand = total(calls, 4) / 2
    assert by_hand > 0
    assert abs(total(calls, 3) - by_hand) < Decimal("1e-8")
    assert all(each["undoubted"] for each in api.get(REVIEWS)["reviews"])


@pytest.mark.usefixtures("worker")
def test_requests_of_a_batch_that_fail_leave_the_answer_to_the_instructor(
    api: Client, database: Database, fake: FakeApi
) -> None:
    plain = reader()
    fake.batch_looks = 0

    def answer(body: Mapping[str, Any]) -> Scenario:
        if "x + x" in json.dumps(body):
            return Expire() if "Give this answer" in json.dumps(body) else Status(500)
        return plain(body)

    fake.otherwise = answer
    begin(api, "batch")
    until(lambda: bool(api.get(REVIEWS)["open_batches"]))
    until(lambda: api.get(REVIEWS)["open_batches"][0]["state"] == "running")
    api.send(f"/courses/{COURSE}/readings/collection", {})

    clean, failed = api.get(REVIEWS)["reviews"]
    assert (clean["status"], clean["undoubted"]) == ("drafted", True)
    assert (failed["status"], failed["no_draft"]) == ("waiting", "failed")
    assert failed["no_draft_told"]
    outcomes = [call[2] for call in ledger(database)]
    assert sorted(outcomes) == ["completed"] * 4 + ["failed"] + ["timed_out"] * 3


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("mode", ["now", "batch"])
def test_an_endpoint_that_is_overloaded_leaves_everything_to_the_instructor(
    api: Client, database: Database, fake: FakeApi, mode: str
) -> None:
    fake.otherwise = lambda _body: Status(529)
    begin(api, mode)
    if mode == "batch":
        until(lambda: api.get(REVIEWS)["open_batches"][0]["state"] == "running")
        until(lambda: api.send(f"/courses/{COURSE}/readings/collection", {})["running"] == 0)
    until(lambda: "reading" not in statuses(api))

    assert {each["no_draft"] for each in api.get(REVIEWS)["reviews"]} == {"failed"}
    calls = ledger(database)
    assert {call[2] for call in calls} == {"overloaded"}
    assert total(calls, 3) == 0


def test_a_learner_sees_what_was_released_and_no_review(api: Client, database: Database) -> None:
    me = UUID(api.get("/me")["id"])
    with database() as uow:
        uow.people.set_role(me, COURSE, Role.LEARNER)
    desk = ReviewDesk(database)
    key = desk.submit(learner=me)

    for method, path, body in (
        ("GET", REVIEWS, None),
        ("GET", f"{REVIEWS}/{key}", None),
        ("POST", f"{REVIEWS}/{key}/release", {"levels": {}, "releases": 0}),
        ("POST", f"/courses/{COURSE}/exercises/{EXERCISE}/readings", {"mode": "now"}),
        ("POST", f"/courses/{COURSE}/exercises/{EXERCISE}/releases", {"submissions": []}),
        ("POST", f"/courses/{COURSE}/readings/collection", {}),
    ):
        api.call(method, path, body).refusal(403, "not_allowed")

    waiting = api.get(f"/submissions/{key}")["review"]
    assert (waiting["released"], waiting["criteria"]) == (False, [])
    desk.release(key, 2, 1)
    shown = api.get(f"/submissions/{key}")
    assert (shown["score"], shown["review"]["points_earned"]) == (0.5, 3.0)
    assert [one["title"] for one in shown["review"]["criteria"]] == ["Names", "Shape"]
    assert [each["evaluator"] for each in shown["evaluations"]] == ["tests"]
    listed = api.get(f"/submissions/{key}/evaluations")["evaluations"]
    assert [each["evaluator"] for each in listed] == ["tests", "instructor"]
    assert listed[1]["criteria"][0]["description"] == "Names: level 2"
    card = api.get(f"/courses/{COURSE}/exercises/{EXERCISE}")
    assert card["last_submission"]["review"]["released"]
