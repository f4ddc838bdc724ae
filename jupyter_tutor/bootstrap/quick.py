"""Keeps what our own processes import from taking seconds."""

import importlib
import sys
from typing import Final, cast

_SLOW: Final = "rfc3987_syntax"


def import_jsonschema() -> None:
    """Import jsonschema, which nbformat needs, without its optional check of IRIs.

    That check parses a grammar when it is imported, which takes 2.5 s of CPU, and no schema of
    notebooks or of ours asks for it. In a Jupyter server it is there already, and stays.
    """
    if "jsonschema" in sys.modules or _SLOW in sys.modules:
        return
    # What stands as None in there cannot be imported; jsonschema does without it then.
    cast("dict[str, object]", sys.modules)[_SLOW] = None
    try:
        importlib.import_module("jsonschema")
    finally:
        del sys.modules[_SLOW]
