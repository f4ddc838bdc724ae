"""Bootstrap: the only place that builds adapters and hands them to services.

What reads notebooks or runs kernels is imported where it is built: it brings jsonschema, whose
optional format checkers take seconds to import, and looking after the database needs none of it.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from logging import Logger
from typing import Final, Literal
from uuid import UUID

from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import TutorError
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.services import remembering
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.services.grading import GradingService
from jupyter_tutor.services.lessons import LessonService
from jupyter_tutor.services.ports import ResultNews
from jupyter_tutor.services.progress import ProgressService
from jupyter_tutor.services.submissions import SubmissionService
from jupyter_tutor.services.tutoring import TutoringService
from jupyter_tutor.shipped import shipped
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.administration import Administration as Administration
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.embedded import EmbeddedPostgres
from jupyter_tutor.storage.news import PostgresNews
from jupyter_tutor.storage.worker import Worker

READY_SECONDS: Final = 5.0
"""How long a server waits for its worker before it takes requests all the same."""

SAMPLE_COURSE: Final = "python-foundations"
NOBODY: Final = UUID(int=0)
"""A key that no person has: asks for courses without anybody's standing in them."""


@dataclass(frozen=True, slots=True)
class Tutor:
    """The running tutor: its services and what they stand on.

    Attributes:
        settings: What was configured.
        access: Persons and enrolments.
        submissions: Checks and submissions.
        progress: Courses and cards.
        lessons: Learners' copies.
        tutoring: Hints.
        news: Tells that a row settled.
    """

    settings: Settings
    access: Access
    submissions: SubmissionService
    progress: ProgressService
    lessons: LessonService
    tutoring: TutoringService
    news: ResultNews
    _database: Database
    _worker: Worker | None
    _closing: ExitStack

    def health(
        self,
    ) -> tuple[Literal["ok", "unavailable"], Literal["ok", "elsewhere", "unavailable"]]:
        """Return whether the database answers and whether a worker runs here."""
        database: Literal["ok", "unavailable"] = "ok"
        try:
            with self._database() as uow:
                uow.now()
        except TutorError:
            database = "unavailable"
        if self._worker is None:
            return database, "elsewhere"
        return database, "ok" if self._worker.ready else "unavailable"

    def close(self) -> None:
        """Stop the worker, end the kernels, leave the database."""
        self._closing.close()


def start(settings: Settings, log: Logger) -> Tutor:
    """Start everything a server needs; blocks until requests can be answered.

    The embedded database is brought to this version's revision and, when it has no course, given
    the sample course. An external database has to be at the right revision.

    Raises:
        StorageUnavailable: The database does not answer or is at a wrong revision.
    """
    from jupyter_tutor.notebook_format import Merger

    with ExitStack() as stack:
        database = stack.enter_context(_database(settings))
        url = database.url.render_as_string(hide_password=False)
        if settings.embedded and settings.publish_sample_course:
            _publish_sample_course(database, log)
        news = PostgresNews(url)
        stack.callback(news.close)
        news.start()
        worker = stack.enter_context(_worker(settings, database)) if settings.run_worker else None
        access = Access(database, open_enrollment=settings.open_enrollment)
        return Tutor(
            settings=settings,
            access=access,
            submissions=SubmissionService(database, access),
            progress=ProgressService(database, access),
            lessons=LessonService(database, access, Merger()),
            tutoring=TutoringService(database, access, OfflineHintModel()),
            news=news,
            _database=database,
            _worker=worker,
            _closing=stack.pop_all(),
        )


@contextmanager
def worker(settings: Settings) -> Iterator[Worker]:
    """A worker for the foreground, at the configured database."""
    with _database(settings) as database, _worker(settings, database, begin=False) as worker:
        yield worker


@contextmanager
def authoring(settings: Settings | None = None) -> Iterator[AuthoringService]:
    """What authors need; with settings also the database to publish to."""
    from jupyter_tutor.execution.runner import NbclientTestRunner
    from jupyter_tutor.notebook_format import CourseFolder

    runner = NbclientTestRunner()
    with nullcontext() if settings is None else _database(settings) as database:
        try:
            yield AuthoringService(CourseFolder(), runner, database)
        finally:
            runner.close()


@contextmanager
def administration(settings: Settings) -> Iterator[Administration]:
    """The configured database, at whatever revision it is, for `jupyter tutor db`."""
    if settings.embedded:
        embedded = EmbeddedPostgres(settings.data_dir / "postgres")
        with embedded:
            yield Administration(embedded.url, bin_dir=embedded.bin_dir())
    else:
        yield Administration(settings.database_url)


def rebuild_memory(settings: Settings, course: str) -> remembering.Rebuilt:
    """Rebuild every learner's memory in a course, and its exercises' difficulties.

    Raises:
        NotFound: There is no such course.
    """
    with _database(settings) as database:
        return remembering.rebuild(database, course)


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    with ExitStack() as stack:
        if settings.embedded:
            embedded = stack.enter_context(EmbeddedPostgres(settings.data_dir / "postgres"))
            schema.upgrade(embedded.url)
            database = Database(embedded.url, revive=embedded.ensure_running)
        else:
            schema.require_current(settings.database_url)
            database = Database(settings.database_url)
        yield stack.enter_context(database)


@contextmanager
def _worker(settings: Settings, database: Database, *, begin: bool = True) -> Iterator[Worker]:
    from jupyter_tutor.execution.runner import NbclientTestRunner

    runner = NbclientTestRunner(spares=1)
    grading = GradingService(database, runner)
    worker = Worker(
        database.url.render_as_string(hide_password=False),
        grading.jobs,
        concurrency=settings.worker_concurrency,
        on_exhausted=grading.give_up,
    )
    try:
        if begin:
            worker.start()
            worker.wait_until_ready(READY_SECONDS)
        yield worker
    finally:
        worker.stop()
        runner.close()


def _publish_sample_course(database: Database, log: Logger) -> None:
    """Give an empty database the sample course, whose proofs were run before it was shipped.

    The tutor starts without it when that fails.
    """
    with database() as uow:
        if uow.reads.courses(NOBODY):
            return
    from jupyter_tutor.execution.runner import NbclientTestRunner
    from jupyter_tutor.notebook_format import CourseFolder

    runner = NbclientTestRunner()
    try:
        authoring = AuthoringService(CourseFolder(), runner, database)
        folder = shipped("notebooks")
        publication = authoring.publish(SAMPLE_COURSE, [folder], proven_before=True)
        if not publication.proof.proven:
            log.warning("The sample course was not published:\n%s", publication.text())
    except (TutorError, FileNotFoundError) as error:
        log.warning("The sample course was not published: %s", error)
    finally:
        runner.close()
