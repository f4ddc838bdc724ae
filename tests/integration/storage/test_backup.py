"""Backup and restore with the real pg_dump, pg_restore and psql."""

import contextlib
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from jupyter_tutor.domain.errors import Conflict, InvalidInput, StorageUnavailable
from jupyter_tutor.storage import backup as module
from jupyter_tutor.storage import binaries
from jupyter_tutor.storage.account import server_account
from jupyter_tutor.storage.backup import backup, restore
from jupyter_tutor.storage.embedded import EmbeddedPostgres

pytestmark = pytest.mark.postgres

CONTENT = """
CREATE SCHEMA tutor_jobs;
CREATE TYPE tutor_jobs.status AS ENUM ('todo', 'doing');
CREATE TABLE tutor_jobs.job (status tutor_jobs.status);
INSERT INTO tutor_jobs.job VALUES ('doing');
CREATE TABLE learner (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
INSERT INTO learner (name) SELECT 'বাংলা ' || n || E'\\t\\\\.\\n' FROM generate_series(1, 500) AS n;
CREATE TABLE submission (learner bigint REFERENCES learner, body bytea, at timestamptz);
INSERT INTO submission VALUES (1, '\\x00ff', '2030-01-01T00:00Z');
CREATE FUNCTION answer() RETURNS int LANGUAGE sql AS 'SELECT 42';
CREATE VIEW names AS SELECT name FROM learner;
"""
SUMMARY = """
SELECT (SELECT md5(string_agg(learner::text, ',' ORDER BY id)) FROM learner)
    || (SELECT submission::text FROM submission) || (SELECT status FROM tutor_jobs.job)
    || answer() || (SELECT count(*) FROM names)
"""


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def tell(url: str, statements: str) -> None:
    with connect(url) as connection:
        connection.execute(statements.encode())


def summary(url: str) -> object:
    with connect(url) as connection:
        row = connection.execute(SUMMARY.encode()).fetchone()
        assert row is not None
        return row[0]


def names(url: str) -> list[object]:
    """The tables and schemas people made."""
    query = (
        b"SELECT relnamespace::regnamespace || '.' || relname FROM pg_class "
        b"WHERE relkind = 'r' AND relnamespace::regnamespace::text !~ '^(pg_|information)' "
        b"ORDER BY 1"
    )
    with connect(url) as connection:
        return [row[0] for row in connection.execute(query)]


TABLES = ["public.learner", "public.submission", "tutor_jobs.job"]


@pytest.fixture
def source(empty_database_url: str) -> str:
    """A database with something in it."""
    tell(empty_database_url, CONTENT)
    return empty_database_url


@pytest.fixture
def target(embedded_postgres: str) -> Iterator[str]:
    """Another, empty database."""
    tell(embedded_postgres, "CREATE DATABASE restored")
    url = make_url(embedded_postgres).set(database="restored")
    yield url.render_as_string(hide_password=False)
    tell(embedded_postgres, "DROP DATABASE restored WITH (FORCE)")


