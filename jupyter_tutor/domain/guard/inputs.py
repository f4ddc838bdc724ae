"""Finds secret tests in a message: what is called, what is typed in, what has to come out."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.lexicon import in_digits, pattern_of
from jupyter_tutor.domain.guard.secrets import SecretTest

_TOKEN: Final = re.compile(r"\w+(?:\.\d+)?|[^\w\s]")
_VALUE: Final = re.compile(r"-?\d+(?:\.\d+)?|\"[^\"\n]*\"|'[^'\n]*'")
_LISTED: Final = re.compile(r"\[[^\[\]]*\]")
_LEAST_CALL = 3
_LEAST_VALUE = 5
_MANY_TOKENS = 14
_MANY_ARGUMENTS = 8
_MOST_TESTS = 200
_HINTED: Final = pattern_of(
    r"\b(?:hidden|secret\w*|unseen|confidential|envelope|don't see|can't see|not (?:shown|visible)"
    r"|ourselves|in the dark|behind the (?:curtain|scenes)|under wraps)\b|গোপন|লুকানো"
)
"""A message that says so itself may name a secret test by fewer signs."""
_COMMON = frozenset({"True", "False", "None"})


def find_input(text: str, tests: Sequence[SecretTest], shown: str) -> str:
    """Return the secret test a message tells of, or "".

    What is common tells nothing: an empty list or the number 1 may be anybody's example. A call
    counts when its arguments are not; its values alone count with the expected ones beside them.

    Args:
        text: The message.
        tests: The secret tests.
        shown: What the learner has seen, flat.
    """
    if not tests:
        return ""
    said = _line(in_digits(text))
    hinted = bool(_HINTED.search(text))
    for test in tests[:_MOST_TESTS]:
        for part in _telling_parts(test, shown):
            if part in said:
                return part.strip()
        if _tells_values(said, test, shown, least=1 if hinted else _LEAST_CALL):
            return test.call
    return ""


def _tells_values(said: str, test: SecretTest, shown: str, *, least: int) -> bool:
    """Whether the values of a test stand in a message, and after them those that are expected.

    Args:
        said: The message, as tokens.
        test: The secret test.
        shown: What the learner has seen, a text a line.
        least: How many letters and digits the values must have.
    """
    said = _unquoted(said)
    values, expected = _bare(test.call), _bare(test.expected)
    listed = max((_bare(part) for part in _LISTED.findall(test.call)), key=len, default=())
    much = _information(expected) >= min(2, least)
    for part, enough in ((values, much), (listed, len(listed) >= 3)):
        if not enough or not expected or _information(part) < least + (part is listed):
            continue
        if _in_order((*part, *expected), said):
            seen = (_unquoted(_line(line)) for line in shown.split("\n"))
            return not any(_in_order(part, line) for line in seen)
    return False


def _unquoted(line: str) -> str:
    return line.replace('"', "").replace("  ", " ")


@lru_cache(maxsize=512)
def _line(text: str) -> str:
    """Return the tokens of a text with blanks around each, quotes made alike."""
    return f" {' '.join(_TOKEN.findall(text.replace(chr(39), chr(34))))} "


@lru_cache(maxsize=512)
def _telling_parts(test: SecretTest, shown: str) -> tuple[str, ...]:
    seen = _line(shown)
    arguments = test.call.partition("(")[2].rpartition(")")[0]
    lines = (test.call, *test.call.split("\n"))
    parts = [_line(line) for line in lines if _is_telling(line)]
    if len(_TOKEN.findall(arguments)) >= _MANY_ARGUMENTS and _is_telling(arguments):
        parts.append(_line(arguments))
    parts += [
        _line(value)
        for value in (*_values(test.call), test.expected)
        if _information((value,)) >= _LEAST_VALUE and value not in _COMMON
    ]
    return tuple(part for part in dict.fromkeys(parts) if part not in seen)


def _is_telling(line: str) -> bool:
    """Whether nobody would come upon an input by chance: what it holds, or how it is built."""
    tokens = len(_TOKEN.findall(line))
    return tokens >= _MANY_TOKENS or (tokens >= 3 and _information(_values(line)) >= _LEAST_CALL)


@lru_cache(maxsize=1024)
def _values(text: str) -> tuple[str, ...]:
    return tuple(_VALUE.findall(text))


def _bare(text: str) -> tuple[str, ...]:
    return tuple(value.strip("\"'") for value in _values(text))


def _information(values: Sequence[str]) -> int:
    """Return how many letters and digits values have."""
    return sum(letter.isalnum() for value in values for letter in value)


def _in_order(values: Sequence[str], said: str) -> bool:
    place = 0
    for value in values:
        found = said.find(_line(value), place)
        if found < 0:
            return False
        place = found + len(_line(value)) - 1
    return True
