"""Diagnoses of real answers in real sandboxes, of honest ones and of others."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.evaluations import judge
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    CallCase,
    ExerciseContent,
    ExerciseKind,
    ExerciseText,
    Limits,
    ProgramCase,
    TestCase,
    TestSpec,
    Visibility,
)
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.execution.exploring import SandboxExplorer
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.execution.session import Session, Step
from jupyter_tutor.services.diagnosing import Diagnoser

pytestmark = pytest.mark.kernel

REFERENCE = """\
def total(numbers):
    # the author's own words
    result = 0
    for number in numbers:
        result += 1009 * number
    return result
"""


def case(call: str, expected: object) -> CallCase:
    return CallCase(call, expected=encode_plain(expected))


SPECS: tuple[TestSpec, ...] = (
    case("total([])", 0),
    case("total([1])", 1009),
    case("total([2, 3])", 5045),
    case("total([4, 4, 4])", 12108),
)


def exercise(
    *specs: TestSpec, reference: str = REFERENCE, setup: tuple[str, ...] = (), secret: int = 1
) -> ExerciseContent:
    """Return an exercise whose last tests are secret."""
    specs = specs or SPECS
    tests = tuple(
        TestCase(
            f"test {number}",
            spec,
            visibility=Visibility.SECRET if number > len(specs) - secret else Visibility.PUBLIC,
        )
        for number, spec in enumerate(specs, start=1)
    )
    return ExerciseContent(
        slug="any",
        kind=ExerciseKind.CODING,
        topic="any",
        difficulty=1,
        texts={"en": ExerciseText("any", "")},
        tests=tests,
        answer_cells=(AnswerCell("answer", "", reference),),
        setup=setup,
        limits=Limits(wall_seconds=3.0, cpu_seconds=3.0, memory_mb=256),
    )


def diagnose(
    runner: SandboxTestRunner,
    source: str,
    content: ExerciseContent | None = None,
    donors: Sequence[Sequence[CellSource]] = (),
) -> Diagnosis:
    """Diagnose an answer, with time enough for a busy machine."""
    content = content or exercise()
    cells = (CellSource("answer", source),)
    plan = RunPlan(content.setup, cells, content.tests, content.limits)
    verdict = judge(content.tests, runner.run(plan), content.limits)
    assert not verdict.passed
    diagnoser = Diagnoser(runner, SandboxExplorer(runner.supply))
    return diagnoser.diagnose(content, Answer(cells), verdict, donors=donors, budget_seconds=60.0)


def test_a_mistake_is_found_and_the_line_is_its_own(runner: SandboxTestRunner) -> None:
    wrong = REFERENCE.replace("    return", "        return")
    found = diagnose(runner, wrong)
    assert found.verified is not None
    assert (found.verified.line, found.verified.kind) == (6, "return_in_loop")
    assert found.mistake is Mistake.EARLY_RETURN
    assert found.counterexample is not None
    assert found.counterexample.call == "total([])"


def test_a_statement_of_the_reference_mends_what_no_operator_does(
    runner: SandboxTestRunner,
) -> None:
    wrong = "def total(xs):\n    s = 0\n    for x in xs:\n        s += 2 * x\n    return s\n"
    found = diagnose(runner, wrong)
    assert found.verified is not None
    assert (found.verified.line, found.verified.kind) == (4, "donated")
    assert "1009 * x" in found.verified.after


def test_what_another_learner_wrote_about_themselves_is_in_no_edit(
    runner: SandboxTestRunner,
) -> None:
    wrong = "def total(xs):\n    s = 0\n    for x in xs:\n        s += 2 * x\n    return s\n"
    content = exercise(reference="def total(numbers):\n    return 1009 * sum(numbers)\n")
    theirs = (
        "def total(v):\n    zephyrine = 0\n    for q in v:\n"
        "        zephyrine += {step}1009 * q\n    return zephyrine\n"
    )
    named = theirs.format(step="q * len('Bob Quill, matriculation 2019331') * 0 + ")
    plain = (CellSource("answer", theirs.format(step="")),)

    told = repr(diagnose(runner, wrong, content, [(CellSource("answer", named),)]))
    for private in ("Bob", "matriculation", "2019331", "zephyrine"):
        assert private not in told
    # In the words of the exercise it is used as before.
    found = diagnose(runner, wrong, content, [(CellSource("answer", named),), plain]).verified
    assert found is not None
    assert (found.line, found.after.strip()) == (4, "s += 1009 * x")


UNREADABLE = {
    "no colon": ("in numbers:", "in numbers", 4),
    "a bracket not closed": ("(numbers):", "(numbers:", 1),
    "a bracket too many": ("1009 * number", "(1009 * number))", 5),
    "no indentation": ("    result = 0", "result = 0", 3),
    "a block that is not indented": ("        result += 1009", "    result += 1009", 5),
    "a sign of another language": ("result += 1009 * number", "result =+ 1009 × number", None),
    "a keyword misspelt": ("    return", "    retrun", 6),
    "a return outside of the function": ("    return", "return", 6),
}


@pytest.mark.parametrize(("old", "new", "line"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_repaired_and_verified_by_every_test(
    runner: SandboxTestRunner, old: str, new: str, line: int | None
) -> None:
    wrong = REFERENCE.replace(old, new)
    assert wrong != REFERENCE
    found = diagnose(runner, wrong)
    assert found.mistake in (Mistake.SYNTAX, Mistake.INDENTATION)
    assert (found.region, found.question) == (None, None)
    if line is None:  # two things are wrong with it: one repair is not enough
        assert found.verified is None
        return
    assert found.verified is not None
    assert (found.verified.line, found.verified.kind in ("syntax", "indentation")) == (line, True)
    plan = RunPlan((), (CellSource("answer", found.verified.applied(wrong)),), exercise().tests)
    assert judge(plan.tests, runner.run(plan)).passed


def test_an_edit_has_to_pass_secret_tests(runner: SandboxTestRunner) -> None:
    specs = (case("f(1)", 1), case("f(2)", 2), case("f(3)", 999_331))
    wrong = "def f(n):\n    return 0\n"
    unknown = "def f(n):\n    return {1: 1, 2: 2, 3: 999_331}[n] if n else [1,\n 2, 3, 4][n]\n"
    reference = unknown.replace("[1,\n 2", "[\n" + "\n".join("    0," for _ in range(9)) + "1,\n 2")
    content = exercise(*specs, reference=reference.replace("return", "x =") + "    return x\n")
    assert diagnose(runner, wrong, content).verified is None


def test_programs_and_their_input(runner: SandboxTestRunner) -> None:
    reference = "n = int(input())\nprint(n * 2)\n"
    content = exercise(
        ProgramCase("3\n", "6"), ProgramCase("10\n", "20"), ProgramCase("0\n", "0"),
        reference=reference,
    )  # fmt: skip
    found = diagnose(runner, "n = input()\nprint(n * 2)\n", content)
    assert found.verified is not None
    assert (found.verified.line, found.verified.after) == (1, "n = int(input())")


def test_assert_cells_and_a_set_up(runner: SandboxTestRunner) -> None:
    content = exercise(
        AssertCell("assert price(2) == 2 * base"),
        AssertCell("x = 4\nassert price(x) == 400, 'too little'"),
        reference="def price(n):\n    return n * base\n",
        setup=("base = 100",),
    )
    found = diagnose(runner, "def price(n):\n    return n + base\n", content)
    assert found.verified is not None
    assert found.verified.after == "    return n * base"


def test_what_a_set_up_holds_is_the_same_for_each_edit(runner: SandboxTestRunner) -> None:
    content = exercise(
        case("take()", 3),
        reference="def take():\n    return stock.pop()\n",
        setup=("stock = [1, 2, 3]",),
        secret=0,
    )
    found = diagnose(runner, "def take():\n    return stock.pop(0)\n", content)
    assert found.verified is not None


def test_a_value_at_the_failing_input_is_asked_about(runner: SandboxTestRunner) -> None:
    found = diagnose(runner, REFERENCE.replace("1009 * number", "number"))
    assert found.question is not None
    assert found.question.call == "total([1])"
    assert (found.question.name, found.question.value) in {("number", "1"), ("result", "0")}


def test_edits_that_end_the_sandbox_cost_only_themselves(runner: SandboxTestRunner) -> None:
    wrong = (
        "import os\n"
        "def total(numbers):\n"
        "    result = 0\n"
        "    if len(numbers) > 7:\n"
        "        os._exit(3)\n"
        "    while False:\n"
        "        pass\n"
        "    for number in numbers:\n"
        "        result -= 1009 * number\n"
        "    return result\n"
    )
    found = diagnose(runner, wrong)
    assert found.verified is not None
    assert found.verified.line == 9


@pytest.mark.parametrize(
    "extra",
    [
        "print('x' * 1_000)",
        "import sys; sys.setrecursionlimit(30)",
        "import builtins; builtins.len = lambda _: 3",
        "import signal; signal.signal(signal.SIGVTALRM, signal.SIG_IGN)",
        "import sys; sys.settrace(None); sys.stdout = None",
        "import json; json.dumps = None",
    ],
)
def test_what_else_an_answer_does_is_no_hindrance(runner: SandboxTestRunner, extra: str) -> None:
    wrong = REFERENCE.replace("return result", "return number") + f"try:\n    {extra}\n"
    wrong += "except BaseException:\n    pass\n"
    found = diagnose(runner, wrong)
    assert found.verified is not None
    assert found.verified.line == 6


TAKES_OVER = """\
import gc
def total(numbers):
    return 0
