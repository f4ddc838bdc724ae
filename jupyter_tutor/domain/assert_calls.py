"""What a test cell asks, as calls with expected values, where it says so in a simple form.

An author's test cell is trusted text, and is read here; nothing of a learner's is. Read are
`assert <call> == <expected>`, also with the sides swapped, `is`, `in (...)` of one value, a call
alone or under `not`, `abs(<call> - <expected>) < eps`, `round(<call>, n) == ...` and `isclose` or
`approx`. Assignments of plain values before are put in where they are used. What has any other form
is left to a real run of the cell.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from jupyter_tutor.domain.exercises import AssertCell, CallCase, TestCase, Tolerance

_CLOSE: Final = ("isclose", "approx", "allclose")
_BUILT_IN: Final = frozenset({
    "abs", "all", "any", "bool", "bytes", "chr", "dict", "divmod", "enumerate", "float",
    "frozenset", "int", "isinstance", "len", "list", "map", "max", "min", "ord", "pow",
    "range", "repr", "round", "set", "sorted", "str", "sum", "tuple", "type", "zip",
})  # fmt: skip
_MOST_CALLS: Final = 40


@dataclass(frozen=True, slots=True)
class AssertedCall:
    """A call that a test cell makes.

    Attributes:
        call: The expression.
        expected: Text of the expression of what it has to give.
        tolerance: For floats in it, or None.
    """

    call: str
    expected: str
    tolerance: Tolerance | None = None

    def case(self, name: str, test: TestCase, expected: dict[str, object]) -> TestCase:
        """Return it as a test of its own.

        Args:
            name: Of that test.
            test: The test it stands in.
            expected: What it has to give, encoded.
        """
        spec = CallCase(self.call, expected=expected, tolerance=self.tolerance)
        return replace(test, name=name, spec=spec)


def asserted_calls(cell: AssertCell) -> tuple[AssertedCall, ...]:
    """Return the calls of a test cell that could be read; an empty tuple where none could."""
    try:
        tree = ast.parse(cell.source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return ()
    return tuple(_read(tree))[:_MOST_CALLS]


def _read(tree: ast.Module) -> Iterator[AssertedCall]:
    known: dict[str, ast.expr] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_plain(value, known):
                known[name] = _put_in(value, known)
            case ast.Assert(test=test):
                found = _asserted(_put_in(test, known))
                if found is not None:
                    yield found
            case ast.Expr(value=ast.Constant()):
                continue
            case _:
                # What comes after may rest on what this one does.
                return


class _Names(ast.NodeTransformer):
    """Puts values in the place of names."""

    def __init__(self, known: dict[str, ast.expr]) -> None:
        self._known = known

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return copy.deepcopy(self._known.get(node.id, node))


def _put_in(value: ast.expr, known: dict[str, ast.expr]) -> ast.expr:
    put: ast.expr = _Names(known).visit(copy.deepcopy(value))
    return put


def _is_plain(value: ast.expr, known: dict[str, ast.expr]) -> bool:
    """Whether a value rests on nothing of the answer."""
    names = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
    return names <= {*known, *_BUILT_IN} and not any(
        isinstance(each, ast.Await | ast.NamedExpr | ast.Lambda) for each in ast.walk(value)
    )


def _asserted(test: ast.expr) -> AssertedCall | None:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=ast.Call() as call) if not _is_plain(call, {}):
            return AssertedCall(f"bool({ast.unparse(call)})", "False")
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _compared(left, op, right)
        case ast.Call(func=function, args=[first, second, *_]) if _called(function) in _CLOSE:
            return _close(first, second)
        case ast.Call(func=ast.Name(id=name)) if name not in _BUILT_IN:
            return AssertedCall(f"bool({ast.unparse(test)})", "True")
    return None


def _compared(left: ast.expr, op: ast.cmpop, right: ast.expr) -> AssertedCall | None:
    if isinstance(op, ast.Lt | ast.LtE) and _is_plain(right, {}):
        return _within(left, right)
    if not isinstance(op, ast.Eq | ast.Is):
        return None
    if _is_plain(left, {}) and not _is_plain(right, {}):
        left, right = right, left
    if _is_plain(left, {}):
        return None
    match right:
        case ast.Call(func=function, args=[expected, *_]) if _called(function) == "approx":
            return _close(left, expected)
    return AssertedCall(ast.unparse(left), ast.unparse(right)) if _is_plain(right, {}) else None


def _within(left: ast.expr, right: ast.expr) -> AssertedCall | None:
    """Read `abs(call - expected) < eps`."""
    match left, right:
        case (
            ast.Call(func=ast.Name(id="abs"), args=[ast.BinOp(left=a, op=ast.Sub(), right=b)]),
            ast.Constant(value=float() as eps),
        ):
            call, expected = (b, a) if _is_plain(a, {}) else (a, b)
            if _is_plain(expected, {}) and not _is_plain(call, {}):
                within = Tolerance(relative=0.0, absolute=eps)
                return AssertedCall(ast.unparse(call), ast.unparse(expected), within)
    return None


def _close(first: ast.expr, second: ast.expr) -> AssertedCall | None:
    call, expected = (second, first) if _is_plain(first, {}) else (first, second)
    if not _is_plain(expected, {}) or _is_plain(call, {}):
        return None
    # Wider than usual: what these functions allow by themselves is decided in the real run.
    within = Tolerance(relative=1e-6, absolute=1e-9)
    return AssertedCall(ast.unparse(call), ast.unparse(expected), within)


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
