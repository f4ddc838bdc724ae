"""Words for what does not exist: what people may have meant instead."""

from collections.abc import Iterable
from difflib import get_close_matches

from jupyter_tutor.domain.errors import NotFound

MOST_NAMED = 8


def no_such_exercise(slug: str, course: str, known: Iterable[str]) -> NotFound:
    """Return the error for an exercise that a course does not have.

    Args:
        slug: What was asked for.
        course: Slug of the course.
        known: Slugs of its exercises, in the order of the lessons.
    """
    slugs = list(known)
    near = get_close_matches(slug, slugs, n=3, cutoff=0.5)
    said = f"There is no exercise {slug!r} in the course {course!r}."
    if near:
        return NotFound(f"{said} Did you mean {' or '.join(map(repr, near))}?")
    if not slugs:
        return NotFound(f"{said} It has none yet.")
    named = ", ".join(slugs[:MOST_NAMED])
    more = len(slugs) - MOST_NAMED
    return NotFound(f"{said} It has: {named}{f' and {more} more' if more > 0 else ''}.")
