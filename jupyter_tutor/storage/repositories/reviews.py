"""Reviews in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    exists,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import Session, aliased

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.reading_batches import BatchState, ReadingBatch
from jupyter_tutor.domain.reviews import Agreement, Provenance, Review, ReviewStatus
from jupyter_tutor.domain.rubric_readings import DraftGrade
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.review_ports import QueueEntry
from jupyter_tutor.storage.advisory import hold
from jupyter_tutor.storage.codec import decode, encode
from jupyter_tutor.storage.repositories.lookups import course_id, exercise_key
from jupyter_tutor.storage.tables import (
    CourseRow,
    EvaluationRow,
    ExerciseRow,
    PersonRow,
    ReadingBatchRow,
    ReviewReleaseRow,
    ReviewRow,
    RevisionRow,
    SubmissionRow,
)

_GRADED = (GradingStatus.GRADED, GradingStatus.NEEDS_REVIEW)
_OPEN = [state for state in BatchState if state.is_open]


class PostgresReviews:
    """Implements `ports.Reviews`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, submission_id: UUID) -> Review:
        """Return the review of a submission, one that waits where nothing was done yet.

        Raises:
            NotFound: There is no such submission.
        """
        row = self._session.scalar(
            select(ReviewRow).where(ReviewRow.submission_id == submission_id)
        )
        if row is not None:
            return _review(row)
        if self._session.get(SubmissionRow, submission_id) is None:
            raise NotFound("There is no such submission.")
        return Review(submission_id)

    def lock(self, submission_id: UUID) -> Review:
        """Return it, and hold other transactions that lock it until this one ends."""
        hold(self._session, "review", submission_id)
        return self.get(submission_id)

    def save(self, review: Review) -> None:
        """Store a review. Whoever claimed its reading has it no more. Raises NotFound."""
        agreement = review.agreement
        values = {
            "status": review.status,
            "no_draft": review.no_draft,
            "reading_id": review.reading_id,
            "batch_id": review.batch_id,
            "claimed_until": None,
            "read_source": review.read_source,
            "draft": encode(review.draft),
            "made_by": encode(review.made_by),
            "audited": review.audited,
            "releases": review.releases,
            "points": review.points,
            "agreed": None if agreement is None else agreement.agreed,
            "compared": None if agreement is None else agreement.of,
            "updated_at": func.now(),
        }
        self._session.execute(
            insert(ReviewRow)
            .values(submission_id=review.submission_id, **values)
            .on_conflict_do_update(index_elements=["submission_id"], set_=values)
        )

    def queue(self, course_slug: str, exercise: str | None = None) -> Sequence[QueueEntry]:
        """Return the queue of a course, or of one exercise of it, oldest submission first.

        Raises:
            NotFound: There is no such course or exercise.
        """
        course = course_id(self._session, course_slug)
        asked = select(ExerciseRow.id).where(ExerciseRow.course_id == course, ~ExerciseRow.retired)
        if exercise is not None:
            key = exercise_key(self._session, course, exercise)
            asked = asked.where(ExerciseRow.id == key)
        statement = _entries(_latest(asked), false())
        return [_entry(row) for row in self._session.execute(statement)]

    def entry(self, submission_id: UUID) -> QueueEntry:
        """Return a graded submission to an exercise with a rubric, whether in the queue or not.

        Raises:
            NotFound: There is none.
        """
        found = self._session.execute(
            _entries(SubmissionRow, _is_superseded()).where(
                SubmissionRow.id == submission_id, SubmissionRow.status.in_(_GRADED)
            )
        ).one_or_none()
        if found is None:
            raise NotFound("There is no such answer to review in this course.")
        return _entry(found)

    def note_release(self, evaluation_id: UUID, by: UUID) -> None:
        """Note who released an evaluation. Raises NotFound."""
        self._session.execute(
            insert(ReviewReleaseRow).values(evaluation_id=evaluation_id, released_by=by)
        )

    def released_by(self, submission_id: UUID) -> dict[UUID, str]:
        """Return by key of an evaluation the name of who released it, where that is known."""
        rows = self._session.execute(
            select(ReviewReleaseRow.evaluation_id, PersonRow.display_name)
            .join(EvaluationRow, EvaluationRow.id == ReviewReleaseRow.evaluation_id)
            .join(PersonRow, PersonRow.id == ReviewReleaseRow.released_by)
            .where(EvaluationRow.submission_id == submission_id)
        )
        return {key: name for key, name in rows}  # noqa: C416 - rows are no pairs to the checker

    def claim(self, exercise_id: UUID, most: int, until: datetime) -> Sequence[UUID]:
        """Claim readings of an exercise that are to be made at once and nobody makes now."""
        row = ReviewRow
        free = (
            select(row.submission_id)
            .join(SubmissionRow, SubmissionRow.id == row.submission_id)
            .where(
                SubmissionRow.exercise_id == exercise_id,
                row.status == ReviewStatus.READING,
                row.batch_id.is_(None),
                or_(row.claimed_until.is_(None), row.claimed_until < func.now()),
            )
            .order_by(row.submission_id)
            .limit(most)
            .with_for_update(skip_locked=True, of=row)
        )
        keys = self._session.scalars(free).all()
        self._session.execute(
            update(row).where(row.submission_id.in_(keys)).values(claimed_until=until)
        )
        return keys

    def claimed_until(self, exercise_id: UUID) -> datetime | None:
        """Return when the last claim of a reading that is not done ends, or None."""
        return self._session.scalar(
            select(func.max(ReviewRow.claimed_until))
            .join(SubmissionRow, SubmissionRow.id == ReviewRow.submission_id)
            .where(
                SubmissionRow.exercise_id == exercise_id,
                ReviewRow.status == ReviewStatus.READING,
                ReviewRow.batch_id.is_(None),
            )
        )

    def agreement(self, course_slug: str) -> Agreement:
        """Return how far audited drafts of a course and instructors agree. Raises NotFound."""
        sums = select(func.sum(ReviewRow.agreed), func.sum(ReviewRow.compared))
        agreed, compared = self._session.execute(
            sums.join(SubmissionRow, SubmissionRow.id == ReviewRow.submission_id)
            .join(ExerciseRow, ExerciseRow.id == SubmissionRow.exercise_id)
            .where(ExerciseRow.course_id == course_id(self._session, course_slug))
        ).one()
        return Agreement(agreed or 0, compared or 0)

    def add_batch(self, batch: ReadingBatch) -> None:
        """Insert a batch. Raises NotFound."""
        course = course_id(self._session, batch.course)
        self._session.execute(
            insert(ReadingBatchRow).values(
                id=batch.id,
                course_id=course,
                exercise_id=exercise_key(self._session, course, batch.exercise),
                begun_by=batch.begun_by,
                created_at=batch.created_at,
                **_changing(batch),
            )
        )

    def batch(self, batch_id: UUID) -> ReadingBatch:
        """Return a batch. Raises NotFound."""
        found = self._session.execute(
            _batches().where(ReadingBatchRow.id == batch_id)
        ).one_or_none()
        if found is None:
            raise NotFound("There is no such batch.")
        return _batch(*found)

    def lock_batch(self, batch_id: UUID) -> ReadingBatch:
        """Return it, and hold other transactions that lock it until this one ends."""
        hold(self._session, "reading batch", batch_id)
        return self.batch(batch_id)

    def save_batch(self, batch: ReadingBatch) -> None:
        """Store what changes of a batch: all but where, when and by whom. Raises NotFound."""
        changed = self._session.scalar(
            update(ReadingBatchRow)
            .where(ReadingBatchRow.id == batch.id)
            .values(**_changing(batch))
            .returning(ReadingBatchRow.id)
        )
        if changed is None:
            raise NotFound("There is no such batch.")

    def batches(self, course_slug: str, since: datetime) -> Sequence[ReadingBatch]:
        """Return the batches that are open, or ended after a time, newest first."""
        row = ReadingBatchRow
        rows = self._session.execute(
            _batches()
            .where(
                row.course_id == course_id(self._session, course_slug),
                or_(row.state.in_(_OPEN), row.ended_at > since),
            )
            .order_by(row.created_at.desc(), row.id.desc())
        )
        return [_batch(*each) for each in rows]


