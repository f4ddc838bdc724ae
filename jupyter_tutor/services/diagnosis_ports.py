"""The port of exploring: what a diagnosis needs to find out about an answer, in a sandbox.

Apart from the graded run. Nothing an exploration returns is a verdict, and nothing of it is shown
as it is: an edit counts when a graded run of the edited answer passed everything.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from jupyter_tutor.domain.edits import Edit
from jupyter_tutor.domain.exercises import TestCase
from jupyter_tutor.domain.observations import CellSource, Observation, RunPlan
from jupyter_tutor.domain.spectrum import Place
from jupyter_tutor.domain.values import Encoded


@dataclass(frozen=True, slots=True)
class Traced:
    """A probe with the lines of the answer that it ran.

    Attributes:
        observation: What it showed.
        lines: In the order they first ran.
    """

    observation: Observation
    lines: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What a variable held when a line was reached for the last time.

    Attributes:
        cell: Id of the answer cell.
        line: 1-based line in it.
        name: The variable.
        value: In the encoding of `domain.values`; not yet read.
    """

    cell: str
    line: int
    name: str
    value: Encoded


class Exploration(Protocol):
    """One answer in a sandbox. Probes are call cases and program cases; others are not run."""

    def mutants(self, called: Sequence[str]) -> tuple[Edit, ...]:
        """Return edits that mend what beginners often get wrong; runs nothing.

        Args:
            called: Names of functions that tests call.
        """

    def trace(self, probes: Sequence[TestCase], seconds: float) -> tuple[Traced, ...]:
        """Run probes on the answer as it is; fewer come back when the sandbox is lost.

        Args:
            probes: What to run.
            seconds: Processor time of each.
        """

    def held(self, probe: TestCase, places: Sequence[Place], seconds: float) -> tuple[Held, ...]:
        """Run a probe and tell what the variables on some lines held."""

    def attempt(
        self, edits: Sequence[Edit], probes: Sequence[TestCase], seconds: float, budget: float
    ) -> tuple[tuple[Observation, ...], ...]:
        """Run probes on the answer with each of some edits.

        Args:
            edits: Of the answer as it is.
            probes: What to run.
            seconds: Processor time of each probe.
            budget: Seconds for all of it.

        Returns:
            For each edit, in order, what each probe showed; for fewer when the budget was over.
        """


class Explorer(Protocol):
    """Opens sandboxes to explore answers in."""

    def open(self, plan: RunPlan) -> AbstractContextManager[Exploration]:
        """Open a sandbox with set-up and files of a plan; its tests are not run.

        Raises:
            KernelUnavailable: There is none.
        """

    def donations(self, plan: RunPlan, donors: Sequence[Sequence[CellSource]]) -> tuple[Edit, ...]:
        """Return edits that put in one statement of a program that passes, likeliest first.

        Programs are only read for this, in a sandbox where neither they nor the answer run.

        Args:
            plan: With the answer.
            donors: Programs that pass: their cells, in the order of the answer's.

        Raises:
            KernelUnavailable: There is no sandbox.
        """
