"""What is stored of one person, for them to take along: a read model."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Conversation
from jupyter_tutor.domain.hint_feedback import HintFeedback, SelfExplanation
from jupyter_tutor.domain.model_calls import UsageRecord
from jupyter_tutor.domain.personal_data import (
    Account,
    BegunBatch,
    GivenHint,
    HeldAmount,
    KeptReply,
    Membership,
    OwnSettings,
    PersonalEvent,
    PersonalRecords,
    ReleasedGrade,
    RepeatKey,
    SaidConsent,
    ToldLine,
    event_of,
)
from jupyter_tutor.storage import mapping
from jupyter_tutor.storage.repositories.conversations import PostgresConversations
from jupyter_tutor.storage.repositories.hint_settings import to_settings
from jupyter_tutor.storage.repositories.ledger import to_usage_record
from jupyter_tutor.storage.repositories.people import to_person
from jupyter_tutor.storage.tables import (
    AuditEventRow,
    ConsentRow,
    ConversationRow,
    CourseRow,
    EnrollmentRow,
    EvaluationRow,
    ExerciseRow,
    ExternalIdentityRow,
    HintFeedbackRow,
    HintRequestRow,
    HintSettingsRow,
    IdempotencyKeyRow,
    LearnerMemoryRow,
    ModelReplyRow,
    PersonRow,
    ProfileRow,
    ReadingBatchRow,
    ReviewReleaseRow,
    SelfExplanationRow,
    SubmissionRow,
    ToldLineRow,
    UsageRecordRow,
    UsageReservationRow,
)


def about(person_id: UUID) -> ColumnElement[bool]:
    """Whether an event of the audit trail is about a person (see `personal_data.is_about`)."""
    theirs = f"person:{person_id}"
    subject = AuditEventRow.subject
    return or_(subject == theirs, subject.startswith(f"{theirs}/", autoescape=True))


def records(session: Session, person: PersonRow) -> PersonalRecords:
    """Return what is stored of a person; see `privacy_ports.PersonalData.records`."""
    key = person.id
    profile = session.get(ProfileRow, key)
    found = PersonalRecords(person=to_person(person))
    return PersonalRecords(
        person=found.person,
        accounts=_accounts(session, key),
        profile=found.profile if profile is None else mapping.to_profile(profile),
        memberships=_memberships(session, key),
        hints=_hints(session, key),
        conversations=_conversations(session, key),
        consents=_consents(session, key),
        remembered=_remembered(session, key),
        calls=_calls(session, key),
        held=_held(session, key),
        settings=_settings(session, key),
        replies=_replies(session, key),
        told=_told(session, key),
        keys=_keys(session, key),
        events=_events(session, key),
        batches=_batches(session, key),
        released=_released(session, key),
    )


def _accounts(session: Session, key: UUID) -> tuple[Account, ...]:
    row = ExternalIdentityRow
    found = session.scalars(
        select(row).where(row.person_id == key).order_by(row.provider, row.subject)
    )
    return tuple(Account(each.provider, each.subject, each.created_at) for each in found)


def _memberships(session: Session, key: UUID) -> tuple[Membership, ...]:
    row = EnrollmentRow
    found = session.execute(
        select(CourseRow.slug, row.role, row.created_at)
        .join(CourseRow, CourseRow.id == row.course_id)
        .where(row.person_id == key)
    )
    return tuple(sorted((Membership(*each) for each in found), key=lambda each: each.course))


def _hints(session: Session, key: UUID) -> tuple[GivenHint, ...]:
    row, said, why = HintRequestRow, HintFeedbackRow, SelfExplanationRow
    found = session.execute(
        select(row, said, why)
        .outerjoin(said, said.hint_id == row.id)
        .outerjoin(why, why.hint_id == row.id)
        .where(row.learner_id == key)
        .order_by(row.created_at, row.id)
    )
    return tuple(
        GivenHint(
            mapping.to_hint(hint),
            HintFeedback(hint.id, mark.mark, mark.text, mark.at) if mark else None,
            SelfExplanation(hint.id, explained.text, explained.at) if explained else None,
        )
        for hint, mark, explained in found
    )


def _conversations(session: Session, key: UUID) -> tuple[Conversation, ...]:
    courses = session.scalars(
        select(CourseRow.slug)
        .join(ConversationRow, ConversationRow.course_id == CourseRow.id)
        .where(ConversationRow.learner_id == key)
        .distinct()
    ).all()
    conversations = PostgresConversations(session)
    return tuple(each for slug in sorted(courses) for each in conversations.of(key, slug))


def _consents(session: Session, key: UUID) -> tuple[SaidConsent, ...]:
    row = ConsentRow
    found = session.execute(
        select(CourseRow.slug, row)
        .join(CourseRow, CourseRow.id == row.course_id)
        .where(row.learner_id == key)
        .order_by(row.at, row.id)
    )
    return tuple(
        SaidConsent(slug, Consent(each.given, each.version, each.at)) for slug, each in found
    )


def _remembered(session: Session, key: UUID) -> tuple[str, ...]:
    row = LearnerMemoryRow
    found = session.scalars(
        select(CourseRow.slug).join(row, row.course_id == CourseRow.id).where(row.person_id == key)
    )
    return tuple(sorted(found))


def _calls(session: Session, key: UUID) -> tuple[UsageRecord, ...]:
    row = UsageRecordRow
    found = session.execute(
        select(row, CourseRow.slug, ExerciseRow.slug)
        .join(CourseRow, CourseRow.id == row.course_id)
        .outerjoin(ExerciseRow, ExerciseRow.id == row.exercise_id)
        .where(row.learner_id == key)
        .order_by(row.created_at, row.id)
    )
    return tuple(to_usage_record(each, course, slug or "") for each, course, slug in found)


def _held(session: Session, key: UUID) -> tuple[HeldAmount, ...]:
    row = UsageReservationRow
    found = session.execute(
        select(CourseRow.slug, row.amount, row.expires_at)
        .join(CourseRow, CourseRow.id == row.course_id)
        .where(row.learner_id == key)
        .order_by(row.expires_at, row.id)
    )
    return tuple(HeldAmount(*each) for each in found)


def _settings(session: Session, key: UUID) -> tuple[OwnSettings, ...]:
    row = HintSettingsRow
    found = session.execute(
        select(CourseRow.slug, ExerciseRow.slug, row)
        .join(CourseRow, CourseRow.id == row.course_id)
        .outerjoin(ExerciseRow, ExerciseRow.id == row.exercise_id)
        .where(row.learner_id == key)
    )
    said = (
        OwnSettings(course, exercise, to_settings(each), each.updated_at)
        for course, exercise, each in found
    )
    return tuple(sorted(said, key=lambda each: (each.course, each.exercise or "")))


def _replies(session: Session, key: UUID) -> tuple[KeptReply, ...]:
    row = ModelReplyRow
    found = session.execute(
        select(CourseRow.slug, row.reply, row.expires_at)
        .join(CourseRow, CourseRow.id == row.course_id)
        .where(row.learner_id == key)
        .order_by(row.expires_at, row.key)
    )
    return tuple(KeptReply(*each) for each in found)


def _told(session: Session, key: UUID) -> tuple[ToldLine, ...]:
    row = ToldLineRow
    found = session.execute(
        select(CourseRow.slug, ExerciseRow.slug, row.digest)
        .join(ExerciseRow, ExerciseRow.id == row.exercise_id)
        .join(CourseRow, CourseRow.id == ExerciseRow.course_id)
        .where(row.learner_id == key)
    )
    told = (ToldLine(*each) for each in found)
    return tuple(sorted(told, key=lambda each: (each.course, each.exercise, each.digest)))


def _keys(session: Session, key: UUID) -> tuple[RepeatKey, ...]:
    row = IdempotencyKeyRow
    found = session.execute(select(row.operation, row.key).where(row.person_id == key))
    keys = (RepeatKey(*each) for each in found)
    return tuple(sorted(keys, key=lambda each: (each.operation, each.key)))


def _events(session: Session, key: UUID) -> tuple[PersonalEvent, ...]:
    row = AuditEventRow
    found = session.scalars(
        select(row).where(or_(row.actor_id == key, about(key))).order_by(row.at, row.id)
    )
    return tuple(
        event_of(key, each.actor_id, each.action, each.subject, each.details, each.at)
        for each in found
    )


def _batches(session: Session, key: UUID) -> tuple[BegunBatch, ...]:
    row = ReadingBatchRow
    found: Sequence[tuple[object, ...]] = session.execute(
        select(
            CourseRow.slug,
            ExerciseRow.slug,
            row.state,
            func.cardinality(row.submissions),
            row.created_at,
        )
        .join(CourseRow, CourseRow.id == row.course_id)
        .join(ExerciseRow, ExerciseRow.id == row.exercise_id)
        .where(row.begun_by == key)
        .order_by(row.created_at, row.id)
    ).all()
    return tuple(BegunBatch(*each) for each in found)  # type: ignore[arg-type]  # as selected


def _released(session: Session, key: UUID) -> tuple[ReleasedGrade, ...]:
    row = ReviewReleaseRow
    found = session.execute(
        select(CourseRow.slug, ExerciseRow.slug, EvaluationRow.created_at)
        .select_from(row)
        .join(EvaluationRow, EvaluationRow.id == row.evaluation_id)
        .join(
            SubmissionRow,
            and_(SubmissionRow.id == EvaluationRow.submission_id),
        )
        .join(ExerciseRow, ExerciseRow.id == SubmissionRow.exercise_id)
        .join(CourseRow, CourseRow.id == ExerciseRow.course_id)
        .where(row.released_by == key)
        .order_by(EvaluationRow.created_at, EvaluationRow.id)
    )
    return tuple(ReleasedGrade(*each) for each in found)
