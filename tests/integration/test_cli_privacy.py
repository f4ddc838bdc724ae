"""`jupyter tutor people export` and `jupyter tutor people erase`, on a real database."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from jupyter_tutor.domain.people import Identity
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage.database import Database
from tests import small_course
from tests.integration.test_cli import Capture, Here, here, place

pytestmark = pytest.mark.postgres
__all__ = ["here", "place"]

ADA = Identity("local", "ada", "Ada  Lovelace")


@pytest.fixture
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A database with the small course and an answer of Ada's; the commands are told of it."""
    with Database(database_url) as database:
        small_course.publish(database)
        access = Access(database, open_enrollment=True)
        person, _ = access.recognise(ADA)
        submissions = SubmissionService(database, access)
        request = Request(person.id, small_course.COURSE, "double", "a-key-of-this-test")
        submissions.submit(request, small_course.answer(), None)
        yield database


@pytest.fixture
def run(here: Here, database: Database, capsys: Capture) -> "Runs":
    return Runs(here, database.url.render_as_string(hide_password=False))


class Runs:
    """Runs `jupyter tutor people`."""

    def __init__(self, here: Here, url: str) -> None:
        self._here = here
        self._url = url

    def __call__(self, *arguments: str, status: int = 0) -> str:
        ran = self._here.run("people", *arguments, JUPYTER_TUTOR_DATABASE_URL=self._url)
        assert ran.returncode == status, ran
        assert "Traceback" not in ran.stdout + ran.stderr
        return ran.stdout + ran.stderr


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> list[str]:
    """Type lines when asked, and then nothing more; returns what was asked."""
    left, asked = list(lines), []

    def read(question: str) -> str:
        asked.append(question)
        if not left:
            raise EOFError
        return left.pop(0)

    monkeypatch.setattr("builtins.input", read)
    return asked


def known(database: Database) -> list[str]:
    with database() as uow:
        return [each.person.display_name for each in uow.people.known_as("ada")]


def test_an_archive_is_written_for_its_owner_alone(run: Runs, tmp_path: Path) -> None:
    file = tmp_path / "ada.zip"
    said = run("export", "ada", "-o", str(file))
    assert f"All that is stored of Ada  Lovelace is in {file}" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with ZipFile(file) as archive:
        (handed_in,) = json.loads(archive.read("submissions.json"))
    assert handed_in["course"] == small_course.COURSE

    before = file.read_bytes()
    assert "ada.zip is there already" in run("export", "ada", f"--output={file}", status=1)
    assert file.read_bytes() == before
    nowhere = str(tmp_path / "nowhere" / "ada.zip")
    assert "cannot be written" in run("export", "ada", "-o", nowhere, status=1)
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["ada.zip"]


def test_what_goes_is_shown_and_nothing_goes_without_the_name(
    run: Runs, database: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "first.zip"
    for lines in ((), ("",), ("", ""), ("", "yes"), ("", "Ada")):
        asked = typing(monkeypatch, *lines)
        said = run("erase", "ada", status=1)
        assert len(asked) == 2
        assert "Ada  Lovelace (ada), learner in small" in said
        assert "1  submissions\n" in said
        assert "Nothing was erased." in said
        assert known(database) == [ADA.display_name]

    typing(monkeypatch, str(file), "Ada Lovelace")
    said = run("erase", "ada")
    assert f"All of it is in {file}." in said
    assert "Ada  Lovelace is erased." in said
    assert ZipFile(file).testzip() is None
    assert known(database) == []
    assert "Nobody here is called 'ada'" in run("erase", "ada", status=1)


@pytest.mark.parametrize("yes", ["--yes", "-y"])
def test_yes_asks_nothing(
    run: Runs, database: Database, monkeypatch: pytest.MonkeyPatch, yes: str
) -> None:
    asked = typing(monkeypatch)
    assert "is erased" in run("erase", "Ada  Lovelace", yes)
    assert asked == []
    assert known(database) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export",), "Name one person: jupyter tutor people export PERSON"),
        (("erase", "one", "two"), "Name one person: jupyter tutor people erase PERSON"),
        (("export", "grace"), "Nobody here is called 'grace'"),
        (("erase", "a\0b", "--yes"), "Nobody here is called 'a\\x00b'"),
        (("erase", "%"), "Nobody here"),
        # On a laptop that is who runs the command; a classroom has nobody of that name.
        (("erase", "me", "--yes"), "Nobody here is called 'me'"),
    ],
)
def test_what_cannot_be_done_is_said(run: Runs, arguments: tuple[str, ...], words: str) -> None:
    assert words in run(*arguments, status=1)


def test_of_two_with_a_name_neither_goes(run: Runs, database: Database) -> None:
    with database() as uow:
        uow.people.identify(Identity("jupyterhub", "lovelace", ADA.display_name))
    said = run("erase", ADA.display_name, "--yes", status=1)
    assert "2 people are called" in said
    assert "lovelace" in said
    assert known(database) == [ADA.display_name]
