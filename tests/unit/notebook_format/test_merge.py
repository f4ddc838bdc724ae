"""Merging a newer release into a learner's copy: nothing the learner wrote is lost."""

import copy
import json
from collections.abc import Sequence
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.errors import InvalidInput, InvalidNotebook
from jupyter_tutor.domain.exercises import ExerciseContent, ExerciseKind
from jupyter_tutor.domain.sources import CellRole, ExerciseSource, LearnerCell, LessonSource
from jupyter_tutor.notebook_format.merge import Merger, merge
from jupyter_tutor.notebook_format.release import release
from jupyter_tutor.notebook_format.schema import findings

Notebook = dict[str, Any]

STARTER = "# YOUR CODE HERE\nraise NotImplementedError()"


def _lesson(exercises: dict[str, str], texts: Sequence[str] = (), slug: str = "loops") -> Notebook:
    """Return a release with texts, then exercises given by slug and starter."""
    cells = [
        LearnerCell("markdown", text, CellRole.TEXT, None, f"text-{number}")
        for number, text in enumerate(texts)
    ]
    sources: list[ExerciseSource] = []
    for name, starter in exercises.items():
        cells += [
            LearnerCell("markdown", f"## {name}", CellRole.PROMPT, name, "en-1", "en"),
            LearnerCell("code", starter, CellRole.ANSWER, name, "answer"),
            LearnerCell("code", f"assert {name}", CellRole.TESTS, name, "small"),
        ]
        content = ExerciseContent(name, ExerciseKind.CODING, "loops", 1, {}, ())
        sources.append(ExerciseSource(content, {}, 1))
    kernel = {"name": "python3", "display_name": "Python 3"}
    lesson = LessonSource(
        "loops.ipynb", slug, {"en": "Loops"}, tuple(sources), tuple(cells), kernel
    )
    contents = {one.content.slug: one.content for one in sources}
    return dict(release(lesson, "small", contents).learner_notebook)


def _sources(notebook: Notebook) -> list[str]:
    return [one["source"] for one in notebook["cells"]]


def _find(notebook: Notebook, role: str, exercise: str | None = None) -> dict[str, Any]:
    for one in notebook["cells"]:
        mark = one["metadata"].get("jupyter_tutor", {})
        if (mark.get("role"), mark.get("exercise")) == (role, exercise):
            found: dict[str, Any] = one
            return found
    raise LookupError(role, exercise)


def _own(source: str, kind: str = "code", name: str = "own") -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def _check(notebook: Notebook) -> None:
    nbformat.validate(notebook)
    for one in notebook["cells"]:
        if "jupyter_tutor" in one["metadata"]:
            assert findings(one["metadata"]["jupyter_tutor"], "learner-cell") == []


def test_an_untouched_copy_becomes_the_release() -> None:
    old, new = _lesson({"sums": STARTER}), _lesson({"sums": "total = 0", "more": STARTER})
    merged, report = merge(old, new)
    assert merged == new
    assert report.renewed == (("sums", "answer"),)
    assert (report.kept, report.added, report.edited) == ((), 0, 0)


