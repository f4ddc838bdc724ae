"""One data directory and its server: made, started, probed and stopped.

Nothing here decides who needs the server; `embedded` does, and it calls with the start mutex held.

A server started here inherits an exclusive lock on `server.lock`, as do all its children. While the
lock is taken some process of the cluster lives, even if its postmaster died or is invisible from
here; once it is free none does, and a pid file that names a live process is a leftover.
"""

import contextlib
import logging
import os
import re
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage import binaries, filesystem, initdb
from jupyter_tutor.storage.account import Account, own_account, server_account
from jupyter_tutor.storage.binaries import Binaries
from jupyter_tutor.storage.initdb import ROLE, reachable
from jupyter_tutor.storage.locks import try_lock, wait_for_lock

_LARGEST_LOG = 1 << 20
_POLL_SECONDS = 0.005
_RECOVERY_SECONDS = 900.0
_SILENCE_SECONDS = 120.0
_STOP_SECONDS = 60.0
_REFUSAL_SECONDS = 30.0
_STILL_ATTACHED = "shared memory block"

_SETTINGS = {
    "listen_addresses": "",
    "port": str(filesystem.PORT),
    "unix_socket_permissions": "0700",
    # Small enough for a laptop; fsync and full_page_writes stay on.
    "shared_buffers": "32MB",
    "max_connections": "60",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # The detail line of an error would carry learners' data into the log.
    "log_error_verbosity": "terse",
}

_log = logging.getLogger(__name__)


class Postmaster(NamedTuple):
    """What a server says of itself in `postmaster.pid`.

    Attributes:
        pid: Its process id.
        sockets: Its socket directory; None in the first moments.
        status: `starting`, `ready`, `stopping`, or empty in the first moments.
    """

    pid: int
    sockets: Path | None
    status: str


