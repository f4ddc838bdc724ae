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


def run(connection: Connection | None, url: str | None = None) -> None:
    """Run what was asked for on a connection, or write SQL for a URL's dialect."""
    context.configure(
        connection=connection,
        url=url,
        target_metadata=Base.metadata,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
        literal_binds=connection is None,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def developer_url() -> str:
    """Return the URL a developer gave."""
    given = context.get_x_argument(as_dictionary=True).get("url")
    url = given or os.environ.get("JUPYTER_TUTOR_DATABASE_URL")
    if not url:
        raise CommandError("Name the database: alembic -x url=postgresql+psycopg://... COMMAND")
    return url


connection = context.config.attributes.get("connection")
if connection is not None:
    run(connection)
elif context.is_offline_mode():
    run(None, "postgresql+psycopg://")
else:
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    url = database_url(developer_url())
    engine = create_engine(
        url, poolclass=NullPool, connect_args=connect_args(url, search_path="public")
    )
    with engine.connect() as opened:
        run(opened)
        opened.commit()
