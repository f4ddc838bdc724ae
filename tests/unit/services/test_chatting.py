"""Conversations with a model: what reaches the learner, and what is recorded of it."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from jupyter_tutor.domain.consents import TEXT_VERSION, Consent
from jupyter_tutor.domain.conversations import LONGEST_MESSAGE, Message, Speaker
from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.errors import (
    IdempotencyKeyReused,
    InvalidInput,
    ModelUnavailable,
    NotAllowed,
    NotFound,
)
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.model_calls import CallOutcome, Purpose
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.llm.prompts import chat_prompt
from jupyter_tutor.services.chatting import ChatService, ModelTalk, Said
from jupyter_tutor.services.conversations import ConversationService
from jupyter_tutor.services.diagnoses import FailingAnswer
from jupyter_tutor.services.hinting import HintingService, ModelHelp
from jupyter_tutor.services.model_asking import ModelDesk, ModelPlace
from jupyter_tutor.services.model_chat import ModelChat
from jupyter_tutor.services.model_hints import ModelHints
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    HintFacts,
    Report,
    Turn,
    Validation,
)
from jupyter_tutor.services.usage import UsageService
from jupyter_tutor.testing import ScriptedTutorModel
from jupyter_tutor.testing.model import ACCEPTS
from tests.small_course import COURSE
from tests.unit.services.desk import BOB, Desk
from tests.unit.services.test_hinting import EDIT, FALSE, HELP, PLACE, REFUSES, SEEN, Found

QUESTION = "Why does the test fail?"
PASSING = """b = 2
kept = []
x = 1
if x not in kept:
    kept.append(x)"""
T = TypeVar("T")
UNVERIFIED = Diagnosis(Mistake.CONSTANT)
FOUND = Diagnosis(Mistake.CONSTANT, verified=EDIT)
TELLS = "Write `b = 2` in the second cell."
SCOPE = say("chat.scope", "en")
LEAKS = Validation(correct=True, on_line=True, leaks=True)


class Slow(ScriptedTutorModel):
    """A model whose second reading does not end in time."""

    left = 0.0

    async def validate_answer(
        self,
        facts: ChatFacts,
        reply: ChatReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Take all the time there is, and say nothing."""
        del facts, reply, report, fix
        self.left = seconds or 0.0
        await asyncio.sleep(self.left)
        raise ModelUnavailable("The scripted model ran out of time.")


class Known(Found):
    """Diagnoses that are known once somebody has waited for them."""

    made = False

    async def of(self, failing: FailingAnswer) -> Diagnosis | None:
        """Make what the script says."""
        self.made = True
        return await super().of(failing)

    def known(self, failing: FailingAnswer) -> Diagnosis | None:
        """Return it, if it was made."""
        assert not failing.verdict.passed
        return self.found if self.made else None


