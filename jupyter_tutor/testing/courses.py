"""Courses, lessons and exercises in memory."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from jupyter_tutor.domain.courses import Course, check_prerequisites
from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.exercises import DataFile, ExerciseContent, LessonContent, Revision
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.near import no_such_exercise
from jupyter_tutor.services.read_models import Lesson, ShippedCourse
from jupyter_tutor.testing.lookups import require_course, require_revision
from jupyter_tutor.testing.tables import StoredExercise, StoredLesson, Tables


class InMemoryCourses:
    """Implements `ports.Courses`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def get(self, slug: str) -> Course:
        """Return a course. Raises NotFound, naming the courses that exist."""
        require_course(self._tables, slug)
        return self._tables.courses[slug]

    def save(self, course: Course) -> bool:
        """Create or update a course and its topics; True when anything changed."""
        check_prerequisites(course.topics)
        # A prerequisite that is named twice is one edge of the graph.
        course = replace(
            course,
            topics=tuple(
                replace(topic, requires=tuple(dict.fromkeys(topic.requires)))
                for topic in course.topics
            ),
        )
        stored = self._tables.courses.get(course.slug)
        if stored is not None and _text(stored) == _text(course):
            return False
        self._tables.courses[course.slug] = course
        active = {topic.slug for topic in course.topics}
        for scope in [scope for scope in self._tables.topics if scope[0] == course.slug]:
            self._tables.topics[scope] = scope[1] in active
        self._tables.topics.update({(course.slug, slug): True for slug in active})
        if course.lessons:
            self._retire_lessons(course)
        return True

    def _retire_lessons(self, course: Course) -> None:
        for scope, lesson in list(self._tables.lessons.items()):
            if scope[0] == course.slug and scope[1] not in course.lessons:
                self._tables.lessons[scope] = replace(lesson, retired=True)
                self._retire_exercises(course.slug, scope[1], kept=())

    def _retire_exercises(self, course: str, lesson: str, kept: Sequence[str]) -> None:
        for scope, exercise in list(self._tables.exercises.items()):
            if scope[0] == course and exercise.lesson == lesson and scope[1] not in kept:
                self._tables.exercises[scope] = replace(exercise, retired=True)

    def latest_revision(self, course_slug: str, exercise_slug: str) -> Revision:
        """Return the newest revision of an exercise. Raises NotFound."""
        require_course(self._tables, course_slug)
        exercise = self._tables.exercises.get((course_slug, exercise_slug))
        newest = None if exercise is None else self._newest(exercise.id)
        if newest is None:
            known = [each.content.slug for each in self.latest_revisions(course_slug)]
            raise no_such_exercise(exercise_slug, course_slug, known)
        return self._current(newest)

    def _newest(self, exercise_id: UUID) -> Revision | None:
        found = [
            each for each in self._tables.revisions.values() if each.exercise_id == exercise_id
        ]
        return max(found, key=lambda revision: revision.number, default=None)

    def shipped(self, course_slug: str) -> ShippedCourse | None:
        """Return what was last published of a course from the package. Raises NotFound."""
        require_course(self._tables, course_slug)
        return self._tables.shipped.get(course_slug)

    def save_shipped(self, course_slug: str, shipped: ShippedCourse) -> None:
        """Note what was published of a course from the package. Raises NotFound."""
        require_course(self._tables, course_slug)
        self._tables.shipped[course_slug] = shipped

    def _current(self, revision: Revision) -> Revision:
        """Return a revision with what its course and exercise are now."""
        exercise = self._tables.exercises[revision.course_slug, revision.content.slug]
        told = self._tables.courses[revision.course_slug].secret_results
        return replace(revision, lesson_slug=exercise.lesson, secret_results=told)

    def revision(self, revision_id: UUID) -> Revision:
        """Return a revision by its key. Raises NotFound."""
        require_revision(self._tables, revision_id)
        return self._current(self._tables.revisions[revision_id])

    def revisions(self, revision_ids: Collection[UUID]) -> Mapping[UUID, Revision]:
        """Return revisions by their keys. Raises NotFound when one is missing."""
        return {each: self.revision(each) for each in revision_ids}

    def latest_revisions(self, course_slug: str) -> Sequence[Revision]:
        """Return the newest revision of every exercise, in the order of the lessons."""
        require_course(self._tables, course_slug)
        active = [
            (self._tables.lessons[course_slug, each.lesson].position, each.lesson, each)
            for (course, _), each in self._tables.exercises.items()
            if course == course_slug and not each.retired
        ]
        active.sort(key=lambda item: (item[0], item[1], item[2].position))
        newest = (self._newest(exercise.id) for _, _, exercise in active)
        return [self._current(revision) for revision in newest if revision is not None]

    def publish_lesson(
        self, course_slug: str, content: LessonContent, position: int
    ) -> Sequence[Revision]:
        """Store a lesson and its exercises; returns the revisions that are new."""
        require_course(self._tables, course_slug)
        self._check(course_slug, content)
        scope = (course_slug, content.slug)
        stored = self._tables.lessons.get(scope)
        if stored is not None and stored.content.content_hash == content.content_hash:
            kept = replace(stored.content, title=content.title)
        else:
            kept = content
        self._tables.lessons[scope] = StoredLesson(kept, position)
        slugs = [exercise.slug for exercise in content.exercises]
        self._retire_exercises(course_slug, content.slug, kept=slugs)
        published = [
            self._publish(course_slug, content, index) for index in range(len(content.exercises))
        ]
        return [revision for revision in published if revision is not None]

    def _publish(self, course: str, lesson: LessonContent, index: int) -> Revision | None:
        content = lesson.exercises[index]
        stored = self._tables.exercises.get((course, content.slug))
        exercise = StoredExercise(stored.id if stored else uuid7(), lesson.slug, index)
        self._tables.exercises[course, content.slug] = exercise
        newest = self._newest(exercise.id)
        if newest is not None and newest.content.content_hash == content.content_hash:
            return None
        revision = Revision(
            id=uuid7(),
            exercise_id=exercise.id,
            course_slug=course,
            lesson_slug=lesson.slug,
            number=newest.number + 1 if newest else 1,
            content=content,
            created_at=self._now,
            secret_results=self._tables.courses[course].secret_results,
        )
        brought = {file.path: file for file in lesson.files}
        self._tables.revisions[revision.id] = revision
        self._tables.files[revision.id] = tuple(brought[path] for path in content.files)
        return revision

    def _check(self, course: str, content: LessonContent) -> None:
        slugs = [exercise.slug for exercise in content.exercises]
        repeated = sorted({slug for slug in slugs if slugs.count(slug) > 1})
        if repeated:
            raise InvalidInput(f"The lesson {content.slug!r} has two exercises {repeated[0]!r}.")
        digests = {file.path: sha256(file.content).hexdigest() for file in content.files}
        if len(digests) < len(content.files):
            raise InvalidInput(f"The lesson {content.slug!r} brings a data file twice.")
        for exercise in content.exercises:
            self._check_exercise(course, exercise, digests)

    def _check_exercise(
        self, course: str, exercise: ExerciseContent, digests: dict[str, str]
    ) -> None:
        if not self._tables.topics.get((course, exercise.topic), False):
            raise InvalidInput(
                f"The exercise {exercise.slug!r} trains {exercise.topic!r}, no topic of the course."
            )
        for path, digest in exercise.files.items():
            if digests.get(path) != digest:
                raise InvalidInput(f"The lesson does not bring the data file {path!r}.")
        names = [test.name for test in exercise.tests]
        if len(set(names)) < len(names):
            raise InvalidInput(f"Two tests of {exercise.slug!r} have the same name.")

    def lesson(self, course_slug: str, lesson_slug: str) -> Lesson:
        """Return the newest learner's copy of a lesson with its files. Raises NotFound."""
        require_course(self._tables, course_slug)
        stored = self._tables.lessons.get((course_slug, lesson_slug))
        if stored is None:
            raise NotFound(f"There is no lesson {lesson_slug!r} in the course {course_slug!r}.")
        content = stored.content
        return Lesson(
            slug=lesson_slug,
            title=content.title,
            content_hash=content.content_hash,
            notebook=content.learner_notebook,
            files=content.files,
        )

    def files(self, revision_id: UUID) -> tuple[DataFile, ...]:
        """Return the data files a revision needs, as published with it. Raises NotFound."""
        require_revision(self._tables, revision_id)
        return self._tables.files[revision_id]


def _text(course: Course) -> str:
    """Return a course as text that differs when anything does, the order of languages included."""
    return json.dumps(asdict(course))
