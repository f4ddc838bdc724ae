"""Where the parts are that come with the package without being Python: migrations, sample course.

They lie at the root of the project, and inside the package once it is built: this is the only place
that knows of the difference.
"""

from pathlib import Path
from typing import Literal


def shipped(part: Literal["migrations", "notebooks"]) -> Path:
    """Return the directory of a part.

    Args:
        part: `migrations` (Alembic's script directory) or `notebooks` (the sample course).

    Raises:
        FileNotFoundError: If the package was built or copied without that part.
    """
    package = Path(__file__).resolve().parent
    for place in (package / part, package.parent / part):
        if place.is_dir():
            return place
    msg = f"This copy of Jupyter Tutor has no {part}: please install it again."
    raise FileNotFoundError(msg)
