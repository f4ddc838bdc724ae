"""Reviewing: instructors read the queue, decide by the rubric, and release what learners see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.criterion_grades import (
    CriterionGrade,
    grades_of,
    grades_of_draft,
    points_of,
    share_of,
)
from jupyter_tutor.domain.errors import Conflict, NotFound
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.reading_batches import ReadingBatch
from jupyter_tutor.domain.reviews import Agreement, Decision, decide
from jupyter_tutor.domain.rubrics import Rubric
from jupyter_tutor.domain.submissions import GradingStatus, Submission
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.review_ports import QueueEntry

BATCHES_SHOWN: Final = timedelta(days=1)
_HALF: Final = 64


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """The review queue of a course.

    Attributes:
        entries: All of it, oldest submission first.
        revisions: What was answered, by key.
        exercises: The newest revisions of exercises with a rubric, in the order of the lessons.
        batches: That are open or ended of late, newest first.
        agreement: Of audited drafts and instructors.
    """

    entries: Sequence[QueueEntry]
    revisions: Mapping[UUID, Revision]
    exercises: Sequence[Revision]
    batches: Sequence[ReadingBatch]
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class OpenReview:
    """One review, with all there is to decide by.

    Attributes:
        entry: As in the queue, with the review.
        submission: What was handed in, with every evaluation.
        revision: What was answered.
        released_by: Who released, by key of an evaluation, where that is known.
    """

    entry: QueueEntry
    submission: Submission
    revision: Revision
    released_by: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What an instructor had in front of them when they decided.

    Attributes:
        releases: How many releases.
        draft: The reading that made the draft they saw, or None where they saw none.
    """

    releases: int = 0
    draft: UUID | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """How many drafts were released as they are, and how many are left to an instructor."""

    released: int
    left: int


