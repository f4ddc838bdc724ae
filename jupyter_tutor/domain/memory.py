"""Learner memory: a fold over evaluations and hints, rebuilt at any time with the same result.

Work on one exercise is an **episode**: it begins with the first hint or submission and ends when
the exercise is passed, or 24 hours after it began. An episode is one piece of evidence,

    y = pass * 2^-((a-1)/4) * h

with `a` submissions and `h` by the deepest hint: what the number of submissions and the help taken
say about the next exercise is far more than whether it was passed in the end. An episode without a
submission says nothing and is dropped. Passing an exercise again within 24 hours says nothing new.

No clock runs in here: an episode that is over is settled when a later event of the same learner is
read, or by `settle` for a view of the present. Both give the same state.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.mastery import (
    SHIPPED,
    Belief,
    MasteryModel,
    ScoredEpisode,
    days_between,
    forget,
    labelled_difficulty,
    new_ability,
    new_topic,
    update,
)

EPISODE_LASTS: Final = timedelta(hours=24)

HINT_FACTORS: Final[dict[HintLevel, float]] = {
    HintLevel.RESULT: 1.0,
    HintLevel.NUDGE: 0.8,
    HintLevel.CONCEPT: 0.5,
    HintLevel.POINTER: 0.5,
    HintLevel.STEPS: 0.5,
    HintLevel.BOTTOM_OUT: 0.25,
}
"""What a pass is still worth, by the deepest hint; only the .5 is measured."""


@dataclass(frozen=True, slots=True)
class EvaluationEvent:
    """A graded submission, as memory sees it: one event per submission.

    Attributes:
        id: Key of the evaluation; orders events of the same instant.
        exercise: Slug of the exercise.
        topic: Slug of its topic.
        difficulty: The author's label, 1 to 10.
        passed: Whether it earned every point.
        score: 0 to 1.
        at: When it was submitted.
    """

    id: UUID
    exercise: str
    topic: str
    difficulty: int
    passed: bool
    score: float
    at: datetime


@dataclass(frozen=True, slots=True)
class HintEvent:
    """A hint that was given, as memory sees it."""

    id: UUID
    exercise: str
    level: HintLevel
    at: datetime


MemoryEvent = EvaluationEvent | HintEvent


class MasteryLabel(StrEnum):
    """How a topic stands, in a word."""

    NEW = "new"
    LEARNING = "learning"
    SHAKY = "shaky"
    MASTERED = "mastered"


@dataclass(frozen=True, slots=True)
class TopicState:
    """What is known of one learner in one topic: the stored columns.

    Attributes:
        delta: Deviation of the learner's ability in this topic (logits).
        delta_var: Its variance.
        n: Episodes counted.
        wins: Episodes passed.
        unaided: Episodes passed without a hint above the result rung.
        consecutive_failures: Episodes in a row that were not passed.
        last_unaided: Whether the last passed episode was without hints.
        last_at: When the topic was last practised.
    """

    delta: float
    delta_var: float
    n: int = 0
    wins: int = 0
    unaided: int = 0
    consecutive_failures: int = 0
    last_unaided: bool = False
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """Work on one exercise that is not settled yet: submissions and the deepest hint so far.

    Attributes:
        exercise: Slug.
        topic: Slug of its topic; empty while there are only hints.
        difficulty: The author's label; 0 while there are only hints.
        submissions: Graded submissions so far.
        deepest_hint: The deepest rung given so far.
        began_at: When the first hint was given or the first submission made.
    """

    exercise: str
    topic: str
    difficulty: int
    submissions: int
    deepest_hint: HintLevel
    began_at: datetime


@dataclass(frozen=True, slots=True)
class LearnerMemory:
    """What the tutor knows of one learner in one course.

    Attributes:
        ability: Mean of the learner's ability (logits).
        ability_var: Its variance.
        n: Episodes counted.
        topics: State per topic slug.
        open_episodes: Per exercise slug.
        passed: Slugs of exercises passed so far, with the time of the last pass that counted.
        last_event_at: Up to where the fold has read.
        shown: Of the passed, those whose last pass came after the steps were shown: not mastered.
    """

    ability: float
    ability_var: float
    n: int = 0
    topics: dict[str, TopicState] = field(default_factory=dict)
    open_episodes: dict[str, Episode] = field(default_factory=dict)
    passed: dict[str, datetime] = field(default_factory=dict)
    last_event_at: datetime | None = None
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Mastery:
    """Mastery of a topic as shown: the chance to pass a typical exercise of it.

    Attributes:
        topic: Slug.
        estimate: 0 to 1.
        low: Lower edge of the band of one standard deviation.
        high: Upper edge.
        label: In a word.
        n: Episodes behind it.
        unlocked: Whether every prerequisite is known well enough to begin.
        reason: The estimate explained in a sentence.
    """

    topic: str
    estimate: float
    low: float
    high: float
    label: MasteryLabel
    n: int
    unlocked: bool
    reason: str


def start(model: MasteryModel = SHIPPED) -> LearnerMemory:
    """Return the memory of a learner of whom nothing is known."""
    ability = new_ability(model)
    return LearnerMemory(ability=ability.mean, ability_var=ability.var)


def fold(memory: LearnerMemory, event: MemoryEvent, model: MasteryModel = SHIPPED) -> LearnerMemory:
    """Return the memory after one more event.

    Args:
        memory: What is known; it is left as it is.
        event: The next event in the order of (at, id).
        model: The constants of the learner model.

    Raises:
        ValueError: The event is older than what memory has read: replay all events instead.
    """
    folding = _Folding(memory, model)
    folding.read(event)
    return folding.memory()


def replay(events: Iterable[MemoryEvent], model: MasteryModel = SHIPPED) -> LearnerMemory:
    """Return the memory made by all events of one learner in one course, given in any order."""
    folding = _Folding(start(model), model)
    for event in in_order(events):
        folding.read(event)
    return folding.memory()


def settle(memory: LearnerMemory, now: datetime, model: MasteryModel = SHIPPED) -> LearnerMemory:
    """Return the memory with every episode settled that is over by `now`.

    For showing what is known at present. Storing it is neither needed nor harmful: folding the next
    event gives the same either way.
    """
    folding = _Folding(memory, model)
    folding.expire(now)
    return folding.memory()


def scored_episodes(
    learner: Hashable,
    events: Iterable[MemoryEvent],
    now: datetime,
    model: MasteryModel = SHIPPED,
) -> tuple[ScoredEpisode, ...]:
    """Return the settled episodes of one learner, to estimate difficulties from.

    Args:
        learner: Any key of the learner, for the result.
        events: All their events in one course, in any order.
        now: Episodes that are over by then count.
        model: The constants of the learner model.
    """
    settled: list[ScoredEpisode] = []

    def keep(episode: Episode, score: float, at: datetime) -> None:
        settled.append(
            ScoredEpisode(learner, episode.exercise, episode.topic, episode.difficulty, score, at)
        )

    folding = _Folding(start(model), model, keep)
    for event in in_order(events):
        folding.read(event)
    folding.expire(now)
    return tuple(settled)


def in_order(events: Iterable[MemoryEvent]) -> list[MemoryEvent]:
    """Return events in the order in which they are folded: by time, then by key."""
    return sorted(events, key=lambda event: (event.at, event.id))


def evidence(*, passed: bool, submissions: int, deepest_hint: HintLevel) -> float:
    """Return what an episode says about the learner, 0 to 1.

    Args:
        passed: Whether the exercise was passed in it.
        submissions: How many were made, the passing one included.
        deepest_hint: The deepest rung given before that.
    """
    if not passed:
        return 0.0
    return float(2.0 ** (-(submissions - 1) / 4.0)) * HINT_FACTORS[deepest_hint]


class _Folding:
    """A memory while events are read into it; the memory it began with is left as it is."""

    def __init__(
        self,
        memory: LearnerMemory,
        model: MasteryModel,
        on_settled: Callable[[Episode, float, datetime], None] | None = None,
    ) -> None:
        self._model = model
        self._on_settled = on_settled
        self._ability = Belief(memory.ability, memory.ability_var)
        self._n = memory.n
        self._topics = dict(memory.topics)
        self._open = dict(memory.open_episodes)
        self._passed = dict(memory.passed)
        self._shown = set(memory.shown)
        self._last_event_at = memory.last_event_at

    def memory(self) -> LearnerMemory:
        """Return the memory as it is now; nothing may be read afterwards."""
        return LearnerMemory(
            ability=self._ability.mean,
            ability_var=self._ability.var,
            n=self._n,
            topics=self._topics,
            open_episodes=self._open,
            passed=self._passed,
            shown=frozenset(self._shown),
            last_event_at=self._last_event_at,
        )

    def read(self, event: MemoryEvent) -> None:
        """Take in the next event."""
        if self._last_event_at is not None and event.at < self._last_event_at:
            raise ValueError(f"event {event.id} is older than what memory has read: replay")
        self._last_event_at = event.at
        self.expire(event.at)
        passed_at = self._passed.get(event.exercise)
        if passed_at is not None and event.at - passed_at < EPISODE_LASTS:
            return
        if isinstance(event, HintEvent):
            self._read_hint(event)
        else:
            self._read_evaluation(event)

    def expire(self, now: datetime) -> None:
        """Settle the episodes that began 24 hours or more before `now`."""
        latest = now - EPISODE_LASTS
        over = [each for each in self._open.values() if each.began_at <= latest]
        # In an order of their own, so that it does not matter how a store hands them back.
        for episode in sorted(over, key=lambda each: (each.began_at, each.exercise)):
            del self._open[episode.exercise]
            if episode.submissions:
                self._settle(episode, passed=False, at=episode.began_at)

    def _read_hint(self, event: HintEvent) -> None:
        known = self._open.get(event.exercise)
        self._open[event.exercise] = Episode(
            exercise=event.exercise,
            topic=known.topic if known else "",
            difficulty=known.difficulty if known else 0,
            submissions=known.submissions if known else 0,
            deepest_hint=max(known.deepest_hint, event.level) if known else event.level,
            began_at=known.began_at if known else event.at,
        )

    def _read_evaluation(self, event: EvaluationEvent) -> None:
        known = self._open.pop(event.exercise, None)
        episode = Episode(
            exercise=event.exercise,
            topic=event.topic,
            difficulty=event.difficulty,
            submissions=known.submissions + 1 if known else 1,
            deepest_hint=known.deepest_hint if known else HintLevel.RESULT,
            began_at=known.began_at if known else event.at,
        )
        if event.passed:
            self._passed[event.exercise] = event.at
            if episode.deepest_hint >= HintLevel.STEPS:
                self._shown.add(event.exercise)
            else:
                self._shown.discard(event.exercise)
            self._settle(episode, passed=True, at=event.at)
        else:
            self._open[event.exercise] = episode

    def _settle(self, episode: Episode, *, passed: bool, at: datetime) -> None:
        """Update ability and topic by an episode that is over."""
        score = evidence(
            passed=passed, submissions=episode.submissions, deepest_hint=episode.deepest_hint
        )
        known = self._topics.get(episode.topic) or _new_topic_state(self._model)
        last_at = known.last_at or at
        topic = forget(Belief(known.delta, known.delta_var), days_between(last_at, at), self._model)
        difficulty = labelled_difficulty(episode.difficulty, self._model)
        learned = update(self._ability, topic, difficulty, score, self._model)
        unaided = passed and episode.deepest_hint is HintLevel.RESULT
        self._ability = learned.ability
        self._n += 1
        self._topics[episode.topic] = TopicState(
            delta=learned.topic.mean,
            delta_var=learned.topic.var,
            n=known.n + 1,
            wins=known.wins + passed,
            unaided=known.unaided + unaided,
            consecutive_failures=0 if passed else known.consecutive_failures + 1,
            last_unaided=unaided if passed else known.last_unaided,
            last_at=max(last_at, at),
        )
        if self._on_settled is not None:
            self._on_settled(episode, score, at)


def _new_topic_state(model: MasteryModel) -> TopicState:
    topic = new_topic(model)
    return TopicState(delta=topic.mean, delta_var=topic.var)
