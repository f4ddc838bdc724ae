"""What is allowed when a learner asks may not be any more while a model thinks."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pytest

from jupyter_tutor.domain.consents import TEXT_VERSION, Consent
from jupyter_tutor.domain.errors import NotAllowed
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard.checking import (
    GuardAllowed,
    GuardFinding,
    GuardSecrets,
    check_reply,
)
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.services import model_chat, model_hints
from jupyter_tutor.services.chatting import Said
from jupyter_tutor.services.model_ports import (
    ChatFacts,
    ChatReply,
    HintFacts,
    HintReply,
    Report,
    Validation,
)
from jupyter_tutor.services.tutoring import HelpGiven
from jupyter_tutor.testing import ScriptedTutorModel
from tests.small_course import COURSE
from tests.unit.services import test_chatting as chats
from tests.unit.services import test_hinting as hints
from tests.unit.services.desk import Desk

T = TypeVar("T")


@dataclass(frozen=True)
class Change:
    """Something that ends the leave to ask.

    Attributes:
        name: What happens.
        refused: Why there is no conversation then, or "" where rules answer.
        make: Has it happen.
    """

    name: str
    refused: str
    make: Callable[[Desk], None]


def _settings(settings: HintSettings) -> Callable[[Desk], None]:
    def make(desk: Desk) -> None:
        with desk.database() as uow:
            uow.hint_settings.save(COURSE, settings)

    return make


def _say(desk: Desk, *, given: bool) -> None:
    with desk.database() as uow:
        uow.consents.add(desk.ada, COURSE, Consent(given=given, version=TEXT_VERSION, at=uow.now()))


def _refuse(desk: Desk) -> None:
    _say(desk, given=False)


CHANGES = [
    Change("consent is taken back", "refused", _refuse),
    Change("an exam begins", "exam", _settings(HintSettings(exam=True))),
    Change("models are switched off", "switched_off", _settings(HintSettings(model=False))),
    Change("nothing may go outside", "", _settings(HintSettings(cloud=False))),
]
IN_A_CHAT = [
    replace(each, make=_settings(HintSettings(chat=False)))
    if each.refused == "switched_off"
    else each
    for each in CHANGES
]
PLACE = replace(hints.PLACE, is_cloud=True)
named = pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.name)
named_in_a_chat = pytest.mark.parametrize("change", IN_A_CHAT, ids=lambda each: each.name)


class AtTheLast(ScriptedTutorModel):
    """A model during whose second reading something happens."""

    happens: Callable[[], None]

    async def validate(
        self,
        facts: HintFacts,
        reply: HintReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Read a hint."""
        self.happens()
        return await super().validate(facts, reply, report, fix=fix, seconds=seconds)

    async def validate_answer(
        self,
        facts: ChatFacts,
        reply: ChatReply,
        report: Report,
        *,
        fix: str = "",
        seconds: float | None = None,
    ) -> Validation:
        """Read an answer."""
        self.happens()
        return await super().validate_answer(facts, reply, report, fix=fix, seconds=seconds)


def _meanwhile(
    model: ScriptedTutorModel,
    asking: Callable[[], Coroutine[Any, Any, T]],
    make: Callable[[], None],
) -> T:
    """Ask, and have something happen while the model holds its first reply."""

    async def both() -> T:
        model.hold = asyncio.Event()
        asked = asyncio.create_task(asking())
        await model.began.wait()
        make()
        model.hold.set()
        return await asked

    return asyncio.run(both())


@named
@pytest.mark.parametrize("message", [hints.HELP, hints.TELLS], ids=["good", "to make again"])
def test_nothing_more_is_sent_for_a_hint(desk: Desk, change: Change, message: str) -> None:
    model = ScriptedTutorModel([message])
    room = hints.Room(desk, model, PLACE)
    _say(desk, given=True)
    room.fail()
    room.hint()

    def ask() -> Coroutine[Any, Any, HelpGiven]:
        return room.service.hint(desk.request("parts"), "en")

    given = _meanwhile(model, ask, lambda: change.make(desk))
    assert len(model.asked) == 1
    assert model.fixes == []
    assert given.hint is None or given.hint.source is HintSource.RULES
    assert (given.hint is None) is (change.refused == "exam")


@named
def test_a_hint_of_a_model_is_not_given_after_that(desk: Desk, change: Change) -> None:
    model = AtTheLast([hints.HELP])
    model.happens = lambda: change.make(desk)
    room = hints.Room(desk, model, PLACE)
    _say(desk, given=True)
    hint = room.nudge().hint
    assert len(model.fixes) == 1
    assert hint is None or hint.source is HintSource.RULES


def _asked(room: chats.Room) -> Coroutine[Any, Any, Said]:
    return room.service.say(room.desk.request("parts"), chats.QUESTION, "en")


@named_in_a_chat
@pytest.mark.parametrize("message", [hints.HELP, chats.TELLS], ids=["good", "to make again"])
def test_nothing_more_is_sent_in_a_conversation(desk: Desk, change: Change, message: str) -> None:
    model = ScriptedTutorModel(replies=[message])
    room = chats.Room(desk, model, PLACE, found=chats.FOUND)
    _say(desk, given=True)
    room.fail()
    if change.refused:
        with pytest.raises(NotAllowed) as refusal:
            _meanwhile(model, lambda: _asked(room), lambda: change.make(desk))
        assert refusal.value.details["reason"] == change.refused
        assert room.messages() == ()
    else:
        said = _meanwhile(model, lambda: _asked(room), lambda: change.make(desk))
        assert said.source is HintSource.RULES
    assert len(model.asked) == 1
    assert model.checked == []


@named_in_a_chat
def test_an_answer_of_a_model_is_not_delivered_after_that(desk: Desk, change: Change) -> None:
    model = AtTheLast(replies=[hints.HELP])
    model.happens = lambda: change.make(desk)
    room = chats.Room(desk, model, PLACE)
    _say(desk, given=True)
    room.fail()
    if change.refused:
        with pytest.raises(NotAllowed):
            asyncio.run(_asked(room))
        assert room.messages() == ()
    else:
        assert asyncio.run(_asked(room)).source is HintSource.RULES
        assert hints.HELP not in [each.text for each in room.messages()]
    assert len(model.checked) == 1


def test_what_does_not_change_lets_a_model_answer(desk: Desk) -> None:
    """An agreement given once more, and a setting of something else."""
    model = AtTheLast(replies=[hints.HELP])
    model.happens = lambda: _settings(HintSettings(most_hints=3))(desk)
    room = chats.Room(desk, model, PLACE)
    _say(desk, given=True)
    room.fail()
    said = _meanwhile(model, lambda: _asked(room), lambda: _say(desk, given=True))
    assert said.source is HintSource.MODEL
    assert len(model.checked) == 1


def test_the_guard_reads_outside_of_the_loop(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server answers others while a reply is looked at."""
    in_loop: list[bool] = []

    def looks(
        reply: str,
        secrets: GuardSecrets,
        allowed: GuardAllowed,
        earlier: Sequence[str],
        level: HintLevel,
    ) -> GuardFinding | None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            in_loop.append(False)
        else:
            in_loop.append(True)
        return check_reply(reply, secrets, allowed, earlier, level)

    for module in (model_hints, model_chat):
        monkeypatch.setattr(module, "check_reply", looks)
    room = chats.Room(desk, ScriptedTutorModel([hints.HELP], replies=[hints.HELP]))
    room.fail()
    room.hint()
    room.hint()
    room.say()
    assert len(in_loop) >= 2
    assert not any(in_loop)
