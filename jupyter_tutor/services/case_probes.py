"""Probes: the cases among an exercise's tests, and the calls that could be read from test cells."""

from collections.abc import Sequence
from typing import Final

from jupyter_tutor.domain.assert_calls import asserted_calls
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    DataFile,
    ExerciseContent,
    ProgramCase,
    TestCase,
)
from jupyter_tutor.domain.values import literal
from jupyter_tutor.services.ports import TestRunner

_MOST_KNOWN: Final = 200


class CaseProbes:
    """Reads the probes of exercises, once each."""

    def __init__(self, runner: TestRunner) -> None:
        """Create one.

        Args:
            runner: Evaluates what test cells expect.
        """
        self._runner = runner
        self._known: dict[tuple[str, tuple[str, ...]], tuple[TestCase, ...]] = {}

    def of(
        self, content: ExerciseContent, tests: Sequence[TestCase], files: tuple[DataFile, ...]
    ) -> tuple[TestCase, ...]:
        """Return the probes of some tests of an exercise.

        Args:
            content: The exercise.
            tests: Some of its tests.
            files: Its data files.

        Raises:
            KernelUnavailable: What a test cell expects has to be evaluated, and cannot be.
        """
        key = content.content_hash, tuple(test.name for test in tests)
        if key not in self._known:
            if len(self._known) > _MOST_KNOWN:
                self._known.clear()
            found: list[TestCase] = []
            for test in tests:
                if isinstance(test.spec, CallCase | ProgramCase):
                    found.append(test)
                elif isinstance(test.spec, AssertCell):
                    found += self._asserted(content, test, test.spec, files)
            self._known[key] = tuple(found)
        return self._known[key]

    def _asserted(
        self,
        content: ExerciseContent,
        test: TestCase,
        cell: AssertCell,
        files: tuple[DataFile, ...],
    ) -> list[TestCase]:
        calls = asserted_calls(cell)
        values = [literal(call.expected) for call in calls]
        missing = [call.expected for call, one in zip(calls, values, strict=True) if one is None]
        try:
            found = self._runner.evaluate(content.setup, tuple(missing), files) if missing else ()
        except InvalidInput:
            return []
        evaluated = iter(found)
        return [
            call.case(f"{test.name} {number}", test, one if one is not None else next(evaluated))
            for number, (call, one) in enumerate(zip(calls, values, strict=True), start=1)
        ]
