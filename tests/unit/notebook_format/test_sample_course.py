"""The sample course keeps the format, and its copies give nothing away."""

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.domain.leaks import find_leaks
from jupyter_tutor.domain.sources import LessonFile
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.notebook_format.course import read_course
from jupyter_tutor.services.hint_proofs import hint_warnings
from jupyter_tutor.services.twin_proofs import twin_proofs

FOLDER = Path(__file__).parents[3] / "notebooks"
COURSE = read_course(FOLDER)


SECTIONS = ("BEGIN SOLUTION", "BEGIN STARTER", "HIDDEN TESTS", "[[case]]", "[[question]]")


@pytest.mark.parametrize("file", COURSE.lessons, ids=lambda file: file.slug)
def test_a_lesson_of_the_sample_course(file: LessonFile) -> None:
    folder = CourseFolder()
    lesson = folder.read_lesson(file, COURSE.course)
    contents = {one.content.slug: one.content for one in lesson.exercises}
    notebook: Any = folder.release(lesson, COURSE.course.slug, contents).learner_notebook
    expected = {one.content.slug: one.expected for one in lesson.exercises}
    assert find_leaks(tuple(contents.values()), expected, notebook) == ()
    text = "\n".join(one["source"] for one in notebook["cells"])
    for section in SECTIONS:
        assert section not in json.dumps(notebook)
    for content in contents.values():
        for cell in content.answer_cells:
            assert cell.starter in text
            assert cell.reference not in text


def test_every_hint_of_the_course_reads_easily() -> None:
    """One question, grade 9, 120 words; only the steps are a list of them."""
    folder = CourseFolder()
    lessons = [(file, folder.read_lesson(file, COURSE.course)) for file in COURSE.lessons]
    assert [f"{each.exercise}: {each.detail}" for each in hint_warnings(lessons)] == []
    assert twin_proofs(lessons) == []


def test_exercises_have_slugs_of_their_own() -> None:
    folder = CourseFolder()
    slugs = [
        one.content.slug
        for file in COURSE.lessons
        for one in folder.read_lesson(file, COURSE.course).exercises
    ]
    assert len(slugs) == len(set(slugs))
    assert len(slugs) >= 40
