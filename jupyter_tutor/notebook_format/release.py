"""The learner's copy of a lesson: public parts only, the same bytes for the same content."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jupyter_tutor.domain.exercises import ExerciseContent, LessonContent
from jupyter_tutor.domain.sources import CellRole, LearnerCell, LessonSource
from jupyter_tutor.notebook_format.documents import Notebook
from jupyter_tutor.notebook_format.source_cells import KEY

VERSION = 1

_LOCKED = (CellRole.PROMPT, CellRole.SETUP, CellRole.TESTS, CellRole.CARD)


def release(
    lesson: LessonSource, course_slug: str, contents: Mapping[str, ExerciseContent]
) -> LessonContent:
    """Make what is published of a lesson.

    Args:
        lesson: The lesson, read.
        course_slug: Its course.
        contents: Each exercise by slug, with its expected values evaluated.

    Raises:
        KeyError: An exercise of the lesson is missing in `contents`.
    """
    exercises = tuple(contents[exercise.content.slug] for exercise in lesson.exercises)
    return LessonContent(
        slug=lesson.slug,
        title=lesson.title,
        exercises=exercises,
        learner_notebook=_notebook(lesson, course_slug, contents),
        files=lesson.files,
    )


def digest(source: str) -> str:
    """Return what a released cell's metadata says of its source, to tell changed from untouched."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def _notebook(
    lesson: LessonSource, course_slug: str, contents: Mapping[str, ExerciseContent]
) -> Notebook:
    last = {cell.exercise: index for index, cell in enumerate(lesson.cells) if cell.exercise}
    cells: list[dict[str, Any]] = []
    for index, cell in enumerate(lesson.cells):
        cells.append(_cell(lesson.slug, cell))
        if cell.exercise and last[cell.exercise] == index:
            revision = contents[cell.exercise].content_hash
            cells.append(_card(lesson.slug, course_slug, cell.exercise, revision))
    about = {
        "version": VERSION,
        "course": course_slug,
        "lesson": lesson.slug,
        "title": dict(lesson.title),
        "files": [file.path for file in lesson.files],
    }
    whole = json.dumps([about, cells], sort_keys=True).encode()
    about["release"] = hashlib.sha256(whole).hexdigest()
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": dict(lesson.kernel),
            "language_info": {"name": lesson.kernel.get("language", "python")},
            KEY: about,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _cell(lesson_slug: str, cell: LearnerCell) -> dict[str, Any]:
    about: dict[str, Any] = {
        "version": VERSION,
        "role": cell.role.value,
        "id": cell.id,
        "digest": digest(cell.source),
    }
    if cell.exercise:
        about["exercise"] = cell.exercise
    if cell.language:
        about["language"] = cell.language
    metadata: dict[str, Any] = {KEY: about}
    if cell.tags:
        metadata["tags"] = list(cell.tags)
    if cell.role in _LOCKED:
        metadata["editable"] = False
    if cell.role is not CellRole.TEXT:
        metadata["deletable"] = False
    made: dict[str, Any] = {
        "cell_type": cell.type,
        "id": _cell_id(lesson_slug, cell.exercise, cell.role, cell.id),
        "metadata": metadata,
        "source": cell.source,
    }
    if cell.type == "code":
        made |= {"execution_count": None, "outputs": []}
    if cell.attachments:
        made["attachments"] = {name: dict(bundle) for name, bundle in cell.attachments.items()}
    return made


def _card(lesson_slug: str, course_slug: str, exercise: str, revision: str) -> dict[str, Any]:
    source = f'import jupyter_tutor\njupyter_tutor.exercise("{exercise}")'
    card = _cell(lesson_slug, LearnerCell("code", source, CellRole.CARD, exercise, "card"))
    card["metadata"][KEY] |= {"course": course_slug, "revision": revision}
    return card


def _cell_id(lesson_slug: str, exercise: str | None, role: CellRole, name: str) -> str:
    """Return an nbformat cell id that each release gives the same cell again."""
    seed = "\0".join([lesson_slug, exercise or "", role.value, name])
    return hashlib.sha256(seed.encode()).hexdigest()[:24]
