"""What a batch of readings asks, what its answers come to, and what it is charged by."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.model_calls import CallOutcome, ModelCall, Purpose, Tier
from jupyter_tutor.domain.pricing import FREE, Price, price_of
from jupyter_tutor.domain.reading_batches import ReadingBatch
from jupyter_tutor.domain.reviews import NoDraft, Review, ReviewStatus
from jupyter_tutor.domain.rubric_readings import Sample
from jupyter_tutor.services.reading_facts import READINGS, draft_from, made_by, unknown_facts
from jupyter_tutor.services.review_ports import Reader
from jupyter_tutor.services.rubric_ports import RubricFacts

_log = logging.getLogger(__name__)

Said = Mapping[str, Sample | CallOutcome]
"""By name of a request the reading, or how it ended without one."""


@dataclass(frozen=True, slots=True)
class BatchedAnswer:
    """An answer in a batch, as it was handed in."""

    review: Review
    revision: Revision
    readings: Mapping[str, RubricFacts]


def request_name(submission_id: UUID, reading: str) -> str:
    """Return what a reading of an answer is called in a batch."""
    return f"{submission_id.hex}-{reading}"


def requests_of(answers: Mapping[UUID, BatchedAnswer]) -> dict[str, RubricFacts]:
    """Return what is asked of all answers, by name."""
    return {
        request_name(key, name): facts
        for key, answer in answers.items()
        for name, facts in answer.readings.items()
    }


def of_those_who_left(
    batch: ReadingBatch, answers: Mapping[UUID, BatchedAnswer]
) -> dict[str, RubricFacts]:
    """Return requests of learners who have left since: they cost what they cost."""
    return {
        request_name(key, name): unknown_facts()
        for key in batch.submissions
        if key not in answers
        for name in READINGS
    }


def settled(
    reader: Reader, review: Review, batch: ReadingBatch, answer: BatchedAnswer, said: Said
) -> Review:
    """Return a review with what its readings came to."""
    key, source = review.submission_id, answer.review.read_source
    found = {name: said.get(request_name(key, name)) for name in READINGS}
    samples = {name: one if isinstance(one, Sample) else None for name, one in found.items()}
    draft = draft_from(answer.revision, source, samples)
    if draft is None or review.reading_id is None:
        return review.given_up(NoDraft.FAILED)
    provenance = replace(
        made_by(reader, answer.revision, answer.readings),
        endpoint=batch.endpoint,
        model=batch.model,
    )
    return review.drafted(review.reading_id, draft, provenance) or review


def is_read_in(review: Review, batch: ReadingBatch) -> bool:
    """Whether an answer still waits for what a batch brings."""
    return review.status is ReviewStatus.READING and review.batch_id == batch.id


def price_then(reader: Reader | None, batch: ReadingBatch) -> Price:
    """Return what the model of a batch charges, as far as that is known."""
    if reader is not None and reader.model == batch.model:
        return reader.price
    listed = price_of(batch.model, {}, local=reader is None)
    if listed is not None:
        return listed
    _log.warning("what %s costs is not known any more: today's model is charged", batch.model)
    return FREE if reader is None else reader.price


def as_one_call(batch: ReadingBatch, outcome: CallOutcome) -> ModelCall:
    """Return a batch as a call of which is not known what it used: it stands for all of them."""
    return ModelCall(
        purpose=Purpose.RUBRIC,
        endpoint=batch.endpoint,
        model=batch.model,
        request_id=batch.name,
        usage=None,
        tier=Tier.BATCH,
        outcome=outcome,
        seconds=0.0,
    )
