"""Reviews: from which state what may follow, and what a decision needs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.criterion_grades import (
    grades_of,
    grades_of_draft,
    points_of,
    share_of,
)
from jupyter_tutor.domain.errors import Conflict, InvalidInput
from jupyter_tutor.domain.reading_batches import BatchState, ReadingBatch, ask_again_at
from jupyter_tutor.domain.reviews import (
    Agreement,
    Decision,
    NoDraft,
    Provenance,
    Review,
    ReviewStatus,
    agreement_of,
    decide,
)
from jupyter_tutor.domain.rubric_readings import CriterionDraft, Doubt, DraftGrade
from tests.review_desk import RUBRIC

SUBMISSION, ONE, OTHER = (UUID(int=number) for number in (1, 2, 3))
MADE_BY = Provenance("endpoint", "model", "a" * 64, "b" * 64)


def draft(*levels: int | None) -> DraftGrade:
    """Return a draft with these levels."""
    return DraftGrade(
        tuple(
            CriterionDraft(one.slug, level, () if level is not None else (Doubt.UNSURE,), ())
            for one, level in zip(RUBRIC.criteria, levels, strict=True)
        )
    )


READING = Review(SUBMISSION).begun(ONE, "x = 1", audited=False)


def test_a_reading_begins_only_where_one_waits() -> None:
    assert READING.status is ReviewStatus.READING
    drafted = READING.drafted(ONE, draft(1, 2), MADE_BY)
    assert drafted is not None
    for review in (READING, drafted, drafted.released(grades_of(RUBRIC, {"names": 1, "shape": 1}))):
        with pytest.raises(Conflict):
            review.begun(OTHER, "x = 1", audited=False)


def test_only_the_reading_that_is_under_way_settles_it() -> None:
    assert READING.drafted(OTHER, draft(1, 2), MADE_BY) is None
    assert READING.failed(OTHER, NoDraft.FAILED) is None
    failed = READING.failed(ONE, NoDraft.FAILED)
    assert failed is not None
    assert (failed.status, failed.no_draft) == (ReviewStatus.WAITING, NoDraft.FAILED)
    # Begun again, it has another key, and the late result of the first is dropped.
    again = failed.begun(OTHER, "x = 1", audited=False)
    assert again.no_draft is None
    assert again.drafted(ONE, draft(1, 2), MADE_BY) is None


def test_whichever_reading_is_under_way_is_given_up() -> None:
    given_up = READING.given_up(NoDraft.BUDGET)
    assert given_up == READING.failed(ONE, NoDraft.BUDGET)
    # One that no reading is under way of stays as it is, with its draft.
    drafted = READING.drafted(ONE, draft(1, 2), MADE_BY)
    assert drafted is not None
    for review in (Review(SUBMISSION), given_up, drafted):
        assert review.given_up(NoDraft.FAILED) == review


@given(st.lists(st.sampled_from(["begin", "draft", "fail", "release"]), max_size=12), st.booleans())
def test_whatever_happens_a_review_is_in_one_state(steps: list[str], audited: bool) -> None:
    review, releases = Review(SUBMISSION), 0
    grades = grades_of(RUBRIC, {"names": 1, "shape": 1})
    for step in steps:
        before = review
        if step == "begin" and review.may_be_read:
            review = review.begun(ONE, "x = 1", audited=audited)
        elif step == "draft":
            review = review.drafted(ONE, draft(1, 2), MADE_BY) or review
        elif step == "fail":
            review = review.failed(ONE, NoDraft.FAILED) or review
        elif step == "release":
            review, releases = review.released(grades), releases + 1
        # The constraints of the table.
        assert (review.status is ReviewStatus.RELEASED) == (review.releases > 0)
        assert (review.points is None) == (review.releases == 0)
        assert (review.draft is None) == (review.made_by is None)
        assert review.status is not ReviewStatus.READING or review.reading_id is not None
        assert review.status is not ReviewStatus.DRAFTED or review.draft is not None
        # A draft that is audited is never seen before a release.
        assert not (review.audited and review.shown_draft and not releases)
        assert not (review.audited and review.undoubted)
        assert review.releases >= before.releases


def test_an_audited_draft_is_compared_once() -> None:
    audited = replace(READING, audited=True).drafted(ONE, draft(1, None), MADE_BY)
    assert audited is not None
    assert audited.told_no_draft is NoDraft.AUDITED
    released = audited.released(grades_of(RUBRIC, {"names": 1, "shape": 0}))
    # By what the draft decided: nothing is told of what it left to a person.
    assert released.agreement == Agreement(1, 1)
    assert released.shown_draft == audited.draft
    assert released.released(grades_of(RUBRIC, {"names": 0, "shape": 0})).agreement == Agreement(
        1, 1
    )


def test_agreements_add_up() -> None:
    grades = grades_of(RUBRIC, {"names": 1, "shape": 0})
    assert agreement_of(draft(1, 2), grades) == Agreement(1, 2)
    assert (Agreement(1, 2) + Agreement(2, 2)).share == 0.75
    assert Agreement().share is None


def test_what_levels_are_worth() -> None:
    grades = grades_of(RUBRIC, {"names": 2, "shape": 1}, {"names": "Nice."}, {"shape": "No."})
    assert [(one.points, one.comment, one.reason) for one in grades] == [
        (2.0, "Nice.", ""),
        (1.0, "", "No."),
    ]
    assert (points_of(grades), share_of(grades, RUBRIC)) == (3.0, 0.75)
    assert grades_of_draft(RUBRIC, draft(1, None)) is None
    whole = grades_of_draft(RUBRIC, draft(1, 2))
    assert whole is not None
    assert [one.level for one in whole] == [1, 2]


@pytest.mark.parametrize(
    ("drafted", "earlier", "levels", "needed"),
    [
        (None, None, (0, 0), set()),
        ((1, 2), None, (1, 2), set()),
        ((1, 2), None, (0, 2), {"names"}),
        ((1, None), None, (1, 0), set()),
        # What was released counts from then on, not the draft any more.
        ((1, 2), (0, 2), (0, 2), set()),
        ((1, 2), (0, 2), (1, 2), {"names"}),
    ],
)
def test_where_a_reason_is_needed(
    drafted: tuple[int | None, int | None] | None,
    earlier: tuple[int, int] | None,
    levels: tuple[int, int],
    needed: set[str],
) -> None:
    shown = draft(*drafted) if drafted else None
    before = (
        grades_of(RUBRIC, dict(zip(("names", "shape"), earlier, strict=True))) if earlier else ()
    )
    chosen = dict(zip(("names", "shape"), levels, strict=True))
    if needed:
        with pytest.raises(InvalidInput) as refused:
            decide(RUBRIC, Decision(chosen), shown, before)
        assert refused.value.details["criterion"] in needed
    explained = Decision(chosen, dict.fromkeys(needed, "Seen again."))
    assert [one.level for one in decide(RUBRIC, explained, shown, before)] == list(levels)


def test_a_batch_is_asked_for_soon_and_then_every_ten_minutes() -> None:
    now = datetime(2031, 3, 1, 9, tzinfo=UTC)
    batch = ReadingBatch(
        ONE, "c", "e", BatchState.RUNNING, "endpoint", "model", (SUBMISSION,), Decimal(1), None, now
    )
    assert ask_again_at(batch, now) == now + timedelta(minutes=1)
    later = now + timedelta(minutes=5)
    assert ask_again_at(batch, later) == later + timedelta(minutes=5)
    late = now + timedelta(hours=20)
    assert ask_again_at(batch, late) == late + timedelta(minutes=10)
    assert [state for state in BatchState if state.is_open] == [
        BatchState.PLANNED,
        BatchState.HANDING_IN,
        BatchState.RUNNING,
    ]
