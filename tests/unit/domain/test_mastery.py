"""The learner model against values worked out by hand, and its laws."""

import math
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.mastery import (
    SHIPPED,
    Belief,
    ScoredEpisode,
    estimate_difficulties,
    forget,
    labelled_difficulty,
    new_ability,
    new_topic,
    predict,
    sigmoid,
    success_band,
    update,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
means = st.floats(-6, 6)
scores = st.floats(0, 1)
labels = st.integers(1, 10)


# An update takes at most V^2/4 off a variance and gives the drift: none falls below 2 sqrt(drift).
LEAST_ABILITY_VAR = 2 * math.sqrt(SHIPPED.ability_drift)
LEAST_TOPIC_VAR = 2 * math.sqrt(SHIPPED.topic_drift)


def beliefs(least: float, most: float) -> st.SearchStrategy[Belief]:
    return st.builds(Belief, means, st.floats(least, most))


abilities = beliefs(LEAST_ABILITY_VAR, SHIPPED.ability_var)
topics = beliefs(LEAST_TOPIC_VAR, SHIPPED.topic_var)
difficulties = labels.map(labelled_difficulty)


def test_a_first_pass_moves_the_beliefs_as_worked_out_by_hand() -> None:
    ability, topic, difficulty = new_ability(), new_topic(), labelled_difficulty(3)
    assert predict(ability, topic, difficulty) == pytest.approx(0.6715787412338627, abs=1e-12)
    learned = update(ability, topic, difficulty, 1.0)
    assert learned.ability.mean == pytest.approx(0.3207316976270184, abs=1e-12)
    assert learned.ability.var == pytest.approx(1.1889051153507708, abs=1e-12)
    assert learned.topic.mean == pytest.approx(0.0919430866530786, abs=1e-12)
    assert learned.topic.var == pytest.approx(0.4214487803681589, abs=1e-12)
    assert learned.difficulty.mean == pytest.approx(-1.1069105658756728, abs=1e-12)
    assert learned.difficulty.var == pytest.approx(0.4641005683723079, abs=1e-12)


def test_a_first_failure_moves_the_beliefs_as_worked_out_by_hand() -> None:
    learned = update(new_ability(), new_topic(), labelled_difficulty(3), 0.0)
    assert learned.ability.mean == pytest.approx(-0.6558545892412303, abs=1e-12)
    assert learned.topic.mean == pytest.approx(-0.1580116489158193, abs=1e-12)


def test_a_week_is_forgotten_as_worked_out_by_hand() -> None:
    forgotten = forget(Belief(1.0, 0.2), 7)
    assert forgotten.mean == pytest.approx(0.4352752816480621, abs=1e-12)
    assert forgotten.var == pytest.approx(0.4079441541679836, abs=1e-12)


@pytest.mark.parametrize(("label", "mean"), [(1, -1.8), (3, -1.0), (8, 1.0), (10, 1.8)])
def test_a_label_is_a_difficulty_in_logits(label: int, mean: float) -> None:
    difficulty = labelled_difficulty(label)
    assert difficulty.mean == pytest.approx(mean)
    assert difficulty.var == 0.5


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_sigmoid_is_a_probability_everywhere(logit: float) -> None:
    assert 0.0 <= sigmoid(logit) <= 1.0
    assert sigmoid(logit) + sigmoid(-logit) == pytest.approx(1.0)


@given(abilities, topics, difficulties, scores)
def test_evidence_above_the_prediction_raises_ability_and_lowers_difficulty(
    ability: Belief, topic: Belief, difficulty: Belief, score: float
) -> None:
    surprise = score - predict(ability, topic, difficulty)
    learned = update(ability, topic, difficulty, score)
    assert (learned.ability.mean - ability.mean) * surprise >= 0
    assert (learned.difficulty.mean - difficulty.mean) * surprise <= 0


@given(abilities, topics, difficulties, scores, scores)
def test_better_evidence_never_means_a_lower_chance_afterwards(
    ability: Belief, topic: Belief, difficulty: Belief, one: float, other: float
) -> None:
    worse, better = sorted((one, other))
    after = [
        predict(learned.ability, learned.topic, difficulty)
        for learned in (update(ability, topic, difficulty, score) for score in (worse, better))
    ]
    assert after[0] <= after[1] + 1e-12


@given(
    st.lists(st.tuples(labels, scores, st.floats(0, 400)), max_size=60),
)
def test_variances_never_vanish_and_never_exceed_those_of_a_new_learner(
    episodes: list[tuple[int, float, float]],
) -> None:
    ability, topic = new_ability(), new_topic()
    for label, score, days in episodes:
        topic = forget(topic, days)
        learned = update(ability, topic, labelled_difficulty(label), score)
        ability, topic = learned.ability, learned.topic
        assert LEAST_ABILITY_VAR <= ability.var <= SHIPPED.ability_var
        assert LEAST_TOPIC_VAR <= topic.var <= SHIPPED.topic_var
        assert math.isfinite(ability.mean)
        assert math.isfinite(topic.mean)


@given(topics, st.floats(0, 3650), st.floats(0, 3650))
def test_forgetting_shrinks_towards_the_ability_and_makes_less_certain(
    topic: Belief, one: float, other: float
) -> None:
    soon, late = (forget(topic, days) for days in sorted((one, other)))
    assert abs(late.mean) <= abs(soon.mean) <= abs(topic.mean)
    assert topic.var <= soon.var <= late.var <= SHIPPED.topic_var


@given(topics, st.floats(-10, 0))
def test_a_clock_that_goes_back_forgets_nothing(topic: Belief, days: float) -> None:
    assert forget(topic, days) == topic


@given(abilities, topics, difficulties, st.floats(30, 3650))
def test_a_failure_after_a_long_pause_brings_nothing_back(
    ability: Belief, topic: Belief, difficulty: Belief, days: float
) -> None:
    forgotten = forget(topic, days)
    before = predict(ability, forgotten, difficulty)
    learned = update(ability, forgotten, difficulty, 0.0)
    after = predict(learned.ability, learned.topic, difficulty)
    assert after <= before + SHIPPED.practice_gain / 4 + 0.01


@given(abilities, topics, st.floats(-2, 2))
def test_the_estimate_lies_inside_its_band(
    ability: Belief, topic: Belief, difficulty: float
) -> None:
    band = success_band(ability, topic, difficulty)
    assert 0 < band.low <= band.estimate <= band.high < 1


def ranked_right(scored: Sequence[tuple[float, int]]) -> float:
    """Return the area under the ROC curve, by counting pairs."""
    passes = [p for p, y in scored if y]
    failures = [p for p, y in scored if not y]
    wins = sum((p > q) + 0.5 * (p == q) for p in passes for q in failures)
    return wins / (len(passes) * len(failures))


@pytest.mark.parametrize("seed", range(5))
def test_predictions_rank_better_than_labels_and_nearly_as_well_as_the_truth(seed: int) -> None:
    chance = random.Random(seed)
    exercises = [(topic, label) for topic in range(6) for label in (2, 3, 5, 6, 8)]
    truth = [labelled_difficulty(label).mean + chance.gauss(0, 0.5) for _, label in exercises]
    model, label_only, oracle = [], [], []
    for _ in range(60):
        skill = chance.gauss(0, 1.2)
        offsets = [chance.gauss(0, 0.65) for _ in range(6)]
        ability, topics_now = new_ability(), [new_topic() for _ in range(6)]
        for (topic, label), b in zip(exercises, truth, strict=True):
            right = sigmoid(skill + offsets[topic] - b)
            passed = int(chance.random() < right)
            difficulty = labelled_difficulty(label)
            model.append((predict(ability, topics_now[topic], difficulty), passed))
            label_only.append((-float(label), passed))
            oracle.append((right, passed))
            learned = update(ability, topics_now[topic], difficulty, passed)
            ability, topics_now[topic] = learned.ability, learned.topic
    assert ranked_right(model) >= ranked_right(label_only) + 0.04
    assert ranked_right(model) >= ranked_right(oracle) - 0.08


def class_of_learners(
    chance: random.Random, learners: int
) -> tuple[list[ScoredEpisode], dict[str, float]]:
    exercises = [(f"exercise-{i}", f"topic-{i // 5}", chance.randint(2, 9)) for i in range(20)]
    truth = {
        slug: labelled_difficulty(label).mean + chance.gauss(0, 0.9) for slug, _, label in exercises
    }
    episodes = []
    for learner in range(learners):
        skill = chance.gauss(0, 1.2)
        for step, (slug, topic, label) in enumerate(exercises):
            passed = chance.random() < sigmoid(skill - truth[slug])
            at = NOON + timedelta(days=learner % 7, minutes=step)
            episodes.append(ScoredEpisode(learner, slug, topic, label, float(passed), at))
    return episodes, truth


def mean_error(found: dict[str, float], truth: dict[str, float]) -> float:
    # Only differences between difficulties can be known: compare after taking off the mean.
    shift = sum(found.values()) / len(found) - sum(truth.values()) / len(truth)
    return sum(abs(found[slug] - shift - truth[slug]) for slug in truth) / len(truth)


@pytest.mark.parametrize("seed", range(3))
def test_estimated_difficulties_come_closer_to_the_truth_than_the_labels(seed: int) -> None:
    episodes, truth = class_of_learners(random.Random(seed), 80)
    estimates = estimate_difficulties(episodes)
    labelled = {each.exercise: labelled_difficulty(each.label).mean for each in episodes}
    estimated = {slug: estimate.b for slug, estimate in estimates.items()}
    assert mean_error(estimated, truth) < 0.6 * mean_error(labelled, truth)
    assert all(estimate.n == 80 for estimate in estimates.values())
    assert all(estimate.b_var < SHIPPED.difficulty_var / 3 for estimate in estimates.values())


def test_the_order_in_which_episodes_are_read_does_not_matter() -> None:
    chance = random.Random(7)
    episodes, _ = class_of_learners(chance, 12)
    expected = estimate_difficulties(episodes)
    chance.shuffle(episodes)
    assert estimate_difficulties(episodes) == expected


def test_a_difficulty_is_provisional_until_twenty_episodes() -> None:
    episodes, _ = class_of_learners(random.Random(1), 20)
    assert not any(each.provisional for each in estimate_difficulties(episodes).values())
    fewer = [each for each in episodes if each.learner != 3]
    assert all(each.provisional for each in estimate_difficulties(fewer).values())


def test_without_episodes_nothing_is_estimated() -> None:
    assert estimate_difficulties([]) == {}
