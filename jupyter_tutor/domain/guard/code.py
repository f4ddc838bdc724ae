"""Code as the leak guard compares it: what it says, however it is written.

`x += 1` and `x = x + 1`, `a > b` and `b < a`, a loop that appends and a comprehension, an f-string
and a sum of texts come out alike. Each feature of a program has two forms: with its names, and
with every name of the programmer's own choosing hidden, which no renaming changes.

Nothing here runs code, and what is read is bounded in size and depth.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.forms import BUILT_IN, Forms, TooDeep
from jupyter_tutor.domain.guard.idioms import is_idiom
from jupyter_tutor.domain.guard.inlining import inlined

LONGEST: Final = 6_000
"""Characters of a piece of code that is parsed at once."""
MOST_NODES: Final = 1_500
"""Nodes of a syntax tree that is looked at."""

_GLUED = re.compile(r"(?<=\d)(?=(?:and|or|if|in|is|not|else|for)\b)")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a program says.

    Attributes:
        text: Its canonical form, with names.
        hidden: The same, each name of the programmer's replaced by `_`.
        kind: `statement`, `expression` or `order` (what stands in or after what).
        weight: How much it says: operators, calls and constants count.
        idiom: Whether every beginner's code has the like.
        names: The programmer's own names in it.
        group: Number of the statement it belongs to.
        inlined: Whether it came about by putting what a name stands for in its place.
    """

    text: str
    hidden: str
    kind: str
    weight: float
    idiom: bool
    names: frozenset[str]
    group: int
    inlined: bool = False


def parse(source: str) -> ast.Module | None:
    """Parse a piece of code; None when it is no Python, or too large or deep to look at."""
    if len(source) > LONGEST or not source.strip():
        return None
    # Backslashes and `1or` would make the parser warn.
    source = _GLUED.sub(" ", source.replace("\\\n", " ").replace("\\", "/"))
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return tree if _is_small(tree) else None


def _is_small(tree: ast.AST) -> bool:
    level: list[ast.AST] = [tree]
    seen = depth = 0
    while level:
        seen += len(level)
        depth += 1
        if seen > MOST_NODES or depth > 60:
            return False
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return True


def features(tree: ast.Module) -> tuple[Feature, ...]:
    """Return what a program says, in order; the same thing may come more than once."""
    reader = _Reader()
    try:
        reader.block(tree.body, "")
        plain = inlined(tree)
        if plain is not None and _is_small(plain):
            reader.inlining = True
            reader.block(plain.body, "")
    except (TooDeep, RecursionError):
        return ()
    return tuple(reader.found)


@lru_cache(maxsize=512)
def features_of(source: str) -> tuple[Feature, ...]:
    """Return what a source says; nothing when it can't be parsed."""
    tree = parse(source)
    return features(tree) if tree is not None else ()


