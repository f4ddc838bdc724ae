"""The read models in memory."""

from collections.abc import Sequence
from uuid import UUID

from jupyter_tutor.domain.exercises import HintLevel, Revision
from jupyter_tutor.domain.submissions import used
from jupyter_tutor.services.read_models import (
    CourseCard,
    ExerciseOutline,
    ExerciseStanding,
    LessonOutline,
)
from jupyter_tutor.testing.tables import StoredExercise, Tables


class InMemoryReadModels:
    """Implements `ports.ReadModels`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def courses(self, person_id: UUID) -> Sequence[CourseCard]:
        """Return the courses with this person's role and progress."""
        return [
            CourseCard(
                slug=course.slug,
                title=course.title,
                languages=course.languages,
                role=self._tables.enrollments.get((person_id, course.slug)),
                exercises=len(self._active(course.slug)),
                passed=sum(each.passed for each in self.standings(person_id, course.slug)),
            )
            for _, course in sorted(self._tables.courses.items())
        ]

    def lessons(self, course_slug: str) -> Sequence[LessonOutline]:
        """Return the lessons of a course in order, with their exercises in order."""
        lessons = [
            (lesson.position, slug, lesson)
            for (course, slug), lesson in self._tables.lessons.items()
            if course == course_slug and not lesson.retired
        ]
        return [
            LessonOutline(
                slug=slug,
                title=lesson.content.title,
                content_hash=lesson.content.content_hash,
                exercises=tuple(
                    _outline(self._newest(exercise))
                    for _, exercise in self._active(course_slug)
                    if exercise.lesson == slug
                ),
            )
            for _, slug, lesson in sorted(lessons, key=lambda item: item[:2])
        ]

    def standings(self, person_id: UUID, course_slug: str) -> Sequence[ExerciseStanding]:
        """Return how this learner stands per exercise of a course that they touched."""
        standings = (
            self._standing(person_id, slug, exercise)
            for slug, exercise in self._active(course_slug)
        )
        return [each for each in standings if each.last_at is not None or each.hints]

    def _active(self, course_slug: str) -> list[tuple[str, StoredExercise]]:
        """Return the exercises that are not retired, in the order of the lessons."""
        found = [
            (slug, exercise)
            for (course, slug), exercise in self._tables.exercises.items()
            if course == course_slug and not exercise.retired
        ]

        def place(item: tuple[str, StoredExercise]) -> tuple[int, str, int]:
            lesson = item[1].lesson
            position = self._tables.lessons[course_slug, lesson].position
            return position, lesson, item[1].position

        return sorted(found, key=place)

    def _newest(self, exercise: StoredExercise) -> Revision:
        return max(
            (each for each in self._tables.revisions.values() if each.exercise_id == exercise.id),
            key=lambda revision: revision.number,
        )

    def _standing(self, person_id: UUID, slug: str, exercise: StoredExercise) -> ExerciseStanding:
        attempts = [
            each
            for each in self._tables.attempts.values()
            if each.learner_id == person_id and self._is_of(each.revision_id, exercise)
        ]
        submissions = [
            each
            for each in self._tables.submissions.values()
            if each.learner_id == person_id and self._is_of(each.revision_id, exercise)
        ]
        hints = [
            each
            for each in self._tables.hints.values()
            if each.learner_id == person_id
            and self._is_of(each.revision_id, exercise)
            and each.level > HintLevel.RESULT
        ]
        scores = [each.score for each in submissions if each.score is not None]
        last = max(submissions, key=lambda submission: submission.number, default=None)
        times = [each.created_at for each in attempts] + [each.submitted_at for each in submissions]
        return ExerciseStanding(
            exercise=slug,
            attempts=len(attempts),
            submissions=used(submissions),
            best_score=max(scores, default=None),
            last_status=last.status if last else None,
            last_submission_id=last.id if last else None,
            hints=len(hints),
            passed=any(score >= 1 for score in scores),
            last_at=max(times, default=None),
            best_points=max(
                (
                    earned
                    for each in submissions
                    if (earned := each.earned_in_all(self._newest(exercise).content.points))
                    is not None
                ),
                default=None,
            ),
            reviewed=any(each.released for each in submissions),
        )

    def _is_of(self, revision_id: UUID, exercise: StoredExercise) -> bool:
        return self._tables.revisions[revision_id].exercise_id == exercise.id


def _outline(revision: Revision) -> ExerciseOutline:
    content = revision.content
    return ExerciseOutline(
        slug=content.slug,
        title={language: text.title for language, text in content.texts.items()},
        kind=content.kind,
        topic=content.topic,
        difficulty=content.difficulty,
        points=content.points,
        due_at=content.due_at,
        twin=content.twin,
        rubric_points=content.rubric.points if content.rubric else 0.0,
    )
