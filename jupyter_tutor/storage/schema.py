"""The schema of the database: bringing it to a revision, and saying whether it is there.

The revisions are Alembic's, in `migrations/` of a checkout and in `jupyter_tutor/migrations/` of an
installed package. Whoever changes a schema holds an advisory lock, so that several processes may
start at once; every change is one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from jupyter_tutor.domain.errors import InvalidInput, StorageUnavailable
from jupyter_tutor.shipped import shipped
from jupyter_tutor.storage import bystanders
from jupyter_tutor.storage.connections import (
    OLDEST_SERVER,
    connect_args,
    conninfo,
    database_url,
)
from jupyter_tutor.storage.failures import translated
from jupyter_tutor.storage.tables import Base

UPGRADE_COMMAND = "jupyter tutor db upgrade"

_LOCK = 0x7475746F725F6462  # "tutor_db"


def expected() -> str:
    """Return the revision this release needs."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise StorageUnavailable("The installation has no migrations. Install jupyter-tutor again.")
    return head


def current(url: str) -> str | None:
    """Return the revision a database is at, or None for one without our tables.

    Raises:
        StorageUnavailable: The database does not answer.
    """
    with _connected(url) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(url: str) -> None:
    """Refuse a database that is not at the revision this release needs.

    Raises:
        StorageUnavailable: Names the command that mends it; or the database does not answer.
    """
    found = current(url)
    if found == expected():
        return
    if found is None:
        raise StorageUnavailable(f"The database has no tables yet. Run: {UPGRADE_COMMAND}")
    if not _known(found):
        raise StorageUnavailable(
            f"The database is at revision {found}, which a newer release of Jupyter Tutor made. "
            "Upgrade the package: pip install --upgrade jupyter-tutor"
        )
    raise StorageUnavailable(
        f"The database is at revision {found}; this release needs {expected()}. "
        f"Run: {UPGRADE_COMMAND}"
    )


def upgrade(url: str, revision: str = "head") -> str:
    """Bring a database to a later revision; does nothing when it is there.

    Returns:
        The revision it is at now.

    Raises:
        InvalidInput: There is no such revision.
        StorageUnavailable: The database does not answer, is too old a PostgreSQL, or was made by a
            newer release.
    """
    with _changing(url) as (connection, config):
        found = MigrationContext.configure(connection).get_current_revision()
        if found is not None and not _known(found):
            raise StorageUnavailable(
                f"The database is at revision {found}, which a newer release of Jupyter Tutor "
                "made. Upgrade the package: pip install --upgrade jupyter-tutor"
            )
        command.upgrade(config, revision)
        return MigrationContext.configure(connection).get_current_revision() or ""


def downgrade(url: str, revision: str) -> str | None:
    """Bring a database to an earlier revision, deleting what later ones hold; "base" empties it.

    Returns:
        The revision it is at now, or None when it is empty.

    Raises:
        InvalidInput: There is no such revision.
        StorageUnavailable: The database does not answer.
    """
    with _changing(url) as (connection, config):
        command.downgrade(config, revision)
        return MigrationContext.configure(connection).get_current_revision()


def require_alone(url: str) -> None:
    """Refuse to go on while another process is connected to a database.

    Raises:
        Conflict: Names who is there.
        StorageUnavailable: The database does not answer.
    """
    try:
        with psycopg.connect(conninfo(url), autocommit=True) as connection:
            bystanders.require_none(connection)
    except psycopg.OperationalError as error:
        raise StorageUnavailable("The database does not answer. Check that it runs.") from error


def losses(url: str, revision: str) -> tuple[str, ...]:
    """Return what a downgrade would delete, found by doing it and taking it back.

    Returns:
        One text for each table or column that goes, with the rows it has; empty when the schema is
        at that revision, or when nothing but indexes and the like would go.

    Raises:
        InvalidInput: There is no such revision.
        StorageUnavailable: The database does not answer.
    """
    with _changing(url) as (connection, config):
        before = _columns(connection)
        trial = connection.begin_nested()
        command.downgrade(config, revision)
        after = _columns(connection)
        trial.rollback()
        gone = {table: names - after.get(table, set()) for table, names in before.items()}
        return tuple(
            _loss(connection, table, sorted(names) if table in after else [])
            for table, names in gone.items()
            if names
        )


def check(url: str) -> tuple[str, ...]:
    """Compare a database with the models.

    Returns:
        What differs, one text each; empty when nothing does.

    Raises:
        StorageUnavailable: The database does not answer.
    """
    with _connected(url) as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        found = context.get_current_revision()
        differences = [str(difference) for difference in compare_metadata(context, Base.metadata)]
    if found != expected():
        differences.insert(0, f"revision {found} instead of {expected()}")
    return tuple(differences)


def migrations_dir() -> Path:
    """Return the directory of the migrations, in a checkout or in the installed package."""
    return shipped("migrations")


def _config() -> Config:
    config = Config()
    # Config reads the option through configparser, where % has a meaning.
    config.set_main_option("script_location", str(migrations_dir()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _known(revision: str) -> bool:
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return revision in {script.revision for script in scripts}


def _columns(connection: Connection) -> dict[str, set[str]]:
    """Return the columns of each table that people or the queue have made, by its full name."""
    found: dict[str, set[str]] = {}
    rows = connection.execute(
        text(
            "SELECT format('%I.%I', table_schema, table_name), column_name "
            "FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_catalog, table_schema, table_name) WHERE table_type = 'BASE TABLE' "
            "AND table_schema !~ '^pg_' AND table_schema <> 'information_schema' "
            "AND table_name <> 'alembic_version' ORDER BY 1, 2"
        )
    )
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def _loss(connection: Connection, table: str, columns: list[str]) -> str:
    """Tell of a table, or of columns of one, how many rows hold something there."""
    name = table.removeprefix("public.")
    if not columns:
        # The name comes quoted from the database itself.
        count = connection.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608
        return f"table {name} ({count} rows)"
    quote = connection.dialect.identifier_preparer.quote
    held = " OR ".join(f"{quote(column)} IS NOT NULL" for column in columns)
    count = connection.scalar(text(f"SELECT count(*) FROM {table} WHERE {held}"))  # noqa: S608
    return f"of table {name}: {', '.join(columns)} ({count} rows)"


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    parsed = database_url(url)
    arguments = connect_args(parsed, search_path="public")
    engine = create_engine(parsed, poolclass=NullPool, connect_args=arguments)
    try:
        with engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        known = translated(error)
        if known is None:
            raise
        raise known from error
    finally:
        engine.dispose()


@contextmanager
def _changing(url: str) -> Iterator[tuple[Connection, Config]]:
    with _connected(url) as connection:
        version = connection.scalar(text("SELECT current_setting('server_version_num')::int"))
        if version < OLDEST_SERVER * 10_000:
            raise StorageUnavailable(
                f"The tutor needs PostgreSQL {OLDEST_SERVER} or newer; this server is version "
                f"{version // 10_000}."
            )
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config = _config()
        config.attributes["connection"] = connection
        try:
            yield connection, config
        except CommandError as error:
            raise InvalidInput(f"The migrations cannot do that: {error}") from error
