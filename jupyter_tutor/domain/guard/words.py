"""Finds solutions told in words: the edit spelled out, or the program dictated line by line.

Each line of a solution that the learner does not have is a set of signs: names, numbers, operators,
functions. A sentence tells it when it names what is new in it, by sign or by word, and tells to do
something with it. Explanations on other data, questions and quotations of what has been shown do
not: they lack the new signs, the learner's names, or the order to use them.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.forms import BUILT_IN
from jupyter_tutor.domain.guard.lexicon import as_signs
from jupyter_tutor.domain.guard.material import Change, Material
from jupyter_tutor.domain.guard.spans import token_line, without_code
from jupyter_tutor.domain.guard.speech import (
    CHOICE,
    DIRECTIVE,
    EXCLUSIVE,
    INCLUSIVE,
    LINE,
    ORDER,
    PLACE,
    QUESTION,
    REMOVAL,
    REST,
    SUGGESTION,
    TO_BE,
    WHOLE,
)

_MOST_SENTENCES = 60
_MOST_CHANGES = 40

_SENTENCE = re.compile(r"(?<=[.!?।])\s+|\n+|(?<=;)\s+(?=else\b)")
_INLINE = re.compile(r"`+([^`\n]+)`+")
_TOKEN: Final = re.compile(
    r"⟨([^⟩]+)⟩|([^\W\d]\w*)|(\d+(?:\.\d+)?)|(\*\*|//|[<>!=]=|[-+*/%]=|[-+*/%<>=(\[])|(\"[^\"]*\"|'[^']*')"
)
_STRING: Final = re.compile(r"\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_SAME = {">": "<", ">=": "<=", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%"}
_LINKS = frozenset(
    {"and", "or", "not", "in", "is", "if", "elif", "else", "for", "while", "return", "def", "="}
)
_METHODS = frozenset(dir(str)) | frozenset(dir(list)) | frozenset(dir(dict)) | frozenset(dir(set))
_COMPARISONS = frozenset({"<", "<=", "==", "!="})


@dataclass(frozen=True, slots=True)
class Told:
    """Words that give something away: the sentence, and what it tells."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence by what it names.

    Attributes:
        text: The sentence.
        signs: What it names, without what only a quotation of shown code holds.
        mentioned: Everything it names.
        directive: Whether it tells to do something.
        placed: Whether it speaks of the learner's own program.
        asks: Whether it is a question, and suggests nothing.
        around: What the message names anywhere.
    """

    text: str
    signs: frozenset[str]
    mentioned: frozenset[str]
    directive: bool
    placed: bool
    asks: bool
    around: frozenset[str] = frozenset()


def find_words(text: str, earlier: Sequence[str], material: Material) -> Told | None:
    """Return the words of a message that tell a solution, or None.

    Args:
        text: The message, cleared.
        earlier: Messages delivered before, cleared.
        material: What is secret and what has been shown.
    """
    moved = _find_move(text, material)
    if moved is not None or not material.changes:
        return moved
    now = _weights(_sentences(text, material), material)
    if not now:
        return None
    score = {change: weight for change, (weight, _) in now.items()}
    for message in earlier:
        for change, (weight, _) in _weights(_sentences(message, material), material).items():
            score[change] = max(weight, score.get(change, 0.0))
    if sum(score.values()) < 1.0:
        return None
    change = max(now, key=lambda each: now[each][0])
    return Told(now[change][1][:80], f"tells {change.after or change.before!r}")


def _find_move(text: str, material: Material) -> Told | None:
    """Find the order to move a line the learner has."""
    lines = [*material.moved, *(change.after for change in material.changes if material.moved)]
    signs = set().union(*map(_signs_of, lines))
    telling = {sign.strip("\"'").lower() for sign in signs if sign[0] in "\"'" or sign.isdigit()}
    for sentence in _sentences(text, material) if telling else ():
        words = set(re.findall(r"[^\W\d]\w*", sentence.text.lower())) | sentence.signs
        named = telling & words
        many = len(named) >= 2 or any(len(sign) >= 2 for sign in named)
        if many and sentence.directive and ORDER.search(sentence.text):
            return Told(sentence.text[:80], "tells to move a line")
    return None


def _weights(sentences: Iterable[_Sentence], material: Material) -> dict[Change, tuple[float, str]]:
    """Return how much of each change is told, and where."""
    found: dict[Change, tuple[float, str]] = {}
    for sentence in sentences:
        for change in material.changes[:_MOST_CHANGES]:
            weight = _weight(change, sentence, material)
            if weight > found.get(change, (0.0, ""))[0]:
                found[change] = weight, sentence.text
    return found


def _weight(change: Change, sentence: _Sentence, material: Material) -> float:
    """Return how much of a change a sentence tells, 0 to 1."""
    alone = change.verified or len(material.changes) == 1
    after, before = _signs_of(change.after), _signs_of(change.before)
    unknown = {sign for sign in after if sign in material.own and sign not in material.learner}
    silent = _LINKS | unknown | {sign for sign in after if _is_short(sign)}
    added, removed = _new_signs(change, material.own) - silent, before - after - _LINKS
    content = after - silent - (material.own - material.data) - _target(change)
    names = after & material.own
    words = {sign for sign in content if len(sign) >= 2 and sign.isalnum()}
    located = sentence.placed or bool((names | words) & sentence.mentioned)
    located = located or (bool(removed) and removed <= sentence.mentioned)
    if sentence.directive and located and (change.before or alone):
        if _tells_edit(added, removed, content, names, sentence):
            return 1.0 if alone or len(added) >= 3 else 0.6
        part = _tells_part(added, content, names, sentence)
        if alone and (part or _tells_whole(change, sentence)):
            return 1.0
    if sentence.asks or not added <= sentence.signs or len(content) < 2:
        return 0.0
    told = content & (sentence.signs | (sentence.around & names))
    if len(told) < 0.8 * len(content):
        return 0.0
    if not added:
        tells = sentence.directive and not removed & sentence.mentioned and len(content) >= 4
        return 1.0 if tells and alone else 0.0
    whole = len(told) == len(content)
    rare = any(len(sign) >= 2 and sign[0].isdigit() for sign in added)
    if alone and whole and (len(content) >= 3 or (sentence.directive and (located or rare))):
        return 1.0
    if len(content) >= 4 and len(content - names) >= 2:
        return 1.0 if sentence.directive or len(content) >= 6 else 0.6
    return 0.5 if sentence.directive and located else 0.0


@lru_cache(maxsize=1024)
def _new_signs(change: Change, own: frozenset[str]) -> frozenset[str]:
    """Return the signs a change adds; one that is there more often than before counts, too."""
    more = _counts_of(change.after) - _counts_of(change.before)
    had = _signs_of(change.before)
    again = {sign for sign in more if sign.isdigit() or sign in "(+-*/%"}
    return frozenset(sign for sign in more if sign not in had or sign in again - own)


def _target(change: Change) -> set[str]:
    """Return the name a line assigns to, when the learner's line does so, too."""
    name, found, _ = change.after.partition(" = ")
    return {name} if found and change.before.startswith(f"{name} = ") else set()


