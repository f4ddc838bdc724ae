"""Rewrites a text by a table of patterns, one after the other."""

import re
from collections.abc import Callable
from typing import TypeAlias

Replacement: TypeAlias = str | Callable[[re.Match[str]], str]
Rules: TypeAlias = tuple[tuple[re.Pattern[str], Replacement], ...]


def rules_of(*pairs: tuple[str, Replacement], flags: int = 0) -> Rules:
    """Compile pairs of a pattern and what takes the place of each match."""
    return tuple((re.compile(pattern, flags), replacement) for pattern, replacement in pairs)


def rewritten(text: str, rules: Rules) -> str:
    """Return a text after every rule in turn has been applied to it."""
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text
