"""The last look at a learner's copy: finds what an author gave away, not what all code shares."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    CallCase,
    Choice,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    HintLevel,
    ProgramCase,
    Question,
    QuestionType,
    TestCase,
    Visibility,
    WrongAnswer,
)
from jupyter_tutor.domain.leaks import find_leaks

STARTER = "def mean(marks):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
REFERENCE = (
    "def mean(marks):\n"
    "    total = 0\n"
    "    for mark in marks:\n"
    "        total += mark * weight(mark)\n"
    "    return total / len(marks)"
)
WRONG = "def mean(marks):\n    return sorted(marks)[len(marks) // 2]"

CONTENT = ExerciseContent(
    slug="mean",
    kind=ExerciseKind.CODING,
    topic="lists",
    difficulty=3,
    texts={
        "en": ExerciseText(
            "Mean",
            "Write it.",
            {
                HintLevel.NUDGE: "What do you divide the sum of all the marks by?",
                HintLevel.STEPS: "Try:\n\n```python\nfor mark in marks:\n```",
            },
        )
    },
    tests=(
        TestCase("shown", CallCase("mean([1, 2, 3])")),
        TestCase("asserted", AssertCell("marks = [2, 2, 2]\nassert mean([2, 2, 2]) == 2")),
        TestCase("secret", CallCase("mean([7, 8, 90])"), visibility=Visibility.SECRET),
        TestCase("same call", CallCase("mean([1, 2, 3])"), visibility=Visibility.SECRET),
        TestCase("short", CallCase("mean()"), visibility=Visibility.SECRET),
        TestCase("fed", ProgramCase("17 18 19 20\n", "74"), visibility=Visibility.WITHHELD),
        TestCase(
            "hidden",
            AssertCell("marks = [2, 2, 2]\nassert mean([2, 2, 2]) == 2\nassert mean([4]) > 3.5"),
            visibility=Visibility.SECRET,
        ),
    ),
    answer_cells=(AnswerCell("answer", STARTER, REFERENCE),),
    wrong_answers=(WrongAnswer("median", {"answer": WRONG}),),
)
EXPECTED = {"mean": {"shown": "2.0", "secret": "[35.000125, 1]", "same call": "2.0"}}


def _cell(source: str, exercise: str | None = "mean", **more: object) -> dict[str, Any]:
    about = {"role": "prompt", "exercise": exercise} if exercise else {"role": "text"}
    return {"cell_type": "markdown", "source": source, "metadata": {"jupyter_tutor": about}, **more}


def _found(*cells: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    notebook = {"cells": list(cells), "metadata": {}}
    return [
        (leak.what, leak.text, leak.cell) for leak in find_leaks((CONTENT,), EXPECTED, notebook)
    ]


@pytest.mark.parametrize(
    ("source", "what", "text"),
    [
        ("See: `total += mark * weight(mark)`", "solution", "total += mark * weight(mark)"),
        ("It ends with\n\n    return   total / len(marks)\n", "solution", "return total / len(m"),
        ("    return sorted(marks)[len(marks) // 2]", "known wrong answer", "return sorted("),
        ("What do you divide\nthe sum of all the marks by?", "a hint", "What do you divide"),
        ("For example mean([7, 8, 90])?", "secret test 'secret'", "mean([7, 8, 90])"),
        ("Feed it:\n17 18 19  20", "secret test 'fed'", "17 18 19 20"),
        ("assert mean([4]) > 3.5", "secret test 'hidden'", "assert mean([4]) > 3.5"),
        ("The result is [35.000125, 1].", "expected value of the secret test 'secret'", "[35.0"),
    ],
)
def test_what_an_author_gave_away_is_found(source: str, what: str, text: str) -> None:
    found = _found(_cell("nothing"), _cell(source))
    assert len(found) == 1
    assert what in found[0][0]
    assert found[0][1].startswith(text)
    assert found[0][2] == 2


@pytest.mark.parametrize(
    "source",
    [
        STARTER,
        "def mean(marks):",
        "    total = 0\n\nfor mark in marks:",
        "mean([1, 2, 3]) is 2.0",
        "mean()",
        "assert mean([2, 2, 2]) == 2",
        "marks = [2, 2, 2]",
        "mean([7, 8, 901])",
        "demean([7, 8, 90])",
        "What do you divide?",
        "",
    ],
)
def test_what_is_public_or_shared_by_all_code_is_no_leak(source: str) -> None:
    assert _found(_cell(source)) == []


def test_outside_the_exercise_only_a_whole_block_counts() -> None:
    line = "        total += mark * weight(mark)"
    assert _found(_cell(line, None), _cell(line, "other")) == []
    whole = REFERENCE.replace("def mean", "def average")
    for exercise in (None, "other"):
        assert [found[0] for found in _found(_cell(whole, exercise))] == ["a line of the solution"]


@pytest.mark.parametrize(
    "cell",
    [
        _cell("x", tags=["mean([7, 8, 90])"]),
        _cell("x", None, attachments={"a.txt": {"text/plain": "mean([7, 8, 90])"}}),
        _cell(
            "x",
            attachments={
                "a.txt": {"text/plain": base64.b64encode(b"so mean([7, 8, 90])").decode()}
            },
        ),
        _cell("x", attachments={"mean([7, 8, 90])": {"image/png": ""}}),
        {**_cell("x"), "source": ["mean([7, ", "8, 90])"]},
        {**_cell("x"), "outputs": [{"data": {"text/plain": ["mean([7, 8, 90])"]}}]},
    ],
)
def test_every_corner_of_a_cell_is_searched(cell: dict[str, Any]) -> None:
    assert [found[0] for found in _found(cell)] == ["the secret test 'secret'"]


def test_escapes_of_json_hide_nothing() -> None:
    cell = json.loads(json.dumps(_cell("What do you divide the sum of all the marks by? ক")))
    assert _found(cell)[0][0] == "a hint"


def test_the_notebook_s_metadata_is_searched() -> None:
    notebook = {"cells": [], "metadata": {"title": "mean([7, 8, 90])"}}
    assert [leak.cell for leak in find_leaks((CONTENT,), EXPECTED, notebook)] == [0]


def test_a_starter_that_is_a_wrong_answer_is_no_leak() -> None:
    content = ExerciseContent(
        slug="mean",
        kind=ExerciseKind.DEBUGGING,
        topic="lists",
        difficulty=3,
        texts={},
        tests=(),
        answer_cells=(AnswerCell("answer", WRONG, REFERENCE),),
        wrong_answers=(WrongAnswer("as given", {"answer": WRONG}),),
    )
    assert find_leaks((content,), {}, {"cells": [_cell(WRONG)], "metadata": {}}) == ()


def test_a_solution_of_one_line_is_given_away_by_it() -> None:
    content = ExerciseContent(
        slug="double",
        kind=ExerciseKind.CODING,
        topic="values",
        difficulty=1,
        texts={},
        tests=(),
        answer_cells=(AnswerCell("answer", "def f(x):\n    pass", "def f(x):\n    return 2 * x"),),
    )
    for source, leaks in [("Write `return 2 * x`.", 1), ("return 2 * xs", 0), ("def f(x):", 0)]:
        notebook = {"cells": [_cell(source, "double")], "metadata": {}}
        assert len(find_leaks((content,), {}, notebook)) == leaks


def test_explanations_and_feedback_of_quizzes() -> None:
    question = Question(
        "q",
        QuestionType.SINGLE,
        {"en": "Which?"},
        (Choice("a", {"en": "A"}, {"en": "No, that is the other way round."}),),
        ("a",),
        explanation={"en": "The first index is nought, as ever."},
    )
    content = ExerciseContent("quiz", ExerciseKind.QUIZ, "lists", 1, {}, (TestCase("q", question),))
    cells = [
        _cell("The first index is nought, as ever.", "quiz"),
        _cell("No, that is the other way round.", "quiz"),
        _cell("Which?", "quiz"),
    ]
    found = find_leaks((content,), {}, {"cells": cells, "metadata": {}})
    assert [(leak.what, leak.cell) for leak in found] == [
        ("the explanation of an answer", 1),
        ("the feedback of a choice", 2),
    ]
