"""Proofs of a course on real kernels."""

from pathlib import Path
from typing import Any

import pytest

from jupyter_tutor.domain.exercises import CallCase
from jupyter_tutor.domain.proofs import ProofKind, Standing
from jupyter_tutor.domain.values import decode, show
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.services.exercise_proofs import ExerciseProver
from tests.unit.notebook_format.lessons import (
    cell,
    coding_cells,
    notebook,
    prompt,
    write_course,
)

pytestmark = pytest.mark.kernel

WALK = '''from fractions import Fraction


def share(path):
    """Return the share of each line of a file, as fractions."""
    ### BEGIN SOLUTION
    with open(path) as lines:
        numbers = [int(line) for line in lines]
    return [Fraction(number, sum(numbers)) for number in numbers]
    ### END SOLUTION
'''

CASES = """
[[case]]
name = "shares of a file"
call = "share('data/parts.txt')"
expected = "[HALF, HALF / 2, HALF / 2]"

[[case]]
name = "no file"
call = "share('data/absent.txt')"
raises = "FileNotFoundError"
visibility = "secret"

[[case]]
name = "a set of words"
call = "{str(part) for part in share('data/parts.txt')}"
expected = "set(WORDS)"
"""

ECHO = """
[[case]]
name = "adds"
stdin = "3 4\\n"
stdout = "7\\n"
"""


def _cells() -> list[dict[str, Any]]:
    program = "### BEGIN SOLUTION\na, b = map(int, input().split())\nprint(a + b)\n### END SOLUTION"
    hidden = (
        "parts = share('data/parts.txt')\nassert sum(parts) == 1\n"
        "### BEGIN HIDDEN TESTS\nassert len(parts) == 3\n### END HIDDEN TESTS"
    )
    return [
        prompt("share"),
        cell(
            "code",
            "from fractions import Fraction\nHALF = Fraction(1, 2)\nWORDS = ['1/2', '1/4']",
            {"role": "setup"},
        ),
        cell("code", WALK, {"role": "answer"}),
        cell("raw", CASES, {"role": "cases"}),
        cell("code", hidden, {"role": "tests", "name": "whole"}),
        cell("raw", "def share(path):\n    return []", {"role": "wrong", "note": "nothing"}),
        prompt("echo"),
        cell("code", program, {"role": "answer"}),
        cell("raw", ECHO, {"role": "cases"}),
        cell("raw", "print(input())", {"role": "wrong", "note": "echoes"}),
    ]


def _course(folder: Path, cells: list[dict[str, Any]]) -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "parts.txt").write_text("2\n1\n1\n")
    write_course(folder, notebook(cells, files=["data/parts.txt"]))
    return folder


def test_a_course_is_proven(runner: SandboxTestRunner, tmp_path: Path) -> None:
    _course(tmp_path, _cells())
    report = AuthoringService(CourseFolder(), runner).check([tmp_path])
    assert [proof.detail for proof in report.courses[0].broken] == []
    kinds = [p.kind for p in report.courses[0].proofs if p.standing is Standing.HOLDS]
    assert sorted(kinds) == sorted(
        [
            *(ProofKind.VALUES, ProofKind.REFERENCE, ProofKind.STARTER, ProofKind.WRONG_ANSWERS)
            * 2,
            ProofKind.COPY,
        ]
    )


def test_a_wrong_answer_that_never_ends_is_proven_wrong(
    runner: SandboxTestRunner, tmp_path: Path
) -> None:
    cells = _cells()
    cells[0] = prompt("share", facts={"limits": {"wall_seconds": 0.5}})
    cells[5]["source"] = "def share(path):\n    while True: pass"
    _course(tmp_path, cells)
    report = AuthoringService(CourseFolder(), runner).check([tmp_path])
    assert [proof.detail for proof in report.courses[0].broken] == []


def test_every_broken_proof_is_found(runner: SandboxTestRunner, tmp_path: Path) -> None:
    cells = _cells()
    cells[3]["source"] = CASES.replace("HALF / 2]", "HALF / 3]")
    cells[7]["source"] += "\n### BEGIN STARTER\n# print(7)\n### END STARTER"
    cells[9]["source"] = "print(3 + 4)"
    _course(tmp_path, cells)
    report = AuthoringService(CourseFolder(), runner).check([tmp_path])
    broken = {(proof.exercise, proof.kind): proof.detail for proof in report.courses[0].broken}
    assert set(broken) == {
        ("share", ProofKind.REFERENCE),
        ("echo", ProofKind.STARTER),
        ("echo", ProofKind.WRONG_ANSWERS),
    }
    assert "'shares of a file'" in broken["share", ProofKind.REFERENCE]
    assert "1/4" in broken["share", ProofKind.REFERENCE].replace("Fraction(1, 4)", "1/4")
    assert "'echoes' passes every test" in broken["echo", ProofKind.WRONG_ANSWERS]


def test_an_expected_value_that_needs_the_answer_is_refused(
    runner: SandboxTestRunner, tmp_path: Path
) -> None:
    cells = _cells()[:6]
    cells[3]["source"] = CASES.replace("[HALF, HALF / 2, HALF / 2]", "share('data/parts.txt')")
    _course(tmp_path, cells)
    broken = AuthoringService(CourseFolder(), runner).check([tmp_path]).courses[0].broken
    assert [proof.kind for proof in broken] == [ProofKind.VALUES]
    assert "NameError" in broken[0].detail
    assert "without any answer" in broken[0].remedy


def test_values_are_evaluated_as_written(runner: SandboxTestRunner, tmp_path: Path) -> None:
    folder = CourseFolder()
    write_course(tmp_path, notebook(coding_cells()))
    source = folder.read_course(tmp_path)
    lesson = folder.read_lesson(source.lessons[0], source.course)
    content, proofs = ExerciseProver(runner, "loops.ipynb", ()).evaluate(lesson.exercises[0])
    assert content is not None
    assert [proof.standing for proof in proofs] == [Standing.HOLDS]
    shown = [
        show(decode(test.spec.expected))
        for test in content.tests
        if isinstance(test.spec, CallCase) and test.spec.expected is not None
    ]
    assert shown == ["16", "183"]
