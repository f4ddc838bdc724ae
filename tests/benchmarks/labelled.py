"""Reading labelled sets of programs: exercises with tests, submissions with a teacher's label.

A set is a JSON Lines file. An exercise has `exercise_id`, `reference`, `preamble`, `tests` and
perhaps the text of a pytest module in `pytest`; a submission has `exercise_id`, `submission_id`,
`code` and `label` (`correct` or `wrong`). Tests become

- call cases, from `{"expr": ..., "expected": ...}`, and from `[arguments, value]` without a module;
- program cases, from `{"stdin": ..., "stdout": ...}` (also `input` and `output`);
- assert cells, from statements, and from the functions of the pytest module, one cell each; a
  parametrized one becomes a cell for each pair of the tests.
"""

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    Limits,
    ProgramCase,
    TestCase,
    TestSpec,
)
from jupyter_tutor.domain.observations import CellSource, RunPlan
from jupyter_tutor.services.ports import TestRunner

NODE = '''class Node:
    """What tests on graphs and linked lists are built of."""

    def __init__(self, value=None, successor=None, successors=(), predecessors=(),
                 incoming_nodes=(), outgoing_nodes=()):
        self.value = value
        self.successor = successor
        self.successors = list(successors)
        self.predecessors = list(predecessors)
        self.incoming_nodes = list(incoming_nodes)
        self.outgoing_nodes = list(outgoing_nodes)
'''

PYTEST = """class _Skipped(Exception):
    pass

class pytest:
    run_slow = False
    class approx:
        def __init__(self, expected, rel=1e-6, abs=1e-12):
            self.expected, self.within = expected, max(rel * max(expected, -expected), abs)
        def __eq__(self, other):
            return -self.within <= other - self.expected <= self.within
    def skip(why):
        raise _Skipped(why)
"""

_DROPPED = ("pytest", "node", "load_testdata")


class Unreadable(Exception):
    """The tests of an exercise have a form that is not known here."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A submission and whether its teacher called it correct."""

    id: str
    code: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Exercise:
    """An exercise of a set with its submissions."""

    id: str
    before: tuple[str, ...]
    shared: tuple[str, ...]
    tests: tuple[TestCase, ...]
    submissions: tuple[Labelled, ...]

    def plan(self, code: str, limits: Limits) -> RunPlan:
        """Return what to run for a submission."""
        sources = [*self.shared, code]
        cells = tuple(CellSource(str(number), each) for number, each in enumerate(sources))
        return RunPlan(self.before, cells, self.tests, limits)


def read(path: Path, runner: TestRunner, *, slow: bool = False) -> Iterator[Exercise]:
    """Yield the exercises of a set.

    Args:
        path: The file, or a directory with an `items.jsonl`.
        runner: Evaluates expected values that are no plain literals.
        slow: Whether inputs that the tests skip because they take long are run all the same.

    Raises:
        Unreadable: The tests of one have a form that is not known.
    """
    file = path / "items.jsonl" if path.is_dir() else path
    items = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    submissions: dict[str, list[Labelled]] = {}
    for item in items:
        if item["kind"] == "submission":
            labelled = Labelled(
                str(item["submission_id"]), item["code"], item["label"] == "correct"
            )
            submissions.setdefault(item["exercise_id"], []).append(labelled)
    for item in items:
        if item["kind"] == "exercise":
            yield _exercise(item, submissions.get(item["exercise_id"], ()), runner, slow=slow)


def _exercise(
    item: Mapping[str, Any], submissions: Sequence[Labelled], runner: TestRunner, *, slow: bool
) -> Exercise:
    preamble = item.get("preamble") or ""
    before = (preamble,) if preamble.strip() else ()
    module = item.get("pytest")
    shared: tuple[str, ...] = ()
    if module:
        specs = dict(_cells(module, item.get("tests"), slow=slow))
        # The tests make nodes and hand them to the answer, so the class has to be on its side.
        shared = (NODE,) if "Node" in module else ()
    else:
        specs = dict(_specs(item, before, runner))
    if not specs:
        raise Unreadable(f"{item['exercise_id']}: no tests in {item.get('test_format')!r}")
    tests = tuple(TestCase(name, spec) for name, spec in specs.items())
    return Exercise(item["exercise_id"], before, shared, tests, tuple(submissions))


def _specs(
    item: Mapping[str, Any], before: tuple[str, ...], runner: TestRunner
) -> Iterator[tuple[str, TestSpec]]:
    tests = item.get("tests") or ()
    expected = [str(test["expected"]) for test in tests if _is_expression(test)]
    values = iter(runner.evaluate(before, tuple(expected), ()))
    for number, test in enumerate(tests, start=1):
        name = str(test.get("id", number)) if isinstance(test, dict) else str(number)
        match test:
            case {"expr": str(call), "expected": _}:
                yield name, CallCase(call, expected=next(values))
            case {"stdin": str(stdin), "stdout": str(stdout)}:
                yield name, ProgramCase(stdin, stdout)
            case {"input": str(stdin), "output": str(stdout)}:
                yield name, ProgramCase(stdin, stdout)
            case str(source) | {"source": str(source)} | {"code": str(source)}:
                yield name, AssertCell(source)
            case [list(arguments), value]:
                shown = ", ".join(map(repr, arguments))
                call = f"{_function(item['reference'])}({shown})"
                (encoded,) = runner.evaluate((), (repr(value),), ())
                yield name, CallCase(call, expected=encoded)
            case _:
                raise Unreadable(f"{item['exercise_id']}: {json.dumps(test)[:200]}")


def _is_expression(test: object) -> bool:
    return isinstance(test, dict) and "expr" in test and "expected" in test


def _function(reference: str) -> str:
    """Return the name of the first function that a reference defines."""
    for node in ast.parse(reference).body:
        if isinstance(node, ast.FunctionDef):
            return node.name
    raise Unreadable("the reference defines no function")


def _cells(module: str, pairs: object, *, slow: bool) -> Iterator[tuple[str, TestSpec]]:
    """Yield a cell for each test of a pytest module, with what stands before it in the module."""
    body = [node for node in ast.parse(module).body if not _is_loading(node)]
    tests = [
        node for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]
    rest = [node for node in body if node not in tests]
    for test in tests:
        parametrized = bool(test.decorator_list)
        test.decorator_list.clear()
        if slow:
            test.body[:] = [node for node in test.body if not _skips(node)]
        source = _unparsed([*rest, test])
        if not parametrized:
            yield test.name, _cell(source, f"{test.name}()")
            continue
        for number, pair in enumerate(pairs if isinstance(pairs, list) else ()):
            data = f"testdata = [{pair!r}]\n"
            yield f"{test.name}[{number}]", _cell(data + source, f"{test.name}(*testdata[0])")


def _cell(source: str, call: str) -> AssertCell:
    return AssertCell(f"{PYTEST}{source}\ntry:\n    {call}\nexcept _Skipped:\n    pass")


def _unparsed(nodes: Iterable[ast.stmt]) -> str:
    return "\n".join(ast.unparse(node) for node in nodes)


def _is_loading(node: ast.stmt) -> bool:
    """Whether a statement loads what is here already: the program, its tests, pytest."""
    match node:
        case ast.Import(names=[ast.alias(name=name)]) | ast.ImportFrom(module=str(name)):
            return name in _DROPPED
        case ast.If(test=ast.Attribute(attr="use_correct")):
            return True
        case ast.Assign(value=ast.Call(func=ast.Name(id="load_json_testcases"))):
            return True
    return False


def _skips(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "pytest.skip" in ast.unparse(node)
