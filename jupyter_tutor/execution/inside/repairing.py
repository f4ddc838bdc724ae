"""Repairs of a cell that is no Python: a token put in, taken out or exchanged, or a block moved.

The text is tried as it would stand after each repair, and those that can be read are kept, each
program once: nothing runs here. They are looked for around the line that Python complains of; a
bracket or a quotation mark that was never closed may stand some lines before it.
"""

import ast
import io
import keyword
import re
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from typing import Final

from .splicing import Splice

MOST_REPAIRS: Final = 160
_MOST_TRIED: Final = 1_500
_LONGEST: Final = 8_000
_LINES_BEFORE: Final = 12
_UNREADABLE: Final = (SyntaxError, ValueError, MemoryError, RecursionError)

_BLOCK: Final = re.compile(
    r"\s*(?:if|elif|else|for|while|def|class|try|except|finally|with|match|case|async)\b"
)
_MAGIC: Final = re.compile(r"^\s*[%!?]", re.MULTILINE)
_NO_DEF: Final = re.compile(r"\s*(?=\w+\s*\([^()]*\)\s*:)")
_COMMENT: Final = re.compile(r"\s*#[^'\"]*$")
_PLACES: Final = re.compile(r"\w+|[^\w\s]|\s+")
_WORD: Final = re.compile(r"[^\W\d]\w*")
_OPEN: Final = "([{"
_CLOSED: Final = ")]}"
_PARTNER: Final = dict(zip(_OPEN + _CLOSED, _CLOSED + _OPEN, strict=True))
_SAID_OTHERWISE: Final = (
    (r"(?<![=!<>+\-*/%:])=(?!=)", "=="),
    ("==", "="),
    ("===", "=="),
    ("=<", "<="),
    ("=>", ">="),
    ("=!", "!="),
    ("<>", "!="),
    ("&&", " and "),
    (r"\|\|", " or "),
    (r"!(?!=)", "not "),
    (r"\+\+", " += 1"),
    ("--", " -= 1"),
    (r"\belse\s+if\b", "elif"),
    (r"\belse\s*if\b", "elif"),
    (r"\belsif\b", "elif"),
    (r"\bthen\b", ":"),
    (r"[“”„]", '"'),
    (r"[‘’‚]", "'"),
    (r"[−–—]", "-"),
    ("×", "*"),
    ("÷", "/"),
    (";", ":"),
    (r"\.", ","),
    ("-", "="),
    ("9", "("),
    ("0", ")"),
    ("8", "("),
    ("'", '"'),
    ('"', "'"),
)
"""What is written in another language, by another keyboard, or with a key beside the right one."""
_KEYWORDS: Final = [word for word in keyword.kwlist if len(word) > 2]


def repairs(text: str) -> tuple[Splice, ...]:
    """Return the repairs with which a text can be read, the nearest first; () for one that can be.

    Args:
        text: The cell.
    """
    if len(text) > _LONGEST or "\r" in text or "\f" in text or _MAGIC.search(text):
        return ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is tried is none of what anybody wrote
        complaint = _complaint(text)
        return () if complaint is None else _readable(text, complaint)


def _readable(text: str, complaint: tuple[int, int]) -> tuple[Splice, ...]:
    found: list[Splice] = []
    programs: set[str] = set()
    tried: set[str] = set()
    for splice in _candidates(text, *complaint):
        made = text[: splice.start] + splice.text + text[splice.end :]
        if made in tried:
            continue
        tried.add(made)
        if len(tried) > _MOST_TRIED or len(found) >= MOST_REPAIRS:
            break
        program = _read(made)
        if program is not None and program not in programs:
            programs.add(program)
            found.append(splice)
    return tuple(found)


def _complaint(text: str) -> tuple[int, int] | None:
    """Return the line and the column, from 1, that Python complains of; None when it does not."""
    try:
        compile(text, "answer", "exec", dont_inherit=True)
    except SyntaxError as error:
        lines = text.count("\n") + 1
        return min(max(error.lineno or lines, 1), lines), max(error.offset or 1, 1)
    except (ValueError, MemoryError, RecursionError):
        return None
    return None


