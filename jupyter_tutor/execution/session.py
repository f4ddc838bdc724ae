"""A conversation with one sandbox: batches of steps out, what each showed back, within limits.

nbclient carries the messages, one cell a batch. Time, processor time, memory, processes and output
are watched here, by our own clock and from outside the sandbox; whatever overruns is interrupted
and, if that does not help, killed. A session that is `broken` takes no further steps.
"""

import asyncio
import json
import logging
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbclient import NotebookClient

from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.observations import Ending, Observation, ran_out_of_time
from jupyter_tutor.execution.observing import (
    Report,
    arguments_changed_of,
    checked_report,
    ending_of,
    error_of,
    seconds_of,
    value_of,
)
from jupyter_tutor.execution.runs import RunProcess
from jupyter_tutor.execution.transport import MIME, Message, SandboxClient
from jupyter_tutor.execution.usage import (
    Usage,
    peak_mb,
    proportional_mb,
    read_usage,
    waited_seconds,
)

Step = dict[str, object]

_nbclient_log = logging.getLogger(f"{__name__}.nbclient")
_nbclient_log.setLevel(logging.CRITICAL)  # a sandbox that was ended is no error

_MOST_SPARE = 32
_POLL_SECONDS = 0.025
_GRACE_SECONDS = 0.5
_MOST_DELAYED = 0.75
"""How much of a step's time may be excused because the machine had no processor for it."""


@dataclass(slots=True)
class Transcript:
    """What one step printed and reported; output beyond the limit is counted and dropped."""

    limit: int
    started: float
    printed: int = 0
    ended: float | None = None
    report: Report | None = None
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

    @property
    def exceeded(self) -> bool:
        """Whether more was printed than allowed."""
        return self.printed > self.limit


@dataclass(frozen=True, slots=True)
class Shown:
    """What one step showed.

    Attributes:
        ending: How it ended; the watch from outside has the last word.
        report: The sandbox's own report, if there is one.
        stdout: What was printed, within the limit.
        stderr: Likewise.
        seconds: Time on our clock.
        memory_mb: Peak resident memory of the sandbox so far.
    """

    ending: Ending
    report: Report | None
    stdout: str
    stderr: str
    seconds: float
    memory_mb: float | None

    def observation(self, name: str, cells: frozenset[str]) -> Observation:
        """Return it as an observation, with frames in known cells only."""
        report = self.report or {}
        return Observation(
            name=name,
            ending=self.ending,
            value=value_of(report) if self.ending is Ending.COMPLETED else None,
            arguments_changed=arguments_changed_of(report),
            stdout=self.stdout,
            stderr=self.stderr,
            error=error_of(report, cells),
            seconds=seconds_of(report, self.seconds),
            memory_mb=self.memory_mb,
        )


class _Batch:
    """The transcripts of the steps of one request, in their order."""

    def __init__(self, steps: int, limit: int, pause: int = 0) -> None:
        self.steps = steps
        self.limit = limit
        self.pause = pause
        self.transcripts = [Transcript(limit, time.monotonic())]
        self.nonsense = False

    @property
    def current(self) -> Transcript:
        """The transcript of the step that is running, or of the last one."""
        return self.transcripts[-1]

    def take(self, report: Report | None) -> None:
        """Take the report of the running step."""
        step, now = self.current, time.monotonic()
        if report is None or step.ended is not None:
            self.nonsense = True
            return
        step.report, step.ended = report, now
        if len(self.transcripts) < self.steps:
            self.transcripts.append(Transcript(self.limit, now))

    def end(self) -> bool:
        """End it; tell whether every step has reported that was begun, and it could end there."""
        if self.current.ended is None and 0 < len(self.transcripts) - 1 == self.pause:
            self.transcripts.pop()
            return True
        return len(self.transcripts) == self.steps and self.current.ended is not None


class _Listener(NotebookClient):
    """nbclient that keeps nothing but transcripts."""

    batch = _Batch(0, 0)

    def process_message(self, msg: Message, cell: nbformat.NotebookNode, cell_index: int) -> None:
        """Take one message of the running cell."""
        kind, content = msg["msg_type"], msg["content"]
        if kind == "status":
            super().process_message(msg, cell, cell_index)
        elif kind == "stream":
            self.batch.current.print(content["name"], content["text"])
        else:
            self.batch.take(checked_report(content["data"][MIME]))


