"""Reading test cells: which classes they are about, and how a failing assert tells both sides."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

from .encoding import cut_text

EXPLAIN = "__tutor_explain__"
_LEFT, _RIGHT = "__tutor_left__", "__tutor_right__"
_SHOWN = 200
_BODIES = ("body", "orelse", "handlers", "finalbody", "cases")
_PLACE = ("lineno", "col_offset", "end_lineno", "end_col_offset")
_LOAD, _STORE = ast.Load(), ast.Store()
_NO_FUNCTION = re.compile(r"(?<!\w)(?!(?:True|False|None)\b)[^\W\da-z]")


def explained(tree: ast.Module) -> Callable[[int, str, object, object], str]:
    """Give plain comparisons in a module's asserts a message.

    Returns:
        What makes the message, to be known as `EXPLAIN` where the module runs. The text of a
        comparison is only put together when one has failed.
    """
    compared: list[ast.expr] = []
    _explain_in(tree.body, compared)

    def explain(number: int, operator: str, left: object, right: object) -> str:
        """Say what the two sides of a comparison were."""
        text = ast.unparse(compared[number])
        shown = [cut_text(repr(side), _SHOWN) for side in (left, right)]
        if operator == "Eq":
            return f"{text} is {shown[0]}, expected {shown[1]}"
        return f"{text} is {shown[0]}, the other side is {shown[1]}"

    return explain


def class_names_in(source: str, tree: ast.AST) -> set[str]:
    """Return the class names in a source, whose tree is only looked at where there may be any."""
    return class_names(tree) if _NO_FUNCTION.search(source) else set()


def class_names(tree: ast.AST) -> set[str]:
    """Return the names that some code uses as those of classes are used.

    That is what is called, caught, asked of with `isinstance` or looked into, and not written like
    a function: an answer must not make a class of a function's name count as expected.
    """
    return {name for node in ast.walk(tree) for name in _used(node) if not name[:1].islower()}


def _used(node: ast.AST) -> Iterator[str]:
    places: list[ast.AST | None] = []
    match node:
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]):
            places = list(ast.walk(kinds))
        case ast.Call(func=place):
            places = [place]
        case ast.ExceptHandler(type=ast.expr() as kinds):
            places = list(ast.walk(kinds))
        case ast.ClassDef(name=name, bases=bases):
            yield name
            places = [*bases]
        case ast.Attribute(value=ast.Name(id=name)) if not name.isupper():
            yield name
    yield from (place.id for place in places if isinstance(place, ast.Name))


def _explain_in(body: list[ast.stmt], compared: list[ast.expr]) -> None:
    """Replace the asserts in some statements; only statements have others in them."""
    for number, node in enumerate(body):
        if isinstance(node, ast.Assert):
            body[number] = _with_message(node, compared)
            continue
        for name in _BODIES:
            inner = getattr(node, name, None)
            if inner:
                _explain_in(inner, compared)


def _with_message(node: ast.Assert, compared: list[ast.expr]) -> ast.Assert:
    test = node.test
    if node.msg is not None or not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return node
    at: dict[str, Any] = {name: getattr(node, name) for name in _PLACE}
    names = [ast.Constant(each, **at) for each in (len(compared), type(test.ops[0]).__name__)]
    compared.append(test.left)
    sides = [ast.Name(name, _LOAD, **at) for name in (_LEFT, _RIGHT)]
    left = ast.NamedExpr(ast.Name(_LEFT, _STORE, **at), test.left, **at)
    right = ast.NamedExpr(ast.Name(_RIGHT, _STORE, **at), test.comparators[0], **at)
    message = ast.Call(ast.Name(EXPLAIN, _LOAD, **at), [*names, *sides], [], **at)
    return ast.Assert(ast.Compare(left, test.ops, [right], **at), message, **at)
