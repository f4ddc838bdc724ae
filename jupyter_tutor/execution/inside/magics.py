"""Magics in a source that is read: what is timed or captured is code like any other.

IPython turns a magic into a call that has the code as a text. Where the text is run as Python it is
put in the place of the call; a magic that may run anything makes its cell one that can't be read.
"""

import ast
import re
from collections.abc import Callable

Parse = Callable[[str, str], ast.Module]

_RUNNING = frozenset({"time", "timeit", "prun", "capture"})
_HARMLESS = frozenset(
    {
        *("matplotlib", "config", "precision", "autoreload", "load_ext", "reload_ext", "pylab"),
        *("pwd", "cd", "ls", "who", "whos", "who_ls", "env", "pinfo", "pinfo2", "pip", "colors"),
    }
)
_SHELL = "get_ipython"
_OPTIONS = re.compile(r"^(?:\s*--?[A-Za-z][\w-]*(?:\s*\d+)?(?=\s|$))+")


def without_magics(tree: ast.Module, parse: Parse) -> ast.Module:
    """Return a module with the code of its magics in their place.

    Args:
        tree: The module, as IPython's transformation left it.
        parse: Parses a source, given with a file name; for what stands in a magic.

    Raises:
        SyntaxError: There is a magic, or a use of the shell, that may run anything.
    """
    if not any(isinstance(node, ast.Name) and node.id == _SHELL for node in ast.walk(tree)):
        return tree
    body: list[ast.stmt] = []
    for statement in tree.body:
        body += _replaced(statement, parse)
    return ast.Module(body, [])


def _replaced(statement: ast.stmt, parse: Parse) -> list[ast.stmt]:
    call = statement.value if isinstance(statement, ast.Expr | ast.Assign) else None
    if isinstance(call, ast.Call) and (magic := _magic(call)) is not None:
        name, line, cell = magic
        if name in _RUNNING and isinstance(statement, ast.Expr):
            return _code(line, cell, statement.lineno, parse)
        if name in _HARMLESS:
            return []
    if any(isinstance(node, ast.Name) and node.id == _SHELL for node in ast.walk(statement)):
        raise SyntaxError("what this would run can't be read")
    return [statement]


def _magic(call: ast.Call) -> tuple[str, str, str | None] | None:
    """Return the name of a magic, its line, and the rest of its cell where it has that."""
    match call:
        case ast.Call(
            func=ast.Attribute(
                value=ast.Call(func=ast.Name(id=shell), args=[]),
                attr="run_line_magic" | "run_cell_magic",
            ),
            args=[ast.Constant(value=str(name)), ast.Constant(value=str(line)), *rest],
        ) if shell == _SHELL:
            text = rest[0].value if rest and isinstance(rest[0], ast.Constant) else None
            return name, line, text if isinstance(text, str) else None
    return None


def _code(line: str, cell: str | None, at: int, parse: Parse) -> list[ast.stmt]:
    """Return what a magic runs, numbered as in the cell it stands in."""
    found: list[ast.stmt] = []
    statement = _after_options(line, parse)
    if statement is not None:
        found += _moved(statement, at - 1)
    if cell is not None:
        found += _moved(without_magics(parse(cell, "magic"), parse), at)
    return found


def _after_options(line: str, parse: Parse) -> ast.Module | None:
    """Return the code of a line behind the options of its magic, or None where there is none.

    Raises:
        SyntaxError: It is no Python.
    """
    text = _OPTIONS.sub("", line).strip()
    return without_magics(parse(text, "magic"), parse) if text else None


def _moved(tree: ast.Module, lines: int) -> list[ast.stmt]:
    return [ast.increment_lineno(statement, lines) for statement in tree.body]
