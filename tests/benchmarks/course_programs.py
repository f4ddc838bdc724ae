"""The sample course's exercises, and wrong programs made from their references.

`python -m tests.benchmarks.course_programs` writes the frozen set that `diagnosis` measures on: the
known wrong answers of the course, and mutants of the references that the tests reject. The mutants
are made here on syntax trees, by other hands than the search: some operators are its own, others
(`SEARCH_KNOWS_NOT`) are not, and three in ten have two of them at a time.
"""

import ast
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from jupyter_tutor.domain.exercises import DataFile, ExerciseContent, ExerciseKind
from jupyter_tutor.domain.judging import judge
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.domain.verdicts import Verdict
from jupyter_tutor.execution.runner import SandboxTestRunner
from jupyter_tutor.notebook_format import CourseFolder
from jupyter_tutor.services.exercise_proofs import ExerciseProver

COURSE: Final = Path(__file__).parents[2] / "notebooks"
FROZEN: Final = Path(__file__).parent / "data" / "wrong_programs.jsonl"
KNOWN: Final = "known wrong answer"
SEARCH_KNOWS_NOT: Final = frozenset({
    "statement lost", "branches swapped", "call lost", "else lost", "argument lost", "item lost",
    "text changed", "statement twice", "parameter returned", "loop cut",
})  # fmt: skip

_PER_EXERCISE: Final = 14
_TWO_OF: Final = 0.3


@dataclass(frozen=True, slots=True)
class CourseExercise:
    """An exercise with the data files of its lesson."""

    content: ExerciseContent
    files: tuple[DataFile, ...]

    def cells(self, sources: dict[str, str]) -> tuple[CellSource, ...]:
        """Return an answer; cells that are not named hold the reference."""
        return tuple(
            CellSource(cell.id, sources.get(cell.id, cell.reference))
            for cell in self.content.answer_cells
        )

    def judged(self, runner: SandboxTestRunner, cells: tuple[CellSource, ...]) -> Verdict:
        """Grade an answer."""
        content = self.content
        plan = RunPlan(content.setup, cells, content.tests, content.limits, self.files)
        return judge(content.tests, runner.run(plan), content.limits)


def exercises(runner: SandboxTestRunner) -> dict[str, CourseExercise]:
    """Read the sample course and evaluate what its tests expect; quizzes are left out."""
    reader = CourseFolder()
    source = reader.read_course(COURSE)
    found = {}
    for file in source.lessons:
        lesson = reader.read_lesson(file, source.course)
        prover = ExerciseProver(runner, file.name, lesson.files)
        for exercise in lesson.exercises:
            content, _ = prover.evaluate(exercise)
            if content is not None and content.kind is not ExerciseKind.QUIZ:
                files = tuple(each for each in lesson.files if each.path in content.files)
                found[content.slug] = CourseExercise(content, files)
    return found


Change = Callable[[], None]


def changes(tree: ast.Module) -> Iterator[tuple[str, Change]]:
    """Yield what can be done to a syntax tree in one place, by the name of the operator."""
    for node in ast.walk(tree):
        match node:
            case ast.Compare():
                yield from _of_comparison(node)
            case ast.BinOp():
                for other in (ast.Add, ast.Sub, ast.Mult, ast.FloorDiv):
                    if type(node.op) is not other:
                        yield "arithmetic", _set(node, "op", other())
            case ast.BoolOp():
                other_op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
                yield "and or", _set(node, "op", other_op)
            case ast.Constant():
                yield from _of_constant(tree, node)
            case ast.AugAssign():
                yield "adds other", _set(node, "op", ast.Sub())
            case ast.Return(value=ast.expr() as value):
                yield "return lost", _set(node, "value", None)
                text = ast.Call(ast.Name("print", ast.Load()), [value], [])
                yield "printed", _set(node, "value", text)
        yield from _of_parts(node)
        for block in _blocks(node):
            yield from _of_block(node, block)
    yield from _of_names(tree)


def _of_comparison(node: ast.Compare) -> Iterator[tuple[str, Change]]:
    near = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
    far = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}
    same = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In}
    for name, table in (("border", near), ("direction", far), ("comparison", same)):
        other = table.get(type(node.ops[0]))
        if other is not None:
            yield name, _set(node, "ops", [other(), *node.ops[1:]])


def _of_constant(tree: ast.Module, node: ast.Constant) -> Iterator[tuple[str, Change]]:
    match node.value:
        case bool(value):
            yield "truth value", _set(node, "value", not value)
        case int(value):
            yield "number", _set(node, "value", value + 1)
            yield "number", _set(node, "value", value - 1)
        case str(value) if value and not _is_text(tree, node):
            yield "text changed", _set(node, "value", value[:-1])
            yield "text changed", _set(node, "value", value + "!")


def _of_parts(node: ast.AST) -> Iterator[tuple[str, Change]]:
    """Put a part of an expression in the place of the whole."""
    for name, value in ast.iter_fields(node):
        match value:
            case ast.Call(func=ast.Attribute(value=inner)) if name != "func":
                yield "call lost", _set(node, name, inner)
            case ast.Call(args=[inner]) if name not in ("func", "iter"):
                yield "call lost", _set(node, name, inner)
            case ast.Call(func=ast.Name(id="range"), args=[_, stop, *_]):
                only = ast.Call(ast.Name("range", ast.Load()), [stop], [])
                yield "loop cut", _set(node, name, only)
            case ast.Subscript(value=inner) if name != "value":
                yield "item lost", _set(node, name, inner)
            case ast.Call(args=[first, *others]) if others:
                yield "argument lost", _set(value, "args", [first, *others[1:]])


