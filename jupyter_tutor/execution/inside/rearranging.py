"""Edits of statements that mend mistakes beginners make: a return in a loop, a step too many.

As in `mutating` nothing is run; whole lines are moved, put in, left out or written anew.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from .splicing import (
    FUNCTIONS,
    LOOPS,
    SCOPES,
    Function,
    Source,
    Splice,
    blocks,
    local_names,
    shifted,
)

_STEP: Final = "    "
_GUARDS: Final = ("not {0}", "{0} == 1", "{0} < 0", "len({0}) == 1")
_GUARDED: Final = ("0", "False", "True", '""', "[]", "None", "1", "-1", "{0}")
_LAST: Final = ("0", "False", "True", "-1", "None", '""', "[]")
_RESULTS: Final = frozenset({
    "strip", "lower", "upper", "replace", "title", "capitalize", "lstrip", "rstrip", "split",
    "swapcase", "union", "intersection", "difference",
})  # fmt: skip
_IN_PLACE: Final = frozenset({"sort", "append", "extend", "reverse", "add", "insert", "update"})
_MOST_LINES: Final = 12


def rearrangements(source: Source) -> Iterator[Splice]:
    """Yield edits of the statements of one cell, block by block."""
    for node in ast.walk(source.tree):
        for block in blocks(node):
            if any(source.is_elif(each) for each in block):
                yield from _branch(source, block[0])
                continue
            if all(source.owns_lines(each) for each in block):
                yield from _block(source, node, block)
        if isinstance(node, FUNCTIONS) and source.owns_lines(node.body[0]):
            yield from _function(source, node)
        if isinstance(node, ast.While):
            yield from _while(source, node)


def _branch(source: Source, node: ast.stmt) -> Iterator[Splice]:
    """Turn `elif` into `if`, or leave the branch out."""
    start, _ = source.span(node)
    yield Splice(start, start + 4, "if", node.lineno, "elif")
    assert isinstance(node, ast.If)
    if not node.orelse:
        yield source.relined(node.lineno, _last(node), "", node.lineno, "extra_statement")


def _block(source: Source, owner: ast.AST, block: list[ast.stmt]) -> Iterator[Splice]:
    for number, node in enumerate(block):
        yield from _alone(source, owner, block, node)
        if number:
            yield from _beside(source, block[number - 1], node)
    yield from _out(source, owner, block)
    if isinstance(owner, LOOPS):
        yield from _of_loop(source, owner, block)


def _alone(
    source: Source, owner: ast.AST, block: list[ast.stmt], node: ast.stmt
) -> Iterator[Splice]:
    """Leave a statement out, or change it as a whole."""
    if isinstance(node, (*SCOPES, ast.Import, ast.ImportFrom, ast.Pass)):
        return
    if _last(node) - node.lineno < _MOST_LINES:
        text = f"{source.indent(node)}pass\n" if len(block) == 1 else ""
        yield source.relined(node.lineno, _last(node), text, node.lineno, "extra_statement")
    if isinstance(node, ast.Break | ast.Continue):
        other = "continue" if isinstance(node, ast.Break) else "break"
        yield source.replaced(node, other, "break")
    if isinstance(node, ast.Expr):
        yield from _result(source, owner, block, node)
    if isinstance(node, ast.Assign | ast.Return):
        yield from _in_place(source, node)
    if isinstance(node, ast.While | ast.If) and not source.is_elif(node):
        start, _ = source.span(node)
        old, new = ("while", "if") if isinstance(node, ast.While) else ("if", "while")
        yield Splice(start, start + len(old), new, node.lineno, "loop_kind", 0.3)
    if isinstance(node, ast.If) and source.loop(node) is not None:
        inner = node.body[-1]
        if source.owns_lines(inner) and not isinstance(inner, ast.Break | ast.Return):
            text = f"{source.indent(inner)}break\n"
            yield source.inserted(_last(inner) + 1, text, _last(inner), "break", 0.3)


def _result(
    source: Source, owner: ast.AST, block: list[ast.stmt], node: ast.Expr
) -> Iterator[Splice]:
    """Use what a call gives: return it, or keep it."""
    value, text = node.value, source.of(node.value)
    in_function = source.function(node) is not None
    match value:
        case ast.Call(func=ast.Name(id="print"), args=[first, *others]) if in_function:
            given = ", ".join(source.of(each) for each in (first, *others))
            yield source.replaced(node, f"return {given}", "printed", 0.9)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=attr)):
            if attr in _RESULTS:
                yield source.replaced(node, f"{name} = {text}", "unused_result", 0.9)
        case ast.Call(func=ast.Name(id="sorted" | "reversed" | "list"), args=[ast.Name(id=name)]):
            yield source.replaced(node, f"{name} = {text}", "unused_result", 0.9)
        case ast.Name() | ast.Attribute():
            yield source.replaced(node, f"{text}()", "call_brackets", 0.7)
    if in_function and not isinstance(value, ast.Constant):
        near = 0.7 if node is block[-1] and isinstance(owner, FUNCTIONS) else 0.3
        yield source.replaced(node, f"return {text}", "missing_return", near)


def _in_place(source: Source, node: ast.Assign | ast.Return) -> Iterator[Splice]:
    """Mend the use of what a method that works in place gives: None."""
    match node.value:
        case ast.Call(func=ast.Attribute(value=of, attr=attr)) if attr in _IN_PLACE:
            call, name = source.of(node.value), source.of(of)
            if isinstance(node, ast.Assign):
                yield source.replaced(node, call, "unused_result", 0.9)
                return
            blanks = source.indent(node)
            yield source.replaced(node, f"{call}\n{blanks}return {name}", "unused_result", 0.9)
            if attr == "sort":
                yield source.replaced(node, f"return sorted({name})", "unused_result", 0.9)
    if isinstance(node, ast.Return) and node.value is not None:
        match node.value:
            case ast.Call(func=ast.Name(id="print"), args=[only]):
                yield source.replaced(node, f"return {source.of(only)}", "printed", 0.9)


def _beside(source: Source, before: ast.stmt, node: ast.stmt) -> Iterator[Splice]:
    """Swap two statements, put one into the block before it, join two branches."""
    if isinstance(node, SCOPES) or before.lineno == node.lineno:
        return
    first, last = before.lineno, _last(node)
    if not isinstance(before, SCOPES) and last - first < _MOST_LINES:
        between = source.text[source.line_end(_last(before)) : source.line_start(node.lineno)]
        text = source.lines_of(node) + between + source.lines_of(before)
        yield source.relined(first, last, text, node.lineno, "statement_order")
    inner = _last_block(before)
    if inner is not None and source.owns_lines(inner[-1]) and source.indent(inner[-1]):
        text = shifted(source.lines_of(node), source.indent(node), source.indent(inner[-1]))
        yield source.relined(node.lineno, last, text, node.lineno, "block_level")
    if isinstance(before, ast.If) and isinstance(node, ast.If):
        start, _ = source.span(node)
        yield Splice(start, start, "el", node.lineno, "elif")


def _last_block(node: ast.stmt) -> list[ast.stmt] | None:
    """Return the innermost block that ends where a statement ends."""
    found = None
    while isinstance(node, (ast.If, ast.With, *LOOPS, *FUNCTIONS)):
        found = list(blocks(node))[-1]
        if isinstance(node, (*LOOPS, *FUNCTIONS)):
            return found
        node = found[-1]
    return found


def _out(source: Source, owner: ast.AST, block: list[ast.stmt]) -> Iterator[Splice]:
    """Move the last statement of a block out of it, by a level or two."""
    node = block[-1]
    if not isinstance(owner, (ast.If, ast.With, *LOOPS)) or isinstance(node, SCOPES):
        return
    keeps = len(block) > 1
    left: ast.AST | None = owner
    while isinstance(left, (ast.If, ast.With, *LOOPS)) and _last(left) == _last(node):
        in_loop = isinstance(left, LOOPS)
        kind = "return_in_loop" if isinstance(node, ast.Return) and in_loop else "block_level"
        blanks = source.indent(left)
        text = shifted(source.lines_of(node), source.indent(node), blanks)
        if not keeps:
            text = f"{source.indent(node)}pass\n{text}"
        yield source.relined(node.lineno, _last(node), text, node.lineno, kind)
        left = source.parent(left)
    if isinstance(owner, ast.If) and owner.orelse is block and isinstance(node, ast.Return):
        yield from _else_return(source, owner, block)


def _else_return(source: Source, owner: ast.If, block: list[ast.stmt]) -> Iterator[Splice]:
    """Move the `return` of an `else` in a loop behind the loop."""
    loop = source.loop(owner)
    if loop is None or len(block) != 1:
        return
    node = block[0]
    first = node.lineno
    while first > 1 and "else" not in source.text[source.line_start(first) :].split("\n", 1)[0]:
        first -= 1
    last = _last(loop)
    rest = source.text[source.line_end(_last(node)) : source.line_end(last)]
    if rest and not rest.endswith("\n"):
        rest += "\n"
    moved = shifted(source.lines_of(node), source.indent(node), source.indent(loop))
    yield source.relined(first, last, rest + moved, node.lineno, "return_in_loop")


def _of_loop(source: Source, loop: ast.AST, block: list[ast.stmt]) -> Iterator[Splice]:
    """Move a start value out of a loop, or into it."""
    first = getattr(loop, "lineno", 1)
    before = source.line_start(first)
    for node in block:
        if isinstance(node, ast.Assign) and _is_start(node.value) and len(block) > 1:
            text = shifted(source.lines_of(node), source.indent(node), source.indent(loop))
            text += source.text[before : source.line_start(node.lineno)]
            yield source.relined(first, _last(node), text, node.lineno, "reset_in_loop")
    above = source.parent(loop)
    for siblings in blocks(above) if above is not None else ():
        for node in siblings:
            early = node.lineno < first and _last(node) < first
            if early and isinstance(node, ast.Assign) and _is_start(node.value):
                between = source.text[source.line_end(_last(node)) :]
                between = between[
                    : source.line_start(block[0].lineno) - source.line_end(_last(node))
                ]
                text = between + shifted(
                    source.lines_of(node), source.indent(node), source.indent(block[0])
                )
                last = block[0].lineno - 1
                yield source.relined(node.lineno, last, text, node.lineno, "start_value")


def _is_start(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant | ast.List | ast.Dict | ast.Tuple) or (
        isinstance(value, ast.Call) and not value.args
    )


def _function(source: Source, node: Function) -> Iterator[Splice]:
    """Add what is missing at the beginning or the end of a function."""
    parameters, others = local_names(node)
    first, last = node.body[0], node.body[-1]
    begin, blanks = first.lineno, source.indent(first)
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and node.body[1:]:
        begin = node.body[1].lineno
    if not isinstance(last, ast.Return | ast.Raise) and source.owns_lines(last):
        end = _last(last)
        for number, name in enumerate([*reversed(others), *parameters]):
            text = f"{blanks}return {name}\n"
            near = 0.8 if number < 2 else 0.4
            yield source.inserted(end + 1, text, end, "missing_return", near)
        for value in (*_LAST, *(f"len({name})" for name in parameters)):
            text = f"{blanks}return {value}\n"
            yield source.inserted(end + 1, text, end, "missing_return", 0.4)
    for name in _unset(node, {*parameters, *others}):
        for value in ("0", "[]", '""', "{}", "1"):
            text = f"{blanks}{name} = {value}\n"
            yield source.inserted(begin, text, begin, "start_value", 0.6)
    for text in _at_the_start(parameters):
        kind = "aliasing" if "%=" not in text else "edge_case"
        yield source.inserted(begin, f"{blanks}{text}\n", begin, kind, 0.3)
    results = [*_GUARDED, *(f"len({name})" for name in parameters)]
    for name in parameters:
        for guard in _GUARDS:
            for result in results:
                text = f"{blanks}if {guard.format(name)}:\n{blanks}{_STEP}"
                text += f"return {result.format(name)}\n"
                yield source.inserted(begin, text, begin, "edge_case", 0.2)


def _at_the_start(parameters: list[str]) -> Iterator[str]:
    """Yield what may be missing before anything is done with what a function is given."""
    for name in parameters:
        for copy in (f"list({name})", f"{name}.copy()", f"[*map(list, {name})]"):
            yield f"{name} = {copy}"
    if len(parameters) > 1:
        copies = ", ".join(f"list({name})" for name in parameters)
        yield f"{', '.join(parameters)} = {copies}"
    for name in parameters:
        yield from (f"{name} %= len({other})" for other in parameters if other != name)


def _unset(node: Function, bound: set[str]) -> list[str]:
    """Return the names that are only added to, or whose items are set, and never begun."""
    begun: set[str] = set()
    added: dict[str, None] = {}
    for each in ast.walk(node):
        match each:
            case ast.AugAssign(target=ast.Name(id=name)):
                added[name] = None
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append" | "add")):
                added[name] = None
            case ast.Name(id=name, ctx=ast.Store()):
                begun.add(name)
    augmented = [
        each.target.id
        for each in ast.walk(node)
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name)
    ]
    stores = [
        each.id
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    ]
    return [
        name
        for name in added
        if stores.count(name) == augmented.count(name) and (name in begun or name not in bound)
    ]


def _while(source: Source, node: ast.While) -> Iterator[Splice]:
    """Take a step at the end of a loop that may not end."""
    last = node.body[-1]
    if not source.owns_lines(last):
        return
    names = [each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)]
    for name in dict.fromkeys(names):
        for step in ("+= 1", "-= 1", "//= 2", "//= 10"):
            text = f"{source.indent(last)}{name} {step}\n"
            yield source.inserted(_last(last) + 1, text, node.lineno, "endless", 0.6)


def _last(node: ast.AST) -> int:
    first: int = getattr(node, "lineno", 1)
    last: int | None = getattr(node, "end_lineno", None)
    return last or first


_WORD = re.compile(r"\w+")


def renamed(source: Source, called: list[str]) -> Iterator[Splice]:
    """Give a function the name that it is called by.

    Args:
        source: The cell.
        called: Names that tests call.
    """
    defined = [each for each in source.tree.body if isinstance(each, FUNCTIONS)]
    known = {each.name for each in defined}
    for name in called:
        if name in known or not name.isidentifier():
            continue
        for each in defined:
            if each.name not in called:
                start, _ = source.span(each)
                match = next(
                    (
                        found
                        for found in _WORD.finditer(source.text, start)
                        if found[0] == each.name
                    ),
                    None,
                )
                if match is not None:
                    kind = "function_name"
                    yield Splice(match.start(), match.end(), name, each.lineno, kind, 0.9)
