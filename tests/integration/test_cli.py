"""The command line: what each verb does, and what it says when it cannot.

Each verb runs as a process once. What else there is to see of it is asked of the same program in
this process, which is far quicker.
"""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from jupyter_core.application import JupyterApp
from jupyterlab.labapp import LabApp

from jupyter_tutor.bootstrap.accounts import own_identity
from jupyter_tutor.cli import Lab, main
from jupyter_tutor.domain.people import Identity
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.submissions import Request, SubmissionService
from jupyter_tutor.storage.database import Database
from jupyter_tutor.testing import ScriptedTestRunner
from tests.integration.server.processes import Home, ended, eventually, home
from tests.unit.notebook_format.lessons import QUESTIONS, cell, notebook, prompt, write_course

QUIZ = [
    prompt("slicing", "quiz"),
    cell("raw", QUESTIONS, {"role": "question"}),
    cell("raw", '[responses]\nslices = "a"\n', {"role": "wrong", "note": "counts from one"}),
]
Ran = subprocess.CompletedProcess[str]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def place() -> Iterator[Home]:
    """A home with an embedded database, which runs as long as the tests."""
    with home() as made, made.postgres:
        yield made


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The folder of a course that is proven without a kernel."""
    folder = tmp_path / "course"
    folder.mkdir()
    write_course(folder, notebook(QUIZ))
    return folder


def _said(ran: Ran, status: int = 0) -> str:
    """Return what a verb said; it ends as expected and never with a traceback."""
    assert ran.returncode == status, ran
    assert "Traceback" not in ran.stderr
    return ran.stderr if status and not ran.stdout else ran.stdout


class Here:
    """Runs verbs in this process."""

    def __init__(self, place: Home, patch: pytest.MonkeyPatch, capture: Capture) -> None:
        self._capture = capture
        self._patch = patch
        for name, value in place.environment.items():
            patch.setenv(name, value)
        patch.delenv("JUPYTER_TUTOR_DATABASE_URL", raising=False)

    def run(self, *arguments: str, **options: str) -> Ran:
        """Run `jupyter tutor` to its end."""
        with self._patch.context() as patch:
            patch.setattr("sys.argv", ["jupyter-tutor", *arguments])
            for name, value in options.items():
                patch.setenv(name, value)
            try:
                with pytest.raises(SystemExit) as ended:
                    main()
            finally:
                # The verb that ran, which its base classes remember too.
                type(JupyterApp.instance()).clear_instance()
        out, err = self._capture.readouterr()
        return Ran(arguments, int(ended.value.code or 0), out, err)


@pytest.fixture
def here(place: Home, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Here:
    """Verbs in this process, at the same place."""
    return Here(place, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("command", "status", "words"),
    [
        ("bogus", 2, "no verb 'bogus' here; the verbs are lab, check, publish"),
        ("db bogus", 2, "no verb 'bogus' here; the verbs are upgrade, downgrade, check"),
        ("memory bogus", 2, "the verbs are rebuild"),
        ("check", 1, "Name at least one path: jupyter tutor check PATH"),
        ("release", 1, "Name at least one path"),
        ("publish --course=small", 1, "Name at least one path"),
        ("memory rebuild", 1, "Name the course: jupyter tutor memory rebuild --course SLUG"),
        ("people", 1, "Name the course, and nothing else: jupyter tutor people --course SLUG"),
        ("people ada --course=small", 1, "and nothing else"),
        ("role", 1, "Name a person, a role and the course: jupyter tutor role PERSON ROLE"),
        ("role ada instructor", 1, "Name a person, a role and the course"),
        ("role ada --course=small", 1, "Name a person, a role and the course"),
        ("role ada boss --course=small", 1, "no role 'boss'; the roles are learner, assistant, in"),
        ("db backup", 1, "Name one file: jupyter tutor db backup FILE"),
        ("db backup one two", 1, "Name one file"),
        ("db restore", 1, "Name one file: jupyter tutor db restore FILE"),
        ("db downgrade", 1, "Name one revision"),
        ("db restore nowhere.backup", 1, "nowhere.backup"),
        ("db upgrade nowhere", 1, "nowhere"),
        ("worker --Tutor.database_url=mysql://x", 1, "must begin with postgresql://"),
        ("worker --Tutor.worker_concurrency=-1", 1, "should not be less than 0"),
        ("db check --Tutor.database_url=postgresql://x@127.0.0.1:1/x", 1, "does not answer"),
    ],
)
@pytest.mark.postgres
def test_what_cannot_be_done_is_said(here: Here, command: str, status: int, words: str) -> None:
    ran = here.run(*command.split())

    assert words in _said(ran, status)


@pytest.mark.parametrize("command", ["", "db", "memory"])
def test_without_a_verb_there_is_help(here: Here, command: str) -> None:
    said = _said(here.run(*command.split()))

    assert "Subcommands" in said
    assert f"jupyter tutor {command}".strip() in said


def test_help_is_there_at_once() -> None:
    """It imports nothing that takes time."""
    program = (
        "import sys, runpy\n"
        "sys.argv = ['jupyter-tutor', '--help']\n"
        "try: runpy.run_module('jupyter_tutor.cli', run_name='__main__')\n"
        "except SystemExit: print(*sys.modules, file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in ran.stderr.split()}

    assert "rebuild" not in ran.stdout
    assert "publish" in ran.stdout
    assert not loaded & {"sqlalchemy", "psycopg", "pydantic", "nbformat", "jupyter_client"}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("administering", {"sqlalchemy", "alembic", "nbformat", "jsonschema"}),
        ("databases", {"nbformat", "jsonschema", "nbclient"}),
        ("grading", {"jsonschema", "nbclient", "rfc3987_syntax"}),
    ],
)
def test_a_verb_imports_what_it_needs_and_no_more(module: str, unwanted: set[str]) -> None:
    program = f"import sys, jupyter_tutor.bootstrap.{module}; print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not unwanted & {name.partition(".")[0] for name in ran.stdout.split()}


def test_what_reads_notebooks_does_without_a_slow_grammar() -> None:
    program = (
        "import sys, jupyter_tutor.bootstrap.quick as quick; quick.import_jsonschema()\n"
        "import nbformat; assert 'jsonschema' in sys.modules\n"
        "assert 'rfc3987_syntax' not in sys.modules; import importlib.util\n"
        "import jsonschema; jsonschema.validate(1, {'type': 'integer'})\n"
        # Whoever else wants it still gets it.
        "assert importlib.util.find_spec('rfc3987_syntax') is not None"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("command", ["", "db", "memory", "publish", "db restore"])
def test_help_speaks_of_jupyter_tutor(here: "Here", command: str) -> None:
    said = _said(here.run(*command.split(), "--help"))

    assert f"jupyter tutor {command}".strip() in said
    assert " cmd" not in said
    assert "<cmd>" not in said


def test_check_prints_the_proofs(place: Home, here: Here, course: Path) -> None:
    assert "All proven: 1 exercise, " in _said(place.run("check", str(course)))
    assert "1 proven before; --again" in _said(here.run("check", str(course)))
    assert "before" not in _said(here.run("check", str(course), "--again"))
    write_course(course, notebook(QUIZ[:2]))
    said = _said(here.run("check", str(course)), 1)
    assert "There is no known wrong answer" in said
    assert "->" in said


def test_check_of_what_is_not_there(here: Here) -> None:
    assert "BROKEN" in _said(here.run("check", "nowhere"), 1)


def test_release_writes_copies_and_leaves_what_is_there_alone(
    place: Home, here: Here, course: Path, tmp_path: Path
) -> None:
    to = tmp_path / "copies"
    command = ("release", str(course), "--to", str(to))
    _said(place.run(*command))
    (copy,) = to.rglob("*.ipynb")
    released = copy.read_text("utf-8")
    assert "correct" not in released
    copy.write_text("{}", "utf-8")

    assert "loops.ipynb" in _said(here.run(*command), 1)
    assert copy.read_text("utf-8") == "{}"
    _said(here.run(*command, "--force"))
    assert copy.read_text("utf-8") == released


def test_whoever_stops_reading_ends_it_without_a_word(place: Home) -> None:
    command = [sys.executable, "-m", "jupyter_tutor.cli", "worker", "--help"]
    with subprocess.Popen(
        command, env=place.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 128 + signal.SIGPIPE


@pytest.mark.postgres
def test_from_an_empty_database_to_a_restored_one(place: Home, here: Here, course: Path) -> None:
    backup = place.directory / "all.backup"
    refused = here.run("worker", JUPYTER_TUTOR_DATABASE_URL=place.postgres.url)
    assert "jupyter tutor db upgrade" in _said(refused, 1)
    assert "jupyter tutor db upgrade" in _said(here.run("db", "check"), 1)
    assert "at revision" in _said(place.run("db", "upgrade"))
    assert "matches the models" in _said(here.run("db", "check"))
    assert unquote(_said(here.run("db", "url")).strip()) == place.postgres.url

    publish = ("publish", str(course))
    assert "slicing" in _said(place.run(*publish))
    assert "nothing" in _said(here.run(*publish)).lower()
    wrong = here.run("publish", str(course), "--course", "other")
    assert "small" in _said(wrong, 1)
    _answer_the_quiz(place)
    assert "1 learners rebuilt; 0 differed" in _said(
        place.run("memory", "rebuild", "--course", "small")
    )
    unknown = here.run("memory", "rebuild", "--course=nowhere")
    assert "no course 'nowhere'" in _said(unknown, 1)

    _give_roles(here)

    assert "Wrote" in _said(here.run("db", "backup", str(backup)))
    assert backup.stat().st_size > 1_000
    assert "--force" in _said(here.run("db", "restore", str(backup)), 1)
    kept = _said(here.run("db", "downgrade", "0005"), 1)
    assert "table hint_settings (0 rows)" in kept
    assert "Nothing was changed" in kept
    assert "upgrades the embedded database again" in kept
    deleted = _said(here.run("db", "downgrade", "base", "--force"))
    assert "table submissions (1 rows)" in deleted
    assert "base" in deleted
    assert "jupyter tutor db upgrade" in _said(here.run("db", "check"), 1)
    assert "Restored" in _said(here.run("db", "restore", str(backup), "--force"))
    with Database(place.postgres.url) as database, database() as uow:
        assert uow.courses.latest_revision("small", "slicing").number == 1
        assert len(uow.memories.learners("small")) == 1


@pytest.mark.postgres
def test_a_worker_works_until_it_is_asked_to_stop(place: Home, database_url: str) -> None:
    worker = place.start(
        "-m", "jupyter_tutor.cli", "worker", f"--Tutor.database_url={database_url}"
    )
    eventually(lambda: "the worker starts" in place.log, "the worker starts")

    assert ended(worker, signal.SIGINT) == 0
    assert "Traceback" not in place.log


def test_what_is_configured_is_read_by_every_verb(here: Here, tmp_path: Path) -> None:
    (tmp_path / "jupyter_tutor_config.py").write_text(
        "c.Tutor.database_url = 'postgresql://from_a_file:secret@db.example/tutor'", "utf-8"
    )
    ran = here.run("db", "url", JUPYTER_CONFIG_DIR=str(tmp_path), JUPYTER_NO_CONFIG="")
    assert _said(ran).strip() == "postgresql://from_a_file:***@db.example/tutor"
    ran = here.run(
        "db",
        "url",
        JUPYTER_CONFIG_DIR=str(tmp_path),
        JUPYTER_NO_CONFIG="",
        JUPYTER_TUTOR_DATABASE_URL="postgresql://from_the_environment@db.example/tutor",
    )
    assert "from_the_environment" in _said(ran)


def test_lab_hands_everything_on_to_jupyterlab(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    launched: list[list[str]] = []
    monkeypatch.setattr(
        LabApp, "launch_instance", classmethod(lambda _, argv: launched.append(argv))
    )
    for user, more in ((1000, []), (0, ["--allow-root"])):
        monkeypatch.setattr("os.geteuid", lambda user=user: user)
        verb = Lab()
        verb.initialize(["--no-browser", "--port=1234", "some/folder"])
        verb.start()
        given = ["--no-browser", "--port=1234", "some/folder", *more]
        assert launched.pop() == ["--TutorApp.start_now=True", *given]
    assert "running as root" in capsys.readouterr().err


def _give_roles(here: Here) -> None:
    """Somebody who answered becomes an instructor, and so does whoever runs the command."""
    role, course = ("role", "ada", "instructor"), "--course=small"
    assert "Ada (ada) is instructor in small now (was learner)" in _said(here.run(*role, course))
    assert "is instructor in small already" in _said(here.run(*role, course))
    assert " is instructor in small now." in _said(here.run("role", "me", "instructor", course))
    listed = _said(here.run("people", course)).splitlines()
    assert [line.split()[0] for line in listed] == ["role", "instructor", "instructor"]
    assert any(own_identity().subject in line for line in listed)

    unknown = _said(here.run("role", "grace", "instructor", course), 1)
    assert "Nobody here is called 'grace'" in unknown
    assert "jupyter tutor people --course small" in unknown
    for command in (role, ("people",)):
        assert "no course 'nowhere'" in _said(here.run(*command, "--course=nowhere"), 1)


def _answer_the_quiz(place: Home) -> None:
    with Database(place.postgres.url) as database:
        access = Access(database, open_enrollment=True)
        person, _ = access.recognise(Identity("local", "ada", "Ada"))
        submission = SubmissionService(database, access).submit(
            Request(person.id, "small", "slicing", "a-key-of-this-test"),
            Answer((), {"slices": "b", "pi": 3.14}),
            None,
        )
        GradingService(database, ScriptedTestRunner()).grade_submission(submission.id)