def _latest(exercises: Select[UUID]) -> type[SubmissionRow]:
    """The latest graded submission of each learner to each of these exercises."""
    latest = (
        select(SubmissionRow)
        .ext(distinct_on(SubmissionRow.learner_id, SubmissionRow.exercise_id))
        .where(SubmissionRow.status.in_(_GRADED), SubmissionRow.exercise_id.in_(exercises))
        .order_by(SubmissionRow.learner_id, SubmissionRow.exercise_id, SubmissionRow.number.desc())
        .subquery("latest")
    )
    return aliased(SubmissionRow, latest)


def _entries(
    submission: type[SubmissionRow], newer: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """Submissions to exercises with a rubric, each with its review and how it was graded."""
    score = (
        select(EvaluationRow.score)
        .where(EvaluationRow.submission_id == submission.id, EvaluationRow.criteria.is_(None))
        .order_by(EvaluationRow.created_at.desc(), EvaluationRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    released_at = (
        select(func.max(EvaluationRow.created_at))
        .where(
            EvaluationRow.submission_id == submission.id,
            EvaluationRow.evaluator == Evaluator.INSTRUCTOR,
            EvaluationRow.criteria.is_not(None),
        )
        .scalar_subquery()
    )
    return (
        select(
            ReviewRow,
            submission.id,
            submission.learner_id,
            PersonRow.display_name,
            ExerciseRow.slug,
            submission.revision_id,
            submission.number,
            submission.submitted_at,
            submission.status,
            score.label("score"),
            released_at.label("released_at"),
            newer.label("newer"),
        )
        .select_from(submission)
        .join(PersonRow, PersonRow.id == submission.learner_id)
        .join(ExerciseRow, ExerciseRow.id == submission.exercise_id)
        .join(RevisionRow, RevisionRow.id == submission.revision_id)
        .outerjoin(ReviewRow, ReviewRow.submission_id == submission.id)
        .where(func.json_extract_path_text(RevisionRow.content, "rubric").is_not(None))
        .order_by(submission.submitted_at, submission.id)
    )


def _is_superseded() -> ColumnElement[bool]:
    """Whether a submission's learner has a newer graded one to the same exercise."""
    other = aliased(SubmissionRow, name="other")
    return exists().where(
        other.learner_id == SubmissionRow.learner_id,
        other.exercise_id == SubmissionRow.exercise_id,
        other.number > SubmissionRow.number,
        other.status.in_(_GRADED),
    )


def _entry(row: Row[*tuple[Any, ...]]) -> QueueEntry:
    review, submission_id, *rest = row
    return QueueEntry(_review(review) if review is not None else Review(submission_id), *rest)


def _review(row: ReviewRow) -> Review:
    compared = row.agreed is not None and row.compared is not None
    return Review(
        submission_id=row.submission_id,
        status=row.status,
        no_draft=row.no_draft,
        reading_id=row.reading_id,
        batch_id=row.batch_id,
        read_source=row.read_source,
        draft=None if row.draft is None else decode(DraftGrade, cast("object", row.draft)),
        made_by=None if row.made_by is None else decode(Provenance, cast("object", row.made_by)),
        audited=row.audited,
        releases=row.releases,
        points=row.points,
        agreement=Agreement(row.agreed or 0, row.compared or 0) if compared else None,
    )


def _batches() -> Select[ReadingBatchRow, str, str]:
    return (
        select(ReadingBatchRow, CourseRow.slug, ExerciseRow.slug)
        .join(CourseRow, CourseRow.id == ReadingBatchRow.course_id)
        .join(ExerciseRow, ExerciseRow.id == ReadingBatchRow.exercise_id)
    )


def _batch(row: ReadingBatchRow, course: str, exercise: str) -> ReadingBatch:
    return ReadingBatch(
        id=row.id,
        course=course,
        exercise=exercise,
        state=row.state,
        endpoint=row.endpoint,
        model=row.model,
        submissions=tuple(row.submissions),
        most_cost=row.most_cost,
        begun_by=row.begun_by,
        created_at=row.created_at,
        reservation_id=row.reservation_id,
        name=row.name,
        handed_in_at=row.handed_in_at,
        ended_at=row.ended_at,
    )


def _changing(batch: ReadingBatch) -> dict[str, object]:
    return {
        "state": batch.state,
        "endpoint": batch.endpoint,
        "model": batch.model,
        "most_cost": batch.most_cost,
        "name": batch.name,
        "submissions": list(batch.submissions),
        "reservation_id": batch.reservation_id,
        "handed_in_at": batch.handed_in_at,
        "ended_at": batch.ended_at,
    }
