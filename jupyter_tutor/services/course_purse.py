"""What a course pays for itself: readings by a rubric are for its instructors, not for a learner.

They count against the budget of the course and month, never against a learner's own.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.model_calls import ModelCall, UsageRecord
from jupyter_tutor.domain.pricing import Price, cost
from jupyter_tutor.domain.quotas import PLACES, Budgets, Quota, quota
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork


class CoursePurse:
    """Sets money of a course aside, and writes down what was spent; within transactions of others.

    Args:
        budgets: All budgets; that of courses counts.
    """

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = replace(budgets, learner_day=None, learner_month=None)

    def hold(self, uow: UnitOfWork, course: str) -> None:
        """Have others who ask for money of a course wait until this transaction ends.

        Who locks reviews too does this first, so that no two wait for each other.
        """
        if self._budgets.course_month is not None:
            uow.ledger.lock(None, course)

    def left(self, uow: UnitOfWork, course: str) -> Quota:
        """Return what is left for a course this month; others who ask wait until this one ends."""
        self.hold(uow, course)
        return quota(self._budgets, uow.ledger.spent(None, course, uow.now()), uow.now())

    def reserve(
        self, uow: UnitOfWork, course: str, amount: Decimal, until: datetime
    ) -> UUID | None:
        """Set money aside until a time; None where the budget has no room for it."""
        amount = amount.quantize(PLACES)
        if not self.left(uow, course).allows(amount):
            return None
        return uow.ledger.reserve(None, course, amount, until)

    def record(
        self,
        uow: UnitOfWork,
        place: tuple[str, str],
        learner_id: UUID | None,
        calls: Iterable[ModelCall],
        price: Price,
    ) -> None:
        """Write calls into the ledger, whatever became of them.

        Args:
            uow: The transaction.
            place: Slugs of course and exercise.
            learner_id: Whose answer was read, or None where they have left.
            calls: What was called.
            price: What the model charges.
        """
        course, exercise = place
        for call in calls:
            record = UsageRecord(
                id=uuid7(),
                call=call.kept_for(learner_id),
                learner_id=learner_id,
                course_slug=course,
                exercise_slug=exercise,
                price_version=price.version,
                cost=cost(call.charged, price, call.tier).quantize(PLACES),
                created_at=uow.now(),
            )
            uow.ledger.add(record)


def learner_of(uow: UnitOfWork, submission_id: UUID) -> UUID | None:
    """Return who handed a submission in, or None where they have left with it."""
    try:
        return uow.submissions.submission(submission_id).learner_id
    except NotFound:
        return None
