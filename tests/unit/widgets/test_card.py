"""The exercise card in the kernel: light to import, readable without a front end."""

import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets import TraitError

from jupyter_tutor import __version__, exercise
from jupyter_tutor.client import (
    CheckResult,
    ExerciseFacts,
    Given,
    HintResult,
    SubmissionResult,
    TutorClient,
    TutorRefusal,
)
from jupyter_tutor.widgets import ExerciseCard

HEAVY = ["sqlalchemy", "psycopg", "anthropic", "tornado.web", "nbclient", "nbformat", "pydantic"]


@pytest.fixture(autouse=True)
def _no_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No kernel, and no server that runs beside the tests."""
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path))
    for name in ("JPY_SESSION_NAME", "JPY_PARENT_PID", "JUPYTERHUB_SERVICE_URL"):
        monkeypatch.delenv(name, raising=False)


class Refusing(TutorClient):
    """Refuses to show an exercise."""

    def __init__(self, code: str) -> None:
        super().__init__("http://localhost", "")
        self._code = code

    def exercise(self, course: str, exercise: str, seconds: float = 0.0) -> ExerciseFacts:
        assert 0 < seconds < 10
        assert course == "python"
        raise TutorRefusal(self._code, f"There is no exercise {exercise!r}. Did you mean 'sum-up'?")


class Remembering(TutorClient):
    """Answers without a server, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__("http://localhost", "")
        self.asked: list[tuple[object, ...]] = []

    def check(self, course: str, exercise: str, answer: Given = None) -> CheckResult:
        self.asked.append(("check", course, exercise, answer))
        return CheckResult("1 of 1 tests pass.", 1.0, passed=True, tests=())

    def submit(self, course: str, exercise: str, answer: Given = None) -> SubmissionResult:
        self.asked.append(("submit", course, exercise, answer))
        return SubmissionResult(1, "graded", 1.0, 3.0, 3.0, "", ())

    def hint(self, course: str, exercise: str) -> HintResult:
        self.asked.append(("hint", course, exercise))
        return HintResult("Look at line 1.", "nudge", "author")


@pytest.mark.parametrize("module", ["jupyter_tutor.widgets", "jupyter_tutor.client"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import {module}, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_card_names_its_exercise_and_the_front_end_that_shows_it() -> None:
    state = exercise("sum-up", "python").get_state()
    assert (state["exercise"], state["course"]) == ("sum-up", "python")
    assert state["_view_name"] == "ExerciseCardView"
    assert state["_view_module_version"] == state["_model_module_version"] == f"^{__version__}"


def test_an_exercise_that_does_not_exist_is_refused_at_once_and_readably(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TutorClient, "from_kernel", lambda: Refusing("not_found"))
    with pytest.raises(TutorRefusal, match="Did you mean 'sum-up'") as refused:
        exercise("sumup", "python")

    shell = InteractiveShell.instance()
    try:
        with redirect_stdout(StringIO()) as shown:
            shell.showtraceback((TutorRefusal, refused.value, refused.value.__traceback__))
    finally:
        InteractiveShell.clear_instance()
    assert shown.getvalue() == "There is no exercise 'sumup'. Did you mean 'sum-up'?\n"


@pytest.mark.parametrize("code", ["unreachable", "http_403", "no_course", "storage_unavailable"])
def test_a_tutor_that_cannot_say_keeps_nobody_from_the_card(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(TutorClient, "from_kernel", lambda: Refusing(code))
    assert exercise("sum-up", "python").exercise == "sum-up"


def test_help_names_what_can_be_called() -> None:
    for said in (exercise.__doc__, ExerciseCard.__doc__):
        assert said is not None
        assert all(name in said for name in ("check()", "hint()", "submit()"))


def test_the_card_cannot_be_turned_into_one_of_another_exercise() -> None:
    card = exercise("sum-up")
    with pytest.raises(TraitError, match="read-only"):
        card.exercise = "other"
    assert card.exercise == "sum-up"


def test_without_a_front_end_the_card_is_readable_text() -> None:
    card = exercise("sum-up")
    assert card._repr_mimebundle_()["text/plain"] == repr(card)
    assert "'sum-up'" in repr(card)
    for verb in (".check()", ".hint()", ".submit()"):
        assert verb in repr(card)


def test_headless_the_card_asks_its_client() -> None:
    client = Remembering()
    card = ExerciseCard("sum-up", "python", client=client)
    assert card.check("x = 1").passed
    assert card.submit({"q1": "a"}).number == 1
    assert card.hint().text == "Look at line 1."
    assert client.asked == [
        ("check", "python", "sum-up", "x = 1"),
        ("submit", "python", "sum-up", {"q1": "a"}),
        ("hint", "python", "sum-up"),
    ]
