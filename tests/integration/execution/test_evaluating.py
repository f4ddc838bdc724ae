"""Evaluating an author's expressions in real kernels."""

import pytest

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.domain.values import show
from jupyter_tutor.execution.runner import SandboxTestRunner

pytestmark = pytest.mark.kernel


def test_setup_files_and_libraries_can_be_used(runner: SandboxTestRunner) -> None:
    setup = ("import numpy as np", "with open('n.txt') as file: n = int(file.read())")
    files = (DataFile("n.txt", b"3"),)
    values = runner.evaluate(setup, ("np.arange(n)", "7", "float('nan')"), files)
    assert [show(value) for value in values] == ["array([0, 1, 2])", "7", "nan"]


def test_literals_need_no_kernel() -> None:
    runner = SandboxTestRunner()
    runner.close()
    assert len(runner.evaluate((), ("1", "'a'", "[1, (2,), {'k': {3}}]"), ())) == 3


def test_a_setup_that_fails_is_named(runner: SandboxTestRunner) -> None:
    with pytest.raises(InvalidInput, match="set-up") as refused:
        runner.evaluate(("x = 1", "1 / 0"), ("x + 0",), ())
    assert refused.value.details == {"setup": 1, "error": "ZeroDivisionError: division by zero"}


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("undefined + 1", "NameError"),
        ("1 +", "SyntaxError"),
        ("list(range(100_000))", "more than 50000 parts"),
        ("(n for n in [])", "a generator can't be compared"),
        ("object()", "an object can't be compared"),
    ],
)
def test_a_value_that_no_answer_could_equal_is_refused(
    runner: SandboxTestRunner, expression: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        runner.evaluate((), (expression,), ())
    assert refused.value.details["expression"] == expression
