"""The language model that was configured, or none: the tutor does without one."""

import socket

from jupyter_tutor.config import Settings
from jupyter_tutor.llm.claude import ClaudeTutorModel


def configured_model(settings: Settings) -> ClaudeTutorModel | None:
    """Return the model of the configured endpoint, not yet connected; None where there is none."""
    if settings.endpoint is None:
        return None
    host = socket.gethostname()
    return ClaudeTutorModel(settings.endpoint, hosts={host, host.partition(".")[0]})
