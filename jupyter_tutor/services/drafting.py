"""Drafting: a worker has answers read at once, a few at a time, and records what that came to.

Load (transaction), ask (no transaction), record (transaction). A reading is claimed for some
minutes, so that no two workers make it; when one dies, the next makes it again after that time.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.errors import (
    ModelUnavailable,
    NotFound,
    StorageUnavailable,
    TutorError,
)
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.model_calls import ModelCall, Tier
from jupyter_tutor.domain.reviews import NoDraft, Review, ReviewStatus
from jupyter_tutor.domain.rubric_readings import Sample
from jupyter_tutor.services.assessing import READ_ANSWERS, READING_PRIORITY
from jupyter_tutor.services.course_purse import CoursePurse, learner_of
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.reading_facts import (
    READINGS,
    draft_from,
    made_by,
    most_cost,
    readings_of,
    refused,
)
from jupyter_tutor.services.review_ports import Reader
from jupyter_tutor.services.rubric_ports import RubricFacts, RubricModel

AT_ONCE: Final = 4
"""Answers that are read at the same time, each with all its readings."""

READING_SECONDS: Final = 60.0
"""How long all readings of an answer may take: nobody waits for them before a page."""

_TO_SPARE: Final = timedelta(minutes=2)
"""What a claim lasts beyond its reading, for what is loaded and recorded."""

TURN_SECONDS: Final = 20.0
"""After that the job lets others go first: learners wait for their grades."""

AGAIN: Final = timedelta(minutes=30)
"""When a job that failed for good, because the database was away for instance, is tried anew."""

RECORD_WAITS: Final = (1.0, 2.0, 4.0)
"""Seconds between tries to write down what a reading came to: it was paid for."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Task:
    """An answer that is about to be read."""

    review: Review
    reading_id: UUID
    revision: Revision
    learner_id: UUID
    readings: Mapping[str, RubricFacts]
    reservation_id: UUID


