"""The ports of authoring: what reads source notebooks, and what remembers their proofs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.exercises import ExerciseContent, LessonContent
from jupyter_tutor.domain.proofs import Proof
from jupyter_tutor.domain.sources import CourseSource, LessonFile, LessonSource, LessonSurvey


class ProofMemory(Protocol):
    """Remembers what was proven, by content; called from several threads."""

    def recall(self, content_hash: str) -> Sequence[Proof] | None:
        """Return what was proven of a content, without its lesson, or None."""

    def remember(self, content_hash: str, proofs: Sequence[Proof]) -> None:
        """Keep what was proven of a content."""


class CourseReader(Protocol):
    """Reads source notebooks and makes learners' copies; runs no code."""

    def read_course(self, path: Path) -> CourseSource:
        """Read a course's facts from its folder, its course.toml or one of its notebooks.

        Raises:
            InvalidNotebook: There is no course here, or course.toml is wrong.
        """

    def read_lesson(self, file: LessonFile, course: Course) -> LessonSource:
        """Read a source notebook of the course.

        Raises:
            InvalidNotebook: It breaks the format; `details["problems"]` lists each problem.
        """

    def survey_lesson(self, file: LessonFile, course: Course) -> LessonSurvey:
        """Read a source notebook as far as it can be read, and list every problem of it."""

    def release(
        self, lesson: LessonSource, course_slug: str, contents: Mapping[str, ExerciseContent]
    ) -> LessonContent:
        """Make the learner's copy and all that is published of a lesson.

        `contents` holds each exercise by slug, with its expected values evaluated.
        """

    def notebook_text(self, notebook: Mapping[str, object]) -> str:
        """Return the text of a notebook's file, as Jupyter would save it."""