@dataclass
class Room:
    """A conversation about the exercise of two parts, with a model."""

    desk: Desk
    model: ScriptedTutorModel = field(default_factory=lambda: ScriptedTutorModel(replies=[HELP]))
    place: ModelPlace = PLACE
    budgets: Budgets = field(default_factory=Budgets)
    found: Diagnosis | None = SEEN
    exercise: str = "parts"

    def __post_init__(self) -> None:
        desk = self.desk
        self.usage = UsageService(desk.database, desk.access, self.budgets)
        asked = ModelDesk(self.place, self.usage)
        rules, known = OfflineHintModel(), Known(self.found)
        self.service = ChatService(
            desk.database,
            desk.access,
            rules,
            self.usage,
            diagnoses=known,
            model=ModelTalk(self.place, ModelChat(self.model, asked), str),
        )
        self.hinting = HintingService(
            desk.database,
            desk.access,
            desk.tutoring,
            rules,
            self.usage,
            diagnoses=known,
            model=ModelHelp(self.place, ModelHints(self.model, asked), str),
        )

    def fail(self, second: str = "b = 3") -> None:
        """Run an answer to the exercise of two parts that fails."""
        answer = Answer((CellSource("part-a", "a = 1"), CellSource("part-b", second)))
        self.desk.runner.answers[f"a = 1\n{second}"] = {"both": FALSE}
        self.desk.submissions.check(self.desk.request("parts"), answer, None)
        self.desk.work()

    def another_passes(self) -> None:
        """Have somebody else hand in an answer that passes, and is longer than the author's."""
        cells = (CellSource("part-a", "a = 1"), CellSource("part-b", PASSING))
        self.desk.runner.answers[f"a = 1\n{PASSING}"] = {"both": None}
        request = self.desk.request("parts", learner=self.desk.person(BOB))
        self.desk.submissions.submit(request, Answer(cells), None)
        self.desk.work()

    def hint(self) -> None:
        """Ask for the next hint."""
        asyncio.run(self.hinting.hint(self.desk.request("parts"), "en"))

    def say(self, text: str = QUESTION, *, key: str | None = None, language: str = "en") -> Said:
        """Ask something."""
        request = self.desk.request(self.exercise, key=key)
        return asyncio.run(self.service.say(request, text, language))

    def settle(self, settings: HintSettings) -> None:
        """Have the course say something of help."""
        with self.desk.database() as uow:
            uow.hint_settings.save(COURSE, settings)

    def agree(self, *, given: bool) -> None:
        """Have the learner say whether a model may read their work."""
        with self.desk.database() as uow:
            consent = Consent(given=given, version=TEXT_VERSION, at=uow.now())
            uow.consents.add(self.desk.ada, COURSE, consent)

    def messages(self) -> tuple[Message, ...]:
        """Return what was recorded, oldest first."""
        with self.desk.database() as uow:
            found = uow.conversations.of(self.desk.ada, COURSE, self.exercise)
        return found[0].messages if found else ()

    def outcomes(self) -> list[CallOutcome]:
        """Return how the calls in the ledger ended, oldest first."""
        return [each.call.outcome for each in self.desk.database.tables.usage.values()]

    def refused(self) -> NotAllowed:
        """Ask, and return the refusal; nothing is asked of the model or recorded."""
        with pytest.raises(NotAllowed) as caught:
            self.say()
        assert (self.model.asked, self.messages()) == ([], ())
        return caught.value


def test_question_and_answer_are_recorded_with_the_call(desk: Desk) -> None:
    room = Room(desk)
    room.fail()
    said = room.say()

    assert (said.question.text, said.reply.text, said.source) == (QUESTION, HELP, HintSource.MODEL)
    assert room.messages() == (said.question, said.reply)
    assert [each.speaker for each in room.messages()] == [Speaker.LEARNER, Speaker.TUTOR]
    (usage_id, record), (_, reading) = desk.database.tables.usage.items()
    assert (said.question.usage_id, said.reply.usage_id) == (None, usage_id)
    assert reading.call.purpose is Purpose.VALIDATION
    assert (record.call.purpose, record.exercise_slug) == (Purpose.CHAT, "parts")
    assert record.cost == Decimal("0.00017")


def test_a_model_knows_the_run_and_the_turns_but_never_the_edit(desk: Desk) -> None:
    room = Room(desk, found=FOUND)
    room.fail()
    room.say()
    room.say("And then?")
    facts = room.model.asked[-1]
    # Who reads the answer again does, to find what plain words tell.
    assert room.model.fixes == ["line 2, now `b = 3`, becomes `b = 2`"] * 2

    assert isinstance(facts, ChatFacts)
    assert [(turn.speaker, turn.text) for turn in facts.turns] == [
        ("learner", QUESTION),
        ("tutor", HELP),
        ("learner", "And then?"),
    ]
    assert facts.turns[0] == Turn("learner", QUESTION)
    assert (facts.level, facts.learner.code) == (HintLevel.RESULT, "a = 1\nb = 3")
    assert facts.learner.failing
    assert facts.diagnosis is not None
    assert facts.diagnosis.edits == ()
    assert "b = 2" not in repr(facts)


