"""Facts about the syntax tree of an answer: what is called, imported, looped over, defined.

Nothing of the answer is run for this. What a rule makes of the facts is decided outside.
"""

import ast
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from .binding import Binder, function_path, outer_parts
from .magics import without_magics
from .scopes import LOADERS, OWN, Function, Scope, built_in, imported, targets

Described = dict[str, Any]

MOST_FACTS = 10_000
_DEPTH = 20_000
_MOST_LINES = 20
_NAME = 200
_COMPREHENSIONS: dict[type[ast.AST], str] = {
    ast.ListComp: "list",
    ast.SetComp: "set",
    ast.DictComp: "dict",
    ast.GeneratorExp: "generator",
}
_STATEMENTS: dict[str, tuple[type[ast.AST], ...]] = {
    "if": (ast.If, ast.IfExp),
    "try": tuple(getattr(ast, name) for name in ("Try", "TryStar") if hasattr(ast, name)),
    "with": (ast.With, ast.AsyncWith),
    "match": (ast.Match,),
    "return": (ast.Return,),
    "yield": (ast.Yield, ast.YieldFrom),
    "raise": (ast.Raise,),
    "assert": (ast.Assert,),
    "del": (ast.Delete,),
    "global": (ast.Global,),
    "nonlocal": (ast.Nonlocal,),
    "lambda": (ast.Lambda,),
    "await": (ast.Await,),
    "break": (ast.Break,),
    "continue": (ast.Continue,),
    "pass": (ast.Pass,),
}
_WORDS = {kind: word for word, kinds in _STATEMENTS.items() for kind in kinds}


class TooManyFacts(Exception):
    """An answer has more constructs than are told."""


_UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError, TooManyFacts)


def read_source(
    setup: Iterable[str],
    cells: Iterable[Described],
    parse: Callable[[str, str], ast.Module],
) -> Described:
    """Return the `facts` of some cells and which are `unread`; nothing of them is run.

    Args:
        setup: Sources of the author's set-up, of which only the names count.
        cells: Name and source of each answer cell.
        parse: Parses a source, given with a file name.
    """
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(_DEPTH)
    try:
        return _read(setup, cells, parse)
    finally:
        sys.setrecursionlimit(usual)


def _read(
    setup: Iterable[str],
    cells: Iterable[Described],
    parse: Callable[[str, str], ast.Module],
) -> Described:
    source = FactsOfSource()
    unread: list[str] = []
    trees: list[tuple[str, ast.Module]] = []
    for text in setup:
        with suppress(*_UNREADABLE):
            source.given(parse(text, "setup"))
    for cell in cells:
        try:
            tree = without_magics(parse(cell["source"], cell["name"]), parse)
            source.bind(tree)
        except _UNREADABLE:
            unread.append(cell["name"])
        else:
            trees.append((cell["name"], tree))
    for name, tree in trees:
        try:
            source.read(tree, name)
        except _UNREADABLE:
            unread.append(name)
    return {"facts": source.told(), "unread": unread}


Note = Callable[[str, str, str, int, tuple[str, ...]], None]


