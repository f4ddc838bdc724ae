"""What a learner is shown of an exercise that has changed since they worked on it."""

import re
from dataclasses import replace

import pytest

from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.evaluations import Outcome, TestResult, Verdict
from jupyter_tutor.domain.exercises import Question, Visibility
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.server import views
from tests import small_course
from tests.small_course import COURSE, answer
from tests.unit.services.desk import Desk


def _publish_other_questions(desk: Desk) -> None:
    """Publish the quiz with one question less and another id and points for the other."""
    _, lesson = small_course.content()
    quiz = next(each for each in lesson.exercises if each.slug == "slicing")
    (first, *_) = (test for test in quiz.tests if isinstance(test.spec, Question))
    assert isinstance(first.spec, Question)
    other = replace(first, points=5.0, spec=replace(first.spec, id="other"))
    changed = replace(quiz, tests=(other,))
    exercises = tuple(changed if each is quiz else each for each in lesson.exercises)
    with desk.database() as uow:
        uow.courses.publish_lesson(COURSE, replace(lesson, exercises=exercises), 0)


def test_old_responses_are_shown_with_the_questions_they_answered(desk: Desk) -> None:
    responses = Answer((), {"slices": "b", "pi": "3"})
    desk.check(responses, "slicing")
    desk.submit(responses, "slicing")
    desk.work()
    _publish_other_questions(desk)

    place = (desk.ada, COURSE, "slicing")
    shown = views.exercise(desk.progress.exercise(*place), desk.tutoring.hints(*place, "en"), "en")
    assert [question.id for question in shown.questions] == ["other"]
    assert shown.last_attempt is not None
    assert shown.last_submission is not None
    assert shown.last_submission.points_possible == 2
    for verdict in (shown.last_attempt.verdict, shown.last_submission.evaluations[0].verdict):
        assert verdict is not None
        assert [result.outcome for result in verdict.results] == ["passed", "failed"]
        assert verdict.summary == "1 of 2 answers are right."


@pytest.mark.parametrize(
    ("right", "total", "said"),
    [
        (0, 10, "0 of 10 answers are right."),
        (10, 10, "All answers are right."),
        (1, 1, "Your answer is right."),
        (0, 1, "Your answer is not right yet."),
        (0, 0, "No question of this quiz is judged before the due date."),
    ],
)
def test_quiz_is_summed_up_in_answers(right: int, total: int, said: str) -> None:
    outcomes = [Outcome.PASSED] * right + [Outcome.NOT_RUN] * (total - right)
    results = tuple(TestResult("q", Visibility.PUBLIC, each, 1.0, 0.0) for each in outcomes)
    shown = views.verdict(Verdict(results, (), 0.0), "en", (), quiz=True)
    assert shown.summary == said


def test_starters_are_what_the_learners_copy_begins_with(desk: Desk) -> None:
    place = (desk.ada, COURSE, "parts")
    shown = views.exercise(desk.progress.exercise(*place), desk.tutoring.hints(*place, "en"), "en")
    content = desk.progress.exercise(*place).revision.content
    assert [(cell.id, cell.source) for cell in shown.starters] == [
        (cell.id, cell.starter) for cell in content.answer_cells
    ]
    references = {cell.reference for cell in content.answer_cells}
    assert references.isdisjoint(cell.source for cell in shown.starters)


def test_nothing_that_did_not_run_is_said_to_pass() -> None:
    withheld = TestResult("later", Visibility.WITHHELD, Outcome.PASSED, 1.0, 1.0)
    public = TestResult("now", Visibility.PUBLIC, Outcome.PASSED, 1.0, 1.0)
    shown = [
        views.verdict(Verdict(results, (), 1.0), "en", ()) for results in [(), (withheld, public)]
    ]
    assert [(each.passed, each.summary) for each in shown] == [
        (False, "No test of this exercise runs before the due date."),
        (True, "All tests pass."),
    ]


def test_a_change_of_language_shows_in_what_was_graded_before(desk: Desk) -> None:
    desk.check(answer("def double(x):\n    return x + 1"))
    desk.submit(answer("def double(x):\n    return x + 1"))
    desk.work()
    place = (desk.ada, COURSE, "double")

    def shown(language: str) -> list[str]:
        exercise = desk.progress.exercise(*place)
        reply = views.exercise(exercise, desk.tutoring.hints(*place, language), language)
        assert reply.last_attempt is not None
        assert reply.last_submission is not None
        verdicts = (reply.last_attempt.verdict, reply.last_submission.evaluations[0].verdict)
        return [
            text
            for verdict in verdicts
            if verdict is not None
            for text in (verdict.summary, *(result.message for result in verdict.results))
        ]

    english, bengali = shown("en"), shown("bn")
    assert len(english) == len(bengali) > 4
    assert all(text.isascii() for text in english)
    assert all(re.search("[\u0980-\u09ff]", text) for text in bengali if text)
    assert [bool(text) for text in english] == [bool(text) for text in bengali]


def test_a_course_that_counts_secret_tests_shows_no_single_one(desk: Desk) -> None:
    desk.submit(answer("def double(x):\n    return x + 1"))
    desk.work()
    with desk.database() as uow:
        uow.courses.save(replace(uow.courses.get(COURSE), secret_results=SecretResults.COUNT))
    place = (desk.ada, COURSE, "double")
    shown = desk.progress.exercise(*place)
    reply = views.exercise(shown, desk.tutoring.hints(*place, "en"), "en")
    assert reply.last_submission is not None
    counted = reply.last_submission.evaluations[0].verdict
    assert counted is not None
    secret = [each for each in counted.results if each.visibility is Visibility.SECRET]
    assert [each.name for each in secret] == ["Secret tests"]
    total = len(shown.revision.content.tests)
    assert counted.total_tests == total
    assert secret[0].message == "Passed: 0 of 1. What they try is not shown."
    assert counted.summary == f"{counted.passed_tests} of {total} tests pass."


def test_a_weaker_result_is_labelled() -> None:
    result = TestResult("t", Visibility.PUBLIC, Outcome.PASSED, 1.0, 1.0, weaker=True)
    assert views.verdict(Verdict((result,), (), 1.0), "en", ()).results[0].weaker
