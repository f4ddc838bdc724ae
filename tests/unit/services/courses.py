"""Courses to check and publish, with a runner that knows what their answers return."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_tutor.testing import ScriptedTestRunner
from tests.unit.notebook_format.lessons import (
    COURSE,
    cell,
    coding_cells,
    notebook,
    prompt,
    write_course,
)

Cells = list[dict[str, Any]]

REFERENCE = "def double(x):\n    return 2 * x"
STARTER = "def double(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
ANSWER = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
SQUARE = "def double(x):\n    return x ** 2"
NOTHING = "def double(x):\n    return x"
CALLS = {f"double({number})": 2 * number for number in range(10)}


def double_cells(calls: Mapping[str, object] = CALLS) -> Cells:
    """Return an exercise, `double`, that keeps every rule; `calls` are its tests."""
    cases = "\n".join(
        f'[[case]]\nname = "{call}"\ncall = "{call}"\nexpected = "{value}"'
        for call, value in calls.items()
    )
    hints = [
        cell("markdown", f"A hint, namely the {level}.", {"role": "hint", "level": level})
        for level in ("nudge", "concept", "steps")
    ]
    return [
        prompt("double"),
        cell("code", ANSWER, {"role": "answer"}),
        cell("raw", cases, {"role": "cases"}),
        *hints,
        cell("raw", SQUARE, {"role": "wrong", "note": "squares"}),
        cell("raw", NOTHING, {"role": "wrong", "note": "does nothing"}),
    ]


def quiz_cells() -> Cells:
    """Return a quiz, `slicing`."""
    cells = coding_cells()[13:]
    cells[0]["metadata"]["jupyter_tutor"]["exercise"] = "slicing"
    return cells


def scripted_runner() -> ScriptedTestRunner:
    """Return a runner that knows every answer to `double`."""
    return ScriptedTestRunner(
        {
            REFERENCE: CALLS,
            STARTER: {},
            SQUARE: {call: (value // 2) ** 2 for call, value in CALLS.items()},
            NOTHING: {call: value // 2 for call, value in CALLS.items()},
        }
    )


TWO = COURSE.replace('["loops.ipynb"]', '["loops.ipynb", "more.ipynb"]')


def two_lessons(folder: Path, first: Cells, second: Cells) -> None:
    """Write a course of the lessons `loops` and `more`."""
    write_course(folder, notebook(first), TWO)
    other = notebook(second)
    other["metadata"]["jupyter_tutor"]["lesson"] = "more"
    (folder / "more.ipynb").write_text(json.dumps(other))
