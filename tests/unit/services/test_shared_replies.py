"""Who asks for the same at the same time shares one reply of the model, and one bill."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import pytest

from jupyter_tutor.domain.hints import HintSource
from jupyter_tutor.domain.model_calls import CallOutcome
from jupyter_tutor.domain.quotas import RESERVATION_LASTS, Budgets
from jupyter_tutor.services import shared_replies
from jupyter_tutor.services.tutoring import HelpGiven
from jupyter_tutor.testing import ScriptedTutorModel
from tests.small_course import COURSE
from tests.unit.services.desk import BOB, Desk
from tests.unit.services.test_hinting import HELP, Room


@pytest.fixture
def room(desk: Desk) -> Room:
    """A room in which Ada's next hint is one of the model."""
    made = Room(desk)
    made.fail()
    made.hint()
    return made


def at_once(
    model: ScriptedTutorModel, *asked: tuple[Room, str, UUID | None]
) -> Sequence[HelpGiven]:
    """Ask for hints; the model answers when all who ask have come."""

    async def ask() -> Sequence[HelpGiven]:
        model.hold = asyncio.Event()
        tasks = [
            asyncio.create_task(
                room.service.hint(room.desk.request("parts", key=key, learner=learner), "en")
            )
            for room, key, learner in asked
        ]
        await model.began.wait()
        # Long enough for all of them to have come as far as the model, if they asked it.
        await asyncio.sleep(0.5)
        model.hold.set()
        return await asyncio.gather(*tasks)

    return asyncio.run(ask())


@pytest.mark.parametrize("keys", [("one-key", "one-key"), ("one-key", "other-key")])
def test_two_tabs_pay_once(room: Room, keys: tuple[str, str]) -> None:
    """Likewise a browser that sends the same request again while the first is under way."""
    first, second = at_once(room.model, *((room, key, None) for key in keys))

    assert first.hint is not None
    assert first.hint == second.hint
    assert first.hint.source is HintSource.MODEL
    assert len(room.model.asked) == 1
    assert len(room.desk.database.tables.usage) == 2  # the hint and its second reading
    assert room.desk.database.tables.reservations == {}


def test_a_class_with_the_same_mistake_pays_once(room: Room) -> None:
    bob = room.desk.person(BOB)
    room.fail(learner=bob)
    room.hint(learner=bob)
    ada, theirs = at_once(room.model, (room, "of-ada", None), (room, "of-bob", bob))

    assert ada.hint is not None
    assert theirs.hint is not None
    assert (ada.hint.text, theirs.hint.text) == (HELP, HELP)
    assert len(room.model.asked) == 1


def test_two_processes_pay_once(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """They share nothing but the database."""
    monkeypatch.setattr(shared_replies, "LOOK_AGAIN", 0.01)
    other = Room(room.desk, room.model)
    first, second = at_once(room.model, (room, "one-key", None), (other, "other-key", None))

    assert first.hint is not None
    assert first.hint == second.hint
    assert len(room.model.asked) == 1
    assert room.desk.database.tables.reservations == {}


def test_a_process_that_died_keeps_nobody_waiting(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead: list[UUID] = []
    real = shared_replies.SharedReplies._release

    def lost(replies: shared_replies.SharedReplies, claim: UUID) -> None:
        dead.append(claim)

    monkeypatch.setattr(shared_replies.SharedReplies, "_release", lost)
    room.model.hints = [None]
    assert room.hint().note
    assert len(room.desk.database.tables.reservations) == len(dead) == 1

    monkeypatch.setattr(shared_replies.SharedReplies, "_release", real)
    room.desk.clock.pass_(seconds=RESERVATION_LASTS.total_seconds() + 1)
    bob = room.desk.person(BOB)
    room.fail(learner=bob)
    room.hint(learner=bob)
    room.model.hints = [HELP]
    given = room.hint(learner=bob).hint
    assert given is not None
    assert given.source is HintSource.MODEL


def test_who_closes_one_tab_takes_nothing_from_the_other(room: Room) -> None:
    async def ask() -> HelpGiven:
        room.model.hold = asyncio.Event()
        first, second = (
            asyncio.create_task(room.service.hint(room.desk.request("parts", key=key), "en"))
            for key in ("one-key", "other-key")
        )
        await room.model.began.wait()
        await asyncio.sleep(0.2)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        room.model.hold.set()
        return await second

    given = asyncio.run(ask())
    assert given.hint is not None
    assert given.hint.text == HELP
    assert room.outcomes() == [CallOutcome.COMPLETED] * 2


def test_when_all_have_left_the_request_ends_and_the_next_begins_anew(room: Room) -> None:
    async def ask() -> HelpGiven:
        room.model.hold = asyncio.Event()
        tasks = [
            asyncio.create_task(room.service.hint(room.desk.request("parts", key=key), "en"))
            for key in ("one-key", "other-key")
        ]
        await room.model.began.wait()
        await asyncio.sleep(0.2)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in ended)
        assert room.outcomes() == [CallOutcome.CANCELLED]
        room.model.hold = None
        return await room.service.hint(room.desk.request("parts", key="third-key"), "en")

    given = asyncio.run(ask())
    assert given.hint is not None
    assert given.hint.text == HELP
    assert len(room.model.asked) == 2


def test_the_empty_purse_of_one_is_not_that_of_another(desk: Desk) -> None:
    """Ada comes first and has nothing left; Bob, who waits for her, has."""
    budgets = Budgets(learner_month=Decimal("0.01"))
    room = Room(desk, budgets=budgets)
    bob = desk.person(BOB)
    for learner in (None, bob):
        room.fail(learner=learner)
        room.hint(learner=learner)
    with desk.database() as uow:
        nearly = Decimal("0.0095")  # not used up, and too little for a request
        uow.ledger.reserve(desk.ada, COURSE, nearly, uow.now() + RESERVATION_LASTS)
    ada, theirs = at_once(room.model, (room, "of-ada", None), (room, "of-bob", bob))

    assert ada.hint is not None
    assert ada.hint.source is HintSource.RULES
    assert theirs.hint is not None
    assert theirs.hint.source is HintSource.MODEL
    assert len(room.model.asked) == 1
