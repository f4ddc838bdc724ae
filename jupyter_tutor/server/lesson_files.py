"""Lesson files: the learner's copies in their own file browser, never overwriting their work."""

import base64
import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, Protocol, cast
from uuid import UUID

from jupyter_core.utils import ensure_async
from tornado import web

from jupyter_tutor.domain.errors import Conflict
from jupyter_tutor.server.schemas import OpenLessonBody, OpenLessonReply
from jupyter_tutor.services.lessons import LessonService
from jupyter_tutor.services.read_models import Lesson

KEY = "jupyter_tutor"
BACKUPS = "backups"
"""Folder beside the lessons for what an update replaced."""

_UNREADABLE = (web.HTTPError, OSError, ValueError, KeyError, TypeError, AttributeError)
"""What contents managers raise for a file that is no notebook, whatever is broken in it."""

_log = logging.getLogger(__name__)


class Contents(Protocol):
    """What is used here of jupyter_server's contents managers; each may answer now or later."""

    def dir_exists(self, path: str) -> Any: ...  # noqa: ANN401, D102

    def file_exists(self, path: str) -> Any: ...  # noqa: ANN401, D102

    def get(  # noqa: D102
        self,
        path: str,
        content: bool = ...,
        type: str | None = ...,  # noqa: A002 - their name
        format: str | None = ...,  # noqa: A002 - their name
    ) -> Any: ...  # noqa: ANN401

    def save(self, model: dict[str, Any], path: str) -> Any: ...  # noqa: ANN401, D102

    def increment_filename(self, filename: str, path: str, insert: str) -> Any: ...  # noqa: ANN401, D102


class Openings:
    """The answers that were given, by idempotency key: a repeat gets the first one.

    They are kept as long as the server lives. After that a repeat finds the copy that is there.
    """

    def __init__(self, most: int = 1000) -> None:
        """Keep so many, the newest."""
        self._most = most
        self._kept: OrderedDict[tuple[UUID, str], OpenLessonReply] = OrderedDict()

    def get(self, person_id: UUID, key: str) -> OpenLessonReply | None:
        """Return what was answered, or None."""
        return self._kept.get((person_id, key))

    def keep(self, person_id: UUID, key: str, reply: OpenLessonReply) -> None:
        """Keep an answer."""
        self._kept[person_id, key] = reply
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self, person_id: UUID) -> None:
        """Drop the answers to a person who was erased."""
        for theirs in [each for each in self._kept if each[0] == person_id]:
            del self._kept[theirs]


@dataclass(frozen=True, slots=True)
class _Copy:
    """A learner's copy, as it is in their files."""

    path: str
    notebook: Mapping[str, object]


