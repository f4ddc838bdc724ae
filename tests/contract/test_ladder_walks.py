"""Two tabs at once on one ladder, by random walks, on the fake and on PostgreSQL.

Whatever they do, no rung is skipped or given twice, nothing is paid twice, and no cap is passed.
"""

import asyncio
import itertools
from dataclasses import replace
from typing import ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Verdict
from jupyter_tutor.domain.exercises import ExerciseText, HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import Hint, HintDraft, HintRequest, HintSource, Offer
from jupyter_tutor.domain.ladder import READING_TIME, RUNS_BEFORE_STEPS
from jupyter_tutor.domain.people import Identity, Role
from jupyter_tutor.domain.pricing import PRICES
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.submissions import Answer, Attempt, GradingStatus
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.hinting import HintingService, ModelHelp
from jupyter_tutor.services.ladders import RUNS_THAT_COUNT
from jupyter_tutor.services.model_asking import ModelDesk, ModelPlace
from jupyter_tutor.services.model_hints import ModelHints
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.submissions import Request
from jupyter_tutor.services.tutoring import HelpGiven, TutoringService
from jupyter_tutor.services.usage import UsageService
from jupyter_tutor.testing import InMemoryDatabase, ScriptedTutorModel
from tests.contract import samples
from tests.contract.samples import COURSE

EVERY = tuple(HintLevel)
SAID = "What does your loop hold in its first round?"
PLACE = ModelPlace(
    model="claude-haiku-5-5",
    host="model.example",
    is_cloud=False,
    price=PRICES["claude-haiku-5-5"],
    most_tokens=2_000,
    prompt_version="1",
)


class Moods:
    """What fails now: the model, and rules at rungs that nobody wrote.

    Attributes:
        model: The model.
        speechless: The rungs at which rules have nothing to say.
    """

    def __init__(self) -> None:
        self.model = ScriptedTutorModel([SAID])
        self.speechless: frozenset[HintLevel] = frozenset()


class Rules(OfflineHintModel):
    """Rules that have nothing to say at some rungs."""

    def __init__(self, moods: Moods) -> None:
        self.moods = moods

    def hint(self, request: HintRequest) -> HintDraft:
        """Make a hint of the other rungs."""
        if request.level in self.moods.speechless:
            raise NotFound("Nothing can be said.")
        return super().hint(request)


def publish(open_uow: UnitOfWorkFactory, moods: Moods | None = None) -> HintingService:
    """Publish an exercise, due whenever; returns who gives its hints.

    Args:
        open_uow: Opens transactions.
        moods: What fails; None: an author wrote the pointer and the steps, and there is no model.
    """
    written = dict.fromkeys((HintLevel.POINTER, HintLevel.STEPS), "Look here.")
    texts = {"en": ExerciseText("Collatz", "Do it.", written if moods is None else {})}
    content = replace(samples.exercise(), texts=texts, due_at=None)
    with open_uow() as uow:
        uow.courses.save(samples.course())
        uow.courses.publish_lesson(COURSE, samples.lesson(exercises=(content,)), 0)
    access = Access(open_uow, open_enrollment=False)
    usage = UsageService(open_uow, access, Budgets())
    tutoring = TutoringService(open_uow, access)
    if moods is None:
        return HintingService(open_uow, access, tutoring, OfflineHintModel(), usage)
    helps = ModelHelp(PLACE, ModelHints(moods.model, ModelDesk(PLACE, usage)), str)
    return HintingService(open_uow, access, tutoring, Rules(moods), usage, model=helps)


