"""A message sentence by sentence: what each one names, by sign or by word, and what it does."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.forms import BUILT_IN
from jupyter_tutor.domain.guard.lexicon import as_signs
from jupyter_tutor.domain.guard.material import Material
from jupyter_tutor.domain.guard.spans import token_line, without_code
from jupyter_tutor.domain.guard.speech import CHOICE, DIRECTIVE, PLACE, QUESTION, SUGGESTION
from jupyter_tutor.domain.guard.stance import only_looks

_SENTENCE = re.compile(r"(?<=[.!?।])(?<!\be\.g\.)(?<!\bi\.e\.)\s+|\n+|(?<=;)\s+(?=else\b)")
_QUOTED = re.compile(r"\"([^\"\n()\[\]=]{12,200})\"")
_INLINE = re.compile(r"`+([^`\n]+)`+")
_MOST_SENTENCES = 60
_LONGEST = 600
_TOKEN: Final = re.compile(
    r"⟨([^⟩]+)⟩|([^\W\d]\w*)|(\d+(?:\.\d+)?)|(\*\*|//|[<>!=]=|[-+*/%]=|[-+*/%<>=(\[])|(\"[^\"]*\"|'[^']*')"
)
_STRING: Final = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_SAME = {">": "<", ">=": "<=", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%"}
LINKS = frozenset(
    {"and", "or", "not", "in", "is", "if", "elif", "else", "for", "while", "return", "def", "="}
)
_METHODS = frozenset(dir(str)) | frozenset(dir(list)) | frozenset(dir(dict)) | frozenset(dir(set))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence by what it names.

    Attributes:
        text: The sentence.
        signs: What it names, without what only a quotation of shown code holds.
        mentioned: Everything it names.
        directive: Whether it tells to do something.
        placed: Whether it speaks of the learner's own program.
        asks: Whether it is a question, and suggests nothing.
        around: What the message names anywhere.
        quotes: Whether it holds a piece of code that has been shown, not just a name.
        foreign: Whether it holds code about other data.
    """

    text: str
    signs: frozenset[str]
    mentioned: frozenset[str]
    directive: bool
    placed: bool
    asks: bool
    around: frozenset[str] = frozenset()
    quotes: bool = False
    foreign: bool = False


def signs_of(line: str) -> frozenset[str]:
    """Return the signs of a line of code."""
    return frozenset(counts_of(line))


@lru_cache(maxsize=1024)
def counts_of(line: str) -> Counter[str]:
    """Return how often each sign stands in a line of code."""
    signs = []
    before = ""
    for found in _TOKEN.finditer(line):
        sign = found[0]
        call = bool(re.match(r"[\w\])]", before)) and before not in LINKS
        if sign == "(" and call:
            before = sign
            continue
        if not (sign == "0" and "%" in signs):
            signs.append(_SAME.get(sign, sign))
        before = sign
    counted = Counter(signs)
    if "%" in counted and "==" in counted:
        counted.pop("==")
    if re.search(r"=\s*(?:\[\]|\{\})\s*$", line):
        counted["empty"] += 1
        counted.pop("[", None)
    return counted


def sentences(text: str, material: Material) -> tuple[Sentence, ...]:
    """Return the sentences of a message, less those that have been shown word for word."""
    return _cached_sentences(text, material.own, material.shown, material.tokens)


def as_one(parts: Sequence[Sentence]) -> Sentence:
    """Return sentences as one that names what any of them names and does what any of them does."""
    return Sentence(
        text=" ".join(part.text for part in parts)[:_LONGEST],
        signs=frozenset().union(*(part.signs for part in parts)),
        mentioned=frozenset().union(*(part.mentioned for part in parts)),
        directive=any(part.directive for part in parts),
        placed=any(part.placed for part in parts),
        asks=all(part.asks for part in parts),
        quotes=any(part.quotes for part in parts),
        foreign=any(part.foreign for part in parts),
    )


