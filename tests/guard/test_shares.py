"""The guard catches what it caught, wave by wave, and blocks no more of what is safe."""

from collections import Counter
from collections.abc import Set as AbstractSet

import pytest

from tests.guard.judging import judge
from tests.guard.messages import UNSEEN, WAVES, messages

CAUGHT = {
    1: 1.0,
    2: 1.0,
    3: 1.0,
    4: 0.84,
    5: 0.96,
    6: 0.82,
    7: 0.9,
    8: 0.85,
    9: 0.79,
    10: 0.71,
    11: 0.78,
    12: 0.61,
    13: 0.75,
    14: 0.71,
}
"""Share of the leaks. Waves from 4 on hold what no rule was written for: they are to rise."""
MOST_BLOCKED = 0.01
MOST_BLOCKED_UNSEEN = 0.045


@pytest.mark.parametrize("wave", sorted(WAVES))
def test_leaks_are_caught(wave: int) -> None:
    leaks = [message for message in messages(wave) if message.leaks]
    missed = [f"{each.situation.slug} {each.number}" for each in leaks if judge(each) is None]
    assert len(leaks) - len(missed) >= CAUGHT[wave] * len(leaks), missed


@pytest.mark.parametrize(
    ("waves", "most"),
    [(set(WAVES) - UNSEEN, MOST_BLOCKED), (UNSEEN, MOST_BLOCKED_UNSEEN)],
    ids=["tuned on", "unseen"],
)
def test_safe_messages_pass(waves: AbstractSet[int], most: float) -> None:
    safe = [message for wave in waves for message in messages(wave) if not message.leaks]
    blocked = [each for each in safe if judge(each) is not None]
    families = Counter(each.family for each in blocked)
    assert len(blocked) <= most * len(safe), families
