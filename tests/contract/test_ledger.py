"""The ledger in storage: every call, exact sums, reservations that cannot be overspent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.model_access import Denied
from jupyter_tutor.domain.model_calls import (
    CallOutcome,
    ModelCall,
    Purpose,
    Tier,
    TokenUsage,
    UsageRecord,
)
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.domain.quotas import Budgets, Spent
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.read_models import UsageBy
from jupyter_tutor.services.usage import Reservation, UsageService
from tests.contract import samples
from tests.contract.samples import COURSE

CALL = ModelCall(
    purpose=Purpose.HINT,
    endpoint="direct",
    model="claude-haiku-5-5",
    request_id="req_1",
    usage=TokenUsage(100, 0, None, 300, 50),
    tier=Tier.STANDARD,
    outcome=CallOutcome.COMPLETED,
    seconds=1.25,
)
TINY = Decimal("0.000000000125")


@pytest.fixture
def record(collatz: Revision, ada: Person) -> Callable[..., UsageRecord]:
    """Makes calls of Ada's about the exercise, with changes."""

    def make(at: datetime, **changes: object) -> UsageRecord:
        made = UsageRecord(
            id=uuid7(),
            call=CALL,
            learner_id=ada.id,
            course_slug=COURSE,
            exercise_slug="collatz",
            price_version="2026-08",
            cost=Decimal("0.01"),
            created_at=at,
        )
        return replace(made, **changes)  # type: ignore[arg-type]

    return make


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"call": replace(CALL, usage=None, outcome=CallOutcome.CUT, seconds=0.0)},
        {"call": replace(CALL, usage=TokenUsage(), tier=Tier.BATCH, purpose=Purpose.RUBRIC)},
        {"call": replace(CALL, usage=TokenUsage(1, 2, 3, 4, 5), request_id="")},
        {"cost": TINY},
        {"exercise_slug": "", "price_version": "", "cost": Decimal(0)},
        {"learner_id": None},
        *({"call": replace(CALL, outcome=outcome)} for outcome in CallOutcome),
    ],
)
def test_a_call_comes_back_as_it_was(
    open_uow: UnitOfWorkFactory,
    record: Callable[..., UsageRecord],
    changes: dict[str, object],
) -> None:
    with open_uow() as uow:
        made = record(uow.now(), **changes)
        uow.ledger.add(made)
    with open_uow() as uow:
        assert uow.ledger.record(made.id) == made
        with pytest.raises(NotFound):
            uow.ledger.record(uuid7())


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"course_slug": "nowhere"}, NotFound),
        ({"exercise_slug": "nothing"}, NotFound),
        ({"learner_id": UUID(int=1)}, NotFound),
        ({"cost": Decimal(-1)}, InvalidInput),
    ],
)
def test_what_makes_no_sense_is_refused(
    open_uow: UnitOfWorkFactory,
    record: Callable[..., UsageRecord],
    changes: dict[str, object],
    error: type[Exception],
) -> None:
    with pytest.raises(error), open_uow() as uow:
        uow.ledger.add(record(uow.now(), **changes))


def test_what_was_spent_is_added_up_by_day_month_and_course(
    open_uow: UnitOfWorkFactory, ada: Person, record: Callable[..., UsageRecord]
) -> None:
    noon = datetime.fromisoformat("2031-05-20T12:00:00+00:00")
    with open_uow() as uow:
        uow.courses.save(samples.course("other"))
        bob = uow.people.identify(samples.BOB)
        calls: list[tuple[datetime, dict[str, object]]] = [
            (noon, {"cost": TINY}),
            (noon.replace(hour=0), {"cost": Decimal(1)}),
            (noon.replace(hour=0) - timedelta(microseconds=1), {"cost": Decimal(2)}),
            (noon.replace(day=1, hour=0), {"cost": Decimal(4)}),
            (noon.replace(day=1, hour=0) - timedelta(microseconds=1), {"cost": Decimal(8)}),
            (noon, {"cost": Decimal(16), "learner_id": bob.id}),
            (noon, {"cost": Decimal(32), "learner_id": None}),
            (noon, {"cost": Decimal(64), "course_slug": "other", "exercise_slug": ""}),
        ]
        for at, changes in calls:
            uow.ledger.add(record(at, **changes))
        for amount, seconds in ((Decimal(128), 1), (Decimal(256), 0)):
            expires_at = noon + timedelta(seconds=seconds)
            uow.ledger.reserve(ada.id, COURSE, amount, expires_at)
        assert uow.ledger.spent(ada.id, COURSE, noon) == Spent(
            learner_day=1 + 64 + 128 + TINY,
            learner_month=1 + 2 + 4 + 64 + 128 + TINY,
            course_month=1 + 2 + 4 + 16 + 32 + 128 + TINY,
        )
        assert uow.ledger.spent(uuid7(), "other", noon) == Spent(course_month=Decimal(64))


