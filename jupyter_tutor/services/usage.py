"""Usage: money for calls of a language model is reserved before, and recorded after each call."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.model_access import Denied, denied_by
from jupyter_tutor.domain.model_calls import ModelCall, UsageRecord
from jupyter_tutor.domain.quotas import PLACES, RESERVATION_LASTS, Budgets, Quota, quota
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.read_models import UsageBy, UsageReport


@dataclass(frozen=True, slots=True)
class Reservation:
    """Money that is set aside for a call.

    Attributes:
        id: Key.
        learner_id: For whom.
        course: In which course.
        exercise: About which exercise, or "".
        amount: What the call may cost at most, in US dollars.
    """

    id: UUID
    learner_id: UUID
    course: str
    exercise: str
    amount: Decimal


class UsageService:
    """Guards the budgets and keeps the ledger."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access, budgets: Budgets) -> None:
        self._open = open_uow
        self._access = access
        self._budgets = budgets

    def quota(self, learner_id: UUID, course: str) -> Quota:
        """Return what is left for a learner in a course. Raises NotFound."""
        with self._open() as uow:
            return self.read_quota(uow, learner_id, course)

    def read_quota(self, uow: UnitOfWork, learner_id: UUID, course: str) -> Quota:
        """Return the same in a transaction that is under way. Raises NotFound."""
        return quota(self._budgets, uow.ledger.spent(learner_id, course, uow.now()), uow.now())

    def reserve(
        self, learner_id: UUID, course: str, exercise: str, amount: Decimal
    ) -> Reservation | Denied:
        """Set money aside for a call, if the budgets allow it.

        What is reserved has to be settled, or released when the call was not made; it is free again
        by itself after two minutes.

        Args:
            learner_id: For whom.
            course: In which course.
            exercise: About which exercise, or "".
            amount: What the call may cost at most, in US dollars.

        Raises:
            NotFound: There is no such course or learner.
        """
        amount = amount.quantize(PLACES)
        with self._open() as uow:
            limited = self._budgets.course_month is not None
            uow.ledger.lock(learner_id, course if limited else None)
            left = self.read_quota(uow, learner_id, course)
            if not left.allows(amount):
                return denied_by(left)
            expires_at = uow.now() + RESERVATION_LASTS
            key = uow.ledger.reserve(learner_id, course, amount, expires_at)
            return Reservation(key, learner_id, course, exercise, amount)

    def settle(
        self,
        reservation: Reservation,
        call: ModelCall,
        price_version: str,
        cost: Decimal,
        key: UUID | None = None,
    ) -> UsageRecord:
        """Record a call, whatever became of it, in place of what was reserved for it.

        Further calls under the same reservation are recorded likewise.

        Args:
            reservation: What was reserved.
            call: What was called and how it ended.
            price_version: Of the prices, or "" where the endpoint costs nothing.
            cost: In US dollars.
            key: Key in the ledger, for who may have to repeat this: a call has one row.

        Raises:
            NotFound: The course has no such exercise.
        """
        made = (reservation, call, price_version, cost, key or uuid7())
        try:
            return self._settle(*made, reservation.learner_id)
        except NotFound:
            # The learner was erased while the model thought. It cost all the same.
            return self._settle(*made, None)

    def _settle(
        self,
        reservation: Reservation,
        call: ModelCall,
        price_version: str,
        cost: Decimal,
        key: UUID,
        learner_id: UUID | None,
    ) -> UsageRecord:
        with self._open() as uow:
            with suppress(NotFound):
                return uow.ledger.record(key)
            record = UsageRecord(
                id=key,
                call=call.kept_for(learner_id),
                learner_id=learner_id,
                course_slug=reservation.course,
                exercise_slug=reservation.exercise,
                price_version=price_version,
                cost=cost.quantize(PLACES),
                created_at=uow.now(),
            )
            uow.ledger.add(record)
            uow.ledger.release(reservation.id)
            return record

    def course_quota(self, actor_id: UUID, course: str) -> Quota:
        """Return what a course spent this month and what is left of its budget, if it has one.

        Raises:
            NotFound: There is no such course for them.
            NotAllowed: They are no instructor of it.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            spent = uow.ledger.spent(actor_id, course, uow.now())
            budget = self._budgets.course_month
            if budget is None:
                return Quota(spent=spent.course_month)
            return quota(Budgets(None, None, budget), spent, uow.now())

    @property
    def budgets(self) -> Budgets:
        """The most that may be spent."""
        return self._budgets

    def release(self, reservation: Reservation) -> None:
        """Give back what was reserved for a call that was not made."""
        with self._open() as uow:
            uow.ledger.release(reservation.id)

    def report(
        self,
        actor_id: UUID,
        course: str,
        by: UsageBy,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> UsageReport:
        """Return what calls cost in a course; audited where it names learners.

        Raises:
            NotFound: There is no such course for them.
            NotAllowed: They are no instructor of it.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            if by is UsageBy.LEARNER:
                uow.audit.add(actor_id, "usage.read", f"course:{course}", by.value)
            return uow.teaching.usage(course, by, since, until)


def usage_everywhere(open_uow: UnitOfWorkFactory, course: str | None, by: UsageBy) -> UsageReport:
    """Return what calls cost in a course, or in all; for whoever runs the server.

    Raises:
        NotFound: There is no such course.
    """
    with open_uow() as uow:
        if course is not None:
            uow.courses.get(course)
        return uow.teaching.usage(course, by)
