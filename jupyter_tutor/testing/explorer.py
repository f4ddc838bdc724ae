"""An explorer that answers from a script, without a sandbox."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from jupyter_tutor.domain.edits import Edit
from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.domain.exercises import TestCase
from jupyter_tutor.domain.observations import CellSource, Observation, RunPlan
from jupyter_tutor.domain.spectrum import Place
from jupyter_tutor.services.diagnosis_ports import Exploration, Held, Traced
from jupyter_tutor.testing.runner import Script, ScriptedTestRunner


class ScriptedExplorer:
    """An `Explorer` whose answers do what the script of a `ScriptedTestRunner` says.

    Attributes:
        made: The edits of answers, by the sources of their cells joined by newlines.
        donated: Edits with statements of programs that pass, likewise.
        lines: The lines that every probe runs, likewise.
        values: What variables hold, likewise.
        tried: The edits that were tried, oldest first.
        donors: The programs that were given, oldest first.
        unavailable: Set it to make every opening raise `KernelUnavailable`.
    """

    def __init__(
        self, answers: Mapping[str, Script] | None = None, default: Script | None = None
    ) -> None:
        """Create one.

        Args:
            answers: A script for each answer, as for `ScriptedTestRunner`; that of an edited one
                by its edited source.
            default: The script of every other answer.
        """
        self._runner = ScriptedTestRunner(answers, default)
        self.made: dict[str, tuple[Edit, ...]] = {}
        self.donated: dict[str, tuple[Edit, ...]] = {}
        self.lines: dict[str, tuple[Place, ...]] = {}
        self.values: dict[str, tuple[Held, ...]] = {}
        self.tried: list[Edit] = []
        self.donors: list[tuple[CellSource, ...]] = []
        self.unavailable = False

    @contextmanager
    def open(self, plan: RunPlan) -> Iterator[Exploration]:
        """Open what the script says of the plan's answer.

        Raises:
            KernelUnavailable: It is set `unavailable`.
        """
        self._check()
        yield _ScriptedExploration(self, self._runner, plan)

    def donations(self, plan: RunPlan, donors: Sequence[Sequence[CellSource]]) -> tuple[Edit, ...]:
        """Return the edits of the script.

        Raises:
            KernelUnavailable: It is set `unavailable`.
        """
        self._check()
        self.donors += map(tuple, donors)
        return self.donated.get(_source(plan), ())

    def _check(self) -> None:
        if self.unavailable:
            raise KernelUnavailable("No kernel could be started; try again in a moment.")


class _ScriptedExploration:
    def __init__(self, outer: ScriptedExplorer, runner: ScriptedTestRunner, plan: RunPlan) -> None:
        self._outer = outer
        self._runner = runner
        self._plan = plan

    def mutants(self, called: Sequence[str]) -> tuple[Edit, ...]:  # noqa: ARG002 - in the script
        return self._outer.made.get(_source(self._plan), ())

    def trace(self, probes: Sequence[TestCase], seconds: float) -> tuple[Traced, ...]:  # noqa: ARG002
        lines = self._outer.lines.get(_source(self._plan), ())
        return tuple(Traced(seen, lines) for seen in self._observed(self._plan.cells, probes))

    def held(
        self,
        probe: TestCase,  # noqa: ARG002 - all probes are alike
        places: Sequence[Place],
        seconds: float,  # noqa: ARG002 - it takes none
    ) -> tuple[Held, ...]:
        known = self._outer.values.get(_source(self._plan), ())
        return tuple(held for held in known if (held.cell, held.line) in places)

    def attempt(
        self,
        edits: Sequence[Edit],
        probes: Sequence[TestCase],
        seconds: float,  # noqa: ARG002 - it takes none
        budget: float,
    ) -> tuple[tuple[Observation, ...], ...]:
        if budget <= 0:
            return ()
        self._outer.tried += edits
        return tuple(self._observed(edit.answer(self._plan.cells), probes) for edit in edits)

    def _observed(
        self, cells: tuple[CellSource, ...], probes: Sequence[TestCase]
    ) -> tuple[Observation, ...]:
        plan = self._plan
        run = RunPlan(plan.setup, cells, tuple(probes), plan.limits, plan.files, plan.seed)
        return self._runner.run(run).tests


def _source(plan: RunPlan) -> str:
    return "\n".join(cell.source for cell in plan.cells)
