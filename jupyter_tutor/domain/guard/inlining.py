"""Programs with their helper names taken out: `rest = t % 60` and `rest // 5` say `t % 60 // 5`."""

import ast
import copy
from collections.abc import Iterator

_LARGEST = 40
_DEEPEST = 3


def inlined(tree: ast.Module) -> ast.Module | None:
    """Put what names stand for in their place, where each was given a value just once.

    Returns:
        A new tree, or None when there is no such name.
    """
    values: dict[str, ast.expr] = {}
    often: set[str] = set()
    for node in ast.walk(tree):
        for name, value in _bindings(node):
            if name in values or value is None:
                often.add(name)
            else:
                values[name] = value
    usable = {name: value for name, value in values.items() if name not in often and _fits(value)}
    if not usable:
        return None
    whole: ast.Module = _Inliner(usable).visit(copy.deepcopy(tree))
    return whole


def _fits(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant | ast.Name | ast.List | ast.Dict | ast.Set):
        return False
    return sum(1 for _ in ast.walk(value)) <= _LARGEST


def _bindings(node: ast.AST) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the names a node gives values, and the value where it is a plain one."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            yield name, value
        case ast.Assign(
            targets=[ast.Tuple(elts=[ast.Name(id=first), ast.Name(id=second)])],
            value=ast.Call(func=ast.Name(id="divmod"), args=[left, right]),
        ):
            yield first, ast.BinOp(left=left, op=ast.FloorDiv(), right=right)
            yield second, ast.BinOp(left=left, op=ast.Mod(), right=right)
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
            for target, value in zip(targets, values, strict=False):
                if isinstance(target, ast.Name):
                    yield target.id, value
        case ast.AugAssign(target=ast.Name(id=name)) | ast.arg(arg=name):
            yield name, None
        case ast.Assign(targets=targets):
            for target in targets:
                yield from ((each, None) for each in _names(target))
        case ast.For(target=target) | ast.comprehension(target=target):
            yield from ((each, None) for each in _names(target))


def _names(target: ast.expr) -> Iterator[str]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


class _Inliner(ast.NodeTransformer):
    """Replaces names by what they stand for."""

    def __init__(self, values: dict[str, ast.expr], depth: int = 0) -> None:
        self._values = values
        self._depth = depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Replace a name where it is read."""
        value = self._values.get(node.id)
        if value is None or not isinstance(node.ctx, ast.Load) or self._depth >= _DEEPEST:
            return node
        inner: ast.expr = _Inliner(self._values, self._depth + 1).visit(copy.deepcopy(value))
        return inner
