"""Who is sent a learner's work, by the configuration, and how learners are called there."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from jupyter_tutor.config import Settings
from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient, endpoint_host
from jupyter_tutor.services.consenting import Recipient
from jupyter_tutor.services.ports import UnitOfWorkFactory

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
    return Recipient(host, is_cloud=settings.endpoint.is_cloud)


def tagger(
    open_uow: UnitOfWorkFactory, endpoint: Endpoint, recipient: Recipient
) -> Callable[[UUID], str]:
    """Return what gives learners their opaque names at an endpoint.

    Raises:
        StorageUnavailable: The database, which holds the secret for it, does not answer.
    """
    with open_uow() as uow:
        secret = uow.installation.secret()
    return secret.tagger(endpoint.client.value, endpoint.name, recipient.host)
