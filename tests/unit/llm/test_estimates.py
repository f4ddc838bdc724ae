"""Calls whose end nobody heard: what they are charged for, and that it counts against budgets."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from jupyter_tutor.domain.endpoints import Endpoint
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, TokenUsage
from jupyter_tutor.domain.pricing import cost
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.token_sizes import most_tokens_of
from jupyter_tutor.llm.claude import ClaudeTutorModel
from jupyter_tutor.llm.prompts import hint_prompt
from jupyter_tutor.services.model_asking import Asker, ModelDesk, ModelPlace, OutOfBudget
from jupyter_tutor.services.model_ports import Report
from jupyter_tutor.services.usage import UsageService
from tests.fake_api import Cut, Disconnect, FakeApi, Hang, Html, Reply, Scenario, Status
from tests.fake_api.accounting import tokens
from tests.small_course import COURSE
from tests.unit.llm.asking import HINT, hint, with_model
from tests.unit.llm.facts import hint_facts
from tests.unit.services.desk import Desk

FACTS = hint_facts(HintLevel.NUDGE)
PROMPT = hint_prompt(FACTS)


async def leave(api: FakeApi, model: ClaudeTutorModel, report: Report) -> None:
    """Ask for a hint, and go away before it is there."""
    before = len(api.calls)
    task = asyncio.create_task(model.hint(FACTS, report))
    while len(api.calls) == before:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def cancelled(api: FakeApi, endpoint: Endpoint, scenario: Scenario) -> ModelCall:
    """Return what is recorded of a call that somebody takes back."""
    api.queue(scenario)
    calls: list[ModelCall] = []
    with_model(endpoint, lambda model: leave(api, model, calls.append))
    (call,) = calls
    assert call.outcome is CallOutcome.CANCELLED
    return call


def test_what_was_heard_of_a_cancelled_call_is_charged(api: FakeApi, endpoint: Endpoint) -> None:
    """Start, ping, the block, two of four pieces of it: the input is exact, the output heard."""
    call = cancelled(api, endpoint, Hang(after=5))

    stored = tokens(PROMPT.policy) + tokens(PROMPT.exercise)
    asked = tokens(f"user: {PROMPT.question}")
    assert call.usage == TokenUsage(asked, 0, stored, 0, None)
    assert call.charged is not None
    written = call.charged.output
    assert written is not None
    assert written > 1
    by_hand = (asked * 100 + stored * 200 + written * 500) * Decimal("1e-9")
    assert abs(cost(call.charged, endpoint.price) - by_hand) < Decimal("1e-8")


def test_a_call_of_which_nothing_was_heard_is_charged_for_its_prompt(
    api: FakeApi, endpoint: Endpoint
) -> None:
    call = cancelled(api, replace(endpoint, structured_output=False), Hang())

    texts = (PROMPT.policy, PROMPT.exercise, PROMPT.question)
    assert call.usage is None
    assert call.charged == TokenUsage(input=sum(map(most_tokens_of, texts)), output=0)
    assert cost(call.charged, endpoint.price) > Decimal("0.0001")


@pytest.mark.parametrize("after", [3, 4])
def test_thoughts_count_also_where_they_are_not_shown(
    api: FakeApi, endpoint: Endpoint, after: int
) -> None:
    """After three events the block of thoughts has begun; with the fourth comes a piece of them."""
    thinks = Hang(after=after, reply=Reply(HINT, thinking="They start at zero. " * 60))
    call = cancelled(api, endpoint, thinks)

    assert call.usage is not None
    assert call.usage.output is None
    assert call.charged is not None
    assert call.charged.output == (endpoint.most_tokens if after == 3 else 100)


@pytest.mark.parametrize(
    ("scenario", "charged"),
    [
        (Status(400), False),
        (Status(401), False),
        (Status(504, headers={"x-should-retry": "false"}), False),
        (Html(), False),
        (Cut(), True),
        (Reply(HINT, usage="none"), True),
        (Reply("nonsense", usage="none"), True),
    ],
)
def test_who_is_turned_away_is_charged_nothing(
    api: FakeApi, endpoint: Endpoint, scenario: Scenario, charged: bool
) -> None:
    api.queue(scenario)
    calls: list[ModelCall] = []
    try:
        hint(endpoint, calls)
    except ModelUnavailable:
        assert calls
    (call,) = calls
    assert (cost(call.charged, endpoint.price) > 0) is charged


def test_who_was_hung_up_on_may_have_been_charged(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Disconnect(), Reply(HINT))
    calls: list[ModelCall] = []
    hint(endpoint, calls)

    assert [call.outcome for call in calls] == [CallOutcome.CUT, CallOutcome.COMPLETED]
    assert cost(calls[0].charged, endpoint.price) > 0
    assert calls[1].unsaid is None


def test_an_answer_without_end_is_charged_as_the_longest_reply(
    api: FakeApi, endpoint: Endpoint
) -> None:
    api.queue(Reply("x" * 70_000))
    calls: list[ModelCall] = []
    with pytest.raises(ModelUnavailable):
        hint(endpoint, calls)

    assert calls[0].charged is not None
    assert calls[0].charged.output == endpoint.most_tokens


def test_asking_and_cancelling_again_and_again_uses_up_the_budget(
    api: FakeApi, endpoint: Endpoint
) -> None:
    """Else the school would pay for as many calls as somebody has the patience to take back."""
    desk = Desk()
    usage = UsageService(desk.database, desk.access, Budgets(learner_month=Decimal("0.004")))
    place = ModelPlace(
        model=endpoint.model,
        host="api.example",
        is_cloud=True,
        price=endpoint.price,
        most_tokens=endpoint.most_tokens,
        prompt_version="1",
    )
    money = ModelDesk(place, usage)
    api.queue(*[Hang()] * 40)

    async def drain(model: ClaudeTutorModel) -> int:
        await model.warm()
        for asked in range(40):
            before = len(api.calls)

            async def request(report: Report) -> None:
                await leave(api, model, report)

            try:
                await money.ask(Asker(desk.ada, COURSE, "parts"), FACTS, request)
            except OutOfBudget:
                assert len(api.calls) == before
                return asked
        return 40

    assert 1 < with_model(endpoint, drain) < 20
    spent = sum(each.cost for each in desk.database.tables.usage.values())
    assert Decimal("0.001") < spent <= Decimal("0.004")
