"""Comparing texts: exactly for values, as a teacher reads them for printed output."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from jupyter_tutor.domain.exercises import Tolerance
from jupyter_tutor.domain.number_comparison import numbers_equal
from jupyter_tutor.domain.phrases import note
from jupyter_tutor.domain.values import printable

_WINDOW = 60
_BEFORE = 20
_VISIBLE = str.maketrans({" ": "·", "\t": "→", "\n": "↵", "\u00a0": "⍽"})
_NUMBER = re.compile(
    r"(?P<before>[^0-9.+-]*)(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)"
    r"(?P<after>[^0-9]*)"
)


@dataclass(frozen=True, slots=True)
class TextDifference:
    """How a text differs from the expected one: both around the first difference, and a remark."""

    values: str
    remark: str = ""

    def __str__(self) -> str:
        if not self.remark:
            return self.values
        return note("difference.remark", what=self.values, note=self.remark)


def text_difference(expected: str, got: str) -> TextDifference | None:
    """Say how a text differs from the expected one; None when they are equal.

    Blanks are made visible (`·`, `→`, `↵`) when only they differ; long texts are cut around the
    first difference.
    """
    if expected == got:
        return None
    blanks = "".join(expected.split()) == "".join(got.split())
    start = _first_difference(expected, got)
    shown = _quoted(expected, start, blanks), _quoted(got, start, blanks)
    values = note("difference.values", expected=shown[0], got=shown[1])
    if blanks:
        return TextDifference(values, note("difference.blanks"))
    if expected.casefold() == got.casefold():
        return TextDifference(values, note("difference.case"))
    if start and max(len(expected), len(got)) > _BEFORE:
        return TextDifference(values, note("difference.position", n=start))
    return TextDifference(values)


def output_difference(expected: str, got: str, tolerance: Tolerance | None = None) -> str:
    """Say how printed output differs from the expected one; empty when it counts as equal.

    Blanks at the ends of lines and blank lines at the beginning and the end do not count. With a
    tolerance, words that are numbers on both sides (also inside brackets, or as `x=1.5`) are
    compared as numbers, and the number of blanks between words does not count.
    """
    wanted, printed = _lines(expected), _lines(got)
    if wanted and not printed:
        return note("difference.nothing_printed", expected=_quoted(wanted[0], 0, blanks=False))
    for number, (left, right) in enumerate(zip_longest(wanted, printed), start=1):
        if left is None:
            shown = _quoted(right or "", 0, blanks=False)
            return note("difference.line_extra", n=number, got=shown)
        if right is None:
            missing = _quoted(left, 0, blanks=False)
            return note("difference.line_missing", n=number, expected=missing)
        if left != right and not _same_words(left, right, tolerance):
            return note("difference.line", n=number, what=text_difference(left, right))
    return ""


def _lines(text: str) -> Sequence[str]:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    first = next((number for number, line in enumerate(lines) if line), 0)
    return lines[first:]


def _same_words(expected: str, got: str, tolerance: Tolerance | None) -> bool:
    if tolerance is None:
        return False
    left, right = expected.split(), got.split()
    return len(left) == len(right) and all(
        a == b or _same_number(a, b, tolerance) for a, b in zip(left, right, strict=True)
    )


def _same_number(expected: str, got: str, tolerance: Tolerance) -> bool:
    left, right = _NUMBER.fullmatch(expected), _NUMBER.fullmatch(got)
    if left is None or right is None:
        return False
    if (left["before"], left["after"]) != (right["before"], right["after"]):
        return False
    return numbers_equal(float(left["number"]), float(right["number"]), tolerance)


def _first_difference(expected: str, got: str) -> int:
    pairs = zip(expected, got, strict=False)
    return next(
        (number for number, (a, b) in enumerate(pairs) if a != b), min(len(expected), len(got))
    )


def _quoted(text: str, start: int, blanks: bool) -> str:
    if len(text) > _WINDOW:
        low = max(start - _BEFORE, 0)
        high = low + _WINDOW
        text = ("…" if low else "") + text[low:high] + ("…" if high < len(text) else "")
    if blanks:
        text = text.translate(_VISIBLE)
    return "'" + printable(text).replace("\n", "\\n").replace("\t", "\\t") + "'"
