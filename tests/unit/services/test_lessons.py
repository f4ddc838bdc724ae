"""Handing lessons out, and bringing newer ones in."""

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from jupyter_tutor.domain.errors import IdempotencyKeyReused, InvalidNotebook, NotFound
from jupyter_tutor.services.read_models import Lesson
from tests import small_course
from tests.small_course import COURSE, LESSON, RIGHT
from tests.unit.services.desk import BOB, Desk


def _claim(desk: Desk, key: str = "the-first-key", *asked: object) -> Lesson:
    return desk.lessons.claim(desk.ada, COURSE, LESSON, key, asked)


def _answered(notebook: Mapping[str, object]) -> dict[str, Any]:
    mine: dict[str, Any] = copy.deepcopy(dict(notebook))
    for cell in mine["cells"]:
        if cell["metadata"]["jupyter_tutor"].get("role") == "answer":
            cell["source"] = RIGHT
            return mine
    raise AssertionError("there is no answer cell")


def test_who_has_no_copy_gets_the_newest(desk: Desk) -> None:
    lesson = _claim(desk)
    opening = desk.lessons.opening(lesson, None, merge=False)

    assert [file.path for file in lesson.files] == ["table.csv"]
    assert (opening.state, opening.notebook) == ("created", lesson.notebook)


def test_a_copy_of_the_newest_is_left_alone(desk: Desk) -> None:
    lesson = _claim(desk)
    for merge in (False, True):
        opening = desk.lessons.opening(lesson, _answered(lesson.notebook), merge=merge)
        assert (opening.state, opening.notebook) == ("current", None)


def test_an_older_copy_is_left_alone_until_an_update_is_asked_for(desk: Desk) -> None:
    mine = _answered(_claim(desk).notebook)
    before = copy.deepcopy(mine)
    small_course.publish(desk.database, heading="Twice, said better")
    lesson = _claim(desk, "the-second-key")

    kept = desk.lessons.opening(lesson, mine, merge=False)
    assert (kept.state, kept.notebook) == ("outdated", None)
    assert "answers are kept" in kept.message
    merged = desk.lessons.opening(lesson, mine, merge=True)
    assert merged.state == "merged"
    assert mine == before
    assert RIGHT in str(merged.notebook).replace("\\n", "\n")
    assert "Twice, said better" in str(merged.notebook)
    assert merged.notebook is not None
    assert desk.lessons.opening(lesson, merged.notebook, merge=True).state == "current"


def test_what_is_no_notebook_is_not_merged(desk: Desk) -> None:
    lesson = _claim(desk)
    broken = {"metadata": {"jupyter_tutor": {"course": COURSE, "lesson": LESSON}}, "cells": 3}

    assert desk.lessons.opening(lesson, broken, merge=False).state == "outdated"
    with pytest.raises(InvalidNotebook):
        desk.lessons.opening(lesson, broken, merge=True)


def test_a_key_opens_one_lesson_in_one_way(desk: Desk) -> None:
    assert _claim(desk, "the-same-key", "keep") == _claim(desk, "the-same-key", "keep")
    with pytest.raises(IdempotencyKeyReused):
        _claim(desk, "the-same-key", "merge")
    desk.lessons.claim(desk.person(BOB), COURSE, LESSON, "the-same-key", ("merge",))


def test_what_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.lessons.claim(desk.ada, "nowhere", LESSON, "the-first-key", ())
    with pytest.raises(NotFound, match="no lesson 'nothing'"):
        desk.lessons.claim(desk.ada, COURSE, "nothing", "the-first-key", ())
    closed = Desk(open_enrollment=False)
    with pytest.raises(NotFound):
        _claim(closed)
