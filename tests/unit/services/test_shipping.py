"""The course of the package: installed, updated, or left, whoever did what to it before."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from jupyter_tutor.domain.exercises import LessonContent
from jupyter_tutor.services import shipping
from jupyter_tutor.services.ports import UnitOfWork
from jupyter_tutor.services.shipping import Step, next_step
from jupyter_tutor.testing import InMemoryDatabase
from tests.contract import samples
from tests.contract.samples import COURSE

Change = Callable[[UnitOfWork], object]


def _publish(uow: UnitOfWork) -> None:
    uow.courses.save(samples.course())
    uow.courses.publish_lesson(COURSE, samples.lesson(), 0)


def _install(release: str = "0.9.0", sources: str = "old") -> InMemoryDatabase:
    database = InMemoryDatabase()
    with database() as uow:
        _publish(uow)
        shipping.remember(COURSE, release, sources)(uow)
    return database


def _lesson(**changes: object) -> LessonContent:
    changed = replace(samples.exercise(), **changes)  # type: ignore[arg-type]
    return samples.lesson(exercises=(changed, samples.quiz()))


def test_an_empty_database_gets_it() -> None:
    assert next_step(InMemoryDatabase(), COURSE, "1.0.0", "new") is Step.INSTALL


def test_whoever_has_other_courses_only_does_not() -> None:
    database = InMemoryDatabase()
    with database() as uow:
        uow.courses.save(replace(samples.course(), slug="another"))
    assert next_step(database, COURSE, "1.0.0", "new") is Step.NOTHING


def test_the_same_sources_are_not_published_again() -> None:
    assert next_step(_install(), COURSE, "1.0.0", "old") is Step.NOTHING


@pytest.mark.parametrize("release", ["0.9.0", "0.10.0", "1.0.0rc1"])
def test_newer_sources_are(release: str) -> None:
    assert next_step(_install(), COURSE, release, "new") is Step.UPDATE


def test_an_older_release_undoes_nothing() -> None:
    assert next_step(_install("0.10.0"), COURSE, "0.9.0", "new") is Step.NOTHING


@pytest.mark.parametrize(
    "change",
    [
        lambda uow: uow.courses.save(replace(samples.course(), title={"en": "Mine"})),
        lambda uow: uow.courses.publish_lesson(COURSE, _lesson(difficulty=9), 0),
        lambda uow: uow.courses.publish_lesson(COURSE, samples.lesson("extra", (), files=()), 1),
        lambda uow: uow.courses.publish_lesson(
            COURSE, samples.lesson(exercises=(samples.exercise(),)), 0
        ),
    ],
)
def test_what_an_instructor_changed_is_left(change: Change) -> None:
    database = _install()
    with database() as uow:
        change(uow)
    assert next_step(database, COURSE, "1.0.0", "new") is Step.LEAVE_CHANGED


def test_what_an_instructor_published_themselves_is_left() -> None:
    database = InMemoryDatabase()
    with database() as uow:
        _publish(uow)
    assert next_step(database, COURSE, "1.0.0", "new") is Step.LEAVE_CHANGED


def test_what_was_changed_and_changed_back_is_updated() -> None:
    database = _install()
    with database() as uow:
        uow.courses.publish_lesson(COURSE, _lesson(difficulty=9), 0)
    with database() as uow:
        uow.courses.publish_lesson(COURSE, samples.lesson(), 0)
    assert next_step(database, COURSE, "1.0.0", "new") is Step.UPDATE


def test_after_an_update_there_is_nothing_to_do() -> None:
    database = _install()
    with database() as uow:
        uow.courses.publish_lesson(COURSE, _lesson(difficulty=9), 0)
        shipping.remember(COURSE, "1.0.0", "new")(uow)
    assert next_step(database, COURSE, "1.0.0", "new") is Step.NOTHING
    assert next_step(database, COURSE, "1.0.0", "newer") is Step.UPDATE
