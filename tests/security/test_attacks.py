"""No hostile answer gains a point or a secret, or leaves anything behind."""

import json
from collections import Counter

import pytest

from jupyter_tutor.execution.levels import Level
from tests.security.attacks import ATTACKS
from tests.security.conftest import Playing
from tests.security.playing import Attack, Family
from tests.security.surroundings import Surroundings

pytestmark = pytest.mark.kernel

_ALWAYS = (Family.FORGING,)
_BIGGEST = 200_000


_SLOW = (
    "a loop",
    "a sleep",
    "a wait",
    "a flood",
    "an expression",
    "a list",
    "a text",
    "a sequence",
)


def _at(level: Level) -> list[Attack]:
    """Return what is played at a level: forging must not work even without any isolation."""
    if level is Level.LANDLOCK:
        return [each for each in ATTACKS if each.weaker and not each.name.startswith(_SLOW)]
    if level is Level.LIMITS:
        return [attack for attack in ATTACKS if attack.family in _ALWAYS]
    return list(ATTACKS)


def test_there_are_enough() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
    by_family = Counter(attack.family for attack in ATTACKS)
    assert sum(by_family.values()) >= 80
    assert all(by_family[family] >= 8 for family in Family if family is not Family.TAMPERING)


@pytest.mark.parametrize(
    ("attack", "level"),
    [
        pytest.param(attack, level, id=f"{level.value}: {attack.name}")
        for level in Level
        for attack in _at(level)
    ],
)
def test_nothing_is_gained(attack: Attack, level: Level, outcome_of: Playing) -> None:
    outcome = outcome_of(attack, level)
    assert outcome.gained == ()
    for played in outcome.played:
        assert len(played.seen.encode()) < _BIGGEST
        assert "\\u0000" not in json.dumps(played.seen)
        assert not any(letter < " " and letter not in "\n\t" for letter in played.seen)
        assert "\x9b" not in played.seen


def test_the_surroundings_are_as_they_were(surroundings: Surroundings, outcome_of: Playing) -> None:
    families = (Family.ESCAPING, Family.PERSISTING)
    for attack in (each for each in ATTACKS if each.family in families):
        outcome_of(attack, Level.NAMESPACES)
    assert surroundings.changed() == []
