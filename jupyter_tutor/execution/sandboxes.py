"""The sandboxes of one run: those of the answer and, where there are assert cells, of its tests.

A set-up that is asked for again and again is not run in each: sandboxes are then forked from one in
which it has run (`revisions`).
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from jupyter_tutor.domain.errors import KernelUnavailable
from jupyter_tutor.domain.exercises import AssertCell, ProgramCase
from jupyter_tutor.domain.observations import Ending, Observation, RunPlan
from jupyter_tutor.execution.openings import Opening
from jupyter_tutor.execution.revisions import setup_key
from jupyter_tutor.execution.runs import Quota, Role, RunProcess, RunRequest
from jupyter_tutor.execution.session import Session, Step, open_session
from jupyter_tutor.execution.supply import SandboxSupply

GOES_ON: Final = (Ending.COMPLETED, Ending.RAISED)

_SETUP: Final = frozenset({"setup"})
_TABLES: Final = ("numpy", "pandas")
_PLOTS: Final = (*_TABLES, "matplotlib.pyplot")
_IMPORTS: Final = re.compile(
    r"^[ \t]*(?:import|from)[ \t]+(numpy|pandas|matplotlib|seaborn|scipy|sklearn)\b", re.MULTILINE
)
_DRAWS: Final = re.compile(r"\b(?:matplotlib|seaborn)\b|\.(?:plot|hist|boxplot)\b")


@dataclass(slots=True)
class Pair:
    """The sandbox of an answer and, where there are assert cells, that of its tests.

    Attributes:
        oracle: The session with the sandbox of the tests.
        introduced: Whether the oracle has run what it runs first.
        begun: What the set-up's cells showed, when both began where it had ended.
    """

    _answer: Session | None = None
    oracle: Session | None = None
    introduced: bool = False
    begun: tuple[Observation, ...] = ()

    @property
    def answer(self) -> Session:
        """The session with the answer's sandbox."""
        assert self._answer is not None
        return self._answer

    @answer.setter
    def answer(self, session: Session) -> None:
        self._answer = session

    @property
    def broken(self) -> bool:
        """Whether one of them takes no further steps."""
        return self.answer.broken or (self.oracle is not None and self.oracle.broken)

    def close(self) -> None:
        """End both."""
        for session in (self._answer, self.oracle):
            if session is not None:
                session.close()