def test_the_deepest_rung_that_was_given_is_how_far_an_answer_goes(desk: Desk) -> None:
    room = Room(desk, ScriptedTutorModel([HELP], replies=[HELP]))
    room.fail()
    room.hint()
    room.hint()
    said = room.say()

    facts = room.model.asked[-1]
    assert isinstance(facts, ChatFacts)
    assert facts.level is said.reply.hint_level is HintLevel.NUDGE
    assert facts.learner.earlier[-1] == HELP


def test_what_gives_the_solution_away_is_asked_for_again_and_then_left_to_rules(
    desk: Desk,
) -> None:
    room = Room(desk, ScriptedTutorModel(replies=[TELLS, HELP]), found=FOUND)
    room.fail()
    assert room.say().reply.text == HELP
    assert [bool(each) for each in room.model.again] == [False, True]

    room.model.replies = [TELLS]
    said = room.say()
    assert said.source is HintSource.RULES
    assert "b = 2" not in said.reply.text
    assert said.reply.text.startswith(say("chat.offline_run", "en"))
    # What the guard holds back is not read a second time.
    assert room.model.checked == [HELP]
    assert room.outcomes() == [CallOutcome.COMPLETED] * 5


@pytest.mark.parametrize("against", [REFUSES, LEAKS], ids=["not true", "leaks"])
def test_what_a_second_reading_refuses_is_asked_for_once_more(
    desk: Desk, against: Validation
) -> None:
    model = ScriptedTutorModel(replies=["Is it so?", HELP], checks=[against, ACCEPTS])
    room = Room(desk, model, found=FOUND)
    room.fail()
    assert room.say().reply.text == HELP
    assert model.checked == ["Is it so?", HELP]
    assert [bool(each) for each in model.again] == [False, True]

    model.checks = [against]
    said = room.say()
    assert said.source is HintSource.RULES
    assert said.reply.usage_id is None
    assert len(model.checked) == 4


def test_all_of_an_answer_has_one_deadline(desk: Desk) -> None:
    """A second reading gets what the answer left of the time, and without one nothing is shown."""
    model = Slow(replies=[HELP])
    room = Room(desk, model, place=replace(PLACE, seconds=0.2))
    room.fail()
    said = room.say()
    assert said.source is HintSource.RULES
    assert 0 < model.left <= 0.2


def test_a_question_that_is_no_longer_than_allowed_reaches_the_model_whole(desk: Desk) -> None:
    room = Room(desk)
    text = "x" * LONGEST_MESSAGE
    room.say(text)
    facts = room.model.asked[-1]
    assert isinstance(facts, ChatFacts)
    assert f"<learner>{text}</learner>" in chat_prompt(facts).question


def test_nothing_is_given_away_over_several_messages(desk: Desk) -> None:
    """Each part may be said alone; the last not after the others, be they hints or messages."""
    parts = ["Begin with `kept = []`.", "Then `if x not in kept:`.", "Then `kept.append(x)`."]
    for part in parts:
        alone = Room(Desk(), ScriptedTutorModel(replies=[part]))
        alone.another_passes()
        alone.fail()
        assert alone.say().reply.text == part

    room = Room(desk, ScriptedTutorModel([parts[0]], replies=[parts[1]]))
    room.another_passes()
    room.fail()
    room.hint()
    room.hint()
    assert room.say().reply.text == parts[1]
    room.model.replies = [parts[2]]
    assert room.say().source is HintSource.RULES

    # A hint, too, is held against what was said in the conversation.
    after = Room(Desk(), ScriptedTutorModel([parts[2]], replies=parts[:2]))
    after.another_passes()
    after.fail()
    after.hint()
    assert [after.say().reply.text for _ in range(2)] == parts[:2]
    after.hint()
    hints = after.desk.tutoring.hints(after.desk.ada, COURSE, "parts", "en").hints
    assert [(each.level, each.source) for each in hints][1:] == [
        (HintLevel.NUDGE, HintSource.RULES)
    ]


