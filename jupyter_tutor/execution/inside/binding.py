"""Finding the scopes of a source and what its names are bound to."""

import ast
from collections.abc import Iterable, Iterator

from .scopes import OWN, Function, Scope, bind_imports, bind_parameters, bind_targets


def function_path(path: str, node: Function) -> str:
    """Return the name that tells a function from all others."""
    last = (
        f"<lambda {node.lineno}:{node.col_offset}>" if isinstance(node, ast.Lambda) else node.name
    )
    return f"{path}.{last}" if path else last


def outer_parts(node: Function) -> list[ast.AST]:
    """Return the parts of a function that belong to the scope around it."""
    arguments = node.args
    parts: list[ast.AST | None] = [*arguments.defaults, *arguments.kw_defaults]
    if not isinstance(node, ast.Lambda):
        parts += [*node.decorator_list, node.returns]
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    parts += [each.annotation for each in every]
    return [part for part in parts if part is not None]


class Binder:
    """Finds scopes and notes what is bound in them."""

    def __init__(self, scopes: dict[ast.AST, Scope]) -> None:
        """Create one that puts the scope of each function, class and comprehension into a table."""
        self._scopes = scopes

    def body(self, statements: Iterable[ast.AST], scope: Scope, path: str) -> None:
        """Bind what some statements bind in their scope."""
        nodes = list(statements)
        for declaration in _declared(nodes):
            around = scope.parent if isinstance(declaration, ast.Nonlocal) else None
            for name in declaration.names:
                home = around.home(name) if around is not None else None
                scope.elsewhere[name] = home or scope.module
        for node in nodes:
            self._node(node, scope, path)

    def _node(self, node: ast.AST, scope: Scope, path: str) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                scope.bind(node.name, OWN + function_path(path, node))
                self._function(node, scope, path)
            case ast.Lambda():
                self._function(node, scope, path)
            case ast.ClassDef():
                inner = f"{path}.{node.name}" if path else node.name
                scope.bind(node.name, OWN + inner)
                self._scopes[node] = Scope(scope, is_class=True)
                self.body(node.body, self._scopes[node], inner)
                self._children([*node.decorator_list, *node.bases, *node.keywords], scope, path)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                inside = self._scopes[node] = Scope(scope)
                for generator in node.generators:
                    bind_targets(generator.target, None, inside)
                self._children(ast.iter_child_nodes(node), inside, path)
            case _:
                self._bind(node, scope, path)
                self._children(ast.iter_child_nodes(node), scope, path)

    def _bind(self, node: ast.AST, scope: Scope, path: str) -> None:
        """Bind what a node without a scope of its own binds."""
        match node:
            case ast.Import() | ast.ImportFrom():
                bind_imports(node, scope)
            case ast.Assign(targets=assigned, value=value):
                for target in assigned:
                    self._assign(target, value, scope, path)
            case ast.AnnAssign(target=target, value=value):
                self._assign(target, value, scope, path)
            case ast.NamedExpr(target=target, value=value):
                self._assign(target, value, scope, path)
            case ast.AugAssign() | ast.For() | ast.AsyncFor():
                bind_targets(node.target, None, scope)
            case ast.withitem(optional_vars=ast.expr() as target):
                bind_targets(target, None, scope)
            case ast.ExceptHandler(name=str(name)):
                scope.bind(name)
                scope.module.unsure.add(name)
            case ast.Delete(targets=deleted):
                scope.module.unsure |= {each.id for each in deleted if isinstance(each, ast.Name)}
            case ast.MatchAs(name=str(name)):
                scope.bind(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                scope.bind(name)

    def _assign(self, target: ast.expr, value: ast.expr | None, scope: Scope, path: str) -> None:
        if isinstance(target, ast.Name) and isinstance(value, ast.Lambda):
            scope.bind(target.id, OWN + function_path(path, value))
            return
        bind_targets(target, value, scope)

    def _function(self, node: Function, scope: Scope, path: str) -> None:
        inside = self._scopes[node] = Scope(scope)
        bind_parameters(node.args, inside)
        body = [node.body] if isinstance(node, ast.Lambda) else node.body
        self.body(body, inside, function_path(path, node))
        self._children(outer_parts(node), scope, path)

    def _children(self, nodes: Iterable[ast.AST], scope: Scope, path: str) -> None:
        for node in nodes:
            self._node(node, scope, path)


def _declared(nodes: Iterable[ast.AST]) -> Iterator[ast.Global | ast.Nonlocal]:
    """Yield the `global` and `nonlocal` statements of a scope, not those of scopes in it."""
    for node in nodes:
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield node
        elif not isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        ):
            yield from _declared(ast.iter_child_nodes(node))
