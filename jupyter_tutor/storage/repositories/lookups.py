"""Keys of what people name by slugs."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.storage.tables import CourseRow, ExerciseRow, RevisionRow, TopicRow


def course_id(session: Session, slug: str) -> UUID:
    """Return the key of a course.

    Raises:
        NotFound: Names the courses that exist.
    """
    found = session.scalar(select(CourseRow.id).where(CourseRow.slug == slug))
    if found is None:
        raise no_such_course(session, slug)
    return found


def no_such_course(session: Session, slug: str) -> NotFound:
    """Return the error for a course that does not exist; it names those that do."""
    slugs = session.scalars(select(CourseRow.slug).order_by(CourseRow.slug)).all()
    there = f"The courses are: {', '.join(slugs)}." if slugs else "No course is published yet."
    return NotFound(f"There is no course {slug!r}. {there}", details={"courses": list(slugs)})


def topic_ids(session: Session, course: UUID, *, retired: bool = True) -> Mapping[str, UUID]:
    """Return the keys of a course's topics by slug.

    Args:
        session: The transaction.
        course: Key of the course.
        retired: Whether topics that left the course count.
    """
    statement = select(TopicRow).where(TopicRow.course_id == course).order_by(TopicRow.position)
    if not retired:
        statement = statement.where(~TopicRow.retired)
    return {topic.slug: topic.id for topic in session.scalars(statement)}


def exercise_ids(session: Session, course: UUID) -> Mapping[str, UUID]:
    """Return the keys of a course's exercises by slug, retired ones included."""
    exercises = session.scalars(select(ExerciseRow).where(ExerciseRow.course_id == course))
    return {exercise.slug: exercise.id for exercise in exercises}


def exercise_of(session: Session, revision_id: UUID) -> UUID:
    """Return the key of the exercise a revision belongs to.

    Raises:
        NotFound: There is no such revision.
    """
    found = session.scalar(select(RevisionRow.exercise_id).where(RevisionRow.id == revision_id))
    if found is None:
        raise NotFound("There is no such revision of an exercise.")
    return found


def exercise_key(session: Session, course: UUID, slug: str) -> UUID:
    """Return the key of an exercise of a course, retired ones included.

    Raises:
        NotFound: The course has no such exercise.
    """
    found = session.scalar(
        select(ExerciseRow.id).where(ExerciseRow.course_id == course, ExerciseRow.slug == slug)
    )
    if found is None:
        raise NotFound(f"The course has no exercise {slug!r}.")
    return found
