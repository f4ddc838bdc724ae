"""The IPython shell that answers run in: magics and `display` work, nothing is kept or shown."""

from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config


class GradingShell(InteractiveShell):
    """A shell without history, terminal or pictures."""

    def enable_gui(self, gui: object = None) -> None:
        """Do nothing: there is no event loop to join."""

    def enable_matplotlib(self, gui: object = None) -> tuple[object, str]:
        """Stay with figures that are drawn nowhere, which tests find after `show` too."""
        return gui, "agg"


def build_shell() -> Any:
    """Build the shell, with all that its first cell would otherwise import."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    config.InteractiveShell.autocall = 0
    shell: Any = GradingShell.instance(config=config)
    shell.display_pub.publish = lambda *_, **__: None
    for name in ("exit", "quit"):
        shell.user_ns.pop(name, None)  # IPython's would end the shell, not the cell
    shell.transform_cell("%pwd\npass")
    return shell
