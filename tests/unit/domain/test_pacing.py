"""Whose turn it is, and how soon somebody may try again."""

import itertools
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jupyter_tutor.domain.errors import LimitReached
from jupyter_tutor.domain.exercises import ExerciseContent, Visibility
from jupyter_tutor.domain.pacing import (
    CHECK_PRIORITY,
    REGRADE_PRIORITY,
    SUBMISSION_PRIORITY,
    WINDOW,
    check_pace,
    held_back,
    priority,
    require_pause,
    submission_pace,
)
from tests import small_course

NOW = datetime(2031, 3, 1, 9, tzinfo=UTC)


def test_bands_never_meet() -> None:
    bands = [CHECK_PRIORITY, SUBMISSION_PRIORITY, REGRADE_PRIORITY]

    for higher, lower in itertools.pairwise(bands):
        assert priority(higher, 10_000) > priority(lower, 0)
    assert priority(REGRADE_PRIORITY, 10_000) > 0


def test_the_next_of_a_learner_goes_behind_the_first_of_others() -> None:
    assert priority(CHECK_PRIORITY, 0) > priority(CHECK_PRIORITY, 1) > priority(CHECK_PRIORITY, 2)


@pytest.fixture(scope="module")
def content() -> ExerciseContent:
    """An exercise with a secret test."""
    found = small_course.content()[1].exercises[0]
    assert any(test.visibility is Visibility.SECRET for test in found.tests)
    return found


def _pause(content: ExerciseContent, tries: int, apart: float = 1.0, allowed: int = 3) -> float:
    """Return how many seconds somebody waits who has just tried so many times."""
    recent = [NOW - timedelta(seconds=apart * n) for n in reversed(range(tries))]
    pace = submission_pace(allowed)
    try:
        require_pause(content, recent, pace, NOW)
    except LimitReached as refusal:
        return _told(refusal, tries)
    return 0


def _told(refusal: LimitReached, tries: int) -> float:
    """Return the seconds that a refusal names, in words too."""
    seconds = refusal.details["retry_after_seconds"]
    until = datetime.fromisoformat(str(refusal.details["retry_at"]))
    assert isinstance(seconds, int)
    assert seconds == math.ceil((until - NOW).total_seconds())
    assert str(tries) in refusal.message
    assert f"{math.ceil(seconds / 60)} min" in refusal.message
    assert "{" not in refusal.told("bn")
    return seconds


def test_pauses_begin_after_what_is_allowed_and_grow(content: ExerciseContent) -> None:
    pauses = [_pause(content, tries) for tries in range(12)]

    assert pauses[:3] == [0, 0, 0]
    assert pauses[3:9] == [60, 120, 240, 480, 960, 1920]
    assert pauses == sorted(pauses)
    assert max(pauses) <= WINDOW.total_seconds()


def test_a_pause_ends(content: ExerciseContent) -> None:
    recent = [NOW - timedelta(seconds=n) for n in (62, 61, 60)]

    require_pause(content, recent, submission_pace(3), NOW)
    with pytest.raises(LimitReached):
        require_pause(content, recent, submission_pace(3), NOW - timedelta(milliseconds=1))


def test_nobody_waits_longer_than_until_the_first_is_an_hour_old(content: ExerciseContent) -> None:
    """Nine tries, eight minutes apart: the pause alone would be over an hour."""
    assert 0 < _pause(content, 7, apart=590) <= 60 * 60 - 6 * 590 + 590 * 4
    assert _pause(content, 200, apart=0.1) <= WINDOW.total_seconds()


def test_checks_are_freer_and_their_pauses_short(content: ExerciseContent) -> None:
    pace = check_pace(3)
    recent = [NOW] * 9

    require_pause(content, recent[1:], pace, NOW)
    with pytest.raises(LimitReached):
        require_pause(content, recent, pace, NOW)
    require_pause(content, [NOW] * 30, pace, NOW + timedelta(minutes=5))


def test_without_secret_tests_there_is_nothing_to_guess(content: ExerciseContent) -> None:
    public = tuple(replace(test, visibility=Visibility.PUBLIC) for test in content.tests)

    assert _pause(replace(content, tests=public), 100) == 0


@pytest.mark.parametrize("seconds", [0.0, 0.03, 0.06])
def test_what_takes_a_moment_is_told_at_once(seconds: float) -> None:
    assert held_back(seconds) == 0


@pytest.mark.parametrize(
    ("seconds", "told"), [(0.061, 0.25), (0.2, 0.25), (0.57, 1.0), (1.05, 4.0), (9.5, 16.0)]
)
def test_what_takes_longer_is_told_at_the_next_mark(seconds: float, told: float) -> None:
    assert seconds + held_back(seconds) == pytest.approx(told)


def test_beyond_all_marks_nothing_is_held_back() -> None:
    assert held_back(1_000.0) == 0