def test_an_answer_is_kept_with_its_outputs_and_the_new_texts_around_it() -> None:
    old, new = _lesson({"sums": STARTER}), _lesson({"first": STARTER, "sums": "total = 0"})
    answer = _find(old, "answer", "sums")
    answer["source"] = "total = 1 + 2"
    answer["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "3"}]
    answer["execution_count"] = 5
    answer["metadata"]["collapsed"] = True
    merged, report = merge(old, new)
    found = _find(merged, "answer", "sums")
    assert (found["source"], found["execution_count"]) == ("total = 1 + 2", 5)
    assert found["outputs"] == answer["outputs"]
    assert found["metadata"]["collapsed"] is True
    assert found["metadata"]["deletable"] is False
    assert (
        found["metadata"]["jupyter_tutor"]
        == (_find(new, "answer", "sums")["metadata"]["jupyter_tutor"])
    )
    assert report.kept == (("sums", "answer"),)
    _check(merged)


def test_added_cells_stay_below_the_neighbour_they_followed() -> None:
    old = _lesson({"sums": STARTER, "gone": STARTER}, ["hello"])
    new = _lesson({"new": STARTER, "sums": STARTER}, ["hello"])
    cells = old["cells"]
    cells.insert(0, _own("top", "markdown", "n0"))
    prompt = cells.index(_find(old, "prompt", "sums"))
    cells.insert(prompt + 1, _own("below the prompt", name="n1"))
    cells.insert(prompt + 2, _own("and another", name="n2"))
    cells.append(_own("at the end", "raw", "n3"))
    merged, report = merge(old, new)
    sources = _sources(merged)
    assert sources[0] == "top"
    place = sources.index("## sums")
    assert sources[place : place + 3] == ["## sums", "below the prompt", "and another"]
    # The end followed the card of an exercise that is gone: it follows the one before it.
    assert sources[-1] == "at the end"
    assert report.added == 4
    _check(merged)


def test_an_answer_whose_exercise_is_gone_is_kept_and_marked() -> None:
    old, new = _lesson({"sums": STARTER, "gone": STARTER}), _lesson({"sums": STARTER})
    _find(old, "answer", "gone")["source"] = "%%time\nmy = 'work'"
    merged, report = merge(old, new)
    kept, heading = merged["cells"][-1], merged["cells"][-2]
    assert kept["source"] == "%%time\nmy = 'work'"
    assert kept["metadata"]["jupyter_tutor"]["role"] == "kept"
    assert kept["metadata"].get("deletable", True) is True
    assert "Kept from an earlier version" in heading["source"]
    assert "`gone`" in heading["source"]
    assert report.vanished == (("gone", "answer"),)
    assert "## gone" not in _sources(merged)
    _check(merged)
    again, _ = merge(merged, _lesson({"sums": "other"}))
    assert "%%time\nmy = 'work'" in _sources(again)


def test_an_untouched_answer_whose_exercise_is_gone_leaves_nothing() -> None:
    merged, report = merge(_lesson({"sums": STARTER, "gone": STARTER}), _lesson({"sums": STARTER}))
    assert merged == _lesson({"sums": STARTER})
    assert report.vanished == ()


def test_a_changed_text_stays_unless_its_author_changed_it_too() -> None:
    old = _lesson({"sums": STARTER}, ["one", "two"])
    new = _lesson({"sums": STARTER}, ["one", "two, better"])
    old["cells"][0]["source"] = "one, and my note"
    old["cells"][1]["source"] = "two, and my note"
    merged, report = merge(old, new)
    assert _sources(merged)[:3] == ["one, and my note", "two, better", "two, and my note"]
    assert "jupyter_tutor" not in merged["cells"][2]["metadata"]
    assert report.edited == 2
    assert merge(merged, new)[0] == merged


def test_changed_locked_cells_are_restored_and_the_change_kept_beside() -> None:
    old = _lesson({"sums": STARTER})
    _find(old, "tests", "sums")["source"] = "assert True"
    merged, report = merge(old, _lesson({"sums": STARTER}))
    sources = _sources(merged)
    assert sources[2:4] == ["assert sums", "assert True"]
    assert merged["cells"][3]["metadata"] == {}
    assert report.edited == 1


def test_a_deleted_cell_comes_back() -> None:
    old = _lesson({"sums": STARTER}, ["hello"])
    del old["cells"][0:2]
    assert merge(old, _lesson({"sums": STARTER}, ["hello"]))[0] == _lesson(
        {"sums": STARTER}, ["hello"]
    )


def test_copied_and_split_answer_cells_are_all_kept() -> None:
    old = _lesson({"sums": STARTER})
    answer = _find(old, "answer", "sums")
    answer["source"] = "first half"
    before, after = copy.deepcopy(answer), copy.deepcopy(answer)
    before |= {"id": "copied", "source": "an older try"}
    after |= {"id": "split", "source": "second half"}
    place = old["cells"].index(answer)
    old["cells"][place : place + 1] = [before, answer, after]
    merged, _ = merge(old, _lesson({"sums": "x"}))
    assert _find(merged, "answer", "sums")["source"] == "first half"
    assert _sources(merged)[:4] == ["## sums", "an older try", "first half", "second half"]
    marks = [one["metadata"].get("jupyter_tutor", {}).get("role") for one in merged["cells"]]
    assert marks.count("answer") == 1
    _check(merged)


def test_an_answer_turned_into_markdown_comes_back_as_code() -> None:
    old = _lesson({"sums": STARTER})
    answer = _find(old, "answer", "sums")
    for key in ("outputs", "execution_count"):
        del answer[key]
    answer |= {"cell_type": "markdown", "source": "total = 3"}
    merged, _ = merge(old, _lesson({"sums": STARTER}))
    assert _find(merged, "answer", "sums")["cell_type"] == "code"
    assert _find(merged, "answer", "sums")["source"] == "total = 3"
    _check(merged)


def test_marks_that_an_editor_dropped_are_found_again_by_id() -> None:
    old = _lesson({"sums": STARTER})
    _find(old, "answer", "sums")["source"] = "total = 3"
    for one in old["cells"]:
        one["metadata"] = {}
    merged, report = merge(old, _lesson({"sums": STARTER}))
    assert _find(merged, "answer", "sums")["source"] == "total = 3"
    assert len(merged["cells"]) == len(old["cells"])
    assert report.kept == (("sums", "answer"),)


def test_a_copy_saved_as_nbformat_4_4_keeps_its_answers() -> None:
    old = _lesson({"sums": STARTER})
    _find(old, "answer", "sums")["source"] = "total = 3"
    old["cells"].append(_own("mine"))
    old["nbformat_minor"] = 4
    for one in old["cells"]:
        del one["id"]
    merged, _ = merge(old, _lesson({"sums": STARTER}))
    assert _find(merged, "answer", "sums")["source"] == "total = 3"
    assert _sources(merged)[-1] == "mine"
    _check(merged)


@pytest.mark.parametrize(
    "mark",
    [
        "answer",
        [],
        {"role": "answer"},
        {"role": "answer", "exercise": 3, "id": "answer"},
        {"role": "emperor", "exercise": "sums", "id": "answer"},
        {"role": ["answer"], "exercise": "sums", "id": "answer"},
    ],
)
def test_broken_marks_make_a_cell_the_learner_s_own(mark: object) -> None:
    old = _lesson({"sums": STARTER})
    old["cells"].append({**_own("mine"), "metadata": {"jupyter_tutor": mark}})
    merged, _ = merge(old, _lesson({"sums": STARTER}))
    assert _sources(merged)[-1] == "mine"
    assert merged["cells"][-1]["metadata"] == {}


def test_the_learner_s_kernel_stays_and_the_arguments_are_left_alone() -> None:
    old, new = _lesson({"sums": STARTER}), _lesson({"sums": "x"})
    old["metadata"]["kernelspec"] = {"name": "python-3.13", "display_name": "Mine"}
    before = json.dumps([old, new])
    merged, _ = merge(old, new)
    assert merged["metadata"]["kernelspec"]["name"] == "python-3.13"
    assert merged["metadata"]["jupyter_tutor"] == new["metadata"]["jupyter_tutor"]
    assert json.dumps([old, new]) == before


def test_what_cannot_be_merged() -> None:
    with pytest.raises(InvalidInput, match="of the lesson 'loops', not of 'sets'"):
        merge(_lesson({"sums": STARTER}), _lesson({"sums": STARTER}, slug="sets"))
    for broken in ({"cells": 3}, {"nbformat": 4, "cells": [{"source": "\ud800"}]}, {}):
        with pytest.raises(InvalidNotebook, match="Your notebook"):
            merge(broken, _lesson({"sums": STARTER}))


def test_is_current_knows_the_release() -> None:
    merger = Merger()
    old, new = _lesson({"sums": STARTER}), _lesson({"sums": "x"})
    assert merger.is_current(old, old)
    assert not merger.is_current(old, new)
    assert merger.is_current(merger.merge(old, new), new)
    _find(old, "answer", "sums")["source"] = "changed"
    assert merger.is_current(old, _lesson({"sums": STARTER}))
    assert not merger.is_current({}, new)
    assert not merger.is_current({"metadata": {"jupyter_tutor": 3}}, {"metadata": []})


NAMES = ["ant", "bee", "cat", "dog"]
WRITTEN = st.text(st.sampled_from("ab\n #="), min_size=1, max_size=8).filter(str.strip)
RELEASES = st.builds(
    _lesson,
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([STARTER, "x = 0", ""]), max_size=4),
    st.lists(st.sampled_from(["one", "two", "three"]), max_size=2),
)


