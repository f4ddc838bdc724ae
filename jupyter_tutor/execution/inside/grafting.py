"""Edits that put one expression of a program that passes into one that does not.

A solution that computes in one line what another one computes in three has no statement to give,
but its expressions can be compared: what a name stands for, as far as plain assignments tell, takes
its place first. Expressions go in the place of others, and between `and` or `or`. Nothing is run
here, and none is longer than `MOST_LETTERS`: sandboxes in which the answer runs see these splices
and no program that passes.
"""

import ast
import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .donors import functions, in_names, likeness, namings, own_nodes, partner_of, words_of
from .splicing import SCOPES, Source, Splice, local_names

MOST_LETTERS: Final = 100
MOST_EDITS: Final = 1_500
_MOST_PIECES: Final = 60
_MOST_STEPS: Final = 40
_GRAFTED: Final = "grafted"
_GIVEN: Final = (
    ast.BinOp,
    ast.BoolOp,
    ast.Call,
    ast.Compare,
    ast.Dict,
    ast.DictComp,
    ast.GeneratorExp,
    ast.IfExp,
    ast.JoinedStr,
    ast.List,
    ast.ListComp,
    ast.Set,
    ast.SetComp,
    ast.Subscript,
    ast.Tuple,
    ast.UnaryOp,
)
_TAKEN: Final = (*_GIVEN, ast.Name)
_TRUTHS: Final = (ast.BoolOp, ast.Call, ast.Compare, ast.UnaryOp)
_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)


@dataclass(frozen=True, slots=True)
class _Piece:
    """An expression to be put in, in the names of the answer."""

    text: str
    kind: type[ast.AST]


def grafts(source: Source, donors: Sequence[ast.Module]) -> list[Splice]:
    """Return edits of one cell, those that change least first.

    Args:
        source: The cell.
        donors: Programs that pass, the likest first.
    """
    found: dict[tuple[int, int, str], Splice] = {}
    for ours in (*functions(source.tree), source.tree):
        pieces: dict[str, _Piece] = {}
        for donor in donors:
            theirs = partner_of(source.tree, ours, donor)
            if theirs is not None and len(pieces) < _MOST_PIECES:
                for each in _pieces(theirs, ours):
                    pieces.setdefault(each.text, each)
        for edit in _edits(source, ours, [*pieces.values()][:_MOST_PIECES]):
            found.setdefault((edit.start, edit.end, edit.text), edit)
    ordered = sorted(found.values(), key=lambda each: (-each.near, each.start, each.text))
    return ordered[:MOST_EDITS]


def _pieces(theirs: ast.AST, ours: ast.AST) -> Iterator[_Piece]:
    """Yield the expressions of a function, also with what their names stand for, in our names."""
    own = {*local_names(ours)[0], *local_names(ours)[1], getattr(ours, "name", "")}
    bound = {*local_names(theirs)[0], *local_names(theirs)[1]}
    ways = [*namings(theirs, ours)]
    for node in _expressions(theirs):
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        text = ast.unparse(node)
        for way in ways:
            used = {way.get(name, name) for name in names & bound}
            if used <= own | _bound_inside(node):
                changes = {old: new for old, new in way.items() if old in names and old != new}
                renamed = in_names(text, changes)
                if len(renamed) <= MOST_LETTERS and "\n" not in renamed:
                    yield _Piece(renamed, type(node))
                break