class Walk(RuleBasedStateMachine):
    """A new learner, whose two tabs press at the same moment."""

    open_uow: ClassVar[UnitOfWorkFactory]
    hinting: ClassVar[HintingService]
    moods: ClassVar[Moods]

    def __init__(self) -> None:
        super().__init__()
        with type(self).open_uow() as uow:
            person = uow.people.identify(Identity("local", uuid4().hex, "Somebody"))
            uow.people.enroll(person.id, COURSE, Role.LEARNER)
            self.revision = uow.courses.latest_revision(COURSE, "collatz")
        self.learner = person.id
        self.runs = 0

    @initialize(
        most=st.sampled_from([None, None, 1, 3]),
        price=st.sampled_from([0.0, 0.5]),
        deepest=st.sampled_from([HintLevel.CONCEPT, HintLevel.STEPS, HintLevel.BOTTOM_OUT]),
    )
    def begin(self, most: int | None, price: float, deepest: HintLevel) -> None:
        costs = dict.fromkeys(EVERY[1:], price)
        self.say(HintSettings(deepest=deepest, most_hints=most, costs=costs))

    def say(self, said: HintSettings) -> None:
        self.said = said
        with type(self).open_uow() as uow:
            uow.hint_settings.save(COURSE, said, learner_id=self.learner)

    @rule(changed=st.booleans(), passed=st.sampled_from([False] * 7 + [True]))
    def runs_tests(self, changed: bool, passed: bool, times: int = 1) -> None:
        self.runs += changed
        failing = Verdict((samples.result(earned=0.0),), (), 0.0)
        with type(self).open_uow() as uow:
            answer = samples.answer(f"answer_{self.runs} = 1")
            for _ in range(times):
                attempt = uow.submissions.add_attempt(self.learner, self.revision.id, answer)
                judged = samples.verdict() if passed else failing
                uow.submissions.settle_attempt(attempt.id, GradingStatus.GRADED, judged)

    @rule()
    def runs_the_same_more_often_than_anybody_looks_back(self) -> None:
        self.runs_tests(changed=False, passed=False, times=RUNS_THAT_COUNT + 1)

    @rule(same_key=st.booleans())
    def tries_and_asks(self, same_key: bool) -> None:
        self.runs_tests(changed=True, passed=False)
        self.both_press(accept=0.5, same_key=same_key)

    @rule(exam=st.sampled_from([None, None, None, True]))
    def an_exam_begins_or_ends(self, exam: bool | None) -> None:
        self.say(replace(self.said, exam=exam))

    @rule(
        answers=st.booleans(),
        speechless=st.sets(st.sampled_from([HintLevel.POINTER, HintLevel.STEPS])),
    )
    def something_fails_or_recovers(self, answers: bool, speechless: set[HintLevel]) -> None:
        type(self).moods.model.hints = [SAID if answers else None]
        type(self).moods.speechless = frozenset(speechless)

    @rule(accept=st.sampled_from([0.0, 0.5, 0.5]), same_key=st.booleans())
    def both_press(self, accept: float, same_key: bool) -> None:
        offered = type(self).hinting.hints(self.learner, COURSE, "collatz", "en").step
        keys = [uuid4().hex] * 2 if same_key else [uuid4().hex, uuid4().hex]
        before = self.given()
        pressed = asyncio.run(self.press(keys, accept))
        after = self.given()
        new = after[len(before) :]
        assert after[: len(before)] == before
        if new:
            # What is given first is what was told, at that price.
            assert offered == Offer(new[0].level, new[0].cost)
        for each in new:
            assert each.cost <= accept
            assert not self.said.exam or each.level is HintLevel.RESULT
        if same_key:
            assert len(new) <= 1
            assert len({each.hint.id if each.hint else None for each in pressed}) == 1
        assert all(each.hint is None or each.hint in after for each in pressed)
        self.check(after)

    async def press(self, keys: list[str], accept: float) -> list[HelpGiven]:
        requests = (Request(self.learner, COURSE, "collatz", key) for key in keys)
        hint = type(self).hinting.hint
        return await asyncio.gather(*(hint(each, "en", accept) for each in requests))

    def given(self) -> list[Hint]:
        with type(self).open_uow() as uow:
            return list(uow.hints.given(self.learner, self.revision.exercise_id))

    def check(self, given: list[Hint]) -> None:
        """Check that every rung was given once and in order, none beyond the cap or too early."""
        above = [each.level for each in given if each.level > HintLevel.RESULT]
        assert above == list(EVERY[1 : len(above) + 1])
        assert self.said.most_hints is None or len(above) <= self.said.most_hints
        assert self.said.deepest is None or max(above, default=0) <= self.said.deepest
        with type(self).open_uow() as uow:
            found = uow.submissions.attempts(self.learner, self.revision.exercise_id, 10_000)
        runs = sorted(found, key=lambda each: each.created_at)
        self.check_results(given, runs)
        for earlier, later in itertools.pairwise(each for each in given if each.level):
            before = [each for each in runs if each.created_at <= earlier.created_at]
            since = [each for each in runs[len(before) :] if each.created_at <= later.created_at]
            if later.level >= HintLevel.CONCEPT:
                # The same answer, run again, is no try.
                was = before[-1].answer if before else None
                tried = any(each.answer != was for each in since)
                read = later.created_at - earlier.created_at >= READING_TIME
                assert tried or (later.level is HintLevel.CONCEPT and read)
            if later.level >= HintLevel.STEPS:
                assert len(before) + len(since) >= RUNS_BEFORE_STEPS

    def check_results(self, given: list[Hint], runs: list[Attempt]) -> None:
        """Check that a result is given again only for another answer than the last hint's."""

        def ran(hint: Hint) -> Answer | None:
            made = [each.answer for each in runs if each.created_at <= hint.created_at]
            return made[-1] if made else None

        for earlier, later in itertools.pairwise(given):
            again = HintLevel.RESULT in [each.level for each in given[: given.index(later)]]
            if later.level is HintLevel.RESULT and again:
                assert ran(later) != ran(earlier)
            assert later.cost == 0 or later.level > HintLevel.RESULT

    def teardown(self) -> None:
        """Hand in: what is lost is the price of each rung that was given, once."""
        with type(self).open_uow() as uow:
            handed_in = uow.submissions.add_submission(
                self.learner, self.revision.id, samples.answer()
            )
        price = (getattr(self, "said", HintSettings()).costs or {}).get
        assert handed_in.points_lost == sum(price(each.level, 0.0) for each in self.given())


