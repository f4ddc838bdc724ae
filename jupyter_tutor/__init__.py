"""Jupyter Tutor: a private tutor inside every notebook, and a grader that can be trusted behind it.

May import: nothing when it is itself imported; `exercise` is loaded at first use.
Must not import: anything heavy, since every Jupyter server of every user imports this module.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_tutor.widgets import exercise

__version__ = "0.1.0"

__all__ = ["__version__", "exercise"]


def __getattr__(name: str) -> object:
    """Load `exercise` when a notebook first asks for it.

    Raises:
        AttributeError: If the package has no such name.
    """
    if name == "exercise":
        # Python calls this only when the name is missing, and ipywidgets takes 0.3 s to import.
        return importlib.import_module("jupyter_tutor.widgets").exercise
    msg = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(msg)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Tell JupyterLab where the built front end is, and under which name it installs."""
    return [{"src": "labextension", "dest": "jupyter-tutor"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    """Tell Jupyter Server which application to load; called by the server, never at import."""
    from jupyter_tutor.server.app import TutorApp

    return [{"module": "jupyter_tutor.server.app", "app": TutorApp}]
