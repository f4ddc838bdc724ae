"""Cases and questions: the TOML of raw cells, read into test cases of the domain."""

import math
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from jupyter_tutor.domain.exercises import (
    CallCase,
    Choice,
    ExpectedException,
    ProgramCase,
    Question,
    QuestionType,
    TestCase,
    Tolerance,
    Visibility,
)
from jupyter_tutor.notebook_format.problems import Problems, suggestion
from jupyter_tutor.notebook_format.schema import findings


def parse_toml(source: str, cell: int, problems: Problems) -> dict[str, Any]:
    """Parse the TOML of a raw cell; what is wrong goes to `problems` and leaves an empty table."""
    table = _loaded(source, cell, problems)
    unusable = _unusable(table, "")
    for key, text in unusable:
        problems.add(text, cell=cell, key=key)
    return {} if unusable else table


def _loaded(source: str, cell: int, problems: Problems) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        problems.add(f"the TOML cannot be read: {error}", cell=cell)
    except RecursionError:
        problems.add("the TOML is nested too deeply", cell=cell)
    return {}


def _entries(
    source: str, schema: str, name: str, cell: int, problems: Problems
) -> list[tuple[int, dict[str, Any]]]:
    """Return the tables of a list in a raw cell that are valid by themselves, with their number."""
    count = len(problems)
    table = _loaded(source, cell, problems)
    if len(problems) > count:
        return []
    wrong = [(finding.key, finding.text) for finding in findings(table, schema)]
    wrong += _unusable(table, "")
    for key, text in wrong:
        problems.add(text, cell=cell, key=key)
    listed = table.get(name)
    numbered = enumerate(listed if isinstance(listed, list) else [], start=1)
    places = [key.replace(",", " ").split(" ") for key, _ in wrong]
    return [
        (number, entry)
        for number, entry in numbered
        if isinstance(entry, dict) and [name, str(number)] not in [place[:2] for place in places]
    ]


def read_cases(
    source: str, default: Visibility, cell: int, problems: Problems
) -> list[tuple[TestCase, str | None]]:
    """Read a `cases` cell.

    Args:
        source: Its TOML.
        default: Visibility of cases that name none.
        cell: Number of the cell, for messages.
        problems: Takes what is wrong.

    Returns:
        Each test with the expression of its expected value, or None where it expects no value.
    """
    read: list[tuple[TestCase, str | None]] = []
    for number, entry in _entries(source, "cases", "case", cell, problems):
        texts = _case_problems(entry)
        for text in texts:
            problems.add(text, cell=cell, key=f"case {number} ({entry['name']})")
        if not texts:
            read.append((_case(entry, default), entry.get("expected")))
    return read


def read_questions(
    source: str, languages: tuple[str, ...], cell: int, problems: Problems
) -> list[TestCase]:
    """Read a `question` cell; arguments as for `read_cases`, with the course's languages."""
    read: list[TestCase] = []
    for _, entry in _entries(source, "questions", "question", cell, problems):
        texts = _question_problems(entry, languages)
        for text in texts:
            problems.add(text, cell=cell, key=f"question {entry['id']}")
        if not texts:
            read.append(_question(entry, languages))
    return read


def in_order(texts: Mapping[str, str], languages: tuple[str, ...]) -> dict[str, str]:
    """Return a text per language with the original language first, whatever order it came in."""
    return {one: texts[one] for one in languages if one in texts}