for each in gc.get_objects():
    if type(each).__name__ == "Explorer":
        def lie(step):
            right = {"type": "int", "value": "1009"}
            run = {"ending": "completed", "value": right, "stdout": "", "seconds": 0.0}
            return {"runs": [[run] * len(step["probes"]) for _ in step["edits"]]}
        each._run["try"] = lie
"""


def test_an_answer_that_takes_the_exploration_over_gains_nothing(
    runner: SandboxTestRunner,
) -> None:
    content = exercise(*SPECS[1:2], secret=0)
    assert diagnose(runner, TAKES_OVER, exercise()).verified is None
    alone = diagnose(runner, TAKES_OVER, content)
    assert alone.verified is None or "1009" in alone.verified.after


def test_neither_what_is_expected_nor_the_reference_gets_where_the_answer_runs(
    runner: SandboxTestRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandboxes of graded runs aside, which other tests look at, and those that run nothing."""
    sent: dict[Session, list[Step]] = {}
    usual = Session.steps

    async def steps(session: Session, given: Sequence[Step], *others: object) -> object:
        sent.setdefault(session, []).extend(given)
        return await usual(session, given, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "steps", steps)
    wrong = "def total(xs):\n    s = 0\n    for x in xs:\n        s = 7\n    return s\n"
    diagnose(runner, wrong)
    by_steps: dict[str, list[str]] = {"try": [], "donations": [], "watch": []}
    for each in sent.values():
        asked = {str(step["explore"]) for step in each if step.get("explore")}
        if asked:
            (kind,) = asked & by_steps.keys()
            by_steps[kind].append(json.dumps(each))
            assert kind != "donations" or asked == {kind}
        for step in each:
            for edit in step.get("edits", ()):  # type: ignore[attr-defined]
                assert edit[3].strip("\n").count("\n") < 12
    tried, read, shown = by_steps["try"], by_steps["donations"], by_steps["watch"]
    assert len(tried) == len(read) == len(shown) == 1
    assert "own words" in read[0]
    for text in (*tried, *shown):
        assert "own words" not in text
        assert "5045" not in text
        assert "12108" not in text
    # What is shown comes from a sandbox that saw no secret input and nothing of a solution.
    assert "total([4, 4, 4])" in tried[0]
    assert "1009" in tried[0]
    assert "total([4, 4, 4])" not in shown[0]
    assert "1009" not in shown[0]


def test_diagnoses_at_the_same_time_wait_for_each_other(runner: SandboxTestRunner) -> None:
    wrong = "def total(xs):\n    s = 0\n    for x in xs:\n        s += 2 * x\n    return s\n"
    content = exercise()
    cells = (CellSource("answer", wrong),)
    verdict = judge(content.tests, runner.run(RunPlan((), cells, content.tests)))
    diagnoser = Diagnoser(runner, SandboxExplorer(runner.supply, sandboxes=1))

    def one(_: int) -> Diagnosis:
        return diagnoser.diagnose(content, Answer(cells), verdict, budget_seconds=60.0)

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(one, range(3)))
    assert all(each.verified == found[0].verified is not None for each in found)
