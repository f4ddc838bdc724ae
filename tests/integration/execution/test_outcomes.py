"""What runs show when nothing overruns: values, exceptions, frames, output, state."""

import pytest

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    DataFile,
    Limits,
    ProgramCase,
    Visibility,
)
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.observations import CellSource, Ending, Frame, RunPlan
from jupyter_tutor.execution.runner import SandboxTestRunner
from tests.integration.execution.running import call, check, plan, program, run, shown

pytestmark = pytest.mark.kernel


def test_values_exceptions_and_output_of_calls(runner: SandboxTestRunner) -> None:
    answer = (
        "import sys\n"
        "def f(n):\n"
        "    print('called', n)\n"
        "    print('careful', file=sys.stderr)\n"
        "    return [n, 1 / n]\n"
    )
    report = run(runner, answer, "f(2)", "f(0)", "f('a', 'b')", "[1 for _ in 'ab']", "g(1)")
    (cell,) = report.cells
    assert (cell.name, cell.ending, cell.stdout) == ("answer", Ending.COMPLETED, "")
    good, zero, wrong, literal, missing = report.tests
    assert [each.name for each in report.tests] == ["0", "1", "2", "3", "4"]
    assert (good.ending, shown(good), good.stdout, good.stderr) == (
        Ending.COMPLETED,
        "[2, 0.5]",
        "called 2\n",
        "careful\n",
    )
    assert good.memory_mb is not None
    assert good.memory_mb > 10
    assert 0 < good.seconds <= report.seconds
    assert zero.ending is Ending.RAISED
    assert zero.error is not None
    assert (zero.error.type, zero.error.message) == ("ZeroDivisionError", "division by zero")
    assert zero.error.bases[0] == "ArithmeticError"
    assert zero.error.frames == (
        Frame("test", 1, "<module>", "f(0)"),
        Frame("answer", 5, "f", "    return [n, 1 / n]"),
    )
    assert zero.stdout == "called 0\n"
    assert wrong.error is not None
    assert wrong.error.type == "TypeError"
    assert shown(literal) == "[1, 1]"
    assert missing.error is not None
    assert missing.error.message == "name 'g' is not defined"


def test_a_syntax_error_stands_at_its_place_and_tests_still_run(
    runner: SandboxTestRunner,
) -> None:
    report = run(runner, "\n\ndef f(:\n    pass\n", "f()", "1 + 1")
    (cell,) = report.cells
    assert cell.ending is Ending.RAISED
    assert cell.error is not None
    assert cell.error.type == "SyntaxError"
    assert cell.error.frames == (Frame("answer", 3, "<module>", "def f(:"),)
    assert cell.error.caret == 7
    assert report.tests[0].error is not None
    assert report.tests[0].error.type == "NameError"
    assert shown(report.tests[1]) == "2"


def test_cells_setup_and_files_work_together(runner: SandboxTestRunner) -> None:
    annotated = "from __future__ import annotations\ndef f(x: Never) -> int:\n    return g(x)"
    report = runner.run(
        RunPlan(
            setup=(
                "from collections import Counter",
                "with open('data/a.txt') as file: text = file.read()",
            ),
            cells=(
                CellSource("first", annotated),
                CellSource("second", "def g(x):\n    return Counter(text)[x]"),
                CellSource("third", "def h(x: Never): raise KeyError(x)\nh('k')"),
            ),
            tests=(Case("t", CallCase("f('a')")), Case("u", AssertCell("assert f('b') == 1"))),
            files=(DataFile("data/a.txt", b"aab"),),
        )
    )
    assert [cell.name for cell in report.cells] == ["setup", "setup", "first", "second", "third"]
    assert [cell.ending for cell in report.cells] == [Ending.COMPLETED] * 4 + [Ending.RAISED]
    error = report.cells[-1].error
    assert error is not None
    assert [(frame.cell, frame.line) for frame in error.frames] == [("third", 2), ("third", 1)]
    assert shown(report.tests[0]) == "2"
    assert report.tests[1].ending is Ending.COMPLETED


def test_assert_cells_tell_both_sides(runner: SandboxTestRunner) -> None:
    answer = "def f(x):\n    if x < 0:\n        assert x != -1\n    return x * 2\n"
    report = run(
        runner,
        answer,
        AssertCell("y = f(2)\nassert y == 4\nassert 1 < 2 < 3"),
        AssertCell("assert f(2) == 5"),
        AssertCell("assert f(2) < 3"),
        AssertCell("assert not f(1), 'my words'"),
        AssertCell("for x in [1, 2]:\n    assert f(-x) < 0"),
        AssertCell("assert ("),
        AssertCell("raise SystemExit"),
    )
    errors = [test.error for test in report.tests]
    assert report.tests[0].ending is Ending.COMPLETED
    assert [error and error.message for error in errors[1:5]] == [
        "f(2) is 4, expected 5",
        "f(2) is 4, the other side is 3",
        "my words",
        "",
    ]
    inside = errors[4]
    assert inside is not None
    assert [frame.cell for frame in inside.frames] == ["test", "answer"]
    assert [error and error.type for error in errors[5:]] == ["SyntaxError", "SystemExit"]
    assert {test.ending for test in report.tests[1:]} == {Ending.RAISED}


