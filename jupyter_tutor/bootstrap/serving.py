"""The running tutor of a server: its services, its database and, on a laptop, its worker."""

from contextlib import ExitStack
from dataclasses import dataclass
from logging import Logger
from typing import Literal

from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.bootstrap.grading import worker_at
from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.bootstrap.sample_course import SampleCourse
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import TutorError
from jupyter_tutor.llm.offline import OfflineHintModel
from jupyter_tutor.services.access import Access
from jupyter_tutor.services.lessons import LessonService
from jupyter_tutor.services.ports import ResultNews
from jupyter_tutor.services.progress import ProgressService
from jupyter_tutor.services.submissions import SubmissionService
from jupyter_tutor.services.tutoring import TutoringService
from jupyter_tutor.storage.database import Database
from jupyter_tutor.storage.news import PostgresNews
from jupyter_tutor.storage.worker import Worker


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
    the sample course, which later versions of the package update. An external database has to be at
    the right revision.

    Raises:
        StorageUnavailable: The database does not answer or is at a wrong revision.
    """
    import_jsonschema()
    from jupyter_tutor.notebook_format import Merger

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
        worker = stack.enter_context(worker_at(settings, database)) if settings.run_worker else None
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
