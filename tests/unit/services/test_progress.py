"""A course as one learner sees it, and what the card of an exercise shows."""

from dataclasses import replace

import pytest

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.people import Role
from tests import small_course
from tests.small_course import COURSE, DUE, EXAM, PARTIAL, RIGHT, WRONG
from tests.unit.services.desk import BOB, Desk


def test_a_new_learner_is_enrolled_and_shown_where_to_begin(desk: Desk) -> None:
    course = desk.progress.course(desk.ada, COURSE, "en")

    assert course.enrollment.role is Role.LEARNER
    assert [lesson.slug for lesson in course.lessons] == ["loops"]
    assert [each.slug for each in course.lessons[0].exercises] == [
        "double",
        "parts",
        "exam",
        "slicing",
    ]
    assert course.standings == {}
    assert [(each.topic, each.unlocked) for each in course.mastery] == [
        ("values", True),
        ("loops", False),
    ]
    assert course.next is not None
    assert course.next.slug == "double"
    assert course.next.reason


def test_standings_count_what_was_done(desk: Desk) -> None:
    desk.check(WRONG)
    for source in (PARTIAL, WRONG):
        desk.submit(source)
        desk.work()
    desk.hint()
    desk.hint()
    course = desk.progress.course(desk.ada, COURSE, "en")

    (standing,) = course.standings.values()
    assert (standing.exercise, standing.attempts, standing.submissions) == ("double", 1, 2)
    assert (standing.best_score, standing.passed, standing.hints) == (0.5, False, 1)


def test_passing_moves_mastery_and_the_next_exercise(desk: Desk) -> None:
    before = desk.progress.course(desk.ada, COURSE, "en").mastery[0]
    desk.submit(RIGHT)
    desk.work()
    course = desk.progress.course(desk.ada, COURSE, "en")

    assert course.mastery[0].estimate > before.estimate
    assert (before.n, course.mastery[0].n) == (0, 1)
    assert course.next is not None
    assert course.next.slug != "double"
    (card,) = desk.progress.courses(desk.ada)
    assert (card.slug, card.role, card.exercises, card.passed) == (COURSE, Role.LEARNER, 4, 1)


def test_others_see_nothing_of_it(desk: Desk) -> None:
    desk.submit(RIGHT)
    desk.work()
    bob = desk.person(BOB)

    assert desk.progress.course(bob, COURSE, "en").standings == {}
    exercise = desk.progress.exercise(bob, COURSE, "double")
    assert (exercise.attempts, exercise.last_attempt) == (0, None)
    assert [*exercise.submissions, *exercise.hints] == []


def test_an_exercise_with_everything_on_its_card(desk: Desk) -> None:
    desk.check(WRONG)
    desk.submit(RIGHT)
    desk.hint()
    desk.work()
    exercise = desk.progress.exercise(desk.ada, COURSE, "double")

    assert (exercise.revision.number, exercise.closed) == (1, None)
    assert [exercise.attempts, len(exercise.submissions), len(exercise.hints)] == [1, 1, 1]
    assert exercise.submissions[0].score == 1


def test_a_closed_exercise_says_why(desk: Desk) -> None:
    for _ in range(3):
        desk.submit(EXAM, "exam")
    assert "used all 3" in str(desk.progress.exercise(desk.ada, COURSE, "exam").closed)
    desk.clock.now = DUE
    assert "closed on 2031-05-01" in str(desk.progress.exercise(desk.ada, COURSE, "exam").closed)
    assert desk.progress.exercise(desk.ada, COURSE, "double").closed is None


def test_a_retired_exercise_leaves_the_course_but_not_the_learners_record(desk: Desk) -> None:
    desk.submit(RIGHT)
    desk.work()
    course, lesson = small_course.content()
    with desk.database() as uow:
        kept = replace(lesson, exercises=lesson.exercises[1:])
        uow.courses.save(course)
        uow.courses.publish_lesson(COURSE, kept, 0)

    after = desk.progress.course(desk.ada, COURSE, "en")
    assert "double" not in [each.slug for each in after.lessons[0].exercises]
    assert after.memory.n == 1
    assert desk.submissions.submissions(desk.ada, COURSE, "double")[0][0].score == 1


def test_what_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="The courses are: small"):
        desk.progress.course(desk.ada, "nowhere", "en")
    with pytest.raises(NotFound, match="no exercise 'nothing'"):
        desk.progress.exercise(desk.ada, COURSE, "nothing")
    with pytest.raises(NotFound):
        desk.progress.exercise(desk.ada, "nowhere", "double")
