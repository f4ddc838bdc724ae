"""Edits of an answer: one splice of one cell's text, what it mends, and how likely it is the one.

They are made in a sandbox, from the answer's own text or with a statement of a program that passes,
and are plain data here: no learner's program is parsed in this process.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jupyter_tutor.domain.diagnosis import VerifiedEdit
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource


class EditKind(StrEnum):
    """The kinds of edits that are tried."""

    BOUNDARY = "boundary"
    COMPARISON = "comparison"
    LOOP_RANGE = "loop_range"
    INDEX = "index"
    SLICE = "slice"
    CONSTANT = "constant"
    TEXT = "text"
    START_VALUE = "start_value"
    ARITHMETIC = "arithmetic"
    BRACKETS = "brackets"
    SIGN = "sign"
    OFF_BY_ONE = "off_by_one"
    AUGMENTED = "augmented"
    LOGIC = "logic"
    OR_VALUES = "or_values"
    EXTRA_CONDITION = "extra_condition"
    EXTRA_OPERAND = "extra_operand"
    NAME = "name"
    FUNCTION_NAME = "function_name"
    FUNCTION = "function"
    METHOD = "method"
    CALL_BRACKETS = "call_brackets"
    CONVERSION = "conversion"
    EXTRA_CONVERSION = "extra_conversion"
    SWAPPED_ARGUMENTS = "swapped_arguments"
    SWAPPED_OPERANDS = "swapped_operands"
    ORDERING = "ordering"
    KEY = "key"
    ALIASING = "aliasing"
    SHARED_DEFAULT = "shared_default"
    UNUSED_RESULT = "unused_result"
    PRINTED = "printed"
    MISSING_RETURN = "missing_return"
    RETURN_IN_LOOP = "return_in_loop"
    RESET_IN_LOOP = "reset_in_loop"
    BLOCK_LEVEL = "block_level"
    STATEMENT_ORDER = "statement_order"
    EXTRA_STATEMENT = "extra_statement"
    ELIF = "elif"
    LOOP_KIND = "loop_kind"
    BREAK = "break"
    ENDLESS = "endless"
    EDGE_CASE = "edge_case"
    SYNTAX = "syntax"
    INDENTATION = "indentation"
    DONATED = "donated"
    GRAFTED = "grafted"


MOST_TEXT: Final = 4_000
"""Characters of an edit, beyond which it is not taken."""

_MENDS: Final[Mapping[EditKind, Mistake]] = {
    EditKind.BOUNDARY: Mistake.BORDER,
    EditKind.COMPARISON: Mistake.CONDITION,
    EditKind.LOOP_RANGE: Mistake.LOOP_RANGE,
    EditKind.INDEX: Mistake.INDEX,
    EditKind.SLICE: Mistake.INDEX,
    EditKind.CONSTANT: Mistake.CONSTANT,
    EditKind.TEXT: Mistake.CONSTANT,
    EditKind.START_VALUE: Mistake.START_VALUE,
    EditKind.ARITHMETIC: Mistake.OPERATOR,
    EditKind.BRACKETS: Mistake.OPERATOR,
    EditKind.SIGN: Mistake.SIGN,
    EditKind.OFF_BY_ONE: Mistake.OFF_BY_ONE,
    EditKind.AUGMENTED: Mistake.UPDATE,
    EditKind.LOGIC: Mistake.CONDITION,
    EditKind.OR_VALUES: Mistake.CONDITION,
    EditKind.EXTRA_CONDITION: Mistake.CONDITION,
    EditKind.EXTRA_OPERAND: Mistake.OPERATOR,
    EditKind.NAME: Mistake.WRONG_NAME,
    EditKind.FUNCTION_NAME: Mistake.NAME,
    EditKind.FUNCTION: Mistake.FUNCTION,
    EditKind.METHOD: Mistake.FUNCTION,
    EditKind.CALL_BRACKETS: Mistake.LOST_RESULT,
    EditKind.CONVERSION: Mistake.KIND,
    EditKind.EXTRA_CONVERSION: Mistake.EXTRA_STEP,
    EditKind.SWAPPED_ARGUMENTS: Mistake.CALL,
    EditKind.SWAPPED_OPERANDS: Mistake.OPERATOR,
    EditKind.ORDERING: Mistake.ORDER,
    EditKind.KEY: Mistake.KEY,
    EditKind.ALIASING: Mistake.CHANGED_ARGUMENTS,
    EditKind.SHARED_DEFAULT: Mistake.CHANGED_ARGUMENTS,
    EditKind.UNUSED_RESULT: Mistake.LOST_RESULT,
    EditKind.PRINTED: Mistake.PRINTED,
    EditKind.MISSING_RETURN: Mistake.NO_RETURN,
    EditKind.RETURN_IN_LOOP: Mistake.EARLY_RETURN,
    EditKind.RESET_IN_LOOP: Mistake.BLOCK,
    EditKind.BLOCK_LEVEL: Mistake.BLOCK,
    EditKind.STATEMENT_ORDER: Mistake.LINE_ORDER,
    EditKind.EXTRA_STATEMENT: Mistake.EXTRA_STEP,
    EditKind.ELIF: Mistake.CONDITION,
    EditKind.LOOP_KIND: Mistake.BLOCK,
    EditKind.BREAK: Mistake.EARLY_RETURN,
    EditKind.ENDLESS: Mistake.ENDLESS,
    EditKind.EDGE_CASE: Mistake.EDGE_CASE,
    EditKind.SYNTAX: Mistake.SYNTAX,
    EditKind.INDENTATION: Mistake.INDENTATION,
}

_LIKELY: Final[Mapping[EditKind, float]] = {
    EditKind.BOUNDARY: 1.0,
    EditKind.LOOP_RANGE: 0.8,
    EditKind.RETURN_IN_LOOP: 1.0,
    EditKind.RESET_IN_LOOP: 1.0,
    EditKind.PRINTED: 1.0,
    EditKind.UNUSED_RESULT: 1.0,
    EditKind.CALL_BRACKETS: 1.0,
    EditKind.OR_VALUES: 1.0,
    EditKind.SHARED_DEFAULT: 1.0,
    EditKind.FUNCTION_NAME: 1.0,
    EditKind.START_VALUE: 0.8,
    EditKind.NAME: 0.55,
    EditKind.KEY: 0.4,
    EditKind.CONVERSION: 0.5,
    EditKind.EXTRA_STATEMENT: 0.6,
    EditKind.EXTRA_OPERAND: 0.4,
    EditKind.OFF_BY_ONE: 0.6,
    EditKind.LOOP_KIND: 0.4,
    EditKind.EDGE_CASE: 0.1,
    EditKind.SYNTAX: 1.0,
    EditKind.INDENTATION: 1.0,
}
_USUALLY: Final = 0.7
_A_COPY: Final = "sorted("


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of an answer.

    Attributes:
        cell: Number of the answer cell, from 0.
        start: First character of the cell that goes, or before which the text is put in.
        end: The character after the last one that goes.
        text: What comes instead.
        line: 1-based line of the cell that is wrong.
        kind: What kind of edit it is.
        near: How much like the old text the new one is, 0 to 1.
        reach: First and last of the lines of which one has to run for the edit to make a difference
            to a call; None where it may make one anyway.
    """

    cell: int
    start: int
    end: int
    text: str
    line: int
    kind: EditKind
    near: float = 0.5
    reach: tuple[int, int] | None = None

    def concerns(self, lines: Collection[int]) -> bool:
        """Whether it can make a difference to a call that runs some lines of its cell."""
        if self.reach is None:
            return True
        first, last = self.reach
        return any(first <= line <= last for line in lines)

    def applied(self, source: str) -> str:
        """Return the text of the cell after the edit."""
        return source[: self.start] + self.text + source[self.end :]

    def answer(self, cells: tuple[CellSource, ...]) -> tuple[CellSource, ...]:
        """Return the cells of an answer after the edit."""
        return tuple(
            CellSource(cell.id, self.applied(cell.source)) if number == self.cell else cell
            for number, cell in enumerate(cells)
        )

    def is_apart(self, other: "Edit") -> bool:
        """Whether another edit is of the same cell, and neither touches what the other changes."""
        first, second = sorted((self, other), key=lambda each: (each.start, each.end))
        return self.cell == other.cell and first.end < second.start and first.line != second.line

    def joined(self, other: "Edit", cells: tuple[CellSource, ...]) -> "Edit":
        """Return this edit and another one that is apart from it as one edit, of no kind."""
        first, second = sorted((self, other), key=lambda each: each.start)
        between = cells[self.cell].source[first.end : second.start]
        return Edit(
            cell=self.cell,
            start=first.start,
            end=second.end,
            text=first.text + between + second.text,
            line=self.line,
            kind=EditKind.DONATED,
        )

    def fits(self, cells: tuple[CellSource, ...]) -> bool:
        """Whether it is an edit of these cells, and one of a sensible size."""
        if not 0 <= self.cell < len(cells):
            return False
        source = cells[self.cell].source
        ordered = 0 <= self.start <= self.end <= len(source)
        small = len(self.text) <= MOST_TEXT and 1 <= self.line <= source.count("\n") + 2
        return ordered and small and self.text != source[self.start : self.end]

    def likelihood(self, suspicion: float) -> float:
        """Return how likely it is the right one; only the order counts.

        Args:
            suspicion: Of its line, 0 to 1 (`spectrum.ochiai`).
        """
        given = self.kind in (EditKind.DONATED, EditKind.GRAFTED)
        likely = self.near if given else _LIKELY.get(self.kind, _USUALLY)
        return (0.2 + suspicion) * likely * (0.6 + 0.4 * self.near)


