"""The format behind the port `CourseReader`: courses in, learners' copies out."""

from collections.abc import Mapping
from pathlib import Path

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.exercises import ExerciseContent, LessonContent
from jupyter_tutor.domain.sources import CourseSource, LessonFile, LessonSource, LessonSurvey
from jupyter_tutor.notebook_format.course import read_course
from jupyter_tutor.notebook_format.documents import notebook_text
from jupyter_tutor.notebook_format.reader import read_lesson, survey_lesson
from jupyter_tutor.notebook_format.release import release


class CourseFolder:
    """Implements `services.ports.CourseReader` for course folders with source notebooks."""

    def read_course(self, path: Path) -> CourseSource:
        """Read course.toml; see the port."""
        return read_course(path)

    def read_lesson(self, file: LessonFile, course: Course) -> LessonSource:
        """Read a source notebook; see the port."""
        return read_lesson(file.path, course, file.name)

    def survey_lesson(self, file: LessonFile, course: Course) -> LessonSurvey:
        """Read a source notebook as far as it can be read; see the port."""
        return survey_lesson(file.path, course, file.name)

    def release(
        self, lesson: LessonSource, course_slug: str, contents: Mapping[str, ExerciseContent]
    ) -> LessonContent:
        """Make what is published of a lesson; see the port."""
        return release(lesson, course_slug, contents)

    def notebook_text(self, notebook: Mapping[str, object]) -> str:
        """Return the text of a notebook's file; see the port."""
        return notebook_text(notebook)
