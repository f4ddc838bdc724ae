"""Notebook files of every version and every kind of damage."""

import json
import os
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.notebook_format.documents import (
    MAX_NOTEBOOK_BYTES,
    load_notebook,
    notebook_text,
    parse_notebook,
    upgrade,
)
from tests.unit.notebook_format.lessons import cell, coding_cells, notebook


def _refusal(content: bytes | str | dict[str, Any], folder: Path) -> str:
    path = folder / "lesson.ipynb"
    if isinstance(content, dict):
        content = json.dumps(content)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InvalidNotebook) as caught:
        load_notebook(path, "lesson.ipynb")
    assert caught.value.message.startswith("lesson.ipynb")
    assert str(folder) not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5, 7])
def test_minor_versions_become_4_5(minor: int) -> None:
    document = upgrade(notebook(coding_cells(), minor=minor), "a")
    made = document.notebook
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    nbformat.validate(made)
    if minor >= 5:
        assert [one["id"] for one in made["cells"]] == list(document.given_ids)
    else:
        assert set(document.given_ids) == {None}
        assert upgrade(notebook(coding_cells(), minor=minor), "a") == document


def test_nbformat_3_is_upgraded_without_its_random_ids() -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": "old"},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["A title"], "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["x = 1\n", "x"],
                        "outputs": [],
                        "language": "python",
                        "collapsed": False,
                        "metadata": {},
                    },
                ],
                "metadata": {},
            }
        ],
    }
    first, second = upgrade(old, "a"), upgrade(old, "a")
    assert first == second
    assert [one["source"] for one in first.notebook["cells"]] == ["## A title", "x = 1\nx"]


def test_sources_in_lines_and_with_carriage_returns_become_one_text() -> None:
    given = notebook([cell("code", "")])
    given["cells"][0]["source"] = ["x = 1\r\n", "y = 2"]
    assert upgrade(given, "a").notebook["cells"][0]["source"] == "x = 1\ny = 2"


def test_the_argument_is_left_alone() -> None:
    given = notebook(coding_cells())
    before = json.dumps(given)
    upgrade(given, "a")
    assert json.dumps(given) == before


def test_ids_given_twice_count_once() -> None:
    given = notebook([cell("code", "a"), cell("code", "b"), cell("code", "c")], minor=5)
    given["cells"][1]["id"] = given["cells"][0]["id"]
    given["cells"][2]["id"] = "not an id"
    document = upgrade(given, "a")
    assert document.given_ids == ("source-0", None, None)
    assert len({one["id"] for one in document.notebook["cells"]}) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["not JSON", "line 1"]),
        ("{", ["not JSON"]),
        ('{\n<<<<<<< HEAD\n"a": 1', ["line 2", "merge conflict"]),
        ("[" * 100_000, ["JSON cannot be read"]),
        ('{"nbformat": 4, "metadata": ' + "[" * 200 + "]" * 200 + "}", ["deeper than 100"]),
        (b"\xff\xfe\x00", ["UTF-8"]),
        ("[]", ["no `nbformat` number"]),
        ('{"cells": []}', ["no `nbformat` number"]),
        ('{"nbformat": "4"}', ["no `nbformat` number"]),
        ({"nbformat": 5, "nbformat_minor": 0, "cells": [], "metadata": {}}, ["newer than 4"]),
        ({"nbformat": 4, "nbformat_minor": 4, "metadata": {}}, ["`cells` are not a list"]),
        ({"nbformat": 4, "nbformat_minor": 4, "cells": [3], "metadata": {}}, ["list of cells"]),
        ({"nbformat": 4, "nbformat_minor": 4, "cells": []}, ["metadata", "nbformat 4.5"]),
        ({"nbformat": 3, "worksheets": [{}]}, ["cannot be upgraded", "save it again"]),
        ({"nbformat": -7}, ["cannot be upgraded"]),
    ],
)
def test_what_is_no_notebook(
    tmp_path: Path, content: bytes | str | dict[str, Any], words: list[str]
) -> None:
    message = _refusal(content, tmp_path)
    for word in words:
        assert word in message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("source", 3),
        ("cell_type", "video"),
        ("metadata", []),
        ("outputs", {}),
        ("source", ["a", 3]),
    ],
)
def test_a_broken_cell_is_named(tmp_path: Path, key: str, value: object) -> None:
    given = notebook([cell("markdown", "fine"), cell("code", "x")])
    given["cells"][1][key] = value
    assert "cell 2" in _refusal(given, tmp_path)


def test_lone_surrogates_are_refused(tmp_path: Path) -> None:
    given = json.dumps(notebook([cell("code", "x = '\ud800'")]))
    assert "surrogate" in _refusal(given, tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "lesson.ipynb"
    with path.open("wb") as sink:
        os.truncate(sink.fileno(), MAX_NOTEBOOK_BYTES + 1)
    with pytest.raises(InvalidNotebook, match="clear its outputs"):
        load_notebook(path, "lesson.ipynb")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.ipynb", tmp_path):
        with pytest.raises(InvalidNotebook, match="no such file"):
            load_notebook(path, "absent.ipynb")


def test_the_text_is_what_jupyter_saves() -> None:
    made = upgrade(notebook(coding_cells()), "a").notebook
    text = notebook_text(made)
    assert text.endswith("}\n")
    assert "কোলাৎজের" in text
    assert [one["source"] for one in parse_notebook(text, "a").notebook["cells"]] == [
        one["source"] for one in made["cells"]
    ]
    assert notebook_text(parse_notebook(text, "a").notebook) == text
