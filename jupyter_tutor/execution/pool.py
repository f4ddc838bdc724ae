"""The kernels of a test runner: fresh ones, a few of them started before they are asked for."""

import threading
from contextlib import suppress
from pathlib import Path

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.execution.processes import KernelProcess
from jupyter_tutor.execution.session import KernelSession, open_session


class KernelPool:
    """Hands out kernels that nothing has run in, each once; its methods may run in parallel."""

    def __init__(self, spares: int, start_seconds: float, parent: Path | None) -> None:
        """Create one and start the spare kernels.

        Args:
            spares: How many idle kernels to keep started.
            start_seconds: How long a kernel may take to start.
            parent: Where the kernels' directories are made; None means the system's place.
        """
        self._spares = spares
        self._start_seconds = start_seconds
        self._parent = parent
        self._turn = threading.Lock()
        self._idle: list[KernelProcess] = []
        self._busy: set[KernelProcess] = set()
        self._closed = False
        self._refill()

    async def open(self, files: tuple[DataFile, ...]) -> KernelSession:
        """Return a session with a fresh kernel that has some files in its working directory.

        Raises:
            InvalidInput: The path of a file leads out of that directory.
            KernelUnavailable: No kernel could be started, or the pool was closed.
        """
        process = self._take()
        self._refill()
        try:
            process.put(files)
            return await open_session(process, self._start_seconds)
        except BaseException:
            self._release(process)
            raise

    def done(self, session: KernelSession) -> None:
        """End a session and its kernel."""
        session.close()
        self._release(session.process)

    def check_open(self) -> None:
        """Make sure that kernels did not end because the pool was closed.

        Raises:
            KernelUnavailable: It was.
        """
        if self._closed:
            raise KernelUnavailable("The test runner was closed.")

    def close(self) -> None:
        """End every kernel."""
        with self._turn:
            self._closed = True
            left = [*self._idle, *self._busy]
            self._idle.clear()
        for process in left:
            process.end()

    def _release(self, process: KernelProcess) -> None:
        process.end()
        with self._turn:
            self._busy.discard(process)

    def _take(self) -> KernelProcess:
        with self._turn:
            self.check_open()
            while self._idle:
                process = self._idle.pop(0)
                if process.alive:
                    self._busy.add(process)
                    return process
                process.end()
            process = KernelProcess(self._parent)
            self._busy.add(process)
            return process

    def _refill(self) -> None:
        """Start spare kernels; where that fails, the run that needs one will say so."""
        with self._turn, suppress(KernelUnavailable):
            while not self._closed and len(self._idle) < self._spares:
                self._idle.append(KernelProcess(self._parent))
