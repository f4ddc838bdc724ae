"""Reading lessons: what every cell comes to, and every refusal."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.domain.exercises import (
    AssertCell,
    ExerciseKind,
    HintLevel,
    Limits,
    Visibility,
    WrongAnswer,
)
from jupyter_tutor.domain.sources import CellRole
from jupyter_tutor.notebook_format.course import read_course
from jupyter_tutor.notebook_format.draft import split_title
from jupyter_tutor.notebook_format.reader import read_lesson
from tests.unit.notebook_format.lessons import (
    CASES,
    DUE_AT,
    QUESTIONS,
    cell,
    coding_cells,
    notebook,
    prompt,
    read,
    write_course,
)

Cells = list[dict[str, Any]]


def _minimal(slug: str = "collatz", facts: dict[str, object] | None = None) -> Cells:
    return [
        prompt(slug, facts=facts),
        cell("code", "x = 1", {"role": "answer"}),
        cell("code", "assert x == 1", {"role": "tests", "name": "x is one"}),
    ]


def _refusal(folder: Path, cells: Cells) -> str:
    with pytest.raises(InvalidNotebook) as caught:
        read(folder, cells)
    assert str(folder) not in caught.value.message
    return caught.value.message


def test_a_coding_exercise_with_everything(tmp_path: Path) -> None:
    lesson = read(tmp_path, coding_cells())
    assert (lesson.slug, lesson.title, lesson.file) == ("loops", {"en": "Loops"}, "loops.ipynb")
    source = lesson.exercises[0]
    content = source.content
    assert source.cell == 3
    assert (content.slug, content.kind, content.topic) == (
        "collatz",
        ExerciseKind.CODING,
        "loops",
    )
    assert list(content.texts) == ["en", "bn"]
    assert content.texts["en"].title == "The road of collatz"
    assert content.texts["en"].prompt == "Write it."
    assert content.texts["bn"].title == "কোলাৎজের পথ"
    assert content.texts["en"].hints == {HintLevel.NUDGE: "Which values does n take on its way?"}
    assert content.texts["bn"].hints == {HintLevel.NUDGE: "পথে n কোন কোন মান নেয়?"}
    assert content.setup == ("from math import floor", "START = 27")
    assert [(test.name, test.points, test.visibility) for test in content.tests] == [
        ("seven needs sixteen steps", 1, Visibility.PUBLIC),
        ("a long road", 2, Visibility.SECRET),
        ("rejects zero", 1, Visibility.WITHHELD),
        ("small", 1, Visibility.PUBLIC),
        ("small (hidden)", 2, Visibility.SECRET),
    ]
    assert content.tests[3].spec == AssertCell("value = collatz_length(2)\nassert value == 1")
    assert source.expected == {
        "seven needs sixteen steps": "16",
        "a long road": "sum([100, 65, len('secret expectation')])",
    }
    assert content.wrong_answers == (
        WrongAnswer(
            "counts nothing",
            sources={"answer": "def collatz_length(n):\n    return n * 2 + 777"},
        ),
    )
    assert content.limits == Limits(wall_seconds=2.5, memory_mb=256)
    assert content.deepest_hint is HintLevel.STEPS
    assert "### " not in content.answer_cells[0].reference


def test_a_quiz_has_questions_and_no_set_up(tmp_path: Path) -> None:
    content = read(tmp_path, coding_cells()).exercises[1].content
    assert content.kind is ExerciseKind.QUIZ
    assert [test.name for test in content.tests] == ["slices", "pi"]
    assert content.setup == ()
    assert content.answer_cells == ()
    assert content.wrong_answers == (WrongAnswer("counts from one", responses={"slices": "a"}),)


def test_facts_of_the_first_prompt(tmp_path: Path) -> None:
    facts: dict[str, object] = {
        "requires": ["values"],
        "limits": {"processes": 4},
        "max_submissions": 3,
        "due_at": "2027-03-01T18:00:00+06:00",
        "deepest_hint": "concept",
    }
    content = read(tmp_path, _minimal(facts=facts)).exercises[0].content
    assert content.prerequisites == ("values",)
    assert content.limits == Limits(wall_seconds=2.5, memory_mb=256, processes=4)
    assert content.max_submissions == 3
    assert content.due_at == datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert content.deepest_hint is HintLevel.CONCEPT


def test_several_answer_cells_and_cells_that_name_their_exercise(tmp_path: Path) -> None:
    later = {"exercise": "first"}
    cells = [
        prompt("first"),
        cell("code", "a = 1", {"role": "answer", "id": "part-a"}),
        cell("code", "b = 2", {"role": "answer", "id": "part-b"}),
        prompt("second"),
        cell("code", "c = 3", {"role": "answer"}),
        cell("code", "assert c", {"role": "tests", "name": "c"}),
        cell("code", "assert a", {**later, "role": "tests", "name": "a"}),
        cell(
            "raw", "b = 3", {"role": "wrong", "note": "n", "answer": "part-b", "exercise": "first"}
        ),
        cell("code", "d = 1", {"role": "setup", "exercise": "first"}),
        cell("raw", "c = 0", {"role": "wrong", "note": "zero"}),
        cell("markdown", "More to say.", {"role": "prompt", "exercise": "first"}),
    ]
    first, second = (one.content for one in read(tmp_path, cells).exercises)
    assert [one.id for one in first.answer_cells] == ["part-a", "part-b"]
    assert [test.name for test in first.tests] == ["a"]
    assert first.wrong_answers[0].sources == {"part-b": "b = 3"}
    assert first.setup == ("d = 1",)
    assert first.texts["en"].prompt == "Write it.\n\nMore to say."
    assert [test.name for test in second.tests] == ["c"]
    assert second.wrong_answers[0].sources == {"answer": "c = 0"}
    assert second.setup == ()


def test_set_up_before_the_first_prompt_is_shared(tmp_path: Path) -> None:
    cells = [
        cell("code", "import math", {"role": "setup"}),
        *_minimal(slug="one"),
        cell("code", "only = 1", {"role": "setup"}),
        *_minimal(slug="two"),
    ]
    one, two = (source.content.setup for source in read(tmp_path, cells).exercises)
    assert one == ("import math", "only = 1")
    assert two == ("import math",)


def test_expected_values_are_filled_in(tmp_path: Path) -> None:
    source = read(tmp_path, coding_cells()).exercises[0]
    values = {name: {"type": "int", "value": name} for name in source.expected}
    content = source.evaluated(values)
    assert [getattr(test.spec, "expected", None) for test in content.tests] == [
        values["seven needs sixteen steps"],
        values["a long road"],
        None,
        None,
        None,
    ]
    with pytest.raises(KeyError):
        source.evaluated({})


def test_a_hidden_region_in_a_secret_cell_is_one_test(tmp_path: Path) -> None:
    source = "assert x\n### BEGIN HIDDEN TESTS\nassert x == 1\n### END HIDDEN TESTS\n"
    meta = {"role": "tests", "name": "all", "visibility": "withheld", "points": 2}
    cells = [*_minimal(facts={"due_at": DUE_AT}), cell("code", source, meta)]
    tests = read(tmp_path, cells).exercises[0].content.tests[1:]
    assert [(test.name, test.points, test.visibility) for test in tests] == [
        ("all", 1, Visibility.WITHHELD),
        ("all (hidden)", 1, Visibility.WITHHELD),
    ]


def test_a_withheld_test_needs_a_due_date_to_wait_for(tmp_path: Path) -> None:
    meta = {"role": "tests", "name": "later", "visibility": "withheld"}
    told = _refusal(tmp_path, [*_minimal(), cell("code", "assert x", meta)])
    assert "key 'due_at': the test 'later' of 'collatz' is withheld" in told


def test_a_cell_with_hidden_tests_only_gives_them_all_points(tmp_path: Path) -> None:
    source = "# See what happens\n### BEGIN HIDDEN TESTS\nassert x == 1\n### END HIDDEN TESTS"
    cells = [*_minimal(), cell("code", source, {"role": "tests", "name": "all", "points": 2})]
    lesson = read(tmp_path, cells)
    tests = lesson.exercises[0].content.tests[1:]
    assert [(test.name, test.points) for test in tests] == [("all (hidden)", 2)]
    assert lesson.cells[-1].source == "# See what happens"


def test_the_copy_keeps_public_cells_in_order(tmp_path: Path) -> None:
    cells = read(tmp_path, coding_cells()).cells
    assert [(one.role, one.exercise) for one in cells] == [
        (CellRole.TEXT, None),
        (CellRole.SETUP, None),
        (CellRole.PROMPT, "collatz"),
        (CellRole.PROMPT, "collatz"),
        (CellRole.SETUP, "collatz"),
        (CellRole.ANSWER, "collatz"),
        (CellRole.TESTS, "collatz"),
        (CellRole.TEXT, None),
        (CellRole.PROMPT, "slicing"),
    ]
    assert [one.language for one in cells if one.role is CellRole.PROMPT] == ["en", "bn", "en"]


@pytest.mark.parametrize("minor", [4, 5])
def test_cells_have_ids_of_their_own(tmp_path: Path, minor: int) -> None:
    text = [cell("markdown", f"text {number}") for number in range(3)]
    cells = read(tmp_path, [*text, *_minimal(), *text], minor=minor).cells
    keys = [(one.role, one.exercise, one.id) for one in cells]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("markdown", "title", "rest"),
    [
        ("# A\n\nb", "A", "b"),
        ("b\n\n### A ###\nc", "A", "b\n\nc"),
        ("```python\n# no title\n```\n## A", "A", "```python\n# no title\n```"),
        ("~~~\n# no\n```\n# no\n~~~\n# A", "A", "~~~\n# no\n```\n# no\n~~~"),
        ("#hashtag", "", "#hashtag"),
        ("# \n# A", "A", "#"),
        ("", "", ""),
    ],
)
def test_the_title_is_the_first_heading(markdown: str, title: str, rest: str) -> None:
    assert split_title(markdown) == (title, rest)


def _with(index: int, **meta: object) -> Cells:
    """Return the full lesson with keys of one cell's metadata replaced; None takes a key away."""
    cells = coding_cells()
    about = cells[index]["metadata"].setdefault("jupyter_tutor", {})
    for key, value in meta.items():
        if value is None:
            del about[key]
        else:
            about[key] = value
    return cells


