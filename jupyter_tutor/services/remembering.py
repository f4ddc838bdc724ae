"""Remembering: folding events into a learner's stored memory, and rebuilding it."""

from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.domain import memory as fold
from jupyter_tutor.domain.mastery import ScoredEpisode, estimate_difficulties
from jupyter_tutor.domain.memory import LearnerMemory, MemoryEvent
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory


def remember(uow: UnitOfWork, person_id: UUID, course: str, event: MemoryEvent) -> LearnerMemory:
    """Fold an event that this transaction recorded into the stored memory, and store it.

    An event that is older than what memory has read (a submission graded late) makes it replay
    everything, so that the order of grading never changes the result.
    """
    memory = uow.memories.load(person_id, course)
    if memory is None or (memory.last_event_at is not None and event.at <= memory.last_event_at):
        memory = fold.replay(uow.memories.events(person_id, course))
    else:
        memory = fold.fold(memory, event)
    uow.memories.save(person_id, course, memory)
    return memory


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many learners were rebuilt, and how many differed from what was stored."""

    learners: int
    differing: int


def rebuild(open_uow: UnitOfWorkFactory, course: str) -> Rebuilt:
    """Rebuild every learner's memory in a course, and its exercises' difficulties, from the events.

    Raises:
        NotFound: There is no such course.
    """
    with open_uow() as uow:
        uow.courses.get(course)
        learners = uow.memories.learners(course)
    differing = 0
    for learner in learners:
        with open_uow() as uow:
            stored = uow.memories.load(learner, course)
            rebuilt = fold.replay(uow.memories.events(learner, course))
            if stored != rebuilt:
                differing += 1
                uow.memories.save(learner, course, rebuilt)
                uow.audit.add(None, "memory.rebuilt", f"person:{learner}", course)
    estimate(open_uow, course)
    return Rebuilt(len(learners), differing)


def estimate(open_uow: UnitOfWorkFactory, course: str) -> None:
    """Estimate the difficulty of each exercise of a course from what all its learners did.

    Raises:
        NotFound: There is no such course.
    """
    with open_uow() as uow:
        now = uow.now()
        learners = uow.memories.learners(course)
    episodes: list[ScoredEpisode] = []
    for learner in learners:
        with open_uow() as uow:
            events = uow.memories.events(learner, course)
        episodes += fold.scored_episodes(learner, events, now)
    difficulties = estimate_difficulties(episodes)
    with open_uow() as uow:
        uow.memories.save_difficulties(course, difficulties)
