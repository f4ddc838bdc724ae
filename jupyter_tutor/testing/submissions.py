"""Attempts, submissions, evaluations and hints in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Verdict
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus, Submission, used
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.testing.lookups import require_json, require_person, require_revision
from jupyter_tutor.testing.tables import Tables


class InMemorySubmissions:
    """Implements `ports.Submissions`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def add_attempt(self, learner_id: UUID, revision_id: UUID, answer: Answer) -> Attempt:
        """Insert a queued attempt, in database time."""
        self._check(learner_id, revision_id, answer)
        attempt = Attempt(
            id=uuid7(),
            learner_id=learner_id,
            revision_id=revision_id,
            answer=answer,
            status=GradingStatus.QUEUED,
            verdict=None,
            created_at=self._now,
            finished_at=None,
        )
        self._tables.attempts[attempt.id] = attempt
        return attempt

    def _check(self, learner_id: UUID, revision_id: UUID, answer: Answer) -> None:
        require_revision(self._tables, revision_id)
        require_person(self._tables, learner_id)
        require_json(answer.responses, "responses")

    def attempt(self, attempt_id: UUID) -> Attempt:
        """Return an attempt. Raises NotFound."""
        if attempt_id not in self._tables.attempts:
            raise NotFound("There is no such run of the tests.")
        return self._tables.attempts[attempt_id]

    def settle_attempt(
        self,
        attempt_id: UUID,
        status: GradingStatus,
        verdict: Verdict | None,
        *,
        source: UUID | None = None,
        answer_digest: str | None = None,
    ) -> bool:
        """Set status and verdict unless it is settled already; True when this call settled it."""
        attempt = self.attempt(attempt_id)
        if attempt.status.settled:
            return False
        self._tables.attempts[attempt_id] = replace(
            attempt,
            status=status,
            verdict=verdict,
            finished_at=self._now if status.settled else None,
            source=source,
        )
        if answer_digest is not None:
            self._tables.digests[attempt_id] = answer_digest
        self._tables.news.append(attempt_id)
        return status.settled

    def attempts(self, learner_id: UUID, exercise_id: UUID, newest: int) -> Sequence[Attempt]:
        """Return a learner's newest attempts at an exercise, any revision, oldest first."""
        return self._attempts(learner_id, exercise_id)[-newest:]

    def attempts_by(
        self, learner_id: UUID, exercise_id: UUID, moments: Sequence[datetime]
    ) -> Sequence[Attempt]:
        """Return a learner's newest attempt with a verdict by each moment, oldest first."""
        judged = [each for each in self._attempts(learner_id, exercise_id) if each.verdict]
        by = ([each for each in judged if each.created_at <= moment] for moment in moments)
        found = {made[-1].id: made[-1] for made in by if made}
        return sorted(found.values(), key=lambda attempt: (attempt.created_at, attempt.id))

    def count_attempts(self, learner_id: UUID, exercise_id: UUID) -> int:
        """Return how many attempts a learner made at an exercise, any revision."""
        return len(self._attempts(learner_id, exercise_id))

    def waiting(self, learner_id: UUID) -> int:
        """Return how many attempts and submissions of a learner are not settled, in any course."""
        runs: list[Attempt | Submission] = [
            *self._tables.attempts.values(),
            *self._tables.submissions.values(),
        ]
        return sum(run.learner_id == learner_id and not run.status.settled for run in runs)

    def _attempts(self, learner_id: UUID, exercise_id: UUID) -> Sequence[Attempt]:
        found = (
            each
            for each in self._tables.attempts.values()
            if each.learner_id == learner_id
            and self._tables.revisions[each.revision_id].exercise_id == exercise_id
        )
        return sorted(found, key=lambda attempt: (attempt.created_at, attempt.id))

    def lock_exercise(self, learner_id: UUID, exercise_id: UUID) -> None:
        """Do nothing: transactions run one after the other."""

    def add_submission(self, learner_id: UUID, revision_id: UUID, answer: Answer) -> Submission:
        """Insert a queued submission with the next number, in database time."""
        self._check(learner_id, revision_id, answer)
        exercise_id = self._tables.revisions[revision_id].exercise_id
        submission = Submission(
            id=uuid7(),
            learner_id=learner_id,
            revision_id=revision_id,
            number=len(self.submissions(learner_id, exercise_id)) + 1,
            answer=answer,
            status=GradingStatus.QUEUED,
            evaluations=(),
            submitted_at=self._now,
            points_lost=float(
                sum(
                    hint.cost
                    for hint in self._tables.hints.values()
                    if hint.learner_id == learner_id
                    and self._tables.revisions[hint.revision_id].exercise_id == exercise_id
                )
            ),
        )
        self._tables.submissions[submission.id] = submission
        return submission

    def submission(self, submission_id: UUID) -> Submission:
        """Return a submission with its evaluations. Raises NotFound."""
        if submission_id not in self._tables.submissions:
            raise NotFound("There is no such submission.")
        return self._tables.submissions[submission_id]

    def submissions(self, learner_id: UUID, exercise_id: UUID) -> Sequence[Submission]:
        """Return a learner's submissions to an exercise, each with the evaluation that counts."""
        found = (
            replace(each, evaluations=_counting(each))
            for each in self._tables.submissions.values()
            if each.learner_id == learner_id
            and self._tables.revisions[each.revision_id].exercise_id == exercise_id
        )
        return sorted(found, key=lambda submission: submission.number)

    def count_used(self, learner_id: UUID, exercise_id: UUID) -> int:
        """Return how many submissions of a learner to an exercise count."""
        return used(self.submissions(learner_id, exercise_id))

    def set_status(self, submission_id: UUID, status: GradingStatus) -> None:
        """Set where grading stands."""
        submission = self.submission(submission_id)
        self._tables.submissions[submission_id] = replace(submission, status=status)
        self._tables.news.append(submission_id)

    def add_evaluation(
        self, evaluation: Evaluation, run: str, answer_digest: str | None = None
    ) -> bool:
        """Append an evaluation; False when this run of this submission is recorded already."""
        submission = self.submission(evaluation.submission_id)
        # Written so that NaN is refused.
        if not 0 <= evaluation.score <= 1:
            raise InvalidInput("A value is outside its bounds and was not saved.")
        if (submission.id, run) in self._tables.runs:
            return False
        evaluations = sorted(
            (*submission.evaluations, evaluation), key=lambda each: (each.created_at, each.id)
        )
        self._tables.runs[submission.id, run] = evaluation.id
        self._tables.submissions[submission.id] = replace(
            submission, evaluations=tuple(evaluations)
        )
        if answer_digest is not None:
            self._tables.digests[submission.id] = answer_digest
        self._tables.news.append(submission.id)
        return True

    def identical(
        self, revision_id: UUID, answer_digest: str, run: str | None
    ) -> tuple[UUID, Verdict] | None:
        """Return the verdict on an answer with this digest, and which row was run for it."""
        known = {id_ for id_, digest in self._tables.digests.items() if digest == answer_digest}
        if run is None:
            for attempt in self._tables.attempts.values():
                if attempt.id in known and attempt.revision_id == revision_id and attempt.verdict:
                    return attempt.source or attempt.id, attempt.verdict
            return None
        for submission in self._tables.submissions.values():
            if submission.id in known and submission.revision_id == revision_id:
                wanted = self._tables.runs.get((submission.id, run))
                for each in submission.evaluations:
                    if each.id == wanted and each.verdict:
                        return each.source or submission.id, each.verdict
        return None

    def passing_answers(
        self, revision_id: UUID, besides: UUID, newest: int
    ) -> Sequence[tuple[CellSource, ...]]:
        """Return the answers of other learners that passed, each once, the newest first."""
        passed = [
            each
            for each in self._tables.submissions.values()
            if each.revision_id == revision_id
            and each.learner_id != besides
            and any(
                evaluation.evaluator is Evaluator.TESTS
                and evaluation.verdict is not None
                and evaluation.verdict.passed
                for evaluation in each.evaluations
            )
        ]
        passed.sort(key=lambda each: each.submitted_at, reverse=True)
        return list(dict.fromkeys(each.answer.cells for each in passed[:newest]))

    def submitted_since(
        self, learner_id: UUID, exercise_id: UUID, since: datetime
    ) -> Sequence[datetime]:
        """Return when a learner submitted after a time, oldest first, failed gradings included."""
        return [
            each.submitted_at
            for each in self.submissions(learner_id, exercise_id)
            if each.submitted_at > since
        ]

    def checked_since(
        self, learner_id: UUID, exercise_id: UUID, since: datetime
    ) -> Sequence[datetime]:
        """Return when a learner made attempts after a time, oldest first, failed ones included."""
        return [
            each.created_at
            for each in self._attempts(learner_id, exercise_id)
            if each.created_at > since
        ]


def _counting(submission: Submission) -> tuple[Evaluation, ...]:
    """Return the evaluations that count: of the tests, and what was released by a rubric."""
    found = (submission.graded, submission.released)
    return tuple(each for each in found if each is not None)
