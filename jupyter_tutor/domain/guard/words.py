"""Finds solutions told in words: the edit spelled out, or the program dictated line by line.

Each line of a solution that the learner does not have is a set of signs: names, numbers, operators,
functions. A sentence tells it when it names what is new in it, by sign or by word, and tells to do
something with it. Explanations on other data, questions and quotations of what has been shown do
not: they lack the new signs, the learner's names, or the order to use them.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from jupyter_tutor.domain.guard.evidence import (
    FLOOR,
    THRESHOLD,
    heaviest,
    new_signs,
    together,
    weighed,
)
from jupyter_tutor.domain.guard.material import Change, Material
from jupyter_tutor.domain.guard.riddles import find_riddle
from jupyter_tutor.domain.guard.sentences import LINKS, Sentence, sentences, signs_of
from jupyter_tutor.domain.guard.speech import (
    EXCLUSIVE,
    INCLUSIVE,
    LINE,
    ORDER,
    REMOVAL,
    REST,
    TO_BE,
    WHOLE,
)

_MOST_CHANGES = 40
_MARGIN = 0.5
"""What several messages have to weigh more than one."""

_COMPARISONS = frozenset({"<", "<=", "==", "!="})


@dataclass(frozen=True, slots=True)
class Told:
    """Words that give something away.

    Attributes:
        where: The sentence.
        reason: What it tells.
        family: `words` when a rule saw it, `pressed` when figures weigh too much.
    """

    where: str
    reason: str
    family: str = "words"


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
    riddle = find_riddle(text, material)
    if riddle:
        return Told(riddle[:80], "a question with its answer")
    return _find_change(text, earlier, material) or _find_pressure(text, earlier, material)


def _find_change(text: str, earlier: Sequence[str], material: Material) -> Told | None:
    """Find words that spell a change out, in this message or together with earlier ones."""
    now = _weights(sentences(text, material), material)
    if not now:
        return None
    score = {change: weight for change, (weight, _) in now.items()}
    for message in earlier:
        for change, (weight, _) in _weights(sentences(message, material), material).items():
            score[change] = max(weight, score.get(change, 0.0))
    if sum(score.values()) < 1.0:
        return None
    change = max(now, key=lambda each: now[each][0])
    weights = {each.text: each.weight for each in weighed(text, material)}
    if weights.get(now[change][1], FLOOR) < FLOOR:
        return None
    return Told(now[change][1][:80], f"tells {change.after or change.before!r}")


def _find_pressure(text: str, earlier: Sequence[str], material: Material) -> Told | None:
    """Find a sentence that presses for a change and is about what is new in it."""
    weight, sentence = heaviest(text, material)
    if weight <= THRESHOLD:
        weight = together(text, earlier, material) - _MARGIN
    if weight <= THRESHOLD:
        return None
    return Told(sentence[:80], f"weighs {weight:.1f}", "pressed")


def _find_move(text: str, material: Material) -> Told | None:
    """Find the order to move a line the learner has."""
    lines = [*material.moved, *(change.after for change in material.changes if material.moved)]
    signs = set().union(*map(signs_of, lines))
    telling = {sign.strip("\"'").lower() for sign in signs if sign[0] in "\"'" or sign.isdigit()}
    for sentence in sentences(text, material) if telling else ():
        words = set(re.findall(r"[^\W\d]\w*", sentence.text.lower())) | sentence.signs
        named = telling & words
        many = len(named) >= 2 or any(len(sign) >= 2 for sign in named)
        if many and sentence.directive and ORDER.search(sentence.text):
            return Told(sentence.text[:80], "tells to move a line")
    return None


def _weights(sentences: Iterable[Sentence], material: Material) -> dict[Change, tuple[float, str]]:
    """Return how much of each change is told, and where."""
    found: dict[Change, tuple[float, str]] = {}
    for sentence in sentences:
        for change in material.changes[:_MOST_CHANGES]:
            if change.before == change.after:
                continue
            weight = _weight(change, sentence, material)
            if weight > found.get(change, (0.0, ""))[0]:
                found[change] = weight, sentence.text
    return found


def _weight(change: Change, sentence: Sentence, material: Material) -> float:
    """Return how much of a change a sentence tells, 0 to 1."""
    alone = change.verified or len(material.changes) == 1
    after, before = signs_of(change.after), signs_of(change.before)
    unknown = {sign for sign in after if sign in material.own and sign not in material.learner}
    silent = LINKS | unknown | {sign for sign in after if _is_short(sign)}
    added, removed = new_signs(change, material.own) - silent, before - after - LINKS
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


def _target(change: Change) -> set[str]:
    """Return the name a line assigns to, when the learner's line does so, too."""
    name, found, _ = change.after.partition(" = ")
    return {name} if found and change.before.startswith(f"{name} = ") else set()


def _tells_edit(
    added: AbstractSet[str],
    removed: AbstractSet[str],
    content: AbstractSet[str],
    names: AbstractSet[str],
    sentence: Sentence,
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
    sentence: Sentence,
) -> bool:
    """Whether a sentence that tells to do something names a sign that is new in the line."""
    signs = {sign for sign in added - names if sign not in _COMPARISONS and sign not in "[="}
    told = signs & sentence.signs
    if any(not sign.isdigit() or len(sign) >= 3 for sign in told):
        return bool(names & sentence.mentioned) or len(content & sentence.signs) >= 2
    only_brackets = added == {"("}
    return only_brackets and content - {"("} <= sentence.signs and "/" in sentence.signs


def _tells_whole(change: Change, sentence: Sentence) -> bool:
    """Whether a sentence says that a thing is to be taken as it is, or what is to stand there."""
    after, before = signs_of(change.after), signs_of(change.before)
    if after < before:
        part = bool(REMOVAL.search(sentence.text)) and bool(REST.search(sentence.text))
        if part or (WHOLE.search(sentence.text) and after & sentence.signs):
            return True
    to_be = TO_BE.search(sentence.text)
    if to_be is None:
        return False
    rest = set(re.findall(r"[^\W\d]\w*", to_be[1]))
    return bool(rest) and rest <= after and any(len(word) > 1 for word in rest)


def _tells_border(added: AbstractSet[str], sentence: Sentence) -> bool:
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
