"""The modules that can be imported here, for who has misspelt one."""

import difflib
import pkgutil
import re
import sys

_MISSING = re.compile(r"No module named '([\w.]+)'")
_MOST = 3
_CLOSE = 0.7


def close_modules(message: str) -> list[str]:
    """Return the modules with names most like the missing one that a message tells of."""
    match = _MISSING.search(message)
    if match is None:
        return []
    package, _, name = match[1].rpartition(".")
    close = difflib.get_close_matches(name, _names(package), n=_MOST, cutoff=_CLOSE)
    return [f"{package}.{each}" if package else each for each in close]


def _names(package: str) -> list[str]:
    """Return the modules in a package that is imported, or those outside of all packages."""
    if package:
        places = getattr(sys.modules.get(package), "__path__", [])
        names = {each.name for each in pkgutil.iter_modules(places)}
    else:
        names = {each.name for each in pkgutil.iter_modules()} | set(sys.stdlib_module_names)
    return sorted(name for name in names if not name.startswith("_"))
