"""Taking answers in: idempotency, limits, revisions, other people's rows."""

import threading
from dataclasses import replace
from uuid import uuid4

import pytest

from jupyter_tutor.domain.errors import (
    IdempotencyKeyReused,
    InvalidInput,
    LimitReached,
    NotFound,
    RevisionChanged,
    StorageUnavailable,
    SubmissionClosed,
)
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer, GradingStatus
from jupyter_tutor.services.submissions import MAX_WAITING
from tests import small_course
from tests.small_course import COURSE, EXAM, RIGHT, WRONG
from tests.unit.services.desk import BOB, Desk


def test_an_answer_is_queued_with_its_job(desk: Desk) -> None:
    attempt, submission = desk.check(), desk.submit()

    assert (attempt.status, attempt.verdict) == (GradingStatus.QUEUED, None)
    assert (submission.status, submission.number) == (GradingStatus.QUEUED, 1)
    assert attempt.created_at < submission.submitted_at <= desk.clock.now
    # Somebody waits at the screen for a check.
    assert [(job.name, job.subject_id) for job in desk.database.jobs] == [
        ("grade_attempt", attempt.id),
        ("grade_submission", submission.id),
    ]


def test_a_repeat_gets_the_first_row_and_makes_no_second_job(desk: Desk) -> None:
    first, again = desk.check(key="the-same-key"), desk.check(key="the-same-key")
    handed_in, repeated = desk.submit(key="another-key"), desk.submit(key="another-key")

    assert first == again
    assert handed_in == repeated
    assert len(desk.database.jobs) == 2


def test_a_repeat_after_grading_shows_the_grade(desk: Desk) -> None:
    desk.submit(key="the-same-key")
    desk.work()

    assert desk.submit(key="the-same-key").score == 1
    assert desk.work() == 0


def test_a_repeat_counts_also_when_the_exercise_has_closed_or_changed_meanwhile(desk: Desk) -> None:
    first = desk.submit(EXAM, "exam", key="the-same-key")
    desk.clock.now = small_course.DUE
    desk.clock.pass_(hours=1)
    small_course.publish(desk.database, heading="Something else")

    assert desk.submit(EXAM, "exam", key="the-same-key").id == first.id


def test_a_key_is_for_one_request(desk: Desk) -> None:
    desk.check(RIGHT, key="the-same-key")

    with pytest.raises(IdempotencyKeyReused):
        desk.check(WRONG, key="the-same-key")
    with pytest.raises(IdempotencyKeyReused):
        desk.submit(RIGHT, key="the-same-key")
    with pytest.raises(IdempotencyKeyReused):
        desk.check(RIGHT, key="the-same-key", revision=_revision(desk))
    with pytest.raises(IdempotencyKeyReused):
        desk.check(EXAM, "exam", key="the-same-key")
    assert len(desk.database.jobs) == 1


def test_a_refused_request_leaves_its_key_free(desk: Desk) -> None:
    with pytest.raises(RevisionChanged):
        desk.submit(key="the-same-key", revision="0" * 64)

    assert desk.submit(key="the-same-key").number == 1


def test_keys_of_other_people_are_other_keys(desk: Desk) -> None:
    ours = desk.check(key="the-same-key")
    request = desk.request(key="the-same-key", learner=desk.person(BOB))
    theirs = desk.submissions.check(request, small_course.answer(WRONG), None)

    assert ours.id != theirs.id


def test_many_repeats_at_the_same_moment_make_one_submission(desk: Desk) -> None:
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(desk.submit(key="the-same-key").id))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 8
    assert len(set(made)) == 1


def test_submissions_are_numbered_and_listed_newest_first(desk: Desk) -> None:
    for source in (WRONG, RIGHT):
        desk.submit(source)
    desk.work()

    found = desk.submissions.submissions(desk.ada, small_course.COURSE, "double")
    assert [(each.number, each.score) for each, _ in found] == [(2, 1.0), (1, 0.0)]


def test_a_copy_of_an_older_revision_is_refused_with_the_newest_named(desk: Desk) -> None:
    old = _revision(desk)
    desk.submit(revision=old)
    small_course.publish(desk.database, heading="Twice, said better")

    with pytest.raises(RevisionChanged) as refused:
        desk.submit(revision=old)
    assert refused.value.details == {"revision": _revision(desk)}
    assert "answers are kept" in refused.value.message
    assert desk.submit(revision=_revision(desk)).number == 2


