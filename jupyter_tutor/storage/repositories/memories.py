"""Learner memory in PostgreSQL, and the events it is folded from."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.mastery import Difficulty
from jupyter_tutor.domain.memory import (
    Episode,
    EvaluationEvent,
    HintEvent,
    LearnerMemory,
    MemoryEvent,
    TopicState,
    in_order,
)
from jupyter_tutor.services.grading import FIRST_RUN
from jupyter_tutor.storage.advisory import hold
from jupyter_tutor.storage.repositories.lookups import course_id, exercise_ids, topic_ids
from jupyter_tutor.storage.tables import (
    Base,
    EvaluationRow,
    ExerciseDifficultyRow,
    ExerciseRow,
    HintRequestRow,
    LearnerMemoryRow,
    MasteryRow,
    OpenEpisodeRow,
    PassedExerciseRow,
    RevisionRow,
    SubmissionRow,
    TopicRow,
)


class PostgresMemories:
    """Implements `ports.Memories`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def load(self, person_id: UUID, course_slug: str) -> LearnerMemory | None:
        """Return the stored memory, locked for update, or None.

        The lock also holds where nothing is stored yet, until this transaction ends.

        Raises:
            NotFound: There is no such course.
        """
        course = course_id(self._session, course_slug)
        hold(self._session, "memory", person_id, course)
        row = self._session.get(LearnerMemoryRow, (person_id, course), populate_existing=True)
        if row is None:
            return None
        passed = self._passed(person_id, course)
        return LearnerMemory(
            ability=row.ability,
            ability_var=row.ability_var,
            n=row.n,
            topics=self._topics(person_id, course),
            open_episodes=self._open_episodes(person_id, course),
            passed={slug: each.passed_at for slug, each in passed.items()},
            shown=frozenset(slug for slug, each in passed.items() if each.shown),
            last_event_at=row.last_event_at,
        )

    def _topics(self, person_id: UUID, course: UUID) -> dict[str, TopicState]:
        rows = self._session.execute(
            select(TopicRow.slug, MasteryRow)
            .join(TopicRow, TopicRow.id == MasteryRow.topic_id)
            .where(MasteryRow.person_id == person_id, MasteryRow.course_id == course)
            .order_by(TopicRow.slug)
        )
        return {
            slug: TopicState(
                delta=row.delta,
                delta_var=row.delta_var,
                n=row.n,
                wins=row.wins,
                unaided=row.unaided,
                consecutive_failures=row.consecutive_failures,
                last_unaided=row.last_unaided,
                last_at=row.last_at,
            )
            for slug, row in rows
        }

    def _open_episodes(self, person_id: UUID, course: UUID) -> dict[str, Episode]:
        rows = self._session.execute(
            select(ExerciseRow.slug, TopicRow.slug, OpenEpisodeRow)
            .join(ExerciseRow, ExerciseRow.id == OpenEpisodeRow.exercise_id)
            .outerjoin(TopicRow, TopicRow.id == OpenEpisodeRow.topic_id)
            .where(OpenEpisodeRow.person_id == person_id, OpenEpisodeRow.course_id == course)
            .order_by(ExerciseRow.slug)
        )
        return {
            slug: Episode(
                exercise=slug,
                topic=topic or "",
                difficulty=row.difficulty,
                submissions=row.submissions,
                deepest_hint=row.deepest_hint,
                began_at=row.began_at,
            )
            for slug, topic, row in rows
        }

    def _passed(self, person_id: UUID, course: UUID) -> dict[str, PassedExerciseRow]:
        rows = self._session.execute(
            select(ExerciseRow.slug, PassedExerciseRow)
            .join(ExerciseRow, ExerciseRow.id == PassedExerciseRow.exercise_id)
            .where(PassedExerciseRow.person_id == person_id, PassedExerciseRow.course_id == course)
            .order_by(ExerciseRow.slug)
        )
        return {row[0]: row[1] for row in rows}

    def save(self, person_id: UUID, course_slug: str, memory: LearnerMemory) -> None:
        """Replace the stored memory: one learner row, one row per topic, open episodes.

        Raises:
            NotFound: There is no such course or person, or memory names a topic or an exercise
                that the course does not have.
        """
        course = course_id(self._session, course_slug)
        hold(self._session, "memory", person_id, course)
        values = {
            "ability": memory.ability,
            "ability_var": memory.ability_var,
            "n": memory.n,
            "last_event_at": memory.last_event_at,
        }
        self._session.execute(
            insert(LearnerMemoryRow)
            .values(person_id=person_id, course_id=course, **values)
            .on_conflict_do_update(index_elements=["person_id", "course_id"], set_=values)
        )
        owner = {"person_id": person_id, "course_id": course}
        topics = topic_ids(self._session, course)
        exercises = exercise_ids(self._session, course)
        self._replace(MasteryRow, "topic_id", owner, _mastery_rows(memory, topics))
        self._replace(
            OpenEpisodeRow, "exercise_id", owner, _episode_rows(memory, exercises, topics)
        )
        self._replace(PassedExerciseRow, "exercise_id", owner, _passed_rows(memory, exercises))

    def _replace(
        self,
        table: type[Base],
        key: str,
        owner: Mapping[str, UUID],
        rows: Sequence[Mapping[str, object]],
    ) -> None:
        """Make `rows` all the rows of an owner; a row that is the same already is not written."""
        columns = table.__table__.c
        stale = delete(table).where(*(columns[name] == value for name, value in owner.items()))
        self._session.execute(stale.where(columns[key].not_in([row[key] for row in rows])))
        if not rows:
            return
        statement = insert(table).values([{**owner, **row} for row in rows])
        names = [name for name in rows[0] if name != key]
        new = statement.excluded
        self._session.execute(
            statement.on_conflict_do_update(
                index_elements=[*owner, key],
                set_={name: new[name] for name in names},
                where=tuple_(*(columns[name] for name in names)).is_distinct_from(
                    tuple_(*(new[name] for name in names))
                ),
            )
        )

    def events(self, person_id: UUID, course_slug: str) -> Sequence[MemoryEvent]:
        """Return all events of a learner in a course, ordered by time and key.

        A submission is one event, by the evaluation of its first run of the tests, which is what
        was folded when it was recorded; later evaluations change grades, not memory.

        Raises:
            NotFound: There is no such course.
        """
        course = course_id(self._session, course_slug)
        evaluations = self._session.execute(
            select(
                EvaluationRow.id,
                ExerciseRow.slug,
                TopicRow.slug,
                RevisionRow.difficulty,
                EvaluationRow.passed,
                EvaluationRow.score,
                SubmissionRow.submitted_at,
            )
            .join(SubmissionRow, SubmissionRow.id == EvaluationRow.submission_id)
            .join(RevisionRow, RevisionRow.id == SubmissionRow.revision_id)
            .join(ExerciseRow, ExerciseRow.id == SubmissionRow.exercise_id)
            .join(TopicRow, TopicRow.id == RevisionRow.topic_id)
            .where(
                SubmissionRow.learner_id == person_id,
                ExerciseRow.course_id == course,
                EvaluationRow.run == FIRST_RUN,
            )
        )
        hints = self._session.execute(
            select(
                HintRequestRow.id,
                ExerciseRow.slug,
                HintRequestRow.level,
                HintRequestRow.created_at,
            )
            .join(ExerciseRow, ExerciseRow.id == HintRequestRow.exercise_id)
            .where(HintRequestRow.learner_id == person_id, ExerciseRow.course_id == course)
        )
        return in_order(
            [
                *(EvaluationEvent(*row) for row in evaluations),
                *(HintEvent(*row) for row in hints),
            ]
        )

    def learners(self, course_slug: str) -> Sequence[UUID]:
        """Return who has events or memory in a course, in the order of their keys.

        Raises:
            NotFound: There is no such course.
        """
        course = course_id(self._session, course_slug)
        exercises = select(ExerciseRow.id).where(ExerciseRow.course_id == course)
        everyone = union(
            select(LearnerMemoryRow.person_id).where(LearnerMemoryRow.course_id == course),
            select(HintRequestRow.learner_id).where(HintRequestRow.exercise_id.in_(exercises)),
            select(SubmissionRow.learner_id)
            .join(EvaluationRow, EvaluationRow.submission_id == SubmissionRow.id)
            .where(SubmissionRow.exercise_id.in_(exercises), EvaluationRow.run == FIRST_RUN),
        ).subquery()
        return self._session.scalars(select(everyone.c[0]).order_by(everyone.c[0])).all()

    def difficulties(self, course_slug: str) -> Mapping[str, Difficulty]:
        """Return the estimated difficulty per exercise slug, for exercises that have one.

        Raises:
            NotFound: There is no such course.
        """
        rows = self._session.execute(
            select(ExerciseRow.slug, ExerciseDifficultyRow)
            .join(ExerciseRow, ExerciseRow.id == ExerciseDifficultyRow.exercise_id)
            .where(ExerciseRow.course_id == course_id(self._session, course_slug))
            .order_by(ExerciseRow.slug)
        )
        return {slug: Difficulty(row.b, row.b_var, row.n) for slug, row in rows}

    def save_difficulties(self, course_slug: str, difficulties: Mapping[str, Difficulty]) -> None:
        """Replace the estimated difficulties of a course.

        Raises:
            NotFound: There is no such course, or it has no such exercise.
        """
        course = course_id(self._session, course_slug)
        keys = exercise_ids(self._session, course)
        self._session.execute(
            delete(ExerciseDifficultyRow).where(
                ExerciseDifficultyRow.exercise_id.in_(keys.values())
            )
        )
        rows = [
            {"exercise_id": _key(keys, slug), "b": each.b, "b_var": each.b_var, "n": each.n}
            for slug, each in sorted(difficulties.items())
        ]
        if rows:
            self._session.execute(
                insert(ExerciseDifficultyRow).values(
                    [{**row, "updated_at": func.now()} for row in rows]
                )
            )


