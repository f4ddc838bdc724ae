"""The language model that was configured, or none: the tutor does without one."""

import logging
import socket

from jupyter_tutor.config import Settings
from jupyter_tutor.llm.claude import ClaudeTutorModel

_log = logging.getLogger(__name__)


def configured_model(settings: Settings) -> ClaudeTutorModel | None:
    """Return the model of the configured endpoint, not yet connected; None where there is none.

    What keeps a configured one from being asked is logged.
    """
    if settings.model_problem:
        _log.error("No language model is asked. %s", settings.model_problem)
    if settings.endpoint is None:
        return None
    host = socket.gethostname()
    return ClaudeTutorModel(settings.endpoint, hosts={host, host.partition(".")[0]})
