"""The grading engine as it is configured: its runner, its version, and the isolation in force."""

import hashlib
import importlib.metadata
import logging
import platform

from jupyter_tutor import __version__
from jupyter_tutor.bootstrap.advice import remedies
from jupyter_tutor.bootstrap.capacity import sandboxes
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.execution.levels import Isolation, Level
from jupyter_tutor.execution.runner import SandboxTestRunner


class Engine:
    """The runner of a worker, and what is known of its isolation.

    Attributes:
        runner: Runs answers.
        isolation: The level in force, or None as long as none is.
    """

    def __init__(self, settings: Settings) -> None:
        """Make the runner; no process is started yet."""
        self._settings = settings
        self.isolation: Isolation | None = None
        self.runner = SandboxTestRunner(
            weakest=Level(settings.weakest_isolation), sandboxes=sandboxes(settings)
        )

    @property
    def level(self) -> str:
        """The level in force, or "none"."""
        return "none" if self.isolation is None else self.isolation.level.value

    def settle(self, log: logging.Logger | logging.LoggerAdapter[logging.Logger]) -> Isolation:
        """Start the first template, and say in the log which isolation is in force and why.

        Raises:
            KernelUnavailable: No isolation that is accepted can be had; names what to enable.
        """
        try:
            isolation = self.runner.supply.isolation
        except KernelUnavailable as error:
            raise KernelUnavailable(self._refusal()) from error
        log.log(
            logging.INFO if isolation.level is Level.NAMESPACES else logging.WARNING,
            "%s",
            told(isolation),
        )
        self.isolation = isolation
        return isolation

    def _refusal(self) -> str:
        weakest = self._settings.weakest_isolation
        where = "In a classroom answers" if self._settings.classroom else "Answers"
        advice = (
            " ".join(remedies()).replace("\n", " ")
            or "`jupyter tutor doctor` shows what the system said."
        )
        return (
            f"{where} are run with the isolation {weakest!r} or stronger, which can't be had here, "
            f"so nothing is graded. {advice}"
        )


def told(isolation: Isolation) -> str:
    """Return in one line which isolation is in force, and why it is not stronger."""
    text = f"Answers run with the isolation {isolation.level.value!r}."
    why = [f"{level.value!r} can't be had: {reason}" for level, reason in isolation.reasons]
    if why:
        text += f" {'; '.join(why)}. `jupyter tutor doctor` says what to enable."
    return text


def version() -> str:
    """Return the version of all that decides what an answer does: tutor, Python and packages."""
    packages = sorted(f"{each.name}=={each.version}" for each in importlib.metadata.distributions())
    digest = hashlib.sha256("\n".join(packages).encode()).hexdigest()
    return f"{__version__} {platform.python_version()} {digest[:16]}"
