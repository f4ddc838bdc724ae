"""Finds typing told aloud: keys to press, signs by name one after the other, letters set apart.

Such words are code, whatever the rung: nobody learns from typing after dictation.
"""

import codecs
import re
from collections.abc import Collection, Iterator
from typing import Final

from jupyter_tutor.domain.guard.lexicon import pattern_of
from jupyter_tutor.domain.guard.spans import without_code

_INLINE: Final = re.compile(r"`[^`\n]*`")
_LEAST_KEYS = 2
_LEAST_SIGNS = 4
_NATO: Final = """
    alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar
    papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu
"""
_CALLED: Final = {word: word[0] for word in _NATO.split()} | {
    "alfa": "a",
    "juliet": "j",
    "x-ray": "x",
    "whisky": "w",
}
_NATO_RUN: Final = re.compile(
    rf"\b(?:{'|'.join(_CALLED)})(?:[ ,-]+(?:{'|'.join(_CALLED)}))+\b", re.IGNORECASE
)
_APART: Final = re.compile(r"(?<![\w'])[A-Za-z](?:(?:, ?|[ \-.·]|\. \d+\. )[A-Za-z](?![\w'])){2,}")
_KEYS: Final = tuple(
    pattern_of(pattern)
    for pattern in (
        r"\bcursor\b|\bcaret\b",
        r"\b(?:press|hit|hold|strike|tap)\b(?! (?:the )?(?:run|shift ?[+-]? ?enter|ctrl|play))",
        r"\bbackspace\b|\bdel(?:ete)? key\b",
        r"\bkeys?\b(?= (?:right|left|with|between|above|below|next)\b)|\bkeystrokes?\b",
        r"\bshift[- +]?(?:and )?\d\b|\bhold shift\b|\bpress(?: the)? (?:end|home|space|blank)\b",
        r"\b(?:type|typing)\b(?! (?:error|of|is|hint|annotation))",
        r"\b(?:double-)?click\b|\bmark lines?\b|\bselect (?:the|line)\b|\bpaste\b|\bcut\b(?=,)",
        r"\bspace ?bar\b|,? (?:a )?(?:blank|space),",
    )
)
_SIGNS: Final = tuple(
    pattern_of(pattern)
    for pattern in (
        r"\bcolon\b",
        r"\bcomma\b(?!s)",
        r"\b(?:un)?quot(?:e|ation mark)s?\b",
        r"\b(?:open\w*|clos\w+|round|square) (?:\w+ )?(?:bracket|paren\w*)s?\b|\bthat opens\b",
        r"\b(?:full stop|period|dot|underscore)\b",
        r"\b(?:double |two )?equals?(?: sign)?\b|\bis-equal-to\b",
        r"\b(?:percent|slash|asterisk|plus|minus)\b(?: sign)?",
        r"\b(?:blank|space|newline|new line|indent)\b",
        r"\bless[- ]than\b|\bgreater[- ]than\b",
        r"\bels?e?-?if\b|\bcapital[- ]\w\b",
    )
)


def is_typing(text: str) -> bool:
    """Whether words tell which keys to press, or name the signs of a line one by one."""
    if sum(bool(pattern.search(text)) for pattern in _KEYS) >= _LEAST_KEYS:
        return True
    return any(
        sum(bool(pattern.search(line)) for pattern in _SIGNS) >= _LEAST_SIGNS
        for line in text.split("\n")
    )


def apart(text: str, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what a text says when its letters are put together, and how that is called.

    Args:
        text: A cleared message.
        names: The names of the code it may be about.
    """
    text = _INLINE.sub(" ", without_code(text))
    called = _NATO_RUN.sub(
        lambda run: "".join(_CALLED[word] for word in re.split(r"[ ,-]+", run[0].lower())), text
    )
    joined = _APART.sub(lambda run: "".join(re.findall(r"[A-Za-z]", run[0])), called)
    if joined != text:
        yield joined, "letters set apart"
    turned = codecs.encode(text, "rot13")
    parts = {part for name in names for part in name.split("_") if len(part) >= 3}
    if sum(part in turned for part in parts) >= 2 > sum(part in text for part in parts):
        yield turned, "rot13"
