"""Starting with the first request, failing to and trying again, and stopping."""

import asyncio
import logging
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_tutor.bootstrap import sample_course
from jupyter_tutor.bootstrap import serving as bootstrap_serving
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import InvalidNotebook, Unavailable
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.embedded import EmbeddedPostgres
from jupyter_tutor.storage.schema import upgrade
from tests import small_course
from tests.integration.server.processes import eventually
from tests.integration.server.requests import cells
from tests.integration.server.serving import Answer, Client, Served, serving
from tests.unit.notebook_format.lessons import QUESTIONS, cell, notebook, prompt, write_course

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("jupyter_directories")]

HEAVY = {
    "alembic",
    "nbclient",
    "procrastinate",
    "psycopg",
    "psycopg_pool",
    "pydantic",
    "sqlalchemy",
}

LOAD = """
import sys
from jupyter_server.serverapp import ServerApp
app = ServerApp(allow_root=True, open_browser=False, port=0)
app.jpserver_extensions = {"jupyter_tutor": True} if sys.argv[1:] else {}
app.initialize(argv=[], find_extensions=False)
loaded = list(app.extension_manager.extension_apps)
print(*loaded, *sorted(name for name in sys.modules))
app.http_server.stop()
"""


def _modules(*arguments: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", LOAD, *arguments], capture_output=True, text=True, check=True
    )
    return set(ran.stdout.split())


def test_a_server_whose_users_never_open_the_tutor_does_not_pay_for_it() -> None:
    added = _modules("with") - _modules()
    ours = {name for name in added if name.startswith("jupyter_tutor.")}

    assert "jupyter_tutor.server.gateway" in ours
    assert not HEAVY & {name.partition(".")[0] for name in added}
    assert not ours & {"jupyter_tutor.bootstrap.serving", "jupyter_tutor.server.routes"}