def _of_block(owner: ast.AST, block: list[ast.stmt]) -> Iterator[tuple[str, Change]]:
    for number, node in enumerate(block):
        simple = not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Import)
        if simple:
            rest = [*block[:number], *block[number + 1 :]] or [ast.Pass()]
            yield "statement lost", _assign(block, rest)
            if not isinstance(node, ast.Return):
                yield "statement twice", _assign(block, [*block[: number + 1], *block[number:]])
        if number and simple and isinstance(block[number - 1], ast.For):
            yield "in the loop", _nested(block, number)
        if isinstance(node, ast.If):
            if node.orelse:
                yield "else lost", _set(node, "orelse", [])
                swapped = (node.orelse, node.body)
                yield "branches swapped", _swap(node, swapped)
            yield "negated", _set(node, "test", ast.UnaryOp(ast.Not(), node.test))
    if isinstance(owner, ast.FunctionDef) and isinstance(block[-1], ast.Return):
        for argument in owner.args.args[:1]:
            given = ast.Name(argument.arg, ast.Load())
            yield "parameter returned", _set(block[-1], "value", given)


def _of_names(tree: ast.Module) -> Iterator[tuple[str, Change]]:
    """Put other variables of the same function in the place of one."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            uses = [each for each in ast.walk(function) if isinstance(each, ast.Name)]
            names = {each.id for each in uses if isinstance(each.ctx, ast.Store)}
            names |= {each.arg for each in function.args.args}
            for each in uses:
                if isinstance(each.ctx, ast.Load) and each.id in names:
                    for other in sorted(names - {each.id})[:2]:
                        yield "other name", _set(each, "id", other)


def _is_text(tree: ast.Module, node: ast.Constant) -> bool:
    """Whether a text is documentation, or stands in an f-string."""
    return any(
        (isinstance(each, ast.Expr) and each.value is node)
        or (isinstance(each, ast.JoinedStr) and node in each.values)
        for each in ast.walk(tree)
    )


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block


def _set(node: ast.AST, name: str, value: object) -> Change:
    return lambda: setattr(node, name, value)


def _assign(block: list[ast.stmt], new: list[Any]) -> Change:
    def change() -> None:
        block[:] = new

    return change


def _nested(block: list[ast.stmt], number: int) -> Change:
    def change() -> None:
        loop = block[number - 1]
        assert isinstance(loop, ast.For)
        loop.body.append(block.pop(number))

    return change


def _swap(node: ast.If, parts: tuple[list[ast.stmt], list[ast.stmt]]) -> Change:
    def change() -> None:
        node.body, node.orelse = parts

    return change


def mutant(source: str, chance: random.Random) -> tuple[tuple[str, ...], str] | None:
    """Return a mutant of a program and what was done to it, or None where nothing came of it."""
    tree = ast.parse(source)
    done: list[str] = []
    for _ in range(2 if chance.random() < _TWO_OF else 1):
        possible: dict[str, list[Change]] = {}
        for name, change in changes(tree):
            possible.setdefault(name, []).append(change)
        if not possible:
            return None
        name = chance.choice(sorted(possible))
        chance.choice(possible[name])()
        done.append(name)
    try:
        text = ast.unparse(ast.fix_missing_locations(tree))
        compile(text, "mutant", "exec")
    except (SyntaxError, ValueError, AttributeError, TypeError):
        return None
    return tuple(done), text


def programs(runner: SandboxTestRunner, chance: random.Random) -> Iterator[dict[str, object]]:
    """Yield the wrong programs of every exercise."""
    for slug, exercise in exercises(runner).items():
        seen: set[str] = set()
        for answer in exercise.content.wrong_answers:
            sources = dict(answer.sources)
            if not exercise.judged(runner, exercise.cells(sources)).passed:
                seen.add(json.dumps(sources, sort_keys=True))
                yield {"exercise": slug, "made": [KNOWN], "cells": sources}
        kept = 0
        for _ in range(6 * _PER_EXERCISE):
            cell = chance.choice(exercise.content.answer_cells)
            made = mutant(cell.reference, chance)
            if made is None or kept >= _PER_EXERCISE:
                continue
            sources = {cell.id: made[1]}
            key = json.dumps(sources, sort_keys=True)
            if key in seen:
                continue
            seen.add(key)
            if not exercise.judged(runner, exercise.cells(sources)).passed:
                kept += 1
                yield {"exercise": slug, "made": list(made[0]), "cells": sources}


def main() -> None:
    """Write the frozen set."""
    runner = SandboxTestRunner()
    FROZEN.parent.mkdir(exist_ok=True)
    count = 0
    try:
        with FROZEN.open("w", encoding="utf-8") as file:
            for each in programs(runner, random.Random(20_261)):
                file.write(json.dumps(each, ensure_ascii=False, sort_keys=True) + "\n")
                count += 1
    finally:
        runner.close()
    print(f"{count} wrong programs in {FROZEN.name}")


if __name__ == "__main__":
    main()
