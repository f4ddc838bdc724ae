"""A small course for tests of services and server: written, read, proven and released for real.

The exercises: `double` (one answer cell; public and secret tests, hints in two languages), `parts`
(two answer cells), `exam` (three submissions, a due date and a withheld test) and `slicing` (a
quiz). What a kernel would observe of the answers below is in `runner()`.
"""

import functools
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.exercises import LessonContent
from jupyter_tutor.domain.observations import CellSource, Ending
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.testing import InMemoryDatabase, ScriptedTestRunner
from tests.unit.notebook_format.lessons import QUESTIONS, cell, notebook, prompt, write_course

COURSE = "small"
LESSON = "loops"
DUE = datetime(2031, 5, 1, 12, tzinfo=UTC)

RIGHT = "def double(x):\n    return 2 * x"
PARTIAL = "def double(x):\n    return 2 * abs(x)"
WRONG = "def double(x):\n    return x ** 2"
NOTHING = "def double(x):\n    return x"
RAISING = "def double(x):\n    return nothing"
ENDLESS = "def double(x):\n    while True: pass"
STARTER = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
EXAM = "def last(items):\n    return items[-1]"

_COURSE = """
version = 1
slug = "small"
languages = ["en", "bn"]
lessons = ["loops.ipynb"]

[title]
en = "A small course"
bn = "ছোট পাঠ"

[[topic]]
slug = "values"
title.en = "Values"

[[topic]]
slug = "loops"
requires = ["values"]
title.en = "Loops"
"""

_CALLS = {"double(1)": 2, "double(3)": 6, "double(-4)": -8}
_ITEMS = {"last([1, 2])": 2, "last('abc')": "c", "last([[]])": []}


def _case(call: str, value: object, visibility: str = "public") -> str:
    return (
        f'[[case]]\nname = "{call}"\ncall = "{call}"\nexpected = "{value!r}"\n'
        f'visibility = "{visibility}"\n'
    )


def _double(heading: str) -> list[dict[str, Any]]:
    facts = {"topic": "values", "difficulty": 2}
    first, second, secret = _CALLS.items()
    cases = _case(*first) + _case(*second) + _case(*secret, "secret") + "points = 2\n"
    hints = [
        cell("markdown", f"A hint: the {level}.", {"role": "hint", "level": level})
        for level in ("nudge", "concept", "steps")
    ]
    asked = prompt("double", facts=facts)
    asked["source"] = f"## {heading}\n\nWrite `double(x)`."
    return [
        asked,
        cell("markdown", "## দ্বিগুণ\n\n`double(x)` লিখুন।", {"role": "prompt", "language": "bn"}),
        cell(
            "code",
            "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION",
            {"role": "answer"},
        ),
        cell("raw", cases, {"role": "cases"}),
        *hints,
        cell("markdown", "একটি ইঙ্গিত।", {"role": "hint", "level": "nudge", "language": "bn"}),
        cell("raw", WRONG, {"role": "wrong", "note": "squares"}),
        cell("raw", NOTHING, {"role": "wrong", "note": "does nothing"}),
    ]


def _parts() -> list[dict[str, Any]]:
    return [
        prompt("parts"),
        cell(
            "code",
            "### BEGIN SOLUTION\na = 1\n### END SOLUTION",
            {"role": "answer", "id": "part-a"},
        ),
        cell(
            "code",
            "### BEGIN SOLUTION\nb = 2\n### END SOLUTION",
            {"role": "answer", "id": "part-b"},
        ),
        cell("code", "assert (a, b) == (1, 2)", {"role": "tests", "name": "both"}),
        cell("raw", "b = 3", {"role": "wrong", "note": "three", "answer": "part-b"}),
    ]


def _exam(due_at: datetime) -> list[dict[str, Any]]:
    first, second, withheld = _ITEMS.items()
    return [
        prompt("exam", facts={"max_submissions": 3, "due_at": due_at.isoformat()}),
        cell(
            "code",
            "def last(items):\n    ### BEGIN SOLUTION\n    return items[-1]\n    ### END SOLUTION",
            {"role": "answer"},
        ),
        cell(
            "raw", _case(*first) + _case(*second) + _case(*withheld, "withheld"), {"role": "cases"}
        ),
        cell("raw", "def last(items):\n    return items[0]", {"role": "wrong", "note": "first"}),
    ]


def _quiz() -> list[dict[str, Any]]:
    return [
        prompt("slicing", "quiz"),
        cell("raw", QUESTIONS, {"role": "question"}),
        cell("raw", '[responses]\nslices = "a"\n', {"role": "wrong", "note": "counts from one"}),
    ]


def runner() -> ScriptedTestRunner:
    """Return what a kernel would observe of the answers of this module."""
    return ScriptedTestRunner(
        {
            RIGHT: _CALLS,
            PARTIAL: {**_CALLS, "double(-4)": 8},
            WRONG: {"double(1)": 1, "double(3)": 9, "double(-4)": 16},
            NOTHING: {"double(1)": 1, "double(3)": 3, "double(-4)": -4},
            RAISING: dict.fromkeys(_CALLS, NameError("name 'nothing' is not defined")),
            ENDLESS: dict.fromkeys(_CALLS, Ending.TIMEOUT),
            EXAM: _ITEMS,
            "def last(items):\n    return items[0]": {
                "last([1, 2])": 1,
                "last('abc')": "a",
                "last([[]])": [],
            },
            "a = 1\nb = 2": {"both": None},
        }
    )


def write(
    folder: Path, heading: str = "Twice", due_at: datetime = DUE, table: bytes = b"a,b\n1,2\n"
) -> None:
    """Write the sources of the course; the arguments are those of `content`."""
    cells = [cell("markdown", "# Loops"), *_double(heading), *_parts(), *_exam(due_at), *_quiz()]
    (folder / "table.csv").write_bytes(table)
    write_course(folder, notebook(cells, files=["table.csv"]), _COURSE)


@functools.cache
def content(
    heading: str = "Twice", due_at: datetime = DUE, table: bytes = b"a,b\n1,2\n"
) -> tuple[Course, LessonContent]:
    """Return the course and its lesson as they are published.

    Args:
        heading: Of the exercise `double`; another one makes a new revision of it.
        due_at: Of the exercise `exam`.
        table: The bytes of the lesson's data file `table.csv`.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, heading, due_at, table)
        database = InMemoryDatabase()
        published = AuthoringService(CourseFolder(), runner(), database).publish(COURSE, [folder])
    if not published.proof.proven:
        raise AssertionError(published.text())
    tables = database.tables
    return tables.courses[COURSE], tables.lessons[COURSE, LESSON].content


def publish(open_uow: UnitOfWorkFactory, **changes: Any) -> None:  # noqa: ANN401 - see `content`
    """Store the course, or a newer version of it."""
    course, lesson = content(**changes)
    with open_uow() as uow:
        uow.courses.save(course)
        uow.courses.publish_lesson(COURSE, lesson, 0)


def answer(source: str = RIGHT, responses: Mapping[str, object] | None = None) -> Answer:
    """Return an answer of one cell."""
    return Answer((CellSource("answer", source),), dict(responses or {}))