def _tells_edit(
    added: AbstractSet[str],
    removed: AbstractSet[str],
    content: AbstractSet[str],
    names: AbstractSet[str],
    sentence: _Sentence,
) -> bool:
    """Whether a sentence that tells to do something tells this edit of a line."""
    signs, text = sentence.signs, sentence.text
    if added and removed and added | removed <= _COMPARISONS:
        return _tells_border(added, sentence)
    if not added:
        return bool(removed) and removed <= sentence.mentioned and bool(REMOVAL.search(text))
    if {"+", "1"} >= added and INCLUSIVE.search(text) and "range" not in text:
        return bool(names & sentence.mentioned) or sentence.placed
    if {"["} == added - names and "[" in signs and {"0", "1"} & signs:
        return True
    if not added <= signs:
        return False
    if len(added) >= 2:
        return True
    (only,) = added
    if only[0].isdigit() and not (removed | content - {only}) & sentence.mentioned:
        return False
    if only == "(":
        return bool(names & sentence.mentioned) or "+" in signs or bool(LINE.search(text))
    if only in _COMPARISONS or only in "+-*/%":
        return bool(removed & sentence.mentioned) or bool(names & sentence.mentioned)
    return True


def _tells_part(
    added: AbstractSet[str],
    content: AbstractSet[str],
    names: AbstractSet[str],
    sentence: _Sentence,
) -> bool:
    """Whether a sentence that tells to do something names a sign that is new in the line."""
    signs = {sign for sign in added - names if sign not in _COMPARISONS and sign not in "[="}
    told = signs & sentence.signs
    if any(not sign.isdigit() or len(sign) >= 3 for sign in told):
        return bool(names & sentence.mentioned) or len(content & sentence.signs) >= 2
    only_brackets = added == {"("}
    return only_brackets and content - {"("} <= sentence.signs and "/" in sentence.signs


