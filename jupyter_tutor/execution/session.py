"""A conversation with one fresh kernel: steps out, what they showed back, within limits.

nbclient carries the messages. Time, processor time, memory, processes and output are watched here,
by our own clock and from outside the kernel; whatever overruns is interrupted and, if that does not
help, killed. A session that is `broken` takes no further steps.
"""

import asyncio
import json
import time
from dataclasses import dataclass, field

import nbformat
import zmq
import zmq.asyncio
from jupyter_client.asynchronous.client import AsyncKernelClient
from nbclient import NotebookClient

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.observations import Ending
from jupyter_tutor.execution.observing import Report, ending_of, read_report
from jupyter_tutor.execution.processes import KernelProcess
from jupyter_tutor.execution.usage import Usage, peak_mb, proportional_mb, read_usage

MIME = "application/vnd.jupyter-tutor.observation+json"

_POLL_SECONDS = 0.025
_GRACE_SECONDS = 0.5
_WELCOME_SECONDS = 10.0
_LARGEST_MESSAGE = 16 * 2**20

Message = dict[str, object]


@dataclass(slots=True)
class Transcript:
    """What one step printed and reported; output beyond the limit is counted and dropped."""

    limit: int
    printed: int = 0
    reports: list[str] = field(default_factory=list)
    streams: dict[str, list[str]] = field(default_factory=lambda: {"stdout": [], "stderr": []})

    def print(self, name: object, text: object) -> None:
        """Take what arrived on a stream."""
        if not isinstance(text, str) or name not in ("stdout", "stderr"):
            return
        left = max(self.limit - self.printed, 0)
        data = text.encode("utf-8", "backslashreplace")
        self.printed += len(data)
        if left:
            self.streams[str(name)].append(data[:left].decode("utf-8", "ignore"))

    def report(self, text: object) -> None:
        """Take a report; a second one only shows that something is wrong."""
        if isinstance(text, str) and len(self.reports) < 2:
            self.reports.append(text)

    @property
    def exceeded(self) -> bool:
        """Whether more was printed than allowed."""
        return self.printed > self.limit


@dataclass(frozen=True, slots=True)
class Shown:
    """What one step showed.

    Attributes:
        ending: How it ended; the watch from outside has the last word.
        report: The kernel's own report, if there is exactly one.
        stdout: What was printed, within the limit.
        stderr: Likewise.
        seconds: Time on our clock.
        memory_mb: Peak resident memory of the kernel so far.
    """

    ending: Ending
    report: Report | None
    stdout: str
    stderr: str
    seconds: float
    memory_mb: float | None


class _Listener(NotebookClient):
    """nbclient that keeps nothing but a transcript."""

    transcript = Transcript(0)

    def process_message(self, msg: Message, cell: nbformat.NotebookNode, cell_index: int) -> None:
        """Take one message of the running cell."""
        kind, content = msg.get("msg_type"), msg.get("content")
        if kind == "status":
            super().process_message(msg, cell, cell_index)
        elif isinstance(content, dict) and kind == "stream":
            self.transcript.print(content.get("name"), content.get("text"))
        elif isinstance(content, dict) and kind == "display_data":
            data = content.get("data")
            if isinstance(data, dict) and MIME in data:
                self.transcript.report(data[MIME])


