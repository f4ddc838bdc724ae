"""What the names of an answer stand for, as far as the syntax tree tells without running it.

A name is followed through imports, assignments and default values, whatever order they stand in, to
what it was first: `from builtins import sorted as s; t = s` makes `t` stand for `sorted`. What can
only be known by running, such as items of a list or results of calls, stands for nothing.
"""

import ast
import builtins
from collections.abc import Iterator
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

OWN = "own:"
"""Before the name of what the answer defines itself."""

_BUILT_IN = frozenset(dir(builtins))
_BUILTIN_MODULES = ("builtins", "__builtins__")
LOADERS = frozenset({"__import__", "importlib.import_module"})


class Scope:
    """The names bound in a module, a function or a class."""

    def __init__(self, parent: "Scope | None" = None, *, is_class: bool = False) -> None:
        self.parent = parent
        self.is_class = is_class
        self.bound: dict[str, list[ast.expr | str]] = {}
        self.elsewhere: dict[str, Scope] = {}
        self.known: dict[str, frozenset[str]] = {}
        self.sure: set[str] = set()
        self.unsure: set[str] = set()

    def reach(self, statement: ast.stmt) -> None:
        """Note that a statement of this module has run by now: what it binds is bound for sure."""
        bound = Scope(self)
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                bound.bind(name)
            case ast.ClassDef(name=name):
                bound.bind(name)
            case ast.Assign(targets=assigned):
                for target in assigned:
                    bind_targets(target, None, bound)
            case ast.AnnAssign(target=target, value=ast.expr()):
                bind_targets(target, None, bound)
            case ast.Import() | ast.ImportFrom():
                bind_imports(statement, bound)
        self.sure |= set(bound.bound)

    def may_be_built_in(self, name: str) -> bool:
        """Whether a name of this scope may still be the built-in one where it is used.

        A name of a function is its own from the beginning; one of a module or a class is the
        built-in one until it is bound, and again once it is deleted.
        """
        if name not in _BUILT_IN or not (self.parent is None or self.is_class):
            return False
        return name not in self.sure or name in self.unsure

    def bind(self, name: str, to: ast.expr | str | None = None) -> None:
        """Note that a name gets a value: an expression, a known target, or something unknown."""
        scope = self.elsewhere.get(name, self)
        targets = scope.bound.setdefault(name, [])
        if to is not None:
            targets.append(to)

    def home(self, name: str) -> "Scope | None":
        """Return the scope that a name used here belongs to, or None for a name from outside."""
        if name in self.elsewhere:
            return self.elsewhere[name]
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bound and not (scope.is_class and scope is not self):
                return scope
            scope = scope.parent
        return None

    @property
    def module(self) -> "Scope":
        """The outermost scope."""
        return self if self.parent is None else self.parent.module


def targets(
    expression: ast.expr, scope: Scope, seen: set[tuple[int, str]] | None = None
) -> frozenset[str]:
    """Return what an expression may stand for: dotted names, methods as `.name`, own functions.

    Args:
        expression: In the source.
        scope: Where it stands.
        seen: The names that were followed already.
    """
    seen = set() if seen is None else seen
    match expression:
        case ast.Name(id=name):
            return _of_name(name, scope, seen)
        case ast.Attribute(value=value, attr=name):
            return _of_attribute(value, name, scope, seen)
        case ast.Call(func=function, args=[ast.Constant(value=str(text)), *_]):
            loads = targets(function, scope, seen) & LOADERS
            return frozenset({text}) if loads else frozenset()
        case ast.Call(func=function, args=[value, ast.Constant(value=str(name)), *_]):
            if "getattr" in targets(function, scope, seen):
                return _of_attribute(value, name, scope, seen)
        case ast.NamedExpr(value=value):
            return targets(value, scope, seen)
        case ast.IfExp(body=body, orelse=other):
            return targets(body, scope, seen) | targets(other, scope, seen)
        case ast.BoolOp(values=values):
            return frozenset().union(*(targets(each, scope, seen) for each in values))
    return frozenset()


def _of_name(name: str, scope: Scope, seen: set[tuple[int, str]]) -> frozenset[str]:
    home = scope.home(name)
    if home is None:
        return frozenset({name})
    built_in_too = frozenset({name} if home.may_be_built_in(name) else ())
    if not seen and name in home.known:
        return home.known[name] | built_in_too
    if (id(home), name) in seen:
        return frozenset()
    whole = not seen
    seen.add((id(home), name))
    found: set[str] = set()
    for each in home.bound[name]:
        found |= {each} if isinstance(each, str) else targets(each, home, seen)
    if whole:
        home.known[name] = frozenset(found)
    return frozenset(found) | built_in_too


def _of_attribute(
    value: ast.expr, name: str, scope: Scope, seen: set[tuple[int, str]]
) -> frozenset[str]:
    found: set[str] = set()
    for base in targets(value, scope, seen):
        outside = isinstance(value, ast.Name) and scope.home(value.id) is None
        if base in _BUILTIN_MODULES:
            found.add(name)
        elif base in _BUILT_IN or outside:
            # A class like `list`, or something that nobody knows here.
            found |= {f"{base}.{name}", f".{name}"}
        elif not base.startswith("."):
            found.add(f"{base}.{name}")
    return frozenset(found or {f".{name}"})


def built_in(names: frozenset[str]) -> Iterator[str]:
    """Yield those of some targets that are built-in names."""
    return (name for name in sorted(names) if name in _BUILT_IN)


def bind_targets(target: ast.expr, value: ast.expr | None, scope: Scope) -> None:
    """Bind what an assignment assigns, part by part where both sides have parts."""
    match target:
        case ast.Name(id=name):
            scope.bind(name, value)
        case ast.Starred(value=inner):
            bind_targets(inner, None, scope)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            values: list[ast.expr | None] = [None] * len(parts)
            starred = any(isinstance(part, ast.Starred) for part in parts)
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parts):
                values = [None] * len(parts) if starred else list(value.elts)
            for part, each in zip(parts, values, strict=True):
                bind_targets(part, each, scope)


def bind_imports(node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    """Bind what an import binds."""
    for alias in node.names:
        if isinstance(node, ast.Import):
            whole = alias.asname is not None
            scope.bind(
                alias.asname or alias.name.partition(".")[0],
                alias.name if whole else alias.name.partition(".")[0],
            )
        elif alias.name != "*":
            scope.bind(alias.asname or alias.name, imported(node, alias.name))


def imported(node: ast.ImportFrom, name: str) -> str:
    """Return the dotted name of what is imported out of a module."""
    module = "." * node.level + (node.module or "")
    return name if module in _BUILTIN_MODULES else f"{module}.{name}"


def bind_parameters(arguments: ast.arguments, scope: Scope) -> None:
    """Bind parameters to their default values, which belong to the scope around."""
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    pairs = [*zip(positional, defaults, strict=True)]
    pairs += [*zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    pairs += [(one, None) for one in (arguments.vararg, arguments.kwarg) if one is not None]
    for parameter, default in pairs:
        scope.bind(parameter.arg)
        if default is not None and scope.parent is not None:
            for target in targets(default, scope.parent):
                scope.bind(parameter.arg, target)
