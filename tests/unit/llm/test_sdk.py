"""Clients are made as configured: with nothing of the environment, and in a thread."""

import asyncio
import logging
import subprocess
import sys
from dataclasses import replace

import pytest

from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient, KeyHeader
from jupyter_tutor.domain.errors import ModelUnavailable
from jupyter_tutor.domain.model_calls import ModelCall
from jupyter_tutor.llm.sdk import address, load, open_client
from tests.fake_api import FakeApi, Reply, Status
from tests.unit.llm.asking import HINT, hint, with_model

VERTEX = "/v1/projects/the-project/locations/us-east-1/publishers/anthropic/models"
ELSEWHERE = "http://127.0.0.1:9"

# What a machine may have in its environment that would send prompts somewhere, or to a log.
REDIRECTS = {
    "ANTHROPIC_BASE_URL": ELSEWHERE,
    "ANTHROPIC_BEDROCK_BASE_URL": ELSEWHERE,
    "ANTHROPIC_BEDROCK_MANTLE_BASE_URL": ELSEWHERE,
    "ANTHROPIC_VERTEX_BASE_URL": ELSEWHERE,
    "ANTHROPIC_FOUNDRY_BASE_URL": ELSEWHERE,
    "ANTHROPIC_FOUNDRY_API_KEY": "another-key",
    "ANTHROPIC_CUSTOM_HEADERS": "x-spy: 1\nauthorization: Bearer another-key",
    "ANTHROPIC_API_KEY": "another-key",
    "ANTHROPIC_AUTH_TOKEN": "another-token",
    "ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE": "content",
    "AWS_BEARER_TOKEN_BEDROCK": "another-key",
    "CLOUD_ML_REGION": "elsewhere",
    "ANTHROPIC_VERTEX_PROJECT_ID": "elsewhere",
}


def of(endpoint: Endpoint, client: EndpointClient, path: str = "") -> Endpoint:
    """Return the fake as the endpoint of another client."""
    return replace(
        endpoint,
        client=client,
        url=f"{endpoint.url}{path}",
        region="us-east-1",
        project="the-project",
        structured_output=False,
        effort="",
    )


