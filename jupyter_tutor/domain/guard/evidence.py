"""Weighs how much a sentence tells of a change, where no rule about phrases can decide.

A sentence that dictates has two things: it presses for a change (`guard.stance`), and it names or
circles what is new in that change (`guard.units`). Neither alone is telling: a hint may ask about
the border of a range, and order to print a value. Each sentence gets a few figures of both kinds,
and their weighted sum is compared with a threshold. The weights are those of a logistic regression
on the messages of `tests/guard`; `python -m tests.benchmarks.guard_weights` works them out anew.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.guard.learned import WEIGHTS, WORDS
from jupyter_tutor.domain.guard.material import Change, Material
from jupyter_tutor.domain.guard.roles import Parts, exchanges, roles_of
from jupyter_tutor.domain.guard.sentences import (
    LINKS,
    Sentence,
    as_one,
    counts_of,
    sentences,
    signs_of,
)
from jupyter_tutor.domain.guard.stance import stance_of
from jupyter_tutor.domain.guard.units import circling, information, speaks_of_moving

THRESHOLD: Final = 1.5
"""Sentences that weigh more tell a change."""
FLOOR: Final = -3.0
"""Sentences that weigh less tell none, whatever signs they name: they only explain."""
MOST_CHANGES: Final = 24

_PUSHES: Final = {
    "order": 1.0,
    "duty": 0.9,
    "offer": 0.9,
    "lack": 0.8,
    "contrast": 0.8,
    "right": 0.7,
    "ensure": 0.7,
    "by": 0.6,
    "permit": 0.4,
    "only": 0.4,
}
_MORE_PUSH = 0.15
_SHORT = 9
_MOST_EARLIER = 2
_MOST_PUSH = 1.3
_HALF = 0.6
_INLINE = re.compile(r"`+[^`\n]+`+")
_COMPARISONS = frozenset({"<", "<=", "==", "!="})
_TAKING = ("lack", "contrast", "order", "offer")
_CALMING = (
    "definite",
    "general",
    "praise",
    "task",
    "trial",
    "look",
    "spare",
    "refuse",
)
_FEW = 2
_BRIEF = 8
_FIRST = frozenset({"NEW", "CTX", "lin", "line"})
_MUCH = 4.0
_AGAIN = frozenset({"[", "(", "1"})


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change as signs.

    Attributes:
        parts: Its signs by the part they play in it.
        told: How much each new sign tells.
        total: How much all that is new tells.
        alone: Whether this change is all that the answer lacks.
    """

    parts: Parts
    told: tuple[tuple[str, float], ...]
    total: float
    alone: bool


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence with what its weight is made of.

    Attributes:
        text: The sentence.
        figures: How hard it presses and how much it tells, by name.
        words: Its words, as stems or as the part they play in the change (`guard.roles`).
    """

    text: str
    figures: Mapping[str, float]
    words: frozenset[str]

    @property
    def weight(self) -> float:
        """The sum of the figures, each by its weight, and of the weights of the words."""
        of_words = sum(WORDS.get(word, 0.0) for word in self.words)
        # A figure that is new has no weight before it was learned.
        return of_words + sum(WEIGHTS.get(name, 0.0) * x for name, x in self.figures.items())


def new_signs(change: Change, own: frozenset[str]) -> frozenset[str]:
    """Return the signs a change adds; one that is there more often than before counts, too."""
    return _new_signs(change.before, change.after, own)


@lru_cache(maxsize=1024)
def _new_signs(before: str, after: str, own: frozenset[str]) -> frozenset[str]:
    more = counts_of(after) - counts_of(before)
    had = signs_of(before)
    if "%" in had and re.search(r"[!=]= 0\b", after) and not re.search(r"[!=]= 0\b", before):
        more["0"] = 1
    again = {sign for sign in more if sign.isdigit() or sign in "(+-*/%"}
    return frozenset(sign for sign in more if sign not in had or sign in again - own)


def weighed(text: str, material: Material) -> list[Weighed]:
    """Return each sentence of a message with its figures, for the change it says most about.

    Args:
        text: The message, cleared.
        material: What is secret and what has been shown.
    """
    return [_weighed(each, material) for each in sentences(text, material)]


def _weighed(sentence: Sentence, material: Material) -> Weighed:
    stance = stance_of(_INLINE.sub(" CODE ", sentence.text))
    best = max(_edits(material), key=lambda edit: _rank(sentence, edit))
    values = _figures(sentence, stance, best, material)
    roles = roles_of(sentence.text, best.parts, material)
    new = float("NEW" in roles) * (1 - stance["question"])
    values["exchange"] = float(exchanges(roles)) * (1 - stance["question"])
    values["brief"] = new * (len(roles) <= _BRIEF)
    values["first"] = new * any(role in _FIRST for role in roles[:1])
    return Weighed(sentence.text, values, frozenset(roles))


def heaviest(text: str, material: Material) -> tuple[float, str]:
    """Return the weight of the sentence that tells most, and the sentence.

    Args:
        text: The message, cleared.
        material: What is secret and what has been shown.
    """
    found = [(each.weight, each.text) for each in weighed(text, material)]
    return max(found, default=(WEIGHTS["bias"], ""))


def together(text: str, earlier: Sequence[str], material: Material) -> float:
    """Return the weight of a short message with the ones before it, all as one sentence.

    A message of a few words goes on where the one before it ended; a longer one stands for itself.

    Args:
        text: The message, cleared.
        earlier: Messages delivered before, cleared.
        material: What is secret and what has been shown.
    """
    if not earlier or len(text.split()) > _SHORT:
        return WEIGHTS["bias"]
    now = [sentence for sentence in sentences(text, material) if not sentence.asks]
    before = [
        sentence
        for message in earlier[-_MOST_EARLIER:]
        for sentence in sentences(message, material)
        if not (sentence.asks or sentence.foreign)
    ]
    if not now or not before:
        return WEIGHTS["bias"]
    return _weighed(as_one([*before, *now]), material).weight


def _edits(material: Material) -> tuple[_Edit, ...]:
    return _cached_edits(
        material.changes[:MOST_CHANGES],
        material.own,
        material.learner,
        material.tokens,
        len(material.changes),
    )


@lru_cache(maxsize=128)
def _cached_edits(
    changes: tuple[Change, ...],
    own: frozenset[str],
    learner: frozenset[str],
    tokens: tuple[str, ...],
    many: int,
) -> tuple[_Edit, ...]:
    edits = [
        _edit(change, own, learner, tokens, alone=change.verified or many == 1)
        for change in changes
    ]
    return tuple(dict.fromkeys(edits)) or (
        _edit(Change("", ""), own, learner, tokens, alone=False),
    )


def _edit(
    change: Change,
    own: frozenset[str],
    learner: frozenset[str],
    tokens: tuple[str, ...],
    *,
    alone: bool,
) -> _Edit:
    after, before = signs_of(change.after), signs_of(change.before)
    silent = {sign for sign in after if sign in own and sign not in learner}
    silent |= {sign for sign in after if len(sign) == 1 and sign.isalpha()}
    if not change.before:
        silent |= own
    added = (new_signs(change, own) - silent) | _arrangement(change)
    fewer = counts_of(change.before) - counts_of(change.after)
    removed = set(fewer) - {"=", "def"} - (after - _AGAIN)
    content = {sign for sign in (after | before) - LINKS - added if _locates(sign, own)}
    told = {sign: _told(sign, tokens) for sign in added}
    return _Edit(
        parts=Parts(frozenset(added), frozenset(removed), frozenset(content)),
        told=tuple(told.items()),
        total=max(1.0, sum(told.values())),
        alone=alone,
    )


def _arrangement(change: Change) -> frozenset[str]:
    """Return what a change is that adds and removes nothing: a line indented, or turned round."""
    if change.after == change.before:
        return frozenset({"indent"})
    same = bool(change.before) and counts_of(change.after) == counts_of(change.before)
    return frozenset({"swap"} if same else ())


def _told(sign: str, tokens: tuple[str, ...]) -> float:
    """Return how much naming a sign tells; less if the learner has seen it somewhere else."""
    seen = any(f" {sign} " in line for line in tokens)
    return min(information(sign), _HALF) if seen else information(sign)


def _locates(sign: str, own: frozenset[str]) -> bool:
    return sign in own or sign[0].isdigit() or sign[0] in "\"'" or len(sign) >= 3


def _signs(sentence: Sentence, edit: _Edit) -> frozenset[str]:
    """Return the signs of a sentence; in a comparison `=` speaks of `<=`."""
    if {"=", "=="} & sentence.signs:
        return sentence.signs | ({"<=", "="} & (edit.parts.added | edit.parts.removed))
    return sentence.signs


def _rank(sentence: Sentence, edit: _Edit) -> float:
    named, circled = _named(sentence, edit)
    mentioned = sentence.mentioned | _signs(sentence, edit)
    return (
        (named + circled) / edit.total
        + 0.5 * _context(edit, mentioned)
        + _gone(sentence, edit, mentioned)
        + 0.01 * edit.alone
    )


def _named(sentence: Sentence, edit: _Edit) -> tuple[float, float]:
    """Return how much of what is new a sentence names, and how much it names or circles."""
    signs = _signs(sentence, edit)
    named = circled = 0.0
    for sign, told in edit.told:
        if sign in signs:
            named += told
        else:
            circled += told * circling(sign, sentence.text)
    return named, named + circled


def _context(edit: _Edit, mentioned: frozenset[str]) -> float:
    return min(1.0, len(edit.parts.content & mentioned) / max(1, min(2, len(edit.parts.content))))


def _gone(sentence: Sentence, edit: _Edit, mentioned: frozenset[str]) -> float:
    """Return how surely a sentence speaks of what is to go."""
    return max(
        (
            1.0 if sign in mentioned else 0.7 * circling(sign, sentence.text)
            for sign in edit.parts.removed
        ),
        default=0.0,
    )


@lru_cache(maxsize=64)
def _topic(own: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of the words that names are made of."""
    parts = {part.lower() for name in own for part in name.split("_") if len(part) >= 3}
    stems = sorted({part.removesuffix("s") if len(part) > 3 else part for part in parts})
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, stems)) or '(?!)'})(?:s|es)?\b", re.I)


