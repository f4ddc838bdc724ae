"""What calls of a language model cost, for `jupyter tutor usage`."""

from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.config import Settings
from jupyter_tutor.services.read_models import UsageBy, UsageReport
from jupyter_tutor.services.usage import usage_everywhere


def read_usage(settings: Settings, course: str | None, by: UsageBy) -> UsageReport:
    """Return what calls cost in a course, or in all.

    Raises:
        NotFound: There is no such course.
    """
    with open_database(settings) as database:
        return usage_everywhere(database, course, by)
