"""Damaged sources and copies: refused in words, whatever the damage is."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.errors import InvalidInput, InvalidNotebook
from jupyter_tutor.notebook_format.course import read_course
from jupyter_tutor.notebook_format.merge import merge
from jupyter_tutor.notebook_format.reader import read_lesson
from jupyter_tutor.notebook_format.release import release
from tests.unit.notebook_format.lessons import COURSE, coding_cells, notebook, write_course

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["prompt", "answer", "quiz", "secret", "### BEGIN SOLUTION", "[[case]]"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


def _places(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += _places(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            found += _places(inner, (*path, index))
    return found


@st.composite
def damaged(draw: st.DrawFn, whole: dict[str, Any]) -> dict[str, Any]:
    """Return a JSON value with one place replaced, taken away, or its text cut."""
    value = copy.deepcopy(whole)
    *path, last = draw(st.sampled_from(_places(value)))
    parent: Any = value
    for part in path:
        parent = parent[part]
    kind = draw(st.sampled_from(["replace", "remove", "cut"]))
    if kind == "remove":
        del parent[last]
    elif kind == "cut" and isinstance(parent[last], str):
        place = draw(st.integers(0, len(parent[last])))
        parent[last] = parent[last][:place] + draw(st.text(max_size=3)) + parent[last][place + 1 :]
    else:
        parent[last] = draw(JSON)
    return value


@settings(max_examples=100, deadline=None)
@given(source=damaged(notebook(coding_cells(), minor=5)))
def test_a_damaged_source_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, source: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = write_course(folder, json.dumps(source))
    message = ""
    try:
        lesson = read_lesson(path, read_course(folder).course)
    except InvalidNotebook as error:
        message = error.message
    if message:
        assert "loops.ipynb" in message or "course.toml" in message
        assert str(folder) not in message
        return
    contents = {one.content.slug: one.content for one in lesson.exercises}
    copy_text = json.dumps(release(lesson, "small", contents).learner_notebook)
    assert "BEGIN SOLUTION" not in copy_text
    assert all(content.content_hash for content in contents.values())


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, len(COURSE)), cut=st.integers(0, 12), text=st.text(max_size=4))
def test_a_damaged_course_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, place: int, cut: int, text: str
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    write_course(folder, notebook(coding_cells()))
    content = COURSE[:place] + text + COURSE[place + cut :]
    (folder / "course.toml").write_bytes(content.encode(errors="surrogatepass"))
    message = ""
    try:
        read_course(folder)
    except InvalidNotebook as error:
        message = error.message
    assert not message or "course.toml" in message


def _released(folder: pytest.TempPathFactory) -> dict[str, Any]:
    path = write_course(folder.mktemp("whole"), notebook(coding_cells(), minor=5))
    lesson = read_lesson(path, read_course(path).course)
    contents = {one.content.slug: one.content for one in lesson.exercises}
    return dict(release(lesson, "small", contents).learner_notebook)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_copy_is_merged_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    newest = _released(tmp_path_factory)
    existing = data.draw(damaged(newest))
    try:
        merged, _ = merge(existing, newest)
    except InvalidInput:
        return
    ids = [one["id"] for one in merged["cells"]]
    assert len(set(ids)) == len(ids)
    assert {one["id"] for one in newest["cells"]} <= set(ids)


@pytest.mark.parametrize("attachments", [3, "text", None, ["a"]])
def test_attachments_of_a_code_cell_do_not_count(tmp_path: Path, attachments: object) -> None:
    cells = coding_cells()
    cells[5]["attachments"] = attachments
    path = write_course(tmp_path, notebook(cells, minor=5))
    assert read_lesson(path, read_course(tmp_path).course).exercises


def test_an_old_notebook_with_a_cell_of_unknown_type_is_refused(tmp_path: Path) -> None:
    old = {"nbformat": 1, "cells": [{"cell_type": "sketch", "code": "x"}]}
    path = write_course(tmp_path, old)
    with pytest.raises(InvalidNotebook, match=r"loops\.ipynb.*cannot be upgraded"):
        read_lesson(path, read_course(tmp_path).course)