def mended(edit: Edit, seen: Mistake) -> Mistake:
    """Return the kind of mistake that an edit mends.

    Args:
        edit: The edit.
        seen: The kind that shows from outside, for edits that say nothing about it.
    """
    if edit.kind is EditKind.DONATED and edit.start == edit.end:
        return Mistake.MISSING_STEP
    if edit.kind is EditKind.LOOP_RANGE and edit.text.startswith(_A_COPY):
        # Items in order, or from a copy: where the order is right already, the copy mends it.
        return seen if seen is Mistake.ORDER else Mistake.WALK
    return _MENDS.get(edit.kind, seen)


def as_verified(edit: Edit, cell: CellSource, seen: Mistake) -> VerifiedEdit:
    """Return an edit with which an answer passed every test, in whole lines.

    Args:
        edit: The edit.
        cell: The cell it is of, as the learner wrote it.
        seen: The kind of mistake that shows from outside.
    """
    old, new = cell.source.split("\n"), edit.applied(cell.source).split("\n")
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    tail = 0
    while tail < min(len(old), len(new)) - first and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    before, after = old[first : len(old) - tail], new[first : len(new) - tail]
    inside = first + 1 <= edit.line <= first + max(len(before), 1)
    return VerifiedEdit(
        cell=cell.id,
        line=min(edit.line if inside else first + 1, len(old)),
        kind=edit.kind.value,
        mistake=mended(edit, seen),
        before="\n".join(before),
        after="\n".join(after),
        first=first + 1,
        removed=len(before),
    )
