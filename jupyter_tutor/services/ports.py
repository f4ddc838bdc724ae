"""The ports: what the services need from outside, as protocols. Adapters implement them."""

from typing import ClassVar, Protocol

from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.domain.observations import RunPlan, TestReport


class TestRunner(Protocol):
    """Runs a plan in a fresh process, away from the learner's kernel and from the server."""

    __test__: ClassVar[bool] = False  # pytest must not collect a protocol

    def run(self, plan: RunPlan) -> TestReport:
        """Run set-up, answer cells and tests; blocks until all is observed.

        Raises:
            KernelUnavailable: No kernel could be started. That is ours, not a verdict.
        """
        ...

    def evaluate(
        self, setup: tuple[str, ...], expressions: tuple[str, ...], files: tuple[DataFile, ...]
    ) -> tuple[dict[str, object], ...]:
        """Evaluate an author's expressions after the set-up, in the encoding of `domain.values`.

        Raises:
            InvalidInput: The set-up or an expression raises; `details` names which and why.
            KernelUnavailable: No kernel could be started.
        """
        ...

    def close(self) -> None:
        """End every kernel that is still there."""
        ...
