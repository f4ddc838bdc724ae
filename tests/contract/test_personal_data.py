"""What is stored of one person: what every storage promises of reading and erasing it."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import pytest

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Message, Speaker
from jupyter_tutor.domain.errors import NotFound
from jupyter_tutor.domain.evaluations import Evaluator
from jupyter_tutor.domain.exercises import HintLevel, Revision
from jupyter_tutor.domain.hint_feedback import FeedbackMark, HintFeedback, SelfExplanation
from jupyter_tutor.domain.hint_settings import HintSettings
from jupyter_tutor.domain.memory import LearnerMemory
from jupyter_tutor.domain.model_calls import (
    CallOutcome,
    ModelCall,
    Purpose,
    Tier,
    TokenUsage,
    UsageRecord,
)
from jupyter_tutor.domain.people import Person, Profile, Role
from jupyter_tutor.domain.personal_data import (
    BegunBatch,
    DataKind,
    HeldAmount,
    KeptReply,
    OwnSettings,
    PersonalRecords,
    ReleasedGrade,
    RepeatKey,
    SaidConsent,
    ToldLine,
)
from jupyter_tutor.domain.reading_batches import BatchState, ReadingBatch
from jupyter_tutor.domain.reviews import Review
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from tests.contract import samples
from tests.contract.samples import COURSE

T = TypeVar("T")

REPLY = {"text": "So.", "language": "en"}
GOALS = Profile(goals=("to learn",))


@pytest.fixture
def grace(open_uow: UnitOfWorkFactory, collatz: Revision) -> Person:
    """An instructor of the course."""
    with open_uow() as uow:
        person = uow.people.identify(samples.BOB)
        uow.people.enroll(person.id, COURSE, Role.INSTRUCTOR)
        return person


class Work:
    """A learner with something of every kind; keys of what there is."""

    def __init__(self, uow: UnitOfWork, learner: UUID, grace: UUID, revision: Revision) -> None:
        self.learner = learner
        uow.people.save_profile(learner, GOALS)
        self.attempt = uow.submissions.add_attempt(learner, revision.id, samples.answer()).id
        self.submission = uow.submissions.add_submission(learner, revision.id, samples.answer()).id
        graded = samples.evaluation(self.submission, uow.now())
        uow.submissions.add_evaluation(graded, "tests-1", "d" * 64)
        draft = samples.evaluation(self.submission, uow.now(), evaluator=Evaluator.MODEL)
        uow.submissions.add_evaluation(draft, "draft-1")
        released = samples.evaluation(self.submission, uow.now(), evaluator=Evaluator.INSTRUCTOR)
        uow.submissions.add_evaluation(released, "release-1")
        uow.reviews.save(Review(self.submission))
        uow.reviews.note_release(released.id, grace)
        self.hint = samples.hint(learner, revision.id, uow.now())
        uow.hints.add(self.hint)
        uow.hints.save_feedback(HintFeedback(self.hint.id, FeedbackMark.WRONG, "no", uow.now()))
        uow.hints.save_explanation(SelfExplanation(self.hint.id, "because", uow.now()))
        self._spend(uow)
        said = Message(uuid7(), Speaker.LEARNER, "Why?", "en", HintLevel.NUDGE, uow.now(), None)
        uow.conversations.append(learner, COURSE, "collatz", said)
        uow.conversations.remember_told(learner, COURSE, "collatz", ["e" * 64])
        uow.consents.add(learner, COURSE, Consent(given=True, version=1, at=uow.now()))
        uow.hint_settings.save(COURSE, HintSettings(exam=False), learner_id=learner)
        later = uow.now() + timedelta(days=1)
        uow.model_replies.keep(COURSE, f"{learner.int:064x}", learner, REPLY, later)
        uow.memories.save(learner, COURSE, LearnerMemory(0.5, 1.0))
        uow.idempotency.claim(learner, "a-key-of-theirs", "submit", "digest")
        uow.audit.add(learner, "looked", f"course:{COURSE}", "around")
        uow.audit.add(grace, "review.read", f"person:{learner}", "their work")
        uow.audit.add(None, "hint_settings.changed", f"person:{learner}/exercise:x", "exam")
        for job, row in (("grade_attempt", self.attempt), ("grade_submission", self.submission)):
            uow.jobs.defer(job, subject_id=row, priority=0)

    def _spend(self, uow: UnitOfWork) -> None:
        call = ModelCall(
            Purpose.HINT,
            "home",
            "m",
            "r-1",
            TokenUsage(1, 2),
            Tier.STANDARD,
            CallOutcome.COMPLETED,
            1.5,
        )
        self.call = uuid7()
        cost = Decimal("0.25")
        uow.ledger.add(
            UsageRecord(self.call, call, self.learner, COURSE, "collatz", "v1", cost, uow.now())
        )
        uow.ledger.reserve(self.learner, COURSE, Decimal(1), uow.now() + timedelta(minutes=2))


@pytest.fixture
def work(open_uow: UnitOfWorkFactory, ada: Person, grace: Person, collatz: Revision) -> Work:
    with open_uow() as uow:
        return Work(uow, ada.id, grace.id, collatz)


class TestReading:
    def test_everything_is_read(self, open_uow: UnitOfWorkFactory, ada: Person, work: Work) -> None:
        with open_uow() as uow:
            found = uow.personal_data.records(ada.id)
            (call,) = found.calls
            assert call == uow.ledger.record(work.call)

        assert found.person == ada
        assert [(each.provider, each.subject) for each in found.accounts] == [("local", "ada")]
        assert found.profile == GOALS
        assert [(each.course, each.role) for each in found.memberships] == [(COURSE, Role.LEARNER)]
        (hint,) = found.hints
        assert hint.hint == work.hint
        assert (hint.feedback and hint.feedback.text) == "no"
        assert (hint.explanation and hint.explanation.text) == "because"
        (talk,) = found.conversations
        assert (talk.course, talk.exercise, talk.messages[0].text) == (COURSE, "collatz", "Why?")
        (consent,) = found.consents
        assert consent == SaidConsent(COURSE, replace(consent.consent, given=True, version=1))
        assert found.remembered == (COURSE,)
        (held,) = found.held
        assert held == HeldAmount(COURSE, Decimal(1), held.expires_at)
        (said,) = found.settings
        assert said == OwnSettings(COURSE, None, HintSettings(exam=False), said.updated_at)
        (kept,) = found.replies
        assert kept == KeptReply(COURSE, REPLY, kept.expires_at)
        assert found.told == (ToldLine(COURSE, "collatz", "e" * 64),)
        assert found.keys == (RepeatKey("submit", "a-key-of-theirs"),)
        assert [(each.action, each.by, each.details) for each in found.events] == [
            ("looked", "self", "around"),
            ("review.read", "staff", "their work"),
            ("hint_settings.changed", "tutor", "exam"),
        ]

    def test_answers_are_read_in_parts(
        self, open_uow: UnitOfWorkFactory, ada: Person, work: Work, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            for number in range(4):
                uow.submissions.add_attempt(ada.id, collatz.id, samples.answer(f"{number}"))
                uow.submissions.add_submission(ada.id, collatz.id, samples.answer(f"{number}"))
            for read in (uow.personal_data.attempts, uow.personal_data.submissions):
                parts: list[UUID] = []
                while found := read(ada.id, parts[-1] if parts else None, 2):
                    assert len(found) <= 2
                    parts += [each.id for each in found]
                assert len(parts) == len(set(parts)) == 5
                assert parts == sorted(parts)
            first = uow.personal_data.submissions(ada.id, None, 1)[0]
            assert first == uow.submissions.submission(work.submission)
            assert len(first.evaluations) == 3

    def test_what_somebody_did_to_others_is_told_without_them(
        self, open_uow: UnitOfWorkFactory, work: Work, grace: Person, ada: Person
    ) -> None:
        with open_uow() as uow:
            uow.reviews.add_batch(_batch(grace.id, work.submission, uow))
            found = uow.personal_data.records(grace.id)

        assert [(each.action, each.subject, each.details) for each in found.events] == [
            ("review.read", "", "")
        ]
        (batch,), (released,) = found.batches, found.released
        assert batch == BegunBatch(COURSE, "collatz", BatchState.PLANNED, 1, batch.created_at)
        assert released == ReleasedGrade(COURSE, "collatz", released.at)
        assert str(ada.id) not in repr(found)
        assert "their work" not in repr(found)

    @pytest.mark.usefixtures("work")
    def test_how_much_there_is(self, open_uow: UnitOfWorkFactory, ada: Person) -> None:
        with open_uow() as uow:
            count = uow.personal_data.count(ada.id)
        expected = dict.fromkeys(DataKind, 1)
        # A draft of a grade is no grade of theirs yet.
        expected |= {DataKind.PROFILE: 3, DataKind.EVALUATIONS: 2, DataKind.RECORDS: 7}
        assert count.kinds == expected
        assert count.released_grades == 1

    @pytest.mark.usefixtures("work")
    def test_of_nobody_there_is_nothing(self, open_uow: UnitOfWorkFactory) -> None:
        for ask in ("records", "count", "erase"):
            with pytest.raises(NotFound, match="person"), open_uow() as uow:
                getattr(uow.personal_data, ask)(uuid7())
        with open_uow() as uow:
            assert uow.personal_data.attempts(uuid7(), None, 9) == []
            assert uow.personal_data.submissions(uuid7(), None, 9) == []


class TestErasing:
    def test_everything_goes_but_amounts(
        self, open_uow: UnitOfWorkFactory, ada: Person, work: Work, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            before = uow.ledger.spent(None, COURSE, uow.now())
            counted = uow.personal_data.count(ada.id)
        with open_uow() as uow:
            assert uow.personal_data.erase(ada.id) == counted
        with open_uow() as uow:
            _nothing_left(uow, work, collatz)
            call = uow.ledger.record(work.call)
            assert (call.learner_id, call.cost) == (None, Decimal("0.25"))
            after = uow.ledger.spent(None, COURSE, uow.now())
            # What was set aside for a call of theirs is free again.
            assert after.course_month == before.course_month - 1
            assert uow.people.identify(samples.ADA).id != ada.id

    @pytest.mark.usefixtures("work")
    def test_of_others_everything_stays(
        self, open_uow: UnitOfWorkFactory, ada: Person, grace: Person, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            cleo = uow.people.identify(replace(samples.ADA, subject="cleo"))
            uow.people.enroll(cleo.id, COURSE, Role.LEARNER)
            Work(uow, cleo.id, grace.id, collatz)
        with open_uow() as uow:
            theirs, ours = _all_of(uow, cleo.id), _all_of(uow, grace.id)
            uow.personal_data.erase(ada.id)
        with open_uow() as uow:
            assert _all_of(uow, cleo.id) == theirs
            events, released = ours[0].events, ours[0].released
            mine = uow.personal_data.records(grace.id)
            # They looked at the erased learner's work, and graded it: that is gone with the work.
            assert (len(mine.events), len(mine.released)) == (len(events) - 1, len(released) - 1)
            assert uow.jobs.lengths() == {"grade_attempt": 1, "grade_submission": 1}

    def test_what_an_instructor_made_stays_under_no_name(
        self, open_uow: UnitOfWorkFactory, ada: Person, work: Work, grace: Person
    ) -> None:
        with open_uow() as uow:
            batch = _batch(grace.id, work.submission, uow)
            uow.reviews.add_batch(batch)
            uow.hint_settings.save(COURSE, HintSettings(exam=True))
            uow.personal_data.erase(grace.id)
        with open_uow() as uow:
            assert uow.reviews.batch(batch.id) == replace(batch, begun_by=None)
            assert uow.reviews.released_by(work.submission) == {}
            assert len(uow.submissions.submission(work.submission).evaluations) == 3
            assert uow.courses.latest_revision(COURSE, "collatz").number == 1
            assert len(uow.hint_settings.everything(COURSE)) == 2
            assert [each.by for each in uow.personal_data.records(ada.id).events] == [
                "self",
                "tutor",
                "tutor",
            ]

    def test_what_comes_later_is_refused(
        self, open_uow: UnitOfWorkFactory, ada: Person, work: Work, collatz: Revision
    ) -> None:
        with open_uow() as uow:
            uow.personal_data.erase(ada.id)
        stores: tuple[Callable[[UnitOfWork], object], ...] = (
            lambda uow: uow.submissions.add_submission(ada.id, collatz.id, samples.answer()),
            lambda uow: uow.submissions.add_evaluation(
                samples.evaluation(work.submission, uow.now()), "tests-2"
            ),
            lambda uow: uow.hints.add(samples.hint(ada.id, collatz.id, uow.now())),
            lambda uow: uow.memories.save(ada.id, COURSE, LearnerMemory(0.5, 1.0)),
            lambda uow: uow.audit.add(ada.id, "looked", "x"),
            lambda uow: uow.idempotency.claim(ada.id, "a-later-key", "submit", "digest"),
        )
        for store in stores:
            with pytest.raises(NotFound), open_uow() as uow:
                store(uow)

    @pytest.mark.usefixtures("work")
    def test_an_error_afterwards_brings_everything_back(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        with open_uow() as uow:
            before = _all_of(uow, ada.id)
        undone(open_uow, lambda uow: uow.personal_data.erase(ada.id))
        with open_uow() as uow:
            assert _all_of(uow, ada.id) == before


class TestTheSecret:
    def test_it_is_made_once_and_kept(self, open_uow: UnitOfWorkFactory) -> None:
        with open_uow() as uow:
            made = uow.installation.secret()
        with open_uow() as uow:
            assert uow.installation.secret() == made == uow.installation.secret()
        assert len(set(made.value)) > 8

    def test_what_is_undone_is_made_again(self, open_uow: UnitOfWorkFactory) -> None:
        gone = undone(open_uow, lambda uow: uow.installation.secret())
        with open_uow() as uow:
            assert uow.installation.secret() != gone


class TestNames:
    def test_people_are_known_in_whichever_course(
        self, open_uow: UnitOfWorkFactory, ada: Person
    ) -> None:
        with open_uow() as uow:
            (found,) = uow.people.known_as("ada")
            assert (found.person, found.accounts, found.role) == (ada, ("ada",), None)
            assert [each.person for each in uow.people.known_as("Ada")] == [ada]
            assert [each.person for each in uow.people.known_as(str(ada.id))] == [ada]
            assert list(uow.people.known_as("%")) == []


def undone(open_uow: UnitOfWorkFactory, do: Callable[[UnitOfWork], T]) -> T:
    """Do something in a transaction that is rolled back; returns what that gave."""
    made: list[T] = []
    with suppress(ZeroDivisionError), open_uow() as uow:
        made.append(do(uow))
        raise ZeroDivisionError
    return made[0]


def _all_of(uow: UnitOfWork, key: UUID) -> tuple[PersonalRecords, *tuple[object, ...]]:
    data = uow.personal_data
    return (
        data.records(key),
        data.attempts(key, None, 99),
        data.submissions(key, None, 99),
        data.count(key),
        uow.memories.load(key, COURSE),
    )


def _nothing_left(uow: UnitOfWork, work: Work, revision: Revision) -> None:
    key = work.learner
    asks: tuple[Callable[[], object], ...] = (
        lambda: uow.personal_data.records(key),
        lambda: uow.submissions.attempt(work.attempt),
        lambda: uow.submissions.submission(work.submission),
        lambda: uow.reviews.entry(work.submission),
        lambda: uow.hints.hint(work.hint.id),
    )
    for ask in asks:
        with pytest.raises(NotFound):
            ask()
    assert uow.people.names(key) == []
    assert uow.people.profile(key) == Profile()
    assert uow.people.enrollment(key, COURSE) is None
    assert uow.memories.load(key, COURSE) is None
    assert uow.consents.latest(key, COURSE) is None
    assert uow.conversations.of(key, COURSE) == []
    assert uow.conversations.told(key, revision.exercise_id) == frozenset()
    assert uow.model_replies.find(COURSE, f"{key.int:064x}") is None
    assert uow.hint_settings.everything(COURSE) == []
    assert uow.submissions.identical(revision.id, "d" * 64, "tests-1") is None
    assert uow.submissions.passing_answers(revision.id, uuid7(), 9) == []
    assert uow.memories.learners(COURSE) == []
    assert uow.jobs.lengths() == {}


def _batch(by: UUID, submission: UUID, uow: UnitOfWork) -> ReadingBatch:
    return ReadingBatch(
        id=uuid7(),
        course=COURSE,
        exercise="collatz",
        state=BatchState.PLANNED,
        endpoint="home",
        model="m",
        submissions=(submission,),
        most_cost=Decimal(1),
        begun_by=by,
        created_at=uow.now(),
    )
