"""How many statements reading takes: as many for a hundred rows as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.people import Person, Role
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.submissions import SubmissionService
from jupyter_tutor.storage.database import Database
from tests.contract import samples

pytestmark = pytest.mark.postgres


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def _submit(database: Database, ada: Person, revision: Revision, evaluations: int) -> None:
    with database() as uow:
        submission = uow.submissions.add_submission(ada.id, revision.id, samples.answer())
        for number in range(evaluations):
            at = uow.now() + timedelta(seconds=number)
            evaluation = samples.evaluation(submission.id, at, number / 10)
            uow.submissions.add_evaluation(evaluation, f"run-{number}")


def test_a_list_of_submissions_takes_as_many_statements_for_many_as_for_one(
    opened_database: Database, ada: Person, collatz: Revision
) -> None:
    service = SubmissionService(opened_database, Access(opened_database, open_enrollment=True))
    with opened_database() as uow:
        uow.people.enroll(ada.id, samples.COURSE, Role.LEARNER)
    _submit(opened_database, ada, collatz, 1)
    service.submissions(ada.id, samples.COURSE, "collatz")
    with counted(opened_database) as one:
        service.submissions(ada.id, samples.COURSE, "collatz")
    newer = replace(samples.exercise(), difficulty=9)
    with opened_database() as uow:
        (revision,) = uow.courses.publish_lesson(
            samples.COURSE, samples.lesson(exercises=(newer, samples.quiz())), 0
        )
    for each in (collatz, revision, collatz, revision):
        _submit(opened_database, ada, each, 3)
    service.submissions(ada.id, samples.COURSE, "collatz")
    with counted(opened_database) as many:
        found = service.submissions(ada.id, samples.COURSE, "collatz")

    assert len(found) == 5
    assert {of.id for _, of in found} == {collatz.id, revision.id}
    assert [len(submission.evaluations) for submission, _ in found] == [1] * 5
    assert [submission.score for submission, _ in found] == [0.2] * 4 + [0]
    assert len(many) == len(one) == 7


def test_submitting_reads_no_earlier_submission(
    opened_database: Database, ada: Person, collatz: Revision
) -> None:
    _submit(opened_database, ada, collatz, 3)
    with counted(opened_database) as statements, opened_database() as uow:
        assert uow.submissions.count_used(ada.id, collatz.exercise_id) == 1
    # One asks for the time of the transaction.
    assert len(statements) == 2
    assert not any("evaluations" in statement for statement in statements)
