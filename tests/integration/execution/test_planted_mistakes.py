"""One check names every mistake of a lesson that can be told apart from the others."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.shipped import shipped

pytestmark = pytest.mark.kernel

LESSON = "03-decisions.ipynb"


def _cell(cells: list[dict[str, Any]], slug: str, role: str, number: int = 0) -> dict[str, Any]:
    """Return a cell of an exercise by its role."""
    current, found = "", []
    for cell in cells:
        meta = cell["metadata"].get("jupyter_tutor", {})
        current = meta.get("exercise", current)
        if current == slug and meta.get("role") == role:
            found.append(cell)
    return found[number]


def _meta(cell: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = cell["metadata"]["jupyter_tutor"]
    return meta


def _replace(cell: dict[str, Any], old: str, new: str) -> None:
    text = "".join(cell["source"])
    assert old in text
    cell["source"] = text.replace(old, new, 1)


def _plant(cells: list[dict[str, Any]]) -> list[str]:
    """Plant mistakes; return words that the report has to hold for each."""
    game, tax, month = "rock-paper-scissors", "income-tax", "month-length"
    quiz, cinema = "decisions-quiz", "cinema-ticket"
    # In an exercise of its own: a wrong topic, a reference that fails, a solution in the prompt.
    _meta(_cell(cells, game, "prompt"))["topic"] = "descisions"
    _replace(_cell(cells, game, "answer"), "draw", "drew")
    # Two tests of one name, and a case that asks for nothing beside others that are right.
    names = "".join(_cell(cells, tax, "cases")["source"]).split("\n")
    first, second = [line for line in names if line.startswith("name = ")][:2]
    _replace(_cell(cells, tax, "cases"), second, first)
    _replace(_cell(cells, tax, "cases"), 'expected = "5600"', "")
    # A wrong answer that is right, a set-up the leak guard has to find, a hint twice.
    right = "".join(_cell(cells, month, "answer")["source"])
    _cell(cells, month, "wrong")["source"] = right
    line = next(one for one in right.split("\n") if "raise ValueError" in one)
    _replace(_cell(cells, month, "prompt"), "## ", "## Say ")
    _cell(cells, month, "prompt")["source"] += f"\n\n```python\n{line}\n```"
    # Bad limits, an unknown role, an unknown key of a cell, and an unknown question.
    _meta(_cell(cells, cinema, "prompt"))["limits"] = {"wall_seconds": -1}
    _meta(_cell(cells, cinema, "hint"))["role"] = "hnit"
    _meta(_cell(cells, quiz, "hint"))["levle"] = "nudge"
    _replace(_cell(cells, quiz, "wrong"), "or-trap", "and-trap")
    return [
        "'descisions' is no topic of the course; did you mean 'decisions'?",
        "The reference fails",
        "a second test is named",
        "needs `expected`, `raises` or `stdout`",
        "The known wrong answer 'Every fourth year is a leap year, centuries too.' passes",
        "of the learner's copy shows a line of the solution",
        "limits.wall_seconds",
        "did you mean 'hint'?",
        "did you mean 'level'?",
        "'and-trap' is no question of",
    ]


def test_one_check_names_every_planted_mistake(tmp_path: Path, runner: SandboxTestRunner) -> None:
    shutil.copy(shipped("notebooks") / "course.toml", tmp_path)
    for path in shipped("notebooks").glob("*.ipynb"):
        shutil.copy(path, tmp_path)
    lesson = tmp_path / LESSON
    notebook = json.loads(lesson.read_text("utf-8"))
    planted = _plant(notebook["cells"])
    lesson.write_text(json.dumps(notebook), "utf-8")

    report = AuthoringService(CourseFolder(), runner).check([lesson])
    text = report.text()
    assert not report.proven
    assert [words for words in planted if words not in text] == [], text
    (course,) = report.courses
    # Nothing is told that only follows from another mistake.
    assert len(course.broken) == len(planted), text
