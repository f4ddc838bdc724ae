"""Make a new PostgreSQL data directory: all of it or nothing."""

import contextlib
import logging
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage.account import Account
from jupyter_tutor.storage.binaries import Binaries
from jupyter_tutor.storage.locks import HeldLock

ROLE = "tutor"
"""The database role every permitted user is mapped to."""

_DESCRIPTORS = "/proc/self/fd"
_OPTIONS = (
    "--no-sync",
    "--no-instructions",
    f"--username={ROLE}",
    "--auth-local=peer",
    "--auth-host=reject",
    "--encoding=UTF8",
    "--wal-segsize=1",
)

_log = logging.getLogger(__name__)


@contextlib.contextmanager
def reachable(account: Account, directory: Path) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Name a directory so that a program run as the account can use it.

    Another account may be unable to walk down to it (below root's home, say), and opening the way
    would expose more than this directory. It may use an open file that it inherits, though, and
    Linux gives that a path. Elsewhere the way has to be open.

    Yields:
        The name, and the descriptors to hand on (`pass_fds`).
    """
    if not account.foreign or not Path(_DESCRIPTORS).exists():
        yield str(directory), ()
        return
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"{_DESCRIPTORS}/{descriptor}", (descriptor,)
    finally:
        os.close(descriptor)


def create(data: Path, account: Account, programs: Binaries, lock: HeldLock) -> threading.Thread:
    """Run initdb beside `data` and move the result there when it is complete.

    Args:
        data: The data directory to make; its parent exists.
        account: Who is to own it.
        programs: The PostgreSQL to use.
        lock: The lock of the cluster's server. initdb keeps it, so that nobody tidies up around one
            that outlived the process that wanted it.

    Returns:
        A thread that brings the new files to the disk; waiting for it would slow the first start.

    Raises:
        StorageUnavailable: initdb failed; the log has its words.
        OSError: The parent directory cannot be written.
    """
    for leftover in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=f"{data.name}.new-", dir=data.parent))
    try:
        if account.foreign:
            os.chown(staging, account.uid, account.gid)
        _initialise(staging, account, programs, lock)
        staging.rename(data)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    syncing = threading.Thread(
        target=_sync, args=(data, account, programs), name="initdb-sync", daemon=True
    )
    syncing.start()
    return syncing


def _initialise(staging: Path, account: Account, programs: Binaries, lock: HeldLock) -> None:
    locales: tuple[list[str], ...] = (["--locale=C.UTF-8"], ["--locale=C"])
    if programs.major >= 17:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        locales = tuple(builtin + choice for choice in locales)
    for choice in locales:
        done = _run([*_OPTIONS, *choice], staging, account, programs, lock)
        if done.returncode == 0:
            return
        # The system may not know C.UTF-8 (older macOS); nothing was written then.
        if "locale" not in done.stderr:
            break
    _log.error("initdb failed: %s", done.stderr.strip())
    raise StorageUnavailable(
        "The embedded database could not be created (is the disk full?); the log above says why. "
        "Mend that and start again, or set JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
    )


def _sync(data: Path, account: Account, programs: Binaries) -> None:
    try:
        done = _run(["--sync-only"], data, account, programs)
    except OSError as error:
        _log.warning("The new database was not synced to the disk: %s", error)
    else:
        if done.returncode != 0 and data.exists():
            _log.warning("The new database was not synced to the disk: %s", done.stderr.strip())


def _run(
    options: list[str],
    directory: Path,
    account: Account,
    programs: Binaries,
    lock: HeldLock | None = None,
) -> subprocess.CompletedProcess[str]:
    with reachable(account, directory) as (name, descriptors):
        if lock is not None and lock.descriptor is not None:
            descriptors += (lock.descriptor,)
        return subprocess.run(
            [programs.program("initdb"), *options, "-D", name],
            cwd="/",
            env=programs.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=descriptors,
            start_new_session=True,
            **account.identity,
        )
