"""A database that is away when a call of a model is to be recorded: the reply is given anyhow.

And the call, which was paid for, comes into the ledger once.
"""

import asyncio
import logging
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

import pytest

from jupyter_tutor.domain.errors import Conflict, StorageUnavailable, TutorError
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.model_calls import ModelCall, UsageRecord
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.services import model_asking
from jupyter_tutor.services.model_asking import Asker, ModelDesk
from jupyter_tutor.services.model_ports import Report
from jupyter_tutor.services.usage import Reservation, UsageService
from jupyter_tutor.testing import ScriptedTutorModel
from tests.small_course import COURSE
from tests.unit.llm.facts import hint_facts
from tests.unit.services.desk import Desk
from tests.unit.services.test_hinting import HELP, PLACE

AWAY = StorageUnavailable("The database does not answer.")


class Flaky(UsageService):
    """Fails in turn with these errors: before it writes, or with `unheard` once it has."""

    def __init__(self, desk: Desk, errors: Iterable[TutorError], *, unheard: bool = False) -> None:
        super().__init__(desk.database, desk.access, Budgets())
        self._errors = list(errors)
        self._unheard = unheard

    def settle(
        self,
        reservation: Reservation,
        call: ModelCall,
        price_version: str,
        cost: Decimal,
        key: UUID | None = None,
    ) -> UsageRecord:
        """Record a call, or fail."""
        if self._errors and not self._unheard:
            raise self._errors.pop(0)
        made = super().settle(reservation, call, price_version, cost, key)
        if self._errors:
            raise self._errors.pop(0)
        return made

    def release(self, reservation: Reservation) -> None:
        """Release, or fail."""
        if self._errors:
            raise self._errors.pop(0)
        super().release(reservation)


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_asking, "SETTLE_WAITS", (0.0, 0.0, 0.0))


def asked(desk: Desk, usage: UsageService, *, calls: bool = True) -> tuple[str, list[UUID]]:
    """Ask for a hint at the desk, and return it with the keys of its calls."""
    model, recorded = ScriptedTutorModel([HELP]), list[UUID]()

    async def request(report: Report) -> str:
        if not calls:
            return HELP
        return (await model.hint(hint_facts(HintLevel.NUDGE), report)).message

    money = ModelDesk(PLACE, usage)
    asker = Asker(desk.ada, COURSE, "parts")
    return asyncio.run(money.ask(asker, "what it is asked", request, recorded)), recorded


@pytest.mark.parametrize("unheard", [False, True])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_database_that_is_away_for_a_moment(desk: Desk, times: int, *, unheard: bool) -> None:
    """Also where the row was written, and only the word that it was did not arrive."""
    said, recorded = asked(desk, Flaky(desk, [AWAY] * times, unheard=unheard))

    assert said == HELP
    assert list(desk.database.tables.usage) == recorded
    assert len(recorded) == 1
    assert desk.database.tables.reservations == {}


@pytest.mark.parametrize("error", [AWAY, Conflict("Something else is wrong.")])
def test_a_call_that_can_not_be_recorded_is_told_to_the_log(
    desk: Desk, error: TutorError, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        said, recorded = asked(desk, Flaky(desk, [error] * 9))

    assert (said, recorded) == (HELP, [])
    (line,) = caplog.messages
    # What it cost, for whoever keeps the accounts; neither the question nor the answer.
    assert "scripted-1" in line
    assert "$0.000170" in line
    assert COURSE in line
    assert error.message in line
    assert HELP not in line


def test_a_reply_waits_no_longer_than_it_must(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database comes back when the learner has long read the hint."""
    monkeypatch.setattr(model_asking, "PATIENCE", 0.0)
    usage = Flaky(desk, [AWAY] * 3)
    model = ScriptedTutorModel([HELP])
    money = ModelDesk(PLACE, usage)

    async def request(report: Report) -> str:
        return (await model.hint(hint_facts(HintLevel.NUDGE), report)).message

    async def ask() -> str:
        said = await money.ask(Asker(desk.ada, COURSE, "parts"), "what it is asked", request)
        assert desk.database.tables.usage == {}
        while not desk.database.tables.usage:
            await asyncio.sleep(0.01)
        return said

    assert asyncio.run(ask()) == HELP
    assert len(desk.database.tables.usage) == 1


def test_what_was_set_aside_for_no_call_is_free_again_by_itself(desk: Desk) -> None:
    assert asked(desk, Flaky(desk, [AWAY]), calls=False) == (HELP, [])
    assert desk.database.tables.usage == {}
    assert len(desk.database.tables.reservations) == 1
