"""A lean IPython kernel that runs steps of the workbench instead of plain cells.

Left out are what a grading kernel has no use for and every start would pay: debugger, history,
heartbeat, parent poller, pylab, profile. What a step showed is published as one message of the type
`MIME`, as JSON text.
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets import Type
from traitlets.config import Config

from .bench import Bench

MIME = "application/vnd.jupyter-tutor.observation+json"


class StepKernel(IPythonKernel):
    """A kernel whose cells are steps, as JSON."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        shell: Any = self.shell
        shell.display_pub.publish = lambda *_, **__: None
        for name in ("exit", "quit"):
            shell.user_ns.pop(name, None)  # IPython's would end the kernel, not the cell
        self._bench = Bench(shell.user_ns, shell.transform_cell)
        shell.transform_cell("pass")
        self._channel: Any = self.session
        self._loads, self._dumps = json.loads, json.dumps

    async def poll_stopped_queue(self) -> None:
        """Do nothing: there is no debugger."""

    def _publish_execute_input(self, *_: object) -> None:
        """Send nothing: the engine knows what it asked for."""

    async def do_execute(self, code: str, *_: object, **__: object) -> dict[str, Any]:
        """Run a step and publish what it showed."""
        seen = await self._bench.observe(self._loads(code))
        self._channel.send(
            self.iopub_socket,
            "display_data",
            {"data": {MIME: self._dumps(seen)}, "metadata": {}, "transient": {}},
            parent=self.get_parent("shell"),  # type: ignore[no-untyped-call]
            ident=b"display_data",
        )
        return {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }


class StepKernelApp(IPKernelApp):
    """The application around it."""

    kernel_class = Type(StepKernel)

    def init_pdb(self) -> None:
        """Leave `pdb` as it is."""

    def init_heartbeat(self) -> None:
        """Start none: the engine watches the process itself."""

    def init_poller(self) -> None:
        """Start none: the warden ends the kernel."""

    def init_gui_pylab(self) -> None:
        """Leave plotting alone."""

    def write_connection_file(self, **_: object) -> None:
        """Write none: the engine made it."""


def run_kernel(connection_file: str, stream_class: str, ready: Callable[[], None]) -> None:
    """Become a kernel; `ready` is called once it can be connected to."""
    usual = sys.modules.get("debugpy", sys)
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # costs 80 ms and is not needed
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.xmode = "Plain"
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    config.IPKernelApp.capture_fd_output = False
    config.IPKernelApp.outstream_class = stream_class
    app = StepKernelApp.instance(config=config, connection_file=connection_file)
    app.initialize([])  # type: ignore[no-untyped-call]
    if usual is sys:
        del sys.modules["debugpy"]
    ready()
    app.start()  # type: ignore[no-untyped-call]
