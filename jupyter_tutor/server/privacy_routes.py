"""The routes of what is stored of the caller. They are methods of `Routes`.

Whose data it is comes from who is signed in, and from nothing else in the request.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import BinaryIO, Final, cast
from uuid import UUID

from jupyter_tutor.domain.errors import LimitReached
from jupyter_tutor.domain.personal_data import DataKind
from jupyter_tutor.server import privacy_schemas as wire
from jupyter_tutor.server.calls import Call
from jupyter_tutor.server.lesson_files import Openings
from jupyter_tutor.server.parts import Part
from jupyter_tutor.services.exporting import archive_name

_IN_MEMORY: Final = 4 * 2**20
"""Bytes of an archive beyond which it goes to a temporary file without a name."""
_AT_ONCE: Final = 2
"""Archives that are made at the same time: nobody else's request is to wait for them."""


class PrivacyRoutes(Part):
    """A part of `Routes`."""

    _openings: Openings
    _exporting: set[UUID]
    _export_turn: asyncio.Semaphore

    def _ready_to_export(self) -> None:
        self._exporting = set()
        self._export_turn = asyncio.Semaphore(_AT_ONCE)

    async def get_my_data(self, call: Call) -> wire.MyDataReply:
        """How much is stored of the caller."""
        stored = await self._run(self._tutor.privacy.stored, call.person_id)
        return wire.MyDataReply(
            display_name=stored.person.display_name,
            confirm=stored.person.display_name,
            accounts=list(stored.accounts),
            courses=[
                wire.MembershipView(course=each.course, role=each.role)
                for each in stored.memberships
            ],
            kinds=_kinds(stored.count.kinds),
            released_grades=stored.count.released_grades,
        )

    async def get_my_export(self, call: Call) -> wire.ExportReply:
        """All that is stored of the caller, as an archive; one at a time for each person."""
        person_id = call.person_id
        if person_id in self._exporting:
            raise LimitReached.of("refusal.exporting")
        self._exporting.add(person_id)
        try:
            async with self._export_turn:
                file = await self._run(self._exported, person_id, call.language)
        finally:
            self._exporting.discard(person_id)
        return wire.ExportReply(name=archive_name(datetime.now(UTC)), file=file)

    def _exported(self, person_id: UUID, language: str) -> BinaryIO:
        file = cast("BinaryIO", tempfile.SpooledTemporaryFile(_IN_MEMORY))  # noqa: SIM115 - handed on
        try:
            self._tutor.exports.export(person_id, file, actor_id=person_id, language=language)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file

    async def delete_me(self, call: Call) -> wire.ErasedReply:
        """Erase the caller."""
        confirm = call.body(wire.ErasureBody).confirm
        erased = await self._run(self._tutor.privacy.erase_oneself, call.person_id, confirm)
        self._openings.forget(call.person_id)
        return wire.ErasedReply(kinds=_kinds(erased.kinds))


def _kinds(of: Mapping[DataKind, int]) -> list[wire.KindView]:
    return [wire.KindView(kind=kind, count=of[kind]) for kind in DataKind]