class CallGraph:
    """Which of the answer's own functions call which."""

    def __init__(self) -> None:
        self._defined: dict[str, tuple[str, str, int, tuple[str, ...]]] = {}
        self._calls: dict[str, set[str]] = {}

    def define(self, path: str, name: str, cell: str, line: int, within: tuple[str, ...]) -> None:
        """Note a function; `within` includes its own name, as for what stands in it."""
        self._defined[path] = (name, cell, line, within)

    def call(self, caller: str, called: Iterable[str]) -> None:
        """Note what a function may call; a function in a function counts for both."""
        self._calls.setdefault(caller, set()).update(called)

    def recursive(self) -> list[tuple[str, str, int, tuple[str, ...]]]:
        """Return the functions from which calls lead back to themselves."""
        return [told for path, told in self._defined.items() if path in self._reached(path)]

    def _reached(self, path: str) -> set[str]:
        reached: set[str] = set()
        left = list(self._calls.get(path, ()))
        while left:
            each = left.pop()
            if each not in reached:
                reached.add(each)
                left += self._calls.get(each, ())
        return reached


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a source something stands.

    Attributes:
        scope: Its scope.
        within: Names of the functions around it.
        path: The innermost function or class around it.
        owner: The class whose method it stands in, and what that calls its object.
    """

    scope: Scope
    within: tuple[str, ...] = ()
    path: str = ""
    owner: tuple[str, str] | None = None


class FactsOfSource:
    """Collects facts, cell by cell; names hold across cells."""

    def __init__(self) -> None:
        self._module = Scope()
        self._scopes: dict[ast.AST, Scope] = {}
        self._facts: dict[tuple[str, str, str, int, tuple[str, ...]], None] = {}
        self._counts: dict[tuple[str, str, str, tuple[str, ...]], int] = {}
        self._graph = CallGraph()

    def bind(self, tree: ast.Module) -> None:
        """Learn what the names of a cell stand for; to be done for every cell before `read`."""
        Binder(self._scopes).body(tree.body, self._module, "")

    def given(self, tree: ast.Module) -> None:
        """Learn what a cell of the set-up binds, which runs before the answer."""
        self.bind(tree)
        for statement in tree.body:
            self._module.reach(statement)

    def read(self, tree: ast.Module, cell: str) -> None:
        """Collect the facts of a cell.

        Raises:
            TooManyFacts: There are more than are told.
        """
        reader = _Reader(self._scopes, self._note, cell, self._graph)
        for statement in tree.body:
            reader.visit(statement, _Place(self._module))
            self._module.reach(statement)

    def told(self) -> list[Described]:
        """Return all facts as plain data."""
        for name, cell, line, within in self._graph.recursive():
            self._facts["recursion", name[:_NAME], cell, line, within] = None
        keys = ("kind", "name", "cell", "line", "within")
        return [dict(zip(keys, fact, strict=True)) for fact in self._facts]

    def _note(self, kind: str, name: str, cell: str, line: int, within: tuple[str, ...]) -> None:
        name = name[:_NAME]
        of = (kind, name, cell, within)
        self._counts[of] = self._counts.get(of, 0) + 1
        if self._counts[of] <= _MOST_LINES:
            self._facts[kind, name, cell, line, within] = None
        if len(self._facts) > MOST_FACTS:
            raise TooManyFacts


class _Reader:
    """Reads the facts of one cell."""

    def __init__(
        self, scopes: dict[ast.AST, Scope], note: Note, cell: str, graph: CallGraph
    ) -> None:
        self._scopes = scopes
        self._note_fact = note
        self._cell = cell
        self._graph = graph
        self._line = 1
        self._named: dict[ast.Lambda, str] = {}

    def visit(self, node: ast.AST, place: _Place) -> None:
        """Note what a node shows, and what its parts do."""
        before = self._line
        self._line = getattr(node, "lineno", before)
        word = _WORDS.get(type(node))
        if word is not None:
            self._note("statement", word, place)
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._function(node, place)
            case ast.ClassDef():
                self._class(node, place)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._note("comprehension", _COMPREHENSIONS[type(node)], place)
                self._parts(ast.iter_child_nodes(node), replace(place, scope=self._scopes[node]))
            case _:
                self._plain(node, place)
                self._parts(ast.iter_child_nodes(node), place)
        self._line = before

    def _parts(self, nodes: Iterable[ast.AST], place: _Place) -> None:
        for node in nodes:
            self.visit(node, place)

    def _plain(self, node: ast.AST, place: _Place) -> None:
        """Note what a node without a scope of its own shows."""
        match node:
            case ast.Call():
                self._call(node, place)
            case ast.Import() | ast.ImportFrom():
                self._import(node, place)
            case ast.For() | ast.AsyncFor():
                self._note("loop", "for", place)
            case ast.While():
                self._note("loop", "while", place)
            case ast.Name(id=name, ctx=ast.Load()):
                home = place.scope.home(name)
                if home is None or home.may_be_built_in(name):
                    self._builtins(frozenset({name}), place)
            case ast.Attribute():
                self._builtins(targets(node, place.scope), place)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as function):
                self._named[function] = name
        for name in _identifiers(node):
            self._note("name", name, place)

    def _function(self, node: Function, place: _Place) -> None:
        name = self._named.get(node, "") if isinstance(node, ast.Lambda) else node.name
        path = function_path(place.path, node)
        within = (*place.within, name) if name else place.within
        if name:
            if not isinstance(node, ast.Lambda):
                self._note("function", name, place)
                self._note("name", name, place)
            self._graph.define(path, name, self._cell, self._line, within)
        if place.path:
            self._graph.call(place.path, () if name else (path,))
        owner = place.owner
        if place.scope.is_class and node.args.args:
            owner = (node.args.args[0].arg, place.path)
        inner = _Place(self._scopes[node], within, path, owner)
        self._parts(outer_parts(node), place)
        every = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        for argument in (*every, node.args.vararg, node.args.kwarg):
            if argument is not None:
                self._note("name", argument.arg, inner)
        self._parts([node.body] if isinstance(node, ast.Lambda) else node.body, inner)

    def _class(self, node: ast.ClassDef, place: _Place) -> None:
        self._note("class", node.name, place)
        self._note("name", node.name, place)
        self._parts([*node.decorator_list, *node.bases, *node.keywords], place)
        path = f"{place.path}.{node.name}" if place.path else node.name
        inner = _Place(self._scopes[node], place.within, path, place.owner)
        self._parts(node.body, inner)

    def _call(self, node: ast.Call, place: _Place) -> None:
        found = targets(node.func, place.scope)
        for name in sorted(_called(node.func, found)):
            self._note("call", name, place)
        called = [name.removeprefix(OWN) for name in found if name.startswith(OWN)]
        match node.func, place.owner:
            case ast.Attribute(value=ast.Name(id=of), attr=name), (first, path) if of == first:
                called.append(f"{path}.{name}")
        if place.path:
            self._graph.call(place.path, called)
        if found & LOADERS:
            for module in targets(node, place.scope):
                self._note("import", module, place)

    def _import(self, node: ast.Import | ast.ImportFrom, place: _Place) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                self._note("import", alias.name, place)
                continue
            module = "." * node.level + (node.module or "")
            self._note("import", module, place)
            self._note("import", f"{module}.{alias.name}", place)
            self._builtins(frozenset({imported(node, alias.name)}), place)

    def _builtins(self, names: frozenset[str], place: _Place) -> None:
        for name in built_in(names):
            self._note("builtin", name, place)

    def _note(self, kind: str, name: str, place: _Place) -> None:
        self._note_fact(kind, name, self._cell, self._line, place.within)


def _called(function: ast.expr, found: frozenset[str]) -> set[str]:
    """Return the names that a call is known by; one that nobody can follow by what is written."""
    if isinstance(function, ast.Name) and (not found or any("<lambda" in name for name in found)):
        return {function.id}
    names = {name for name in found if not name.startswith(OWN)}
    own = [name.removeprefix(OWN) for name in found - names]
    names |= {name.rpartition(".")[2] for name in own}
    if isinstance(function, ast.Attribute):
        names |= {f".{name.rpartition('.')[2]}" for name in own}
    return {name for name in names if "<lambda" not in name}


def _identifiers(node: ast.AST) -> list[str]:
    """Return the identifiers that a node itself has, not those of its parts."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return [name]
        case ast.arg(arg=str(name)) | ast.keyword(arg=str(name)):
            return [name]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            return [name]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
        case ast.alias(name=name, asname=other):
            return [*name.split("."), *([other] if other else [])]
    return []
