"""The learner model: a two-level Gaussian Elo, pure arithmetic on means and variances.

A learner has one ability, and one deviation from it per topic; an exercise has one difficulty. Each
is a normal belief in logits. An exercise trains one topic, so the general form's `x = 1/sqrt(m)`
over m topics is 1 here. The model is an extended Kalman filter on a logistic response:

    forgetting    delta* = delta (1+d)^-lambda,  V* = min(V0, V + qt ln(1+d)),  d days of pause
    prediction    eta = theta + delta* - b,  s2 = V_theta + V* + V_b
                  p = sigma(eta / sqrt(1 + pi s2 / 8))
    update        W = p (1-p),  D = 1 + W s2,  g = (y-p) / D
                  theta += V_theta g          V_theta += q_theta - V_theta^2 W/D
                  delta = delta* + V* g + l (1-y)    V = V* + q_delta - V*^2 W/D
                  b -= V_b g                  V_b -= V_b^2 W/D

An update starts from the forgotten belief (predict, then correct, as a Kalman filter does).
Otherwise the first exercise after a long pause, even a failed one, would bring back all that was
forgotten. No variance grows beyond the one a new learner begins with.

Guessing is taken as zero: an exercise is passed only when all its tests pass, also in a quiz.
"""

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True, slots=True)
class MasteryModel:
    """The constants of the model, in logits, logits squared and days.

    The defaults were fitted on five open logs of learners and then scored untouched on two logs of
    programming courses.

    Attributes:
        ability_var: Variance of ability before anything is known.
        topic_var: Variance of a topic's deviation before anything is known.
        difficulty_var: Variance of the author's label as a difficulty.
        ability_drift: Variance that ability gains per episode.
        topic_drift: Variance that a topic's deviation gains per episode.
        practice_gain: What a topic's deviation gains by practice that did not succeed.
        forgetting: Exponent of forgetting.
        forgetting_var: Variance that a topic's deviation gains per unit of `ln(1 + days)`.
    """

    ability_var: float = 1.5
    topic_var: float = 0.43
    difficulty_var: float = 0.5
    ability_drift: float = 0.012
    topic_drift: float = 0.018
    practice_gain: float = 0.03
    forgetting: float = 0.4
    forgetting_var: float = 0.1


SHIPPED: Final = MasteryModel()


@dataclass(frozen=True, slots=True)
class Belief:
    """A normal belief about one quantity: mean and variance."""

    mean: float
    var: float


@dataclass(frozen=True, slots=True)
class Learned:
    """What an update makes of the three beliefs behind an episode."""

    ability: Belief
    topic: Belief
    difficulty: Belief


@dataclass(frozen=True, slots=True)
class Band:
    """A probability, with its edges at one standard deviation."""

    estimate: float
    low: float
    high: float


def sigmoid(logit: float) -> float:
    """Return the logistic function, without overflow at either end."""
    if logit >= 0:
        return 1.0 / (1.0 + math.exp(-logit))
    power = math.exp(logit)
    return power / (1.0 + power)


def new_ability(model: MasteryModel = SHIPPED) -> Belief:
    """Return what is believed of a learner's ability before anything is known."""
    return Belief(0.0, model.ability_var)


def new_topic(model: MasteryModel = SHIPPED) -> Belief:
    """Return what is believed of a topic's deviation before anything is known."""
    return Belief(0.0, model.topic_var)


def labelled_difficulty(label: float, model: MasteryModel = SHIPPED) -> Belief:
    """Return the difficulty that an author's label of 1 to 10 stands for."""
    return Belief((label - 5.5) / 2.5, model.difficulty_var)


def forget(topic: Belief, days: float, model: MasteryModel = SHIPPED) -> Belief:
    """Return a topic's deviation after `days` without practice; a negative pause is none."""
    pause = 1.0 + max(days, 0.0)
    return Belief(
        topic.mean * pause**-model.forgetting,
        min(model.topic_var, topic.var + model.forgetting_var * math.log(pause)),
    )


def predict(ability: Belief, topic: Belief, difficulty: Belief) -> float:
    """Return the chance of a full success.

    Args:
        ability: Of the learner.
        topic: The learner's deviation in the topic, forgotten up to now.
        difficulty: Of the exercise.
    """
    eta = ability.mean + topic.mean - difficulty.mean
    return _moderated(eta, ability.var + topic.var + difficulty.var)


