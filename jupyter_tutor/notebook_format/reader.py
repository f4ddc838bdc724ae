"""Reads a source notebook: its exercises, and the cells its learner's copy is made of."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.errors import InvalidNotebook
from jupyter_tutor.domain.exercises import (
    AnswerCell,
    AssertCell,
    HintLevel,
    TestCase,
    Visibility,
    WrongAnswer,
)
from jupyter_tutor.domain.sources import CellRole, LearnerCell, LessonSource, LessonSurvey
from jupyter_tutor.notebook_format.directives import (
    DirectiveError,
    has_directive,
    is_directive_line,
    split_answer,
    split_tests,
)
from jupyter_tutor.notebook_format.documents import Document, load_notebook
from jupyter_tutor.notebook_format.draft import Draft
from jupyter_tutor.notebook_format.files import read_files
from jupyter_tutor.notebook_format.problems import Problems, suggestion
from jupyter_tutor.notebook_format.schema import findings, roles
from jupyter_tutor.notebook_format.source_cells import KEY, SourceCell, source_cells
from jupyter_tutor.notebook_format.tables import (
    in_order,
    language_problems,
    parse_toml,
    read_cases,
    read_questions,
)


def read_lesson(path: Path, course: Course, name: str | None = None) -> LessonSource:
    """Read a source notebook.

    Args:
        path: The notebook.
        course: Its course: topics, languages and default limits.
        name: What messages call the notebook; its file name when not given.

    Raises:
        InvalidNotebook: It breaks the format; names every problem with cell, key and what would be
            right.
    """
    shown = name or path.name
    reading = _Reading(load_notebook(path, shown), course, shown, path.parent)
    lesson = reading.lesson()
    reading.problems.refuse()
    return lesson


def survey_lesson(path: Path, course: Course, name: str | None = None) -> LessonSurvey:
    """Read a source notebook as far as it can be read; arguments as for `read_lesson`."""
    shown = name or path.name
    try:
        reading = _Reading(load_notebook(path, shown), course, shown, path.parent)
    except InvalidNotebook as error:
        lines = error.details.get("problems")
        known = tuple(map(str, lines)) if isinstance(lines, list) else (error.message,)
        return LessonSurvey(None, known)
    lesson = reading.lesson()
    return LessonSurvey(lesson, reading.problems.lines)


class _Reading:
    def __init__(self, document: Document, course: Course, name: str, folder: Path) -> None:
        self._document = document
        self._course = course
        self._folder = folder
        self.problems = Problems(name)
        self._drafts: dict[str, Draft] = {}
        self._current: Draft | None = None
        self._shared_setup: list[str] = []
        self._copy: list[LearnerCell] = []
        self._ids: set[tuple[CellRole, str | None, str]] = set()
        self._digests: dict[str, str] = {}

    def lesson(self) -> LessonSource:
        """Return the lesson as far as it can be read; what is wrong goes to `problems`."""
        meta = self._notebook_meta()
        files = read_files(self._folder, tuple(meta.get("files", ())), self.problems)
        self._digests = {file.path: hashlib.sha256(file.content).hexdigest() for file in files}
        for cell in source_cells(self._document, self.problems):
            self._take(cell)
        exercises = [draft.finish() for draft in self._drafts.values()]
        if not exercises and not self.problems:
            self.problems.add("has no exercise; begin one with a cell of role prompt")
        read = tuple(one for one in exercises if one is not None)
        return LessonSource(
            file=self.problems.file,
            slug=meta.get("lesson", ""),
            title=in_order(meta.get("title", {}), self._course.languages),
            exercises=read,
            cells=tuple(self._copy),
            kernel=self._kernel(),
            files=files,
        ).only({one.content.slug for one in read})

    def _notebook_meta(self) -> dict[str, Any]:
        meta = self._document.notebook["metadata"].get(KEY)
        if meta is None:
            self.problems.add(
                "the notebook's metadata has no 'jupyter_tutor'; add "
                '{"jupyter_tutor": {"lesson": "a-slug", "title": {"en": "A title"}}}'
            )
            return {}
        wrong = findings(meta, "notebook")
        for finding in wrong:
            self.problems.add(finding.text, key=finding.key)
        if wrong:
            return {}
        for text in language_problems(meta["title"], self._course.languages):
            self.problems.add(text, key="title")
        return dict(meta)

    def _kernel(self) -> dict[str, str]:
        spec = self._document.notebook["metadata"].get("kernelspec", {})
        known = {key: str(spec[key]) for key in ("name", "display_name", "language") if key in spec}
        return known or {"name": "python3", "display_name": "Python 3", "language": "python"}

    def _take(self, cell: SourceCell) -> None:
        if cell.broken:
            self._take_broken(cell)
            return
        if cell.role is None:
            self._take_text(cell)
            return
        if cell.role in ("prompt", "setup", "question", "hint"):
            self._refuse_directives(cell)
        if cell.role == "note":
            return
        if cell.role == "setup" and self._current is None and "exercise" not in cell.meta:
            self._shared_setup.append(cell.source)
            self._keep(cell, CellRole.SETUP, None, None)
            return
        begins = "kind" in cell.meta
        draft = self._open(cell, cell.meta["exercise"]) if begins else self._owner(cell)
        if draft is not None:
            takers: dict[str, Callable[[SourceCell, Draft], None]] = {
                "prompt": self._take_prompt,
                "setup": self._take_setup,
                "answer": self._take_answer,
                "cases": self._take_cases,
                "tests": self._take_tests,
                "question": self._take_questions,
                "hint": self._take_hint,
                "wrong": self._take_wrong,
            }
            before = len(self.problems)
            takers[cell.role](cell, draft)
            if len(self.problems) > before:
                draft.lacks.add(cell.role)

    def _take_broken(self, cell: SourceCell) -> None:
        """Note which exercise lacks a cell, so that nothing is said that follows from that."""
        slug = cell.meta.get("exercise")
        begins = "kind" in cell.meta or (cell.meta.get("role") == "prompt" and slug is not None)
        named = slug if isinstance(slug, str) else f"cell-{cell.number}"
        if begins and named not in self._drafts:
            self._open(cell, named).broken = True
            return
        draft = self._drafts.get(named, self._current)
        if draft is not None:
            role = cell.meta.get("role")
            draft.lacks.add(role if role in roles() else "")

    def _take_text(self, cell: SourceCell) -> None:
        self._refuse_directives(cell)
        if cell.type == "raw" and any(
            mark in cell.source for mark in ("[[case]]", "[[question]]", "[responses]")
        ):
            self.problems.add(
                "looks like cases, questions or a wrong answer but has no role, and would be "
                'copied to learners; give it {"jupyter_tutor": {"role": "cases"}} or another role',
                cell=cell.number,
            )
        self._keep(cell, CellRole.TEXT, None, None)

    def _refuse_directives(self, cell: SourceCell) -> None:
        """A directive in a cell that is copied whole would hand a solution to learners."""
        found = (
            has_directive(cell.source)
            if cell.type == "code"
            else any(is_directive_line(line) for line in cell.source.split("\n"))
        )
        if found:
            self.problems.add(
                "has a solution or hidden-test directive, but only cells with the role 'answer' or "
                "'tests' may; give the cell that role",
                cell=cell.number,
            )

    def _open(self, cell: SourceCell, slug: str) -> Draft:
        draft = Draft(
            slug=slug,
            cell=cell.number,
            facts=cell.meta,
            course=self._course,
            problems=self.problems,
            setup=list(self._shared_setup),
            files=self._digests,
        )
        twin = self._drafts.get(slug)
        if twin is not None:
            self.problems.add(
                f"exercise '{slug}' begins in cell {twin.cell} already; give this one another "
                "slug, or leave only role and language to continue it",
                cell=cell.number,
                key="exercise",
            )
        self._drafts.setdefault(slug, draft)
        self._current = draft
        return draft

    def _owner(self, cell: SourceCell) -> Draft | None:
        slug = cell.meta.get("exercise")
        if slug is None and self._current is None:
            self.problems.add(
                f"a cell of role '{cell.role}' stands before the first exercise; an exercise "
                "begins with a prompt cell that has exercise, kind, topic and difficulty",
                cell=cell.number,
            )
        if slug is None:
            return self._current
        if slug not in self._drafts:
            begin = " or add kind, topic and difficulty to begin it here"
            self.problems.add(
                f"no exercise '{slug}' begins before this cell; "
                f"{suggestion(slug, list(self._drafts))}{begin if cell.role == 'prompt' else ''}",
                cell=cell.number,
                key="exercise",
            )
        return self._drafts.get(slug)

    def _language(self, cell: SourceCell) -> str:
        language = str(cell.meta.get("language", self._course.languages[0]))
        if language not in self._course.languages:
            self.problems.add(
                f"'{language}' is no language of the course; "
                f"{suggestion(language, self._course.languages)}",
                cell=cell.number,
                key="language",
            )
        return language

    def _take_prompt(self, cell: SourceCell, draft: Draft) -> None:
        language = self._language(cell)
        draft.prompts.setdefault(language, []).append(cell.source)
        number = len(draft.prompts[language])
        self._keep(cell, CellRole.PROMPT, draft.slug, f"{language}-{number}", language)

    def _take_setup(self, cell: SourceCell, draft: Draft) -> None:
        draft.setup.append(cell.source)
        self._keep(cell, CellRole.SETUP, draft.slug, None)

    def _take_answer(self, cell: SourceCell, draft: Draft) -> None:
        name = str(cell.meta.get("id", "answer"))
        if any(one.id == name for one in draft.answers):
            self.problems.add(
                f"exercise '{draft.slug}' has two answer cells with the id '{name}'; "
                "give each its own id",
                cell=cell.number,
                key="id",
            )
            return
        try:
            reference, starter = split_answer(cell.source)
        except DirectiveError as error:
            self.problems.add(str(error), cell=cell.number)
            return
        draft.answers.append(AnswerCell(name, starter, reference))
        self._keep(cell, CellRole.ANSWER, draft.slug, name, source=starter)

    def _take_cases(self, cell: SourceCell, draft: Draft) -> None:
        default = Visibility(cell.meta.get("visibility", "public"))
        for test, expression in read_cases(cell.source, default, cell.number, self.problems):
            draft.add_test(test, expression, cell.number)

    def _take_questions(self, cell: SourceCell, draft: Draft) -> None:
        languages = self._course.languages
        for test in read_questions(cell.source, languages, cell.number, self.problems):
            draft.add_test(test, None, cell.number)

    def _take_tests(self, cell: SourceCell, draft: Draft) -> None:
        meta = cell.meta
        name, points = meta["name"].strip(), float(meta.get("points", 1))
        visibility = Visibility(meta.get("visibility", "public"))
        try:
            split = split_tests(cell.source)
        except DirectiveError as error:
            self.problems.add(str(error), cell=cell.number)
            return
        if not cell.source.strip():
            self.problems.add("the tests cell is empty; write assert statements", cell=cell.number)
            return
        shared = bool(meta.get("shared_process", False))
        if split.hidden is None:
            draft.add_test(
                TestCase(name, AssertCell(split.public, shared), points, visibility),
                None,
                cell.number,
            )
        else:
            secret = Visibility.SECRET if visibility is Visibility.PUBLIC else visibility
            total = split.public_asserts + split.hidden_asserts
            if split.public_asserts:
                share = points * split.public_asserts / total
                shown = TestCase(name, AssertCell(split.public, shared), share, visibility)
                draft.add_test(shown, None, cell.number)
                points -= share
            hidden = TestCase(f"{name} (hidden)", AssertCell(split.hidden, shared), points, secret)
            draft.add_test(hidden, None, cell.number)
        if visibility is Visibility.PUBLIC and split.public.strip():
            self._keep(cell, CellRole.TESTS, draft.slug, name, source=split.public)

    def _take_hint(self, cell: SourceCell, draft: Draft) -> None:
        language = self._language(cell)
        level = HintLevel[cell.meta["level"].upper()]
        hints = draft.hints.setdefault(language, {})
        if level in hints:
            self.problems.add(
                f"exercise '{draft.slug}' has two hints '{level.name.lower()}' in '{language}'",
                cell=cell.number,
                key="level",
            )
        if not cell.source.strip():
            self.problems.add("the hint is empty; write it or remove the cell", cell=cell.number)
        hints[level] = cell.source.strip()

    def _take_wrong(self, cell: SourceCell, draft: Draft) -> None:
        meta = cell.meta
        note = meta["note"].strip()
        if draft.facts.get("kind") != "quiz":
            wrong = WrongAnswer(note, sources={"": cell.source.rstrip()})
            draft.wrong.append((cell.number, meta.get("answer"), wrong))
            return
        table = parse_toml(cell.source, cell.number, self.problems)
        responses = table.get("responses")
        if not isinstance(responses, dict) or set(table) != {"responses"} or not responses:
            self.problems.add(
                "a known wrong answer of a quiz is TOML: [responses], then a line for each "
                'question it answers wrongly, such as slices = ["a"]',
                cell=cell.number,
            )
            return
        draft.wrong.append((cell.number, None, WrongAnswer(note, responses=responses)))

    def _keep(
        self,
        cell: SourceCell,
        role: CellRole,
        exercise: str | None,
        name: str | None,
        language: str | None = None,
        source: str | None = None,
    ) -> None:
        """Put a cell into the learner's copy under an id that the next release will find again."""
        base = name or cell.given_id or f"after-{self._current.slug if self._current else 'start'}"
        unique, number = base, 1
        while (role, exercise, unique) in self._ids:
            number += 1
            unique = f"{base}-{number}"
        self._ids.add((role, exercise, unique))
        self._copy.append(
            LearnerCell(
                type=cell.type,
                source=cell.source if source is None else source,
                role=role,
                exercise=exercise,
                id=unique,
                language=language,
                tags=cell.tags if role in (CellRole.TEXT, CellRole.SETUP) else (),
                attachments=cell.attachments,
            )
        )
