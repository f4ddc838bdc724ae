"""Learner memory in memory."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.mastery import Difficulty
from jupyter_tutor.domain.memory import (
    EvaluationEvent,
    HintEvent,
    LearnerMemory,
    MemoryEvent,
    in_order,
)
from jupyter_tutor.services.grading import FIRST_RUN
from jupyter_tutor.testing.lookups import require_course, require_person
from jupyter_tutor.testing.tables import Tables


class InMemoryMemories:
    """Implements `ports.Memories`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def load(self, person_id: UUID, course_slug: str) -> LearnerMemory | None:
        """Return the stored memory, or None."""
        require_course(self._tables, course_slug)
        return self._tables.memories.get((person_id, course_slug))

    def save(self, person_id: UUID, course_slug: str, memory: LearnerMemory) -> None:
        """Replace the stored memory."""
        require_course(self._tables, course_slug)
        require_person(self._tables, person_id)
        topics = {
            *memory.topics,
            *(episode.topic for episode in memory.open_episodes.values() if episode.topic),
        }
        self._require(self._tables.topics, course_slug, topics)
        self._require(self._tables.exercises, course_slug, {*memory.open_episodes, *memory.passed})
        self._tables.memories[person_id, course_slug] = memory

    def _require(
        self, known: Mapping[tuple[str, str], object], course: str, slugs: set[str]
    ) -> None:
        for slug in sorted(slugs):
            if (course, slug) not in known:
                raise NotFound(f"The course has no {slug!r}.")

    def events(self, person_id: UUID, course_slug: str) -> Sequence[MemoryEvent]:
        """Return all events of a learner in a course, ordered by time and key."""
        require_course(self._tables, course_slug)
        return in_order(
            event for learner, event in self._events(course_slug) if learner == person_id
        )

    def _events(self, course_slug: str) -> list[tuple[UUID, MemoryEvent]]:
        events: list[tuple[UUID, MemoryEvent]] = []
        for submission in self._tables.submissions.values():
            revision = self._tables.revisions[submission.revision_id]
            first = self._tables.runs.get((submission.id, FIRST_RUN))
            for evaluation in submission.evaluations:
                if revision.course_slug == course_slug and evaluation.id == first:
                    verdict, content = evaluation.verdict, revision.content
                    event = EvaluationEvent(
                        id=evaluation.id,
                        exercise=content.slug,
                        topic=content.topic,
                        difficulty=content.difficulty,
                        passed=verdict.passed if verdict else evaluation.score >= 1,
                        score=evaluation.score,
                        at=submission.submitted_at,
                    )
                    events.append((submission.learner_id, event))
        for hint in self._tables.hints.values():
            revision = self._tables.revisions[hint.revision_id]
            if revision.course_slug == course_slug:
                given = HintEvent(hint.id, revision.content.slug, hint.level, hint.created_at)
                events.append((hint.learner_id, given))
        return events

    def learners(self, course_slug: str) -> Sequence[UUID]:
        """Return who has events or memory in a course, in the order of their keys."""
        require_course(self._tables, course_slug)
        with_events = {learner for learner, _ in self._events(course_slug)}
        with_memory = {
            person_id for person_id, course in self._tables.memories if course == course_slug
        }
        return sorted(with_events | with_memory)

    def difficulties(self, course_slug: str) -> Mapping[str, Difficulty]:
        """Return the estimated difficulty per exercise slug, for exercises that have one."""
        require_course(self._tables, course_slug)
        return self._tables.difficulties.get(course_slug, {})

    def save_difficulties(self, course_slug: str, difficulties: Mapping[str, Difficulty]) -> None:
        """Replace the estimated difficulties of a course."""
        require_course(self._tables, course_slug)
        self._require(self._tables.exercises, course_slug, set(difficulties))
        self._tables.difficulties[course_slug] = dict(difficulties)
