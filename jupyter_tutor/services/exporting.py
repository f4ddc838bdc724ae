"""Exporting: all that is stored of one person as an archive they can take along.

The archive is written as it is read, in parts: each part is a short transaction, and no more than
one of them is in memory. What is in it is told in `README.txt`, and for programs in
`manifest.json`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO, Final, Protocol
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from jupyter_tutor.domain import personal_documents as documents
from jupyter_tutor.domain.exercises import Revision
from jupyter_tutor.domain.personal_data import PersonalRecords
from jupyter_tutor.domain.submissions import Attempt, Submission
from jupyter_tutor.services.ports import UnitOfWork, UnitOfWorkFactory

FORMAT: Final = "jupyter-tutor-export"
VERSION: Final = 1
"""Of what is in the archive: raised when a reader of the last one would not understand it."""

_AT_ONCE: Final = 50
"""Rows with answers that are read in one transaction."""
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]+")

ABOUT: Final[Mapping[str, str]] = {
    "person.json": "who you are here: your name, the accounts you sign in with, your profile",
    "courses.json": "your courses, what you are in them, and since when",
    "checks.json": "your runs of the tests: your answers and the results",
    "submissions.json": "what you handed in: your answers, the grades, what was decided by rubrics",
    "hints.json": "the hints you were given, what you thought of them, your explanations",
    "conversations.json": "what you and the tutor said",
    "consents.json": "what you said of language models reading your work",
    "memory.json": "what the tutor has concluded of your knowledge, per course",
    "calls.json": "calls of a language model for you: when, what for, what they used and cost",
    "settings.json": "settings of help that hold for you alone",
    "records.json": (
        "what you did here and what was done with your data, keys of your writes, replies of a "
        "language model that are kept for a while, digests of deleted conversations"
    ),
    "teaching.json": "what you did as an instructor",
}
"""The documents of the archive, in their order, and what they say."""


class AnswerNotebooks(Protocol):
    """Makes notebooks of answers."""

    def notebook(
        self, submission: Submission, revision: Revision, language: str
    ) -> Mapping[str, object]:
        """Return a notebook (nbformat JSON) with the exercise's text and what was handed in."""


class ExportService:
    """Writes archives of personal data."""

    def __init__(
        self, open_uow: UnitOfWorkFactory, notebooks: AnswerNotebooks, *, language: str = "en"
    ) -> None:
        """Create one.

        Args:
            open_uow: Opens transactions.
            notebooks: Makes notebooks.
            language: Of texts, for people who say nothing of theirs.
        """
        self._open = open_uow
        self._notebooks = notebooks
        self._language = language

    def export(
        self, person_id: UUID, file: BinaryIO, *, actor_id: UUID | None, language: str = ""
    ) -> None:
        """Write all that is stored of a person into a file, as a zip archive; it is audited.

        Args:
            person_id: The person.
            file: Where to write.
            actor_id: Who asks; None: whoever runs the database.
            language: Of texts that there are in several; "": what their profile says.

        Raises:
            NotFound: There is no such person, or they were erased meanwhile.
        """
        with self._open() as uow:
            uow.audit.add(actor_id, "person.exported", f"person:{person_id}")
            records = uow.personal_data.records(person_id)
            revisions = uow.courses.revisions({each.hint.revision_id for each in records.hints})
            made_at = uow.now()
        language = language or records.profile.language or self._language
        with ZipFile(file, "w", ZIP_DEFLATED) as zipped:
            archive = _Archive(zipped, made_at)
            archive.text("README.txt", _readme(records, made_at))
            self._documents(archive, records, revisions, language)
            self._write_notebooks(archive, person_id, language)
            with self._open() as uow:
                # Who was erased in the midst of this is not told half of it.
                uow.personal_data.count(person_id)
            archive.text("manifest.json", _json(_manifest(archive, person_id, language)))

    def _documents(
        self,
        archive: "_Archive",
        records: PersonalRecords,
        revisions: Mapping[UUID, Revision],
        language: str,
    ) -> None:
        key = records.person.id
        archive.text("person.json", _json(documents.person(records)))
        archive.list("courses.json", _plain(records.memberships))
        archive.list(
            "checks.json",
            (documents.attempt(*each, language) for each in self._attempts(key)),
        )
        archive.list(
            "submissions.json",
            (documents.submission(*each, language) for each in self._submissions(key)),
        )
        archive.list(
            "hints.json",
            (documents.hint(each, revisions[each.hint.revision_id]) for each in records.hints),
        )
        archive.list("conversations.json", documents.conversations(records))
        archive.list("consents.json", documents.consents(records))
        archive.list("memory.json", self._memories(key, records.remembered))
        archive.list("calls.json", documents.calls(records))
        archive.list("settings.json", _plain(records.settings))
        archive.text("records.json", _json(documents.records(records)))
        archive.text("teaching.json", _json(documents.teaching(records)))

    def _write_notebooks(self, archive: "_Archive", person_id: UUID, language: str) -> None:
        for submission, revision in self._submissions(person_id):
            place = (revision.course_slug, revision.content.slug)
            folder = "/".join(_NOT_IN_NAMES.sub("-", each) for each in place)
            made = self._notebooks.notebook(submission, revision, language)
            name = f"notebooks/{folder}/submission-{submission.number}.ipynb"
            archive.text(name, _json(made))

    def _memories(self, person_id: UUID, courses: Iterable[str]) -> Iterator[documents.Json]:
        for course in courses:
            with self._open() as uow:
                memory = uow.memories.load(person_id, course)
            if memory is not None:
                yield documents.memory(memory, course)

    def _attempts(self, person_id: UUID) -> Iterator[tuple[Attempt, Revision]]:
        last: UUID | None = None
        while True:
            with self._open() as uow:
                found = uow.personal_data.attempts(person_id, last, _AT_ONCE)
                revisions = _revisions(uow, found)
            yield from ((each, revisions[each.revision_id]) for each in found)
            if len(found) < _AT_ONCE:
                return
            last = found[-1].id

    def _submissions(self, person_id: UUID) -> Iterator[tuple[Submission, Revision]]:
        last: UUID | None = None
        while True:
            with self._open() as uow:
                found = uow.personal_data.submissions(person_id, last, _AT_ONCE)
                revisions = _revisions(uow, found)
            yield from ((each, revisions[each.revision_id]) for each in found)
            if len(found) < _AT_ONCE:
                return
            last = found[-1].id


