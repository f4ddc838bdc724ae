"""Connections: what every connection of the tutor to PostgreSQL has in common.

The session's time zone is UTC, so that times come back as UTC. The search path is fixed, whatever
the role or database says: our tables live in `public`, the queue in a schema of its own. Sessions
are named after their process, so that an administrator can be told who is there.
"""

from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage.bystanders import process_name

JOBS_SCHEMA = "tutor_jobs"
CONNECT_SECONDS = 10
OLDEST_SERVER = 15


def database_url(url: str | URL) -> URL:
    """Return a PostgreSQL URL with our driver written out.

    Raises:
        StorageUnavailable: It is no PostgreSQL URL; the text repeats none of it, because a URL may
            hold a password.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StorageUnavailable(
            "The database URL cannot be read. It looks like postgresql://user@host:5432/database."
        ) from None
    if parsed.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise StorageUnavailable(
            f"The database URL begins with {parsed.drivername}://, but the tutor needs PostgreSQL "
            f"{OLDEST_SERVER} or newer: postgresql://user@host:5432/database."
        )
    return parsed.set(drivername="postgresql+psycopg")


def connect_args(url: URL, *, search_path: str = f"public,{JOBS_SCHEMA}") -> dict[str, object]:
    """Return what to add to a URL's own parameters when connecting.

    Args:
        url: As `database_url` returns it; `options` in its query are kept.
        search_path: Schemas, without spaces.
    """
    own = url.query.get("options", "")
    options = [
        *([own] if isinstance(own, str) else own),
        f"-c search_path={search_path}",
        "-c TimeZone=UTC",
    ]
    arguments: dict[str, object] = {
        "options": " ".join(option for option in options if option),
        "application_name": process_name(),
    }
    if "connect_timeout" not in url.query:
        arguments["connect_timeout"] = CONNECT_SECONDS
    return arguments


def conninfo(url: str | URL) -> str:
    """Return what psycopg takes outside SQLAlchemy, such as "host=... dbname=...".

    Raises:
        StorageUnavailable: It is no PostgreSQL URL.
    """
    parsed = database_url(url)
    address = parsed.translate_connect_args(username="user", database="dbname")
    query = {
        name: value if isinstance(value, str) else ",".join(value)
        for name, value in parsed.query.items()
    }
    return make_conninfo(**{**address, **query, **connect_args(parsed)})