class KernelSession:
    """Steps in one kernel, one at a time; made by `open_session`."""

    def __init__(self, process: KernelProcess) -> None:
        self.broken = False
        self.process = process
        self._context = zmq.asyncio.Context()
        self._context.setsockopt(zmq.MAXMSGSIZE, _LARGEST_MESSAGE)
        self._channels = AsyncKernelClient(context=self._context)
        self._channels.load_connection_info(process.connection)
        notebook = _node({"metadata": {}, "cells": [_cell("")]})
        self._listener = _Listener(notebook, timeout=None)
        self._listener.kc = self._channels
        self._idle = Usage()

    async def connect(self) -> None:
        """Connect to the kernel.

        Raises:
            KernelUnavailable: It does not answer.
        """
        self._channels.start_channels(stdin=False, hb=False, control=False)
        deadline = time.monotonic() + _WELCOME_SECONDS
        while time.monotonic() < deadline and self.process.alive:
            if await self._channels.iopub_channel.socket.poll(100):
                message = await self._channels.iopub_channel.get_msg()
                if message["msg_type"] == "iopub_welcome":
                    self._idle = read_usage(self.process.warden)
                    return
        raise KernelUnavailable("The kernel does not answer; try again in a moment.")

    def close(self) -> None:
        """End the kernel and let go of it."""
        self.process.end()
        self._channels.stop_channels()
        self._context.destroy(linger=0)

    async def step(self, request: dict[str, object], limits: Limits) -> Shown:
        """Run one step and watch it; marks the session `broken` when the kernel can't go on."""
        request = {
            **request,
            "output_bytes": limits.output_bytes,
            "memory_mb": limits.memory_mb,
        }
        transcript = self._listener.transcript = Transcript(limits.output_bytes)
        cell = _cell(json.dumps(request))
        started = time.monotonic()
        running = asyncio.ensure_future(
            self._listener.async_execute_cell(cell, 0, store_history=False)
        )
        watch = _Watch(self.process, limits, self._idle, transcript)
        try:
            overrun = await watch.over(running)
        finally:
            if not running.done():
                running.cancel()
                await asyncio.wait({running})
        seconds = time.monotonic() - started
        completed = not running.cancelled() and running.exception() is None
        report = read_report(transcript.reports[0]) if len(transcript.reports) == 1 else None
        ending = self._ending(transcript, overrun, report if completed else None)
        peak = peak_mb(self.process.pid) or watch.peak_mb
        if self.broken:
            self.process.end()
        return Shown(
            ending=ending,
            report=report,
            stdout="".join(transcript.streams["stdout"]),
            stderr="".join(transcript.streams["stderr"]),
            seconds=seconds,
            memory_mb=peak or None,
        )

    def _ending(
        self, transcript: Transcript, overrun: Ending | None, report: Report | None
    ) -> Ending:
        """Return how a step ended, and note whether the kernel can go on."""
        self.broken = report is None or not self.process.alive
        if overrun is not None:
            self.broken = self.broken or self._is_busy()
            return overrun
        if self.broken or report is None:
            return Ending.DIED
        return Ending.OUTPUT_LIMIT if transcript.exceeded else ending_of(report)

    def _is_busy(self) -> bool:
        """Whether an interrupted step left threads or processes behind."""
        return read_usage(self.process.warden).tasks > self._idle.tasks


def _cell(source: str) -> nbformat.NotebookNode:
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    return _node({**cell, "execution_count": None})


def _node(content: dict[str, object]) -> nbformat.NotebookNode:
    node: nbformat.NotebookNode = nbformat.from_dict(content)  # type: ignore[no-untyped-call]
    return node


class _Watch:
    """Watches one step and ends it when it overruns a limit."""

    def __init__(
        self,
        process: KernelProcess,
        limits: Limits,
        idle: Usage,
        transcript: Transcript,
    ) -> None:
        self._process = process
        self._limits = limits
        self._idle = idle
        self._transcript = transcript
        self._most_tasks = idle.tasks + limits.processes
        self.peak_mb = 0.0

    async def over(self, running: "asyncio.Future[nbformat.NotebookNode]") -> Ending | None:
        """Wait for the step's end; return the limit it overran, or how it was lost, if so."""
        started = time.monotonic()
        overrun, patience = None, 0.0
        cpu_before: float | None = None
        while True:
            await asyncio.wait({running}, timeout=_POLL_SECONDS)
            if running.done():
                return overrun
            now = time.monotonic()
            usage = read_usage(self._process.warden, self._most_tasks)
            self.peak_mb = max(self.peak_mb, usage.memory_mb)
            fatal = self._fatal(usage)
            if fatal is not None:
                self._process.end()
                return overrun or fatal
            if cpu_before is None:  # not earlier: most steps end before the first look
                cpu_before = usage.cpu_seconds
            if overrun is None:
                overrun = self._overrun(usage.cpu_seconds - cpu_before, now - started)
                if overrun is not None:
                    patience = now + _GRACE_SECONDS
                    self._process.interrupt()
            elif now > patience:
                self._process.end()
                return overrun

    def _fatal(self, usage: Usage) -> Ending | None:
        """Return what can only be ended by killing."""
        if not self._process.alive:
            return Ending.DIED
        if usage.tasks > self._most_tasks:
            return Ending.PROCESS_LIMIT
        allowed = self._idle.memory_mb + self._limits.memory_mb
        if usage.memory_mb > allowed and (
            len(usage.pids) == 1 or proportional_mb(usage.pids) > allowed
        ):
            return Ending.MEMORY_LIMIT
        return None

    def _overrun(self, cpu_seconds: float, seconds: float) -> Ending | None:
        """Return what an interrupt may end."""
        if seconds > self._limits.wall_seconds:
            return Ending.TIMEOUT
        if cpu_seconds > self._limits.cpu_seconds:
            return Ending.CPU_LIMIT
        if self._transcript.exceeded:
            return Ending.OUTPUT_LIMIT
        return None


async def open_session(process: KernelProcess, seconds: float) -> KernelSession:
    """Connect to a fresh kernel.

    Raises:
        KernelUnavailable: It did not start in time; it is ended then.
    """
    process.wait_until_ready(seconds)
    session = KernelSession(process)
    try:
        await session.connect()
    except BaseException:
        session.close()
        raise
    return session
