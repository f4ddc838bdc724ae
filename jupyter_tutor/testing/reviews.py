"""Reviews in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.reading_batches import ReadingBatch
from jupyter_tutor.domain.reviews import Agreement, Review, ReviewStatus
from jupyter_tutor.domain.submissions import GradingStatus, Submission
from jupyter_tutor.services.review_ports import QueueEntry
from jupyter_tutor.testing.lookups import require_course, require_exercise, require_person
from jupyter_tutor.testing.tables import Tables

_GRADED = (GradingStatus.GRADED, GradingStatus.NEEDS_REVIEW)


class InMemoryReviews:
    """Implements `ports.Reviews`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def get(self, submission_id: UUID) -> Review:
        """Return the review of a submission, one that waits where nothing was done yet."""
        if submission_id not in self._tables.submissions:
            raise NotFound("There is no such submission.")
        return self._tables.reviews.get(submission_id) or Review(submission_id)

    def lock(self, submission_id: UUID) -> Review:
        """Return it: transactions run one after the other."""
        return self.get(submission_id)

    def save(self, review: Review) -> None:
        """Store a review."""
        self.get(review.submission_id)
        self._tables.reviews[review.submission_id] = review
        self._tables.review_claims.pop(review.submission_id, None)

    def queue(self, course_slug: str, exercise: str | None = None) -> Sequence[QueueEntry]:
        """Return the queue of a course, or of one exercise of it, oldest submission first."""
        require_course(self._tables, course_slug)
        if exercise is not None:
            require_exercise(self._tables, course_slug, exercise)
        latest: dict[tuple[UUID, UUID], Submission] = {}
        for each in self._tables.submissions.values():
            if each.status in _GRADED:
                key = (each.learner_id, self._tables.revisions[each.revision_id].exercise_id)
                if key not in latest or latest[key].number < each.number:
                    latest[key] = each
        found = [
            self._entry(each)
            for each in latest.values()
            if self._is_asked(each, course_slug, exercise)
        ]
        return sorted(found, key=lambda one: (one.submitted_at, one.review.submission_id))

    def entry(self, submission_id: UUID) -> QueueEntry:
        """Return a graded submission to an exercise with a rubric, whether in the queue or not."""
        found = self._tables.submissions.get(submission_id)
        rubric = found and self._tables.revisions[found.revision_id].content.rubric
        if found is None or rubric is None or found.status not in _GRADED:
            raise NotFound("There is no such answer to review in this course.")
        newer = any(
            each.number > found.number
            and each.learner_id == found.learner_id
            and each.status in _GRADED
            and self._exercise(each.id) == self._exercise(found.id)
            for each in self._tables.submissions.values()
        )
        return replace(self._entry(found), newer=newer)

    def _is_asked(self, of: Submission, course: str, exercise: str | None) -> bool:
        revision = self._tables.revisions[of.revision_id]
        slug = revision.content.slug
        return (
            revision.course_slug == course
            and exercise in (None, slug)
            and not self._tables.exercises[course, slug].retired
            and revision.content.rubric is not None
        )

    def _entry(self, of: Submission) -> QueueEntry:
        return QueueEntry(
            review=self.get(of.id),
            learner_id=of.learner_id,
            learner=self._tables.people[of.learner_id].display_name,
            exercise=self._tables.revisions[of.revision_id].content.slug,
            revision_id=of.revision_id,
            number=of.number,
            submitted_at=of.submitted_at,
            grading=of.status,
            score=None if of.graded is None else of.graded.score,
            released_at=None if of.released is None else of.released.created_at,
        )

    def note_release(self, evaluation_id: UUID, by: UUID) -> None:
        """Note who released an evaluation."""
        require_person(self._tables, by)
        known = (each.evaluations for each in self._tables.submissions.values())
        if not any(one.id == evaluation_id for evaluations in known for one in evaluations):
            raise NotFound("There is no such evaluation.")
        self._tables.releases[evaluation_id] = by

    def released_by(self, submission_id: UUID) -> dict[UUID, str]:
        """Return by key of an evaluation the name of who released it, where that is known."""
        evaluations = self._tables.submissions[submission_id].evaluations
        return {
            each.id: self._tables.people[by].display_name
            for each in evaluations
            if (by := self._tables.releases.get(each.id)) is not None
        }

    def claim(self, exercise_id: UUID, most: int, until: datetime) -> Sequence[UUID]:
        """Claim readings of an exercise that are to be made at once and nobody makes now."""
        free = [
            key
            for key, each in sorted(self._tables.reviews.items())
            if each.status is ReviewStatus.READING
            and each.batch_id is None
            and self._exercise(key) == exercise_id
            and self._tables.review_claims.get(key, self._now) <= self._now
        ]
        for key in free[:most]:
            self._tables.review_claims[key] = until
        return free[:most]

    def claimed_until(self, exercise_id: UUID) -> datetime | None:
        """Return when the last claim of a reading that is not done ends, or None."""
        ends = [
            until
            for key, until in self._tables.review_claims.items()
            if self._tables.reviews[key].status is ReviewStatus.READING
            and self._exercise(key) == exercise_id
        ]
        return max(ends, default=None)

    def _exercise(self, submission_id: UUID) -> UUID:
        submission = self._tables.submissions[submission_id]
        return self._tables.revisions[submission.revision_id].exercise_id

    def agreement(self, course_slug: str) -> Agreement:
        """Return how far audited drafts of a course and instructors agree."""
        require_course(self._tables, course_slug)
        total = Agreement()
        for key, each in self._tables.reviews.items():
            revision = self._tables.revisions[self._tables.submissions[key].revision_id]
            if revision.course_slug == course_slug and each.agreement is not None:
                total += each.agreement
        return total

    def add_batch(self, batch: ReadingBatch) -> None:
        """Insert a batch."""
        require_exercise(self._tables, batch.course, batch.exercise)
        if batch.begun_by is not None:
            require_person(self._tables, batch.begun_by)
        self._tables.batches[batch.id] = batch

    def batch(self, batch_id: UUID) -> ReadingBatch:
        """Return a batch. Raises NotFound."""
        if batch_id not in self._tables.batches:
            raise NotFound("There is no such batch.")
        return self._tables.batches[batch_id]

    def lock_batch(self, batch_id: UUID) -> ReadingBatch:
        """Return it: transactions run one after the other."""
        return self.batch(batch_id)

    def save_batch(self, batch: ReadingBatch) -> None:
        """Store what changes of a batch."""
        known = self.batch(batch.id)
        self._tables.batches[batch.id] = replace(
            known,
            state=batch.state,
            endpoint=batch.endpoint,
            model=batch.model,
            most_cost=batch.most_cost,
            name=batch.name,
            submissions=batch.submissions,
            reservation_id=batch.reservation_id,
            handed_in_at=batch.handed_in_at,
            ended_at=batch.ended_at,
        )

    def batches(self, course_slug: str, since: datetime) -> Sequence[ReadingBatch]:
        """Return the batches that are open, or ended after a time, newest first."""
        require_course(self._tables, course_slug)
        found = [
            each
            for each in self._tables.batches.values()
            if each.course == course_slug
            and (each.state.is_open or (each.ended_at is not None and each.ended_at > since))
        ]
        return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)