class LessonFiles:
    """Finds, writes and updates a lesson's notebook through the server's contents manager."""

    def __init__(self, contents: Contents, lessons: LessonService) -> None:
        self._contents = contents
        self._lessons = lessons

    async def open(self, course: str, lesson: Lesson, body: OpenLessonBody) -> OpenLessonReply:
        """Put the lesson into the folder named like its course, or find it there.

        A copy that the learner renamed inside that folder is found by its metadata. A file of
        another origin with the lesson's name, also one that cannot be read, is left alone; the
        copy gets a free name. What an update replaces is kept in the folder `backups`.

        Raises:
            Conflict: The folder cannot be written.
            InvalidNotebook: The copy cannot be merged, because it has not the form of a notebook.
        """
        try:
            return await self._open(course, lesson, body)
        except (OSError, web.HTTPError) as error:
            # What it says in full may hold paths of this machine.
            _log.warning("The lesson %s was not written: %s", lesson.slug, error)
            raise Conflict(
                f"The lesson could not be written into the folder {course!r}. Check that it is a "
                "folder you may write in and that the disk has room, then try again. Nothing you "
                "wrote was lost."
            ) from error

    async def _open(self, course: str, lesson: Lesson, body: OpenLessonBody) -> OpenLessonReply:
        found = await self._find(course, lesson.slug)
        existing = found.notebook if found else None
        opening = self._lessons.opening(lesson, existing, merge=body.update == "merge")
        path, message = found.path if found else "", opening.message
        if opening.notebook is not None:
            await self._directory(course)
            if found is None:
                usual = f"{lesson.slug}.ipynb"
                path = await self._free(course, usual)
                message = _renamed(usual, path) or message
            else:
                backup = await self._back_up(course, found)
                message = f"{message} What you had before is in {backup}."
            await self._save(path, "notebook", "json", dict(opening.notebook))
        await self._add_files(course, lesson, renew=opening.state == "merged")
        return OpenLessonReply(
            path=path,
            state=opening.state,
            anchor=_anchor(opening.notebook or existing or {}, body.exercise),
            message=message,
        )

    async def _find(self, course: str, lesson: str) -> _Copy | None:
        if not await ensure_async(self._contents.dir_exists(course)):
            return None
        folder = await ensure_async(self._contents.get(course, content=True))
        notebooks = [item["path"] for item in folder["content"] if item["type"] == "notebook"]
        usual = f"{course}/{lesson}.ipynb"
        for path in sorted(notebooks, key=lambda path: (path != usual, path)):
            notebook = await self._notebook(path)
            facts = _facts(notebook)
            if facts.get("course") == course and facts.get("lesson") == lesson:
                return _Copy(path, notebook)
        return None

    async def _notebook(self, path: str) -> Mapping[str, object]:
        """Return a notebook, or an empty mapping for a file that cannot be read as one."""
        try:
            model = await ensure_async(self._contents.get(path, content=True))
        except _UNREADABLE as error:
            _log.info("A notebook beside the lessons was passed over: %s", error)
            return {}
        content = model["content"]
        return cast("Mapping[str, object]", content) if isinstance(content, Mapping) else {}

    async def _directory(self, path: str) -> None:
        if path in ("", ".") or await ensure_async(self._contents.dir_exists(path)):
            return
        await self._directory(str(PurePosixPath(path).parent))
        await ensure_async(self._contents.save({"type": "directory"}, path))

    async def _free(self, folder: str, name: str) -> str:
        free = await ensure_async(self._contents.increment_filename(name, folder, insert="-"))
        return f"{folder}/{free}"

    async def _back_up(self, course: str, copy: _Copy) -> str:
        """Save what is about to be replaced; returns where."""
        path = await self._backup_path(course, copy.path)
        await self._save(path, "notebook", "json", copy.notebook)
        return path

    async def _backup_path(self, course: str, path: str) -> str:
        folder = f"{course}/{BACKUPS}"
        await self._directory(folder)
        name = PurePosixPath(path)
        return await self._free(folder, f"{name.stem}-{datetime.now(UTC):%Y-%m-%d}{name.suffix}")

    async def _add_files(self, course: str, lesson: Lesson, *, renew: bool) -> None:
        """Write data files that are missing; with `renew` also changed ones, after a backup."""
        for file in lesson.files:
            path = f"{course}/{file.path}"
            if await ensure_async(self._contents.file_exists(path)):
                model = await ensure_async(
                    self._contents.get(path, content=True, type="file", format="base64")
                )
                if not renew or base64.b64decode(model["content"]) == file.content:
                    continue
                backup = await self._backup_path(course, path)
                await self._save(backup, "file", "base64", model["content"])
            await self._directory(str(PurePosixPath(path).parent))
            await self._save(path, "file", "base64", base64.b64encode(file.content).decode("ascii"))

    async def _save(self, path: str, kind: str, form: str, content: object) -> None:
        model = {"type": kind, "format": form, "content": content}
        await ensure_async(self._contents.save(model, path))


def _renamed(usual: str, path: str) -> str:
    """Return what to say when the usual name was taken."""
    name = PurePosixPath(path).name
    if name == usual:
        return ""
    return f"A file {usual} was there already and was left as it is. Your copy is {name}."


def _facts(part: object) -> Mapping[str, object]:
    """Return our metadata of a notebook or a cell; empty when it has none that can be read."""
    metadata = part.get("metadata") if isinstance(part, Mapping) else None
    facts = metadata.get(KEY) if isinstance(metadata, Mapping) else None
    return facts if isinstance(facts, Mapping) else {}


def _anchor(notebook: Mapping[str, object], exercise: str | None) -> str | None:
    """Return the id of the first cell of an exercise."""
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else []:
        if exercise is not None and _facts(cell).get("exercise") == exercise:
            return str(cell.get("id", "")) or None
    return None