@pytest.fixture
def _redirected(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in REDIRECTS.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_redirected")
@pytest.mark.parametrize(
    ("client", "path", "arrives", "header"),
    [
        (EndpointClient.ANTHROPIC, "", "/v1/messages", "authorization"),
        (EndpointClient.ANTHROPIC, "/gateway", "/gateway/v1/messages", "authorization"),
        (EndpointClient.BEDROCK_MANTLE, "/anthropic", "/anthropic/v1/messages", "authorization"),
        (
            EndpointClient.VERTEX,
            "/v1",
            f"{VERTEX}/claude-haiku-5-5:streamRawPredict",
            "authorization",
        ),
        (EndpointClient.FOUNDRY, "/anthropic", "/anthropic/v1/messages", "x-api-key"),
    ],
)
def test_configuration_is_ours(
    api: FakeApi,
    endpoint: Endpoint,
    client: EndpointClient,
    path: str,
    arrives: str,
    header: str,
) -> None:
    api.queue(Reply(HINT))
    calls: list[ModelCall] = []

    assert hint(of(endpoint, client, path), calls).concept == "accumulators"
    (sent,) = api.requests
    assert sent.path == arrives
    assert sent.headers[header].removeprefix("Bearer ") == "key-of-the-test"
    assert "x-spy" not in sent.headers
    assert "another-" not in str(sent)
    assert "traceparent" not in sent.headers


def test_the_key_goes_where_a_gateway_looks(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Reply(HINT))
    told = {"x-team": "school"}
    hint(replace(endpoint, key_header=KeyHeader.X_API_KEY, headers=told), [])

    (sent,) = api.calls
    assert sent.headers["x-api-key"] == "key-of-the-test"
    assert sent.headers["x-team"] == "school"
    assert "authorization" not in sent.headers


def test_a_server_on_this_machine_needs_no_key(api: FakeApi, endpoint: Endpoint) -> None:
    api.queue(Reply(HINT))
    hint(replace(endpoint, key=""), [])

    assert api.calls[0].headers["authorization"] == "Bearer unused"


def test_a_redirection_is_not_followed(api: FakeApi, endpoint: Endpoint) -> None:
    with FakeApi() as other:
        api.queue(Status(307, headers={"location": f"{other.url}/v1/messages"}))
        with pytest.raises(ModelUnavailable):
            hint(endpoint, [])
        assert (len(api.calls), other.requests) == (1, [])


@pytest.mark.parametrize(
    ("client", "missing", "said"),
    [
        (EndpointClient.BEDROCK, "botocore.exceptions", r"pip install 'anthropic\[bedrock\]'"),
        (EndpointClient.ANTHROPIC, "anthropic", "pip install anthropic"),
    ],
)
def test_a_package_that_is_missing_is_named_before_anything_is_sent(
    api: FakeApi,
    endpoint: Endpoint,
    client: EndpointClient,
    missing: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    load.cache_clear()
    calls: list[ModelCall] = []
    with pytest.raises(ModelUnavailable, match=said):
        hint(of(endpoint, client), calls)
    load.cache_clear()

    assert (calls, api.requests) == ([], [])


@pytest.mark.parametrize(
    ("client", "region", "url"),
    [
        (EndpointClient.ANTHROPIC, "", "https://api.anthropic.com"),
        (EndpointClient.BEDROCK, "eu-west-1", "https://bedrock-runtime.eu-west-1.amazonaws.com"),
        (
            EndpointClient.BEDROCK_MANTLE,
            "eu-west-1",
            "https://bedrock-mantle.eu-west-1.api.aws/anthropic",
        ),
        (EndpointClient.VERTEX, "global", "https://aiplatform.googleapis.com/v1"),
        (EndpointClient.VERTEX, "eu", "https://aiplatform.eu.rep.googleapis.com/v1"),
        (
            EndpointClient.VERTEX,
            "europe-west4",
            "https://europe-west4-aiplatform.googleapis.com/v1",
        ),
    ],
)
@pytest.mark.usefixtures("_redirected")
def test_addresses_are_those_of_the_sdk(
    endpoint: Endpoint,
    client: EndpointClient,
    region: str,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What we say is what the SDK would say by itself, in a clean environment."""
    there = replace(endpoint, client=client, region=region, project="p", url="")

    monkeypatch.setattr("jupyter_tutor.llm.sdk._faults_of", lambda _client: [OSError])
    load.cache_clear()
    assert address(there) == url
    assert str(open_client(there).base_url).rstrip("/") == url
    for name in REDIRECTS:
        monkeypatch.delenv(name)
    monkeypatch.setattr("jupyter_tutor.llm.sdk.address", lambda _endpoint: None)
    assert str(open_client(there).base_url).rstrip("/") == url


def test_foundry_has_no_address_of_its_own(endpoint: Endpoint) -> None:
    there = replace(endpoint, client=EndpointClient.FOUNDRY, url="")

    with pytest.raises(ModelUnavailable, match=r"set c\.Tutor\.model_url"):
        with_model(there, lambda model: model.warm())


def test_what_cannot_be_made_is_tried_again(endpoint: Endpoint) -> None:
    wrong = replace(endpoint, client=EndpointClient.VERTEX, url="http://[broken")

    async def twice() -> int:
        from jupyter_tutor.llm.claude import ClaudeTutorModel

        model = ClaudeTutorModel(wrong)
        refused = 0
        for _ in range(2):
            try:
                await model.warm()
            except ModelUnavailable as error:
                refused += "anthropic[vertex]" in error.message
        await model.close()
        return refused

    assert asyncio.run(twice()) == 2


def test_the_sdk_logs_nothing_below_a_warning() -> None:
    load(EndpointClient.ANTHROPIC)

    for name in ("anthropic", "anthropic._base_client", "httpx2", "httpcore2.http11"):
        assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING


PROGRAM = """
import asyncio, sys, threading, time
from decimal import Decimal
from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient
from jupyter_tutor.domain.pricing import FREE
from jupyter_tutor.llm.claude import ClaudeTutorModel
import builtins

assert "anthropic" not in sys.modules
threads = set()
real = builtins.__import__
def watching(name, *rest):
    if name == "anthropic" and "anthropic" not in sys.modules:
        threads.add(threading.current_thread())
    return real(name, *rest)
builtins.__import__ = watching

async def go():
    model = ClaudeTutorModel(Endpoint("a", EndpointClient.ANTHROPIC, "m", FREE, key="k"))
    assert "anthropic" not in sys.modules
    await asyncio.gather(*(model.warm() for _ in range(5)))
    await model.close()

asyncio.run(go())
assert "anthropic" in sys.modules
print(len(threads), threading.main_thread() in threads)
"""


def test_the_sdk_is_imported_once_and_never_in_the_loop() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["1", "False"]
