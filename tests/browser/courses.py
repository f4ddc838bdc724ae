"""Small courses: one exercise in two editions, one with every kind of test, two without hints."""

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


COUNTING = "counting"
"""A course whose exercises have no hints of an author: rules make them, or a model."""

COUNT_WRONG = """def count_passed(points):
    count = 0
    for each in points:
        if each > 50:
            count += 1
    return count
"""


def write_course(folder: Path, numbers: tuple[int, ...]) -> Path:
    """Write a course whose one exercise has a test for each number; returns the folder."""
    cases = "\n".join(
        f'[[case]]\nname = "twice {number}"\ncall = "double({number})"\nexpected = "{2 * number}"\n'
        for number in numbers
    )
    prompt = f"## Twice as much\n\nWrite `double(number)`. {len(numbers)} numbers are tried."
    facts = {"exercise": "double", "kind": "coding", "topic": "numbers", "difficulty": 1}
    cells = [
        cell("markdown", "prompt", prompt, **facts),
        cell("code", "answer", _ANSWER),
        cell("raw", "cases", cases),
        cell("raw", "wrong", _WRONG, note="squares"),
    ]
    return write(folder, cells)


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
        cell("markdown", "prompt", "## Twice as much\n\nWrite `double(number)`.", **facts),
        cell("code", "answer", _ANSWER),
        cell("raw", "cases", case),
        cell("code", "tests", "assert double(3) == 6", name="twice 3"),
        {**cell("code", "tests", "assert double(4) == 8", **shared), "id": "double-shared"},
        cell("raw", "wrong", _WRONG, note="squares"),
    ]
    return write(folder, cells)


def write_counting(folder: Path) -> Path:
    """Write the course `COUNTING`: two exercises that are twins of each other."""
    cells = [
        *_counting("passed", "Who passed the exam?", "points", 50, twin="adults"),
        *_counting("adults", "Who may vote?", "ages", 18, twin="passed"),
    ]
    return write(folder, cells, COUNTING, "Counting")


def _counting(slug: str, title: str, values: str, least: int, twin: str) -> list[dict[str, object]]:
    function = f"count_{slug}"
    facts = {"exercise": slug, "kind": "coding", "topic": "numbers", "difficulty": 2, "twin": twin}
    prompt = f"## {title}\n\nWrite `{function}({values})`: how many {values} are {least} or more?"
    right = COUNT_WRONG.replace("passed", slug).replace("points", values)
    right = right.replace("> 50", f">= {least}")
    head, body = right.split("\n", 1)
    marked = f"{head}\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION\n"
    tried: tuple[list[int], ...] = ([least + 9, least - 1], [least, least + 1, 2], [])
    cases = "\n".join(
        f'[[case]]\nname = "{len(each)} of them"\ncall = "{function}({each})"\n'
        f'expected = "{sum(value >= least for value in each)}"\n'
        for each in tried
    )
    secret = (
        f'[[case]]\nname = "just enough"\ncall = "{function}([{least}])"\nexpected = "1"\n'
        'visibility = "secret"\n'
    )
    wrong = right.replace(f">= {least}", f"> {least}")
    cells = [
        cell("markdown", "prompt", prompt, **facts),
        cell("code", "answer", marked),
        cell("raw", "cases", f"{cases}\n{secret}"),
        cell("raw", "wrong", wrong, note="leaves out who has just enough"),
    ]
    return [{**cell, "id": f"{slug}-{index}"} for index, cell in enumerate(cells)]


def write(
    folder: Path, cells: list[dict[str, object]], slug: str = SLUG, title: str = TITLE
) -> Path:
    """Write a course of one lesson with these cells; returns the folder."""
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
    course = _COURSE.replace(SLUG, slug).replace(TITLE, title)
    (folder / "course.toml").write_text(course, encoding="utf-8")
    (folder / "lesson.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def cell(cell_type: str, role: str, source: str, /, **facts: object) -> dict[str, object]:
    """Return a cell of a source notebook, with what it is for and what else it says of itself."""
    made: dict[str, object] = {
        "cell_type": cell_type,
        "id": f"double-{role}",
        "metadata": {"jupyter_tutor": {"version": 1, "role": role, **facts}},
        "source": source,
    }
    return made | ({"outputs": [], "execution_count": None} if cell_type == "code" else {})