def _read(text: str) -> str | None:
    """Return what tells a program from others, or None where the text is none."""
    with suppress(*_UNREADABLE):
        compile(text, "answer", "exec", dont_inherit=True)
        return ast.dump(ast.parse(text))
    return None


def _candidates(text: str, line: int, column: int) -> Iterator[Splice]:
    """Yield every repair near a complaint, likelier ones first."""
    lines = text.split("\n")
    starts = [0]
    for each in lines:
        starts.append(starts[-1] + len(each) + 1)
    near = _lines_near(lines, line)
    for number in near:
        yield from _colon(lines[number - 1], starts[number - 1], number)
    for number in near[:3]:
        yield from _otherwise(lines[number - 1], starts[number - 1], number)
    for number in near:
        yield from _ends(lines[number - 1], starts[number - 1], number)
    yield from _indented(lines, starts, line)
    for number in near[:3]:
        yield from _words(lines[number - 1], starts[number - 1], number)
    for number in near[:3]:
        yield from _put_in(lines[number - 1], starts[number - 1], number, column, line)
    for number in near[:4]:
        yield from _taken_out(lines[number - 1], starts[number - 1], number)


def _lines_near(lines: list[str], line: int) -> list[int]:
    """Return the numbers of the lines to look at, that of the complaint first, then upwards."""
    above = [number for number in range(line - 1, 0, -1) if lines[number - 1].strip()]
    below = [number for number in range(line + 1, len(lines) + 1) if lines[number - 1].strip()]
    return [line, *above[:1], *below[:1], *above[1:_LINES_BEFORE]]


def _code_end(line: str) -> int:
    """Return where the code of a line ends, before blanks and a comment."""
    found = _COMMENT.search(line)
    return len((line[: found.start()] if found else line).rstrip())


def _colon(line: str, start: int, number: int) -> Iterator[Splice]:
    """A colon after the head of a block, or in place of what stands there."""
    end = _code_end(line)
    if not _BLOCK.match(line) or end == 0:
        return
    if line[end - 1] != ":":
        yield Splice(start + end, start + end, ":", number, "syntax", 1.0)
    if line[end - 1] in ";.,=-":
        yield Splice(start + end - 1, start + end, ":", number, "syntax", 0.95)
    if line[end - 1] == ":" and end > 1 and line[end - 2] in _OPEN + "=,":
        yield Splice(start + end - 2, start + end, ":", number, "syntax", 0.8)


def _otherwise(line: str, start: int, number: int) -> Iterator[Splice]:
    """A sign of another language, or an assignment for a comparison."""
    for pattern, instead in _SAID_OTHERWISE:
        for found in re.finditer(pattern, line):
            begin, end = start + found.start(), start + found.end()
            yield Splice(begin, end, instead, number, "syntax", 0.95)


def _ends(line: str, start: int, number: int) -> Iterator[Splice]:
    """A bracket or a quotation mark that is missing at the end of a line, or one too many."""
    end = _code_end(line)
    at_colon = end - 1 if line[:end].endswith(":") else None
    open_here = _unclosed(line[:end])
    wanted = [*open_here[::-1], *_CLOSED, "'", '"']
    for sign in dict.fromkeys(wanted):
        for place in (at_colon, end):
            if place is not None:
                yield Splice(start + place, start + place, sign, number, "syntax", 0.9)
    if end and line[end - 1] in _CLOSED + "'\"":
        yield Splice(start + end - 1, start + end, "", number, "syntax", 0.9)
        for sign in _CLOSED:
            yield Splice(start + end - 1, start + end, sign, number, "syntax", 0.85)
    for sign in ("'", '"'):
        for found in re.finditer(r"[)\],:]", line[:end]):
            place = start + found.start()
            yield Splice(place, place, sign, number, "syntax", 0.8)
        for found in re.finditer(r"(?<=[(\[,=\s])(?=\w)", line[:end]):
            place = start + found.start()
            yield Splice(place, place, sign, number, "syntax", 0.75)