def test_a_backup_restores_the_whole_database(source: str, target: str, tmp_path: Path) -> None:
    file = tmp_path / "tutor.backup"
    backup(source, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
    restore(target, file)
    assert summary(target) == summary(source)
    assert names(target) == names(source) == TABLES
    again = tmp_path / "again.backup"
    tell(target, "INSERT INTO learner (name) VALUES ('after the last')")
    backup(target, again)
    restore(target, again, force=True)
    restore(target, file, force=True)
    assert summary(target) == summary(source)


def test_a_database_that_holds_something_is_kept(source: str, tmp_path: Path) -> None:
    file = tmp_path / "tutor.backup"
    backup(source, file)
    tell(source, "UPDATE learner SET name = 'newer'")
    newer = summary(source)
    with pytest.raises(Conflict, match=r"not empty.*--force"):
        restore(source, file)
    assert summary(source) == newer


@pytest.mark.parametrize(
    "content",
    ["CREATE SCHEMA x", "CREATE TABLE x ()", "CREATE SEQUENCE x", "CREATE VIEW x AS SELECT"],
)
def test_whatever_people_made_counts(
    target: str, source: str, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "tutor.backup"
    backup(source, file)
    tell(target, content)
    with pytest.raises(Conflict):
        restore(target, file)


def test_force_replaces_everything(source: str, target: str, tmp_path: Path) -> None:
    file = tmp_path / "tutor.backup"
    backup(source, file)
    tell(target, "CREATE TABLE learner (other int); CREATE SCHEMA later; CREATE TABLE later.x ()")
    restore(target, file, force=True)
    assert summary(target) == summary(source)
    assert names(target) == TABLES
    with connect(target) as connection:
        schemas = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = 'later'")
        assert schemas.fetchall() == []


def test_a_broken_backup_changes_nothing(source: str, tmp_path: Path) -> None:
    file = tmp_path / "tutor.backup"
    backup(source, file)
    whole = file.read_bytes()
    before = summary(source)
    shuffled = random.Random(1)
    broken = [b"", b"DROP SCHEMA public CASCADE;\n", whole[:-100]]
    broken += [whole[: len(whole) * part // 8] for part in range(1, 8)]
    for _ in range(20):
        # Not in the checksum's own label, without which a file is merely one of pg_dump's.
        place = shuffled.randrange(len(whole) - 100)
        flipped = bytes([whole[place] ^ 1 << shuffled.randrange(8)])
        broken.append(whole[:place] + flipped + whole[place + 1 :])
    for content in broken:
        bad = tmp_path / "bad"
        bad.write_bytes(content)
        with pytest.raises(InvalidInput, match=r"not a complete backup|was damaged"):
            restore(source, bad, force=True)
        assert summary(source) == before
    with pytest.raises(InvalidInput, match="No such file"):
        restore(source, tmp_path / "missing", force=True)
    with pytest.raises(InvalidInput, match="directory"):
        restore(source, tmp_path, force=True)


def test_a_backup_is_an_ordinary_dump_too(source: str, target: str, tmp_path: Path) -> None:
    """Both ways: PostgreSQL's own program reads ours, and we read what it wrote."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    with connect(source) as connection:
        programs = binaries.client_binaries(connection.info.server_version // 10_000)
    backup(source, ours)
    plain = [f"--dbname={url.replace('+psycopg', '')}" for url in (target, source)]
    subprocess.run([programs.program("pg_restore"), plain[0], str(ours)], check=True)
    assert summary(target) == summary(source)
    subprocess.run([programs.program("pg_dump"), plain[1], "-Fc", f"--file={theirs}"], check=True)
    restore(target, theirs, force=True)
    assert summary(target) == summary(source)


def test_a_restore_that_fails_in_the_middle_changes_nothing(
    source: str, target: str, tmp_path: Path
) -> None:
    file = tmp_path / "tutor.backup"
    # A row that breaks its own table's rule: only restoring finds out, after other tables.
    tell(source, "CREATE TABLE zoo (age int CHECK (age > current_setting('zoo.min', true)::int))")
    with connect(source) as connection:
        connection.execute("SET zoo.min = 1")
        connection.execute("INSERT INTO zoo VALUES (5)")
    tell(source, "ALTER DATABASE restored SET zoo.min = 10")
    backup(source, file)
    tell(target, "CREATE TABLE precious AS SELECT 'kept' AS word")
    with pytest.raises(StorageUnavailable, match=r"nothing was changed.*violates check") as caught:
        restore(target, file, force=True)
    assert "DETAIL" not in caught.value.message
    assert names(target) == ["public.precious"]


def test_a_database_in_use_is_left_alone(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tutor.backup"
    backup(source, file)
    before = summary(source)
    monkeypatch.setattr(module, "_LOCK_SECONDS", 1)
    with psycopg.connect(source.replace("+psycopg", "")) as reader:
        reader.execute("SELECT * FROM learner")
        with pytest.raises(Conflict, match="Stop all servers"):
            restore(source, file, force=True)
    assert summary(source) == before


def test_a_failed_backup_keeps_the_older_one(source: str, tmp_path: Path) -> None:
    file = tmp_path / "tutor.backup"
    backup(source, file)
    older = file.read_bytes()
    with pytest.raises(StorageUnavailable, match="does not answer"):
        backup(f"{source.partition('?')[0]}?host={tmp_path}", file)
    programs = tmp_path / "bin"
    programs.mkdir()
    version = binaries.client_binaries(15).major
    broken = programs / "pg_dump"
    broken.write_text(
        "#!/bin/sh\n"
        f'[ "$1" = --version ] && echo "pg_dump (PostgreSQL) {version + 10}.1" && exit\n'
        'echo half a backup; echo "pg_dump: error: out of luck" >&2; exit 1\n'
    )
    broken.chmod(0o755)
    with pytest.raises(StorageUnavailable, match="out of luck"):
        backup(source, file, bin_dir=programs)
    assert file.read_bytes() == older
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bin", file.name]
    with pytest.raises(InvalidInput, match="cannot be written"):
        backup(source, tmp_path / "no" / "such" / "directory")


def test_a_password_stays_out_of_sight(
    source: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Programs that record how they were called stand in for the real ones."""
    programs = tmp_path / "bin"
    programs.mkdir()
    seen = tmp_path / "seen"
    for name in ("pg_dump", "pg_restore", "psql"):
        program = programs / name
        program.write_text(
            "#!/bin/sh\n"
            f'[ "$1" = --version ] && echo "{name} (PostgreSQL) 99.1" && exit\n'
            f'echo "$0 $*" >> {seen}\n'
            f'[ "$PGPASSWORD" = "s3cr t%/@" ] && echo known >> {seen}\n'
            'for word in "$@"; do case "$word" in\n'
            '  --file=*backup.sql) > "${word#--file=}";;\n'
            "esac; done\n"
        )
        program.chmod(0o755)
    url = make_url(source).set(password="s3cr t%/@").render_as_string(hide_password=False)
    assert "s3cr" in url
    caplog.set_level(0)
    backup(url, tmp_path / "file", bin_dir=programs)
    restore(url, tmp_path / "file", bin_dir=programs, force=True)
    said = seen.read_text()
    # pg_restore writes a script and needs no connection, yet gets nothing on its command line.
    assert said.count("known") == 3
    assert "s3cr" not in said
    assert "s3cr" not in caplog.text


def test_a_password_stays_out_of_errors(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for url in (
        f"postgresql+psycopg://tutor:s3cret@/tutor?host={tmp_path}",
        "postgresql+psycopg//tutor:s3cret@nowhere",
        "mysql://tutor:s3cret@nowhere/tutor",
        "postgresql://tutor@nowhere/tutor?sslpassword=s3cret",
    ):
        with pytest.raises((StorageUnavailable, InvalidInput)) as caught:
            backup(url, tmp_path / "file")
        assert "s3cret" not in caught.value.message
    assert "s3cret" not in caplog.text


def test_newer_programs_serve_older_servers(source: str, tmp_path: Path) -> None:
    """A machine may have the newest only; what they write, older servers do not take as it is."""
    found: dict[int, Path] = {}
    for directory, _ in binaries._directories(None):
        with contextlib.suppress(StorageUnavailable):
            usable = binaries.server_binaries(server_account(tmp_path / "none"), only=directory)
            found.setdefault(usable.major, usable.directory)
    file = tmp_path / "tutor.backup"
    with EmbeddedPostgres(tmp_path / "oldest", bin_dir=found[min(found)]) as server:
        tell(server.url, CONTENT)
        backup(server.url, file, bin_dir=found[max(found)])
        restore(server.url, file, bin_dir=found[max(found)], force=True)
        assert summary(server.url) == summary(source)
        restore(server.url, file, force=True)
        assert summary(server.url) == summary(source)
