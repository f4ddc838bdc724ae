"""Who is what in a course, for `jupyter tutor role` and `jupyter tutor people`."""

from collections.abc import Sequence

from jupyter_tutor.bootstrap.accounts import own_identity
from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.people import Member, Role
from jupyter_tutor.services import enrolling

ME = "me"
"""Who runs the command, where the database is their own."""


def read_roster(settings: Settings, course: str) -> Sequence[Member]:
    """Return everybody in a course. Raises NotFound."""
    with open_database(settings) as database:
        return enrolling.roster(database, course)


def give_role(settings: Settings, course: str, name: str, role: Role) -> enrolling.RoleGiven:
    """Give somebody a role in a course; on a laptop, `ME` is who runs the command.

    Raises:
        NotFound: There is no such course or person.
        InvalidInput: Several have that name.
    """
    own = own_identity() if name == ME and settings.embedded else None
    with open_database(settings) as database:
        return enrolling.give_role(database, course, name, role, own)
