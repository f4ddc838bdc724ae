"""Finds the code in a message: fences, inline code, indented lines, tables, and code amid words."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from textwrap import dedent
from typing import Final

from jupyter_tutor.domain.guard.code import LONGEST, Feature, features_of, parse
from jupyter_tutor.domain.guard.translation import as_python

MOST_LINES: Final = 160
_MOST_RUNS = 60

_QUOTE = re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n`]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.M | re.S)
_PRE = re.compile(r"<(pre|code)\b[^>]*>(.*?)(?:</\1>|\Z)", re.S | re.I)
_INLINE = re.compile(r"(?<!`)(`{1,3})(?!`)([^`]{1,400}|[^\n]{1,400}?)(?<!`)\1(?!`)")
_ARROW = re.compile(r"\s(?:→|->|=>|⇒|-->)\s|\|")
_TOKEN = re.compile(
    r"[^\W\d]\w*|\d+(?:\.\d+)?|==|!=|<=|>=|//|\*\*|[-+*/%]=|[-+*/%<>=()\[\]{}.,:]"
    r"|\"[^\"\n]*\"|'[^'\n]{0,20}'|\S"
)
_OPERATOR = re.compile(r"==|!=|<=|>=|//|[-+*/%]=|[-+*/%<>=\[(]|\.\w")
_PROGRAM = re.compile(rf"{_OPERATOR.pattern}|^\W*(?:if|else|elif|while|for|return)\b", re.I)
_SIGNS = frozenset("+-*/%<>=()[]{}.,:") | {"==", "!=", "<=", ">=", "//", "**"}
_SIGNS |= {"+=", "-=", "*=", "/=", "%="}
_KEYWORDS = frozenset({"and", "or", "not", "in", "if", "else", "for", "while", "return", "elif"})
_EDGES = frozenset(".,:=") | {"and", "or", "in", "if", "else", "elif", "for"}
_BRACED = re.compile(r";\s*(?:$|\w|\})|\)\s*\{|\belse\s*\{", re.MULTILINE)
_FOR_HEAD = re.compile(r"\bfor\s*\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of code.

    Attributes:
        code: Its text.
        place: `block`, `inline`, `line` or `words`.
    """

    code: str
    place: str


@lru_cache(maxsize=256)
def spans(text: str, names: frozenset[str] | tuple[str, ...]) -> tuple[Span, ...]:
    """Return what may be code in a message, the largest pieces first.

    Args:
        text: The message, Markdown.
        names: Names that are known to be code wherever they stand.
    """
    return tuple(_spans(text, names))


def _spans(text: str, names: Collection[str]) -> Iterator[Span]:
    text = _QUOTE.sub("", text)
    if len(text) <= LONGEST and parse(_changed(dedent(text))) is not None:
        yield Span(_changed(dedent(text)), "block")
    rest = text
    for pattern in (_FENCE, _PRE):
        for found in pattern.finditer(rest):
            yield Span(_changed(dedent(found[2])), "block")
        rest = pattern.sub("\n", rest)
    for found in _INLINE.finditer(rest):
        yield Span(found[2].strip(), "inline")
    bare = _INLINE.sub(lambda found: f" {found[2]} ", rest)
    yield from _indented(bare)
    lines = list(islice((line for line in bare.split("\n") if line.strip()), MOST_LINES))
    for line in rest.split("\n")[:MOST_LINES]:
        for part in _ARROW.split(line):
            if _PROGRAM.search(part) and not _INLINE.search(part):
                yield Span(part.strip(), "line")
    for line in lines:
        yield from _runs(line, names)


def without_code(text: str) -> str:
    """Return a message without its blocks of Python: what is left are its words."""

    def kept(found: re.Match[str]) -> str:
        return "\n" if parse(_changed(dedent(found[2]))) is not None else found[0]

    return _FENCE.sub(kept, _QUOTE.sub("", text))


def token_line(code: str) -> str:
    """Return code as its tokens with blanks between them and around it."""
    return f" {' '.join(_TOKEN.findall(code))} "


def _changed(block: str) -> str:
    """Return what a patch makes of code; a block that is none stays as it is."""
    lines = block.strip("\n").split("\n")
    if not any(re.match(r"\+(?!\+|=)", line) for line in lines):
        return block.strip("\n")
    kept = [line for line in lines if not re.match(r"-|@@|\+\+\+", line)]
    return dedent("\n".join(re.sub(r"^\+ ?", "", line) for line in kept))


