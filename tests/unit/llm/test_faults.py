"""Everything that can go wrong at an endpoint: the caller sees one kind of error, the ledger each.

Deadlines are short here. None of these tests looks at a clock; one that hung would be ended by the
time limit of the tests.
"""

import asyncio
import socket
from dataclasses import replace

import pytest

from jupyter_tutor.domain.endpoints import Endpoint
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall
from jupyter_tutor.llm.calls import wait_of
from jupyter_tutor.llm.claude import ClaudeTutorModel
from jupyter_tutor.services.model_ports import HintReply
from tests.fake_api import (
    Cut,
    Disconnect,
    Drip,
    FakeApi,
    Garbage,
    Hang,
    Html,
    Plain,
    Reply,
    Scenario,
    Status,
    StreamError,
    Truncate,
)
from tests.unit.llm.asking import HINT, hint, with_model
from tests.unit.llm.facts import hint_facts

LATER = Status(429, headers={"retry-after": "90"})
SPENT = Status(429, details={"error_code": "enforced_spend_limit_reached"})
HELD = Status(400, details={"error_code": "organization_on_hold"})
ELSEWHERE = Status(302, headers={"location": "http://127.0.0.1:9/v1/messages"})
NEVER = Status(500, headers={"x-should-retry": "false"})

ENDS = [
    # What happens, how it is recorded, whether usage was said before it happened.
    (Status(401), CallOutcome.UNAUTHORIZED, False),
    (Status(402), CallOutcome.OUT_OF_CREDIT, False),
    (Status(403), CallOutcome.UNAUTHORIZED, False),
    (SPENT, CallOutcome.OUT_OF_CREDIT, False),
    (HELD, CallOutcome.OUT_OF_CREDIT, False),
    (Status(400), CallOutcome.FAILED, False),
    (Status(404), CallOutcome.FAILED, False),
    (Status(413), CallOutcome.FAILED, False),
    (LATER, CallOutcome.RATE_LIMITED, False),
    (NEVER, CallOutcome.FAILED, False),
    (ELSEWHERE, CallOutcome.FAILED, False),
    (Html(), CallOutcome.INVALID, False),
    (Plain(), CallOutcome.INVALID, False),
    (Hang(), CallOutcome.TIMED_OUT, False),
    (Hang(after=3), CallOutcome.TIMED_OUT, True),
    (Drip(0.5), CallOutcome.TIMED_OUT, True),
    (Cut(), CallOutcome.CUT, True),
    (Truncate(), CallOutcome.CUT, True),
    (Truncate(after=0), CallOutcome.INVALID, False),
    (StreamError(), CallOutcome.OVERLOADED, True),
    (StreamError("api_error"), CallOutcome.FAILED, True),
    (StreamError("rate_limit_error"), CallOutcome.RATE_LIMITED, True),
    (Garbage(), CallOutcome.INVALID, True),
    (Reply("", stop_reason="refusal"), CallOutcome.REFUSED, True),
    (Reply(HINT[:40], stop_reason="max_tokens"), CallOutcome.TRUNCATED, True),
    (Reply(HINT, stop_reason="model_context_window_exceeded"), CallOutcome.TRUNCATED, True),
    (Reply(HINT, stop_reason="pause_turn"), CallOutcome.INVALID, True),
    (Reply("", tool=("look", {}), stop_reason="tool_use"), CallOutcome.INVALID, True),
    (Reply("Use scores[0]."), CallOutcome.INVALID, True),
    (Reply(HINT[:-2]), CallOutcome.INVALID, True),
    (Reply("x" * 70_000), CallOutcome.INVALID, True),
    (Reply("", usage="none"), CallOutcome.INVALID, False),
]

