"""What each word of a sentence is to a change: what is new in it, what goes, where it stands.

"Use 0 in place of 1" and "swap or for and" are one sentence: *use NEW in place of OLD*. Once names,
signs and the words that circle them are written as the part they play, sentences about different
exercises can be compared, and what was learned of one holds for another. The other words are cut
to their stems.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.lexicon import as_signs
from jupyter_tutor.domain.guard.material import Material
from jupyter_tutor.domain.guard.sentences import signs_of
from jupyter_tutor.domain.guard.spans import token_line
from jupyter_tutor.domain.guard.units import field_of

_INLINE: Final = re.compile(r"`+([^`\n]+)`+")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_PART: Final = re.compile(
    r"⟦(\w+)⟧|⟨([^⟩]+)⟩|([^\W\d_][\w'’]*)|(\d+(?:\.\d+)?)"
    r"|(\*\*|//|[<>!=]=|[-+*/%]=|[-+*/%<>=(\[])|([?!.,:;])|(→|⇒)"
)
_ARROW: Final = re.compile(r"[-=]+>|⟶|➔|➜")
_ENDINGS: Final = (
    "ations", "ation", "ings", "ing", "ions", "ion", "ers", "edly", "ed", "ies", "es", "ly", "er",
    "s",
)  # fmt: skip
_SAME: Final = {">": "<", ">=": "<=", "+=": "+", "-=": "-"}
_EXCHANGED: Final = frozenset({("OLD", "NEW"), ("NEW", "OLD")})
_FROM_OLD: Final = "to by with for into becom but should must make be , : ."
_FROM_NEW: Final = "instead instea rath place plac than not for over lieu , never where"
_LINKING: Final = {
    "OLD": frozenset(_FROM_OLD.split()),
    "NEW": frozenset(_FROM_NEW.split()),
}
"""What stands between them: "OLD becomes NEW", "NEW in place of OLD"."""
_NEAR = 7
_LEAST_STEM = 3
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Parts:
    """The signs of a change by the part they play in it.

    Attributes:
        added: Those that are new.
        removed: Those that go.
        content: The others that say which line it is.
    """

    added: frozenset[str]
    removed: frozenset[str]
    content: frozenset[str]


def roles_of(text: str, parts: Parts, material: Material) -> tuple[str, ...]:
    """Return the words of a sentence in order, as stems or, in capitals, as the part they play.

    The parts are `NEW` and `OLD` for what a change adds and takes away, `NEWISH` and `OLDISH` for
    words that may mean it, `CTX` for what else is on its line, `NAME`, `NUM` and `SIGN` for other
    names, numbers and signs, `QUOTE` for code that has been shown, `CODE` for other code.

    Args:
        text: A sentence, cleared.
        parts: The change it may be about.
        material: What is secret and what has been shown.
    """
    return _cached_roles(text, parts, material.own, material.tokens)


@lru_cache(maxsize=256)
def _cached_roles(
    text: str, parts: Parts, own: frozenset[str], shown: tuple[str, ...]
) -> tuple[str, ...]:
    text = _ARROW.sub("→", text)
    text = _INLINE.sub(lambda code: f" {_quoted(code[1], parts, own, shown)} ", text)
    for role, signs in (("NEW", parts.added), ("OLD", parts.removed)):
        for sign in sorted(signs - own):
            if len(sign) == 1 and sign.isalpha():
                continue
            sure, maybe = field_of(sign)
            text = maybe.sub(f" ⟦{role}ISH⟧ ", sure.sub(f" ⟦{role}⟧ ", text))
    found: list[str] = []
    for each in _roles(as_signs(text), parts, own):
        if not (found and each == found[-1] and each.isupper()):
            found.append(each)
    return tuple(found)


def _quoted(code: str, parts: Parts, own: AbstractSet[str], shown: tuple[str, ...]) -> str:
    line = token_line(code)
    tokens = line.split()
    if len(tokens) == 1 and _NAME.fullmatch(tokens[0]):
        known = tokens[0] in own
        return f"⟦{_role(tokens[0], parts, 'NAME')}⟧" if known else code
    if (len(tokens) > 2 or _NAME.search(code)) and any(line in each for each in shown):
        return "⟦QUOTE⟧"
    signs = signs_of(code)
    if signs & parts.added:
        return "⟦NEW⟧"
    return "⟦OLD⟧" if signs & parts.removed else "⟦CODE⟧"


def _roles(text: str, parts: Parts, own: frozenset[str]) -> Iterator[str]:
    for found in _PART.finditer(text):
        role, sign, word, number, operator, mark, arrow = found.groups()
        if role or mark or arrow:
            yield role or mark or "to"
        elif word and (name := _own_name(word, own)):
            told = name in parts.content | parts.added | parts.removed
            yield "CTX" if told else "NAME"
        elif word:
            yield stem(word)
        else:
            each = sign or number or operator
            yield _role(_SAME.get(each, each), parts, "NUM" if number else "SIGN")


def _own_name(word: str, own: frozenset[str]) -> str:
    return next((name for name in (word, word.lower(), f"{word.lower()}s") if name in own), "")


def _role(sign: str, parts: Parts, other: str) -> str:
    if sign in parts.added:
        return "NEW"
    if sign in parts.removed:
        return "OLD"
    return "CTX" if sign in parts.content else other


def exchanges(roles: Sequence[str]) -> bool:
    """Whether a sentence puts what is new in the place of what goes, in either order."""
    return any(
        (first, second) in _EXCHANGED and not _LINKING[first].isdisjoint(roles[start + 1 : end])
        for start, first in enumerate(roles)
        for end, second in enumerate(roles[start + 1 : start + _NEAR], start + 1)
    )


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return a word in small letters without its ending."""
    word = word.lower().replace("’", "'")
    if len(word) <= _SHORT:
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _LEAST_STEM:
            return word[: -len(ending)]
    return word.rstrip("e")