@dataclass(slots=True)
class _Archive:
    """An archive that is being written; `entries` counts what is in its lists."""

    zipped: ZipFile
    made_at: datetime
    entries: dict[str, int | None] = field(default_factory=dict)

    def text(self, name: str, text: str) -> None:
        """Write a file of one text."""
        with self._opened(name) as part:
            part.write(_encoded(text))
        self.entries[name] = None

    def list(self, name: str, values: Iterable[object]) -> None:
        """Write a JSON array, one value after the other."""
        count = 0
        with self._opened(name) as part:
            for value in values:
                part.write(b",\n" if count else b"[\n")
                part.write(_encoded(_json(value).rstrip("\n")))
                count += 1
            part.write(b"\n]\n" if count else b"[]\n")
        self.entries[name] = count

    @contextmanager
    def _opened(self, name: str) -> Iterator[BinaryIO]:
        info = ZipInfo(name, self.made_at.astimezone(UTC).timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.zipped.open(info, "w", force_zip64=True) as part:
            yield part  # type: ignore[misc]  # typeshed knows it as IO[bytes]


def archive_name(now: datetime) -> str:
    """Return what the file of an archive that is made now is called; it names nobody."""
    return f"{FORMAT}-{now.astimezone(UTC):%Y-%m-%d}.zip"


def _revisions(uow: UnitOfWork, rows: Iterable[Attempt | Submission]) -> Mapping[UUID, Revision]:
    return uow.courses.revisions({each.revision_id for each in rows})


def _plain(values: Iterable[object]) -> Iterator[object]:
    return (documents.plain(each) for each in values)


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _encoded(text: str) -> bytes:
    """Return text in UTF-8; half of a surrogate pair, which a program may print, as its escape."""
    return _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode()


def _manifest(archive: _Archive, person_id: UUID, language: str) -> documents.Json:
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": documents.plain(archive.made_at),
        "person": str(person_id),
        "language": language,
        "files": [
            {
                "name": name,
                "about": ABOUT.get(name, "an answer you handed in" if count is None else ""),
                "entries": count,
            }
            for name, count in archive.entries.items()
        ],
    }


def _readme(records: PersonalRecords, made_at: datetime) -> str:
    files = "".join(f"  {name:<20} {about}\n" for name, about in ABOUT.items())
    return (
        f"All that Jupyter Tutor stores of {records.person.display_name}, made at "
        f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC\n"
        f"Version {VERSION} of this format. manifest.json lists every file.\n\n"
        f"{files}"
        "  notebooks/           each answer you handed in, as a notebook\n\n"
        "Times are UTC (ISO 8601). Costs are US dollars. The level of a hint goes from 0 (result) "
        "to 5 (the\nstep's code). Text is UTF-8; half of a surrogate pair is written as \\udXXX.\n"
        "Of secret tests there is what you are told in the course: that they ran and whether they "
        "passed.\nDrafts of grades are not in here before an instructor releases them. Of other "
        "people there is nothing.\n"
    )
