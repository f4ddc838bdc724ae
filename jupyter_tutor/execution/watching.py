"""The watch of a sandbox: what its steps have told so far, and the end of what overruns a limit.

By our own clock and from outside: nothing that runs in the sandbox is asked how it is.
"""

import asyncio
import signal
import time
from dataclasses import dataclass, field
from typing import Any

from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.observations import Ending, ran_out_of_time
from jupyter_tutor.execution.observing import Report
from jupyter_tutor.execution.runs import RunProcess
from jupyter_tutor.execution.usage import Usage, proportional_mb, read_usage, waited_seconds

_POLL_SECONDS = 0.025
_GRACE_SECONDS = 0.5
_MOST_DELAYED = 0.5
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


class Batch:
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


class Watch:
    """Watches the steps of one request and ends what overruns a limit."""

    def __init__(
        self,
        process: RunProcess,
        limits: Limits,
        idle: Usage,
        batch: Batch,
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
