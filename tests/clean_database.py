"""One migrated database for many tests, emptied before each: far cheaper than a new one each time.

A conftest imports the fixtures. Tests that change the schema or the server, or leave processes
behind, take `database_url` instead.
"""

import itertools
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from jupyter_tutor.storage.connections import conninfo
from jupyter_tutor.storage.database import Database

_GROWN = 1_000_000
"""Bytes of a table from which on its room is given back."""

_numbers = itertools.count(1)
_kept: dict[str, psycopg.Connection] = {}
"""What databases are emptied through: to open one each time takes longer than to empty it."""


@pytest.fixture(scope="session")
def shared_database(embedded_postgres: str, template_database: str) -> Iterator[str]:
    """A migrated database that lives as long as the tests."""
    name = f"tutor_shared_{next(_numbers)}"
    with psycopg.connect(conninfo(embedded_postgres), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(template_database)
            )
        )
    url = make_url(embedded_postgres).set(database=name).render_as_string(hide_password=False)
    yield url
    if (kept := _kept.pop(url, None)) is not None:
        kept.close()


@pytest.fixture(scope="session")
def opened_database(shared_database: str) -> Iterator[Database]:
    """The same, opened once: an engine compiles each statement the first time it is used."""
    with Database(shared_database) as database:
        yield database


@pytest.fixture
def clean_database_url(shared_database: str) -> str:
    """A database with all tables and no rows."""
    empty(shared_database)
    return shared_database


def empty(url: str) -> None:
    """Delete every row of a database."""
    try:
        _empty(_kept[url])
    except (KeyError, psycopg.OperationalError):
        # There is none yet, or a test has cut it.
        if (broken := _kept.pop(url, None)) is not None:
            broken.close()
        _kept[url] = psycopg.connect(conninfo(url), autocommit=True)
        _empty(_kept[url])


def _empty(connection: psycopg.Connection) -> None:
    tables = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables "
        "WHERE schemaname IN ('public', 'tutor_jobs') AND tablename <> 'alembic_version'"
    ).fetchall()
    name_if_filled = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, {}, pg_table_size({}) WHERE EXISTS (SELECT FROM {})").format(
            *name, sql.Literal(sql.Identifier(*name).as_string()), sql.Identifier(*name)
        )
        for name in tables
    )
    filled = connection.execute(name_if_filled).fetchall()
    grown = [sql.Identifier(*name) for *name, size in filled if size > _GROWN]
    small = [sql.Identifier(*name) for *name, size in filled if size <= _GROWN]
    if grown:
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(grown)))
    if small:
        # To truncate a table makes new files for it and each of its indexes. As it does, wait for
        # transactions that a test has left behind, so that what they write goes too.
        delete = [sql.SQL("DELETE FROM {}").format(each) for each in small]
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(sql.SQL("LOCK {}").format(sql.SQL(", ").join(small)))
            connection.execute(sql.SQL("; ").join(delete))
