"""Finds riddles that solve themselves: a choice with its answer, a gap with what fills it.

To ask which of two signs is right, or to show a line with a gap, is a question. With the answer
beside it, in whatever words, it is the line itself.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from jupyter_tutor.domain.guard.decoding import squash
from jupyter_tutor.domain.guard.evidence import new_signs
from jupyter_tutor.domain.guard.lexicon import as_signs, pattern_of
from jupyter_tutor.domain.guard.material import Change, Material
from jupyter_tutor.domain.guard.sentences import counts_of, signs_of
from jupyter_tutor.domain.guard.units import circling

_MOST_CHANGES = 12
_MOST_PARTS = 40
_MOST_GAPS = 6
_AROUND = 30
_LEAST_AROUND = 4
_LONGEST_FILLING = 30
_LONGEST_VERDICT = 14

_SENTENCE: Final = re.compile(r"(?<=[.!?।:])\s+|\n+")
_SEVERAL: Final = pattern_of(
    r"\bor\b|\bversus\b|\bvs\b|(?:\W|^)\(?[a-c1-3][.):]\s.*\W\(?[b-d2-4][.):]\s|নাকি|অথবা|\bঅথবা\b| না "
)
_ORDINAL = (
    r"(?:former|latter|first|second|third|fourth|last|left|right|shorter|longer|middle|other|upper"
    r"|lower|bottom|top|larger|smaller|\(?[a-d1-4]\b\)?)"
)
_VERDICT: Final = pattern_of(
    r"^\W*(?:(?:so|and|then|well|hint|answer|clearly|of course|i'd say)\W+)*(?:"
    r"(?:it'?s|it is|take|choose|pick|go (?:with|for)|use|the answer|answer|that leaves|only|number"
    r"|option|letter|variant|i would|definitely|correct|right)\b.*"
    rf"|(?:the |in )?{_ORDINAL}\b(?: (?:one|of|is|option|two|symbol|version|fits|works|it is|will"
    r"|does|sign|line)\b.*)?|not the .*|either\b.*|neither\b.*|with(?:out)?\b.*"
    r"|.*\b(?:says|means|needs?|wants|is right|is correct|fits|is the one|would be)\b.*"
    rf"|.*\b(?:the|is) {_ORDINAL}(?: one)?)\W*$|প্রথমটি|দ্বিতীয়টি|শেষেরটি|পরেরটি"
)
_GAP: Final = re.compile(
    r"_{2,}|(?<!\w)_(?!\w)|\?(?=[\s)\]?])|…|\.{3}|□|⬜|<(?:blank|gap)>|\[gap\]"
)
_QUESTION: Final = re.compile(r"[^.!?।\n]*[?？]")


def find_riddle(text: str, material: Material) -> str:
    """Return the part of a message that asks and answers at once, or "".

    Args:
        text: The message, cleared.
        material: What is secret and what has been shown.
    """
    changes = material.changes[:_MOST_CHANGES]
    if not changes:
        return ""
    return _find_choice(text, changes, material) or _find_gap(text, changes, material.own)


def _find_choice(text: str, changes: Sequence[Change], material: Material) -> str:
    parts = [part.strip() for part in _SENTENCE.split(text)[:_MOST_PARTS] if part.strip()]
    for place, part in enumerate(parts):
        if not _SEVERAL.search(part):
            continue
        asked = part.endswith("?") or (place > 0 and parts[place - 1].endswith(("?", ":")))
        if not asked or not any(_concerns(part, change, material) for change in changes):
            continue
        for answer in parts[place + 1 : place + 3]:
            if _answers(answer, part):
                return f"{part} {answer}"
    return ""


def _answers(answer: str, question: str) -> bool:
    """Whether a sentence says which of several it is: by its place, or by its name."""
    words = re.findall(r"\w+", answer.lower())
    if answer.endswith("?") or not words or len(words) > _LONGEST_VERDICT:
        return False
    asked = set(re.findall(r"\w+", question.lower()))
    echo = len(words) <= 3 and set(words) <= asked
    return echo or bool(_VERDICT.search(answer))


def _concerns(text: str, change: Change, material: Material) -> bool:
    """Whether a text names what a change adds or takes away."""
    said = signs_of(as_signs(text).replace("⟨", " ").replace("⟩", " "))
    gone = set(counts_of(change.before) - counts_of(change.after))
    signs = (new_signs(change, material.own) | gone) - {"=", "if", "in"}
    return any(sign in said or circling(sign, text) == 1.0 for sign in signs)


def _find_gap(text: str, changes: Sequence[Change], own: frozenset[str]) -> str:
    if not _GAP.search(text):
        return ""
    rest = _QUESTION.sub(" ", text)
    said = signs_of(as_signs(rest).replace("⟨", " ").replace("⟩", " "))
    for before, after in _around_gaps(text):
        for change in changes:
            filling = _filling(before, after, squash(change.after))
            if not filling or filling in squash(before + after):
                continue
            signs = signs_of(filling) - {"="}
            around = signs_of(before + after)
            if around & own and (new_signs(change, own) - signs) & around:
                # What is new stands beside the gap already.
                return f"{before.strip()} … {after.strip()}"
            if signs and any(
                sign in said or circling(sign, rest) == 1.0 for sign in signs if sign != "("
            ):
                return f"{before.strip()} … {after.strip()}"
            if signs == {"("} and circling("(", rest) == 1.0:
                return f"{before.strip()} … {after.strip()}"
    return ""


def _around_gaps(text: str) -> Iterator[tuple[str, str]]:
    for number, found in enumerate(_GAP.finditer(text)):
        if number >= _MOST_GAPS:
            return
        before = text[max(0, found.start() - _AROUND) : found.start()].rpartition("\n")[2]
        after = text[found.end() : found.end() + _AROUND].partition("\n")[0]
        yield before, after


def _filling(before: str, after: str, line: str) -> str:
    """Return what stands in a line between the texts around a gap; "" when it is another line."""
    left, right = squash(before), squash(after)
    for size in range(min(len(left), len(line)), 0, -1):
        start = line.find(left[-size:])
        if start < 0:
            continue
        start += size
        for width in range(min(len(right), len(line) - start), 0, -1):
            end = line.find(right[:width], start)
            if end > start and size + width >= _LEAST_AROUND:
                return line[start:end] if end - start <= _LONGEST_FILLING else ""
        # What comes after the gap may be words: then the line must end with it.
        rest = line[start:]
        return rest if size >= 2 * _LEAST_AROUND and len(rest) <= _LONGEST_FILLING else ""
    return ""