class Cluster:
    """The files of one embedded PostgreSQL, and the server that runs on them.

    Attributes:
        base: The cluster's directory: `data`, the log and the locks.
        data: PostgreSQL's data directory.
        log: The server's log.
    """

    def __init__(self, base: Path, bin_dir: Path | None = None) -> None:
        self.base = base
        self.data = base / "data"
        self.log = base / "postgres.log"
        self._only = bin_dir
        self._server_lock = base / "server.lock"
        self._name = f"jupyter-tutor-{filesystem.fingerprint(base)}"
        self._syncing: threading.Thread | None = None

    def account(self) -> Account:
        """Who the server runs as; see `server_account` for the errors."""
        return server_account(self.data)

    def binaries(self) -> Binaries:
        """The programs this cluster runs on; see `server_binaries` for the errors."""
        return binaries.server_binaries(self.account(), major=self._major(), only=self._only)

    def postmaster(self) -> Postmaster | None:
        """Read the pid file, which may be a leftover; None without one."""
        try:
            lines = (self.data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
            sockets = Path(lines[4]) if len(lines) > 4 and lines[4] else None
            status = lines[7].strip() if len(lines) > 7 else ""
            return Postmaster(int(lines[0]), sockets, status)
        except FileNotFoundError:
            return None
        except (IndexError, ValueError):
            # The server is writing it at this moment.
            return None

    def ping(self) -> Ping:
        """Ask the server whether it takes connections."""
        postmaster = self.postmaster()
        if postmaster is None or postmaster.sockets is None:
            return Ping.NO_RESPONSE
        return self._ping(postmaster.sockets)

    def answers(self) -> bool:
        """Whether a server runs on this cluster and takes connections."""
        return not self._is_free() and self.ping() == Ping.OK

    def ensure_running(self) -> None:
        """Return when the server takes connections, starting or mending it as needed.

        The caller holds the start mutex. Recovery after a crash takes as long as it takes (minutes
        on a slow disk); so do the children of a killed server, which must end before a new start.

        Raises:
            StorageUnavailable: It cannot be made to run; the log says more.
        """
        if not self.data.exists():
            with wait_for_lock(self._server_lock, patience=_SILENCE_SECONDS) as lock:
                self._syncing = initdb.create(self.data, self.account(), self.binaries(), lock)
        began = heard = refused = reported = time.monotonic()
        while True:
            now = time.monotonic()
            if self._is_free():
                if self._launch():
                    return
                if now - refused > _REFUSAL_SECONDS:
                    raise self._failure("is in use by a server that was started by other means")
                heard = now
            else:
                match self.ping():
                    case Ping.OK:
                        return
                    case Ping.REJECT:
                        heard = refused = now
                    case _:
                        self._stop_if_socket_is_gone()
            if now - heard > _SILENCE_SECONDS or now - began > _RECOVERY_SECONDS:
                raise self._failure("does not answer, or another machine uses its directory")
            if now - reported > 10:
                _log.warning("The embedded database is not ready after %.0f s", now - began)
                reported = now
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """Stop the server and wait until all its processes are gone. Data is kept.

        The caller holds the start mutex.
        """
        before = self.postmaster()
        for number in (signal.SIGINT, signal.SIGQUIT):
            if self._is_free() or not self._signal(number):
                break
            deadline = time.monotonic() + _STOP_SECONDS
            while not self._is_free() and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
        if not self._is_free():
            _log.warning("The embedded database in %s is still running", self.base)
            return
        if self._syncing is not None:
            self._syncing.join()
        if before is not None and before.sockets is not None:
            with contextlib.suppress(OSError):
                before.sockets.rmdir()

    def _major(self) -> int | None:
        try:
            text = (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            if not self.data.exists():
                return None
            text = ""
        if not re.fullmatch(r"\d+", text):
            _log.error("%s is not a PostgreSQL data directory", self.data)
            raise StorageUnavailable(
                "The embedded database's directory `data` holds no PostgreSQL database. Move it "
                "away and start again, or set JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
            )
        return int(text)

    def _is_free(self) -> bool:
        lock = try_lock(self._server_lock, shared=True)
        if lock is None:
            return False
        lock.release()
        return True

    def _ping(self, sockets: Path) -> Ping:
        target = make_conninfo(
            host=str(sockets),
            port=filesystem.PORT,
            user=ROLE,
            dbname="postgres",
            connect_timeout=2,
        )
        return Ping(PGconn.ping(target.encode()))

    def _launch(self) -> bool:
        """Start the server and wait until it answers; False when it is worth another try."""
        lock = try_lock(self._server_lock)
        if lock is None or lock.descriptor is None:
            return False
        with lock:
            account = self.account()
            programs = self.binaries()
            leftover = self.postmaster()
            former = leftover.sockets if leftover is not None else None
            if former is not None and self._ping(former) != Ping.NO_RESPONSE:
                former = None  # of the server that these files were copied from
            sockets = filesystem.socket_directory(self.base, account, former)
            self._prepare(account, sockets)
            environment = programs.environment()
            if leftover is not None:
                # The one pid that PostgreSQL will not mistake for a running postmaster; its check
                # for shared memory in use stays in force.
                environment["PG_GRANDPARENT_PID"] = str(leftover.pid)
            with (
                self.log.open("ab") as log,
                reachable(account, self.data) as (data, descriptors),
            ):
                offset = log.tell()
                process = subprocess.Popen(
                    self._command(programs, data, sockets),
                    cwd="/",
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=(lock.descriptor, *descriptors),
                    start_new_session=True,
                    **account.identity,
                )
        return self._wait_until_ready(process, sockets, offset)

    def _wait_until_ready(
        self, process: subprocess.Popen[bytes], sockets: Path, offset: int
    ) -> bool:
        deadline = time.monotonic() + _RECOVERY_SECONDS
        try:
            while process.poll() is None:
                if self._ping(sockets) == Ping.OK:
                    # A child nobody waits for stays a zombie when another process stops it.
                    threading.Thread(
                        target=process.wait, name="postgres-reaper", daemon=True
                    ).start()
                    return True
                if time.monotonic() > deadline:
                    raise self._failure("is not ready after 15 minutes")
                time.sleep(_POLL_SECONDS)
        except BaseException:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
        with self.log.open("rb") as log:
            log.seek(offset)
            said = log.read(8192).decode(errors="replace")
        if _STILL_ATTACHED in said:
            time.sleep(0.1)
            return False
        _log.error("PostgreSQL ended at its start: %s", said.strip())
        raise self._failure("cannot start")

    def _prepare(self, account: Account, sockets: Path) -> None:
        # Nobody runs (the lock is ours), so what lies here is left over from a killed server.
        socket = filesystem.socket_file(sockets)
        for leftover in (socket, socket.with_name(f"{socket.name}.lock")):
            leftover.unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LARGEST_LOG:
            self.log.replace(self.log.with_name("postgres.log.1"))
        user = own_account().name.replace('"', '""')
        self._write(account, "pg_hba.conf", "local all all peer map=tutor\n")
        self._write(account, "pg_ident.conf", f'tutor "{user}" {ROLE}\n')

    def _write(self, account: Account, name: str, text: str) -> None:
        # The directory belongs to the server's account: root must not follow a link planted there.
        descriptor, draft = tempfile.mkstemp(prefix=f"{name}.", dir=self.data)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            if account.foreign:
                os.fchown(file.fileno(), account.uid, account.gid)
        Path(draft).replace(self.data / name)

    def _command(self, programs: Binaries, data: str, sockets: Path) -> list[str]:
        settings = _SETTINGS | {
            "unix_socket_directories": f'"{sockets}"',
            "cluster_name": self._name,
        }
        if programs.major >= 18:
            # Saves three worker processes.
            settings["io_method"] = "sync"
        command = [programs.program("postgres"), "-D", data]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _stop_if_socket_is_gone(self) -> None:
        postmaster = self.postmaster()
        if postmaster is None or postmaster.sockets is None or postmaster.status != "ready":
            return
        if not filesystem.socket_file(postmaster.sockets).exists():
            _log.warning("The embedded database lost its socket; starting it again")
            self._signal(signal.SIGINT)

    def _signal(self, number: signal.Signals) -> bool:
        """Signal the postmaster, if the process its file names is one; whether it was."""
        postmaster = self.postmaster()
        if postmaster is None or self._name not in _command_line(postmaster.pid):
            return False
        try:
            os.kill(postmaster.pid, number)
        except ProcessLookupError:
            return False
        return True

    def _failure(self, what: str) -> StorageUnavailable:
        _log.error("The embedded database %s; see %s", what, self.log)
        return StorageUnavailable(
            f"The embedded database {what}. Its log, postgres.log beside its data, says why. "
            "Mend it and start again, or set JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
        )


def _command_line(pid: int) -> str:
    """The command line of a process; empty when it is gone, a zombie or hidden from us."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return ""
    done = subprocess.run(
        ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        errors="replace",
    )
    return done.stdout
