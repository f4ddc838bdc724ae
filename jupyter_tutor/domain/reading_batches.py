"""Batches of readings: answers that are handed in together and read within a day, at half price.

    planned -> handing_in -> running -> collected
                   |______-> refused   (the endpoint said no)
                   |______-> lost      (the process died before it was known what became of it)

Before a batch is handed in, that it will be is written down; after it, under which name. Between
the two nobody knows whether the endpoint has it, so it is never handed in twice: one that was lost
may be charged for, and its money stays set aside for as long as a batch can run.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

MOST_ANSWERS: Final = 100
"""In one batch: what a batch brings is recorded in one transaction."""

RUNS_AT_MOST: Final = timedelta(hours=25)
"""An endpoint ends a batch within a day; what was set aside for it lasts a little longer."""

_FIRST: Final = timedelta(minutes=1)
_LATER: Final = timedelta(minutes=10)


class BatchState(StrEnum):
    """Where a batch stands."""

    PLANNED = "planned"
    HANDING_IN = "handing_in"
    RUNNING = "running"
    COLLECTED = "collected"
    LOST = "lost"
    REFUSED = "refused"

    @property
    def is_open(self) -> bool:
        """Whether something will still become of it by itself."""
        return self in (BatchState.PLANNED, BatchState.HANDING_IN, BatchState.RUNNING)


@dataclass(frozen=True, slots=True)
class ReadingBatch:
    """A batch.

    Attributes:
        id: Key (UUIDv7).
        course: Slug.
        exercise: Slug.
        state: Where it stands.
        endpoint: Name of the endpoint in the configuration.
        model: The model.
        submissions: Whose answers are in it.
        most_cost: What it may cost at most, in US dollars.
        begun_by: The instructor, or None once they were erased.
        created_at: When it was planned (UTC, database time).
        reservation_id: What is set aside for it, or None.
        name: What the endpoint calls it; "" before that is known.
        handed_in_at: When it was handed in, or None.
        ended_at: When it was collected, refused or lost, or None.
    """

    id: UUID
    course: str
    exercise: str
    state: BatchState
    endpoint: str
    model: str
    submissions: tuple[UUID, ...]
    most_cost: Decimal
    begun_by: UUID | None
    created_at: datetime
    reservation_id: UUID | None = None
    name: str = ""
    handed_in_at: datetime | None = None
    ended_at: datetime | None = None


def ask_again_at(batch: ReadingBatch, now: datetime) -> datetime:
    """Return when to ask for a batch again: soon at first, then every ten minutes."""
    age = now - (batch.handed_in_at or batch.created_at)
    return now + min(max(age, _FIRST), _LATER)
