"""What was published of a course from the package, in PostgreSQL: kept, replaced, compared."""

import pytest

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.services import shipping
from jupyter_tutor.services.read_models import ShippedCourse
from jupyter_tutor.services.shipping import Step, next_step
from jupyter_tutor.storage.database import Database
from tests.contract import samples
from tests.contract.samples import COURSE

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("collatz")]


def test_it_is_kept_and_replaced(database: Database) -> None:
    with database() as uow:
        assert uow.courses.shipped(COURSE) is None
    for each in (ShippedCourse("0.1.0", "a", "b"), ShippedCourse("0.2.0", "c", "d")):
        with database() as uow:
            uow.courses.save_shipped(COURSE, each)
        with database() as uow:
            assert uow.courses.shipped(COURSE) == each


def test_of_a_course_that_is_not_there_there_is_none(database: Database) -> None:
    with pytest.raises(NotFound), database() as uow:
        uow.courses.shipped("nowhere")
    with pytest.raises(NotFound), database() as uow:
        uow.courses.save_shipped("nowhere", ShippedCourse("0.1.0", "a", "b"))


def test_what_was_stored_equals_what_is_read(database: Database, collatz: Revision) -> None:
    with database() as uow:
        shipping.remember(COURSE, "0.1.0", "old")(uow)
    assert next_step(database, COURSE, "0.1.0", "old") is Step.NOTHING
    assert next_step(database, COURSE, "0.1.0", "new") is Step.UPDATE
    with database() as uow:
        uow.courses.publish_lesson(COURSE, samples.lesson(exercises=(collatz.content,)), 0)
    assert next_step(database, COURSE, "0.1.0", "new") is Step.LEAVE_CHANGED
