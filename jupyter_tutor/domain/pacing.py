"""Pacing: whose turn it is, and how soon somebody may try again."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from jupyter_tutor.domain.errors import LimitReached
from jupyter_tutor.domain.exercises import ExerciseContent, Visibility

CHECK_PRIORITY: Final = 300
SUBMISSION_PRIORITY: Final = 200
REGRADE_PRIORITY: Final = 100
_LAST_IN_BAND: Final = 99

WINDOW: Final = timedelta(hours=1)
FIRST_PAUSE: Final = timedelta(minutes=1)
_CHECKS_FOR_EACH: Final = 3
"""Checks that need no pause, for each submission that needs none: they tell as much of secret
tests, but are there to be used often."""


def priority(band: int, before: int) -> int:
    """Return the priority of a learner's job, so that everybody's first comes before seconds.

    Args:
        band: What kind of job it is; one of a higher band always goes first.
        before: How many of the same learner's go before it.
    """
    return band - min(before, _LAST_IN_BAND)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often something may be done without a pause, and how long the pauses grow.

    Attributes:
        allowed: How often within `WINDOW`.
        longest: The longest pause; the first is a minute, and each is twice the one before.
        phrase: Key of the refusal.
    """

    allowed: int
    longest: timedelta
    phrase: str


def submission_pace(allowed: int) -> Pace:
    """Return the pace of submissions to one exercise."""
    return Pace(allowed, WINDOW, "refusal.pace")


def check_pace(allowed: int) -> Pace:
    """Return the pace of checks of one exercise, given how many submissions need no pause."""
    return Pace(_CHECKS_FOR_EACH * allowed, timedelta(minutes=5), "refusal.pace_checks")


_MARKS: Final = (0.06, 0.25, 1.0, 4.0, 16.0, 64.0)


def held_back(seconds: float) -> float:
    """Return for how long to keep a result to oneself, in seconds.

    An answer decides how long it takes on what a secret test asks. When that is more than a moment,
    the result is told at the next of a few marks only, each four times as late as the one before:
    so there is little that the time of an answer can say.

    Args:
        seconds: How long the tests took that learners do not see.
    """
    if seconds <= _MARKS[0]:
        return 0.0
    return next((mark for mark in _MARKS if mark >= seconds), seconds) - seconds


def require_pause(
    content: ExerciseContent, recent: Sequence[datetime], pace: Pace, now: datetime
) -> None:
    """Hold up a learner who tries so often that secret tests could be guessed by trying.

    Exercises without secret tests have nothing to guess.

    Args:
        content: The exercise.
        recent: When this learner tried within `WINDOW`, oldest first.
        pace: How often is without a pause.
        now: Database time.

    Raises:
        LimitReached: `details` has `retry_after_seconds` and `retry_at`.
    """
    over = len(recent) - pace.allowed
    if over < 0 or all(test.visibility is not Visibility.SECRET for test in content.tests):
        return
    pause = min(FIRST_PAUSE * 2 ** min(over, 10), pace.longest)
    # What is older than the window does not count any more, so it never takes longer than that.
    until = min(recent[-1] + pause, recent[over] + WINDOW)
    if now >= until:
        return
    seconds = math.ceil((until - now).total_seconds())
    refusal = LimitReached.of(pace.phrase, count=len(recent), minutes=math.ceil(seconds / 60))
    refusal.details.update(retry_after_seconds=seconds, retry_at=until.isoformat())
    raise refusal
