"""The read models: lists and dashboards, one statement each, built once.

A submission counts by the last evaluation of its tests. Retired lessons and exercises do not count.
"""

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, Uuid, and_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.rubrics import Rubric
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.read_models import (
    CourseCard,
    ExerciseOutline,
    ExerciseStanding,
    LessonOutline,
)
from jupyter_tutor.storage.codec import decode
from jupyter_tutor.storage.columns import Document, Text
from jupyter_tutor.storage.tables import (
    AttemptRow,
    CourseRow,
    EnrollmentRow,
    EvaluationRow,
    ExerciseRow,
    HintRequestRow,
    LessonRevisionRow,
    LessonRow,
    ReviewRow,
    RevisionRow,
    RevisionTextRow,
    SubmissionRow,
    TopicRow,
)

_PERSON = bindparam("person", type_=Uuid())
_COURSE = bindparam("course", type_=Text())


class PostgresReadModels:
    """Implements `ports.ReadModels`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def courses(self, person_id: UUID) -> Sequence[CourseCard]:
        """Return the courses with this person's role and progress, by slug."""
        rows = self._session.execute(_courses(), {"person": person_id})
        return [
            CourseCard(slug, title, tuple(languages), role, total, done)
            for slug, title, languages, role, total, done in rows
        ]

    def lessons(self, course_slug: str) -> Sequence[LessonOutline]:
        """Return the lessons of a course in order, with their exercises in order."""
        rows = self._session.execute(_lessons(), {"course": course_slug})
        return [
            _lesson_outline(list(of_lesson))
            for _, of_lesson in groupby(rows, key=lambda row: row.lesson)
        ]

    def standings(self, person_id: UUID, course_slug: str) -> Sequence[ExerciseStanding]:
        """Return how this learner stands per exercise of a course, in the order of the lessons.

        Exercises the learner never touched are not in it.
        """
        given = {"person": person_id, "course": course_slug}
        return [ExerciseStanding(*row) for row in self._session.execute(_standings(), given)]


@cache
def _courses() -> Select[*tuple[Any, ...]]:
    graded = _graded()
    exercises = (
        select(func.count())
        .select_from(ExerciseRow)
        .where(ExerciseRow.course_id == CourseRow.id, ~ExerciseRow.retired)
        .scalar_subquery()
    )
    passed = (
        select(func.count(ExerciseRow.id.distinct()))
        .join(graded, graded.c.exercise_id == ExerciseRow.id)
        .where(ExerciseRow.course_id == CourseRow.id, ~ExerciseRow.retired, graded.c.score >= 1)
        .correlate(CourseRow)
        .scalar_subquery()
    )
    return (
        select(
            CourseRow.slug,
            CourseRow.title,
            CourseRow.languages,
            EnrollmentRow.role,
            exercises,
            passed,
        )
        .outerjoin(
            EnrollmentRow,
            and_(EnrollmentRow.course_id == CourseRow.id, EnrollmentRow.person_id == _PERSON),
        )
        .order_by(CourseRow.slug)
    )


