"""Practice: how each topic stands, and which exercise comes next, both explained in a sentence.

Everything is a suggestion: a topic that is not unlocked can be worked on all the same, and when
nothing else is left its exercises are suggested too.

The choice is deterministic. A draw among the best would show another exercise after each reload and
in each tab; what a draw is for, trying what is not well known, the spread in the score does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from jupyter_tutor.domain.courses import Course, Topic
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.mastery import (
    SHIPPED,
    Band,
    Belief,
    MasteryModel,
    days_between,
    forget,
    labelled_difficulty,
    new_topic,
    predict,
    success_band,
)
from jupyter_tutor.domain.memory import (
    LearnerMemory,
    Mastery,
    MasteryLabel,
    TopicState,
    settle,
)
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.twins import twin_of

SHAKY_WIDTH: Final = 0.35
MASTERED_LOW: Final = 0.80
UNLOCKING_ESTIMATE: Final = 0.6
ENOUGH_EPISODES: Final = 3

REVIEW_AFTER: Final = timedelta(days=14)
SHOWN_REVIEW_AFTER: Final = timedelta(days=3)
"""An exercise that was solved with the steps shown comes again sooner."""
TWIN_BONUS: Final = 1.0
REST_AFTER_FAILURE: Final = timedelta(minutes=10)
COMFORTABLE: Final = 0.75
AFTER_FAILURES: Final = 0.85
AFTER_SUCCESSES: Final = 0.65
_FAILURES_IN_A_ROW = 2
_SUCCESSES = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """An exercise that may come next.

    Attributes:
        slug: Of the exercise.
        topic: Slug of its topic.
        difficulty: The author's label, 1 to 10.
        position: Its place in the course; the lower comes first among equals.
        due_at: When submissions close, or None.
        twin: Slug of the exercise its author calls its twin, or None.
    """

    slug: str
    topic: str
    difficulty: int
    position: int
    due_at: datetime | None = None
    twin: str | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do next, and why."""

    slug: str
    reason: str


def mastery_of(
    course: Course,
    memory: LearnerMemory,
    now: datetime,
    language: str = "en",
    exercises: Iterable[Candidate] = (),
) -> tuple[Mastery, ...]:
    """Return how each topic of a course stands at present, in the order of the path.

    Args:
        course: The course.
        memory: What is known of the learner.
        now: Database time.
        language: Language code of the reasons.
        exercises: The exercises of the course. With them the estimate is the chance to pass the
            exercise of middle difficulty of the topic, else that of a middling one (5.5 of 10), and
            a topic of fewer than three exercises can unlock the next by as many episodes.
    """
    return _View(course, memory, now, language, tuple(exercises)).masteries()


def next_exercise(
    course: Course,
    exercises: Sequence[Candidate],
    memory: LearnerMemory,
    now: datetime,
    language: str = "en",
) -> Recommendation | None:
    """Choose what comes next, or None when there is nothing left to suggest.

    An exercise is left out when it was passed within 14 days (3 with the steps shown), when it was
    begun without success within 10 minutes, or when its submissions are closed. Of the others in
    unlocked topics (if there are none: in any topic) the one with the highest score comes next:

        -3 |p - target| + .3 (1-M) - .15 [done before] - .1 [topic of the last exercise]
        - .3 [third in a row of a topic] + .1 sd(p) + [twin of one solved with the steps shown]

    The target is .75, .85 after two failures in a row in the topic, and .65 after four unaided
    passes in it. It keeps practice comfortable and is no law of learning; the weights are ours.

    Args:
        course: The course.
        exercises: Its exercises.
        memory: What is known of the learner.
        now: Database time.
        language: Language code of the reason.
    """
    view = _View(course, memory, now, language, tuple(exercises))
    possible = [each for each in exercises if view.possible(each)]
    if not possible:
        return None
    unlocked = [each for each in possible if view.mastery[each.topic].unlocked]
    best = max(unlocked or possible, key=lambda each: (view.score(each), -each.position))
    return Recommendation(best.slug, view.why(best))