class ReviewService:
    """Shows reviews to instructors and releases what they decide."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access) -> None:
        self._open = open_uow
        self._access = access

    def queue(self, actor_id: UUID, course: str) -> ReviewQueue:
        """Return the review queue of a course.

        Raises:
            NotFound: There is no such course for them.
            NotAllowed: They are no instructor of it.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            entries = uow.reviews.queue(course)
            with_rubric = [
                each for each in uow.courses.latest_revisions(course) if each.content.rubric
            ]
            return ReviewQueue(
                entries=entries,
                revisions=uow.courses.revisions({each.revision_id for each in entries}),
                exercises=with_rubric,
                batches=uow.reviews.batches(course, uow.now() - BATCHES_SHOWN),
                agreement=uow.reviews.agreement(course),
            )

    def review(self, actor_id: UUID, course: str, submission_id: UUID) -> OpenReview:
        """Return the review of a submission; audited, since it shows a learner's work.

        Raises:
            NotFound: There is no such course for them, or no such submission with a rubric in it.
            NotAllowed: They are no instructor of the course.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            found = self._found(uow, course, submission_id)
            learner = found.submission.learner_id
            uow.audit.add(actor_id, "review.read", f"person:{learner}", str(submission_id))
            return found

    def release(
        self,
        actor_id: UUID,
        course: str,
        submission_id: UUID,
        decision: Decision,
        seen: Seen,
        key: str,
    ) -> OpenReview:
        """Release what an instructor decided; from now on the learner sees it.

        Args:
            actor_id: The instructor.
            course: Slug.
            submission_id: What was decided about.
            decision: What was decided.
            seen: What they knew when they decided it.
            key: Idempotency key.

        Raises:
            NotFound: There is no such course for them, or no such submission with a rubric in it.
            NotAllowed: They are no instructor of the course.
            Conflict: Somebody released it meanwhile, or another draft has come.
            InvalidInput: A level is missing, unknown or not explained; names the criterion.
            IdempotencyKeyReused: The key was used for something else.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            asked = digest(course, str(submission_id), repr(decision), seen.releases, seen.draft)
            if uow.idempotency.claim(actor_id, key, "review_release", asked) is None:
                self._release(uow, actor_id, course, submission_id, decision, seen)
                uow.idempotency.settle(actor_id, key, submission_id)
            return self._found(uow, course, submission_id)

    def _release(
        self,
        uow: UnitOfWork,
        actor_id: UUID,
        course: str,
        submission_id: UUID,
        decision: Decision,
        seen: Seen,
    ) -> None:
        found = self._locked(uow, course, submission_id)
        review, submission = found.entry.review, found.submission
        if review.releases != seen.releases:
            raise Conflict("Somebody has released this review in the meantime. Reload it.")
        if not review.releases and review.shown_reading != seen.draft:
            # They would have to give reasons against a draft that they never saw.
            raise Conflict("A draft has come in the meantime. Reload the review to see it.")
        rubric = _rubric(found.revision)
        earlier = submission.released.criteria if submission.released else ()
        grades = decide(rubric, decision, review.shown_draft, earlier)
        self._record(uow, actor_id, found, grades, decision.comment)

    def release_undoubted(
        self, actor_id: UUID, course: str, exercise: str, submissions: Collection[UUID], key: str
    ) -> Released:
        """Release those of some drafts of an exercise as they are that leave nothing to a person.

        Audited ones are left, and those that have a doubt or no draft (any more). A repeat with
        the same key releases nothing and answers what the first one did.

        Args:
            actor_id: The instructor.
            course: Slug.
            exercise: Slug.
            submissions: Of what the drafts are that were shown to the instructor; no others are
                released, whatever was drafted since.
            key: Idempotency key.

        Raises:
            NotFound: There is no such course for them, or no such exercise in it.
            NotAllowed: They are no instructor of it.
            IdempotencyKeyReused: The key was used for something else.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            shown = frozenset(submissions)
            asked = digest(course, exercise, sorted(shown))
            receipt = uow.idempotency.claim(actor_id, key, "review_releases", asked)
            if receipt is not None:
                return _said_by(receipt)
            reviews = [each.review for each in uow.reviews.queue(course, exercise)]
            undoubted = {each.submission_id for each in reviews if each.undoubted}
            count = 0
            for each in sorted(undoubted & shown):
                count += self._release_draft(uow, actor_id, course, each)
            undecided = sum(not each.releases for each in reviews)
            done = Released(count, undecided - count)
            uow.idempotency.settle(actor_id, key, _receipt(done))
            return done

    def _release_draft(
        self, uow: UnitOfWork, actor_id: UUID, course: str, submission_id: UUID
    ) -> bool:
        found = self._locked(uow, course, submission_id)
        draft = found.entry.review.draft
        if not found.entry.review.undoubted or draft is None:
            return False
        levels = {one.slug: one.level for one in draft.criteria if one.level is not None}
        grades = grades_of(_rubric(found.revision), levels)
        self._record(uow, actor_id, found, grades, "")
        return True

    def _record(
        self,
        uow: UnitOfWork,
        actor_id: UUID,
        found: OpenReview,
        grades: tuple[CriterionGrade, ...],
        comment: str,
    ) -> None:
        """Append the evaluations of a release: the model's draft, where there was a whole one."""
        review, submission = found.entry.review, found.submission
        rubric = _rubric(found.revision)
        drafted = grades_of_draft(rubric, review.draft) if review.draft else None
        if drafted is not None and not review.releases:
            made = _evaluation(uow, found, Evaluator.MODEL, drafted, "")
            uow.submissions.add_evaluation(made, f"draft-{review.reading_id}")
        made = _evaluation(uow, found, Evaluator.INSTRUCTOR, grades, comment)
        if not uow.submissions.add_evaluation(made, f"release-{review.releases + 1}"):
            raise Conflict("Somebody has released this review in the meantime. Reload it.")
        uow.reviews.note_release(made.id, actor_id)
        uow.reviews.save(review.released(grades))
        if submission.status is GradingStatus.NEEDS_REVIEW and submission.graded is None:
            # Nothing was tested: now it is graded.
            uow.submissions.set_status(submission.id, GradingStatus.GRADED)
        said = f"{submission.id}: {points_of(grades):g} of {rubric.points:g} points"
        uow.audit.add(actor_id, "review.released", f"person:{submission.learner_id}", said)

    def _found(self, uow: UnitOfWork, course: str, submission_id: UUID) -> OpenReview:
        entry = uow.reviews.entry(submission_id)
        revision = uow.courses.revision(entry.revision_id)
        if revision.course_slug != course:
            raise NotFound("There is no such answer to review in this course.")
        return OpenReview(
            entry=entry,
            submission=uow.submissions.submission(submission_id),
            revision=revision,
            released_by=uow.reviews.released_by(submission_id),
        )

    def _locked(self, uow: UnitOfWork, course: str, submission_id: UUID) -> OpenReview:
        # What is read after the lock is what the last release left.
        uow.reviews.lock(submission_id)
        return self._found(uow, course, submission_id)


def _evaluation(
    uow: UnitOfWork,
    found: OpenReview,
    evaluator: Evaluator,
    grades: tuple[CriterionGrade, ...],
    comment: str,
) -> Evaluation:
    return Evaluation(
        id=uuid7(),
        submission_id=found.submission.id,
        evaluator=evaluator,
        score=share_of(grades, _rubric(found.revision)),
        verdict=None,
        feedback=comment,
        created_at=uow.now(),
        criteria=grades,
    )


def _rubric(revision: Revision) -> Rubric:
    rubric = revision.content.rubric
    if rubric is None:
        raise NotFound("There is no such answer to review in this course.")
    return rubric


def _receipt(of: Released) -> UUID:
    """Return what is kept with the key: both numbers, since a release of many makes no one row."""
    return UUID(int=of.released << _HALF | of.left)


def _said_by(receipt: UUID) -> Released:
    released, left = divmod(receipt.int, 1 << _HALF)
    return Released(released, left)