PASSING = [
    (Status(429), CallOutcome.RATE_LIMITED),
    (Status(500), CallOutcome.FAILED),
    (Status(503), CallOutcome.OVERLOADED),
    (Status(504), CallOutcome.TIMED_OUT),
    (Status(529), CallOutcome.OVERLOADED),
    (Status(409), CallOutcome.FAILED),
    (Disconnect(), CallOutcome.CUT),
    (Cut(after=0), CallOutcome.CUT),
    (StreamError(after=0), CallOutcome.OVERLOADED),
    (Status(400, headers={"x-should-retry": "true"}), CallOutcome.FAILED),
]


SOON = 1.5
"""Seconds for an endpoint that will not answer in time."""


def failed(
    endpoint: Endpoint, calls: list[ModelCall], seconds: float | None = None
) -> ModelUnavailable:
    with pytest.raises(ModelUnavailable) as raised:
        hint(endpoint, calls, seconds)
    return raised.value


@pytest.mark.parametrize(("scenario", "outcome", "counted"), ENDS)
def test_an_end_without_a_reply(
    api: FakeApi, endpoint: Endpoint, scenario: Scenario, outcome: CallOutcome, counted: bool
) -> None:
    api.queue(scenario)
    calls: list[ModelCall] = []
    error = failed(endpoint, calls, SOON if outcome is CallOutcome.TIMED_OUT else None)

    assert error.code == "model_unavailable"
    assert error.details == {"outcome": outcome.value}
    (call,) = calls
    assert len(api.calls) == 1
    assert call.outcome is outcome
    # What hangs or breaks before its first line has no name.
    assert call.request_id == ("" if scenario == Hang() else "req_1")
    if counted:
        assert call.usage is not None
        assert call.usage.total_input > 1_000
        # Of the output only the end of a stream tells; before it, it is estimated.
        said_all = isinstance(scenario, Reply) and len(scenario.text or "") < 60_000
        assert (call.usage.output is not None) is said_all
        assert (call.unsaid is None) is said_all
    else:
        assert call.usage is None


@pytest.mark.parametrize(("scenario", "outcome"), PASSING)
def test_what_may_pass_is_tried_once_more(
    api: FakeApi, endpoint: Endpoint, scenario: Scenario, outcome: CallOutcome
) -> None:
    api.queue(scenario, Reply(HINT))
    calls: list[ModelCall] = []

    assert hint(endpoint, calls).concept == "accumulators"
    assert [call.outcome for call in calls] == [outcome, CallOutcome.COMPLETED]
    assert calls[1].request_id == "req_2"
    assert len(api.calls) == 2


@pytest.mark.parametrize(("scenario", "outcome"), PASSING)
def test_and_no_third_time(
    api: FakeApi, endpoint: Endpoint, scenario: Scenario, outcome: CallOutcome
) -> None:
    api.queue(scenario, scenario, Reply(HINT))
    calls: list[ModelCall] = []
    failed(endpoint, calls)

    assert [call.outcome for call in calls] == [outcome] * 2
    assert len(api.calls) == 2


def test_nobody_is_there(endpoint: Endpoint) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        calls: list[ModelCall] = []
        failed(replace(endpoint, url=f"http://127.0.0.1:{port}"), calls)

    assert [call.outcome for call in calls] == [CallOutcome.UNREACHABLE] * 2
    assert {call.usage for call in calls} == {None}


def test_a_reply_without_a_word_on_usage_is_a_reply(api: FakeApi, endpoint: Endpoint) -> None:
    """It was paid for or was free; that nobody said what it used is no reason to lose it."""
    api.queue(Reply(HINT, usage="none"))
    calls: list[ModelCall] = []

    assert hint(endpoint, calls).concept == "accumulators"
    (call,) = calls
    assert (call.outcome, call.usage) == (CallOutcome.COMPLETED, None)
    assert call.unsaid is not None


def test_what_a_cut_call_used_is_what_was_said_last(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Cut(), Reply(HINT))
    calls: list[ModelCall] = []
    failed(endpoint, calls)
    hint(endpoint, calls)

    cut, whole = (call.usage for call in calls)
    assert cut is not None
    assert whole is not None
    assert cut.output is None
    assert whole.output is not None
    assert whole.output > 1
    assert whole.cache_read == cut.cache_write_1h


