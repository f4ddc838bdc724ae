"""Hints in PostgreSQL."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.repositories.lookups import exercise_of
from jupyter_tutor.storage.tables import HintFeedbackRow, HintRequestRow, SelfExplanationRow


class PostgresHints:
    """Implements `ports.Hints`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, hint: Hint) -> None:
        """Insert a hint.

        Raises:
            NotFound: There is no such revision or learner.
        """
        self._session.execute(
            insert(HintRequestRow).values(
                id=hint.id,
                learner_id=hint.learner_id,
                exercise_id=exercise_of(self._session, hint.revision_id),
                revision_id=hint.revision_id,
                level=hint.level,
                source=hint.source,
                text=hint.text,
                language=hint.language,
                created_at=hint.created_at,
                cost=hint.cost,
            )
        )

    def given(self, learner_id: UUID, exercise_id: UUID) -> Sequence[Hint]:
        """Return the hints a learner was given on an exercise, any revision, oldest first."""
        rows = self._session.scalars(
            select(HintRequestRow)
            .where(
                HintRequestRow.learner_id == learner_id, HintRequestRow.exercise_id == exercise_id
            )
            .order_by(HintRequestRow.created_at, HintRequestRow.id)
        )
        return [mapping.to_hint(row) for row in rows]

    def hint(self, hint_id: UUID) -> Hint:
        """Return a hint. Raises NotFound."""
        row = self._session.scalar(select(HintRequestRow).where(HintRequestRow.id == hint_id))
        if row is None:
            raise NotFound("There is no such hint.")
        return mapping.to_hint(row)

    def save_feedback(self, feedback: HintFeedback) -> None:
        """Store what a learner thinks of a hint, in place of what they thought before.

        Raises:
            NotFound: There is no such hint.
        """
        values = {"mark": feedback.mark, "text": feedback.text, "at": feedback.at}
        self._session.execute(
            upsert(HintFeedbackRow)
            .values(hint_id=feedback.hint_id, **values)
            .on_conflict_do_update(index_elements=["hint_id"], set_=values)
        )

    def feedback(self, learner_id: UUID, exercise_id: UUID) -> Mapping[UUID, HintFeedback]:
        """Return what a learner thinks of the hints on an exercise, by the hint's key."""
        rows = self._session.scalars(
            select(HintFeedbackRow)
            .join(HintRequestRow, HintRequestRow.id == HintFeedbackRow.hint_id)
            .where(
                HintRequestRow.learner_id == learner_id, HintRequestRow.exercise_id == exercise_id
            )
        )
        return {row.hint_id: HintFeedback(row.hint_id, row.mark, row.text, row.at) for row in rows}

    def drop_feedback(self, hint_id: UUID) -> None:
        """Forget what a learner thinks of a hint, if they said anything."""
        self._session.execute(delete(HintFeedbackRow).where(HintFeedbackRow.hint_id == hint_id))

    def save_explanation(self, explanation: SelfExplanation) -> None:
        """Store why a bottom-out works, in place of what was written before.

        Raises:
            NotFound: There is no such hint.
        """
        values = {"text": explanation.text, "at": explanation.at}
        self._session.execute(
            upsert(SelfExplanationRow)
            .values(hint_id=explanation.hint_id, **values)
            .on_conflict_do_update(index_elements=["hint_id"], set_=values)
        )

    def explanations(self, learner_id: UUID, exercise_id: UUID) -> Mapping[UUID, SelfExplanation]:
        """Return a learner's explanations on an exercise, by the hint's key."""
        rows = self._session.scalars(
            select(SelfExplanationRow)
            .join(HintRequestRow, HintRequestRow.id == SelfExplanationRow.hint_id)
            .where(
                HintRequestRow.learner_id == learner_id, HintRequestRow.exercise_id == exercise_id
            )
        )
        return {row.hint_id: SelfExplanation(row.hint_id, row.text, row.at) for row in rows}
