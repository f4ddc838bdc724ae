"""The fake does what the API does, as the real SDK sees it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import anthropic
import httpx2
import pytest

from tests.fake_api import (
    Cut,
    Disconnect,
    Drip,
    Expire,
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

T = TypeVar("T")
Client = anthropic.AsyncAnthropic
ASKED: Any = {
    "model": "claude-haiku-5-5",
    "max_tokens": 500,
    "messages": [{"role": "user", "content": "Why?"}],
}
SCHEMA = {
    "type": "object",
    "properties": {
        "message": {"type": "string"},
        "line": {"anyOf": [{"type": "null"}, {"type": "integer"}]},
        "leaks": {"type": "boolean"},
        "concept": {"enum": ["loops"]},
        "quoted": {"type": "array", "items": {"type": "string"}},
        "confidence": {"type": "number"},
    },
    "additionalProperties": False,
}


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with FakeApi() as started:
        yield started


def talk(api: FakeApi, ask: Callable[[Client], Awaitable[T]]) -> T:
    async def go() -> T:
        client = Client(api_key="k", base_url=api.url, max_retries=0, timeout=10)
        async with client:
            return await ask(client)

    return asyncio.run(go())


async def _streamed(client: Client, **more: object) -> anthropic.types.Message:
    async with client.messages.stream(**{**ASKED, **more}) as stream:
        return await stream.get_final_message()


def test_a_whole_message(api: FakeApi) -> None:
    api.queue(Reply("Because.", thinking="Hm."))
    got = talk(api, lambda client: client.messages.create(**ASKED))

    assert [block.type for block in got.content] == ["thinking", "text"]
    assert got.content[1].type == "text"
    assert got.content[1].text == "Because."
    assert (got.stop_reason, got.usage.output_tokens) == ("end_turn", 3)
    assert got.usage.output_tokens_details is not None
    assert got.usage.output_tokens_details.thinking_tokens == 1
    assert got._request_id == "req_1"
    assert api.calls[0].body["model"] == "claude-haiku-5-5"


def test_the_same_in_a_stream(api: FakeApi) -> None:
    reply = Reply("Because it is so.", thinking="Hm.", tool=("look", {"line": 3}))
    api.queue(reply, reply)
    whole = talk(api, lambda client: client.messages.create(**ASKED))
    streamed = talk(api, _streamed)

    for here, there in zip(streamed.content, whole.content, strict=True):
        assert there.to_dict().items() <= here.to_dict().items()
    assert [block.type for block in streamed.content] == ["thinking", "text", "tool_use"]
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    assert streamed.usage.input_tokens == whole.usage.input_tokens


def test_events_have_the_order_of_the_api(api: FakeApi) -> None:
    api.queue(Reply("ab", pieces=2))

    async def kinds(client: Client) -> list[str]:
        stream = await client.messages.create(**ASKED, stream=True)
        return [event.type async for event in stream]

    assert talk(api, kinds) == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]


def test_a_schema_is_kept(api: FakeApi) -> None:
    wanted = {"format": {"type": "json_schema", "schema": SCHEMA}, "effort": "low"}
    got = talk(api, lambda client: _streamed(client, output_config=wanted))
    (block,) = got.content

    assert block.type == "text"
    assert json.loads(block.text) == {
        "message": "a text",
        "line": None,
        "leaks": True,
        "concept": "loops",
        "quoted": [],
        "confidence": 0.5,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"extra_body": {"temperature": 0.2}},
        {"extra_body": {"top_k": 5}},
        {"messages": [*ASKED["messages"], {"role": "assistant", "content": "{"}]},
        {"thinking": {"type": "enabled", "budget_tokens": 1024}},
        {"output_config": {"effort": "huge"}},
        {"system": [{"type": "text", "text": ""}]},
        {
            "system": [
                {"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}},
                {"type": "text", "text": "b", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            ]
        },
    ],
)
def test_what_the_api_refuses(api: FakeApi, wrong: dict[str, Any]) -> None:
    with pytest.raises(anthropic.BadRequestError):
        talk(api, lambda client: client.messages.create(**{**ASKED, **wrong}))


def test_both_headers_and_versions_open_it(api: FakeApi) -> None:
    def status(headers: dict[str, str]) -> int:
        return httpx2.post(
            f"{api.url}/v1/messages", json=ASKED, headers=headers, trust_env=False
        ).status_code

    assert status({"x-api-key": "k", "anthropic-version": "2023-06-01"}) == 200
    assert status({"authorization": "Bearer k", "anthropic-version": "2026-10-21"}) == 200
    assert status({"anthropic-version": "2026-10-21"}) == 401
    assert status({"x-api-key": "k", "anthropic-version": "2020-01-01"}) == 400


def test_what_is_stored_is_read_again_until_its_time_is_over(api: FakeApi) -> None:
    now = [0.0]
    api.cache.clock = lambda: now[0]
    mark = {"type": "ephemeral", "ttl": "1h"}
    system = [
        {"type": "text", "text": "p" * 4_000},
        {"type": "text", "text": "e" * 4_000, "cache_control": mark},
    ]

    def used(text: str) -> tuple[int, int | None, int | None, int]:
        asked = {"system": system, "messages": [{"role": "user", "content": text}]}
        usage = talk(api, lambda client: _streamed(client, **asked)).usage
        assert usage.cache_creation is not None
        hour = usage.cache_creation.ephemeral_1h_input_tokens
        return (
            usage.input_tokens,
            usage.cache_creation_input_tokens,
            usage.cache_read_input_tokens,
            hour,
        )

    assert used("x" * 34) == (10, 2_000, 0, 2_000)
    assert used("y" * 74) == (20, 0, 2_000, 0)
    now[0] = 3_599.0
    assert used("y" * 74) == (20, 0, 2_000, 0)
    now[0] = 10_000.0
    assert used("y" * 74) == (20, 2_000, 0, 2_000)
    api.cache.floor = 2_001
    now[0] = 20_000.0
    assert used("y" * 74) == (2_020, 0, 0, 0)


@pytest.mark.parametrize(
    ("scenario", "error"),
    [
        (Status(401), anthropic.AuthenticationError),
        (Status(402), anthropic.PaymentRequiredError),
        (Status(403), anthropic.PermissionDeniedError),
        (Status(429, headers={"retry-after": "90"}), anthropic.RateLimitError),
        (Status(500), anthropic.InternalServerError),
        (Status(529), anthropic.OverloadedError),
        (Disconnect(), anthropic.APIConnectionError),
        (Cut(), httpx2.RemoteProtocolError),
        (StreamError(), anthropic.APIStatusError),
        (Garbage(), ValueError),
        (Html(), AssertionError),
    ],
)
def test_faults_are_what_the_sdk_makes_of_them(
    api: FakeApi, scenario: Scenario, error: type[Exception]
) -> None:
    api.queue(scenario)

    with pytest.raises(error) as raised:
        talk(api, _streamed)
    if isinstance(scenario, Status) and isinstance(raised.value, anthropic.APIStatusError):
        assert raised.value.type
        assert raised.value.request_id == "req_1"


def test_ends_that_are_no_error_for_the_sdk(api: FakeApi) -> None:
    api.queue(Truncate(), Reply("", stop_reason="refusal"), Reply("abc", stop_reason="max_tokens"))

    assert talk(api, _streamed).stop_reason is None
    refused = talk(api, _streamed)
    assert (refused.stop_reason, refused.content) == ("refusal", [])
    assert refused.stop_details is not None
    assert talk(api, _streamed).stop_reason == "max_tokens"


def test_an_endpoint_that_knows_no_streams(api: FakeApi) -> None:
    api.queue(Plain())

    async def kinds(client: Client) -> list[str]:
        stream = await client.messages.create(**ASKED, stream=True)
        return [event.type async for event in stream]

    assert talk(api, kinds) == []


def test_usage_may_be_missing(api: FakeApi) -> None:
    api.queue(Reply("a", usage="plain"), Reply("a", usage="none"))

    plain = talk(api, lambda client: client.messages.create(**ASKED)).usage
    assert plain.cache_read_input_tokens is None
    assert "usage" not in talk(api, lambda client: client.messages.create(**ASKED)).to_dict()


@pytest.mark.parametrize("scenario", [Hang(), Hang(after=3), Drip(0.2)])
def test_it_counts_who_leaves(api: FakeApi, scenario: Scenario) -> None:
    api.queue(scenario)

    async def leave(client: Client) -> None:
        task = asyncio.create_task(_streamed(client))
        while not api.calls:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while not api.gone:
            await asyncio.sleep(0.01)

    talk(api, leave)
    assert api.gone == 1


def test_who_stays_is_not_counted(api: FakeApi) -> None:
    async def twice(client: Client) -> None:
        await _streamed(client)
        await _streamed(client)

    talk(api, twice)
    assert (api.gone, len(api.calls)) == (0, 2)


def test_models_and_counts(api: FakeApi) -> None:
    async def ask(client: Client) -> tuple[list[str], str, int]:
        names = [model.id async for model in client.models.list()]
        one = await client.models.retrieve("claude-haiku-5-5")
        messages = [{"role": "user", "content": "x" * 394}]
        counted = await client.messages.count_tokens(model="m", messages=messages)  # type: ignore[arg-type]
        return names, one.id, counted.input_tokens

    names, one, counted = talk(api, ask)
    assert one in names
    assert counted == 100


def test_a_batch(api: FakeApi) -> None:
    api.queue(Reply("one"), Status(500), Expire())

    async def ask(client: Client) -> tuple[list[str], dict[str, Any]]:
        requests: Any = [{"custom_id": name, "params": ASKED} for name in "abc"]
        batch = await client.messages.batches.create(requests=requests)
        seen: list[str] = [batch.processing_status]
        while seen[-1] != "ended":
            batch = await client.messages.batches.retrieve(batch.id)
            seen.append(batch.processing_status)
        results = await client.messages.batches.results(batch.id)
        told = {each.custom_id: each.result async for each in results}
        await client.messages.batches.delete(batch.id)
        with pytest.raises(anthropic.NotFoundError):
            await client.messages.batches.retrieve(batch.id)
        return seen, told

    seen, told = talk(api, ask)
    assert seen == ["in_progress", "in_progress", "ended"]
    assert list(told) == ["c", "b", "a"]
    assert [told[name].type for name in "abc"] == ["succeeded", "errored", "expired"]
    assert told["a"].message.usage.service_tier == "batch"
    assert told["b"].error.error.type == "api_error"


def test_a_batch_that_is_cancelled(api: FakeApi) -> None:
    async def ask(client: Client) -> list[str]:
        requests: Any = [{"custom_id": "a", "params": ASKED}]
        batch = await client.messages.batches.create(requests=requests)
        await client.messages.batches.cancel(batch.id)
        await client.messages.batches.retrieve(batch.id)
        results = await client.messages.batches.results(batch.id)
        return [each.result.type async for each in results]

    assert talk(api, ask) == ["canceled"]


def test_sixty_at_the_same_time(api: FakeApi) -> None:
    api.otherwise = lambda _body: Drip(0.01)

    async def ask(client: Client) -> list[str | None]:
        got = await asyncio.gather(*(_streamed(client) for _ in range(60)))
        return [each.stop_reason for each in got]

    assert talk(api, ask) == ["end_turn"] * 60
    assert len(api.calls) == 60
