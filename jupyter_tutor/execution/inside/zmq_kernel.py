"""An ordinary IPython kernel in a sandbox, for clients that speak Jupyter's own protocol.

Its five sockets are listened to before the fork, by the engine, and come along as descriptors
(`zmq.USE_FD`): a sandbox may neither bind nor connect. Left out are what a start would pay for and
nobody needs here: debugger, history, poller.
"""

import os
import sys
from typing import Any

import zmq
from ipykernel.heartbeat import Heartbeat
from ipykernel.iostream import IOPubThread
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")


class SandboxKernel(IPythonKernel):
    """A kernel without a debugger."""

    async def poll_stopped_queue(self) -> None:
        """Do nothing: there is no debugger."""


class _Heartbeat(Heartbeat):
    descriptor = -1

    def _bind_socket(self) -> None:
        self.socket.setsockopt(zmq.USE_FD, self.descriptor)
        self._try_bind_socket()  # type: ignore[no-untyped-call]


class SandboxKernelApp(IPKernelApp):
    """The application around it, on sockets that are there already."""

    kernel_class = Type(SandboxKernel)
    descriptors: dict[str, int]
    connection: dict[str, Any]

    def init_pdb(self) -> None:
        """Leave `pdb` as it is."""

    def init_poller(self) -> None:
        """Start none: the sandbox ends with its engine."""

    def init_connection_file(self) -> None:
        """Take the connection from the engine; there is no file."""
        for channel in CHANNELS:
            setattr(self, f"{channel}_port", self.connection[f"{channel}_port"])
        self.transport, self.ip = self.connection["transport"], self.connection["ip"]
        self.session.key = self.connection["key"].encode()
        self.session.signature_scheme = self.connection["signature_scheme"]

    def write_connection_file(self, **_: object) -> None:
        """Write none: the engine made it."""

    def _try_bind_socket(self, s: Any, port: int) -> int:
        (channel,) = (name for name in CHANNELS if self.connection[f"{name}_port"] == port)
        s.setsockopt(zmq.USE_FD, self.descriptors[channel])
        s.bind(f"ipc://{self.ip}-{port}")
        return port

    def init_iopub(self, context: Any) -> None:
        """Open the channel of outputs, without a pipe on the network for child processes."""
        self.iopub_socket = context.socket(zmq.XPUB)
        self.iopub_socket.linger = 1000
        self._bind_socket(self.iopub_socket, self.iopub_port)  # type: ignore[no-untyped-call]
        self.configure_tornado_logger()  # type: ignore[no-untyped-call]
        self.iopub_thread = IOPubThread(self.iopub_socket, pipe=False, session=self.session)  # type: ignore[no-untyped-call]
        self.iopub_thread.start()  # type: ignore[no-untyped-call]
        self.iopub_socket = self.iopub_thread.background_socket

    def init_heartbeat(self) -> None:
        """Start the heart beating."""
        address = (self.transport, self.ip, self.hb_port)
        self.heartbeat = _Heartbeat(zmq.Context(), address)  # type: ignore[no-untyped-call]
        self.heartbeat.descriptor = self.descriptors["hb"]
        self.heartbeat.start()

    def init_gui_pylab(self) -> None:
        """Leave plotting alone."""


def run_kernel(connection: dict[str, Any], descriptors: list[int]) -> None:
    """Become a kernel and stay one."""
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # costs 80 ms
    InteractiveShell.clear_instance()
    config = Config()
    config.HistoryManager.enabled = False
    config.IPKernelApp.capture_fd_output = False
    os.environ["IPYTHONDIR"] = f"{os.environ['HOME']}/.ipython"
    SandboxKernelApp.descriptors = dict(zip(CHANNELS, descriptors, strict=True))
    SandboxKernelApp.connection = connection
    app = SandboxKernelApp.instance(config=config)
    app.initialize([])  # type: ignore[no-untyped-call]
    app.start()  # type: ignore[no-untyped-call]
