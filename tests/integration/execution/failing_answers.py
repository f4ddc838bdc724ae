"""Failing answers to the sample course, run for real: known wrong ones, mutants, starters.

What mends a mutant is known without a search: the line of the reference that was changed.
"""

import ast
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jupyter_tutor.domain.diagnosis import Diagnosis, Region, ValueQuestion, VerifiedEdit
from jupyter_tutor.domain.exercises import DataFile, ExerciseContent
from jupyter_tutor.domain.explain import first_failure
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.verdicts import Verdict
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.notebook_format.course import read_course
from jupyter_tutor.services.counterexamples import CounterexampleSearch
from jupyter_tutor.services.exercise_proofs import ExerciseProver

COURSE = Path(__file__).parents[3] / "notebooks"
MUTANTS = 2
GENEROUS = 30.0
"""Seconds for a counterexample: enough for the same one on any machine."""

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Failing:
    """A failing answer, judged and diagnosed.

    Attributes:
        name: Exercise and what is wrong.
        content: The exercise, without its author's hints.
        hinted: The exercise with them.
        answer: The answer.
        verdict: On all tests.
        diagnosis: What is known of it.
    """

    name: str
    content: ExerciseContent
    hinted: ExerciseContent
    answer: Answer
    verdict: Verdict
    diagnosis: Diagnosis | None


def failing_answers(runner: SandboxTestRunner) -> Iterator[Failing]:
    """Yield failing answers to every exercise of the sample course that runs code."""
    search = CounterexampleSearch(runner)
    for content, files in sample_exercises(runner):
        for number, (note, answer) in enumerate(_answers(content)):
            verdict = run(runner, content, answer, files)
            failure = first_failure(verdict, content, answer.cells)
            if verdict.passed or failure is None:
                continue
            counter = search(content, answer, GENEROUS, files) if number % 2 == 0 else None
            edit = mending(content, answer, failure.mistake)
            call = counter.call if counter else failure.result.called if failure.result else ""
            beside = _beside(answer, edit, call, number)
            found = Diagnosis(failure.mistake, counter, edit, *beside)
            bare = replace(
                content, texts={code: replace(t, hints={}) for code, t in content.texts.items()}
            )
            name = f"{content.slug}: {note}"
            yield Failing(name, bare, content, answer, verdict, found)
            if number == 0:
                yield Failing(f"{name}, not diagnosed", bare, content, answer, verdict, None)


def sample_exercises(
    runner: SandboxTestRunner,
) -> Iterator[tuple[ExerciseContent, tuple[DataFile, ...]]]:
    """Yield the exercises of the sample course that run code, with their files."""
    course, folder = read_course(COURSE), CourseFolder()
    for file in course.lessons:
        lesson = folder.read_lesson(file, course.course)
        prover = ExerciseProver(runner, lesson.file, lesson.files)
        for exercise in lesson.exercises:
            if exercise.content.answer_cells:
                content, proofs = prover.evaluate(exercise)
                assert content is not None, proofs
                yield content, tuple(one for one in lesson.files if one.path in content.files)


def run(
    runner: SandboxTestRunner,
    content: ExerciseContent,
    answer: Answer,
    files: tuple[DataFile, ...] = (),
) -> Verdict:
    """Judge an answer on all tests."""
    limits = replace(content.limits, wall_seconds=1.0)
    plan = RunPlan(content.setup, answer.cells, content.tests, limits, files)
    return judge(content.tests, runner.run(plan), content.limits)


def mending(content: ExerciseContent, answer: Answer, mistake: Mistake) -> VerifiedEdit | None:
    """Return the one edit that makes an answer the reference, if one does."""
    references = {cell.id: cell.reference for cell in content.answer_cells}
    found = []
    for cell in answer.cells:
        old, new = cell.source.split("\n"), references[cell.id].split("\n")
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for kind, start, stop, first, last in matcher.get_opcodes():
            if kind != "equal":
                found.append(
                    VerifiedEdit(
                        cell=cell.id,
                        line=min(start + 1, len(old)),
                        kind="donated",
                        mistake=mistake,
                        before="\n".join(old[start:stop]),
                        after="\n".join(new[first:last]),
                        first=start + 1,
                        removed=stop - start,
                    )
                )
    return found[0] if len(found) == 1 else None


def _beside(
    answer: Answer, edit: VerifiedEdit | None, call: str, number: int
) -> tuple[Region | None, ValueQuestion | None]:
    """Return a region for some answers, and for others what a name of the line may hold."""
    cell = answer.cells[0].id
    if number % 4 == 1:
        return Region(cell, (2, 3), "compute"), None
    if number % 4 != 2 or edit is None or not call:
        return None, None
    name = re.match(r"\s*([a-z_]+) [-+*/]?= ", edit.before)
    value = ValueQuestion(cell, edit.line, name[1], "7", call) if name else None
    return None, value


def _answers(content: ExerciseContent) -> Iterator[tuple[str, Answer]]:
    starters = {cell.id: cell.starter for cell in content.answer_cells}
    for wrong in content.wrong_answers[:1]:
        yield wrong.note, _answer(content, dict(wrong.sources))
    for number, mutant in enumerate(_mutants(content)):
        yield f"mutant {number}", _answer(content, mutant)
    yield "the starter", _answer(content, starters)


def _answer(content: ExerciseContent, sources: dict[str, str]) -> Answer:
    return Answer(
        tuple(
            CellSource(cell.id, sources.get(cell.id, cell.reference))
            for cell in content.answer_cells
        )
    )


def _mutants(content: ExerciseContent) -> list[dict[str, str]]:
    """Return some mutants of the reference, spread over its text: one line each."""
    found = [
        {cell.id: mutant} for cell in content.answer_cells for mutant in _mutants_of(cell.reference)
    ]
    step = max(len(found) // MUTANTS, 1)
    return found[::step][:MUTANTS]


def _mutants_of(source: str) -> Iterator[str]:
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        for changed in _changed(node):
            number = node.lineno  # type: ignore[attr-defined]  # expressions have one
            old, new = ast.get_source_segment(source, node), changed
            if old and "\n" not in old and lines[number - 1].count(old) == 1:
                mutant = lines[number - 1].replace(old, new)
                yield "\n".join([*lines[: number - 1], mutant, *lines[number:]])


def _changed(node: ast.AST) -> Sequence[str]:
    """Return an expression with another sign, or another number."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _SWAPS:
        swap = _SWAPS[type(node.ops[0])]()
        assert isinstance(swap, ast.cmpop)
        return [ast.unparse(ast.Compare(node.left, [swap], node.comparators))]
    if isinstance(node, ast.BinOp) and type(node.op) in _SWAPS:
        other = _SWAPS[type(node.op)]()
        assert isinstance(other, ast.operator)
        return [ast.unparse(ast.BinOp(node.left, other, node.right))]
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return [str(node.value + 1)]
    return []
