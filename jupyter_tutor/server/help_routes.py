"""The routes of help: hints, what is said to them, settings. They are methods of `Routes`."""

from jupyter_tutor.server import help_schemas as help_wire
from jupyter_tutor.server import hint_views
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.calls import Call
from jupyter_tutor.server.parts import Part
from jupyter_tutor.services.help_settings import Scope


class HelpRoutes(Part):
    """A part of `Routes`."""

    async def post_hint(self, call: Call) -> wire.HintReply:
        """Ask for the next hint."""
        body = call.body(wire.HintBody)
        language = body.language or call.language
        hinting = self._tutor.hinting.hint(call.request(), language, body.accept_cost)
        help_given = await call.until_closed(hinting)
        return hint_views.help_given(help_given, language)

    async def get_hints(self, call: Call) -> wire.HintReply:
        """Hints so far."""
        place = (call.person_id, call.path["course"], call.path["exercise"])
        help_given = await self._run(self._tutor.hinting.hints, *place, call.language)
        return hint_views.help_given(help_given, call.language)

    async def put_feedback(self, call: Call) -> wire.FeedbackView:
        """Say what the caller thinks of a hint."""
        body = call.body(wire.FeedbackBody)
        given = (body.mark, body.text, call.key())
        feedback = await self._run(self._tutor.tutoring.rate, call.person_id, call.id(), *given)
        return hint_views.feedback(feedback)

    async def delete_feedback(self, call: Call) -> help_wire.DeletedReply:
        """Take back what the caller thinks of a hint."""
        said = await self._run(self._tutor.tutoring.unrate, call.person_id, call.id())
        return help_wire.DeletedReply(deleted=int(said))

    async def put_explanation(self, call: Call) -> wire.ExplanationReply:
        """Say why the code of a bottom-out works."""
        text = call.body(wire.ExplanationBody).text
        explanation = await self._run(
            self._tutor.tutoring.explain, call.person_id, call.id(), text, call.key()
        )
        return hint_views.explanation(explanation)

    async def get_feedback_counts(self, call: Call) -> help_wire.FeedbackCountsReply:
        """What learners think of the hints of a course."""
        counts = await self._run(
            self._tutor.help_settings.feedback, call.person_id, call.path["course"]
        )
        return hint_views.feedback_counts(counts)

    async def get_hint_settings(self, call: Call) -> help_wire.HintSettingsReply:
        """Settings of help."""
        said = await self._run(
            self._tutor.help_settings.settings, call.person_id, call.path["course"]
        )
        return hint_views.settings(said)

    async def put_course_hint_settings(self, call: Call) -> help_wire.HintSettingsReply:
        """Replace the settings of help of the course."""
        return await self._put_settings(call, Scope(call.path["course"]))

    async def put_exercise_hint_settings(self, call: Call) -> help_wire.HintSettingsReply:
        """Replace the settings of help of an exercise."""
        return await self._put_settings(call, Scope(call.path["course"], call.path["exercise"]))

    async def put_learner_hint_settings(self, call: Call) -> help_wire.HintSettingsReply:
        """Replace the settings of help of a learner."""
        scope = Scope(call.path["course"], learner_id=call.id("learner"))
        return await self._put_settings(call, scope)

    async def put_learner_exercise_hint_settings(self, call: Call) -> help_wire.HintSettingsReply:
        """Replace the settings of help of a learner on one exercise."""
        scope = Scope(call.path["course"], call.path["exercise"], call.id("learner"))
        return await self._put_settings(call, scope)

    async def _put_settings(self, call: Call, scope: Scope) -> help_wire.HintSettingsReply:
        settings = hint_views.to_settings(call.body(wire.HintSettingsBody))
        said = await self._run(
            self._tutor.help_settings.save, call.person_id, scope, settings, call.key()
        )
        return hint_views.settings(said)
