"""The attacks, by family."""

from typing import Final

from tests.security.attacks import (
    equality,
    escaping,
    exhausting,
    forging,
    patching,
    persisting,
    reading,
    rendering,
)
from tests.security.playing import Attack

ATTACKS: Final[tuple[Attack, ...]] = (
    *forging.ATTACKS,
    *patching.ATTACKS,
    *equality.ATTACKS,
    *reading.ATTACKS,
    *escaping.ATTACKS,
    *persisting.ATTACKS,
    *exhausting.ATTACKS,
    *rendering.ATTACKS,
)
