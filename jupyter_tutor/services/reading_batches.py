"""Batches of readings: handed in once, asked for again and again, recorded all or nothing.

That a batch is about to be handed in is written down before, under which name it was after. A
process that dies in between leaves a batch of which nobody knows whether the endpoint has it: it is
not handed in again, its answers are left to the instructor, and its money stays set aside for as
long as it could run, since it may be charged. What a batch brings is recorded, calls and drafts, in
the transaction that marks it collected, so that who collects it a second time finds nothing to do.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.errors import ModelUnavailable, NotFound, StorageUnavailable
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Tier
from jupyter_tutor.domain.quotas import PLACES
from jupyter_tutor.domain.reading_batches import (
    RUNS_AT_MOST,
    BatchState,
    ReadingBatch,
    ask_again_at,
)
from jupyter_tutor.domain.reviews import NoDraft, Review
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.assessing import (
    COLLECT_BATCH,
    HAND_IN_BATCH,
    READING_PRIORITY,
)
from jupyter_tutor.services.batch_facts import (
    BatchedAnswer,
    Said,
    as_one_call,
    is_read_in,
    of_those_who_left,
    price_then,
    requests_of,
    settled,
)
from jupyter_tutor.services.course_purse import CoursePurse, learner_of
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.reading_facts import (
    in_order,
    most_cost,
    readings_of,
    refused,
)
from jupyter_tutor.services.review_ports import Reader
from jupyter_tutor.services.rubric_ports import BatchModel, BatchNotTaken

UNFETCHED: Final = timedelta(days=28)
"""After that an endpoint has forgotten what a batch brought."""

NAME_WAITS: Final = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Seconds between tries to store what the endpoint calls a batch: without that it is lost."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Collected:
    """What asking for batches brought: how many were fetched, and how many are still read."""

    collected: int
    running: int


class ReadingBatchService:
    """Hands batches in and collects them; its jobs run in a worker's threads.

    Args:
        open_uow: Opens transactions.
        access: Who may do what.
        purse: What courses pay with.
        reader: The model, or None where none is configured here.
    """

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        access: Access,
        purse: CoursePurse,
        reader: Reader | None,
    ) -> None:
        self._open = open_uow
        self._access = access
        self._purse = purse
        self._reader = reader

    @property
    def jobs(self) -> Mapping[str, Callable[[UUID], None]]:
        """The jobs by the names they are deferred under."""
        return {HAND_IN_BATCH: self.hand_in, COLLECT_BATCH: self.collect}

    def hand_in(self, batch_id: UUID) -> None:
        """Hand a planned batch in; one that was being handed in when a process died is lost."""
        with self._open() as uow:
            batch = uow.reviews.lock_batch(batch_id)
            if batch.state is BatchState.HANDING_IN:
                self._lose(uow, batch)
                return
            if batch.state is not BatchState.PLANNED:
                return
            model, reader = self._batches(), self._reader
            if model is None or reader is None:
                self._refuse(uow, batch, NoDraft.NO_MODEL)
                return
            # Before any review is locked; see `CoursePurse.hold`.
            self._purse.hold(uow, batch.course)
            self._leave_out(uow, batch)
            answers = self._answers(uow, batch)
            asked = {key: each for key, each in answers.items() if is_read_in(each.review, batch)}
            if not asked:
                self._refuse(uow, batch, NoDraft.FAILED)
                return
            paid = self._paid(uow, reader, batch, asked)
            if paid is None:
                self._refuse(uow, batch, NoDraft.BUDGET)
                return
            requests = requests_of(asked)
            batch = replace(paid, state=BatchState.HANDING_IN, submissions=tuple(asked))
            uow.reviews.save_batch(batch)
        try:
            name = asyncio.run(model.begin_batch(requests))
        except ModelUnavailable as error:
            _log.warning("the batch of readings %s was not taken: %s", batch.id, error.message)
            self._not_taken(batch, surely=isinstance(error, BatchNotTaken))
            return
        _log.info("the batch of readings %s is %s at %s", batch.id, name, batch.endpoint)
        self._note(batch, name)

    def _paid(
        self,
        uow: UnitOfWork,
        reader: Reader,
        batch: ReadingBatch,
        asked: Mapping[UUID, BatchedAnswer],
    ) -> ReadingBatch | None:
        """Return a batch as it is handed in, its money set aside anew; None where there is none.

        It may have waited for a worker for longer than its money stays set aside, and another model
        at another price may be configured since it was planned.
        """
        if batch.reservation_id is not None:
            uow.ledger.release(batch.reservation_id)
        costs = [
            most_cost(reader, each.revision.content, each.review.read_source, Tier.BATCH)
            for each in asked.values()
        ]
        amount = sum(costs, Decimal(0)).quantize(PLACES)
        reserved = self._purse.reserve(uow, batch.course, amount, uow.now() + RUNS_AT_MOST)
        if reserved is None:
            return None
        return replace(
            batch,
            endpoint=reader.endpoint,
            model=reader.model,
            most_cost=amount,
            reservation_id=reserved,
        )

    def _batches(self) -> BatchModel | None:
        return self._reader.batches if self._reader else None

    def _leave_out(self, uow: UnitOfWork, batch: ReadingBatch) -> None:
        """Leave to the instructor what may not be read any more."""
        for key in in_order(batch.submissions):
            review = _locked(uow, key)
            if review is None or self._reader is None or not is_read_in(review, batch):
                continue
            submission = uow.submissions.submission(key)
            revision = uow.courses.revision(submission.revision_id)
            why = refused(uow, self._reader, submission.learner_id, revision)
            if why is not None:
                uow.reviews.save(review.given_up(why))

    def _answers(self, uow: UnitOfWork, batch: ReadingBatch) -> dict[UUID, BatchedAnswer]:
        """Return the answers in a batch that are still there, with what was or will be sent."""
        found: dict[UUID, BatchedAnswer] = {}
        for key in in_order(batch.submissions):
            learner_id = learner_of(uow, key)
            review = uow.reviews.get(key) if learner_id is not None else None
            if self._reader and learner_id and review and review.batch_id == batch.id:
                revision = uow.courses.revision(uow.submissions.submission(key).revision_id)
                tag = self._reader.tag(learner_id)
                found[key] = BatchedAnswer(review, revision, readings_of(revision, review, tag))
        return found

    def _note(self, batch: ReadingBatch, name: str) -> None:
        """Store what the endpoint calls a batch, also if the database is away for a moment.

        Raises:
            StorageUnavailable: It still was after a minute. The log has the name.
        """
        for wait in NAME_WAITS:
            try:
                self._taken(batch, name)
            except StorageUnavailable as error:
                _log.warning("the name %s of a batch is not stored yet: %s", name, error.message)
                time.sleep(wait)
            else:
                return
        self._taken(batch, name)

    def _taken(self, batch: ReadingBatch, name: str) -> None:
        with self._open() as uow:
            known = uow.reviews.lock_batch(batch.id)
            if known.name:
                # A try before this one was heard, though its answer was not.
                return
            running = replace(
                known,
                state=BatchState.RUNNING,
                name=name,
                handed_in_at=uow.now(),
                ended_at=None,
            )
            uow.reviews.save_batch(running)
            self._ask_again(uow, running, ask_again_at(running, uow.now()))

    def _not_taken(self, batch: ReadingBatch, *, surely: bool) -> None:
        """Leave the answers to the instructor.

        Unless it was surely not taken, nobody knows whether it was after all: then what was set
        aside stays so, until it ends by itself.
        """
        with self._open() as uow:
            known = uow.reviews.lock_batch(batch.id)
            if surely:
                self._refuse(uow, known, NoDraft.FAILED)
            else:
                self._end(uow, known, BatchState.REFUSED, NoDraft.FAILED)
            self._bill(uow, known, CallOutcome.FAILED)

    def _lose(self, uow: UnitOfWork, batch: ReadingBatch) -> None:
        """End a batch of which nobody will know what it used: the ledger says that it was."""
        self._end(uow, batch, BatchState.LOST, NoDraft.FAILED)
        self._bill(uow, batch, CallOutcome.CUT)

    def _bill(self, uow: UnitOfWork, batch: ReadingBatch, outcome: CallOutcome) -> None:
        """Write down a batch as one call, of which the endpoint did not say what it used."""
        call = as_one_call(batch, outcome)
        price = price_then(self._reader, batch)
        self._purse.record(uow, (batch.course, batch.exercise), None, [call], price)

    def _refuse(self, uow: UnitOfWork, batch: ReadingBatch, why: NoDraft) -> None:
        """End a batch that was never handed in: its money is free again."""
        self._end(uow, batch, BatchState.REFUSED, why)
        if batch.reservation_id is not None:
            uow.ledger.release(batch.reservation_id)

    def _end(self, uow: UnitOfWork, batch: ReadingBatch, state: BatchState, why: NoDraft) -> None:
        for key in in_order(batch.submissions):
            review = _locked(uow, key)
            if review is not None and is_read_in(review, batch):
                uow.reviews.save(review.given_up(why))
        uow.reviews.save_batch(replace(batch, state=state, ended_at=uow.now()))

    def collect(self, batch_id: UUID) -> None:
        """Ask for a batch, and ask again later where it is not ready yet."""
        if asyncio.run(self._fetched(batch_id)):
            return
        with self._open() as uow:
            batch = uow.reviews.lock_batch(batch_id)
            if batch.state is not BatchState.RUNNING:
                return
            if uow.now() - (batch.handed_in_at or batch.created_at) > UNFETCHED:
                self._lose(uow, batch)
                return
            self._ask_again(uow, batch, ask_again_at(batch, uow.now()))

    def give_up(self, job: str, batch_id: UUID) -> None:
        """Do what is left when a job failed for good: ask again in an hour, or give up."""
        with self._open() as uow:
            batch = uow.reviews.lock_batch(batch_id)
            if job == COLLECT_BATCH and batch.state is BatchState.RUNNING:
                self._ask_again(uow, batch, uow.now() + timedelta(hours=1))
            elif batch.state is BatchState.PLANNED:
                self._refuse(uow, batch, NoDraft.FAILED)
            elif batch.state is BatchState.HANDING_IN:
                self._lose(uow, batch)

    def _ask_again(self, uow: UnitOfWork, batch: ReadingBatch, at: datetime) -> None:
        uow.jobs.defer(
            COLLECT_BATCH, subject_id=batch.id, priority=READING_PRIORITY, at=at, once=True
        )

    async def collect_now(self, actor_id: UUID, course: str, key: str) -> Collected:
        """Ask for every batch of a course that is being read; to ask twice changes nothing.

        Raises:
            NotFound: There is no such course for them.
            NotAllowed: They are no instructor of it.
            IdempotencyKeyReused: The key was used for something else.
        """
        batches = await asyncio.to_thread(self._running, actor_id, course, key)
        done = [await self._fetched(batch.id) for batch in batches]
        return Collected(sum(done), len(done) - sum(done))

    def _running(self, actor_id: UUID, course: str, key: str) -> Sequence[ReadingBatch]:
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            uow.idempotency.claim(actor_id, key, "readings_collection", digest(course))
            known = uow.reviews.batches(course, uow.now())
            return [each for each in known if each.state is BatchState.RUNNING]

    async def _fetched(self, batch_id: UUID) -> bool:
        """Fetch a batch and record what it brought; False: it is not ready, or can't be had now."""
        batch, answers = await asyncio.to_thread(self._load, batch_id)
        model = self._batches()
        if batch.state is not BatchState.RUNNING:
            return True
        if model is None or self._reader is None:
            return False
        if batch.endpoint != self._reader.endpoint:
            # Another endpoint does not know it, and has no business with its name.
            _log.warning(
                "the batch of readings %s (%s) is not fetched: it was handed in at %s, and %s is "
                "configured now; configure the former again within %s days to have it",
                batch.id,
                batch.name,
                batch.endpoint,
                self._reader.endpoint,
                UNFETCHED.days,
            )
            return False
        requests = requests_of(answers) | of_those_who_left(batch, answers)
        calls: list[ModelCall] = []
        try:
            said = await model.collect(batch.name, requests, calls.append)
        except ModelUnavailable as error:
            _log.warning("a batch of readings was not fetched: %s", error.message)
            return False
        if said is None:
            return False
        # Results are there for good: who goes away does not keep them from being recorded.
        await asyncio.shield(asyncio.to_thread(self._record, batch_id, answers, calls, said))
        return True

    def _load(self, batch_id: UUID) -> tuple[ReadingBatch, dict[UUID, BatchedAnswer]]:
        with self._open() as uow:
            batch = uow.reviews.batch(batch_id)
            return batch, self._answers(uow, batch)

    def _record(
        self,
        batch_id: UUID,
        answers: Mapping[UUID, BatchedAnswer],
        calls: Sequence[ModelCall],
        said: Said,
    ) -> None:
        """Record calls and drafts, all or nothing, unless somebody did so already."""
        reader = self._reader
        with self._open() as uow:
            batch = uow.reviews.lock_batch(batch_id)
            if batch.state is not BatchState.RUNNING or reader is None:
                return
            self._charge(uow, reader, batch, calls)
            for key in in_order(batch.submissions):
                review = _locked(uow, key)
                answer = answers.get(key)
                if review is not None and answer is not None and is_read_in(review, batch):
                    uow.reviews.save(settled(reader, review, batch, answer, said))
            if batch.reservation_id is not None:
                uow.ledger.release(batch.reservation_id)
            uow.reviews.save_batch(replace(batch, state=BatchState.COLLECTED, ended_at=uow.now()))

    def _charge(
        self, uow: UnitOfWork, reader: Reader, batch: ReadingBatch, calls: Sequence[ModelCall]
    ) -> None:
        place = (batch.course, batch.exercise)
        price = price_then(reader, batch)
        learners = {key.hex: learner_of(uow, key) for key in batch.submissions}
        for call in calls:
            # The endpoint's name of a call ends in ours of the request.
            owner = call.request_id.rpartition("/")[2].partition("-")[0]
            # What reads it is what was configured when it was handed in, not what is now.
            read = replace(call, endpoint=batch.endpoint, model=batch.model)
            self._purse.record(uow, place, learners.get(owner), [read], price)


def _locked(uow: UnitOfWork, submission_id: UUID) -> Review | None:
    """Return a review, locked, or None where its learner has left."""
    try:
        return uow.reviews.lock(submission_id)
    except NotFound:
        return None
