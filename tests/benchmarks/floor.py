"""The floors under the engine: a fork that runs the same code with `exec`, isolated or not.

Run as a script this is the warm process that forks, as warm as the engine's templates are and put
where they are by the engine's own code; `Floor` is its other side. A fork compiles and runs cells
and tests in one namespace and sends back which tests raised: nothing is watched, encoded or judged,
so no engine that forks can cost less.
"""

import gc
import os
import select
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from jupyter_tutor.execution.inside import confinement, room, shell, warden, wire

QUOTA = confinement.Quota(memory_mb=512, cpu_seconds=30, tasks=64, scratch_mb=64)
SEEN = "seen"


def serve(control: socket.socket, isolated: confinement.Confinement | None) -> None:
    """Fork whenever asked, until the other side is gone."""
    while True:
        ready, _, _ = select.select([control], [], [], 0.05)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not ready:
            continue
        try:
            request, given = wire.receive_with_descriptors(control, 1)
        except (wire.Broken, OSError):
            return
        if (isolated.fork() if isolated is not None else os.fork()) == 0:
            try:
                _run(socket.socket(fileno=given[0]), isolated, request[1], request[2])
            finally:
                os._exit(0)
        os.close(given[0])


def _run(
    end: socket.socket,
    isolated: confinement.Confinement | None,
    cells: Sequence[str],
    tests: Sequence[str],
) -> None:
    if isolated is not None:
        isolated.confine(QUOTA)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    raised = []
    for number, source in enumerate([*cells, *tests]):
        try:
            exec(compile(source, f"<{number}>", "exec"), namespace)
        except BaseException as error:  # noqa: BLE001 - told to who asked
            raised.append([number, type(error).__name__])
    wire.Wire(end).send([SEEN, raised])


def main(descriptor: int) -> None:
    """Become the process that forks."""
    control = socket.socket(fileno=descriptor)
    conversation = wire.Wire(control)
    options = conversation.receive()[1]
    try:
        warden.separate(options)
    except OSError as error:
        conversation.send(["failed", str(error)])
        return
    isolated = None
    if options["level"] == confinement.NAMESPACES:
        isolated = confinement.Confinement(options["level"], options["visible"], room.SCRATCH)
    for name in options["packages"]:
        __import__(name)
    shell.build_shell()
    gc.collect()
    gc.freeze()
    conversation.send(["ready", os.getpid(), []])
    serve(control, isolated)


class Floor:
    """The engine's side: asks for forks. Its methods may be called from several threads."""

    def __init__(self, *, isolated: bool) -> None:
        """Start the process that forks, with full isolation or with none.

        Raises:
            TemplateFailed: The system does not allow it.
        """
        from jupyter_tutor.execution import templates
        from jupyter_tutor.execution.levels import Level

        level = Level.NAMESPACES if isolated else Level.LIMITS
        with patch.object(templates, "_LAUNCHER", Path(__file__)):
            self._template = templates.Template(level, as_nobody=isolated)

    def run(self, cells: Sequence[str], tests: Sequence[str]) -> None:
        """Run some code in a fork.

        Raises:
            RuntimeError: Something in it raised.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._template._turn:
                wire.send_with_descriptors(
                    self._template._control, ["exec", list(cells), list(tests)], [theirs.fileno()]
                )
            answer = wire.Wire(ours).receive()
        if answer != [SEEN, []]:
            raise RuntimeError(f"the benchmark's own code raises: {answer}")

    def close(self) -> None:
        """End it."""
        self._template.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
