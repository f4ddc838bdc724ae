"""Where a language model is asked, and what that place can do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.pricing import Price, base_model

_PRIVATE_DOMAINS: Final = (".internal", ".home.arpa", ".local", ".lan", ".localdomain")
"""By RFC 6762, RFC 8375 and ICANN's decision on `internal`, and two that routers give out."""


class EndpointClient(StrEnum):
    """How an endpoint is spoken to."""

    ANTHROPIC = "anthropic"
    BEDROCK = "bedrock"
    BEDROCK_MANTLE = "bedrock-mantle"
    VERTEX = "vertex"
    FOUNDRY = "foundry"


class KeyHeader(StrEnum):
    """In which header the key goes."""

    BEARER = "bearer"
    X_API_KEY = "x-api-key"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A place where one model is asked.

    Attributes:
        name: What the ledger calls it.
        client: How it is spoken to.
        model: The model.
        price: What it charges.
        url: Its address without `/v1`; "": that of the client.
        region: Of a cloud that has regions.
        project: Of a cloud that has projects.
        key: The secret that opens it, never shown; "": a cloud finds its own.
        key_header: In which header the key goes.
        headers: Further headers of each request.
        structured_output: Whether it holds a reply to a schema. What it says is checked anyhow.
        caching: Whether it stores the part of a prompt that all learners share.
        batches: Whether it takes many questions at once and answers within a day.
        effort: How much the model is to think, such as "low"; "": the endpoint is not told.
        seconds: How long one answer may take in all, further tries included.
        most_tokens: The longest reply, thinking included.
        tries: How often an answer is tried for at most.
        pause: Seconds before another try, where the endpoint does not ask for more.
        is_cloud: Whether what it is sent goes outside of the organisation that runs the tutor.
    """

    name: str
    client: EndpointClient
    model: str
    price: Price
    url: str = ""
    region: str = ""
    project: str = ""
    key: str = field(default="", repr=False)
    key_header: KeyHeader = KeyHeader.BEARER
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    structured_output: bool = False
    caching: bool = False
    batches: bool = False
    effort: str = ""
    seconds: float = 20.0
    most_tokens: int = 2_000
    tries: int = 2
    pause: float = 0.5
    is_cloud: bool = True


def endpoint_host(url: str) -> str:
    """Return the host and port of an address, without what may be secret in it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


def takes_effort(model: str) -> bool:
    """Tell whether a model can be told how much to think: those of the fifth generation can."""
    return bool(re.match(r"claude-[a-z]+-5(?:-|$)", base_model(model)))


def reaches_cloud(client: EndpointClient, url: str, model: str, told: bool | None) -> bool:
    """Tell whether what an endpoint is sent goes outside of the organisation that runs the tutor.

    Args:
        client: How it is spoken to.
        url: Its address, or "" for that of the client.
        model: The model. Ollama hands on what those called `...-cloud` or `...:cloud` are sent.
        told: What was configured, or None: then an address on this machine is no cloud.

    Raises:
        InvalidInput: It was configured to be none, and always is one.
    """
    if client is not EndpointClient.ANTHROPIC or not url:
        if told is False:
            raise InvalidInput(
                f"The model client {client.value} asks a cloud, so c.Tutor.model_is_cloud can't be "
                "False here."
            )
        return True
    if told is not None:
        return told
    return not is_local(url) or bool(re.search(r"[:-]cloud$", model))


def check_transport(url: str) -> None:
    """Raise when a key and what learners write would pass through the internet in the clear.

    Addresses on this machine and in private networks may be without encryption: private and
    link-local ones, names without a dot, and names below domains that are set aside for them.

    Raises:
        InvalidInput: The address begins with `http://` and is none of these.
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if not url.startswith("http://") or is_local(url):
        return
    try:
        private = ip_address(host).is_private
    except ValueError:
        private = bool(host) and ("." not in host or host.endswith(_PRIVATE_DOMAINS))
    if not private:
        raise InvalidInput(
            "c.Tutor.model_url must begin with https:// outside of your own network: over http:// "
            "everybody on the way reads the key and what learners write."
        )


def is_local(url: str) -> bool:
    """Tell whether an address is on this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
