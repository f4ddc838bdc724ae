"""`jupyter tutor db <verb>`: looking after the database."""

from pathlib import Path
from typing import ClassVar

from jupyter_core.application import JupyterApp
from traitlets import Bool

from jupyter_tutor.cli import Verb
from jupyter_tutor.domain.errors import InvalidInput


class DatabaseVerb(Verb):
    """Base of the verbs that need the database's address."""

    def run(self) -> int:
        """Attach to the database (starting the embedded one) and do the work."""
        from jupyter_tutor import bootstrap

        with bootstrap.database_url(self.settings) as url:
            return self.use(url)

    def use(self, url: str) -> int:
        """Do the work on the database at a URL; returns the exit status."""
        raise NotImplementedError

    def argument(self, what: str) -> str:
        """Return the one argument. Raises InvalidInput when there is none or more."""
        if len(self.extra_args) != 1:
            raise InvalidInput(f"Name one {what}: jupyter tutor db {self.name} {what.upper()}")
        return str(self.extra_args[0])


class Upgrade(DatabaseVerb):
    """Bring the schema to this version: `jupyter tutor db upgrade [REVISION]`."""

    name = "upgrade"
    description = __doc__

    def use(self, url: str) -> int:
        """Upgrade, and print where the schema is now."""
        from jupyter_tutor.storage import schema

        schema.upgrade(url, self.extra_args[0] if self.extra_args else "head")
        print(f"The database is at revision {schema.current(url)}.")
        return 0


class Downgrade(DatabaseVerb):
    """Take the schema back: `jupyter tutor db downgrade REVISION` ("base" empties it)."""

    name = "downgrade"
    description = __doc__

    def use(self, url: str) -> int:
        """Downgrade, and print where the schema is now."""
        from jupyter_tutor.storage import schema

        schema.downgrade(url, self.argument("revision"))
        print(f"The database is at revision {schema.current(url) or 'base (empty)'}.")
        return 0


class CheckDatabase(DatabaseVerb):
    """Compare the database with this version: `jupyter tutor db check`."""

    name = "check"
    description = __doc__

    def use(self, url: str) -> int:
        """Print what differs; 1 when anything does."""
        from jupyter_tutor.storage import schema

        schema.require_current(url)
        differences = schema.check(url)
        for difference in differences:
            print(difference)
        if not differences:
            print(f"The database is at revision {schema.current(url)} and matches the models.")
        return 1 if differences else 0


class Url(DatabaseVerb):
    """Print the database's URL, without its password: `jupyter tutor db url`."""

    name = "url"
    description = __doc__

    def use(self, url: str) -> int:
        """Print it."""
        from jupyter_tutor.storage.database import without_password

        print(without_password(url))
        return 0


class Backup(DatabaseVerb):
    """Write everything into one file: `jupyter tutor db backup FILE`."""

    name = "backup"
    description = __doc__

    def use(self, url: str) -> int:
        """Write the file."""
        from jupyter_tutor.storage.backup import backup

        file = Path(self.argument("file"))
        backup(url, file)
        print(f"Wrote {file} ({file.stat().st_size:,} bytes).")
        return 0


class Restore(DatabaseVerb):
    """Read a backup into an empty database: `jupyter tutor db restore FILE [--force]`."""

    name = "restore"
    description = __doc__
    force = Bool(default_value=False, help="Replace what is in the database.").tag(config=True)
    flags: ClassVar[dict[str, object]] = {
        **JupyterApp.flags,
        "force": ({"Restore": {"force": True}}, "Replace what is in the database."),
    }

    def use(self, url: str) -> int:
        """Restore, all or nothing."""
        from jupyter_tutor.storage.backup import restore

        file = Path(self.argument("file"))
        restore(url, file, force=self.force)
        print(f"Restored {file}.")
        return 0


class Database(Verb):
    """The database: `jupyter tutor db upgrade|downgrade|check|url|backup|restore`."""

    description = __doc__
    subcommands: ClassVar[dict[str, object]] = {
        "upgrade": (Upgrade, "Bring the schema to this version."),
        "downgrade": (Downgrade, "Take the schema back to a revision."),
        "check": (CheckDatabase, "Compare the schema with this version."),
        "url": (Url, "Print the database's URL, without its password."),
        "backup": (Backup, "Write everything into one file."),
        "restore": (Restore, "Read a backup into an empty database."),
    }
