"""Backups of the whole database with PostgreSQL's own programs: all of it or nothing.

A backup is one file in `pg_dump`'s custom format, readable by its owner only, with a checksum
behind it (the format has none, and `pg_restore` does not look that far). Restoring happens in one
transaction: when anything fails, the database is what it was before.
"""

import contextlib
import hashlib
import logging
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import Conninfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from jupyter_tutor.domain.errors import Conflict, InvalidInput, StorageUnavailable
from jupyter_tutor.storage import bystanders
from jupyter_tutor.storage.binaries import Binaries, client_binaries

_LOCK_SECONDS = 10
_HEADER_BYTES = 4096
_SEAL = b"\nJupyter Tutor backup, SHA-256: "
_SINCE_17 = b"SET transaction_timeout"

# Everything people made; what belongs to PostgreSQL or to an extension goes and comes with it.
_IS_EMPTY = """
SELECT NOT EXISTS (
    SELECT FROM pg_class AS thing JOIN pg_namespace AS home ON home.oid = thing.relnamespace
    WHERE home.nspname !~ '^pg_' AND home.nspname <> 'information_schema'
    AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = thing.oid AND deptype = 'e'
    )
) AND NOT EXISTS (
    SELECT FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')
)
"""
_EMPTY = """
DO $$
DECLARE
    home text;
BEGIN
    FOR home IN SELECT nspname FROM pg_namespace
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', home);
    END LOOP;
END
$$;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
"""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Target:
    """A database as PostgreSQL's programs want to be told of it.

    Attributes:
        conninfo: How to reach it, without the password.
        password: To be passed in the environment, where other users do not see it.
        server_major: Major version of its server.
    """

    conninfo: str
    password: str | None
    server_major: int

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return _connect(self.conninfo, self.password)


def backup(url: str, file: Path, *, bin_dir: Path | None = None) -> None:
    """Write the whole database into a file, which replaces an older one only when complete.

    Args:
        url: The database (`postgresql+psycopg://...` or `postgresql://...`).
        file: Where to write.
        bin_dir: Take PostgreSQL's programs from there instead of looking for them.

    Raises:
        InvalidInput: The URL is none, or the file cannot be written.
        StorageUnavailable: The database does not answer, or `pg_dump` is missing or failed.
    """
    target = _target(url)
    programs = client_binaries(target.server_major, only=bin_dir)
    with _file_errors(file, "written"):
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        os.close(descriptor)
    draft = Path(name)
    try:
        # Into a file it can go back in: pg_dump ends by noting where in it each table begins.
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={draft.absolute()}"]
        done = _run(programs, "pg_dump", [*options, *_to(target)], target)
        if done.returncode != 0:
            raise StorageUnavailable(f"The backup failed. {_reason(done.stderr)}")
        with _file_errors(file, "written"):
            with draft.open("ab") as output:
                output.write(_SEAL + _digest(draft, draft.stat().st_size))
                output.flush()
                os.fsync(output.fileno())
            draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(url: str, file: Path, *, force: bool = False, bin_dir: Path | None = None) -> None:
    """Fill a database from a backup, in one transaction.

    Args:
        url: The database (`postgresql+psycopg://...` or `postgresql://...`).
        file: A file that `backup` wrote.
        force: Replace what the database holds; otherwise it has to be empty.
        bin_dir: Take PostgreSQL's programs from there instead of looking for them.

    Raises:
        InvalidInput: The URL is none, or the file is no complete backup.
        Conflict: The database is not empty, or others are connected to it, idle ones included:
            `force` does not override that.
        StorageUnavailable: The database does not answer or refuses, or a program is missing.
    """
    with _file_errors(file, "read"), file.open("rb"):
        pass
    target = _target(url)
    programs = client_binaries(target.server_major, newest=True, only=bin_dir)
    with target.connect() as connection:
        row = connection.execute(_IS_EMPTY).fetchone()
    if not force and row != (True,):
        raise Conflict(
            "The database is not empty. Restore into an empty one, or say --force to replace all "
            "it holds (make a backup of it first)."
        )
    with tempfile.TemporaryDirectory(prefix="jupyter-tutor-restore-") as folder:
        script = Path(folder, "backup.sql")
        _unpack(programs, file, script, target)
        prelude = Path(folder, "prelude.sql")
        prelude.write_text(
            "SET client_min_messages = warning;\n"
            f"SET lock_timeout = '{_LOCK_SECONDS}s';\n" + (_EMPTY if force else "")
        )
        with target.connect() as connection:
            bystanders.require_none(connection)
        _execute(programs, [prelude, script], target)


