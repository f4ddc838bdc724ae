"""What becomes of reviews when people leave."""

import psycopg
import pytest

from jupyter_tutor.domain.reading_batches import BatchState
from jupyter_tutor.domain.reviews import ReadingMode, ReviewStatus
from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database
from tests.review_desk import COURSE, ReviewDesk

pytestmark = pytest.mark.postgres


def erase(database: Database, person: object) -> None:
    """Erase a person."""
    with psycopg.connect(conninfo(database.url)) as connection:
        connection.execute("DELETE FROM people WHERE id = %s", (person,))


def test_what_a_learner_cost_in_a_batch_is_known_after_they_left(database: Database) -> None:
    desk = ReviewDesk(database)
    desk.submit()
    other = desk.submit(learner=desk.person("bob"))
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    erase(database, desk.ada)
    desk.bulk.ended = True
    desk.work()

    (key,) = desk.batches_known()
    with database() as uow:
        assert uow.reviews.batch(key).state is BatchState.COLLECTED
    assert [each.review.submission_id for each in desk.queue()] == [other]
    assert desk.review(other).status is ReviewStatus.DRAFTED
    with psycopg.connect(conninfo(database.url)) as connection:
        rows = connection.execute(
            "SELECT learner_id IS NULL, count(*), sum(cost) > 0 FROM usage_records GROUP BY 1"
        ).fetchall()
    assert sorted(rows) == [(False, 4, True), (True, 4, True)]


def test_who_leaves_while_their_answer_is_to_be_read_is_not_read(database: Database) -> None:
    desk = ReviewDesk(database)
    desk.submit()
    desk.begin()
    erase(database, desk.ada)
    desk.work()

    assert desk.model.read == []
    assert desk.queue() == []


def test_a_release_stays_when_the_instructor_leaves(database: Database) -> None:
    desk = ReviewDesk(database)
    key = desk.drafted()
    linus = desk.person("linus")
    with database() as uow:
        uow.people.set_role(
            linus, COURSE, desk.access.require_instructor(uow, desk.grace, COURSE).role
        )
    desk.release(key, actor=linus)
    erase(database, linus)

    found = desk.opened(key)
    assert found.released_by == {}
    assert found.submission.rubric_points == 4.0
