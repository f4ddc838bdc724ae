"""Releases: what instructors decide, what learners see of it, on the fake and on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from jupyter_tutor.domain.errors import (
    Conflict,
    IdempotencyKeyReused,
    InvalidInput,
    NotAllowed,
    NotFound,
)
from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.people import Role
from jupyter_tutor.domain.reviews import Agreement, Decision, NoDraft, ReviewStatus
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.server.views import evaluations, submission
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.reviewing import Seen
from tests.review_desk import COURSE, EXERCISE, ReviewDesk, all_on


@pytest.fixture
def desk(open_uow: UnitOfWorkFactory) -> ReviewDesk:
    """The services; nothing is audited."""
    return ReviewDesk(open_uow)


@pytest.fixture
def audited(open_uow: UnitOfWorkFactory) -> ReviewDesk:
    """The services; every draft is audited."""
    return ReviewDesk(open_uow, audited=1.0)


def test_before_the_release_a_learner_sees_nothing_of_a_draft(desk: ReviewDesk) -> None:
    key = desk.drafted()

    shown = submission(desk.submission(key), desk.revision, "en")
    assert shown.review is not None
    assert not shown.review.released
    assert shown.review.message == "An instructor also reads this answer."
    assert (shown.review.points_earned, shown.review.criteria) == (None, [])
    assert len(shown.evaluations) == 1
    assert desk.submission(key).rubric_points is None


def test_a_release_appends_what_the_model_and_the_instructor_decided(desk: ReviewDesk) -> None:
    key = desk.drafted()
    before = desk.submission(key)
    found = desk.release(key, 2, 1, reasons={"shape": "One helper would be enough."})

    handed_in = desk.submission(key)
    tests, model, instructor = handed_in.evaluations
    assert tests == before.evaluations[0]
    assert [each.evaluator for each in handed_in.evaluations] == list(Evaluator)
    assert [one.level for one in model.criteria] == [2, 2]
    assert model.criteria[0].evidence[0].text == "return 2 * x"
    assert [(one.slug, one.level, one.points) for one in instructor.criteria] == [
        ("names", 2, 2.0),
        ("shape", 1, 1.0),
    ]
    assert instructor.criteria[1].reason == "One helper would be enough."
    assert instructor.score == 0.75
    # The tests' grade stays what it was: the points of the rubric stand beside it.
    assert handed_in.score == before.score == 0.5
    assert handed_in.earned(4.0) == 2.0
    assert handed_in.rubric_points == 3.0
    assert found.entry.review.status is ReviewStatus.RELEASED
    assert found.released_by == {instructor.id: "Grace"}
    assert desk.queue()[0].score == 0.5
    assert desk.queue()[0].released_at is not None


def test_a_learner_sees_the_release_and_neither_draft_nor_reasons(desk: ReviewDesk) -> None:
    key = desk.drafted()
    desk.release(key, 2, 1, reasons={"shape": "Not what the model says."})

    handed_in = desk.submission(key)
    shown = submission(handed_in, desk.revision, "bn")
    assert shown.review is not None
    assert shown.review.released
    assert shown.review.points_earned == 3.0
    assert shown.review.points_possible == 4.0
    assert shown.review.comment == "Well done."
    assert [one.title for one in shown.review.criteria] == ["মাপকাঠি", "মাপকাঠি"]
    assert [one.description for one in shown.review.criteria] == ["স্তর 2", "স্তর 1"]
    listed = evaluations(handed_in, desk.revision, "en").evaluations
    assert [each.evaluator for each in listed] == [Evaluator.TESTS, Evaluator.INSTRUCTOR]
    assert "Not what the model says" not in shown.as_json()
    assert "Not what the model says" not in "".join(each.as_json() for each in listed)


def test_points_of_the_rubric_count_in_the_course_beside_those_of_the_tests(
    desk: ReviewDesk,
) -> None:
    key = desk.submit()

    def best() -> float | None:
        released = bool(desk.submission(key).releases)
        with desk.open_uow() as uow:
            (standing,) = uow.reads.standings(desk.ada, COURSE)
            (outline,) = (
                each
                for lesson in uow.reads.lessons(COURSE)
                for each in lesson.exercises
                if each.slug == EXERCISE
            )
            assert (standing.best_score, standing.passed) == (0.5, False)
            assert outline.rubric_points == 4.0
            assert standing.reviewed == released
            return standing.best_points

    tested = best()
    assert tested is not None
    desk.release(key, 2, 2)
    assert best() == tested + 4.0
    desk.release(key, 0, 0, seen=1, reasons={"names": "a", "shape": "b"})
    assert best() == tested


def test_an_override_needs_a_reason_and_keeps_what_was_before(desk: ReviewDesk) -> None:
    key = desk.drafted()
    with pytest.raises(InvalidInput) as refused:
        desk.release(key, 2, 0)
    assert refused.value.details == {"criterion": "shape"}
    assert len(desk.submission(key).evaluations) == 1

    desk.release(key)
    with pytest.raises(InvalidInput):
        desk.release(key, 1, 2, seen=1)
    # Blanks are no reason.
    with pytest.raises(InvalidInput):
        desk.release(key, 1, 2, seen=1, reasons={"names": "  "})
    desk.release(key, 1, 2, seen=1, reasons={"names": "Seen again."})

    handed_in = desk.submission(key)
    assert [each.evaluator for each in handed_in.evaluations].count(Evaluator.MODEL) == 1
    assert len(handed_in.releases) == 2
    assert handed_in.rubric_points == 3.0
    assert desk.opened(key).entry.review.releases == 2


@pytest.mark.parametrize(
    "decision",
    [
        Decision({"names": 1}),
        Decision({"names": 1, "shape": 3}),
        Decision({"names": -1, "shape": 1}),
        Decision({"names": 1, "shape": 1, "colour": 1}),
        Decision({"names": 1, "shape": 1}, {"colour": "blue"}),
    ],
)
def test_a_decision_has_a_level_for_every_criterion(desk: ReviewDesk, decision: Decision) -> None:
    key = desk.submit()
    with pytest.raises(InvalidInput):
        desk.reviews.release(desk.grace, COURSE, key, decision, Seen(), "a-key-of-mine")
    assert desk.submission(key).releases == ()


def test_a_draft_that_comes_while_an_instructor_decides_is_a_conflict(desk: ReviewDesk) -> None:
    key = desk.submit()
    decision = Decision({"names": 0, "shape": 0})
    seen = Seen(0, desk.opened(key).entry.review.shown_reading)
    assert seen.draft is None
    desk.begin()
    desk.work()

    with pytest.raises(Conflict, match="draft has come"):
        desk.reviews.release(desk.grace, COURSE, key, decision, seen, "a-key-of-mine-1")
    assert desk.submission(key).releases == ()
    # Knowing it, they are asked for their reasons, and may release.
    seen = Seen(0, desk.opened(key).entry.review.shown_reading)
    with pytest.raises(InvalidInput):
        desk.reviews.release(desk.grace, COURSE, key, decision, seen, "a-key-of-mine-2")
    decision = Decision({"names": 0, "shape": 0}, {"names": "It has none.", "shape": "So it is."})
    done = desk.reviews.release(desk.grace, COURSE, key, decision, seen, "a-key-of-mine-3")
    assert done.entry.review.releases == 1


def test_a_hidden_draft_that_comes_meanwhile_holds_nobody_up(audited: ReviewDesk) -> None:
    key = audited.submit()
    audited.begin()
    audited.work()
    decision = Decision({"names": 0, "shape": 0})
    done = audited.reviews.release(audited.grace, COURSE, key, decision, Seen(), "a-key-of-mine")
    assert done.entry.review.agreement == Agreement(0, 2)


def test_an_audited_draft_is_hidden_until_it_is_decided(audited: ReviewDesk) -> None:
    key = audited.drafted()

    review = audited.opened(key).entry.review
    assert review.status is ReviewStatus.DRAFTED
    assert review.shown_draft is None
    assert review.told_no_draft is NoDraft.AUDITED
    assert audited.release_all().released == 0
    assert audited.review(key).status is ReviewStatus.DRAFTED

    # Who could not see a draft need not say why theirs is another.
    review = audited.release(key, 2, 0).entry.review
    assert review.shown_draft is not None
    assert review.agreement == Agreement(1, 2)
    queue = audited.reviews.queue(audited.grace, COURSE)
    assert queue.agreement == Agreement(1, 2)
    # What is changed later, knowing the draft, says nothing of the draft.
    audited.release(key, 2, 2, seen=1, reasons={"shape": "Seen again."})
    assert audited.reviews.queue(audited.grace, COURSE).agreement == Agreement(1, 2)


def test_all_drafts_without_a_doubt_are_released_at_once(desk: ReviewDesk) -> None:
    sure = [desk.submit(learner=desk.person(name)) for name in ("ada", "bob")]
    doubted = desk.submit(
        "def double(x):\n    # unsure\n    return 2 * x", learner=desk.person("cyd")
    )
    desk.model.reads = lambda facts: all_on(2 if "unsure" not in facts.code else 1)(facts)
    desk.begin()
    desk.work()
    unread = desk.submit(learner=desk.person("dan"))

    done = desk.release_all()
    assert (done.released, done.left) == (2, 2)
    assert {desk.review(key).status for key in sure} == {ReviewStatus.RELEASED}
    assert desk.review(doubted).status is ReviewStatus.DRAFTED
    assert desk.review(unread).status is ReviewStatus.WAITING
    assert [desk.submission(key).rubric_points for key in sure] == [4.0, 4.0]
    assert desk.release_all().released == 0


def test_only_drafts_that_were_shown_are_released_at_once(desk: ReviewDesk) -> None:
    shown = desk.drafted(learner=desk.person("ada"))
    unshown = desk.drafted(learner=desk.person("bob"))
    waits = desk.submit(learner=desk.person("cyd"))

    done = desk.release_all(shown, waits, desk.revision.id, key="the-same-key")
    assert (done.released, done.left) == (1, 2)
    assert desk.review(shown).status is ReviewStatus.RELEASED
    assert desk.review(unshown).status is ReviewStatus.DRAFTED
    assert desk.review(waits).status is ReviewStatus.WAITING
    # A repeat answers what the first did, whatever stands now.
    desk.release(unshown)
    assert desk.release_all(waits, shown, desk.revision.id, key="the-same-key") == done
    with pytest.raises(IdempotencyKeyReused):
        desk.release_all(unshown, key="the-same-key")
    assert desk.review(shown).releases == 1


def test_a_repeated_release_is_one_release(desk: ReviewDesk) -> None:
    key = desk.submit()
    desk.release(key, key="the-same-key")
    again = desk.release(key, key="the-same-key")

    assert again.entry.review.releases == 1
    assert len(desk.submission(key).releases) == 1


def test_of_two_instructors_at_once_one_is_told_to_look_again(desk: ReviewDesk) -> None:
    key = desk.drafted()
    linus = desk.person("linus", Role.INSTRUCTOR)
    together = Barrier(2)

    def release(actor: UUID, level: int) -> str:
        together.wait()
        try:
            desk.release(key, level, level, actor=actor, reasons={"names": "mine", "shape": "mine"})
        except Conflict:
            return "conflict"
        return "released"

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(release, (desk.grace, linus), (0, 1)))

    assert sorted(found) == ["conflict", "released"]
    handed_in = desk.submission(key)
    assert len(handed_in.releases) == 1
    assert desk.review(key).releases == 1


def test_an_instructor_need_not_wait_for_a_model(desk: ReviewDesk) -> None:
    key = desk.submit()
    desk.begin()
    desk.release(key, 1, 1)
    desk.work()

    # What comes after the decision is dropped.
    review = desk.review(key)
    assert review.status is ReviewStatus.RELEASED
    assert review.draft is None
    assert [each.evaluator for each in desk.submission(key).evaluations] == [
        Evaluator.TESTS,
        Evaluator.INSTRUCTOR,
    ]


def test_where_nothing_is_tested_the_release_is_the_grade(open_uow: UnitOfWorkFactory) -> None:
    desk = ReviewDesk(open_uow, tested=False)
    key = desk.submit()
    assert desk.queue()[0].score is None
    desk.release(key, 2, 1)

    handed_in = desk.submission(key)
    assert handed_in.status is GradingStatus.GRADED
    assert handed_in.score == 0.75
    assert handed_in.earned_in_all(0.0) == 3.0
    with open_uow() as uow:
        (standing,) = uow.reads.standings(desk.ada, COURSE)
    assert (standing.best_score, standing.best_points) == (0.75, 3.0)


def test_mastery_knows_nothing_of_rubrics(desk: ReviewDesk) -> None:
    key = desk.drafted()
    with desk.open_uow() as uow:
        before = uow.memories.events(desk.ada, COURSE)
    desk.release(key)
    with desk.open_uow() as uow:
        assert uow.memories.events(desk.ada, COURSE) == before


def test_reviews_are_for_instructors(desk: ReviewDesk) -> None:
    key = desk.submit()
    for refuse in (
        lambda: desk.reviews.queue(desk.ada, COURSE),
        lambda: desk.reviews.review(desk.ada, COURSE, key),
        lambda: desk.release(key, actor=desk.ada),
        lambda: desk.reviews.release_undoubted(desk.ada, COURSE, EXERCISE, [key], "some-key-1"),
    ):
        with pytest.raises(NotAllowed):
            refuse()
    with pytest.raises(NotFound):
        desk.reviews.review(desk.grace, COURSE, desk.revision.id)


def test_what_was_read_and_released_is_in_the_audit_trail(open_uow: UnitOfWorkFactory) -> None:
    desk = ReviewDesk(open_uow)
    key = desk.drafted()
    desk.opened(key)
    desk.release(key)

    actions = ["readings.begun", "review.read", "review.released"]
    if events := getattr(open_uow, "audit_events", None):
        assert [each.action for each in events if each.action in actions] == actions
    else:
        from sqlalchemy import text

        with open_uow.engine.connect() as connection:  # type: ignore[attr-defined]
            rows = connection.execute(text("SELECT action FROM audit_events ORDER BY id"))
            assert [row[0] for row in rows if row[0] in actions] == actions
