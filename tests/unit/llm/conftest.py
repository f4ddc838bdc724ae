"""The fake of the API, the environment without a word on it, and a model that asks it."""

import os
from collections.abc import Iterator

import pytest

from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient
from jupyter_tutor.domain.pricing import PRICES
from jupyter_tutor.llm.sdk import load
from tests.fake_api import FakeApi


@pytest.fixture(autouse=True)
def _quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out what would change the SDK's mind, as a machine that runs the tests may have it."""
    theirs = ("ANTHROPIC_", "AWS_", "CLOUD_ML", "GOOGLE_")
    for name in list(os.environ):
        if name.startswith(theirs) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def api() -> Iterator[FakeApi]:
    with FakeApi() as started:
        yield started


@pytest.fixture
def endpoint(api: FakeApi) -> Endpoint:
    """The fake as Anthropic's endpoint would be configured."""
    # Here, since importing it may take longer than the short deadlines that tests give.
    load(EndpointClient.ANTHROPIC)
    return Endpoint(
        name="anthropic",
        client=EndpointClient.ANTHROPIC,
        model="claude-haiku-5-5",
        price=PRICES["claude-haiku-5-5"],
        url=api.url,
        key="key-of-the-test",
        structured_output=True,
        caching=True,
        effort="low",
        seconds=60.0,
        pause=0.01,
    )
