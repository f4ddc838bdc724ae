"""The operating-system account the embedded server runs as.

PostgreSQL refuses to run as root. A server started by root (in a container, as a rule) therefore
runs as an unprivileged account that exists already; nothing is added to the machine's accounts and
no permission of a parent directory is changed. Code that is not trusted must not run as that
account, since it owns the database's files.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from jupyter_tutor.domain.errors import StorageUnavailable

if sys.platform != "win32":
    import pwd

UNPRIVILEGED = ("postgres", "nobody")
"""Accounts to run as when the caller is root, the best first."""


class Identity(TypedDict, total=False):
    """Arguments of `subprocess.Popen` that make a child run as an account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as.

    Attributes:
        name: Login name.
        uid: User id.
        gid: Primary group id.
        foreign: Whether it is another account than the caller's; only root has one.
    """

    name: str
    uid: int
    gid: int
    foreign: bool

    @property
    def identity(self) -> Identity:
        """What `subprocess.Popen` needs to run a child as this account."""
        if not self.foreign:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def own_account() -> Account:
    """The account of this process.

    Raises:
        StorageUnavailable: The user id has no name (containers with arbitrary ids), which neither
            PostgreSQL nor its peer authentication can work with.
    """
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise StorageUnavailable(
            f"This process runs as user id {uid}, which has no entry in the system's account list, "
            "so the embedded database cannot start. Add an entry for it, or set "
            "JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
        ) from None
    return Account(entry.pw_name, uid, os.getegid(), foreign=False)


def server_account(data: Path) -> Account:
    """The account that runs, or is to run, the server of a data directory.

    Args:
        data: PostgreSQL's data directory; it need not exist yet.

    Raises:
        StorageUnavailable: Root finds no account to use, or the directory's owner is not one that
            can run its server.
    """
    own = own_account()
    if own.uid != 0:
        if data.exists() and data.stat().st_uid != own.uid:
            raise StorageUnavailable(
                f"The embedded database's files belong to another user than `{own.name}` (was it "
                "first started with sudo?). Start as that user, give the directory back to "
                f"`{own.name}` with `chown -R`, or choose another one with c.Tutor.data_dir."
            )
        return own
    if data.exists():
        return _owner(data)
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, foreign=True)
    raise StorageUnavailable(
        "PostgreSQL does not run as root, and this system has neither an account `postgres` nor "
        "`nobody` to run it as. Start as an ordinary user, or set JUPYTER_TUTOR_DATABASE_URL to a "
        "PostgreSQL server."
    )


def _owner(data: Path) -> Account:
    uid = data.stat().st_uid
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        entry = None
    if entry is None or uid == 0:
        raise StorageUnavailable(
            f"The embedded database's files belong to user id {uid}, which cannot run PostgreSQL "
            "here. Give the directory `data` to an account such as `postgres` or `nobody` "
            "(`chown -R`), or set JUPYTER_TUTOR_DATABASE_URL to a PostgreSQL server."
        )
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, foreign=True)