@lru_cache(maxsize=256)
def _cached_sentences(
    text: str, own: frozenset[str], shown: str, tokens: tuple[str, ...]
) -> tuple[Sentence, ...]:
    seen = shown.lower()
    parts = [
        " ".join(part.split()) for part in _SENTENCE.split(without_code(text))[:_MOST_SENTENCES]
    ]
    new = [
        _QUOTED.sub(lambda found: " " if found[1].lower() in seen else found[0], part[:_LONGEST])
        for part in parts
        if len(part) >= 4 and part not in shown
    ]
    for question, answer in itertools.pairwise(tuple(new)):
        if QUESTION.search(question) and CHOICE.search(answer):
            # Which of two it is, said in a sentence of its own.
            new.append(f"{question.rstrip('?')}, must be {answer}")
    found = [_sentence(part, own, tokens) for part in new]
    around = frozenset().union(*(sentence.mentioned for sentence in found))
    return tuple(replace(sentence, around=around) for sentence in found)


def _sentence(text: str, own: frozenset[str], tokens: tuple[str, ...]) -> Sentence:
    quoted: list[str] = []
    new: list[str] = []
    foreign: list[str] = []

    def quotation(found: re.Match[str]) -> str:
        code = found[1]
        words = re.findall(r"[^\W\d]\w*", code)
        line = token_line(code)
        if (words or len(line.split()) > 2) and any(line in each for each in tokens):
            quoted.append(code)
            # What is shown may be spoken of; its signs are not said anew.
            return " ".join(words)
        if _is_foreign(code, words, own):
            foreign.append(code)
            return " "
        new.append(code)
        # Bare signs are part of the sentence; words of code are no words of it.
        return f" {' '.join(word for word in words if word in own) if words else code} "

    spoken = _INLINE.sub(quotation, text)
    signs = frozenset(_said(spoken, own)).union(*map(signs_of, new))
    mentioned = signs | {sign for code in quoted for sign in signs_of(code)}
    asks = bool(QUESTION.search(text)) and not SUGGESTION.search(text)
    directive = bool(DIRECTIVE.search(spoken)) and not only_looks(_INLINE.sub(" CODE ", text))
    return Sentence(
        text=text,
        signs=signs,
        mentioned=mentioned,
        directive=directive and not asks,
        placed=bool(PLACE.search(text)),
        asks=asks,
        quotes=any(len(token_line(code).split()) >= 3 for code in quoted),
        foreign=bool(foreign),
    )


def _is_foreign(code: str, words: Sequence[str], own: frozenset[str]) -> bool:
    """Whether code is about other data: it has names of its own, or numbers alone."""
    if words:
        return not own & set(words) and not set(words) <= BUILT_IN | LINKS | _METHODS
    return bool(re.match(r"[\d(\[\"'].*[-+*/%<>=].*[\d)\]\"']$", code.strip()))


def _said(text: str, own: frozenset[str]) -> Iterator[str]:
    """Yield the signs a sentence names, its words turned into signs."""
    low = text.lower()
    for name in own:
        if name.partition("_")[0].rstrip("s").lower() not in low:
            continue
        if "_" in name:
            spaced = name.replace("_", "[ _-]")
            text = re.sub(rf"\b{spaced}\b", name, text, flags=re.IGNORECASE)
        elif len(name) > 3 and name.endswith("s"):
            text = re.sub(rf"\bfirst {name[:-1]}\b", f"first element of {name}", text)
    signs = as_signs(text)
    yield from _STRING.findall(signs)
    for found in _TOKEN.finditer(_STRING.sub(lambda found: found[0][1:-1], signs)):
        sign = found[0].strip("⟨⟩")
        yield _SAME.get(sign, sign)
        if sign.lower() != sign and sign.lower() in own:
            yield sign.lower()
        if sign.endswith("s") and sign[:-1] in own:
            yield sign[:-1]
        if f"{sign}s" in own:
            yield f"{sign}s"
