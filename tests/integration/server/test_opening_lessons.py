"""Lessons in the learner's files: found again, never overwritten, updated with a way back."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.server.promises import keeps_promise
from tests.integration.server.serving import Answer, Client, Json, Served
from tests.small_course import RIGHT

pytestmark = pytest.mark.postgres

OPEN = "/courses/small/lessons/loops/open"
BETTER = "Twice, said better"


@pytest.fixture
def folder(served: Served, api: Client) -> Path:
    """Where the course's lessons are put."""
    return served.root / "small"


def _open(api: Client, **body: str) -> Json:
    opened = api.send(OPEN, body)
    keeps_promise("OpenLessonReply", opened)
    return opened


def _refused(api: Client, **body: str) -> Answer:
    return api.call("POST", OPEN, body)


def _read(path: Path) -> Json:
    notebook: Json = json.loads(path.read_text("utf-8"))
    return notebook


def _source(path: Path, exercise: str = "double", role: str = "answer") -> str:
    cell = next(
        cell
        for cell in _read(path)["cells"]
        if (about := cell["metadata"].get("jupyter_tutor", {})).get("exercise") == exercise
        and about.get("role") == role
    )
    return "".join(cell["source"])


def _write_answer(path: Path, source: str = RIGHT) -> None:
    """Do as the learner does: write into the answer cell, add a cell, save."""
    notebook = _read(path)
    for cell in notebook["cells"]:
        about = cell["metadata"].get("jupyter_tutor", {})
        if (about.get("exercise"), about.get("role")) == ("double", "answer"):
            cell["source"] = source
    notebook["cells"].append(
        {
            "cell_type": "markdown",
            "id": uuid4().hex,
            "metadata": {},
            "source": "My own thoughts",
        }
    )
    path.write_text(json.dumps(notebook), "utf-8")


def test_the_first_time_a_copy_is_put_there_with_its_files(api: Client, folder: Path) -> None:
    opened = _open(api, exercise="double")

    assert (opened["path"], opened["state"], opened["message"]) == (
        "small/loops.ipynb",
        "created",
        "",
    )
    assert sorted(path.name for path in folder.glob("[!.]*")) == ["loops.ipynb", "table.csv"]
    assert (folder / "table.csv").read_bytes() == b"a,b\n1,2\n"
    cells = _read(folder / "loops.ipynb")["cells"]
    asked = next(cell for cell in cells if cell["id"] == opened["anchor"])
    assert asked["metadata"]["jupyter_tutor"]["role"] == "prompt"
    assert "2 * x" not in (folder / "loops.ipynb").read_text("utf-8")


def test_after_that_it_is_found_and_left_alone(api: Client, folder: Path) -> None:
    _open(api)
    _write_answer(folder / "loops.ipynb")
    before = (folder / "loops.ipynb").read_bytes()

    for update in ("keep", "merge"):
        opened = _open(api, update=update)
        assert (opened["path"], opened["state"]) == ("small/loops.ipynb", "current")
        assert opened["anchor"] is None
    assert (folder / "loops.ipynb").read_bytes() == before


def test_an_unknown_exercise_has_no_anchor(api: Client) -> None:
    assert _open(api, exercise="nothing")["anchor"] is None


def test_a_copy_under_another_name_is_found(api: Client, folder: Path) -> None:
    _open(api)
    (folder / "loops.ipynb").rename(folder / "Ada's loops (1).ipynb")

    assert _open(api)["path"] == "small/Ada's loops (1).ipynb"
    assert not (folder / "loops.ipynb").exists()


def test_a_copy_that_was_moved_away_or_deleted_is_made_anew(api: Client, folder: Path) -> None:
    _open(api)
    (folder / "loops.ipynb").unlink()

    assert _open(api)["state"] == "created"