def _source(index: int, source: str) -> Cells:
    cells = coding_cells()
    cells[index]["source"] = source
    return cells


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (_with(2, dificulty=3), ["cell 3", "'dificulty'", "did you mean 'difficulty'?"]),
        (_with(2, topic="lops"), ["cell 3", "key 'topic'", "did you mean 'loops'?"]),
        (_with(2, requires=["value"]), ["cell 3", "key 'requires'", "did you mean 'values'?"]),
        (_with(2, due_at="tomorrow"), ["cell 3", "key 'due_at'", "2027-03-01T18:00:00+06:00"]),
        (_with(2, due_at="2027-03-01T18:00:00"), ["no time with a zone"]),
        (_with(2, language="bn"), ["cell 3", "no prompt in the original language 'en'"]),
        (_with(3, language="bm"), ["cell 4", "'bm' is no language of the course"]),
        (_with(3, exercise="colatz"), ["cell 4", "did you mean 'collatz'?", "add kind, topic"]),
        (_with(6, exercise="colatz"), ["cell 7", "did you mean 'collatz'?"]),
        (_with(5, role="cases"), ["cell 6", "needs a raw cell, this is a code cell"]),
        (_with(8, role="answer", level=None), ["cell 9", "needs a code cell"]),
        (_with(8, level="nugde"), ["cell 9", "key 'level'", "did you mean 'nudge'?"]),
        (_with(9, language=None), ["cell 10", "two hints 'nudge' in 'en'"]),
        (_with(8, level="steps"), ["hint 'nudge' in 'bn'", "none in the original language"]),
        (_with(10, answer="anwser"), ["cell 11", "key 'answer'", "did you mean 'answer'?"]),
        (_with(13, exercise="collatz"), ["cell 14", "begins in cell 3 already"]),
        (_with(13, kind="coding"), ["cell 14", "needs an answer cell and tests"]),
        (_with(2, kind="quiz"), ["the quiz exercise 'collatz'", "a question cell"]),
        (_source(2, "No heading"), ["cell 3", "has no heading"]),
        (_source(3, "শিরোনাম নেই"), ["cell 3", "in 'bn' has no heading"]),
        (_source(4, "### BEGIN SOLUTION"), ["cell 5", "directive", "role 'answer'"]),
        (_source(5, "### BEGIN SOLUTION\nx"), ["cell 6", "line 1", "not closed"]),
        (_source(6, CASES.replace("a long road", "small")), ["a second test is named 'small'"]),
        (_source(6, "[[case]"), ["cell 7", "TOML"]),
        (_source(7, " \n"), ["cell 8", "tests cell is empty"]),
        (_source(8, " "), ["cell 9", "hint is empty"]),
        (_source(12, "x = 1  # END HIDDEN TESTS"), ["cell 13", "directive"]),
        (_source(0, "Text\n### BEGIN SOLUTION\nx"), ["cell 1", "directive"]),
        (_source(0, "a\0b"), ["cell 1", "NUL"]),
        (_source(14, QUESTIONS.replace('"pi"', '"slices"')), ["second test is named 'slices'"]),
        (_source(15, "slices = 'a'"), ["cell 16", "[responses]"]),
        (_source(15, "[responses]\nslice = 'a'"), ["cell 16", "did you mean 'slices'?"]),
        (coding_cells()[1:2], ["has no exercise"]),
        (coding_cells()[5:6], ["cell 1", "before the first exercise"]),
        (coding_cells()[3:5], ["cell 1", "exercise, kind, topic and difficulty"]),
        ([prompt()], ["needs an answer cell and tests"]),
        ([*_minimal(), cell("code", "y", {"role": "answer"})], ["two answer cells with the id"]),
        (
            [
                *_minimal(),
                cell("code", "y", {"role": "answer", "id": "more"}),
                cell("raw", "z", {"role": "wrong", "note": "n"}),
            ],
            ["cell 5", "has 2 answer cells", "answer, more"],
        ),
        ([*_minimal(), cell("raw", QUESTIONS, {"role": "question"})], ["mixes questions"]),
        ([*_minimal(), cell("raw", CASES)], ["cell 4", "has no role", "copied to learners"]),
        (
            [
                prompt(),
                cell("code", "x", {"role": "answer"}),
                cell("code", "assert x", {"role": "tests", "name": "x", "points": 0}),
            ],
            ["worth 0 points"],
        ),
    ],
)
def test_refusals_say_cell_key_and_what_is_right(
    tmp_path: Path, cells: Cells, words: list[str]
) -> None:
    message = _refusal(tmp_path, cells)
    assert message.startswith("loops.ipynb")
    for word in words:
        assert word in message


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    cells = _with(2, topic="nothing")
    cells[7]["source"] = ""
    with pytest.raises(InvalidNotebook) as caught:
        read(tmp_path, cells)
    assert caught.value.details["file"] == "loops.ipynb"
    problems = caught.value.details["problems"]
    assert isinstance(problems, list)
    assert len(problems) == 2
    assert "2 problems" in caught.value.message


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (None, ["no 'jupyter_tutor'", '"lesson"']),
        ({"title": {"en": "A"}}, ["lesson", "missing"]),
        ({"lesson": "A b", "title": {"en": "A"}}, ["lesson", "lower-case"]),
        ({"lesson": "a", "title": {"bn": "ক"}}, ["title", "original language 'en'"]),
        ({"lesson": "a", "title": {"en": " "}}, ["title.en", "not empty"]),
        ({"lesson": "a", "title": {"en": "A"}, "file": []}, ["file", "did you mean 'files'?"]),
        ({"lesson": "a", "title": {"en": "A"}, "version": 9}, ["version"]),
        ({"lesson": "a", "title": {"en": "A"}, "files": "a.csv"}, ["files", "a list"]),
        ([], ["a table of keys"]),
    ],
)
def test_the_notebook_s_own_metadata(tmp_path: Path, about: object, words: list[str]) -> None:
    given = notebook(coding_cells())
    if about is None:
        del given["metadata"]["jupyter_tutor"]
    else:
        given["metadata"]["jupyter_tutor"] = about
    path = write_course(tmp_path, given)
    with pytest.raises(InvalidNotebook) as caught:
        read_lesson(path, read_course(tmp_path).course)
    for word in words:
        assert word in caught.value.message


def test_a_failed_prompt_does_not_drag_its_cells_into_other_messages(tmp_path: Path) -> None:
    cells = [*_minimal(slug="one"), *_minimal(slug="one")]
    message = _refusal(tmp_path, cells)
    assert "begins in cell 1 already" in message
    assert "two answer cells" not in message
    assert "second test" not in message
