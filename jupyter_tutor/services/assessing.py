"""Assessing: an instructor has the waiting answers to an exercise read, now or within a day.

Nothing is asked of a model here: it is decided what may be read, and that is written down with the
jobs that do it (`drafting`, `reading_batches`). What may not be read is left to the instructor, who
is told why.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.model_calls import Tier
from jupyter_tutor.domain.person_names import names_of
from jupyter_tutor.domain.quotas import PLACES
from jupyter_tutor.domain.reading_batches import (
    MOST_ANSWERS,
    RUNS_AT_MOST,
    BatchState,
    ReadingBatch,
)
from jupyter_tutor.domain.reviews import NoDraft, ReadingMode, Review
from jupyter_tutor.domain.rubric_readings import AUDITED, is_audited
from jupyter_tutor.services.access import Access, digest
from jupyter_tutor.services.course_purse import CoursePurse
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.reading_facts import most_cost, refused, source_of, unreadable
from jupyter_tutor.services.review_ports import QueueEntry, Reader
from jupyter_tutor.services.tutor_facts import telling_names

READ_ANSWERS: Final = "read_answers"
HAND_IN_BATCH: Final = "hand_in_batch"
COLLECT_BATCH: Final = "collect_batch"
READING_PRIORITY: Final = -5
"""Whoever waits for a grade goes first."""

_COUNT_BITS: Final = 32
_COST_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Begun:
    """What was begun.

    Attributes:
        mode: When answers are read.
        begun: How many will be read.
        already: How many are being read, have a draft, or were released.
        not_begun: How many are left to the instructor, by reason.
        most_cost: What all of it costs at most, in US dollars.
    """

    mode: ReadingMode
    begun: int
    already: int
    not_begun: dict[NoDraft, int]
    most_cost: Decimal


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An answer that may be read, as it will be sent, and what that costs at most."""

    review: Review
    source: str
    cost: Decimal


