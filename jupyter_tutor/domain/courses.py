"""Courses and their topics: a graph of prerequisites that learners walk along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from jupyter_tutor.domain.disclosure import SecretResults
from jupyter_tutor.domain.errors import InvalidInput
from jupyter_tutor.domain.exercises import Limits


@dataclass(frozen=True, slots=True)
class Topic:
    """A unit of mastery.

    Attributes:
        slug: Unique in its course.
        title: Per language code.
        description: Per language code.
        requires: Slugs of the topics to know first.
    """

    slug: str
    title: Mapping[str, str]
    description: Mapping[str, str] = field(default_factory=dict)
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """A course: its topics in the order of the path, its lessons in order, its defaults."""

    slug: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    topics: tuple[Topic, ...]
    lessons: tuple[str, ...] = ()
    limits: Limits = Limits()
    secret_results: SecretResults = SecretResults.EACH


def check_prerequisites(topics: Sequence[Topic]) -> None:
    """Refuse topics that repeat, require what does not exist, or require each other in a circle.

    Raises:
        InvalidInput: Names the topics and what to change.
    """
    slugs = [topic.slug for topic in topics]
    repeated = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if repeated:
        raise InvalidInput(f"Topic {repeated[0]!r} is listed twice; give each topic its own slug.")
    for topic in topics:
        unknown = [slug for slug in topic.requires if slug not in slugs]
        if unknown:
            raise InvalidInput(
                f"Topic {topic.slug!r} requires {unknown[0]!r}, which is no topic of the course; "
                f"the topics are {', '.join(slugs)}."
            )
    try:
        TopologicalSorter({topic.slug: topic.requires for topic in topics}).prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise InvalidInput(
            f"Topics require each other in a circle: {circle}. Remove one of these prerequisites."
        ) from None
