"""Bedrock's own client asks the fake: the path, the body, the frames of the stream, its errors."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall
from jupyter_tutor.llm.sdk import load
from tests.fake_api import Cut, FakeApi, Reply, Scenario, Status, StreamError
from tests.unit.llm.amazon import provide
from tests.unit.llm.asking import HINT, hint

MODEL = "eu.anthropic.claude-haiku-5-5"


@pytest.fixture
def bedrock(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """The fake as Bedrock would be configured, with a Bedrock API key."""
    provide(monkeypatch)
    load.cache_clear()
    yield replace(
        endpoint,
        name="bedrock",
        client=EndpointClient.BEDROCK,
        model=MODEL,
        region="eu-central-1",
        structured_output=False,
    )
    load.cache_clear()


def test_a_hint_by_bedrock(api: FakeApi, bedrock: Endpoint) -> None:
    api.queue(Reply(HINT, thinking="They start at zero."))
    calls: list[ModelCall] = []

    assert hint(bedrock, calls).concept == "accumulators"
    (sent,) = api.requests
    assert sent.path == f"/model/{MODEL}/invoke-with-response-stream"
    assert sent.headers["authorization"] == "Bearer key-of-the-test"
    assert sent.body["anthropic_version"]
    # The model and the stream are in the path.
    assert {"model", "stream"} & set(sent.body) == set()
    assert sent.body["system"][1]["cache_control"] == {"type": "ephemeral", "ttl": "1h"}
    assert sent.body["output_config"] == {"effort": "low"}
    (call,) = calls
    assert call.outcome is CallOutcome.COMPLETED
    # Amazon names a call in a header of its own.
    assert call.request_id == "amzn_1"
    assert call.usage is not None
    assert call.usage.output
    assert call.usage.cache_write_1h
    assert call.unsaid is None


@pytest.mark.parametrize(
    ("scenario", "outcome", "tries"),
    [
        (Status(403, kind="AccessDeniedException"), CallOutcome.UNAUTHORIZED, 1),
        (Status(429, kind="ThrottlingException"), CallOutcome.RATE_LIMITED, 2),
        (StreamError("rate_limit_error"), CallOutcome.RATE_LIMITED, 1),
        (StreamError("overloaded_error", after=0), CallOutcome.OVERLOADED, 2),
        (StreamError("api_error"), CallOutcome.FAILED, 1),
        (Cut(), CallOutcome.CUT, 1),
    ],
)
def test_what_goes_wrong_at_bedrock(
    api: FakeApi, bedrock: Endpoint, scenario: Scenario, outcome: CallOutcome, tries: int
) -> None:
    api.queue(scenario, scenario)
    calls: list[ModelCall] = []
    with pytest.raises(ModelUnavailable):
        hint(bedrock, calls)

    assert [call.outcome for call in calls] == [outcome] * tries
    assert [call.request_id for call in calls] == [f"amzn_{n + 1}" for n in range(tries)]
