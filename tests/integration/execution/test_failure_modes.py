"""Common failures as the learner sees them: a sentence, the line, the cause, in both languages."""

import re
from dataclasses import replace

import pytest

from jupyter_tutor.domain.exercises import AssertCell, CallCase, Limits
from jupyter_tutor.domain.exercises import TestCase as Case
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import MOST_TIMEOUTS, CellSource, RunPlan
from jupyter_tutor.domain.telling import tell
from jupyter_tutor.domain.values import encode_plain
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.server import views
from jupyter_tutor.server.schemas import TestResultView as Shown
from jupyter_tutor.server.schemas import VerdictView

pytestmark = pytest.mark.kernel

LIMITS = Limits(wall_seconds=1.0, cpu_seconds=5.0, memory_mb=256, output_bytes=10_000, processes=8)
CALL = Case("call", CallCase("f(1)", expected=encode_plain(1)))
ASSERTED = Case("asserted", AssertCell("assert f(2) == 1"))


def seen(runner: SandboxTestRunner, answer: str, *tests: Case, language: str = "en") -> VerdictView:
    """Return what a learner sees of an answer."""
    cells = (CellSource("answer", answer),)
    tests = tests or (CALL,)
    verdict = judge(tests, runner.run(RunPlan((), cells, tests, LIMITS)), LIMITS)
    return views.verdict(tell(verdict, tests, LIMITS, language), language, cells)


def place(shown: Shown) -> tuple[int, int | None]:
    """Return the last line in the answer, and the caret."""
    assert shown.error is not None
    frames = [frame for frame in shown.error.frames if frame.cell == "answer"]
    return frames[-1].line, shown.error.caret


@pytest.mark.parametrize(
    ("answer", "kind", "where", "cause"),
    [
        ("x = 5\nif x = 3:\n    pass\n", "SyntaxError", (2, 4), "write `==`"),
        ("def f(x)\n    return x\n", "SyntaxError", (1, 9), "A colon is missing"),
        ("\n\nf = (1 +\n", "SyntaxError", (3, 5), "never closed"),
        ("def f(x):\nreturn x\n", "IndentationError", (2, 1), "four spaces"),
        ("def f(x):\n    y = 1\n      return y\n", "IndentationError", (3, 6), "further to the"),
        ("def f(x):\n\tif x:\n        return 1\n", "TabError", (3, 1), "Use spaces only"),
    ],
)
def test_what_python_cannot_read_has_its_place_and_its_caret(
    runner: SandboxTestRunner, answer: str, kind: str, where: tuple[int, int], cause: str
) -> None:
    shown = seen(runner, answer)
    (cell,) = shown.cells
    assert cell.error is not None
    assert (cell.error.type, place(cell)) == (kind, where)
    assert cause in cell.error.explanation
    assert f"(line {where[0]} of your cell)" in cell.message
    (test,) = shown.results
    assert f"because cell `answer` stopped with {kind}" in test.message
    assert test.error is not None
    assert test.error.explanation == ""  # not that the name may be misspelt


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("def f(x):\n    n = x\n    while True:\n        n = n\n", (3, 4)),
        ("def g():\n    while True: pass\ndef f(x):\n    return g()\n", (2,)),
    ],
)
@pytest.mark.parametrize("test", [CALL, ASSERTED])
def test_an_endless_loop_is_shown_with_its_line(
    runner: SandboxTestRunner, answer: str, line: tuple[int, ...], test: Case
) -> None:
    (shown,) = seen(runner, answer, test).results
    assert shown.outcome == "timeout"
    assert re.search(rf"after 1 seconds \(line [{line}] of your cell\)", shown.message)
    assert place(shown)[0] in line
    assert shown.error is not None
    assert shown.error.explanation.startswith("This is where the limit was reached.")


@pytest.mark.parametrize("test", [CALL, ASSERTED])
def test_the_last_test_that_may_run_out_of_time_shows_its_line_too(
    runner: SandboxTestRunner, test: Case
) -> None:
    tests = [replace(test, name=f"{number}") for number in range(MOST_TIMEOUTS + 1)]
    *endless, left = seen(runner, "def f(x):\n    while True: pass\n", *tests).results
    for shown in endless:
        assert (shown.outcome, place(shown)[0]) == ("timeout", 2)
    assert left.outcome == "not_run"


@pytest.mark.parametrize("test", [CALL, ASSERTED])
def test_endless_output_is_shown_with_its_line(runner: SandboxTestRunner, test: Case) -> None:
    (shown,) = seen(runner, "def f(x):\n    while True: print(x)\n", test).results
    assert (shown.outcome, place(shown)[0]) == ("output_limit", 2)


