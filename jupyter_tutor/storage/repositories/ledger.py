"""The ledger in PostgreSQL."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import InstrumentedAttribute, Session

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.model_calls import ModelCall, Purpose, TokenUsage, UsageRecord
from jupyter_tutor.domain.quotas import Spent, day_of, month_of
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.storage.advisory import hold
from jupyter_tutor.storage.repositories.lookups import course_id, exercise_key
from jupyter_tutor.storage.tables import (
    CourseRow,
    ExerciseRow,
    UsageRecordRow,
    UsageReservationRow,
)
from jupyter_tutor.storage.tables.usage import TOKENS

_NOTHING = Decimal(0)


class PostgresLedger:
    """Implements `ports.Ledger`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, learner_id: UUID | None, course_slug: str | None) -> None:
        """Hold other transactions that reserve for a learner, or in a course, until this one ends.

        Always in this order, so that no two wait for each other.
        """
        if course_slug is not None:
            hold(self._session, "budget of a course", course_slug)
        if learner_id is not None:
            hold(self._session, "budget of a learner", learner_id)

    def spent(self, learner_id: UUID | None, course_slug: str, now: datetime) -> Spent:
        """Return what was spent this day and month, what is reserved and not expired included.

        Readings by a rubric are paid for by the course, and not by the learner's budget.

        Raises:
            NotFound: There is no such course.
        """
        course = course_id(self._session, course_slug)
        row, held = UsageRecordRow, UsageReservationRow
        theirs = and_(row.learner_id == learner_id, row.purpose != Purpose.RUBRIC)
        ours = row.course_id == course
        day, month = row.created_at >= day_of(now), row.created_at >= month_of(now)
        under_way = held.expires_at > now
        in_course = self._sum(row.cost, ours, month)
        in_course += self._sum(held.amount, held.course_id == course, under_way)
        if learner_id is None:
            return Spent(course_month=in_course)
        reserved = self._sum(held.amount, held.learner_id == learner_id, under_way)
        return Spent(
            learner_day=self._sum(row.cost, theirs, day) + reserved,
            learner_month=self._sum(row.cost, theirs, month) + reserved,
            course_month=in_course,
        )

    def _sum(self, amount: InstrumentedAttribute[Decimal], *where: ColumnElement[bool]) -> Decimal:
        total = self._session.scalar(select(func.sum(amount)).where(*where))
        return _NOTHING if total is None else total

    def reserve(
        self, learner_id: UUID | None, course_slug: str, amount: Decimal, expires_at: datetime
    ) -> UUID:
        """Reserve an amount, for a learner or for what the course pays; returns its key.

        Raises:
            NotFound: There is no such course or learner.
        """
        key = uuid7()
        row = UsageReservationRow
        # Those that were abandoned mean nothing any more.
        self._session.execute(
            delete(row).where(
                row.learner_id.is_not_distinct_from(learner_id), row.expires_at <= func.now()
            )
        )
        self._session.execute(
            insert(row).values(
                id=key,
                learner_id=learner_id,
                course_id=course_id(self._session, course_slug),
                amount=amount,
                expires_at=expires_at,
            )
        )
        return key

    def claim(self, key: UUID, learner_id: UUID, course_slug: str, expires_at: datetime) -> bool:
        """Claim to be the one who asks something, and tell whether nobody else does.

        Another transaction that claims the same at the same time waits until this one ends.

        Raises:
            NotFound: There is no such course or learner.
        """
        row = UsageReservationRow
        self._session.execute(delete(row).where(row.id == key, row.expires_at <= func.now()))
        made = self._session.execute(
            upsert(row)
            .values(
                id=key,
                learner_id=learner_id,
                course_id=course_id(self._session, course_slug),
                amount=_NOTHING,
                expires_at=expires_at,
            )
            .on_conflict_do_nothing(index_elements=[row.id])
            .returning(row.id)
        )
        return made.scalar_one_or_none() is not None

    def release(self, reservation_id: UUID) -> None:
        """Give back what is reserved; nothing happens when that is done already."""
        row = UsageReservationRow
        self._session.execute(delete(row).where(row.id == reservation_id))

    def add(self, record: UsageRecord) -> None:
        """Append a call.

        Raises:
            NotFound: There is no such course, exercise or learner.
        """
        course = course_id(self._session, record.course_slug)
        slug, call = record.exercise_slug, record.call
        tokens = {
            f"{name}_tokens": getattr(call.usage, name) if call.usage else None for name in TOKENS
        }
        self._session.execute(
            insert(UsageRecordRow).values(
                id=record.id,
                purpose=call.purpose,
                learner_id=record.learner_id,
                course_id=course,
                exercise_id=exercise_key(self._session, course, slug) if slug else None,
                endpoint=call.endpoint,
                model=call.model,
                price_version=record.price_version,
                request_id=call.request_id,
                tier=call.tier,
                reported=call.usage is not None,
                cost=record.cost,
                outcome=call.outcome,
                seconds=call.seconds,
                created_at=record.created_at,
                **tokens,
            )
        )

    def record(self, record_id: UUID) -> UsageRecord:
        """Return a call. Raises NotFound."""
        found = self._session.execute(
            select(UsageRecordRow, CourseRow.slug, ExerciseRow.slug)
            .join(CourseRow, CourseRow.id == UsageRecordRow.course_id)
            .outerjoin(ExerciseRow, ExerciseRow.id == UsageRecordRow.exercise_id)
            .where(UsageRecordRow.id == record_id)
        ).one_or_none()
        if found is None:
            raise NotFound("There is no such call in the ledger.")
        row, course, exercise = found
        return to_usage_record(row, course, exercise or "")


def to_usage_record(row: UsageRecordRow, course: str, exercise: str) -> UsageRecord:
    """Return a call; the slugs come from the tables it refers to."""
    tokens = {name: getattr(row, f"{name}_tokens") for name in TOKENS}
    return UsageRecord(
        id=row.id,
        call=ModelCall(
            purpose=row.purpose,
            endpoint=row.endpoint,
            model=row.model,
            request_id=row.request_id,
            usage=TokenUsage(**tokens) if row.reported else None,
            tier=row.tier,
            outcome=row.outcome,
            seconds=row.seconds,
        ),
        learner_id=row.learner_id,
        course_slug=course,
        exercise_slug=exercise,
        price_version=row.price_version,
        cost=row.cost,
        created_at=row.created_at,
    )
