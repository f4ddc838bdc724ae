"""The supply of sandboxes: templates at the strongest level the system allows, kept alive."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.execution.cgroups import Group, find_groups
from jupyter_tutor.execution.levels import Isolation, Level
from jupyter_tutor.execution.openings import Attempt, Opening
from jupyter_tutor.execution.revisions import Revisions, RevisionTemplate
from jupyter_tutor.execution.runs import Role, RunProcess, RunRequest
from jupyter_tutor.execution.templates import Template, TemplateFailed
from jupyter_tutor.execution.usage import read_usage

log = logging.getLogger(__name__)

_OLDEST_SECONDS: Final = 3_600.0
_MOST_RUNS: Final = 2_000
_TRIES: Final = 3
_LOOK_EVERY: Final = 50
_GROWTH: Final = 1.5


class SandboxSupply:
    """Opens sandboxes. Its methods may be called from several threads.

    A template that died, grew or is old is replaced; runs that are under way in an old one finish.
    """

    def __init__(
        self,
        *,
        weakest: Level = Level.LIMITS,
        strongest: Level = Level.NAMESPACES,
        start_seconds: float = 60.0,
        directory: Path | None = None,
    ) -> None:
        """Create one; the first template is started when it is needed, or by `warm_up`.

        Args:
            weakest: The weakest level that runs may have.
            strongest: The strongest level to try.
            start_seconds: How long a template may take to start.
            directory: Where the templates' private directories are made; None means the system's
                temporary directory.
        """
        self._levels = [level for level in Level if _between(level, strongest, weakest)]
        self._start_seconds = start_seconds
        self._directory = directory
        self._turn = threading.Lock()
        self._templates: dict[tuple[str, ...], _Kept] = {}
        self._leaving: list[_Kept] = []
        self._isolation: Isolation | None = None
        self._as_nobody = True
        self._closed = False
        self._groups = find_groups()
        self._holds = self._groups is not None
        self.revisions = Revisions()
        self._started = 0

    @property
    def templates_started(self) -> int:
        """How many templates were started so far."""
        return self._started

    @property
    def isolation(self) -> Isolation:
        """The isolation in force; starts a template when none was started yet.

        Raises:
            KernelUnavailable: No level that is allowed can be had here.
        """
        self.warm_up()
        assert self._isolation is not None
        return self._isolation

    def warm_up(self, packages: Sequence[str] = ()) -> None:
        """Start the template for some packages, if it is not there.

        Raises:
            KernelUnavailable: It can't be started.
        """
        with self._turn:
            self._current(tuple(sorted(packages)))

    def open(self, packages: Sequence[str], request: RunRequest) -> RunProcess:
        """Open a fresh sandbox; blocks until it is ready. Arguments and errors are `ask`'s."""
        opening = self.ask(packages, request)
        while (process := opening.hear()) is None:
            pass
        return process

    def ask(self, packages: Sequence[str], request: RunRequest) -> Opening:
        """Ask for a fresh sandbox.

        Args:
            packages: What has to be imported beforehand.
            request: What is asked of it.

        Raises:
            InvalidInput: The path of a file leads out of that directory.
            KernelUnavailable: No sandbox could be started, or the supply was closed; the opening
                may raise that too.
        """
        wanted = tuple(sorted(packages))

        def begin() -> Attempt:
            with self._turn:
                kept = self._current(wanted)
                kept.users += 1

            def lose() -> None:
                with self._turn:
                    self._retire(wanted, kept)
                self.check_open()
                log.warning("a template failed; it wrote: %r", kept.template.log_text())

            return self._attempt(kept.template, request, lambda: self._leave(kept), lose)

        return Opening(begin, _TRIES)

    @property
    def keeps_setups(self) -> bool:
        """Whether a set-up can be run once for many runs: only with namespaces of its own."""
        return self.isolation.level is Level.NAMESPACES

    def ask_after(self, key: str, revision: RevisionTemplate, request: RunRequest) -> Opening:
        """Ask for a fresh sandbox in which a set-up has run.

        Raises:
            InvalidInput: The path of a file leads out of that directory.
            KernelUnavailable: Its template has failed and is given up; the opening may raise that
                too.
        """

        def begin() -> Attempt:
            lose = lambda: self.revisions.lose(key)  # noqa: E731
            return self._attempt(revision, request, lambda: None, lose)

        return Opening(begin, 1)

    def _attempt(
        self,
        template: Template | RevisionTemplate,
        request: RunRequest,
        leave: Callable[[], None],
        lose: Callable[[], None],
    ) -> Attempt:
        """Ask a template for a sandbox in a control group of its own, where there are any.

        Args:
            template: Who is asked.
            request: What it is asked.
            leave: Called when there is nothing more of the run.
            lose: Called when the template has failed.
        """
        group, doors = self._group(request)

        def left() -> None:
            if group is not None and self._groups is not None:
                self._groups.give_back(group)
            leave()

        def born(process: RunProcess, held: bool) -> None:
            process.on_close = left
            if template.idle is None:
                template.idle = read_usage(process.pid)
            process.idle = template.idle
            if held:
                process.group = group
            elif group is not None:
                self._holds = False  # for others; this one has what limits there are without

        try:
            birth = template.ask_run(request, doors)
        except BaseException as error:
            left()
            if isinstance(error, KernelUnavailable):
                lose()
            raise
        return Attempt(birth, born, left, lose)

    def _group(self, request: RunRequest) -> tuple[Group | None, list[int]]:
        """Return a group that holds a run to its quota, with its doors, where the system lets us.

        An oracle runs no learner code; its limits and the watch are enough.
        """
        if request.role is Role.ORACLE or self._groups is None or not self._holds:
            return None, []
        group = self._groups.make()
        if group is None:
            return None, []
        try:
            group.limit(request.quota.memory_mb, request.quota.tasks)
            return group, group.doors()
        except OSError as error:
            log.warning("a control group could not be used: %s", error)
            self._groups.give_back(group)
            self._holds = False  # those that were made before are still to be given back
            return None, []

    def close(self) -> None:
        """End every template and with it every sandbox."""
        with self._turn:
            self._closed = True
            left = [*self._templates.values(), *self._leaving]
            self._templates.clear()
            self._leaving.clear()
        self.revisions.close()
        for kept in left:
            kept.template.close()
        if self._groups is not None:
            self._groups.close()

    def check_open(self) -> None:
        """Make sure that sandboxes did not end because the supply was closed.

        Raises:
            KernelUnavailable: It was.
        """
        if self._closed:
            raise KernelUnavailable("The test runner was closed.")

    def _current(self, packages: tuple[str, ...]) -> "_Kept":
        """Return the template for some packages, a new one where the old one won't do."""
        self.check_open()
        kept = self._templates.get(packages)
        if kept is not None and kept.is_worn():
            self._retire(packages, kept)
            kept = None
        if kept is None:
            kept = self._templates[packages] = _Kept(self._start(packages))
        return kept

    def _retire(self, packages: tuple[str, ...], kept: "_Kept") -> None:
        if self._templates.get(packages) is kept:
            del self._templates[packages]
            self._leaving.append(kept)
            self._sweep()

    def _leave(self, kept: "_Kept") -> None:
        with self._turn:
            kept.users -= 1
            self._sweep()

    def _sweep(self) -> None:
        for kept in [kept for kept in self._leaving if kept.users == 0]:
            self._leaving.remove(kept)
            threading.Thread(target=kept.template.close, daemon=True).start()

    def _start(self, packages: tuple[str, ...]) -> Template:
        """Start a template at the strongest level that works, and remember which that is."""
        if self._isolation is not None:
            with suppress(TemplateFailed):
                return self._template(self._isolation.level, packages)
        reasons: list[tuple[Level, str]] = []
        for level in self._levels:
            for as_nobody in (True, False):
                self._as_nobody = as_nobody
                try:
                    template = self._template(level, packages)
                except TemplateFailed as failure:
                    reason = str(failure)
                    continue
                self._isolation = Isolation(level, tuple(reasons))
                return template
            reasons.append((level, reason))
        told = "; ".join(f"{level.value}: {reason}" for level, reason in reasons)
        log.error("no sandbox can be started: %s", told)
        raise KernelUnavailable(
            "Answers can't be run safely here. `jupyter tutor doctor` says what to enable."
        )

    def _template(self, level: Level, packages: tuple[str, ...]) -> Template:
        self._started += 1
        return Template(
            level,
            packages,
            parent=self._directory,
            seconds=self._start_seconds,
            as_nobody=self._as_nobody,
        )


class _Kept:
    """A template and how many use it."""

    def __init__(self, template: Template) -> None:
        self.template = template
        self.users = 0
        self._memory_mb = template.memory_mb

    def is_worn(self) -> bool:
        """Whether it should be replaced."""
        template = self.template
        if not template.alive or template.runs > _MOST_RUNS:
            return True
        if template.runs % _LOOK_EVERY == 0 and template.memory_mb > _GROWTH * self._memory_mb:
            return True
        return time.monotonic() - template.started > _OLDEST_SECONDS


def _between(level: Level, strongest: Level, weakest: Level) -> bool:
    order = list(Level)
    return order.index(strongest) <= order.index(level) <= order.index(weakest)