@pytest.mark.parametrize(
    "text",
    [
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        '{"cells": [], "metadata": {"jupyter_tutor": "mine"}, "nbformat": 4, "nbformat_minor": 5}',
        '{"cells": [], "metadata": {"jupyter_tutor": {"lesson": "loops"}}, "nbformat": 4}',
        '{"cells": [], "metadata": [], "nbformat": 4, "nbformat_minor": 5}',
        '{"cells": [{"cell_type": "code"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        '{"cells": 3, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        '{"nbformat": 99, "nbformat_minor": 0}',
        '{"nbformat": "four"}',
        "{}",
        "[]",
        "null",
        "<<<<<<< HEAD",
        "",
        "\udcff\udcfe",
        "[" * 5_000,
    ],
    ids=lambda text: text[:60],
)
def test_a_file_of_another_origin_is_left_alone(api: Client, folder: Path, text: str) -> None:
    folder.mkdir()
    other = folder / "loops.ipynb"
    other.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = other.read_bytes()
    opened = _open(api, exercise="double")

    assert (opened["state"], opened["path"]) == ("created", "small/loops-1.ipynb")
    assert "loops.ipynb was there already" in opened["message"]
    assert other.read_bytes() == before
    # From now on it is the lesson's own copy that is found.
    again = _open(api, exercise="double")
    assert (again["state"], again["path"]) == ("current", "small/loops-1.ipynb")
    assert again["anchor"] == opened["anchor"] is not None


def test_an_older_copy_is_offered_an_update(api: Client, folder: Path, database: Database) -> None:
    _open(api)
    _write_answer(folder / "loops.ipynb")
    before = (folder / "loops.ipynb").read_bytes()
    small_course.publish(database, heading=BETTER)
    opened = _open(api)

    assert opened["state"] == "outdated"
    assert "answers are kept" in opened["message"]
    assert (folder / "loops.ipynb").read_bytes() == before


def test_an_update_keeps_answers_and_what_was_there_before(
    api: Client, folder: Path, database: Database
) -> None:
    _open(api)
    _write_answer(folder / "loops.ipynb")
    before = _read(folder / "loops.ipynb")
    small_course.publish(database, heading=BETTER)
    opened = _open(api, exercise="double", update="merge")

    assert (opened["state"], opened["path"]) == ("merged", "small/loops.ipynb")
    assert _source(folder / "loops.ipynb") == RIGHT
    assert BETTER in _source(folder / "loops.ipynb", role="prompt")
    assert "My own thoughts" in (folder / "loops.ipynb").read_text("utf-8")
    (backup,) = (folder / "backups").glob("*.ipynb")
    assert backup.name in opened["message"]
    kept = _read(backup)
    assert [cell["id"] for cell in kept["cells"]] == [cell["id"] for cell in before["cells"]]
    assert _source(backup) == RIGHT
    assert BETTER not in backup.read_text("utf-8")
    assert _open(api, update="merge")["state"] == "current"
    assert len(list((folder / "backups").glob("*.ipynb"))) == 1


def test_each_update_has_a_backup_of_its_own(api: Client, folder: Path, database: Database) -> None:
    for number in range(3):
        small_course.publish(database, heading=f"{BETTER} {number}")
        _open(api, update="merge")
        _write_answer(folder / "loops.ipynb", f"# try {number}")

    backups = sorted((folder / "backups").glob("*.ipynb"))
    assert {_source(path) for path in backups} == {"# try 0", "# try 1"}
    assert _open(api)["path"] == "small/loops.ipynb"


def test_data_files_are_brought_back_but_not_over_the_learners_own(
    api: Client, folder: Path, database: Database
) -> None:
    _open(api)
    (folder / "table.csv").unlink()
    _open(api)
    assert (folder / "table.csv").read_bytes() == b"a,b\n1,2\n"
    (folder / "table.csv").write_bytes(b"mine\n")
    small_course.publish(database, heading=BETTER, table=b"a,b\n3,4\n")
    _open(api)
    assert (folder / "table.csv").read_bytes() == b"mine\n"

    assert _open(api, update="merge")["state"] == "merged"
    assert (folder / "table.csv").read_bytes() == b"a,b\n3,4\n"
    kept = {path.read_bytes() for path in (folder / "backups").glob("table*.csv")}
    assert kept == {b"mine\n"}


def test_a_copy_that_cannot_be_merged_is_left_as_it_is(
    api: Client, folder: Path, database: Database
) -> None:
    _open(api)
    notebook = _read(folder / "loops.ipynb")
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": 5}]
    (folder / "loops.ipynb").write_text(json.dumps(notebook), "utf-8")
    before = (folder / "loops.ipynb").read_bytes()
    small_course.publish(database, heading=BETTER)
    answer = _refused(api, update="merge")

    assert "Your notebook" in answer.refusal(422, "invalid_notebook")
    assert (folder / "loops.ipynb").read_bytes() == before
    assert not (folder / "backups").exists()


@pytest.mark.parametrize("in_the_way", ["small", "small/backups", "small/table.csv"])
def test_where_nothing_can_be_written_it_says_so(
    served: Served, api: Client, database: Database, in_the_way: str
) -> None:
    """A file where a folder should be, or the other way round: so it is for root as well."""
    place = served.root / in_the_way
    if place.name != "small":
        _open(api)
        small_course.publish(database, heading=BETTER)
        place.unlink(missing_ok=True)
    if place.suffix:
        place.mkdir()
    else:
        place.write_text("in the way")
    answer = _refused(api, update="merge")

    message = answer.refusal(409, "conflict")
    assert "could not be written into the folder 'small'" in message
    assert str(served.root) not in message


def test_a_repeat_gets_the_first_answer(api: Client, folder: Path) -> None:
    first = api.send(OPEN, {}, key="the-same-key")
    assert first["state"] == "created"
    (folder / "loops.ipynb").rename(folder / "renamed.ipynb")

    assert api.send(OPEN, {}, key="the-same-key") == first
    assert _open(api)["path"] == "small/renamed.ipynb"


def test_a_refused_request_may_be_repeated_with_its_key(served: Served, api: Client) -> None:
    (served.root / "small").write_text("in the way")
    key = uuid4().hex
    answer = api.call("POST", OPEN, {}, headers={"Idempotency-Key": key})
    answer.refusal(409, "conflict")
    (served.root / "small").unlink()

    assert api.send(OPEN, {}, key=key)["state"] == "created"


def test_two_tabs_at_the_same_moment_make_one_copy(api: Client, folder: Path) -> None:
    with ThreadPoolExecutor(8) as tabs:
        opened = list(tabs.map(lambda _: _open(api), range(8)))

    assert {each["path"] for each in opened} == {"small/loops.ipynb"}
    assert sorted(each["state"] for each in opened) == ["created"] + ["current"] * 7
    assert len(list(folder.glob("*.ipynb"))) == 1
