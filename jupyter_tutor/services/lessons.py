"""Lessons: handing the learner's copy out, and bringing a newer one in without losing work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.ports import NotebookMerger, UnitOfWorkFactory
from jupyter_tutor.services.read_models import Lesson

LessonState = Literal["created", "current", "outdated", "merged"]


@dataclass(frozen=True, slots=True)
class Opening:
    """What to do to the learner's files when they open a lesson.

    Attributes:
        state: What became of the copy.
        notebook: What to write, or None to leave the file alone.
        message: What to tell the learner; empty when there is nothing to tell.
    """

    state: LessonState
    notebook: Mapping[str, object] | None
    message: str


class LessonService:
    """Hands out learners' copies."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access, merger: NotebookMerger) -> None:
        self._open = open_uow
        self._access = access
        self._merger = merger

    def claim(
        self,
        person_id: UUID,
        course_slug: str,
        lesson_slug: str,
        key: str,
        asked: tuple[object, ...],
    ) -> Lesson:
        """Return the newest learner's copy of a lesson, to be opened with an idempotency key.

        Args:
            person_id: Who opens it.
            course_slug: The course.
            lesson_slug: The lesson.
            key: Idempotency key. Opening twice with it is harmless, so that nothing is settled.
            asked: What else the request says: a repeat has to say the same.

        Raises:
            NotFound: There is no such course or lesson for this person.
            IdempotencyKeyReused: The key was used for another request.
        """
        with self._open() as uow:
            self._access.require(uow, person_id, course_slug)
            lesson = uow.courses.lesson(course_slug, lesson_slug)
            uow.idempotency.claim(
                person_id, key, "open_lesson", digest(course_slug, lesson_slug, *asked)
            )
            return lesson

    def opening(
        self, lesson: Lesson, existing: Mapping[str, object] | None, *, merge: bool
    ) -> Opening:
        """Decide what to do with the file a learner has (or None when they have none).

        Args:
            lesson: The newest copy.
            existing: The learner's file as nbformat JSON.
            merge: Whether the learner asked for the newer one.

        Raises:
            InvalidNotebook: The learner's file cannot be read as a notebook.
        """
        if existing is None:
            return Opening("created", lesson.notebook, "")
        if self._merger.is_current(existing, lesson.notebook):
            return Opening("current", None, "")
        if not merge:
            return Opening(
                "outdated",
                None,
                "A newer version of this lesson has been published. "
                "Update to get it; your answers are kept.",
            )
        merged = self._merger.merge(existing, lesson.notebook)
        return Opening("merged", merged, "The lesson was updated. Your answers were kept.")
