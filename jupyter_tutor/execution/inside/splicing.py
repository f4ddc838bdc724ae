"""The text of a cell and pieces of it: edits are splices of the text, so that all else stays.

An edit replaces the characters from `start` to `end` by a text; that is what is run, shown and
verified, so nothing depends on how a changed syntax tree would be written down.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda)

_ATOM = re.compile(r"""[\w.]+(?:\([^()]*\)|\[[^\[\]]*\])?|'[^']*'|"[^"]*\"""")
_TIGHT = (
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.BoolOp,
    ast.Attribute,
    ast.Subscript,
    ast.Await,
    ast.IfExp,
)


@dataclass(frozen=True, slots=True)
class Splice:
    """An edit of one cell.

    Attributes:
        start: First character that goes, or before which the text is put in.
        end: The character after the last one that goes.
        text: What comes instead.
        line: 1-based line of what is wrong.
        kind: What kind of edit it is.
        near: How much like the old text the new one is, 0 to 1.
    """

    start: int
    end: int
    text: str
    line: int
    kind: str
    near: float = 0.5


class Source:
    """The text of a cell with its syntax tree."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._parents: dict[ast.AST, ast.AST] = {}
        self._spans = [
            (node, node.lineno, node.end_lineno or node.lineno)
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt)
        ]
        for node in ast.walk(tree):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node begins and ends, in characters."""
        line, end_line = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
        return (
            self._offset(line, getattr(node, "col_offset", 0)),
            self._offset(end_line, getattr(node, "end_col_offset", 0)),
        )

    def _offset(self, line: int, column: int) -> int:
        text = self._lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode(errors="replace"))
        return self._starts[line - 1] + column

    def of(self, node: ast.AST) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return what a node is part of."""
        return self._parents.get(node)

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node is part of, innermost first."""
        above = self._parents.get(node)
        while above is not None:
            yield above
            above = self._parents.get(above)

    def function(self, node: ast.AST) -> Function | None:
        """Return the innermost function that a node stands in."""
        return next((each for each in self.around(node) if isinstance(each, FUNCTIONS)), None)

    def loop(self, node: ast.AST) -> ast.AST | None:
        """Return the innermost loop of the same function that a node stands in."""
        for each in self.around(node):
            if isinstance(each, SCOPES):
                return None
            if isinstance(each, LOOPS):
                return each
        return None

    def fitting(self, node: ast.AST, text: str) -> str:
        """Return an expression in brackets if it needs them in the place of a node."""
        above = self._parents.get(node)
        is_called = isinstance(above, ast.Call) and above.func is node
        loose = _ATOM.fullmatch(text) is None and (isinstance(above, _TIGHT) or is_called)
        return f"({text})" if loose else text

    def reach(self, edit: Splice) -> tuple[int, int] | None:
        """Return the lines of which one has to run for an edit to make a difference to a call.

        Those of the statement, or of its head, for an edit within one; otherwise those of the body
        of the function. None where it may make a difference anyway: outside of functions.
        """
        first = self.text.count("\n", 0, edit.start) + 1
        old = self.text[edit.start : edit.end]
        last = first + old.count("\n")
        function = self._innermost(FUNCTIONS, first, last)
        if not isinstance(function, FUNCTIONS) or first < function.body[0].lineno:
            return None
        whole = function.body[0].lineno, function.end_lineno or last
        if "\n" in old or "\n" in edit.text or not self.text[: edit.start].split("\n")[-1].strip():
            return whole
        node = self._innermost((ast.stmt,), first, last)
        if node is None or not isinstance(node, ast.stmt):
            return whole
        body = getattr(node, "body", None)
        if isinstance(body, list):
            return node.lineno, max(body[0].lineno - 1, node.lineno)
        return node.lineno, node.end_lineno or node.lineno

    def _innermost(self, kinds: tuple[type[ast.AST], ...], first: int, last: int) -> ast.AST | None:
        """Return the innermost node of some kinds that holds some lines."""
        found: ast.AST | None = None
        least = 0
        for node, start, end in self._spans:
            if isinstance(node, kinds) and start <= first and last <= end:
                size = end - start
                if found is None or size <= least:
                    found, least = node, size
        return found

    def line_start(self, line: int) -> int:
        """Return where a 1-based line begins."""
        return self._starts[line - 1]

    def line_end(self, line: int) -> int:
        """Return where the line after a 1-based one begins, or the end of the text."""
        return min(self._starts[line], len(self.text))

    def indent(self, node: ast.AST) -> str:
        """Return the blanks before a statement."""
        line = self._lines[getattr(node, "lineno", 1) - 1]
        return line[: len(line) - len(line.lstrip())]

    def owns_lines(self, node: ast.stmt) -> bool:
        """Whether a statement has its lines for itself."""
        start, end = self.span(node)
        before = self.text[self.line_start(node.lineno) : start]
        after = self.text[end : self.line_end(node.end_lineno or node.lineno)].strip()
        return not before.strip() and (not after or after.startswith("#"))

    def lines_of(self, node: ast.stmt) -> str:
        """Return the whole lines of a statement, with a line end."""
        last = node.end_lineno or node.lineno
        text = self.text[self.line_start(node.lineno) : self.line_end(last)]
        return text if text.endswith("\n") else text + "\n"

    def is_elif(self, node: ast.stmt) -> bool:
        """Whether a statement is an `elif` branch."""
        start, _ = self.span(node)
        return isinstance(node, ast.If) and self.text.startswith("elif", start)

    def replaced(self, node: ast.AST, text: str, kind: str, near: float = 0.5) -> Splice:
        """Replace a node by a text that fits its place."""
        start, end = self.span(node)
        return Splice(start, end, text, getattr(node, "lineno", 1), kind, near)

    def relined(self, first: int, last: int, text: str, line: int, kind: str) -> Splice:
        """Replace whole lines, of which the last need not end in a line end."""
        start, end = self.line_start(first), self.line_end(last)
        if not self.text[start:end].endswith("\n"):
            text = text.removesuffix("\n")
            if start and not text:
                start -= 1
        return Splice(start, end, text, line, kind)

    def inserted(self, before: int, text: str, line: int, kind: str, near: float = 0.5) -> Splice:
        """Put whole lines before a 1-based line, or after the last one."""
        start = min(self._starts[min(before, len(self._starts)) - 1], len(self.text))
        if start and self.text[start - 1] != "\n":
            text = "\n" + text.removesuffix("\n")
        return Splice(start, start, text, line, kind, near)


def shifted(text: str, old: str, new: str) -> str:
    """Return lines with one indentation in the place of another."""
    return "".join(
        new + line.removeprefix(old) if line.strip() else line
        for line in text.splitlines(keepends=True)
    )


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the lists of statements that a node has itself, in order."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
    for handler in getattr(node, "handlers", ()):
        yield from blocks(handler)
    for case in getattr(node, "cases", ()):
        yield from blocks(case)


def local_names(function: ast.AST) -> tuple[list[str], list[str]]:
    """Return the parameters of a function and the other names it binds, in order."""
    parameters: list[str] = []
    if isinstance(function, FUNCTIONS):
        given = function.args
        every = (*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs, given.kwarg)
        parameters = [each.arg for each in every if each is not None]
    bound: dict[str, None] = {}
    left = list(reversed(getattr(function, "body", [])))
    while left:
        node = left.pop()
        if isinstance(node, SCOPES):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound[node.id] = None
        left += reversed(list(ast.iter_child_nodes(node)))
    return parameters, [name for name in bound if name not in parameters]