def _mastery_rows(
    memory: LearnerMemory, topics: Mapping[str, UUID]
) -> Sequence[Mapping[str, object]]:
    return [
        {
            "topic_id": _key(topics, slug),
            "delta": state.delta,
            "delta_var": state.delta_var,
            "n": state.n,
            "wins": state.wins,
            "unaided": state.unaided,
            "consecutive_failures": state.consecutive_failures,
            "last_unaided": state.last_unaided,
            "last_at": state.last_at,
        }
        for slug, state in sorted(memory.topics.items())
    ]


def _episode_rows(
    memory: LearnerMemory, exercises: Mapping[str, UUID], topics: Mapping[str, UUID]
) -> Sequence[Mapping[str, object]]:
    return [
        {
            "exercise_id": _key(exercises, slug),
            "topic_id": _key(topics, episode.topic) if episode.topic else None,
            "difficulty": episode.difficulty,
            "submissions": episode.submissions,
            "deepest_hint": episode.deepest_hint,
            "began_at": episode.began_at,
        }
        for slug, episode in sorted(memory.open_episodes.items())
    ]


def _passed_rows(
    memory: LearnerMemory, exercises: Mapping[str, UUID]
) -> Sequence[Mapping[str, object]]:
    return [
        {
            "exercise_id": _key(exercises, slug),
            "passed_at": passed_at,
            "shown": slug in memory.shown,
        }
        for slug, passed_at in sorted(memory.passed.items())
    ]


def _key(keys: Mapping[str, UUID], slug: str) -> UUID:
    if slug not in keys:
        raise NotFound(f"The course has no {slug!r}.")
    return keys[slug]