class AssessingService:
    """Has answers read by a model.

    Args:
        open_uow: Opens transactions.
        access: Who may do what.
        purse: What courses pay with.
        reader: The model, or None where none is configured.
        audited: The share of drafts that is kept from who decides, 0 to 1.
        secret: Draws a secret, so that nobody can foresee which.
    """

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        access: Access,
        purse: CoursePurse,
        reader: Reader | None,
        *,
        audited: float = AUDITED,
        secret: Callable[[], bytes] = lambda: secrets.token_bytes(32),
    ) -> None:
        self._open = open_uow
        self._access = access
        self._purse = purse
        self._reader = reader
        self._audited = audited
        self._secret = secret

    @property
    def model(self) -> str:
        """The model that reads, or "" where none is configured."""
        return self._reader.model if self._reader else ""

    @property
    def takes_batches(self) -> bool:
        """Whether many are read at half the price."""
        return self._reader is not None and self._reader.batches is not None

    def begin(
        self, actor_id: UUID, course: str, exercise: str, mode: ReadingMode, key: str
    ) -> Begun:
        """Have the waiting answers to an exercise read.

        A repeat with the same key begins nothing and answers what the first one did, with the
        reasons for which answers are left now.

        Raises:
            NotFound: There is no such course for them, or no such exercise in it.
            NotAllowed: They are no instructor of it.
            InvalidInput: The endpoint takes no batches.
            IdempotencyKeyReused: The key was used for something else.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            if mode is ReadingMode.BATCH and self._reader and not self.takes_batches:
                raise InvalidInput("This model takes no batches. Have the answers read now.")
            asked = digest(course, exercise, mode.value)
            receipt = uow.idempotency.claim(actor_id, key, "readings", asked)
            entries = uow.reviews.queue(course, exercise)
            waiting = [each for each in entries if each.review.may_be_read]
            if receipt is not None:
                return _said_by(receipt, mode, [each.review for each in waiting])
            wanted, left = self._sorted_out(uow, course, waiting, mode)
            begun = Begun(
                mode=mode,
                begun=len(wanted),
                already=len(entries) - len(waiting),
                not_begun=dict(Counter(left.values())),
                most_cost=sum((each.cost for each in wanted), Decimal(0)).quantize(PLACES),
            )
            self._leave(uow, left)
            self._begin(uow, (course, exercise), actor_id, wanted, mode)
            said = f"{mode.value}: {begun.begun} begun, {len(left)} left"
            uow.audit.add(actor_id, "readings.begun", f"exercise:{course}/{exercise}", said)
            uow.idempotency.settle(actor_id, key, _receipt(begun))
            return begun

    def _sorted_out(
        self, uow: UnitOfWork, course: str, waiting: Sequence[QueueEntry], mode: ReadingMode
    ) -> tuple[list[_Wanted], dict[UUID, NoDraft]]:
        """Return what may be read, and by key of a submission why the rest may not."""
        left: dict[UUID, NoDraft] = {}
        wanted: list[_Wanted] = []
        reader = self._reader
        if reader is None:
            return [], {each.review.submission_id: NoDraft.NO_MODEL for each in waiting}
        tier = Tier.BATCH if mode is ReadingMode.BATCH else Tier.STANDARD
        revisions = uow.courses.revisions({each.revision_id for each in waiting})
        quota, sum_ = self._purse.left(uow, course), Decimal(0)
        for each in waiting:
            key, revision = each.review.submission_id, revisions[each.revision_id]
            source = _source(uow, reader, each, revision)
            why = refused(uow, reader, each.learner_id, revision) or unreadable(source)
            amount = most_cost(reader, revision.content, source, tier)
            if why is None and not quota.allows((sum_ + amount).quantize(PLACES)):
                why = NoDraft.BUDGET
            if why is None:
                sum_ += amount
                wanted.append(_Wanted(each.review, source, amount))
            else:
                left[key] = why
        return wanted, left

    def _leave(self, uow: UnitOfWork, left: dict[UUID, NoDraft]) -> None:
        for key in sorted(left):
            uow.reviews.save(uow.reviews.lock(key).not_begun(left[key]))

    def _begin(
        self,
        uow: UnitOfWork,
        place: tuple[str, str],
        actor_id: UUID,
        wanted: list[_Wanted],
        mode: ReadingMode,
    ) -> None:
        # Whoever locks several reviews does so in this order.
        wanted = sorted(wanted, key=lambda each: each.review.submission_id)
        if mode is ReadingMode.NOW:
            self._mark(uow, wanted, None)
            if wanted:
                revision = _revision_of(uow, wanted[0])
                uow.jobs.defer(
                    READ_ANSWERS,
                    subject_id=revision.exercise_id,
                    priority=READING_PRIORITY,
                    once=True,
                )
            return
        for part in _parts(wanted):
            self._plan(uow, place, actor_id, part)

    def _plan(
        self, uow: UnitOfWork, place: tuple[str, str], actor_id: UUID, part: list[_Wanted]
    ) -> None:
        """Write a batch down, with its money set aside, and the job that hands it in."""
        reader = self._reader
        if reader is None:
            raise RuntimeError("nothing is read without a reader")
        course, exercise = place
        amount = sum((each.cost for each in part), Decimal(0)).quantize(PLACES)
        batch = ReadingBatch(
            id=uuid7(),
            course=course,
            exercise=exercise,
            state=BatchState.PLANNED,
            endpoint=reader.endpoint,
            model=reader.model,
            submissions=tuple(each.review.submission_id for each in part),
            most_cost=amount,
            begun_by=actor_id,
            created_at=uow.now(),
            reservation_id=self._purse.reserve(uow, course, amount, uow.now() + RUNS_AT_MOST),
        )
        uow.reviews.add_batch(batch)
        self._mark(uow, part, batch.id)
        uow.jobs.defer(HAND_IN_BATCH, subject_id=batch.id, priority=READING_PRIORITY)

    def _mark(self, uow: UnitOfWork, wanted: Sequence[_Wanted], batch_id: UUID | None) -> None:
        for each in wanted:
            key = each.review.submission_id
            drawn = is_audited(key, self._secret(), self._audited)
            review = uow.reviews.lock(key)
            # A review that began meanwhile raises, and nothing of all this was done.
            begun = review.begun(uuid7(), each.source, audited=drawn, batch_id=batch_id)
            uow.reviews.save(begun)


def _receipt(of: Begun) -> UUID:
    """Return what is kept with the key: the numbers, since a beginning makes no one row."""
    counts = of.begun << _COUNT_BITS | of.already
    return UUID(int=counts << _COST_BITS | int(of.most_cost / PLACES))


def _said_by(receipt: UUID, mode: ReadingMode, waiting: Sequence[Review]) -> Begun:
    """Return what was begun; why answers were left stands with their reviews."""
    counts, cost = divmod(receipt.int, 1 << _COST_BITS)
    begun, already = divmod(counts, 1 << _COUNT_BITS)
    # A reading that came to nothing had been begun.
    left: Counter[NoDraft] = Counter(
        why for each in waiting if (why := each.no_draft) not in (None, NoDraft.FAILED)
    )
    return Begun(mode, begun, already, dict(left), (cost * PLACES).quantize(PLACES))


def _source(uow: UnitOfWork, reader: Reader, entry: QueueEntry, revision: Revision) -> str:
    """Return an answer as it is sent: without what tells who wrote it."""
    answer = uow.submissions.submission(entry.review.submission_id).answer
    names = names_of(uow.people.names(entry.learner_id))
    return reader.redact(source_of(answer), telling_names(revision.content, names))


def _parts(wanted: list[_Wanted]) -> Iterator[list[_Wanted]]:
    for begin in range(0, len(wanted), MOST_ANSWERS):
        yield wanted[begin : begin + MOST_ANSWERS]


def _revision_of(uow: UnitOfWork, wanted: _Wanted) -> Revision:
    submission = uow.submissions.submission(wanted.review.submission_id)
    return uow.courses.revision(submission.revision_id)
