"""Reading test cells: which classes they are about, and how a failing assert tells both sides."""

import ast
from collections.abc import Iterator

from .encoding import cut_text

EXPLAIN = "__tutor_explain__"
_LEFT, _RIGHT = "__tutor_left__", "__tutor_right__"
_SHOWN = 200


def explained(tree: ast.Module) -> ast.Module:
    """Return a module whose plain comparisons in asserts carry a message."""
    changed = ast.fix_missing_locations(_Explaining().visit(tree))
    assert isinstance(changed, ast.Module)
    return changed


def explain(text: str, operator: str, left: object, right: object) -> str:
    """Say what the two sides of a comparison were."""
    shown = [cut_text(repr(side), _SHOWN) for side in (left, right)]
    if operator == "Eq":
        return f"{text} is {shown[0]}, expected {shown[1]}"
    return f"{text} is {shown[0]}, the other side is {shown[1]}"


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


class _Explaining(ast.NodeTransformer):
    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        test = node.test
        if node.msg is not None or not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return node
        names = [ast.Constant(ast.unparse(test.left)), ast.Constant(type(test.ops[0]).__name__)]
        sides = [ast.Name(name, ast.Load()) for name in (_LEFT, _RIGHT)]
        left = ast.NamedExpr(ast.Name(_LEFT, ast.Store()), test.left)
        right = ast.NamedExpr(ast.Name(_RIGHT, ast.Store()), test.comparators[0])
        message = ast.Call(ast.Name(EXPLAIN, ast.Load()), [*names, *sides], [])
        compare = ast.Compare(left, test.ops, [right])
        return ast.copy_location(ast.Assert(compare, message), node)
