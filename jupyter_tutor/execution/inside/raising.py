"""Describing exceptions: class, message and the frames in cells, outermost first."""

import linecache
from types import TracebackType
from typing import Any

from .encoding import class_bases, class_name, cut_text
from .modules import close_modules

MAX_MESSAGE = 2_000
MAX_SOURCE = 300
MAX_BASES = 20
_OUTER = 5
_INNER = 15

Described = dict[str, Any]


class CellSources:
    """The sources of the cells, by the file names they are compiled under."""

    def __init__(self) -> None:
        self._cells: dict[str, tuple[str, list[str]]] = {}

    def add(self, cell: str, number: int, source: str) -> str:
        """Keep a source, for tracebacks and `inspect` too, and return its file name."""
        filename = f"cell {cell}" if number == 0 else f"cell {cell} {number}"
        lines = source.splitlines(keepends=True)
        self._cells[filename] = (cell, lines)
        linecache.cache[filename] = (len(source), None, lines, filename)
        return filename

    def frame(self, filename: str, line: int | None, function: str) -> Described | None:
        """Describe a frame, if it is in a cell."""
        if filename not in self._cells or line is None:
            return None
        cell, lines = self._cells[filename]
        source = lines[line - 1].rstrip("\r\n") if 0 < line <= len(lines) else ""
        return {
            "cell": cell,
            "line": line,
            "function": cut_text(function, MAX_SOURCE),
            "source": cut_text(source, MAX_SOURCE),
        }


def describe(error: BaseException, sources: CellSources) -> Described:
    """Describe an exception without trusting more of it than its `__str__`."""
    cls = type(error)
    bases = [class_name(base) for base in class_bases(cls)[1:-1]][:MAX_BASES]
    frames = _frames(error.__traceback__, sources)
    frames += getattr(error, "__dict__", {}).get("_tutor_frames", [])  # of the answer's side
    caret = None
    if isinstance(error, SyntaxError):
        place = sources.frame(str(error.filename), error.lineno, "<module>")
        if place is not None:
            frames.append(place)
            caret = error.offset if isinstance(error.offset, int) else None
    if len(frames) > _OUTER + _INNER:
        frames = frames[:_OUTER] + frames[-_INNER:]
    message = _message(error)
    return {
        "type": class_name(cls),
        "message": message,
        "bases": bases,
        "frames": frames,
        "caret": caret,
        "close": close_modules(message) if issubclass(cls, ImportError) else [],
    }


def _frames(trace: TracebackType | None, sources: CellSources) -> list[Described]:
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frame = sources.frame(code.co_filename, trace.tb_lineno, code.co_name)
        if frame is not None:
            frames.append(frame)
        trace = trace.tb_next
    return frames


def _message(error: BaseException) -> str:
    if type(error).__str__ is SyntaxError.__str__:
        return cut_text(error.__dict__.get("msg") or getattr(error, "msg", ""), MAX_MESSAGE)
    try:
        return cut_text(str(error), MAX_MESSAGE)
    except Exception as second:  # noqa: BLE001 - a learner's class may raise anything here
        return f"<no message: its __str__ raises {class_name(type(second))}>"
