"""Checks and submissions: taking an answer in, and reading back what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, LimitReached, NotFound, RevisionChanged
from jupyter_tutor.domain.evaluations import judge_responses
from jupyter_tutor.domain.exercises import ExerciseContent, Revision, Visibility
from jupyter_tutor.domain.pacing import (
    CHECK_PRIORITY,
    REGRADE_PRIORITY,
    SUBMISSION_PRIORITY,
    WINDOW,
    check_pace,
    priority,
    require_pause,
    submission_pace,
)
from jupyter_tutor.domain.submissions import Answer, Attempt, Submission, check_open
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.read_models import Place

GRADE_ATTEMPT = "grade_attempt"
GRADE_SUBMISSION = "grade_submission"
GRADE_WITHHELD = "grade_withheld"
MAX_WAITING = 5
SECRET_TRIES = 10
"""Submissions within an hour to an exercise with secret tests before the next one has to wait."""


@dataclass(frozen=True, slots=True)
class Request:
    """A write by a learner to an exercise.

    Attributes:
        learner_id: From the authenticated identity.
        course: Slug.
        exercise: Slug.
        key: Idempotency key.
    """

    learner_id: UUID
    course: str
    exercise: str
    key: str


class SubmissionService:
    """Takes answers in. Grading happens later, in a worker."""

    def __init__(
        self, open_uow: UnitOfWorkFactory, access: Access, *, secret_tries: int = SECRET_TRIES
    ) -> None:
        """Create one.

        Args:
            open_uow: Opens transactions.
            access: Who may do what.
            secret_tries: Submissions within an hour to an exercise with secret tests that need not
                wait, and a third of the checks.
        """
        self._open = open_uow
        self._access = access
        self._secret_tries = secret_tries

    def check(self, request: Request, answer: Answer, revision: str | None) -> Attempt:
        """Run the tests on an answer without handing it in.

        Args:
            request: Who asks, for which exercise, with which key.
            answer: What the learner wrote.
            revision: Content hash of the revision their copy was made from, or None for the newest.

        Returns:
            The queued attempt, or the first one when the key is a repeat.

        Raises:
            NotFound: No such course or exercise for this learner.
            RevisionChanged: The copy is of an older revision.
            InvalidInput: The answer names cells or questions the exercise does not have.
            LimitReached: Too many runs of this learner are waiting already, or there were so many
                of late that secret tests could be guessed by trying.
            IdempotencyKeyReused: The key was used for another request.
        """
        with self._open() as uow:
            current, known = self._begin(uow, request, "check", answer, revision)
            if known is not None:
                return uow.submissions.attempt(known)
            uow.submissions.lock_exercise(request.learner_id, current.exercise_id)
            place = (request.learner_id, current.exercise_id, uow.now() - WINDOW)
            recent = uow.submissions.checked_since(*place)
            pace = check_pace(self._secret_tries)
            require_pause(current.content, recent, pace, uow.now())
            waiting = _check_waiting(uow, request.learner_id)
            attempt = uow.submissions.add_attempt(request.learner_id, current.id, answer)
            uow.jobs.defer(
                GRADE_ATTEMPT, subject_id=attempt.id, priority=priority(CHECK_PRIORITY, waiting)
            )
            uow.idempotency.settle(request.learner_id, request.key, attempt.id)
            return attempt

    def submit(self, request: Request, answer: Answer, revision: str | None) -> Submission:
        """Hand in an answer.

        Args:
            request: Who asks, for which exercise, with which key.
            answer: What the learner wrote.
            revision: Content hash of the revision their copy was made from, or None for the newest.

        Returns:
            The queued submission, or the first one when the key is a repeat.

        Raises:
            NotFound: No such course or exercise for this learner.
            RevisionChanged: The copy is of an older revision.
            InvalidInput: The answer names cells or questions the exercise does not have.
            SubmissionClosed: The due date has passed or every submission is used.
            LimitReached: Too many submissions of this learner are waiting already, or there were
                so many of late that secret tests could be guessed by trying.
            IdempotencyKeyReused: The key was used for another request.
        """
        with self._open() as uow:
            current, known = self._begin(uow, request, "submit", answer, revision)
            if known is not None:
                return uow.submissions.submission(known)
            uow.submissions.lock_exercise(request.learner_id, current.exercise_id)
            used = uow.submissions.count_used(request.learner_id, current.exercise_id)
            check_open(current.content, used, uow.now())
            place = (request.learner_id, current.exercise_id, uow.now() - WINDOW)
            recent = uow.submissions.submitted_since(*place)
            pace = submission_pace(self._secret_tries)
            require_pause(current.content, recent, pace, uow.now())
            waiting = _check_waiting(uow, request.learner_id)
            submission = uow.submissions.add_submission(request.learner_id, current.id, answer)
            uow.jobs.defer(
                GRADE_SUBMISSION,
                subject_id=submission.id,
                priority=priority(SUBMISSION_PRIORITY, waiting),
            )
            if has_withheld(current.content):
                uow.jobs.defer(
                    GRADE_WITHHELD,
                    subject_id=submission.id,
                    priority=priority(REGRADE_PRIORITY, submission.number - 1),
                    at=current.content.due_at,
                )
            uow.idempotency.settle(request.learner_id, request.key, submission.id)
            return submission

    def attempt(self, learner_id: UUID, attempt_id: UUID) -> tuple[Attempt, Revision]:
        """Return a learner's own attempt. Raises NotFound, also for other people's."""
        with self._open() as uow:
            attempt = uow.submissions.attempt(attempt_id)
            if attempt.learner_id != learner_id:
                raise NotFound("There is no such run of the tests.")
            return attempt, uow.courses.revision(attempt.revision_id)

    def submission(self, learner_id: UUID, submission_id: UUID) -> tuple[Submission, Revision]:
        """Return a learner's own submission. Raises NotFound, also for other people's."""
        with self._open() as uow:
            submission = uow.submissions.submission(submission_id)
            if submission.learner_id != learner_id:
                raise NotFound("There is no such submission.")
            return submission, uow.courses.revision(submission.revision_id)

    def place(self, job: str, subject_id: UUID) -> Place | None:
        """Return where the grading of a row stands in the queue, or None when it does not wait."""
        with self._open() as uow:
            return uow.jobs.place(job, subject_id)

    def submissions(
        self, learner_id: UUID, course: str, exercise: str
    ) -> Sequence[tuple[Submission, Revision]]:
        """Return a learner's submissions to an exercise, newest first. Raises NotFound.

        Each has the evaluation that counts and no other.
        """
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            current = uow.courses.latest_revision(course, exercise)
            found = uow.submissions.submissions(learner_id, current.exercise_id)
            revisions = uow.courses.revisions({each.revision_id for each in found})
            return [(each, revisions[each.revision_id]) for each in reversed(found)]

    def _begin(
        self,
        uow: UnitOfWork,
        request: Request,
        operation: str,
        answer: Answer,
        revision: str | None,
    ) -> tuple[Revision, UUID | None]:
        """Check access, key and answer; return the newest revision and what a repeat made."""
        self._access.require(uow, request.learner_id, request.course)
        current = uow.courses.latest_revision(request.course, request.exercise)
        asked = digest(
            request.course,
            request.exercise,
            [(cell.id, cell.source) for cell in answer.cells],
            dict(answer.responses),
            revision,
        )
        known = uow.idempotency.claim(request.learner_id, request.key, operation, asked)
        if known is None:
            if revision is not None and revision != current.content.content_hash:
                changed = RevisionChanged.of("refusal.revision_changed")
                changed.details["revision"] = current.content.content_hash
                raise changed
            check_answer(current.content, answer)
        return current, known


def _check_waiting(uow: UnitOfWork, learner_id: UUID) -> int:
    """Refuse a further run while many of this learner's wait; return how many do.

    Raises:
        LimitReached: Says what to wait for.
    """
    waiting = uow.submissions.waiting(learner_id)
    if waiting >= MAX_WAITING:
        raise LimitReached.of("refusal.waiting", count=MAX_WAITING)
    return waiting


def has_withheld(content: ExerciseContent) -> bool:
    """Whether tests wait for the due date of this exercise."""
    return content.due_at is not None and any(
        test.visibility is Visibility.WITHHELD for test in content.tests
    )


def check_answer(content: ExerciseContent, answer: Answer) -> None:
    """Refuse an answer that does not fit the exercise's cells or questions.

    Raises:
        InvalidInput: Names what is missing or unknown.
    """
    wanted = [cell.id for cell in content.answer_cells]
    given = [cell.id for cell in answer.cells]
    if given != wanted:
        refusal = InvalidInput.of(
            "refusal.cells", exercise=repr(content.slug), wanted=str(wanted), got=str(given)
        )
        refusal.details.update(wanted=list(wanted), got=list(given))
        raise refusal
    # Responses of a wrong form are refused now, not when a worker meets them.
    judge_responses(content.tests, answer.responses, next(iter(content.texts)))
