"""What is left of the budget of a course, for its instructors."""

from decimal import Decimal

import pytest

from jupyter_tutor.domain.errors import NotAllowed
from jupyter_tutor.domain.people import Role
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.usage import Reservation, UsageService
from jupyter_tutor.testing import InMemoryDatabase
from tests.contract import samples
from tests.contract.samples import ADA, BOB, COURSE


@pytest.mark.parametrize(
    ("budget", "left", "soft"), [("1", "0.2", True), ("2", "1.2", False), (None, None, False)]
)
def test_what_is_left_counts_everybody_and_what_is_reserved(
    budget: str | None, left: str | None, soft: bool
) -> None:
    database = InMemoryDatabase()
    with database() as uow:
        uow.courses.save(samples.course())
        ada, bob = uow.people.identify(ADA), uow.people.identify(BOB)
        uow.people.enroll(ada.id, COURSE, Role.LEARNER)
        uow.people.enroll(bob.id, COURSE, Role.INSTRUCTOR)
    budgets = Budgets(None, None, None if budget is None else Decimal(budget))
    usage = UsageService(database, Access(database, open_enrollment=False), budgets)
    assert isinstance(usage.reserve(ada.id, COURSE, "", Decimal("0.8")), Reservation)

    quota = usage.course_quota(bob.id, COURSE)
    assert quota.spent == Decimal("0.8")
    assert quota.left == (None if left is None else Decimal(left))
    assert quota.soft is soft
    assert (quota.renews_at is None) is (budget is None)
    with pytest.raises(NotAllowed):
        usage.course_quota(ada.id, COURSE)
