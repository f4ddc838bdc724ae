"""A test runner that answers from a script, without a kernel."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final

from jupyter_tutor.domain.constructs import SourceFacts, SourceRule
from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import CallCase, DataFile, ProgramCase, TestCase
from jupyter_tutor.domain.observations import (
    Ending,
    Observation,
    RaisedError,
    RunPlan,
    TestReport,
    in_running_order,
    out_of_time,
)
from jupyter_tutor.domain.values import encode_plain, literal

Script = Mapping[str, object]

FACTS: Final = "facts about the source"
"""The key of a script under which it says what stands in the answer."""


class ScriptedTestRunner:
    """A `TestRunner` that reports what its script says of an answer.

    A script maps what a test does to what shall be observed: the key is the expression of a call
    case, the input of a program case or the name of any test (the name wins); the value is

    - an `Observation`, taken as it is but for its name,
    - an `Ending`,
    - an exception, as if the answer had raised it,
    - a text for a program case: what it printed,
    - any other plain value: what the call returned; of an assert cell, that it completed.

    Under the key `FACTS` it has the `SourceFacts` by which rules are judged. What no script names
    raises `NameError`, as on an answer that was not written.

    Attributes:
        plans: The plans that were run, oldest first.
        unavailable: Set it to make every run raise `KernelUnavailable`.
        closed: Whether `close` was called; after that nothing runs.
    """

    __test__: ClassVar[bool] = False  # pytest must not collect a fake

    def __init__(
        self, answers: Mapping[str, Script] | None = None, default: Script | None = None
    ) -> None:
        """Create one.

        Args:
            answers: A script for each answer, by the sources of its cells joined by newlines.
            default: The script of every other answer, and the values of expressions for `evaluate`.
        """
        self.answers = dict(answers or {})
        self.default = dict(default or {})
        self.plans: list[RunPlan] = []
        self.unavailable = False
        self.closed = False

    def run(self, plan: RunPlan) -> TestReport:
        """Report the script's observations.

        Raises:
            KernelUnavailable: It is set `unavailable`, or closed.
        """
        self._check_open()
        self.plans.append(plan)
        source = "\n".join(cell.source for cell in plan.cells)
        script = self.answers.get(source, self.default)
        names = ["setup"] * len(plan.setup) + [cell.id for cell in plan.cells]
        seen: dict[str, Observation] = {}
        for test in in_running_order(plan.tests):
            runs = not isinstance(test.spec, SourceRule) and not out_of_time(seen.values())
            wanted = _wanted(test, script) if runs else Ending.NOT_RUN
            seen[test.name] = _observed(test.name, wanted)
        rules = any(isinstance(test.spec, SourceRule) for test in plan.tests)
        facts = script.get(FACTS)
        return TestReport(
            cells=tuple(_observed(name, script.get(name)) for name in names),
            tests=tuple(seen[test.name] for test in plan.tests),
            seconds=0.0,
            facts=facts if rules and isinstance(facts, SourceFacts) else None,
        )

    def evaluate(
        self,
        setup: tuple[str, ...],  # noqa: ARG002 - a script needs none
        expressions: tuple[str, ...],
        files: tuple[DataFile, ...],  # noqa: ARG002 - a script needs none
    ) -> tuple[dict[str, object], ...]:
        """Return the values of literals, and of what the default script names.

        Raises:
            InvalidInput: An expression is neither.
            KernelUnavailable: It is set `unavailable`, or closed.
        """
        self._check_open()
        return tuple(self._value(expression) for expression in expressions)

    def close(self) -> None:
        """Take no more runs."""
        self.closed = True

    def _check_open(self) -> None:
        if self.unavailable or self.closed:
            raise KernelUnavailable("No kernel could be started; try again in a moment.")

    def _value(self, expression: str) -> dict[str, object]:
        if expression in self.default:
            return encode_plain(self.default[expression])
        encoded = literal(expression)
        if encoded is None:
            raise InvalidInput(
                f"`{expression}` can't be evaluated.",
                details={"expression": expression, "error": "it is not in the script"},
            )
        return encoded


def _wanted(test: TestCase, script: Script) -> object:
    key = test.name
    if isinstance(test.spec, CallCase) and key not in script:
        key = test.spec.call
    elif isinstance(test.spec, ProgramCase) and key not in script:
        key = test.spec.stdin
    wanted = script.get(key, NameError("name 'answer' is not defined"))
    if isinstance(test.spec, ProgramCase) and isinstance(wanted, str):
        return Observation(test.name, Ending.COMPLETED, stdout=wanted)
    return wanted


def _observed(name: str, wanted: object) -> Observation:
    if isinstance(wanted, Observation):
        return replace(wanted, name=name)
    if isinstance(wanted, Ending):
        return Observation(name, wanted)
    if isinstance(wanted, BaseException):
        bases = tuple(base.__name__ for base in type(wanted).__mro__[1:-1])
        error = RaisedError(type(wanted).__name__, str(wanted), bases)
        return Observation(name, Ending.RAISED, error=error)
    return Observation(name, Ending.COMPLETED, encode_plain(wanted), arguments_changed=False)
