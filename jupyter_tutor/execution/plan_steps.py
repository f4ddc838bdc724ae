"""The steps a plan comes to: what is sent to the sandboxes, and in what order."""

from collections.abc import Iterator, Sequence
from enum import Enum
from itertools import groupby
from typing import Final

from jupyter_tutor.domain.constructs import SourceRule
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ProgramCase,
    Question,
    TestCase,
)
from jupyter_tutor.domain.observations import RunPlan
from jupyter_tutor.execution.session import Step

_NOT_RUN: Final = (SourceRule, Question)


def is_run(test: TestCase) -> bool:
    """Whether a test needs a run of the answer; rules only need facts about its source."""
    return not isinstance(test.spec, _NOT_RUN)


class Room(Enum):
    """Where a test runs."""

    ANSWER = "answer"
    ORACLE = "oracle"
    SHARED = "shared"


def room_of(test: TestCase) -> Room:
    """Return where a test runs.

    Cases run in the answer's process, which knows nothing of what is expected; assert cells in the
    oracle, or in the answer's process where the author says that they have to.
    """
    if not isinstance(test.spec, AssertCell):
        return Room.ANSWER
    return Room.SHARED if test.spec.shared_process else Room.ORACLE


class PlanSteps:
    """Makes the steps of one plan."""

    def __init__(self, plan: RunPlan) -> None:
        """Create one.

        Args:
            plan: The plan; its rules and questions make no steps.
        """
        self._plan = plan
        self._setup: list[Step] = [
            {"name": "setup", "number": number, "source": source}
            for number, source in enumerate(plan.setup, start=1)
        ]
        self._answer: list[Step] = [
            {"name": cell.id, "number": 0, "source": cell.source} for cell in plan.cells
        ]
        run = [test for test in plan.tests if is_run(test)]
        self._only_compile = bool(run) and all(isinstance(each.spec, ProgramCase) for each in run)

    @property
    def names(self) -> list[str]:
        """The names of the cells, set-up first."""
        return [str(cell["name"]) for cell in (*self._setup, *self._answer)]

    @property
    def facts(self) -> Step:
        """The step that reads the source of the answer, without running any of it."""
        setup = [cell["source"] for cell in self._setup]
        return {"kind": "facts", "setup": setup, "cells": self._answer}

    def cells(self, start: int, stop: int) -> list[Step]:
        """Return the steps of some cells, by their numbers in `names`.

        When all tests run the answer as a program, cells are only compiled: a program's first
        `input()` would fail here, without any input.
        """
        cells = [*self._setup, *self._answer][start:stop]
        return [{"kind": "cell", "only_compile": self._only_compile, **cell} for cell in cells]

    def introduction(self, begun: int) -> list[Step]:
        """Return what the oracle runs first: the author's set-up, for the tests' own use.

        Args:
            begun: How many of the set-up's cells have run there already.
        """
        return [*({"kind": "cell", **cell} for cell in self._setup[begun:]), {"kind": "open"}]

    def stretches(self, tests: Sequence[TestCase]) -> Iterator[tuple[int, list[TestCase]]]:
        """Yield how many cells have to have run, and the tests that come then; all cells at last.

        Args:
            tests: In running order, all of one visibility.
        """
        whole = len(self.names)
        stop = 0
        for stop, group in groupby(tests, key=self._stop):
            yield stop, list(group)
        if stop < whole or not tests:
            yield whole, []

    def _stop(self, test: TestCase) -> int:
        """Return after how many cells a test runs."""
        answers = len(self._answer)
        position = answers if test.position is None else min(test.position, answers)
        return len(self._setup) + position

    def test(self, test: TestCase) -> Step:
        """Return the step of a test."""
        match test.spec:
            case CallCase() as case:
                watch = case.arguments_unchanged
                return {"kind": "call", "source": case.call, "watch_arguments": watch}
            case ProgramCase() as case:
                sources = [*self._setup, *self._answer][: self._stop(test)]
                return {"kind": "program", "sources": sources, "stdin": case.stdin}
            case AssertCell() as case:
                shared = room_of(test) is Room.SHARED
                return {"kind": "shared" if shared else "assert", "source": case.source}
            case SourceRule() | Question():
                raise AssertionError("it is not run")
