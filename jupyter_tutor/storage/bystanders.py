"""Bystanders: who else is connected to a database that is about to be replaced or taken back.

An idle server holds no lock on any table, and a worker's lock (see `presence`) tells only that it
lives: neither stands in the way of a statement. A session does show, whatever it does or does not
do, so whoever has one counts. Each session carries the name of its process (`process_name`), for
what has to be stopped should be told by name.
"""

import os
import socket
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from jupyter_tutor.domain.errors import Conflict

_NAME_BYTES = 63
"""PostgreSQL cuts the name of a session there."""
_PATIENCE_SECONDS = 2.0
"""How long a session that was closed may still be listed, and more."""
_PAUSE_SECONDS = 0.1

# What others have of a session is not shown to every role; that there is one, is.
_OTHERS = """
SELECT coalesce(application_name, ''), coalesce(usename, ''), pid FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
AND pid <> pg_backend_pid() AND coalesce(application_name, '') <> %s
ORDER BY 1, 2, 3
"""


def process_name() -> str:
    """Return how this process is called in PostgreSQL's list of sessions, in at most 63 bytes."""
    called = Path(sys.argv[0] if sys.argv else "")
    program = called.parent.name if called.name == "__main__.py" else called.name
    rest = f", process {os.getpid()} on {socket.gethostname()}"
    name = f"{program or 'python'}{rest}".encode("ascii", "replace")
    return name[:_NAME_BYTES].decode("ascii")


def require_none(connection: psycopg.Connection[Any]) -> None:
    """Refuse to go on while another process has a session at this database.

    Args:
        connection: At the database; it has to commit by itself, for within a transaction the list
            of sessions stays what it was at first.

    Raises:
        Conflict: Names who is there.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while others := _others(connection):
        if time.monotonic() > deadline:
            raise Conflict(
                "The database is in use; nothing was changed. Stop all servers and workers of "
                "Jupyter Tutor (and whatever else is connected), then try again; --force does not "
                "override this. Connected now:\n" + "\n".join(f"  {other}" for other in others)
            )
        time.sleep(_PAUSE_SECONDS)


def _others(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the other processes, each once, in words."""
    rows = connection.execute(_OTHERS, (process_name(),)).fetchall()
    found = {
        f"{name or f'a program that gives no name, backend {pid}'} (role {role})": None
        for name, role, pid in rows
    }
    return list(found)
