"""What is typed into a program: further texts of the kind of an author's cases, and smaller ones.

A text is taken for lines of words, of which some are numbers. Numbers stay within those of the
cases, other words come from cases that learners see. Where the first line always tells how many
lines follow, it goes on doing so.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from jupyter_tutor.domain.exercises import ExerciseContent, ProgramCase, Visibility
from jupyter_tutor.domain.inputs.inference import Seen, infer
from jupyter_tutor.domain.inputs.shapes import Number, changed_text
from jupyter_tutor.domain.inputs.shrinking import pieces_out, simpler_values

FEWEST_TEXTS: Final = 2
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_TRIES: Final = 12
_MOSTLY: Final = 0.8
_SIZES: Final = 4

Row = tuple[str, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class TypedDomain:
    """What may be typed into a program.

    Attributes:
        seeds: Texts that learners see in cases.
        fewest: The least number of lines.
        most: The greatest.
        counted: Whether the first line tells how many follow.
        first: The numbers of the first line, or None where it has none.
        others: The numbers of the other lines, likewise.
        words: What else stands in lines, of cases that learners see.
        free: Whether other words may stand there: those of the cases seldom come again.
    """

    seeds: tuple[str, ...]
    fewest: int
    most: int
    counted: bool
    first: Number | None
    others: Number | None
    words: tuple[str, ...]
    free: bool = False

    def draw(self, count: int, *, seed: int = 0, sizes: int = _SIZES) -> list[str]:
        """Return different texts, the same ones for the same seed, lightest first."""
        source = random.Random(f"stdin {seed}")  # noqa: S311 - inputs, no secrets
        found: dict[str, None] = {}
        for number in range(count * _TRIES):
            rows = _rows(source.choice(self.seeds))
            for _ in range(1 + number % sizes):
                rows = self._changed(rows, source, number % sizes)
            rows = self._told(rows)
            if self._admits(rows):
                found.setdefault(_text(rows))
            if len(found) >= count:
                break
        return sorted(found, key=text_weight)

    def simpler(self, text: str) -> list[str]:
        """Return lighter texts that are one step away, lightest first."""
        rows = _rows(text)
        head, rest = self._parted(rows)
        lighter = [self._told((*head, *part)) for part in pieces_out(rest)]
        lighter += [
            _replaced(rows, line, place, other)
            for line, row in enumerate(rows)
            for place, word in enumerate(row)
            for other in self._simpler_words(word)
        ]
        most = text_weight(text)
        fitting = {_text(one) for one in lighter if self._admits(one)}
        return sorted((one for one in fitting if text_weight(one) < most), key=text_weight)

    def _admits(self, rows: Rows) -> bool:
        if not self.fewest <= len(rows) <= self.most or self._told(rows) != rows:
            return False
        for line, row in enumerate(rows):
            numbers = [_number(word) for word in row if _NUMBER.fullmatch(word)]
            shape = self.others if line else self.first
            if any(shape is None or not shape.admits(number) for number in numbers):
                return False
        return True

    def _told(self, rows: Rows) -> Rows:
        """Return lines whose first one tells how many follow, where it has to."""
        if not self.counted or not rows:
            return rows
        return ((str(len(rows) - 1), *rows[0][1:]), *rows[1:])

    def _parted(self, rows: Rows) -> tuple[Rows, Rows]:
        """Part the line that tells how many follow from the others."""
        at = 1 if self.counted else 0
        return rows[:at], rows[at:]

    def _changed(self, rows: Rows, source: random.Random, size: int) -> Rows:
        head, rest = self._parted(rows)
        at = min(len(head) + source.randrange(max(len(rest), 1)), max(len(rows) - 1, 0))
        kind = source.randrange(4)
        if kind == 0 and len(rows) > self.fewest:
            return (*rows[:at], *rows[at + 1 :])
        if kind == 1 and len(rows) < self.most:
            return (*rows[: at + 1], *rows[at : at + 1], *rows[at + 1 :])
        if not rows or not rows[at]:
            return rows
        place = source.randrange(len(rows[at]))
        word = rows[at][place]
        shape = self.others if at else self.first
        if _NUMBER.fullmatch(word) and shape is not None:
            return _replaced(rows, at, place, str(shape.draw(source, size)))
        other = source.choice((*self.words, word))
        if self.free and other and source.random() < 0.5:
            other = changed_text(other, source, other, (other,)) or other
        return _replaced(rows, at, place, other)

    def _simpler_words(self, word: str) -> list[str]:
        if _NUMBER.fullmatch(word):
            return [str(number) for number in simpler_values(_number(word))]
        return [other for other in self.words if len(other) < len(word)]


def typed_domain_of(content: ExerciseContent) -> TypedDomain | None:
    """Return what may be typed into the program, or None where too few cases tell."""
    cases = [(test.spec, test.visibility) for test in content.tests]
    typed = [(spec.stdin, seen) for spec, seen in cases if isinstance(spec, ProgramCase)]
    shown = [text for text, seen in typed if seen is Visibility.PUBLIC and text.strip()]
    if len(typed) < FEWEST_TEXTS or not shown:
        return None
    whole = [_rows(text) for text, _ in typed]
    lengths = [len(rows) for rows in whole]
    varied = min(lengths) < max(lengths)
    counted = varied and all(
        rows and rows[0][:1] == (str(len(rows) - 1),) for rows in whole if len(rows) > 1
    )
    visible = [row for text in shown for row in _rows(text)]
    words = [word for row in visible for word in row if not _NUMBER.fullmatch(word)]
    named = [word for word in words if word]
    return TypedDomain(
        seeds=tuple(shown),
        fewest=min(min(lengths), 2 if counted else 1) if varied else lengths[0],
        most=max(lengths),
        counted=counted,
        first=_numbers([row for rows in whole for row in (rows[:1] if counted else rows)]),
        others=_numbers([row for rows in whole for row in (rows[1:] if counted else rows)]),
        words=tuple(dict.fromkeys(words)),
        free=len(set(named)) >= _MOSTLY * len(named),
    )


def secret_texts(content: ExerciseContent) -> frozenset[str]:
    """Return what is typed in tests that are not public, by `normal_text`."""
    return frozenset(
        normal_text(test.spec.stdin)
        for test in content.tests
        if isinstance(test.spec, ProgramCase) and test.visibility is not Visibility.PUBLIC
    )


def normal_text(text: str) -> str:
    """Return a text without what does not count: blanks around words, empty lines at the end."""
    return _text(_rows(text.strip()))


def text_weight(text: str) -> tuple[int, int, float, str]:
    """Return how heavy a text is: fewest lines first, then few letters, then small numbers."""
    rows = _rows(text)
    words = [word for row in rows for word in row]
    numbers = [abs(_number(word)) for word in words if _NUMBER.fullmatch(word)]
    return len(rows), sum(map(len, words)), sum(numbers), text


def _numbers(rows: Sequence[Row]) -> Number | None:
    found = [_number(word) for row in rows for word in row if _NUMBER.fullmatch(word)]
    shape = infer([Seen(number) for number in found]) if found else None
    return shape if isinstance(shape, Number) else None


def _number(word: str) -> int | float:
    return float(word) if "." in word else int(word)


def _rows(text: str) -> Rows:
    return tuple(tuple(line.split(" ")) for line in text.rstrip().split("\n"))


def _text(rows: Rows) -> str:
    return "\n".join(" ".join(row).rstrip() for row in rows) + "\n"


def _replaced(rows: Rows, line: int, place: int, word: str) -> Rows:
    row = rows[line]
    return (*rows[:line], (*row[:place], word, *row[place + 1 :]), *rows[line + 1 :])
