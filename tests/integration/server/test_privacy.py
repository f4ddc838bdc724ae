"""What is stored of a person: told, taken along, erased, over HTTP."""

import io
import json
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest

from jupyter_tutor.domain.personal_data import DataKind
from jupyter_tutor.server.routes import Routes
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.submissions import GRADE_SUBMISSION
from jupyter_tutor.storage.database import Database
from tests.integration.server.requests import cells, found
from tests.integration.server.serving import Answer, Client, Served
from tests.integration.server.somebody import Somebody
from tests.small_course import RIGHT

pytestmark = pytest.mark.postgres

GOAL = "to count my sheep"


def taken(answer: Answer) -> dict[str, Any]:
    """Return the documents of an archive by their names, and its other files as text."""
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.body)
    with ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    return {
        name: json.loads(text) if name.endswith((".json", ".ipynb")) else text
        for name, text in texts.items()
    }


def counted(kinds: list[dict[str, Any]]) -> dict[str, int]:
    return {each["kind"]: each["count"] for each in kinds}


@pytest.fixture
def submission(api: Client, grading: GradingService) -> str:
    """A learner who has said something of themselves and handed in; the submission's key."""
    api.send("/me/profile", {"goals": [GOAL]}, method="PUT")
    _, path = found("post_submission")
    handed_in = api.send(path, cells(RIGHT))["id"]
    grading.jobs[GRADE_SUBMISSION](handed_in)
    return str(handed_in)


def test_everybody_is_told_how_much_is_stored_of_them(api: Client, submission: str) -> None:
    me, told = api.get("/me"), api.get("/me/data")

    assert (told["display_name"], told["confirm"]) == (me["display_name"],) * 2
    assert told["accounts"]
    assert told["courses"] == [{"course": "small", "role": "learner"}]
    assert [each["kind"] for each in told["kinds"]] == list(DataKind)
    counts = counted(told["kinds"])
    assert (counts["submissions"], counts["evaluations"], counts["checks"]) == (1, 1, 0)
    assert (counts["profile"], counts["memory"], told["released_grades"]) == (3, 1, 0)


def test_all_of_it_is_taken_along(api: Client, submission: str, somebody: Somebody) -> None:
    theirs = somebody.submit()
    answer = api.call("GET", "/me/export")
    archive = taken(answer)

    assert answer.headers["content-disposition"].startswith(
        'attachment; filename="jupyter-tutor-export-2'
    )
    assert archive["manifest.json"]["format"] == "jupyter-tutor-export"
    listed = {each["name"] for each in archive["manifest.json"]["files"]}
    assert listed | {"manifest.json"} == set(archive)
    assert archive["person.json"]["profile"]["goals"] == [GOAL]
    (handed_in,) = archive["submissions.json"]
    assert (handed_in["id"], handed_in["score"]) == (submission, 1.0)
    assert handed_in["answer"]["cells"] == [{"id": "answer", "source": RIGHT}]
    notebook = archive["notebooks/small/double/submission-1.ipynb"]
    assert [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"] == [RIGHT]
    assert str(theirs.id).encode() not in answer.body
    actions = [each["action"] for each in archive["records.json"]["events"]]
    assert "person.exported" in actions


def test_a_large_archive_goes_out_in_parts(
    api: Client, submission: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = taken(api.call("GET", "/me/export"))
    monkeypatch.setattr("jupyter_tutor.server.privacy_routes._IN_MEMORY", 100)
    monkeypatch.setattr("jupyter_tutor.server.gateway.PART_BYTES", 99)
    in_parts = taken(api.call("GET", "/me/export"))

    assert in_parts["submissions.json"] == whole["submissions.json"]
    answer = api.call("HEAD", "/me/export")
    assert (answer.status, answer.body) == (200, b"")


def test_one_archive_is_made_at_a_time(api: Client, served: Served) -> None:
    starting = served.extension._starting
    assert starting is not None
    routes = starting.result()
    assert isinstance(routes, Routes)
    me = UUID(api.get("/me")["id"])
    routes._exporting.add(me)
    try:
        refused = api.call("GET", "/me/export", query={"language": "bn"})
        assert "ডাউনলোড" in refused.refusal(429, "limit_reached")
    finally:
        routes._exporting.discard(me)
    assert api.call("GET", "/me/export").status == 200
    assert routes._exporting == set()


def test_what_a_server_keeps_of_who_is_erased_goes_too(api: Client, served: Served) -> None:
    me = api.get("/me")
    _, path = found("open_lesson")
    api.send(path, {"exercise": "double"}, key="the-same-key")
    starting = served.extension._starting
    assert starting is not None
    routes = starting.result()
    assert isinstance(routes, Routes)
    assert routes._openings.get(UUID(me["id"]), "the-same-key") is not None

    api.call("DELETE", "/me", {"confirm": me["display_name"]})
    assert routes._openings.get(UUID(me["id"]), "the-same-key") is None
    # Their notebook is a file of their own.
    assert list(served.root.rglob("*.ipynb"))


def test_who_confirms_is_erased_and_new_at_the_next_request(
    api: Client, submission: str, database: Database
) -> None:
    me = api.get("/me")
    for wrong in ("", "somebody else", me["display_name"] + "x"):
        refused = api.call("DELETE", "/me", {"confirm": wrong})
        assert "Nothing was erased" in refused.refusal(422, "not_confirmed")
    api.call("DELETE", "/me", raw=b"").refusal(422, "invalid_input")
    assert api.get("/me") == me

    erased = api.call("DELETE", "/me", {"confirm": f"  {me['display_name']} "})
    assert erased.status == 200
    assert counted(erased.json()["kinds"])["submissions"] == 1

    again = api.get("/me")
    assert again["id"] != me["id"]
    assert again["profile"]["goals"] == []
    api.call("GET", f"/submissions/{submission}").refusal(404, "not_found")
    assert set(counted(api.get("/me/data")["kinds"]).values()) == {0, 2}
    assert taken(api.call("GET", "/me/export"))["submissions.json"] == []


def test_nobody_else_can_be_named(api: Client, somebody: Somebody, database: Database) -> None:
    theirs = somebody.submit()
    other = str(somebody.person_id)
    for path in ("/me/export", "/me/data"):
        answer = api.call("GET", path, query={"person": other, "person_id": other, "id": other})
        assert other.encode() not in answer.body
    body = {"confirm": "Somebody", "person": other}
    assert "person" in api.call("DELETE", "/me", body).refusal(422, "invalid_input")
    api.call("DELETE", f"/me/{other}", {"confirm": "Somebody"}).refusal(404, "not_found")
    assert api.call("GET", f"/people/{uuid4()}/export").status == 404
    api.call("DELETE", "/me", {"confirm": api.get("/me")["display_name"]})
    with database() as uow:
        assert uow.submissions.submission(theirs.id).learner_id == somebody.person_id
