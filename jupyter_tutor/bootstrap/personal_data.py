"""What is stored of a person, for the verbs `export` and `erase` of `jupyter tutor people`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

from jupyter_tutor.bootstrap.accounts import own_identity
from jupyter_tutor.bootstrap.databases import open_database
from jupyter_tutor.bootstrap.enrolling import ME
from jupyter_tutor.config import Settings
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.personal_data import DataCount
from jupyter_tutor.services.exporting import ExportService, archive_name
from jupyter_tutor.services.privacy import PrivacyService, StoredData
from jupyter_tutor.storage.database import Database

_ON_THE_COMMAND_LINE = "on the command line"


class DataDesk:
    """Finds people, takes along what is stored of them, and erases them."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._privacy = PrivacyService(database)

    def find(self, name: str) -> StoredData:
        """Return whom an account, a name or a key is of; on a laptop `ME` is who runs this.

        Raises:
            NotFound: There is nobody.
            InvalidInput: Several have that name; says how to tell them apart.
        """
        own = name == ME and self._settings.embedded
        return self._privacy.find(own_identity().subject if own else name)

    def export(self, person_id: UUID, path: Path | None = None) -> Path:
        """Write an archive, readable by its owner alone; returns where it is.

        Args:
            person_id: The person.
            path: Where to write; None: in the present folder, under a name that tells the day.

        Raises:
            NotFound: There is no such person.
            InvalidInput: The file is there already, or can't be written.
        """
        from jupyter_tutor.notebook_format import AnswerNotebooks

        path = path or Path(archive_name(datetime.now(UTC)))
        exports = ExportService(self._database, AnswerNotebooks(), language=self._settings.language)
        if path.exists() or path.is_symlink():
            raise InvalidInput(f"{path.name} is there already. Name another file with -o.")
        with _file_errors(path), _drafted(path) as file:
            exports.export(person_id, file, actor_id=None)
        return path

    def erase(self, person_id: UUID) -> DataCount:
        """Erase a person and everything that is theirs. Raises NotFound."""
        return self._privacy.erase(person_id, _ON_THE_COMMAND_LINE)


@contextmanager
def data_desk(settings: Settings) -> Iterator[DataDesk]:
    """The desk at the configured database.

    Raises:
        StorageUnavailable: The database does not answer, or an external one is at a wrong revision.
    """
    with open_database(settings) as database:
        yield DataDesk(settings, database)


@contextmanager
def _drafted(path: Path) -> Iterator[BinaryIO]:
    """A file that is there under its name only when it is complete."""
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as file:
        draft = Path(file.name)
        try:
            yield cast("BinaryIO", file)
            file.close()
            draft.replace(path)
        finally:
            file.close()
            draft.unlink(missing_ok=True)


@contextmanager
def _file_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InvalidInput(f"{path.name} cannot be written: {error.strerror}.") from error
