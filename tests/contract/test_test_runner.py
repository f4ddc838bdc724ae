"""What every `TestRunner` does, the scripted one as the real one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from jupyter_tutor.domain.comparison import compare
from jupyter_tutor.domain.constructs import (
    Construct,
    ConstructKind,
    Demand,
    Fact,
    SourceFacts,
    SourceRule,
)
from jupyter_tutor.domain.errors import InvalidInput, KernelUnavailable
from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExpectedException,
    Limits,
    ProgramCase,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.services.ports import TestRunner
from jupyter_tutor.testing import ScriptedTestRunner
from jupyter_tutor.testing.runner import FACTS

SETUP = ("base = 10",)
RIGHT = """\
def f(n):
    if n < 0:
        raise ValueError("negative")
    return base * n
if __name__ == "__main__":
    try:
        print(int(input()) + 1)
    except EOFError:
        pass
"""
WRONG = RIGHT.replace("base * n", "base + n")
SCRIPT = {
    "f(2)": 20,
    "f(-1)": ValueError("negative"),
    "4\n": "5\n",
    "by assert": True,
    "base * 2": 20,
}
TESTS = (
    TestCase("by value", CallCase("f(2)", expected=encode_plain(20))),
    TestCase("by exception", CallCase("f(-1)", raises=ExpectedException("ValueError", "neg"))),
    TestCase("by output", ProgramCase("4\n", "5")),
    TestCase("by assert", AssertCell("assert f(1) == 10")),
)


NO_PRINT = SourceRule(Demand.NONE, (Construct(ConstructKind.CALL, "print"),))
LOOPS_RULE = SourceRule(Demand.ALL, (Construct(ConstructKind.LOOP, "while"),))
FACTS_OF_LOOPS = SourceFacts(
    (
        Fact(ConstructKind.FUNCTION, "f", "answer", 1),
        Fact(ConstructKind.LOOP, "while", "answer", 2, ("f",)),
    )
)
UNREADABLE = "def f(:"


@pytest.fixture(params=["scripted", pytest.param("nbclient", marks=pytest.mark.kernel)])
def runner(request: pytest.FixtureRequest) -> Iterator[TestRunner]:
    """A runner of each kind."""
    made: TestRunner = SandboxTestRunner()
    if request.param == "scripted":
        wrong = {**SCRIPT, "f(2)": 12, "by assert": AssertionError("f(1) is 11")}
        loops: dict[str, object] = {f"f({n})": Ending.TIMEOUT if n % 2 else n for n in range(6)}
        loops[FACTS] = FACTS_OF_LOOPS
        unread = {FACTS: SourceFacts((), ("answer",)), "answer": SyntaxError("invalid syntax")}
        made = ScriptedTestRunner({WRONG: wrong, LOOPS: loops, UNREADABLE: unread}, default=SCRIPT)
    yield made
    made.close()


def plan(answer: str, *tests: TestCase) -> RunPlan:
    return RunPlan(SETUP, (CellSource("answer", answer),), tests, Limits(wall_seconds=20.0))


def test_a_report_has_one_observation_for_each_cell_and_each_test(runner: TestRunner) -> None:
    report = runner.run(plan(RIGHT, *TESTS))
    assert [cell.name for cell in report.cells] == ["setup", "answer"]
    assert {cell.ending for cell in report.cells} == {Ending.COMPLETED}
    assert [test.name for test in report.tests] == [test.name for test in TESTS]
    assert report.seconds >= 0


def test_a_right_answer_passes_and_a_wrong_one_does_not(runner: TestRunner) -> None:
    right = judge(TESTS, runner.run(plan(RIGHT, *TESTS)))
    assert right.passed, right
    wrong = judge(TESTS, runner.run(plan(WRONG, *TESTS)))
    assert [result.outcome is Outcome.PASSED for result in wrong.results] == [
        False,
        True,
        True,
        False,
    ]


LOOPS = "def f(n):\n    while n % 2: pass\n    return n\n"


def loop_plan(*inputs: int, secret: int | None = None) -> RunPlan:
    """Return a plan of calls on `LOOPS`, which never comes back from an odd number."""
    tests = tuple(
        TestCase(
            f"of {n}",
            CallCase(f"f({n})", expected=encode_plain(n)),
            visibility=Visibility.SECRET if n == secret else Visibility.PUBLIC,
        )
        for n in inputs
    )
    return RunPlan((), (CellSource("answer", LOOPS),), tests, Limits(wall_seconds=0.5))


def test_one_endless_test_costs_only_itself(runner: TestRunner) -> None:
    verdict = judge(loop_plan(1, 2, 4).tests, runner.run(loop_plan(1, 2, 4)))
    assert [result.outcome for result in verdict.results] == [
        Outcome.TIMEOUT,
        Outcome.PASSED,
        Outcome.PASSED,
    ]


def test_after_two_endless_tests_the_others_are_not_run(runner: TestRunner) -> None:
    asked = loop_plan(3, 2, 1, 5, 4, secret=3)
    assert [test.ending for test in runner.run(asked).tests] == [
        Ending.NOT_RUN,  # secret tests run last
        Ending.COMPLETED,
        Ending.TIMEOUT,
        Ending.TIMEOUT,
        Ending.NOT_RUN,
    ]


def test_rules_are_judged_by_facts_and_nothing_of_them_is_run(runner: TestRunner) -> None:
    tests = (
        TestCase("no print", NO_PRINT),
        TestCase("loops", LOOPS_RULE, visibility=Visibility.SECRET),
        TestCase("of 2", CallCase("f(2)", expected=encode_plain(2))),
    )
    report = runner.run(replace(loop_plan(), tests=tests))
    assert report.facts is not None
    assert set(FACTS_OF_LOOPS.facts) <= set(report.facts.facts)
    assert judge(tests, report).passed
    assert [each.ending for each in report.tests[:2]] == [Ending.NOT_RUN] * 2
    assert runner.run(loop_plan(2)).facts is None


def test_without_facts_no_rule_is_kept(runner: TestRunner) -> None:
    tests = (TestCase("no print", NO_PRINT), TestCase("call", CallCase("f()")))
    plan_ = RunPlan((), (CellSource("answer", UNREADABLE),), tests)
    verdict = judge(tests, runner.run(plan_))
    assert [each.outcome for each in verdict.results] == [Outcome.ERROR, Outcome.ERROR]
    assert "SyntaxError" in verdict.results[0].message


def test_what_is_not_there_is_a_name_error(runner: TestRunner) -> None:
    missing = TestCase("t", CallCase("nowhere(1)", expected=encode_plain(1)))
    (seen,) = runner.run(plan(RIGHT, missing)).tests
    assert seen.ending is Ending.RAISED
    assert seen.error is not None
    assert seen.error.type == "NameError"
    assert "Exception" in seen.error.bases


def test_expressions_are_evaluated_after_the_setup(runner: TestRunner) -> None:
    values = runner.evaluate(SETUP, ("[1, 2.5]", "base * 2", "'é'"), ())
    assert all(
        compare(encode_plain(wanted), value).equal
        for wanted, value in zip(([1, 2.5], 20, "é"), values, strict=True)
    )


def test_an_expression_that_fails_is_named(runner: TestRunner) -> None:
    with pytest.raises(InvalidInput) as refused:
        runner.evaluate(SETUP, ("1", "nowhere"), ())
    assert refused.value.details["expression"] == "nowhere"
    assert "nowhere" in refused.value.message
    assert refused.value.details["error"]


def test_a_closed_runner_runs_nothing(runner: TestRunner) -> None:
    runner.close()
    runner.close()
    with pytest.raises(KernelUnavailable):
        runner.run(plan(RIGHT, *TESTS))
    with pytest.raises(KernelUnavailable):
        runner.evaluate((), ("nowhere()",), ())


def test_a_call_that_expects_nothing_shows_what_it_gives(runner: TestRunner) -> None:
    asked = [TestCase(call, CallCase(call)) for call in ("f(2)", "f(-1)")]
    given, raised = runner.run(plan(RIGHT, *asked)).tests
    assert given.value is not None
    assert compare(encode_plain(20), given.value).equal
    assert raised.ending is Ending.RAISED