def test_programs_read_their_input(runner: SandboxTestRunner) -> None:
    answer = (
        "import sys\n"
        "a, b = map(int, input('two numbers: ').split())\n"
        "if __name__ == '__main__':\n"
        "    print(a + b, *sys.stdin)\n"
    )
    report = run(
        runner, answer, ProgramCase("3 4\nx", "7 x"), ProgramCase("1 2\n", "3"), ProgramCase("", "")
    )
    assert report.cells[0].ending is Ending.COMPLETED
    first, second, empty = report.tests
    assert (first.ending, first.stdout) == (Ending.COMPLETED, "two numbers: 7 x\n")
    assert second.stdout == "two numbers: 3\n"
    assert empty.error is not None
    assert empty.error.type == "EOFError"
    assert empty.error.frames[-1] == Frame(
        "answer", 2, "<module>", "a, b = map(int, input('two numbers: ').split())"
    )


def test_programs_end_as_programs_do(runner: SandboxTestRunner) -> None:
    assert program(runner, "print(1)\nexit()\nprint(2)").stdout == "1\n"
    leaving = program(runner, "import sys\nprint(1)\nsys.exit('wrong')")
    assert (leaving.ending, leaving.stdout) == (Ending.RAISED, "1\n")
    report = run(
        runner,
        "import asyncio\nseen = []\nasync def main():\n    print(len(seen))\n"
        "seen.append(1)\nasyncio.run(main())",
        ProgramCase("", ""),
        ProgramCase("", ""),
    )
    assert [test.stdout for test in report.tests] == ["1\n", "1\n"]
    assert program(runner, "def f(:").error is not None


def test_a_cell_without_input_meets_the_end_of_file(runner: SandboxTestRunner) -> None:
    report = run(runner, "name = input()", "1 + 1")
    error = report.cells[0].error
    assert error is not None
    assert error.type == "EOFError"
    assert shown(report.tests[0]) == "2"


def test_every_run_and_every_test_starts_from_the_same_seed(runner: SandboxTestRunner) -> None:
    answer = (
        "import random\nimport numpy as np\n"
        "def f(): return random.random(), np.random.rand(), sorted({'a', 'b', 'c'}, key=hash)"
    )
    slow = Limits(wall_seconds=30.0)
    first = runner.run(plan(answer, "f()", "f()", seed=7, limits=slow))
    second = runner.run(plan(answer, "f()", seed=7, limits=slow))
    third = runner.run(plan(answer, "f()", seed=8, limits=slow))
    assert shown(first.tests[0]) == shown(first.tests[1]) == shown(second.tests[0])
    assert shown(third.tests[0]) != shown(first.tests[0])


def test_libraries_are_not_imported_for_the_learner(runner: SandboxTestRunner) -> None:
    seen = call(
        runner, "import sys\ndef f(): return [m for m in ('numpy', 'pandas') if m in sys.modules]"
    )
    assert shown(seen) == "[]"
    answer = (
        "import pandas as pd\ndef f(): return pd.DataFrame({'a': [1, 2]}), pd.Series([1.5]).max()"
    )
    tables = runner.run(plan(answer, "f()", limits=Limits(wall_seconds=30.0))).tests[0]
    assert shown(tables) == "(DataFrame({'a': [1, 2]}), 1.5)"


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return sorted(xs)", False),
        ("xs.sort(); return xs", True),
        ("xs.pop(); raise IndexError", True),
    ],
)
def test_changed_arguments_are_noticed(runner: SandboxTestRunner, body: str, changed: bool) -> None:
    case = CallCase("f([3, 1], *[1], key={'a': 1})", arguments_unchanged=True)
    report = run(runner, f"def f(xs, *rest, key):\n    {body}", case)
    assert report.tests[0].arguments_changed is changed


def test_async_answers_and_magics_work(runner: SandboxTestRunner) -> None:
    answer = (
        "import asyncio\n"
        "await asyncio.sleep(0)\n"
        "%time x = 1\n"
        "print(f'{x}')\n"
        "async def f(): return 5\n"
        "x\n"
    )
    report = run(
        runner, answer, "await f()", "asyncio.run(f())", AssertCell("assert await f() == 5")
    )
    (cell,) = report.cells
    assert cell.ending is Ending.COMPLETED, cell.error
    assert cell.stdout.endswith("1\n")
    assert [test.ending for test in report.tests] == [Ending.COMPLETED] * 3
    assert shown(report.tests[1]) == "5"