@pytest.mark.parametrize("modelled", [False, True])
def test_two_tabs_at_once_climb_one_ladder(open_uow: UnitOfWorkFactory, modelled: bool) -> None:
    moods = Moods()
    hinting = publish(open_uow, moods if modelled else None)
    here = {"open_uow": staticmethod(open_uow), "hinting": hinting, "moods": moods}
    run_state_machine_as_test(
        type("WalkHere", (Walk,), here),
        settings=settings(
            max_examples=20 if isinstance(open_uow, InMemoryDatabase) else 4,
            stateful_step_count=20,
            deadline=None,
            # What is stored decides, and threads race: a failure is told as it was, not shrunk.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.parametrize("accept", [0.0, 0.49])
def test_a_hint_is_not_given_below_its_price(open_uow: UnitOfWorkFactory, accept: float) -> None:
    hinting = publish(open_uow)
    with open_uow() as uow:
        ada = uow.people.identify(samples.ADA)
        uow.people.enroll(ada.id, COURSE, Role.LEARNER)
        uow.hint_settings.save(COURSE, HintSettings(costs={HintLevel.NUDGE: 0.5}))

    def ask(key: str, accept: float) -> HelpGiven:
        return asyncio.run(hinting.hint(Request(ada.id, COURSE, "collatz", key), "en", accept))

    told = ask("a-key-that", accept)
    assert (told.hint, told.step) == (None, Offer(HintLevel.NUDGE, 0.5))
    given = ask("another-key", 0.5)
    assert given.hint is not None
    assert (given.hint.level, given.hint.source) == (HintLevel.NUDGE, HintSource.RULES)