class Sandboxes:
    """Opens the sandboxes of a plan."""

    def __init__(self, supply: SandboxSupply, plan: RunPlan) -> None:
        self._supply = supply
        self._plan = plan
        texts = [*plan.setup, *(cell.source for cell in plan.cells)]
        tests = [test.spec.source for test in plan.tests if isinstance(test.spec, AssertCell)]
        self._packages = _needed((*texts, *tests))
        steps = len(plan.tests) + len(texts) + 1
        self._quota = Quota(
            memory_mb=plan.limits.memory_mb,
            cpu_seconds=int(plan.limits.cpu_seconds + 1) * steps,
            # the watch is to see it, before the system refuses
            tasks=4 * plan.limits.processes + 32,
        )
        programs = [isinstance(test.spec, ProgramCase) for test in plan.tests]
        self._ahead: _Ahead | None = None
        self._key: str | None = None
        if plan.setup and not (programs and all(programs)):
            self._key = setup_key(plan.setup, plan.files, self._packages, plan.seed)

    @asynccontextmanager
    async def open(self, *, with_oracle: bool = False) -> AsyncIterator[Pair]:
        """Open a sandbox for the answer, and one for its tests if they need one.

        Raises:
            KernelUnavailable: There is none, or it ended because the runner was closed.
        """
        ahead, self._ahead = self._ahead, None
        if ahead is not None and ahead.with_oracle is not with_oracle:
            await ahead.drop()
            ahead = None
        pair = await (self._pair(with_oracle=with_oracle) if ahead is None else ahead.take())
        try:
            yield pair
        finally:
            pair.close()
        self._supply.check_open()

    def open_ahead(self, *, with_oracle: bool) -> None:
        """Begin to open what the next `open` is to give, while other sandboxes are at work.

        Not where libraries are imported: more memory is taken at a time, and they make it much.
        """
        if self._ahead is None and not self._packages:
            self._ahead = _Ahead(self._pair(with_oracle=with_oracle), with_oracle=with_oracle)

    async def drop_ahead(self) -> None:
        """End what was opened ahead and is not needed."""
        if self._ahead is not None:
            await self._ahead.drop()
            self._ahead = None

    async def _pair(self, *, with_oracle: bool) -> Pair:
        """Open sandboxes; nothing is left of them when that fails or is cancelled."""
        roles = (Role.ANSWER, Role.ORACLE) if with_oracle else (Role.ANSWER,)
        pair = Pair()
        with ExitStack() as links:
            ends = [links.enter_context(end) for end in socket.socketpair()] if with_oracle else []
            try:
                processes, pair.begun = await self._begin(roles, ends)
                sessions = [Session(process) for process in processes]
                pair.answer, pair.oracle = sessions[0], sessions[1] if with_oracle else None
                for session in sessions:
                    await session.connect()
            except BaseException:
                pair.close()
                raise
        return pair

    async def _begin(
        self, roles: Sequence[Role], links: Sequence[socket.socket]
    ) -> tuple[list[RunProcess], tuple[Observation, ...]]:
        """Fork the sandboxes, all of them before the set-up or all of them after it."""
        linked = [links[number : number + 1] for number in range(len(roles))]
        requests = [
            RunRequest(self._quota, self._plan.files, role, tuple(link))
            for role, link in zip(roles, linked, strict=True)
        ]
        found = await self._after_setup(requests)
        if found is not None:
            return found
        return await _all_ready(lambda each: self._supply.ask(self._packages, each), requests), ()

    async def _after_setup(
        self, requests: Sequence[RunRequest]
    ) -> tuple[list[RunProcess], tuple[Observation, ...]] | None:
        """Fork sandboxes in which the set-up has run; None where there is no template for it."""
        if self._key is None:
            return None
        key, revisions = self._key, self._supply.revisions
        revision = revisions.find(key)
        if revision is None and self._supply.keeps_setups and revisions.wants(key):
            await self._keep(key)
            revision = revisions.find(key)
        if revision is None:
            return None
        found = revision
        try:
            ask = lambda each: self._supply.ask_after(key, found, each)  # noqa: E731
            return await _all_ready(ask, requests), found.observations
        except KernelUnavailable:
            return None

    async def _keep(self, key: str) -> None:
        """Run the set-up in a sandbox that becomes a template, if it is fit for that."""
        plan = self._plan
        request = RunRequest(self._quota, plan.files, Role.REVISION)
        session = await open_session(self._supply.open(self._packages, request))
        steps: list[Step] = [
            {"kind": "cell", "name": "setup", "number": number, "source": source, "seed": plan.seed}
            for number, source in enumerate(plan.setup, start=1)
        ]
        try:
            shown = await session.steps(steps, plan.limits, 1)
            seen = [each.observation("setup", _SETUP) for each in shown]
            if session.broken or any(each.ending is not Ending.COMPLETED for each in seen):
                self._supply.revisions.give_up(key)
                session.close()
                return
        except BaseException:
            session.close()
            raise
        self._supply.revisions.keep(key, session.hand_over(), seen)


def _needed(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the libraries that are to be there at the start: each weighs on every sandbox."""
    if not any(map(_IMPORTS.search, texts)):
        return ()
    return _PLOTS if any(map(_DRAWS.search, texts)) else _TABLES


def is_usable(cells: Sequence[Observation]) -> bool:
    """Whether tests can be run after these cells."""
    return all(cell.ending in GOES_ON for cell in cells)


async def _all_ready(
    ask: Callable[[RunRequest], Opening], requests: Sequence[RunRequest]
) -> list[RunProcess]:
    """Ask for sandboxes and wait for all of them; nothing is left of any when one can't be had."""
    waiting: list[Opening] = []
    ready: list[RunProcess] = []
    try:
        waiting += map(ask, requests)
        while waiting:
            ready.append(await waiting.pop(0).ready())
    except BaseException:
        for opening in waiting:
            opening.give_up()
        for process in ready:
            process.close()
        raise
    return ready


class _Ahead:
    """A pair that is opened while others are at work."""

    def __init__(self, opening: Coroutine[Any, Any, Pair], *, with_oracle: bool) -> None:
        self.with_oracle = with_oracle
        self._opening = asyncio.ensure_future(opening)

    async def take(self) -> Pair:
        """Wait for it; it is the caller's then."""
        try:
            return await self._opening
        except BaseException:
            await self.drop()
            raise

    async def drop(self) -> None:
        """End it, however far it has come."""
        self._opening.cancel()
        await asyncio.wait({self._opening})
        if not self._opening.cancelled() and self._opening.exception() is None:
            self._opening.result().close()
