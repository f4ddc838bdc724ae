"""Lesson files: the learner's copies in their own file browser, never overwriting their work."""

import base64
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Protocol

from jupyter_core.utils import ensure_async
from tornado import web

from jupyter_tutor.domain.errors import Conflict
from jupyter_tutor.server.schemas import OpenLessonBody, OpenLessonReply
from jupyter_tutor.services.lessons import LessonService
from jupyter_tutor.services.read_models import Lesson


class Contents(Protocol):
    """What is used here of jupyter_server's contents managers; each may answer now or later."""

    def dir_exists(self, path: str) -> Any: ...  # noqa: ANN401, D102

    def file_exists(self, path: str) -> Any: ...  # noqa: ANN401, D102

    def get(self, path: str, content: bool) -> Any: ...  # noqa: ANN401, D102

    def save(self, model: dict[str, Any], path: str) -> Any: ...  # noqa: ANN401, D102

    def increment_filename(self, filename: str, path: str, insert: str) -> Any: ...  # noqa: ANN401, D102


class LessonFiles:
    """Finds, writes and updates a lesson's notebook through the server's contents manager."""

    def __init__(self, contents: Contents, lessons: LessonService) -> None:
        self._contents = contents
        self._lessons = lessons

    async def open(self, course: str, lesson: Lesson, body: OpenLessonBody) -> OpenLessonReply:
        """Put the lesson into the folder named like its course, or find it there.

        A copy that the learner renamed inside that folder is found by its metadata. A file of
        another origin with the lesson's name is left alone; the copy gets a free name.

        Raises:
            Conflict: The folder cannot be written.
        """
        try:
            path, existing = await self._find(course, lesson.slug)
            opening = self._lessons.opening(lesson, existing, merge=body.update == "merge")
            if opening.notebook is not None:
                await self._directory(course)
                path = path or await self._free(course, f"{lesson.slug}.ipynb")
                await self._save(path, "notebook", "json", dict(opening.notebook))
            await self._add_files(course, lesson)
        except (OSError, web.HTTPError) as error:
            raise Conflict(
                f"The lesson could not be written into the folder {course!r}: "
                f"{getattr(error, 'log_message', None) or error}. Check that the folder is "
                "writable and the disk has room."
            ) from error
        shown = opening.notebook or existing or lesson.notebook
        return OpenLessonReply(
            path=path or "",
            state=opening.state,
            anchor=_anchor(shown, body.exercise),
            message=opening.message,
        )

    async def _find(
        self, course: str, lesson: str
    ) -> tuple[str | None, Mapping[str, object] | None]:
        if not await ensure_async(self._contents.dir_exists(course)):
            return None, None
        folder = await ensure_async(self._contents.get(course, content=True))
        notebooks = [item["path"] for item in folder["content"] if item["type"] == "notebook"]
        usual = f"{course}/{lesson}.ipynb"
        for path in sorted(notebooks, key=lambda path: (path != usual, path)):
            model = await ensure_async(self._contents.get(path, content=True))
            facts = model["content"].get("metadata", {}).get("jupyter_tutor", {})
            if facts.get("course") == course and facts.get("lesson") == lesson:
                return path, model["content"]
        return None, None

    async def _directory(self, path: str) -> None:
        if path in ("", ".") or await ensure_async(self._contents.dir_exists(path)):
            return
        await self._directory(str(PurePosixPath(path).parent))
        await ensure_async(self._contents.save({"type": "directory"}, path))

    async def _free(self, folder: str, name: str) -> str:
        free = await ensure_async(self._contents.increment_filename(name, folder, insert="-"))
        return f"{folder}/{free}"

    async def _add_files(self, course: str, lesson: Lesson) -> None:
        for file in lesson.files:
            path = f"{course}/{file.path}"
            if not await ensure_async(self._contents.file_exists(path)):
                await self._directory(str(PurePosixPath(path).parent))
                content = base64.b64encode(file.content).decode("ascii")
                await self._save(path, "file", "base64", content)

    async def _save(self, path: str, kind: str, form: str, content: object) -> None:
        model = {"type": kind, "format": form, "content": content}
        await ensure_async(self._contents.save(model, path))


def _anchor(notebook: Mapping[str, object], exercise: str | None) -> str | None:
    """Return the id of the first cell of an exercise."""
    cells = notebook.get("cells")
    for cell in cells if isinstance(cells, list) else []:
        facts = cell.get("metadata", {}).get("jupyter_tutor", {})
        if exercise is not None and facts.get("exercise") == exercise:
            return str(cell.get("id", "")) or None
    return None
