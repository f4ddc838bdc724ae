"""Publishing: writing courses, lessons and exercises.

Whoever writes to a course holds a lock on it until the transaction ends, so that two authors who
publish at the same moment come one after the other.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.courses import Course, Topic, check_prerequisites
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import ExerciseContent, LessonContent, Revision
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.advisory import hold
from jupyter_tutor.storage.codec import encode
from jupyter_tutor.storage.repositories.lookups import course_id, topic_ids
from jupyter_tutor.storage.tables import (
    CourseRow,
    DataFileRow,
    ExerciseRow,
    LessonFileRow,
    LessonRevisionRow,
    LessonRow,
    RevisionRow,
    TopicPrerequisiteRow,
    TopicRow,
)


def save_course(session: Session, stored: Course | None, course: Course) -> bool:
    """Write a course and its topics unless it is stored already; True when anything changed.

    Args:
        session: The transaction, which holds the course (see `hold_course`).
        stored: The course as it is, or None.
        course: The course as it shall be.

    Raises:
        InvalidInput: The topics repeat, or require each other in a circle.
    """
    check_prerequisites(course.topics)
    course = replace(course, topics=tuple(_tidy(topic) for topic in course.topics))
    if stored is not None and _text(stored) == _text(course):
        return False
    values = {
        "title": dict(course.title),
        "languages": list(course.languages),
        "lessons": list(course.lessons),
        "limits": mapping.limits_document(course.limits),
        "secret_results": course.secret_results,
        "updated_at": func.now(),
    }
    course_key = session.scalars(
        insert(CourseRow)
        .values(id=uuid7(), slug=course.slug, **values)
        .on_conflict_do_update(index_elements=[CourseRow.slug], set_=values)
        .returning(CourseRow.id)
    ).one()
    _save_topics(session, course_key, course.topics)
    if course.lessons:
        _retire_lessons(session, course_key, course.lessons)
    return True


def _tidy(topic: Topic) -> Topic:
    """Return a topic that names each prerequisite once: it is one edge of the graph."""
    return replace(topic, requires=tuple(dict.fromkeys(topic.requires)))


def hold_course(session: Session, slug: str) -> None:
    """Hold other writers of a course until this transaction ends."""
    hold(session, "course", slug)


def _text(course: Course) -> str:
    """Return a course as text that differs when anything does, the order of languages included."""
    return json.dumps(encode(course))


def _save_topics(session: Session, course: UUID, topics: Sequence[Topic]) -> None:
    session.execute(update(TopicRow).where(TopicRow.course_id == course).values(retired=True))
    for position, topic in enumerate(topics):
        values = {
            "position": position,
            "title": dict(topic.title),
            "description": dict(topic.description),
            "retired": False,
        }
        session.execute(
            insert(TopicRow)
            .values(id=uuid7(), course_id=course, slug=topic.slug, **values)
            .on_conflict_do_update(index_elements=["course_id", "slug"], set_=values)
        )
    keys = topic_ids(session, course)
    session.execute(
        delete(TopicPrerequisiteRow).where(TopicPrerequisiteRow.topic_id.in_(keys.values()))
    )
    edges = [
        {"topic_id": keys[topic.slug], "requires_id": keys[required], "position": position}
        for topic in topics
        for position, required in enumerate(topic.requires)
    ]
    if edges:
        session.execute(insert(TopicPrerequisiteRow), edges)


def _retire_lessons(session: Session, course: UUID, kept: Sequence[str]) -> None:
    """Retire the lessons a course no longer lists, with their exercises."""
    gone = select(LessonRow.id).where(LessonRow.course_id == course, LessonRow.slug.not_in(kept))
    session.execute(update(ExerciseRow).where(ExerciseRow.lesson_id.in_(gone)).values(retired=True))
    session.execute(
        update(LessonRow)
        .where(LessonRow.course_id == course, LessonRow.slug.not_in(kept))
        .values(retired=True)
    )


def publish_lesson(
    session: Session, course_slug: str, content: LessonContent, position: int
) -> Sequence[Revision]:
    """Store a lesson and its exercises; returns the revisions that are new.

    Raises:
        NotFound: There is no such course.
        InvalidInput: An exercise repeats, or names a topic or a data file that is not there.
    """
    hold_course(session, course_slug)
    course = course_id(session, course_slug)
    topics = topic_ids(session, course, retired=False)
    _check(content, topics)
    lesson = _save_lesson(session, course, content, position)
    keys = _place_exercises(session, course, lesson, content.exercises)
    latest = _latest_hashes(session, keys.values())
    published = []
    for exercise in content.exercises:
        key = keys[exercise.slug]
        number, content_hash = latest.get(key, (0, ""))
        if content_hash == exercise.content_hash:
            continue
        row = mapping.revision_row(
            exercise,
            key=uuid7(),
            exercise_id=key,
            topic_id=topics[exercise.topic],
            number=number + 1,
        )
        published.append((row, exercise))
    session.add_all(row for row, _ in published)
    session.flush()
    told = session.scalars(select(CourseRow.secret_results).where(CourseRow.id == course)).one()
    return [
        mapping.to_revision(
            row,
            course=course_slug,
            lesson=content.slug,
            exercise=exercise.slug,
            topic=exercise.topic,
            secret_results=told,
        )
        for row, exercise in published
    ]


def _check(content: LessonContent, topics: Mapping[str, UUID]) -> None:
    """Refuse what the tables cannot hold, in words an author can use."""
    slugs = [exercise.slug for exercise in content.exercises]
    repeated = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if repeated:
        raise InvalidInput(f"The lesson {content.slug!r} has two exercises {repeated[0]!r}.")
    digests = {file.path: mapping.sha256_of(file.content) for file in content.files}
    if len(digests) < len(content.files):
        raise InvalidInput(f"The lesson {content.slug!r} brings a data file twice.")
    for exercise in content.exercises:
        _check_exercise(exercise, topics, digests)


def _check_exercise(
    exercise: ExerciseContent, topics: Mapping[str, UUID], digests: Mapping[str, str]
) -> None:
    if exercise.topic not in topics:
        raise InvalidInput(
            f"The exercise {exercise.slug!r} trains the topic {exercise.topic!r}, which is no "
            f"topic of the course; the topics are {', '.join(topics)}."
        )
    for path, digest in exercise.files.items():
        if digests.get(path) != digest:
            raise InvalidInput(
                f"The exercise {exercise.slug!r} needs the data file {path!r}, which its lesson "
                "does not bring in that form."
            )
    names = [test.name for test in exercise.tests]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise InvalidInput(
            f"Two tests of the exercise {exercise.slug!r} are named {repeated[0]!r}."
        )
    try:
        exercise.content_hash  # noqa: B018 - computing it is the check
    except UnicodeEncodeError:
        raise InvalidInput(
            f"The exercise {exercise.slug!r} contains half a character (a lone surrogate)."
        ) from None


def _save_lesson(session: Session, course: UUID, content: LessonContent, position: int) -> UUID:
    values = {"position": position, "title": dict(content.title), "retired": False}
    lesson = session.scalars(
        insert(LessonRow)
        .values(id=uuid7(), course_id=course, slug=content.slug, **values)
        .on_conflict_do_update(index_elements=["course_id", "slug"], set_=values)
        .returning(LessonRow.id)
    ).one()
    number, content_hash = session.execute(
        select(LessonRevisionRow.number, LessonRevisionRow.content_hash)
        .where(LessonRevisionRow.lesson_id == lesson)
        .order_by(LessonRevisionRow.number.desc())
        .limit(1)
    ).first() or (0, "")
    if content_hash != content.content_hash:
        _add_lesson_revision(session, lesson, content, number + 1)
    return lesson


def _add_lesson_revision(
    session: Session, lesson: UUID, content: LessonContent, number: int
) -> None:
    digests = [mapping.sha256_of(file.content) for file in content.files]
    if content.files:
        session.execute(
            insert(DataFileRow).on_conflict_do_nothing(),
            [
                {"sha256": digest, "content": file.content}
                for digest, file in zip(digests, content.files, strict=True)
            ],
        )
    revision = LessonRevisionRow(
        id=uuid7(),
        lesson_id=lesson,
        number=number,
        content_hash=content.content_hash,
        notebook=dict(content.learner_notebook),
    )
    session.add(revision)
    session.flush()
    session.add_all(
        LessonFileRow(
            lesson_revision_id=revision.id, path=file.path, position=position, sha256=digest
        )
        for position, (file, digest) in enumerate(zip(content.files, digests, strict=True))
    )


def _place_exercises(
    session: Session, course: UUID, lesson: UUID, exercises: Sequence[ExerciseContent]
) -> dict[str, UUID]:
    """Put the exercises of a lesson in order, retire those that left it; returns keys by slug."""
    session.execute(
        update(ExerciseRow)
        .where(
            ExerciseRow.lesson_id == lesson,
            ExerciseRow.slug.not_in([exercise.slug for exercise in exercises]),
        )
        .values(retired=True)
    )
    keys = {}
    for position, exercise in enumerate(exercises):
        values = {"lesson_id": lesson, "position": position, "retired": False}
        keys[exercise.slug] = session.scalars(
            insert(ExerciseRow)
            .values(id=uuid7(), course_id=course, slug=exercise.slug, **values)
            .on_conflict_do_update(index_elements=["course_id", "slug"], set_=values)
            .returning(ExerciseRow.id)
        ).one()
    return keys


def _latest_hashes(session: Session, exercises: Iterable[UUID]) -> dict[UUID, tuple[int, str]]:
    """Return number and content hash of the newest revision per exercise."""
    rows = session.execute(
        select(RevisionRow.exercise_id, RevisionRow.number, RevisionRow.content_hash)
        .ext(distinct_on(RevisionRow.exercise_id))
        .where(RevisionRow.exercise_id.in_(list(exercises)))
        .order_by(RevisionRow.exercise_id, RevisionRow.number.desc())
    )
    return {exercise: (number, content_hash) for exercise, number, content_hash in rows}
