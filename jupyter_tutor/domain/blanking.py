"""Programs without their comments and strings: what a program is, not what it says of itself.

Who reads an answer may be talked to by it. Read again without the places where prose can stand, an
answer that was judged by its code is judged the same.
"""

import ast
import io
import re
import tokenize
from typing import Final

MOST_LETTERS: Final = 50_000
"""Longer programs are not read: no exercise asks for one."""

_QUOTED: Final = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")(.*)\2", re.S)
_LETTER: Final = re.compile(r"(\\\n)|[^\n]")
_UNFIT: Final = (SyntaxError, ValueError, tokenize.TokenError, RecursionError, MemoryError)


def blank_out(source: str) -> str | None:
    """Return a program with blanks in the place of its comments and strings.

    Lines and columns stay. Strings keep their quotes; of strings with expressions in them those
    are blanked as well. What is no Python at all may say anything anywhere, and is not returned.

    Args:
        source: The program.

    Returns:
        The program, or None where it is no Python, or too long.
    """
    if len(source) > MOST_LETTERS:
        return None
    source = with_plain_breaks(source)
    try:
        # Half a letter can't be sent.
        source.encode()
        blanked = _without(_spans(source), source)
        # Only now: the parser would warn of what strings escape.
        ast.parse(blanked)
    except _UNFIT:
        return None
    return blanked


def with_plain_breaks(source: str) -> str:
    """Return a text whose lines end in a newline, and in nothing else."""
    return source.replace("\r\n", "\n").replace("\r", "\n")


_Place = tuple[int, int]


def _without(spans: list[tuple[_Place, _Place]], source: str) -> str:
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    kept, at = [], 0
    for (first, column), (last, end) in spans:
        begin, stop = starts[first - 1] + column, starts[last - 1] + end
        kept += [source[at:begin], _blanks(source[begin:stop])]
        at = stop
    return "".join([*kept, source[at:]])


def _spans(source: str) -> list[tuple[_Place, _Place]]:
    """Return where comments and the insides of strings begin and end, in order."""
    found: list[tuple[_Place, _Place]] = []
    begun: list[_Place] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]
        if kind.endswith("STRING_START"):
            begun.append(token.end)
        elif kind.endswith("STRING_END"):
            begin = begun.pop()
            if not begun:
                found.append((begin, token.start))
        elif begun:
            continue
        elif kind == "COMMENT":
            (line, column) = token.start
            found.append(((line, column + 1), token.end))
        elif kind == "STRING":
            found.append(_inside(token))
        elif kind == "ERRORTOKEN" and token.string.strip():
            raise SyntaxError("no token of Python")
    return found


def _inside(token: tokenize.TokenInfo) -> tuple[_Place, _Place]:
    """Return where the inside of a string begins and ends."""
    quoted = _QUOTED.fullmatch(token.string)
    if quoted is None:
        raise SyntaxError("a string without quotes")
    (line, column), (last, end) = token.start, token.end
    return (line, column + quoted.start(3)), (last, end - len(quoted[2]))


def _blanks(text: str) -> str:
    """Return as many blanks; a line that goes on in the next one still does."""
    return _LETTER.sub(lambda letter: letter[1] or " ", text)
