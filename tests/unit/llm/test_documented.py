"""Each configuration that MODELS.md documents, as it stands there, makes the client it says."""

import re
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from jupyter_tutor.config import Settings, Tutor
from jupyter_tutor.domain.endpoints import EndpointClient
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.hint_settings import HelpRules
from jupyter_tutor.domain.model_access import Denied, may_use_model
from jupyter_tutor.domain.quotas import Quota
from jupyter_tutor.llm.sdk import load, open_client

PAGE = Path(__file__).resolve().parents[3] / "notebooks" / "MODELS.md"
KEY = {"JUPYTER_TUTOR_MODEL_KEY": "key-of-the-test"}

RULES = HelpRules(HintLevel.STEPS, cloud=False)

CLIENTS = {
    "Anthropic": "AsyncAnthropic",
    "Amazon Bedrock": "AsyncAnthropicBedrock",
    "Vertex AI": "AsyncAnthropicVertex",
    "Microsoft Foundry": "AsyncAnthropicFoundry",
    "Ollama": "AsyncAnthropic",
    "vLLM": "AsyncAnthropic",
    "llama-server": "AsyncAnthropic",
    "LiteLLM": "AsyncAnthropic",
}


def documented() -> dict[str, str]:
    """Return the configuration of each place, by its name in bold."""
    found = {}
    for section in re.split(r"\n(?=\*\*|## )", PAGE.read_text("utf-8")):
        name = re.match(r"\*\*([^*.]+?)\.?\*\*", section)
        block = re.search(r"```python\n(.*?)```", section, re.S)
        if name and block:
            found[name[1]] = block[1]
    return found


def configured(source: str, environ: dict[str, str]) -> Settings:
    """Return what a configuration file with this text gives."""
    c = Config()
    exec(source, {"c": c})
    return Tutor(config=c).settings(environ)


def test_every_place_is_documented_and_looked_at() -> None:
    assert set(documented()) - {"A gateway"} == set(CLIENTS)


@pytest.mark.parametrize(("place", "client"), CLIENTS.items())
def test_what_is_documented_makes_that_client(
    place: str, client: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = configured(documented()[place], KEY)
    assert settings.model_problem == ""
    endpoint = settings.endpoint
    assert endpoint is not None
    monkeypatch.setattr("jupyter_tutor.llm.sdk._faults_of", lambda _client: [OSError])
    load.cache_clear()
    assert type(open_client(endpoint)).__name__ == client
    load.cache_clear()


def test_bedrocks_newer_endpoint_is_one_word_away() -> None:
    source = documented()["Amazon Bedrock"].replace('"bedrock"', '"bedrock-mantle"')
    endpoint = configured(source, KEY).endpoint
    assert endpoint is not None
    assert endpoint.client is EndpointClient.BEDROCK_MANTLE
    assert type(open_client(endpoint)).__name__ == "AsyncAnthropicBedrockMantle"


@pytest.mark.parametrize("place", ["Ollama", "vLLM", "llama-server", "LiteLLM"])
def test_a_server_on_this_machine_needs_no_key_and_costs_what_is_said(place: str) -> None:
    settings = configured(documented()[place], {})
    assert settings.endpoint is not None
    charges = settings.endpoint.price.output > 0
    assert charges is (place == "LiteLLM")
    # What is handed on to a provider is asked for, and a course can rule it out.
    assert settings.endpoint.is_cloud is (place == "LiteLLM")
    consent = may_use_model(RULES, None, settings.endpoint.is_cloud, Quota())
    assert isinstance(consent, Denied) is (place == "LiteLLM")
    assert not settings.endpoint.caching
    assert settings.endpoint.effort == ""
    assert settings.endpoint.structured_output is (place == "vLLM")


def test_the_default_is_the_cheapest_model_at_low_effort() -> None:
    endpoint = configured('c.Tutor.model_client = "anthropic"', KEY).endpoint
    assert endpoint is not None
    defaults: dict[str, Any] = {"model": endpoint.model, "effort": endpoint.effort}
    assert defaults == {"model": "claude-haiku-5-5", "effort": "low"}
    assert (endpoint.structured_output, endpoint.caching, endpoint.seconds) == (True, True, 20.0)
