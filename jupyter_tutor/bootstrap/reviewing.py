"""Reviews as they are configured: the model that reads answers, and what a worker does for it."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from jupyter_tutor.bootstrap.machine import machine_names, machine_places
from jupyter_tutor.bootstrap.recipients import recipient_of, tagger
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.redaction import redact
from jupyter_tutor.llm.batches import ClaudeBatches
from jupyter_tutor.llm.claude import ClaudeTutorModel
from jupyter_tutor.llm.rubrics import prompt_digest
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.assessing import AssessingService
from jupyter_tutor.services.course_purse import CoursePurse
from jupyter_tutor.services.drafting import READING_SECONDS, DraftingService
from jupyter_tutor.services.reading_batches import ReadingBatchService
from jupyter_tutor.services.review_ports import Reader
from jupyter_tutor.services.reviewing import ReviewService
from jupyter_tutor.services.rubric_ports import RubricModel
from jupyter_tutor.storage.database import Database


@dataclass(frozen=True, slots=True)
class Reviewing:
    """All that reviews are made with.

    Attributes:
        reviews: Shows and releases.
        assessing: Has answers read.
        drafting: Reads them at once, in a worker.
        batches: Reads them in batches, in a worker; collects also where it is asked to.
    """

    reviews: ReviewService
    assessing: AssessingService
    drafting: DraftingService
    batches: ReadingBatchService

    @property
    def jobs(self) -> Mapping[str, Callable[[UUID], None]]:
        """The jobs by the names they are deferred under."""
        return {**self.drafting.jobs, **self.batches.jobs}

    def give_up(self, job: str, subject_id: UUID) -> None:
        """Do what is left when one of the jobs failed for good."""
        if job in self.batches.jobs:
            self.batches.give_up(job, subject_id)
        elif job in self.drafting.jobs:
            self.drafting.give_up(subject_id)


def reviewing_at(settings: Settings, database: Database, access: Access) -> Reviewing:
    """Return what reviews are made with."""
    purse, reader = CoursePurse(settings.budgets), _reader(settings, database)
    return Reviewing(
        reviews=ReviewService(database, access),
        assessing=AssessingService(database, access, purse, reader),
        drafting=DraftingService(database, purse, reader),
        batches=ReadingBatchService(database, access, purse, reader),
    )


def _reader(settings: Settings, database: Database) -> Reader | None:
    endpoint = settings.endpoint
    if endpoint is None:
        return None
    hosts, places = machine_names(), machine_places()
    recipient = recipient_of(settings)

    @asynccontextmanager
    async def opened() -> AsyncIterator[RubricModel]:
        model = ClaudeTutorModel(endpoint, hosts, places)
        try:
            yield model
        finally:
            await model.close()

    def without(text: str, names: Collection[str]) -> str:
        return redact(text, hosts=hosts, names=names, places=places)

    return Reader(
        endpoint=endpoint.name,
        model=endpoint.model,
        is_cloud=recipient.is_cloud,
        price=endpoint.price,
        most_tokens=endpoint.most_tokens,
        tag=tagger(database, endpoint, recipient),
        redact=without,
        digest=prompt_digest,
        open=opened,
        batches=ClaudeBatches(endpoint, hosts, places) if endpoint.batches else None,
        # A model on one's own machine may need longer, and is configured so.
        seconds=max(endpoint.seconds, READING_SECONDS),
    )
