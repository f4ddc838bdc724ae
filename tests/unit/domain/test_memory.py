"""Memory: what an episode is, and that folding, replaying and storing agree to the last bit."""

import dataclasses
import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.mastery import Belief, labelled_difficulty, update
from jupyter_tutor.domain.memory import (
    Episode,
    EvaluationEvent,
    HintEvent,
    LearnerMemory,
    MemoryEvent,
    TopicState,
    evidence,
    fold,
    in_order,
    replay,
    scored_episodes,
    settle,
    start,
)

MONDAY = datetime(2026, 3, 2, 8, 0, 0, 123457, tzinfo=UTC)
TOPIC_OF = {"zip": "loops", "sum": "loops", "mean": "lists", "swap": "lists", "greet": "strings"}
LABEL_OF = {"zip": 3, "sum": 2, "mean": 5, "swap": 8, "greet": 1}


def submission(number: int, exercise: str, at: datetime, *, passed: bool = True) -> EvaluationEvent:
    return EvaluationEvent(
        id=UUID(int=number),
        exercise=exercise,
        topic=TOPIC_OF[exercise],
        difficulty=LABEL_OF[exercise],
        passed=passed,
        score=1.0 if passed else 0.5,
        at=at,
    )


def hint(number: int, exercise: str, at: datetime, level: HintLevel) -> HintEvent:
    return HintEvent(id=UUID(int=number), exercise=exercise, level=level, at=at)


def after(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


@st.composite
def histories(draw: st.DrawFn) -> list[MemoryEvent]:
    """Draw events in order, with pauses from none to weeks, so that every rule is met."""
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(TOPIC_OF)),
                st.sampled_from(("pass", "fail", "fail", *HintLevel)),
                st.one_of(
                    st.just(timedelta(0)),
                    st.timedeltas(timedelta(0), timedelta(minutes=30)),
                    st.just(timedelta(hours=24)),
                    st.timedeltas(timedelta(hours=3), timedelta(days=20)),
                ),
            ),
            max_size=40,
        )
    )
    at = MONDAY
    events: list[MemoryEvent] = []
    for number, (exercise, what, pause) in enumerate(steps):
        at += pause
        if isinstance(what, HintLevel):
            events.append(hint(number, exercise, at, what))
        else:
            events.append(submission(number, exercise, at, passed=what == "pass"))
    return events


def through_json_columns(memory: LearnerMemory) -> LearnerMemory:
    """Store a memory as JSON text, rows in another order, and read it back."""

    def stored(value: datetime | frozenset[str]) -> object:
        return value.isoformat() if isinstance(value, datetime) else sorted(value)

    def moment(text: str | None) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    row = json.loads(json.dumps(dataclasses.asdict(memory), default=stored))
    return LearnerMemory(
        ability=row["ability"],
        ability_var=row["ability_var"],
        n=row["n"],
        topics={
            slug: TopicState(**{**row["topics"][slug], "last_at": moment(state["last_at"])})
            for slug, state in sorted(row["topics"].items(), reverse=True)
        },
        open_episodes={
            slug: Episode(
                **{
                    **each,
                    "deepest_hint": HintLevel(each["deepest_hint"]),
                    "began_at": datetime.fromisoformat(each["began_at"]),
                }
            )
            for slug, each in sorted(row["open_episodes"].items(), reverse=True)
        },
        passed={
            slug: datetime.fromisoformat(at)
            for slug, at in sorted(row["passed"].items(), reverse=True)
        },
        shown=frozenset(row["shown"]),
        last_event_at=moment(row["last_event_at"]),
    )


def folded(events: Sequence[MemoryEvent]) -> LearnerMemory:
    memory = start()
    for event in events:
        memory = fold(memory, event)
    return memory


@given(histories())
def test_folding_one_by_one_is_replaying(events: list[MemoryEvent]) -> None:
    assert folded(events) == replay(events)


@given(histories(), st.randoms(use_true_random=False))
def test_replay_does_not_care_about_the_order_it_is_given(
    events: list[MemoryEvent], chance: random.Random
) -> None:
    expected = replay(events)
    chance.shuffle(events)
    assert replay(events) == expected


@given(histories())
def test_storing_after_every_event_changes_nothing(events: list[MemoryEvent]) -> None:
    memory = start()
    for event in events:
        memory = through_json_columns(fold(memory, event))
    assert memory == replay(events)