def test_it_starts_with_the_first_request_and_only_once(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = []
    start = bootstrap_serving.start

    def counted(settings: Settings, log: logging.Logger) -> bootstrap_serving.Tutor:
        starts.append(threading.current_thread().name)
        return start(settings, log)

    monkeypatch.setattr("jupyter_tutor.bootstrap.serving.start", counted)
    with serving(tmp_path, {"database_url": database_url}) as server:
        assert Client(server.client.port, api="").call("GET", "/api/status").status == 200
        server.client.call("GET", "/nothing").refusal(404, "not_found")
        server.client.call("POST", "/me/profile").refusal(405, "method_not_allowed")
        assert starts == []
        with ThreadPoolExecutor(8) as threads:
            assert {a.status for a in threads.map(lambda _: _me(server), range(8))} == {200}
    assert starts == ["tutor-start"]


def test_it_can_start_with_the_server(tmp_path: Path, database_url: str) -> None:
    with serving(tmp_path, {"database_url": database_url}, TutorApp={"start_now": True}) as server:
        assert _me(server).status == 200


def test_a_directory_that_cannot_be_used_and_then_can(tmp_path: Path) -> None:
    in_the_way = tmp_path / "data"
    in_the_way.write_text("a file where a directory is needed")
    tutor = {
        "data_dir": str(in_the_way),
        "publish_sample_course": False,
        "run_worker": False,
    }
    with serving(tmp_path, tutor) as server:
        for _ in range(2):
            answer = server.client.call("GET", "/health")
            message = answer.refusal(503, "storage_unavailable")
            assert "c.Tutor.data_dir" in message
            assert str(tmp_path) not in message
            assert answer.headers["retry-after"] == "2"
        in_the_way.unlink()

        health = server.client.get("/health")
        assert (health["status"], health["mode"]) == ("ok", "laptop")
        assert server.client.get("/courses")["courses"] == []


def test_a_database_at_a_wrong_revision_until_it_is_upgraded(
    tmp_path: Path, empty_database_url: str
) -> None:
    with serving(tmp_path, {"database_url": empty_database_url}) as server:
        message = _me(server).refusal(503, "storage_unavailable")
        assert "jupyter tutor db upgrade" in message
        upgrade(empty_database_url)

        assert _me(server).status == 200


@pytest.mark.parametrize("error", [ValueError, SystemExit, InvalidNotebook])
def test_whatever_keeps_it_from_starting_the_next_request_tries_again(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    with serving(tmp_path, {"database_url": database_url}) as server:
        with monkeypatch.context() as broken:

            def fail(*_: object) -> None:
                raise error("a secret of the server")

            broken.setattr("jupyter_tutor.bootstrap.serving.start", fail)
            answer = _me(server)
            assert "secret" not in answer.refusal(503, "unavailable")
            assert answer.headers["retry-after"] == "2"
        assert _me(server).status == 200


def test_without_its_sample_course_it_starts_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "course.toml").write_text("this is no TOML", "utf-8")
    monkeypatch.setattr("jupyter_tutor.bootstrap.sample_course.shipped", lambda _: tmp_path)
    with serving(tmp_path, {"data_dir": str(tmp_path / "data"), "run_worker": False}) as server:
        assert server.client.get("/courses")["courses"] == []


def _sample(folder: Path, questions: str) -> None:
    """Write a sample course that is proven without a kernel."""
    folder.mkdir(exist_ok=True)
    wrong = cell("raw", '[responses]\nslices = "a"\n', {"role": "wrong", "note": "counts from one"})
    write_course(
        folder,
        notebook([prompt("slicing", "quiz"), cell("raw", questions, {"role": "question"}), wrong]),
    )


def test_a_new_version_of_the_sample_course_comes_by_itself_unless_it_was_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder, exercise = tmp_path / "shipped", "/courses/small/exercises/slicing"
    monkeypatch.setattr(sample_course, "shipped", lambda _: folder)
    monkeypatch.setattr(sample_course, "SAMPLE_COURSE", "small")
    tutor = {"data_dir": str(tmp_path / "data"), "run_worker": False}
    _sample(folder, QUESTIONS)
    with serving(tmp_path, tutor) as server:
        assert server.client.get(exercise)["revision_number"] == 1
        answer = {"responses": {"slices": "b", "pi": 3.14}}
        submitted = server.client.send(f"{exercise}/submissions", answer)

    _sample(folder, QUESTIONS.replace("3.14", "3.14159"))
    with serving(tmp_path, tutor) as server:
        eventually(lambda: server.client.get(exercise)["revision_number"] == 2, "it is updated")
        # What was handed in stays with the revision it answered.
        assert server.client.get(f"/submissions/{submitted['id']}")["number"] == 1

    with (
        EmbeddedPostgres(tmp_path / "data" / "postgres") as postgres,
        Database(postgres.url) as database,
        caplog.at_level(logging.INFO),
    ):
        _start_the_sample(database)
        assert caplog.messages == []
        with database() as uow:
            uow.courses.save(replace(uow.courses.get("small"), title={"en": "My own"}))
        _sample(folder, QUESTIONS)
        _start_the_sample(database)
        (line,) = caplog.messages
        assert "was changed here: it stays as it is" in line
        assert f"jupyter tutor publish {folder} --course small" in line
        with database() as uow:
            assert uow.courses.latest_revision("small", "slicing").number == 2


def _start_the_sample(database: Database) -> None:
    sample = sample_course.SampleCourse(database, logging.getLogger("tests.sample"))
    sample.publish()
    sample.close()


def test_stopping_ends_what_waits_and_takes_nothing_more(tmp_path: Path, database_url: str) -> None:
    with Database(database_url) as database:
        small_course.publish(database)
    with ThreadPoolExecutor(1) as threads:
        with serving(tmp_path, {"database_url": database_url}) as server:
            row = server.client.send("/courses/small/exercises/double/checks", cells())
            waiting = threads.submit(
                server.client.call, "GET", f"/checks/{row['id']}?wait=30", timeout=25
            )
            deadline = time.monotonic() + 20
            while not _someone_waits() and time.monotonic() < deadline:
                assert _me(server).status == 200
            assert _someone_waits()
            extension = server.extension
        # It is told that the server stops, or that nobody is there any more; it does not hang.
        error = waiting.exception(20)
        assert isinstance(error, ConnectionError) or waiting.result().status == 503
    with pytest.raises(Unavailable, match="is stopping"):
        asyncio.run(extension.backend())


def _someone_waits() -> bool:
    """Whether a request has a thread to wait in."""
    return any(thread.name.startswith("tutor-wait") for thread in threading.enumerate())


def _me(server: Served) -> Answer:
    return server.client.call("GET", "/me")
