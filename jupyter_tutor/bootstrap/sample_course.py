"""The sample course that comes with the package, in the embedded database of a laptop."""

from logging import Logger
from typing import Final
from uuid import UUID

from jupyter_tutor.bootstrap.quick import import_jsonschema
from jupyter_tutor.domain.errors import TutorError
from jupyter_tutor.services.authoring import AuthoringService
from jupyter_tutor.shipped import shipped
from jupyter_tutor.storage.database import Database

SAMPLE_COURSE: Final = "python-foundations"
NOBODY: Final = UUID(int=0)
"""A key that no person has: asks for courses without anybody's standing in them."""


def publish_sample_course(database: Database, log: Logger) -> None:
    """Give an empty database the sample course, whose proofs were run before it was shipped.

    The tutor starts without it when that fails.
    """
    with database() as uow:
        if uow.reads.courses(NOBODY):
            return
    import_jsonschema()
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
