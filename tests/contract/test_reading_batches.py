"""Batches of readings: handed in once, charged once, lost by nobody: on the fake and on PostgreSQL.

A process that dies is played by an error in the place where it died.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from jupyter_tutor.domain.errors import (
    InvalidInput,
    ModelUnavailable,
    NotAllowed,
    StorageUnavailable,
)
from jupyter_tutor.domain.model_calls import Tier
from jupyter_tutor.domain.pricing import PRICES, cost
from jupyter_tutor.domain.quotas import Budgets
from jupyter_tutor.domain.reading_batches import BatchState, ReadingBatch
from jupyter_tutor.domain.reviews import NoDraft, ReadingMode, ReviewStatus
from jupyter_tutor.services import reading_batches
from jupyter_tutor.services.assessing import COLLECT_BATCH, HAND_IN_BATCH
from jupyter_tutor.services.course_purse import CoursePurse
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.read_models import UsageBy
from jupyter_tutor.services.reading_facts import most_cost
from jupyter_tutor.services.rubric_ports import BatchNotTaken, RubricFacts
from jupyter_tutor.testing.batches import READ
from tests.review_desk import COURSE, EXERCISE, GOOD, PRICE, ReviewDesk, all_on

ANSWER = 4 * (Decimal(1000) * PRICE.input + 2000 * PRICE.cache_read + 100 * PRICE.output) / 10**6
"""What the readings of an answer cost at the full price."""


class Died(BaseException):
    """The process is gone."""


@pytest.fixture
def desk(open_uow: UnitOfWorkFactory) -> ReviewDesk:
    """Two answers that wait; nothing is audited."""
    desk = ReviewDesk(open_uow)
    desk.submit()
    desk.submit(learner=desk.person("bob"))
    return desk


def only(desk: ReviewDesk) -> ReadingBatch:
    """Return the one batch there is."""
    (key,) = desk.batches_known()
    with desk.open_uow() as uow:
        return uow.reviews.batch(key)


def statuses(desk: ReviewDesk) -> list[ReviewStatus]:
    """Return where all reviews stand."""
    return [each.review.status for each in desk.queue()]


def test_a_batch_is_planned_handed_in_and_collected_at_half_the_price(desk: ReviewDesk) -> None:
    begun = desk.begin(ReadingMode.BATCH)
    assert (begun.begun, only(desk).state) == (2, BatchState.PLANNED)
    assert desk.spent() == begun.most_cost == only(desk).most_cost
    assert desk.bulk.batches == {}

    desk.bulk.ended = False
    desk.work()
    assert (only(desk).state, only(desk).name) == (BatchState.RUNNING, "batch-1")
    assert statuses(desk) == [ReviewStatus.READING] * 2
    (requests,) = desk.bulk.batches.values()
    assert len(requests) == 8

    desk.bulk.ended = True
    desk.work()
    assert only(desk).state is BatchState.COLLECTED
    assert statuses(desk) == [ReviewStatus.DRAFTED] * 2
    assert all(each.review.undoubted for each in desk.queue())
    assert desk.calls() == 8
    assert abs(desk.spent() - ANSWER) < Decimal("1e-8")  # two answers at half of it
    assert READ.input == 1000


def test_who_collects_a_second_time_finds_nothing_to_do(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.work()
    batch, spent = only(desk), desk.spent()

    desk.batches.collect(batch.id)
    desk.work()
    assert (desk.spent(), desk.calls(), only(desk)) == (spent, 8, batch)


def test_two_that_collect_at_the_same_time_record_it_once(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    desk.bulk.ended = True

    async def both() -> list[reading_batches.Collected]:
        return await asyncio.gather(
            *(desk.batches.collect_now(desk.grace, COURSE, next(desk.keys)) for _ in range(2))
        )

    asyncio.run(both())
    assert desk.calls() == 8
    assert statuses(desk) == [ReviewStatus.DRAFTED] * 2


def test_an_instructor_may_ask_at_once(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()

    found = asyncio.run(desk.batches.collect_now(desk.grace, COURSE, next(desk.keys)))
    assert (found.collected, found.running) == (0, 1)
    desk.bulk.ended = True
    found = asyncio.run(desk.batches.collect_now(desk.grace, COURSE, next(desk.keys)))
    assert (found.collected, found.running) == (1, 0)
    with pytest.raises(NotAllowed):
        asyncio.run(desk.batches.collect_now(desk.ada, COURSE, next(desk.keys)))


def test_a_process_that_dies_before_handing_in_loses_nothing(
    desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.begin(ReadingMode.BATCH)
    monkeypatch.setattr(desk.batches, "_leave_out", lambda *_: _die())
    with pytest.raises(Died):
        desk.batches.hand_in(only(desk).id)
    assert only(desk).state is BatchState.PLANNED

    monkeypatch.undo()
    desk.work()
    assert len(desk.bulk.batches) == 1
    assert statuses(desk) == [ReviewStatus.DRAFTED] * 2


def test_a_process_that_dies_after_handing_in_does_not_hand_in_twice(
    desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the endpoint has it can't be known: it is left, and its money stays set aside."""
    begun = desk.begin(ReadingMode.BATCH)
    monkeypatch.setattr(desk.batches, "_taken", lambda *_: _die())
    with pytest.raises(Died):
        desk.batches.hand_in(only(desk).id)
    assert only(desk).state is BatchState.HANDING_IN

    monkeypatch.undo()
    desk.work()
    assert len(desk.bulk.batches) == 1
    assert only(desk).state is BatchState.LOST
    assert statuses(desk) == [ReviewStatus.WAITING] * 2
    assert {each.review.no_draft for each in desk.queue()} == {NoDraft.FAILED}
    assert desk.spent() == begun.most_cost
    # It may be asked for again, by a person.
    assert desk.begin(ReadingMode.NOW).begun == 2


