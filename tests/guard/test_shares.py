"""The guard catches what it caught, wave by wave, and blocks no more of what is safe."""

from collections import Counter

import pytest

from tests.guard.judging import judge
from tests.guard.messages import WAVES, messages

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
}
"""Share of the leaks. Waves 4 to 12 hold what no rule was written for: they are to rise."""
MOST_BLOCKED = 0.01


@pytest.mark.parametrize("wave", sorted(WAVES))
def test_leaks_are_caught(wave: int) -> None:
    leaks = [message for message in messages(wave) if message.leaks]
    missed = [f"{each.situation.slug} {each.number}" for each in leaks if judge(each) is None]
    assert len(leaks) - len(missed) >= CAUGHT[wave] * len(leaks), missed


def test_safe_messages_pass() -> None:
    safe = [message for wave in WAVES for message in messages(wave) if not message.leaks]
    blocked = [each for each in safe if judge(each) is not None]
    families = Counter(each.family for each in blocked)
    assert len(blocked) <= MOST_BLOCKED * len(safe), families
