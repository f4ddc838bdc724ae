"""One transaction and the repositories in it."""

from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage.contents import Contents
from jupyter_tutor.storage.failures import translated
from jupyter_tutor.storage.jobs import PostgresJobs
from jupyter_tutor.storage.queries import PostgresReadModels
from jupyter_tutor.storage.repositories import (
    PostgresAudit,
    PostgresConsents,
    PostgresConversations,
    PostgresCourses,
    PostgresHints,
    PostgresHintSettings,
    PostgresIdempotencyKeys,
    PostgresInstallation,
    PostgresLedger,
    PostgresMemories,
    PostgresModelReplies,
    PostgresPeople,
    PostgresPersonalData,
    PostgresReviews,
    PostgresSubmissions,
)
from jupyter_tutor.storage.teaching_queries import PostgresTeachingReads


class PostgresUnitOfWork:
    """Implements `ports.UnitOfWork` by one READ COMMITTED transaction, in one thread.

    Failures of the database leave the `with` block as errors of the domain (see `failures`).
    """

    def __init__(
        self, engine: Engine, contents: Contents, revive: Callable[[], object] | None = None
    ) -> None:
        """Prepare a transaction.

        Args:
            engine: Where connections come from.
            contents: What is remembered of published content.
            revive: Called when the database does not answer, before the one repeated try; it may
                raise StorageUnavailable.
        """
        self._revive = revive
        self._session = Session(
            engine,
            autoflush=False,
            expire_on_commit=False,
            # Another transaction may have changed a row since it was read here.
            execution_options={"populate_existing": True},
        )
        self.people = PostgresPeople(self._session)
        self.personal_data = PostgresPersonalData(self._session)
        self.installation = PostgresInstallation(self._session)
        self.courses = PostgresCourses(self._session, contents)
        self.submissions = PostgresSubmissions(self._session)
        self.hints = PostgresHints(self._session)
        self.hint_settings = PostgresHintSettings(self._session)
        self.reviews = PostgresReviews(self._session)
        self.ledger = PostgresLedger(self._session)
        self.consents = PostgresConsents(self._session)
        self.model_replies = PostgresModelReplies(self._session)
        self.conversations = PostgresConversations(self._session)
        self.memories = PostgresMemories(self._session)
        self.jobs = PostgresJobs(self._session)
        self.audit = PostgresAudit(self._session)
        self.idempotency = PostgresIdempotencyKeys(self._session)
        self.reads = PostgresReadModels(self._session)
        self.teaching = PostgresTeachingReads(self._session)
        self._now: datetime | None = None

    def now(self) -> datetime:
        """Return database time (UTC), the same during the whole transaction."""
        if self._now is None:
            raise RuntimeError("the unit of work has not begun")
        return self._now

    def __enter__(self) -> Self:
        """Begin the transaction.

        Raises:
            StorageUnavailable: The database does not answer, or too many transactions are open.
        """
        if self._now is not None:
            raise RuntimeError("a unit of work is one transaction: open a new one")
        try:
            self._now = self._begin()
        except SQLAlchemyError as error:
            self._session.close()
            self._raise(error)
        return self

    def _begin(self) -> datetime:
        """Begin with a question for the time, which also shows whether the connection works."""
        asked = select(func.now())
        try:
            return self._session.execute(asked).scalar_one()
        except DBAPIError as error:
            # A connection from before a restart: the pool has dropped all of that age now.
            outlived = error.connection_invalidated
            if not outlived and not isinstance(translated(error), StorageUnavailable):
                raise
            self._session.rollback()
            if self._revive is not None:
                self._revive()
            elif not outlived:
                raise
            return self._session.execute(asked).scalar_one()

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Commit, or roll back when an error passes."""
        try:
            if error is None:
                self._session.flush()
                self._session.commit()
        except SQLAlchemyError as failure:
            self._raise(failure)
        finally:
            self._session.close()
        if error is not None:
            self._raise_translated(error)

    def _raise(self, error: SQLAlchemyError) -> None:
        self._raise_translated(error)
        raise error

    def _raise_translated(self, error: BaseException) -> None:
        known = translated(error)
        if known is not None and known is not error:
            raise known from error
