"""An author's input strategies: Hypothesis draws from them in the author's sandbox.

Only there is Hypothesis imported, if it is installed; learner code never runs beside it. A strategy
of a function with one parameter draws its value; of one with several, a tuple with a value for
each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import CallCase, DataFile, ExerciseContent, TestCase
from jupyter_tutor.domain.inputs.drawing import Arguments, call_text, parameters_of
from jupyter_tutor.domain.inputs.literals import literal_of
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan
from jupyter_tutor.domain.values import Encoded
from jupyter_tutor.services.ports import TestRunner

DRAWN: Final = 180
"""How many inputs are drawn of a strategy for counterexamples."""

PROVEN: Final = 50
"""How many are drawn of each to prove it."""

# A fixed seed and no database: the same exercise always has the same inputs.
_DRAW: Final = """
def __tutor_draw__(strategy, count):
    from hypothesis import HealthCheck, Phase, given, settings, strategies

    drawn = []

    @settings(
        max_examples=count,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(eval(strategy, {**globals(), "st": strategies, "strategies": strategies}))
    def take(value):
        drawn.append(value)

    take()
    return drawn
"""


def draw_inputs(
    runner: TestRunner,
    content: ExerciseContent,
    files: tuple[DataFile, ...] = (),
    count: int = DRAWN,
) -> dict[str, Sequence[Arguments]]:
    """Return what the strategies of an exercise draw, by function; none of it twice.

    Args:
        runner: Has a sandbox for authors' code.
        content: The exercise; strategies may use what its set-up defines.
        files: Its data files.
        count: How many inputs to draw of each.

    Raises:
        InvalidInput: A strategy can't be evaluated, or draws what is no literal; `details` has
            `function` where one is to blame, and `error`.
        KernelUnavailable: No sandbox could be started.
    """
    names = list(content.strategies)
    calls = tuple(f"__tutor_draw__({content.strategies[name]!r}, {count})" for name in names)
    values = _evaluated(runner, content, names, calls, files)
    widths = {name: len(names) for name, names in parameters_of(content).items()}
    return {
        name: _arguments(name, value, widths.get(name, 1))
        for name, value in zip(names, values, strict=True)
    }


@dataclass(frozen=True, slots=True)
class StrategyFault:
    """Why the strategies of an exercise can't be used.

    Attributes:
        detail: What was seen.
        remedy: What to do.
        unproven: Whether they could not even be tried here.
    """

    detail: str
    remedy: str
    unproven: bool = False


def strategy_fault(
    runner: TestRunner, content: ExerciseContent, files: tuple[DataFile, ...] = ()
) -> StrategyFault | None:
    """Prove that strategies draw inputs which the reference accepts; return what is wrong.

    Raises:
        KernelUnavailable: No sandbox could be started.
    """
    unknown = sorted(set(content.strategies) - set(parameters_of(content)))
    if unknown:
        return StrategyFault(
            f"There is a strategy for '{unknown[0]}', which the reference does not define",
            "Name a function of the reference.",
        )
    try:
        drawn = draw_inputs(runner, content, files, PROVEN)
    except InvalidInput as error:
        if "No module named 'hypothesis'" in error.message:
            return StrategyFault(
                "Its strategies were not tried: Hypothesis is not installed here",
                "Install it (`pip install hypothesis`) and check again.",
                unproven=True,
            )
        return StrategyFault(
            error.message,
            "A strategy is an expression such as `st.integers(0, 9)`; one of a function with "
            "several parameters draws tuples: `st.tuples(st.integers(), st.text())`.",
        )
    calls = [call_text(name, one) for name, pool in drawn.items() for one in pool]
    return _refused_call(runner, content, calls, files)


def _refused_call(
    runner: TestRunner,
    content: ExerciseContent,
    calls: Sequence[str],
    files: tuple[DataFile, ...],
) -> StrategyFault | None:
    """Return the first call that the reference does not answer."""
    cells = tuple(CellSource(cell.id, cell.reference) for cell in content.answer_cells)
    tests = tuple(TestCase(call, CallCase(call)) for call in calls)
    report = runner.run(RunPlan(content.setup, cells, tests, content.limits, files))
    for seen in report.tests:
        if seen.ending is not Ending.COMPLETED:
            why = f"{seen.error.type}: {seen.error.message}" if seen.error else seen.ending.value
            return StrategyFault(
                f"The reference does not answer `{seen.name}`, which a strategy draws ({why})",
                "Narrow the strategy, as with `min_size=1`, or mend the reference.",
            )
    return None


def _evaluated(
    runner: TestRunner,
    content: ExerciseContent,
    names: Sequence[str],
    calls: tuple[str, ...],
    files: tuple[DataFile, ...],
) -> tuple[Encoded, ...]:
    setup = (*content.setup, _DRAW)
    try:
        return runner.evaluate(setup, calls, files)
    except InvalidInput as error:
        guilty = error.details.get("expression")
        function = dict(zip(calls, names, strict=True)).get(str(guilty), "")
        why = str(error.details.get("error", error.message))
        raise InvalidInput(
            f"The input strategies can't be drawn from: {why}",
            details={"function": function, "error": why},
        ) from error


def _arguments(function: str, value: Encoded, width: int) -> list[Arguments]:
    """Return what was drawn as arguments."""
    drawn = literal_of(value)
    found: dict[str, Arguments] = {}
    for one in drawn if isinstance(drawn, list) else []:
        arguments = one if width != 1 and isinstance(one, tuple) else (one,)
        if width > 1 and len(arguments) != width:
            raise _refused(
                function, f"has {width} parameters, so that it has to draw tuples of {width}"
            )
        found.setdefault(call_text(function, arguments), arguments)
    if not found:
        raise _refused(function, "draws nothing that can be written as a literal")
    return list(found.values())


def _refused(function: str, why: str) -> InvalidInput:
    return InvalidInput(
        f"The strategy of {function} {why}.", details={"function": function, "error": why}
    )
