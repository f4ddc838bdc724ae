"""A conversation with one sandbox: batches of steps out, what each showed back, within limits.

nbclient carries the messages, one cell a batch. Time, processor time, memory, processes and output
are watched here, by our own clock and from outside the sandbox; whatever overruns is interrupted
and, if that does not help, killed. A session that is `broken` takes no further steps.
"""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import nbformat
from nbclient import NotebookClient

from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.observations import Ending, Observation
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
    peak_mb,
    read_usage,
)
from jupyter_tutor.execution.watching import Batch, Transcript, Watch

Step = dict[str, object]

_nbclient_log = logging.getLogger(f"{__name__}.nbclient")
_nbclient_log.setLevel(logging.CRITICAL)  # a sandbox that was ended is no error

_MOST_SPARE = 32


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


class _Listener(NotebookClient):
    """nbclient that keeps nothing but transcripts."""

    batch = Batch(0, 0)

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
        batch = self._listener.batch = Batch(len(steps), limits.output_bytes, pause)
        cell = _cell(json.dumps(requests))
        self._listening = True
        running = asyncio.ensure_future(
            self._listener.async_execute_cell(cell, 0, store_history=False)
        )
        watch = Watch(
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
        self, batch: Batch, overruns: dict[int, Ending], peak: float, last: int | None
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


async def open_session(process: RunProcess) -> Session:
    """Begin a conversation with a fresh sandbox."""
    session = Session(process)
    try:
        await session.connect()
    except BaseException:
        session.close()
        raise
    return session
