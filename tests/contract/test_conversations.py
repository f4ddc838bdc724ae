"""Consents, kept replies and conversations in storage."""

import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Conversation, Message, Speaker
from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.exercises import HintLevel, Revision
from jupyter_tutor.domain.people import Person
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.conversations import ConversationService
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from tests.contract import samples
from tests.contract.samples import COURSE

KEY = "a" * 64


def message(at: datetime, speaker: Speaker = Speaker.LEARNER, text: str = samples.ODD) -> Message:
    return Message(uuid7(), speaker, text, "bn", HintLevel.CONCEPT, at)


def test_what_a_learner_said_last_counts(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        now = uow.now()
        assert uow.consents.latest(ada.id, COURSE) is None
        said = [Consent(given=n != 1, version=1, at=now + timedelta(seconds=n)) for n in range(3)]
        for each in (said[0], said[2], said[1]):
            uow.consents.add(ada.id, COURSE, each)
    with open_uow() as uow:
        assert uow.consents.latest(ada.id, COURSE) == said[2]
        again = Consent(given=False, version=2, at=said[2].at)
        uow.consents.add(ada.id, COURSE, again)
        assert uow.consents.latest(ada.id, COURSE) == again
        assert uow.consents.latest(ada.id, "other") is None
        assert uow.consents.latest(uuid7(), COURSE) is None


@pytest.mark.parametrize(
    ("course", "version", "error"), [("nowhere", 1, NotFound), (COURSE, 0, InvalidInput)]
)
def test_a_consent_is_to_a_text_in_a_course(
    open_uow: UnitOfWorkFactory,
    ada: Person,
    collatz: Revision,
    course: str,
    version: int,
    error: type[Exception],
) -> None:
    with pytest.raises(error), open_uow() as uow:
        uow.consents.add(ada.id, course, Consent(given=True, version=version, at=uow.now()))
    with pytest.raises(NotFound), open_uow() as uow:
        uow.consents.add(UUID(int=1), COURSE, Consent(given=True, version=1, at=uow.now()))


def test_a_reply_is_kept_in_its_course_until_it_expires(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    reply = {"message": samples.ODD, "line": 3, "question": None, "parts": [1.5, True]}
    with open_uow() as uow:
        uow.courses.save(samples.course("other"))
        assert uow.model_replies.find(COURSE, KEY) is None
        later = uow.now() + timedelta(days=1)
        uow.model_replies.keep(COURSE, KEY, ada.id, {"message": "first"}, later)
        uow.model_replies.keep(COURSE, KEY, ada.id, reply, later)
    with open_uow() as uow:
        assert uow.model_replies.find(COURSE, KEY) == reply
        assert uow.model_replies.find("other", KEY) is None
        assert uow.model_replies.find(COURSE, "b" * 64) is None
        uow.model_replies.keep(COURSE, KEY, ada.id, reply, uow.now())
        assert uow.model_replies.find(COURSE, KEY) is None


def test_a_reply_that_cannot_be_kept_is_refused(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    for key, reply in ((KEY, {"x": float("nan")}), ("short", {"x": 1})):
        with pytest.raises(InvalidInput), open_uow() as uow:
            uow.model_replies.keep(COURSE, key, ada.id, reply, uow.now() + timedelta(days=1))
    for course, learner in (("nowhere", ada.id), (COURSE, uuid7())):
        with pytest.raises(NotFound), open_uow() as uow:
            uow.model_replies.keep(course, KEY, learner, {}, uow.now())


def test_a_conversation_grows_and_is_ones_own(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        first = message(uow.now())
        reply = message(uow.now() + timedelta(seconds=1), Speaker.TUTOR, "Look at n = 1.")
        aside = message(uow.now(), text="And this?")
        uow.conversations.append(ada.id, COURSE, "collatz", first)
        uow.conversations.append(ada.id, COURSE, "slices", aside)
        bob = uow.people.identify(samples.BOB)
        uow.conversations.append(bob.id, COURSE, "collatz", message(uow.now()))
    with open_uow() as uow:
        uow.conversations.append(ada.id, COURSE, "collatz", reply)
        both = [
            Conversation(ada.id, COURSE, "collatz", (first, reply)),
            Conversation(ada.id, COURSE, "slices", (aside,)),
        ]
        assert uow.conversations.of(ada.id, COURSE) == both
        assert uow.conversations.of(ada.id, COURSE, "slices") == both[1:]
        assert uow.conversations.of(ada.id, COURSE, "quiz") == []
        assert uow.conversations.of(ada.id, "nowhere") == []


def test_what_is_deleted_is_gone_and_nothing_else(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    with open_uow() as uow:
        bob = uow.people.identify(samples.BOB)
        for learner in (ada.id, bob.id):
            for exercise in ("collatz", "slices", "quiz"):
                uow.conversations.append(learner, COURSE, exercise, message(uow.now()))
    with open_uow() as uow:
        assert uow.conversations.delete(ada.id, COURSE, "collatz") == 1
        assert uow.conversations.delete(ada.id, COURSE, "collatz") == 0
        left = [each.exercise for each in uow.conversations.of(ada.id, COURSE)]
        assert left == ["quiz", "slices"]
        assert uow.conversations.delete(ada.id, "nowhere") == 0
        assert uow.conversations.delete(ada.id, COURSE) == 2
        assert uow.conversations.of(ada.id, COURSE) == []
        assert len(uow.conversations.of(bob.id, COURSE)) == 3


def test_a_message_belongs_to_something(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    for learner, course, exercise in (
        (ada.id, "nowhere", "collatz"),
        (ada.id, COURSE, "nothing"),
        (uuid7(), COURSE, "collatz"),
    ):
        with pytest.raises(NotFound), open_uow() as uow:
            uow.conversations.append(learner, course, exercise, message(uow.now()))
    strange = replace(message(ada.created_at), usage_id=uuid7())
    with pytest.raises(NotFound), open_uow() as uow:
        uow.conversations.append(ada.id, COURSE, "collatz", strange)


def test_what_a_deleted_conversation_told_is_remembered_by_digests(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision
) -> None:
    first, second = "a" * 64, "b" * 64
    with open_uow() as uow:
        uow.conversations.remember_told(ada.id, COURSE, "collatz", {first})
        uow.conversations.remember_told(ada.id, COURSE, "collatz", {first, second})
        uow.conversations.remember_told(ada.id, COURSE, "collatz", set())
    with open_uow() as uow:
        assert uow.conversations.told(ada.id, collatz.exercise_id) == {first, second}
        bob = uow.people.identify(samples.BOB)
        assert uow.conversations.told(bob.id, collatz.exercise_id) == frozenset()
        quiz = uow.courses.latest_revision(COURSE, "quiz")
        assert uow.conversations.told(ada.id, quiz.exercise_id) == frozenset()
    for wrong in ((ada.id, "nowhere", "collatz"), (ada.id, COURSE, "none")):
        with pytest.raises(NotFound), open_uow() as uow:
            uow.conversations.remember_told(*wrong, {first})
    with pytest.raises(NotFound), open_uow() as uow:
        uow.conversations.remember_told(uuid7(), COURSE, "collatz", {first})
    with pytest.raises(InvalidInput), open_uow() as uow:
        uow.conversations.remember_told(ada.id, COURSE, "collatz", {"short"})


@pytest.mark.parametrize("deleted", ["collatz", None], ids=["this one", "all of the course"])
def test_a_deletion_waits_for_what_is_said_at_the_same_moment(
    open_uow: UnitOfWorkFactory, ada: Person, collatz: Revision, deleted: str | None
) -> None:
    """A reply that is recorded while a conversation is deleted goes with it, and is digested."""
    begun = threading.Event()

    def announced() -> UnitOfWork:
        begun.set()
        return open_uow()

    service = ConversationService(announced, Access(open_uow, open_enrollment=False))
    with open_uow() as uow:
        for slug in ("collatz", "slices"):
            uow.conversations.append(ada.id, COURSE, slug, message(uow.now()))
    counts: list[int] = []
    deleting = threading.Thread(
        target=lambda: counts.append(service.delete(ada.id, COURSE, deleted))
    )
    with open_uow() as uow:
        uow.submissions.lock_exercise(ada.id, collatz.exercise_id)
        deleting.start()
        assert begun.wait(30)
        time.sleep(0.3)  # so that it reads, unless it waits
        told = "Write `print(6 * 7)` first."
        reply = message(uow.now(), Speaker.TUTOR, told)
        uow.conversations.append(ada.id, COURSE, "collatz", reply)
    deleting.join(30)

    with open_uow() as uow:
        assert counts == [1 if deleted else 2]
        assert uow.conversations.of(ada.id, COURSE, "collatz") == []
        assert len(uow.conversations.of(ada.id, COURSE)) == 2 - counts[0]
        assert uow.conversations.told(ada.id, collatz.exercise_id)
