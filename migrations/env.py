"""How Alembic reaches the database.

`jupyter_tutor.storage.schema` hands over an open connection. The `alembic` command of a developer
gets its URL from `-x url=...` or from JUPYTER_TUTOR_DATABASE_URL.
"""

import os
from logging.config import fileConfig
from typing import Literal

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from jupyter_tutor.storage.columns import Document, Named, Numbered, Text
from jupyter_tutor.storage.connections import connect_args, database_url
from jupyter_tutor.storage.tables import Base


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types as what they are in the database."""
    if kind == "type" and isinstance(item, Text | Named):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Document):
        return "sa.JSON()"
    if kind == "type" and isinstance(item, Numbered):
        return "sa.SmallInteger()"
    return False


def run(connection: Connection) -> None:
    """Run on a connection what was asked for."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


def run_for_developer() -> None:
    """Connect to the database a developer names, and run."""
    if context.is_offline_mode():
        raise CommandError("--sql is not supported: the schema is SQL already, in versions/.")
    given = context.get_x_argument(as_dictionary=True).get("url")
    named = given or os.environ.get("JUPYTER_TUTOR_DATABASE_URL")
    if not named:
        raise CommandError("Name the database: alembic -x url=postgresql+psycopg://... COMMAND")
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    url = database_url(named)
    engine = create_engine(
        url, poolclass=NullPool, connect_args=connect_args(url, search_path="public")
    )
    with engine.begin() as connection:
        run(connection)


handed = context.config.attributes.get("connection")
if handed is None:
    run_for_developer()
else:
    run(handed)
