"""Learner memory: a fold over evaluations and hints, rebuilt at any time with the same result."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from jupyter_tutor.domain.exercises import HintLevel


@dataclass(frozen=True, slots=True)
class EvaluationEvent:
    """A graded submission, as memory sees it.

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
    """Work on one exercise that is not settled yet: submissions and the deepest hint so far."""

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
        passed: Slugs of exercises passed so far, with the time of the last pass.
        last_event_at: Up to where the fold has read.
    """

    ability: float
    ability_var: float
    n: int = 0
    topics: dict[str, TopicState] = field(default_factory=dict)
    open_episodes: dict[str, Episode] = field(default_factory=dict)
    passed: dict[str, datetime] = field(default_factory=dict)
    last_event_at: datetime | None = None


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
