"""Edits that put one statement of a program that passes into one that does not.

Statements come from the reference and from earlier answers that passed, the most similar ones
first; their names become those of the answer, parameters by position, others by what they are used
for. Nothing is run here, and what comes out never holds more than one statement of at most
`MOST_LINES` lines: sandboxes in which the answer runs see these splices and no program that passes.
"""

import ast
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .donors import functions, in_names, likeness, namings, own_nodes, partner_of, words_of
from .splicing import SCOPES, Source, Splice, blocks, local_names

MOST_LINES: Final = 4
MOST_EDITS: Final = 2_000
_DONATED: Final = "donated"
_SIMPLE: Final = (
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Return,
    ast.Expr,
    ast.Raise,
    ast.Break,
    ast.Continue,
    ast.Delete,
    ast.Import,
    ast.ImportFrom,
)
_COMPOUND: Final = (ast.If, ast.For, ast.While, ast.With, ast.Try)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A statement or a condition of a donor, to be put in.

    Attributes:
        text: As written anew, without indentation.
        words: How often each word and sign occurs in it.
        kind: The class of the statement, or of what the condition belongs to.
        order: How far from the beginning of its function it stands, 0 to 1.
    """

    text: str
    words: "Counter[str]"
    kind: type[ast.AST]
    order: float


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What a donor's function is made of, and what its names are used for."""

    statements: list[_Piece]
    headers: list[_Piece]
    targets: list[_Piece]


def donations(source: Source, donors: Sequence[ast.Module]) -> list[Splice]:
    """Return edits of one cell, those that change least first.

    Args:
        source: The cell.
        donors: Programs that pass, the likest first.
    """
    found: dict[tuple[int, int, str], Splice] = {}
    for ours in (*functions(source.tree), source.tree):
        pieces = _Pieces([], [], [])
        seen: set[tuple[str, str]] = set()
        for donor in donors:
            theirs = partner_of(source.tree, ours, donor)
            if theirs is not None:
                _gather(theirs, ours, pieces, seen)
        for edit in _edits(source, ours, pieces):
            key = edit.start, edit.end, edit.text
            if key not in found or found[key].near < edit.near:
                found[key] = edit
    ordered = sorted(found.values(), key=lambda each: (-each.near, each.start, each.text))
    return ordered[:MOST_EDITS]


def _gather(theirs: ast.AST, ours: ast.AST, pieces: _Pieces, seen: set[tuple[str, str]]) -> None:
    """Add the short statements and the conditions of a function, in the names of another."""
    names = (*local_names(ours)[0], *local_names(ours)[1], getattr(ours, "name", ""))
    ways = [(way, frozenset(names)) for way in namings(theirs, ours)]
    first, whole = _first(theirs), max(_last(theirs) - _first(theirs), 1)
    for node in own_nodes(theirs):
        order = (_first(node) - first) / whole
        is_short = _last(node) - _first(node) <= 2 * MOST_LINES
        if isinstance(node, (*_SIMPLE, *_COMPOUND)) and is_short and not _is_text(node):
            _add(pieces.statements, node, node, order, ways, seen)
        header = _header(node)
        if header is not None:
            _add(pieces.headers, header, node, order, ways, seen)
        if isinstance(node, ast.For):
            both = ast.copy_location(ast.For(node.target, node.iter, [ast.Pass()], []), node)
            _add(pieces.targets, both, node, order, ways, seen)


