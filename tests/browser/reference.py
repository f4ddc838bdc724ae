"""Right and wrong answers to the sample course, from its own source notebooks."""

import json
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SAMPLE_COURSE = Path(__file__).resolve().parents[2] / "notebooks"

_STARTER = re.compile(r"^ *### BEGIN STARTER\n.*?^ *### END STARTER\n?", re.DOTALL | re.MULTILINE)
_DIRECTIVE = re.compile(r"^ *### (BEGIN|END) SOLUTION\n?", re.MULTILINE)


def right_answer(exercise: str) -> str:
    """Return the reference solution of an exercise with one answer cell."""
    (source,) = _sources(exercise, "answer")
    return _DIRECTIVE.sub("", _STARTER.sub("", source))


def wrong_answers(exercise: str) -> list[str]:
    """Return the answers that the author knows to be wrong."""
    return _sources(exercise, "wrong")


@dataclass(frozen=True)
class Question:
    """A question of a quiz.

    Attributes:
        id: Its id.
        type: single, multiple, number or text.
        choices: Ids of what can be chosen, in order; empty where something is to be typed.
        right: Ids of the right choices, or what is right to type.
    """

    id: str
    type: str
    choices: tuple[str, ...]
    right: tuple[str, ...]


def questions(exercise: str) -> list[Question]:
    """Return the questions of a quiz, with what is right."""
    return [
        Question(
            id=question["id"],
            type=question["type"],
            choices=tuple(choice["id"] for choice in question.get("choice", ())),
            right=tuple(question.get("correct") or (str(question["number"]),)),
        )
        for source in _sources(exercise, "question")
        for question in tomllib.loads(source)["question"]
    ]


def _sources(exercise: str, role: str) -> list[str]:
    return [source for slug, found, source in _cells() if (slug, found) == (exercise, role)]


@lru_cache(maxsize=1)
def _cells() -> tuple[tuple[str, str, str], ...]:
    """Return (exercise, role, source) of every cell that belongs to an exercise."""
    cells: list[tuple[str, str, str]] = []
    for path in sorted(SAMPLE_COURSE.glob("*.ipynb")):
        exercise = ""
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            facts = cell["metadata"].get("jupyter_tutor", {})
            exercise = facts.get("exercise", exercise)
            if "role" in facts:
                cells.append((exercise, facts["role"], "".join(cell["source"])))
    return tuple(cells)
