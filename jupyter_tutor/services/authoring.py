"""Authoring: check a course, publish it, write its learners' copies."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jupyter_tutor.domain.courses import Course
from jupyter_tutor.domain.errors import Conflict, InvalidInput, InvalidNotebook
from jupyter_tutor.domain.exercises import ExerciseContent, LessonContent
from jupyter_tutor.domain.leaks import find_leaks
from jupyter_tutor.domain.proofs import CourseProof, Proof, ProofKind, Standing
from jupyter_tutor.domain.reports import (
    CheckReport,
    FileState,
    LessonPublication,
    Publication,
    ReleaseReport,
)
from jupyter_tutor.domain.sources import CourseSource, ExerciseSource, LessonFile, LessonSource
from jupyter_tutor.services.exercise_proofs import ExerciseProver
from jupyter_tutor.services.files import put_file
from jupyter_tutor.services.hint_proofs import hint_warnings
from jupyter_tutor.services.ports import TestRunner, UnitOfWork, UnitOfWorkFactory
from jupyter_tutor.services.proof_memory import RememberingProver
from jupyter_tutor.services.source_ports import CourseReader, ProofMemory
from jupyter_tutor.services.twin_proofs import refuse_unknown_twins, twin_proofs

COURSE_FILE = "course.toml"


class Progress(Protocol):
    """Told of each exercise when its proofs are done; called from several threads."""

    def __call__(self, lesson: str, exercise: str, *, holds: bool) -> None:
        """Take note of one exercise."""
        ...


@dataclass(frozen=True, slots=True)
class _Checked:
    """A course with its proofs, and what of it can be published, with the place in the course."""

    proof: CourseProof
    course: Course | None = None
    lessons: tuple[tuple[int, LessonFile, LessonContent], ...] = ()
    whole: bool = True


@dataclass(slots=True)
class _Reading:
    """The lessons of a course as far as they could be read.

    Attributes:
        source: The course, and the files asked for.
        lessons: Each file that is a notebook, and the lesson in it.
        proofs: By file, what is wrong with it.
        damaged: The files that break the format.
    """

    source: CourseSource
    lessons: list[tuple[LessonFile, LessonSource]] = field(default_factory=list)
    proofs: dict[str, list[Proof]] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)


class AuthoringService:
    """The use cases of course authors.

    Args:
        reader: Reads source notebooks and makes learners' copies.
        runner: Runs answers and tests; its methods are called from `workers` threads.
        open_uow: Opens the transaction of `publish`; checking and releasing need none.
        workers: Exercises proven at the same time.
        memory: Remembers what was proven; without it everything is proven each time.
        manual: What describes the format, as authors are told of it.
    """

    def __init__(
        self,
        reader: CourseReader,
        runner: TestRunner,
        open_uow: UnitOfWorkFactory | None = None,
        *,
        workers: int = 2,
        memory: ProofMemory | None = None,
        manual: str = "AUTHORING.md, beside the sample course,",
    ) -> None:
        self._reader = reader
        self._runner = runner
        self._open = open_uow
        self._workers = workers
        self._memory = memory
        self._format_remedy = f"Correct the format as {manual} describes."

    def check(self, paths: Sequence[Path], progress: Progress | None = None) -> CheckReport:
        """Prove courses, or single notebooks of them.

        Args:
            paths: Course folders, course.toml files or notebooks.
            progress: Told of each exercise.

        Raises:
            KernelUnavailable: No kernel could be started; that proves nothing.
        """
        groups = _groups(paths)
        checked = [self._check(group, run=True, progress=progress) for group in groups]
        return CheckReport(tuple(one.proof for one in checked))

    def publish(
        self,
        course_slug: str | None,
        paths: Sequence[Path],
        progress: Progress | None = None,
        *,
        proven_before: bool = False,
        then: Callable[[UnitOfWork], None] | None = None,
    ) -> Publication:
        """Check a course or some notebooks of it, and store them when every proof holds.

        All of it is stored in one transaction. Content that is stored already changes nothing.

        Args:
            course_slug: The course that is meant; course.toml has to say the same. None takes what
                it says.
            paths: The course's folder, its course.toml, or notebooks of it.
            progress: Told of each exercise.
            proven_before: Whether the caller vouches that the proofs that run code were run on
                this very content; the format and the copies are checked all the same.
            then: Called at the end of the transaction that stores the course.

        Raises:
            InvalidInput: The paths are of another course, or of several.
            Conflict: An exercise stands in another lesson already.
            KernelUnavailable: No kernel could be started.
            StorageUnavailable: The database does not answer.
        """
        if self._open is None:
            raise ValueError("publishing needs a database")
        groups = _groups(paths)
        if len(groups) != 1:
            raise InvalidInput("Publish one course at a time: its folder, or notebooks of it.")
        if course_slug is not None:
            self._refuse_other_course(course_slug, groups[0][0])
        checked = self._check(groups[0], run=not proven_before, progress=progress)
        course = checked.course
        if course is None or not checked.proof.proven:
            return Publication(checked.proof)
        with self._open() as uow:
            changed = uow.courses.save(course)
            if not checked.whole:
                part = [content for _, _, content in checked.lessons]
                homes = _refuse_moved(uow, course.slug, part)
                contents = [each for lesson in part for each in lesson.exercises]
                refuse_unknown_twins(contents, {*homes, *(each.slug for each in contents)})
            stored = tuple(
                LessonPublication(
                    content.slug,
                    tuple(
                        (revision.content.slug, revision.number)
                        for revision in uow.courses.publish_lesson(course.slug, content, position)
                    ),
                    len(content.exercises),
                )
                for position, _, content in checked.lessons
            )
            if then is not None:
                then(uow)
        return Publication(checked.proof, course_changed=changed, lessons=stored)

    def release(self, paths: Sequence[Path], folder: Path, *, force: bool = False) -> ReleaseReport:
        """Write the learners' copies and their data files.

        Tests are not run for this, but no secret may be in a copy. A file that is there already and
        differs is left alone unless forced.

        Args:
            paths: Course folders, course.toml files or notebooks.
            folder: Where to write; made when it is not there.
            force: Whether to overwrite files that differ.

        Raises:
            InvalidInput: The folder is where the sources lie.
            KernelUnavailable: An expected value needs a kernel, and none could be started.
        """
        proofs: list[CourseProof] = []
        files: list[tuple[Path, FileState]] = []
        for group in _groups(paths):
            checked = self._check(group, run=False, progress=None)
            proofs.append(checked.proof)
            if checked.proof.proven:
                for _, file, content in checked.lessons:
                    files += self._write(file, content, folder, force=force)
        return ReleaseReport(CheckReport(tuple(proofs)), tuple(files))

    def _refuse_other_course(self, course_slug: str, path: Path) -> None:
        with suppress(InvalidNotebook):  # the check reports it
            found = self._reader.read_course(path).course.slug
            if found != course_slug:
                raise InvalidInput(
                    f"{COURSE_FILE} is of the course '{found}', not '{course_slug}'; "
                    f"name the right folder, or publish with --course {found}."
                )

    def _write(
        self, file: LessonFile, content: LessonContent, folder: Path, *, force: bool
    ) -> list[tuple[Path, FileState]]:
        if (folder / file.name).resolve() == file.path.resolve():
            raise InvalidInput(
                f"{folder} holds the source notebook {file.name}; release into another folder."
            )
        beside = Path(file.name).parent
        texts = {file.name: self._reader.notebook_text(content.learner_notebook).encode()}
        texts |= {(beside / data.path).as_posix(): data.content for data in content.files}
        return [
            (folder / name, put_file(folder / name, text, force=force))
            for name, text in texts.items()
        ]

    def _check(self, paths: Sequence[Path], *, run: bool, progress: Progress | None) -> _Checked:
        try:
            sources = [self._reader.read_course(path) for path in paths]
        except InvalidNotebook as error:
            name = paths[0].name if paths[0].is_dir() else paths[0].parent.name
            lines = error.details.get("problems")
            listed = lines if isinstance(lines, list | tuple) else [error.message]
            proofs = self._format_proofs(str(error.details.get("file", COURSE_FILE)), listed)
            return _Checked(CourseProof(name or str(paths[0]), tuple(proofs)))
        reading = self._read(sources)
        self._refuse_twins(reading)
        if len(reading.lessons) == len(reading.source.course.lessons) and not reading.damaged:
            for proof in twin_proofs(reading.lessons):
                reading.proofs[proof.lesson].append(proof)
        for proof in hint_warnings(reading.lessons):
            reading.proofs[proof.lesson].append(proof)
        contents, proven = self._prove(reading, run=run, progress=progress)
        released: list[tuple[int, LessonFile, LessonContent]] = []
        course = reading.source.course
        ordered: list[Proof] = []
        for file in reading.source.lessons:
            ordered += reading.proofs.get(file.name, [])
            ordered += proven.get(file.name, [])
        for file, lesson in reading.lessons:
            known = contents[file.name]
            content = self._reader.release(lesson.only(known), course.slug, known)
            copy = _copy_proofs(file.name, lesson, content)
            if len(known) == len(lesson.exercises) and file.name not in reading.damaged:
                ordered += copy
                released.append((course.lessons.index(file.slug) + 1, file, content))
            else:  # of a part only what is wrong counts
                ordered += [proof for proof in copy if proof.standing is Standing.BROKEN]
        return _Checked(
            _summary(course.slug, reading, tuple(ordered)),
            course,
            tuple(released),
            whole=len(reading.source.lessons) == len(course.lessons),
        )

    def _read(self, sources: Sequence[CourseSource]) -> _Reading:
        """Read the lessons that any of the sources names, in the order of the course."""
        first = sources[0]
        wanted = {file.slug: file for source in sources for file in source.lessons}
        files = tuple(wanted[slug] for slug in first.course.lessons if slug in wanted)
        reading = _Reading(CourseSource(first.course, first.folder, files))
        for file in files:
            survey = self._reader.survey_lesson(file, first.course)
            reading.proofs[file.name] = self._format_proofs(file.name, survey.problems)
            if survey.problems:
                reading.damaged.add(file.name)
            if survey.lesson is not None:
                reading.lessons.append((file, survey.lesson))
        return reading

    def _format_proofs(self, lesson: str, lines: Iterable[object]) -> list[Proof]:
        return [
            Proof(ProofKind.FORMAT, Standing.BROKEN, lesson, "", str(line), self._format_remedy)
            for line in lines
        ]

    def _refuse_twins(self, reading: _Reading) -> None:
        seen: dict[str, str] = {}
        for file, lesson in reading.lessons:
            for exercise in lesson.exercises:
                slug = exercise.content.slug
                twin = seen.setdefault(slug, file.name)
                if twin != file.name:
                    reading.proofs[file.name].append(
                        Proof(
                            ProofKind.FORMAT,
                            Standing.BROKEN,
                            file.name,
                            slug,
                            f"cell {exercise.cell}: {twin} has an exercise '{slug}' too",
                            "Give one of them another slug; slugs are unique in a course.",
                        )
                    )

    def _prove(
        self, reading: _Reading, *, run: bool, progress: Progress | None
    ) -> tuple[dict[str, dict[str, ExerciseContent]], dict[str, list[Proof]]]:
        """Evaluate, and where asked prove, all exercises, several at the same time."""
        jobs: list[tuple[str, Callable[[], tuple[ExerciseContent | None, list[Proof]]]]] = []
        for file, lesson in reading.lessons:
            prover: ExerciseProver | RememberingProver
            prover = ExerciseProver(self._runner, file.name, lesson.files)
            if self._memory is not None:
                prover = RememberingProver(prover, self._memory, file.name)
            jobs += [
                (file.name, _job(prover, file.name, exercise, run=run, progress=progress))
                for exercise in lesson.exercises
            ]
        contents: dict[str, dict[str, ExerciseContent]] = {
            file.name: {} for file, _ in reading.lessons
        }
        proofs: dict[str, list[Proof]] = {}
        pool = ThreadPoolExecutor(max_workers=self._workers, thread_name_prefix="proof")
        try:
            running = [(name, pool.submit(job)) for name, job in jobs]
            for name, future in running:
                content, found = future.result()
                proofs.setdefault(name, []).extend(found)
                if content is not None:
                    contents[name][content.slug] = content
        finally:
            pool.shutdown(cancel_futures=True)
        return contents, proofs


def _job(
    prover: ExerciseProver | RememberingProver,
    lesson: str,
    exercise: ExerciseSource,
    *,
    run: bool,
    progress: Progress | None,
) -> Callable[[], tuple[ExerciseContent | None, list[Proof]]]:
    def prove() -> tuple[ExerciseContent | None, list[Proof]]:
        content, proofs = prover.evaluate(exercise)
        if run:
            proofs += prover.prove(content) if content else prover.prove_part(exercise)
        if progress is not None:
            holds = all(proof.standing is not Standing.BROKEN for proof in proofs)
            progress(lesson, exercise.content.slug, holds=holds)
        return content, proofs

    return prove


def _groups(paths: Sequence[Path]) -> list[list[Path]]:
    """Return the paths by the course they belong to."""
    groups: dict[Path, list[Path]] = {}
    for path in paths:
        whole = path.absolute()
        folders = [whole] if whole.is_dir() else list(whole.parents)
        home = next((one for one in folders[:5] if (one / COURSE_FILE).is_file()), whole)
        groups.setdefault(home, []).append(path)
    return list(groups.values())


def _copy_proofs(name: str, lesson: LessonSource, content: LessonContent) -> list[Proof]:
    """Prove that the learner's copy holds no secret of the lesson."""
    expected = {one.content.slug: one.expected for one in lesson.exercises}
    leaks = find_leaks(content.exercises, expected, content.learner_notebook)
    proofs = [
        Proof(
            ProofKind.COPY,
            Standing.BROKEN,
            name,
            leak.exercise,
            f"cell {leak.cell} of the learner's copy shows {leak.what}: {leak.text}",
            "Rewrite the prompt, text, set-up or public test that gives it away.",
        )
        for leak in leaks
    ]
    return proofs or [Proof(ProofKind.COPY, Standing.HOLDS, name)]


