"""What `jupyter tutor db` works with; it imports light, for printing a URL takes no time."""

from collections.abc import Iterator
from contextlib import contextmanager

from jupyter_tutor.config import Settings
from jupyter_tutor.storage.administration import Administration as Administration
from jupyter_tutor.storage.embedded import EmbeddedPostgres


@contextmanager
def administration(settings: Settings) -> Iterator[Administration]:
    """The configured database, at whatever revision it is; the embedded one is started."""
    if settings.embedded:
        embedded = EmbeddedPostgres(settings.data_dir / "postgres")
        with embedded:
            yield Administration(embedded.url, bin_dir=embedded.bin_dir())
    else:
        yield Administration(settings.database_url)
