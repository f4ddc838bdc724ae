"""Progress: a course as one learner sees it, and what its exercises' cards show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.errors import SubmissionClosed
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.domain.memory import LearnerMemory, Mastery, start
from jupyter_tutor.domain.people import Enrollment
from jupyter_tutor.domain.practice import (
    Candidate,
    Recommendation,
    mastery_of,
    next_exercise,
)
from jupyter_tutor.domain.submissions import Attempt, Submission, check_open, used
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.read_models import CourseCard, ExerciseStanding, LessonOutline


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """A course as one learner sees it.

    Attributes:
        course: The course.
        enrollment: Their role in it.
        lessons: The outline, in order.
        standings: Per exercise slug; exercises never touched are not in it.
        memory: What the tutor knows of them here.
        mastery: Per topic, in the order of the path.
        next: What to do next, or None when everything is passed.
    """

    course: Course
    enrollment: Enrollment
    lessons: Sequence[LessonOutline]
    standings: Mapping[str, ExerciseStanding]
    memory: LearnerMemory
    mastery: tuple[Mastery, ...]
    next: Recommendation | None


@dataclass(frozen=True, slots=True)
class ExerciseProgress:
    """An exercise as one learner sees it.

    Attributes:
        revision: The newest revision.
        attempts: How many times the learner ran the tests.
        last_attempt: The newest of these runs.
        submissions: The learner's submissions, oldest first.
        hints: Hints they were given, oldest first.
        closed: Why nothing can be submitted now, or None.
        now: Database time of this reading.
        answered: By key, the revisions that the newest run and submission are of.
    """

    revision: Revision
    attempts: int
    last_attempt: Attempt | None
    submissions: Sequence[Submission]
    hints: Sequence[Hint]
    closed: SubmissionClosed | None
    now: datetime
    answered: Mapping[UUID, Revision]


class ProgressService:
    """Reads; writes nothing but an enrolment where that is open to all."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access) -> None:
        self._open = open_uow
        self._access = access

    def courses(self, person_id: UUID) -> Sequence[CourseCard]:
        """Return the courses a person can learn in, with their role and progress."""
        with self._open() as uow:
            cards = uow.reads.courses(person_id)
        return [card for card in cards if card.role is not None or self._access.open_enrollment]

    def course(self, person_id: UUID, course_slug: str, language: str) -> CourseProgress:
        """Return a course as this learner sees it.

        Args:
            person_id: The learner.
            course_slug: The course.
            language: Language code of reasons and explanations.

        Raises:
            NotFound: There is no such course for them.
        """
        with self._open() as uow:
            enrollment = self._access.require(uow, person_id, course_slug)
            course = uow.courses.get(course_slug)
            lessons = uow.reads.lessons(course_slug)
            standings = {
                standing.exercise: standing
                for standing in uow.reads.standings(person_id, course_slug)
            }
            memory = uow.memories.load(person_id, course_slug) or start()
            now = uow.now()
        candidates = tuple(
            Candidate(
                slug=exercise.slug,
                topic=exercise.topic,
                difficulty=exercise.difficulty,
                position=position,
                due_at=exercise.due_at,
                twin=exercise.twin,
            )
            for position, exercise in enumerate(
                exercise for lesson in lessons for exercise in lesson.exercises
            )
        )
        return CourseProgress(
            course=course,
            enrollment=enrollment,
            lessons=lessons,
            standings=standings,
            memory=memory,
            mastery=mastery_of(course, memory, now, language, candidates),
            next=next_exercise(course, candidates, memory, now, language),
        )

    def exercise(self, person_id: UUID, course_slug: str, exercise_slug: str) -> ExerciseProgress:
        """Return an exercise as this learner sees it.

        Raises:
            NotFound: There is no such course or exercise for them.
        """
        with self._open() as uow:
            self._access.require(uow, person_id, course_slug)
            revision = uow.courses.latest_revision(course_slug, exercise_slug)
            submissions = uow.submissions.submissions(person_id, revision.exercise_id)
            attempts = uow.submissions.attempts(person_id, revision.exercise_id, newest=1)
            now = uow.now()
            return ExerciseProgress(
                revision=revision,
                attempts=uow.submissions.count_attempts(person_id, revision.exercise_id),
                last_attempt=attempts[-1] if attempts else None,
                submissions=submissions,
                hints=uow.hints.given(person_id, revision.exercise_id),
                closed=_closed(revision, used(submissions), now),
                now=now,
                answered=uow.courses.revisions(
                    {
                        *(attempt.revision_id for attempt in attempts),
                        *(submission.revision_id for submission in submissions[-1:]),
                    }
                ),
            )


def _closed(revision: Revision, submitted: int, now: datetime) -> SubmissionClosed | None:
    try:
        check_open(revision.content, submitted, now)
    except SubmissionClosed as closed:
        return closed
    return None