@cache
def _lessons() -> Select[*tuple[Any, ...]]:
    """One row per exercise and language, or one for a lesson without an exercise."""
    lesson_hash = (
        select(LessonRevisionRow.content_hash)
        .where(LessonRevisionRow.lesson_id == LessonRow.id)
        .order_by(LessonRevisionRow.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    newest = (
        select(func.max(RevisionRow.number))
        .where(RevisionRow.exercise_id == ExerciseRow.id)
        .correlate(ExerciseRow)
        .scalar_subquery()
    )
    return (
        select(
            LessonRow.slug.label("lesson"),
            LessonRow.title.label("lesson_title"),
            lesson_hash.label("content_hash"),
            ExerciseRow.slug.label("exercise"),
            RevisionRow.kind,
            TopicRow.slug.label("topic"),
            RevisionRow.difficulty,
            RevisionRow.points,
            RevisionRow.due_at,
            RevisionTextRow.language,
            RevisionTextRow.title,
            func.json_extract_path_text(RevisionRow.content, "twin").label("twin"),
            func.json_extract_path(RevisionRow.content, "rubric", type_=Document).label("rubric"),
        )
        .join(CourseRow, CourseRow.id == LessonRow.course_id)
        .outerjoin(ExerciseRow, and_(ExerciseRow.lesson_id == LessonRow.id, ~ExerciseRow.retired))
        .outerjoin(
            RevisionRow,
            and_(RevisionRow.exercise_id == ExerciseRow.id, RevisionRow.number == newest),
        )
        .outerjoin(TopicRow, TopicRow.id == RevisionRow.topic_id)
        .outerjoin(RevisionTextRow, RevisionTextRow.revision_id == RevisionRow.id)
        .where(CourseRow.slug == _COURSE, ~LessonRow.retired)
        .order_by(
            LessonRow.position, LessonRow.slug, ExerciseRow.position, RevisionTextRow.position
        )
    )


@cache
def _standings() -> Select[*tuple[Any, ...]]:
    attempts, submissions, last, hints = _attempts(), _submissions(), _last_submissions(), _hints()
    graded = _graded()
    points = (
        select(RevisionRow.points)
        .where(RevisionRow.exercise_id == graded.c.exercise_id)
        .order_by(RevisionRow.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    tested = func.greatest(graded.c.score * points - graded.c.points_lost, 0.0)
    earned = tested + func.coalesce(graded.c.rubric_points, 0.0)
    best = (
        select(
            graded.c.exercise_id,
            func.max(graded.c.score).label("score"),
            func.max(earned).label("points"),
            func.bool_or(graded.c.rubric_points.is_not(None)).label("reviewed"),
        )
        .group_by(graded.c.exercise_id)
        .subquery("best")
    )
    statement = (
        select(
            ExerciseRow.slug,
            func.coalesce(attempts.c.n, 0),
            func.coalesce(submissions.c.n, 0),
            best.c.score,
            last.c.status,
            last.c.id,
            func.coalesce(hints.c.n, 0),
            func.coalesce(best.c.score >= 1, False),
            func.greatest(attempts.c.at, submissions.c.at),
            best.c.points,
            func.coalesce(best.c.reviewed, False),
        )
        .join(CourseRow, CourseRow.id == ExerciseRow.course_id)
        .join(LessonRow, LessonRow.id == ExerciseRow.lesson_id)
    )
    for part in (attempts, submissions, last, best, hints):
        statement = statement.outerjoin(part, part.c.exercise_id == ExerciseRow.id)
    touched = or_(*(part.c.exercise_id.is_not(None) for part in (attempts, submissions, hints)))
    return statement.where(CourseRow.slug == _COURSE, ~ExerciseRow.retired, touched).order_by(
        LessonRow.position, LessonRow.slug, ExerciseRow.position
    )


def _lesson_outline(rows: Sequence[Row[*tuple[Any, ...]]]) -> LessonOutline:
    """Return a lesson from its rows: one per exercise and language, or one without an exercise."""
    by_exercise = groupby((row for row in rows if row.exercise), key=lambda row: row.exercise)
    return LessonOutline(
        slug=rows[0].lesson,
        title=rows[0].lesson_title,
        content_hash=rows[0].content_hash,
        exercises=tuple(_exercise_outline(list(of_exercise)) for _, of_exercise in by_exercise),
    )


def _exercise_outline(rows: Sequence[Row[*tuple[Any, ...]]]) -> ExerciseOutline:
    first = rows[0]
    return ExerciseOutline(
        slug=first.exercise,
        title={row.language: row.title for row in rows if row.language is not None},
        kind=first.kind,
        topic=first.topic,
        difficulty=first.difficulty,
        points=first.points,
        due_at=first.due_at,
        twin=first.twin,
        rubric_points=decode(Rubric, first.rubric).points if first.rubric else 0.0,
    )


def _graded() -> Subquery:
    """Exercise, score, price and points by a rubric of each graded submission of a learner.

    It counts by its last evaluation that is not by a rubric, or where nothing was tested by what
    was released.
    """
    return (
        select(
            SubmissionRow.id,
            SubmissionRow.exercise_id,
            EvaluationRow.score,
            SubmissionRow.points_lost,
            ReviewRow.points.label("rubric_points"),
        )
        .ext(distinct_on(SubmissionRow.id))
        .join(EvaluationRow, EvaluationRow.submission_id == SubmissionRow.id)
        .outerjoin(ReviewRow, ReviewRow.submission_id == SubmissionRow.id)
        .where(SubmissionRow.learner_id == _PERSON, EvaluationRow.evaluator != Evaluator.MODEL)
        .order_by(
            SubmissionRow.id,
            EvaluationRow.criteria.is_not(None),
            EvaluationRow.created_at.desc(),
            EvaluationRow.id.desc(),
        )
        .subquery("graded")
    )


def _attempts() -> Subquery:
    return (
        select(
            AttemptRow.exercise_id,
            func.count().label("n"),
            func.max(AttemptRow.created_at).label("at"),
        )
        .where(AttemptRow.learner_id == _PERSON)
        .group_by(AttemptRow.exercise_id)
        .subquery("attempted")
    )


def _submissions() -> Subquery:
    """Submissions that count: one whose grading failed, which is our fault, does not."""
    return (
        select(
            SubmissionRow.exercise_id,
            func.count().filter(SubmissionRow.status != GradingStatus.FAILED).label("n"),
            func.max(SubmissionRow.submitted_at).label("at"),
        )
        .where(SubmissionRow.learner_id == _PERSON)
        .group_by(SubmissionRow.exercise_id)
        .subquery("submitted")
    )


def _last_submissions() -> Subquery:
    return (
        select(SubmissionRow.exercise_id, SubmissionRow.id, SubmissionRow.status)
        .ext(distinct_on(SubmissionRow.exercise_id))
        .where(SubmissionRow.learner_id == _PERSON)
        .order_by(SubmissionRow.exercise_id, SubmissionRow.number.desc())
        .subquery("last")
    )


def _hints() -> Subquery:
    """Hints above the result rung."""
    return (
        select(HintRequestRow.exercise_id, func.count().label("n"))
        .where(HintRequestRow.learner_id == _PERSON, HintRequestRow.level > HintLevel.RESULT)
        .group_by(HintRequestRow.exercise_id)
        .subquery("hinted")
    )