def expression_problem(source: str) -> str | None:
    """Return why a text is no Python expression, or None when it is one."""
    try:
        compile(source.strip(), "<expression>", "eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        reason = error.msg if isinstance(error, SyntaxError) else "cannot be compiled"
        return f"is no Python expression ({reason})"
    return None


def language_problems(
    texts: Mapping[str, object], languages: tuple[str, ...], *, partial: bool = False
) -> list[str]:
    """Return what is wrong with the languages of a text.

    Args:
        texts: Per language code.
        languages: Of the course, the original first.
        partial: Whether the original language may be missing.
    """
    unknown = [one for one in texts if one not in languages]
    found = [
        f"language '{one}' is none of the course's; {suggestion(one, languages)} "
        "(languages are listed in course.toml)"
        for one in unknown
    ]
    if not partial and languages[0] not in texts:
        found.append(f"the text in the original language '{languages[0]}' is missing")
    return found


def _case_problems(entry: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    has = entry.keys()
    for key in ("call", "expected"):
        why = expression_problem(entry[key]) if key in has else None
        if why:
            found.append(f"`{key}` {why}")
    if "call" not in has:
        if "stdin" not in has or "stdout" not in has:
            found.append(
                "needs either `call`, or both `stdin` and `stdout` (the answer run as a program)"
            )
        alien = sorted(has & {"expected", "raises", "arguments_unchanged"})
        if alien:
            found.append(f"`{alien[0]}` needs a `call`; a program is judged by `stdout`")
        return found
    if "stdin" in has:
        found.append("`stdin` is for programs; leave out `call` to run the answer as a program")
    if not has & {"expected", "raises", "stdout"}:
        found.append("needs `expected`, `raises` or `stdout`: what should the call do?")
    if has >= {"expected", "raises"}:
        found.append("has both `expected` and `raises`; a call does one of the two")
    if "tolerance" in has and "expected" not in has and has & {"raises", "stdout"}:
        found.append("`tolerance` needs `expected`")
    pattern = entry["raises"].get("match") if isinstance(entry.get("raises"), dict) else None
    if pattern is not None:
        try:
            re.compile(pattern)
        except re.error as error:
            found.append(f"`match` is no regular expression ({error})")
    return found


def _case(entry: Mapping[str, Any], default: Visibility) -> TestCase:
    tolerance = _tolerance(entry.get("tolerance"))
    spec: CallCase | ProgramCase
    if "call" in entry:
        raises = entry.get("raises")
        spec = CallCase(
            call=entry["call"].strip(),
            raises=ExpectedException(**({"type": raises} if isinstance(raises, str) else raises))
            if raises is not None
            else None,
            stdout=entry.get("stdout"),
            tolerance=tolerance,
            arguments_unchanged=entry.get("arguments_unchanged", False),
        )
    else:
        spec = ProgramCase(entry["stdin"], entry["stdout"], tolerance)
    return TestCase(
        name=entry["name"].strip(),
        spec=spec,
        points=float(entry.get("points", 1)),
        visibility=Visibility(entry["visibility"]) if "visibility" in entry else default,
    )


def _question_problems(entry: Mapping[str, Any], languages: tuple[str, ...]) -> list[str]:
    kind = QuestionType(entry["type"])
    choices = entry.get("choice", [])
    ids = [choice["id"] for choice in choices]
    found = language_problems(entry["text"], languages)
    for choice in choices:
        found += language_problems(choice["text"], languages)
        found += language_problems(choice.get("feedback", {}), languages, partial=True)
    found += language_problems(entry.get("explanation", {}), languages, partial=True)
    needed = {"number"} if kind is QuestionType.NUMBER else {"correct"}
    if kind in (QuestionType.SINGLE, QuestionType.MULTIPLE):
        needed.add("choice")
    usable = needed | ({"tolerance"} if kind is QuestionType.NUMBER else set())
    found += [f"type '{kind}' needs `{key}`" for key in sorted(needed - entry.keys())]
    found += [
        f"`{key}` does not belong to a question of type '{kind}'"
        for key in ("choice", "correct", "number", "tolerance")
        if key in entry and key not in usable
    ]
    if found or "choice" not in needed:
        return found
    found += [f"two choices have the id '{one}'" for one in sorted(set(ids)) if ids.count(one) > 1]
    for one in entry["correct"]:
        if one not in ids:
            found.append(f"`correct` names '{one}', which is no choice; {suggestion(one, ids)}")
    if kind is QuestionType.SINGLE and len(entry["correct"]) != 1:
        found.append("type 'single' has exactly one correct choice; use 'multiple' for more")
    return found


def _question(entry: Mapping[str, Any], languages: tuple[str, ...]) -> TestCase:
    spec = Question(
        id=entry["id"],
        type=QuestionType(entry["type"]),
        text=in_order(entry["text"], languages),
        choices=tuple(
            Choice(
                choice["id"],
                in_order(choice["text"], languages),
                in_order(choice.get("feedback", {}), languages),
            )
            for choice in entry.get("choice", [])
        ),
        correct=tuple(entry.get("correct", [])),
        number=float(entry["number"]) if "number" in entry else None,
        tolerance=_tolerance(entry.get("tolerance")),
        explanation=in_order(entry.get("explanation", {}), languages),
    )
    return TestCase(name=entry["id"], spec=spec, points=float(entry.get("points", 1)))


def _tolerance(given: float | Mapping[str, float] | None) -> Tolerance | None:
    """One number is both; of a table, what is not given is 0."""
    if given is None:
        return None
    if isinstance(given, Mapping):
        return Tolerance(float(given.get("relative", 0)), float(given.get("absolute", 0)))
    return Tolerance(float(given), float(given))


def _unusable(value: object, key: str) -> list[tuple[str, str]]:
    """Find values TOML allows and no test can use: NaN, infinity, NUL characters, huge numbers."""
    if isinstance(value, str) and "\0" in value:
        return [(key, "holds a NUL character, which cannot be stored")]
    if isinstance(value, float) and not math.isfinite(value):
        return [(key, "must be a finite number")]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 2**53:
        return [(key, "is too large a number to be exact")]
    entries: list[tuple[object, object]] = []
    if isinstance(value, Mapping):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value, start=1))
    return [found for part, one in entries for found in _unusable(one, f"{key} {part}".strip())]
