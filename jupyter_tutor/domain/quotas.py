"""Quotas: how much money help by a language model may cost, and how much is left.

A budget is for a learner and day, a learner and month, or a course and month, in US dollars; days
and months are those of UTC. From 80 % of any budget on the learner is told; when one is used up,
help comes from rules until the next day or month. What a call may cost is reserved before it is
made and counts as spent until the call is settled, so that calls at the same time cannot overspend.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

SOFT_SHARE: Final = Decimal("0.8")
PLACES: Final = Decimal("1e-12")
"""What amounts are rounded to; the price of a token has at most nine places."""
RESERVATION_LASTS: Final = timedelta(minutes=2)
"""Longer than any call: what was reserved for one that was lost is free again by then."""


class BudgetScope(StrEnum):
    """What a budget is for."""

    LEARNER_DAY = "learner_day"
    LEARNER_MONTH = "learner_month"
    COURSE_MONTH = "course_month"


@dataclass(frozen=True, slots=True)
class Budgets:
    """The most that may be spent, in US dollars; None is no limit, 0 is nothing at all.

    Attributes:
        learner_day: On one learner in a day, in all courses.
        learner_month: On one learner in a month, in all courses.
        course_month: On all learners of a course in a month.
    """

    learner_day: Decimal | None = None
    learner_month: Decimal | None = Decimal("0.10")
    course_month: Decimal | None = None

    def of(self, scope: BudgetScope) -> Decimal | None:
        """Return the budget of a scope, or None for no limit."""
        budget: Decimal | None = getattr(self, scope.value)
        return budget


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent, and what is reserved for calls under way, in US dollars."""

    learner_day: Decimal = Decimal(0)
    learner_month: Decimal = Decimal(0)
    course_month: Decimal = Decimal(0)

    def of(self, scope: BudgetScope) -> Decimal:
        """Return what was spent in a scope."""
        spent: Decimal = getattr(self, scope.value)
        return spent


@dataclass(frozen=True, slots=True)
class Quota:
    """How much is left, by the budget that leaves least.

    Attributes:
        scope: Which budget that is, or None where there is none.
        budget: Its amount, or None.
        spent: What of it is spent or reserved.
        renews_at: When it begins anew, or None; where budgets are nearly used up, when
            the last of those does.
        soft: Whether the learner is told that little is left: of any budget, since the one that
            leaves least in dollars may be a day's, of which little is gone.
    """

    scope: BudgetScope | None = None
    budget: Decimal | None = None
    spent: Decimal = Decimal(0)
    renews_at: datetime | None = None
    soft: bool = False

    @property
    def left(self) -> Decimal | None:
        """What may still be spent, or None for no limit."""
        return None if self.budget is None else max(self.budget - self.spent, Decimal(0))

    @property
    def used_up(self) -> bool:
        """Whether nothing more may be spent."""
        return self.left == 0

    def allows(self, amount: Decimal) -> bool:
        """Whether a call that costs this much at most may be made."""
        if amount < 0:
            raise ValueError("an amount is never negative")
        return self.left is None or (amount <= self.left and not self.used_up)


def quota(budgets: Budgets, spent: Spent, now: datetime) -> Quota:
    """Return how much is left for a learner in a course.

    Args:
        budgets: The budgets.
        spent: What was spent since `day_of(now)` and `month_of(now)`, reservations included.
        now: Database time.
    """
    limited = [
        Quota(scope, budget, spent.of(scope), _renewal(scope, now))
        for scope in BudgetScope
        if (budget := budgets.of(scope)) is not None
    ]
    if not limited:
        return Quota()
    # Of those that leave equally little, the one that is renewed last says when to come back.
    tightest = min(limited, key=lambda each: (_margin(each), -_seconds(each.renews_at, now)))
    soft = [each for each in limited if each.spent >= (each.budget or 0) * SOFT_SHARE]
    if not soft or tightest.used_up:
        return replace(tightest, soft=bool(soft))
    last = max(soft, key=lambda each: _seconds(each.renews_at, now))
    return replace(tightest, soft=True, renews_at=last.renews_at)


def day_of(now: datetime) -> datetime:
    """Return when the day began."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def month_of(now: datetime) -> datetime:
    """Return when the month began."""
    return day_of(now).replace(day=1)


def _margin(of: Quota) -> Decimal:
    """What is left, below zero where more was spent than the budget."""
    return (of.budget or Decimal(0)) - of.spent


def _renewal(scope: BudgetScope, now: datetime) -> datetime:
    return _next_day(now) if scope is BudgetScope.LEARNER_DAY else _next_month(now)


def _next_day(now: datetime) -> datetime:
    return day_of(now) + timedelta(days=1)


def _next_month(now: datetime) -> datetime:
    return (month_of(now) + timedelta(days=32)).replace(day=1)


def _seconds(moment: datetime | None, now: datetime) -> float:
    return (moment - now).total_seconds() if moment else 0.0
