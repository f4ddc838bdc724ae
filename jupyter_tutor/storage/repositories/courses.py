"""Courses, revisions and lessons in PostgreSQL: reading them. `publishing` writes them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from jupyter_tutor.domain.courses import Course, Topic
from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.exercises import DataFile, ExerciseContent, LessonContent, Revision
from jupyter_tutor.services.near import no_such_exercise
from jupyter_tutor.services.read_models import Lesson, ShippedCourse
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.contents import Contents
from jupyter_tutor.storage.repositories import publishing
from jupyter_tutor.storage.repositories.lookups import course_id, no_such_course
from jupyter_tutor.storage.tables import (
    CourseRow,
    DataFileRow,
    ExerciseRow,
    LessonFileRow,
    LessonRevisionRow,
    LessonRow,
    RevisionFileRow,
    RevisionRow,
    ShippedCourseRow,
    TopicPrerequisiteRow,
    TopicRow,
)

RevisionFacts = tuple[UUID, UUID, int, datetime, SecretResults, str, str, str, str]
"""Key, exercise, number and time of a revision, what its course tells of secret tests; slugs of
course, lesson, exercise and topic."""


class PostgresCourses:
    """Implements `ports.Courses`."""

    def __init__(self, session: Session, contents: Contents) -> None:
        self._session = session
        self._contents = contents

    def get(self, slug: str) -> Course:
        """Return a course. Raises NotFound, naming the courses that exist."""
        course = self._find(slug)
        if course is None:
            raise no_such_course(self._session, slug)
        return course

    def _find(self, slug: str) -> Course | None:
        row = self._session.scalar(select(CourseRow).where(CourseRow.slug == slug))
        if row is None:
            return None
        return Course(
            slug=row.slug,
            title=row.title,
            languages=tuple(row.languages),
            topics=self._topics(row.id),
            lessons=tuple(row.lessons),
            limits=mapping.to_limits(row.limits),
            secret_results=row.secret_results,
        )

    def _topics(self, course: UUID) -> tuple[Topic, ...]:
        topics = self._session.scalars(
            select(TopicRow)
            .where(TopicRow.course_id == course, ~TopicRow.retired)
            .order_by(TopicRow.position)
        ).all()
        slugs = {topic.id: topic.slug for topic in topics}
        requires: dict[UUID, list[str]] = {topic.id: [] for topic in topics}
        edges = self._session.execute(
            select(TopicPrerequisiteRow.topic_id, TopicPrerequisiteRow.requires_id)
            .where(TopicPrerequisiteRow.topic_id.in_(slugs))
            .order_by(TopicPrerequisiteRow.position)
        )
        for topic_id, requires_id in edges:
            requires[topic_id].append(slugs[requires_id])
        return tuple(
            Topic(topic.slug, topic.title, topic.description, tuple(requires[topic.id]))
            for topic in topics
        )

    def save(self, course: Course) -> bool:
        """Create or update a course and its topics; True when anything changed.

        Topics that are no longer listed are retired, and so are lessons (with their exercises)
        when the course lists its lessons at all.

        Raises:
            InvalidInput: The topics repeat, or require each other in a circle.
        """
        publishing.hold_course(self._session, course.slug)
        return publishing.save_course(self._session, self._find(course.slug), course)

    def publish_lesson(
        self, course_slug: str, content: LessonContent, position: int
    ) -> Sequence[Revision]:
        """Store a lesson and its exercises; returns the revisions that are new.

        Content that is stored already (by hash, compared with the latest) changes nothing.
        An exercise that left the lesson is retired: it keeps its revisions and submissions.

        Raises:
            NotFound: There is no such course.
            InvalidInput: An exercise repeats, or names a topic or a data file that is not there.
        """
        return publishing.publish_lesson(self._session, course_slug, content, position)

    def latest_revision(self, course_slug: str, exercise_slug: str) -> Revision:
        """Return the newest revision of an exercise, also of a retired one. Raises NotFound."""
        found = self._revisions(
            _revisions()
            .where(CourseRow.slug == course_slug, ExerciseRow.slug == exercise_slug)
            .order_by(RevisionRow.number.desc())
            .limit(1)
        )
        if not found:
            raise no_such_exercise(exercise_slug, course_slug, self._exercises(course_slug))
        return found[0]

    def _exercises(self, course_slug: str) -> Sequence[str]:
        """Return the slugs of a course's exercises, in the order of the lessons."""
        return self._session.scalars(
            select(ExerciseRow.slug)
            .join(LessonRow, LessonRow.id == ExerciseRow.lesson_id)
            .where(
                ExerciseRow.course_id == course_id(self._session, course_slug),
                ~ExerciseRow.retired,
            )
            .order_by(LessonRow.position, LessonRow.slug, ExerciseRow.position)
        ).all()

    def revision(self, revision_id: UUID) -> Revision:
        """Return a revision by its key. Raises NotFound."""
        return self.revisions((revision_id,))[revision_id]

    def revisions(self, revision_ids: Collection[UUID]) -> Mapping[UUID, Revision]:
        """Return revisions by their keys. Raises NotFound when one is missing."""
        if not revision_ids:
            return {}
        found = self._revisions(_revisions().where(RevisionRow.id.in_(revision_ids)))
        if len(found) < len(set(revision_ids)):
            raise NotFound("There is no such revision of an exercise.")
        return {revision.id: revision for revision in found}

    def latest_revisions(self, course_slug: str) -> Sequence[Revision]:
        """Return the newest revision of every exercise, in the order of the lessons.

        Raises:
            NotFound: There is no such course.
        """
        course = course_id(self._session, course_slug)
        newest = (
            select(func.max(RevisionRow.number))
            .where(RevisionRow.exercise_id == ExerciseRow.id)
            .correlate(ExerciseRow)
            .scalar_subquery()
        )
        return self._revisions(
            _revisions()
            .where(
                ExerciseRow.course_id == course,
                ~ExerciseRow.retired,
                RevisionRow.number == newest,
            )
            .order_by(LessonRow.position, LessonRow.slug, ExerciseRow.position)
        )

    def _revisions(self, statement: Select[*RevisionFacts]) -> list[Revision]:
        rows = self._session.execute(statement).all()
        contents = self._contents_of({row.id: (row.exercise, row.topic) for row in rows})
        return [
            Revision(
                id=row.id,
                exercise_id=row.exercise_id,
                course_slug=row.course,
                lesson_slug=row.lesson,
                number=row.number,
                content=contents[row.id],
                created_at=row.created_at,
                secret_results=row.secret_results,
            )
            for row in rows
        ]

    def _contents_of(self, slugs: Mapping[UUID, tuple[str, str]]) -> Mapping[UUID, ExerciseContent]:
        """Return contents by the keys of their revisions, given their exercise and topic."""
        found = self._contents.find(slugs)
        missing = [key for key in slugs if key not in found]
        if missing:
            rows = self._session.scalars(
                select(RevisionRow)
                .where(RevisionRow.id.in_(missing))
                .options(
                    selectinload(RevisionRow.texts),
                    selectinload(RevisionRow.tests),
                    selectinload(RevisionRow.files),
                )
            )
            loaded = {
                row.id: mapping.to_content(row, slug=slugs[row.id][0], topic=slugs[row.id][1])
                for row in rows
            }
            self._contents.keep(loaded)
            found.update(loaded)
        return found

    def lesson(self, course_slug: str, lesson_slug: str) -> Lesson:
        """Return the newest learner's copy of a lesson with its files. Raises NotFound."""
        found = self._session.execute(
            select(LessonRow, LessonRevisionRow)
            .join(CourseRow, CourseRow.id == LessonRow.course_id)
            .join(LessonRevisionRow, LessonRevisionRow.lesson_id == LessonRow.id)
            .where(CourseRow.slug == course_slug, LessonRow.slug == lesson_slug)
            .order_by(LessonRevisionRow.number.desc())
            .limit(1)
        ).first()
        if found is None:
            course_id(self._session, course_slug)
            raise NotFound(f"There is no lesson {lesson_slug!r} in the course {course_slug!r}.")
        lesson, revision = found
        files = self._session.execute(
            select(LessonFileRow.path, DataFileRow.content)
            .join(DataFileRow, DataFileRow.sha256 == LessonFileRow.sha256)
            .where(LessonFileRow.lesson_revision_id == revision.id)
            .order_by(LessonFileRow.position)
        )
        return Lesson(
            slug=lesson.slug,
            title=lesson.title,
            content_hash=revision.content_hash,
            notebook=revision.notebook,
            files=tuple(DataFile(path, content) for path, content in files),
        )

    def files(self, revision_id: UUID) -> tuple[DataFile, ...]:
        """Return the data files a revision needs, as published with it. Raises NotFound."""
        rows = self._session.execute(
            select(RevisionRow.id, RevisionFileRow.path, DataFileRow.content)
            .outerjoin(RevisionFileRow, RevisionFileRow.revision_id == RevisionRow.id)
            .outerjoin(DataFileRow, DataFileRow.sha256 == RevisionFileRow.sha256)
            .where(RevisionRow.id == revision_id)
            .order_by(RevisionFileRow.position)
        ).all()
        if not rows:
            raise NotFound("There is no such revision of an exercise.")
        return tuple(DataFile(path, content) for _, path, content in rows if path is not None)

    def shipped(self, course_slug: str) -> ShippedCourse | None:
        """Return what was last published of a course from the package. Raises NotFound."""
        key = course_id(self._session, course_slug)
        row = self._session.get(ShippedCourseRow, key, populate_existing=True)
        return None if row is None else ShippedCourse(row.release, row.sources, row.content)

    def save_shipped(self, course_slug: str, shipped: ShippedCourse) -> None:
        """Note what was published of a course from the package. Raises NotFound."""
        values = {**asdict(shipped), "installed_at": func.now()}
        self._session.execute(
            insert(ShippedCourseRow)
            .values(course_id=course_id(self._session, course_slug), **values)
            .on_conflict_do_update(index_elements=["course_id"], set_=values)
        )


def _revisions() -> Select[*RevisionFacts]:
    return (
        select(
            RevisionRow.id,
            RevisionRow.exercise_id,
            RevisionRow.number,
            RevisionRow.created_at,
            CourseRow.secret_results,
            CourseRow.slug.label("course"),
            LessonRow.slug.label("lesson"),
            ExerciseRow.slug.label("exercise"),
            TopicRow.slug.label("topic"),
        )
        .join(ExerciseRow, ExerciseRow.id == RevisionRow.exercise_id)
        .join(CourseRow, CourseRow.id == ExerciseRow.course_id)
        .join(LessonRow, LessonRow.id == ExerciseRow.lesson_id)
        .join(TopicRow, TopicRow.id == RevisionRow.topic_id)
    )
