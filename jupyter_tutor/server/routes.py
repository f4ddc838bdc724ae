"""The routes: one short method per operation, between the wire types and the services."""

import asyncio
import importlib.metadata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar, cast
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from jupyter_tutor.bootstrap.serving import Tutor
from jupyter_tutor.domain.errors import InvalidInput, TutorError, Unavailable
from jupyter_tutor.domain.people import Profile
from jupyter_tutor.domain.submissions import GradingStatus
from jupyter_tutor.server import schemas as wire
from jupyter_tutor.server import views
from jupyter_tutor.server.calls import Call
from jupyter_tutor.server.consent_routes import ConsentRoutes
from jupyter_tutor.server.contract import Operation
from jupyter_tutor.server.gateway import GatewayHandler
from jupyter_tutor.server.help_routes import HelpRoutes
from jupyter_tutor.server.identity import identity_of
from jupyter_tutor.server.lesson_files import LessonFiles, Openings
from jupyter_tutor.server.privacy_routes import PrivacyRoutes
from jupyter_tutor.server.review_routes import ReviewRoutes
from jupyter_tutor.services.read_models import Place
from jupyter_tutor.services.submissions import GRADE_ATTEMPT, GRADE_SUBMISSION

T = TypeVar("T")
THREADS = 16
WAITERS = 64
CROWDED_SECONDS = 1.0
"""Between two looks at a row when so many wait already that no thread is left to wait in."""

_LANGUAGE: TypeAdapter[str] = TypeAdapter(wire.Language)


class Route(Protocol):
    """A method of `Routes` that answers one operation."""

    async def __call__(self, call: Call) -> wire.Reply:
        """Answer."""
        ...


