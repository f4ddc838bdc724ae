"""`jupyter tutor db <verb>`: looking after the database."""

from abc import abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from jupyter_core.application import JupyterApp
from traitlets import Bool

from jupyter_tutor.cli import Verb
from jupyter_tutor.domain.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from jupyter_tutor.bootstrap.administering import Administration


class DatabaseVerb(Verb):
    """Base of the verbs that work on the configured database.

    Attributes:
        wanted: What the verb needs as its one argument; empty for verbs that need none.
    """

    wanted: ClassVar[str] = ""

    def run(self) -> int:
        """Attach to the database (starting the embedded one) and do the work."""
        if self.wanted:
            self.argument()
        from jupyter_tutor.bootstrap.administering import administration

        with administration(self.settings) as database:
            return self.use(database)

    @abstractmethod
    def use(self, database: "Administration") -> int:
        """Do the work; returns the exit status."""

    def argument(self) -> str:
        """Return the one argument. Raises InvalidInput when there is none or more."""
        if len(self.extra_args) != 1:
            raise InvalidInput(f"Name one {self.wanted}: {self.name} {self.wanted.upper()}")
        return str(self.extra_args[0])


class Upgrade(DatabaseVerb):
    """Bring the schema to this version: `jupyter tutor db upgrade [REVISION]`."""

    name = "jupyter tutor db upgrade"
    description = __doc__

    def use(self, database: "Administration") -> int:
        """Upgrade, and print where the schema is now."""
        database.upgrade(self.extra_args[0] if self.extra_args else "head")
        print(f"The database is at revision {database.revision}.")
        return 0


_DELETE = "Delete what later revisions added."


class Downgrade(DatabaseVerb):
    """Take the schema back: `jupyter tutor db downgrade REVISION [--force]` ("base" empties it).

    What later revisions added is deleted: without --force it is listed, and nothing happens. While
    a server, a worker or anything else is connected, nothing happens either, --force or not.
    """

    name = "jupyter tutor db downgrade"
    description = __doc__
    wanted = "revision"
    force = Bool(default_value=False, help=_DELETE).tag(config=True)
    flags = {**JupyterApp.flags, "force": ({"Downgrade": {"force": True}}, _DELETE)}

    def use(self, database: "Administration") -> int:
        """Downgrade, and print what was deleted and where the schema is now."""
        revision = self.argument()
        lost = database.losses(revision)
        listed = "".join(f"\n  {each}" for each in lost)
        if lost and not self.force:
            raise Conflict(
                f"Taking the database back to {revision} deletes:{listed}\n"
                "Nothing was changed. Make a backup (`jupyter tutor db backup FILE`), then say "
                f"--force. {self._afterwards()}"
            )
        database.downgrade(revision)
        if lost:
            print(f"Deleted:{listed}")
        print(f"The database is at revision {database.revision or 'base (empty)'}.")
        if after := self._afterwards():
            print(after)
        return 0

    def _afterwards(self) -> str:
        """Say what becomes of it where this release upgrades by itself."""
        if not self.settings.embedded:
            return ""
        return (
            "The next start of this release upgrades the embedded database again, and so does "
            "`publish`; what was deleted stays deleted."
        )


class CheckDatabase(DatabaseVerb):
    """Compare the database with this version: `jupyter tutor db check`."""

    name = "jupyter tutor db check"
    description = __doc__

    def use(self, database: "Administration") -> int:
        """Print what differs; 1 when anything does."""
        differences = database.check()
        for difference in differences:
            print(difference)
        if not differences:
            print(f"The database is at revision {database.revision} and matches the models.")
        return 1 if differences else 0


class Url(DatabaseVerb):
    """Print the database's URL, without its password: `jupyter tutor db url`."""

    name = "jupyter tutor db url"
    description = __doc__

    def use(self, database: "Administration") -> int:
        """Print it."""
        print(database.url)
        return 0


class Backup(DatabaseVerb):
    """Write everything into one file: `jupyter tutor db backup FILE`."""

    name = "jupyter tutor db backup"
    description = __doc__
    wanted = "file"

    def use(self, database: "Administration") -> int:
        """Write the file."""
        file = Path(self.argument())
        database.backup(file)
        print(f"Wrote {file} ({file.stat().st_size:,} bytes).")
        return 0


class Restore(DatabaseVerb):
    """Read a backup into an empty database: `jupyter tutor db restore FILE [--force]`.

    While a server, a worker or anything else is connected, nothing happens, --force or not.
    """

    name = "jupyter tutor db restore"
    description = __doc__
    wanted = "file"
    force = Bool(default_value=False, help="Replace what is in the database.").tag(config=True)
    flags = {
        **JupyterApp.flags,
        "force": ({"Restore": {"force": True}}, "Replace what is in the database."),
    }

    def use(self, database: "Administration") -> int:
        """Restore, all or nothing."""
        file = Path(self.argument())
        database.restore(file, force=self.force)
        print(f"Restored {file}.")
        return 0


class Database(Verb):
    """The database: `jupyter tutor db upgrade|downgrade|check|url|backup|restore`."""

    name = "jupyter tutor db"
    description = __doc__
    subcommands = {
        "upgrade": (Upgrade, "Bring the schema to this version."),
        "downgrade": (Downgrade, "Take the schema back to a revision."),
        "check": (CheckDatabase, "Compare the schema with this version."),
        "url": (Url, "Print the database's URL, without its password."),
        "backup": (Backup, "Write everything into one file."),
        "restore": (Restore, "Read a backup into an empty database."),
    }
