"""Which lines of an answer run, and what its variables hold on a line.

Both follow a run with `sys.settrace`, as debuggers do. `sys.monitoring` of Python 3.12 would make
the first cheaper; a run of one probe is short, and one way to do it is less to keep right.
"""

import ast
import sys
from contextlib import suppress
from types import FrameType
from typing import Any

from .encoding import encode

Step = dict[str, Any]
Described = dict[str, Any]

MOST_LINES = 2_000
_MOST_NAMES = 6
_MOST_PARTS = 60
_MOST_TEXT = 300
_MOST_LOOKS = 500
_PLAIN = (int, float, complex, str, bytes, list, tuple, dict, set, frozenset, type(None))


class LinesRun:
    """Notes the lines of the answer's cells that run."""

    def __init__(self, cells: list[Step]) -> None:
        self._cells = {f"cell {cell['name']}": cell["name"] for cell in cells}
        self._lines: dict[tuple[str, int], None] = {}

    def begin(self) -> None:
        """Follow what runs from here on in this thread, until the trace is taken off."""
        sys.settrace(self._enter)

    def told(self) -> list[list[object]]:
        """Return cell and line of each, in the order they first ran."""
        return [[cell, line] for cell, line in [*self._lines][:MOST_LINES]]

    def _enter(self, frame: FrameType, _: str, __: object) -> Any:
        if frame.f_code.co_filename not in self._cells:
            return None
        return self._line

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            self._lines[self._cells[frame.f_code.co_filename], frame.f_lineno] = None
        return self._line


class ValuesHeld:
    """Notes what the variables that stand on some lines hold when these are reached."""

    def __init__(self, cells: list[Step], lines: list[list[Any]]) -> None:
        self._cells = {f"cell {cell['name']}": cell["name"] for cell in cells}
        self._named: dict[tuple[str, int], list[str]] = {}
        self._held: dict[tuple[str, int, str], Described] = {}
        self._looks = 0
        wanted = {(str(cell), int(line)) for cell, line in lines}
        for cell in cells:
            with suppress(SyntaxError, ValueError, MemoryError, RecursionError):
                self._find(cell["name"], ast.parse(cell["source"]), wanted)

    def _find(self, cell: str, tree: ast.Module, wanted: set[tuple[str, int]]) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and (cell, node.lineno) in wanted:
                names = self._named.setdefault((cell, node.lineno), [])
                if node.id not in names and len(names) < _MOST_NAMES:
                    names.append(node.id)

    def begin(self) -> None:
        """Follow what runs from here on in this thread, until the trace is taken off."""
        sys.settrace(self._enter)

    def told(self) -> list[list[object]]:
        """Return cell, line, name and the last value, encoded."""
        return [[*place, value] for place, value in self._held.items()]

    def _enter(self, frame: FrameType, _: str, __: object) -> Any:
        if frame.f_code.co_filename not in self._cells:
            return None
        return self._line

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        cell = self._cells[frame.f_code.co_filename]
        names = self._named.get((cell, frame.f_lineno), ())
        if event == "line" and names and self._looks < _MOST_LOOKS:
            self._looks += 1
            for name in names:
                value = frame.f_locals.get(name, self)
                if value is not self and isinstance(value, _PLAIN):
                    encoded = encode(value, _MOST_PARTS, _MOST_TEXT)
                    self._held[cell, frame.f_lineno, name] = encoded
        return self._line
