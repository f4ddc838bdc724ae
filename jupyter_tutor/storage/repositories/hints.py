"""Hints in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.hints import Hint
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.repositories.lookups import exercise_of
from jupyter_tutor.storage.tables import HintRequestRow


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
