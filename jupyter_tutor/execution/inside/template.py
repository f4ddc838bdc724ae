"""The template process: it has everything imported, and forks a run whenever the engine asks.

It has one thread, has never run learner code and never will. The engine speaks to it over one
inherited socket. A request is `["run", options]`, together with the end of a socket pair; what
becomes of it is told over that pair: `["born"]` with a descriptor of the run's first process, and
then, by the run itself, `["ready", held]`; or `["failed", reason]`.
"""

import gc
import importlib
import os
import select
import signal
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from . import confinement, linux, serving, shell, wire

_MOST_DESCRIPTORS = 8
_RUN, _LINK = 3, 4


class Template:
    """Forks runs."""

    def __init__(
        self,
        control: socket.socket,
        confining: confinement.Confinement,
        run_kernel: Callable[[dict[str, Any], list[int]], None] | None,
    ) -> None:
        """Create one.

        Args:
            control: Its end of the conversation with the engine.
            confining: What confines its runs.
            run_kernel: Becomes a kernel that speaks Jupyter's protocol, where such are asked for.
        """
        self._run_kernel: Any = run_kernel
        self._begun: Any = None
        self._control = control
        self._confining = confining
        self._shell: Any = None
        self._runs: set[int] = set()
        self._has_orphans = False

    def prepare(self, packages: Sequence[str]) -> list[str]:
        """Import what runs will need and build the shell; returns the packages that are missing."""
        missing = []
        for name in packages:
            try:
                importlib.import_module(name)
            except Exception:  # noqa: BLE001 - a broken package must not break all others
                missing.append(name)
        self._shell = shell.build_shell()
        self._rehearse()
        gc.collect()
        gc.freeze()
        return missing

    def _rehearse(self) -> None:
        """Run one of everything, so that no run has to import what the engine itself uses."""
        ours, theirs = socket.socketpair()
        before = set(sys.modules)
        with ours, theirs:
            pid = os.fork()
            if pid == 0:
                ours.close()
                try:
                    serving.rehearse(theirs, self._shell)
                finally:
                    os._exit(0)
            theirs.close()
            with suppress(wire.Broken):
                (names,) = wire.Wire(ours).receive()[1:]
                for name in names:
                    if name not in before:
                        with suppress(Exception):
                            importlib.import_module(name)
            os.waitpid(pid, 0)

    def serve(self) -> None:
        """Fork runs until the engine closes its end."""
        waiting: list[Any] = []
        waker, wakeup = os.pipe()
        os.set_blocking(wakeup, False)
        signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._keep_orphans()
        while True:
            waiting[:] = [self._control, waker]
            ready, _, _ = select.select(waiting, [], [])
            if waker in ready:
                os.read(waker, 4_096)
                self._reap()
            if self._control in ready:
                try:
                    request, given = wire.receive_with_descriptors(self._control, _MOST_DESCRIPTORS)
                except (wire.Broken, OSError):
                    break
                self._fork(request[1], given)
        for pid in self._runs:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _fork(self, options: dict[str, Any], given: list[int]) -> None:
        assert threading.active_count() == 1
        try:
            pid = self._confining.fork()
        except OSError as error:
            with socket.socket(fileno=given[0]) as end, suppress(OSError):
                wire.Wire(end).send(["failed", str(error)])
            for descriptor in given[1:]:
                os.close(descriptor)
            return
        if pid == 0:
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                self._begin(options, given)
            finally:
                os._exit(0)
        self._runs.add(pid)
        with socket.socket(fileno=given[0]) as end, suppress(OSError):
            handles = [os.pidfd_open(pid)] if hasattr(os, "pidfd_open") else []  # Linux has it
            wire.send_with_descriptors(end, ["born", pid], handles)
            for handle in handles:
                os.close(handle)
        for descriptor in given[1:]:
            os.close(descriptor)

    def _begin(self, options: dict[str, Any], given: list[int]) -> None:
        """Become a run."""
        held = _enter([given.pop() for _ in range(options["doors"])])
        for number, descriptor in enumerate(given, start=_RUN):
            os.dup2(descriptor, number + 100)
        for number in range(len(given)):
            os.dup2(number + _RUN + 100, number + _RUN)
        os.closerange(_RUN + len(given), 256)
        end = socket.socket(fileno=_RUN)
        role, quota = options["role"], confinement.Quota(**options["quota"])
        try:
            settle = role == "revision"
            work = (self._confining.settle if settle else self._confining.confine)(quota)
        except OSError as error:
            wire.Wire(end).send(["failed", str(error)])
            return
        _write_files(work, options["files"])
        wire.Wire(end).send(["ready", held])
        if role == "kernel":
            end.detach()
            self._run_kernel(options["connection"], list(range(_LINK, _RUN + len(given))))
        link = socket.socket(fileno=_LINK) if len(given) > 1 else None
        bench = serving.serve(end, self._shell, work, link, role, self._begun)
        if bench is not None:
            self._settle(end, bench, set(os.listdir(work)) - set(options["files"]))  # noqa: PTH208

    def _settle(self, end: socket.socket, bench: Any, made: set[str]) -> None:
        """Become a template of runs that begin where the set-up ended, if it left nothing else."""
        left = f"files: {', '.join(sorted(made))}" if made else ""
        if threading.active_count() > 1 or len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
            left = left or "threads"
        if bench.has_loop:
            left = left or "an event loop"
        with suppress(ChildProcessError):
            os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            left = left or "processes"
        wire.Wire(end).send(["settled", left])
        if left:
            return
        self._control, self._begun = end, bench
        self._runs.clear()
        gc.collect()
        gc.freeze()
        self.serve()

    def _reap(self) -> None:
        """Collect the children that have ended, also those that were left behind by others."""
        with suppress(ChildProcessError):
            while pid := os.waitpid(-1, os.WNOHANG)[0]:
                self._runs.discard(pid)
                for orphan in self._orphans():
                    with suppress(ProcessLookupError):
                        os.kill(orphan, signal.SIGKILL)

    def _keep_orphans(self) -> None:
        """Have what a run leaves behind become a child of this process, which then ends it.

        In namespaces of its own a run takes everything with it.
        """
        self._has_orphans = self._confining.level != confinement.NAMESPACES
        if self._has_orphans and sys.platform == "linux":
            linux.control(linux.PR_SET_CHILD_SUBREAPER, 1)

    def _orphans(self) -> list[int]:
        """Return the children that are no runs; each that is ended may leave further ones."""
        if not self._has_orphans:
            return []
        try:
            with open("/proc/thread-self/children") as listing:  # noqa: PTH123 - cheaper
                children = [int(pid) for pid in listing.read().split()]
        except OSError:
            return []
        return [pid for pid in children if pid not in self._runs]


def _enter(doors: Sequence[int]) -> bool:
    """Enter the control group behind some descriptors; tell whether that is done."""
    try:
        for door in doors:
            os.write(door, b"0")
    except OSError:
        return False
    finally:
        for door in doors:
            os.close(door)
    return bool(doors)


def _write_files(work: str, files: dict[str, str]) -> None:
    """Put the data files into the working directory; contents are in hexadecimal digits."""
    for path, content in files.items():
        target = os.path.join(work, path)  # noqa: PTH118 - pathlib is slower, and this is every run
        os.makedirs(os.path.dirname(target), exist_ok=True)  # noqa: PTH103, PTH120 - as above
        with open(target, "wb") as file:  # noqa: PTH123 - as above
            file.write(bytes.fromhex(content))
