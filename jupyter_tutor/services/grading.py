"""Grading: the jobs that run tests and record what they showed.

Each job loads (transaction), runs (no transaction), records (transaction). A job that is repeated
after a crash finds its work done, or does it again; recording twice is impossible.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.evaluations import Evaluation, Evaluator, Verdict, judge, judge_responses
from jupyter_tutor.domain.exercises import (
    DataFile,
    Question,
    Revision,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.identical import answer_digest, is_reusable
from jupyter_tutor.domain.memory import EvaluationEvent
from jupyter_tutor.domain.observations import RunPlan, TestReport
from jupyter_tutor.domain.pacing import REGRADE_PRIORITY, held_back, priority
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus, Submission
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.metering import GradingKind, GradingMeter, NoMeter
from jupyter_tutor.services.ports import TestRunner, UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.remembering import estimate, remember
from jupyter_tutor.services.submissions import (
    GRADE_ATTEMPT,
    GRADE_SUBMISSION,
    GRADE_WITHHELD,
)

FIRST_RUN = "tests-1"
WITHHELD_RUN = "withheld-1"
ESTIMATE_DIFFICULTIES = "estimate_difficulties"
ESTIMATE_PRIORITY = -10
ESTIMATE_DELAY = timedelta(minutes=5)
UNTIL_FIRST_GRADED = timedelta(seconds=15)
"""How long withheld tests wait before they look again whether the others were run."""
_REMEMBERED: Final = 8.0
_SEEDS: Final = 2**31


class GradingService:
    """Grades attempts and submissions; its jobs run in a worker's threads."""

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        runner: TestRunner,
        *,
        engine: str = "",
        meter: GradingMeter | None = None,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        """Create one.

        Args:
            open_uow: Opens transactions.
            runner: Runs answers and tests.
            engine: Version of the runner and all that answers may use. Reports are reused between
                identical answers that were judged by the same one; with "" none is reused.
            meter: Is told what happens.
            rest: Lets seconds pass.
        """
        self._open = open_uow
        self._runner = runner
        self._engine = engine
        self._meter = meter or NoMeter()
        self._rest = rest
        self._run_seconds: float | None = None

    @property
    def run_seconds(self) -> float | None:
        """How long gradings take of late, queue aside; None before the first."""
        return self._run_seconds

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
            self._meter.waited(GradingKind.CHECK, (uow.now() - attempt.created_at).total_seconds())
            task = self._task(uow, GradingKind.CHECK, attempt)
            # Never that of a submission: a check may show less of the tests one day, and even then
            # nothing of what submissions were told.
            known = self._known(uow, task, None)
        judged = known or self._judge(task)
        self._count(task, judged)
        with self._open() as uow:
            uow.submissions.settle_attempt(
                attempt_id,
                GradingStatus.GRADED,
                judged.verdict,
                source=judged.source,
                answer_digest=judged.digest,
            )

    def grade_submission(self, submission_id: UUID) -> None:
        """Grade a submission and record evaluation, status and memory, all or nothing.

        Raises:
            KernelUnavailable: Nothing was recorded; the job should run again.
        """
        with self._open() as uow:
            submission = uow.submissions.submission(submission_id)
            if submission.status.settled:
                return
            if submission.status is GradingStatus.QUEUED:
                waited = (uow.now() - submission.submitted_at).total_seconds()
                self._meter.waited(GradingKind.SUBMISSION, waited)
            task = self._task(uow, GradingKind.SUBMISSION, submission)
            known = self._known(uow, task, FIRST_RUN) or self._known(uow, task, None)
            uow.submissions.set_status(submission_id, GradingStatus.RUNNING)
        if not task.tests:
            self._settle(submission_id, GradingStatus.NEEDS_REVIEW)
            return
        judged = known or self._judge(task)
        self._count(task, judged)
        self._record(submission, task.revision, judged, FIRST_RUN)

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
                    GRADE_WITHHELD,
                    subject_id=submission_id,
                    priority=priority(REGRADE_PRIORITY, submission.number - 1),
                    at=later,
                )
                return
            task = self._task(uow, GradingKind.WITHHELD, submission)
        judged = self._judge(task)
        self._count(task, judged)
        # Where every test is withheld this is the first run, and what memory learns of.
        first = all(test.visibility is Visibility.WITHHELD for test in task.tests)
        self._record(submission, revision, judged, FIRST_RUN if first else WITHHELD_RUN)

    def _record(
        self, submission: Submission, revision: Revision, judged: "_Judged", run: str
    ) -> None:
        content, verdict = revision.content, judged.verdict
        with self._open() as uow:
            evaluation = Evaluation(
                id=uuid7(),
                submission_id=submission.id,
                evaluator=Evaluator.TESTS,
                score=verdict.score,
                verdict=verdict,
                feedback="",
                created_at=uow.now(),
                source=judged.source,
                seed=judged.seed,
            )
            if not uow.submissions.add_evaluation(evaluation, run, judged.digest):
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

    def _task(self, uow: UnitOfWork, kind: GradingKind, of: "Attempt | Submission") -> "_Task":
        """Return what there is to do; withheld tests are left out until their time has come."""
        revision = uow.courses.revision(of.revision_id)
        withheld = kind is GradingKind.WITHHELD
        tests = tuple(
            test
            for test in revision.content.tests
            if withheld or test.visibility is not Visibility.WITHHELD
        )
        # What a later run with every test says is asked for once, and nobody waits for it.
        reusable = bool(self._engine) and not withheld and not revision.content.random
        asked = all(isinstance(test.spec, Question) for test in tests)
        digest = answer_digest(of.answer, self._engine) if reusable and not asked else None
        return _Task(
            kind=kind,
            revision=revision,
            tests=tests,
            answer=of.answer,
            files=uow.courses.files(revision.id),
            digest=digest,
            # The same when it is tried again.
            seed=of.id.int % _SEEDS if revision.content.random else 0,
        )

    def _known(self, uow: UnitOfWork, task: "_Task", run: str | None) -> "_Judged | None":
        """Return the verdict on an identical answer, of that run of a submission or of a check."""
        if task.digest is None:
            return None
        found = uow.submissions.identical(task.revision.id, task.digest, run)
        if found is None or not is_reusable(found[1], task.tests):
            return None
        source, verdict = found
        return _Judged(verdict, source, task.digest)

    def _judge(self, task: "_Task") -> "_Judged":
        """Run the tests, or compare the responses of a quiz."""
        content = task.revision.content
        if all(isinstance(test.spec, Question) for test in task.tests):
            language = next(iter(content.texts))
            return _Judged(judge_responses(task.tests, task.answer.responses, language))
        plan = RunPlan(
            setup=content.setup,
            cells=task.answer.cells,
            tests=task.tests,
            limits=content.limits,
            files=task.files,
            seed=task.seed,
        )
        report = self._run(task.kind, plan)
        self._rest(held_back(report.sealed_seconds))
        verdict = judge(task.tests, report, content.limits)
        digest = task.digest if is_reusable(verdict, task.tests) else None
        return _Judged(verdict, None, digest, task.seed)

    def _run(self, kind: GradingKind, plan: RunPlan) -> TestReport:
        begun = time.monotonic()
        report: TestReport | None = None
        self._meter.began(kind)
        try:
            report = self._runner.run(plan)
        finally:
            self._meter.ended(kind, time.monotonic() - begun, report)
        return report

    def _count(self, task: "_Task", judged: "_Judged") -> None:
        """Note how long it took: the mean follows the latest dozen or so."""
        self._meter.judged(task.kind, judged.verdict, reused=judged.source is not None)
        took, before = time.monotonic() - task.begun, self._run_seconds
        self._run_seconds = took if before is None else before + (took - before) / _REMEMBERED


@dataclass(frozen=True, slots=True)
class _Task:
    """What there is to judge; the digest is None where no earlier report may answer for it."""

    kind: GradingKind
    revision: Revision
    tests: tuple[TestCase, ...]
    answer: Answer
    files: tuple[DataFile, ...]
    digest: str | None
    seed: int
    begun: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A verdict, whose run it is of, the digest by which identical answers find it, the seed."""

    verdict: Verdict
    source: UUID | None = None
    digest: str | None = None
    seed: int = 0


def _too_early(submission: Submission, revision: Revision, now: datetime) -> datetime | None:
    """Return when to run withheld tests instead of now, or None when it is time."""
    due_at = revision.content.due_at
    if due_at is not None and now < due_at:
        return due_at
    return None if submission.status.settled else now + UNTIL_FIRST_GRADED