def own_names(tree: ast.AST) -> frozenset[str]:
    """Return the names a program chooses itself: variables, parameters, functions."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name):
                names.add(name)
            case _:
                pass
    return frozenset(names - BUILT_IN)


class _Reader:
    """Collects the features of statements."""

    def __init__(self) -> None:
        self.found: list[Feature] = []
        self.inlining = False
        self._group = 0
        self._open = Forms(hide=False)
        self._hidden = Forms(hide=True)

    def block(self, body: list[ast.stmt], parent: str) -> None:
        """Read statements that stand one under the other."""
        before = ""
        for statement in body:
            if _is_text(statement):
                continue
            head = self._statement(statement)
            if parent and head:
                self._order(f"{parent} : {head}")
            if before and head:
                self._order(f"{before} ; {head}")
            before = head or before
            for inner in _bodies(statement):
                self.block(inner, head)

    def _statement(self, statement: ast.stmt) -> str:
        """Read a statement without its body; return its hidden form."""
        self._group += 1
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.Try):
            for part in _parts(statement):
                self._expressions(part)
        last = ""
        for template, nodes, boolean in _heads(statement):
            last = self._add(template, nodes, "statement", boolean=boolean)
        return last

    def _add(
        self, template: str, nodes: tuple[ast.expr, ...], kind: str, *, boolean: bool = False
    ) -> str:
        def shaped(forms: Forms) -> str:
            shape = forms.condition if boolean else forms.expression
            return template.format(*[shape(node) for node in nodes])

        text, hidden = shaped(self._open), shaped(self._hidden)
        weight = sum(_weight(node) for node in nodes)
        self.found.append(
            Feature(
                text=text,
                hidden=hidden,
                kind=kind,
                weight=weight + (1.0 if kind == "statement" else 0.0),
                idiom=is_idiom(template, nodes),
                names=frozenset(name for node in nodes for name in own_names(node)),
                group=self._group,
                inlined=self.inlining,
            )
        )
        return hidden

    def _order(self, hidden: str) -> None:
        self.found.append(
            Feature(
                text=hidden,
                hidden=hidden,
                kind="order",
                weight=0.0,
                idiom=False,
                names=frozenset(),
                group=self._group,
                inlined=self.inlining,
            )
        )

    def _expressions(self, part: ast.expr) -> None:
        for node in ast.walk(part):
            match node:
                case ast.Call(func=ast.Name(id="divmod"), args=[left, right]):
                    for operator in (ast.FloorDiv(), ast.Mod()):
                        whole = ast.BinOp(left=left, op=operator, right=right)
                        self._add("{}", (whole,), "expression")
                case ast.IfExp(test=test):
                    self._add("if {}", (test,), "statement", boolean=True)
                    self._add("{}", (node,), "expression")
                case ast.Compare() | ast.BoolOp():
                    self._add("{}", (node,), "expression", boolean=True)
                    if isinstance(node, ast.Compare) and len(node.ops) > 1:
                        self._chain(node)
                case ast.Call(func=ast.Name(id=name), args=[_, _, *_] as arguments) if (
                    name not in BUILT_IN
                ):
                    # Whatever a function is called, what it is given may tell all.
                    given = ast.Tuple(elts=list(arguments), ctx=ast.Load())
                    self._add("given {}", (given,), "expression")
                    self._add("{}", (node,), "expression")
                case ast.BinOp() | ast.Call() | ast.Subscript() | ast.UnaryOp():
                    self._add("{}", (node,), "expression")
                case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                    self._comprehension(node)
                case _:
                    pass

    def _chain(self, node: ast.Compare) -> None:
        """Read `a < b < c` as the two comparisons it is."""
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            pair = ast.Compare(left=left, ops=[op], comparators=[right])
            self._add("{}", (pair,), "expression", boolean=True)
            left = right

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> None:
        """Read a comprehension as the loop it stands for."""
        for turn in node.generators:
            self._add("for {} in {}", (turn.target, turn.iter), "statement")
            for test in turn.ifs:
                self._add("if {}", (test,), "statement", boolean=True)
        if isinstance(node, ast.DictComp):
            self._add("collect {}: {}", (node.key, node.value), "statement")
        else:
            self._add("collect {}", (node.elt,), "statement")
        self._add("{}", (node,), "expression")


def _heads(  # noqa: C901 - one case for each kind of statement
    statement: ast.stmt,
) -> Iterator[tuple[str, tuple[ast.expr, ...], bool]]:
    """Yield templates and what fills them; the last one is the statement as a whole."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(target, value)
        case ast.AugAssign(target=target, op=op, value=value):
            yield from _assigned(target, ast.BinOp(left=target, op=op, right=value))
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.expr() as target, attr=attr), args=[value])
        ) if attr in ("append", "extend", "add"):
            added = value if attr == "extend" else ast.List(elts=[value], ctx=ast.Load())
            if attr != "extend":
                yield "collect {}", (value,), False
            yield from _assigned(target, ast.BinOp(left=target, op=ast.Add(), right=added))
        case ast.Expr(value=value):
            yield "do {}", (value,), False
        case ast.Return(value=ast.expr() as value):
            yield "return {}", (value,), False
        case ast.If(test=test):
            yield "if {}", (test,), True
        case ast.While(test=test):
            yield "while {}", (test,), True
        case ast.For(target=target, iter=iterable):
            yield "for {} in {}", (target, iterable), False
        case ast.Raise(exc=ast.Call(func=raised)) | ast.Raise(exc=ast.expr() as raised):
            yield "raise {}", (raised,), False
        case ast.With(items=[ast.withitem(context_expr=value), *_]):
            yield "with {}", (value,), False
        case ast.Assert(test=test):
            yield "assert {}", (test,), True
        case ast.Delete(targets=targets):
            yield "del " + "{} " * len(targets), tuple(targets), False
        case ast.Return():
            yield "return", (), False
        case ast.FunctionDef(args=arguments):
            yield _signature(arguments), tuple(_defaults(arguments)), False
        case ast.Try(handlers=handlers):
            for handler in handlers:
                if handler.type is not None:
                    yield "except {}", (handler.type,), False
            yield "try", (), False
        case _:
            yield type(statement).__name__.lower(), (), False


def _assigned(
    target: ast.expr, value: ast.expr
) -> Iterator[tuple[str, tuple[ast.expr, ...], bool]]:
    match target, value:
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for one, other in zip(targets, values, strict=True):
                yield "{} = {}", (one, other), False
        case _:
            yield "{} = {}", (target, value), False


def _signature(arguments: ast.arguments) -> str:
    stars = "*" * (arguments.vararg is not None) + "k" * len(arguments.kwonlyargs)
    return f"def({len(arguments.args)}{stars})" + " {}" * len(list(_defaults(arguments)))


def _defaults(arguments: ast.arguments) -> Iterator[ast.expr]:
    yield from arguments.defaults
    yield from (each for each in arguments.kw_defaults if each is not None)


def _parts(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield the expressions of a statement that do not stand in its body."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            yield child
        elif isinstance(child, ast.withitem):
            yield child.context_expr


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        inner = getattr(statement, name, None)
        if inner:
            yield inner
    for handler in getattr(statement, "handlers", ()):
        yield handler.body


def _is_text(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring, `...` or `pass`."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def _weight(part: ast.AST) -> float:
    """Say how much an expression tells: its operators, calls and constants."""
    weight = 0.0
    for node in ast.walk(part):
        match node:
            case ast.Constant(value=value):
                common = value in (0, 1, 2, 10, "", None, True, False, " ", ...)
                weight += 0.5 if common else 1.5
            case ast.Name():
                weight += 0.25
            case ast.Call() | ast.comprehension():
                weight += 1.5
            case ast.operator() | ast.boolop() | ast.cmpop() | ast.unaryop() | ast.Subscript():
                weight += 1.0
            case _:
                pass
    return weight


@lru_cache(maxsize=512)
def skeleton_of(source: str) -> str:
    """Return a program with its names numbered as they come; "" when it can't be parsed."""
    tree = parse(source)
    if tree is None:
        return ""
    numbers: dict[str, str] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if name not in BUILT_IN:
                node.id = numbers.setdefault(name, f"_{len(numbers)}")
            case ast.arg(arg=name):
                node.arg = numbers.setdefault(name, f"_{len(numbers)}")
            case (
                ast.FunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.ExceptHandler(name=str(name))
            ):
                node.name = numbers.setdefault(name, f"_{len(numbers)}")
            case _:
                pass
        match getattr(node, "body", None):
            case [ast.Expr(value=ast.Constant()), _, *_] as body:
                del body[0]
    return ast.unparse(tree)
