"""The SDK of the Messages API: imported in one function, made into a client that obeys us.

Importing it takes seconds of processor time and stops a server that does it in its loop, so `load`
and `open_client` are for a thread. Configuration is ours: what the environment says to the SDK of
addresses, headers and logs does not count.
"""

import importlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient, KeyHeader
from jupyter_tutor.domain.errors import ModelUnavailable

if TYPE_CHECKING:
    import anthropic

    Client = (
        anthropic.AsyncAnthropic
        | anthropic.AsyncAnthropicBedrock
        | anthropic.AsyncAnthropicBedrockMantle
        | anthropic.AsyncAnthropicVertex
        | anthropic.AsyncAnthropicFoundry
    )

_CONNECT_SECONDS: Final = 5.0
_NO_KEY: Final = "unused"
"""What a server on this machine is given, that looks at no key: without one nothing is sent."""

_EXTRAS: Final = {
    EndpointClient.BEDROCK: "bedrock",
    EndpointClient.BEDROCK_MANTLE: "bedrock",
    EndpointClient.VERTEX: "vertex",
}

_AMAZON: Final = ("botocore.exceptions", ("BotoCoreError", "ClientError"))
_CLOUDS: Final = {
    EndpointClient.BEDROCK: _AMAZON,
    EndpointClient.BEDROCK_MANTLE: _AMAZON,
    EndpointClient.VERTEX: ("google.auth.exceptions", ("GoogleAuthError",)),
}
"""Where the errors of the clouds' own packages are, which come with the SDK's extras."""

_VERTEX_HOSTS: Final = {
    "global": "aiplatform.googleapis.com",
    "us": "aiplatform.us.rep.googleapis.com",
    "eu": "aiplatform.eu.rep.googleapis.com",
}


@dataclass(frozen=True, slots=True)
class Sdk:
    """What is used of the SDK.

    Attributes:
        connection_error: No answer came.
        timeout_error: No answer came in time; it is a connection error too.
        status_error: An answer came, and was an error.
        broken: What breaks while an answer is read.
        read_timeout: Nothing came for too long while an answer was read.
        faults: Everything that a call raises when it fails.
    """

    connection_error: type[Exception]
    timeout_error: type[Exception]
    status_error: type[Exception]
    broken: type[Exception]
    read_timeout: type[Exception]
    faults: tuple[type[Exception], ...]


@cache
def load(client: EndpointClient) -> Sdk:
    """Import the SDK for a client, and keep it from logging what is sent."""
    import anthropic
    import httpx2

    for name in ("anthropic", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Beside errors of its own it lets out those of parsers, of its asserts and of missing parts.
    faults = (
        *(anthropic.AnthropicError, httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL),
        *(OSError, ValueError, TypeError, AssertionError, RuntimeError, AttributeError),
        *(LookupError, ImportError, *_faults_of(client)),
    )
    return Sdk(
        connection_error=anthropic.APIConnectionError,
        timeout_error=anthropic.APITimeoutError,
        status_error=anthropic.APIStatusError,
        broken=httpx2.HTTPError,
        read_timeout=httpx2.TimeoutException,
        faults=faults,
    )


def _faults_of(client: EndpointClient) -> list[type[Exception]]:
    """Return what the package of a cloud raises, where it is installed."""
    module, names = _CLOUDS.get(client, ("", ()))
    try:
        package = importlib.import_module(module) if module else None
    except ImportError:
        package = None
    return [getattr(package, name) for name in names] if package else []


def open_client(endpoint: Endpoint) -> "Client":
    """Make the client of an endpoint; it connects with the first call.

    Raises:
        ModelUnavailable: The configuration can't be used, or a package is missing.
    """
    extra = _EXTRAS.get(endpoint.client, "")
    needed = f" It needs: pip install 'anthropic[{extra}]'." if extra else ""
    try:
        faults = load(endpoint.client).faults
    except ImportError as error:
        raise ModelUnavailable("The tutor's model needs: pip install anthropic.") from error
    # Without it a request is sent, and paid for, whose answer can't be read.
    if endpoint.client is EndpointClient.BEDROCK and not _faults_of(endpoint.client):
        raise ModelUnavailable(f"The client of the tutor's model is not complete.{needed}")
    try:
        client = _made(endpoint)
    except faults as error:
        raise ModelUnavailable(
            f"The client of the tutor's model can't be made ({type(error).__name__}).{needed}"
        ) from error
    # The SDK takes further headers from ANTHROPIC_CUSTOM_HEADERS, and offers no way to decline.
    client._custom_headers = _headers(endpoint)  # noqa: SLF001 - see above; a test watches over it
    return client


def _made(endpoint: Endpoint) -> "Client":
    import anthropic
    import httpx2

    timeout = httpx2.Timeout(endpoint.seconds, connect=min(_CONNECT_SECONDS, endpoint.seconds))
    # To follow a redirection would carry prompt and key to somebody who was not configured.
    http = anthropic.DefaultAsyncHttpxClient(follow_redirects=False, timeout=timeout)
    url = endpoint.url or address(endpoint)
    # Tries are counted here, and no text of a learner goes into a trace.
    common: dict[str, Any] = {
        "base_url": url,
        "timeout": timeout,
        "http_client": http,
        "max_retries": 0,
        "open_telemetry": False,
    }
    key = endpoint.key or None
    match endpoint.client:
        case EndpointClient.BEDROCK:
            region = endpoint.region or None
            return anthropic.AsyncAnthropicBedrock(api_key=key, aws_region=region, **common)
        case EndpointClient.BEDROCK_MANTLE:
            region = endpoint.region or None
            return anthropic.AsyncAnthropicBedrockMantle(api_key=key, aws_region=region, **common)
        case EndpointClient.VERTEX:
            common |= {"region": endpoint.region, "project_id": endpoint.project}
            return anthropic.AsyncAnthropicVertex(access_token=key, **common)
        case EndpointClient.FOUNDRY:
            return anthropic.AsyncAnthropicFoundry(api_key=endpoint.key, **common)
        case EndpointClient.ANTHROPIC:
            return anthropic.AsyncAnthropic(api_key=endpoint.key or _NO_KEY, **common)


def address(endpoint: Endpoint) -> str:
    """Return the address of a client that was configured without one."""
    match endpoint.client:
        case EndpointClient.BEDROCK:
            return f"https://bedrock-runtime.{endpoint.region}.amazonaws.com"
        case EndpointClient.BEDROCK_MANTLE:
            return f"https://bedrock-mantle.{endpoint.region}.api.aws/anthropic"
        case EndpointClient.VERTEX:
            region = endpoint.region
            host = _VERTEX_HOSTS.get(region, f"{region}-aiplatform.googleapis.com")
            return f"https://{host}/v1"
        case EndpointClient.FOUNDRY:
            raise ModelUnavailable("Foundry has no address of its own: set c.Tutor.model_url.")
        case EndpointClient.ANTHROPIC:
            return "https://api.anthropic.com"


def _headers(endpoint: Endpoint) -> Mapping[str, str]:
    import anthropic

    headers: dict[str, Any] = dict(endpoint.headers)
    if endpoint.key_header is KeyHeader.X_API_KEY:
        headers |= {"x-api-key": endpoint.key or _NO_KEY, "Authorization": anthropic.omit}
    return headers
