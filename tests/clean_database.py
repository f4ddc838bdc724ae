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

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def shared_database(embedded_postgres: str, template_database: str) -> str:
    """A migrated database that lives as long as the tests."""
    name = f"tutor_shared_{next(_numbers)}"
    with psycopg.connect(conninfo(embedded_postgres), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(
                sql.Identifier(name), sql.Identifier(template_database)
            )
        )
    url = make_url(embedded_postgres).set(database=name)
    return url.render_as_string(hide_password=False)


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
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables "
            "WHERE schemaname IN ('public', 'tutor_jobs') AND tablename <> 'alembic_version'"
        ).fetchall()
        name_if_filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, {} WHERE EXISTS (SELECT FROM {})").format(
                *name, sql.Identifier(*name)
            )
            for name in tables
        )
        filled = [sql.Identifier(*name) for name in connection.execute(name_if_filled)]
        if filled:
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(filled)))
