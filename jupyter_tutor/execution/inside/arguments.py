"""Whether a call changed its arguments: they are recorded on their way into it."""

import ast
from typing import Any

from .encoding import encode

Described = dict[str, Any]


class ArgumentRecorder(ast.NodeTransformer):
    """Hands every argument of every call in an expression to the recorder on its way."""

    def __init__(self, name: str) -> None:
        """Create one.

        Args:
            name: Of the recorder, in the namespace of the expression.
        """
        self._name = name

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Hand over the arguments of a call."""
        self.generic_visit(node)
        for number, argument in enumerate(node.args):
            if isinstance(argument, ast.Starred):
                argument.value = self._recorded(argument.value)
            else:
                node.args[number] = self._recorded(argument)
        for keyword in node.keywords:
            keyword.value = self._recorded(keyword.value)
        return node

    def _recorded(self, argument: ast.expr) -> ast.expr:
        call = ast.Call(ast.Name(self._name, ast.Load()), [argument], [])
        return ast.copy_location(call, argument)


def record(watched: list[tuple[object, Described]], value: object) -> object:
    """Note what an argument is before the call, and return it."""
    watched.append((value, encode(value)))
    return value


def changed(watched: list[tuple[object, Described]]) -> bool | None:
    """Tell whether any argument differs from what it was; None when one is too large to tell."""
    if any(before["type"] == "cut" for _, before in watched):
        return None
    return any(encode(value) != before for value, before in watched)