def _expressions(function: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of a function, each as it stands and with its names resolved."""
    meanings: dict[str, ast.expr] = {}
    for statement in getattr(function, "body", [])[:_MOST_STEPS]:
        if isinstance(statement, SCOPES):
            continue
        inside = {**meanings}
        if getattr(statement, "body", None):
            for name in _set_in(statement):
                inside.pop(name, None)
        for node in (statement, *own_nodes(ast.Module([statement], []))):
            if isinstance(node, _GIVEN) and isinstance(getattr(node, "ctx", _LOAD), ast.Load):
                yield node
                resolved = _resolved(node, inside)
                if resolved is not None:
                    yield resolved
        _learn(statement, meanings)


_LOAD: Final = ast.Load()


def _learn(statement: ast.stmt, meanings: dict[str, ast.expr]) -> None:
    """Take in what a statement says of what names stand for."""
    values: dict[str, ast.expr] = {}
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            values = {name: value}
        case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=given)):
            names = [each.id for each in targets if isinstance(each, ast.Name)]
            if len(names) == len(given):
                values = dict(zip(names, given, strict=True))
    resolved = {name: _resolved(value, meanings) or value for name, value in values.items()}
    changed = _set_in(statement)
    for name in [*meanings]:
        parts = {each.id for each in ast.walk(meanings[name]) if isinstance(each, ast.Name)}
        if name in changed or parts & changed:
            del meanings[name]
    for name, value in resolved.items():
        uses = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
        if not uses & changed and len(ast.unparse(value)) <= MOST_LETTERS:
            meanings[name] = value


def _resolved(node: ast.expr, meanings: dict[str, ast.expr]) -> ast.expr | None:
    """Return an expression with the meanings of its names, or None where that changes nothing."""
    used = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} & meanings.keys()
    inner = _bound_inside(node)
    if not used or used & inner:
        return None
    if any({*_names(meanings[name])} & inner for name in used):
        return None
    whole = _Resolving(meanings).visit(copy.deepcopy(node))
    return whole if isinstance(whole, ast.expr) else None


class _Resolving(ast.NodeTransformer):
    """Puts meanings in the place of names."""

    def __init__(self, meanings: dict[str, ast.expr]) -> None:
        self._meanings = meanings

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Return what a name stands for."""
        return copy.deepcopy(self._meanings.get(node.id, node))


def _names(node: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def _set_in(node: ast.AST) -> set[str]:
    """Return the names that a statement binds, or may change the values of."""
    found = {
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
    }
    for each in ast.walk(node):
        match each:
            case ast.Attribute(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                found.add(name)
    return found


def _bound_inside(node: ast.AST) -> set[str]:
    """Return the names that comprehensions and lambdas of an expression bind."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, _COMPREHENSIONS):
            found |= {
                name.id
                for name in ast.walk(each)
                if isinstance(name, ast.Name) and not isinstance(name.ctx, ast.Load)
            }
            if isinstance(each, ast.Lambda):
                found |= {argument.arg for argument in each.args.args}
    return found


def _edits(source: Source, ours: ast.AST, pieces: Sequence[_Piece]) -> Iterator[Splice]:
    counted = [(each, words_of(each.text)) for each in pieces]
    for node in _places(source, ours):
        old = source.of(node)
        words, bare = words_of(old), "".join(old.split())
        for piece, given in counted:
            if "".join(piece.text.split()) == bare:
                continue
            near = 0.3 + 0.55 * likeness(words, given) + 0.05 * (type(node) is piece.kind)
            text = source.fitting(node, piece.text)
            yield source.replaced(node, text, _GRAFTED, min(near, 0.9))
        if _is_truth(source, node):
            yield from _operands(source, node, pieces)


def _operands(source: Source, node: ast.expr, pieces: Sequence[_Piece]) -> Iterator[Splice]:
    """Ask for one thing more, or let one thing more be enough."""
    start, end = source.span(node)
    for piece in pieces:
        if not issubclass(piece.kind, _TRUTHS):
            continue
        text = f"({piece.text})" if issubclass(piece.kind, ast.BoolOp) else piece.text
        for word in ("and", "or"):
            is_same = isinstance(node, ast.BoolOp) and isinstance(node.op, _OF_WORD[word])
            old = source.of(node)
            if is_same or not isinstance(node, ast.BoolOp):
                edit = Splice(
                    end, end, f" {word} {text}", node.end_lineno or node.lineno, _GRAFTED, 0.45
                )
                yield edit
                if " ".join(old.split()) == old:
                    yield replace(edit, start=start, end=start, text=f"{text} {word} ", near=0.4)


_OF_WORD: Final = {"and": ast.And, "or": ast.Or}


def _is_truth(source: Source, node: ast.expr) -> bool:
    """Whether an expression is a whole condition, or what is returned for true or false."""
    above = source.parent(node)
    if isinstance(above, ast.BoolOp):
        return False
    is_test = getattr(above, "test", None) is node or node in getattr(above, "ifs", ())
    is_value = isinstance(above, ast.Return | ast.Assign) and isinstance(
        node, ast.BoolOp | ast.Compare
    )
    return is_test or is_value


def _places(source: Source, function: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of a function that another one could stand in the place of."""
    inside_text: set[ast.AST] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.JoinedStr):
            inside_text |= {*ast.walk(node)} - {node}
        if node in inside_text or not isinstance(node, _TAKEN):
            continue
        above = source.parent(node)
        is_called = isinstance(above, ast.Call) and above.func is node
        if isinstance(getattr(node, "ctx", _LOAD), ast.Load) and not is_called:
            yield node
