"""The running tutor of a server: its services, its database and, on a laptop, its worker."""

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from logging import Logger
from typing import Literal

from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.bootstrap.grading import Grading, worker_at
from jupyter_tutor.bootstrap.hinting import help_at
from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.bootstrap.recipients import recipient_of
from jupyter_tutor.bootstrap.reviewing import Reviewing, reviewing_at
from jupyter_tutor.bootstrap.sample_course import SampleCourse
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import ModelUnavailable, TutorError
from jupyter_tutor.llm.claude import ClaudeTutorModel
from jupyter_tutor.metrics import Metrics
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.chatting import ChatService
from jupyter_tutor.services.consenting import ConsentService
from jupyter_tutor.services.conversations import ConversationService
from jupyter_tutor.services.enrolling import RosterService
from jupyter_tutor.services.exporting import ExportService
from jupyter_tutor.services.help_settings import HelpSettingsService
from jupyter_tutor.services.hinting import HintingService
from jupyter_tutor.services.lessons import LessonService
from jupyter_tutor.services.ports import ResultNews
from jupyter_tutor.services.privacy import PrivacyService
from jupyter_tutor.services.progress import ProgressService
from jupyter_tutor.services.submissions import SubmissionService
from jupyter_tutor.services.tutoring import TutoringService
from jupyter_tutor.services.usage import UsageService
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.news import PostgresNews


@dataclass(frozen=True, slots=True)
class Health:
    """How the parts of a tutor are.

    Attributes:
        database: Whether it answers.
        worker: Whether answers are graded here.
        isolation: The weakest isolation that answers run with, "none" when they can't be run, None
            where no worker is known.
    """

    database: Literal["ok", "unavailable"]
    worker: Literal["ok", "elsewhere", "unavailable"]
    isolation: str | None


@dataclass(frozen=True, slots=True)
class Tutor:
    """The running tutor: its services and what they stand on.

    Attributes:
        settings: What was configured.
        access: Persons and enrolments.
        submissions: Checks and submissions.
        progress: Courses and cards.
        lessons: Learners' copies.
        tutoring: What learners say to hints.
        hinting: Hints.
        chatting: Answers to questions.
        help_settings: What instructors say of help.
        usage: What a language model may cost, and did.
        roster: Who is in a course.
        consent: What learners say of a language model.
        conversations: What learners and the tutor said.
        reviewing: What instructors decide by rubrics.
        privacy: What is stored of a person, and its end.
        exports: All of it, to take along.
        news: Tells that a row settled.
        metrics: What is counted here, for Prometheus.
    """

    settings: Settings
    access: Access
    submissions: SubmissionService
    progress: ProgressService
    lessons: LessonService
    tutoring: TutoringService
    hinting: HintingService
    chatting: ChatService
    help_settings: HelpSettingsService
    usage: UsageService
    roster: RosterService
    consent: ConsentService
    conversations: ConversationService
    reviewing: Reviewing
    privacy: PrivacyService
    exports: ExportService
    news: ResultNews
    metrics: Metrics
    _database: Database
    _grading: Grading | None
    _model: ClaudeTutorModel | None
    _closing: ExitStack

    def health(self) -> "Health":
        """Return how the parts are."""
        database: Literal["ok", "unavailable"] = "ok"
        levels: Sequence[str] = ()
        try:
            with self._database() as uow:
                levels = uow.jobs.isolations()
        except TutorError:
            database = "unavailable"
        if self._grading is None:
            # The weakest of all that may come to grade an answer.
            order = ["none", "limits", "landlock", "namespaces"]
            weakest = min(levels, key=order.index, default=None)
            return Health(database, "elsewhere", weakest)
        ready = self._grading.worker.ready
        return Health(database, "ok" if ready else "unavailable", self._grading.engine.level)

    async def warm_up(self) -> None:
        """Make the language model ready, where there is one, so that no learner waits for that."""
        if self._model is not None:
            with suppress(ModelUnavailable):  # who asks for it is told
                await self._model.warm()

    async def hang_up(self) -> None:
        """Let go of what belongs to this event loop; to be called before `close`."""
        if self._model is not None:
            await self._model.close()

    def close(self) -> None:
        """Stop the worker, end the kernels, leave the database."""
        self._closing.close()


def start(settings: Settings, log: Logger) -> Tutor:
    """Start everything a server needs; blocks until requests can be answered.

    The embedded database is brought to this version's revision and, when it has no course, given
    the sample course, which later versions of the package update. An external database has to be at
    the right revision.

    Raises:
        StorageUnavailable: The database does not answer or is at a wrong revision.
    """
    import_jsonschema()
    from jupyter_tutor.notebook_format import AnswerNotebooks, Merger

    with ExitStack() as stack:
        database = stack.enter_context(open_database(settings))
        url = database.url.render_as_string(hide_password=False)
        if settings.embedded and settings.publish_sample_course:
            sample = SampleCourse(database, log)
            stack.callback(sample.close)
            sample.publish()
        news = PostgresNews(url)
        stack.callback(news.close)
        news.start()
        grading: Grading | None = None
        if settings.run_worker:
            grading = stack.enter_context(worker_at(settings, database, log))
        access = Access(database, open_enrollment=settings.open_enrollment)
        usage = UsageService(database, access, settings.budgets)
        tutoring = TutoringService(database, access)
        recipient = recipient_of(settings)
        helping = help_at(settings, database, access, tutoring, usage, recipient, grading, stack)
        return Tutor(
            settings=settings,
            access=access,
            submissions=SubmissionService(database, access, secret_tries=settings.secret_tries),
            progress=ProgressService(database, access),
            lessons=LessonService(database, access, Merger()),
            tutoring=tutoring,
            hinting=helping.hinting,
            chatting=helping.chatting,
            help_settings=HelpSettingsService(database, access),
            usage=usage,
            roster=RosterService(database, access),
            consent=ConsentService(database, access, usage, recipient),
            conversations=ConversationService(database, access),
            reviewing=reviewing_at(settings, database, access),
            privacy=PrivacyService(database, on_erased=helping.diagnoses.forget),
            exports=ExportService(database, AnswerNotebooks(), language=settings.language),
            news=news,
            metrics=grading.metrics if grading else Metrics(database),
            _database=database,
            _grading=grading,
            _model=helping.model,
            _closing=stack.pop_all(),
        )
