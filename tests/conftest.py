"""What many tests need: a real PostgreSQL, and a fresh database of it for each test."""

import itertools
import shutil
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from jupyter_tutor.storage.embedded import EmbeddedPostgres

TEMPLATE = "tutor_template"

_numbers = itertools.count(1)


def _execute(url: str, statement: str, database: str, *, suffix: str = "") -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            sql.SQL("{} {} {}").format(
                sql.SQL(statement),
                sql.Identifier(database),
                sql.SQL(suffix),
            )
        )


def _in_database(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _database(server: str, suffix: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    _execute(server, "CREATE DATABASE", name, suffix=suffix)
    yield _in_database(server, name)
    _execute(server, "DROP DATABASE", name, suffix="WITH (FORCE)")


@pytest.fixture(scope="session")
def embedded_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real PostgreSQL that lives as long as the tests."""
    directory = tmp_path_factory.mktemp("postgres")
    with EmbeddedPostgres(directory) as server:
        with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
            # Nothing here has to outlive the machine, and each test makes and drops a database.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.url
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def template_database(embedded_postgres: str) -> str:
    """The name of a migrated database to copy; nothing may stay connected to it."""
    _execute(embedded_postgres, "CREATE DATABASE", TEMPLATE)
    # Here, so that tests without a database do not pay for Alembic and the tables.
    from jupyter_tutor.storage.schema import upgrade

    upgrade(_in_database(embedded_postgres, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def database_url(embedded_postgres: str, template_database: str) -> Iterator[str]:
    """A database of one's own with all tables and no rows."""
    yield from _database(embedded_postgres, f"TEMPLATE {template_database} STRATEGY wal_log")


@pytest.fixture
def empty_database_url(embedded_postgres: str) -> Iterator[str]:
    """A database of one's own without any table."""
    yield from _database(embedded_postgres, "STRATEGY wal_log")
