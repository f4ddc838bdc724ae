"""What is stored of one person, and the secret of the installation, in memory."""

import secrets
from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from jupyter_tutor.domain.evaluations import Evaluation, Evaluator
from jupyter_tutor.domain.people import Profile
from jupyter_tutor.domain.personal_data import (
    Account,
    BegunBatch,
    DataCount,
    DataKind,
    GivenHint,
    HeldAmount,
    KeptReply,
    Membership,
    OwnSettings,
    PersonalRecords,
    ReleasedGrade,
    RepeatKey,
    SaidConsent,
    ToldLine,
    event_of,
    is_about,
)
from jupyter_tutor.domain.submissions import Attempt, Submission
from jupyter_tutor.domain.tags import SECRET_BYTES, InstallationSecret
from jupyter_tutor.testing.erasing import drop_person
from jupyter_tutor.testing.lookups import require_person
from jupyter_tutor.testing.tables import Tables


class InMemoryInstallation:
    """Implements `ports.Installation`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def secret(self) -> InstallationSecret:
        """Return the secret of this installation; it is made when it is asked for first."""
        if not self._tables.secrets:
            self._tables.secrets.append(InstallationSecret(secrets.token_bytes(SECRET_BYTES)))
        return self._tables.secrets[0]


class InMemoryPersonalData:
    """Implements `ports.PersonalData`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def attempts(self, person_id: UUID, after: UUID | None, most: int) -> Sequence[Attempt]:
        """Return some of a person's attempts in any course, in the order of their keys."""
        theirs = (
            each
            for each in self._tables.attempts.values()
            if each.learner_id == person_id and (after is None or each.id > after)
        )
        return sorted(theirs, key=lambda each: each.id)[:most]

    def submissions(self, person_id: UUID, after: UUID | None, most: int) -> Sequence[Submission]:
        """Return some of a person's submissions likewise, each with all its evaluations."""
        theirs = (each for each in self._submissions(person_id) if after is None or each.id > after)
        return sorted(theirs, key=lambda each: each.id)[:most]

    def _submissions(self, key: UUID) -> list[Submission]:
        return [each for each in self._tables.submissions.values() if each.learner_id == key]

    def records(self, person_id: UUID) -> PersonalRecords:
        """Return what is stored but attempts, submissions and memory. Raises NotFound."""
        require_person(self._tables, person_id)
        tables, key = self._tables, person_id
        person = tables.people[key]
        memberships = (
            # The fake does not note when somebody came into a course.
            Membership(course, role, person.created_at)
            for (who, course), role in tables.enrollments.items()
            if who == key
        )
        consents = (
            SaidConsent(course, consent)
            for (who, course), said in tables.consents.items()
            if who == key
            for consent in said
        )
        talks = sorted(place for place in tables.conversations if place[0] == key)
        return PersonalRecords(
            person=person,
            accounts=tuple(
                Account(*name, person.created_at)
                for name, who in sorted(tables.identities.items())
                if who == key
            ),
            profile=tables.profiles.get(key, Profile()),
            memberships=tuple(sorted(memberships, key=lambda each: each.course)),
            hints=self._hints(key),
            conversations=tuple(tables.conversations[place] for place in talks),
            consents=tuple(sorted(consents, key=lambda each: each.consent.at)),
            remembered=tuple(sorted(course for who, course in tables.memories if who == key)),
            calls=tuple(
                sorted(
                    (each for each in tables.usage.values() if each.learner_id == key),
                    key=lambda each: (each.created_at, each.id),
                )
            ),
            held=self._held(key),
            settings=self._settings(key),
            replies=self._replies(key),
            told=self._told(key),
            keys=tuple(
                sorted(
                    (
                        RepeatKey(known.operation, key_)
                        for (who, key_), known in tables.keys.items()
                        if who == key
                    ),
                    key=lambda each: (each.operation, each.key),
                )
            ),
            events=tuple(
                event_of(key, each.actor_id, each.action, each.subject, each.details, each.at)
                for each in tables.audit
                if each.actor_id == key or is_about(each.subject, key)
            ),
            batches=self._batches(key),
            released=self._released(key),
        )

    def _hints(self, key: UUID) -> tuple[GivenHint, ...]:
        theirs = (each for each in self._tables.hints.values() if each.learner_id == key)
        return tuple(
            GivenHint(
                each,
                self._tables.hint_feedback.get(each.id),
                self._tables.explanations.get(each.id),
            )
            for each in sorted(theirs, key=lambda each: (each.created_at, each.id))
        )

    def _held(self, key: UUID) -> tuple[HeldAmount, ...]:
        theirs = (each for each in self._tables.reservations.values() if each.learner_id == key)
        held = (HeldAmount(each.course, each.amount, each.expires_at) for each in theirs)
        return tuple(sorted(held, key=lambda each: each.expires_at))

    def _settings(self, key: UUID) -> tuple[OwnSettings, ...]:
        said = (
            OwnSettings(course, exercise, stored.settings, stored.updated_at)
            for (course, exercise, who), stored in self._tables.hint_settings.items()
            if who == key
        )
        return tuple(sorted(said, key=lambda each: (each.course, each.exercise or "")))

    def _replies(self, key: UUID) -> tuple[KeptReply, ...]:
        kept = (
            KeptReply(course, stored.reply, stored.expires_at)
            for (course, _), stored in self._tables.replies.items()
            if stored.learner_id == key
        )
        return tuple(sorted(kept, key=lambda each: each.expires_at))

    def _told(self, key: UUID) -> tuple[ToldLine, ...]:
        places = {each.id: place for place, each in self._tables.exercises.items()}
        told = (
            ToldLine(*places[exercise], digest)
            for (who, exercise), digests in self._tables.told_lines.items()
            if who == key
            for digest in digests
        )
        return tuple(sorted(told, key=lambda each: (each.course, each.exercise, each.digest)))

    def _batches(self, key: UUID) -> tuple[BegunBatch, ...]:
        theirs = (each for each in self._tables.batches.values() if each.begun_by == key)
        return tuple(
            BegunBatch(
                each.course, each.exercise, each.state, len(each.submissions), each.created_at
            )
            for each in sorted(theirs, key=lambda each: (each.created_at, each.id))
        )

    def _released(self, key: UUID) -> tuple[ReleasedGrade, ...]:
        released = []
        for submission in self._tables.submissions.values():
            revision = self._tables.revisions[submission.revision_id]
            released += [
                ReleasedGrade(revision.course_slug, revision.content.slug, each.created_at)
                for each in submission.evaluations
                if self._tables.releases.get(each.id) == key
            ]
        return tuple(sorted(released, key=lambda each: each.at))

    def count(self, person_id: UUID) -> DataCount:
        """Return how much is stored of a person. Raises NotFound."""
        records = self.records(person_id)
        evaluations: list[Evaluation] = [
            each
            for each in chain.from_iterable(
                submission.evaluations for submission in self._submissions(person_id)
            )
            if each.evaluator is not Evaluator.MODEL
        ]
        others = (records.keys, records.replies, records.told, records.held, records.events)
        kinds = {
            DataKind.PROFILE: 1 + len(records.accounts) + (person_id in self._tables.profiles),
            DataKind.COURSES: len(records.memberships),
            DataKind.CHECKS: sum(
                each.learner_id == person_id for each in self._tables.attempts.values()
            ),
            DataKind.SUBMISSIONS: len(self._submissions(person_id)),
            DataKind.EVALUATIONS: len(evaluations),
            DataKind.HINTS: len(records.hints),
            DataKind.OPINIONS: sum(each.feedback is not None for each in records.hints),
            DataKind.EXPLANATIONS: sum(each.explanation is not None for each in records.hints),
            DataKind.MESSAGES: sum(len(each.messages) for each in records.conversations),
            DataKind.CONSENTS: len(records.consents),
            DataKind.MEMORY: len(records.remembered),
            DataKind.CALLS: len(records.calls),
            DataKind.SETTINGS: len(records.settings),
            DataKind.RECORDS: sum(len(each) for each in others),
        }
        released = sum(each.evaluator is Evaluator.INSTRUCTOR for each in evaluations)
        return DataCount(kinds, released)

    def erase(self, person_id: UUID) -> DataCount:
        """Erase a person and everything that is theirs; returns how much there was."""
        counted = self.count(person_id)
        drop_person(self._tables, person_id)
        return counted
