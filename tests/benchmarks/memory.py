"""What folding memory costs: `python -m tests.benchmarks.memory [events]`.

The baseline is the least that rating a learner can be: classic Elo with one number per learner and
one per exercise, on the same submissions. Trust the ratios more than the times.
"""

import dataclasses
import json
import math
import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.memory import (
    EvaluationEvent,
    HintEvent,
    LearnerMemory,
    MemoryEvent,
    fold,
    replay,
    start,
)

TOPICS = 8
EXERCISES = 40
ROUNDS = 5


def course_events(count: int, seed: int = 1) -> list[MemoryEvent]:
    """Make the events of one busy learner: hints, failures and passes over many days."""
    chance = random.Random(seed)
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    events: list[MemoryEvent] = []
    for number in range(count):
        at += timedelta(minutes=chance.expovariate(1 / 40))
        exercise = chance.randrange(EXERCISES)
        key = UUID(int=number)
        if chance.random() < 0.25:
            level = chance.choice([HintLevel.RESULT, HintLevel.NUDGE, HintLevel.CONCEPT])
            events.append(HintEvent(key, f"exercise-{exercise}", level, at))
        else:
            passed = chance.random() < 0.6
            events.append(
                EvaluationEvent(
                    id=key,
                    exercise=f"exercise-{exercise}",
                    topic=f"topic-{exercise % TOPICS}",
                    difficulty=1 + exercise % 10,
                    passed=passed,
                    score=float(passed),
                    at=at,
                )
            )
    return events


def plain_elo(events: Sequence[MemoryEvent]) -> float:
    """Rate the learner and the exercises by classic Elo."""
    ability, difficulties = 0.0, dict[str, float]()
    for event in events:
        if isinstance(event, EvaluationEvent):
            difficulty = difficulties.get(event.exercise, 0.0)
            surprise = event.passed - 1.0 / (1.0 + math.exp(difficulty - ability))
            ability += 0.4 * surprise
            difficulties[event.exercise] = difficulty - 0.4 * surprise
    return ability


def one_by_one(events: Sequence[MemoryEvent]) -> LearnerMemory:
    """Fold each event into a new memory, as the service does after each grading."""
    memory = start()
    for event in events:
        memory = fold(memory, event)
    return memory


def as_document(events: Sequence[MemoryEvent]) -> None:
    """Fold and serialise the whole memory after each event: what storing one document costs."""
    memory = start()
    for event in events:
        memory = fold(memory, event)
        json.dumps(dataclasses.asdict(memory), default=str)


def microseconds(
    work: Callable[[Sequence[MemoryEvent]], object], events: Sequence[MemoryEvent]
) -> float:
    """Return the processor time per event, the best of several rounds."""
    best = math.inf
    for _ in range(ROUNDS):
        began = time.process_time()
        work(events)
        best = min(best, time.process_time() - began)
    return best / len(events) * 1e6


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    events = course_events(count)
    if one_by_one(events) != replay(events):
        raise SystemExit("folding and replaying differ")
    ways: list[tuple[str, Callable[[Sequence[MemoryEvent]], object], int]] = [
        ("classic Elo (baseline)", plain_elo, count),
        ("replay", replay, count),
        ("fold one by one", one_by_one, count),
        ("fold and write one JSON document", as_document, min(count, 2_000)),
    ]
    costs = {name: microseconds(work, events[:used]) for name, work, used in ways}
    baseline = next(iter(costs.values()))
    print(f"{count} events, {TOPICS} topics, {EXERCISES} exercises, best of {ROUNDS}")
    print(f"{'way':<34} {'us/event':>9} {'events/s':>10} {'ratio':>7}")
    for name, cost in costs.items():
        print(f"{name:<34} {cost:>9.2f} {1e6 / cost:>10,.0f} {cost / baseline:>7.1f}")


if __name__ == "__main__":
    main()
