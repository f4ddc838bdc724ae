"""What calls of a language model cost: exact sums in US dollars, by a price that has a version.

    cost = (input * price + written_5m * price + written_1h * price + read * price
            + output * price) / 10**6 * batch factor * long-context factor

The long-context factor is for the whole request, output included, as soon as more than the
threshold went in, stored tokens counted as well. Everything is `Decimal`: no sum is rounded.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, localcontext
from hashlib import sha256
from typing import Final

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.model_calls import Tier, TokenUsage

_EXACT: Final = Context(prec=60, traps=[Inexact, InvalidOperation])
"""Wide enough for every sum of real numbers of tokens; what would be rounded is an error."""

_ONE: Final = Decimal(1)
_MILLION: Final = -6


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a model, in US dollars for a million tokens of each class.

    Attributes:
        input: Read at the full price.
        cache_write_5m: Stored for five minutes.
        cache_write_1h: Stored for an hour.
        cache_read: Found stored.
        output: Written.
        version: Names the price list; "" where nothing is charged.
        long_context_over: Tokens of input beyond which the whole request is dearer; None: never.
        long_context_factor: How many times dearer.
        batch_factor: What a call in a batch costs of the ordinary price.
    """

    input: Decimal
    cache_write_5m: Decimal
    cache_write_1h: Decimal
    cache_read: Decimal
    output: Decimal
    version: str
    long_context_over: int | None = None
    long_context_factor: Decimal = _ONE
    batch_factor: Decimal = Decimal("0.5")


_LISTED: Final = "anthropic-2026-10-24"


def _listed(each: str, *, over: int | None = None, factor: int = 1) -> Price:
    """Return a price of Anthropic's list: input, write 5m, write 1h, read, output."""
    plain, five, hour, read, output = (Decimal(part) for part in each.split())
    return Price(plain, five, hour, read, output, _LISTED, over, Decimal(factor))


PRICES: Final[Mapping[str, Price]] = {
    "claude-haiku-5-5": _listed("0.10 0.125 0.20 0.01 0.50", over=100_000, factor=5),
    "claude-haiku-4-5": _listed("1 1.25 2 0.10 5"),
    "claude-sonnet-5-5": _listed("2 2.50 4 0.10 10"),
    "claude-sonnet-5": _listed("2 2.50 4 0.20 10"),
    "claude-opus-5-5": _listed("4 5 8 0.20 20"),
    "claude-opus-5": _listed("5 6.25 10 0.50 25"),
}
"""Anthropic's list of 24 October 2026, for its own API; other clouds may charge otherwise."""

FREE: Final = Price(Decimal(0), Decimal(0), Decimal(0), Decimal(0), Decimal(0), version="")
"""The price of a model on one's own machine."""

_CLOUD_PREFIX: Final = re.compile(r"^(?:[a-z-]+\.)*anthropic\.")
_CLOUD_SUFFIX: Final = re.compile(r"(?:@.+|-\d{8}(?:-v\d+(?::\d+)?)?|-v\d+(?::\d+)?)$")

_AMOUNTS: Final = ("input", "output", "cache_write_5m", "cache_write_1h", "cache_read")
_TEXTS: Final = {"version"}
_MORE: Final = {"long_context_over", "long_context_factor", "batch_factor"}
_OF_INPUT: Final = {
    "cache_write_5m": Decimal("1.25"),
    "cache_write_1h": Decimal(2),
    "cache_read": Decimal("0.1"),
}
"""What the classes of stored tokens cost of the price of input, where nothing else is said."""


def cost(usage: TokenUsage | None, price: Price, tier: Tier = Tier.STANDARD) -> Decimal:
    """Return what a call cost, in US dollars, exactly.

    What is None is not charged: see `ModelCall.charged` for what an endpoint did not report.

    Args:
        usage: What was used; None for nothing.
        price: The price of the model.
        tier: How it is charged.
    """
    if usage is None:
        return Decimal(0)
    parts = (
        (usage.input, price.input),
        (usage.cache_write_5m, price.cache_write_5m),
        (usage.cache_write_1h, price.cache_write_1h),
        (usage.cache_read, price.cache_read),
        (usage.output, price.output),
    )
    with localcontext(_EXACT):
        dollars = sum((Decimal(tokens or 0) * each for tokens, each in parts), Decimal(0))
        dollars = dollars.scaleb(_MILLION)
        if price.long_context_over is not None and usage.total_input > price.long_context_over:
            dollars *= price.long_context_factor
        if tier is Tier.BATCH:
            dollars *= price.batch_factor
        return dollars


def base_model(model: str) -> str:
    """Return the model that a cloud's name of it means.

    `us.anthropic.claude-haiku-4-5-20251001-v1:0` (Bedrock) and `claude-haiku-4-5@20251001` (Vertex)
    are `claude-haiku-4-5`.
    """
    return _CLOUD_SUFFIX.sub("", _CLOUD_PREFIX.sub("", model))


def price_of(model: str, configured: Mapping[str, Price], *, local: bool) -> Price | None:
    """Return the price of a model, or None where nobody knows one.

    Args:
        model: Its name at the endpoint.
        configured: Prices that were configured: they win, also those of the model that a cloud's
            name of it means.
        local: Whether the endpoint is on this machine, where an unknown model costs nothing.
    """
    own = configured.get(model) or configured.get(base_model(model))
    found = own or PRICES.get(model) or PRICES.get(base_model(model))
    return found or (FREE if local else None)


def price_from(told: Mapping[str, object]) -> Price:
    """Return the price that was configured: numbers or texts, in US dollars for a million tokens.

    `input` and `output` are needed. Stored tokens cost 1.25 (five minutes), 2 (an hour) and 0.1
    (read) times the input, where nothing else is said. Without a `version` its own numbers name it.

    Raises:
        InvalidInput: A number is missing, negative or none, or a name is not known.
    """
    unknown = set(told) - {*_AMOUNTS, *_TEXTS, *_MORE}
    if unknown:
        raise InvalidInput(f"A price has no {sorted(unknown)[0]!r}: use {', '.join(_AMOUNTS)}.")
    for name in ("input", "output"):
        if name not in told:
            raise InvalidInput(f"A price needs {name!r}, in US dollars for a million tokens.")
    known = {name: _amount(name, told[name]) for name in _AMOUNTS if name in told}
    for name, factor in _OF_INPUT.items():
        known.setdefault(name, known["input"] * factor)
    over = told.get("long_context_over")
    if over is not None and (isinstance(over, bool) or not isinstance(over, int) or over < 1):
        raise InvalidInput("long_context_over is a number of tokens.")
    digits = repr(sorted((name, str(value)) for name, value in told.items()))
    return Price(
        **known,
        version=str(told.get("version") or f"own-{sha256(digits.encode()).hexdigest()[:8]}"),
        long_context_over=over,
        long_context_factor=_amount("long_context_factor", told.get("long_context_factor", 1)),
        batch_factor=_amount("batch_factor", told.get("batch_factor", "0.5")),
    )


def _amount(name: str, value: object) -> Decimal:
    """Return a number as it is written: 0.1 is a tenth, not the nearest binary fraction."""
    amount = Decimal(-1)
    if isinstance(value, int | float | str | Decimal) and not isinstance(value, bool):
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InvalidInput(f"{name!r} of a price is a number of US dollars, 0 or more.")
    return amount
