"""The language model that was configured, or none: the tutor does without one."""

import importlib.util
import logging
from typing import Final

from jupyter_tutor.bootstrap.findings import Finding, State
from jupyter_tutor.bootstrap.machine import machine_names, machine_places
from jupyter_tutor.config import MODEL_KEY_VARIABLE, Settings
from jupyter_tutor.domain.endpoints import Endpoint, EndpointClient, endpoint_host, is_local
from jupyter_tutor.llm.claude import ClaudeTutorModel

_PACKAGES: Final = {
    EndpointClient.BEDROCK: ("anthropic", "botocore"),
    EndpointClient.VERTEX: ("anthropic", "google.auth"),
}
"""What a client imports, where that is not the SDK alone."""

_log = logging.getLogger(__name__)


def configured_model(settings: Settings) -> ClaudeTutorModel | None:
    """Return the model of the configured endpoint, not yet connected; None where there is none.

    What keeps a configured one from being asked is logged.
    """
    if settings.model_problem:
        _log.error("No language model is asked. %s", settings.model_problem)
    if settings.endpoint is None:
        return None
    return ClaudeTutorModel(settings.endpoint, machine_names(), machine_places())


def model_finding(settings: Settings) -> Finding:
    """Say for the doctor which model is asked, or why none is; nothing is sent and no key shown."""
    if settings.model_problem:
        advice = ("Until then hints come from rules. See MODELS.md beside the sample course.",)
        return Finding(State.WEAK, "model", settings.model_problem, advice=advice)
    endpoint = settings.endpoint
    if endpoint is None:
        told = "none is configured: hints come from rules and authors, as they can"
        return Finding(State.GOOD, "model", told)
    where = endpoint_host(endpoint.url) or f"the address of {endpoint.client.value}"
    text = f"{endpoint.model} at {where}, by the client {endpoint.client.value}; {_key(endpoint)}"
    if endpoint.url:
        text += f"; what it is sent counts as {'going outside' if endpoint.is_cloud else 'staying'}"
    missing = [name for name in _PACKAGES.get(endpoint.client, ("anthropic",)) if _lacks(name)]
    if missing:
        extra = {"botocore": "[bedrock]", "google.auth": "[vertex]"}.get(missing[-1], "")
        return Finding(
            State.WEAK,
            "model",
            text,
            (f"{' and '.join(missing)} can't be imported, so it is not asked",),
            (f"Install it where the tutor runs:\npip install 'anthropic{extra}>=2.12,<3'",),
        )
    return Finding(State.GOOD, "model", text)


def _key(endpoint: Endpoint) -> str:
    if endpoint.key:
        return "a key is there"
    if is_local(endpoint.url):
        return "no key, as servers on this machine need none"
    return f"no key in {MODEL_KEY_VARIABLE}: the credentials of the machine are used"


def _lacks(package: str) -> bool:
    """Whether a package is not installed; it is not imported, which takes seconds."""
    try:
        return importlib.util.find_spec(package) is None
    except ModuleNotFoundError:
        return True
