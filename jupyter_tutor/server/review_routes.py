"""The routes of reviews. They are methods of `Routes`."""

from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.domain.reviews import Decision, ReviewStatus
from jupyter_tutor.server import review_schemas as review_wire
from jupyter_tutor.server import review_views as views
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server.calls import Call
from jupyter_tutor.server.parts import Part
from jupyter_tutor.services.reviewing import Seen


class ReviewRoutes(Part):
    """A part of `Routes`."""

    async def get_reviews(self, call: Call) -> review_wire.ReviewsReply:
        """The review queue of a course."""
        reviewing, status = self._tutor.reviewing, _status(call)
        found = await self._run(reviewing.reviews.queue, call.person_id, call.path["course"])
        return views.queue(
            found,
            call.language,
            exercise=call.handler.get_query_argument("exercise", ""),
            status=status,
            model=reviewing.assessing.model,
            batches=reviewing.assessing.takes_batches,
        )

    async def get_review(self, call: Call) -> review_wire.ReviewReply:
        """The review of a submission."""
        place = (call.person_id, call.path["course"], _submission(call))
        found = await self._run(self._tutor.reviewing.reviews.review, *place)
        return views.review(found, call.language)

    async def post_release(self, call: Call) -> review_wire.ReviewReply:
        """Release what the caller decided of a submission."""
        body = call.body(wire.ReleaseBody)
        decision = Decision(body.levels, body.reasons, body.comments, body.comment)
        place = (call.person_id, call.path["course"], _submission(call))
        release = self._tutor.reviewing.reviews.release
        seen = Seen(body.releases, body.draft)
        found = await self._run(release, *place, decision, seen, call.key())
        return views.review(found, call.language)

    async def post_readings(self, call: Call) -> review_wire.ReadingsReply:
        """Have the waiting answers to an exercise read."""
        mode = call.body(wire.ReadingsBody).mode
        place = (call.person_id, call.path["course"], call.path["exercise"])
        begin = self._tutor.reviewing.assessing.begin
        return views.begun(await self._run(begin, *place, mode, call.key()), call.language)

    async def post_releases(self, call: Call) -> review_wire.ReleasedReply:
        """Release those of some drafts of an exercise that nothing is in doubt about."""
        shown = call.body(wire.ReleasesBody).submissions
        place = (call.person_id, call.path["course"], call.path["exercise"])
        release = self._tutor.reviewing.reviews.release_undoubted
        done = await self._run(release, *place, shown, call.key())
        return review_wire.ReleasedReply(released=done.released, left=done.left)

    async def post_collection(self, call: Call) -> review_wire.CollectedReply:
        """Ask now for what batches have brought."""
        call.body(wire.NothingBody)
        batches = self._tutor.reviewing.batches
        done = await batches.collect_now(call.person_id, call.path["course"], call.key())
        return review_wire.CollectedReply(collected=done.collected, running=done.running)


def _submission(call: Call) -> UUID:
    """Return the key in the path, or one that nothing has: who may not ask is told that first."""
    try:
        return call.id()
    except NotFound:
        return UUID(int=0)


def _status(call: Call) -> ReviewStatus | None:
    text = call.handler.get_query_argument("status", "")
    try:
        return ReviewStatus(text) if text else None
    except ValueError:
        raise InvalidInput(f"status: give one of {', '.join(ReviewStatus)}.") from None