_spare: list[_Listener] = []
"""Listeners that nobody uses: to make one takes half a millisecond of looking for configuration."""


class Session:
    """Steps in one sandbox; made by `open_session`."""

    def __init__(self, process: RunProcess) -> None:
        self.broken = False
        self.process = process
        self._client = SandboxClient()
        self._listener = _spare.pop() if _spare else _new_listener()
        self._listener.kc = self._client  # type: ignore[assignment]  # duck-typed
        self._listening = False
        self._idle = process.idle

    async def connect(self) -> None:
        """Start to listen."""
        await self._client.connect(self.process.end.dup())

    def hand_over(self) -> RunProcess:
        """Let go of the sandbox without ending it."""
        self._client.close()
        return self.process

    def close(self) -> None:
        """End the sandbox and let go of it. May be repeated."""
        self.process.close()
        self._client.close()
        mine: object = self._listener.kc
        if mine is self._client and not self._listening and len(_spare) < _MOST_SPARE:
            self._listener.kc = None
            _spare.append(self._listener)

    async def steps(
        self,
        steps: Sequence[Step],
        limits: Limits,
        timeouts: int,
        partner: "Session | None" = None,
        pause: int = 0,
    ) -> list[Shown]:
        """Run some steps and watch them.

        Returns what those showed that were begun; when these are fewer, the session is `broken`, or
        has paused.

        Args:
            steps: What to run, in order.
            limits: For each of them.
            timeouts: After how many that ran out of time to stop.
            partner: The session whose sandbox these steps call into, so that its processor time
                counts too and it is what gets interrupted.
            pause: After how many of them the sandbox may stop, because the others make no sense
                when those ended as they did; 0 for never.
        """
        requests = [{**step, "output_bytes": limits.output_bytes} for step in steps]
        batch = self._listener.batch = _Batch(len(steps), limits.output_bytes, pause)
        cell = _cell(json.dumps(requests))
        self._listening = True
        running = asyncio.ensure_future(
            self._listener.async_execute_cell(cell, 0, store_history=False)
        )
        watch = _Watch(
            self.process,
            limits,
            self._idle,
            batch,
            self._client.lost,
            timeouts,
            None if partner is None else partner.process,
        )
        try:
            overruns = await watch.over(running)
        finally:
            if not running.done():
                running.cancel()
                await asyncio.wait({running})
        failed = running.cancelled() or running.exception() is not None
        self._listening = failed
        self.broken = failed or watch.fatal or batch.nonsense or not batch.end()
        self.broken = self.broken or (bool(overruns) and self._is_busy())
        if batch.nonsense:
            overruns.setdefault(len(batch.transcripts) - 1, Ending.DIED)
        last = None
        if self.broken and overruns:
            last = min(overruns) if watch.sound is None else watch.sound
        return self._shown(batch, overruns, watch.peak_mb, last)

    def _shown(
        self, batch: _Batch, overruns: dict[int, Ending], peak: float, last: int | None
    ) -> list[Shown]:
        """Return what the steps showed, up to the last one that counts."""
        memory = max(peak_mb(self.process.pid) or 0.0, peak) or None
        shown = []
        for number, step in enumerate(batch.transcripts):
            ended = step.ended or time.monotonic()
            ending = overruns.get(number) or _ending(step)
            stdout, stderr = ("".join(step.streams[name]) for name in ("stdout", "stderr"))
            seconds = ended - step.started
            shown.append(Shown(ending, step.report, stdout, stderr, seconds, memory))
            if number == last:
                break
        return shown

    def _is_busy(self) -> bool:
        """Whether an interrupted step left threads or processes behind."""
        return read_usage(self.process.pid).tasks > self._idle.tasks


def _ending(step: Transcript) -> Ending:
    if step.report is None:
        return Ending.DIED
    return Ending.OUTPUT_LIMIT if step.exceeded else ending_of(step.report)


def _new_listener() -> _Listener:
    return _Listener(_node({"metadata": {}, "cells": [_cell("")]}), timeout=None, log=_nbclient_log)


