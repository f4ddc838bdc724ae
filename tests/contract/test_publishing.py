"""Publishing courses from their notebooks: what is stored, and what changes nothing."""

from pathlib import Path
from typing import NoReturn

import pytest

from jupyter_tutor.domain.errors import Conflict, InvalidInput
from jupyter_tutor.notebook_format import CourseFolder, Merger
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.services.ports import UnitOfWorkFactory
from tests.unit.notebook_format.lessons import notebook, write_course
from tests.unit.services.courses import (
    CALLS,
    double_cells,
    quiz_cells,
    scripted_runner,
    two_lessons,
)


@pytest.fixture
def service(open_uow: UnitOfWorkFactory) -> AuthoringService:
    """The service, with a runner that proves `double`."""
    return AuthoringService(CourseFolder(), scripted_runner(), open_uow)


def _never() -> NoReturn:
    raise AssertionError("a transaction was opened")


def test_publishing_stores_and_publishing_again_changes_nothing(
    service: AuthoringService, open_uow: UnitOfWorkFactory, tmp_path: Path
) -> None:
    two_lessons(tmp_path, double_cells(), quiz_cells())
    first = service.publish("small", [tmp_path])
    assert first.course_changed
    assert [(one.lesson, one.revisions, one.exercises) for one in first.lessons] == [
        ("loops", (("double", 1),), 1),
        ("more", (("slicing", 1),), 1),
    ]
    with open_uow() as uow:
        course = uow.courses.get("small")
        assert course.lessons == ("loops", "more")
        slugs = [one.content.slug for one in uow.courses.latest_revisions("small")]
        assert slugs == ["double", "slicing"]
        copy = uow.courses.lesson("small", "loops").notebook
    again = service.publish("small", [tmp_path])
    assert (again.course_changed, again.revisions) == (False, 0)
    assert "Nothing to publish" in again.text()
    with open_uow() as uow:
        assert Merger().is_current(copy, uow.courses.lesson("small", "loops").notebook)


def test_a_change_makes_a_new_revision_of_that_exercise_only(
    service: AuthoringService, open_uow: UnitOfWorkFactory, tmp_path: Path
) -> None:
    two_lessons(tmp_path, double_cells(), quiz_cells())
    service.publish("small", [tmp_path])
    with open_uow() as uow:
        old = uow.courses.latest_revision("small", "double")
        copy = uow.courses.lesson("small", "loops").notebook
    cells = double_cells()
    cells[0]["source"] += " Quickly."
    two_lessons(tmp_path, cells, quiz_cells())
    changed = service.publish("small", [tmp_path])
    assert [one.revisions for one in changed.lessons] == [(("double", 2),), ()]
    with open_uow() as uow:
        assert uow.courses.revision(old.id) == old
        newest = uow.courses.lesson("small", "loops").notebook
    assert not Merger().is_current(copy, newest)
    assert Merger().is_current(Merger().merge(copy, newest), newest)


def test_what_an_author_wrote_comes_back_from_the_store_as_it_was(
    service: AuthoringService, open_uow: UnitOfWorkFactory, tmp_path: Path
) -> None:
    (tmp_path / "rain.csv").write_bytes(b"1,2\n\x00\xff")
    write_course(tmp_path, notebook([*double_cells(), *quiz_cells()], files=["rain.csv"]))
    service.publish("small", [tmp_path])
    folder = CourseFolder()
    source = folder.read_course(tmp_path)
    lesson = folder.read_lesson(source.lessons[0], source.course)
    with open_uow() as uow:
        for one in lesson.exercises:
            revision = uow.courses.latest_revision("small", one.content.slug)
            stored, read = revision.content, one.content
            assert stored.texts == read.texts
            assert list(stored.texts) == list(read.texts)
            assert stored.answer_cells == read.answer_cells
            assert stored.wrong_answers == read.wrong_answers
            assert stored.limits == read.limits
            assert [test.name for test in stored.tests] == [test.name for test in read.tests]
        revision = uow.courses.latest_revision("small", "double")
        assert uow.courses.files(revision.id) == lesson.files


def test_what_is_not_proven_is_not_stored(tmp_path: Path) -> None:
    service = AuthoringService(CourseFolder(), scripted_runner(), _never)
    write_course(tmp_path, notebook(double_cells({**CALLS, "double(3)": 7})))
    publication = service.publish("small", [tmp_path])
    assert not publication.proof.proven
    assert "Nothing was published." in publication.text()


def test_what_was_proven_before_is_published_without_running_its_tests(
    open_uow: UnitOfWorkFactory, tmp_path: Path
) -> None:
    runner = scripted_runner()
    service = AuthoringService(CourseFolder(), runner, open_uow)
    write_course(tmp_path, notebook(double_cells()))
    publication = service.publish("small", [tmp_path], proven_before=True)
    assert publication.revisions == 1
    assert runner.plans == []
    cells = double_cells()
    cells[0]["source"] += "\n\nYou will write `return 2 * x` in it."
    write_course(tmp_path, notebook(cells))
    assert not service.publish("small", [tmp_path], proven_before=True).proof.proven


def test_the_course_must_be_the_one_that_is_meant(tmp_path: Path) -> None:
    service = AuthoringService(CourseFolder(), scripted_runner(), _never)
    write_course(tmp_path, notebook(double_cells()))
    with pytest.raises(InvalidInput, match="of the course 'small', not 'big'"):
        service.publish("big", [tmp_path])
    other = tmp_path / "other"
    other.mkdir()
    write_course(other, notebook(double_cells()))
    with pytest.raises(InvalidInput, match="one course at a time"):
        service.publish("small", [tmp_path, other])


def test_one_notebook_of_a_course_is_published_at_its_place(
    service: AuthoringService, open_uow: UnitOfWorkFactory, tmp_path: Path
) -> None:
    two_lessons(tmp_path, double_cells(), quiz_cells())
    publication = service.publish("small", [tmp_path / "more.ipynb"])
    assert [one.lesson for one in publication.lessons] == ["more"]
    service.publish("small", [tmp_path / "loops.ipynb"])
    with open_uow() as uow:
        assert [one.slug for one in uow.reads.lessons("small")] == ["loops", "more"]


def test_an_exercise_moves_only_with_the_whole_course(
    service: AuthoringService, open_uow: UnitOfWorkFactory, tmp_path: Path
) -> None:
    two_lessons(tmp_path, double_cells(), quiz_cells())
    service.publish("small", [tmp_path])
    two_lessons(tmp_path, quiz_cells(), double_cells())
    with pytest.raises(Conflict, match="'double' stands in the lesson 'loops'"):
        service.publish("small", [tmp_path / "more.ipynb"])
    assert service.publish("small", [tmp_path]).revisions == 0
    with open_uow() as uow:
        found = {one.content.slug: one.lesson_slug for one in uow.courses.latest_revisions("small")}
    assert found == {"slicing": "loops", "double": "more"}
