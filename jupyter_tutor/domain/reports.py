"""Reports to course authors on checking, publishing and releasing, as values and as text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jupyter_tutor.domain.proofs import CourseProof, Proof, ProofKind, Standing

_COLOURS = {"ok": "32", "warning": "33", "BROKEN": "31"}
_WIDTH = max(map(len, _COLOURS))
_MARKS = {Standing.BROKEN: "error", Standing.WARNING: "warning"}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What checking showed: a proof per course."""

    courses: tuple[CourseProof, ...]

    @property
    def proven(self) -> bool:
        """Whether every course is proven; the exit status is 0 then, else 1."""
        return all(course.proven for course in self.courses)

    def text(self, *, colour: bool = False) -> str:
        """Return the report as lines for a terminal, the summary last."""
        return "\n".join(
            line for course in self.courses for line in _course_lines(course, colour=colour)
        )


@dataclass(frozen=True, slots=True)
class LessonPublication:
    """What publishing one lesson changed.

    Attributes:
        lesson: Slug of the lesson.
        revisions: (exercise slug, revision number) of each new revision.
        exercises: How many exercises the lesson has.
    """

    lesson: str
    revisions: tuple[tuple[str, int], ...]
    exercises: int


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing a course did.

    Attributes:
        proof: What was checked before; when it is not proven, nothing was stored.
        course_changed: Whether the course's own facts or topics changed.
        lessons: Per published lesson what changed.
    """

    proof: CourseProof
    course_changed: bool = False
    lessons: tuple[LessonPublication, ...] = ()

    @property
    def revisions(self) -> int:
        """How many revisions are new."""
        return sum(len(lesson.revisions) for lesson in self.lessons)

    def text(self, *, colour: bool = False) -> str:
        """Return the report as lines for a terminal."""
        lines = _course_lines(self.proof, colour=colour)
        if not self.proof.proven:
            return "\n".join([*lines, "Nothing was published."])
        for lesson in self.lessons:
            for slug, number in lesson.revisions:
                lines.append(f"  {lesson.lesson}: {slug}, revision {number}")
        total = sum(lesson.exercises for lesson in self.lessons)
        if self.revisions:
            lines.append(
                f"Published: {_count(self.revisions, 'new revision')}, "
                f"{total - self.revisions} unchanged."
            )
        elif self.course_changed:
            lines.append(f"Published: the course's facts; {_count(total, 'exercise')} unchanged.")
        else:
            lines.append(f"Nothing to publish: {_count(total, 'exercise')} unchanged.")
        return "\n".join(lines)


class FileState(StrEnum):
    """What became of a file of a release."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What writing learners' copies did.

    Attributes:
        check: The proofs a release needs: format, expected values, no secret in a copy. Of a course
            that is not proven nothing was written.
        files: Each file and what became of it; one that differs was left alone.
    """

    check: CheckReport
    files: tuple[tuple[Path, FileState], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every file is there as released; the exit status is 0 then, else 1."""
        return self.check.proven and all(state is not FileState.DIFFERS for _, state in self.files)

    def text(self, *, colour: bool = False) -> str:
        """Return the report as lines for a terminal."""
        lines: list[str] = []
        for course in self.check.courses:
            if not course.proven:
                lines += [*_course_lines(course, colour=colour), "Nothing was released of it."]
        lines += [f"{state.value:<{_WIDTH + 2}}  {path}" for path, state in self.files]
        if any(state is FileState.DIFFERS for _, state in self.files):
            lines.append(
                "Files that differ were left alone: somebody may have worked in them. Release into "
                "another folder, or with --force to replace them."
            )
        return "\n".join(lines)


def _course_lines(course: CourseProof, *, colour: bool) -> list[str]:
    facts = [
        _count(len(course.lessons), "lesson"),
        _count(_exercises(course), "exercise"),
        _count(course.tests, "test"),
        _count(course.wrong_answers, "known wrong answer"),
    ]
    lines = [f"{course.course}: {', '.join(facts)}"]
    extra = {proof.lesson: None for proof in course.proofs if proof.lesson not in course.lessons}
    for lesson in (*extra, *course.lessons):
        lines += ["", lesson, *_lesson_lines(course, lesson, colour=colour)]
    advice = {proof.remedy: None for proof in course.proofs if _is_of_the_format(proof)}
    closing = [f"-> {remedy}" for remedy in advice if remedy]
    return [*lines, "", *closing, _summary(course)]


def _lesson_lines(course: CourseProof, lesson: str, *, colour: bool) -> Iterator[str]:
    proofs = [proof for proof in course.proofs if proof.lesson == lesson]
    whole = [proof for proof in proofs if not proof.exercise]
    if any(proof.standing is not Standing.HOLDS for proof in whole):
        what = "the course file" if lesson.endswith(".toml") else "the notebook"
        yield _marked(_word(whole), what, colour=colour)
        yield from _detail_lines(whole)
    for slug in course.exercises.get(lesson, ()):
        mine = [proof for proof in proofs if proof.exercise == slug]
        yield _marked(_word(mine), slug, colour=colour)
        yield from _detail_lines(mine)


def _detail_lines(proofs: Iterable[Proof]) -> Iterator[str]:
    indent = " " * (_WIDTH + 4)
    told = [proof for proof in proofs if proof.standing is not Standing.HOLDS]
    for proof in sorted(told, key=lambda one: one.standing is not Standing.BROKEN):
        first, *further = proof.detail.split("\n")
        yield f"{indent}{_MARKS[proof.standing]}: {first}"
        yield from (f"{indent}  {line}" for line in further)
        if proof.remedy and not _is_of_the_format(proof):
            yield f"{indent}-> {proof.remedy}"


def _is_of_the_format(proof: Proof) -> bool:
    """Whether the advice is the same for all of its kind, and told once at the end."""
    return proof.kind is ProofKind.FORMAT and not proof.exercise


def _word(proofs: Iterable[Proof]) -> str:
    standings = {proof.standing for proof in proofs}
    if Standing.BROKEN in standings:
        return "BROKEN"
    return "warning" if Standing.WARNING in standings else "ok"


def _marked(word: str, text: str, *, colour: bool) -> str:
    padded = f"{word:<{_WIDTH}}"
    if colour:
        padded = f"\033[{_COLOURS[word]}m{padded}\033[0m"
    return f"  {padded}  {text}"


def _summary(course: CourseProof) -> str:
    total = _exercises(course)
    failed = {(proof.lesson, proof.exercise) for proof in course.broken if proof.exercise}
    unread = {proof.lesson for proof in course.broken if not proof.exercise}
    warnings = _count(len(course.warnings), "warning")
    if course.proven:
        before = len({(proof.lesson, proof.exercise) for proof in course.proofs if proof.before})
        known = f" ({before} proven before; --again proves them again)" if before else ""
        return f"All proven: {_count(total, 'exercise')}{known}, {warnings}."
    parts = [f"{_count(len(failed), 'exercise')} of {total} not proven"] if failed else []
    if unread:
        parts.append(f"{_count(len(unread), 'file')} with problems")
    broken = _count(len(course.broken), "broken proof")
    return f"Not proven: {', '.join(parts)}, {broken}, {warnings}."


def _exercises(course: CourseProof) -> int:
    return sum(len(slugs) for slugs in course.exercises.values())


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
