"""Bounds of what the leak guard reads: to look at what lies beyond them would take it long.

No hint is near any of them: of the guard's own sets a leak in code letters reaches half of one, and
what is no leak a fifth. Beyond them is what a model babbles, and what was made to keep a server
busy. It is refused without being read, since nobody knows what it says; finding that out takes one
pass over the text, well below a millisecond.
"""

import re
from typing import Final

MOST_LETTERS: Final = 3_000
MOST_LINES: Final = 40
MOST_SPANS: Final = 40
"""Pieces of code, between backticks or in tags."""
DEEPEST: Final = 20
"""Brackets that are open at once."""

_RUNS: Final = (
    (re.compile(r"\w+"), 240, "letters in a row"),
    (re.compile(r"\W+"), 120, "signs in a row"),
    (re.compile(r"\S+"), 300, "characters without a blank"),
    (re.compile(r"\d+"), 100, "digits in a row"),
    (re.compile(r"[^.!?।\n]+"), 500, "characters of one sentence"),
)
"""What can be tried from each of its places to its end, and how long it may be."""
_TICKS: Final = re.compile(r"`+|<(?:pre|code)\b", re.I)
_BRACKETS: Final = re.compile(r"[()\[\]{}]")
_OPENING: Final = frozenset("([{")


def beyond_bounds(text: str) -> str:
    """Return which bound a text is beyond, for a log, or "".

    Args:
        text: A message, or what was decoded from one, of any size.
    """
    if len(text) > MOST_LETTERS:
        return f"{len(text)} characters"
    if text.count("\n") >= MOST_LINES:
        return f"{text.count(chr(10)) + 1} lines"
    for run, most, what in _RUNS:
        longest = max((len(each) for each in run.findall(text)), default=0)
        if longest > most:
            return f"{longest} {what}"
    ticks = len(_TICKS.findall(text))
    if ticks > 2 * MOST_SPANS:
        return f"{ticks} marks of code"
    deepest = _deepest(text)
    return f"{deepest} brackets open at once" if deepest > DEEPEST else ""


def _deepest(text: str) -> int:
    """Return how many brackets are open at once at most, each that closes closing the last one."""
    deepest = depth = 0
    for bracket in _BRACKETS.findall(text):
        depth = depth + 1 if bracket in _OPENING else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest
