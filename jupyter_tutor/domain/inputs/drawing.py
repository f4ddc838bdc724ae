"""Inputs of answers: what an author's cases ask, further inputs of that kind, and smaller ones.

Everything here is data: nothing of an exercise is run. An input that a secret test uses, written in
whatever way, is never among those that are drawn.
"""

import ast
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_tutor.domain.exercises import (
    AssertCell,
    CallCase,
    ExerciseContent,
    TestCase,
    Visibility,
)
from jupyter_tutor.domain.inputs.inference import Seen, Unknown, infer
from jupyter_tutor.domain.inputs.shapes import Shape
from jupyter_tutor.domain.inputs.shrinking import joined, simpler_values, weight

FEWEST_CASES: Final = 3
"""With fewer cases of a function nothing is inferred from them."""

_TRIES: Final = 12
_SIZES: Final = 4
_WRONG_TEXT = (ValueError, TypeError, SyntaxError, MemoryError, RecursionError)

Arguments = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A call of a function with literal arguments, in a test of the author.

    Attributes:
        function: Its name.
        arguments: The values, in the order of the parameters.
        test: The name of the test.
        shown: Whether learners see it.
        whole: Whether the test asks for nothing but this call.
    """

    function: str
    arguments: Arguments
    test: str
    shown: bool
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Domain:
    """What a function may be called with.

    Attributes:
        function: Its name.
        shapes: A shape for each argument.
        level: Positions of arguments that are always of one length.
    """

    function: str
    shapes: tuple[Shape, ...]
    level: tuple[int, ...] = ()

    def admits(self, arguments: Arguments) -> bool:
        """Whether a call with these keeps to what the examples allow."""
        fits = len(arguments) == len(self.shapes) and all(
            shape.admits(one) for shape, one in zip(self.shapes, arguments, strict=True)
        )
        return fits and len({_size(arguments[place]) for place in self.level}) < 2

    def draw(self, count: int, *, seed: int = 0, sizes: int = _SIZES) -> list[Arguments]:
        """Return different arguments, the same ones for the same seed, lightest first.

        Args:
            count: How many at most; there are fewer where the shapes allow no more.
            seed: Another one gives others.
            sizes: How large they may grow: 1 (tiny) to 4.
        """
        source = random.Random(f"{self.function} {seed}")  # noqa: S311 - inputs, no secrets
        found: dict[str, Arguments] = {}
        for number in range(count * _TRIES):
            drawn = [shape.draw(source, number % sizes) for shape in self.shapes]
            arguments = self._related(drawn, source)
            if self.admits(arguments):
                found.setdefault(call_text(self.function, arguments), arguments)
            if len(found) >= count:
                break
        return sorted(found.values(), key=weight)

    def _related(self, drawn: list[object], source: random.Random) -> Arguments:
        """Cut what is of one length to that, and look for something that is there now and then."""
        lengths = [_size(drawn[place]) for place in self.level]
        for place in self.level:
            one = drawn[place]
            if isinstance(one, list | tuple | str):
                drawn[place] = one[: min(lengths)]
        for number, one in enumerate(drawn):
            if isinstance(one, list | tuple | dict) and one and source.random() < 0.5:
                inside = source.choice(list(one))
                for place, shape in enumerate(self.shapes):
                    if place != number and not self.shapes[number].admits(inside):
                        drawn[place] = inside if shape.admits(inside) else drawn[place]
        return tuple(drawn)

    def simpler(self, arguments: Arguments) -> list[Arguments]:
        """Return lighter arguments that are one step away, lightest first."""
        lighter: dict[str, Arguments] = {}
        for place, value in enumerate(arguments):
            for other in simpler_values(value):
                changed = (*arguments[:place], other, *arguments[place + 1 :])
                lighter.setdefault(call_text(self.function, changed), changed)
        for place in range(min((_size(arguments[at]) for at in self.level), default=0)):
            cut = tuple(
                joined(one[:place], one[place + 1 :])
                if at in self.level and isinstance(one, list | tuple | str)
                else one
                for at, one in enumerate(arguments)
            )
            lighter.setdefault(call_text(self.function, cut), cut)
        most = weight(arguments)
        fitting = [one for one in lighter.values() if weight(one) < most and self.admits(one)]
        return sorted(fitting, key=weight)


def domains_of(content: ExerciseContent) -> list[Domain]:
    """Return what functions may be called with, as far as there are enough cases of them."""
    found = []
    for function, examples in examples_of(content).items():
        widths = {len(example.arguments) for example in examples}
        shown = [example for example in examples if example.shown]
        if len(examples) >= FEWEST_CASES and shown and len(widths) == 1 and widths != {0}:
            domain = _inferred(function, examples)
            if domain is not None:
                found.append(domain)
    return found


def domain_of_drawn(function: str, drawn: Sequence[Arguments]) -> Domain | None:
    """Return the domain that what a strategy drew speaks for, or None where it has no shape."""
    widths = {len(arguments) for arguments in drawn}
    if len(widths) != 1 or widths == {0}:
        return None
    return _inferred(function, [Example(function, one, "", shown=True) for one in drawn])


def examples_of(content: ExerciseContent) -> dict[str, list[Example]]:
    """Return the calls with literal arguments in the call cases of an exercise, by function."""
    parameters = parameters_of(content)
    found: dict[str, list[Example]] = {}
    for test in content.tests:
        if not isinstance(test.spec, CallCase) or test.spec.raises is not None:
            continue
        shown = test.visibility is Visibility.PUBLIC
        tree = _expression(test.spec.call)
        nodes = [tree] if isinstance(tree, ast.Call) else [] if tree is None else ast.walk(tree)
        for node in nodes:
            read = _read_call(node, parameters) if isinstance(node, ast.Call) else None
            # Inside of a longer expression stand calls of Python's own, too.
            if read is not None and (node is tree or read[0] in parameters):
                example = Example(*read, test=test.name, shown=shown, whole=node is tree)
                found.setdefault(example.function, []).append(example)
    return found


def parameters_of(content: ExerciseContent) -> dict[str, list[str]]:
    """Return the names of the parameters of each function that the reference defines."""
    found = {}
    for cell in content.answer_cells:
        try:
            tree = ast.parse(cell.reference)
        except _WRONG_TEXT:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                names = [*node.args.posonlyargs, *node.args.args]
                found[node.name] = [one.arg for one in names]
    return found


def secret_calls(content: ExerciseContent) -> frozenset[str]:
    """Return every call with literal arguments in tests that are not public, by `normal_call`."""
    parameters = parameters_of(content)
    found = set()
    for test in content.tests:
        if test.visibility is not Visibility.PUBLIC:
            for tree in _trees(test):
                for node in ast.walk(tree):
                    read = _read_call(node, parameters) if isinstance(node, ast.Call) else None
                    if read is not None:
                        found.add(normal_call(*read))
    return frozenset(found)


def call_text(function: str, arguments: Arguments) -> str:
    """Return a call as it is written: `median([2, 1])`."""
    return f"{function}({', '.join(map(repr, arguments))})"


def normal_call(function: str, arguments: Arguments) -> str:
    """Return a call in a form that equal ones share: `f(1.0)` is `f(1)`."""
    return call_text(function, tuple(map(_normal, arguments)))


def _inferred(function: str, examples: Sequence[Example]) -> Domain | None:
    places = range(len(examples[0].arguments))
    try:
        shapes = [infer([Seen(one.arguments[n], one.shown) for one in examples]) for n in places]
    except Unknown:
        return None
    return Domain(function, tuple(shapes), _level(examples))


def _level(examples: Sequence[Example]) -> tuple[int, ...]:
    """Return the places of sequences that are as long as each other in every example."""
    rows = [[_size(value) for value in one.arguments] for one in examples]
    places = [n for n in range(len(rows[0])) if all(row[n] >= 0 for row in rows)]
    varied = len({row[places[0]] for row in rows}) > 1 if places else False
    even = all(len({row[n] for n in places}) == 1 for row in rows)
    return tuple(places) if len(places) > 1 and varied and even else ()


def _read_call(node: ast.Call, parameters: Mapping[str, list[str]]) -> tuple[str, Arguments] | None:
    """Return function and arguments of a call, or None where one is no literal."""
    if not isinstance(node.func, ast.Name):
        return None
    names = parameters.get(node.func.id, [])
    try:
        arguments = [ast.literal_eval(one) for one in node.args]
        named = {one.arg: ast.literal_eval(one.value) for one in node.keywords}
    except _WRONG_TEXT:
        return None
    rest = [name for name in names[len(arguments) :] if name in named]
    arguments += [named.pop(name) for name in rest]
    return None if named else (node.func.id, tuple(arguments))


def _trees(test: TestCase) -> Iterable[ast.AST]:
    spec = test.spec
    text = spec.call if isinstance(spec, CallCase) else ""
    text = spec.source if isinstance(spec, AssertCell) else text
    try:
        return [ast.parse(text.strip())]
    except _WRONG_TEXT:
        return []


def _expression(text: str) -> ast.expr | None:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except _WRONG_TEXT:
        return None


def _size(value: object) -> int:
    return len(value) if isinstance(value, list | tuple | str) else -1


def _normal(value: object) -> object:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list() | tuple():
            return type(value)(map(_normal, value))
        case set() | frozenset():
            return tuple(sorted(map(repr, map(_normal, value))))
        case dict():
            return {_normal(key): _normal(item) for key, item in value.items()}
        case _:
            return value
