"""Canonical forms of Python expressions: what means the same is written the same.

Operands of `+`, `*`, `and`, `or`, `==` are put in order, comparisons point one way, constants are
worked out, f-strings and sums of texts are one thing, `not` goes inwards. A form may hide every
name that is not built in.
"""

import ast
import builtins
from collections.abc import Iterator, Sequence
from typing import Final

BUILT_IN: Final = frozenset(dir(builtins)) | {"sys", "math", "self"}
DEEPEST: Final = 40

_SYMBOLS: dict[type[ast.AST], str] = {
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.MatMult: "@",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "==",
    ast.IsNot: "!=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_OPPOSITE = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
}
_COPIES = frozenset({"list", "dict", "set", "tuple"})


class TooDeep(Exception):
    """An expression is nested deeper than anybody would write."""


class Forms:
    """Writes expressions in their canonical form.

    Attributes:
        hide: Whether names that are not built in come out as `_`.
    """

    def __init__(self, *, hide: bool) -> None:
        self.hide = hide
        self._depth = 0
        # Nodes are kept with their forms, so that no other node can come to have their address.
        self._known: dict[int, tuple[ast.expr, str]] = {}

    def expression(self, node: ast.expr) -> str:
        """Return the form of an expression.

        Raises:
            TooDeep: It is nested too deep.
        """
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        self._depth += 1
        try:
            if self._depth > DEEPEST:
                raise TooDeep
            form = self._form(node)
        finally:
            self._depth -= 1
        self._known[id(node)] = node, form
        return form

    def condition(self, node: ast.expr, *, negated: bool = False) -> str:
        """Return the form of an expression of which only its truth counts."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.condition(operand, negated=not negated)
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) is not negated else "or"
                parts = self._flat(node, type(op)) if values else []
                forms = sorted({self.condition(part, negated=negated) for part in parts})
                return "(" + f" {word} ".join(forms) + ")"
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                return self._comparison(left, ops, comparators, negated=negated)
            case ast.BinOp(op=ast.Mod()):
                return f"{self.expression(node)} {'==' if negated else '!='} 0"
        form = self.expression(node)
        return f"not {form}" if negated else form

    def _form(self, node: ast.expr) -> str:  # noqa: C901 - one case for each kind of node
        match node:
            case ast.Constant(value=value):
                return _constant(value)
            case ast.Name(id=name):
                return "_" if self.hide and name not in BUILT_IN else name
            case ast.BinOp(op=ast.Add() | ast.Sub()):
                return self._sum(node)
            case ast.BinOp(op=ast.Mult()):
                return self._product(node)
            case ast.BinOp(left=left, op=op, right=right):
                return f"({self.expression(left)} {_SYMBOLS[type(op)]} {self.expression(right)})"
            case ast.UnaryOp(op=ast.Not()) | ast.BoolOp() | ast.Compare():
                return self.condition(node)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                form = self.expression(operand)
                return form[1:] if form.startswith("-") else f"-{form}"
            case ast.UnaryOp(operand=operand) | ast.NamedExpr(value=operand):
                return self.expression(operand)
            case ast.Call():
                return self._call(node)
            case ast.Attribute(value=value, attr=attr):
                return f"{self.expression(value)}.{'lower' if attr == 'casefold' else attr}"
            case ast.Subscript(value=value, slice=index):
                return self._subscript(value, index)
            case ast.JoinedStr():
                return self._text(node)
            case ast.FormattedValue(value=value):
                return self.expression(value)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                parts = self.expression(body), self.condition(test), self.expression(orelse)
                return "({} if {} else {})".format(*parts)
            case ast.Starred(value=value):
                return f"*{self.expression(value)}"
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return f"[{self._listed(elements)}]"
            case ast.Dict(keys=keys, values=values):
                pairs = zip(keys, values, strict=True)
                return (
                    "{" + ", ".join(f"{self._key(k)}: {self.expression(v)}" for k, v in pairs) + "}"
                )
            case ast.Lambda(body=body):
                return f"lambda: {self.expression(body)}"
            case ast.DictComp(key=key, value=value, generators=turns):
                made = f"{self.expression(key)}: {self.expression(value)}"
                return f"[{made}{self._turns(turns)}]"
            case ast.ListComp(elt=made, generators=turns) | ast.SetComp(elt=made, generators=turns):
                return f"[{self.expression(made)}{self._turns(turns)}]"
            case ast.GeneratorExp(elt=made, generators=turns):
                return f"[{self.expression(made)}{self._turns(turns)}]"
        return type(node).__name__

    def _key(self, key: ast.expr | None) -> str:
        return self.expression(key) if key is not None else "**"

    def _listed(self, elements: Sequence[ast.expr]) -> str:
        return ", ".join(self.expression(each) for each in elements)

    def _turns(self, turns: Sequence[ast.comprehension]) -> str:
        made = []
        for turn in turns:
            made.append(f" for {self.expression(turn.target)} in {self.expression(turn.iter)}")
            made += [f" if {self.condition(test)}" for test in turn.ifs]
        return "".join(made)

    def _comparison(
        self,
        left: ast.expr,
        ops: Sequence[ast.cmpop],
        comparators: Sequence[ast.expr],
        *,
        negated: bool,
    ) -> str:
        pairs = []
        for op, right in zip(ops, comparators, strict=True):
            symbol = _SYMBOLS[type(op)]
            pairs.append(self._pair(left, _OPPOSITE[symbol] if negated else symbol, right))
            left = right
        word = " or " if negated else " and "
        return pairs[0] if len(pairs) == 1 else "(" + word.join(sorted(pairs)) + ")"

    def _pair(self, left: ast.expr, symbol: str, right: ast.expr) -> str:
        """Compare two expressions with `<` and `==` alone, as far as whole numbers allow."""
        if symbol in (">", ">="):
            left, right, symbol = right, left, "<" if symbol == ">" else "<="
        if symbol in ("==", "!="):
            first, second = sorted((self.expression(left), self.expression(right)))
            return f"{first} {symbol} {second}"
        if symbol not in ("<", "<="):
            return f"{self.expression(left)} {symbol} {self.expression(right)}"
        one, other = _whole(left), _whole(right)
        if other is not None:
            return f"{self.expression(left)} < {other + (symbol == '<=')}"
        if one is not None:
            return f"{one - (symbol == '<=')} < {self.expression(right)}"
        if symbol == "<":
            match right, left:
                case ast.BinOp(left=bare, op=ast.Add(), right=ast.Constant(value=1)), _:
                    return f"{self.expression(left)} <= {self.expression(bare)}"
                case _, ast.BinOp(left=bare, op=ast.Sub(), right=ast.Constant(value=1)):
                    return f"{self.expression(bare)} <= {self.expression(right)}"
        return f"{self.expression(left)} {symbol} {self.expression(right)}"

    def _sum(self, node: ast.BinOp) -> str:
        terms = list(_terms(node, negative=False))
        if any(_is_textual(term) for _, term in terms):
            return "text(" + ", ".join(self._piece(term) for _, term in terms) + ")"
        number: float = 0
        forms = []
        for negative, term in terms:
            value = _number(term)
            if value is not None:
                number += -value if negative else value
                continue
            form = self.expression(term)
            if form.replace(".", "", 1).isdigit():
                number += -float(form) if negative else float(form)
            else:
                forms.append(f"-{form}" if negative else form)
        if number or not forms:
            forms.append(_constant(number))
        return "(" + " + ".join(sorted(forms)) + ")" if len(forms) > 1 else forms[0]

    def _product(self, node: ast.BinOp) -> str:
        number: float = 1
        forms = []
        for factor in self._factors(node):
            value = _number(factor)
            if value is not None:
                number *= value
            else:
                forms.append(self.expression(factor))
        if number != 1 or not forms:
            forms.append(_constant(number))
        return "(" + " * ".join(sorted(forms)) + ")" if len(forms) > 1 else forms[0]

    def _factors(self, node: ast.expr) -> Iterator[ast.expr]:
        match node:
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                yield from self._factors(left)
                yield from self._factors(right)
            case _:
                yield node

    def _flat(self, node: ast.expr, kind: type[ast.boolop]) -> Iterator[ast.expr]:
        if isinstance(node, ast.BoolOp) and isinstance(node.op, kind):
            for value in node.values:
                yield from self._flat(value, kind)
        else:
            yield node

    def _call(self, node: ast.Call) -> str:
        arguments = list(node.args)
        match node.func:
            case ast.Name(id="range") if len(arguments) == 3 and _number(arguments[2]) == 1:
                arguments.pop()
            case ast.Name(id=name) if name in _COPIES and len(arguments) == 1 and not node.keywords:
                return f"copy({self.expression(arguments[0])})"
            case ast.Name(id="reversed") if len(arguments) == 1:
                return f"copy({self.expression(arguments[0])}[::-1])"
            case ast.Attribute(value=value, attr="copy") if not arguments:
                return f"copy({self.expression(value)})"
            case ast.Attribute(value=value, attr="keys") if not arguments:
                return self.expression(value)
            case ast.Attribute(value=ast.Constant(value=str()), attr="format"):
                return "text(" + ", ".join(map(self._piece, arguments)) + ")"
        match node.func, arguments:
            case ast.Name(id="range"), [first, second] if _number(first) == 0:
                arguments = [second]
        keywords = sorted(f"{word.arg}={self.expression(word.value)}" for word in node.keywords)
        given = [*(self.expression(each) for each in arguments), *keywords]
        return f"{self.expression(node.func)}({', '.join(given)})"

    def _subscript(self, value: ast.expr, index: ast.expr) -> str:
        if not isinstance(index, ast.Slice):
            return f"{self.expression(value)}[{self.expression(index)}]"
        lower, upper, step = (
            "" if part is None else self.expression(part)
            for part in (index.lower, index.upper, index.step)
        )
        lower = "" if lower == "0" else lower
        if not (lower or upper or step):
            return f"copy({self.expression(value)})"
        return f"{self.expression(value)}[{lower}:{upper}{':' + step if step else ''}]"

    def _text(self, node: ast.JoinedStr) -> str:
        return "text(" + ", ".join(self._piece(part) for part in node.values) + ")"

    def _piece(self, node: ast.expr) -> str:
        match node:
            case ast.Call(func=ast.Name(id="str"), args=[inner]):
                return self.expression(inner)
            case ast.FormattedValue(value=value, format_spec=ast.expr() as spec):
                return f"{self.expression(value)}:{ast.unparse(spec)}"
        return self.expression(node)


def _terms(node: ast.expr, *, negative: bool) -> Iterator[tuple[bool, ast.expr]]:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _terms(left, negative=negative)
            yield from _terms(right, negative=negative)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield from _terms(left, negative=negative)
            yield from _terms(right, negative=not negative)
        case _:
            yield negative, node


def _is_textual(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.Call(func=ast.Name(id="str")):
            return True
    return False


def _number(node: ast.expr) -> float | None:
    match node:
        case ast.Constant(value=bool()):
            return None
        case ast.Constant(value=int(value) | float(value)) if abs(value) < 10**15:
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            number = _number(operand)
            return None if number is None else -number
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            one, other = _number(left), _number(right)
            return one * other if one is not None and other is not None else None
    return None


def _whole(node: ast.expr) -> int | None:
    value = _number(node)
    return int(value) if value is not None and value == int(value) else None


def _constant(value: object) -> str:
    if isinstance(value, float) and abs(value) < 10**15:
        rounded = round(value, 9)
        return str(int(rounded)) if rounded == int(rounded) else repr(rounded)
    # The digits of a huge number take long to write.
    if isinstance(value, int) and value.bit_length() > 200:
        return "huge"
    return repr(value)
