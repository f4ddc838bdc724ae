"""The search for the smallest counterexample, on a runner that evaluates in this process."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import pytest

from jupyter_tutor.domain.diagnosis import Counterexample, Showing
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    CallCase,
    DataFile,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    ProgramCase,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.observations import (
    CellSource,
    Ending,
    Observation,
    RaisedError,
    RunPlan,
    TestReport,
)
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.services.counterexamples import CounterexampleSearch
from jupyter_tutor.services.ports import TestRunner

Code = dict[str, Callable[..., object]]


class Fact(RuntimeError):
    """What a fake answer raises to show an ending."""


class PlainRunner:
    """A `TestRunner` that knows the functions behind the sources it is given."""

    __test__: ClassVar[bool] = False

    def __init__(self, known: dict[str, Code]) -> None:
        self.known = known
        self.plans: list[RunPlan] = []

    def run(self, plan: RunPlan) -> TestReport:
        self.plans.append(plan)
        source = plan.cells[0].source
        whole = source in self.known
        cell = Observation("answer", Ending.COMPLETED if whole else Ending.RAISED)
        seen = [self._seen(test, self.known.get(source, {})) for test in plan.tests]
        return TestReport((cell,), tuple(seen), 0.0)

    def _seen(self, test: TestCase, code: Code) -> Observation:
        program = isinstance(test.spec, ProgramCase)
        try:
            call = f"program({test.name!r})" if program else test.name
            value = eval(call, dict(code))
        except Fact as ending:
            return Observation(test.name, Ending(str(ending)))
        except Exception as error:  # noqa: BLE001 - as a sandbox does
            raised = RaisedError(type(error).__name__, str(error))
            return Observation(test.name, Ending.RAISED, error=raised)
        if program:
            return Observation(test.name, Ending.COMPLETED, stdout=str(value))
        return Observation(test.name, Ending.COMPLETED, encode_plain(value))

    def evaluate(
        self, setup: tuple[str, ...], expressions: tuple[str, ...], files: tuple[DataFile, ...]
    ) -> tuple[dict[str, object], ...]:
        raise AssertionError((setup, expressions, files))

    def close(self) -> None:
        """Nothing to close."""


def content(*tests: TestCase) -> ExerciseContent:
    return ExerciseContent(
        slug="f",
        kind=ExerciseKind.CODING,
        topic="lists",
        difficulty=1,
        texts={"en": ExerciseText("F", "Do it.")},
        tests=tests,
        answer_cells=(AnswerCell("answer", "", "REFERENCE"),),
    )


def case(call: str, *, secret: bool = False, unchanged: bool = False) -> TestCase:
    visibility = Visibility.SECRET if secret else Visibility.PUBLIC
    spec = CallCase(call, encode_plain(0), arguments_unchanged=unchanged)
    return TestCase(call, spec, visibility=visibility)


LARGEST = content(
    case("f([3, 1, 2])"), case("f([7, 9])"), case("f([-4, -2, -9, -1])"), case("f([5])")
)
WRONG = Answer((CellSource("answer", "WRONG"),))


def largest(items: list[int]) -> int:
    return max(items)


def from_zero(items: list[int]) -> int:
    return max([0, *items])


def search(
    wrong: Callable[..., object],
    right: Callable[..., object] = largest,
    exercise: ExerciseContent = LARGEST,
    budget: float = 60.0,
) -> tuple[Counterexample | None, PlainRunner]:
    name = "program" if isinstance(exercise.tests[0].spec, ProgramCase) else "f"
    runner = PlainRunner({"REFERENCE": {name: right}, "WRONG": {name: wrong}})
    port: TestRunner = runner
    return CounterexampleSearch(port)(exercise, WRONG, budget), runner


def test_the_smallest_input_on_which_they_differ() -> None:
    found, _ = search(from_zero)
    assert found == Counterexample("f([-1])", "-1", "0")


def test_it_is_the_same_again() -> None:
    def far(items: list[int]) -> int:
        return max(items) + (len(items) > 2 and sum(items) > 10)

    assert search(far)[0] == search(far)[0] != None  # noqa: E711 - it is there


def test_reference_and_answer_never_share_a_run_and_expect_nothing_there() -> None:
    _, runner = search(from_zero)
    assert {plan.cells[0].source for plan in runner.plans} == {"REFERENCE", "WRONG"}
    specs = [test.spec for plan in runner.plans for test in plan.tests]
    assert all(isinstance(spec, CallCase) and spec.expected is None for spec in specs)


def test_a_right_answer_has_none() -> None:
    found, runner = search(largest)
    assert found is None
    assert len(runner.plans) == 6


def test_inputs_that_the_reference_refuses_do_not_count() -> None:
    def picky(items: list[int]) -> int:
        if len(items) < 3:
            raise ValueError("too few")
        return max(items)

    found, _ = search(from_zero, picky)
    assert found is not None
    assert found.call.count(",") == 2


def test_what_it_raises_is_told() -> None:
    def strict(items: list[int]) -> int:
        return items[1] if len(items) == 1 else max(items)

    found, _ = search(strict)
    assert found == Counterexample(
        "f([0])", "0", "IndexError: list index out of range", showing=Showing.ERROR
    )


def test_what_does_not_end_is_told() -> None:
    def endless(items: list[int]) -> int:
        if len(items) == 1:
            raise Fact(Ending.TIMEOUT.value)
        return max(items)

    found, _ = search(endless)
    assert found == Counterexample("f([0])", "0", "", showing=Showing.ENDLESS)


def test_an_answer_that_is_not_written_or_does_not_run_has_none() -> None:
    def starter(items: list[int]) -> int:
        raise NotImplementedError(items)

    assert search(starter)[0] is None
    runner = PlainRunner({"REFERENCE": {"f": largest}})
    assert CounterexampleSearch(runner)(LARGEST, WRONG) is None
    assert len(runner.plans) == 2


def test_a_public_test_is_named_and_a_secret_one_never_shown() -> None:
    def only(items: list[int]) -> int:
        return -1 if items in ([5], [1, 1]) else max(items)

    found, _ = search(only)
    assert found == Counterexample("f([5])", "5", "-1", test="f([5])")
    hidden = replace(LARGEST, tests=(*LARGEST.tests[:3], case("f([5])", secret=True)))
    other, runner = search(only, exercise=hidden)
    assert other is None or other.call != "f([5])"
    asked = {test.name for plan in runner.plans for test in plan.tests}
    assert "f([5])" not in asked


def test_programs_are_compared_by_what_they_print() -> None:
    typed = ["3 4\n", "10 2\n", "7 7\n"]
    exercise = content(*(TestCase(text, ProgramCase(text, "")) for text in typed))

    def right(text: str) -> str:
        return str(max(map(int, text.split())))

    def first(text: str) -> str:
        return text.split()[0]

    found, _ = search(first, right, exercise)
    assert found is not None
    assert (found.program, found.showing) == (True, Showing.OUTPUT)
    assert (found.expected, found.got) == (right(found.call), first(found.call))
    assert found.call == "1 2\n"


def test_no_round_begins_after_the_time_is_up() -> None:
    times = iter(range(100))
    runner = PlainRunner({"REFERENCE": {"f": largest}, "WRONG": {"f": largest}})
    slow = CounterexampleSearch(runner, clock=lambda: float(next(times)))
    assert slow(LARGEST, WRONG, budget_seconds=0.5) is None
    assert runner.plans == []


def test_what_the_reference_gives_is_asked_once() -> None:
    runner = PlainRunner({"REFERENCE": {"f": largest}, "WRONG": {"f": largest}})
    find = CounterexampleSearch(runner)
    find(LARGEST, WRONG, 60.0)
    before = len(runner.plans)
    find(LARGEST, WRONG, 60.0)
    assert len(runner.plans) - before == 3


@pytest.mark.parametrize(
    "exercise",
    [
        replace(LARGEST, random=True),
        replace(LARGEST, answer_cells=()),
        content(case("f([1])"), case("f([2])")),
    ],
)
def test_where_nothing_is_known_of_the_inputs_nothing_is_run(exercise: ExerciseContent) -> None:
    found, runner = search(from_zero, exercise=exercise)
    assert found is None
    assert runner.plans == []