@st.composite
def copies(draw: st.DrawFn) -> tuple[Notebook, list[str]]:
    """Return a learner's copy of a release, and every text the learner wrote into it."""
    notebook = copy.deepcopy(draw(RELEASES))
    wrote: list[str] = []
    cells: list[dict[str, Any]] = []
    for one in notebook["cells"]:
        role = one["metadata"]["jupyter_tutor"]["role"]
        if draw(st.booleans()) and (role in ("answer", "text") or draw(st.booleans())):
            one["source"] = f"{draw(WRITTEN)}{len(wrote)}"
            wrote.append(one["source"])
        cells += [one] * (one["source"] in wrote or draw(st.integers(0, 9)) > 0)
        if draw(st.integers(0, 4)) == 0:
            twin = copy.deepcopy(one)
            twin |= {"id": f"twin-{len(cells)}", "source": f"{draw(WRITTEN)}{len(wrote)}"}
            cells.append(twin)
            wrote.append(twin["source"])
        if draw(st.integers(0, 3)) == 0:
            kind = draw(st.sampled_from(["code", "markdown", "raw"]))
            source = f"{draw(WRITTEN)}{len(wrote)}"
            cells.append(_own(source, kind, f"own-{len(cells)}"))
            wrote.append(source)
    if draw(st.booleans()):
        cells = draw(st.permutations(cells))
    notebook["cells"] = cells
    return notebook, wrote


