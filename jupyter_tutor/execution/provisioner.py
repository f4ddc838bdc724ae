"""A provisioner of Jupyter kernels that are forked from a warm template, each in a sandbox.

It can be used on its own, with any client of `jupyter_client`: name it in a kernel specification,

    "metadata": {"kernel_provisioner": {"provisioner_name": "tutor-fork-provisioner",
                                        "config": {"packages": ["numpy"], "memory_mb": 1024}}}

Kernels start in tens of milliseconds, since ipykernel and the packages that are named are imported
already, and are isolated as runs of answers are. They speak Jupyter's protocol over sockets of the
file system (`ipc`); a sandbox sees no network.
"""

import asyncio
import atexit
import secrets
import signal
import socket
import tempfile
import threading
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, ClassVar

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Int, List, Unicode

from jupyter_tutor.execution.inside.sweeping import sweep
from jupyter_tutor.execution.levels import Level
from jupyter_tutor.execution.runs import Quota, Role, RunProcess, RunRequest
from jupyter_tutor.execution.supply import SandboxSupply

KERNEL_MODULES = ("ipykernel.ipkernel", "ipykernel.kernelapp")
CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
_NO_LIMIT_SECONDS = 10_000_000
_POLL_SECONDS = 0.02


class ForkProvisioner(KernelProvisionerBase):
    """Provisions kernels by forking a template that all kernels of this process share."""

    packages = List(Unicode(), help="Packages to import before a kernel is asked for.").tag(
        config=True
    )
    memory_mb = Int(2_048, help="How much memory a kernel may take, MiB.").tag(config=True)
    tasks = Int(256, help="How many processes and threads a kernel may have.").tag(config=True)
    weakest = Unicode("limits", help="The weakest isolation that a kernel may have.").tag(
        config=True
    )

    _supplies: ClassVar[dict[str, SandboxSupply]] = {}
    _turn: ClassVar[threading.Lock] = threading.Lock()

    _process: RunProcess | None = None
    _directory: Path | None = None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel."""
        return self._process is not None

    async def poll(self) -> int | None:
        """Return None while the kernel runs, then 0."""
        return None if self._process is not None and self._process.alive else 0

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        while await self.poll() is None:
            await asyncio.sleep(_POLL_SECONDS)
        self._let_go()
        return 0

    async def send_signal(self, signum: int) -> None:
        """Send the kernel a signal; the first process of a namespace hears only some."""
        if self._process is not None:
            self._process.signal(signum)

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002
        """End the kernel and all that it started."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel: there is nothing of it to be tidied up."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the sockets' directory, unless the kernel comes back."""
        self._let_go()
        if not restart and self._directory is not None:
            sweep(str(self._directory))
            self._directory = None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Choose the kernel's sockets and tell the kernel manager, which writes them down."""
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix="tutor-kernel-"))
        manager: Any = self.parent
        manager.transport, manager.ip = "ipc", str(self._directory / "k")
        for number, channel in enumerate(CHANNELS, start=1):
            setattr(manager, f"{channel}_port", number)
        if not manager.session.key:
            manager.session.key = secrets.token_hex(16).encode()
        manager.write_connection_file()
        self.connection_info = manager.get_connection_info()
        return await super().pre_launch(cmd=[], **kwargs)

    async def launch_kernel(
        self,
        cmd: list[str],  # noqa: ARG002
        **options: object,  # noqa: ARG002
    ) -> KernelConnectionInfo:
        """Fork a kernel; the command line of the kernel specification is not used.

        Raises:
            KernelUnavailable: No sandbox could be started.
        """
        self._process = await asyncio.to_thread(self._fork)
        return self.connection_info

    def _fork(self) -> RunProcess:
        info = dict(self.connection_info)
        key = info["key"]
        info["key"] = key.decode() if isinstance(key, bytes) else key
        quota = Quota(self.memory_mb, _NO_LIMIT_SECONDS, self.tasks, scratch_mb=256)
        packages = (*KERNEL_MODULES, *self.packages)
        with ExitStack() as stack:
            listening = [
                stack.enter_context(_listening(f"{info['ip']}-{number}"))
                for number in range(1, len(CHANNELS) + 1)
            ]
            supply = self._supply()
            request = RunRequest(quota, (), Role.KERNEL, tuple(listening), info)
            return supply.open(packages, request)

    def _supply(self) -> SandboxSupply:
        with self._turn:
            supply = self._supplies.get(self.weakest)
            if supply is None:
                supply = self._supplies[self.weakest] = SandboxSupply(weakest=Level(self.weakest))
                if len(self._supplies) == 1:
                    atexit.register(self.close_all)
            return supply

    @classmethod
    def close_all(cls) -> None:
        """End the templates, and with them every kernel."""
        with cls._turn:
            supplies, cls._supplies = cls._supplies, {}
        for supply in supplies.values():
            supply.close()

    def _let_go(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None


def _listening(path: str) -> socket.socket:
    """Return a socket that listens at a path, where another one may have listened before."""
    with suppress(FileNotFoundError):
        Path(path).unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(path)
    listening.listen()
    return listening
