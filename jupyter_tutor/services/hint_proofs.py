"""Whether the hints that authors write read easily: a warning where one does not."""

from collections.abc import Sequence
from typing import Final

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.proofs import Proof, ProofKind, Standing
from jupyter_tutor.domain.readability import hint_problems
from jupyter_tutor.domain.sources import LessonFile, LessonSource

_REMEDY: Final = "Say it shorter and simpler: learners read one step and one question at a time."
_EXAMPLE: Final = "a block of code"
"""What an idea may be shown by, on other data."""


def hint_warnings(lessons: Sequence[tuple[LessonFile, LessonSource]]) -> list[Proof]:
    """Return what is to be said of the hints of a course.

    Args:
        lessons: The lessons that were read.
    """
    return [
        Proof(
            ProofKind.FORMAT,
            Standing.WARNING,
            file.name,
            exercise.content.slug,
            f"the hint {level.name.lower()} ({language}) has {problem}",
            _REMEDY,
        )
        for file, lesson in lessons
        for exercise in lesson.exercises
        for language, text in exercise.content.texts.items()
        for level, hint in text.hints.items()
        for problem in hint_problems(hint, level, language)
        if (level, problem) != (HintLevel.CONCEPT, _EXAMPLE)
    ]
