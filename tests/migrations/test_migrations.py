"""The migrations: up, down, up again, by several at once, and in step with the models."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import alembic.config
import psycopg
import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from jupyter_tutor.domain.errors import InvalidInput, StorageUnavailable
from jupyter_tutor.storage import schema
from jupyter_tutor.storage.connections import connect_args, conninfo
from jupyter_tutor.storage.connections import database_url as parse
from jupyter_tutor.storage.tables import Base
from tests.migrations.catalog import catalog

CHECKOUT = Path(__file__).parents[2]

pytestmark = pytest.mark.postgres


def execute(url: str, statement: str) -> None:
    with psycopg.connect(conninfo(url), autocommit=True) as connection:
        connection.execute(statement.encode())


def run_alembic(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "alembic", *arguments],
        cwd=CHECKOUT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_up_down_and_up_again_gives_the_same_schema(empty_database_url: str) -> None:
    empty = catalog(empty_database_url)
    assert schema.upgrade(empty_database_url) == schema.expected()
    first = catalog(empty_database_url)
    assert schema.downgrade(empty_database_url, "base") is None
    execute(empty_database_url, "DROP TABLE alembic_version")
    assert catalog(empty_database_url) == empty
    schema.upgrade(empty_database_url)
    assert catalog(empty_database_url) == first
    assert any("refuse_change" in trigger for trigger in first["triggers"])
    assert any("tutor_jobs" in function for function in first["functions"])


def test_every_revision_can_be_undone_alone(empty_database_url: str) -> None:
    assert schema.upgrade(empty_database_url, "0001") == "0001"
    before = catalog(empty_database_url)
    schema.upgrade(empty_database_url)
    assert schema.downgrade(empty_database_url, "0001") == "0001"
    assert catalog(empty_database_url) == before


def test_the_models_make_what_the_migrations_make(
    database_url: str, empty_database_url: str
) -> None:
    """Stricter than Alembic, which does not see CHECK constraints."""
    parsed = make_url(empty_database_url)
    engine = create_engine(parsed, connect_args=connect_args(parsed))
    Base.metadata.create_all(engine)
    engine.dispose()
    execute(database_url, "DROP TABLE alembic_version")
    made, migrated = catalog(empty_database_url, "public"), catalog(database_url, "public")
    for kind in ("columns", "constraints", "indexes"):
        assert made[kind] == migrated[kind]


def test_a_migrated_database_is_in_step(database_url: str) -> None:
    assert schema.check(database_url) == ()
    schema.require_current(database_url)


def test_drift_is_seen(database_url: str) -> None:
    drifts = {
        "shoe_size": "ALTER TABLE people ADD COLUMN shoe_size integer",
        "display_name": "ALTER TABLE people ALTER COLUMN display_name TYPE varchar(9)",
        "ix_enrollments_course_id": "DROP INDEX ix_enrollments_course_id",
        "strays": "CREATE TABLE strays (id integer)",
        "0001": "UPDATE alembic_version SET version_num = '0001'",
    }
    for drift in drifts.values():
        execute(database_url, drift)
    differences = schema.check(database_url)
    assert len(differences) == len(drifts)
    for word in drifts:
        assert any(word in difference for difference in differences)


def test_several_at_once_migrate_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        reached = list(threads.map(schema.upgrade, [empty_database_url] * 4))
    assert reached == [schema.expected()] * 4
    assert schema.check(empty_database_url) == ()


def test_an_upgrade_that_fails_changes_nothing(empty_database_url: str) -> None:
    execute(empty_database_url, "CREATE SCHEMA tutor_jobs")
    with pytest.raises(ProgrammingError) as failed:
        schema.upgrade(empty_database_url)
    assert isinstance(failed.value.orig, psycopg.errors.DuplicateSchema)
    assert schema.current(empty_database_url) is None
    assert not [column for column in catalog(empty_database_url)["columns"] if "people" in column]


def test_a_user_without_the_right_is_told_which(empty_database_url: str) -> None:
    execute(empty_database_url, "DROP ROLE IF EXISTS tutor_guest")
    execute(empty_database_url, "CREATE ROLE tutor_guest")
    guest = make_url(empty_database_url).update_query_dict({"options": "-c role=tutor_guest"})
    with pytest.raises(StorageUnavailable, match="CREATE"):
        schema.upgrade(guest.render_as_string(hide_password=False))
    execute(empty_database_url, "DROP ROLE tutor_guest")


class TestRequired:
    def test_an_empty_database_has_to_be_upgraded(self, empty_database_url: str) -> None:
        with pytest.raises(StorageUnavailable, match="jupyter tutor db upgrade"):
            schema.require_current(empty_database_url)

    def test_an_old_one_too(self, empty_database_url: str) -> None:
        schema.upgrade(empty_database_url, "0001")
        with pytest.raises(StorageUnavailable, match=r"0001.*jupyter tutor db upgrade"):
            schema.require_current(empty_database_url)

    def test_one_from_the_future_needs_a_newer_package(self, database_url: str) -> None:
        execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
        for use in (schema.require_current, schema.upgrade):
            with pytest.raises(StorageUnavailable, match=r"9999.*pip install --upgrade"):
                use(database_url)

    @pytest.mark.parametrize("change", [schema.upgrade, schema.downgrade])
    def test_a_revision_has_to_exist(self, database_url: str, change: object) -> None:
        assert callable(change)
        with pytest.raises(InvalidInput, match="migrations cannot do that"):
            change(database_url, "nonsense")

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql://tutor:secret@/tutor?host=/nowhere",
            "mysql://tutor:secret@localhost/tutor",
            "not a url: secret",
            "",
        ],
    )
    def test_a_database_has_to_answer_and_no_message_repeats_the_url(self, url: str) -> None:
        with pytest.raises(StorageUnavailable) as refused:
            schema.current(url)
        assert "secret" not in str(refused.value)
        assert "nowhere" not in str(refused.value)


class TestDevelopers:
    def test_alembic_check_is_clean(self, database_url: str) -> None:
        checked = run_alembic(
            "-x", f"url={database_url}", "check", JUPYTER_TUTOR_DATABASE_URL="postgresql://nowhere"
        )
        assert "No new upgrade operations detected." in checked.stdout
        assert checked.returncode == 0

    def test_the_url_may_stand_in_the_environment(self, database_url: str) -> None:
        told = run_alembic("current", JUPYTER_TUTOR_DATABASE_URL=database_url)
        assert f"{schema.expected()} (head)" in told.stdout

    @pytest.mark.parametrize(
        ("arguments", "words"), [(["current"], "-x url="), (["upgrade", "head", "--sql"], "--sql")]
    )
    def test_what_cannot_work_is_told(
        self,
        arguments: list[str],
        words: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.delenv("JUPYTER_TUTOR_DATABASE_URL", raising=False)
        monkeypatch.chdir(CHECKOUT)
        with pytest.raises(SystemExit):
            alembic.config.main(arguments)
        assert words in "".join(capsys.readouterr())


def test_the_migrations_are_found_beside_the_package_or_in_it() -> None:
    package = Path(str(files("jupyter_tutor")))
    assert schema.migrations_dir() in (package / "migrations", package.parent / "migrations")
    assert (schema.migrations_dir() / "env.py").is_file()


def test_every_queue_migration_of_the_installed_release_is_known() -> None:
    """A newer Procrastinate with another migration needs a revision of ours; see 0002."""
    revision = (schema.migrations_dir() / "versions" / "0002_job_queue.py").read_text()
    shipped = sorted(path.name for path in Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    assert f'CONTAINS = "{shipped[-1]}"' in revision


def test_the_session_of_the_application_does_not_leak_into_migrations(database_url: str) -> None:
    """Tables of the queue are no tables of ours, although the application's path shows them."""
    parsed = make_url(database_url)
    engine = create_engine(parsed, connect_args=connect_args(parsed))
    with engine.connect() as connection:
        path = connection.execute(text("SHOW search_path")).scalar_one()
        zone = connection.execute(text("SHOW TimeZone")).scalar_one()
    engine.dispose()
    assert (path, zone) == ("public,tutor_jobs", "UTC")
    assert "procrastinate" not in "".join(schema.check(database_url))


def test_options_in_a_url_are_kept() -> None:
    url = parse("postgresql://h/d?options=-c%20work_mem%3D5MB&connect_timeout=3")
    arguments = connect_args(url)
    assert arguments["options"] == (
        "-c work_mem=5MB -c search_path=public,tutor_jobs -c TimeZone=UTC"
    )
    assert "connect_timeout" not in arguments
    assert "work_mem=5MB" in conninfo(url)
    assert "connect_timeout=3" in conninfo(url)
