"""People in a course: what every storage promises of roles, rosters and names."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.people import Enrollment, Identity, Member, Person, Role
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from tests.contract import samples
from tests.contract.samples import COURSE


class TestRoles:
    def test_a_role_takes_the_place_of_another(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
            assert uow.people.set_role(ada.id, COURSE, Role.INSTRUCTOR) is None
        with open_uow() as uow:
            assert uow.people.set_role(ada.id, COURSE, Role.LEARNER) is Role.INSTRUCTOR
        with open_uow() as uow:
            assert uow.people.enrollment(ada.id, COURSE) == Enrollment(ada.id, COURSE, Role.LEARNER)

    def test_nobody_has_a_role_nowhere(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
        with pytest.raises(NotFound, match="person"), open_uow() as uow:
            uow.people.set_role(uuid7(), COURSE, Role.LEARNER)
        asks: tuple[Callable[[UnitOfWork], object], ...] = (
            lambda uow: uow.people.set_role(ada.id, "chemistry", Role.LEARNER),
            lambda uow: uow.people.roster("chemistry"),
            lambda uow: uow.people.named("ada", "chemistry"),
        )
        for ask in asks:
            with pytest.raises(NotFound, match=COURSE), open_uow() as uow:
                ask(uow)

    def test_the_roster_is_by_name_and_of_one_course(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
            uow.courses.save(replace(samples.course(), slug="other"))
            bob = uow.people.identify(samples.BOB)
            uow.people.enroll(bob.id, COURSE, Role.LEARNER)
            uow.people.enroll(ada.id, "other", Role.LEARNER)
            assert [each.person.id for each in uow.people.roster(COURSE)] == [bob.id]
            uow.people.set_role(ada.id, COURSE, Role.INSTRUCTOR)
        with open_uow() as uow:
            assert uow.people.roster(COURSE) == [
                Member(ada, ("ada",), Role.INSTRUCTOR),
                Member(bob, ("bob",), Role.LEARNER),
            ]

    def test_people_are_found_by_account_then_by_name(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        with open_uow() as uow:
            uow.courses.save(samples.course())
            called = uow.people.identify(Identity("jupyterhub", "countess", "ada"))
            same = uow.people.identify(Identity("jupyterhub", "lovelace", "Ada"))

            def keys(name: str) -> list[UUID]:
                return [each.person.id for each in uow.people.named(name, COURSE)]

            assert keys("ada") == [ada.id]
            assert keys("Ada") == sorted([ada.id, same.id])
            assert keys(str(called.id)) == [called.id]
            assert keys("nobody") == keys("") == keys("%") == []
            assert uow.people.named("ada", COURSE) == [Member(ada, ("ada",), None)]
            assert list(uow.people.names(called.id)) == ["ada", "countess"]
            assert list(uow.people.names(uuid4())) == []
