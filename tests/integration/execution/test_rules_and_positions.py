"""Facts about the source, tests at their position, assert cells in the answer's own process."""

import pytest

from jupyter_tutor.domain.comparison import compare
from jupyter_tutor.domain.constructs import Construct as Look
from jupyter_tutor.domain.constructs import ConstructKind, Demand, Fact, SourceRule
from jupyter_tutor.domain.exercises import AssertCell, CallCase, ProgramCase, Visibility
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.exercises import TestSpec as Spec
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, Ending, RunPlan
from jupyter_tutor.domain.observations import TestReport as Report
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.domain.verdicts import Outcome
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import QUICK

pytestmark = pytest.mark.kernel

TRUE = encode_plain(value=True)
NO_SORT = SourceRule(
    Demand.NONE, (Look(ConstructKind.CALL, "sorted"), Look(ConstructKind.CALL, ".sort"))
)
BY_LOOP = SourceRule(Demand.ALL, (Look(ConstructKind.LOOP),))


def placed(
    name: str, spec: Spec | str, position: int | None = None, *, secret: bool = False
) -> Case:
    """Return a test; a text is a call whose value has to be true."""
    made = CallCase(spec, expected=TRUE) if isinstance(spec, str) else spec
    visibility = Visibility.SECRET if secret else Visibility.PUBLIC
    return Case(name, made, 1.0, visibility, position)


def report(
    runner: SandboxTestRunner, cells: list[str], *tests: Case, setup: tuple[str, ...] = ()
) -> Report:
    """Run cells named a, b, ... with tests."""
    sources = tuple(CellSource(name, text) for name, text in zip("abcd", cells, strict=False))
    return runner.run(RunPlan(setup, sources, tests, QUICK))