@given(histories(), st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=40))
def test_settling_early_changes_nothing_later(
    events: list[MemoryEvent], looks: list[timedelta]
) -> None:
    memory = start()
    for number, event in enumerate(events):
        memory = fold(memory, event)
        if number < len(looks) and number + 1 < len(events):
            memory = settle(memory, min(event.at + looks[number], events[number + 1].at))
    assert memory == replay(events)


@given(histories())
def test_the_memory_that_was_folded_into_is_left_as_it_was(events: list[MemoryEvent]) -> None:
    memory = start()
    for event in events:
        before = through_json_columns(memory)
        later = fold(memory, event)
        assert memory == before
        memory = later


@given(histories())
def test_counts_add_up(events: list[MemoryEvent]) -> None:
    memory = replay(events)
    assert memory.n == sum(state.n for state in memory.topics.values())
    assert set(memory.topics) <= {TOPIC_OF[event.exercise] for event in events}
    for state in memory.topics.values():
        assert 0 <= state.unaided <= state.wins <= state.n
        assert state.consecutive_failures <= state.n - state.wins
        assert state.last_at is not None
        assert not (state.last_unaided and state.unaided == 0)
    assert memory.last_event_at == (events[-1].at if events else None)


@given(histories())
def test_scored_episodes_are_those_that_memory_counts(events: list[MemoryEvent]) -> None:
    now = max((event.at for event in events), default=MONDAY) + timedelta(hours=30)
    memory = settle(replay(events), now)
    episodes = scored_episodes("ada", events, now)
    assert len(episodes) == memory.n
    assert sum(episode.score > 0 for episode in episodes) == sum(
        state.wins for state in memory.topics.values()
    )
    assert all(episode.learner == "ada" for episode in episodes)


def test_a_pass_at_first_try_is_one_full_episode() -> None:
    memory = replay([submission(1, "zip", MONDAY)])
    expected = update(Belief(0.0, 1.5), Belief(0.0, 0.43), labelled_difficulty(3), 1.0)
    assert (memory.ability, memory.ability_var, memory.n) == (
        expected.ability.mean,
        expected.ability.var,
        1,
    )
    assert memory.topics == {
        "loops": TopicState(
            delta=expected.topic.mean,
            delta_var=expected.topic.var,
            n=1,
            wins=1,
            unaided=1,
            consecutive_failures=0,
            last_unaided=True,
            last_at=MONDAY,
        )
    }
    assert memory.passed == {"zip": MONDAY}
    assert memory.open_episodes == {}


def test_tries_and_a_concept_hint_make_one_weaker_episode() -> None:
    events: list[MemoryEvent] = [
        submission(1, "zip", after(0), passed=False),
        hint(2, "zip", after(0.1), HintLevel.RESULT),
        hint(3, "zip", after(0.2), HintLevel.CONCEPT),
        hint(4, "zip", after(0.3), HintLevel.NUDGE),
        submission(5, "zip", after(0.4), passed=False),
        submission(6, "zip", after(0.5)),
    ]
    (episode,) = scored_episodes("ada", events, after(1))
    assert episode.score == pytest.approx(2**-0.5 * 0.5)
    state = replay(events).topics["loops"]
    assert (state.n, state.wins, state.unaided, state.last_unaided) == (1, 1, 0, False)


def test_an_open_episode_keeps_what_was_done_and_says_nothing_yet() -> None:
    memory = replay(
        [
            hint(1, "mean", after(0), HintLevel.NUDGE),
            submission(2, "mean", after(1), passed=False),
        ]
    )
    assert (memory.ability, memory.n, memory.topics) == (0.0, 0, {})
    assert memory.open_episodes == {
        "mean": Episode("mean", "lists", 5, 1, HintLevel.NUDGE, after(0))
    }


def test_an_episode_that_was_never_passed_is_a_failure_after_a_day() -> None:
    memory = replay([submission(1, "swap", after(0), passed=False)])
    assert settle(memory, after(23.99)) == memory
    settled = settle(memory, after(24))
    assert settled.ability < 0
    assert settled.open_episodes == {}
    assert settled.topics["lists"].consecutive_failures == 1
    assert settled.topics["lists"].last_at == after(0)
    later = fold(memory, submission(2, "greet", after(24)))
    assert later.n == 2