def _tells_whole(change: Change, sentence: _Sentence) -> bool:
    """Whether a sentence says that a thing is to be taken as it is, or what is to stand there."""
    after, before = _signs_of(change.after), _signs_of(change.before)
    if after < before:
        part = bool(REMOVAL.search(sentence.text)) and bool(REST.search(sentence.text))
        if part or (WHOLE.search(sentence.text) and after & sentence.signs):
            return True
    to_be = TO_BE.search(sentence.text)
    if to_be is None:
        return False
    rest = set(re.findall(r"[^\W\d]\w*", to_be[1]))
    return bool(rest) and rest <= after and any(len(word) > 1 for word in rest)


def _tells_border(added: AbstractSet[str], sentence: _Sentence) -> bool:
    """Whether a sentence says on which side of a border something belongs."""
    signs, text = sentence.signs, sentence.text
    equal = bool({"=", "==", "<="} & signs)
    if "<" in added:
        return "<" in signs or (equal and bool(REMOVAL.search(text) or EXCLUSIVE.search(text)))
    if "<=" in added:
        return bool({"<=", "="} & signs) or (equal and bool(INCLUSIVE.search(text)))
    return added <= signs


def _is_short(sign: str) -> bool:
    return len(sign) == 1 and sign.isalpha()


def _signs_of(line: str) -> frozenset[str]:
    """Return the signs of a line of code."""
    return frozenset(_counts_of(line))


@lru_cache(maxsize=1024)
def _counts_of(line: str) -> Counter[str]:
    """Return how often each sign stands in a line of code."""
    signs = []
    before = ""
    for found in _TOKEN.finditer(line):
        sign = found[0]
        call = bool(re.match(r"[\w\])]", before)) and before not in _LINKS
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


def _sentences(text: str, material: Material) -> tuple[_Sentence, ...]:
    return _cached_sentences(text, material.own, material.shown, material.tokens)


@lru_cache(maxsize=256)
def _cached_sentences(
    text: str, own: frozenset[str], shown: str, tokens: tuple[str, ...]
) -> tuple[_Sentence, ...]:
    parts = [
        " ".join(part.split()) for part in _SENTENCE.split(without_code(text))[:_MOST_SENTENCES]
    ]
    new = [part[:600] for part in parts if len(part) >= 4 and part not in shown]
    for question, answer in itertools.pairwise(tuple(new)):
        if QUESTION.search(question) and CHOICE.search(answer):
            # Which of two it is, said in a sentence of its own.
            new.append(f"{question.rstrip('?')}, must be {answer}")
    found = [_sentence(part, own, tokens) for part in new]
    around = frozenset().union(*(sentence.mentioned for sentence in found))
    return tuple(replace(sentence, around=around) for sentence in found)


def _sentence(text: str, own: frozenset[str], tokens: tuple[str, ...]) -> _Sentence:
    quoted: list[str] = []
    new: list[str] = []

    def quotation(found: re.Match[str]) -> str:
        code = found[1]
        words = re.findall(r"[^\W\d]\w*", code)
        line = token_line(code)
        if (words or len(line.split()) > 2) and any(line in each for each in tokens):
            quoted.append(code)
            # What is shown may be spoken of; its signs are not said anew.
            return " ".join(words)
        if _is_foreign(code, words, own):
            return " "
        new.append(code)
        # Bare signs are part of the sentence; words of code are no words of it.
        return f" {' '.join(word for word in words if word in own) if words else code} "

    spoken = _INLINE.sub(quotation, text)
    signs = frozenset(_said(spoken, own)).union(*map(_signs_of, new))
    mentioned = signs | {sign for code in quoted for sign in _signs_of(code)}
    asks = bool(QUESTION.search(text)) and not SUGGESTION.search(text)
    directive = bool(DIRECTIVE.search(spoken))
    return _Sentence(
        text=text,
        signs=signs,
        mentioned=mentioned,
        directive=directive and not asks,
        placed=bool(PLACE.search(text)),
        asks=asks,
    )


def _is_foreign(code: str, words: Sequence[str], own: frozenset[str]) -> bool:
    """Whether code is about other data: it has names of its own, or numbers alone."""
    if words:
        return not own & set(words) and not set(words) <= BUILT_IN | _LINKS | _METHODS
    return bool(re.match(r"[\d(\[\"'].*[-+*/%<>=].*[\d)\]\"']$", code.strip()))


def _said(text: str, own: frozenset[str]) -> Iterator[str]:
    """Yield the signs a sentence names, its words turned into signs."""
    for name in own:
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
