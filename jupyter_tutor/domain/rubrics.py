"""Rubrics: what people judge an answer by beside its tests, with levels in words.

Tests decide whether an answer is right; a criterion asks for what no test can see, such as names,
structure or the report of a project.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class RubricLevel:
    """A level of a criterion: what it is worth, and per language what an answer on it is like."""

    points: float
    description: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Anchor:
    """An example whose level is known, for all who read by the criterion.

    Attributes:
        level: Its level, counted from 0.
        example: An answer, or the part of one that matters.
        reason: Why it is on that level, per language.
    """

    level: int
    example: str
    reason: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing an answer is judged by.

    Attributes:
        slug: Its name, unique in its rubric.
        title: What it is called, per language.
        question: What is asked of the answer, per language.
        levels: From the lowest to the highest; counted from 0.
        anchor: An example.
    """

    slug: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    levels: tuple[RubricLevel, ...]
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Rubric:
    """All criteria of an exercise, in the order they are shown."""

    criteria: tuple[Criterion, ...]

    @property
    def points(self) -> float:
        """The most that an answer can get by it."""
        return sum(one.levels[-1].points for one in self.criteria)


def rubric_problems(rubric: Rubric) -> list[str]:
    """Return what makes a rubric unfit to judge by, in an author's words; empty when it is fit."""
    found = [] if rubric.criteria else ["the rubric has no criterion"]
    counts = Counter(one.slug for one in rubric.criteria)
    found += [
        f"{count} criteria are named '{slug}'; give each a slug of its own"
        for slug, count in counts.items()
        if count > 1
    ]
    for one in rubric.criteria:
        found += [f"criterion '{one.slug}': {text}" for text in _criterion_problems(one)]
    if not found and rubric.points <= 0:
        found.append("the criteria are worth 0 points together; give the highest levels points")
    return found


def _criterion_problems(criterion: Criterion) -> list[str]:
    levels = criterion.levels
    found = [] if len(levels) > 1 else ["has fewer than two levels, and so nothing to decide"]
    if any(lower.points >= upper.points for lower, upper in pairwise(levels)):
        found.append("its levels go from the fewest points to the most, each worth more")
    if not criterion.anchor.example.strip():
        found.append("its anchor has no example")
    if not 0 <= criterion.anchor.level < len(levels):
        found.append(
            f"its anchor is on level {criterion.anchor.level}, but levels are counted from 0 "
            f"to {len(levels) - 1}"
        )
    described = [tuple(sorted(level.description.items())) for level in levels]
    if len(set(described)) < len(described):
        found.append("two of its levels have the same description")
    return found
