"""Consents, and replies of a language model that are kept for a while, in PostgreSQL."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.repositories.lookups import course_id
from jupyter_tutor.storage.tables import ConsentRow, CourseRow, ModelReplyRow


class PostgresConsents:
    """Implements `ports.Consents`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, learner_id: UUID, course_slug: str, consent: Consent) -> None:
        """Note what a learner said.

        Raises:
            NotFound: There is no such course or learner.
        """
        self._session.execute(
            insert(ConsentRow).values(
                id=uuid7(),
                learner_id=learner_id,
                course_id=course_id(self._session, course_slug),
                given=consent.given,
                version=consent.version,
                at=consent.at,
            )
        )

    def latest(self, learner_id: UUID, course_slug: str) -> Consent | None:
        """Return what a learner said last, or None when they were never asked."""
        row = self._session.scalar(
            select(ConsentRow)
            .join(CourseRow, CourseRow.id == ConsentRow.course_id)
            .where(ConsentRow.learner_id == learner_id, CourseRow.slug == course_slug)
            .order_by(ConsentRow.at.desc(), ConsentRow.id.desc())
            .limit(1)
        )
        return None if row is None else Consent(row.given, row.version, row.at)


class PostgresModelReplies:
    """Implements `ports.ModelReplies`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, course_slug: str, key: str) -> Mapping[str, object] | None:
        """Return what was delivered for a request and has not expired, or None."""
        return cast(
            "Mapping[str, object] | None",
            self._session.scalar(
                select(ModelReplyRow.reply)
                .join(CourseRow, CourseRow.id == ModelReplyRow.course_id)
                .where(
                    CourseRow.slug == course_slug,
                    ModelReplyRow.key == key,
                    ModelReplyRow.expires_at > func.now(),
                )
            ),
        )

    def keep(
        self,
        course_slug: str,
        key: str,
        learner_id: UUID,
        reply: Mapping[str, object],
        expires_at: datetime,
    ) -> None:
        """Keep what was delivered, in place of what was kept before; drop what has expired.

        Raises:
            NotFound: There is no such course or learner.
            InvalidInput: The reply has no JSON form.
        """
        row = ModelReplyRow
        self._session.execute(delete(row).where(row.expires_at <= func.now()))
        values = {
            "learner_id": learner_id,
            "reply": dict(reply),
            "created_at": func.now(),
            "expires_at": expires_at,
        }
        self._session.execute(
            upsert(row)
            .values(course_id=course_id(self._session, course_slug), key=key, **values)
            .on_conflict_do_update(index_elements=["course_id", "key"], set_=values)
        )
