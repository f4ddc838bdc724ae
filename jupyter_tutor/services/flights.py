"""Things that are made once, however many ask for the same at the same time in this process."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_LANDING: Final = 5.0
"""Seconds that who leaves last waits for what they asked for to end in order."""


@dataclass(slots=True)
class _Flight(Generic[T]):
    task: asyncio.Task[T]
    waiting: int = 0


class Flights(Generic[T]):
    """Has a thing made by who asks first, and gives it to all who ask until it is there.

    Who gives up leaves it to the others; when the last one does, the making is cancelled. A failure
    is everybody's. It belongs to one event loop.
    """

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight[T]] = {}

    def is_under_way(self, key: Hashable) -> bool:
        """Whether somebody is making it."""
        return key in self._flights

    async def of(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Return what is made, or is being made, under a key.

        Args:
            key: What it is.
            make: Makes it, when nobody does yet.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = _Flight(asyncio.create_task(_made(make)))
            self._flights[key] = flight
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                if self._flights.get(key) is flight:
                    del self._flights[key]
                if not flight.task.done():
                    flight.task.cancel()
                    await asyncio.wait({flight.task}, timeout=_LANDING)


async def _made(make: Callable[[], Awaitable[T]]) -> T:
    return await make()
