"""Judging rules about the source of an answer, by facts about its syntax tree."""

from collections.abc import Iterable
from dataclasses import dataclass

from jupyter_tutor.domain.constructs import (
    Construct,
    ConstructKind,
    Demand,
    Fact,
    SourceFacts,
    SourceRule,
)

_QUALIFIED = (ConstructKind.CALL, ConstructKind.IMPORT)
_ANYTHING = ".*"


@dataclass(frozen=True, slots=True)
class Ruling:
    """How an answer stands to a rule.

    Attributes:
        kept: Whether the rule is kept; None where that can't be told, because cells it looks at
            could not be read.
        places: Where what is forbidden stands, in the order of cells and lines.
        missing: What is required and not there.
    """

    kept: bool | None
    places: tuple[Fact, ...] = ()
    missing: tuple[Construct, ...] = ()


def rule_on(rule: SourceRule, facts: SourceFacts | None) -> Ruling:
    """Judge a rule.

    Args:
        rule: The author's rule.
        facts: What stands in the answer; None where nothing was observed.
    """
    if facts is None or any(rule.cell in ("", cell) for cell in facts.unread):
        return Ruling(None)
    seen = [fact for fact in facts.facts if _concerns(rule, fact)]
    if rule.demand is Demand.NONE:
        places = [fact for fact in seen if any(fits(one, fact) for one in rule.constructs)]
        once = {(fact.cell, fact.line): fact for fact in reversed(places)}
        places = sorted(once.values(), key=places.index)
        return Ruling(not places, tuple(places))
    missing = tuple(one for one in rule.constructs if not _stands(one, seen))
    if rule.demand is Demand.ANY:
        kept = len(missing) < len(rule.constructs)
        return Ruling(kept, missing=() if kept else missing)
    return Ruling(not missing, missing=missing)


def fits(construct: Construct, fact: Fact) -> bool:
    """Whether a fact is what a construct looks for."""
    if construct.kind is not fact.kind:
        return False
    wanted = construct.name
    if not wanted or fact.name == wanted:
        return True
    if wanted.endswith(_ANYTHING) and construct.kind in _QUALIFIED:
        module = wanted.removesuffix(_ANYTHING)
        return fact.name == module or fact.name.startswith(f"{module}.")
    # Whoever imports a part of a package imports the package.
    return construct.kind is ConstructKind.IMPORT and fact.name.startswith(f"{wanted}.")


def _concerns(rule: SourceRule, fact: Fact) -> bool:
    return (not rule.cell or fact.cell == rule.cell) and (
        not rule.within or rule.within in fact.within
    )


def _stands(construct: Construct, facts: Iterable[Fact]) -> bool:
    return any(fits(construct, fact) for fact in facts)
