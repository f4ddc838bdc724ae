"""The levels of isolation, and what each takes."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How far a run is kept apart from the rest of the machine, strongest first."""

    NAMESPACES = "namespaces"
    LANDLOCK = "landlock"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Isolation:
    """The level in force, and why it is not a stronger one.

    Attributes:
        level: The level.
        reasons: For each stronger level, what the system said when it was tried.
    """

    level: Level
    reasons: tuple[tuple[Level, str], ...] = ()
