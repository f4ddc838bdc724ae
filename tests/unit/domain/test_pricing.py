"""What calls cost, beside sums made by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.model_calls import Tier, TokenUsage
from jupyter_tutor.domain.pricing import FREE, PRICES, base_model, cost, price_from, price_of

HAIKU = PRICES["claude-haiku-5-5"]


@pytest.mark.parametrize(
    ("usage", "dollars"),
    [
        # One class at a time: tokens * dollars per million.
        (TokenUsage(input=1), "0.0000001"),
        (TokenUsage(cache_write_5m=1), "0.000000125"),
        (TokenUsage(cache_write_1h=1), "0.0000002"),
        (TokenUsage(cache_read=1), "0.00000001"),
        (TokenUsage(output=1), "0.0000005"),
        (TokenUsage(input=1_200), "0.00012"),
        (TokenUsage(cache_write_5m=3_001), "0.000375125"),
        (TokenUsage(cache_write_1h=3_000), "0.0006"),
        (TokenUsage(cache_read=2_999), "0.00002999"),
        (TokenUsage(output=550), "0.000275"),
        # 1200*.1 + 7*.125 + 3000*.2 + 2999*.01 + 550*.5 = 120 + .875 + 600 + 29.99 + 275
        (TokenUsage(1_200, 7, 3_000, 2_999, 550), "0.001025865"),
        (TokenUsage(0, 0, 0, 0, 0), "0"),
        (TokenUsage(), "0"),
        # Cut before the last message said how much was written: the start had one token of output.
        (TokenUsage(input=1_200, cache_read=3_000, output=1), "0.0001505"),
    ],
)
def test_every_class_of_tokens_of_the_default_model(usage: TokenUsage, dollars: str) -> None:
    assert cost(usage, HAIKU) == Decimal(dollars)


def test_a_batch_costs_half() -> None:
    # (3500*.1 + 700*.5) / 2 = (350 + 350) / 2
    usage = TokenUsage(input=3_500, output=700)
    assert cost(usage, HAIKU, Tier.BATCH) == Decimal("0.00035")
    assert cost(TokenUsage(cache_read=1), HAIKU, Tier.BATCH) == Decimal("0.000000005")


def test_a_long_request_is_dearer_as_a_whole() -> None:
    at_the_threshold = TokenUsage(input=40_000, cache_read=60_000, output=100)
    # 40000*.1 + 60000*.01 + 100*.5 = 4000 + 600 + 50
    assert cost(at_the_threshold, HAIKU) == Decimal("0.00465")

    beyond = TokenUsage(40_000, 10, 20, 59_971, 100)
    # 4000 + 1.25 + 4 + 599.71 + 50 = 4654.96, five times that is 23274.8
    assert beyond.total_input == 100_001
    assert cost(beyond, HAIKU) == Decimal("0.0232748")
    assert cost(beyond, HAIKU, Tier.BATCH) == Decimal("0.0116374")


def test_other_models_have_no_threshold() -> None:
    usage = TokenUsage(input=200_000, output=1_000)

    # 200000*1 + 1000*5
    assert cost(usage, PRICES["claude-haiku-4-5"]) == Decimal("0.205")
    # 200000*2 + 1000*10
    assert cost(usage, PRICES["claude-sonnet-5-5"]) == Decimal("0.41")
    # 200000*4 + 1000*20
    assert cost(usage, PRICES["claude-opus-5-5"]) == Decimal("0.82")


@pytest.mark.parametrize(
    ("model", "dollars"),
    [
        # A hint of 3000 shared and 1200 own tokens, 550 written, and its reading of 2200 and 120.
        ("claude-haiku-5-5", "0.000975"),
        ("claude-haiku-4-5", "0.00975"),
        ("claude-sonnet-5-5", "0.0195"),
        ("claude-opus-5-5", "0.0390"),
    ],
)
def test_a_hint_and_its_second_reading(model: str, dollars: str) -> None:
    hint = cost(TokenUsage(input=4_200, output=550), PRICES[model])
    reading = cost(TokenUsage(input=2_200, output=120), PRICES[model])

    assert hint + reading == Decimal(dollars)


def test_what_is_unknown_or_local_costs_nothing() -> None:
    assert cost(None, HAIKU) == 0
    assert cost(TokenUsage(10**9, 10**9, 10**9, 10**9, 10**9), FREE) == 0
    assert FREE.version == ""


_tokens = st.none() | st.integers(0, 10**12)


@given(_tokens, _tokens, _tokens, _tokens, _tokens, st.sampled_from(sorted(PRICES)))
def test_no_sum_is_rounded(
    plain: int | None,
    five: int | None,
    hour: int | None,
    read: int | None,
    out: int | None,
    model: str,
) -> None:
    """Against whole numbers: every price is a whole number of billionths of a dollar a token."""
    price = PRICES[model]
    usage = TokenUsage(plain, five, hour, read, out)
    parts = [
        (plain, price.input),
        (five, price.cache_write_5m),
        (hour, price.cache_write_1h),
        (read, price.cache_read),
        (out, price.output),
    ]
    billionths = sum((tokens or 0) * int(each * 1_000) for tokens, each in parts)
    if price.long_context_over and usage.total_input > price.long_context_over:
        billionths *= int(price.long_context_factor)

    assert int(cost(usage, price).scaleb(9)) == billionths
    assert cost(usage, price).scaleb(9) == billionths
    assert cost(usage, price, Tier.BATCH) * 2 == cost(usage, price)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("claude-haiku-5-5", "claude-haiku-5-5"),
        ("claude-haiku-4-5-20251001", "claude-haiku-4-5"),
        ("anthropic.claude-haiku-5-5", "claude-haiku-5-5"),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
        ("global.anthropic.claude-sonnet-5-5-v1", "claude-sonnet-5-5"),
        ("claude-haiku-4-5@20251001", "claude-haiku-4-5"),
        ("llama3.1:8b", "llama3.1:8b"),
    ],
)
def test_names_of_clouds(name: str, meant: str) -> None:
    assert base_model(name) == meant


def test_a_configured_price_wins_and_an_unknown_model_has_none() -> None:
    own = price_from({"input": 0.3, "output": "1.5"})

    assert price_of("claude-haiku-5-5", {"claude-haiku-5-5": own}, local=False) == own
    assert price_of("anthropic.claude-haiku-5-5", {}, local=False) == HAIKU
    for regional in ("eu.anthropic.claude-haiku-5-5", "claude-haiku-5-5@20261007"):
        assert price_of(regional, {"claude-haiku-5-5": own}, local=False) == own
        dearer = replace(own, input=own.input * 2)
        both = {"claude-haiku-5-5": own, regional: dearer}
        assert price_of(regional, both, local=False) == dearer
    # A proxy on this machine may hand on to a cloud: a model with a known price has it here too.
    assert price_of("claude-haiku-5-5", {}, local=True) == HAIKU
    assert price_of("llama3.1:8b", {}, local=True) == FREE
    assert price_of("llama3.1:8b", {}, local=False) is None


def test_a_configured_price_is_what_is_written() -> None:
    price = price_from({"input": 0.1, "output": 0.5, "long_context_over": 10})

    assert (price.input, price.output) == (Decimal("0.1"), Decimal("0.5"))
    assert (price.cache_write_5m, price.cache_write_1h) == (Decimal("0.125"), Decimal("0.2"))
    assert price.cache_read == Decimal("0.01")
    assert price.long_context_factor == 1
    assert price.version.startswith("own-")
    assert price.version != price_from({"input": 0.1, "output": 0.6}).version
    assert price_from({"input": 0, "output": 0, "version": "2027"}).version == "2027"


@pytest.mark.parametrize(
    "told",
    [
        {"input": 1},
        {"output": 1},
        {"input": -1, "output": 1},
        {"input": "much", "output": 1},
        {"input": float("nan"), "output": 1},
        {"input": True, "output": 1},
        {"input": None, "output": 1},
        {"input": 1, "output": 1, "inptu": 2},
        {"input": 1, "output": 1, "long_context_over": "100k"},
    ],
)
def test_a_price_that_is_none_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        price_from(told)
