"""Hints by the ladder: one ladder for every tab, nothing given twice, nothing in a transaction."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from jupyter_tutor.domain.errors import IdempotencyKeyReused, ModelUnavailable, NotFound
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import (
    HintDraft,
    HintRequest,
    HintSource,
    Offer,
    Wait,
    WaitFor,
)
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.services.ladders import RUNS_THAT_COUNT
from jupyter_tutor.services.tutoring import HelpGiven
from tests import small_course
from tests.small_course import COURSE, PARTIAL, RAISING, RIGHT, WRONG
from tests.unit.services.desk import BOB, Desk


def test_before_any_run_there_is_a_nudge_and_no_result(desk: Desk) -> None:
    help_given = desk.hint()

    assert help_given.hint is not None
    assert (help_given.hint.level, help_given.hint.source) == (HintLevel.NUDGE, HintSource.AUTHOR)
    assert help_given.hint.text == "A hint: the nudge."
    assert list(help_given.hints) == [help_given.hint]
    assert help_given.deepest is HintLevel.STEPS
    assert isinstance(help_given.step, Wait)


def test_a_failed_run_is_explained_first(desk: Desk) -> None:
    desk.check(WRONG)
    desk.work()
    first, second = desk.hint(), desk.hint()

    assert first.hint is not None
    assert (first.hint.level, first.hint.source) == (HintLevel.RESULT, HintSource.RULES)
    assert "double(1)" in first.hint.text
    assert second.hint is not None
    assert second.hint.level is HintLevel.NUDGE
    assert [hint.level for hint in second.hints] == [0, 1]


def test_the_ladder_paces_itself(desk: Desk) -> None:
    for source in (RAISING, WRONG):
        desk.check(source)
        desk.work()
    levels = [desk.hint().hint, desk.hint().hint]
    refused = desk.hint()
    assert [hint.level for hint in levels if hint] == [HintLevel.RESULT, HintLevel.NUDGE]
    assert refused.hint is None
    assert isinstance(refused.step, Wait)
    assert refused.step.waits_for is WaitFor.TIME_OR_CHANGED_RUN

    desk.clock.pass_(seconds=61)
    third = desk.hint().hint
    assert third is not None
    assert third.level is HintLevel.CONCEPT
    # Reading is not enough for the pointer and the steps: something else has to be tried.
    desk.clock.pass_(days=1)
    assert desk.hint().hint is None
    desk.check(f"{WRONG}\n\nmark = 1")
    desk.work()
    fourth = desk.hint().hint
    assert fourth is not None
    assert fourth.level is HintLevel.POINTER
    assert desk.hint().hint is None
    desk.check(PARTIAL)
    desk.work()
    # Secret tests alone fail, so that the run itself says nothing.
    told = desk.hint().hint
    assert told is not None
    assert told.level is HintLevel.RESULT
    last = desk.hint()
    assert last.hint is not None
    assert (last.hint.level, last.hint.text) == (HintLevel.STEPS, "A hint: the steps.")
    assert isinstance(last.step, Wait)
    assert last.step.waits_for is WaitFor.NOTHING


def test_who_passed_needs_no_hint(desk: Desk) -> None:
    desk.submit(RIGHT)
    desk.work()
    help_given = desk.hint()

    assert help_given.hint is None
    assert isinstance(help_given.step, Wait)
    assert help_given.hints == ()


def test_the_latest_run_counts_be_it_check_or_submission(desk: Desk) -> None:
    desk.submit(WRONG)
    desk.check(RAISING)
    desk.work()
    hint = desk.hint().hint

    assert hint is not None
    assert "nothing" in hint.text


def test_a_repeat_gets_the_same_hint(desk: Desk) -> None:
    first = desk.hint(key="the-same-key")
    desk.clock.pass_(minutes=5)
    again = desk.hint(key="the-same-key")

    assert first.hint == again.hint
    assert len(again.hints) == 1
    with pytest.raises(IdempotencyKeyReused):
        desk.hint(key="the-same-key", language="bn")
    with pytest.raises(IdempotencyKeyReused):
        desk.hint("exam", key="the-same-key")


def test_a_repeat_of_a_request_that_gave_nothing_gives_nothing(desk: Desk) -> None:
    desk.hint()
    assert desk.hint(key="the-same-key").hint is None
    desk.clock.pass_(minutes=5)

    again = desk.hint(key="the-same-key")
    assert again.hint is None
    assert isinstance(again.step, Offer)
    assert len(again.hints) == 1


def test_two_tabs_at_the_same_moment_climb_one_rung(desk: Desk) -> None:
    """The other tab asks, and is answered, while the hint for this one is being made."""
    others: list[HelpGiven] = []
    with ThreadPoolExecutor(1) as another:
        model = _Model(lambda: others.append(another.submit(desk.hint).result()))
        ours = asyncio.run(desk.hinting_with(model).hint(desk.request(), "en"))

    assert ours.hint is not None
    assert ours.hint == others[0].hint
    assert len(ours.hints) == 1
    assert len(desk.database.tables.hints) == 1


def test_a_hint_that_was_overtaken_by_success_is_not_given(desk: Desk) -> None:
    def pass_meanwhile() -> None:
        desk.submit(RIGHT)
        desk.work()

    desk.hinting = desk.hinting_with(_Model(pass_meanwhile))
    help_given = desk.hint()

    assert help_given.hint is None
    assert isinstance(help_given.step, Wait)
    assert not desk.database.tables.hints


def test_a_model_that_fails_gives_no_rung_away(desk: Desk) -> None:
    def fail() -> None:
        raise ModelUnavailable("The model does not answer. Try again in a moment.")

    desk.hinting = desk.hinting_with(_Model(fail))
    with pytest.raises(ModelUnavailable):
        desk.hint(key="the-same-key")

    assert not desk.database.tables.hints
    desk.hinting = desk.hinting_with(OfflineHintModel())
    again = desk.hint(key="the-same-key").hint
    assert again is not None
    assert again.level is HintLevel.NUDGE


def test_once_an_idea_is_named_the_lesson_that_teaches_it_is_linked(desk: Desk) -> None:
    desk.check(WRONG)
    desk.work()
    for _ in range(2):
        assert desk.hint().lesson is None
        desk.clock.pass_(minutes=2)
    link = desk.hint().lesson
    assert link is not None
    # The topic's first exercise stands where it is explained.
    assert (link.lesson, link.exercise, link.title) == ("loops", "double", "Loops")


def test_hints_are_in_the_language_that_was_asked_for(desk: Desk) -> None:
    hint = desk.hint(language="bn").hint

    assert hint is not None
    assert (hint.text, hint.language) == ("একটি ইঙ্গিত।", "bn")


def test_a_hint_is_remembered(desk: Desk) -> None:
    desk.hint()
    desk.submit(RIGHT)
    desk.work()

    with desk.database() as uow:
        memory = uow.memories.load(desk.ada, COURSE)
    assert memory is not None
    assert (memory.n, memory.topics["values"].unaided) == (1, 0)


def test_the_ladder_survives_a_new_revision(desk: Desk) -> None:
    desk.hint()
    small_course.publish(desk.database, heading="Twice, said better")

    assert len(desk.tutoring.hints(desk.ada, COURSE, "double", "en").hints) == 1
    assert desk.hint().hint is None


def climbed(desk: Desk) -> None:
    """Take the result, the nudge and the idea."""
    for source in (RIGHT, RAISING, WRONG):
        desk.check(source)
        desk.work()
    assert [given.level for _ in range(2) if (given := desk.hint().hint)] == [0, 1]
    desk.clock.pass_(seconds=61)
    third = desk.hint().hint
    assert third is not None
    assert third.level is HintLevel.CONCEPT


def test_running_the_same_however_often_opens_nothing(desk: Desk) -> None:
    climbed(desk)
    for _ in range(RUNS_THAT_COUNT + 2):
        desk.check(WRONG)
        desk.work()
        refused = desk.hint()
        assert refused.hint is None
        assert isinstance(refused.step, Wait)
        assert refused.step.waits_for is WaitFor.CHANGED_RUN
    desk.check(RAISING)
    desk.work()
    given = desk.hint().hint
    assert given is not None
    assert given.level is HintLevel.POINTER


def test_runs_without_a_verdict_do_not_hide_what_was_run_before(desk: Desk) -> None:
    climbed(desk)
    with desk.database() as uow:
        revision = uow.courses.latest_revision(COURSE, "double")
        for _ in range(RUNS_THAT_COUNT):
            lost = uow.submissions.add_attempt(desk.ada, revision.id, small_course.answer(PARTIAL))
            uow.submissions.settle_attempt(lost.id, GradingStatus.FAILED, None)
    desk.check(WRONG)
    desk.work()
    assert desk.hint().hint is None


def test_in_an_exam_every_failing_run_is_explained(desk: Desk) -> None:
    with desk.database() as uow:
        uow.hint_settings.save(COURSE, HintSettings(exam=True))
    texts = []
    for source in (WRONG, RAISING, WRONG):
        desk.check(source)
        desk.work()
        told = desk.hint()
        assert told.hint is not None
        assert (told.hint.level, told.hint.cost) == (HintLevel.RESULT, 0)
        texts.append(told.hint.text)
        assert desk.hint().hint is None
    assert texts[0] == texts[2] != texts[1]


@pytest.mark.parametrize(
    ("error", "level"),
    [
        (NameError("name 'y' is not defined"), HintLevel.POINTER),
        (NotImplementedError(), HintLevel.NUDGE),
    ],
)
def test_a_pointer_begins_where_an_error_can_be_pointed_at(
    desk: Desk, error: Exception, level: HintLevel
) -> None:
    """And not where nothing is written yet."""
    calls = dict.fromkeys(desk.runner.answers[WRONG], error)
    source = "def double(x):\n    # stops"
    desk.runner.answers[source] = calls
    desk.check(source)
    desk.work()
    first, second = desk.hint().hint, desk.hint().hint
    assert first is not None
    assert second is not None
    assert (first.level, second.level) == (HintLevel.RESULT, level)


def test_a_result_of_an_older_run_is_not_given_for_a_newer_one(desk: Desk) -> None:
    """The run passes while the result is made: what was told of another run is no answer."""
    desk.check(WRONG)
    desk.work()
    assert desk.hint().hint is not None
    with desk.database() as uow:
        uow.hint_settings.save(COURSE, HintSettings(exam=True))
    desk.check(RAISING)
    desk.work()

    def pass_meanwhile() -> None:
        desk.submit(RIGHT)
        desk.work()

    desk.hinting = desk.hinting_with(_Model(pass_meanwhile))
    assert desk.hint().hint is None


def test_hints_of_an_exercise_that_was_corrected_are_given_anew_for_nothing(desk: Desk) -> None:
    costs = {HintLevel.NUDGE: 1.0, HintLevel.CONCEPT: 2.0}
    with desk.database() as uow:
        said = HintSettings(deepest=HintLevel.CONCEPT, most_hints=2, costs=costs)
        uow.hint_settings.save(COURSE, said)
    desk.check(WRONG)
    desk.work()
    for _ in range(3):
        assert desk.hint(accept_cost=2.0).hint is not None
        desk.clock.pass_(seconds=61)
    assert desk.hint(accept_cost=2.0).hint is None
    small_course.publish(desk.database, heading="Twice, said better")

    again = desk.hint()
    assert again.hint is not None
    assert again.hint.level is HintLevel.NUDGE
    assert (again.hint.cost, again.hints_left) == (0, 0)
    assert isinstance(again.step, Wait)
    desk.clock.pass_(seconds=61)
    idea = desk.hint().hint
    assert idea is not None
    assert (idea.level, idea.cost) == (HintLevel.CONCEPT, 0)
    desk.clock.pass_(seconds=61)
    assert desk.hint().hint is None
    assert desk.submit(RIGHT).points_lost == 3


def test_other_peoples_hints_are_not_ours(desk: Desk) -> None:
    desk.hint()

    assert desk.tutoring.hints(desk.person(BOB), COURSE, "double", "en").hints == ()


def test_what_does_not_exist_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        asyncio.run(desk.hinting.hint(replace(desk.request(), course="nowhere"), "en"))
    with pytest.raises(NotFound):
        desk.hint("nothing")
    with pytest.raises(NotFound):
        desk.tutoring.hints(desk.ada, COURSE, "nothing", "en")


class _Model(OfflineHintModel):
    """Lets something happen while a hint is made."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act

    def hint(self, request: HintRequest) -> HintDraft:
        self._act()
        return super().hint(request)