def outcomes(
    runner: SandboxTestRunner, cells: list[str], *tests: Case, setup: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return how each test went."""
    seen = report(runner, cells, *tests, setup=setup)
    return {each.name: each.outcome.value for each in judge(tests, seen, QUICK).results}


def test_rules_are_judged_by_the_tree_and_not_by_the_text(runner: SandboxTestRunner) -> None:
    answer = (
        "# no sorted() here, and no .sort()\n"
        "def f(xs):\n    'Not sorted(xs).'\n    for x in xs:\n        print('.sort()')\n"
    )
    tests = (placed("rule", NO_SORT), placed("loop", BY_LOOP), placed("call", "f([]) is None"))
    seen = report(runner, [answer], *tests)
    assert {each.outcome for each in judge(tests, seen).results} == {Outcome.PASSED}
    assert seen.facts is not None
    assert Fact(ConstructKind.LOOP, "for", "a", 4, ("f",)) in seen.facts.facts


@pytest.mark.parametrize(
    "answer",
    [
        "from builtins import sorted as s\ndef f(xs): return s(xs)",
        "def f(xs):\n    xs.sort()\n    return xs",
        "%time pass\ns = sorted\ndef f(xs): return s(xs)",
    ],
)
def test_aliases_break_a_rule(runner: SandboxTestRunner, answer: str) -> None:
    seen = outcomes(runner, [answer], placed("rule", NO_SORT), placed("f", "f([2, 1]) == [1, 2]"))
    assert seen == {"rule": "failed", "f": "passed"}


def test_facts_are_taken_before_the_answer_could_say_otherwise(runner: SandboxTestRunner) -> None:
    liar = (
        "import ast, gc, sys\n"
        "ast.parse = ast.walk = lambda *_, **__: []\n"
        "frame = sys._getframe()\n"
        "while frame:\n"
        "    bench = frame.f_locals.get('self')\n"
        "    if hasattr(bench, '_run'):\n"
        "        bench._run = dict.fromkeys(bench._run, lambda step: {'facts': [], 'unread': []})\n"
        "    frame = frame.f_back\n"
        "xs = sorted([2, 1])\n"
    )
    assert outcomes(runner, [liar], placed("rule", NO_SORT))["rule"] == "failed"


@pytest.mark.parametrize("answer", ["def f(:\n", "x = " + "-" * 200_000 + "1", "(" * 10_000])
def test_without_a_tree_no_rule_is_kept_and_the_reason_is_told(
    runner: SandboxTestRunner, answer: str
) -> None:
    tests = (placed("rule", NO_SORT), placed("loop", BY_LOOP))
    verdict = judge(tests, report(runner, [answer], *tests), QUICK)
    assert [each.outcome for each in verdict.results] == [Outcome.ERROR, Outcome.ERROR]
    assert verdict.score == 0
    assert "could not be looked at, because cell `a`" in verdict.results[0].message


def test_a_secret_rule_and_an_endless_answer_are_judged(runner: SandboxTestRunner) -> None:
    tests = (placed("secret", NO_SORT, secret=True), placed("loop", BY_LOOP))
    seen = outcomes(runner, ["while True: sorted([])"], *tests)
    assert seen == {"secret": "failed", "loop": "passed"}


def test_tests_run_where_they_stand(runner: SandboxTestRunner) -> None:
    cells = ["x = 1\nlog = [x]", "x = 2\nlog.append(x)", "x = 3"]
    tests = (
        placed("after all", "x == 3"),
        placed("first", "x == 1 and log == [1]", 1),
        placed(
            "first asserted", AssertCell("assert x == 1, x\nkept = log\nassert len(log) == 1"), 1
        ),
        placed("second", "x == 2", 2),
        placed(
            "second asserted", AssertCell("assert x == 2 and log == [1, 2]\nassert kept == [1]"), 2
        ),
        placed("secret", AssertCell("assert x == 1"), 1, secret=True),
        placed("last asserted", AssertCell("assert x == 3\nassert kept == [1]")),
    )
    assert set(outcomes(runner, cells, *tests, setup=("y = 5",)).values()) == {"passed"}


def test_the_oracle_keeps_what_it_was_lent_while_cells_run(runner: SandboxTestRunner) -> None:
    cells = [
        "class Box:\n    n = 1\nbox = Box()",
        "box.n = 2\nclass Other:\n    n = 9\nother = Other()",
    ]
    tests = (
        placed("before", AssertCell("mine = box\nassert mine.n == 1\nassert type(mine) is Box"), 1),
        placed("after", AssertCell("assert other.n == 9\nassert mine.n == 2\nassert mine is box")),
        placed("again", AssertCell("assert isinstance(mine, Box) and not isinstance(other, Box)")),
    )
    assert outcomes(runner, cells, *tests) == dict.fromkeys(["before", "after", "again"], "passed")


def test_a_program_at_a_position_is_the_answer_up_to_there(runner: SandboxTestRunner) -> None:
    cells = ["print('one')", "print('two')"]
    tests = (
        placed("one", ProgramCase("", "one"), 1),
        placed("both", ProgramCase("", "one\ntwo")),
    )
    assert set(outcomes(runner, cells, *tests).values()) == {"passed"}


def test_positions_hold_after_a_lost_sandbox(runner: SandboxTestRunner) -> None:
    cells = ["import os\nx = 1\ndef die(): os._exit(1)", "x = 2"]
    tests = (
        placed("lost", "die()", 1),
        placed("first", "x == 1", 1),
        placed("asserted", AssertCell("assert x == 1"), 1),
        placed("lost again", "die()"),
        placed("last", "x == 2"),
    )
    seen = report(runner, cells, *tests)
    assert [each.ending for each in seen.tests] == [
        Ending.DIED,
        Ending.COMPLETED,
        Ending.COMPLETED,
        Ending.DIED,
        Ending.COMPLETED,
    ]
    assert [(each.name, each.ending) for each in seen.cells] == [
        ("a", Ending.COMPLETED),
        ("b", Ending.COMPLETED),
    ]
    for each in seen.tests[1::3]:
        assert compare(TRUE, each.value or {}).equal


def test_a_cell_that_hangs_leaves_earlier_tests_standing(runner: SandboxTestRunner) -> None:
    tests = (placed("first", "x == 1", 1), placed("last", "x == 1"))
    seen = report(runner, ["x = 1", "while True: pass"], *tests)
    assert [each.ending for each in seen.tests] == [Ending.COMPLETED, Ending.NOT_RUN]
    assert [each.ending for each in seen.cells] == [Ending.COMPLETED, Ending.TIMEOUT]


def test_a_cell_that_raises_between_tests_stops_nothing(runner: SandboxTestRunner) -> None:
    tests = (placed("first", "x == 1", 1), placed("last", "x == 1"))
    assert set(outcomes(runner, ["x = 1", "1 / 0"], *tests).values()) == {"passed"}
