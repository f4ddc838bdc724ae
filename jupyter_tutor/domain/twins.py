"""Twins: an exercise that asks for the same as another, to be solved without help.

A solution that was shown is understood when the like of it is found alone. The author names a twin;
where none is named, the exercise of the same topic that is nearest in difficulty takes its place.
"""

from collections.abc import Container, Iterable
from typing import Protocol


class Related(Protocol):
    """What has to be known of an exercise."""

    @property
    def slug(self) -> str:
        """Its slug."""

    @property
    def topic(self) -> str:
        """Slug of its topic."""

    @property
    def difficulty(self) -> int:
        """The author's label."""

    @property
    def twin(self) -> str | None:
        """The twin its author named."""


def twin_of(slug: str, exercises: Iterable[Related], passed: Container[str] = ()) -> str | None:
    """Return the twin of an exercise, or None when its topic has no other.

    Args:
        slug: The exercise that was solved with the steps shown.
        exercises: The exercises of the course, in its order.
        passed: Exercises that were passed already: their like comes after one that was not.
    """
    known = {each.slug: each for each in exercises}
    solved = known.get(slug)
    if solved is None:
        return None
    if solved.twin is not None and solved.twin in known and solved.twin != slug:
        return solved.twin
    # Twins are twins of each other.
    of = [each.slug for each in known.values() if each.twin == slug != each.slug]
    if of:
        return of[0]
    others = [each for each in known.values() if each.topic == solved.topic and each.slug != slug]
    if not others:
        return None
    apart = {each.slug: abs(each.difficulty - solved.difficulty) for each in others}
    return min(others, key=lambda each: (each.slug in passed, apart[each.slug])).slug
