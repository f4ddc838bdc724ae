"""An author's strategies: read from the notebook, proven when a course is checked, drawn from."""

from dataclasses import replace
from pathlib import Path

import pytest

from jupyter_tutor.domain.errors import InvalidInput, InvalidNotebook, KernelUnavailable
from jupyter_tutor.domain.exercises import DataFile, ExerciseContent
from jupyter_tutor.domain.proofs import Proof, ProofKind, Standing
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.services.strategies import PROVEN, draw_inputs
from jupyter_tutor.testing import ScriptedTestRunner
from tests.unit.notebook_format.lessons import notebook, read, write_course
from tests.unit.services.courses import CALLS, Cells, double_cells, scripted_runner

STRATEGY = "st.integers(0, 9)"
DRAW = f"__tutor_draw__({STRATEGY!r}, {PROVEN})"


def cells(strategies: object) -> Cells:
    found = double_cells()
    found[0]["metadata"]["jupyter_tutor"]["strategies"] = strategies
    return found


def content(folder: Path, strategies: object) -> ExerciseContent:
    (exercise,) = read(folder, cells(strategies)).exercises
    return exercise.content


def proofs(folder: Path, runner: ScriptedTestRunner) -> list[Proof]:
    write_course(folder, notebook(cells({"double": STRATEGY})))
    report = AuthoringService(CourseFolder(), runner).check([folder])
    return [one for one in report.courses[0].proofs if one.kind is ProofKind.STRATEGIES]


def drawing(*drawn: object) -> ScriptedTestRunner:
    runner = scripted_runner()
    runner.default |= {**CALLS, DRAW: list(drawn)}
    return runner


def test_strategies_are_read_and_change_the_revision(tmp_path: Path) -> None:
    given = content(tmp_path, {"double": STRATEGY})
    assert given.strategies == {"double": STRATEGY}
    plain = replace(given, strategies={})
    assert given.content_hash != plain.content_hash


@pytest.mark.parametrize(
    "wrong", [{}, {"double": ""}, {"double": 3}, {"two words": STRATEGY}, [STRATEGY], STRATEGY]
)
def test_strategies_of_another_form_are_refused(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(InvalidNotebook, match="strategies"):
        content(tmp_path, wrong)


def test_a_strategy_whose_inputs_the_reference_answers_holds(tmp_path: Path) -> None:
    runner = drawing(0, 3, 9)
    (proof,) = proofs(tmp_path, runner)
    assert proof.standing is Standing.HOLDS
    asked = [test.name for plan in runner.plans for test in plan.tests]
    assert "double(9)" in asked


def test_an_input_that_the_reference_does_not_answer_is_told(tmp_path: Path) -> None:
    (proof,) = proofs(tmp_path, drawing(0, 77))
    assert proof.standing is Standing.BROKEN
    assert "`double(77)`" in proof.detail
    assert "Narrow the strategy" in proof.remedy


def test_a_strategy_that_cannot_be_evaluated_is_told(tmp_path: Path) -> None:
    (proof,) = proofs(tmp_path, scripted_runner())
    assert proof.standing is Standing.BROKEN
    assert "can't be drawn from" in proof.detail


class Without(ScriptedTestRunner):
    """A runner where Hypothesis is not installed."""

    def evaluate(
        self, setup: tuple[str, ...], expressions: tuple[str, ...], files: tuple[DataFile, ...]
    ) -> tuple[dict[str, object], ...]:
        if any("__tutor_draw__" in one for one in expressions):
            why = "ModuleNotFoundError: No module named 'hypothesis'"
            raise InvalidInput(why, details={"expression": expressions[0], "error": why})
        return super().evaluate(setup, expressions, files)


def test_without_hypothesis_strategies_are_not_tried(tmp_path: Path) -> None:
    known = scripted_runner()
    (proof,) = proofs(tmp_path, Without(known.answers, known.default))
    assert proof.standing is Standing.WARNING
    assert "not installed" in proof.detail


def test_an_exercise_without_strategies_has_no_such_proof(tmp_path: Path) -> None:
    write_course(tmp_path, notebook(double_cells()))
    report = AuthoringService(CourseFolder(), scripted_runner()).check([tmp_path])
    kinds = {one.kind for one in report.courses[0].proofs}
    assert ProofKind.STRATEGIES not in kinds


def test_what_is_drawn_comes_once_and_as_arguments(tmp_path: Path) -> None:
    exercise = content(tmp_path, {"double": STRATEGY})
    assert draw_inputs(drawing(3, 1, 3), exercise, count=PROVEN) == {"double": [(3,), (1,)]}


@pytest.mark.parametrize("drawn", [[], [3, float("inf")]])
def test_what_is_no_literal_is_refused(tmp_path: Path, drawn: list[object]) -> None:
    exercise = content(tmp_path, {"double": STRATEGY})
    with pytest.raises(InvalidInput) as refused:
        draw_inputs(drawing(*drawn), exercise, count=PROVEN)
    assert refused.value.details["function"] == "double"


def test_no_sandbox_is_not_the_authors_fault(tmp_path: Path) -> None:
    runner = drawing(1)
    runner.unavailable = True
    with pytest.raises(KernelUnavailable):
        draw_inputs(runner, content(tmp_path, {"double": STRATEGY}))