def _add(
    to: list[_Piece],
    node: ast.AST,
    owner: ast.AST,
    order: float,
    ways: list[tuple[dict[str, str], frozenset[str]]],
    seen: set[tuple[str, str]],
) -> None:
    text = ast.unparse(node)
    if isinstance(node, ast.For) and node is not owner:
        text = text.partition("\n")[0].removeprefix("for ").removesuffix(":")
    if text.count("\n") >= MOST_LINES:
        return
    named = [each for each in ast.walk(node) if isinstance(each, ast.Name)]
    set_here = {each.id for each in named if isinstance(each.ctx, ast.Store)}
    names = {each.id for each in named}
    for way, own in ways:
        changes = {old: new for old, new in way.items() if old in names and old != new}
        if any(way[name] not in own for name in (names & way.keys()) - set_here):
            continue  # it would use a name that the answer does not have
        other = in_names(text, changes)
        key = type(node).__name__ + type(owner).__name__, other
        if key not in seen:
            seen.add(key)
            to.append(_Piece(other, words_of(other), type(owner), order))


def _edits(source: Source, ours: ast.AST, pieces: _Pieces) -> Iterator[Splice]:
    for block in _blocks(ours):
        if all(source.owns_lines(each) for each in block) and not source.is_elif(block[0]):
            yield from _into(source, ours, block, pieces.statements)
    for node in own_nodes(ours):
        place = _header(node)
        if place is not None and _first(place) == _last(place):
            yield from _conditions(source, node, place, pieces)


def _into(
    source: Source, ours: ast.AST, block: list[ast.stmt], statements: list[_Piece]
) -> Iterator[Splice]:
    """Replace each statement of a block, and put one in before each and at the end."""
    blanks = source.indent(block[0])
    first, whole = _first(ours), max(_last(ours) - _first(ours), 1)
    written = [(each, textwrap.indent(each.text, blanks) + "\n") for each in statements]
    for number, node in enumerate(block):
        is_short = _last(node) - node.lineno < MOST_LINES and not isinstance(node, SCOPES)
        old = source.lines_of(node)
        words, there = words_of(old), (node.lineno - first) / whole
        for each, text in written:
            at = abs(each.order - there)
            if is_short and text.split() != old.split():
                near = 0.35 + 0.6 * likeness(words, each.words) - 0.1 * at
                near += 0.05 * (type(node) is each.kind)
                edit = source.relined(node.lineno, _last(node), text, node.lineno, _DONATED)
                yield replace(edit, near=near)
            if number or not _is_text(node):
                near = 0.45 - 0.25 * at
                yield source.inserted(node.lineno, text, node.lineno, _DONATED, near)
    end = _last(block[-1])
    for each, text in written:
        near = 0.5 - 0.25 * abs(each.order - (end - first) / whole)
        yield source.inserted(end + 1, text, end, _DONATED, near)


def _conditions(
    source: Source, node: ast.AST, place: ast.expr, pieces: _Pieces
) -> Iterator[Splice]:
    """Replace what a loop goes over, or what a branch or a loop depends on."""
    old = source.of(place)
    words = words_of(old)
    for each in pieces.headers:
        same = issubclass(each.kind, ast.For) == isinstance(node, ast.For)
        if same and "".join(each.text.split()) != "".join(old.split()):
            near = 0.4 + 0.6 * likeness(words, each.words)
            yield source.replaced(place, each.text, _DONATED, near)
    if isinstance(node, ast.For):
        start, end = source.span(node.target)[0], source.span(node.iter)[1]
        for each in pieces.targets:
            if "\n" not in source.text[start:end]:
                yield Splice(start, end, each.text, node.lineno, _DONATED, 0.4)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _header(node: ast.AST) -> ast.expr | None:
    if isinstance(node, ast.If | ast.While):
        return node.test
    return node.iter if isinstance(node, ast.For) else None


def _blocks(function: ast.AST) -> Iterator[list[ast.stmt]]:
    for block in blocks(function):
        yield block
        for node in block:
            if not isinstance(node, SCOPES):
                yield from _blocks(node)


def _first(node: ast.AST) -> int:
    return getattr(node, "lineno", 1)


def _last(node: ast.AST) -> int:
    body = getattr(node, "body", None)
    last = getattr(node, "end_lineno", None)
    if last is None and isinstance(body, list) and body:
        last = getattr(body[-1], "end_lineno", None)
    return last or _first(node)