def test_a_submission_after_a_day_begins_a_new_episode() -> None:
    memory = replay(
        [
            hint(1, "zip", after(0), HintLevel.STEPS),
            submission(2, "zip", after(1), passed=False),
            submission(3, "zip", after(25)),
        ]
    )
    state = memory.topics["loops"]
    assert (state.n, state.wins, state.unaided) == (2, 1, 1)
    assert state.consecutive_failures == 0


def test_hints_without_a_submission_say_nothing() -> None:
    memory = settle(replay([hint(1, "zip", after(0), HintLevel.STEPS)]), after(48))
    assert (memory.ability, memory.n, memory.topics, memory.open_episodes) == (0.0, 0, {}, {})


def test_passing_again_within_a_day_gives_nothing() -> None:
    once = replay([submission(1, "zip", after(0))])
    again = replay(
        [
            submission(1, "zip", after(0)),
            hint(2, "zip", after(2), HintLevel.STEPS),
            submission(3, "zip", after(3), passed=False),
            submission(4, "zip", after(23.9)),
        ]
    )
    assert again == dataclasses.replace(once, last_event_at=after(23.9))


def test_passing_again_after_a_day_counts() -> None:
    memory = replay([submission(1, "zip", after(0)), submission(2, "zip", after(24))])
    assert memory.topics["loops"].n == 2
    assert memory.passed == {"zip": after(24)}


def test_failures_in_a_row_end_with_a_pass() -> None:
    failures = [
        submission(number, exercise, after(30 * number), passed=False)
        for number, exercise in enumerate(("zip", "sum", "zip"))
    ]
    memory = settle(replay(failures), after(200))
    assert memory.topics["loops"].consecutive_failures == 3
    memory = fold(memory, submission(9, "sum", after(200)))
    assert memory.topics["loops"].consecutive_failures == 0


def test_a_failure_leaves_how_the_last_pass_was_made() -> None:
    memory = replay([submission(1, "zip", after(0)), submission(2, "sum", after(30), passed=False)])
    state = settle(memory, after(60)).topics["loops"]
    assert (state.n, state.wins, state.last_unaided) == (2, 1, True)


def test_an_old_episode_that_ends_late_does_not_turn_back_the_time_of_practice() -> None:
    memory = replay([submission(1, "zip", after(0), passed=False), submission(2, "sum", after(5))])
    assert settle(memory, after(24)).topics["loops"].last_at == after(5)


def test_an_event_from_the_past_has_to_be_replayed() -> None:
    memory = fold(start(), submission(2, "zip", after(1)))
    with pytest.raises(ValueError, match="replay"):
        fold(memory, submission(1, "sum", after(0)))


def test_events_of_one_instant_are_ordered_by_key() -> None:
    events: list[MemoryEvent] = [
        submission(3, "zip", MONDAY),
        hint(2, "zip", MONDAY, HintLevel.NUDGE),
        submission(1, "zip", MONDAY, passed=False),
    ]
    assert [event.id.int for event in in_order(events)] == [1, 2, 3]
    (episode,) = scored_episodes("ada", events, MONDAY)
    assert episode.score == pytest.approx(2**-0.25 * 0.8)


@pytest.mark.parametrize(
    ("submissions", "deepest", "score"),
    [
        (1, HintLevel.RESULT, 1.0),
        (5, HintLevel.RESULT, 0.5),
        (1, HintLevel.NUDGE, 0.8),
        (1, HintLevel.POINTER, 0.5),
        (9, HintLevel.STEPS, 0.125),
        (1, HintLevel.BOTTOM_OUT, 0.25),
    ],
)
def test_evidence_of_a_pass(submissions: int, deepest: HintLevel, score: float) -> None:
    found = evidence(passed=True, submissions=submissions, deepest_hint=deepest)
    assert found == pytest.approx(score)


@given(st.integers(1, 200), st.sampled_from(HintLevel), st.sampled_from(HintLevel))
def test_more_tries_and_deeper_hints_never_say_more(
    submissions: int, one: HintLevel, other: HintLevel
) -> None:
    shallow, deep = sorted((one, other))

    def score(tries: int, level: HintLevel) -> float:
        return evidence(passed=True, submissions=tries, deepest_hint=level)

    assert 0 < score(submissions + 1, shallow) < score(submissions, shallow) <= 1
    assert score(submissions, deep) <= score(submissions, shallow)
    assert evidence(passed=False, submissions=submissions, deepest_hint=shallow) == 0
