"""What the fakes refuse, as the constraints of the real tables do."""

import math
from collections.abc import Mapping
from uuid import UUID

from jupyter_tutor.domain.errors import InvalidInput, NotFound
from jupyter_tutor.testing.tables import Tables


def require_course(tables: Tables, slug: str) -> None:
    """Raise NotFound, naming the courses that exist, unless this one does."""
    if slug not in tables.courses:
        slugs = sorted(tables.courses)
        there = f"The courses are: {', '.join(slugs)}." if slugs else "No course is published yet."
        raise NotFound(f"There is no course {slug!r}. {there}", details={"courses": slugs})


def require_person(tables: Tables, person_id: UUID) -> None:
    """Raise NotFound unless there is such a person."""
    if person_id not in tables.people:
        raise NotFound("There is no such person.")


def require_revision(tables: Tables, revision_id: UUID) -> None:
    """Raise NotFound unless there is such a revision."""
    if revision_id not in tables.revisions:
        raise NotFound("There is no such revision of an exercise.")


def require_exercise(tables: Tables, course: str, slug: str) -> None:
    """Raise NotFound unless the course has, or had, such an exercise."""
    if (course, slug) not in tables.exercises:
        raise NotFound(f"The course has no exercise {slug!r}.")


def require_json(value: object, place: str = "value") -> None:
    """Raise InvalidInput unless a value has a JSON form."""
    match value:
        case float() if not math.isfinite(value):
            raise InvalidInput(f"The number at {place} is {value}; it has to be finite.")
        case None | bool() | int() | float() | str():
            return
        case Mapping():
            for key, item in value.items():
                require_json(item, f"{place}.{key}")
        case list() | tuple():
            for index, item in enumerate(value):
                require_json(item, f"{place}[{index}]")
        case _:
            raise InvalidInput(
                f"The value at {place} is a {type(value).__name__}, which JSON lacks."
            )