def _figures(
    sentence: Sentence, stance: Mapping[str, float], edit: _Edit, material: Material
) -> dict[str, float]:
    text = sentence.text
    named, circled = (each / edit.total for each in _named(sentence, edit))
    mentioned = sentence.mentioned | _signs(sentence, edit)
    context = _context(edit, mentioned)
    topic = float(bool(_topic(material.own).search(text)))
    if edit.parts.added <= _COMPARISONS and any(stance[cue] for cue in _TAKING):
        # To take something away is all that some changes are.
        circled = max(circled, _gone(sentence, edit, mentioned))
    moving = material.moved and len(material.changes) <= _FEW and speaks_of_moving(text)
    asks = stance["question"] * (1 - stance["offer"])
    settled = max(stance["order"], stance["contrast"])
    about = {
        "named": named,
        "circled": circled,
        "context": max(context, _HALF * topic),
        "line": stance["line"],
        "definite": stance["definite"],
        "moving": float(bool(moving)),
        "foreign": float(sentence.foreign),
        "quotes": float(sentence.quotes),
        "task": stance["task"],
        "trial": stance["trial"],
        "look": stance["look"],
    }
    push = _push(stance) * (1 - 0.8 * asks)
    said = {name: stance[name] for name in ("order", "offer", "contrast", "right", "only", "line")}
    said |= {
        "circled": circled,
        "circled_context": circled * about["context"],
        "circled_definite": circled * stance["definite"],
        "much": min(named * edit.total, _MUCH) / _MUCH,
        "context": context,
        "topic": topic,
        "moving": about["moving"],
    }
    return {
        "bias": 1.0,
        "push": push,
        "asks": asks,
        "alone": float(edit.alone),
        **{f"push_{name}": push * value for name, value in about.items()},
        # A question says none of what it is about.
        **{name: value * (1 - asks) for name, value in said.items()},
        **{name: stance[name] for name in _CALMING},
        "placeless": float(not (stance["program"] or stance["line"] or context or topic)),
        "both": (bool(named) and bool(edit.parts.removed & mentioned)) * (1 - settled),
        "foreign": about["foreign"],
        "foreign_circled": about["foreign"] * circled,
        "quotes": about["quotes"] * (1 - settled),
    }


def _push(stance: Mapping[str, float]) -> float:
    """Return how hard a sentence presses for a change, 0 to 1.3."""
    strongest = max(strength * stance[cue] for cue, strength in _PUSHES.items())
    many = sum(stance[cue] for cue in _PUSHES)
    return min(_MOST_PUSH, strongest + _MORE_PUSH * (many - 1)) if strongest else 0.0
