"""Openings: sandboxes that were asked for and are not ready yet.

A sandbox takes some milliseconds to be forked and confined, nearly all of them in other processes.
So one is asked for, and others, before the first is waited for: blocking, or in an event loop.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.execution.runs import BIRTH_SECONDS, Birth, RunProcess


@dataclass(frozen=True, slots=True)
class Attempt:
    """A run that one template was asked for.

    Attributes:
        birth: The run, until it is ready.
        born: Called with the run when it is, and whether it is in its control group.
        left: Called when it never will be.
        lose: Called when that is the template's fault, after `left`.
    """

    birth: Birth
    born: Callable[[RunProcess, bool], None]
    left: Callable[[], None]
    lose: Callable[[], None]


class Opening:
    """A sandbox that was asked for; when a template fails, the next one is asked."""

    def __init__(self, begin: Callable[[], Attempt], tries: int) -> None:
        """Ask for it.

        Args:
            begin: Asks a template.
            tries: How many templates may be asked.

        Raises:
            KernelUnavailable: None of them could be asked.
            InvalidInput: What is asked for can't be had.
        """
        self._begin = begin
        self._tries = tries
        self._attempt: Attempt = self._next()

    def _next(self) -> Attempt:
        while True:
            self._tries -= 1
            try:
                return self._begin()
            except KernelUnavailable:
                if self._tries <= 0:
                    raise

    def hear(self, seconds: float = BIRTH_SECONDS) -> RunProcess | None:
        """Wait for the next news of it and return the sandbox, or None when there is more to come.

        Raises:
            KernelUnavailable: No template could do it; nothing is left.
        """
        attempt = self._attempt
        try:
            process = attempt.birth.hear(seconds)
        except KernelUnavailable:
            attempt.left()
            attempt.lose()
            if self._tries <= 0:
                raise
            self._attempt = self._next()
            return None
        except BaseException:
            attempt.left()
            raise
        if process is not None:
            attempt.born(process, attempt.birth.held)
        return process

    async def ready(self) -> RunProcess:
        """Wait in an event loop until it is ready; when that is cancelled, it is given up.

        Raises:
            KernelUnavailable: No template could do it; nothing is left.
        """
        process = None
        while process is None:
            try:
                await _readable(self._attempt.birth, BIRTH_SECONDS)
            except BaseException:
                self.give_up()
                raise
            process = self.hear(0)
        return process

    def give_up(self) -> None:
        """Let go of it; only while it is not ready and has not failed."""
        self._attempt.birth.give_up()
        self._attempt.left()


async def _readable(birth: Birth, seconds: float) -> None:
    """Wait until there is something to hear, or for so long."""
    loop = asyncio.get_running_loop()
    news, descriptor = asyncio.Event(), birth.fileno()
    loop.add_reader(descriptor, news.set)
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        pass
    finally:
        loop.remove_reader(descriptor)
