"""A real `jupyter tutor lab` in a process of its own, with directories of its own."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

PATIENCE = 120.0
"""Seconds that anything may take on a slow and busy machine."""

THEMES_PLUGIN = "@jupyterlab/apputils-extension/themes"

MODEL_HOST = "model.internal"
"""Where the tutor believes its language model to be: outside, so that learners are asked first."""

_MODEL = f"""
c.Tutor.model_client = "anthropic"
c.Tutor.model_url = "http://{MODEL_HOST}"
c.Tutor.model_prices = {{"claude-haiku-5-5": {{"input": 0.10, "output": 0.50}}}}
"""

_SETTINGS: Mapping[str, Mapping[str, object]] = {
    # A question about news would lie over the page, and asking for updates needs a network.
    "@jupyterlab/apputils-extension/notification": {
        "checkForUpdates": False,
        "doNotDisturbMode": True,
        "fetchNews": "false",
    },
    # Light or dark as the browser says.
    THEMES_PLUGIN: {"adaptive-theme": True},
}


class Lab:
    """The server, its files and its database.

    Args:
        home: An empty directory for everything the server writes.

    Attributes:
        files: What the learner sees in the file browser.
        log: Everything the server printed.
    """

    def __init__(self, home: Path) -> None:
        self.files = home / "work"
        self.log = home / "server.log"
        self._port = _free_port()
        self._place = ("--ip=127.0.0.1", f"--port={self._port}", "--port-retries=0")
        self._token = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._database_url = ""
        self._proxy = ""
        self._configuration = home / "config/jupyter_tutor_config.py"
        self._environment = _environment(home, self._token)
        self.files.mkdir(parents=True)
        self._settings = home / "config/lab/user-settings"
        for plugin, settings in _SETTINGS.items():
            self._write_settings(plugin, settings)

    def serve(self, model: str = "") -> None:
        """See to it that the server runs, with a language model or without.

        Args:
            model: Address of a fake of the Messages API, which is asked as a proxy: what the tutor
                sends to `MODEL_HOST` goes there. "" for a tutor without a model.
        """
        if model != self._proxy:
            self.stop()
            self._proxy = model
            self._configuration.write_text(_MODEL if model else "", encoding="utf-8")
        if not self.runs:  # also when a test that failed has left it ended
            self.start()

    def start(self) -> None:
        """Start the server, always at the same address, and wait until the tutor is well."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_JUPYTER_TUTOR, "lab", "--no-browser", *self._place],
                cwd=self.files,
                env=self._environment | _through(self._proxy),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait(self._is_well, "the tutor to start")
        if not self._database_url:
            url = self.tutor("db", "url").strip()
            self._database_url = url.replace("postgresql+psycopg://", "postgresql://")

    @property
    def runs(self) -> bool:
        """Whether the server was started and neither stopped nor killed since."""
        return self._process is not None

    def stop(self) -> None:
        """Ask the server to stop, as Ctrl-C does, and wait until it has."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def kill(self) -> None:
        """End the server at once, as a power cut does: it cannot tidy up anything."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE)
            self._process = None

    def tutor(self, *arguments: str) -> str:
        """Run `jupyter tutor ...` beside the server and return what it printed."""
        done = subprocess.run(
            [*_JUPYTER_TUTOR, *arguments],
            cwd=self.files,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"jupyter tutor {arguments}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def url(self, path: str) -> str:
        """Return the address of a page, with the token that opens it."""
        return f"{self._address}/{path}{'&' if '?' in path else '?'}token={self._token}"

    def request(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Ask the server's own API something and return the JSON, or None without a body."""
        request = urllib.request.Request(
            f"{self._address}/{path}",
            method=method,
            headers={
                "Authorization": f"token {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": secrets.token_hex(16),
            },
            data=None if body is None else json.dumps(body).encode(),
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
                text = reply.read()
        except urllib.error.HTTPError as refusal:
            # It holds the connection, which nobody else would close.
            refusal.close()
            raise
        return json.loads(text) if text else None

    def open_lesson(self, course: str, lesson: str) -> str:
        """Put a lesson into the learner's files, as the panel does, and return its path."""
        opened = self.request(
            "POST",
            f"jupyter-tutor/api/courses/{course}/lessons/{lesson}/open",
            {"exercise": None, "update": "keep"},
        )
        return str(opened["path"])

    def teach(self, course: str) -> None:
        """Make the one person here an instructor of a course, beside learning in it."""
        self.request("GET", f"jupyter-tutor/api/courses/{course}")
        (row,) = self.rows(
            "UPDATE enrollments SET role = 'instructor' FROM courses"
            " WHERE courses.id = course_id AND slug = %(course)s RETURNING role",
            course=course,
        )
        assert row == {"role": "instructor"}

    def consent(self, course: str, *, given: bool = True) -> None:
        """Have the one person here let a language model read their work in a course, or not."""
        path = f"jupyter-tutor/api/courses/{course}/consent"
        version = self.request("GET", path)["text"]["version"]
        self.request("PUT", path, {"given": given, "version": version})

    def spend(self, course: str, dollars: str) -> None:
        """Have a language model have cost so much on the one person here this month."""
        self.request("GET", f"jupyter-tutor/api/courses/{course}")
        spent = self.rows(
            "INSERT INTO usage_records (id, purpose, learner_id, course_id, endpoint, model,"
            " price_version, request_id, tier, reported, cost, outcome, seconds, created_at)"
            " SELECT gen_random_uuid(), 'hint', people.id, courses.id, 'somewhere', 'a model', '',"
            " '', 'standard', true, %(cost)s::numeric, 'completed', 1, now()"
            " FROM people, courses WHERE slug = %(course)s RETURNING cost",
            course=course,
            cost=dollars,
        )
        assert len(spent) == 1

    @contextmanager
    def settings(self, plugin: str, settings: Mapping[str, object]) -> Iterator[None]:
        """Let pages that are loaded now find other settings of a plugin of JupyterLab."""
        self._write_settings(plugin, settings)
        try:
            yield
        finally:
            self._write_settings(plugin, _SETTINGS[plugin])

    def rows(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        """Read rows from PostgreSQL."""
        with psycopg.connect(self._database_url, row_factory=dict_row) as connection:
            return connection.execute(query, parameters).fetchall()

    def forget_everybody(self) -> None:
        """Delete every person, and with them all they did, spent and set; courses stay."""
        with psycopg.connect(self._database_url) as connection:
            for table in ("people", "hint_settings", "usage_records"):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))

    def wait(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until a condition holds; fails with the server's log when it never does."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if self._process is not None and self._process.poll() is not None:
                raise AssertionError(f"The server has ended.\n{self._last_words()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"Waited in vain for {what}.\n{self._last_words()}")
            time.sleep(0.1)

    def close(self) -> None:
        """Stop the server, by force when it does not want to."""
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            assert self._process is not None
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise

    def _write_settings(self, plugin: str, settings: Mapping[str, object]) -> None:
        file = self._settings / f"{plugin}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(settings), encoding="utf-8")

    @property
    def _address(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def _is_well(self) -> bool:
        try:
            health = self.request("GET", "jupyter-tutor/api/health")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return bool(health["status"] == "ok")

    def _last_words(self) -> str:
        return self.log.read_text("utf-8", "replace")[-4000:]


_JUPYTER_TUTOR = (str(Path(sys.executable).with_name("jupyter")), "tutor")


def _environment(home: Path, token: str) -> dict[str, str]:
    ours = ("JUPYTER", "PROXY", "ANTHROPIC")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not any(word in name.upper() for word in ours)
    }
    scripts = str(Path(sys.executable).parent)
    return kept | {
        "PATH": os.pathsep.join([scripts, kept.get("PATH", os.defpath)]),
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
    }


def _through(proxy: str) -> dict[str, str]:
    """Return what a server is told to whom requests go, with a key for a language model."""
    if not proxy:
        return {}
    key = {"JUPYTER_TUTOR_MODEL_KEY": "a-key-for-tests"}
    return key | {"HTTP_PROXY": proxy, "NO_PROXY": "localhost,127.0.0.1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