def _unclosed(code: str) -> list[str]:
    """Return the closing brackets that a line lacks, the outermost first."""
    waiting: list[str] = []
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.string in _OPEN and token.type == tokenize.OP:
                waiting.append(_PARTNER[token.string])
            elif token.string in _CLOSED and waiting and waiting[-1] == token.string:
                waiting.pop()
    return waiting


def _indented(lines: list[str], starts: list[int], line: int) -> Iterator[Splice]:
    """A line, or all of a block, at another depth: one that is used before it, or one deeper."""
    used = {len(each) - len(each.lstrip()) for each in lines[: line - 1] if each.strip()} | {0}
    deeper = {depth + 4 for depth in used}
    before = next((each for each in reversed(lines[: line - 1]) if each.strip()), "")
    above = len(before) - len(before.lstrip())
    likely = [above + 4 if before.rstrip().endswith(":") else above]
    depths = [*likely, *sorted(used, reverse=True), *sorted(deeper)]
    for number in dict.fromkeys((line, max(line - 1, 1))):
        first = lines[number - 1]
        if not first.strip():
            continue
        depth = len(first) - len(first.lstrip())
        last = _block_end(lines, number)
        for wanted in dict.fromkeys(depths):
            for end in dict.fromkeys((number, last)):
                text = "\n".join(_moved(each, wanted - depth) for each in lines[number - 1 : end])
                begin, stop = starts[number - 1], starts[end] - 1
                yield Splice(begin, stop, text, number, "indentation", 0.9)


def _block_end(lines: list[str], number: int) -> int:
    """Return the last of the lines from one on that are as deep as it is, or deeper."""
    depth = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    end = number
    for following in range(number + 1, len(lines) + 1):
        each = lines[following - 1]
        if each.strip():
            if len(each) - len(each.lstrip()) < depth:
                break
            end = following
    return end


def _moved(line: str, by: int) -> str:
    depth = len(line) - len(line.lstrip())
    return " " * max(depth + by, 0) + line.lstrip() if line.strip() else line


def _words(line: str, start: int, number: int) -> Iterator[Splice]:
    """A keyword that is misspelt, or `print` without its brackets."""
    for found in _WORD.finditer(line[: _code_end(line)]):
        begin, end = start + found.start(), start + found.end()
        for word in get_close_matches(found[0].lower(), _KEYWORDS, n=2, cutoff=0.6):
            if word != found[0]:
                yield Splice(begin, end, word, number, "syntax", 0.85)
    head = _NO_DEF.match(line)
    if head:
        yield Splice(start + head.end(), start + head.end(), "def ", number, "syntax", 0.9)
    printed = re.match(r"(\s*)print\s+(?!\()(.+)$", line[: _code_end(line)])
    if printed:
        begin, end = start + printed.end(1), start + _code_end(line)
        yield Splice(begin, end, f"print({printed[2]})", number, "syntax", 0.95)


def _put_in(line: str, start: int, number: int, column: int, complaint: int) -> Iterator[Splice]:
    """One sign between two others, from where Python complains outwards."""
    places = {found.start() for found in _PLACES.finditer(line)} | {_code_end(line)}
    at = column - 1 if number == complaint else len(line)
    for place in sorted(places, key=lambda each: abs(each - at)):
        for sign in (*",:()[]{}'\"=.*+", " in ", " = ", "==", " for ", " and ", " if "):
            begin = start + place
            yield Splice(begin, begin, sign, number, "syntax", 0.6)


def _taken_out(line: str, start: int, number: int) -> Iterator[Splice]:
    """One sign or word that is too many."""
    for found in _PLACES.finditer(line[: _code_end(line)]):
        if not found[0].isspace():
            begin, end = start + found.start(), start + found.end()
            yield Splice(begin, end, "", number, "syntax", 0.7 if len(found[0]) == 1 else 0.4)
            if len(found[0]) == 1 and found[0] in _PARTNER:
                for sign in _OPEN + _CLOSED:
                    yield Splice(begin, end, sign, number, "syntax", 0.6)
