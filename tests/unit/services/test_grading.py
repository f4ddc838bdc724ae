"""The jobs that run tests: what they record, and that they record it once, whole or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from jupyter_tutor.domain.errors import KernelUnavailable, NotFound
from jupyter_tutor.domain.evaluations import Evaluator, Outcome, for_learner
from jupyter_tutor.domain.exercises import Visibility
from jupyter_tutor.domain.memory import LearnerMemory
from jupyter_tutor.domain.observations import CellSource, RunPlan, TestReport
from jupyter_tutor.domain.submissions import Answer, GradingStatus
from jupyter_tutor.services.grading import (
    FIRST_RUN,
    UNTIL_FIRST_GRADED,
    WITHHELD_RUN,
    GradingService,
)
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.remembering import rebuild
from jupyter_tutor.services.submissions import GRADE_ATTEMPT, GRADE_SUBMISSION, GRADE_WITHHELD
from jupyter_tutor.testing import ScriptedTestRunner
from tests import small_course
from tests.small_course import COURSE, DUE, ENDLESS, EXAM, PARTIAL, RAISING, RIGHT, WRONG
from tests.unit.services.desk import Desk, outcomes

LATE = {"last([1, 2])": "passed", "last('abc')": "passed", "last([[]])": "passed"}


def test_a_check_settles_with_a_verdict_and_no_grade(desk: Desk) -> None:
    attempt = desk.check(PARTIAL)
    desk.work()
    judged = desk.judged(attempt)

    assert judged.status is GradingStatus.GRADED
    assert judged.finished_at is not None
    assert outcomes(judged.verdict) == {
        "double(1)": "passed",
        "double(3)": "passed",
        "double(-4)": "failed",
    }
    assert judged.verdict is not None
    assert judged.verdict.score == 0.5
    assert _memory_is_empty(desk)


@pytest.mark.parametrize(
    ("source", "score", "outcome"),
    [
        (RIGHT, 1.0, Outcome.PASSED),
        (WRONG, 0.0, Outcome.FAILED),
        (RAISING, 0.0, Outcome.ERROR),
        (ENDLESS, 0.0, Outcome.TIMEOUT),
        ("nothing of the script", 0.0, Outcome.ERROR),
    ],
)
def test_a_submission_gets_one_evaluation(
    desk: Desk, source: str, score: float, outcome: Outcome
) -> None:
    submission = desk.submit(source)
    desk.work()
    graded = desk.graded(submission)

    assert (graded.status, graded.score) == (GradingStatus.GRADED, score)
    (evaluation,) = graded.evaluations
    assert evaluation.evaluator is Evaluator.TESTS
    assert evaluation.verdict is not None
    assert evaluation.verdict.results[0].outcome is outcome


def test_the_plan_holds_what_the_exercise_says_and_no_withheld_test(desk: Desk) -> None:
    desk.submit(EXAM, "exam")
    desk.work()
    (plan,) = desk.runner.plans

    assert [test.visibility for test in plan.tests] == [Visibility.PUBLIC] * 2
    assert [cell.id for cell in plan.cells] == ["answer"]
    assert plan.limits == small_course.content()[1].exercises[2].limits


def test_several_answer_cells_run_in_order(desk: Desk) -> None:
    with desk.database() as uow:
        cells = uow.courses.latest_revision(COURSE, "parts").content.answer_cells
    assert [cell.id for cell in cells] == ["part-a", "part-b"]
    answer = Answer((CellSource("part-a", "a = 1"), CellSource("part-b", "b = 2")))
    submission = desk.submit(answer, "parts")
    desk.work()

    assert desk.graded(submission).score == 1


def test_a_quiz_is_graded_without_a_kernel(desk: Desk) -> None:
    desk.runner.unavailable = True
    right = desk.submit(Answer((), {"slices": "b", "pi": 3.14}), "slicing")
    half = desk.submit(Answer((), {"slices": "b", "pi": 3}), "slicing")
    empty = desk.submit(Answer(), "slicing")
    desk.work()

    assert [desk.graded(each).score for each in (right, half, empty)] == [1.0, 0.5, 0.0]
    assert desk.runner.plans == []


def test_a_repeated_job_records_nothing_twice(desk: Desk) -> None:
    attempt, submission = desk.check(), desk.submit()
    desk.work()
    before = desk.database.tables.copy()
    desk.grading.grade_attempt(attempt.id)
    desk.grading.grade_submission(submission.id)

    assert desk.database.tables == before
    assert len(desk.runner.plans) == 2


def test_two_workers_with_the_same_job_record_one_evaluation(desk: Desk) -> None:
    """The second has run the tests already when the first records."""
    submission = desk.submit()
    slow = _Watched(lambda: desk.grading.grade_submission(submission.id))
    GradingService(desk.database, slow).grade_submission(submission.id)

    assert len(slow.plans) == len(desk.runner.plans) == 1
    assert len(desk.graded(submission).evaluations) == 1
    assert _memory(desk).n == 1


def test_without_a_kernel_nothing_is_recorded(desk: Desk) -> None:
    attempt, submission = desk.check(), desk.submit()
    desk.runner.unavailable = True
    with pytest.raises(KernelUnavailable):
        desk.grading.grade_attempt(attempt.id)
    with pytest.raises(KernelUnavailable):
        desk.grading.grade_submission(submission.id)

    assert (desk.judged(attempt).status, desk.judged(attempt).verdict) == ("queued", None)
    assert (desk.graded(submission).status, desk.graded(submission).evaluations) == ("running", ())
    assert _memory_is_empty(desk)

    desk.runner.unavailable = False
    desk.grading.grade_attempt(attempt.id)
    desk.grading.grade_submission(submission.id)
    assert desk.judged(attempt).status is GradingStatus.GRADED
    assert desk.graded(submission).score == 1


def test_no_transaction_is_open_while_tests_run(desk: Desk) -> None:
    """Another transaction would wait for thirty seconds and fail."""
    seen = []

    def look() -> None:
        with desk.database() as uow:
            seen.append(uow.submissions.submission(submission.id).status)

    submission = desk.submit()
    GradingService(desk.database, _Watched(look)).grade_submission(submission.id)

    assert seen == [GradingStatus.RUNNING]


def test_a_failure_while_recording_leaves_nothing_half_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    submission = desk.submit()

    def fail(*_: object) -> None:
        raise RuntimeError("in the middle of recording")

    with monkeypatch.context() as broken:
        broken.setattr("jupyter_tutor.services.grading.remember", fail)
        with pytest.raises(RuntimeError, match="in the middle"):
            desk.grading.grade_submission(submission.id)
    assert desk.graded(submission).evaluations == ()
    assert not desk.database.tables.runs

    desk.grading.grade_submission(submission.id)
    assert desk.graded(submission).score == 1


def test_a_job_that_failed_for_good_is_ours_and_no_verdict(desk: Desk) -> None:
    attempt, submission = desk.check(), desk.submit()
    desk.grading.give_up(GRADE_ATTEMPT, attempt.id)
    desk.grading.give_up(GRADE_SUBMISSION, submission.id)
    desk.grading.give_up("estimate_difficulties", uuid7())

    assert (desk.judged(attempt).status, desk.judged(attempt).verdict) == ("failed", None)
    assert (desk.graded(submission).status, desk.graded(submission).score) == ("failed", None)
    assert _memory_is_empty(desk)
    # It used up no place in the queue, and the jobs that are still there find it settled.
    desk.work()
    assert desk.runner.plans == []


def test_giving_up_changes_nothing_that_is_settled(desk: Desk) -> None:
    attempt, submission = desk.check(), desk.submit()
    desk.work()
    desk.grading.give_up(GRADE_ATTEMPT, attempt.id)
    desk.grading.give_up(GRADE_SUBMISSION, submission.id)

    assert desk.judged(attempt).status is GradingStatus.GRADED
    assert desk.graded(submission).score == 1


def test_a_job_for_a_row_that_is_gone_says_so(desk: Desk) -> None:
    for job in desk.grading.jobs.values():
        with pytest.raises(NotFound):
            job(uuid7())


def test_withheld_tests_run_after_the_due_date(desk: Desk) -> None:
    submission = desk.submit(EXAM, "exam")
    desk.work()
    first = desk.graded(submission)
    assert (first.score, len(outcomes(first.evaluations[0].verdict))) == (1.0, 2)
    assert [job.at for job in desk.database.jobs if job.name == GRADE_WITHHELD] == [DUE]

    desk.clock.now = DUE
    desk.work()
    second = desk.graded(submission)
    assert [each.score for each in second.evaluations] == [1.0, 1.0]
    assert outcomes(second.evaluations[1].verdict) == LATE
    assert {run for _, run in desk.database.tables.runs} == {FIRST_RUN, WITHHELD_RUN}


def test_withheld_tests_change_the_grade_but_not_what_was_learned(desk: Desk) -> None:
    submission = desk.submit("def last(items):\n    return items[0]", "exam")
    desk.work()
    memory = _memory(desk)
    desk.clock.now = DUE
    desk.work()

    graded = desk.graded(submission)
    assert [round(each.score, 3) for each in graded.evaluations] == [0, 0.333]
    assert graded.score == graded.evaluations[1].score
    assert _memory(desk) == memory


def test_an_exercise_whose_every_test_is_withheld_enters_memory_when_they_have_run(
    desk: Desk,
) -> None:
    revisions = desk.database.tables.revisions
    (exam,) = (each for each in revisions.values() if each.content.slug == "exam")
    tests = tuple(replace(test, visibility=Visibility.WITHHELD) for test in exam.content.tests)
    revisions[exam.id] = replace(exam, content=replace(exam.content, tests=tests))
    submission = desk.submit(EXAM, "exam")
    desk.work()
    assert desk.graded(submission).status is GradingStatus.NEEDS_REVIEW
    assert _memory_is_empty(desk)

    desk.clock.now = DUE
    desk.work()
    assert desk.graded(submission).status is GradingStatus.GRADED
    assert _memory(desk).n == 1
    assert rebuild(desk.database, COURSE).differing == 0
    desk.grading.grade_withheld(submission.id)
    assert len(desk.graded(submission).evaluations) == 1


def test_withheld_tests_never_run_early(desk: Desk) -> None:
    submission = desk.submit(EXAM, "exam")
    desk.work()
    desk.grading.grade_withheld(submission.id)

    assert len(desk.graded(submission).evaluations) == 1
    assert len(desk.runner.plans) == 1
    assert [job.at for job in desk.database.jobs if job.name == GRADE_WITHHELD] == [DUE, DUE]
    desk.clock.now = DUE
    desk.work()
    assert len(desk.graded(submission).evaluations) == 2


def test_withheld_tests_wait_for_the_first_grading(desk: Desk) -> None:
    """Handed in at the last second: both jobs are due at once, and the later evaluation counts."""
    desk.clock.now = DUE - timedelta(seconds=1)
    submission = desk.submit(EXAM, "exam")
    desk.clock.now = DUE
    assert desk.database.run_jobs({GRADE_WITHHELD: desk.grading.grade_withheld}) == 1
    assert desk.graded(submission).evaluations == ()

    assert desk.work() == 1
    assert len(desk.graded(submission).evaluations) == 1
    desk.clock.now += UNTIL_FIRST_GRADED
    desk.work()
    assert outcomes(desk.graded(submission).evaluations[1].verdict) == LATE
    assert _memory(desk).n == 1


def test_what_learners_see_of_secret_tests_has_no_values(desk: Desk) -> None:
    submission = desk.submit(WRONG)
    desk.work()
    verdict = desk.graded(submission).evaluations[0].verdict
    assert verdict is not None
    shown = for_learner(verdict).results[2]

    assert verdict.results[2].expected == "-8"
    assert (shown.expected, shown.got, shown.called, shown.difference) == ("", "", "", "")


class _Watched(ScriptedTestRunner):
    """Does something else before each run."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__(small_course.runner().answers)
        self._act = act

    def run(self, plan: RunPlan) -> TestReport:
        self._act()
        return super().run(plan)


def _memory(desk: Desk) -> LearnerMemory:
    with desk.database() as uow:
        memory = uow.memories.load(desk.ada, COURSE)
    assert memory is not None
    return memory


def _memory_is_empty(desk: Desk) -> bool:
    with desk.database() as uow:
        return uow.memories.load(desk.ada, COURSE) is None


def test_how_long_secret_tests_took_is_told_in_large_steps_only(desk: Desk) -> None:
    class Slow(ScriptedTestRunner):
        def run(self, plan: RunPlan) -> TestReport:
            return replace(super().run(plan), sealed_seconds=0.57)

    rests: list[float] = []
    runner = Slow(desk.runner.answers, desk.runner.default)
    desk.grading = GradingService(desk.database, runner, rest=rests.append)
    desk.submit(PARTIAL)
    desk.work()

    assert rests == [pytest.approx(0.43)]
