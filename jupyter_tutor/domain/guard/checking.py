"""The leak guard: whether a reply gives away what a learner is to find out.

A reply is compared with the author's solution, the edit that mends the answer, passing answers of
others and the secret tests. What counts is what is *new*: whatever the learner's code, the visible
tests, the prompt or the author's hints contain may be said again. Code is compared by what it says
(`guard.code`), words by what they spell (`guard.words`), and both after everything that hides them
was undone (`guard.decoding`). The rung decides how much may be said.

The guard is pure and bounded: it runs no code, asks no model, and refuses unread what would take
it long (`guard.bounds`); a hint takes milliseconds, the worst within bounds about a tenth of a
second, so a server asks it in a thread. It says why in words for a log, which no learner sees.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.guard.bounds import beyond_bounds
from jupyter_tutor.domain.guard.code import Feature, skeleton_of
from jupyter_tutor.domain.guard.decoding import clear, decodings, squashed
from jupyter_tutor.domain.guard.inputs import find_input
from jupyter_tutor.domain.guard.languages import is_readable
from jupyter_tutor.domain.guard.material import IDIOM, Material, material_of, rare_numbers
from jupyter_tutor.domain.guard.secrets import GuardAllowed, GuardSecrets, SecretTest
from jupyter_tutor.domain.guard.spans import read, spans, token_line
from jupyter_tutor.domain.guard.typing_aloud import apart, is_typing
from jupyter_tutor.domain.guard.words import find_words

__all__ = ["GuardAllowed", "GuardFinding", "GuardSecrets", "SecretTest", "check_reply"]

LONGEST: Final = 8_000
"""Characters of a reply; what is longer is no hint, and is not read."""
MOST_EARLIER: Final = 40
"""How many earlier messages count."""

_SHARE = 0.6
_TELLING = 5.0


@dataclass(frozen=True, slots=True)
class GuardFinding:
    """Why a reply can't be shown.

    Attributes:
        family: `code`, `renamed`, `own_code`, `words`, `pressed`, `encoded`, `split`,
            `secret_test`, `typing`, `unreadable`, `uncheckable` or `too_long`.
        where: The part of the reply, or what it was turned into, shortened.
        reason: For the log; it holds secrets and never goes to a learner.
    """

    family: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What code in a message says.

    Attributes:
        feature: What is said.
        code: The piece of code it stands in.
        place: Where that piece stands, as in `guard.spans`.
    """

    feature: Feature
    code: str
    place: str


def check_reply(
    reply: str,
    secrets: GuardSecrets,
    allowed: GuardAllowed,
    earlier: Sequence[str] = (),
    level: HintLevel = HintLevel.NUDGE,
) -> GuardFinding | None:
    """Look for secrets in a reply.

    Args:
        reply: What a model wants to say, Markdown.
        secrets: What must not be said.
        allowed: What has been shown.
        earlier: What was delivered before for this exercise, oldest first.
        level: The rung the reply is for. From the steps on, words may tell what to do; on the last
            rung code may, too. Secret tests stay secret on every rung.

    Returns:
        The first thing found, or None when the reply may be shown.
    """
    if len(reply) > LONGEST:
        return GuardFinding("too_long", reply[:60], f"{len(reply)} characters")
    plain = clear(reply)
    beyond = beyond_bounds(plain)
    versions = [(plain, ""), *(() if beyond else decodings(plain))]
    for text, how in versions:
        beyond = beyond_bounds(text)
        if beyond:
            return GuardFinding("uncheckable", text[:60], f"{how and how + ': '}{beyond}")
    material = material_of(secrets, allowed)
    for text, how in versions:
        given = find_input(text, secrets.tests, material.shown)
        if given:
            return GuardFinding("secret_test", given, f"a secret test{how and ' in ' + how}")
    if level >= HintLevel.BOTTOM_OUT:
        return None
    before = [clear(text) for text in earlier[-MOST_EARLIER:]]
    for text, how in versions:
        finding = _find_code(text, material, before)
        if finding is not None:
            return (
                GuardFinding("encoded", finding.where, f"{how}: {finding.reason}")
                if how
                else finding
            )
    hidden = _find_squashed(plain, material)
    if hidden:
        return GuardFinding(
            "encoded", hidden, "a line of the solution, letters set apart or turned"
        )
    if is_typing(plain):
        return GuardFinding("typing", plain[:80], "keys to press, or signs one by one")
    return _find_words(versions, before, material) if level < HintLevel.STEPS else None


def _find_words(
    versions: Sequence[tuple[str, str]], before: Sequence[str], material: Material
) -> GuardFinding | None:
    """Find what words tell; from the steps on they may."""
    plain = versions[0][0]
    if not is_readable(plain, material.shown):
        return GuardFinding("unreadable", plain[:80], "in a language that can't be checked")
    for text, how in (*versions, *apart(plain, material.own)):
        told = find_words(text, before, material)
        if told:
            return GuardFinding(told.family, told.where, f"{how and how + ': '}{told.reason}")
    return None