def _summary(course: str, reading: _Reading, proofs: tuple[Proof, ...]) -> CourseProof:
    exercises = [one for _, lesson in reading.lessons for one in lesson.exercises]
    return CourseProof(
        course=course,
        proofs=proofs,
        lessons=tuple(file.name for file in reading.source.lessons),
        exercises={
            file.name: tuple(one.content.slug for one in lesson.exercises)
            for file, lesson in reading.lessons
        },
        tests=sum(len(one.content.tests) for one in exercises),
        wrong_answers=sum(len(one.content.wrong_answers) for one in exercises),
    )


def _refuse_moved(
    uow: UnitOfWork, course_slug: str, contents: Sequence[LessonContent]
) -> Mapping[str, str]:
    """Refuse to publish one lesson when it takes an exercise from a lesson that is not published.

    Returns:
        The lesson of each exercise that is stored, by slug.

    Raises:
        Conflict: Names the exercise and the lesson it stands in.
    """
    homes: Mapping[str, str] = {
        revision.content.slug: revision.lesson_slug
        for revision in uow.courses.latest_revisions(course_slug)
    }
    published = {content.slug for content in contents}
    for content in contents:
        for exercise in content.exercises:
            home = homes.get(exercise.slug, content.slug)
            if home not in published:
                raise Conflict(
                    f"The exercise '{exercise.slug}' stands in the lesson '{home}' already; give "
                    "one of them another slug, or publish the whole course folder to move it."
                )
    return homes
