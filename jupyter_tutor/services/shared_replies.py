"""Replies of a model that are paid for once, and shared by all who ask for the same.

    kept already? -> made in this process? wait -> claimed by another process? wait -> make, keep

A claim is a row that two transactions can't both write. It lapses like what is reserved for a call,
so that a process that dies keeps nobody waiting, and no transaction is open while a model thinks.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Final
from uuid import UUID

from jupyter_tutor.domain.errors import StorageUnavailable
from jupyter_tutor.domain.hints import HintDraft, HintSource
from jupyter_tutor.domain.quotas import RESERVATION_LASTS
from jupyter_tutor.domain.reply_keys import KEPT
from jupyter_tutor.services.flights import Flights
from jupyter_tutor.services.model_asking import Hop, OutOfBudget
from jupyter_tutor.services.ports import UnitOfWorkFactory
from jupyter_tutor.services.submissions import Request

LOOK_AGAIN: Final = 0.25
"""Seconds until it is looked again whether another process has made a reply."""

Make = Callable[[], Awaitable[HintDraft | None]]
"""Has a hint made by a model, which is paid for; None when none came in time."""

_log = logging.getLogger(__name__)


class SharedReplies:
    """Has hints made by a model once.

    Args:
        open_uow: Opens transactions.
        hop: Calls what talks to the database.
    """

    def __init__(self, open_uow: UnitOfWorkFactory, hop: Hop) -> None:
        self._open = open_uow
        self._hop = hop
        self._flights = Flights[HintDraft | None]()

    async def known(self, course: str, key: str) -> HintDraft | None:
        """Return what was delivered for a request before, or None."""
        return await self._hop(self._known, course, key)

    async def of(self, request: Request, key: str, make: Make, seconds: float) -> HintDraft | None:
        """Return the reply to a request, which who asks first pays for.

        Cancelling the task ends the making when nobody else waits for it.

        Args:
            request: Who asks, in which course.
            key: What is asked, by `reply_keys.reply_key`.
            make: Makes it.
            seconds: How long another process is waited for.

        Returns:
            The reply, or None when none came in time.

        Raises:
            OutOfBudget: Who asks has no money for it.
        """
        place = (request.course, key)
        while True:
            joined = self._flights.is_under_way(place)
            try:
                return await self._flights.of(
                    place, lambda: self._made(request, key, make, seconds)
                )
            except OutOfBudget:
                # It was another's budget that had no room.
                if not joined:
                    raise

    async def _made(
        self, request: Request, key: str, make: Make, seconds: float
    ) -> HintDraft | None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while True:
            known, is_claimed = await self._hop(self._claim, request, key)
            if is_claimed or known is not None:
                break
            if loop.time() >= deadline:
                return None
            await asyncio.sleep(LOOK_AGAIN)
        if known is not None:
            return known
        try:
            draft = await make()
            if draft is not None:
                await self._hop(self._keep, request, key, draft)
            return draft
        finally:
            await asyncio.shield(self._hop(self._release, _claim_of(request.course, key)))

    def _known(self, course: str, key: str) -> HintDraft | None:
        with self._open() as uow:
            reply = uow.model_replies.find(course, key)
        if reply is None:
            return None
        return HintDraft(str(reply["text"]), HintSource.MODEL, str(reply["language"]))

    def _claim(self, request: Request, key: str) -> tuple[HintDraft | None, bool]:
        """Return the reply if there is one by now, and whether it is ours to make."""
        claim = _claim_of(request.course, key)
        with self._open() as uow:
            until = uow.now() + RESERVATION_LASTS
            is_claimed = uow.ledger.claim(claim, request.learner_id, request.course, until)
        # After the claim: who had it before has kept the reply by now.
        known = self._known(request.course, key)
        if known is not None and is_claimed:
            self._release(claim)
        return known, is_claimed and known is None

    def _keep(self, request: Request, key: str, draft: HintDraft) -> None:
        """Keep a reply. Where that can't be, it is delivered all the same: it was paid for."""
        reply = {"text": draft.text, "language": draft.language}
        try:
            with self._open() as uow:
                until = uow.now() + KEPT
                uow.model_replies.keep(request.course, key, request.learner_id, reply, until)
        except StorageUnavailable as error:
            _log.warning("a reply of a model is not kept: %s", error.message)

    def _release(self, claim: UUID) -> None:
        try:
            with self._open() as uow:
                uow.ledger.release(claim)
        except StorageUnavailable as error:
            _log.warning("a claim lapses by itself: %s", error.message)


def _claim_of(course: str, key: str) -> UUID:
    return UUID(bytes=sha256(f"{course}\0{key}".encode()).digest()[:16])
