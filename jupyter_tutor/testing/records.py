"""The queue, idempotency keys and audit events in memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.errors import IdempotencyKeyReused, NotFound
from jupyter_tutor.services.read_models import Place
from jupyter_tutor.testing.lookups import require_person
from jupyter_tutor.testing.tables import AuditEvent, StoredJob, StoredKey, Tables


class InMemoryJobs:
    """Implements `ports.Jobs`; `InMemoryDatabase.run_jobs` runs what was deferred."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def defer(
        self,
        name: str,
        *,
        subject_id: UUID,
        priority: int,
        at: datetime | None = None,
        once: bool = False,
    ) -> None:
        """Enqueue a job by name for a row, to run now or at a time; higher priority goes first."""
        waiting = {(job.name, job.subject_id) for job in self._tables.jobs}
        if once and (name, subject_id) in waiting:
            return
        number = max((job.number for job in self._tables.jobs), default=0) + 1
        self._tables.jobs.append(StoredJob(number, name, subject_id, priority, at))

    def place(self, name: str, subject_id: UUID) -> Place | None:
        """Return where a job stands among those that wait; how long that takes is not known."""
        due = [job for job in self._tables.jobs if job.at is None or job.at <= self._now]
        order = sorted(due, key=lambda job: (-job.priority, job.number))
        found = (
            Place(ahead, None)
            for ahead, job in enumerate(order)
            if (job.name, job.subject_id) == (name, subject_id)
        )
        return next(found, None)

    def lengths(self) -> Mapping[str, int]:
        """Return how many jobs of each name wait now."""
        due = (job.name for job in self._tables.jobs if job.at is None or job.at <= self._now)
        return Counter(due)

    def isolations(self) -> Sequence[str]:
        """Return nothing: no worker lives here."""
        return ()


class InMemoryIdempotencyKeys:
    """Implements `ports.IdempotencyKeys`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def claim(self, person_id: UUID, key: str, operation: str, digest: str) -> UUID | None:
        """Claim a key for this transaction; None when it is new."""
        require_person(self._tables, person_id)
        known = self._tables.keys.setdefault((person_id, key), StoredKey(operation, digest))
        if (known.operation, known.digest) != (operation, digest):
            raise IdempotencyKeyReused(
                "This request repeats the key of an earlier, different one. Reload and try again."
            )
        return known.result_id

    def settle(self, person_id: UUID, key: str, result_id: UUID) -> None:
        """Remember what the write made."""
        known = self._tables.keys.get((person_id, key))
        if known is None:
            raise NotFound("The idempotency key was not claimed.")
        self._tables.keys[person_id, key] = replace(known, result_id=result_id)


class InMemoryAudit:
    """Implements `ports.Audit`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def add(self, actor_id: UUID | None, action: str, subject: str, details: str = "") -> None:
        """Append an audit event."""
        if actor_id is not None:
            require_person(self._tables, actor_id)
        self._tables.audit.append(AuditEvent(actor_id, action, subject, details, self._now))