def _digest(file: Path, length: int) -> bytes:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while length > 0 and (block := stream.read(min(length, 1 << 20))):
            digest.update(block)
            length -= len(block)
    return digest.digest()


def _is_damaged(file: Path) -> bool:
    """Whether a file is not what its seal says; one without a seal is left to pg_restore."""
    length = file.stat().st_size - len(_SEAL) - hashlib.sha256().digest_size
    if length < 0:
        return False
    with file.open("rb") as stream:
        stream.seek(length)
        seal = stream.read()
    return seal.startswith(_SEAL) and not seal.endswith(_digest(file, length))


def _unpack(programs: Binaries, file: Path, script: Path, target: _Target) -> None:
    """Turn a backup into SQL; reading all of it proves the file before the database is touched."""
    if _is_damaged(file):
        raise InvalidInput(f"{file.name} was damaged since it was written; nothing was changed.")
    options = ["--no-owner", "--no-privileges", f"--file={script}", str(file.absolute())]
    done = _run(programs, "pg_restore", options, target)
    if done.returncode != 0:
        raise InvalidInput(
            f"{file.name} is not a complete backup made by `jupyter tutor db backup`; nothing was "
            f"changed. {_reason(done.stderr)}"
        )
    if target.server_major < 17:
        # Newer programs write a setting at the top that older servers do not know.
        with script.open("r+b") as stream:
            head = stream.read(_HEADER_BYTES)
            stream.seek(0)
            stream.write(head.replace(_SINCE_17, b"---" + _SINCE_17[3:], 1))


def _execute(programs: Binaries, scripts: list[Path], target: _Target) -> None:
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
    # Terse, since the context of an error quotes the rows.
    options += ["--set=VERBOSITY=terse"]
    options += [f"--file={script}" for script in scripts]
    done = _run(programs, "psql", [*options, *_to(target)], target, stdout=subprocess.DEVNULL)
    if done.returncode == 0:
        return
    if "lock timeout" in done.stderr:
        raise Conflict(
            "Others are using the database; nothing was changed. Stop all servers and workers of "
            "Jupyter Tutor, then try again."
        )
    raise StorageUnavailable(f"The restore failed; nothing was changed. {_reason(done.stderr)}")


def _target(url: str) -> _Target:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "postgresql":
            raise InvalidInput("Only a PostgreSQL database can be backed up and restored.")
        given = parsed.set(drivername="postgresql+psycopg")
        _, options = given.get_dialect()().create_connect_args(given)
    except ArgumentError:
        # The library's text would repeat the URL, and with it the password.
        raise InvalidInput(
            "The database's URL is not valid. It looks like "
            "postgresql+psycopg://USER:PASSWORD@HOST/DATABASE."
        ) from None
    if "sslpassword" in options:
        raise InvalidInput(
            "The option `sslpassword` cannot be passed on safely. Use a key without a passphrase."
        )
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    options = {name: value for name, value in options.items() if name in known}
    password = options.pop("password", None)
    conninfo = make_conninfo("", **options)
    with _connect(conninfo, password) as connection:
        return _Target(conninfo, password, connection.info.server_version // 10_000)


def _connect(conninfo: str, password: str | None) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(conninfo, password=password, autocommit=True)
    except psycopg.OperationalError as error:
        raise StorageUnavailable(
            f"The database does not answer. {_reason(str(error))} Check that it runs and that "
            "its URL is right."
        ) from error


def _to(target: _Target) -> list[str]:
    return ["--no-password", f"--dbname={target.conninfo}"]


def _run(
    programs: Binaries,
    name: str,
    arguments: list[str],
    target: _Target,
    stdout: int = subprocess.DEVNULL,
) -> subprocess.CompletedProcess[str]:
    environment = programs.environment()
    # HOME and PG*: certificates, password files and service files are looked up there.
    environment |= {
        name: value for name, value in os.environ.items() if name == "HOME" or name[:2] == "PG"
    }
    if target.password is not None:
        environment["PGPASSWORD"] = target.password
    done = subprocess.run(
        [programs.program(name), *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    if done.returncode != 0:
        _log.error("%s failed: %s", name, done.stderr.strip())
    return done


def _reason(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.search(r"error|fatal", line, re.IGNORECASE)]
    return "".join(f"PostgreSQL says: {line}" for line in (errors or lines)[:1])


@contextlib.contextmanager
def _file_errors(file: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InvalidInput(f"{file.name} cannot be {what}: {error.strerror}.") from error
