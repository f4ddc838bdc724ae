"""Grades by a rubric: per criterion the level that somebody decided on, and what it is worth."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jupyter_tutor.domain.rubric_readings import DraftGrade, Evidence
from jupyter_tutor.domain.rubrics import Rubric


@dataclass(frozen=True, slots=True)
class CriterionGrade:
    """What was decided by one criterion.

    Attributes:
        slug: The criterion.
        level: The level, counted from 0.
        points: What that level was worth then.
        comment: Text for the learner.
        reason: Why it is not what was drafted or released before, for instructors.
        evidence: What it rests on, where a model read the answer.
    """

    slug: str
    level: int
    points: float
    comment: str = ""
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


def grades_of(
    rubric: Rubric,
    levels: Mapping[str, int],
    comments: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> tuple[CriterionGrade, ...]:
    """Return what levels are worth, in the order of the rubric; each criterion has to have one."""
    return tuple(
        CriterionGrade(
            slug=one.slug,
            level=levels[one.slug],
            points=one.levels[levels[one.slug]].points,
            comment=(comments or {}).get(one.slug, ""),
            reason=(reasons or {}).get(one.slug, ""),
        )
        for one in rubric.criteria
    )


def grades_of_draft(rubric: Rubric, draft: DraftGrade) -> tuple[CriterionGrade, ...] | None:
    """Return what a draft comes to, or None where it leaves something to a person."""
    drafted = {one.slug: one for one in draft.criteria}
    grades = []
    for criterion in rubric.criteria:
        one = drafted.get(criterion.slug)
        if one is None or one.level is None:
            return None
        worth = criterion.levels[one.level].points
        grades.append(CriterionGrade(one.slug, one.level, worth, evidence=one.evidence))
    return tuple(grades)


def points_of(grades: Iterable[CriterionGrade]) -> float:
    """Return what grades are worth together."""
    return sum(one.points for one in grades)


def share_of(grades: Iterable[CriterionGrade], rubric: Rubric) -> float:
    """Return the share of the points of a rubric that grades are worth, 0 to 1."""
    return min(max(points_of(grades) / rubric.points, 0.0), 1.0) if rubric.points > 0 else 0.0
