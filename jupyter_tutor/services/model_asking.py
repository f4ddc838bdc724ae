"""Asking a model: money is set aside before each request and every call is recorded after it.

Also when the call failed, was cut or cancelled. The database is left alone while a model thinks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol, TypeVar
from uuid import UUID

from jupyter_tutor.domain.errors import StorageUnavailable, TutorError
from jupyter_tutor.domain.model_access import Denied
from jupyter_tutor.domain.model_calls import ModelCall, TokenUsage
from jupyter_tutor.domain.pricing import Price, cost
from jupyter_tutor.domain.token_sizes import most_tokens_of
from jupyter_tutor.services.identifiers import uuid7
from jupyter_tutor.services.model_ports import Report
from jupyter_tutor.services.usage import Reservation, UsageService

T = TypeVar("T")

_log = logging.getLogger(__name__)

_POLICY: Final = 3_000
"""Tokens of what every prompt says beside its facts."""
PATIENCE: Final = 5.0
"""Seconds that a reply waits for its call to be recorded; that goes on after them."""
SETTLE_WAITS: Final = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0)
"""Seconds between tries to record a call, as long as what was reserved for it holds."""
BEFORE_MODEL: Final = 4.0
"""Seconds that a diagnosis may take of itself; what it takes longer is the model's time."""


class Hop(Protocol):
    """Calls a function in a thread, as everything does that talks to the database."""

    async def __call__(self, function: Callable[..., T], *args: object) -> T:
        """Return what the function returns."""
        ...


async def in_thread(function: Callable[..., T], *args: object) -> T:
    """Call a function in a thread: the `Hop` where there are no threads of one's own."""
    return await asyncio.to_thread(function, *args)


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """Where a model is asked, as far as it matters here.

    Attributes:
        model: The model's name there.
        host: The address, as learners are told it.
        is_cloud: Whether it is outside of the organisation that runs the tutor.
        price: What it charges.
        most_tokens: The longest reply.
        prompt_version: Changes with what a model is asked.
        seconds: How long help by it may take in all.
    """

    model: str
    host: str
    is_cloud: bool
    price: Price
    most_tokens: int
    prompt_version: str
    seconds: float = 20.0

    def most_cost(self, facts: object) -> Decimal:
        """Return what one request may cost at most, in US dollars.

        Args:
            facts: What it is made from.
        """
        tokens = _POLICY + most_tokens_of(repr(facts))
        return cost(TokenUsage(cache_write_1h=tokens, output=self.most_tokens), self.price)

    def seconds_left(self, gone: float) -> float:
        """Return how long a model may take, so that a learner never waits much longer than that.

        Args:
            gone: Seconds since they asked.
        """
        return min(self.seconds, self.seconds + BEFORE_MODEL - gone)


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom a model is asked: a learner, in a course, about an exercise (by slugs)."""

    learner_id: UUID
    course: str
    exercise: str


class OutOfBudget(Exception):
    """A budget has no room for a request; `denied` says which, for the learner."""

    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.code)
        self.denied = denied


class ModelDesk:
    """Where requests to a model are paid for."""

    def __init__(self, place: ModelPlace, usage: UsageService, hop: Hop = in_thread) -> None:
        self.place = place
        self._usage = usage
        self._hop = hop
        self._settling: set[asyncio.Task[list[UUID]]] = set()

    async def ask(
        self,
        asker: Asker,
        facts: object,
        request: Callable[[Report], Awaitable[T]],
        recorded: list[UUID] | None = None,
    ) -> T:
        """Make a request and record its calls, whatever becomes of it.

        Args:
            asker: For whom.
            facts: What the request is made from: what it may cost is reckoned by that.
            request: Makes it, and reports its calls.
            recorded: Is added the keys that the calls have in the ledger, as far as they are there
                already: while the database is away nobody waits long for it.

        Raises:
            OutOfBudget: There is no money for it.
            ModelUnavailable: There is no usable reply.
        """
        reserved = await self._hop(
            self._usage.reserve,
            asker.learner_id,
            asker.course,
            asker.exercise,
            self.place.most_cost(facts),
        )
        if isinstance(reserved, Denied):
            raise OutOfBudget(reserved)
        calls: list[ModelCall] = []
        try:
            return await request(calls.append)
        finally:
            # Who has gone away is charged all the same.
            settling = asyncio.create_task(self._settle(reserved, calls))
            self._settling.add(settling)
            settling.add_done_callback(self._settling.discard)
            await asyncio.wait({settling}, timeout=PATIENCE)
            if recorded is not None and settling.done():
                recorded += settling.result()

    async def _settle(self, reserved: Reservation, calls: Sequence[ModelCall]) -> list[UUID]:
        """Record calls, each once. One that can't be costs nobody the reply that was paid for."""
        if not calls:
            # Else it is free again by itself.
            with suppress(StorageUnavailable):
                await self._hop(self._usage.release, reserved)
        kept = [await self._kept(reserved, call) for call in calls]
        return [key for key in kept if key is not None]

    async def _kept(self, reserved: Reservation, call: ModelCall) -> UUID | None:
        """Record a call; while the database is away, again after a while."""
        price, key = self.place.price, uuid7()
        charged = cost(call.charged, price, call.tier)
        made = (reserved, call, price.version, charged, key)
        problem = "the server ended before"
        try:
            for wait in (*SETTLE_WAITS, None):
                try:
                    await self._hop(self._usage.settle, *made)
                except StorageUnavailable as error:
                    problem = error.message
                    if wait is not None:
                        await asyncio.sleep(wait)
                else:
                    problem = ""
                    return key
        except TutorError as error:
            problem = error.message
        finally:
            if problem:
                said = (call.purpose, call.request_id, call.model, charged, reserved.course)
                _log.error("%s %r by %s for $%s in %s is not recorded: %s", *said, problem)
        return None