def test_what_is_reserved_counts_until_it_is_released(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        later = uow.now() + timedelta(minutes=2)
        key = uow.ledger.reserve(ada.id, COURSE, Decimal("0.05"), later)
        assert uow.ledger.spent(ada.id, COURSE, uow.now()).learner_day == Decimal("0.05")
        uow.ledger.release(key)
        uow.ledger.release(key)
        assert uow.ledger.spent(ada.id, COURSE, uow.now()) == Spent()
    with pytest.raises(NotFound), open_uow() as uow:
        uow.ledger.reserve(uuid7(), COURSE, Decimal(1), later)
    with pytest.raises(InvalidInput), open_uow() as uow:
        uow.ledger.reserve(ada.id, COURSE, Decimal(-1), later)


@pytest.mark.parametrize("course_month", [None, Decimal("0.1")])
def test_calls_at_the_same_time_cannot_overspend(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, course_month: Decimal | None
) -> None:
    budgets = Budgets(learner_month=Decimal("0.1"), course_month=course_month)
    service = UsageService(open_uow, Access(open_uow, open_enrollment=False), budgets)

    def spend(_: int) -> Reservation | Denied:
        return service.reserve(ada.id, COURSE, "collatz", Decimal("0.03"))

    with ThreadPoolExecutor(6) as threads:
        results = list(threads.map(spend, range(6)))
    reserved = [each for each in results if isinstance(each, Reservation)]
    assert len(reserved) == 3
    assert {each.code for each in results if isinstance(each, Denied)} == {"quota"}
    record = service.settle(reserved[0], CALL, "2026-08", Decimal("0.001"))
    with open_uow() as uow:
        assert uow.ledger.record(record.id) == record
    service.release(reserved[1])
    assert service.quota(ada.id, COURSE).spent == Decimal("0.031")
    assert isinstance(spend(0), Reservation)
    assert isinstance(spend(0), Reservation)
    assert isinstance(spend(0), Denied)


def test_usage_is_added_up_by_anything(
    open_uow: UnitOfWorkFactory, ada: Person, record: Callable[..., UsageRecord]
) -> None:
    noon = datetime.fromisoformat("2031-05-20T12:00:00+00:00")
    cut = replace(CALL, usage=None, outcome=CallOutcome.CUT, purpose=Purpose.CHAT, model="other")
    with open_uow() as uow:
        bob = uow.people.identify(samples.BOB)
        uow.people.enroll(bob.id, COURSE, Role.LEARNER)
        uow.courses.save(samples.course("other"))
        uow.ledger.add(record(noon, cost=TINY))
        uow.ledger.add(record(noon, call=cut, learner_id=bob.id, cost=Decimal(2)))
        night = noon + timedelta(hours=12)
        wrote = replace(CALL, usage=TokenUsage(1, 2, 3, 4, 5))
        uow.ledger.add(record(night, call=wrote, learner_id=None, exercise_slug=""))
        uow.ledger.add(record(noon, course_slug="other", exercise_slug=""))
    with open_uow() as uow:
        total = uow.teaching.usage(COURSE, UsageBy.MODEL).total
        assert (total.calls, total.unsuccessful, total.cost) == (3, 1, Decimal("2.01") + TINY)
        assert (total.input, total.cache_write, total.cache_read, total.output) == (101, 5, 304, 55)
        assert total.cache_share == pytest.approx(304 / 410)
        keys = {
            by: [(each.key, each.label) for each in uow.teaching.usage(COURSE, by).sums]
            for by in UsageBy
        }
        assert keys == {
            UsageBy.LEARNER: [(str(bob.id), "Bob"), ("", ""), (str(ada.id), "Ada")],
            UsageBy.EXERCISE: [("collatz", "collatz"), ("", "")],
            UsageBy.MODEL: [("other", "other"), (CALL.model, CALL.model)],
            UsageBy.PURPOSE: [("chat", "chat"), ("hint", "hint")],
            UsageBy.DAY: [("2031-05-21", "2031-05-21"), ("2031-05-20", "2031-05-20")],
        }
        everywhere = uow.teaching.usage(None, UsageBy.EXERCISE)
        assert [each.key for each in everywhere.sums] == [
            f"{COURSE}/collatz",
            "other/",
            f"{COURSE}/",
        ]
        early = uow.teaching.usage(COURSE, UsageBy.DAY, until=night)
        late = uow.teaching.usage(COURSE, UsageBy.DAY, since=night)
        assert (early.total.calls, late.total.calls) == (2, 1)
        nothing = uow.teaching.usage("nowhere", UsageBy.DAY)
        assert (nothing.sums, nothing.total.calls, nothing.total.cost) == ((), 0, Decimal(0))


def test_a_claim_is_one_process_s_until_it_is_released_or_expires(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    key = UUID(int=7)

    def claim(seconds: float = 60.0) -> bool:
        with open_uow() as uow:
            until = uow.now() + timedelta(seconds=seconds)
            return uow.ledger.claim(key, ada.id, COURSE, until)

    assert [claim(), claim()] == [True, False]
    with open_uow() as uow:
        assert uow.ledger.spent(ada.id, COURSE, uow.now()) == Spent()
        uow.ledger.release(key)
    assert [claim(-1.0), claim(), claim()] == [True, True, False]
    with pytest.raises(NotFound), open_uow() as uow:
        uow.ledger.claim(UUID(int=8), ada.id, "nowhere", uow.now())
    with pytest.raises(NotFound), open_uow() as uow:
        uow.ledger.claim(UUID(int=8), UUID(int=1), COURSE, uow.now())


def test_of_many_who_claim_at_once_one_has_it(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    def claim(_number: int) -> bool:
        with open_uow() as uow:
            until = uow.now() + timedelta(seconds=60)
            return uow.ledger.claim(UUID(int=7), ada.id, COURSE, until)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, range(16))) == [False] * 15 + [True]
