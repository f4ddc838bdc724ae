"""Identical answers: which reports are reused, and that all else stays as if they had been run."""

from dataclasses import replace

import pytest

from jupyter_tutor.domain.submissions import Submission
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.remembering import rebuild
from jupyter_tutor.services.submissions import Request
from tests import small_course
from tests.small_course import COURSE, ENDLESS, EXAM, PARTIAL, RIGHT, WRONG
from tests.unit.services.desk import BOB, Desk, outcomes


@pytest.fixture
def desk() -> Desk:
    """The services, with reports that are reused."""
    desk = Desk()
    desk.grading = GradingService(desk.database, desk.runner, engine="1")
    return desk


def _runs(desk: Desk) -> int:
    desk.work()
    return len(desk.runner.plans)


def _bob_submits(desk: Desk, source: str) -> Submission:
    request: Request = desk.request(learner=desk.person(BOB))
    return desk.submissions.submit(request, small_course.answer(source), None)


def test_a_second_check_of_the_same_answer_is_not_run(desk: Desk) -> None:
    first = desk.check(PARTIAL)
    assert _runs(desk) == 1
    second = desk.check(PARTIAL + "  \n\n")
    assert _runs(desk) == 1

    run, reused = desk.judged(first), desk.judged(second)
    assert (run.source, reused.source) == (None, first.id)
    assert reused.verdict == run.verdict
    assert reused.status is run.status
    assert reused.finished_at is not None


def test_a_third_names_the_one_that_was_run(desk: Desk) -> None:
    first = desk.check()
    desk.work()
    desk.check()
    desk.work()
    third = desk.check()
    desk.work()

    assert desk.judged(third).source == first.id


def test_a_submission_gets_the_verdict_of_a_check_or_of_anybody_elses_submission(
    desk: Desk,
) -> None:
    check = desk.check(PARTIAL)
    desk.work()
    mine = desk.submit(PARTIAL)
    assert _runs(desk) == 1
    desk.work()
    theirs = _bob_submits(desk, PARTIAL)
    assert _runs(desk) == 1

    (evaluation,) = desk.graded(mine).evaluations
    (other,) = desk.graded(theirs).evaluations
    assert evaluation.source == other.source == check.id
    assert evaluation.score == other.score == 0.5
    assert outcomes(evaluation.verdict) == outcomes(desk.judged(check).verdict)


def test_what_a_submission_was_told_of_secret_tests_reaches_no_check(desk: Desk) -> None:
    desk.submit(PARTIAL)
    assert _runs(desk) == 1
    attempt = desk.check(PARTIAL)

    assert _runs(desk) == 2
    assert desk.judged(attempt).source is None


def test_memory_is_the_same_as_when_it_is_run(desk: Desk) -> None:
    running = Desk()
    for each in (desk, running):
        for source in (WRONG, WRONG, RIGHT):
            each.submit(source)
            each.work()
    memories = []
    for each in (desk, running):
        with each.database() as uow:
            memories.append(uow.memories.load(each.ada, COURSE))

    assert (len(desk.runner.plans), len(running.runner.plans)) == (2, 3)
    assert memories[0] is not None
    assert memories[0] == memories[1]
    assert rebuild(desk.database, COURSE).differing == 0


def test_what_ran_out_of_time_is_run_again(desk: Desk) -> None:
    for runs in (1, 2):
        attempt = desk.check(ENDLESS)
        assert _runs(desk) == runs
        assert desk.judged(attempt).source is None


def test_another_answer_revision_or_engine_is_run(desk: Desk) -> None:
    desk.check(RIGHT)
    assert _runs(desk) == 1
    desk.check(WRONG)
    assert _runs(desk) == 2
    desk.grading = GradingService(desk.database, desk.runner, engine="2")
    desk.check(RIGHT)
    assert _runs(desk) == 3
    small_course.publish(desk.database, heading="Something else")
    desk.check(RIGHT)
    assert _runs(desk) == 4


def test_without_an_engine_nothing_is_reused(desk: Desk) -> None:
    desk.grading = GradingService(desk.database, desk.runner)
    for runs in (1, 2):
        desk.check()
        assert _runs(desk) == runs


def test_a_random_exercise_is_always_run(desk: Desk) -> None:
    tables = desk.database.tables
    for key, revision in tables.revisions.items():
        tables.revisions[key] = replace(revision, content=replace(revision.content, random=True))
    for runs in (1, 2):
        desk.check()
        assert _runs(desk) == runs


def test_withheld_tests_are_run_for_everybody(desk: Desk) -> None:
    desk.submit(EXAM, "exam")
    desk.work()
    desk.submit(EXAM, "exam")
    assert _runs(desk) == 1
    desk.clock.now = small_course.DUE
    desk.clock.pass_(hours=1)

    assert _runs(desk) == 3
    assert [len(plan.tests) for plan in desk.runner.plans] == [2, 3, 3]


def test_the_time_gradings_take_is_known_after_the_first(desk: Desk) -> None:
    before = desk.grading.run_seconds
    desk.check()
    desk.work()
    after = desk.grading.run_seconds

    assert before is None
    assert after is not None
    assert after >= 0
