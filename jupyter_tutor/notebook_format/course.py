"""Reads course.toml: languages, topics, limits and the lessons in order."""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_tutor.domain.courses import Course, Topic, check_prerequisites
from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.errors import InvalidInput, InvalidNotebook
from jupyter_tutor.domain.exercises import Limits
from jupyter_tutor.domain.sources import CourseSource, LessonFile
from jupyter_tutor.notebook_format.documents import MAX_NOTEBOOK_BYTES
from jupyter_tutor.notebook_format.problems import Problems, refusal, suggestion
from jupyter_tutor.notebook_format.schema import findings
from jupyter_tutor.notebook_format.tables import language_problems

COURSE_FILE = "course.toml"
_MAX_COURSE_BYTES = 2**20


def read_course(path: Path) -> CourseSource:
    """Read a course's facts.

    Args:
        path: The course's folder, its course.toml, or one of its notebooks; a notebook limits
            `lessons` of the result to that one.

    Raises:
        InvalidNotebook: There is no course here, or course.toml is wrong; says what to do.
    """
    folder, notebook = _locate(path)
    table = _table(folder / COURSE_FILE)
    problems = Problems(COURSE_FILE)
    for finding in findings(table, "course"):
        problems.add(finding.text, key=finding.key)
    problems.refuse()
    course = _course(table, problems)
    files = _lessons(folder, table["lessons"], problems)
    problems.refuse()
    wanted = files if notebook is None else _only(files, notebook)
    return CourseSource(
        Course(
            slug=course.slug,
            title=course.title,
            languages=course.languages,
            topics=course.topics,
            lessons=tuple(file.slug for file in files),
            limits=course.limits,
            secret_results=course.secret_results,
        ),
        folder,
        wanted,
    )


def _locate(path: Path) -> tuple[Path, Path | None]:
    if path.is_dir():
        if not (path / COURSE_FILE).is_file():
            raise refusal(
                path.name or str(path),
                f"the folder has no {COURSE_FILE}; name a course's folder, or write one.",
            )
        return path, None
    if path.name == COURSE_FILE:
        return path.parent, None
    if path.suffix != ".ipynb":
        raise refusal(path.name, f"is neither a notebook nor a folder with a {COURSE_FILE}.")
    for folder in list(path.absolute().parents)[:4]:
        if (folder / COURSE_FILE).is_file():
            return folder, path
    raise refusal(
        path.name, f"there is no {COURSE_FILE} beside the notebook; a lesson belongs to a course."
    )


def _table(path: Path) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        if len(content) > _MAX_COURSE_BYTES:
            raise refusal(COURSE_FILE, "the file is larger than 1 MiB; that is no course.toml.")
        return tomllib.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise refusal(COURSE_FILE, f"the file cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise refusal(COURSE_FILE, "the file is not UTF-8 text; save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise refusal(COURSE_FILE, f"the TOML cannot be read: {error}") from None


def _course(table: Mapping[str, Any], problems: Problems) -> Course:
    languages = tuple(table["languages"])
    for text in language_problems(table["title"], languages):
        problems.add(text, key="title")
    topics: list[Topic] = []
    slugs = [topic["slug"] for topic in table["topic"]]
    for topic in table["topic"]:
        place = f"topic {topic['slug']}"
        for text in language_problems(topic["title"], languages):
            problems.add(text, key=f"{place}, title")
        for text in language_problems(topic.get("description", {}), languages, partial=True):
            problems.add(text, key=f"{place}, description")
        for wanted in topic.get("requires", []):
            if wanted not in slugs:
                problems.add(
                    f"'{wanted}' is no topic of the course; {suggestion(wanted, slugs)}",
                    key=f"{place}, requires",
                )
        topics.append(
            Topic(
                topic["slug"],
                topic["title"],
                topic.get("description", {}),
                tuple(topic.get("requires", [])),
            )
        )
    if not problems:
        try:
            check_prerequisites(topics)
        except InvalidInput as error:
            problems.add(error.message, key="topic")
    return Course(
        slug=table["slug"],
        title=table["title"],
        languages=languages,
        topics=tuple(topics),
        limits=Limits(**table.get("limits", {})),
        secret_results=SecretResults(table.get("secret_results", SecretResults.EACH)),
    )


def _lessons(folder: Path, names: list[str], problems: Problems) -> tuple[LessonFile, ...]:
    found: list[LessonFile] = []
    for name in names:
        parts = name.split("/")
        outside = name.startswith(("/", "~")) or "\\" in name or ".." in parts or ":" in parts[0]
        if outside or not (folder / name).resolve().is_relative_to(folder.resolve()):
            problems.add(f"'{name}' leaves the course's folder", key="lessons")
            continue
        file = LessonFile(_peek_slug(folder / name), name, folder / name)
        twin = next((one for one in found if one.slug == file.slug), None)
        if twin is not None:
            problems.add(
                f"'{twin.name}' and '{name}' are both the lesson '{file.slug}'; "
                "give each notebook a lesson slug of its own",
                key="lessons",
            )
        found.append(file)
    return tuple(found)


def _peek_slug(path: Path) -> str:
    """Return the lesson's slug without judging the notebook; reading the lesson does that."""
    try:
        if path.stat().st_size <= MAX_NOTEBOOK_BYTES:
            slug = json.loads(path.read_bytes())["metadata"]["jupyter_tutor"]["lesson"]
            if isinstance(slug, str):
                return slug
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return path.stem


def _only(files: tuple[LessonFile, ...], notebook: Path) -> tuple[LessonFile, ...]:
    target = notebook.resolve()
    wanted = tuple(file for file in files if file.path.resolve() == target)
    if not wanted:
        raise InvalidNotebook(
            f"{notebook.name}: the notebook is not in `lessons` of {COURSE_FILE}; add it there.",
            details={"file": notebook.name, "problems": [f"is not in lessons of {COURSE_FILE}"]},
        )
    return wanted
