"""Lines that every beginner writes: a loop over a list, a counter, an empty list to begin with."""

import ast
from typing import Final

_ABLE: Final = frozenset(
    {"len", "str", "int", "float", "list", "dict", "set", "tuple", "range", "print", "type", "bool"}
)


def is_idiom(template: str, nodes: tuple[ast.expr, ...]) -> bool:
    """Whether the like of a statement or expression stands in every beginner's code.

    Args:
        template: What kind it is, such as `for {} in {}`.
        nodes: What fills the template.
    """
    if template.startswith(("def", "try", "except", "import", "break", "continue", "raise")):
        return True
    if template.startswith("{} ="):
        return _is_plain(nodes[1]) or _is_counting(nodes[0], nodes[1])
    if template.startswith("for"):
        return isinstance(nodes[1], ast.Name) or _is_easy(nodes[1])
    return all(_is_easy(node) for node in nodes)


def _is_plain(node: ast.expr) -> bool:
    match node:
        case ast.Constant() | ast.Name():
            return True
        case ast.List(elts=[]) | ast.Dict(keys=[]) | ast.Tuple(elts=[]):
            return True
        case ast.UnaryOp(operand=ast.Constant()):
            return True
    return False


def _is_counting(target: ast.expr, value: ast.expr) -> bool:
    """Whether something grows by one, by a name, or by an element that is a name."""
    match target, value:
        case ast.Name(id=name), ast.BinOp(left=ast.Name(id=left), op=ast.Add(), right=right):
            if isinstance(right, ast.List):
                return left == name and all(_is_plain(each) for each in right.elts)
            return left == name and (isinstance(right, ast.Name) or _is_one(right))
    return False


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1


def _is_easy(node: ast.expr) -> bool:
    """Whether an expression is a name, a constant, or one everyday step with them."""
    if _is_plain(node):
        return True
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_plain(operand)
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
            return _is_plain(left) and isinstance(right, ast.Name)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _ABLE:
            return _is_plain(argument) or (name == "range" and _is_easy(argument))
        case ast.Call(func=ast.Attribute(value=ast.Name(), attr="append" | "add"), args=[argument]):
            return _is_plain(argument)
        case ast.Subscript(value=ast.Name(), slice=ast.Name() | ast.Constant()):
            return True
        case ast.Tuple(elts=elements):
            return all(isinstance(each, ast.Name) for each in elements)
    return False
