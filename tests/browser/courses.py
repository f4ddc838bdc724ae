"""Courses of one small exercise: in two editions, and with every kind of test."""

import json
from pathlib import Path

SLUG = "doubling"
TITLE = "Doubling"

_COURSE = f"""
version = 1
slug = "{SLUG}"
languages = ["en"]
lessons = ["lesson.ipynb"]

[title]
en = "{TITLE}"

[[topic]]
slug = "numbers"
[topic.title]
en = "Numbers"
"""

_ANSWER = """def double(number):
    ### BEGIN SOLUTION
    return number + number
    ### END SOLUTION
"""

_WRONG = "def double(number):\n    return number * number\n"


def write_course(folder: Path, numbers: tuple[int, ...]) -> Path:
    """Write a course whose one exercise has a test for each number; returns the folder."""
    cases = "\n".join(
        f'[[case]]\nname = "twice {number}"\ncall = "double({number})"\nexpected = "{2 * number}"\n'
        for number in numbers
    )
    prompt = f"## Twice as much\n\nWrite `double(number)`. {len(numbers)} numbers are tried."
    facts = {"exercise": "double", "kind": "coding", "topic": "numbers", "difficulty": 1}
    cells = [
        _cell("markdown", "prompt", prompt, **facts),
        _cell("code", "answer", _ANSWER),
        _cell("raw", "cases", cases),
        _cell("raw", "wrong", _WRONG, note="squares"),
    ]
    return _write(folder, cells)


def write_kinds(folder: Path) -> Path:
    """Write a course whose one exercise has cases, assert cells and a rule, and little time."""
    facts = {
        "exercise": "double",
        "kind": "coding",
        "topic": "numbers",
        "difficulty": 1,
        "limits": {"wall_seconds": 2, "memory_mb": 256, "output_bytes": 10_000},
        "rules": [{"name": "does not multiply", "forbid": {"calls": ["pow", "math.prod"]}}],
    }
    case = '[[case]]\nname = "twice 2"\ncall = "double(2)"\nexpected = "4"\n'
    shared = {"name": "beside the answer", "shared_process": True}
    cells = [
        _cell("markdown", "prompt", "## Twice as much\n\nWrite `double(number)`.", **facts),
        _cell("code", "answer", _ANSWER),
        _cell("raw", "cases", case),
        _cell("code", "tests", "assert double(3) == 6", name="twice 3"),
        {**_cell("code", "tests", "assert double(4) == 8", **shared), "id": "double-shared"},
        _cell("raw", "wrong", _WRONG, note="squares"),
    ]
    return _write(folder, cells)


def _write(folder: Path, cells: list[dict[str, object]]) -> Path:
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": cells,
        "metadata": {
            "jupyter_tutor": {"version": 1, "lesson": "lesson", "title": {"en": "The lesson"}},
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        },
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course.toml").write_text(_COURSE, encoding="utf-8")
    (folder / "lesson.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def _cell(cell_type: str, role: str, source: str, /, **facts: object) -> dict[str, object]:
    cell: dict[str, object] = {
        "cell_type": cell_type,
        "id": f"double-{role}",
        "metadata": {"jupyter_tutor": {"version": 1, "role": role, **facts}},
        "source": source,
    }
    return cell | ({"outputs": [], "execution_count": None} if cell_type == "code" else {})