@pytest.mark.parametrize("scenario", [Hang(), Hang(after=3), Drip(0.3)])
def test_cancelling_ends_the_request_at_the_endpoint(
    api: FakeApi, endpoint: Endpoint, scenario: Scenario
) -> None:
    api.queue(scenario)
    calls: list[ModelCall] = []

    async def leave(model: ClaudeTutorModel) -> None:
        asking = model.hint(hint_facts(HintLevel.NUDGE), calls.append)
        task = asyncio.create_task(asking)
        while not api.calls:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while not api.gone:
            await asyncio.sleep(0.01)

    with_model(endpoint, leave)
    (call,) = calls
    assert call.outcome is CallOutcome.CANCELLED
    assert (call.usage is None) is (scenario == Hang())
    assert api.gone == 1


def test_a_timeout_ends_the_request_at_the_endpoint(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Hang(after=3))

    async def wait(model: ClaudeTutorModel) -> None:
        with pytest.raises(ModelUnavailable):
            await model.hint(hint_facts(HintLevel.NUDGE), lambda _call: None, seconds=SOON)
        while not api.gone:
            await asyncio.sleep(0.01)

    with_model(endpoint, wait)
    assert api.gone == 1


def test_an_endpoint_has_its_own_time(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Hang())
    calls: list[ModelCall] = []
    failed(replace(endpoint, seconds=SOON), calls)

    assert [call.outcome for call in calls] == [CallOutcome.TIMED_OUT]


def test_one_slow_answer_stops_nobody(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Hang())
    api.otherwise = lambda _body: Reply(HINT)
    calls: list[ModelCall] = []
    facts = hint_facts(HintLevel.NUDGE)

    async def ask(model: ClaudeTutorModel) -> list[HintReply]:
        slow = asyncio.create_task(model.hint(facts, calls.append))
        while not api.calls:
            await asyncio.sleep(0.01)
        others = await asyncio.gather(*(model.hint(facts, calls.append) for _ in range(10)))
        assert not slow.done()
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        return list(others)

    assert len(with_model(endpoint, ask)) == 10
    outcomes = [call.outcome for call in calls]
    assert outcomes == [CallOutcome.COMPLETED] * 10 + [CallOutcome.CANCELLED]


def test_a_fault_of_one_is_not_that_of_the_next(api: FakeApi, endpoint: Endpoint) -> None:
    facts = hint_facts(HintLevel.NUDGE)
    api.queue(Cut(), Html(), Reply(HINT))

    async def ask(model: ClaudeTutorModel) -> HintReply:
        for _ in range(2):
            with pytest.raises(ModelUnavailable):
                await model.hint(facts, lambda _call: None)
        return await model.hint(facts, lambda _call: None)

    assert with_model(endpoint, ask).concept == "accumulators"


def test_what_is_left_open_is_left_to_nobody(endpoint: Endpoint) -> None:
    """A model that was never asked is closed like any other."""

    async def nothing(_model: ClaudeTutorModel) -> bool:
        return True

    assert with_model(endpoint, nothing)
    assert with_model(endpoint, lambda model: model.warm()) is None


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("90", 90, 90),
        ("0", 0, 0),
        ("Fri, 31 Dec 2099 23:59:59 GMT", 1e8, 1e10),
        ("Fri, 31 Dec 2099 23:59:59 -0000", 1e8, 1e10),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0, 0),
    ],
)
def test_an_endpoint_may_say_when_by_a_number_or_a_date(
    told: str, least: float, most: float
) -> None:
    """A date that is past asks for no wait; one to come for as long as until then."""
    wait = wait_of(told)
    assert wait is not None
    assert least <= wait <= most


@pytest.mark.parametrize("told", [None, "", "soon", "-1", "inf", "nan", "Fri, 99 Foo 2099"])
def test_what_says_no_time_is_no_wait(told: str | None) -> None:
    assert wait_of(told) is None