@pytest.mark.parametrize("deleted", ["parts", None], ids=["this one", "all of the course"])
def test_a_deletion_between_the_parts_of_a_solution_does_not_help(
    desk: Desk, deleted: str | None
) -> None:
    parts = ["Begin with `kept = []`.", "Then `if x not in kept:`.", "Then `kept.append(x)`."]
    room = Room(desk, ScriptedTutorModel(parts[2:], replies=parts))
    room.another_passes()
    room.fail()
    own = ConversationService(desk.database, desk.access)
    for part in parts[:2]:
        assert room.say().reply.text == part
        assert own.delete(desk.ada, COURSE, deleted) == 1
        assert room.messages() == ()
    assert room.say().source is HintSource.RULES
    # Hints are held against it, too; and no text of it is kept anywhere.
    room.hint()
    room.hint()
    hints = desk.tutoring.hints(desk.ada, COURSE, "parts", "en").hints
    assert {each.source for each in hints} == {HintSource.RULES}
    assert "not in kept" not in repr(desk.database.tables.told_lines)
    assert desk.database.tables.told_lines

    # Whose answer passes has nothing to be kept from them.
    other = Room(Desk(), ScriptedTutorModel(replies=parts))
    other.another_passes()
    passing = Answer((CellSource("part-a", "a = 1"), CellSource("part-b", PASSING)))
    other.desk.submissions.check(other.desk.request("parts"), passing, None)
    other.desk.work()
    other.say()
    ConversationService(other.desk.database, other.desk.access).delete(other.desk.ada, COURSE)
    assert other.desk.database.tables.told_lines == {}


def test_what_the_learner_wrote_may_be_said_again(desk: Desk) -> None:
    model = ScriptedTutorModel(replies=["You ask about `b = 2`. What does it change?"])
    room = Room(desk, model, found=FOUND)
    room.fail()
    assert room.say().source is HintSource.RULES
    assert room.say("Is it `b = 2`?").source is HintSource.MODEL


def test_what_is_not_about_the_exercise_is_answered_with_what_the_tutor_is_for(
    desk: Desk,
) -> None:
    room = Room(desk, ScriptedTutorModel(replies=["Paris, of course."], in_scope=False))
    english = room.say("What is the capital of France?")
    bengali = room.say("What is the capital of France?", language="bn")

    assert (english.reply.text, bengali.reply.text) == (SCOPE, say("chat.scope", "bn"))
    assert bengali.reply.text != SCOPE
    assert room.outcomes() == [CallOutcome.COMPLETED] * 2
    assert english.reply.usage_id in desk.database.tables.usage


@pytest.mark.parametrize(
    ("settings", "reason"),
    [(HintSettings(exam=True), "exam"), (HintSettings(chat=False), "switched_off")],
)
def test_there_is_no_chat_in_an_exam_or_where_it_is_off(
    desk: Desk, settings: HintSettings, reason: str
) -> None:
    room = Room(desk)
    room.settle(settings)
    assert room.refused().details == {"reason": reason}


def test_a_model_outside_answers_only_with_consent(desk: Desk) -> None:
    room = Room(desk, place=replace(PLACE, is_cloud=True))
    assert room.refused().details == {"reason": "not_asked"}
    room.agree(given=False)
    refusal = room.refused()
    assert (refusal.details, refusal.message) == ({"reason": "refused"}, say("chat.refused", "en"))
    room.agree(given=True)
    assert room.say().source is HintSource.MODEL


def test_where_nothing_may_leave_rules_answer_and_say_so(desk: Desk) -> None:
    room = Room(desk, place=replace(PLACE, is_cloud=True))
    room.settle(HintSettings(cloud=False))
    said = room.say()

    assert (said.source, said.note) == (HintSource.RULES, say("quota.no_cloud", "en"))
    assert room.model.asked == []
    assert len(room.messages()) == 2


