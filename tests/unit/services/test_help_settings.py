"""Settings of help: for instructors alone, each change noted, nothing noted twice."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from jupyter_tutor.domain.errors import IdempotencyKeyReused, InvalidInput, NotAllowed, NotFound
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import Offer
from jupyter_tutor.domain.people import Role
from jupyter_tutor.services.help_settings import HelpSettingsService, Scope
from tests.small_course import COURSE, PARTIAL, RAISING, WRONG
from tests.unit.services.desk import BOB, Desk

EXAM = HintSettings(exam=True)


@pytest.fixture
def bob(desk: Desk) -> UUID:
    """An instructor; Ada is a learner."""
    key = desk.person(BOB)
    with desk.database() as uow:
        uow.people.enroll(key, COURSE, Role.INSTRUCTOR)
        uow.people.enroll(desk.ada, COURSE, Role.LEARNER)
    return key


@pytest.fixture
def service(desk: Desk, bob: UUID) -> HelpSettingsService:
    """The service."""
    return HelpSettingsService(desk.database, desk.access)


def test_each_change_is_noted_and_what_changes_nothing_is_not(
    desk: Desk, bob: UUID, service: HelpSettingsService
) -> None:
    costs = HintSettings(deepest=HintLevel.CONCEPT, costs={HintLevel.STEPS: 1.5})
    service.save(bob, Scope(COURSE), EXAM, "key-1")
    service.save(bob, Scope(COURSE), EXAM, "key-1")
    service.save(bob, Scope(COURSE), EXAM, "key-2")
    service.save(bob, Scope(COURSE, "double"), costs, "key-3")
    service.save(bob, Scope(COURSE, learner_id=desk.ada), HintSettings(exam=False), "key-4")
    service.save(bob, Scope(COURSE), HintSettings(), "key-5")
    noted = [
        (each.actor_id, each.subject, each.details)
        for each in desk.database.audit_events
        if each.action == "hint_settings.changed"
    ]
    assert noted == [
        (bob, "course:small", "small: exam=True"),
        (bob, "exercise:small/double", "small: deepest=2, costs={'steps': 1.5}"),
        (bob, f"person:{desk.ada}", "small: exam=False"),
        (bob, "course:small", "small: nothing"),
    ]
    assert len(service.settings(bob, COURSE)) == 2
    with pytest.raises(IdempotencyKeyReused):
        service.save(bob, Scope(COURSE), EXAM, "key-5")


def test_learners_change_and_read_nothing(desk: Desk, service: HelpSettingsService) -> None:
    for refused in (
        lambda: service.settings(desk.ada, COURSE),
        lambda: service.save(desk.ada, Scope(COURSE), EXAM, "key-1"),
        lambda: service.feedback(desk.ada, COURSE),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(NotFound):
        service.settings(uuid4(), "elsewhere")
    assert not [each for each in desk.database.audit_events if "settings" in each.action]


def test_numbers_that_make_no_sense_are_refused(bob: UUID, service: HelpSettingsService) -> None:
    with pytest.raises(InvalidInput):
        service.save(bob, Scope(COURSE), HintSettings(most_hints=-1), "key-1")


def test_a_bottom_out_is_given_where_an_instructor_allows_it(
    desk: Desk, bob: UUID, service: HelpSettingsService
) -> None:
    for source in (WRONG, RAISING):
        desk.check(source)
        desk.work()
    sources = [f"# {number}\n{WRONG}\nx = {number}" for number in range(8)]
    for source in sources:
        desk.runner.answers[source] = desk.runner.answers[WRONG]

    def climb() -> list[int]:
        levels = []
        for source in sources:
            given = desk.hint()
            levels += [int(given.hint.level)] if given.hint else []
            desk.check(source)
            desk.work()
        return levels

    # After the last rung what each run shows is told, and no more.
    assert climb() == [0, 1, 2, 3, 4, 0, 0, 0]
    service.save(bob, Scope(COURSE), HintSettings(deepest=HintLevel.BOTTOM_OUT), "key-1")
    desk.check(PARTIAL)
    desk.work()
    told = desk.hint().hint
    assert told is not None
    assert told.level is HintLevel.RESULT
    given = desk.hint()
    assert given.hint is not None
    assert given.hint.level is HintLevel.BOTTOM_OUT
    assert "return 2 * x" in given.hint.text
    assert given.to_explain == given.hint
    desk.tutoring.explain(desk.ada, given.hint.id, "Twice is two times.", "key-2")
    asked = desk.tutoring.hints(desk.ada, COURSE, "double", "en")
    assert asked.to_explain is None
    assert asked.explanations[given.hint.id].text == "Twice is two times."


def test_a_price_that_rose_in_the_meantime_is_not_taken(
    desk: Desk, bob: UUID, service: HelpSettingsService
) -> None:
    cheap = HintSettings(costs={HintLevel.NUDGE: 0.5})
    service.save(bob, Scope(COURSE), cheap, "key-1")
    told = desk.hint()
    assert (told.hint, told.step) == (None, Offer(HintLevel.NUDGE, 0.5))
    dear = replace(cheap, costs={HintLevel.NUDGE: 2.0})
    service.save(bob, Scope(COURSE), dear, "key-2")
    again = desk.hint(accept_cost=0.5)
    assert (again.hint, again.step) == (None, Offer(HintLevel.NUDGE, 2.0))
