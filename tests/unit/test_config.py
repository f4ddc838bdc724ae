"""What is configured of a model, and what is said when something is missing."""

from decimal import Decimal

import pytest
from traitlets import TraitError
from traitlets.config import Config

from jupyter_tutor.bootstrap.models import configured_model
from jupyter_tutor.bootstrap.recipients import recipient_of
from jupyter_tutor.config import DATABASE_URL_VARIABLE, Settings, Tutor, forget_secrets
from jupyter_tutor.domain.endpoints import (
    Endpoint,
    EndpointClient,
    KeyHeader,
    endpoint_host,
    is_local,
    takes_effort,
)
from jupyter_tutor.domain.pricing import FREE, PRICES

KEY = {"JUPYTER_TUTOR_MODEL_KEY": "the-key"}


LOCAL = "http://localhost:9999"
BEDROCK = {"model_client": "bedrock", "model_region": "eu-central-1"}
OLLAMA = {"model_client": "anthropic", "model": "qwen3-coder", "model_url": LOCAL}


def settings(environ: dict[str, str], **traits: object) -> Settings:
    return Tutor(config=Config({"Tutor": traits})).settings(environ)


def endpoint(environ: dict[str, str], **traits: object) -> Endpoint:
    found = settings(environ, **traits).endpoint
    assert found is not None
    return found


def test_no_model_is_asked_unless_it_is_configured() -> None:
    environ = {**KEY, "ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "http://localhost"}
    found = settings(environ)

    assert found.endpoint is None
    assert configured_model(found) is None
    assert settings(environ, model="claude-opus-5-5").endpoint is None


def test_anthropics_own() -> None:
    found = endpoint(KEY, model_client="anthropic")

    assert found == Endpoint(
        name="anthropic",
        client=EndpointClient.ANTHROPIC,
        model="claude-haiku-5-5",
        price=PRICES["claude-haiku-5-5"],
        key="the-key",
        structured_output=True,
        caching=True,
        batches=True,
        effort="low",
    )
    assert found.seconds == 20.0
    assert configured_model(settings(KEY, model_client="anthropic")) is not None


def test_batches_are_asked_for_where_they_are_known_to_be_taken() -> None:
    """Servers of one's own have none: an answer that is handed in there is never read."""
    there = {**OLLAMA, "model_batches": None}
    gateway = {**there, "model_batches": True}
    cloud = {"model_client": "bedrock-mantle", "model_region": "eu-central-1"}

    assert endpoint(KEY, model_client="anthropic").batches
    assert not endpoint(KEY, model_client="anthropic", model_batches=False).batches
    assert not endpoint({}, **there).batches
    assert endpoint({}, **gateway).batches
    assert not endpoint(KEY, **cloud).batches
    refused = settings(KEY, **cloud, model_batches=True)
    assert refused.endpoint is None
    assert "model_batches" in refused.model_problem


def test_a_key_is_shown_nowhere() -> None:
    found = settings(KEY, model_client="anthropic", model_headers={"x-a": "the-header"})

    assert "the-key" not in repr(found)
    assert "the-header" not in repr(found)


def test_anthropics_key_is_for_anthropics_endpoint_only() -> None:
    environ = {"ANTHROPIC_API_KEY": "their-key"}
    there = {"model_client": "anthropic", "model_url": "https://llm.example.com"}

    assert endpoint(environ, model_client="anthropic").key == "their-key"
    assert endpoint({**environ, **KEY}, model_client="anthropic").key == "the-key"
    assert "JUPYTER_TUTOR_MODEL_KEY" in settings(environ, **there).model_problem
    assert endpoint(KEY, **there).key == "the-key"


def test_a_server_on_this_machine() -> None:
    found = endpoint(
        {}, model_client="anthropic", model="qwen3-coder", model_url="http://localhost:11434/"
    )

    assert found.url == "http://localhost:11434"
    assert found.name == "anthropic localhost:11434"
    assert (found.key, found.price) == ("", FREE)
    assert (found.structured_output, found.caching, found.effort) == (False, False, "")


def test_clouds() -> None:
    bedrock = endpoint(
        {}, model_client="bedrock", model_region="eu-west-1", model="eu.anthropic.claude-haiku-5-5"
    )
    assert (bedrock.client, bedrock.region) == (EndpointClient.BEDROCK, "eu-west-1")
    assert bedrock.price == PRICES["claude-haiku-5-5"]
    assert (bedrock.structured_output, bedrock.caching, bedrock.effort) == (False, True, "low")

    vertex = endpoint({}, model_client="vertex", model_region="eu", model_project="school")
    assert (vertex.project, vertex.caching) == ("school", True)

    url = "https://school.services.ai.azure.com/anthropic"
    foundry = endpoint(KEY, model_client="foundry", model_url=url)
    assert (foundry.url, foundry.caching) == (url, True)
    assert foundry.name == "foundry school.services.ai.azure.com"


def test_everything_can_be_told() -> None:
    found = endpoint(
        KEY,
        model_client="anthropic",
        model="house-model",
        model_url="https://llm.example.com",
        model_key_header="x-api-key",
        model_headers={"x-team": "school"},
        model_prices={"house-model": {"input": 0.25, "output": "1.5", "version": "2027"}},
        model_structured_output=True,
        model_caching=True,
        model_effort="medium",
        model_seconds=9.0,
        model_most_tokens=900,
    )

    assert found.key_header is KeyHeader.X_API_KEY
    assert (found.price.input, found.price.version) == (Decimal("0.25"), "2027")
    assert (found.structured_output, found.caching, found.effort) == (True, True, "medium")
    assert (found.seconds, found.most_tokens) == (9.0, 900)
    assert found.headers == {"x-team": "school"}
    told = {"model_structured_output": False, "model_caching": False, "model_effort": ""}
    silent = endpoint(KEY, model_client="anthropic", **told)
    assert (silent.structured_output, silent.caching, silent.effort) == (False, False, "")


@pytest.mark.parametrize(
    ("environ", "traits", "said"),
    [
        ({}, {"model_client": "anthropic"}, "needs a key"),
        (KEY, {"model_client": "anthropic", "model": "new-model"}, "model_prices"),
        (KEY, {"model_client": "foundry"}, "model_url"),
        ({}, {"model_client": "foundry", "model_url": "https://a.example.com"}, "needs a key"),
        ({}, {"model_client": "bedrock"}, "model_region"),
        ({}, {"model_client": "bedrock-mantle"}, "model_region"),
        ({}, {"model_client": "vertex"}, "model_region and c.Tutor.model_project"),
        (KEY, {"model_client": "anthropic", "model_url": "http://localhost:1/v1"}, "before /v1"),
        (KEY, {"model_client": "anthropic", "model_prices": {"a": {"input": 1}}}, "'output'"),
        (KEY, {"model_client": "anthropic", "model_is_cloud": False}, "asks a cloud"),
        (KEY, {**BEDROCK, "model_url": LOCAL, "model_is_cloud": False}, "asks a cloud"),
        (KEY, {**BEDROCK, "model_url": LOCAL, "model": "unknown"}, "model_prices"),
        ({}, {**OLLAMA, "model": "glm-4.6:cloud"}, "model_prices"),
        ({}, {**OLLAMA, "model_is_cloud": True}, "model_prices"),
        (KEY, {"model_client": "anthropic", "model_url": "http://llm.example.com"}, "https://"),
        (KEY, {"model_client": "anthropic", "model_url": "http://141.76.3.9:8000"}, "https://"),
        (KEY, {"model_client": "anthropic", "model_url": "http://[2a02::1]"}, "https://"),
        (KEY, {"model_client": "anthropic", "model_url": "http://lan.example.com"}, "https://"),
    ],
)
def test_what_is_missing_is_named_and_keeps_nobody_from_learning(
    environ: dict[str, str],
    traits: dict[str, object],
    said: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    found = settings(environ, **traits)

    assert found.endpoint is None
    assert said in found.model_problem
    assert configured_model(found) is None
    assert f"No language model is asked. {found.model_problem}" in caplog.text
    assert "the-key" not in caplog.text


PRICE = {"input": 1, "output": 2}
CHARGED = {"model_prices": {"any": PRICE}, "model": "any"}
PROXY = {**CHARGED, "model_client": "anthropic", "model_url": LOCAL}
LAN = {**CHARGED, "model_client": "anthropic", "model_url": "http://gpu.school.lan:8000"}


@pytest.mark.parametrize(
    ("traits", "is_cloud"),
    [
        ({"model_client": "anthropic"}, True),
        ({**BEDROCK, "model_url": LOCAL}, True),
        ({**PROXY, "model": "any-cloud", "model_prices": {"any-cloud": PRICE}}, True),
        (OLLAMA, False),
        (PROXY, False),
        ({**PROXY, "model_is_cloud": True}, True),
        (LAN, True),
        ({**LAN, "model_is_cloud": False}, False),
        ({**LAN, "model_url": "https://llm.example.com", "model_is_cloud": False}, False),
    ],
)
def test_what_goes_outside_is_known(traits: dict[str, object], is_cloud: bool) -> None:
    found = settings(KEY, **traits)

    assert found.model_problem == ""
    assert recipient_of(found).is_cloud is is_cloud


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "127.0.0.1", "[::1]", "10.1.2.3", "172.20.0.5", "192.168.1.5", "[fd00::1]"),
        *("gpu", "gpu.school.lan", "gpu.local", "host.docker.internal", "gpu.home.arpa."),
    ],
)
def test_a_network_of_ones_own_may_be_without_encryption(host: str) -> None:
    assert settings(KEY, **{**LAN, "model_url": f"http://{host}:8000"}).model_problem == ""


