"""The ledger in memory."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.model_calls import Purpose, UsageRecord
from jupyter_tutor.domain.quotas import Spent, day_of, month_of
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.testing.lookups import require_course, require_exercise, require_person
from jupyter_tutor.testing.tables import StoredReservation, Tables

_NOTHING = Decimal(0)


class InMemoryLedger:
    """Implements `ports.Ledger`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def lock(self, learner_id: UUID | None, course_slug: str | None) -> None:
        """Do nothing: transactions run one after the other."""

    def spent(self, learner_id: UUID | None, course_slug: str, now: datetime) -> Spent:
        """Return what was spent this day and month, what is reserved and not expired included."""
        require_course(self._tables, course_slug)
        theirs = [
            each
            for each in self._tables.usage.values()
            if each.learner_id == learner_id and each.call.purpose is not Purpose.RUBRIC
        ]
        ours = [each for each in self._tables.usage.values() if each.course_slug == course_slug]
        held = [each for each in self._tables.reservations.values() if each.expires_at > now]
        reserved = sum((each.amount for each in held if each.learner_id == learner_id), _NOTHING)
        in_course = sum((each.amount for each in held if each.course == course_slug), _NOTHING)
        if learner_id is None:
            return Spent(course_month=_since(ours, month_of(now)) + in_course)
        return Spent(
            learner_day=_since(theirs, day_of(now)) + reserved,
            learner_month=_since(theirs, month_of(now)) + reserved,
            course_month=_since(ours, month_of(now)) + in_course,
        )

    def reserve(
        self, learner_id: UUID | None, course_slug: str, amount: Decimal, expires_at: datetime
    ) -> UUID:
        """Reserve an amount; returns the reservation's key."""
        require_course(self._tables, course_slug)
        if learner_id is not None:
            require_person(self._tables, learner_id)
        if amount < 0:
            raise InvalidInput("A value is outside its bounds and was not saved.")
        key = uuid7()
        self._tables.reservations[key] = StoredReservation(
            learner_id, course_slug, amount, expires_at
        )
        return key

    def claim(self, key: UUID, learner_id: UUID, course_slug: str, expires_at: datetime) -> bool:
        """Claim to be the one who asks something, and tell whether nobody else does."""
        require_course(self._tables, course_slug)
        require_person(self._tables, learner_id)
        held = self._tables.reservations.get(key)
        if held is not None and held.expires_at > self._now:
            return False
        made = StoredReservation(learner_id, course_slug, _NOTHING, expires_at)
        self._tables.reservations[key] = made
        return True

    def release(self, reservation_id: UUID) -> None:
        """Give back what is reserved; nothing happens when that is done already."""
        self._tables.reservations.pop(reservation_id, None)

    def add(self, record: UsageRecord) -> None:
        """Append a call."""
        require_course(self._tables, record.course_slug)
        if record.learner_id is not None:
            require_person(self._tables, record.learner_id)
        if record.exercise_slug:
            require_exercise(self._tables, record.course_slug, record.exercise_slug)
        if record.cost < 0:
            raise InvalidInput("A value is outside its bounds and was not saved.")
        self._tables.usage[record.id] = record

    def record(self, record_id: UUID) -> UsageRecord:
        """Return a call. Raises NotFound."""
        if record_id not in self._tables.usage:
            raise NotFound("There is no such call in the ledger.")
        return self._tables.usage[record_id]


def _since(records: list[UsageRecord], moment: datetime) -> Decimal:
    return sum((each.cost for each in records if each.created_at >= moment), _NOTHING)