def test_when_the_budget_is_used_up_rules_answer_and_say_so(desk: Desk) -> None:
    room = Room(desk, budgets=Budgets(learner_month=Decimal("0.0001")))
    room.fail()
    said = room.say()

    assert said.source is HintSource.RULES
    assert said.note == say("quota.month", "en")
    assert room.model.asked == []
    assert desk.database.tables.usage == {}


def test_when_the_model_fails_the_question_is_kept_and_rules_answer_in_its_language(
    desk: Desk,
) -> None:
    room = Room(desk, ScriptedTutorModel(replies=[None]))
    before = room.say(language="bn")
    assert before.reply.text == say("chat.offline", "bn")
    room.fail()
    said = room.say(language="bn")

    assert (said.source, said.reply.language) == (HintSource.RULES, "bn")
    assert said.reply.text.startswith(say("chat.offline_run", "bn"))
    assert [each.text for each in room.messages()[::2]] == [QUESTION, QUESTION]
    assert room.outcomes() == [CallOutcome.OVERLOADED] * 2


def test_a_model_that_hangs_is_not_waited_for(desk: Desk) -> None:
    room = Room(desk, place=replace(PLACE, seconds=0.05))

    async def ask() -> Said:
        room.model.hold = asyncio.Event()
        return await room.service.say(desk.request("parts"), QUESTION, "en")

    assert asyncio.run(ask()).source is HintSource.RULES
    assert room.outcomes() == [CallOutcome.TIMED_OUT]
    assert len(room.messages()) == 2


def test_without_a_diagnosis_in_time_rules_answer(desk: Desk) -> None:
    room = Room(desk, found=None)
    room.fail()
    said = room.say()
    assert (said.source, said.question.text) == (HintSource.RULES, QUESTION)
    assert room.model.asked == []
    assert room.outcomes() == []


def test_who_cancels_takes_the_question_back_and_the_call_is_recorded(desk: Desk) -> None:
    room = Room(desk)

    async def ask_and_leave() -> None:
        room.model.hold = asyncio.Event()
        request = desk.request("parts", key="the-same-key")
        asked = asyncio.create_task(room.service.say(request, QUESTION, "en"))
        await room.model.began.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked

    asyncio.run(ask_and_leave())
    assert room.outcomes() == [CallOutcome.CANCELLED]
    assert room.messages() == ()
    room.model.hold = None
    assert room.say(key="the-same-key").source is HintSource.MODEL
    assert len(room.messages()) == 2


def test_a_repeat_gives_the_same_messages_and_asks_nobody(desk: Desk) -> None:
    room = Room(desk)
    first = room.say(key="one-and-the-same")
    room.say("Something else?")
    again = room.say(key="one-and-the-same")

    assert first == again
    assert (len(room.model.asked), len(room.messages())) == (2, 4)
    with pytest.raises(IdempotencyKeyReused):
        room.say("Another question.", key="one-and-the-same")
    with desk.database() as uow:
        uow.conversations.delete(desk.ada, COURSE)
    with pytest.raises(NotFound):
        room.say(key="one-and-the-same")


def test_a_request_that_arrives_again_while_it_is_answered_is_paid_for_once(desk: Desk) -> None:
    room = Room(desk)

    async def ask_twice() -> list[Said]:
        room.model.hold = asyncio.Event()
        request = desk.request("parts", key="the-same-key")
        asked = [asyncio.create_task(room.service.say(request, QUESTION, "en")) for _ in range(2)]
        await room.model.began.wait()
        await asyncio.sleep(0.3)
        room.model.hold.set()
        return await asyncio.gather(*asked)

    first, again = asyncio.run(ask_twice())
    assert (first, first.source) == (again, HintSource.MODEL)
    assert (len(room.model.asked), len(room.messages())) == (1, 2)