@pytest.mark.parametrize("way", ["handed in again", "given up", "forgotten"])
def test_a_batch_that_is_lost_stands_in_the_ledger(
    desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """What it used is not known; that it was, is."""
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    if way == "forgotten":
        desk.work()
        monkeypatch.setattr(reading_batches, "UNFETCHED", timedelta(seconds=-1))
        desk.batches.collect(only(desk).id)
    else:
        with monkeypatch.context() as dying:
            dying.setattr(desk.batches, "_taken", lambda *_: _die())
            with pytest.raises(Died):
                desk.batches.hand_in(only(desk).id)
        if way == "given up":
            desk.batches.give_up(HAND_IN_BATCH, only(desk).id)
        else:
            desk.batches.hand_in(only(desk).id)

    assert only(desk).state is BatchState.LOST
    with desk.open_uow() as uow:
        total = uow.teaching.usage(COURSE, UsageBy.PURPOSE).total
    assert (total.calls, total.unsuccessful, total.cost) == (1, 1, Decimal(0))


@pytest.mark.parametrize("failing", [2, 3])
def test_the_name_of_a_batch_is_stored_though_the_database_is_away_for_a_moment(
    desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    monkeypatch.setattr(reading_batches, "NAME_WAITS", (0.0, 0.0))
    taken, tries = desk.batches._taken, []

    def sometimes(batch: ReadingBatch, name: str) -> None:
        tries.append(name)
        if len(tries) <= failing:
            raise StorageUnavailable("The database does not answer.")
        taken(batch, name)

    monkeypatch.setattr(desk.batches, "_taken", sometimes)
    desk.begin(ReadingMode.BATCH)
    if failing < 3:
        desk.batches.hand_in(only(desk).id)
        assert (only(desk).state, only(desk).name) == (BatchState.RUNNING, "batch-1")
    else:
        with pytest.raises(StorageUnavailable):
            desk.batches.hand_in(only(desk).id)
        assert only(desk).state is BatchState.HANDING_IN
    assert tries == ["batch-1"] * 3


def test_a_name_that_is_stored_already_is_left_as_it_is(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.work()
    batch = only(desk)

    desk.batches._taken(batch, "batch-1")
    assert only(desk) == batch


@pytest.mark.parametrize("others", [0, 2])
def test_a_batch_that_waited_long_sets_its_money_aside_anew(
    open_uow: UnitOfWorkFactory, others: int
) -> None:
    """What was set aside when it was planned has ended since, and others may have taken it."""
    desk = ReviewDesk(open_uow)
    one = most_cost(desk.reader, desk.revision.content, GOOD, Tier.BATCH)
    desk.purse = CoursePurse(Budgets(course_month=one * Decimal("2.5")))
    desk.use(desk.reader)
    desk.submit()
    desk.begin(ReadingMode.BATCH)
    planned = only(desk).reservation_id
    assert planned is not None
    with desk.open_uow() as uow:
        uow.ledger.release(planned)
        if others:
            uow.ledger.reserve(None, COURSE, one * others, uow.now() + timedelta(hours=1))
    desk.bulk.ended = False
    desk.work()

    if others:
        assert only(desk).state is BatchState.REFUSED
        assert desk.queue()[0].review.no_draft is NoDraft.BUDGET
        assert desk.bulk.batches == {}
    else:
        assert only(desk).state is BatchState.RUNNING
    assert desk.spent() == one * (others or 1)


@pytest.mark.parametrize("surely", [True, False])
def test_money_is_free_again_only_where_a_batch_was_surely_not_taken(
    desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch, surely: bool
) -> None:
    async def fail(_requests: Mapping[str, RubricFacts]) -> str:
        raise BatchNotTaken("No.") if surely else ModelUnavailable("No answer.")

    monkeypatch.setattr(desk.bulk, "begin_batch", fail)
    begun = desk.begin(ReadingMode.BATCH)
    desk.work()

    assert only(desk).state is BatchState.REFUSED
    assert desk.spent() == (0 if surely else begun.most_cost)
    assert desk.calls() == 1


def test_a_batch_is_charged_by_the_model_that_read_it(desk: ReviewDesk) -> None:
    former, later = "claude-haiku-4-5", "claude-haiku-5-5"
    desk.use(replace(desk.reader, model=former, price=PRICES[former]))
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    desk.bulk.ended = True
    desk.use(replace(desk.reader, model=later, price=PRICES[later]))
    desk.work()

    assert only(desk).state is BatchState.COLLECTED
    assert desk.spent() == 8 * cost(READ, PRICES[former], Tier.BATCH)
    assert {each.review.made_by.model for each in desk.queue() if each.review.made_by} == {former}
    with desk.open_uow() as uow:
        sums = uow.teaching.usage(COURSE, UsageBy.MODEL).sums
    assert [each.key for each in sums] == [former]


def test_a_batch_is_handed_in_by_the_model_that_is_configured_then(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    dearer = replace(PRICE, output=PRICE.output * 2)
    desk.use(replace(desk.reader, model="scripted-2", price=dearer))
    planned = only(desk)
    desk.bulk.ended = False
    desk.work()

    assert (planned.model, only(desk).model) == ("scripted-1", "scripted-2")
    assert only(desk).most_cost == desk.spent() > planned.most_cost


def test_a_batch_at_another_endpoint_is_not_asked_for(
    desk: ReviewDesk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    desk.bulk.ended = True
    desk.use(replace(desk.reader, endpoint="elsewhere"))
    desk.work()
    assert only(desk).state is BatchState.RUNNING
    assert "it was handed in at scripted, and elsewhere is configured now" in caplog.text

    desk.use(replace(desk.reader, endpoint="scripted"))
    desk.work()
    assert only(desk).state is BatchState.COLLECTED


def test_a_process_that_dies_while_it_records_has_recorded_nothing(
    desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    desk.bulk.ended = True
    monkeypatch.setattr(reading_batches, "settled", lambda *_: _die())
    with pytest.raises(Died):
        desk.batches.collect(only(desk).id)
    assert (desk.calls(), only(desk).state) == (0, BatchState.RUNNING)

    monkeypatch.undo()
    desk.work()
    assert desk.calls() == 8
    assert only(desk).state is BatchState.COLLECTED


def test_an_endpoint_that_refuses_leaves_the_answers_to_the_instructor(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.bulk.available = False
    desk.work()

    assert only(desk).state is BatchState.REFUSED
    assert {each.review.no_draft for each in desk.queue()} == {NoDraft.FAILED}
    assert desk.calls() == 1  # the handing in, which failed


def test_an_endpoint_that_is_away_is_asked_again(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    desk.bulk.ended, desk.bulk.available = True, False
    desk.work()
    assert only(desk).state is BatchState.RUNNING

    desk.bulk.available = True
    desk.work()
    assert only(desk).state is BatchState.COLLECTED


def test_readings_that_failed_in_a_batch_are_left_to_the_instructor(desk: ReviewDesk) -> None:
    first = desk.queue()[0].review.submission_id
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    failed = {
        id(facts) for name, facts in desk.bulk.batches["batch-1"].items() if first.hex in name
    }
    desk.bulk.reads = lambda facts: None if id(facts) in failed else all_on(2)(facts)
    desk.bulk.ended = True
    desk.work()

    one, other = (each.review for each in desk.queue())
    assert (one.status, one.no_draft) == (ReviewStatus.WAITING, NoDraft.FAILED)
    assert other.undoubted
    assert desk.calls() == 8
    assert desk.spent() == ANSWER / 2


def test_who_takes_back_their_consent_before_it_is_handed_in_is_left_out(
    desk: ReviewDesk,
) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.consent(given=False)
    desk.work()

    (requests,) = desk.bulk.batches.values()
    assert len(requests) == 4
    mine, other = (each.review for each in desk.queue())
    assert mine.no_draft is NoDraft.NO_CONSENT
    assert other.undoubted
    assert desk.calls() == 4


def test_an_answer_that_is_decided_meanwhile_keeps_its_decision_and_is_charged(
    desk: ReviewDesk,
) -> None:
    desk.begin(ReadingMode.BATCH)
    desk.bulk.ended = False
    desk.work()
    key = desk.queue()[0].review.submission_id
    desk.release(key, 0, 1)
    desk.bulk.ended = True
    desk.work()

    assert desk.review(key).status is ReviewStatus.RELEASED
    assert desk.review(key).draft is None
    assert desk.submission(key).rubric_points == 1.0
    assert desk.calls() == 8
    assert desk.queue()[1].review.undoubted


def test_a_job_waits_for_each_batch(desk: ReviewDesk) -> None:
    desk.begin(ReadingMode.BATCH)
    batch = only(desk).id
    with desk.open_uow() as uow:
        assert uow.jobs.place(HAND_IN_BATCH, batch) is not None
        assert uow.jobs.place(COLLECT_BATCH, batch) is None


def test_an_endpoint_without_batches_says_so(desk: ReviewDesk) -> None:
    desk.use(replace(desk.reader, batches=None))
    with pytest.raises(InvalidInput):
        desk.begin(ReadingMode.BATCH)
    assert not desk.assessing.takes_batches
    assert desk.begin(ReadingMode.NOW).begun == 2


def test_many_answers_are_several_batches(
    desk: ReviewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_tutor.services.assessing.MOST_ANSWERS", 1)
    begun = desk.begin(ReadingMode.BATCH)
    one = most_cost(desk.reader, desk.revision.content, GOOD, Tier.BATCH)
    assert begun.most_cost == 2 * one
    desk.work()

    assert len(desk.bulk.batches) == 2
    assert statuses(desk) == [ReviewStatus.DRAFTED] * 2
    assert {each.exercise for each in desk.queue()} == {EXERCISE}


def _die() -> None:
    raise Died
