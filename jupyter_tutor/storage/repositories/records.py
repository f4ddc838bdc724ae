"""Idempotency keys and audit events in PostgreSQL."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import IdempotencyKeyReused, NotFound
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.tables import AuditEventRow, IdempotencyKeyRow


class PostgresIdempotencyKeys:
    """Implements `ports.IdempotencyKeys`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def claim(self, person_id: UUID, key: str, operation: str, digest: str) -> UUID | None:
        """Claim a key for this transaction; None when it is new.

        Returns the id that `settle` stored when the key was used before with the same operation
        and digest. Waits for a concurrent transaction with the same key: the insertion does, until
        that transaction has committed (then nothing is inserted here) or rolled back (then it is).
        A key that was claimed and never settled made nothing, and counts as new.

        Raises:
            IdempotencyKeyReused: The key was used for another request.
        """
        new = self._session.scalar(
            insert(IdempotencyKeyRow)
            .values(person_id=person_id, key=key, operation=operation, digest=digest)
            .on_conflict_do_nothing(index_elements=["person_id", "key"])
            .returning(IdempotencyKeyRow.key)
        )
        if new is not None:
            return None
        known = self._session.scalars(
            select(IdempotencyKeyRow)
            .where(IdempotencyKeyRow.person_id == person_id, IdempotencyKeyRow.key == key)
            .with_for_update()
        ).one()
        if (known.operation, known.digest) != (operation, digest):
            raise IdempotencyKeyReused(
                "This request repeats the key of an earlier, different one. Reload and try again."
            )
        return known.result_id

    def settle(self, person_id: UUID, key: str, result_id: UUID) -> None:
        """Remember what the write made.

        Raises:
            NotFound: The key was not claimed.
        """
        settled = self._session.scalar(
            update(IdempotencyKeyRow)
            .where(IdempotencyKeyRow.person_id == person_id, IdempotencyKeyRow.key == key)
            .values(result_id=result_id)
            .returning(IdempotencyKeyRow.key)
        )
        if settled is None:
            raise NotFound("The idempotency key was not claimed.")


class PostgresAudit:
    """Implements `ports.Audit`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, actor_id: UUID | None, action: str, subject: str, details: str = "") -> None:
        """Append an audit event."""
        self._session.execute(
            insert(AuditEventRow).values(
                id=uuid7(), actor_id=actor_id, action=action, subject=subject, details=details
            )
        )
