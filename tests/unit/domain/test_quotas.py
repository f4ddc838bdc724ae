"""Quotas: the budget that leaves least decides, soft at 80 %, and days end at midnight UTC."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.quotas import (
    Budgets,
    BudgetScope,
    Quota,
    Spent,
    day_of,
    month_of,
    quota,
)

NOON = datetime(2031, 12, 31, 12, 30, tzinfo=UTC)
DAY, MONTH, COURSE = BudgetScope.LEARNER_DAY, BudgetScope.LEARNER_MONTH, BudgetScope.COURSE_MONTH
CENT = Decimal("0.01")
amounts = st.integers(0, 300).map(lambda cents: cents * CENT)
budgets = st.builds(Budgets, st.none() | amounts, st.none() | amounts, st.none() | amounts)
spendings = st.builds(Spent, amounts, amounts, amounts)


def test_by_default_ten_cents_a_month_and_nothing_else() -> None:
    assert Budgets() == Budgets(None, Decimal("0.10"), None)
    left = quota(Budgets(), Spent(learner_month=Decimal("0.04")), NOON)
    assert (left.scope, left.left, left.soft) == (MONTH, Decimal("0.06"), False)
    assert left.renews_at == datetime(2032, 1, 1, tzinfo=UTC)


def test_without_budgets_there_is_no_limit() -> None:
    free = quota(Budgets(learner_month=None), Spent(learner_month=Decimal(99)), NOON)
    assert free == Quota()
    assert (free.left, free.soft, free.used_up) == (None, False, False)
    assert free.allows(Decimal(1_000))


@pytest.mark.parametrize(
    ("cents", "soft", "used_up"),
    [(7.9, False, False), (8, True, False), (9.9, True, False), (10, True, True), (11, True, True)],
)
def test_the_learner_is_told_from_four_fifths_on(cents: float, soft: bool, used_up: bool) -> None:
    left = quota(Budgets(), Spent(learner_month=Decimal(str(cents)) / 100), NOON)
    assert (left.soft, left.used_up) == (soft, used_up)


def test_any_budget_that_is_nearly_used_up_is_told_of() -> None:
    both = Budgets(learner_day=Decimal("0.005"), learner_month=Decimal("0.10"))
    spent = Spent(learner_day=Decimal("0.002"), learner_month=Decimal("0.092"))
    left = quota(both, spent, NOON)
    assert (left.scope, left.left, left.soft) == (DAY, Decimal("0.003"), True)
    assert left.renews_at == datetime(2032, 1, 1, tzinfo=UTC)
    of_course = Budgets(course_month=Decimal(50))
    left = quota(of_course, Spent(course_month=Decimal("49.85")), NOON)
    assert (left.scope, left.soft) == (MONTH, True)


def test_what_is_used_up_says_when_it_begins_anew() -> None:
    both = Budgets(learner_day=Decimal("0.005"), learner_month=Decimal("0.10"))
    spent = Spent(learner_day=Decimal("0.005"), learner_month=Decimal("0.09"))
    left = quota(both, spent, datetime(2031, 12, 1, 12, tzinfo=UTC))
    assert (left.scope, left.used_up, left.soft) == (DAY, True, True)
    assert left.renews_at == datetime(2031, 12, 2, tzinfo=UTC)


def test_a_call_has_to_fit_whole() -> None:
    left = quota(Budgets(), Spent(learner_month=Decimal("0.09")), NOON)
    assert left.allows(CENT)
    assert not left.allows(CENT + Decimal("1e-12"))
    with pytest.raises(ValueError, match="negative"):
        left.allows(-CENT)
    # Nothing may be called, not even what costs nothing, once all is spent.
    assert not quota(Budgets(learner_day=Decimal(0)), Spent(), NOON).allows(Decimal(0))


@given(budgets, spendings, amounts)
def test_what_is_allowed_exceeds_no_budget(of: Budgets, spent: Spent, amount: Decimal) -> None:
    left = quota(of, spent, NOON)
    room = [
        budget - spent.of(scope) for scope in BudgetScope if (budget := of.of(scope)) is not None
    ]
    assert left.allows(amount) is all(amount <= each and each > 0 for each in room)
    assert left.left == (max(min(room), Decimal(0)) if room else None)


def test_of_budgets_that_are_used_up_the_last_to_be_renewed_is_told() -> None:
    spent = Spent(CENT, CENT, CENT)
    left = quota(Budgets(CENT, CENT, None), spent, NOON.replace(day=30))
    assert left.scope is MONTH
    assert quota(Budgets(CENT, None, None), spent, NOON).scope is DAY
    assert quota(Budgets(None, None, CENT), spent, NOON).scope is COURSE


def test_days_and_months_begin_at_midnight() -> None:
    assert day_of(NOON) == datetime(2031, 12, 31, tzinfo=UTC)
    assert month_of(NOON) == datetime(2031, 12, 1, tzinfo=UTC)
    assert quota(Budgets(CENT), Spent(), NOON).renews_at == datetime(2032, 1, 1, tzinfo=UTC)
