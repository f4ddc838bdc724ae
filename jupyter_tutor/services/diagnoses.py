"""Diagnoses on demand: each answer is diagnosed once, a few at a time, in threads of their own.

So a class that asks for hints at the same moment waits for diagnoses, and nothing else does.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.diagnosis import Diagnosis
from jupyter_tutor.domain.errors import TutorError
from jupyter_tutor.domain.exercises import DataFile, Revision
from jupyter_tutor.domain.hints import lines_of
from jupyter_tutor.domain.observations import CellSource
from jupyter_tutor.domain.submissions import Answer
from jupyter_tutor.domain.verdicts import Outcome, Verdict
from jupyter_tutor.services.diagnosing import Diagnoser

PATIENCE_SECONDS: Final = 10.0
"""How long a hint waits for a diagnosis, that of others before it included; leaves a model time."""

_MOST_KEPT: Final = 500
_THREADS: Final = 2

_log = logging.getLogger(__name__)

_Key = tuple[UUID, tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FailingAnswer:
    """An answer that failed, with what it takes to diagnose it.

    Attributes:
        revision: What it answers.
        answer: What was run.
        verdict: On it, secret tests included.
        passing: Answers of others that pass.
        files: The data files of the exercise.
    """

    revision: Revision
    answer: Answer
    verdict: Verdict
    passing: Sequence[Sequence[CellSource]] = ()
    files: tuple[DataFile, ...] = ()

    @property
    def key(self) -> _Key:
        """What a diagnosis depends on: it names lines and quotes them."""
        failing = [r.name for r in self.verdict.results if r.outcome is not Outcome.PASSED]
        return self.revision.id, lines_of(self.answer), tuple(failing)


class Diagnoses:
    """Makes diagnoses and keeps the last ones. Its methods may be called from any thread."""

    def __init__(self, diagnoser: Diagnoser, *, patience: float = PATIENCE_SECONDS) -> None:
        """Create one.

        Args:
            diagnoser: Makes them.
            patience: Seconds that `of` waits.
        """
        self._diagnoser = diagnoser
        self._patience = patience
        self._threads = ThreadPoolExecutor(_THREADS, "tutor-diagnosis")
        self._turn = Lock()
        self._kept: OrderedDict[_Key, Diagnosis] = OrderedDict()
        self._running: dict[_Key, Future[Diagnosis]] = {}
        self._forgotten = 0

    def known(self, failing: FailingAnswer) -> Diagnosis | None:
        """Return the diagnosis that was made of an answer, or None."""
        with self._turn:
            return self._kept.get(failing.key)

    def begin(self, failing: FailingAnswer) -> Diagnosis | None:
        """Begin the diagnosis of an answer for who asks later; return it if it is known already."""
        running = self._begin(failing)
        return running if isinstance(running, Diagnosis) else None

    async def of(self, failing: FailingAnswer) -> Diagnosis | None:
        """Return what is known of an answer, or None when that takes too long or can't be had.

        A diagnosis that takes too long is kept when it is there, for who asks again.
        """
        running = self._begin(failing)
        if isinstance(running, Diagnosis):
            return running
        waiting = asyncio.wrap_future(running)
        done, _ = await asyncio.wait({waiting}, timeout=self._patience)
        if not done:
            return None
        try:
            return waiting.result()
        except TutorError as error:
            _log.warning("an answer could not be diagnosed: %s", error.code)
            return None

    def forget(self) -> None:
        """Drop what is kept, since somebody was erased whose lines may be quoted in it.

        What is being made now is for who waits for it, and kept for nobody.
        """
        with self._turn:
            self._forgotten += 1
            self._kept.clear()

    def close(self) -> None:
        """Begin no further ones."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _begin(self, failing: FailingAnswer) -> "Diagnosis | Future[Diagnosis]":
        key = failing.key
        with self._turn:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            if key not in self._running:
                self._running[key] = self._threads.submit(self._diagnose, key, failing)
            return self._running[key]

    def _diagnose(self, key: _Key, failing: FailingAnswer) -> Diagnosis:
        forgotten = self._forgotten
        try:
            found = self._diagnoser.diagnose(
                failing.revision.content,
                failing.answer,
                failing.verdict,
                donors=failing.passing,
                files=failing.files,
            )
            with self._turn:
                if self._forgotten == forgotten:
                    self._kept[key] = found
                while len(self._kept) > _MOST_KEPT:
                    self._kept.popitem(last=False)
            return found
        finally:
            with self._turn:
                del self._running[key]
