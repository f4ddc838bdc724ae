"""`jupyter tutor people` and `jupyter tutor role`: who is in a course, and as what."""

from collections.abc import Sequence

from jupyter_core.application import JupyterApp
from traitlets import Unicode

from jupyter_tutor.cli import Verb
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.people import Member, Role

_ROLES = ", ".join(role.value for role in Role)


class People(Verb):
    """Tell who is in a course and as what: `jupyter tutor people --course SLUG`."""

    name = "jupyter tutor people"
    description = __doc__
    usage = "jupyter tutor people --course SLUG"
    course = Unicode("", help="Slug of the course.").tag(config=True)
    aliases = {**JupyterApp.aliases, "course": "People.course"}

    def run(self) -> int:
        """Print a line for each."""
        if not self.course or self.extra_args:
            raise InvalidInput(f"Name the course, and nothing else: {self.usage}")
        from jupyter_tutor.bootstrap.enrolling import read_roster

        members = read_roster(self.settings, self.course)
        print(as_table(members) if members else f"Nobody is in {self.course} yet.\n", end="")
        return 0


class GiveRole(Verb):
    """Give somebody a role in a course: `jupyter tutor role PERSON ROLE --course SLUG`.

    PERSON is the account they sign in with, their name or their key; on a laptop, "me" is you.
    ROLE is learner, assistant, instructor, guardian or admin, and takes the place of what they
    were.
    """

    name = "jupyter tutor role"
    description = __doc__
    usage = "jupyter tutor role PERSON ROLE --course SLUG"
    course = Unicode("", help="Slug of the course.").tag(config=True)
    aliases = {**JupyterApp.aliases, "course": "GiveRole.course"}

    def run(self) -> int:
        """Print what they are now, and what they were."""
        if len(self.extra_args) != 2 or not self.course:
            raise InvalidInput(f"Name a person, a role and the course: {self.usage}")
        person, wanted = self.extra_args
        if wanted not in tuple(Role):
            raise InvalidInput(f"There is no role {wanted!r}; the roles are {_ROLES}.")
        from jupyter_tutor.bootstrap.enrolling import give_role

        given = give_role(self.settings, self.course, person, Role(wanted))
        name = _called(given.member)
        if given.before is Role(wanted):
            print(f"{name} is {wanted} in {self.course} already.")
        else:
            before = f" (was {given.before.value})" if given.before else ""
            print(f"{name} is {wanted} in {self.course} now{before}.")
        return 0


def as_table(members: Sequence[Member]) -> str:
    """Return who is in a course for people: role, name, accounts and key."""
    head = ("role", "name", "account", "key")
    rows = [head, *(_row(each) for each in members)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(head))]
    return "".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        + "\n"
        for row in rows
    )


def _row(of: Member) -> tuple[str, str, str, str]:
    role = of.role.value if of.role else ""
    return role, of.person.display_name, ", ".join(of.accounts), str(of.person.id)


def _called(of: Member) -> str:
    name, accounts = of.person.display_name, ", ".join(of.accounts)
    return name if name == accounts or not accounts else f"{name} ({accounts})"
