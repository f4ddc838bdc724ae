"""Grading: the jobs that run tests and record what they showed.

Each job loads (transaction), runs (no transaction), records (transaction). A job that is repeated
after a crash finds its work done, or does it again; recording twice is impossible.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Verdict, judge, judge_responses
from jupyter_tutor.domain.exercises import (
    DataFile,
    Question,
    Revision,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.memory import EvaluationEvent
from jupyter_tutor.domain.observations import RunPlan
from jupyter_tutor.domain.submissions import Answer, GradingStatus, Submission
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import TestRunner, UnitOfWorkFactory
from jupyter_tutor.services.remembering import estimate, remember
from jupyter_tutor.services.submissions import (
    GRADE_ATTEMPT,
    GRADE_SUBMISSION,
    GRADE_WITHHELD,
    SUBMISSION_PRIORITY,
)

FIRST_RUN = "tests-1"
WITHHELD_RUN = "withheld-1"
ESTIMATE_DIFFICULTIES = "estimate_difficulties"
ESTIMATE_PRIORITY = -10
ESTIMATE_DELAY = timedelta(minutes=5)
UNTIL_FIRST_GRADED = timedelta(seconds=15)
"""How long withheld tests wait before they look again whether the others were run."""


class GradingService:
    """Grades attempts and submissions; its jobs run in a worker's threads."""

    def __init__(self, open_uow: UnitOfWorkFactory, runner: TestRunner) -> None:
        self._open = open_uow
        self._runner = runner

    @property
    def jobs(self) -> Mapping[str, Callable[[UUID], None]]:
        """The jobs by the names they are deferred under."""
        return {
            GRADE_ATTEMPT: self.grade_attempt,
            GRADE_SUBMISSION: self.grade_submission,
            GRADE_WITHHELD: self.grade_withheld,
            ESTIMATE_DIFFICULTIES: self.estimate_difficulties,
        }

    def grade_attempt(self, attempt_id: UUID) -> None:
        """Run the tests of an attempt and settle it.

        Raises:
            KernelUnavailable: Nothing was recorded; the job should run again.
        """
        with self._open() as uow:
            attempt = uow.submissions.attempt(attempt_id)
            if attempt.status.settled:
                return
            revision = uow.courses.revision(attempt.revision_id)
            files = uow.courses.files(revision.id)
        tests = tuple(
            test for test in revision.content.tests if test.visibility is not Visibility.WITHHELD
        )
        verdict = self._judge(revision, tests, attempt.answer, files)
        with self._open() as uow:
            uow.submissions.settle_attempt(attempt_id, GradingStatus.GRADED, verdict)

    def grade_submission(self, submission_id: UUID) -> None:
        """Grade a submission and record evaluation, status and memory, all or nothing.

        Raises:
            KernelUnavailable: Nothing was recorded; the job should run again.
        """
        with self._open() as uow:
            submission = uow.submissions.submission(submission_id)
            if submission.status.settled:
                return
            revision = uow.courses.revision(submission.revision_id)
            files = uow.courses.files(revision.id)
            uow.submissions.set_status(submission_id, GradingStatus.RUNNING)
        tests = tuple(
            test for test in revision.content.tests if test.visibility is not Visibility.WITHHELD
        )
        if not tests:
            self._settle(submission_id, GradingStatus.NEEDS_REVIEW)
            return
        verdict = self._judge(revision, tests, submission.answer, files)
        self._record(submission, revision, verdict, FIRST_RUN)

    def grade_withheld(self, submission_id: UUID) -> None:
        """Grade a submission again with every test, once the due date has passed.

        It waits for the first grading, whose evaluation would otherwise be the later one and count.

        Raises:
            KernelUnavailable: Nothing was recorded; the job should run again.
        """
        with self._open() as uow:
            submission = uow.submissions.submission(submission_id)
            revision = uow.courses.revision(submission.revision_id)
            later = _too_early(submission, revision, uow.now())
            if later is not None:
                uow.jobs.defer(
                    GRADE_WITHHELD, subject_id=submission_id, priority=SUBMISSION_PRIORITY, at=later
                )
                return
            files = uow.courses.files(revision.id)
        tests = revision.content.tests
        early = [test for test in tests if test.visibility is not Visibility.WITHHELD]
        verdict = self._judge(revision, tests, submission.answer, files)
        # Where every test is withheld this is the first run, and what memory learns of.
        self._record(submission, revision, verdict, WITHHELD_RUN if early else FIRST_RUN)

    def _record(
        self, submission: Submission, revision: Revision, verdict: Verdict, run: str
    ) -> None:
        content = revision.content
        with self._open() as uow:
            evaluation = Evaluation(
                id=uuid7(),
                submission_id=submission.id,
                evaluator=Evaluator.TESTS,
                score=verdict.score,
                verdict=verdict,
                feedback="",
                created_at=uow.now(),
            )
            if not uow.submissions.add_evaluation(evaluation, run):
                return
            uow.submissions.set_status(submission.id, GradingStatus.GRADED)
            if run == FIRST_RUN:
                event = EvaluationEvent(
                    id=evaluation.id,
                    exercise=content.slug,
                    topic=content.topic,
                    difficulty=content.difficulty,
                    passed=verdict.passed,
                    score=verdict.score,
                    at=submission.submitted_at,
                )
                remember(uow, submission.learner_id, revision.course_slug, event)
                # Soon, and once for a whole class: nothing that a request waits for.
                uow.jobs.defer(
                    ESTIMATE_DIFFICULTIES,
                    subject_id=revision.id,
                    priority=ESTIMATE_PRIORITY,
                    at=uow.now() + ESTIMATE_DELAY,
                    once=True,
                )

    def estimate_difficulties(self, revision_id: UUID) -> None:
        """Estimate how hard the exercises of a revision's course are."""
        with self._open() as uow:
            course = uow.courses.revision(revision_id).course_slug
        estimate(self._open, course)

    def give_up(self, job: str, subject_id: UUID) -> None:
        """Settle a row whose job failed for good: `failed`, which is ours and no verdict."""
        if job == GRADE_ATTEMPT:
            with self._open() as uow:
                uow.submissions.settle_attempt(subject_id, GradingStatus.FAILED, None)
        elif job == GRADE_SUBMISSION:
            self._settle(subject_id, GradingStatus.FAILED)
        elif job == GRADE_WITHHELD:
            # The first grade stands, but it is not the whole one: a person has to look.
            with self._open() as uow:
                uow.submissions.set_status(subject_id, GradingStatus.NEEDS_REVIEW)

    def _settle(self, submission_id: UUID, status: GradingStatus) -> None:
        with self._open() as uow:
            if not uow.submissions.submission(submission_id).status.settled:
                uow.submissions.set_status(submission_id, status)

    def _judge(
        self,
        revision: Revision,
        tests: tuple[TestCase, ...],
        answer: Answer,
        files: tuple[DataFile, ...],
    ) -> Verdict:
        content = revision.content
        if all(isinstance(test.spec, Question) for test in tests):
            language = next(iter(content.texts))
            return judge_responses(tests, answer.responses, language)
        plan = RunPlan(
            setup=content.setup,
            cells=answer.cells,
            tests=tests,
            limits=content.limits,
            files=files,
        )
        return judge(tests, self._runner.run(plan), content.limits)


def _too_early(submission: Submission, revision: Revision, now: datetime) -> datetime | None:
    """Return when to run withheld tests instead of now, or None when it is time."""
    due_at = revision.content.due_at
    if due_at is not None and now < due_at:
        return due_at
    return None if submission.status.settled else now + UNTIL_FIRST_GRADED
