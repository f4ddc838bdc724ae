"""An in-memory database: transactions without PostgreSQL, that keep the same promises.

Transactions run one after the other, whole: entering one waits until the last has ended. What a
transaction did is gone when an error leaves it.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from uuid import UUID

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.services.board import Board
from jupyter_tutor.testing.conversations import (
    InMemoryConsents,
    InMemoryConversations,
    InMemoryModelReplies,
)
from jupyter_tutor.testing.courses import InMemoryCourses
from jupyter_tutor.testing.hints import InMemoryHints, InMemoryHintSettings
from jupyter_tutor.testing.ledger import InMemoryLedger
from jupyter_tutor.testing.memories import InMemoryMemories
from jupyter_tutor.testing.people import InMemoryPeople
from jupyter_tutor.testing.personal import InMemoryInstallation, InMemoryPersonalData
from jupyter_tutor.testing.reads import InMemoryReadModels
from jupyter_tutor.testing.records import InMemoryAudit, InMemoryIdempotencyKeys, InMemoryJobs
from jupyter_tutor.testing.reviews import InMemoryReviews
from jupyter_tutor.testing.submissions import InMemorySubmissions
from jupyter_tutor.testing.tables import AuditEvent, StoredJob, Tables
from jupyter_tutor.testing.teaching import InMemoryTeachingReads

_PATIENCE = 30.0


class InMemoryDatabase:
    """Implements `ports.UnitOfWorkFactory`; `news` implements `ports.ResultNews`.

    Attributes:
        news: Hears of rows when the transaction that changed them has ended.
        available: Set it to False to make every transaction raise `StorageUnavailable`.
        clock: Where database time comes from; a test may replace it.
    """

    def __init__(self, clock: Callable[[], datetime] | None = None) -> None:
        self.news = Board()
        self.available = True
        self.clock = clock or (lambda: datetime.now(UTC))
        self.tables = Tables()
        self._lock = threading.Lock()
        self._owner: int | None = None

    def __call__(self) -> "InMemoryUnitOfWork":
        """Return a new transaction, not yet begun."""
        return InMemoryUnitOfWork(self)

    @property
    def jobs(self) -> tuple[StoredJob, ...]:
        """The jobs that wait, in the order in which they will run."""
        return tuple(sorted(self.tables.jobs, key=lambda job: (-job.priority, job.number)))

    @property
    def audit_events(self) -> tuple[AuditEvent, ...]:
        """The audit events, oldest first."""
        return tuple(self.tables.audit)

    def run_jobs(self, handlers: Mapping[str, Callable[[UUID], None]]) -> int:
        """Run the jobs that are due, and those they make, one after the other.

        A job whose handler raises is taken out of the queue, and the error passes.

        Args:
            handlers: By the name of the job. Jobs of other names stay.

        Returns:
            How many were run.
        """
        done = 0
        while (job := self._take(handlers)) is not None:
            handlers[job.name](job.subject_id)
            done += 1
        return done

    def _take(self, names: Mapping[str, object]) -> StoredJob | None:
        with self._lock:
            for job in self.jobs:
                if job.name in names and (job.at is None or job.at <= self.clock()):
                    self.tables.jobs.remove(job)
                    return job
        return None

    def begin(self) -> Tables:
        """Wait until no transaction runs, and begin one; returns what a rollback goes back to.

        Raises:
            StorageUnavailable: `available` is False.
            RuntimeError: This thread is in a transaction already, or another one never ends.
        """
        if not self.available:
            raise StorageUnavailable("The database does not answer. Try again in a moment.")
        if self._owner == threading.get_ident():
            raise RuntimeError("a transaction inside a transaction of the same thread")
        if not self._lock.acquire(timeout=_PATIENCE):
            raise RuntimeError("another transaction does not end")
        self._owner = threading.get_ident()
        return self.tables.copy()

    def end(self, snapshot: Tables | None) -> None:
        """End the transaction; go back to a snapshot, if one is given."""
        if snapshot is not None:
            self.tables = snapshot
        news, self.tables.news = self.tables.news, []
        self._owner = None
        self._lock.release()
        for subject_id in news:
            self.news.post(subject_id)


class InMemoryUnitOfWork:
    """Implements `ports.UnitOfWork`."""

    people: InMemoryPeople
    personal_data: InMemoryPersonalData
    installation: InMemoryInstallation
    courses: InMemoryCourses
    submissions: InMemorySubmissions
    hints: InMemoryHints
    hint_settings: InMemoryHintSettings
    reviews: InMemoryReviews
    ledger: InMemoryLedger
    consents: InMemoryConsents
    model_replies: InMemoryModelReplies
    conversations: InMemoryConversations
    memories: InMemoryMemories
    jobs: InMemoryJobs
    audit: InMemoryAudit
    idempotency: InMemoryIdempotencyKeys
    reads: InMemoryReadModels
    teaching: InMemoryTeachingReads

    def __init__(self, database: InMemoryDatabase) -> None:
        self._database = database
        self._snapshot: Tables | None = None
        self._now: datetime | None = None

    def now(self) -> datetime:
        """Return database time, the same during the whole transaction."""
        if self._now is None:
            raise RuntimeError("the unit of work has not begun")
        return self._now

    def __enter__(self) -> Self:
        """Begin the transaction."""
        if self._now is not None:
            raise RuntimeError("a unit of work is one transaction: open a new one")
        self._snapshot = self._database.begin()
        self._now = now = self._database.clock()
        tables = self._database.tables
        self.people = InMemoryPeople(tables, now)
        self.personal_data = InMemoryPersonalData(tables)
        self.installation = InMemoryInstallation(tables)
        self.courses = InMemoryCourses(tables, now)
        self.submissions = InMemorySubmissions(tables, now)
        self.hints = InMemoryHints(tables)
        self.hint_settings = InMemoryHintSettings(tables, now)
        self.reviews = InMemoryReviews(tables, now)
        self.ledger = InMemoryLedger(tables, now)
        self.consents = InMemoryConsents(tables)
        self.model_replies = InMemoryModelReplies(tables, now)
        self.conversations = InMemoryConversations(tables)
        self.memories = InMemoryMemories(tables)
        self.jobs = InMemoryJobs(tables, now)
        self.audit = InMemoryAudit(tables, now)
        self.idempotency = InMemoryIdempotencyKeys(tables)
        self.reads = InMemoryReadModels(tables)
        self.teaching = InMemoryTeachingReads(tables)
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Keep what was done, or go back when an error passes."""
        self._database.end(None if error is None else self._snapshot)
