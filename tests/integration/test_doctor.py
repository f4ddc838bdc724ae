"""`jupyter tutor doctor` for real: here, without user namespaces, and without a database."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.clean_database import clean_database_url, shared_database

__all__ = ["clean_database_url", "shared_database"]

pytestmark = pytest.mark.postgres

DOCTOR = [sys.executable, "-m", "jupyter_tutor.cli", "doctor"]
NONE_LEFT = ["unshare", "--user", "--map-root-user", "sh", "-c"]
NOTHING_LEFT = [sys.executable, str(Path(__file__).with_name("without_isolation.py"))]
CLOSE = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$0" "$@"'


@pytest.fixture
def environment(tmp_path: Path, clean_database_url: str) -> dict[str, str]:
    """The environment of a classroom whose database is there."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    places = {f"JUPYTER_{kind}_DIR": str(tmp_path) for kind in ("CONFIG", "DATA", "RUNTIME")}
    return (
        kept
        | places
        | {
            "JUPYTER_NO_CONFIG": "1",
            "JUPYTER_TUTOR_DATABASE_URL": clean_database_url,
        }
    )


def _ran(
    command: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=dict(environment), capture_output=True, text=True, timeout=300, check=False
    )


def test_here(environment: Mapping[str, str]) -> None:
    """Where answers can be run as a classroom asks for, all is well; elsewhere it is told."""
    ran = _ran(DOCTOR, environment)

    assert "a classroom: answers run with 'landlock' or stronger" in ran.stdout
    assert "at revision" in ran.stdout
    assert "none is alive, 0 jobs waiting" in ran.stdout
    assert "right, in" in ran.stdout
    assert "Traceback" not in ran.stderr
    enough = "'namespaces' is in force" in ran.stdout or "'landlock' is in force" in ran.stdout
    assert ran.returncode == (0 if enough else 1)


def test_where_no_user_namespaces_are_left(environment: Mapping[str, str]) -> None:
    """Where none can be made to begin with, here is such a place already."""
    possible = _ran([*NONE_LEFT, "true"], environment).returncode == 0
    ran = _ran([*NONE_LEFT, CLOSE, *DOCTOR] if possible else DOCTOR, environment)

    assert "'namespaces' is in force" not in ran.stdout
    assert "no 'namespaces': " in ran.stdout
    assert "--security-opt" in ran.stdout
    if possible:
        assert "sysctl -w user.max_user_namespaces=15000" in ran.stdout
    # As a stranger to the machine's users it may not reach the database by its socket.
    assert ("BAD  level" in ran.stdout) is ("'landlock' is in force" not in ran.stdout)
    assert ran.returncode == int("BAD" in ran.stdout)


def test_where_only_limits_are_left(environment: Mapping[str, str]) -> None:
    """A laptop takes what there is and says so; a classroom is refused, and so is its worker."""
    laptop = {
        name: value for name, value in environment.items() if name != "JUPYTER_TUTOR_DATABASE_URL"
    }
    ran = _ran([*NOTHING_LEFT, *DOCTOR], laptop)
    assert "weak  level" in ran.stdout, ran.stderr
    assert "'limits' is in force" in ran.stdout
    assert "no 'namespaces': not permitted" in ran.stdout
    assert "no 'landlock': this kernel has none" in ran.stdout
    assert "embedded, not set up yet" in ran.stdout
    assert ran.returncode == 0

    ran = _ran([*NOTHING_LEFT, *DOCTOR], environment)
    assert "BAD  level" in ran.stdout
    assert "'limits' is the strongest that can be had" in ran.stdout
    assert "docker run --security-opt" in ran.stdout
    assert "lsm=" in ran.stdout
    assert "To be mended: level." in ran.stdout
    assert ran.returncode == 1

    worker = [*DOCTOR[:-1], "worker"]
    ran = _ran([*NOTHING_LEFT, *worker], environment)
    assert ran.returncode == 1
    assert "In a classroom answers are run with the isolation 'landlock' or stronger" in ran.stderr
    assert "--security-opt" in ran.stderr


def test_a_word_too_much_is_refused(environment: Mapping[str, str]) -> None:
    assert _ran([*DOCTOR, "now"], environment).returncode == 2


def test_a_database_that_does_not_answer_is_told_and_counts(
    environment: Mapping[str, str],
) -> None:
    gone = {"JUPYTER_TUTOR_DATABASE_URL": "postgresql://tutor:hush@127.0.0.1:1/tutor"}
    ran = _ran(DOCTOR, {**environment, **gone})

    assert ran.returncode == 1
    assert "BAD  database" in ran.stdout
    assert "does not answer" in ran.stdout
    assert "hush" not in ran.stdout + ran.stderr