class DraftingService:
    """Makes drafts at once; its job runs in a worker's thread.

    Args:
        open_uow: Opens transactions.
        purse: What courses pay with.
        reader: The model, or None where none is configured here.
    """

    def __init__(
        self,
        open_uow: UnitOfWorkFactory,
        purse: CoursePurse,
        reader: Reader | None,
    ) -> None:
        self._open = open_uow
        self._purse = purse
        self._reader = reader
        self._seconds = reader.seconds if reader else READING_SECONDS
        self._claim_lasts = timedelta(seconds=self._seconds) + _TO_SPARE

    @property
    def jobs(self) -> Mapping[str, Callable[[UUID], None]]:
        """The job by the name it is deferred under."""
        return {READ_ANSWERS: self.read_answers}

    def read_answers(self, exercise_id: UUID) -> None:
        """Read the answers to an exercise that are to be read at once, for a while."""
        asyncio.run(self._turn(exercise_id))

    def give_up(self, exercise_id: UUID) -> None:
        """Have it tried once more, later: what is to be read still is."""
        with self._open() as uow:
            uow.jobs.defer(
                READ_ANSWERS,
                subject_id=exercise_id,
                priority=READING_PRIORITY,
                at=uow.now() + AGAIN,
                once=True,
            )

    async def _turn(self, exercise_id: UUID) -> None:
        begun = time.monotonic()
        while keys := await asyncio.to_thread(self._claim, exercise_id):
            await self._read_all(keys)
            if time.monotonic() - begun > TURN_SECONDS:
                break
        await asyncio.to_thread(self._go_on, exercise_id, not keys)

    def _claim(self, exercise_id: UUID) -> tuple[UUID, ...]:
        with self._open() as uow:
            return tuple(uow.reviews.claim(exercise_id, AT_ONCE, uow.now() + self._claim_lasts))

    def _go_on(self, exercise_id: UUID, done: bool) -> None:
        """Have the rest read: at once, or when the claims of a worker that died have ended."""
        with self._open() as uow:
            at = uow.reviews.claimed_until(exercise_id) if done else uow.now()
            if at is not None:
                uow.jobs.defer(
                    READ_ANSWERS,
                    subject_id=exercise_id,
                    priority=READING_PRIORITY,
                    at=at,
                    once=True,
                )

    async def _read_all(self, keys: tuple[UUID, ...]) -> None:
        prepared = [await asyncio.to_thread(self._prepare, key) for key in keys]
        tasks = [task for task in prepared if task is not None]
        reader = self._reader
        if not tasks or reader is None:
            return
        async with reader.open() as model, asyncio.TaskGroup() as group:
            for task in tasks:
                group.create_task(self._read(model, task))

    def _prepare(self, submission_id: UUID) -> _Task | None:
        """Return what there is to read, its money set aside; None where it is not read after all.

        What was allowed when an instructor asked may be forbidden now: a learner may change their
        mind at any time.
        """
        try:
            with self._open() as uow:
                handed_in = uow.submissions.submission(submission_id)
                self._purse.hold(uow, uow.courses.revision(handed_in.revision_id).course_slug)
                review = uow.reviews.lock(submission_id)
                if review.status is not ReviewStatus.READING or review.reading_id is None:
                    return None
                task = self._task(uow, review, review.reading_id)
                if isinstance(task, NoDraft):
                    uow.reviews.save(review.given_up(task))
                    return None
                return task
        except NotFound:
            # The learner was erased a moment ago.
            return None

    def _task(self, uow: UnitOfWork, review: Review, reading_id: UUID) -> _Task | NoDraft:
        submission = uow.submissions.submission(review.submission_id)
        revision = uow.courses.revision(submission.revision_id)
        reader = self._reader
        if reader is None:
            return NoDraft.NO_MODEL
        why = refused(uow, reader, submission.learner_id, revision)
        if why is not None:
            return why
        amount = most_cost(reader, revision.content, review.read_source, Tier.STANDARD)
        until = uow.now() + self._claim_lasts
        reserved = self._purse.reserve(uow, revision.course_slug, amount, until)
        if reserved is None:
            return NoDraft.BUDGET
        readings = readings_of(revision, review, reader.tag(submission.learner_id))
        return _Task(review, reading_id, revision, submission.learner_id, readings, reserved)

    async def _read(self, model: RubricModel, task: _Task) -> None:
        calls: list[ModelCall] = []
        said: dict[str, Sample | None] = {}
        try:
            async with asyncio.TaskGroup() as group:
                asked = {
                    name: group.create_task(self._ask(model, task.readings[name], calls))
                    for name in READINGS
                }
            said = {name: each.result() for name, each in asked.items()}
        finally:
            # Also when the worker is stopped: what was asked is charged all the same.
            await asyncio.shield(asyncio.to_thread(self._keep, task, calls, said))

    async def _ask(
        self, model: RubricModel, facts: RubricFacts, calls: list[ModelCall]
    ) -> Sample | None:
        try:
            return await model.assess(facts, calls.append, seconds=self._seconds)
        except ModelUnavailable as error:
            _log.info("a reading by a rubric came to nothing: %s", error.message)
            return None

    def _keep(self, task: _Task, calls: list[ModelCall], said: Mapping[str, Sample | None]) -> None:
        """Record a reading; one that can't be must not end those that are made beside it.

        Its claim ends by itself, and it is read again then.
        """
        for wait in (*RECORD_WAITS, None):
            try:
                self._record(task, calls, said)
            except StorageUnavailable as error:
                if wait is None:
                    self._lost(task, calls, error)
                else:
                    time.sleep(wait)
            except TutorError as error:
                self._lost(task, calls, error)
                return
            else:
                return

    def _lost(self, task: _Task, calls: list[ModelCall], error: TutorError) -> None:
        _log.error(
            "%s calls that read the answer %s were not recorded: %s",
            len(calls),
            task.review.submission_id,
            error.message,
        )

    def _record(
        self, task: _Task, calls: list[ModelCall], said: Mapping[str, Sample | None]
    ) -> None:
        """Write down what was called, and the draft, all or nothing."""
        reader, key = self._reader, task.review.submission_id
        if reader is None:
            return
        content = task.revision.content
        place = (task.revision.course_slug, content.slug)
        draft = draft_from(task.revision, task.review.read_source, said)
        with self._open() as uow:
            self._purse.record(uow, place, learner_of(uow, key), calls, reader.price)
            uow.ledger.release(task.reservation_id)
            try:
                review = uow.reviews.lock(key)
            except NotFound:
                return
            if draft is None:
                settled = review.failed(task.reading_id, NoDraft.FAILED)
            else:
                provenance = made_by(reader, task.revision, task.readings)
                settled = review.drafted(task.reading_id, draft, provenance)
            if settled is not None:
                uow.reviews.save(settled)
