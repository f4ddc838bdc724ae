"""The learner's copy: complete, stable, and without a byte of what is secret."""

import base64
import html
import json
import urllib.parse
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.exercises import LessonContent
from jupyter_tutor.domain.sources import LessonSource
from jupyter_tutor.notebook_format.course_folder import CourseFolder
from jupyter_tutor.notebook_format.directives import split_answer, split_tests
from jupyter_tutor.notebook_format.documents import notebook_text
from jupyter_tutor.notebook_format.release import release
from jupyter_tutor.notebook_format.schema import findings
from tests.unit.notebook_format.lessons import cell, coding_cells, prompt, read

SECRETS = [
    # the solution
    "n must be positive_zeta",
    "steps_omega",
    "n // 2 if n % 2 == 0",
    "BEGIN SOLUTION",
    # secret and withheld tests, their values, and names of secret tests
    "871_000",
    "secret expectation",
    "a long road",
    "collatz_length(-41)",
    "positive_z",
    "rejects zero",
    "collatz_length(97)",
    "== 118",
    "(6171)",
    "HIDDEN TESTS",
    "(hidden)",
    # TOML of cases and questions
    "[[case]]",
    "seven needs sixteen steps",
    "collatz_length(7)",
    "'tutor'[1:3]",
    "Counting starts at nought",
    "not including",
    "3.14",
    # hints, known wrong answers, notes, stored state
    "Which values does n take",
    "পথে n কোন কোন মান নেয়",
    "n * 2 + 777",
    "counts nothing",
    "counts from one",
    "Lothar",
    "stored output",
    "stored widget state",
]


def _released(lesson: LessonSource) -> LessonContent:
    return release(lesson, "small", {one.content.slug: one.content for one in lesson.exercises})


def _forms(secret: str) -> set[bytes]:
    """Return the ways a text might be written down."""
    raw = secret.encode()
    bare = base64.b64encode(raw).rstrip(b"=")
    return {
        raw,
        json.dumps(secret)[1:-1].encode(),
        json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        json.dumps(json.dumps(secret))[2:-2].encode(),
        html.escape(secret).encode(),
        urllib.parse.quote(secret).encode(),
        raw.hex().encode(),
        bare[:-1] if len(bare) > 5 else bare,
    }


def _everything(content: LessonContent) -> bytes:
    notebook = content.learner_notebook
    return b"\n".join(
        [
            json.dumps(notebook).encode(),
            json.dumps(notebook, ensure_ascii=False).encode(),
            notebook_text(notebook).encode(),
        ]
    )


def test_the_secrets_are_in_the_source(tmp_path: Path) -> None:
    source = json.dumps(coding_cells(), ensure_ascii=False) + "stored widget state (hidden)"
    for secret in SECRETS:
        assert json.dumps(secret, ensure_ascii=False)[1:-1] in source


@pytest.mark.parametrize("minor", [4, 5])
@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_in_any_form_reaches_the_copy(tmp_path: Path, secret: str, minor: int) -> None:
    everything = _everything(_released(read(tmp_path, coding_cells(), minor=minor)))
    for form in _forms(secret):
        assert form not in everything


def test_the_copy_is_valid_and_marked(tmp_path: Path) -> None:
    content = _released(read(tmp_path, coding_cells()))
    notebook: Any = content.learner_notebook
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    marks = [one["metadata"]["jupyter_tutor"] for one in notebook["cells"]]
    for mark in marks:
        assert findings(mark, "learner-cell") == []
    assert [mark["role"] for mark in marks] == [
        *("text", "setup", "prompt", "prompt", "setup", "answer", "tests", "card"),
        *("text", "prompt", "card"),
    ]
    for one in notebook["cells"]:
        if one["cell_type"] == "code":
            assert one["outputs"] == []
            assert one["execution_count"] is None
    about = notebook["metadata"]["jupyter_tutor"]
    assert (about["course"], about["lesson"], about["files"]) == ("small", "loops", [])
    assert set(notebook["metadata"]) == {"jupyter_tutor", "kernelspec", "language_info"}


def test_only_answers_and_texts_can_be_edited(tmp_path: Path) -> None:
    notebook: Any = _released(read(tmp_path, coding_cells())).learner_notebook
    for one in notebook["cells"]:
        role = one["metadata"]["jupyter_tutor"]["role"]
        assert one["metadata"].get("editable", True) is (role in ("answer", "text"))
        assert one["metadata"].get("deletable", True) is (role == "text")


def test_the_card_carries_course_and_revision(tmp_path: Path) -> None:
    content = _released(read(tmp_path, coding_cells()))
    notebook: Any = content.learner_notebook
    cards = [one for one in notebook["cells"] if one["metadata"]["jupyter_tutor"]["role"] == "card"]
    assert [one["source"] for one in cards] == [
        'import jupyter_tutor\njupyter_tutor.exercise("collatz")',
        'import jupyter_tutor\njupyter_tutor.exercise("slicing")',
    ]
    for card, exercise in zip(cards, content.exercises, strict=True):
        mark = card["metadata"]["jupyter_tutor"]
        assert mark["exercise"] == exercise.slug
        assert mark["course"] == "small"
        assert mark["revision"] == exercise.content_hash


def test_the_answer_cell_holds_the_starter(tmp_path: Path) -> None:
    notebook: Any = _released(read(tmp_path, coding_cells())).learner_notebook
    answer = notebook["cells"][5]
    assert answer["metadata"]["jupyter_tutor"]["id"] == "answer"
    assert answer["source"] == (
        'def collatz_length(n):\n    """Count the steps from n to 1."""\n'
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )


def test_tests_that_are_not_public_leave_no_cell(tmp_path: Path) -> None:
    cells = coding_cells()
    cells[7]["metadata"]["jupyter_tutor"]["visibility"] = "secret"
    notebook: Any = _released(read(tmp_path, cells)).learner_notebook
    roles = [one["metadata"]["jupyter_tutor"]["role"] for one in notebook["cells"]]
    assert "tests" not in roles


def test_releases_of_one_source_are_the_same_bytes(tmp_path: Path) -> None:
    first = _released(read(tmp_path, coding_cells()))
    second = _released(read(tmp_path, coding_cells()))
    assert notebook_text(first.learner_notebook) == notebook_text(second.learner_notebook)
    assert first.content_hash == second.content_hash


def test_a_change_of_a_secret_changes_only_the_card_and_the_release(tmp_path: Path) -> None:
    cells = coding_cells()
    before: Any = _released(read(tmp_path, cells)).learner_notebook
    cells[6]["source"] = cells[6]["source"].replace("871_000", "872_000")
    after: Any = _released(read(tmp_path, cells)).learner_notebook
    assert [a["id"] for a in before["cells"]] == [b["id"] for b in after["cells"]]
    changed = [
        a["metadata"]["jupyter_tutor"]["role"]
        for a, b in zip(before["cells"], after["cells"], strict=True)
        if a != b
    ]
    assert changed == ["card"]
    marks = [one["metadata"]["jupyter_tutor"]["release"] for one in (before, after)]
    assert marks[0] != marks[1]


def test_cells_keep_their_ids_when_others_come_and_go(tmp_path: Path) -> None:
    cells = coding_cells()
    before: Any = _released(read(tmp_path, cells, minor=5)).learner_notebook
    ids = {
        tuple(sorted(one["metadata"]["jupyter_tutor"].items())): one["id"]
        for one in before["cells"]
        if one["metadata"]["jupyter_tutor"].get("exercise") == "slicing"
    }
    after: Any = _released(read(tmp_path, cells[:1] + cells[13:], minor=5)).learner_notebook
    for one in after["cells"][1:]:
        assert ids[tuple(sorted(one["metadata"]["jupyter_tutor"].items()))] == one["id"]


def test_images_of_prompts_are_kept_and_unused_attachments_dropped(tmp_path: Path) -> None:
    cells = coding_cells()
    cells[2]["source"] += "\n\n![road](attachment:road.png)"
    cells[2]["attachments"] = {
        "road.png": {"image/png": ["aGVs", "bG8="]},
        "solution.png": {"image/png": "c2VjcmV0"},
    }
    notebook: Any = _released(read(tmp_path, cells)).learner_notebook
    assert notebook["cells"][2]["attachments"] == {"road.png": {"image/png": "aGVsbG8="}}


def test_tags_are_kept_where_they_give_nothing_away(tmp_path: Path) -> None:
    cells = coding_cells()
    for index in (5, 12):
        cells[index]["metadata"]["tags"] = ["raises-exception"]
    notebook: Any = _released(read(tmp_path, cells)).learner_notebook
    assert [
        one["metadata"].get("tags") for one in notebook["cells"] if "tags" in one["metadata"]
    ] == [["raises-exception"]]
    assert notebook["cells"][8]["metadata"]["tags"] == ["raises-exception"]


def test_the_port_reads_and_releases(tmp_path: Path) -> None:
    read(tmp_path, coding_cells())
    folder = CourseFolder()
    source = folder.read_course(tmp_path)
    lesson = folder.read_lesson(source.lessons[0], source.course)
    contents = {one.content.slug: one.content for one in lesson.exercises}
    released = folder.release(lesson, source.course.slug, contents)
    assert released == _released(lesson)
    assert json.loads(folder.notebook_text(released.learner_notebook))["nbformat"] == 4
    with pytest.raises(KeyError):
        folder.release(lesson, "small", {})


CODE = st.lists(
    st.sampled_from(
        ["alpha = 1", "beta = [2]", "if alpha:", "    gamma = beta", "", "# why", "del alpha"]
    ),
    max_size=4,
)


NUMBERS = st.integers(10**9, 10**12)
TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), max_size=5
)


@given(before=CODE, after=CODE, secret=NUMBERS, indent=st.sampled_from(["", "    "]))
def test_what_stands_in_a_solution_region_is_never_in_the_starter(
    before: list[str], after: list[str], secret: int, indent: str
) -> None:
    marked = [f"{indent}### BEGIN SOLUTION", f"{indent}x = {secret}", f"{indent}### END SOLUTION"]
    reference, starter = split_answer("\n".join([*before, *marked, *after]))
    assert str(secret) in reference
    assert str(secret) not in starter
    assert "SOLUTION" not in reference + starter
    for line in before + after:
        assert line.rstrip() in starter


@given(public=CODE, secret=NUMBERS)
def test_what_stands_in_a_hidden_region_is_never_public(public: list[str], secret: int) -> None:
    marked = ["### BEGIN HIDDEN TESTS", f"assert f({secret})", "### END HIDDEN TESTS"]
    for place in range(len(public) + 1):
        split = split_tests("\n".join([*public[:place], *marked, *public[place:]]))
        assert split.hidden is not None
        assert str(secret) in split.hidden
        assert str(secret) not in split.public


@settings(max_examples=25, deadline=None)
@given(sources=TEXTS)
def test_any_text_is_released_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, sources: list[str]
) -> None:
    cells = [
        *(cell("markdown", source) for source in sources),
        prompt(),
        cell("code", "x = 1", {"role": "answer"}),
        cell("code", "assert x", {"role": "tests", "name": "x"}),
    ]
    notebook: Any = _released(read(tmp_path_factory.mktemp("any"), cells)).learner_notebook
    released = [one["source"] for one in notebook["cells"][: len(sources)]]
    assert released == [source.replace("\r\n", "\n") for source in sources]
    nbformat.validate(notebook)
