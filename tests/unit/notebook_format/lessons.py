"""Small source notebooks for the tests, built in memory and written to a temporary folder."""

import copy
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jupyter_tutor.domain.sources import LessonSource
from jupyter_tutor.notebook_format.course import read_course
from jupyter_tutor.notebook_format.reader import read_lesson

COURSE = """
version = 1
slug = "small"
languages = ["en", "bn"]
lessons = ["loops.ipynb"]

[title]
en = "A small course"

[limits]
wall_seconds = 2.5
memory_mb = 256

[[topic]]
slug = "values"
[topic.title]
en = "Values"

[[topic]]
slug = "loops"
requires = ["values"]
[topic.title]
en = "Loops"
bn = "লুপ"
"""

ANSWER = '''def collatz_length(n):
    """Count the steps from n to 1."""
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be positive_zeta")
    steps_omega = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps_omega += 1
    return steps_omega
    ### END SOLUTION
'''

DUE_AT = "2031-03-01T18:00:00+06:00"

CASES = """
[[case]]
name = "seven needs sixteen steps"
call = "collatz_length(7)"
expected = "16"

[[case]]
name = "a long road"
call = "collatz_length(871_000)"
expected = "sum([100, 65, len('secret expectation')])"
visibility = "secret"
points = 2

[[case]]
name = "rejects zero"
call = "collatz_length(-41)"
raises = { type = "ValueError", match = "positive_z" }
visibility = "withheld"
"""

QUESTIONS = """
[[question]]
id = "slices"
type = "single"
text.en = "What is `'tutor'[1:3]`?"
text.bn = "`'tutor'[1:3]` কত?"
correct = ["b"]
[[question.choice]]
id = "a"
text.en = "`'tu'`"
feedback.en = "Counting starts at nought, my friend."
[[question.choice]]
id = "b"
text.en = "`'ut'`"
[question.explanation]
en = "From index 1 up to, not including, 3."

[[question]]
id = "pi"
type = "number"
text.en = "Pi to two places?"
number = 3.14
tolerance = 0.005
"""


def cell(kind: str, source: str, meta: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a cell; `meta` is its metadata under `jupyter_tutor`."""
    made: dict[str, Any] = {
        "cell_type": kind,
        "metadata": {} if meta is None else {"jupyter_tutor": dict(meta)},
        "source": source,
    }
    if kind == "code":
        made |= {
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "stored output"}],
            "execution_count": 3,
        }
    return made


def prompt(
    slug: str = "collatz", kind: str = "coding", facts: Mapping[str, object] | None = None
) -> dict[str, Any]:
    """Return the first prompt cell of an exercise; `facts` are further keys of its metadata."""
    meta = {"role": "prompt", "exercise": slug, "kind": kind, "topic": "loops", "difficulty": 4}
    return cell("markdown", f"## The road of {slug}\n\nWrite it.", {**meta, **(facts or {})})


def coding_cells() -> list[dict[str, Any]]:
    """Return a lesson with set-up, a coding exercise that uses every role, and a quiz."""
    return [
        cell("markdown", "# Loops\n\nRead this first."),
        cell("code", "from math import floor", {"role": "setup"}),
        prompt(facts={"due_at": DUE_AT}),
        cell(
            "markdown",
            "## কোলাৎজের পথ\n\nলিখুন।",
            {"role": "prompt", "language": "bn"},
        ),
        cell("code", "START = 27", {"role": "setup"}),
        cell("code", ANSWER, {"role": "answer"}),
        cell("raw", CASES, {"role": "cases"}),
        cell(
            "code",
            "value = collatz_length(2)\nassert value == 1\n"
            "### BEGIN HIDDEN TESTS\nassert collatz_length(97) == 118\n"
            "assert collatz_length(6171) == 261\n### END HIDDEN TESTS\n",
            {"role": "tests", "name": "small", "points": 3},
        ),
        cell(
            "markdown",
            "Which values does n take on its way?",
            {"role": "hint", "level": "nudge"},
        ),
        cell(
            "markdown",
            "পথে n কোন কোন মান নেয়?",
            {"role": "hint", "level": "nudge", "language": "bn"},
        ),
        cell(
            "raw",
            "def collatz_length(n):\n    return n * 2 + 777",
            {"role": "wrong", "note": "counts nothing"},
        ),
        cell("markdown", "Remember to thank Lothar C.", {"role": "note"}),
        cell("code", "print('an example to play with')"),
        prompt("slicing", "quiz"),
        cell("raw", QUESTIONS, {"role": "question"}),
        cell("raw", '[responses]\nslices = "a"\n', {"role": "wrong", "note": "counts from one"}),
    ]


def notebook(
    cells: Sequence[Mapping[str, Any]], *, minor: int = 4, files: Sequence[str] = ()
) -> dict[str, Any]:
    """Return a notebook; from minor 5 on, each cell gets an id from its place."""
    made = copy.deepcopy(list(cells))
    if minor >= 5:
        made = [{"id": f"source-{index}", **one} for index, one in enumerate(made)]
    about: dict[str, Any] = {"version": 1, "lesson": "loops", "title": {"en": "Loops"}}
    if files:
        about["files"] = list(files)
    return {
        "cells": made,
        "metadata": {
            "jupyter_tutor": about,
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "widgets": {"state": "stored widget state"},
        },
        "nbformat": 4,
        "nbformat_minor": minor,
    }


def write_course(
    folder: Path, content: Mapping[str, Any] | str, course: str = COURSE, name: str = "loops.ipynb"
) -> Path:
    """Write course.toml and a notebook; returns the notebook's path."""
    (folder / "course.toml").write_text(course, encoding="utf-8")
    path = folder / name
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path


def read(
    folder: Path, cells: Sequence[Mapping[str, Any]], *, minor: int = 4, files: Sequence[str] = ()
) -> LessonSource:
    """Write the cells as the lesson of the small course and read it."""
    path = write_course(folder, notebook(cells, minor=minor, files=files))
    return read_lesson(path, read_course(folder).course)