class _View:
    """A learner's memory of a course as it stands at one instant."""

    def __init__(
        self,
        course: Course,
        memory: LearnerMemory,
        now: datetime,
        language: str,
        exercises: tuple[Candidate, ...],
        model: MasteryModel = SHIPPED,
    ) -> None:
        self._course = course
        self._memory = memory = settle(memory, now, model)
        self._now = now
        self._language = language
        self._model = model
        self._exercises = exercises
        self._ability = Belief(memory.ability, memory.ability_var)
        self._topics = {topic.slug: topic for topic in course.topics}
        self._bands = {slug: self._band(slug) for slug in self._topics}
        self.mastery: Mapping[str, Mastery] = {
            topic.slug: self._mastery(topic) for topic in course.topics
        }
        self._recent = self._recent_topics()
        self._twins = self._open_twins()

    def masteries(self) -> tuple[Mastery, ...]:
        """Return the topics in the order of the path."""
        return tuple(self.mastery.values())

    def possible(self, exercise: Candidate) -> bool:
        """Whether an exercise may be suggested at all."""
        if exercise.topic not in self._topics:
            return False
        if exercise.due_at is not None and self._now > exercise.due_at:
            return False
        passed_at = self._memory.passed.get(exercise.slug)
        rest = SHOWN_REVIEW_AFTER if exercise.slug in self._memory.shown else REVIEW_AFTER
        if passed_at is not None and self._now - passed_at < rest:
            return False
        # Memory keeps when work on an exercise began, not when it last failed.
        begun = self._memory.open_episodes.get(exercise.slug)
        failing = begun is not None and begun.submissions > 0
        return not (failing and begun and self._now - begun.began_at < REST_AFTER_FAILURE)

    def score(self, exercise: Candidate) -> float:
        """Return how well an exercise fits now."""
        chance = self.chance(exercise)
        band = success_band(
            self._ability,
            self._topic_belief(exercise.topic),
            labelled_difficulty(exercise.difficulty, self._model).mean,
        )
        return (
            -3.0 * abs(chance - self._target(exercise.topic))
            + 0.3 * (1.0 - self.mastery[exercise.topic].estimate)
            - 0.15 * (exercise.slug in self._memory.passed)
            - 0.1 * (self._recent[:1] == [exercise.topic])
            - 0.3 * (self._recent[:2] == [exercise.topic] * 2)
            + 0.1 * (band.high - band.low) / 2.0
            + TWIN_BONUS * (exercise.slug in self._twins)
        )

    def chance(self, exercise: Candidate) -> float:
        """Return the chance that the learner passes an exercise now."""
        difficulty = labelled_difficulty(exercise.difficulty, self._model)
        return predict(self._ability, self._topic_belief(exercise.topic), difficulty)

    def why(self, exercise: Candidate) -> str:
        """Say why an exercise comes next, from what is stored."""
        topic = self._topics[exercise.topic]
        parts = []
        if exercise.slug in self._twins:
            parts.append(self._say("practice.twin"))
        if exercise.slug in self._memory.open_episodes:
            parts.append(self._say("practice.begun"))
        elif exercise.slug in self._memory.passed:
            parts.append(self._say("practice.again"))
        if self._memory.n:
            percent = round(100 * self.chance(exercise))
            parts.append(self._say("practice.chance", percent=percent))
        else:
            parts.append(self._say("practice.first"))
        state = self._memory.topics.get(exercise.topic)
        if state is not None and state.last_at is not None:
            parts += self._last_practised(state)
        elif topic.requires and self.mastery[exercise.topic].unlocked:
            parts.append(self._say("practice.ready", topics=self._titles(topic.requires)))
        if not self.mastery[exercise.topic].unlocked:
            parts.append(self._say("practice.locked", topics=self._titles(self._lacking(topic))))
        return " ".join(parts)

    def _target(self, topic: str) -> float:
        state = self._memory.topics.get(topic)
        if state is None:
            return COMFORTABLE
        if state.consecutive_failures >= _FAILURES_IN_A_ROW:
            return AFTER_FAILURES
        steady = state.last_unaided and state.consecutive_failures == 0
        return AFTER_SUCCESSES if steady and state.unaided >= _SUCCESSES else COMFORTABLE

    def _recent_topics(self) -> list[str]:
        """Return the topics of the exercises that were passed, newest first."""
        topic_of = {each.slug: each.topic for each in self._exercises}
        newest = sorted(self._memory.passed.items(), key=lambda item: (item[1], item[0]))
        return [topic_of[slug] for slug, _ in reversed(newest) if slug in topic_of]

    def _open_twins(self) -> frozenset[str]:
        """Return the twins of what was solved with the steps shown and not passed since."""
        passed = self._memory.passed
        twins = set()
        for slug in sorted(self._memory.shown):
            twin = twin_of(slug, self._exercises, passed)
            since = passed.get(twin) if twin else None
            if twin and (since is None or since <= passed[slug] or twin in self._memory.shown):
                twins.add(twin)
        return frozenset(twins)

    def _topic_belief(self, slug: str) -> Belief:
        state = self._memory.topics.get(slug)
        if state is None or state.last_at is None:
            return new_topic(self._model)
        pause = days_between(state.last_at, self._now)
        return forget(Belief(state.delta, state.delta_var), pause, self._model)

    def _band(self, slug: str) -> Band:
        labels = [each.difficulty for each in self._exercises if each.topic == slug]
        typical = median(labels) if labels else 5.5
        difficulty = labelled_difficulty(typical, self._model)
        return success_band(self._ability, self._topic_belief(slug), difficulty.mean)

    def _mastery(self, topic: Topic) -> Mastery:
        state = self._memory.topics.get(topic.slug)
        band = self._bands[topic.slug]
        lacking = self._lacking(topic)
        return Mastery(
            topic=topic.slug,
            estimate=band.estimate,
            low=band.low,
            high=band.high,
            label=label(band, state),
            n=state.n if state else 0,
            unlocked=not lacking,
            reason=self._reason(band, state, lacking),
        )

    def _lacking(self, topic: Topic) -> tuple[str, ...]:
        """Return the prerequisites that are not known well enough yet."""
        return tuple(slug for slug in topic.requires if not self._known(slug))

    def _known(self, slug: str) -> bool:
        if slug not in self._topics:
            return True
        state = self._memory.topics.get(slug)
        there = sum(each.topic == slug for each in self._exercises)
        enough = min(ENOUGH_EPISODES, there) if there else ENOUGH_EPISODES
        episodes = state.n if state else 0
        return episodes >= enough and self._bands[slug].estimate >= UNLOCKING_ESTIMATE

    def _reason(self, band: Band, state: TopicState | None, lacking: Sequence[str]) -> str:
        parts = []
        if state is None or state.n == 0:
            parts.append(self._say("practice.new"))
        else:
            parts.append(self._say("practice.estimate", percent=round(100 * band.estimate)))
            counts = {"n": state.n, "wins": state.wins, "unaided": state.unaided}
            parts.append(self._say("practice.counts", **counts))
            parts += self._last_practised(state)
            if label(band, state) is MasteryLabel.SHAKY:
                parts.append(self._say("practice.shaky"))
        if lacking:
            parts.append(self._say("practice.locked", topics=self._titles(lacking)))
        return " ".join(parts)

    def _last_practised(self, state: TopicState) -> list[str]:
        """Say how long ago a topic was practised; of today the learner knows it themselves."""
        days = int(days_between(state.last_at or self._now, self._now))
        if days < 1:
            return []
        return [self._say("practice.day_ago" if days == 1 else "practice.days_ago", days=days)]

    def _titles(self, slugs: Iterable[str]) -> str:
        # Quoted, since a title may itself contain a comma or an "and".
        titles = [f"“{self._title(self._topics[slug])}”" for slug in slugs if slug in self._topics]
        if len(titles) < 2:
            return "".join(titles)
        return self._say("practice.and", first=", ".join(titles[:-1]), last=titles[-1])

    def _title(self, topic: Topic) -> str:
        return in_language(topic.title, self._language) or topic.slug

    def _say(self, key: str, **fields: object) -> str:
        return say(key, self._language, **fields)


def label(band: Band, state: TopicState | None) -> MasteryLabel:
    """Return how a topic stands in a word.

    Mastered: even the lower edge of the band is .80, from three episodes on, and the last pass was
    unaided. Shaky: the band is wider than .35, so that the estimate says little yet.
    """
    if state is None or state.n == 0:
        return MasteryLabel.NEW
    if band.low >= MASTERED_LOW and state.n >= ENOUGH_EPISODES and state.last_unaided:
        return MasteryLabel.MASTERED
    if band.high - band.low > SHAKY_WIDTH:
        return MasteryLabel.SHAKY
    return MasteryLabel.LEARNING
