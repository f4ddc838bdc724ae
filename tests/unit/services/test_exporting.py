"""Archives of personal data: what is in them, in which form, and what ends them."""

import io
import json
from collections.abc import Mapping
from typing import BinaryIO
from uuid import UUID
from zipfile import ZipFile

import nbformat
import pytest

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.people import Identity, Profile
from jupyter_tutor.domain.submissions import Answer, GradingStatus, Submission
from jupyter_tutor.notebook_format import AnswerNotebooks
from jupyter_tutor.services import exporting
from jupyter_tutor.services.exporting import ABOUT, ExportService
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.testing import InMemoryDatabase
from tests.contract import samples


@pytest.fixture
def database() -> InMemoryDatabase:
    database = InMemoryDatabase()
    with database() as uow:
        samples.publish(uow)
    return database


def learner(database: InMemoryDatabase, name: str = "Ada") -> UUID:
    with database() as uow:
        return uow.people.identify(Identity("local", name, name)).id


def written(database: InMemoryDatabase, person: UUID, language: str = "") -> dict[str, str]:
    file = io.BytesIO()
    ExportService(database, AnswerNotebooks()).export(
        person, file, actor_id=person, language=language
    )
    with ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_of_who_has_done_nothing_every_document_is_there_and_empty(
    database: InMemoryDatabase,
) -> None:
    files = written(database, learner(database))
    assert list(files) == ["README.txt", *ABOUT, "manifest.json"]
    lists = [json.loads(files[name]) for name in ABOUT]
    assert [each for each in lists if isinstance(each, list)] == [[]] * 9
    manifest = json.loads(files["manifest.json"])
    assert (manifest["format"], manifest["version"]) == ("jupyter-tutor-export", 1)
    assert manifest["made_at"].endswith("Z")
    for name, about in ABOUT.items():
        assert f"{name} " in files["README.txt"]
        assert about in files["README.txt"]


def test_more_than_is_read_at_once_is_all_there(
    database: InMemoryDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_AT_ONCE", 3)
    person, other = learner(database), learner(database, "Bob")
    with database() as uow:
        revision = uow.courses.latest_revision(samples.COURSE, "collatz")
        for number in range(7):
            for who in (person, other):
                uow.submissions.add_attempt(who, revision.id, samples.answer(f"{who} {number}"))
                uow.submissions.add_submission(who, revision.id, samples.answer(f"{number}"))
    files = written(database, person)
    checks = json.loads(files["checks.json"])
    sources = [each["answer"]["cells"][0]["source"] for each in checks]
    assert sources == [f"{person} {number}" for number in range(7)]
    assert len(json.loads(files["submissions.json"])) == 7
    assert sum(name.startswith("notebooks/") for name in files) == 7
    entries = {
        each["name"]: each["entries"] for each in json.loads(files["manifest.json"])["files"]
    }
    assert (entries["checks.json"], entries["README.txt"]) == (7, None)


def test_what_no_text_can_hold_comes_back_as_it_was(database: InMemoryDatabase) -> None:
    person = learner(database)
    with database() as uow:
        revision = uow.courses.latest_revision(samples.COURSE, "collatz")
        answer = Answer((CellSource("answer", samples.ODD),), {"q": samples.ODD})
        attempt = uow.submissions.add_attempt(person, revision.id, answer)
        uow.submissions.settle_attempt(attempt.id, GradingStatus.GRADED, samples.verdict(0.5))
        uow.submissions.add_submission(person, revision.id, answer)
    files = written(database, person)
    (check,) = json.loads(files["checks.json"])
    assert check["answer"]["cells"][0]["source"] == samples.ODD
    assert check["results"]["tests"][0]["stdout"] == samples.ODD
    assert check["results"]["cells"][0]["error"]["type"] == "NameError"
    notebook = json.loads(files["notebooks/python-foundations/collatz/submission-1.ipynb"])
    assert notebook["cells"][1]["source"] == samples.ODD


def test_texts_are_in_the_language_of_the_person(database: InMemoryDatabase) -> None:
    person = learner(database)
    with database() as uow:
        revision = uow.courses.latest_revision(samples.COURSE, "collatz")
        uow.submissions.add_submission(person, revision.id, samples.answer())
        uow.people.save_profile(person, Profile(language="bn"))
    name = "notebooks/python-foundations/collatz/submission-1.ipynb"
    for language, title in (("", "# কোলাটজ"), ("en", "# Collatz")):
        notebook = json.loads(written(database, person, language)[name])
        assert notebook["cells"][0]["source"].startswith(title)


def test_a_quiz_becomes_a_notebook_that_can_be_opened(database: InMemoryDatabase) -> None:
    person = learner(database)
    with database() as uow:
        revision = uow.courses.latest_revision(samples.COURSE, "quiz")
        answer = Answer((), {"q1": ["a", "b"], "gone": "x\ny", "q2": 3.5})
        made = uow.submissions.add_submission(person, revision.id, answer)
    notebook = AnswerNotebooks().notebook(made, revision, "en")
    nbformat.validate(nbformat.from_dict(dict(notebook)))  # type: ignore[no-untyped-call]
    text = json.dumps(notebook)
    assert "Which is a list?" in text
    assert "    x\\n    y" in text
    # What is right stands in no learner's notebook.
    assert "Brackets." not in text


class Erasing:
    """Makes notebooks, and has the person erased while it does."""

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database

    def notebook(
        self, submission: Submission, revision: Revision, language: str
    ) -> Mapping[str, object]:
        with self._database() as uow:
            uow.personal_data.erase(submission.learner_id)
        return AnswerNotebooks().notebook(submission, revision, language)


def test_who_is_erased_meanwhile_is_told_so_and_not_half_of_it(database: InMemoryDatabase) -> None:
    person = learner(database)
    with database() as uow:
        revision = uow.courses.latest_revision(samples.COURSE, "collatz")
        uow.submissions.add_submission(person, revision.id, samples.answer())
    with pytest.raises(NotFound):
        ExportService(database, Erasing(database)).export(person, io.BytesIO(), actor_id=person)
    with pytest.raises(NotFound):
        ExportService(database, AnswerNotebooks()).export(uuid7(), io.BytesIO(), actor_id=None)


def test_each_export_is_noted(database: InMemoryDatabase) -> None:
    person = learner(database)
    file: BinaryIO = io.BytesIO()
    ExportService(database, AnswerNotebooks()).export(person, file, actor_id=None)
    (event,) = database.audit_events
    assert (event.actor_id, event.action, event.subject) == (
        None,
        "person.exported",
        f"person:{person}",
    )