def test_what_another_tab_was_told_meanwhile_counts(desk: Desk) -> None:
    """Two parts of a solution are asked for at once, after a third: one of them is told."""
    room = Room(desk, ScriptedTutorModel(replies=["Begin with `kept = []`."]))
    room.another_passes()
    room.fail()
    room.say()
    room.model.replies = ["Then `if x not in kept:`.", "Then `kept.append(x)`."]

    async def ask_twice() -> list[Said]:
        room.model.hold = asyncio.Event()
        asked = [
            asyncio.create_task(room.service.say(desk.request("parts"), text, "en"))
            for text in ("One?", "Two?")
        ]
        while len(room.model.asked) < 3:
            await asyncio.sleep(0.001)
        room.model.hold.set()
        return list(await asyncio.gather(*asked))

    said = asyncio.run(ask_twice())
    assert {each.source for each in said} == {HintSource.MODEL, HintSource.RULES}
    assert sorted(each.text for each in room.messages()[2::2]) == ["One?", "Two?"]


PARTS = ("Begin with `kept = []`.", "Then `if x not in kept:`.", "Then `kept.append(x)`.")


def asked_for_a_nudge(desk: Desk) -> Room:
    """Return a room where one part of a solution was told, and the next hint is a nudge."""
    room = Room(desk, ScriptedTutorModel([PARTS[2]], replies=PARTS[:2]))
    room.another_passes()
    room.fail()
    room.hint()
    assert room.say().reply.text == PARTS[0]
    return room


async def overtaken(
    room: Room, slow: Coroutine[Any, Any, T], quick: Coroutine[Any, Any, object] | None
) -> T:
    """Return what a request gives whose model thinks until another request was answered."""
    room.model.hold, asked = asyncio.Event(), len(room.model.asked)
    held, waiting = room.model.hold, asyncio.create_task(slow)
    while len(room.model.asked) == asked:
        await asyncio.sleep(0.001)
    room.model.hold = None
    if quick is not None:
        await quick
    held.set()
    return await waiting


@pytest.mark.parametrize("talks", [True, False])
def test_a_hint_is_held_against_what_the_chat_said_while_it_was_made(
    desk: Desk, talks: bool
) -> None:
    room = asked_for_a_nudge(desk)
    said = room.service.say(desk.request("parts"), "And now?", "en") if talks else None
    asked = room.hinting.hint(desk.request("parts"), "en")
    given = asyncio.run(overtaken(room, asked, said)).hint

    assert given is not None
    assert given.level is HintLevel.NUDGE
    assert given.source is (HintSource.RULES if talks else HintSource.MODEL)
    told = " ".join([given.text, *(each.text for each in room.messages())])
    assert sum(part in told for part in PARTS) == 2


def test_an_answer_is_held_against_a_hint_that_was_given_while_it_was_made(desk: Desk) -> None:
    room = asked_for_a_nudge(desk)
    said = room.service.say(desk.request("parts"), "And now?", "en")
    hint = room.hinting.hint(desk.request("parts"), "en")
    reply = asyncio.run(overtaken(room, said, hint))

    given = desk.tutoring.hints(desk.ada, COURSE, "parts", "en").hints[-1]
    assert given.text == PARTS[2]
    assert (reply.source, reply.reply.text) != (HintSource.MODEL, PARTS[1])


def test_a_hint_that_was_overtaken_is_made_by_rules_at_its_rung(desk: Desk) -> None:
    """Also where no edit is verified: then it names no line."""
    room = Room(desk, ScriptedTutorModel([HELP], replies=PARTS[:2]), found=UNVERIFIED)
    room.another_passes()
    room.fail()
    room.hint()
    room.hint()
    room.fail("b = 4")
    room.hint()
    assert room.say().reply.text == PARTS[0]
    room.fail("b = 5")
    room.model.hints = [PARTS[2]]
    said = room.service.say(desk.request("parts"), "And now?", "en")
    given = asyncio.run(overtaken(room, room.hinting.hint(desk.request("parts"), "en"), said))

    assert room.messages()[-1].text == PARTS[1]
    assert given.hint is not None
    assert (given.hint.level, given.hint.source) == (HintLevel.POINTER, HintSource.RULES)
    assert given.note == say("quota.no_answer", "en")
    assert [each.level for each in room.model.asked if isinstance(each, HintFacts)] == [1, 2, 3]


