"""Hints from a diagnosis and a model: what reaches the learner, and what is recorded of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

import pytest

from jupyter_tutor.domain.consents import TEXT_VERSION, Consent
from jupyter_tutor.domain.diagnosis import Counterexample, Diagnosis, Showing, VerifiedEdit
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import HintDraft, HintRequest, HintSource, Offer, Wait
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.model_calls import CallOutcome
from jupyter_tutor.domain.named_lines import lines_named
from jupyter_tutor.domain.observations import (
    CellSource,
    Ending,
    Frame,
    Observation,
    RaisedError,
)
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.pricing import PRICES
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.services import hinting
from jupyter_tutor.services.diagnoses import Diagnoses, FailingAnswer
from jupyter_tutor.services.hinting import HintingService, ModelHelp
from jupyter_tutor.services.model_asking import ModelDesk, ModelPlace
from jupyter_tutor.services.model_hints import ModelHints
from jupyter_tutor.services.model_ports import HintFacts, HintReply, Report, Validation
from jupyter_tutor.services.tutoring import HelpGiven
from jupyter_tutor.services.usage import UsageService
from jupyter_tutor.testing import ScriptedTutorModel
from jupyter_tutor.testing.model import ACCEPTS
from tests import small_course
from tests.small_course import COURSE
from tests.unit.services.desk import BOB, Desk

PLACE = ModelPlace(
    model="claude-haiku-5-5",
    host="model.example",
    is_cloud=False,
    price=PRICES["claude-haiku-5-5"],
    most_tokens=2_000,
    prompt_version="1",
)
SEEN = Diagnosis(Mistake.VALUE)
"""What a diagnosis says that found nothing which mends the answer."""
EDIT = VerifiedEdit("part-b", 1, "constant", Mistake.CONSTANT, "b = 3", "b = 2")
FALSE = Observation(
    "both",
    Ending.RAISED,
    error=RaisedError(
        "AssertionError",
        "",
        ("Exception", "BaseException"),
        (Frame("test", 1, "<module>", "assert (a, b) == (1, 2)"),),
    ),
)
HELP = "What is `b` after your cell has run?"
TELLS = "Write `b = 2` in the second cell."
REFUSES = Validation(correct=False, on_line=True, leaks=False)


class Found(Diagnoses):
    """Diagnoses from a script."""

    def __init__(self, found: Diagnosis | None) -> None:
        self.found = found
        self.waited = 0
        self.begun = 0

    async def of(self, failing: FailingAnswer) -> Diagnosis | None:
        """Return what the script says."""
        assert not failing.verdict.passed
        self.waited += 1
        return self.found

    def begin(self, failing: FailingAnswer) -> Diagnosis | None:
        """Return nothing yet."""
        assert not failing.verdict.passed
        self.begun += 1
        return None

    def known(self, failing: FailingAnswer) -> Diagnosis | None:
        """Return nothing."""
        assert not failing.verdict.passed
        return None


@dataclass
class Room:
    """The services of a desk with a model and what it is allowed to spend."""

    desk: Desk
    model: ScriptedTutorModel = field(default_factory=lambda: ScriptedTutorModel([HELP]))
    place: ModelPlace = PLACE
    budgets: Budgets = field(default_factory=Budgets)
    found: Diagnosis | None = SEEN
    rules: OfflineHintModel = field(default_factory=OfflineHintModel)

    def __post_init__(self) -> None:
        self.usage = UsageService(self.desk.database, self.desk.access, self.budgets)
        self.diagnoses = Found(self.found)
        self.service = HintingService(
            self.desk.database,
            self.desk.access,
            self.desk.tutoring,
            self.rules,
            self.usage,
            diagnoses=self.diagnoses,
            model=ModelHelp(
                self.place, ModelHints(self.model, ModelDesk(self.place, self.usage)), _tag
            ),
        )

    def fail(self, second: str = "b = 3", learner: UUID | None = None) -> None:
        """Run an answer to the exercise of two parts that fails."""
        answer = Answer((CellSource("part-a", "a = 1"), CellSource("part-b", second)))
        self.desk.runner.answers[f"a = 1\n{second}"] = {"both": FALSE}
        request = self.desk.request("parts", learner=learner)
        self.desk.submissions.check(request, answer, None)
        self.desk.work()

    def hint(
        self,
        *,
        key: str | None = None,
        learner: UUID | None = None,
        accept: float = 0.0,
        language: str = "en",
    ) -> HelpGiven:
        """Ask for the next hint."""
        request = self.desk.request("parts", key=key, learner=learner)
        return asyncio.run(self.service.hint(request, language, accept))

    def offered(self) -> Offer | Wait:
        """Return what is told of the next hint before it is asked for."""
        return self.service.hints(self.desk.ada, COURSE, "parts", "en").step

    def nudge(self, learner: UUID | None = None) -> HelpGiven:
        """Fail, have the result explained, and ask once more."""
        self.fail(learner=learner)
        assert self.hint(learner=learner).hint is not None
        return self.hint(learner=learner)

    def outcomes(self) -> list[CallOutcome]:
        """Return how the calls in the ledger ended, oldest first."""
        return [each.call.outcome for each in self.desk.database.tables.usage.values()]


def _tag(learner_id: UUID) -> str:
    return f"tag of {learner_id}"


def test_a_model_is_asked_after_the_result_and_every_call_is_recorded(desk: Desk) -> None:
    room = Room(desk)
    help_given = room.nudge()

    assert [each.source for each in help_given.hints] == [HintSource.RULES, HintSource.MODEL]
    assert help_given.hint is not None
    assert (help_given.hint.level, help_given.hint.text) == (HintLevel.NUDGE, HELP)
    assert room.outcomes() == [CallOutcome.COMPLETED, CallOutcome.COMPLETED]
    # 1,000 tokens read, 2,000 found stored, 100 written, twice.
    spent = sum(each.cost for each in desk.database.tables.usage.values())
    assert spent == 2 * Decimal("0.00017")
    (asked,) = room.model.asked
    assert asked.learner.user_tag == f"tag of {desk.ada}"
    assert asked.learner.first_lines == {"part-a": 1, "part-b": 2}


def test_the_author_is_asked_before_a_model(desk: Desk) -> None:
    room = Room(desk)
    desk.check(small_course.WRONG)
    desk.work()
    given = [asyncio.run(room.service.hint(desk.request(), "en")).hint for _ in range(2)]

    assert given[1] is not None
    assert (given[1].level, given[1].source) == (HintLevel.NUDGE, HintSource.AUTHOR)
    assert room.model.asked == []


def test_the_same_answer_of_another_learner_is_not_asked_for_again(desk: Desk) -> None:
    room = Room(desk)
    room.nudge()
    bob = desk.person(BOB)
    help_given = room.nudge(bob)

    assert help_given.hint is not None
    assert (help_given.hint.source, help_given.hint.text) == (HintSource.MODEL, HELP)
    assert len(room.model.asked) == 1


def test_a_repeated_request_makes_nothing(desk: Desk) -> None:
    room = Room(desk)
    room.fail()
    room.hint()
    first, again = (room.hint(key="one-and-the-same") for _ in range(2))

    assert first.hint is not None
    assert first.hint == again.hint
    assert len(room.model.asked) == 1


@pytest.mark.parametrize(
    ("hints", "readings", "tries"),
    [
        ((TELLS, TELLS), (), 2),
        ((None,), (), 1),
        ((HELP, HELP), (REFUSES,), 2),
        (("Look at line 2.", "See line 1 again."), (), 2),
        (("A. " * 200, "Why? What? Where?"), (), 2),
    ],
    ids=["gives it away", "does not answer", "is not true", "names a line", "is no hint"],
)
def test_what_may_not_be_shown_is_replaced_by_rules(
    desk: Desk, hints: Sequence[str | None], readings: Sequence[Validation], tries: int
) -> None:
    model = ScriptedTutorModel(hints, readings=readings or (ACCEPTS,))
    room = Room(desk, model, found=Diagnosis(Mistake.CONSTANT, verified=EDIT))
    help_given = room.nudge()

    assert help_given.hint is not None
    assert (help_given.hint.level, help_given.hint.source) == (HintLevel.NUDGE, HintSource.RULES)
    assert "b = 2" not in help_given.hint.text
    assert len(model.asked) == tries
    assert all(model.again[1:])
    assert len(room.outcomes()) == tries + (len(hints) if readings else 0)


def test_a_second_try_is_shown_when_it_is_better(desk: Desk) -> None:
    found = Diagnosis(Mistake.CONSTANT, verified=EDIT)
    room = Room(desk, ScriptedTutorModel([TELLS, HELP]), found=found)
    help_given = room.nudge()

    assert help_given.hint is not None
    assert (help_given.hint.source, help_given.hint.text) == (HintSource.MODEL, HELP)


def test_only_from_the_pointer_on_a_model_knows_the_edit(desk: Desk) -> None:
    room = Room(desk, found=Diagnosis(Mistake.CONSTANT, verified=EDIT))
    room.nudge()
    for second in ("b = 4", "b = 5", "b = 6"):
        room.fail(second)
        room.hint()
    asked = [each for each in room.model.asked if isinstance(each, HintFacts)]

    # Who reads a hint again knows it on every rung, to find what plain words tell.
    assert room.model.fixes == ["line 2, now `b = 3`, becomes `b = 2`"] * 4
    assert [facts.level for facts in asked] == [1, 2, 3, 4]
    for facts in asked:
        knows = facts.level >= HintLevel.POINTER
        assert (facts.fix is not None) == (facts.diagnosis.verified is not None) == knows


def at_the_pointer(room: Room, price: float = 0.0) -> None:
    """Climb to the idea, and fail once more: the pointer comes next, at a price."""
    with room.desk.database() as uow:
        costs = {HintLevel.POINTER: price, HintLevel.STEPS: price}
        uow.hint_settings.save(COURSE, HintSettings(costs=costs))
    room.nudge()
    room.fail("b = 4")
    assert room.hint().hint is not None
    room.fail("b = 5")
    while room.offered() != Offer(HintLevel.POINTER, price):
        assert room.hint().hint is not None


@pytest.mark.parametrize("price", [0.0, 2.0])
@pytest.mark.parametrize("found", [Diagnosis(Mistake.CONSTANT), None])
def test_where_a_model_fails_at_the_pointer_rules_make_it_and_name_no_line(
    desk: Desk, found: Diagnosis | None, price: float
) -> None:
    room = Room(desk, ScriptedTutorModel([HELP]), found=found)
    at_the_pointer(room, price)
    room.model.hints = [None]
    given = room.hint(accept=price)

    assert given.hint is not None
    told = (given.hint.level, given.hint.source, given.hint.cost)
    assert told == (HintLevel.POINTER, HintSource.RULES, price)
    assert lines_named(given.hint.text) == set()
    # Nobody is asked where nothing was found out.
    assert given.note == (say("quota.no_answer", "en") if found else "")


@pytest.mark.parametrize("budgets", [Budgets(), Budgets(learner_month=Decimal(0))])
def test_without_a_model_the_ladder_has_the_same_rungs(desk: Desk, budgets: Budgets) -> None:
    """An outage or an empty budget gives no more help than a model does."""
    room = Room(desk, ScriptedTutorModel([None]), budgets=budgets, found=Diagnosis(Mistake.VALUE))
    room.nudge()
    levels = []
    for second in ("b = 4", "b = 5", "b = 6"):
        room.fail(second)
        given = room.hint()
        levels.append(given.hint.level if given.hint else None)

    assert levels == [HintLevel.CONCEPT, HintLevel.POINTER, HintLevel.STEPS]


@pytest.mark.parametrize(
    "found", [Diagnosis(Mistake.CONSTANT), Diagnosis(Mistake.CONSTANT, verified=EDIT)]
)
@pytest.mark.parametrize(
    ("language", "text", "line"),
    [
        ("en", "Look at the first line again. Which value does `a` hold there?", 1),
        ("en", "Look at your last line. Which value does `b` hold there?", 2),
        ("en", "Look at line two. Which value does `b` hold there?", 2),
        ("en", "Look at lines 1-2. Which value does `b` hold there?", 1),
        ("bn", "১ নম্বর লাইনটা দেখুন। সেখানে `a` কত হওয়া দরকার ছিল?", 1),
        ("bn", "দ্বিতীয় লাইনটা দেখুন। সেখানে `b` কত হওয়া দরকার ছিল?", 2),
    ],
)
def test_a_line_is_named_in_whatever_words_only_where_an_edit_of_it_is_verified(
    desk: Desk, language: str, text: str, line: int, found: Diagnosis
) -> None:
    room = Room(desk, found=found)
    at_the_pointer(room)
    room.model.hints = [text]
    given = room.hint(language=language).hint

    assert given is not None
    verified = found.verified is not None and line == 2
    source = HintSource.MODEL if verified else HintSource.RULES
    assert (given.level, given.source) == (HintLevel.POINTER, source)


class Speechless(OfflineHintModel):
    """Rules that have nothing to say at some rungs."""

    def __init__(self, *levels: HintLevel) -> None:
        self.levels = levels

    def hint(self, request: HintRequest) -> HintDraft:
        """Make a hint of the other rungs."""
        if request.level in self.levels:
            raise NotFound("Nothing can be said.")
        return super().hint(request)


def test_where_nobody_can_make_the_rung_nothing_is_given_and_nothing_paid(desk: Desk) -> None:
    room = Room(desk, rules=Speechless(HintLevel.POINTER), found=Diagnosis(Mistake.CONSTANT))
    at_the_pointer(room, 2.0)
    room.model.hints = [None]
    before = desk.tutoring.hints(desk.ada, COURSE, "parts", "en").hints
    refused = room.hint(accept=2.0)

    assert (refused.hint, refused.hints) == (None, before)
    assert refused.step == Offer(HintLevel.POINTER, 2.0)
    assert refused.note == say("ladder.not_made", "en")
    room.model.hints = ["Where is `b` set, and to what?"]
    given = room.hint(accept=2.0).hint
    assert given is not None
    assert (given.level, given.source) == (HintLevel.POINTER, HintSource.MODEL)


def test_when_the_budget_is_used_up_rules_help_and_the_learner_is_told(desk: Desk) -> None:
    room = Room(desk, budgets=Budgets(learner_month=Decimal("0.0001")))
    help_given = room.nudge()

    assert help_given.hint is not None
    assert help_given.hint.source is HintSource.RULES
    assert "budget" in help_given.note.lower() or "rules" in help_given.note.lower()
    assert room.model.asked == []
    assert desk.database.tables.usage == {}


def test_what_was_delivered_before_costs_nothing_and_needs_no_budget(desk: Desk) -> None:
    Room(desk).nudge()
    poor = Room(
        desk, ScriptedTutorModel(["Never said."]), budgets=Budgets(learner_month=Decimal(0))
    )
    help_given = poor.nudge(desk.person(BOB))

    assert help_given.hint is not None
    assert (help_given.hint.source, help_given.hint.text) == (HintSource.MODEL, HELP)
    assert help_given.note == say("quota.month", "en")
    assert poor.model.asked == []
    # Nothing is there for the next rung.
    poor.fail("b = 4", desk.person(BOB))
    after = poor.hint(learner=desk.person(BOB))
    assert after.hint is not None
    assert (after.hint.level, after.hint.source) == (HintLevel.CONCEPT, HintSource.RULES)
    assert poor.model.asked == []


def test_a_model_outside_is_asked_only_with_consent(desk: Desk) -> None:
    room = Room(desk, place=replace(PLACE, is_cloud=True))
    assert room.nudge().hints[-1].source is HintSource.RULES
    with desk.database() as uow:
        consent = Consent(given=True, version=TEXT_VERSION, at=uow.now())
        uow.consents.add(desk.ada, COURSE, consent)
    room.fail("b = 4")
    assert room.hint().hints[-1].source is HintSource.MODEL

    with desk.database() as uow:
        uow.consents.add(desk.ada, COURSE, replace(consent, given=False, at=uow.now()))
    room.fail("b = 5")
    assert len(room.model.asked) == 1
    assert all(each.source is not HintSource.MODEL for each in room.hint().hints[2:3][1:])


@pytest.mark.parametrize("settings", [HintSettings(model=False), HintSettings(cloud=False)])
def test_a_course_switches_the_model_off(desk: Desk, settings: HintSettings) -> None:
    room = Room(desk, place=replace(PLACE, is_cloud=True))
    with desk.database() as uow:
        uow.hint_settings.save(COURSE, settings)
        consent = Consent(given=True, version=TEXT_VERSION, at=uow.now())
        uow.consents.add(desk.ada, COURSE, consent)
    help_given = room.nudge()

    assert help_given.hints[-1].source is HintSource.RULES
    assert room.model.asked == []


def test_in_an_exam_nothing_but_the_result_is_told(desk: Desk) -> None:
    room = Room(desk)
    with desk.database() as uow:
        uow.hint_settings.save(COURSE, HintSettings(exam=True))
    help_given = room.nudge()

    assert help_given.hint is None
    assert isinstance(help_given.step, Wait)
    assert [each.level for each in help_given.hints] == [HintLevel.RESULT]
    assert room.model.asked == []


def test_who_goes_away_ends_the_request_and_it_is_recorded(desk: Desk) -> None:
    room = Room(desk)
    room.fail()
    room.hint()

    async def ask_and_leave() -> None:
        room.model.hold = asyncio.Event()
        asked = asyncio.create_task(room.service.hint(desk.request("parts"), "en"))
        await room.model.began.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(ask_and_leave())
    assert room.outcomes() == [CallOutcome.CANCELLED]
    given = desk.tutoring.hints(desk.ada, COURSE, "parts", "en").hints
    assert [each.level for each in given] == [HintLevel.RESULT]


def test_a_model_that_hangs_is_not_waited_for(desk: Desk) -> None:
    room = Room(desk, place=replace(PLACE, seconds=0.05))
    room.fail()
    room.hint()

    async def ask() -> HelpGiven:
        room.model.hold = asyncio.Event()
        return await room.service.hint(desk.request("parts"), "en")

    help_given = asyncio.run(ask())
    assert help_given.hint is not None
    assert help_given.hint.source is HintSource.RULES
    assert room.outcomes() == [CallOutcome.TIMED_OUT]


def test_nobody_waits_for_a_diagnosis_to_read_a_result(desk: Desk) -> None:
    room = Room(desk)
    room.fail()
    assert room.hint().hint is not None
    assert (room.diagnoses.begun, room.diagnoses.waited) == (1, 0)
    assert room.hint().hint is not None
    assert (room.diagnoses.begun, room.diagnoses.waited) == (1, 1)


def test_where_only_secret_tests_fail_the_result_is_what_the_diagnosis_finds(desk: Desk) -> None:
    made = Counterexample("double(3)", "6", "5", showing=Showing.VALUE)
    room = Room(desk, found=Diagnosis(Mistake.EDGE_CASE, made))
    desk.check(small_course.PARTIAL)
    desk.work()
    given = asyncio.run(room.service.hint(desk.request(), "en")).hint

    assert given is not None
    assert (given.level, room.diagnoses.waited) == (HintLevel.RESULT, 1)
    assert "double(3)" in given.text


def test_in_an_exam_nothing_is_diagnosed(desk: Desk) -> None:
    room = Room(desk)
    with desk.database() as uow:
        uow.hint_settings.save(COURSE, HintSettings(exam=True))
    assert [each.level for each in room.nudge().hints] == [HintLevel.RESULT]
    assert (room.diagnoses.begun, room.diagnoses.waited) == (0, 0)


def test_where_no_hint_is_offered_nothing_is_read_or_diagnosed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = Room(desk)
    room.nudge()
    seen = (room.diagnoses.begun, room.diagnoses.waited, len(room.model.asked))

    def read(*_: object) -> None:
        raise AssertionError("read for nothing")

    monkeypatch.setattr(hinting, "read_case", read)
    given = room.hint()
    assert given.hint is None
    assert isinstance(given.step, Wait)
    assert (room.diagnoses.begun, room.diagnoses.waited, len(room.model.asked)) == seen


def test_a_hint_in_another_language_is_asked_for_again(desk: Desk) -> None:
    bengali = "তোমার দ্বিতীয় সেলের পরে `b` কত?"
    room = Room(desk, ScriptedTutorModel([HELP, bengali]))
    room.fail()
    for _ in range(2):
        given = asyncio.run(room.service.hint(desk.request("parts"), "bn")).hint
    assert given is not None
    assert (given.text, given.language, given.source) == (bengali, "bn", HintSource.MODEL)
    assert "not in Bengali" in room.model.again[1]


def test_a_reply_that_may_speak_of_a_comment_is_for_nobody_else(desk: Desk) -> None:
    """Answers that differ in comments alone are the same for the ladder, and not for this."""
    room = Room(desk)
    room.fail("b = 3  # I am Ada, and I live in Dhaka")
    room.hint()
    room.hint()
    bob = desk.person(BOB)
    room.fail("b = 3  # mine", bob)
    room.hint(learner=bob)
    assert room.hint(learner=bob).hint is not None
    assert len(room.model.asked) == 2


class Timed(ScriptedTutorModel):
    """A model that notes how long it is given."""

    given: float | None = None

    async def hint(
        self, facts: HintFacts, report: Report, *, again: str = "", seconds: float | None = None
    ) -> HintReply:
        """Note it."""
        self.given = seconds
        return await super().hint(facts, report, again=again, seconds=seconds)


class Late(Found):
    """A diagnosis for which the clock of the loop goes on by ten seconds."""

    async def of(self, failing: FailingAnswer) -> Diagnosis | None:
        """Let time pass."""
        loop = asyncio.get_running_loop()
        now = loop.time
        loop.time = lambda: now() + 10.0  # type: ignore[method-assign]
        return await super().of(failing)


def test_what_a_diagnosis_takes_too_long_is_the_models_time(desk: Desk) -> None:
    model = Timed([HELP])
    room = Room(desk, model)
    room.nudge()
    assert model.given is not None
    assert 19.0 < model.given <= 20.0

    room = Room(Desk(), Timed([HELP]))
    room.diagnoses = Late(SEEN)
    room.service = HintingService(
        room.desk.database,
        room.desk.access,
        room.desk.tutoring,
        OfflineHintModel(),
        room.usage,
        diagnoses=room.diagnoses,
        model=ModelHelp(
            room.place, ModelHints(room.model, ModelDesk(room.place, room.usage)), _tag
        ),
    )
    room.nudge()
    assert isinstance(room.model, Timed)
    assert room.model.given is not None
    assert 13.0 < room.model.given <= 14.0


def test_without_a_diagnosis_in_time_no_model_is_asked(desk: Desk) -> None:
    """The guard would not know what mends the answer, and could not tell what gives it away."""
    room = Room(desk, found=None)
    given = room.nudge()
    assert [each.source for each in given.hints] == [HintSource.RULES, HintSource.RULES]
    assert room.diagnoses.waited == 1
    assert not room.model.asked


def test_what_a_request_may_cost_is_reckoned_by_what_is_told() -> None:
    short, long = (PLACE.most_cost(text) for text in ("x" * 300, "x" * 60_000))
    bengali = PLACE.most_cost("খ" * 300)
    assert short < bengali < long
    # 3,000 of the policy, a token for three letters, stored for an hour; 2,000 in the reply.
    assert long == Decimal("0.20") * (3_000 + 20_000) / 10**6 + Decimal("0.50") * 2_000 / 10**6
