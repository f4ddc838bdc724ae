"""Administration: what an administrator does to a database as a whole.

Each verb imports what it works with when it runs: printing a URL needs no SQLAlchemy.
"""

from pathlib import Path

from jupyter_tutor.storage.addresses import without_password


class Administration:
    """The verbs of `jupyter tutor db`, for one database.

    Args:
        url: `postgresql://...`.
        bin_dir: PostgreSQL's own programs, or None to look for them.
    """

    def __init__(self, url: str, *, bin_dir: Path | None = None) -> None:
        self._url = url
        self._bin_dir = bin_dir

    @property
    def url(self) -> str:
        """The URL as it may be shown."""
        return without_password(self._url)

    @property
    def full_url(self) -> str:
        """The URL to connect with; not for showing."""
        return self._url

    @property
    def revision(self) -> str | None:
        """Where the schema is, or None when the database is empty."""
        from jupyter_tutor.storage import schema

        return schema.current(self._url)

    def upgrade(self, revision: str) -> None:
        """Bring the schema to a revision ("head": this version's). Raises StorageUnavailable."""
        from jupyter_tutor.storage import schema

        schema.upgrade(self._url, revision)

    def losses(self, revision: str) -> tuple[str, ...]:
        """Return what a downgrade would delete. Raises as `downgrade` does."""
        from jupyter_tutor.storage import schema

        schema.require_alone(self._url)
        return schema.losses(self._url, revision)

    def downgrade(self, revision: str) -> None:
        """Take the schema back ("base": empty).

        Raises:
            Conflict: Others are connected; names them.
            InvalidInput: There is no such revision.
            StorageUnavailable: The database does not answer.
        """
        from jupyter_tutor.storage import schema

        schema.require_alone(self._url)
        schema.downgrade(self._url, revision)

    def check(self) -> tuple[str, ...]:
        """Return how the schema differs from the models; empty when it does not.

        Raises:
            StorageUnavailable: It is at another revision than this version's.
        """
        from jupyter_tutor.storage import schema

        schema.require_current(self._url)
        return schema.check(self._url)

    def backup(self, file: Path) -> None:
        """Write everything into a file. Raises TutorError when that cannot be done."""
        from jupyter_tutor.storage import backup

        backup.backup(self._url, file, bin_dir=self._bin_dir)

    def restore(self, file: Path, *, force: bool) -> None:
        """Read a backup, all or nothing. Raises TutorError when that cannot be done."""
        from jupyter_tutor.storage import backup

        backup.restore(self._url, file, force=force, bin_dir=self._bin_dir)
