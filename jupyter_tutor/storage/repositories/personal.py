"""What is stored of one person, and the secret of the installation, in PostgreSQL."""

import secrets
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.personal_data import DataCount, DataKind, PersonalRecords
from jupyter_tutor.domain.submissions import Attempt, Submission
from jupyter_tutor.domain.tags import SECRET_BYTES, InstallationSecret
from jupyter_tutor.storage import mapping, personal_queries
from jupyter_tutor.storage.tables import (
    AttemptRow,
    AuditEventRow,
    Base,
    ConsentRow,
    ConversationRow,
    EnrollmentRow,
    EvaluationRow,
    ExternalIdentityRow,
    HintFeedbackRow,
    HintRequestRow,
    HintSettingsRow,
    IdempotencyKeyRow,
    InstallationRow,
    LearnerMemoryRow,
    MessageRow,
    ModelReplyRow,
    PersonRow,
    ProfileRow,
    SelfExplanationRow,
    SubmissionRow,
    ToldLineRow,
    UsageRecordRow,
    UsageReservationRow,
)

_NOBODY: Final = "There is no such person."

# A job that runs is left to its worker, which finds nothing and ends it.
_DROP_JOBS = text(
    "DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND args ->> 'subject_id' IN ("
    "SELECT id::text FROM attempts WHERE learner_id = :person UNION ALL "
    "SELECT id::text FROM submissions WHERE learner_id = :person)"
).bindparams(bindparam("person"))


class PostgresInstallation:
    """Implements `ports.Installation`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def secret(self) -> InstallationSecret:
        """Return the secret of this installation; it is made when it is asked for first.

        Of two that make one at the same moment the second waits for the first, and takes that.
        """
        known = self._known()
        if known is None:
            made = {"id": 1, "secret": secrets.token_bytes(SECRET_BYTES)}
            self._session.execute(insert(InstallationRow).values(made).on_conflict_do_nothing())
            known = self._known()
        if known is None:
            raise NotFound("The secret of the installation was deleted at the same moment.")
        return InstallationSecret(known)

    def _known(self) -> bytes | None:
        return self._session.scalar(select(InstallationRow.secret))


class PostgresPersonalData:
    """Implements `ports.PersonalData`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def records(self, person_id: UUID) -> PersonalRecords:
        """Return what is stored but attempts, submissions and memory. Raises NotFound."""
        return personal_queries.records(self._session, self._person(person_id))

    def _person(self, person_id: UUID) -> PersonRow:
        row = self._session.get(PersonRow, person_id)
        if row is None:
            raise NotFound(_NOBODY)
        return row

    def attempts(self, person_id: UUID, after: UUID | None, most: int) -> Sequence[Attempt]:
        """Return some of a person's attempts in any course, in the order of their keys."""
        row = AttemptRow
        statement = select(row).where(row.learner_id == person_id).order_by(row.id).limit(most)
        if after is not None:
            statement = statement.where(row.id > after)
        return [mapping.to_attempt(each) for each in self._session.scalars(statement)]

    def submissions(self, person_id: UUID, after: UUID | None, most: int) -> Sequence[Submission]:
        """Return some of a person's submissions likewise, each with all its evaluations."""
        row = SubmissionRow
        statement = (
            select(row)
            .where(row.learner_id == person_id)
            .order_by(row.id)
            .limit(most)
            .options(selectinload(row.evaluations).selectinload(EvaluationRow.results))
        )
        if after is not None:
            statement = statement.where(row.id > after)
        found = self._session.scalars(statement)
        return [mapping.to_submission(each, each.evaluations) for each in found]

    def count(self, person_id: UUID) -> DataCount:
        """Return how much is stored of a person. Raises NotFound."""
        self._person(person_id)
        count = self._count
        evaluations = (
            EvaluationRow.submission_id.in_(_keys_of(SubmissionRow, person_id)),
            EvaluationRow.evaluator != Evaluator.MODEL,
        )
        hints = _keys_of(HintRequestRow, person_id)
        talks = _keys_of(ConversationRow, person_id)
        records = sum(
            count(table, table.c[column] == person_id)
            for table, column in (
                (_table(IdempotencyKeyRow), "person_id"),
                (_table(ModelReplyRow), "learner_id"),
                (_table(ToldLineRow), "learner_id"),
                (_table(UsageReservationRow), "learner_id"),
            )
        )
        events = or_(AuditEventRow.actor_id == person_id, personal_queries.about(person_id))
        accounts = count(ExternalIdentityRow, ExternalIdentityRow.person_id == person_id)
        profiles = count(ProfileRow, ProfileRow.person_id == person_id)
        kinds = {
            DataKind.PROFILE: 1 + accounts + profiles,
            DataKind.COURSES: count(EnrollmentRow, EnrollmentRow.person_id == person_id),
            DataKind.CHECKS: count(AttemptRow, AttemptRow.learner_id == person_id),
            DataKind.SUBMISSIONS: count(SubmissionRow, SubmissionRow.learner_id == person_id),
            DataKind.EVALUATIONS: count(EvaluationRow, *evaluations),
            DataKind.HINTS: count(HintRequestRow, HintRequestRow.learner_id == person_id),
            DataKind.OPINIONS: count(HintFeedbackRow, HintFeedbackRow.hint_id.in_(hints)),
            DataKind.EXPLANATIONS: count(SelfExplanationRow, SelfExplanationRow.hint_id.in_(hints)),
            DataKind.MESSAGES: count(MessageRow, MessageRow.conversation_id.in_(talks)),
            DataKind.CONSENTS: count(ConsentRow, ConsentRow.learner_id == person_id),
            DataKind.MEMORY: count(LearnerMemoryRow, LearnerMemoryRow.person_id == person_id),
            DataKind.CALLS: count(UsageRecordRow, UsageRecordRow.learner_id == person_id),
            DataKind.SETTINGS: count(HintSettingsRow, HintSettingsRow.learner_id == person_id),
            DataKind.RECORDS: records + count(AuditEventRow, events),
        }
        released = EvaluationRow.evaluator == Evaluator.INSTRUCTOR
        return DataCount(kinds, count(EvaluationRow, *evaluations, released))

    def _count(self, of: Table | type[Base], *where: ColumnElement[bool]) -> int:
        return self._session.scalars(select(func.count()).select_from(of).where(*where)).one()

    def erase(self, person_id: UUID) -> DataCount:
        """Erase a person and everything that is theirs; returns how much there was.

        Whoever stores something of theirs holds their row in share: this waits for them, and
        afterwards they find nobody.

        Raises:
            NotFound: There is no such person.
        """
        row = PersonRow
        locked = select(row.id).where(row.id == person_id).with_for_update()
        if self._session.scalar(locked) is None:
            raise NotFound(_NOBODY)
        counted = self.count(person_id)
        self._session.execute(_DROP_JOBS, {"person": person_id})
        about_them = personal_queries.about(person_id)
        self._session.execute(delete(AuditEventRow).where(about_them))
        # By its name an endpoint could find what was sent for them.
        calls = update(UsageRecordRow).where(UsageRecordRow.learner_id == person_id)
        self._session.execute(calls.values(request_id=""))
        # The rest goes by the foreign keys, which no table that is added later can forget.
        self._session.execute(delete(row).where(row.id == person_id))
        return counted


def _table(of: type[Base]) -> Table:
    table = of.__table__
    assert isinstance(table, Table)
    return table


def _keys_of(
    of: type[SubmissionRow | HintRequestRow | ConversationRow], person_id: UUID
) -> ColumnElement[UUID]:
    return select(of.id).where(of.learner_id == person_id).scalar_subquery()