def test_an_endless_cell_is_shown_with_its_line(runner: SandboxTestRunner) -> None:
    shown = seen(runner, "n = 0\nwhile n < 10:\n    n = 0\n")
    (cell,) = shown.cells
    assert cell.outcome == "timeout"
    assert place(cell)[0] in (2, 3)
    assert shown.results[0].message == "Not run, because cell `answer` did not finish."


def test_endless_recursion(runner: SandboxTestRunner) -> None:
    for shown in seen(runner, "def f(x):\n    return f(x + 1)\n", CALL, ASSERTED).results:
        assert "RecursionError" in shown.message
        assert "(line 2 of your cell)" in shown.message
        assert shown.error is not None
        assert "calls itself again and again" in shown.error.explanation
        assert len(shown.error.frames) <= 30


@pytest.mark.parametrize(
    "answer",
    [
        "def f(x):\n    xs = []\n    while True:\n        xs.append('a' * 10**7)\n",
        "def f(x):\n    return len('a' * 10**12)\n",
    ],
)
def test_too_much_memory(runner: SandboxTestRunner, answer: str) -> None:
    (shown,) = seen(runner, answer).results
    assert shown.outcome == "memory_limit"
    assert shown.message.startswith("`f(1)` needed more memory than 256 MiB")


@pytest.mark.parametrize(
    "answer", ["name = input('Your name? ')\n", "def f(x):\n    return int(input())\n"]
)
def test_input_without_anybody_to_type(runner: SandboxTestRunner, answer: str) -> None:
    shown = seen(runner, answer)
    error = (*shown.cells, *shown.results)[0].error
    assert error is not None
    assert error.type == "EOFError"
    assert "Nobody types while tests run" in error.explanation


@pytest.mark.parametrize(
    ("missing", "there"),
    [("nunpy", "numpy"), ("maths", "math"), ("padnas", "pandas"), ("os.pth", None)],
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_missing_module_and_those_that_are_there(
    runner: SandboxTestRunner, missing: str, there: str | None, *, inside: bool
) -> None:
    answer = f"def f(x):\n    import {missing}\n" if inside else f"import {missing}\n"
    shown = seen(runner, answer, ASSERTED)
    error = (*shown.cells, *shown.results)[0].error
    assert error is not None
    assert error.type == "ModuleNotFoundError"
    assert f"There is no module `{missing}` here." in error.explanation
    if there is not None:
        assert f"`{there}`" in error.explanation.partition("there are:")[2]


def test_a_module_with_a_name_like_no_other(runner: SandboxTestRunner) -> None:
    (cell,) = seen(runner, "import qqqxyzzyqqq").cells
    assert cell.error is not None
    assert "Is its name spelt right?" in cell.error.explanation


@pytest.mark.parametrize(
    "printing",
    [
        "chunk = 'x' * 10**6\nfor _ in range(1_000):\n    print(chunk)\n",
        "import os\nfor _ in range(1_000):\n    os.write(1, b'x' * 10**6)\n",
    ],
)
def test_a_gigabyte_of_output_is_cut_and_told(runner: SandboxTestRunner, printing: str) -> None:
    shown = seen(runner, printing)
    (cell,) = shown.cells
    assert cell.outcome == "output_limit"
    assert "printed more than 10,000 bytes (line 3 of your cell)" in cell.message
    assert len(cell.stdout) <= 10_000


def test_a_full_output_file_is_no_fault_of_the_next_test(runner: SandboxTestRunner) -> None:
    answer = (
        "import os\ndef f(x):\n    if x == 1:\n"
        "        for _ in range(1_000): os.write(1, b'x' * 10**6)\n"
        "    return os.write(1, b'x')\n"
    )
    shown = seen(runner, answer, CALL, ASSERTED)
    assert [each.outcome for each in shown.results] == ["output_limit", "passed"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("def f(x):\n    while True: pass\n", "১ সেকেন্ড"),
        ("def f(x):\n    while True: print('hello')\n", "১০,০০০ বাইটের"),
        ("import nunpy", "কাছাকাছি নামে আছে"),
        ("name = input()", "পরীক্ষা চলার সময় কেউ টাইপ করে না"),
        ("x = (", "বন্ধ করা হয়নি"),
    ],
)
def test_failures_are_told_in_bengali(runner: SandboxTestRunner, answer: str, said: str) -> None:
    shown = seen(runner, answer, language="bn")
    first = (*shown.cells, *shown.results)[0]
    assert first.error is not None
    assert said in first.message + first.error.explanation