def test_how_far_an_answer_goes_is_lowered_with_the_deepest_rung(desk: Desk) -> None:
    room = Room(desk)
    room.fail()
    room.hint()
    room.hint()
    room.fail("b = 4")
    room.hint()
    room.say()
    room.settle(HintSettings(deepest=HintLevel.NUDGE))
    room.say()
    asked = [each.level for each in room.model.asked if isinstance(each, ChatFacts)]
    assert asked == [HintLevel.CONCEPT, HintLevel.NUDGE]


@pytest.mark.parametrize("language", ["en", "bn"])
@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (HintSettings(deepest=HintLevel.RESULT), "chat.result_only"),
        (HintSettings(most_hints=0), "chat.capped"),
        (HintSettings(costs={HintLevel.NUDGE: 5.0}), "chat.unpaid"),
    ],
)
def test_where_no_nudge_is_open_a_conversation_tells_the_result_and_no_more(
    desk: Desk, settings: HintSettings, reason: str, language: str
) -> None:
    room = Room(desk)
    room.settle(settings)
    assert room.say(language=language).reply.text == say(reason, language)
    room.fail()
    room.hint()
    said = room.say("What should I look at?", language=language)

    assert said.source is HintSource.RULES
    asked = desk.request("parts")
    shown = asyncio.run(room.hinting.hint(asked, language)).hints[0].text
    assert said.reply.text.startswith(say(reason, language))
    assert language == "bn" or said.reply.text.endswith(shown)
    assert room.model.asked == []
    assert room.outcomes() == []


def test_a_conversation_ends_with_the_last_hint_and_opens_with_the_first_that_is_paid(
    desk: Desk,
) -> None:
    room = Room(desk)
    room.settle(HintSettings(most_hints=1, costs={HintLevel.NUDGE: 0.5}))
    room.fail()
    room.hint()
    assert room.say().source is HintSource.RULES
    asyncio.run(room.hinting.hint(desk.request("parts"), "en", 0.5))
    assert room.say().reply.text.startswith(say("chat.capped", "en"))
    room.settle(HintSettings(most_hints=2, costs={HintLevel.NUDGE: 0.5}))
    assert room.say().source is HintSource.MODEL


def test_an_answer_is_not_shown_where_the_last_hint_was_taken_while_it_was_made(
    desk: Desk,
) -> None:
    room = Room(desk)
    room.settle(HintSettings(most_hints=1))
    room.fail()
    room.hint()
    chat = room.service.say(desk.request("parts"), QUESTION, "en")
    hint = room.hinting.hint(desk.request("parts"), "en")
    asyncio.run(overtaken(room, chat, hint))

    assert room.messages()[-1].text.startswith(say("chat.capped", "en"))


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_MESSAGE + 1), "a\0b"])
def test_a_question_has_a_text_of_a_size_to_read(desk: Desk, text: str) -> None:
    room = Room(desk)
    with pytest.raises(InvalidInput):
        room.say(text)
    assert room.model.asked == []


def test_without_a_model_rules_answer(desk: Desk) -> None:
    usage = UsageService(desk.database, desk.access, Budgets())
    service = ChatService(desk.database, desk.access, OfflineHintModel(), usage)
    said = asyncio.run(service.say(desk.request("parts"), QUESTION, "en"))
    assert (said.source, said.note) == (HintSource.RULES, "")
    assert said.reply.text == say("chat.offline", "en")
