"""Conversations: learners read and delete their own; instructors read them where a course says so.

The tutor's side of a conversation is written by whoever asks the model, with `record`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.conversations import LONGEST_MESSAGE, Conversation, Message, Speaker
from jupyter_tutor.domain.errors import InvalidInput, NotAllowed, NotFound
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.told_lines import told_digests
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.ladders import read_standing
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.tutor_facts import guard_allowed, guard_secrets

_DONORS: Final = 50
"""Passing answers whose lines are looked for in what was told."""


class ConversationService:
    """Keeps what learners and the tutor said."""

    def __init__(self, open_uow: UnitOfWorkFactory, access: Access) -> None:
        self._open = open_uow
        self._access = access

    def own(
        self, learner_id: UUID, course: str, exercise: str | None = None
    ) -> Sequence[Conversation]:
        """Return a learner's own conversations in a course, or that about one exercise.

        Raises:
            NotFound: No such course or exercise for this learner.
        """
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            if exercise is not None:
                uow.courses.latest_revision(course, exercise)
            return uow.conversations.of(learner_id, course, exercise)

    def delete(self, learner_id: UUID, course: str, exercise: str | None = None) -> int:
        """Delete a learner's own conversations, or that about one exercise; they are gone for good.

        What stays are digests of the lines of code that the tutor told (`domain.told_lines`), so
        that a solution is not told in parts, with a deletion between them.

        Returns:
            How many there were.

        Raises:
            NotFound: No such course or exercise for this learner.
        """
        with self._open() as uow:
            self._access.require(uow, learner_id, course)
            if exercise is not None:
                uow.courses.latest_revision(course, exercise)
            deleted = 0
            for slug in self._lock(uow, learner_id, course, exercise):
                for each in uow.conversations.of(learner_id, course, slug):
                    self._remember(uow, each)
                deleted += uow.conversations.delete(learner_id, course, slug)
            if deleted:
                subject = (
                    f"course:{course}" if exercise is None else f"exercise:{course}/{exercise}"
                )
                uow.audit.add(learner_id, "conversation.deleted", subject, str(deleted))
            return deleted

    def _lock(
        self, uow: UnitOfWork, learner_id: UUID, course: str, exercise: str | None
    ) -> Sequence[str]:
        """Return the exercises whose conversations are to go, once nobody says something of them.

        What is recorded between reading and deleting would be gone without a digest.
        """
        found = uow.conversations.of(learner_id, course, exercise)
        keys = set()
        for each in found:
            with suppress(NotFound):  # the exercise is no longer in the course
                keys.add(uow.courses.latest_revision(course, each.exercise).exercise_id)
        for key in sorted(keys):  # in one order, so that no two wait for each other
            uow.submissions.lock_exercise(learner_id, key)
        return [each.exercise for each in found]

    def _remember(self, uow: UnitOfWork, deleted: Conversation) -> None:
        """Keep what the guard needs of a conversation, unless the exercise is passed."""
        try:
            revision = uow.courses.latest_revision(deleted.course, deleted.exercise)
        except NotFound:
            return  # the exercise is no longer in the course
        place = (deleted.learner_id, revision.exercise_id)
        standing = read_standing(uow, deleted.learner_id, revision, "en")
        if standing.verdict is not None and standing.verdict.passed:
            return
        passing = uow.submissions.passing_answers(revision.id, deleted.learner_id, _DONORS)
        digests = told_digests(
            [each.text for each in deleted.messages if each.speaker is Speaker.TUTOR],
            guard_secrets(revision.content, None, passing),
            guard_allowed(revision.content, standing.answer),
            *place,
        )
        uow.conversations.remember_told(
            deleted.learner_id, deleted.course, deleted.exercise, digests
        )

    def of_learner(self, actor_id: UUID, course: str, learner_id: UUID) -> Sequence[Conversation]:
        """Return a learner's conversations to an instructor; each look is audited.

        What was said before the course let instructors read stays the learner's own: they were told
        that it would.

        Raises:
            NotFound: There is no such course for them, or no such learner in it.
            NotAllowed: They are no instructor of it, or its conversations are the learners' own.
        """
        with self._open() as uow:
            self._access.require_instructor(uow, actor_id, course)
            since = uow.hint_settings.visible_since(course)
            if since is None:
                raise NotAllowed.of("refusal.conversations_hidden")
            if uow.people.enrollment(learner_id, course) is None:
                raise NotFound("There is no such learner in this course.")
            uow.audit.add(actor_id, "conversation.read", f"person:{learner_id}", course)
            found = uow.conversations.of(learner_id, course)
            return [part for each in found if (part := _said_since(each, since)).messages]


def _said_since(conversation: Conversation, since: datetime) -> Conversation:
    said = tuple(each for each in conversation.messages if each.created_at >= since)
    return replace(conversation, messages=said)


def record(
    uow: UnitOfWork,
    learner_id: UUID,
    course: str,
    exercise: str,
    speaker: Speaker,
    text: str,
    language: str,
    *,
    hint_level: HintLevel,
    usage_id: UUID | None = None,
) -> Message:
    """Add a message to the conversation about an exercise; returns it.

    Raises:
        NotFound: There is no such course, exercise, learner or call.
        InvalidInput: The message is empty, too long, or holds a NUL character.
    """
    message = Message(uuid7(), speaker, tidied(text), language, hint_level, uow.now(), usage_id)
    uow.conversations.append(learner_id, course, exercise, message)
    return message


def tidied(text: str) -> str:
    """Return a message without blanks around it.

    Raises:
        InvalidInput: It is empty, too long, or holds a NUL character.
    """
    tidy = text.strip()
    if not tidy:
        raise InvalidInput.of("refusal.message_empty")
    if len(tidy) > LONGEST_MESSAGE:
        raise InvalidInput.of("refusal.text_long", count=LONGEST_MESSAGE)
    if "\0" in tidy:
        raise InvalidInput("The text contains a NUL character; remove it and send it again.")
    return tidy
