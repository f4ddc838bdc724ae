"""Rubrics in the metadata of an exercise."""

import copy
from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    CallCase,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    TestCase,
)
from jupyter_tutor.domain.rubrics import Anchor, Criterion, Rubric, RubricLevel
from tests.unit.notebook_format.lessons import cell, prompt, read

NAMES: dict[str, Any] = {
    "slug": "names",
    "title": {"en": "Names"},
    "question": {"en": "Do the names say what the values mean?"},
    "levels": [
        {"points": 0, "description": {"en": "Most are single letters."}},
        {"points": 2, "description": {"en": "Every name says what its value is."}},
    ],
    "anchor": {"level": 0, "example": "a = b * 0.19", "reason": {"en": "Neither says it."}},
}
CASES = '[[case]]\nname = "one"\ncall = "x"\nexpected = "1"\n'

PLAIN = ExerciseContent(
    slug="sum",
    kind=ExerciseKind.CODING,
    topic="loops",
    difficulty=2,
    texts={"en": ExerciseText("Sum", "Add them.")},
    tests=(TestCase("one", CallCase("x", expected={"int": "1"})),),
    answer_cells=(AnswerCell("answer", "", "x = 1"),),
)
HASH_BEFORE = "c9d4fe2b079c398f2f01934f7a945a985213d46f8e2a5dec2d2fddc231b4c84e"


def content(folder: Path, *criteria: dict[str, Any]) -> ExerciseContent:
    facts = {"rubric": list(criteria)} if criteria else {}
    cells = [
        prompt(facts=facts),
        cell("code", "x = 1", {"role": "answer"}),
        cell("raw", CASES, {"role": "cases"}),
    ]
    return read(folder, cells).exercises[0].content


def changed(**parts: object) -> dict[str, Any]:
    return {**copy.deepcopy(NAMES), **parts}


def test_a_rubric_is_read(tmp_path: Path) -> None:
    assert content(tmp_path, NAMES).rubric == Rubric(
        (
            Criterion(
                "names",
                {"en": "Names"},
                {"en": "Do the names say what the values mean?"},
                (
                    RubricLevel(0, {"en": "Most are single letters."}),
                    RubricLevel(2, {"en": "Every name says what its value is."}),
                ),
                Anchor(0, "a = b * 0.19", {"en": "Neither says it."}),
            ),
        )
    )


def test_a_rubric_belongs_to_what_is_published(tmp_path: Path) -> None:
    plain, judged = content(tmp_path), content(tmp_path, NAMES)
    other = content(tmp_path, changed(title={"en": "Good names"}))

    assert plain.rubric is None
    assert len({plain.content_hash, judged.content_hash, other.content_hash}) == 3


def test_content_without_a_rubric_keeps_its_hash() -> None:
    """Taken from before there were rubrics."""
    assert PLAIN.content_hash == HASH_BEFORE


@pytest.mark.parametrize(
    ("criteria", "wanted"),
    [
        ([NAMES, NAMES], "2 criteria are named 'names'"),
        ([changed(levels=NAMES["levels"][:1])], "at least two"),
        ([changed(levels=NAMES["levels"][::-1])], "from the fewest points to the most"),
        ([changed(anchor={**NAMES["anchor"], "level": 2})], "anchor is on level 2"),
        ([changed(anchor={**NAMES["anchor"], "example": " "})], "an answer, or the part of one"),
        ([changed(title={"xx": "Names"})], "criterion 1 (names), title"),
        ([changed(weight=2)], "unknown key"),
        ([{key: NAMES[key] for key in NAMES if key != "anchor"}], "anchor"),
    ],
)
def test_a_rubric_that_is_unfit_is_refused_with_what_would_be_right(
    tmp_path: Path, criteria: list[dict[str, Any]], wanted: str
) -> None:
    with pytest.raises(InvalidNotebook) as caught:
        content(tmp_path, *criteria)
    assert wanted in caught.value.message
    assert "cell 1" in caught.value.message


def test_a_quiz_has_no_rubric(tmp_path: Path) -> None:
    question = (
        '[[question]]\nid = "one"\ntype = "number"\nnumber = 1\ntext = { en = "How many?" }\n'
    )
    cells = [
        prompt(kind="quiz", facts={"rubric": [NAMES]}),
        cell("raw", question, {"role": "question"}),
    ]
    with pytest.raises(InvalidNotebook, match="has a rubric"):
        read(tmp_path, cells)


def test_learners_are_not_given_the_rubric(tmp_path: Path) -> None:
    cells = [
        prompt(facts={"rubric": [NAMES]}),
        cell("code", "x = 1", {"role": "answer"}),
        cell("raw", CASES, {"role": "cases"}),
    ]
    copy_of_it = str(read(tmp_path, cells).cells)
    assert "a = b * 0.19" not in copy_of_it
    assert "single letters" not in copy_of_it