def update(
    ability: Belief,
    topic: Belief,
    difficulty: Belief,
    score: float,
    model: MasteryModel = SHIPPED,
) -> Learned:
    """Return the beliefs after an episode.

    Args:
        ability: Of the learner.
        topic: The learner's deviation in the topic, forgotten up to the episode.
        difficulty: Of the exercise.
        score: The evidence, 0 to 1.
        model: The constants.
    """
    spread = ability.var + topic.var + difficulty.var
    p = predict(ability, topic, difficulty)
    weight = p * (1.0 - p)
    damping = 1.0 + weight * spread
    gain = (score - p) / damping
    shrink = weight / damping
    return Learned(
        ability=Belief(
            ability.mean + ability.var * gain,
            min(
                model.ability_var,
                ability.var + model.ability_drift - ability.var * ability.var * shrink,
            ),
        ),
        topic=Belief(
            topic.mean + topic.var * gain + model.practice_gain * (1.0 - score),
            min(model.topic_var, topic.var + model.topic_drift - topic.var * topic.var * shrink),
        ),
        difficulty=Belief(
            difficulty.mean - difficulty.var * gain,
            difficulty.var - difficulty.var * difficulty.var * shrink,
        ),
    )


def success_band(ability: Belief, topic: Belief, difficulty: float) -> Band:
    """Return the chance to pass an exercise of a known difficulty, with its band.

    Args:
        ability: Of the learner.
        topic: The learner's deviation in the topic, forgotten up to now.
        difficulty: Of the exercise, or of a typical one of the topic, in logits.
    """
    eta = ability.mean + topic.mean - difficulty
    spread = ability.var + topic.var
    deviation = math.sqrt(spread)
    estimate = _moderated(eta, spread)
    # Far from even chances the mean of the sigmoid leaves the band around its median.
    low = min(estimate, sigmoid(eta - deviation))
    return Band(estimate, low, max(estimate, sigmoid(eta + deviation)))


def _moderated(eta: float, spread: float) -> float:
    """Return the mean of a sigmoid over a normal, by MacKay's approximation."""
    return sigmoid(eta / math.sqrt(1.0 + math.pi * spread / 8.0))


@dataclass(frozen=True, slots=True)
class ScoredEpisode:
    """An episode that is settled: evidence about a learner and about an exercise.

    Attributes:
        learner: Any key of the learner.
        exercise: Slug of the exercise.
        topic: Slug of its topic.
        label: The author's difficulty, 1 to 10.
        score: The evidence, 0 to 1.
        at: When the exercise was practised.
    """

    learner: Hashable
    exercise: str
    topic: str
    label: int
    score: float
    at: datetime


PROVISIONAL_BELOW: Final = 20
"""Episodes below which an estimated difficulty correlates less than about .9 with the true one."""


@dataclass(frozen=True, slots=True)
class Difficulty:
    """The difficulty of an exercise, estimated from how learners did.

    Attributes:
        b: In logits.
        b_var: Its variance.
        n: Episodes behind it.
    """

    b: float
    b_var: float
    n: int

    @property
    def provisional(self) -> bool:
        """Whether it rests on too few episodes to be shown to an author as a fact."""
        return self.n < PROVISIONAL_BELOW


def estimate_difficulties(
    episodes: Iterable[ScoredEpisode], model: MasteryModel = SHIPPED
) -> dict[str, Difficulty]:
    """Estimate the difficulty of each exercise, in logits, from the episodes of all learners.

    A fold over the episodes in the order of their times, that updates learner, topic and exercise
    together, from the author's label as the prior. It belongs into a background job: written in the
    request, one row per exercise would be fought over by a whole class.

    The learners' abilities inside it serve only to tell a hard exercise from weak learners, and are
    thrown away. A learner's own memory is folded with the author's label instead, so that it
    depends on that learner's events alone: it can be rebuilt, exported or explained without anyone
    else's data, another learner's erasure never changes it, and the order in which a class is
    graded does not matter.

    Returns:
        Per slug, for every exercise that has an episode.
    """
    abilities: dict[Hashable, Belief] = {}
    topics: dict[tuple[Hashable, str], tuple[Belief, datetime]] = {}
    estimates: dict[str, Difficulty] = {}
    for episode in sorted(episodes, key=lambda each: (each.at, str(each.learner), each.exercise)):
        ability = abilities.get(episode.learner) or new_ability(model)
        key = (episode.learner, episode.topic)
        topic, last_at = topics.get(key) or (new_topic(model), episode.at)
        known = estimates.get(episode.exercise)
        difficulty = (
            Belief(known.b, known.b_var) if known else labelled_difficulty(episode.label, model)
        )
        topic = forget(topic, days_between(last_at, episode.at), model)
        learned = update(ability, topic, difficulty, episode.score, model)
        abilities[episode.learner] = learned.ability
        topics[key] = (learned.topic, episode.at)
        estimates[episode.exercise] = Difficulty(
            learned.difficulty.mean, learned.difficulty.var, (known.n if known else 0) + 1
        )
    return estimates


def days_between(earlier: datetime, later: datetime) -> float:
    """Return the days from one instant to another; negative when the other lies before."""
    return (later - earlier).total_seconds() / 86_400.0
