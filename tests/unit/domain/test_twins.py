"""Twins: the author's, else the nearest of the topic; solved with the steps shown is not solved."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from jupyter_tutor.domain.courses import Course, Topic
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.memory import (
    EvaluationEvent,
    HintEvent,
    LearnerMemory,
    MasteryLabel,
    MemoryEvent,
    replay,
)
from jupyter_tutor.domain.practice import Candidate, mastery_of, next_exercise
from jupyter_tutor.domain.twins import twin_of

NOON = datetime(2031, 3, 2, 12, tzinfo=UTC)
COURSE = Course("c", {"en": "C"}, ("en",), (Topic("loops", {"en": "Loops"}),))


def candidate(
    slug: str, difficulty: int = 3, topic: str = "loops", twin: str | None = None
) -> Candidate:
    return Candidate(slug, topic, difficulty, ord(slug[0]), twin=twin)


def solve(slug: str, at: datetime, *hints: HintLevel) -> list[MemoryEvent]:
    events: list[MemoryEvent] = [
        HintEvent(UUID(int=n + 1), slug, level, at + timedelta(minutes=n))
        for n, level in enumerate(hints)
    ]
    done = at + timedelta(hours=1)
    solved = EvaluationEvent(UUID(int=99), slug, "loops", 3, passed=True, score=1.0, at=done)
    return [*events, solved]


def test_the_authors_twin_comes_first_and_twins_are_mutual() -> None:
    exercises = [candidate("a", twin="c"), candidate("b"), candidate("c", 9)]
    assert twin_of("a", exercises) == "c"
    assert twin_of("c", exercises) == "a"
    assert twin_of("b", exercises) in ("a", "c")


def test_without_one_it_is_the_nearest_of_the_topic_that_is_not_passed() -> None:
    exercises = [candidate("a"), candidate("b", 9), candidate("c", 4), candidate("d", 3, "lists")]
    assert twin_of("a", exercises) == "c"
    assert twin_of("a", exercises, {"c"}) == "b"
    assert twin_of("a", exercises, {"b", "c"}) == "c"
    assert twin_of("d", exercises) is None
    assert twin_of("unknown", exercises) is None


def test_a_twin_that_left_the_course_is_passed_over() -> None:
    assert twin_of("a", [candidate("a", twin="gone"), candidate("b")]) == "b"
    assert twin_of("a", [candidate("a", twin="a"), candidate("b")]) == "b"


def test_a_solve_with_the_steps_shown_is_kept_apart_until_it_is_solved_alone() -> None:
    for level, shown in [
        (HintLevel.POINTER, False),
        (HintLevel.STEPS, True),
        (HintLevel.BOTTOM_OUT, True),
    ]:
        memory = replay(solve("a", NOON, HintLevel.NUDGE, level))
        assert (memory.shown == {"a"}) is shown
    again = solve("a", NOON + timedelta(days=4))
    assert replay([*solve("a", NOON, HintLevel.STEPS), *again]).shown == frozenset()


def next_of(memory: LearnerMemory, after: timedelta) -> tuple[str, str]:
    exercises = [candidate("a", twin="z"), candidate("b"), candidate("z")]
    found = next_exercise(COURSE, exercises, memory, NOON + after)
    assert found is not None
    return found.slug, found.reason


def test_its_twin_comes_next_and_itself_again_soon() -> None:
    alone = replay(solve("a", NOON))
    assert next_of(alone, timedelta(hours=2))[0] == "b"
    memory = replay(solve("a", NOON, HintLevel.STEPS))
    slug, reason = next_of(memory, timedelta(hours=2))
    assert slug == "z"
    assert "alone" in reason
    done = replay([*solve("a", NOON, HintLevel.STEPS), *solve("z", NOON + timedelta(hours=3))])
    assert next_of(done, timedelta(hours=5))[0] == "b"
    only = [candidate("a")]
    assert next_exercise(COURSE, only, memory, NOON + timedelta(days=2)) is None
    assert next_exercise(COURSE, only, memory, NOON + timedelta(days=4)) is not None
    assert next_exercise(COURSE, only, alone, NOON + timedelta(days=4)) is None


def test_what_was_shown_is_not_mastered() -> None:
    events: list[MemoryEvent] = []
    for number, slug in enumerate("abcdefghij"):
        events += solve(slug, NOON + timedelta(days=number))
    (well,) = mastery_of(COURSE, replay(events), NOON + timedelta(days=10))
    shown = [*events, *solve("k", NOON + timedelta(days=10), HintLevel.STEPS)]
    (topic,) = mastery_of(COURSE, replay(shown), NOON + timedelta(days=11))
    assert topic.label is not MasteryLabel.MASTERED
    assert topic.estimate < well.estimate
