"""`jupyter tutor people` and `jupyter tutor role`: who is in a course, and as what.

Also all that is stored of one of them: to take along, or to erase.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.application import JupyterApp
from traitlets import Bool, Unicode

from jupyter_tutor.cli import Verb
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.people import Member, Role
from jupyter_tutor.domain.personal_data import DataKind

if TYPE_CHECKING:
    from jupyter_tutor.services.privacy import StoredData

_ROLES = ", ".join(role.value for role in Role)
_UNASKED = "Erase without asking."
_KINDS = {
    DataKind.PROFILE: "name, accounts and profile",
    DataKind.COURSES: "courses they are in",
    DataKind.CHECKS: "runs of tests",
    DataKind.SUBMISSIONS: "submissions",
    DataKind.EVALUATIONS: "grades of them",
    DataKind.HINTS: "hints",
    DataKind.OPINIONS: "opinions of hints",
    DataKind.EXPLANATIONS: "explanations",
    DataKind.MESSAGES: "messages to and from the tutor",
    DataKind.CONSENTS: "consents given or taken back",
    DataKind.MEMORY: "courses in which the tutor remembers them",
    DataKind.CALLS: "calls of a language model",
    DataKind.SETTINGS: "settings of help for them",
    DataKind.RECORDS: "other records",
}


class ExportPerson(Verb):
    """Take along all that is stored of somebody: `jupyter tutor people export PERSON [-o FILE]`.

    PERSON is the account they sign in with, their name or their key; on a laptop, "me" is you. The
    file is a zip archive of JSON documents and notebooks that only you can read; README.txt in it
    says what is what.
    """

    name = "jupyter tutor people export"
    description = __doc__
    usage = "jupyter tutor people export PERSON [-o FILE]"
    output = Unicode("", help="File to write; it must not be there.").tag(config=True)
    aliases = {
        **JupyterApp.aliases,
        "o": "ExportPerson.output",
        "output": "ExportPerson.output",
    }

    def run(self) -> int:
        """Print where the archive is."""
        if len(self.extra_args) != 1:
            raise InvalidInput(f"Name one person: {self.usage}")
        from jupyter_tutor.bootstrap.personal_data import data_desk

        with data_desk(self.settings) as desk:
            stored = desk.find(self.extra_args[0])
            path = desk.export(stored.person.id, Path(self.output) if self.output else None)
        print(f"All that is stored of {stored.person.display_name} is in {path}.")
        return 0


class ErasePerson(Verb):
    """Erase somebody and everything that is theirs: `jupyter tutor people erase PERSON [--yes]`.

    PERSON is the account they sign in with, their name or their key; on a laptop, "me" is you. What
    will go is shown, and you are asked first; with --yes you are not. There is no way back. Who
    signs in again is a new person.
    """

    name = "jupyter tutor people erase"
    description = __doc__
    usage = "jupyter tutor people erase PERSON [--yes]"
    yes = Bool(default_value=False, help=_UNASKED).tag(config=True)
    flags = {**JupyterApp.flags, "yes": ({"ErasePerson": {"yes": True}}, _UNASKED)}

    def run(self) -> int:
        """Print what goes, ask, and print that it is gone; 1 when it was left alone."""
        if len(self.extra_args) != 1:
            raise InvalidInput(f"Name one person: {self.usage}")
        from jupyter_tutor.bootstrap.personal_data import data_desk

        with data_desk(self.settings) as desk:
            stored = desk.find(self.extra_args[0])
            print(what_goes(stored), end="")
            if not (self.yes or self.answer_yes):
                file = _asked("A file to take it along in first (nothing: without): ")
                if file:
                    print(f"All of it is in {desk.export(stored.person.id, Path(file))}.")
                name = stored.person.display_name
                typed = _asked(f"Type their name, {name}, to erase all this: ")
                if typed is None or not stored.is_confirmed_by(typed):
                    print("Nothing was erased.", file=sys.stderr)
                    return 1
            desk.erase(stored.person.id)
        print(f"{stored.person.display_name} is erased.")
        return 0


def what_goes(of: "StoredData") -> str:
    """Return for people what is stored of somebody and will be erased, and what will stay."""
    person, count = of.person, of.count
    accounts = f" ({', '.join(of.accounts)})" if of.accounts else ""
    roles = ", ".join(f"{each.role.value} in {each.course}" for each in of.memberships)
    lines = [f"{person.display_name}{accounts}, {roles or 'in no course'}; key {person.id}"]
    lines += [f"  {count.kinds[kind]:>7}  {_KINDS[kind]}" for kind in DataKind]
    if count.released_grades:
        lines.append(
            f"Grades that an instructor released go too ({count.released_grades}); the course "
            "keeps no copy."
        )
    if count.kinds[DataKind.CALLS]:
        lines.append("What their calls of a language model cost stays in sums, under no name.")
    lines.append("Backups and the notebooks in their own files are left alone.")
    return "".join(f"{line}\n" for line in lines)


def _asked(question: str) -> str | None:
    """Return what somebody typed, or None when nobody is there to type."""
    try:
        return input(question).strip()
    except EOFError:
        print()
        return None


class People(Verb):
    """Tell who is in a course and as what: `jupyter tutor people --course SLUG`."""

    name = "jupyter tutor people"
    description = __doc__
    usage = "jupyter tutor people --course SLUG"
    subcommands = {
        "export": (ExportPerson, "Take along all that is stored of somebody."),
        "erase": (ErasePerson, "Erase somebody and everything that is theirs."),
    }
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
