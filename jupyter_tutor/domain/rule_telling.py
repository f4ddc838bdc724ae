"""Telling how an answer stands to a rule about its source.

A verdict keeps what was found as text that no language changes: `got` has a line for each place,
`cell:line: name`, and `expected` the labels of what is missing. The sentences are made from these.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from jupyter_tutor.domain.constructs import Construct, ConstructKind, Demand, Fact, SourceRule
from jupyter_tutor.domain.exercises import TestCase
from jupyter_tutor.domain.languages import in_language
from jupyter_tutor.domain.phrases import say
from jupyter_tutor.domain.verdicts import Verdict

ONLY_CELL: Final = "answer"
"""What an answer cell is called that its author gave no name, since it is the only one."""

_MOST_PLACES: Final = 5
_PLACE = re.compile(r"^(?P<cell>[^:\n]+):(?P<line>\d+): ", re.MULTILINE)
_NAMED: Final = {
    ConstructKind.CALL: "construct.call",
    ConstructKind.IMPORT: "construct.import",
    ConstructKind.LOOP: "construct.loop",
    ConstructKind.RECURSION: "construct.recursion",
    ConstructKind.BUILTIN: "construct.builtin",
    ConstructKind.NAME: "construct.name",
    ConstructKind.COMPREHENSION: "construct.comprehension",
    ConstructKind.FUNCTION: "construct.function",
    ConstructKind.CLASS: "construct.class",
    ConstructKind.STATEMENT: "construct.statement",
}
_ANY: Final = {
    ConstructKind.CALL: "construct.any_call",
    ConstructKind.IMPORT: "construct.any_import",
    ConstructKind.LOOP: "construct.any_loop",
    ConstructKind.RECURSION: "construct.any_recursion",
    ConstructKind.BUILTIN: "construct.any_builtin",
    ConstructKind.NAME: "construct.any_name",
    ConstructKind.COMPREHENSION: "construct.any_comprehension",
    ConstructKind.FUNCTION: "construct.any_function",
    ConstructKind.CLASS: "construct.any_class",
    ConstructKind.STATEMENT: "construct.any_statement",
}
_DEMANDS: Final = {
    Demand.NONE: "rule.forbidden",
    Demand.ALL: "rule.required",
    Demand.ANY: "rule.required_any",
}


def places_text(places: Iterable[Fact]) -> str:
    """Return places as the text that a verdict keeps."""
    return "\n".join(f"{fact.cell}:{fact.line}: {fact.name}" for fact in places)


def label(construct: Construct) -> str:
    """Return the label of a construct, such as `call sorted`, as a verdict keeps it."""
    return f"{construct.kind} {construct.name}".strip()


def without_notes(verdict: Verdict, tests: Iterable[TestCase]) -> Verdict:
    """Return a verdict, told already, without the notes on rules that its sentences come from."""
    rules = {test.name for test in tests if isinstance(test.spec, SourceRule)}
    results = tuple(
        replace(result, got="", expected="") if result.name in rules else result
        for result in verdict.results
    )
    return replace(verdict, results=results)


def say_broken_rule(rule: SourceRule, got: str, expected: str, language: str) -> str:
    """Say that a rule is broken: in the author's words if there are any, and where.

    Args:
        rule: The rule.
        got: The places, as the verdict keeps them.
        expected: The labels of what is missing, likewise.
        language: Language code wanted.
    """
    parts = [in_language(rule.message, language) or _own_words(rule, expected, language)]
    places = [_say_place(match, language) for match in _PLACE.finditer(got)]
    if places:
        shown = ", ".join(places[:_MOST_PLACES]) + (", …" if len(places) > _MOST_PLACES else "")
        parts.append(say("rule.places", language, places=shown))
    return " ".join(parts)


def _own_words(rule: SourceRule, expected: str, language: str) -> str:
    missing = expected.split(", ")
    told = [
        one for one in rule.constructs if rule.demand is not Demand.ALL or label(one) in missing
    ]
    what = ", ".join(_say_construct(one, language) for one in told or rule.constructs)
    if rule.within:
        what = say("rule.within", language, what=what, function=f"`{rule.within}`")
    return say(_DEMANDS[rule.demand], language, what=what)


def _say_construct(construct: Construct, language: str) -> str:
    if not construct.name:
        return say(_ANY[construct.kind], language)
    return say(_NAMED[construct.kind], language, name=f"`{construct.name}`")


def _say_place(match: re.Match[str], language: str) -> str:
    key = "place.yours" if match["cell"] == ONLY_CELL else "place.cell"
    return say(key, language, line=int(match["line"]), cell=f"`{match['cell']}`")
