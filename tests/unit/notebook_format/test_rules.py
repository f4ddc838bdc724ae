"""Rules about the source, positions and marks of tests, as the source notebook says them."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.domain.constructs import Construct, ConstructKind, Demand, SourceRule
from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.domain.exercises import AssertCell, HintLevel, Visibility
from jupyter_tutor.domain.sources import LessonSource
from tests.unit.notebook_format.lessons import cell, prompt, read

RULES: list[dict[str, Any]] = [
    {
        "name": "sorts by itself",
        "forbid": {"calls": ["sorted", ".sort"], "imports": True},
        "message": {"bn": "নিজে সাজান।", "en": "Sort by yourself."},
        "within": "f",
        "answer": "first",
        "points": 0,
    },
    {"name": "loops", "require_any": {"loops": ["while"], "recursion": True}},
    {"name": "a class", "require": {"classes": ["Box"]}, "visibility": "secret", "points": 2},
]


def lesson(folder: Path, *rules: dict[str, Any], **facts: object) -> LessonSource:
    """Read an exercise with two answer cells and tests around them."""
    case = '[[case]]\nname = "{0}"\ncall = "x"\nexpected = "1"\n'
    return read(
        folder,
        [
            prompt(facts={**({"rules": list(rules)} if rules else {}), **facts}),
            cell("raw", case.format("before all"), {"role": "cases"}),
            cell("code", "x = 1", {"role": "answer", "id": "first"}),
            cell("raw", case.format("between"), {"role": "cases"}),
            cell(
                "code",
                "assert x == 1\n### BEGIN HIDDEN TESTS\nassert x > 0\n### END HIDDEN TESTS",
                {"role": "tests", "name": "asserted between", "shared_process": True},
            ),
            cell("code", "x = 2", {"role": "answer", "id": "second"}),
            cell("code", "assert x == 2", {"role": "tests", "name": "after all"}),
        ],
    )


def test_rules_are_tests_of_the_exercise(tmp_path: Path) -> None:
    content = lesson(tmp_path, *RULES).exercises[0].content
    first, second, third = content.tests[-3:]
    assert first.spec == SourceRule(
        Demand.NONE,
        (
            Construct(ConstructKind.CALL, "sorted"),
            Construct(ConstructKind.CALL, ".sort"),
            Construct(ConstructKind.IMPORT),
        ),
        {"en": "Sort by yourself.", "bn": "নিজে সাজান।"},
        cell="first",
        within="f",
    )
    assert list(first.spec.message) == ["en", "bn"]
    assert (first.name, first.points, first.visibility) == (
        "sorts by itself",
        0.0,
        Visibility.PUBLIC,
    )
    assert second.spec == SourceRule(
        Demand.ANY,
        (Construct(ConstructKind.LOOP, "while"), Construct(ConstructKind.RECURSION)),
    )
    assert (third.points, third.visibility) == (2.0, Visibility.SECRET)
    assert [test.position for test in (first, second, third)] == [None] * 3


def test_tests_between_answer_cells_have_their_position(tmp_path: Path) -> None:
    content = lesson(tmp_path).exercises[0].content
    assert {test.name: test.position for test in content.tests} == {
        "before all": None,
        "between": 1,
        "asserted between": 1,
        "asserted between (hidden)": 1,
        "after all": None,
    }


def test_a_test_that_needs_the_answers_process_is_marked_with_its_hidden_part(
    tmp_path: Path,
) -> None:
    content = lesson(tmp_path).exercises[0].content
    asserted = {test.name: test.spec for test in content.tests}
    assert asserted["asserted between"] == AssertCell("assert x == 1", shared_process=True)
    assert asserted["asserted between (hidden)"] == AssertCell("assert x > 0", shared_process=True)
    assert asserted["after all"] == AssertCell("assert x == 2")


def test_an_exercise_can_be_random(tmp_path: Path) -> None:
    assert lesson(tmp_path, random=True).exercises[0].content.random
    assert not lesson(tmp_path).exercises[0].content.random


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ({"name": "r"}, "needs exactly one of `require`, `require_any` and `forbid`"),
        (
            {"name": "r", "forbid": {"calls": True}, "require": {"loops": True}},
            "needs exactly one of",
        ),
        ({"name": "r", "forbid": {"call": True}}, "did you mean 'calls'?"),
        ({"name": "r", "forbid": {"loops": ["until"]}}, 'a list of "for" and "while"'),
        ({"name": "r", "forbid": {"calls": ["sorted()"]}}, 'a method as ".sort"'),
        ({"name": "r", "forbid": {"statements": ["while"]}}, "there is if, try"),
        ({"name": "r", "forbid": {}}, "what to look for"),
        ({"forbid": {"calls": True}}, "the test's name"),
        ({"name": "r", "forbid": {"calls": True}, "message": {"fr": "Non."}}, "language 'fr'"),
        ({"name": "r", "forbid": {"calls": True}, "answer": "frist"}, "did you mean 'first'?"),
        ({"name": "after all", "forbid": {"calls": True}}, "names are unique"),
    ],
)
def test_a_rule_that_is_wrong_is_refused_with_what_would_be_right(
    tmp_path: Path, rule: dict[str, Any], wanted: str
) -> None:
    with pytest.raises(InvalidNotebook) as caught:
        lesson(tmp_path, rule)
    assert wanted in caught.value.message
    assert "cell 1" in caught.value.message


def test_rules_alone_are_no_tests(tmp_path: Path) -> None:
    cells = [prompt(facts={"rules": RULES[1:2]}), cell("code", "x = 1", {"role": "answer"})]
    with pytest.raises(InvalidNotebook, match="needs tests"):
        read(tmp_path, cells)


def test_an_exercise_can_have_a_twin_and_prices(tmp_path: Path) -> None:
    costs = {"pointer": 0.5, "bottom_out": 2}
    content = lesson(tmp_path, twin="other", hint_costs=costs).exercises[0].content
    assert content.twin == "other"
    assert content.hint_costs == {HintLevel.POINTER: 0.5, HintLevel.BOTTOM_OUT: 2}
    plain = lesson(tmp_path).exercises[0].content
    assert (plain.twin, plain.hint_costs) == (None, {})


@pytest.mark.parametrize(
    "wrong", [{"twin": "Not A Slug"}, {"hint_costs": {"result": 1}}, {"hint_costs": {"steps": -1}}]
)
def test_prices_and_twins_that_make_no_sense_are_refused(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    with pytest.raises(InvalidNotebook):
        lesson(tmp_path, **wrong)
