"""Whether a piece of code says something in words of its own, or only in those of an exercise.

A correction may be put together from a classmate's answer. Where every name, number and text in it
stands in the exercise, its reference or the answer that it corrects, it tells nothing about who
wrote it; where one does not, it may say anything, such as a name.
"""

import ast
import builtins
import keyword
import re
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from typing import Final

from jupyter_tutor.domain.person_names import is_letter

_TEXT: Final = re.compile(
    r"(?:\b[A-Za-z]{1,2})?"
    r"(?P<quote>'''|\"\"\"|'|\")(?P<body>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)",
    re.S,
)
_OF_TYPES: Final = (str, bytes, int, float, complex, list, tuple, dict, set, frozenset)
_ARGUMENTS: Final = (
    *("default", "encoding", "end", "key", "keepends", "maxsplit", "mode", "ndigits", "reverse"),
    *("sep", "start", "stop", "strict"),
)
_PYTHON: Final = frozenset(
    {*keyword.kwlist, *keyword.softkwlist, *dir(builtins), *_ARGUMENTS}.union(*map(dir, _OF_TYPES))
)
_BLANK: Final = re.compile(r"\\[nrt]")


class OwnWords:
    """Knows the words of some texts and programs, and those of Python itself.

    Args:
        texts: Texts, also such as are programs in part.
        programs: Programs by who wrote the exercise.
    """

    def __init__(self, texts: Iterable[str], programs: Iterable[str] = ()) -> None:
        written = tuple(programs)
        self._known = [*texts, *written, *map(_written_anew, written)]
        self._words = {word for text in self._known for word in _words(text)} | _PYTHON

    def cover(self, code: str) -> bool:
        """Whether code has no other name, number or text than those that are known.

        Names of one letter, digits, and texts without letters and digits belong to everybody.
        """
        texts = (found["body"] for found in _TEXT.finditer(code))
        bare = _TEXT.sub(" ", code)
        return all(map(self._has_text, texts)) and all(map(self._has_word, _words(bare)))

    def _has_word(self, word: str) -> bool:
        return word in self._words or (len(word) == 1 and word.isascii())

    def _has_text(self, body: str) -> bool:
        """Whether a text between quotes stands in what is known, as it is and not amid a word."""
        if not _words(_BLANK.sub(" ", body)):
            return True
        begins = r"(?<!\w)" if body[0].isalnum() else ""
        ends = r"(?!\w)" if body[-1].isalnum() else ""
        whole = re.compile(begins + re.escape(body) + ends)
        return any(whole.search(text) for text in self._known)


def _words(text: str) -> list[str]:
    """Return names and numbers: the longest runs of letters, digits and underscores."""
    runs = groupby(text, lambda sign: sign == "_" or sign.isalnum() or is_letter(sign))
    return ["".join(run) for belongs, run in runs if belongs]


def _written_anew(text: str) -> str:
    """Return a program as edits are written: quotes, brackets and numbers in one form."""
    with suppress(SyntaxError, ValueError, MemoryError, RecursionError):
        return ast.unparse(ast.parse(text))
    return ""
