"""Seeds of runs: 0, but for random exercises, where each submission has its own."""

from dataclasses import replace

from tests import small_course
from tests.small_course import COURSE
from tests.unit.services.desk import Desk


def _make_random(desk: Desk) -> None:
    _, lesson = small_course.content()
    exercises = tuple(
        replace(each, random=True) if each.slug == "double" else each for each in lesson.exercises
    )
    with desk.database() as uow:
        uow.courses.publish_lesson(COURSE, replace(lesson, exercises=exercises), 0)


def _seeds(desk: Desk) -> tuple[list[int], list[int]]:
    """Submit twice; return the seeds of the runs and those stored with the evaluations."""
    ids = [desk.submit().id for _ in range(2)]
    desk.work()
    with desk.database() as uow:
        stored = [uow.submissions.submission(each).evaluations[-1].seed for each in ids]
    return [plan.seed for plan in desk.runner.plans], stored


def test_each_submission_to_a_random_exercise_has_a_seed_of_its_own_that_is_kept(
    desk: Desk,
) -> None:
    _make_random(desk)
    run, stored = _seeds(desk)
    assert sorted(run) == sorted(stored)
    assert len(set(stored)) == 2
    assert 0 not in stored


def test_other_exercises_run_with_seed_0(desk: Desk) -> None:
    run, stored = _seeds(desk)
    assert set(run) == set(stored) == {0}
