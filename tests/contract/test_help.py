"""Help in storage: what hints cost, what is said to them, settings."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.exercises import HintLevel, Revision
from jupyter_tutor.domain.hint_feedback import FeedbackMark, HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings, SettingsChain
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.read_models import FeedbackCount
from tests.contract import samples
from tests.contract.samples import COURSE

SETTINGS = HintSettings(
    deepest=HintLevel.BOTTOM_OUT,
    exam=False,
    most_hints=3,
    costs={HintLevel.POINTER: 0.5, HintLevel.STEPS: 1.0},
    model=True,
    chat=False,
    cloud=False,
    conversations_visible=True,
)


def test_what_hints_cost_stays_with_hints_and_later_submissions(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        before = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        evaluation = samples.evaluation(before.id, uow.now(), 0.5)
        uow.submissions.add_evaluation(evaluation, "tests-1")
        for cost in (0.5, 0.25):
            hint = samples.hint(ada.id, collatz.id, uow.now())
            uow.hints.add(replace(hint, cost=cost))
        bob = uow.people.identify(samples.BOB)
        uow.hints.add(replace(samples.hint(bob.id, collatz.id, uow.now()), cost=100.0))
    with open_uow() as uow:
        after = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        uow.submissions.add_evaluation(samples.evaluation(after.id, uow.now(), 1.0), "tests-1")
        uow.submissions.set_status(after.id, GradingStatus.GRADED)
    with open_uow() as uow:
        stored = uow.submissions.submissions(ada.id, collatz.exercise_id)
        assert [each.points_lost for each in stored] == [0.0, 0.75]
        assert uow.submissions.submission(after.id).earned(4.5) == 3.75
        assert [hint.cost for hint in uow.hints.given(ada.id, collatz.exercise_id)] == [0.5, 0.25]
        (standing,) = uow.reads.standings(ada.id, COURSE)
        assert (standing.best_score, standing.best_points) == (1.0, 3.75)


def test_the_best_submission_is_the_one_that_earned_most_after_hints_were_paid(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        first = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        uow.submissions.add_evaluation(samples.evaluation(first.id, uow.now(), 0.8), "tests-1")
        uow.hints.add(replace(samples.hint(ada.id, collatz.id, uow.now()), cost=100.0))
        second = uow.submissions.add_submission(ada.id, collatz.id, samples.answer())
        uow.submissions.add_evaluation(samples.evaluation(second.id, uow.now(), 1.0), "tests-1")
    with open_uow() as uow:
        (standing,) = uow.reads.standings(ada.id, COURSE)
        assert (standing.best_score, standing.passed) == (1.0, True)
        assert standing.best_points == pytest.approx(0.8 * collatz.content.points)
        assert uow.submissions.submission(second.id).earned(4.5) == 0.0


@pytest.mark.parametrize("cost", [-1.0, float("inf"), float("nan")])
def test_a_price_is_a_number_of_points(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, cost: float
) -> None:
    with pytest.raises(InvalidInput), open_uow() as uow:
        uow.hints.add(replace(samples.hint(ada.id, collatz.id, uow.now()), cost=cost))


def test_what_is_said_to_a_hint_is_replaced_and_counted(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        levels = (HintLevel.RESULT, HintLevel.NUDGE, HintLevel.CONCEPT)
        hints = [samples.hint(ada.id, collatz.id, uow.now(), level) for level in levels]
        for hint in hints:
            uow.hints.add(hint)
        slices = uow.courses.latest_revision(COURSE, "slices")
        uow.hints.add(samples.hint(ada.id, slices.id, uow.now()))
        for hint, mark in zip(hints[1:], (FeedbackMark.WRONG, FeedbackMark.HELPFUL), strict=True):
            uow.hints.save_feedback(HintFeedback(hint.id, mark, samples.ODD, uow.now()))
        assert len(uow.hints.feedback(ada.id, collatz.exercise_id)) == 2
        counts = [FeedbackCount("collatz", 2, 1, 0, 1), FeedbackCount("slices", 1, 0, 0, 0)]
        assert uow.teaching.feedback_counts(COURSE) == counts
        assert uow.teaching.feedback_counts("elsewhere") == []
    with open_uow() as uow:
        changed = HintFeedback(hints[1].id, FeedbackMark.NOT_HELPFUL, "", uow.now())
        uow.hints.save_feedback(changed)
        stored = uow.hints.feedback(ada.id, collatz.exercise_id)
        assert stored[hints[1].id] == changed
        assert stored[hints[2].id].text == samples.ODD
        assert uow.teaching.feedback_counts(COURSE)[0] == FeedbackCount("collatz", 2, 1, 1, 0)
        assert uow.hints.feedback(uuid7(), collatz.exercise_id) == {}
    with open_uow() as uow:
        for _ in range(2):
            uow.hints.drop_feedback(changed.hint_id)
        left = uow.hints.feedback(ada.id, collatz.exercise_id)
        assert changed.hint_id not in left
        assert len(left) == 1


def test_an_explanation_is_kept_and_replaced(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        hint = samples.hint(ada.id, collatz.id, uow.now(), HintLevel.BOTTOM_OUT)
        uow.hints.add(hint)
        uow.hints.save_explanation(SelfExplanation(hint.id, "First", uow.now()))
        later = uow.now() + timedelta(minutes=1)
        second = SelfExplanation(hint.id, samples.ODD, later)
        uow.hints.save_explanation(second)
        assert uow.hints.explanations(ada.id, collatz.exercise_id) == {hint.id: second}
        assert uow.hints.explanations(uuid7(), collatz.exercise_id) == {}


def test_nothing_is_said_to_a_hint_that_is_not_there(open_uow: UnitOfWorkFactory) -> None:
    with pytest.raises(NotFound), open_uow() as uow:
        uow.hints.save_feedback(HintFeedback(uuid7(), FeedbackMark.WRONG, "", uow.now()))
    with pytest.raises(NotFound), open_uow() as uow:
        uow.hints.save_explanation(SelfExplanation(uuid7(), "So.", uow.now()))


def test_settings_come_back_by_scope(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    course, exercise = HintSettings(cloud=False), HintSettings(exam=True)
    with open_uow() as uow:
        assert uow.hint_settings.chain(COURSE, collatz.exercise_id, ada.id) == SettingsChain()
        assert uow.hint_settings.save(COURSE, course)
        assert uow.hint_settings.save(COURSE, exercise, exercise="collatz")
        assert uow.hint_settings.save(COURSE, SETTINGS, learner_id=ada.id)
        assert not uow.hint_settings.save(COURSE, SETTINGS, learner_id=ada.id)
    with open_uow() as uow:
        place = (COURSE, collatz.exercise_id, ada.id)
        assert uow.hint_settings.chain(*place) == SettingsChain(course, exercise, SETTINGS)
        nothing = HintSettings()
        quiz = uow.courses.latest_revision(COURSE, "quiz")
        other = uow.hint_settings.chain(COURSE, quiz.exercise_id, uuid7())
        assert other == SettingsChain(course, nothing, nothing)
        assert uow.hint_settings.chain(COURSE, None, None) == other
        scopes = [
            (each.exercise, each.learner_id, each.learner)
            for each in uow.hint_settings.everything(COURSE)
        ]
        assert scopes == [(None, None, ""), ("collatz", None, ""), (None, ada.id, "Ada")]


def test_settings_can_be_for_a_learner_on_one_exercise(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    here, theirs = HintSettings(deepest=HintLevel.BOTTOM_OUT), HintSettings(most_hints=2)
    with open_uow() as uow:
        bob = uow.people.enroll(uow.people.identify(samples.BOB).id, COURSE, Role.LEARNER)
        assert uow.hint_settings.save(COURSE, here, exercise="collatz", learner_id=ada.id)
        assert uow.hint_settings.save(COURSE, theirs, learner_id=ada.id)
        assert not uow.hint_settings.save(COURSE, here, exercise="collatz", learner_id=ada.id)
    with open_uow() as uow:
        chain = uow.hint_settings.chain
        assert chain(COURSE, collatz.exercise_id, ada.id) == SettingsChain(
            learner=theirs, learner_here=here
        )
        quiz = uow.courses.latest_revision(COURSE, "quiz")
        assert chain(COURSE, quiz.exercise_id, ada.id) == SettingsChain(learner=theirs)
        assert chain(COURSE, None, ada.id) == SettingsChain(learner=theirs)
        assert chain(COURSE, collatz.exercise_id, bob.person_id) == SettingsChain()
        scopes = [(each.exercise, each.learner_id) for each in uow.hint_settings.everything(COURSE)]
        assert scopes == [(None, ada.id), ("collatz", ada.id)]
        nothing = HintSettings()
        assert uow.hint_settings.save(COURSE, nothing, exercise="collatz", learner_id=ada.id)
        assert chain(COURSE, collatz.exercise_id, ada.id) == SettingsChain(learner=theirs)


def test_settings_that_say_nothing_leave_nothing(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        assert not uow.hint_settings.save(COURSE, HintSettings())
        uow.hint_settings.save(COURSE, SETTINGS)
        assert uow.hint_settings.save(COURSE, replace(SETTINGS, exam=None))
        assert uow.hint_settings.save(COURSE, HintSettings())
        assert uow.hint_settings.everything(COURSE) == []


def test_since_when_conversations_are_visible(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    """Other settings leave the time alone; switched off and on, it begins anew."""

    def save(settings: HintSettings) -> datetime:
        with open_uow() as uow:
            uow.hint_settings.save(COURSE, settings)
            return uow.now()

    def since() -> datetime | None:
        with open_uow() as uow:
            return uow.hint_settings.visible_since(COURSE)

    assert since() is None
    with open_uow() as uow:  # for a learner or an exercise it says nothing
        uow.hint_settings.save(COURSE, SETTINGS, exercise="collatz")
        uow.hint_settings.save(COURSE, SETTINGS, learner_id=ada.id)
    assert since() is None
    save(replace(SETTINGS, conversations_visible=None))
    assert since() is None
    first = save(SETTINGS)
    assert since() == first
    assert save(replace(SETTINGS, exam=True)) > first
    assert since() == first
    with open_uow() as uow:
        said = uow.hint_settings.chain(COURSE, None, None).course
        assert said == replace(SETTINGS, exam=True)
        assert not uow.hint_settings.save(COURSE, said)
    save(replace(SETTINGS, conversations_visible=False))
    assert since() is None
    again = save(SETTINGS)
    assert since() == again
    save(HintSettings())
    assert since() is None
    with open_uow() as uow, pytest.raises(NotFound):
        uow.hint_settings.visible_since("no-such-course")


def test_settings_belong_to_something_of_the_course(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        uow.courses.save(samples.course("other"))
        uow.people.enroll(uow.people.identify(samples.BOB).id, "other", Role.LEARNER)
    with open_uow() as uow:
        bob = uow.people.identify(samples.BOB).id
        for wrong in ({"exercise": "none"}, {"learner_id": uuid7()}, {"learner_id": bob}):
            with pytest.raises(NotFound):
                uow.hint_settings.save(COURSE, SETTINGS, **wrong)
        for wrong_course in ("nowhere",):
            with pytest.raises(NotFound):
                uow.hint_settings.chain(wrong_course, None, None)
            with pytest.raises(NotFound):
                uow.hint_settings.everything(wrong_course)
        uow.hint_settings.save(COURSE, SETTINGS)
        assert uow.hint_settings.everything("other") == []


def test_twins_and_prices_are_published_with_an_exercise(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    content = replace(
        samples.exercise(), twin="quiz", hint_costs={HintLevel.STEPS: 1.5, HintLevel.NUDGE: 0.0}
    )
    assert content.content_hash != collatz.content.content_hash
    with open_uow() as uow:
        lesson = samples.lesson(exercises=(content, samples.quiz()))
        uow.courses.publish_lesson(COURSE, lesson, 0)
    with open_uow() as uow:
        stored = uow.courses.latest_revision(COURSE, "collatz").content
        assert (stored, stored.content_hash) == (content, content.content_hash)
        outlines = [each for lesson in uow.reads.lessons(COURSE) for each in lesson.exercises]
        assert {each.slug: each.twin for each in outlines} == {
            "collatz": "quiz",
            "quiz": None,
            "slices": None,
        }
