"""The routes of usage, people, consent and conversations. They are methods of `Routes`."""

from datetime import datetime

from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.server import consent_views as views
from jupyter_tutor.server import help_schemas as help_wire
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.calls import Call
from jupyter_tutor.server.parts import Part
from jupyter_tutor.services.consenting import ChatStanding
from jupyter_tutor.services.read_models import UsageBy


class ConsentRoutes(Part):
    """A part of `Routes`."""

    async def get_usage(self, call: Call) -> help_wire.UsageReply:
        """What a language model cost in the course."""
        by, since, until = _by(call), _time(call, "since"), _time(call, "until")
        usage = self._tutor.usage
        place = (call.person_id, call.path["course"])

        def read() -> help_wire.UsageReply:
            report = usage.report(*place, by, since, until)
            return views.usage(report, usage.course_quota(*place), usage.budgets)

        return await self._run(read)

    async def get_people(self, call: Call) -> help_wire.RosterReply:
        """Everybody in the course."""
        place = (call.person_id, call.path["course"])
        return views.roster(await self._run(self._tutor.roster.people, *place))

    async def get_consent(self, call: Call) -> help_wire.ConsentReply:
        """Whether a language model may read the caller's work."""
        place = (call.person_id, call.path["course"])
        return views.consent(await self._run(self._tutor.consent.state, *place), call.language)

    async def put_consent(self, call: Call) -> help_wire.ConsentReply:
        """Agree, or take it back."""
        body, key = call.body(wire.ConsentBody), call.key()

        def save() -> help_wire.ConsentReply:
            place = (call.person_id, call.path["course"], key)
            saved = self._tutor.consent.save(*place, given=body.given, version=body.version)
            return views.consent(saved, call.language)

        return await self._run(save)

    async def get_conversations(self, call: Call) -> help_wire.ConversationsReply:
        """The caller's conversations in the course."""
        return await self._own(call, call.path["course"])

    async def get_conversation(self, call: Call) -> help_wire.ConversationsReply:
        """The caller's conversation about an exercise."""
        place = (call.path["course"], call.path["exercise"])
        chat = self._tutor.consent.chat
        standing = await self._run(chat, call.person_id, *place, call.language)
        return await self._own(call, *place, standing=standing)

    async def post_message(self, call: Call) -> help_wire.SaidReply:
        """Ask the tutor something; who closes the connection takes the question back."""
        body = call.body(wire.SayBody)
        asking = self._tutor.chatting.say(call.request(), body.text, body.language or call.language)
        return views.said(await call.until_closed(asking))

    async def _own(
        self, call: Call, course: str, *exercise: str, standing: ChatStanding | None = None
    ) -> help_wire.ConversationsReply:
        found = await self._run(self._tutor.conversations.own, call.person_id, course, *exercise)
        said = await self._run(self._tutor.consent.state, call.person_id, course)
        visible = said.conversations_visible
        return views.conversations(found, call.language, visible=visible, standing=standing)

    async def delete_conversations(self, call: Call) -> help_wire.DeletedReply:
        """Delete all of the caller's conversations in the course."""
        place = (call.person_id, call.path["course"])
        deleted = await self._run(self._tutor.conversations.delete, *place)
        return help_wire.DeletedReply(deleted=deleted)

    async def delete_conversation(self, call: Call) -> help_wire.DeletedReply:
        """Delete the caller's conversation about an exercise."""
        place = (call.person_id, call.path["course"], call.path["exercise"])
        deleted = await self._run(self._tutor.conversations.delete, *place)
        return help_wire.DeletedReply(deleted=deleted)

    async def get_learner_conversations(self, call: Call) -> help_wire.ConversationsReply:
        """A learner's conversations, for instructors."""
        place = (call.person_id, call.path["course"], call.id("learner"))
        found = await self._run(self._tutor.conversations.of_learner, *place)
        return views.conversations(found, call.language, visible=True)


def _by(call: Call) -> UsageBy:
    text = call.handler.get_query_argument("by", UsageBy.MODEL.value)
    try:
        return UsageBy(text)
    except ValueError:
        raise InvalidInput(f"by: give one of {', '.join(UsageBy)}.") from None


def _time(call: Call, name: str) -> datetime | None:
    text = call.handler.get_query_argument(name, "")
    if not text:
        return None
    try:
        # A plus sign that nobody encoded arrives as a blank.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InvalidInput(f"{name}: give a time with its zone, such as 2031-05-01T00:00:00Z.")
    return moment
