"""Names of people and machines in texts: found wherever they stand, in any script, and replaced.

A name is also found where underscores, digits or capitals join it to other words, as in
`score_ada2` and `adaScore`, but never amid other letters, as in `adapt`. Vowel signs and other
combining marks belong to the letters before them, so that names of Indian scripts stay whole.
"""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Final
from unicodedata import category, combining, normalize

_JOINERS: Final = frozenset("\u200c\u200d")
_SHORTEST_NAME: Final = 3
_SHORTEST_SURNAME: Final = 4
"""With an initial before it, as accounts are often called."""

_PLACEHOLDERS: Final = frozenset(
    {"path", "mail", "key", "token", "secret", "id", "ip", "host", "name"}
)
"""What stands in placeholders is looked for nowhere: a text that was redacted stays as it is."""

_DOTTED: Final = {
    pair: sign
    for sign in map(chr, range(0x0900, 0x0E00))
    if len(pair := normalize("NFD", sign)) == 2 and normalize("NFC", sign) == pair
}
"""Letters of Indian scripts such as য়, which Unicode never composes, and keyboards often do."""

_BENGALI: Final = re.compile("[\u0980-\u09ff]")
_ENDINGS: Final = re.compile(
    "(?:(?:\u09c7?রা|\u09c7?দের|\u09c7?র|\u09c7?তে|কে|\u09c7|\u09df|\u09af\u09bc|টা|টি)[ইও]?|[ইও])"
)
"""Of cases in Bengali, which are written right behind a name: রহিমার, রহিমাকে."""


def is_letter(sign: str) -> bool:
    """Whether a character is a letter or, as vowel signs of Indian scripts are, a part of one."""
    return sign in _JOINERS or category(sign)[0] in "LM"


def words_in(text: str) -> list[str]:
    """Return the words of a text: its longest runs of letters."""
    return ["".join(run) for letters, run in groupby(text, is_letter) if letters]


def names_of(called: Iterable[str]) -> frozenset[str]:
    """Return every name that tells who somebody is, in what they are called: whole and in parts.

    Args:
        called: Names of a person and of their accounts, such as `Ada Lovelace` and `ada.l17`.

    Returns:
        Those, each part of three letters or more (`Ada`, `Lovelace`, `ada`), and what people often
        make of both (`AdaLovelace`, `LovelaceAda`, `ALovelace`), also without accents.
    """
    found: set[str] = set()
    for whole in called:
        name = whole.strip()
        parts = words_in(name)
        made = {name, *parts, name.partition("@")[0]}
        if len(parts) > 1 and "@" not in name:
            first, last = parts[0], parts[-1]
            made |= {"".join(parts), first + last, last + first}
            made |= {first[0] + last} if len(last) >= _SHORTEST_SURNAME else set()
        found |= {each for each in made if len(each) >= _SHORTEST_NAME and not each.isdigit()}
    found |= {_unaccented(name) for name in found}
    return frozenset(form for name in found for form in (name, *_spellings(name)))


def _spellings(name: str) -> tuple[str, ...]:
    """Return the ways to write a name with the same letters, as keyboards differ."""
    decomposed, composed = normalize("NFD", name), normalize("NFC", name)
    dotted = composed
    for pair, sign in _DOTTED.items():
        dotted = dotted.replace(pair, sign)
    return decomposed, composed, dotted


def _unaccented(name: str) -> str:
    """Return a name as people write it who have no accents on their keyboard: Jose for José."""
    plain = "".join(sign for sign in normalize("NFD", name) if not combining(sign))
    return plain if plain.isascii() else name


def without_words(text: str, words: Iterable[str], placeholder: str, *, amid: bool = False) -> str:
    """Replace words where they stand alone, the longest first.

    Args:
        text: Where.
        words: Which; those shorter than three characters, or without a letter, are left.
        placeholder: By what.
        amid: Also where underscores, digits and capitals join them to others, as in `adaScore2`.
    """
    telling = (word for word in words if len(word) >= _SHORTEST_NAME and any(map(_tells, word)))
    fresh = {word for word in telling if word.casefold() not in _PLACEHOLDERS}
    for word in sorted(fresh, key=lambda each: (-len(each), each)):
        text = _without(text, word, placeholder, amid=amid)
    return text


def _tells(sign: str) -> bool:
    """Whether a character is a letter by itself."""
    return category(sign).startswith("L")


def _without(text: str, word: str, placeholder: str, *, amid: bool) -> str:
    signs = [re.escape(sign) for sign in word if sign not in _JOINERS]
    # They change how letters are joined, and not which; many texts leave them out.
    wanted, at = re.compile(("" if word.isascii() else "[\u200c\u200d]?").join(signs), re.I), 0
    while found := wanted.search(text, at):
        start, end = found.span()
        stands = _begins(text, start, amid=amid) and _ends(text, end, word, amid=amid)
        if stands:
            text = text[:start] + placeholder + text[end:]
        at = start + (len(placeholder) if stands else 1)
    return text


def _begins(text: str, start: int, *, amid: bool) -> bool:
    """Whether a word may begin at a place."""
    before = text[start - 1 : start]
    if not before or not _joins(before, amid=amid):
        return True
    here, after = text[start], text[start + 1 : start + 2]
    return amid and here.isupper() and (before.islower() or (before.isupper() and after.islower()))


def _ends(text: str, end: int, word: str, *, amid: bool) -> bool:
    """Whether a word may end at a place."""
    after = text[end : end + 1]
    if not after or not _joins(after, amid=amid):
        return True
    if _BENGALI.search(word) and (ending := _ENDINGS.match(text, end)):
        behind = text[ending.end() : ending.end() + 1]
        if not behind or not _joins(behind, amid=amid):
            return True
    if not amid or not after.isupper():
        return False
    last, further = text[end - 1], text[end + 1 : end + 2]
    return last.islower() or (last.isupper() and further.islower())


def _joins(sign: str, *, amid: bool) -> bool:
    """Whether a character beside a word makes it a part of a longer one."""
    return is_letter(sign) or (not amid and (sign == "_" or sign.isalnum()))
