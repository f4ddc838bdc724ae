"""Templates of revisions: sandboxes that have run an exercise's set-up, for runs to be forked from.

A set-up that is asked for a second time is run once more, in a sandbox that then stays. It is only
used when nothing but names came of it: what left files, threads, processes or an event loop behind
runs in each sandbox, as before.
"""

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_tutor.domain.exercises import DataFile
from jupyter_tutor.domain.observations import Observation
from jupyter_tutor.execution.inside import wire
from jupyter_tutor.execution.runs import Birth, RunProcess, RunRequest, request_run
from jupyter_tutor.execution.usage import Usage

log = logging.getLogger(__name__)

_MOST: Final = 8
_OLDEST_SECONDS: Final = 1_800.0
_MOST_KNOWN: Final = 256
_SETTLE_SECONDS: Final = 10.0
_WORTH: Final = 2


class RevisionTemplate:
    """A sandbox that has run a set-up and forks runs which begin where that ended."""

    def __init__(self, process: RunProcess, observations: tuple[Observation, ...]) -> None:
        """Have a sandbox whose set-up has run settle as a template.

        Args:
            process: The sandbox; nothing else may be listening to it any more.
            observations: What the set-up's cells showed.

        Raises:
            Unfit: The set-up left more than names behind; the sandbox is ended.
        """
        self.observations = observations
        self.idle: Usage | None = None
        self._started = time.monotonic()
        self._process = process
        self._turn = threading.Lock()
        process.end.settimeout(_SETTLE_SECONDS)
        conversation = wire.Wire(process.end)
        try:
            conversation.send(["settle"])
            left = str(conversation.receive()[1])
        except (OSError, wire.Broken) as error:
            process.close()
            raise Unfit("it ended") from error
        if left:
            process.close()
            raise Unfit(left)

    @property
    def alive(self) -> bool:
        """Whether it has not ended, and is not old."""
        young = time.monotonic() - self._started < _OLDEST_SECONDS
        return young and self._process.alive

    def ask_run(self, request: RunRequest, doors: Sequence[int] = ()) -> Birth:
        """Ask for a run; see `request_run`."""
        return request_run(self._process.end, self._turn, request, doors)

    def close(self) -> None:
        """End it, and all of its runs."""
        self._process.close()


class Unfit(Exception):
    """A set-up left behind what can't be forked; the text says what."""


@dataclass(slots=True)
class _Known:
    """How often a set-up was asked for, and what became of it."""

    asked: int = 0
    template: RevisionTemplate | None = None
    unfit: bool = False


class Revisions:
    """The set-ups that were asked for, and the templates of some of them."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._known: OrderedDict[str, _Known] = OrderedDict()

    def find(self, key: str) -> RevisionTemplate | None:
        """Return the template of a set-up, if there is one and it lives."""
        with self._turn:
            known = self._known.setdefault(key, _Known())
            self._known.move_to_end(key)
            known.asked += 1
            while len(self._known) > _MOST_KNOWN:
                self._known.popitem(last=False)
            template = known.template
            if template is None or template.alive:
                return template
            known.template = None
        template.close()
        return None

    def wants(self, key: str) -> bool:
        """Whether a set-up is asked for often enough to be kept."""
        with self._turn:
            known = self._known.get(key)
            return (
                known is not None
                and known.template is None
                and not known.unfit
                and known.asked >= _WORTH
            )

    def keep(
        self, key: str, process: RunProcess, observations: Sequence[Observation]
    ) -> RevisionTemplate | None:
        """Make a template of a sandbox that has run a set-up; None when it is not fit for that."""
        try:
            template = RevisionTemplate(process, tuple(observations))
        except Unfit as reason:
            log.info("a set-up runs in each sandbox, since it leaves more than names: %s", reason)
            self.give_up(key)
            return None
        with self._turn:
            known = self._known.setdefault(key, _Known())
            old, known.template = known.template, template
            kept = [each for each in self._known.values() if each.template is not None]
            leaving = [each.template for each in kept[:-_MOST]]
            for each in kept[:-_MOST]:
                each.template = None
        for each_template in (old, *leaving):
            if each_template is not None:
                each_template.close()
        return template

    def give_up(self, key: str) -> None:
        """Note that a set-up is not fit for a template."""
        with self._turn:
            self._known.setdefault(key, _Known()).unfit = True

    def lose(self, key: str) -> None:
        """Let go of a template that failed."""
        with self._turn:
            known = self._known.get(key)
            template, lost = (None, None) if known is None else (known.template, known)
            if lost is not None:
                lost.template = None
        if template is not None:
            template.close()

    def close(self) -> None:
        """End every template."""
        with self._turn:
            left = [each.template for each in self._known.values() if each.template is not None]
            self._known.clear()
        for template in left:
            template.close()


def setup_key(
    setup: Sequence[str], files: Sequence[DataFile], packages: Sequence[str], seed: int
) -> str:
    """Return what tells a set-up from every other: its cells, files, packages and seed."""
    digest = hashlib.sha256(repr((tuple(setup), tuple(sorted(packages)), seed)).encode())
    for file in files:
        digest.update(file.path.encode() + b"\0" + hashlib.sha256(file.content).digest())
    return digest.hexdigest()
