"""Consents, kept replies and conversations in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jupyter_tutor.domain.consents import Consent
from jupyter_tutor.domain.conversations import Conversation, Message
from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.testing.lookups import (
    require_course,
    require_exercise,
    require_json,
    require_person,
)
from jupyter_tutor.testing.tables import StoredReply, Tables


class InMemoryConsents:
    """Implements `ports.Consents`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def add(self, learner_id: UUID, course_slug: str, consent: Consent) -> None:
        """Note what a learner said."""
        require_course(self._tables, course_slug)
        require_person(self._tables, learner_id)
        if consent.version < 1:
            raise InvalidInput("A value is outside its bounds and was not saved.")
        said = self._tables.consents.get((learner_id, course_slug), ())
        self._tables.consents[learner_id, course_slug] = (*said, consent)

    def latest(self, learner_id: UUID, course_slug: str) -> Consent | None:
        """Return what a learner said last, or None when they were never asked."""
        said = self._tables.consents.get((learner_id, course_slug), ())
        return max(reversed(said), key=lambda consent: consent.at, default=None)


class InMemoryModelReplies:
    """Implements `ports.ModelReplies`."""

    def __init__(self, tables: Tables, now: datetime) -> None:
        self._tables = tables
        self._now = now

    def find(self, course_slug: str, key: str) -> Mapping[str, object] | None:
        """Return what was delivered for a request and has not expired, or None."""
        stored = self._tables.replies.get((course_slug, key))
        return stored.reply if stored and stored.expires_at > self._now else None

    def keep(
        self,
        course_slug: str,
        key: str,
        learner_id: UUID,
        reply: Mapping[str, object],
        expires_at: datetime,
    ) -> None:
        """Keep what was delivered, in place of what was kept before; drop what has expired."""
        require_course(self._tables, course_slug)
        require_person(self._tables, learner_id)
        require_json(reply)
        if len(key) != 64:
            raise InvalidInput("A value is outside its bounds and was not saved.")
        for known, stored in list(self._tables.replies.items()):
            if stored.expires_at <= self._now:
                del self._tables.replies[known]
        self._tables.replies[course_slug, key] = StoredReply(learner_id, dict(reply), expires_at)


class InMemoryConversations:
    """Implements `ports.Conversations`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def append(self, learner_id: UUID, course_slug: str, exercise: str, message: Message) -> None:
        """Add a message to the conversation about an exercise, beginning it with the first."""
        require_course(self._tables, course_slug)
        require_exercise(self._tables, course_slug, exercise)
        require_person(self._tables, learner_id)
        if message.usage_id is not None and message.usage_id not in self._tables.usage:
            raise NotFound("There is no such call in the ledger.")
        place = (learner_id, course_slug, exercise)
        known = self._tables.conversations.get(place, Conversation(*place, ()))
        messages = sorted((*known.messages, message), key=lambda each: (each.created_at, each.id))
        self._tables.conversations[place] = replace(known, messages=tuple(messages))

    def of(
        self, learner_id: UUID, course_slug: str, exercise: str | None = None
    ) -> Sequence[Conversation]:
        """Return a learner's conversations in a course, or that about one exercise, by exercise."""
        places = self._places(learner_id, course_slug, exercise)
        return [self._tables.conversations[place] for place in sorted(places)]

    def _places(
        self, learner_id: UUID, course: str, exercise: str | None
    ) -> list[tuple[UUID, str, str]]:
        return [
            place
            for place in self._tables.conversations
            if place[:2] == (learner_id, course) and exercise in (None, place[2])
        ]

    def delete(self, learner_id: UUID, course_slug: str, exercise: str | None = None) -> int:
        """Delete a learner's conversations in a course, or that about one exercise."""
        places = self._places(learner_id, course_slug, exercise)
        for place in places:
            del self._tables.conversations[place]
        return len(places)

    def remember_told(
        self, learner_id: UUID, course_slug: str, exercise: str, digests: Collection[str]
    ) -> None:
        """Keep digests of what a conversation told, beside those that are kept."""
        require_course(self._tables, course_slug)
        require_exercise(self._tables, course_slug, exercise)
        require_person(self._tables, learner_id)
        if any(len(each) != 64 for each in digests):
            raise InvalidInput("A value is outside its bounds and was not saved.")
        place = (learner_id, self._tables.exercises[course_slug, exercise].id)
        kept = self._tables.told_lines.get(place, frozenset())
        self._tables.told_lines[place] = kept | frozenset(digests)

    def told(self, learner_id: UUID, exercise_id: UUID) -> frozenset[str]:
        """Return the digests that are kept."""
        return self._tables.told_lines.get((learner_id, exercise_id), frozenset())
