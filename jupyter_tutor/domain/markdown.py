"""Putting code, values and output into Markdown so that they stay what they are."""

import re

_BACKTICKS = re.compile("`+")


def code(text: str, limit: int = 60) -> str:
    """Return a text as an inline code span, in one line, cut at `limit` characters.

    Backticks inside are kept by a longer fence (CommonMark, section 6.1).
    """
    line = " ".join(text.split("\n")).strip() or " "
    if len(line) > limit:
        line = line[: limit - 1] + "…"
    fence = "`" * _fence(line, 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def block(text: str, words: int = 25, lines: int = 5) -> str:
    """Return a text as a fenced block, cut after some lines and words."""
    shown: list[str] = []
    left = words
    for line in text.rstrip().split("\n"):
        if left <= 0 or len(shown) == lines:
            shown.append("…")
            break
        shown.append(_cut(line, left))
        left -= max(count_words(line), 1)
    fence = "`" * _fence("\n".join(shown), 3)
    return "\n".join([f"{fence}text", *shown, fence])


def count_words(text: str) -> int:
    """Return how many words a text has, taking what stands between blanks as one."""
    return len(text.split())


def _cut(line: str, words: int) -> str:
    ends = [match.end() for match in re.finditer(r"\S+", line)]
    cut = line[: ends[words - 1]] if len(ends) > words else line
    cut = cut[:120]
    return cut if cut == line else cut + "…"


def _fence(text: str, least: int) -> int:
    """Return the length of a fence that no run of backticks inside ends."""
    return max([least, *(len(run) + 1 for run in _BACKTICKS.findall(text))])