class Routes(HelpRoutes, ConsentRoutes, ReviewRoutes, PrivacyRoutes):
    """The backend of the gateway: calls services in threads, maps results to the wire."""

    def __init__(self, tutor: Tutor) -> None:
        self._tutor = tutor
        self._threads = ThreadPoolExecutor(THREADS, "tutor-service")
        self._waiters = ThreadPoolExecutor(WAITERS, "tutor-wait")
        self._waiting = 0
        self._files = asyncio.Lock()
        self._openings = Openings()
        self._ready_to_export()
        self._closing = False
        self._warming: asyncio.Task[None] | None = None

    async def call(
        self, operation: Operation, handler: GatewayHandler, path: dict[str, str]
    ) -> wire.Reply:
        """Identify the caller and answer the operation."""
        if operation.name == "get_health":
            return await self._health()
        asked = _language(handler.get_query_argument("language", ""))
        # Never from a cache: a person may be erased, or the database restored, at any time.
        identity = identity_of(handler.identity_provider, handler.current_user)
        person, profile = await self._run(self._tutor.access.recognise, identity)
        language = asked or profile.language or self._tutor.settings.language
        route = cast("Route", getattr(self, operation.name))
        try:
            return await route(Call(person, profile, path, handler, language))
        except TutorError as error:
            error.message = error.told(language)
            raise

    def _warm_up(self) -> None:
        """Make ready what hints may need, once, beside the requests."""
        if self._warming is None:
            self._warming = asyncio.create_task(self._tutor.warm_up())

    async def hang_up(self) -> None:
        """Let go of what belongs to this event loop."""
        if self._warming is not None:
            self._warming.cancel()
        await self._tutor.hang_up()

    def close(self) -> None:
        """Stop the tutor and the threads; requests that wait are told that the server stops."""
        self._closing = True
        self._tutor.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._waiters.shutdown(wait=False, cancel_futures=True)

    async def _run(self, function: Callable[..., T], *args: object) -> T:
        if self._closing:
            raise Unavailable("The server is stopping. Try again when it is back.")
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *args)

    async def _wait(self, subject_id: UUID, seconds: float, settled: Callable[[], bool]) -> None:
        """Wait until a row settles or the time is over."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not await self._run(settled) and (left := deadline - loop.time()) > 0:
            if self._waiting >= WAITERS:
                await asyncio.sleep(min(left, CROWDED_SECONDS))
                continue
            self._waiting += 1
            try:
                wait = self._tutor.news.wait
                await loop.run_in_executor(self._waiters, wait, subject_id, left)
            finally:
                self._waiting -= 1

    async def _health(self) -> wire.HealthReply:
        health = await self._run(self._tutor.health)
        good = health.database == "ok" and health.worker != "unavailable"
        return wire.HealthReply(
            status="ok" if good else "degraded",
            version=importlib.metadata.version("jupyter-tutor"),
            database=health.database,
            worker=health.worker,
            isolation=health.isolation,  # type: ignore[arg-type]  # the wire's literals
            mode="classroom" if self._tutor.settings.classroom else "laptop",
        )

    async def get_metrics(self, call: Call) -> wire.MetricsReply:
        """Everything that is counted here."""
        if not call.handler.knows_server_token:
            await self._run(self._tutor.access.require_staff, call.person_id)
        return wire.MetricsReply(text=await self._run(self._tutor.metrics.text))

    async def get_me(self, call: Call) -> wire.MeReply:
        """Who the caller is."""
        return views.me(call.person, call.profile)

    async def put_profile(self, call: Call) -> wire.MeReply:
        """Replace the caller's profile."""
        body = call.body(wire.ProfileBody)
        profile = Profile(
            **{**body.model_dump(), "goals": tuple(body.goals), "interests": tuple(body.interests)}
        )
        saved = await self._run(
            self._tutor.access.save_profile, call.person_id, profile, call.key()
        )
        return views.me(call.person, saved)

    async def get_courses(self, call: Call) -> wire.CourseListReply:
        """List courses."""
        cards = await self._run(self._tutor.progress.courses, call.person_id)
        return views.course_list(cards, call.language)

    async def get_course(self, call: Call) -> wire.CourseReply:
        """A course with path, outline and next exercise."""
        course = await self._run(
            self._tutor.progress.course, call.person_id, call.path["course"], call.language
        )
        return views.course(course, call.language)

    async def get_progress(self, call: Call) -> wire.ProgressReply:
        """What the tutor knows of the caller."""
        course = await self._run(
            self._tutor.progress.course, call.person_id, call.path["course"], call.language
        )
        return views.progress(course, call.language)

    async def open_lesson(self, call: Call) -> wire.OpenLessonReply:
        """Put the learner's copy into their files."""
        body = call.body(wire.OpenLessonBody)
        place = (call.path["course"], call.path["lesson"])
        asked = (body.exercise, body.update)
        lesson = await self._run(
            self._tutor.lessons.claim, call.person_id, *place, call.key(), asked
        )
        # One after the other, so that two tabs that open a lesson find one copy.
        async with self._files:
            known = self._openings.get(call.person_id, call.key())
            if known is not None:
                return known
            files = LessonFiles(call.handler.contents_manager, self._tutor.lessons)
            opened = await files.open(call.path["course"], lesson, body)
            self._openings.keep(call.person_id, call.key(), opened)
            return opened

    async def get_exercise(self, call: Call) -> wire.ExerciseReply:
        """What the card shows."""
        place = (call.person_id, call.path["course"], call.path["exercise"])
        exercise = await self._run(self._tutor.progress.exercise, *place)
        help_given = await self._run(self._tutor.hinting.hints, *place, call.language)
        self._warm_up()
        return views.exercise(exercise, help_given, call.language)

    async def post_check(self, call: Call) -> wire.AttemptReply:
        """Run the tests without handing in."""
        body = call.body(wire.AnswerBody)
        attempt = await self._run(
            self._tutor.submissions.check, call.request(), views.answer(body), body.revision
        )
        return await self._check(call, attempt.id)

    async def get_check(self, call: Call) -> wire.AttemptReply:
        """A run of the tests."""

        def settled() -> bool:
            attempt, _ = self._tutor.submissions.attempt(call.person_id, call.id())
            return attempt.status.settled

        await self._wait(call.id(), call.wait(self._tutor.settings.long_poll_seconds), settled)
        return await self._check(call, call.id())

    async def _check(self, call: Call, attempt_id: UUID) -> wire.AttemptReply:
        attempt, revision = await self._run(
            self._tutor.submissions.attempt, call.person_id, attempt_id
        )
        place = await self._place(attempt.status, GRADE_ATTEMPT, attempt_id)
        return views.attempt(attempt, revision, call.language, place)

    async def post_submission(self, call: Call) -> wire.SubmissionReply:
        """Hand in an answer."""
        body = call.body(wire.AnswerBody)
        submission = await self._run(
            self._tutor.submissions.submit, call.request(), views.answer(body), body.revision
        )
        return await self._submission(call, submission.id)

    async def get_submission(self, call: Call) -> wire.SubmissionReply:
        """A submission."""

        def settled() -> bool:
            submission, _ = self._tutor.submissions.submission(call.person_id, call.id())
            return submission.status.settled

        await self._wait(call.id(), call.wait(self._tutor.settings.long_poll_seconds), settled)
        return await self._submission(call, call.id())

    async def _submission(self, call: Call, submission_id: UUID) -> wire.SubmissionReply:
        submission, revision = await self._run(
            self._tutor.submissions.submission, call.person_id, submission_id
        )
        place = await self._place(submission.status, GRADE_SUBMISSION, submission_id)
        return views.submission(submission, revision, call.language, place)

    async def _place(self, status: GradingStatus, job: str, subject_id: UUID) -> Place | None:
        if status is not GradingStatus.QUEUED:
            return None
        return await self._run(self._tutor.submissions.place, job, subject_id)

    async def get_evaluations(self, call: Call) -> wire.EvaluationListReply:
        """The evaluations of a submission."""
        submission, revision = await self._run(
            self._tutor.submissions.submission, call.person_id, call.id()
        )
        return views.evaluations(submission, revision, call.language)

    async def get_submissions(self, call: Call) -> wire.SubmissionListReply:
        """The caller's submissions to an exercise."""
        found = await self._run(
            self._tutor.submissions.submissions,
            call.person_id,
            call.path["course"],
            call.path["exercise"],
        )
        return wire.SubmissionListReply(
            submissions=[views.submission(each, of, call.language) for each, of in found]
        )


def _language(text: str) -> str:
    """Return the language of a query, or "" when none was given. Raises InvalidInput."""
    try:
        return text and _LANGUAGE.validate_python(text)
    except ValidationError:
        raise InvalidInput("language: give a language code such as en or bn.") from None
