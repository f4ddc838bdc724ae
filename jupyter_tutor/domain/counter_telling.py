"""Telling a counterexample: for this input your function returns this, expected that."""

from typing import Final

from jupyter_tutor.domain.causes import cause_of
from jupyter_tutor.domain.diagnosis import Counterexample, Showing
from jupyter_tutor.domain.markdown import block, code
from jupyter_tutor.domain.mistakes import Mistake, value_mistake
from jupyter_tutor.domain.observations import RaisedError
from jupyter_tutor.domain.phrases import say

_CALLS: Final = {
    Showing.VALUE: "explain.counter",
    Showing.OUTPUT: "explain.counter_output",
    Showing.ERROR: "explain.counter_error",
    Showing.ENDLESS: "explain.counter_endless",
    Showing.ARGUMENTS: "explain.counter_arguments",
}
_PROGRAMS: Final = {
    Showing.OUTPUT: "explain.typed",
    Showing.ERROR: "explain.typed_error",
    Showing.ENDLESS: "explain.typed_endless",
}
_LONG: Final = 80


def tell_counterexample(found: Counterexample, language: str) -> str:
    """Say with which input an answer goes wrong, what it gives and what is expected."""
    nothing = found.showing is Showing.OUTPUT and not found.got.strip()
    printed = found.showing is Showing.OUTPUT
    if found.program:
        return say(
            "explain.typed_nothing" if nothing else _PROGRAMS[found.showing],
            language,
            called=block(found.call),
            got=block(found.got) if printed else code(found.got, _LONG),
            expected=block(found.expected),
        )
    return say(
        "explain.counter_nothing" if nothing else _CALLS[found.showing],
        language,
        called=code(found.call, _LONG),
        got=block(found.got) if printed else code(found.got, _LONG),
        expected=block(found.expected) if printed else code(found.expected, _LONG),
    )


def mistake_at(found: Counterexample) -> Mistake | None:
    """Return the kind of mistake that an answer shows at an input, if it shows any."""
    match found.showing:
        case Showing.ARGUMENTS:
            return Mistake.CHANGED_ARGUMENTS
        case Showing.ENDLESS:
            return Mistake.ENDLESS
        case Showing.ERROR:
            kind, _, message = found.got.partition(": ")
            return cause_of(RaisedError(kind, message)).mistake
        case Showing.OUTPUT | Showing.VALUE:
            none = found.got == "None" and found.expected != "None"
            kind_of = Mistake.NO_RETURN if none else value_mistake(found.expected, found.got)
            return None if kind_of is Mistake.VALUE else kind_of


def called_in(found: Counterexample) -> str:
    """Return the input as code for the middle of a sentence; empty for one of several lines."""
    text = found.call.strip()
    return code(text) if text and "\n" not in text else ""
