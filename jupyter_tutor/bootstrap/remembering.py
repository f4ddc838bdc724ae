"""Rebuilding learners' memory, for `jupyter tutor memory rebuild`."""

from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.config import Settings
from jupyter_tutor.services import remembering


def rebuild_memory(settings: Settings, course: str) -> remembering.Rebuilt:
    """Rebuild every learner's memory in a course, and its exercises' difficulties.

    Raises:
        NotFound: There is no such course.
    """
    with open_database(settings) as database:
        return remembering.rebuild(database, course)
