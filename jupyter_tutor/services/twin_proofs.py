"""Whether the twins that authors name are there: a slug that is misspelt would suggest nothing."""

from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import ExerciseContent
from jupyter_tutor.domain.proofs import Proof, ProofKind, Standing
from jupyter_tutor.domain.sources import LessonFile, LessonSource

_REMEDY = "Name the slug of another exercise of this course, or leave `twin` out."


def twin_proofs(lessons: Sequence[tuple[LessonFile, LessonSource]]) -> list[Proof]:
    """Return what is wrong with the twins of a course's exercises.

    Args:
        lessons: All lessons of the course: in a part of them no twin is known to be missing.
    """
    known = {each.content.slug for _, lesson in lessons for each in lesson.exercises}
    return [
        Proof(
            ProofKind.FORMAT,
            Standing.BROKEN,
            file.name,
            exercise.content.slug,
            f"cell {exercise.cell}: {detail}",
            _REMEDY,
        )
        for file, lesson in lessons
        for exercise in lesson.exercises
        if (detail := _problem(exercise.content, known))
    ]


def refuse_unknown_twins(contents: Iterable[ExerciseContent], known: Collection[str]) -> None:
    """Refuse to publish a part of a course with a twin that is neither in it nor stored.

    Raises:
        InvalidInput: Names the exercise and the twin.
    """
    for content in contents:
        detail = _problem(content, known)
        if detail:
            raise InvalidInput(f"The exercise '{content.slug}': {detail}. {_REMEDY}")


def _problem(content: ExerciseContent, known: Collection[str]) -> str:
    twin = content.twin
    if twin is None:
        return ""
    if twin == content.slug:
        return "it is named as its own twin"
    if twin in known:
        return ""
    near = get_close_matches(twin, sorted(known), n=1)
    meant = f"; did you mean '{near[0]}'?" if near else ""
    return f"its twin '{twin}' is no exercise of this course{meant}"