def test_output_below_python_arrives_in_the_right_test(runner: SandboxTestRunner) -> None:
    answer = (
        "import os, subprocess, sys\n"
        "def f(): os.system('echo below'); return 1\n"
        "def g(): return subprocess.run(['echo', 'child'], stdout=sys.stdout).returncode\n"
        "def h():\n"
        "    if os.fork() == 0:\n"
        "        os.write(1, b'forked'); os._exit(0)\n"
        "    os.wait(); return 1\n"
    )
    report = run(runner, answer, "f()", "g()", "h()", "1")
    assert [test.stdout for test in report.tests] == ["below\n", "child\n", "forked", ""]


def test_odd_text_is_carried_safely(runner: SandboxTestRunner) -> None:
    answer = (
        "def f():\n"
        "    print('a\\ud800b\\0c é 🐍')\n"
        "    return '\\ud800\\0🐍'\n"
        "def g(): raise ValueError('\\udfff')\n"
    )
    report = run(runner, answer, "f()", "g()")
    assert report.tests[0].stdout == "a\\ud800b\0c é 🐍\n"
    assert shown(report.tests[0]) == "'\\ud800\\x00🐍'"
    assert report.tests[1].error is not None
    assert report.tests[1].error.message == "\udfff"


def test_huge_integers_and_endless_recursion(runner: SandboxTestRunner) -> None:
    answer = "def f(): return 1 << 1_000_000\ndef g(): return 1 << 100_000_000\ndef h(): return h()"
    report = run(runner, answer, "f()", "g()", "h()")
    assert shown(report.tests[0]) == "<int of about 301,030 digits>"
    assert report.tests[1].value == {
        "type": "cut",
        "class": "int",
        "reason": "it has more than 1000000 digits",
    }
    error = report.tests[2].error
    assert error is not None
    assert error.type == "RecursionError"
    assert 2 < len(error.frames) <= 30


def test_assert_cells_share_their_names_and_calls_the_answers(runner: SandboxTestRunner) -> None:
    answer = "seen = []\ndef add(n):\n    seen.append(n)\n    return n\n"
    cells = AssertCell("mine = add(1)"), AssertCell("assert mine == 1 and seen == [1]")
    report = run(runner, answer, *cells, "seen", "mine")
    assert [each.ending for each in report.tests[:3]] == [Ending.COMPLETED] * 3
    assert shown(report.tests[2]) == "[1]"
    assert report.tests[3].error is not None
    assert report.tests[3].error.type == "NameError"


def test_nothing_to_run_is_no_error(runner: SandboxTestRunner) -> None:
    report = runner.run(RunPlan((), (), ()))
    assert (report.cells, report.tests) == ((), ())
    assert check(runner, "", "").ending is Ending.COMPLETED


def test_limits_of_the_plan_hold_for_each_test_alone(runner: SandboxTestRunner) -> None:
    limits = Limits(wall_seconds=0.5, output_bytes=100)
    answer = "import time\ndef f(): print('x' * 60); time.sleep(0.3); return 1"
    report = runner.run(plan(answer, "f()", "f()", "f()", limits=limits))
    assert [test.ending for test in report.tests] == [Ending.COMPLETED] * 3


def test_an_answer_cannot_tell_of_secret_tests_in_results_that_are_shown(
    runner: SandboxTestRunner,
) -> None:
    answer = "told = []\ndef f(x):\n    told.append(x)\n    return list(told)\n"
    tests = tuple(
        Case(call, CallCase(f"f({call!r})"), visibility=visibility)
        for call, visibility in [
            ("withheld", Visibility.WITHHELD),
            ("secret", Visibility.SECRET),
            ("public", Visibility.PUBLIC),
        ]
    )
    report = runner.run(RunPlan((), (CellSource("answer", answer),), tests, Limits()))
    assert [each.name for each in report.tests] == ["withheld", "secret", "public"]
    assert shown(report.tests[2]) == "['public']"


def test_the_cause_of_an_exception_comes_along(runner: SandboxTestRunner) -> None:
    answer = (
        "def f():\n"
        "    try: 1 / 0\n"
        "    except ZeroDivisionError as why: raise ValueError('no') from why\n"
    )
    cell = (
        "try: f()\n"
        "except ValueError as error: assert isinstance(error.__cause__, ZeroDivisionError)\n"
        "else: assert False"
    )
    assert check(runner, answer, cell).ending is Ending.COMPLETED
