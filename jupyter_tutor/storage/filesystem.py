"""What the embedded server needs of the file system: a place for its socket, a local disk."""

import contextlib
import hashlib
import os
import re
import socket
import stat
import sys
import tempfile
from pathlib import Path

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.storage.account import Account

PORT = 5432
"""Names the socket file; no TCP port is ever opened."""

_SOCKET_FILE = f".s.PGSQL.{PORT}"
_LONGEST_SOCKET_PATH = 103 if sys.platform == "darwin" else 107
_OCTAL = re.compile(r"\\([0-7]{3})")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
_NETWORK_KINDS = re.compile(
    r"nfs\d*|cifs|smb\d*|smbfs|afs|9p|ceph|fuse\.(sshfs|s3fs|rclone|gcsfuse)"
)


def fingerprint(base: Path) -> str:
    """A short name for a cluster's directory, the same in every process of the machine."""
    return hashlib.sha256(os.fsencode(os.path.realpath(base))).hexdigest()[:12]


def socket_file(directory: Path) -> Path:
    """The socket a server with this socket directory listens on."""
    return directory / _SOCKET_FILE


def socket_directory(base: Path, account: Account, former: Path | None = None) -> Path:
    """Choose, make and return the private directory for the server's socket.

    The first choice lies beside the data: nothing cleans it up while the server runs, whereas
    `XDG_RUNTIME_DIR` goes when its user logs out though a server in `tmux` stays. Socket paths hold
    about a hundred bytes, some file systems have no sockets, and an account that is not the
    caller's may not reach `base`; then it is a private directory under the temporary directory.

    Args:
        base: The cluster's directory.
        account: Who the server runs as.
        former: Where the socket of a server was that died: kept, if it is as good, since those who
            used it know no other.

    Raises:
        StorageUnavailable: No place is good enough.
    """
    if former is not None and _is_plain(former) and _is_reachable(former.parent, account):
        with contextlib.suppress(OSError):
            if _is_private(former, account):
                return former
    if not account.foreign and _is_plain(base / "run"):
        beside = base / "run"
        beside.mkdir(mode=0o700, exist_ok=True)
        if _is_private(beside, account) and _has_sockets(beside):
            return beside
    for parent in dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp"]):  # noqa: S108 - checked
        place = Path(parent, f"jupyter-tutor-{fingerprint(base)}")
        if _is_plain(place) and _is_reachable(place.parent, account):
            with contextlib.suppress(OSError):
                return _private_directory(place, account)
    raise StorageUnavailable(
        "The embedded database found no place for its socket: the path of its directory is too "
        "long, and the temporary directory cannot be used. Set TMPDIR to a short local path such "
        "as /tmp, or set JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
    )


def _is_plain(directory: Path) -> bool:
    path = str(socket_file(directory))
    # Anything else would need escaping in URLs, in conninfo strings and in the server's settings.
    return len(path) <= _LONGEST_SOCKET_PATH and _PLAIN_PATH.fullmatch(path) is not None


def _is_private(directory: Path, account: Account) -> bool:
    status = directory.lstat()
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == account.uid
        and stat.S_IMODE(status.st_mode) & 0o077 == 0
    )


def _is_reachable(directory: Path, account: Account) -> bool:
    if not account.foreign:
        return os.access(directory, os.W_OK | os.X_OK)
    try:
        modes = [place.stat().st_mode for place in (directory, *directory.parents)]
    except OSError:
        return False
    return all(mode & stat.S_IXOTH for mode in modes)


def _has_sockets(directory: Path) -> bool:
    probe = directory / ".s.probe"
    try:
        probe.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(probe))
        probe.unlink()
    except OSError:
        return False
    return True


def _private_directory(place: Path, account: Account) -> Path:
    with contextlib.suppress(FileExistsError):
        place.mkdir(mode=0o700)
        if account.foreign:
            os.chown(place, account.uid, account.gid)
    if not _is_private(place, account):
        # Somebody else took the name: the server's clients learn the real one from its pid file.
        place = Path(tempfile.mkdtemp(prefix=f"{place.name}-", dir=place.parent))
        if account.foreign:
            os.chown(place, account.uid, account.gid)
    if not _is_plain(place) or not (account.foreign or _has_sockets(place)):
        raise OSError("no sockets here")
    return place


def network_file_system(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str | None:
    """The kind of network file system a path lies on, as far as the kernel tells.

    Args:
        path: An existing path.
        mounts: The kernel's mount table (Linux; elsewhere it is missing and nothing is known).

    Returns:
        Its name, such as `nfs4`; None for a local disk.
    """
    try:
        lines = mounts.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return None
    target = os.path.realpath(path)
    best, kind = "", ""
    for line in lines:
        left, _, right = line.partition(" - ")
        point = _OCTAL.sub(lambda escaped: chr(int(escaped[1], 8)), left.split(" ")[4])
        below = target == point or target.startswith(point.rstrip("/") + "/")
        if below and len(point) >= len(best):
            best, kind = point, right.split(" ")[0]
    return kind if _NETWORK_KINDS.fullmatch(kind) else None
