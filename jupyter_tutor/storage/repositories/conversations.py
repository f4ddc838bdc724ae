"""Conversations in PostgreSQL."""

from collections.abc import Collection, Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from jupyter_tutor.domain.conversations import Conversation, Message
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.repositories.lookups import course_id, exercise_key
from jupyter_tutor.storage.tables import (
    ConversationRow,
    CourseRow,
    ExerciseRow,
    MessageRow,
    ToldLineRow,
)


class PostgresConversations:
    """Implements `ports.Conversations`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def append(self, learner_id: UUID, course_slug: str, exercise: str, message: Message) -> None:
        """Add a message to the conversation about an exercise, beginning it with the first.

        Raises:
            NotFound: There is no such course, exercise, learner or call.
        """
        course = course_id(self._session, course_slug)
        exercise_id = exercise_key(self._session, course, exercise)
        self._session.execute(
            upsert(ConversationRow)
            .values(id=uuid7(), learner_id=learner_id, course_id=course, exercise_id=exercise_id)
            .on_conflict_do_nothing(index_elements=["learner_id", "exercise_id"])
        )
        conversation = self._session.scalar(
            select(ConversationRow.id)
            .where(
                ConversationRow.learner_id == learner_id,
                ConversationRow.exercise_id == exercise_id,
            )
            .with_for_update()
        )
        if conversation is None:
            raise NotFound("The conversation was deleted at the same moment. Try again.")
        self._session.execute(
            insert(MessageRow).values(
                id=message.id,
                conversation_id=conversation,
                speaker=message.speaker,
                text=message.text,
                language=message.language,
                hint_level=message.hint_level,
                usage_id=message.usage_id,
                created_at=message.created_at,
            )
        )

    def of(
        self, learner_id: UUID, course_slug: str, exercise: str | None = None
    ) -> Sequence[Conversation]:
        """Return a learner's conversations in a course, or that about one exercise, by exercise."""
        statement = (
            select(ExerciseRow.slug, MessageRow)
            .join(ConversationRow, ConversationRow.id == MessageRow.conversation_id)
            .join(ExerciseRow, ExerciseRow.id == ConversationRow.exercise_id)
            .join(CourseRow, CourseRow.id == ConversationRow.course_id)
            .where(ConversationRow.learner_id == learner_id, CourseRow.slug == course_slug)
            .order_by(ExerciseRow.slug, MessageRow.created_at, MessageRow.id)
        )
        if exercise is not None:
            statement = statement.where(ExerciseRow.slug == exercise)
        rows = self._session.execute(statement).all()
        return [
            Conversation(learner_id, course_slug, slug, tuple(_message(row) for _, row in messages))
            for slug, messages in groupby(rows, key=lambda row: str(row[0]))
        ]

    def delete(self, learner_id: UUID, course_slug: str, exercise: str | None = None) -> int:
        """Delete a learner's conversations in a course, or that about one exercise.

        Returns:
            How many conversations are gone, with every message in them.
        """
        row = ConversationRow
        theirs = (
            select(row.id)
            .join(CourseRow, CourseRow.id == row.course_id)
            .join(ExerciseRow, ExerciseRow.id == row.exercise_id)
            .where(row.learner_id == learner_id, CourseRow.slug == course_slug)
        )
        if exercise is not None:
            theirs = theirs.where(ExerciseRow.slug == exercise)
        gone = self._session.scalars(
            delete(row).where(row.id.in_(theirs.scalar_subquery())).returning(row.id)
        )
        return len(gone.all())

    def remember_told(
        self, learner_id: UUID, course_slug: str, exercise: str, digests: Collection[str]
    ) -> None:
        """Keep digests of what a conversation told, beside those that are kept.

        Raises:
            NotFound: There is no such course, exercise or learner.
            InvalidInput: One is no SHA-256 in hexadecimal digits.
        """
        course = course_id(self._session, course_slug)
        exercise_id = exercise_key(self._session, course, exercise)
        rows = [
            {"learner_id": learner_id, "exercise_id": exercise_id, "digest": each}
            for each in sorted(digests)
        ]
        if rows:
            insertion = upsert(ToldLineRow).values(told_at=func.now()).on_conflict_do_nothing()
            self._session.execute(insertion, rows)

    def told(self, learner_id: UUID, exercise_id: UUID) -> frozenset[str]:
        """Return the digests that are kept."""
        row = ToldLineRow
        theirs = (row.learner_id == learner_id, row.exercise_id == exercise_id)
        return frozenset(self._session.scalars(select(row.digest).where(*theirs)))


def _message(row: MessageRow) -> Message:
    return Message(
        id=row.id,
        speaker=row.speaker,
        text=row.text,
        language=row.language,
        hint_level=row.hint_level,
        created_at=row.created_at,
        usage_id=row.usage_id,
    )
