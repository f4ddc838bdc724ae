r"""Markdown of a model, made inert: no picture, link or HTML of its own reaches a page.

A picture that a browser loads tells its address to whoever chose the picture, with all that stands
in the link; a link leads a learner away in the tutor's name. A model needs neither to give help.

Blocks of code stay as they are, and are marked anew so that every reader of Markdown finds them
where they were found here: at the margin, with a fence longer than any inside. Readers differ in
what is a piece of code in a line; in such a piece a blank keeps apart what could begin a link, a
picture or a tag, and everywhere else that is escaped. So to misread this text is to see signs too
many, not to load something.
"""

import re
from collections.abc import Iterator
from typing import Final

_FENCE: Final = re.compile(r"([ \t]*)(`{3,}|~{3,})[ \t]*([^`\n]*)")
_LANGUAGES: Final = frozenset({"python", "py", "python3", "pycon", "text", "txt", "output"})
"""Blocks of other languages are not told apart: a page may draw diagrams of some."""
_CODE: Final = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)")
_TEX: Final = re.compile(
    r"(?<!\\)\\+(?=(?:href|url|require|includegraphics|html\w*|class|style|cssId|data|unicode)\s*[\[{])"
)
"""Commands of formulas that link, load or change the page."""
_IMAGE_OR_LINK: Final = re.compile(
    r"!?\[([^\[\]\n]*)\]\((?=[^()\n]*[:/.#])(?:[^()\n\"']|\([^()\n]*\)|\"[^\"\n]*\"|'[^'\n]*')*\)"
)
_ADDRESS: Final = re.compile(r"(?<=:)/(?=/)|(?<=www)\.|@", re.I)
"""What makes an address of words: a page finds those that nobody marked as well."""
_TICK: Final = re.compile(r"(?<!\\)(\\*)`")
_DEFINED: Final = re.compile(r"\](?=[(\[:])")
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")
_APART: Final = re.compile(
    r"(?<=\])(?=\()|(?<=<)(?=[A-Za-z/!?])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=\w)(?=@)", re.I
)
_BREAK: Final = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")


def inert(text: str) -> str:
    """Return a text in Markdown without links, pictures and HTML; it looks the same but for those.

    Of a link or a picture the words stay, and of an address the text.

    Args:
        text: What a model wrote.
    """
    return "\n".join(_blocks(_BREAK.sub("\n", _TEX.sub("", text)).split("\n")))


def _blocks(lines: list[str]) -> Iterator[str]:
    at = 0
    while at < len(lines):
        opened = _FENCE.fullmatch(lines[at])
        if opened is None:
            yield _line(lines[at])
            at += 1
            continue
        end = _closing(lines, at + 1, opened[2])
        margin = re.compile(rf"[ \t]{{0,{len(opened[1])}}}")
        code = [margin.sub("", line, count=1) for line in lines[at + 1 : end]]
        yield from _block(code, opened[3].strip().lower())
        at = end + 1


def _closing(lines: list[str], begin: int, fence: str) -> int:
    """Return where the fence of a block is closed; one that is not lasts to the end."""
    closing = re.compile(rf"[ \t]*{fence[0]}{{{len(fence)},}}[ \t]*")
    found = (at for at in range(begin, len(lines)) if closing.fullmatch(lines[at]))
    return next(found, len(lines))


def _block(code: list[str], language: str) -> Iterator[str]:
    fence = "`" * max([3, *(1 + len(each) for line in code for each in re.findall("`+", line))])
    yield fence + (language if language in _LANGUAGES else "")
    yield from code
    yield fence


def _line(line: str) -> str:
    """Return a line of text with its pieces of code."""
    parts: list[str] = []
    at = 0
    for found in _CODE.finditer(line):
        parts += [_text(line[at : found.start()]), _APART.sub(" ", found[0])]
        at = found.end()
    return "".join([*parts, _text(line[at:])])


def _text(text: str) -> str:
    """Return text that is no code, with nothing in it that loads or leads anywhere."""
    for _ in range(2):  # a picture may stand in a link
        text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _TICK.sub(_escaped, text)
    text = text.replace("~~~", r"\~\~\~")
    text = _DEFINED.sub(r"]\\", text)
    text = _ADDRESS.sub(lambda found: f"&#{ord(found[0])};", text)
    return _TAG.sub("&lt;", text)


def _escaped(tick: re.Match[str]) -> str:
    """Return a backtick with an odd number of backslashes before it: it is a sign then."""
    slashes = tick[1]
    return f"{slashes}`" if len(slashes) % 2 else f"{slashes}\\`"
