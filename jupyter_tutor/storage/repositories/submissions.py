"""Attempts, submissions and evaluations in PostgreSQL.

Whatever changes the standing of a row sends news of it, which listeners get when the transaction
commits (see `news`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, cast, exists, func, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on, insert
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Verdict
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus, Submission
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.advisory import hold
from jupyter_tutor.storage.codec import decode
from jupyter_tutor.storage.news import send_news
from jupyter_tutor.storage.repositories.lookups import exercise_of
from jupyter_tutor.storage.tables import (
    AttemptRow,
    EvaluationRow,
    HintRequestRow,
    SubmissionRow,
    TestResultRow,
)

_WITH_EVALUATIONS = selectinload(SubmissionRow.evaluations).selectinload(EvaluationRow.results)
_UNSETTLED = [status for status in GradingStatus if not status.settled]


class PostgresSubmissions:
    """Implements `ports.Submissions`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_attempt(self, learner_id: UUID, revision_id: UUID, answer: Answer) -> Attempt:
        """Insert a queued attempt, in database time.

        Raises:
            NotFound: There is no such revision or learner.
        """
        row = AttemptRow(
            id=uuid7(),
            learner_id=learner_id,
            exercise_id=exercise_of(self._session, revision_id),
            revision_id=revision_id,
            answer=mapping.answer_document(answer),
            status=GradingStatus.QUEUED,
        )
        self._session.add(row)
        self._session.flush()
        return mapping.to_attempt(row)

    def attempt(self, attempt_id: UUID) -> Attempt:
        """Return an attempt. Raises NotFound."""
        row = self._session.scalar(select(AttemptRow).where(AttemptRow.id == attempt_id))
        if row is None:
            raise NotFound("There is no such run of the tests.")
        return mapping.to_attempt(row)

    def settle_attempt(
        self,
        attempt_id: UUID,
        status: GradingStatus,
        verdict: Verdict | None,
        *,
        source: UUID | None = None,
        answer_digest: str | None = None,
    ) -> bool:
        """Set status and verdict unless it is settled already; True when this call settled it.

        Raises:
            NotFound: There is no such attempt.
        """
        changed = self._session.scalar(
            update(AttemptRow)
            .where(AttemptRow.id == attempt_id, AttemptRow.status.in_(_UNSETTLED))
            .values(
                status=status,
                verdict=mapping.verdict_document(verdict),
                finished_at=func.now() if status.settled else None,
                source=source,
                answer_digest=answer_digest,
            )
            .returning(AttemptRow.id)
        )
        if changed is None:
            self.attempt(attempt_id)
            return False
        send_news(self._session, attempt_id)
        return status.settled

    def attempts(self, learner_id: UUID, exercise_id: UUID, newest: int) -> Sequence[Attempt]:
        """Return a learner's newest attempts at an exercise, any revision, oldest first."""
        rows = self._session.scalars(
            select(AttemptRow)
            .where(AttemptRow.learner_id == learner_id, AttemptRow.exercise_id == exercise_id)
            .order_by(AttemptRow.created_at.desc(), AttemptRow.id.desc())
            .limit(newest)
        ).all()
        return [mapping.to_attempt(row) for row in reversed(rows)]

    def attempts_by(
        self, learner_id: UUID, exercise_id: UUID, moments: Sequence[datetime]
    ) -> Sequence[Attempt]:
        """Return a learner's newest attempt with a verdict by each moment, oldest first."""
        if not moments:
            return []
        every = cast(list(moments), ARRAY(DateTime(timezone=True)))
        moment = func.unnest(every).table_valued("at").render_derived("moment")
        newest = (
            select(AttemptRow.id)
            .where(
                AttemptRow.learner_id == learner_id,
                AttemptRow.exercise_id == exercise_id,
                AttemptRow.verdict.is_not(None),
                AttemptRow.created_at <= moment.c.at,
            )
            .order_by(AttemptRow.created_at.desc(), AttemptRow.id.desc())
            .limit(1)
            .lateral("newest")
        )
        ids = select(newest.c.id).select_from(moment).join(newest, true())
        rows = self._session.scalars(
            select(AttemptRow)
            .where(AttemptRow.id.in_(ids))
            .order_by(AttemptRow.created_at, AttemptRow.id)
        )
        return [mapping.to_attempt(row) for row in rows]

    def count_attempts(self, learner_id: UUID, exercise_id: UUID) -> int:
        """Return how many attempts a learner made at an exercise, any revision."""
        return self._session.scalars(
            select(func.count())
            .select_from(AttemptRow)
            .where(AttemptRow.learner_id == learner_id, AttemptRow.exercise_id == exercise_id)
        ).one()

    def waiting(self, learner_id: UUID) -> int:
        """Return how many attempts and submissions of a learner are not settled, in any course."""
        return sum(
            self._session.scalars(
                select(func.count())
                .select_from(table)
                .where(table.learner_id == learner_id, table.status.in_(_UNSETTLED))
            ).one()
            for table in (AttemptRow, SubmissionRow)
        )

    def lock_exercise(self, learner_id: UUID, exercise_id: UUID) -> None:
        """Hold other transactions of this learner on this exercise until this one ends."""
        hold(self._session, "exercise", learner_id, exercise_id)

    def add_submission(self, learner_id: UUID, revision_id: UUID, answer: Answer) -> Submission:
        """Insert a queued submission with the next number, in database time.

        Raises:
            NotFound: There is no such revision or learner.
        """
        exercise_id = exercise_of(self._session, revision_id)
        # The number must not be given twice, also when the caller holds no lock.
        self.lock_exercise(learner_id, exercise_id)
        number = self._session.scalar(
            select(func.coalesce(func.max(SubmissionRow.number), 0) + 1).where(
                SubmissionRow.learner_id == learner_id, SubmissionRow.exercise_id == exercise_id
            )
        )
        row = SubmissionRow(
            id=uuid7(),
            learner_id=learner_id,
            exercise_id=exercise_id,
            revision_id=revision_id,
            number=number,
            answer=mapping.answer_document(answer),
            status=GradingStatus.QUEUED,
            points_lost=self._paid(learner_id, exercise_id),
        )
        self._session.add(row)
        self._session.flush()
        return mapping.to_submission(row, ())

    def _paid(self, learner_id: UUID, exercise_id: UUID) -> float:
        """Return what the hints of a learner on an exercise cost so far."""
        return self._session.scalars(
            select(func.coalesce(func.sum(HintRequestRow.cost), 0.0)).where(
                HintRequestRow.learner_id == learner_id, HintRequestRow.exercise_id == exercise_id
            )
        ).one()

    def submission(self, submission_id: UUID) -> Submission:
        """Return a submission with its evaluations. Raises NotFound."""
        row = self._session.scalar(
            select(SubmissionRow)
            .where(SubmissionRow.id == submission_id)
            .options(_WITH_EVALUATIONS)
        )
        if row is None:
            raise NotFound("There is no such submission.")
        return mapping.to_submission(row, row.evaluations)

    def submissions(self, learner_id: UUID, exercise_id: UUID) -> Sequence[Submission]:
        """Return a learner's submissions to an exercise, any revision, oldest first.

        Each has the evaluations that count (the last of the tests, what was released last by a
        rubric) and no other; `submission` has them all.
        """
        rows = self._session.scalars(
            select(SubmissionRow)
            .where(SubmissionRow.learner_id == learner_id, SubmissionRow.exercise_id == exercise_id)
            .order_by(SubmissionRow.number)
        ).all()
        counting = self._counting([row.id for row in rows])
        return [mapping.to_submission(row, counting.get(row.id, ())) for row in rows]

    def _counting(self, submission_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[EvaluationRow]]:
        """Return the newest evaluations of each submission: of the tests, and by a rubric."""
        if not submission_ids:
            return {}
        by_rubric = EvaluationRow.criteria.is_not(None)
        rows = self._session.scalars(
            select(EvaluationRow)
            .ext(distinct_on(EvaluationRow.submission_id, by_rubric))
            .where(
                EvaluationRow.submission_id.in_(submission_ids),
                EvaluationRow.evaluator != Evaluator.MODEL,
            )
            .order_by(
                EvaluationRow.submission_id,
                by_rubric,
                EvaluationRow.created_at.desc(),
                EvaluationRow.id.desc(),
            )
            .options(selectinload(EvaluationRow.results))
        )
        found: dict[UUID, list[EvaluationRow]] = {}
        for row in rows:
            found.setdefault(row.submission_id, []).append(row)
        return found

    def count_used(self, learner_id: UUID, exercise_id: UUID) -> int:
        """Return how many submissions of a learner to an exercise count (see `domain.used`)."""
        return self._session.scalars(
            select(func.count())
            .select_from(SubmissionRow)
            .where(
                SubmissionRow.learner_id == learner_id,
                SubmissionRow.exercise_id == exercise_id,
                SubmissionRow.status != GradingStatus.FAILED,
            )
        ).one()

    def set_status(self, submission_id: UUID, status: GradingStatus) -> None:
        """Set where grading stands.

        Raises:
            NotFound: There is no such submission.
        """
        changed = self._session.scalar(
            update(SubmissionRow)
            .where(SubmissionRow.id == submission_id)
            .values(status=status)
            .returning(SubmissionRow.id)
        )
        if changed is None:
            raise NotFound("There is no such submission.")
        send_news(self._session, submission_id)

    def add_evaluation(
        self, evaluation: Evaluation, run: str, answer_digest: str | None = None
    ) -> bool:
        """Append an evaluation; False when this run of this submission is recorded already.

        Raises:
            NotFound: There is no such submission.
        """
        verdict = evaluation.verdict
        added = self._session.scalar(
            insert(EvaluationRow)
            .values(
                id=evaluation.id,
                submission_id=evaluation.submission_id,
                run=run,
                evaluator=evaluation.evaluator,
                score=evaluation.score,
                verdict_score=None if verdict is None else verdict.score,
                passed=verdict.passed if verdict is not None else evaluation.score >= 1,
                feedback=evaluation.feedback,
                created_at=evaluation.created_at,
                source=evaluation.source,
                seed=evaluation.seed,
                criteria=mapping.criteria_document(evaluation.criteria),
            )
            .on_conflict_do_nothing(index_elements=["submission_id", "run"])
            .returning(EvaluationRow.id)
        )
        if added is None:
            return False
        results = [] if verdict is None else mapping.result_values(verdict)
        if results:
            self._session.execute(
                insert(TestResultRow), [{"evaluation_id": evaluation.id, **row} for row in results]
            )
        if answer_digest is not None:
            self._session.execute(
                update(SubmissionRow)
                .where(SubmissionRow.id == evaluation.submission_id)
                .values(answer_digest=answer_digest)
            )
        send_news(self._session, evaluation.submission_id)
        return True

    def identical(
        self, revision_id: UUID, answer_digest: str, run: str | None
    ) -> tuple[UUID, Verdict] | None:
        """Return the verdict on an answer with this digest, and which row was run for it."""
        if run is None:
            attempt = self._session.scalar(
                select(AttemptRow)
                .where(
                    AttemptRow.revision_id == revision_id,
                    AttemptRow.answer_digest == answer_digest,
                )
                .limit(1)
            )
            if attempt is None or (found := mapping.to_attempt(attempt).verdict) is None:
                return None
            return attempt.source or attempt.id, found
        row = self._session.scalar(
            select(EvaluationRow)
            .join(SubmissionRow, SubmissionRow.id == EvaluationRow.submission_id)
            .where(
                SubmissionRow.revision_id == revision_id,
                SubmissionRow.answer_digest == answer_digest,
                EvaluationRow.run == run,
            )
            .limit(1)
            .options(selectinload(EvaluationRow.results))
        )
        if row is None or (found := mapping.to_evaluation(row).verdict) is None:
            return None
        return row.source or row.submission_id, found

    def passing_answers(
        self, revision_id: UUID, besides: UUID, newest: int
    ) -> Sequence[tuple[CellSource, ...]]:
        """Return the answers of other learners that passed, each once, the newest first."""
        answers = self._session.scalars(
            select(SubmissionRow.answer)
            .where(
                SubmissionRow.revision_id == revision_id,
                SubmissionRow.learner_id != besides,
                exists().where(
                    EvaluationRow.submission_id == SubmissionRow.id,
                    EvaluationRow.evaluator == Evaluator.TESTS,
                    EvaluationRow.passed,
                ),
            )
            .order_by(SubmissionRow.submitted_at.desc(), SubmissionRow.id)
            .limit(newest)
        )
        return list(dict.fromkeys(decode(Answer, each).cells for each in answers))

    def submitted_since(
        self, learner_id: UUID, exercise_id: UUID, since: datetime
    ) -> Sequence[datetime]:
        """Return when a learner submitted after a time, oldest first, failed gradings included."""
        at = SubmissionRow.submitted_at
        return self._times(SubmissionRow, at, learner_id, exercise_id, since)

    def checked_since(
        self, learner_id: UUID, exercise_id: UUID, since: datetime
    ) -> Sequence[datetime]:
        """Return when a learner made attempts after a time, oldest first, failed ones included."""
        return self._times(AttemptRow, AttemptRow.created_at, learner_id, exercise_id, since)

    def _times(
        self,
        table: type[AttemptRow | SubmissionRow],
        at: InstrumentedAttribute[datetime],
        learner_id: UUID,
        exercise_id: UUID,
        since: datetime,
    ) -> Sequence[datetime]:
        return self._session.scalars(
            select(at)
            .where(
                table.learner_id == learner_id,
                table.exercise_id == exercise_id,
                at > since,
            )
            .order_by(at)
        ).all()
