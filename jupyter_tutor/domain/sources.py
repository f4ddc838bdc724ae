"""Source notebooks, read: what an author wrote, before its expected values are evaluated."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.exercises import CallCase, DataFile, ExerciseContent


class CellRole(StrEnum):
    """What a cell of the learner's copy is.

    `TEXT` belongs to no exercise; `KEPT` is an answer of an exercise that a newer release no longer
    has.
    """

    TEXT = "text"
    PROMPT = "prompt"
    SETUP = "setup"
    ANSWER = "answer"
    TESTS = "tests"
    CARD = "card"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class LearnerCell:
    """A cell as the learner's copy will hold it: nothing secret is in it any more.

    Attributes:
        type: `code`, `markdown` or `raw`, as nbformat names them.
        source: Its text.
        role: What it is; never `CARD` or `KEPT`, which are made later.
        exercise: Slug of its exercise, or None for text and shared set-up.
        id: Names the cell among those of the same role and exercise, the same in each release.
        language: Of a prompt, else None.
        tags: The author's cell tags.
        attachments: Images of a Markdown cell: name to MIME bundle (base64 text).
    """

    type: str
    source: str
    role: CellRole
    exercise: str | None
    id: str
    language: str | None = None
    tags: tuple[str, ...] = ()
    attachments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExerciseSource:
    """An exercise as it stands in a source notebook.

    Attributes:
        content: All of it; the call cases named in `expected` still have no expected value.
        expected: Python expression of the expected value, by the name of its test.
        cell: 1-based number of the notebook cell it begins with.
        whole: Whether all of it could be read. If not, it can't be published, and that its tests
            let something pass would say nothing: some of them may be missing.
    """

    content: ExerciseContent
    expected: Mapping[str, str]
    cell: int
    whole: bool = True

    def evaluated(self, values: Mapping[str, Mapping[str, object]]) -> ExerciseContent:
        """Return the content with the expected values filled in.

        Args:
            values: Per test name the value in the encoding of `domain.values`; a value for each
                name of `expected`.

        Raises:
            KeyError: A value is missing.
        """
        return replace(
            self.content,
            tests=tuple(
                replace(test, spec=replace(test.spec, expected=values[test.name]))
                if isinstance(test.spec, CallCase) and test.name in self.expected
                else test
                for test in self.content.tests
            ),
        )


@dataclass(frozen=True, slots=True)
class LessonSource:
    """A source notebook, read.

    Attributes:
        file: Name of the notebook as messages should show it.
        slug: Name of the lesson, unique in its course.
        title: Per language code.
        exercises: In notebook order.
        cells: The learner's copy in notebook order, without the cards.
        kernel: The notebook's kernelspec, such as `{"name": "python3", ...}`.
        files: Data files that go with it.
    """

    file: str
    slug: str
    title: Mapping[str, str]
    exercises: tuple[ExerciseSource, ...]
    cells: tuple[LearnerCell, ...]
    kernel: Mapping[str, str]
    files: tuple[DataFile, ...] = ()

    def only(self, slugs: Collection[str]) -> "LessonSource":
        """Return the lesson with some of its exercises, and what belongs to none."""
        return replace(
            self,
            exercises=tuple(one for one in self.exercises if one.content.slug in slugs),
            cells=tuple(
                cell for cell in self.cells if cell.exercise is None or cell.exercise in slugs
            ),
        )


@dataclass(frozen=True, slots=True)
class LessonSurvey:
    """What can be said of a source notebook, also of one that breaks the format.

    Attributes:
        lesson: The lesson as far as it could be read; None when it is no notebook at all.
        problems: Each way in which it breaks the format, with cell and key; empty when it is right.
    """

    lesson: LessonSource | None
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LessonFile:
    """Where a lesson's source notebook lies: `name` as course.toml writes it, and the path."""

    slug: str
    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class CourseSource:
    """A course folder, read as far as course.toml.

    Attributes:
        course: The course; its `lessons` are all of them, in order.
        folder: Where course.toml lies.
        lessons: The lessons that were asked for: all, or the one notebook that was named.
    """

    course: Course
    folder: Path
    lessons: tuple[LessonFile, ...]


@dataclass(frozen=True, slots=True)
class MergeReport:
    """What became of a learner's cells when a newer release was merged into their copy.

    Attributes:
        kept: (exercise, answer id) of each answer the learner had written and still finds there.
        renewed: Likewise, of each untouched answer that has the new starter.
        vanished: Likewise, of each answer whose exercise is gone; it stands at the end.
        added: How many cells of the learner's own were kept.
        edited: How many changed cells of the lesson were kept, in place or beside the new text.
    """

    kept: tuple[tuple[str, str], ...] = ()
    renewed: tuple[tuple[str, str], ...] = ()
    vanished: tuple[tuple[str, str], ...] = ()
    added: int = 0
    edited: int = 0