def test_secrets_that_were_read_are_forgotten() -> None:
    environ = {
        **KEY,
        DATABASE_URL_VARIABLE: "postgresql://tutor:hush@db.example/tutor",
        "ANTHROPIC_API_KEY": "for notebooks",
        "PATH": "/bin",
    }
    forget_secrets(environ)

    assert environ == {"ANTHROPIC_API_KEY": "for notebooks", "PATH": "/bin"}


@pytest.mark.parametrize(
    "traits",
    [
        {"model_client": "openai"},
        {"model_url": "ftp://x"},
        {"model_effort": "huge"},
        {"model_seconds": 0.0},
        {"model_key_header": "cookie"},
    ],
)
def test_what_is_nonsense_is_refused(traits: dict[str, object]) -> None:
    with pytest.raises(TraitError):
        settings({}, **traits)


def test_addresses_and_models() -> None:
    for url in ("http://localhost:1", "http://127.0.0.2", "http://[::1]:80", "http://a.localhost"):
        assert is_local(url)
    for url in ("", "https://api.anthropic.com", "http://192.168.0.1", "http://localhost.example"):
        assert not is_local(url)
    assert endpoint_host("https://user:secret@llm.example.com:8443/x?y=z") == "llm.example.com:8443"
    assert takes_effort("claude-haiku-5-5")
    assert takes_effort("claude-opus-5")
    assert not takes_effort("claude-haiku-4-5")
    assert not takes_effort("qwen3-coder")
