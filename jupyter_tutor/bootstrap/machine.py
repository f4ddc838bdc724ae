"""What tells which machine this is and whose files are on it: no model is to read that."""

import socket
from contextlib import suppress
from pathlib import Path


def machine_names() -> frozenset[str]:
    """Return the names of this machine, with its domain and without."""
    name = socket.gethostname()
    return frozenset({name, name.partition(".")[0]})


def machine_places() -> frozenset[str]:
    """Return where people's files are: the home directory, and where this server was started.

    Each as it is called and as what it is a link to. The root of all files is none of them.
    """
    places: set[Path] = set()
    with suppress(OSError, RuntimeError):  # who has no home, or whose directory was deleted
        places.add(Path.home())
        places.add(Path.cwd())
    places |= {place.resolve() for place in places}
    return frozenset(str(place) for place in places if place != Path(place.anchor))
