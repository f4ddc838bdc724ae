"""Sentences about runs that did not end well: what happened, where, and what may be the cause."""

import re
from collections.abc import Sequence
from dataclasses import replace

from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.observations import Ending, Observation, RaisedError
from jupyter_tutor.domain.values import printable

_MESSAGE = 500
_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")


def clean_error(error: RaisedError | None) -> RaisedError | None:
    """Return an exception with texts that are safe to store and to show."""
    if error is None:
        return None
    frames = tuple(
        replace(frame, source=printable(frame.source), function=printable(frame.function))
        for frame in error.frames
    )
    bases = tuple(printable(base) for base in error.bases)
    return RaisedError(printable(error.type), printable(error.message), bases, frames, error.caret)


def about_error(what: str, error: RaisedError, stopped: Sequence[Observation]) -> str:
    """Say that something raised, and where; `stopped` are the cells that did not complete."""
    missing = _NOT_DEFINED.match(error.message) if error.type == "NameError" else None
    if missing is not None:
        cause = _cause(stopped)
        if cause:
            return f"`{missing[1]}` is not defined, because {cause}."
        return f"`{missing[1]}` is not defined{_place(error)}. Is the name spelt as asked?"
    if error.type == "NotImplementedError" and not error.message:
        return f"The answer is not written yet{_place(error)}."
    return f"{what} stopped with {_named(error)}{_place(error)}."


def about_ending(
    what: str, seen: Observation, stopped: Sequence[Observation], limits: Limits | None
) -> str:
    """Say that something ran into a limit, died or was not run."""
    place = _place(seen.error) if seen.error else ""
    match seen.ending:
        case Ending.TIMEOUT:
            allowed = f" after {limits.wall_seconds:g} seconds" if limits else " when time was up"
            return f"{what} was still running{allowed}{place}. Does a loop never end?"
        case Ending.CPU_LIMIT:
            allowed = f"{limits.cpu_seconds:g} seconds" if limits else "the allowed time"
            return f"{what} kept the processor busy for more than {allowed}{place}."
        case Ending.MEMORY_LIMIT:
            allowed = f"{limits.memory_mb} MiB" if limits else "the allowed amount"
            return f"{what} needed more memory than {allowed}{place}."
        case Ending.OUTPUT_LIMIT:
            allowed = f"{limits.output_bytes:,} bytes" if limits else "the allowed amount"
            return f"{what} printed more than {allowed}{place}. Does a loop print without end?"
        case Ending.PROCESS_LIMIT:
            allowed = f"{limits.processes}" if limits else "the allowed number of"
            return f"{what} started more than {allowed} processes or threads."
        case Ending.NOT_RUN:
            cause = _cause(stopped)
            return f"Not run, because {cause}." if cause else "Not run."
        case Ending.DIED:
            return f"{what} ended the whole Python process, as `os._exit` or a crash does."
        case _:
            return f"{what} could not be observed."


def about_cell(cell: Observation, limits: Limits | None) -> str:
    """Say why a cell did not complete."""
    what = f"Cell `{cell.name}`"
    if cell.ending is Ending.RAISED and cell.error is not None:
        return f"{what} stopped with {_named(cell.error)}{_place(cell.error)}."
    return about_ending(what, cell, (), limits)


def _cause(stopped: Sequence[Observation]) -> str:
    """Return why cells are missing: the first that went wrong by itself; empty if none did."""
    for cell in stopped:
        if cell.ending is Ending.RAISED and cell.error is not None:
            return f"cell `{cell.name}` stopped with {_named(cell.error)}{_place(cell.error)}"
        if cell.ending is not Ending.NOT_RUN:
            return f"cell `{cell.name}` did not finish ({cell.ending.value.replace('_', ' ')})"
    return ""


def _named(error: RaisedError) -> str:
    message = printable(error.message.strip())
    if len(message) > _MESSAGE:
        message = message[:_MESSAGE] + "…"
    return f"{printable(error.type)}: {message}" if message else printable(error.type)


def _place(error: RaisedError) -> str:
    """Return the innermost line in the learner's own cells, if the exception has one."""
    frames = [frame for frame in error.frames if frame.cell != "test"]
    return f" (line {frames[-1].line} of cell `{frames[-1].cell}`)" if frames else ""