def _indented(text: str) -> Iterator[Span]:
    block: list[str] = []
    for line in [*text.split("\n"), "end"]:
        if line.startswith(("    ", "\t")) or (block and not line.strip()):
            block.append(line)
        elif block:
            yield Span(_changed(dedent("\n".join(block))), "block")
            block = []


def _runs(line: str, names: Collection[str]) -> Iterator[Span]:
    """Yield the runs of names, numbers and signs in a sentence that may be expressions."""
    found = 0
    run: list[str] = []
    last = 0
    for token in [*_TOKEN.finditer(line), None]:
        word = token[0] if token else ""
        if token is not None and _codelike(word, line, token, names):
            run.append(" " * bool(token.start() > last and run) + word)
        elif run:
            code = _trimmed(run)
            if _OPERATOR.search(code) and found < _MOST_RUNS:
                found += 1
                yield Span(code, "words")
            run = []
        last = token.end() if token else last


def _codelike(word: str, line: str, token: "re.Match[str]", names: Collection[str]) -> bool:
    if (
        word in _SIGNS
        or word in names
        or word in _KEYWORDS
        or word[0] in "\"'"
        or word[0].isdigit()
    ):
        # A full stop or colon before a blank ends a part of a sentence.
        return word not in (".", ":") or line[token.end() : token.end() + 1] not in (" ", "")
    before, after = line[: token.start()].rstrip()[-1:], line[token.end() :].lstrip()[:1]
    if (before and before in "*/%<>=+") or (after and after in "*/%<>=+"):
        return True
    return line[: token.start()].endswith(".") or line[token.end() :][:1] in ("(", "[")


def _trimmed(run: list[str]) -> str:
    while run and run[0].strip() in _EDGES | {")", "]", "*"}:
        run = run[1:]
    while run and run[-1].strip() in _EDGES | {"(", "[", "*", "not"}:
        run = run[:-1]
    code = "".join(run).strip()
    for opened, closed in ("()", "[]"):
        extra = code.count(opened) - code.count(closed)
        if extra == 1 and code.startswith(opened):
            code = code[1:]
        elif extra == -1 and code.endswith(closed):
            code = code[:-1]
    return code


def read(code: str) -> tuple[Feature, ...]:
    """Return what a piece of code says, be it whole, in part, or in another language."""
    found = features_of(code)
    if found or len(code) > LONGEST:
        return found
    said: list[Feature] = []
    if _BRACED.search(code):
        code = _FOR_HEAD.sub(lambda head: head[0].replace(";", "\0"), code)
        code = re.sub(r"[{}]|;(?=\s)|;$", "\n", code).replace("\0", ";")
    lines = [line for line in code.split("\n") if line.strip()][:MOST_LINES]
    for line in lines:
        said += _read_line(line)
    if len(lines) > 1:
        said += features_of("\n".join(map(_completed, map(as_python, lines))))
    return tuple(said)


@lru_cache(maxsize=2048)
def _read_line(line: str) -> tuple[Feature, ...]:
    tried: list[str] = []
    for version in (line.strip(), as_python(line)):
        for attempt in _attempts(version):
            if attempt not in tried and len(tried) < 8:
                tried.append(attempt)
                found = features_of(attempt)
                if found:
                    return found
    return ()


def _attempts(line: str) -> Iterator[str]:
    yield _completed(line)
    body = re.sub(r"^(?:elif|else)\b:?\s*", "", line)
    yield _completed(body)
    stripped = re.sub(
        r"^(?:and|or|[-+*/%=,.])\s+|\s*(?:\b(?:and|or|in|not)|[-+*/%=,.:])\s*$", "", line
    )
    yield stripped
    before, colon, after = line.partition(": ")
    if colon:
        yield after.strip()
        yield before.strip()


def _completed(line: str) -> str:
    """Make a head of a statement one that can be parsed alone."""
    line = re.sub(r"^elif\b", "if", line.strip().rstrip(";"))
    if re.match(r"(?:if|while|for|with|def)\b", line):
        if line.endswith(":"):
            return line + " pass"
        if ":" not in line:
            return line + ": pass"
    if re.match(r"except\b.*:$", line):
        return "try: pass\n" + line + " pass"
    return line
