"""The course that comes with the package: whether to install it, to update it, or to leave it.

An update may only replace what the package itself published. So what was published is remembered,
in the same transaction, and compared with what is there: when they differ, somebody made the course
their own.
"""

import re
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from typing import Final
from uuid import UUID

from jupyter_tutor.services.access import digest
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.read_models import ShippedCourse

NOBODY: Final = UUID(int=0)
"""A key that no person has: asks for courses without anybody's standing in them."""


class Step(StrEnum):
    """What to do about a shipped course."""

    INSTALL = "install"
    UPDATE = "update"
    NOTHING = "nothing"
    LEAVE_CHANGED = "leave_changed"


def next_step(open_uow: UnitOfWorkFactory, course: str, release: str, sources: str) -> Step:
    """Decide what to do.

    Args:
        open_uow: Opens transactions.
        course: Slug of the shipped course.
        release: Version of this package, such as "0.1.0".
        sources: Digest of the course's sources in this package.
    """
    with open_uow() as uow:
        slugs = {card.slug for card in uow.reads.courses(NOBODY)}
        if course not in slugs:
            # Whoever has courses but not this one does not want it.
            return Step.NOTHING if slugs else Step.INSTALL
        known = uow.courses.shipped(course)
        if known is None:
            return Step.LEAVE_CHANGED
        if known.sources == sources or _number(known.release) > _number(release):
            # Two environments with one database: the older never undoes what the newer did.
            return Step.NOTHING
        return Step.UPDATE if known.content == content_of(uow, course) else Step.LEAVE_CHANGED


def content_of(uow: UnitOfWork, course: str) -> str:
    """Return a digest of all that is published of a course. Raises NotFound."""
    return digest(
        asdict(uow.courses.get(course)),
        [(lesson.slug, lesson.content_hash) for lesson in uow.reads.lessons(course)],
        [
            (revision.content.slug, revision.content.content_hash)
            for revision in uow.courses.latest_revisions(course)
        ],
    )


def remember(course: str, release: str, sources: str) -> Callable[[UnitOfWork], None]:
    """Return what notes, in the transaction that publishes a shipped course, what it published."""

    def note(uow: UnitOfWork) -> None:
        shipped = ShippedCourse(release, sources, content_of(uow, course))
        uow.courses.save_shipped(course, shipped)

    return note


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", release)[:3])
