"""Sums of usage: their order and their total, the same wherever they were added up."""

from collections.abc import Iterable
from decimal import Decimal

from jupyter_tutor.services.read_models import UsageBy, UsageReport, UsageSum


def report(by: UsageBy, sums: Iterable[UsageSum]) -> UsageReport:
    """Return sums in order, with their total: days newest first, all others dearest first."""
    ordered = sorted(sums, key=lambda each: each.key)
    if by is UsageBy.DAY:
        ordered.reverse()
    else:
        ordered.sort(key=lambda each: -each.cost)
    return UsageReport(by, tuple(ordered), total(ordered))


def total(sums: Iterable[UsageSum], key: str = "", label: str = "") -> UsageSum:
    """Return the sum of sums."""
    each = tuple(sums)
    return UsageSum(
        key=key,
        label=label,
        calls=sum(one.calls for one in each),
        unsuccessful=sum(one.unsuccessful for one in each),
        input=sum(one.input for one in each),
        cache_write=sum(one.cache_write for one in each),
        cache_read=sum(one.cache_read for one in each),
        output=sum(one.output for one in each),
        cost=sum((one.cost for one in each), Decimal(0)),
    )