def test_a_submission_stays_with_its_revision(desk: Desk) -> None:
    submission = desk.submit()
    before = _revision(desk)
    small_course.publish(desk.database, heading="Twice, said better")
    desk.work()

    graded, revision = desk.submissions.submission(desk.ada, submission.id)
    assert (revision.content.content_hash, revision.number) == (before, 1)
    assert graded.score == 1


@pytest.mark.parametrize(
    ("exercise", "answer", "words"),
    [
        ("double", Answer(), "answer cells"),
        ("double", Answer((CellSource("other", ""),)), "answer cells"),
        ("double", Answer((CellSource("answer", ""),) * 2), "answer cells"),
        ("parts", Answer((CellSource("part-b", ""), CellSource("part-a", ""))), "in this order"),
        ("parts", Answer((CellSource("part-a", ""),)), "answer cells"),
        ("double", small_course.answer(RIGHT, {"slices": "a"}), "no question 'slices'"),
        ("slicing", Answer((), {"colour": "red"}), "no question 'colour'"),
        ("slicing", small_course.answer(RIGHT), "answer cells"),
    ],
)
def test_an_answer_has_to_fit_the_exercise(
    desk: Desk, exercise: str, answer: Answer, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        desk.submit(answer, exercise)
    with pytest.raises(InvalidInput, match=words):
        desk.check(answer, exercise)
    assert not desk.database.jobs


def test_no_submission_after_the_due_date_but_still_checks(desk: Desk) -> None:
    desk.clock.now = small_course.DUE
    with pytest.raises(SubmissionClosed, match="closed on 2031-05-01 12:00 UTC") as refused:
        desk.submit(EXAM, "exam")

    assert refused.value.details == {"due_at": small_course.DUE.isoformat()}
    assert desk.check(EXAM, "exam").status is GradingStatus.QUEUED


def test_no_submission_beyond_the_allowed_number(desk: Desk) -> None:
    for _ in range(3):
        desk.submit(EXAM, "exam")

    with pytest.raises(SubmissionClosed, match="used all 3 submissions"):
        desk.submit(EXAM, "exam")


def test_nobody_fills_the_queue(desk: Desk) -> None:
    for _ in range(MAX_WAITING - 2):
        desk.check()
    desk.submit()
    desk.submit(EXAM, "exam")

    with pytest.raises(LimitReached, match="still waiting"):
        desk.check()
    with pytest.raises(LimitReached, match="still waiting"):
        desk.submit()
    desk.work()
    assert desk.check().status is GradingStatus.QUEUED
    assert desk.submit().number == 2


def test_other_peoples_rows_are_not_there(desk: Desk) -> None:
    attempt, submission = desk.check(), desk.submit()
    bob = desk.person(BOB)

    with pytest.raises(NotFound) as missing:
        desk.submissions.attempt(bob, uuid4())
    with pytest.raises(NotFound) as theirs:
        desk.submissions.attempt(bob, attempt.id)
    # Nothing tells whether it exists.
    assert missing.value.message == theirs.value.message
    with pytest.raises(NotFound, match="no such submission"):
        desk.submissions.submission(bob, submission.id)
    assert desk.submissions.submissions(bob, small_course.COURSE, "double") == []


def test_what_does_not_exist_is_not_found(desk: Desk) -> None:
    answer = small_course.answer()
    for request in (
        replace(desk.request(), course="nowhere"),
        replace(desk.request(), exercise="nothing"),
    ):
        with pytest.raises(NotFound):
            desk.submissions.check(request, answer, None)
        with pytest.raises(NotFound):
            desk.submissions.submit(request, answer, None)
    with pytest.raises(NotFound):
        desk.submissions.submissions(desk.ada, small_course.COURSE, "nothing")


def test_without_a_database_nothing_is_taken_in(desk: Desk) -> None:
    desk.database.available = False
    with pytest.raises(StorageUnavailable):
        desk.submit()
    desk.database.available = True
    assert desk.submit().number == 1


def _revision(desk: Desk) -> str:
    with desk.database() as uow:
        return uow.courses.latest_revision(small_course.COURSE, "double").content.content_hash


def test_a_submission_whose_grading_failed_counts_for_nothing(desk: Desk) -> None:
    for _ in range(3):
        failed = desk.submit(EXAM, "exam")
        desk.grading.give_up("grade_submission", failed.id)
        assert desk.graded(failed).status is GradingStatus.FAILED
    for _ in range(3):
        desk.submit(EXAM, "exam")
        desk.work()

    with pytest.raises(SubmissionClosed):
        desk.submit(EXAM, "exam")
    assert "all 3 submissions" in str(desk.progress.exercise(desk.ada, COURSE, "exam").closed)
