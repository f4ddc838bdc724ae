"""Database URLs as people may see them."""

import re

from jupyter_tutor.domain.errors import StorageUnavailable

_URL = re.compile(r"(?P<shown>[\w+]+://(?:[^:/?#@]*(?=[:@]))?)(?P<hidden>:(?:[^?]*|[^@]*)@)?")
_QUERY_PASSWORD = re.compile(r"(?<=[?&]password=)[^&]*")


def without_password(url: str) -> str:
    """Return a URL as it may be shown: a password in it becomes `***`.

    A mistyped URL, such as one with an unescaped @ in its password, rather loses more than less.

    Raises:
        StorageUnavailable: It is no URL; the text repeats none of it.
    """
    found = _URL.match(url)
    if found is None:
        raise StorageUnavailable(
            "The database URL cannot be read. It looks like postgresql://user@host:5432/database."
        )
    hidden = ":***@" if found["hidden"] else ""
    return found["shown"] + hidden + _QUERY_PASSWORD.sub("***", url[found.end() :])
