"""Programs that are no Python: the references of the sample course with one slip of the keyboard.

By other hands than the search for repairs: a character is left out, doubled or mistaken for its
neighbour, or a line is set in wrongly. What can still be read is left out.
"""

import ast
import random
import warnings
from collections.abc import Iterator
from typing import Final

from jupyter_tutor.domain.observations import CellSource
from tests.benchmarks.course_programs import CourseExercise

PER_EXERCISE: Final = 6

_MISTAKEN: Final = {":": ";", "(": "9", ")": "0", "[": "(", "]": ")", "'": '"', "=": "-", ",": "."}
_SEED: Final = 4


def unreadable(exercise: CourseExercise) -> Iterator[tuple[str, tuple[CellSource, ...]]]:
    """Yield slips in an exercise's reference, always the same ones, by their kind.

    Args:
        exercise: The exercise.
    """
    chance = random.Random(f"{_SEED} {exercise.content.slug}")
    seen: set[str] = set()
    cells = [(cell.id, cell.reference) for cell in exercise.content.answer_cells]
    for _ in range(40 * PER_EXERCISE):
        if len(seen) >= PER_EXERCISE or not cells:
            return
        number = chance.randrange(len(cells))
        kind, slipped = _slip(cells[number][1], chance)
        if slipped in seen or _can_be_read(slipped):
            continue
        seen.add(slipped)
        yield (
            kind,
            tuple(
                CellSource(name, slipped if place == number else source)
                for place, (name, source) in enumerate(cells)
            ),
        )


def _slip(source: str, chance: random.Random) -> tuple[str, str]:
    """Return a slip's kind and the text with it."""
    places = [at for at, sign in enumerate(source) if sign in _MISTAKEN]
    kind = chance.choice(("left out", "doubled", "mistaken", "set in"))
    if kind == "set in" or not places:
        lines = source.split("\n")
        at = chance.randrange(len(lines))
        by = chance.choice((-4, -2, 2, 4))
        line = lines[at]
        depth = max(len(line) - len(line.lstrip()) + by, 0)
        lines[at] = " " * depth + line.lstrip()
        return "set in", "\n".join(lines)
    at = chance.choice(places)
    sign = source[at]
    text = {"left out": "", "doubled": sign * 2, "mistaken": _MISTAKEN[sign]}[kind]
    return kind, source[:at] + text + source[at + 1 :]


def _can_be_read(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except (SyntaxError, ValueError):
            return False
    return True