@settings(max_examples=200, deadline=None)
@given(copies(), RELEASES)
def test_nothing_written_is_ever_lost(made: tuple[Notebook, list[str]], new: Notebook) -> None:
    learner, wrote = made
    merged, report = merge(learner, new)
    found = _sources(merged)
    for source in wrote:
        assert source in found
    _check(merged)
    # Every cell of the release is there once, in its order, and the result is a fixed point.
    marks = {one["id"] for one in new["cells"]}
    assert [one["id"] for one in merged["cells"] if one["id"] in marks] == [
        one["id"] for one in new["cells"]
    ]
    again, _ = merge(merged, new)
    assert again == merged
    assert len(report.kept) + len(report.renewed) <= len(new["cells"])


@settings(max_examples=100, deadline=None)
@given(copies(), RELEASES, RELEASES)
def test_nothing_is_lost_over_several_releases(
    made: tuple[Notebook, list[str]], new: Notebook, newer: Notebook
) -> None:
    learner, wrote = made
    merged = merge(merge(learner, new)[0], newer)[0]
    for source in wrote:
        assert source in _sources(merged)
    assert Merger().is_current(merged, newer)


@settings(max_examples=50, deadline=None)
@given(RELEASES, RELEASES)
def test_an_untouched_copy_of_any_release_becomes_the_newer_one(
    old: Notebook, new: Notebook
) -> None:
    assert merge(old, new)[0] == new
