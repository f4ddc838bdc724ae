"""The ledger against a sum that was computed by hand, on the fake and on PostgreSQL.

Each class of tokens, a batch, a request beyond 100,000 tokens, a stream that was cancelled: every
call of a model goes through the desk that pays for it, as hints do.
"""

import asyncio
from dataclasses import replace
from decimal import Decimal
from typing import Final
from uuid import UUID

import pytest

from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Purpose, Tier, TokenUsage
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.domain.pricing import PRICES
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.model_asking import Asker, ModelDesk, ModelPlace
from jupyter_tutor.services.model_ports import Report
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.read_models import UsageBy
from jupyter_tutor.services.usage import UsageService, usage_everywhere
from tests.contract import samples
from tests.contract.samples import COURSE

MODEL: Final = "claude-haiku-5-5"
STANDARD, BATCH = Tier.STANDARD, Tier.BATCH
DONE, CANCELLED = CallOutcome.COMPLETED, CallOutcome.CANCELLED

# Haiku 5.5 costs 10 cents a million tokens read, 12.5 stored for 5 minutes, 20 for an hour, 1 found
# stored, 50 written. In millionths of a cent a token: 10, 12.5, 20, 1, 50; here in tenths of those.
CALLS = [
    # usage, tier, how it ended, what it cost in tenths of a millionth of a cent
    (TokenUsage(1_000, 0, 0, 0, 0), STANDARD, DONE, 1_000 * 100),
    (TokenUsage(0, 1_000, 0, 0, 0), STANDARD, DONE, 1_000 * 125),
    (TokenUsage(0, 0, 1_000, 0, 0), STANDARD, DONE, 1_000 * 200),
    (TokenUsage(0, 0, 0, 1_000, 0), STANDARD, DONE, 1_000 * 10),
    (TokenUsage(0, 0, 0, 0, 1_000), STANDARD, DONE, 1_000 * 500),
    (TokenUsage(1_201, 7, 3_001, 2_999, 549), STANDARD, DONE, 120_100 + 875 + 600_200 + 304_490),
    (TokenUsage(3_500, 0, 0, 0, 700), BATCH, DONE, (350_000 + 350_000) // 2),
    # 100,001 tokens went in: five times the price, of all of it.
    (TokenUsage(40_000, 0, 1, 60_000, 100), STANDARD, DONE, 5 * (4_000_000 + 200 + 650_000)),
    # Cancelled: the start of the stream had told what went in; 40 tokens of output were heard.
    (TokenUsage(1_200, 0, 0, 3_000), STANDARD, CANCELLED, 120_000 + 30_000 + 40 * 500),
    # Cut before anything was said: it is charged for what was asked.
    (None, STANDARD, CallOutcome.CUT, 4_000 * 100),
    # Turned away: the endpoint charges nothing.
    (None, STANDARD, CallOutcome.RATE_LIMITED, 0),
]
UNSAID = {CANCELLED: TokenUsage(output=40), CallOutcome.CUT: TokenUsage(input=4_000, output=0)}
"""What the adapter estimates where the endpoint did not say it."""
HAND_COMPUTED = Decimal(sum(each[3] for each in CALLS)) / 10**9
"""In US dollars."""


@pytest.mark.parametrize("by", list(UsageBy))
def test_the_ledger_is_the_sum_computed_by_hand(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, by: UsageBy
) -> None:
    access = Access(open_uow, open_enrollment=False)
    with open_uow() as uow:
        uow.people.enroll(ada.id, COURSE, Role.LEARNER)
        boss = uow.people.enroll(uow.people.identify(samples.BOB).id, COURSE, Role.INSTRUCTOR)
    usage = UsageService(open_uow, access, Budgets(learner_month=None))
    place = ModelPlace(
        MODEL,
        "api.example",
        is_cloud=True,
        price=PRICES[MODEL],
        most_tokens=2_000,
        prompt_version="1",
    )
    desk = ModelDesk(place, usage)
    asker = Asker(ada.id, COURSE, collatz.content.slug)

    recorded: list[UUID] = []

    async def call(used: TokenUsage | None, tier: Tier, outcome: CallOutcome) -> None:
        async def request(report: Report) -> None:
            made = ModelCall(Purpose.HINT, "anthropic", MODEL, "req", used, tier, outcome, 0.1)
            report(replace(made, unsaid=UNSAID.get(outcome)))
            if outcome is CANCELLED:
                raise asyncio.CancelledError
            if outcome is not DONE:
                raise ModelUnavailable("The call was cut.")

        await desk.ask(asker, "what it is asked", request, recorded)

    for used, tier, outcome, _ in CALLS:
        try:
            asyncio.run(call(used, tier, outcome))
        except (asyncio.CancelledError, ModelUnavailable):
            assert outcome is not DONE

    for report in (usage.report(boss.person_id, COURSE, by), usage_everywhere(open_uow, None, by)):
        assert report.total.calls == len(CALLS)
        assert report.total.unsuccessful == 3
        assert abs(report.total.cost - HAND_COMPUTED) < Decimal("1e-8")
        assert abs(sum(each.cost for each in report.sums) - HAND_COMPUTED) < Decimal("1e-8")
    # Which of them are estimates is told by what the ledger keeps: tokens that were reported.
    with open_uow() as uow:
        kept = [uow.ledger.record(key) for key in recorded]
    assert [each.call.usage for each in kept] == [each[0] for each in CALLS]
    estimated = [each.call.outcome for each in kept if each.is_estimated and each.cost > 0]
    assert estimated[-2:] == [CANCELLED, CallOutcome.CUT]
    assert not kept[5].is_estimated
    # Nothing is still set aside: what was spent is what the ledger says.
    with open_uow() as uow:
        spent = uow.ledger.spent(ada.id, COURSE, uow.now())
    assert abs(spent.learner_month - HAND_COMPUTED) < Decimal("1e-8")
