"""Who is sent a learner's work, by the configuration."""

from typing import Final

from jupyter_tutor.config import Settings
from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient, endpoint_host, is_local
from jupyter_tutor.services.consenting import Recipient

_HOSTS: Final = {
    EndpointClient.ANTHROPIC: "api.anthropic.com",
    EndpointClient.BEDROCK: "Amazon Bedrock",
    EndpointClient.BEDROCK_MANTLE: "Amazon Bedrock",
    EndpointClient.VERTEX: "Google Vertex AI",
    EndpointClient.FOUNDRY: "Microsoft Foundry",
}
"""What learners are told of an endpoint that has no address of its own."""


def recipient_of(settings: Settings) -> Recipient:
    """Return who would be sent a learner's work."""
    if settings.endpoint is None:
        return Recipient()
    host = endpoint_host(settings.endpoint.url) or _HOSTS[settings.endpoint.client]
    return Recipient(host, is_cloud=not is_local(settings.endpoint.url))


def tag_secret(endpoint: Endpoint, recipient: Recipient) -> bytes:
    """Return what the opaque names of learners at an endpoint are made with."""
    return f"{endpoint.key} {endpoint.name} {recipient.host}".encode()
