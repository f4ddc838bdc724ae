"""Reading what a sandbox reported: untrusted JSON in, observations out."""

from collections.abc import Mapping
from typing import Final

from jupyter_tutor.domain.constructs import ConstructKind, Fact, SourceFacts
from jupyter_tutor.domain.observations import Ending, Frame, RaisedError

MAX_NAME: Final = 200
MAX_MESSAGE: Final = 2_000
MAX_FRAMES: Final = 30
MAX_CLOSE: Final = 3
MAX_FACTS: Final = 20_000

_ENDINGS: Final = {
    "completed": Ending.COMPLETED,
    "raised": Ending.RAISED,
    "output_limit": Ending.OUTPUT_LIMIT,
    "memory_limit": Ending.MEMORY_LIMIT,
    "process_limit": Ending.PROCESS_LIMIT,
}

_KINDS: Final = frozenset(kind.value for kind in ConstructKind)

Report = Mapping[str, object]


def checked_report(report: object) -> Report | None:
    """Return a sandbox's report if it has the form of one, else None."""
    if not isinstance(report, dict) or not isinstance(report.get("ending"), str):
        return None
    return report if report["ending"] in _ENDINGS else None


def ending_of(report: Report) -> Ending:
    """Return how the step ended, as the kernel saw it."""
    return _ENDINGS[str(report["ending"])]


def value_of(report: Report) -> Mapping[str, object] | None:
    """Return the encoded value, which is still to be decoded with care."""
    value = report.get("value")
    return value if isinstance(value, dict) else None


def arguments_changed_of(report: Report) -> bool | None:
    """Return whether arguments were changed, or None when that was not told."""
    changed = report.get("arguments_changed")
    return changed if isinstance(changed, bool) else None


def seconds_of(report: Report, most: float) -> float:
    """Return the time the step took by the kernel's clock, at most that on ours."""
    seconds = report.get("seconds")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and 0 <= seconds <= most:
        return float(seconds)
    return most


def error_of(report: Report, cells: frozenset[str]) -> RaisedError | None:
    """Return the exception, with only those frames that are in known cells."""
    error = report.get("error")
    if not isinstance(error, dict):
        return None
    frames, bases, caret = error.get("frames"), error.get("bases"), error.get("caret")
    read = [_frame(frame, cells) for frame in frames] if isinstance(frames, list) else []
    names = [_text(base, MAX_NAME) for base in bases] if isinstance(bases, list) else []
    return RaisedError(
        type=_text(error.get("type"), MAX_NAME) or "Exception",
        message=_text(error.get("message"), MAX_MESSAGE),
        bases=tuple(name for name in names[:MAX_FRAMES] if name),
        frames=tuple(frame for frame in read[:MAX_FRAMES] if frame is not None),
        caret=caret if _is_count(caret) else None,
        close=_close(error.get("close")),
    )


def _close(data: object) -> tuple[str, ...]:
    names = data[:MAX_CLOSE] if isinstance(data, list) else []
    return tuple(_text(name, MAX_NAME) for name in names if _is_dotted(name))


def _is_dotted(name: object) -> bool:
    return isinstance(name, str) and all(part.isidentifier() for part in name.split("."))


def _frame(data: object, cells: frozenset[str]) -> Frame | None:
    if not isinstance(data, dict):
        return None
    cell, line = data.get("cell"), data.get("line")
    if not isinstance(cell, str) or cell not in cells or not isinstance(line, int):
        return None
    function, source = _text(data.get("function"), MAX_NAME), _text(data.get("source"), MAX_NAME)
    return Frame(cell, line, function, source) if _is_count(line) else None


def facts_of(report: Report, cells: frozenset[str]) -> SourceFacts | None:
    """Return what stands in the answer, or None where any part of it is not of that form."""
    facts, unread = report.get("facts"), report.get("unread")
    if not isinstance(facts, list) or not isinstance(unread, list) or len(facts) > MAX_FACTS:
        return None
    read = [_fact(fact, cells) for fact in facts]
    known = [fact for fact in read if fact is not None]
    if len(known) < len(read) or not all(cell in cells for cell in map(str, unread)):
        return None
    return SourceFacts(tuple(known), tuple(map(str, unread)))


def _fact(data: object, cells: frozenset[str]) -> Fact | None:
    if not isinstance(data, dict) or data.get("cell") not in cells:
        return None
    kind, name, line, within = (data.get(key) for key in ("kind", "name", "line", "within"))
    if kind not in _KINDS or not isinstance(name, str) or not isinstance(line, int):
        return None
    if not _is_count(line) or not isinstance(within, list):
        return None
    around = tuple(_text(one, MAX_NAME) for one in within)
    return Fact(ConstructKind(kind), _text(name, MAX_NAME), str(data["cell"]), line, around)


def _is_count(data: object) -> bool:
    return isinstance(data, int) and not isinstance(data, bool) and 0 < data < 10_000_000


def _text(data: object, limit: int) -> str:
    if not isinstance(data, str):
        return ""
    return data if len(data) <= limit else data[: limit - 1] + "…"
