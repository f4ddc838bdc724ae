"""The sample course that comes with the package, in the embedded database of a laptop."""

import hashlib
import threading
from logging import Logger
from pathlib import Path
from typing import Final

from jupyter_tutor import __version__
from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.domain.errors import TutorError
from jupyter_tutor.services import shipping
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.services.ports import TestRunner
from jupyter_tutor.services.shipping import Step
from jupyter_tutor.shipped import shipped
from jupyter_tutor.storage.database import Database

SAMPLE_COURSE: Final = "python-foundations"
CLOSING_SECONDS: Final = 10.0


class SampleCourse:
    """Publishes the sample course, whose proofs were run before it was shipped.

    The tutor starts without it when that fails. An empty database gets it before the first request
    is answered; a newer version of it comes in the background, since the older one is there.
    """

    def __init__(self, database: Database, log: Logger) -> None:
        self._database = database
        self._log = log
        self._thread: threading.Thread | None = None
        self._runner: TestRunner | None = None
        self._closed = threading.Event()

    def publish(self) -> None:
        """Install the course or begin to update it, when that is to be done."""
        try:
            folder = shipped("notebooks")
            sources = sources_of(folder)
            step = shipping.next_step(self._database, SAMPLE_COURSE, __version__, sources)
        except (TutorError, OSError) as error:
            self._log.warning("The sample course was not published: %s", error)
            return
        if step is Step.INSTALL:
            self._publish(folder, sources)
        elif step is Step.UPDATE:
            self._thread = threading.Thread(
                target=self._publish, args=(folder, sources), name="tutor-sample", daemon=True
            )
            self._thread.start()
        elif step is Step.LEAVE_CHANGED:
            self._log.info(
                "This version brings another sample course, but %s was changed here: it stays as "
                "it is. To replace it: jupyter tutor publish %s --course %s",
                SAMPLE_COURSE,
                folder,
                SAMPLE_COURSE,
            )

    def close(self) -> None:
        """End an update that still runs; the next start does it again."""
        self._closed.set()
        if self._runner is not None:
            self._runner.close()
        if self._thread is not None:
            self._thread.join(CLOSING_SECONDS)

    def _publish(self, folder: Path, sources: str) -> None:
        import_jsonschema()
        from jupyter_tutor.execution.runner import SandboxTestRunner
        from jupyter_tutor.notebook_format import CourseFolder

        runner = self._runner = SandboxTestRunner()
        try:
            if self._closed.is_set():
                return
            publication = AuthoringService(CourseFolder(), runner, self._database).publish(
                SAMPLE_COURSE,
                [folder],
                proven_before=True,
                then=shipping.remember(SAMPLE_COURSE, __version__, sources),
            )
            if publication.proof.proven:
                self._log.info("The sample course is that of version %s.", __version__)
            else:
                self._log.warning("The sample course was not published:\n%s", publication.text())
        except (TutorError, OSError) as error:
            self._log.warning("The sample course was not published: %s", error)
        finally:
            runner.close()


def sources_of(folder: Path) -> str:
    """Return a digest of a course's sources: names and contents, hidden files and folders aside."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "_")) for part in name.parts):
            found.update(f"{name.as_posix()}\0{path.stat().st_size}\0".encode())
            found.update(path.read_bytes())
    return found.hexdigest()