def _cell(source: str) -> nbformat.NotebookNode:
    cell = {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
    return _node({**cell, "execution_count": None})


def _node(content: dict[str, object]) -> nbformat.NotebookNode:
    node: nbformat.NotebookNode = nbformat.from_dict(content)  # type: ignore[no-untyped-call]
    return node


class _Watch:
    """Watches the steps of one request and ends what overruns a limit."""

    def __init__(
        self,
        process: RunProcess,
        limits: Limits,
        idle: Usage,
        batch: _Batch,
        lost: asyncio.Event,
        timeouts: int,
        partner: RunProcess | None,
    ) -> None:
        self._process = process
        self._limits = limits
        self._idle = idle
        self._batch = batch
        self._lost = lost
        self._timeouts = timeouts
        self._partner = partner
        self._most_tasks = idle.tasks + limits.processes
        self._overruns: dict[int, Ending] = {}
        self._patience = 0.0
        self._seen: int | None = None
        self._cpu_before = 0.0
        self._waited_before = 0.0
        self.fatal = False
        self.sound: int | None = None
        """The last step that counts where several overran a limit; None for the first of these."""
        self.peak_mb = 0.0

    async def over(self, running: "asyncio.Future[Any]") -> dict[int, Ending]:
        """Wait for the end; return which steps overran which limit, or how they were lost."""
        lost: asyncio.Future[Any] = asyncio.ensure_future(self._lost.wait())
        try:
            while True:
                await asyncio.wait(
                    {running, lost}, timeout=_POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if running.done():
                    if self._is_spent():
                        self._give_up()
                    return self._overruns
                if self._look():
                    return self._overruns
        finally:
            lost.cancel()

    def _look(self) -> bool:
        """Look at what the sandbox uses; return whether it had to be ended."""
        number, now = len(self._batch.transcripts) - 1, time.monotonic()
        if self._lost.is_set() or self._batch.nonsense:
            starved = self._process.ran_out_of_memory
            return self._end(number, Ending.MEMORY_LIMIT if starved else Ending.DIED)
        if self._is_spent() and number > max(self._overruns):
            return self._give_up()
        usage = read_usage(self._process.pid, self._most_tasks)
        self.peak_mb = max(self.peak_mb, usage.memory_mb)
        cpu_seconds = usage.cpu_seconds
        if self._partner is not None:
            cpu_seconds += read_usage(self._partner.pid, self._most_tasks).cpu_seconds
        if self._seen != number:  # processor time is counted from the first look at a step
            self._seen, self._cpu_before, self._patience = number, cpu_seconds, 0.0
            self._waited_before = self._waited()
        fatal = self._beyond_rescue(usage)
        if fatal is not None:
            return self._end(number, fatal)
        if self._patience:
            return now > self._patience and self._end(number, Ending.TIMEOUT)
        seconds = now - self._batch.current.started
        if seconds > self._limits.wall_seconds:
            delayed = self._waited() - self._waited_before
            seconds -= min(delayed, seconds * _MOST_DELAYED)
        overrun = self._overrun(cpu_seconds - self._cpu_before, seconds)
        if overrun is not None:
            self._timeouts -= ran_out_of_time(overrun)
            self._overruns[number] = overrun
            self._patience = now + _GRACE_SECONDS
            (self._partner or self._process).signal(signal.SIGINT)
        return False

    def _is_spent(self) -> bool:
        """Whether no further step may run out of time; the last one was interrupted as others."""
        return self._timeouts <= 0 and bool(self._overruns)

    def _give_up(self) -> bool:
        """End it after the step that was the last one to run out of time, and has reported."""
        last = max(self._overruns)
        if read_usage(self._process.pid, self._most_tasks).tasks <= self._idle.tasks:
            self.sound = last
        return self._end(last, self._overruns[last])

    def _waited(self) -> float:
        """Return how long the sandboxes could not run because others did, in seconds."""
        watched = (self._process, self._partner)
        return sum(waited_seconds(process.pid) for process in watched if process is not None)

    def _end(self, number: int, ending: Ending) -> bool:
        self._overruns.setdefault(number, ending)
        self.fatal = True
        self._process.signal(signal.SIGKILL)
        return True

    def _beyond_rescue(self, usage: Usage) -> Ending | None:
        """Return what can only be ended by killing."""
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
        if self._batch.current.exceeded:
            return Ending.OUTPUT_LIMIT
        return None


async def open_session(process: RunProcess) -> Session:
    """Begin a conversation with a fresh sandbox."""
    session = Session(process)
    try:
        await session.connect()
    except BaseException:
        session.close()
        raise
    return session
