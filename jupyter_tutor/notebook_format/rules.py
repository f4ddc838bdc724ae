"""Rules about the source: the `rules` of an exercise's metadata, read into tests of the domain."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from jupyter_tutor.domain.constructs import Construct, ConstructKind, Demand, SourceRule
from jupyter_tutor.domain.exercises import TestCase, Visibility
from jupyter_tutor.notebook_format.problems import Problems, suggestion
from jupyter_tutor.notebook_format.tables import in_order, language_problems

_DEMANDS: Final = {"require": Demand.ALL, "require_any": Demand.ANY, "forbid": Demand.NONE}
_KINDS: Final = {
    "calls": ConstructKind.CALL,
    "imports": ConstructKind.IMPORT,
    "loops": ConstructKind.LOOP,
    "recursion": ConstructKind.RECURSION,
    "builtins": ConstructKind.BUILTIN,
    "names": ConstructKind.NAME,
    "comprehensions": ConstructKind.COMPREHENSION,
    "functions": ConstructKind.FUNCTION,
    "classes": ConstructKind.CLASS,
    "statements": ConstructKind.STATEMENT,
}


def read_rules(
    entries: Sequence[Mapping[str, Any]],
    languages: tuple[str, ...],
    answers: Sequence[str],
    cell: int,
    problems: Problems,
) -> list[TestCase]:
    """Read the rules of an exercise.

    Args:
        entries: Its `rules`, valid by the schema.
        languages: Of the course, the original first.
        answers: Ids of the exercise's answer cells.
        cell: Number of the cell whose metadata has them, for messages.
        problems: Takes what is wrong.
    """
    read: list[TestCase] = []
    for number, entry in enumerate(entries, start=1):
        texts = _rule_problems(entry, languages, answers)
        for text in texts:
            problems.add(text, cell=cell, key=f"rule {number} ({entry['name']})")
        if not texts:
            read.append(_rule(entry, languages))
    return read


def _rule_problems(
    entry: Mapping[str, Any], languages: tuple[str, ...], answers: Sequence[str]
) -> list[str]:
    found = language_problems(entry["message"], languages) if "message" in entry else []
    demands = [key for key in _DEMANDS if key in entry]
    if len(demands) != 1:
        found.append("needs exactly one of `require`, `require_any` and `forbid`")
    answer = entry.get("answer")
    if answer is not None and answer not in answers:
        found.append(f"'{answer}' is no answer cell of the exercise; {suggestion(answer, answers)}")
    return found


def _rule(entry: Mapping[str, Any], languages: tuple[str, ...]) -> TestCase:
    key = next(key for key in _DEMANDS if key in entry)
    constructs: list[Construct] = []
    for plural, names in entry[key].items():
        kind = _KINDS[plural]
        constructs += [Construct(kind)] if names is True else [Construct(kind, n) for n in names]
    return TestCase(
        name=entry["name"].strip(),
        spec=SourceRule(
            demand=_DEMANDS[key],
            constructs=tuple(constructs),
            message=in_order(entry.get("message", {}), languages),
            cell=entry.get("answer", ""),
            within=entry.get("within", ""),
        ),
        points=float(entry.get("points", 1)),
        visibility=Visibility(entry.get("visibility", "public")),
    )
