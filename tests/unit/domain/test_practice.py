"""Mastery as shown and the choice of what comes next: rules, reasons, and a walk to the end."""

import dataclasses
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_tutor.domain.courses import Course, Topic
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.mastery import Band, labelled_difficulty, sigmoid
from jupyter_tutor.domain.memory import (
    Episode,
    EvaluationEvent,
    LearnerMemory,
    MasteryLabel,
    TopicState,
    fold,
    replay,
    settle,
    start,
)
from jupyter_tutor.domain.practice import (
    Candidate,
    Recommendation,
    label,
    mastery_of,
    next_exercise,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
COURSE = Course(
    slug="foundations",
    title={"en": "Foundations"},
    languages=("en", "bn"),
    topics=(
        Topic("values", {"en": "Values, names and types", "bn": "মান, নাম ও টাইপ"}),
        Topic("strings", {"en": "Strings", "bn": "স্ট্রিং"}, requires=("values",)),
        Topic("loops", {"en": "Loops", "bn": "লুপ"}, requires=("values", "strings")),
    ),
)
EXERCISES = tuple(
    Candidate(f"{topic}-{number}", topic, difficulty, position * 5 + number)
    for position, topic in enumerate(("values", "strings", "loops"))
    for number, difficulty in enumerate((1, 2, 3, 4, 6))
)
SLUGS = {each.slug: each for each in EXERCISES}


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def evaluation(slug: str, at: datetime, *, passed: bool = True) -> EvaluationEvent:
    exercise = SLUGS[slug]
    return EvaluationEvent(
        id=UUID(int=int(at.timestamp() * 1000)),
        exercise=slug,
        topic=exercise.topic,
        difficulty=exercise.difficulty,
        passed=passed,
        score=float(passed),
        at=at,
    )


def passes(*slugs: str, days: float = 30) -> LearnerMemory:
    began = days_ago(days)
    return replay(
        evaluation(slug, began + timedelta(minutes=number)) for number, slug in enumerate(slugs)
    )


def known(topic: str, **facts: object) -> LearnerMemory:
    usual = TopicState(
        delta=0.3,
        delta_var=0.3,
        n=4,
        wins=4,
        unaided=3,
        last_unaided=True,
        last_at=days_ago(6.5),
    )
    state = dataclasses.replace(usual, **facts)  # type: ignore[arg-type]
    return LearnerMemory(ability=1.2, ability_var=0.3, n=state.n, topics={topic: state})


def recommend(memory: LearnerMemory, language: str = "en") -> Recommendation:
    found = next_exercise(COURSE, EXERCISES, memory, NOW, language)
    assert found is not None
    return found


def test_a_new_learner_has_new_topics_of_which_the_first_is_unlocked() -> None:
    standing = mastery_of(COURSE, start(), NOW)
    assert [each.topic for each in standing] == ["values", "strings", "loops"]
    assert {each.label for each in standing} == {MasteryLabel.NEW}
    assert [each.unlocked for each in standing] == [True, False, False]
    assert standing[0].reason == "Not practised yet."
    assert standing[2].reason == (
        "Not practised yet. It helps to practise “Values, names and types” and “Strings” first."
    )


def test_the_estimate_is_the_chance_to_pass_a_typical_exercise_of_the_topic() -> None:
    memory = known("values")
    plain = mastery_of(COURSE, memory, NOW)[0]
    typical = mastery_of(COURSE, memory, NOW, exercises=EXERCISES)[0]
    assert labelled_difficulty(3).mean < 0
    assert plain.estimate < typical.estimate
    assert 0 < typical.low <= typical.estimate <= typical.high < 1


def test_the_reason_comes_from_what_is_stored() -> None:
    (values, *_) = mastery_of(COURSE, known("values"), NOW)
    assert values.reason == (
        f"Estimate: you pass about {round(100 * values.estimate)}% of exercises like these. "
        "Passed 4 of 4, 3 without hints. Last practised 6 days ago."
    )


def test_a_wide_band_is_said_to_be_uncertain() -> None:
    memory = dataclasses.replace(known("values", n=1, wins=1), ability=0.0, ability_var=1.2)
    (values, *_) = mastery_of(COURSE, memory, NOW)
    assert values.label is MasteryLabel.SHAKY
    assert "uncertain" in values.reason


@pytest.mark.parametrize(("ago", "said"), [(1.2, "a day ago"), (2.1, "2 days ago")])
def test_pauses_are_told_in_days(ago: float, said: str) -> None:
    (values, *_) = mastery_of(COURSE, known("values", last_at=days_ago(ago)), NOW)
    assert f"Last practised {said}." in values.reason


def test_of_today_nothing_is_said() -> None:
    memory = known("values", last_at=days_ago(0.4))
    (values, *_) = mastery_of(COURSE, memory, NOW)
    assert values.reason.endswith("Passed 4 of 4, 3 without hints.")


def test_reasons_are_said_in_bengali() -> None:
    standing = mastery_of(COURSE, known("values"), NOW, "bn")
    assert standing[0].reason.endswith("শেষ অনুশীলন ৬ দিন আগে।")
    assert "“মান, নাম ও টাইপ” ও “স্ট্রিং”" in mastery_of(COURSE, start(), NOW, "bn")[2].reason


@pytest.mark.parametrize(
    ("low", "high", "facts", "expected"),
    [
        (0.1, 0.9, {"n": 0}, MasteryLabel.NEW),
        (0.82, 0.97, {"n": 3, "last_unaided": True}, MasteryLabel.MASTERED),
        (0.82, 0.97, {"n": 2, "last_unaided": True}, MasteryLabel.LEARNING),
        (0.82, 0.97, {"n": 3, "last_unaided": False}, MasteryLabel.LEARNING),
        (0.79, 0.97, {"n": 9, "last_unaided": True}, MasteryLabel.LEARNING),
        (0.5, 0.86, {"n": 9, "last_unaided": True}, MasteryLabel.SHAKY),
        (0.5, 0.84, {"n": 9, "last_unaided": True}, MasteryLabel.LEARNING),
    ],
)
def test_labels(low: float, high: float, facts: dict[str, int], expected: MasteryLabel) -> None:
    state = dataclasses.replace(TopicState(0.0, 0.4), **facts)  # type: ignore[arg-type]
    assert label(Band((low + high) / 2, low, high), state) is expected


def test_without_any_state_a_topic_is_new() -> None:
    assert label(Band(0.5, 0.2, 0.8), None) is MasteryLabel.NEW


def test_passing_everything_unaided_leads_to_mastery() -> None:
    memory = passes(*(each.slug for each in EXERCISES), days=1)
    standing = mastery_of(COURSE, memory, NOW, exercises=EXERCISES)
    assert {each.label for each in standing} == {MasteryLabel.MASTERED}
    assert all(each.unlocked for each in standing)


@pytest.mark.parametrize(("episodes", "unlocked"), [(2, False), (3, True)])
def test_a_topic_is_unlocked_by_three_episodes_with_success(episodes: int, unlocked: bool) -> None:
    memory = passes(*(f"values-{number}" for number in range(episodes)), days=1)
    assert mastery_of(COURSE, memory, NOW, exercises=EXERCISES)[1].unlocked is unlocked


def test_failures_unlock_nothing() -> None:
    events = [
        evaluation(f"values-{number}", days_ago(9 - number), passed=False) for number in range(4)
    ]
    memory = settle(replay(events), NOW)
    assert memory.topics["values"].n == 4
    assert not mastery_of(COURSE, memory, NOW, exercises=EXERCISES)[1].unlocked


def test_a_topic_of_one_exercise_can_unlock_the_next() -> None:
    few = [each for each in EXERCISES if each.topic != "values" or each.slug == "values-0"]
    memory = passes("values-0", days=1)
    assert mastery_of(COURSE, memory, NOW, exercises=few)[1].unlocked
    assert not mastery_of(COURSE, memory, NOW)[1].unlocked


def test_episodes_that_are_over_count_in_what_is_shown() -> None:
    memory = fold(passes("values-0", days=9), evaluation("values-1", days_ago(3), passed=False))
    assert mastery_of(COURSE, memory, NOW) == mastery_of(COURSE, settle(memory, NOW), NOW)
    assert mastery_of(COURSE, memory, NOW)[0].n == 2


def test_a_new_learner_begins_with_an_easy_exercise_of_the_first_topic() -> None:
    found = recommend(start())
    assert SLUGS[found.slug].topic == "values"
    assert SLUGS[found.slug].difficulty <= 2
    assert found.reason == "A good place to begin."


def test_the_reason_of_a_suggestion_comes_from_what_is_stored() -> None:
    memory = passes("values-0", "values-1", "values-2", "values-3", "values-4", days=2.5)
    found = recommend(memory)
    assert SLUGS[found.slug].topic == "strings"
    assert "you pass about " in found.reason
    assert found.reason.endswith("You know “Values, names and types” well enough for it.")
    assert recommend(memory, "bn").reason.endswith("আপনার ততটা জানা আছে।")


def test_what_was_passed_rests_for_two_weeks() -> None:
    slugs = [each.slug for each in EXERCISES]
    assert next_exercise(COURSE, EXERCISES, passes(*slugs, days=13.9), NOW) is None
    again = next_exercise(COURSE, EXERCISES, passes(*slugs, days=14.1), NOW)
    assert again is not None
    assert "You passed it a while ago" in again.reason


def test_what_was_just_tried_without_success_rests_for_ten_minutes() -> None:
    def begun(minutes: float, submissions: int) -> LearnerMemory:
        began_at = NOW - timedelta(minutes=minutes)
        episode = Episode("values-0", "values", 1, submissions, HintLevel.RESULT, began_at)
        return dataclasses.replace(start(), open_episodes={"values-0": episode})

    only = EXERCISES[:1]
    assert next_exercise(COURSE, only, begun(9, 1), NOW) is None
    for memory in (begun(11, 1), begun(9, 0)):
        found = next_exercise(COURSE, only, memory, NOW)
        assert found is not None
        assert found.reason.startswith("You have begun this one.")


def test_what_is_closed_is_not_suggested() -> None:
    due = [dataclasses.replace(each, due_at=days_ago(1)) for each in EXERCISES]
    assert next_exercise(COURSE, due, start(), NOW) is None
    due[3] = dataclasses.replace(due[3], due_at=NOW)
    found = next_exercise(COURSE, due, start(), NOW)
    assert found is not None
    assert found.slug == "values-3"


def test_a_locked_topic_is_suggested_only_when_nothing_else_is_left() -> None:
    locked = [each for each in EXERCISES if each.topic == "loops"]
    found = next_exercise(COURSE, locked, start(), NOW)
    assert found is not None
    assert "It helps to practise" in found.reason
    found = next_exercise(COURSE, [*locked, EXERCISES[4]], start(), NOW)
    assert found is not None
    assert found.slug == "values-4"


def test_an_exercise_of_an_unknown_topic_is_not_suggested() -> None:
    assert next_exercise(COURSE, [Candidate("x", "nowhere", 3, 0)], start(), NOW) is None


def chosen_difficulty(memory: LearnerMemory) -> int:
    ladder = [Candidate(f"level-{level}", "values", level, level) for level in range(1, 11)]
    found = next_exercise(COURSE, ladder, memory, NOW)
    assert found is not None
    return int(found.slug.removeprefix("level-"))


def test_failures_make_it_easier_and_successes_harder() -> None:
    usual = chosen_difficulty(known("values", unaided=2))
    after_failures = chosen_difficulty(known("values", unaided=2, consecutive_failures=2))
    after_successes = chosen_difficulty(known("values", unaided=4))
    assert after_failures < usual < after_successes


def test_among_equals_the_first_in_the_course_comes_next() -> None:
    twins = [Candidate(f"twin-{number}", "values", 3, number) for number in (2, 0, 1)]
    found = next_exercise(COURSE, twins, start(), NOW)
    assert found is not None
    assert found.slug == "twin-0"


@pytest.mark.parametrize(
    ("passed", "chosen", "difficulty_of_other"),
    [
        # As good: the topic of the last exercise gives way at once.
        (("b-0",), "a", 3),
        (("a-0",), "b", 3),
        # A worse fit: it gives way only to a third exercise in a row.
        (("b-0",), "b", 4),
        (("b-0", "b-1"), "a", 4),
        (("a-0", "b-1"), "b", 4),
    ],
)
def test_a_topic_gives_way_after_some_of_its_exercises(
    passed: tuple[str, ...], chosen: str, difficulty_of_other: int
) -> None:
    course = Course("c", {"en": "C"}, ("en",), tuple(Topic(slug, {"en": slug}) for slug in "ab"))
    exercises = [
        Candidate(f"{topic}-{n}", topic, 3 if topic == "b" else difficulty_of_other, n)
        for topic in "ab"
        for n in range(4)
    ]
    state = TopicState(0.0, 0.43, n=2, wins=2, last_at=days_ago(0.1))
    memory = LearnerMemory(
        ability=0.0,
        ability_var=1.0,
        n=2,
        topics={"a": state, "b": state},
        passed={slug: days_ago(0.1 - n / 1000) for n, slug in enumerate(passed)},
    )
    found = next_exercise(course, exercises, memory, NOW)
    assert found is not None
    assert found.slug[0] == chosen


@given(st.integers(0, 2**32), st.floats(0, 3))
@settings(max_examples=25, deadline=None)
def test_following_the_suggestions_passes_everything_and_no_locked_topic_too_soon(
    seed: int, skill: float
) -> None:
    chance = random.Random(seed)
    memory, now = start(), NOW
    for _ in range(200):
        now += timedelta(minutes=30)
        found = next_exercise(COURSE, EXERCISES, memory, now)
        assert found == next_exercise(COURSE, EXERCISES, memory, now)
        if found is None:
            break
        standing = {each.topic: each for each in mastery_of(COURSE, memory, now, "en", EXERCISES)}
        exercise = SLUGS[found.slug]
        if not standing[exercise.topic].unlocked:
            open_ones = [each for each in EXERCISES if standing[each.topic].unlocked]
            assert all(
                each.slug in memory.passed or each.slug in memory.open_episodes
                for each in open_ones
            )
        right = sigmoid(skill - labelled_difficulty(exercise.difficulty).mean)
        event = evaluation(found.slug, now, passed=chance.random() < right)
        memory = fold(memory, event)
    assert set(memory.passed) == set(SLUGS)