def _find_code(text: str, material: Material, earlier: Sequence[str]) -> GuardFinding | None:
    said = _code(text, material)
    before = [each for message in earlier for each in _code(message, material)]
    finding = _by_name(said, before, material) or _by_shape(said, before, material)
    return finding or _own_code(said, material) or _whole(text, material)


def _code(text: str, material: Material) -> tuple[_Said, ...]:
    return _cached_code(text, material.own, material.tokens)


@lru_cache(maxsize=256)
def _cached_code(text: str, names: frozenset[str], shown: tuple[str, ...]) -> tuple[_Said, ...]:
    """Return what the code in a message says, less the pieces that were shown word for word."""
    found = []
    for span in spans(text, names):
        line = token_line(span.code)
        if any(line in each for each in shown):
            continue
        found += [_Said(feature, span.code, span.place) for feature in read(span.code)]
    return tuple(found)


def _by_name(
    said: Iterable[_Said],
    before: Iterable[_Said],
    material: Material,
) -> GuardFinding | None:
    """Find statements and expressions of a solution under their own names."""
    now = dict(_matches(said, material))
    if not now:
        return None
    groups: dict[str, float] = {}
    for text, _ in (*now.items(), *_matches(before, material)):
        statement, weight = material.named[text]
        groups[statement] = max(weight, groups.get(statement, 0.0))
    if sum(groups.values()) < 1.0:
        return None
    alone: dict[str, float] = {}
    for text in now:
        statement, weight = material.named[text]
        alone[statement] = max(weight, alone.get(statement, 0.0))
    family = "code" if sum(alone.values()) >= 1.0 else "split"
    first = max(now, key=lambda text: material.named[text][1])
    return GuardFinding(family, now[first][:80], f"says {first!r}")


def _matches(said: Iterable[_Said], material: Material) -> Iterator[tuple[str, str]]:
    for each in said:
        if each.feature.text in material.named:
            yield each.feature.text, each.code


def _by_shape(
    said: Sequence[_Said],
    before: Sequence[_Said],
    material: Material,
) -> GuardFinding | None:
    """Find a solution under other names: most of a program, or one telling statement of it."""
    now = {each.feature.hidden: each.code for each in said}
    for each in said:
        if each.feature.hidden in material.mended and each.place != "words":
            where = each.code[:80]
            return GuardFinding("renamed", where, "has the shape of the line that mends it")
    both = set(now) | {each.feature.hidden for each in before}
    for program in material.programs:
        new = [form for form in program.novel if form in now]
        if not new:
            continue
        telling = [form for form in new if program.telling(form) >= _TELLING]
        share = sum(w for form, w in program.statements.items() if form in both)
        many = sum(form in both for form in program.statements) >= 2
        if telling or (many and share >= _SHARE * program.weight and share >= _TELLING):
            form = (telling or new)[0]
            return GuardFinding("renamed", now[form][:80], f"has the shape of {form!r}")
    return _by_numbers(said, material)


def _whole(text: str, material: Material) -> GuardFinding | None:
    """Find a program that is a solution but for its names."""
    for span in spans(text, material.own):
        if span.place == "block" and "\n" in span.code:
            form = skeleton_of(span.code)
            if form and form in material.skeletons:
                return GuardFinding("renamed", span.code[:80], "is a solution under other names")
    return None


def _by_numbers(said: Sequence[_Said], material: Material) -> GuardFinding | None:
    """Find another way to compute the same: new statements with the numbers of the solution."""
    found: dict[str, set[str]] = {}
    for each in said:
        feature = each.feature
        new = feature.kind == "statement" and not feature.idiom
        if new and each.place == "block" and feature.hidden not in material.known_hidden:
            found.setdefault(each.code, set()).update(rare_numbers(feature.hidden))
    for code, numbers in found.items():
        for program in material.programs:
            if len(numbers & program.constants) >= 2:
                return GuardFinding("renamed", code[:80], "computes with the same numbers")
    return None


def _own_code(said: Iterable[_Said], material: Material) -> GuardFinding | None:
    """Find new code written for the learner's own data, whatever solution it belongs to."""
    found: dict[str, float] = {}
    for each in said:
        feature, where = each.feature, each.code[:80]
        if feature.kind != "statement" or each.place == "words" or feature.text in material.known:
            continue
        if feature.hidden in material.known_hidden or not _is_new_work(feature, material):
            continue
        found[feature.text] = IDIOM if feature.idiom else 1.0
        if sum(found.values()) >= 1.0:
            return GuardFinding("own_code", where, f"new code for their data: {feature.text!r}")
    return None


def _is_new_work(feature: Feature, material: Material) -> bool:
    if feature.text.startswith(("do ", "def", "assert ", "collect ")) or feature.weight < 1.5:
        return False
    head, _, rest = feature.text.partition(" = ")
    used = feature.names - {head} if rest else feature.names
    computed = bool(rest) and head in material.learner and "(" in rest and not feature.idiom
    return (computed or bool(used & material.data)) and any(
        sign in feature.text for sign in "(+-*/%<>[="
    )


def _find_squashed(text: str, material: Material) -> str:
    """Find a line of a solution whose letters are set apart, turned round or shifted."""
    for version in squashed(text, material.own):
        for line in material.squashed:
            if line in version:
                return line
    return ""
