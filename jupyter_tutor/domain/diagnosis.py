"""What is known of an answer that fails: facts that were observed, never guesses.

A line is named only where an edit of it made every test pass, secret ones included. What the edit
is stays a secret below the rung that shows code: models of low rungs are not told, and the guard
keeps it out of what any model says.
"""

from dataclasses import dataclass
from enum import StrEnum

from jupyter_tutor.domain.mistakes import Mistake


class Showing(StrEnum):
    """What an answer shows at an input, where the reference shows a value or an output.

    `ARGUMENTS`: the right value, but it changes what it is called with.
    """

    VALUE = "value"
    OUTPUT = "output"
    ERROR = "error"
    ENDLESS = "endless"
    ARGUMENTS = "arguments"


@dataclass(frozen=True, slots=True)
class Counterexample:
    """An input on which an answer and the reference differ, as small as could be found.

    Attributes:
        call: The call as text, such as `median([2, 1])`, or what is typed into a program.
        expected: What the reference gives, as text.
        got: What the answer gives, as text, or the exception it raises; empty when it did not come
            to an end.
        test: Name of the public test it is, or "" when it was made afresh: what a secret test asks
            is never shown.
        showing: What `got` is.
        program: Whether `call` is what is typed into a program.
    """

    call: str
    expected: str
    got: str
    test: str = ""
    showing: Showing = Showing.VALUE
    program: bool = False


@dataclass(frozen=True, slots=True)
class VerifiedEdit:
    """One edit with which the answer passes every test.

    Attributes:
        cell: Id of the answer cell.
        line: 1-based line in that cell that is changed, or before which something is missing.
        kind: The kind of edit, such as "boundary", or "donated".
        mistake: The kind of mistake that this edit mends.
        before: The text of the lines that go, or "" when only something is put in.
        after: The text that comes in their place. A secret.
        first: 1-based number of the first line of `before`, or before which `after` is put in. It
            differs from `line` where a step has to be moved.
        removed: How many lines `before` is.
    """

    cell: str
    line: int
    kind: str
    mistake: Mistake
    before: str
    after: str
    first: int = 0
    removed: int = 1

    def applied(self, source: str) -> str:
        """Return the text of the cell after the edit."""
        lines = source.split("\n")
        start = (self.first or self.line) - 1
        put_in = self.after.split("\n") if self.after or self.removed else []
        return "\n".join([*lines[:start], *put_in, *lines[start + self.removed :]])


@dataclass(frozen=True, slots=True)
class ValueQuestion:
    """A value of the answer's own at the failing input, to ask the learner about.

    Attributes:
        cell: Id of the answer cell.
        line: 1-based line in that cell.
        name: The variable, or the text of the expression.
        value: What it is there, as text.
        call: With which input.
    """

    cell: str
    line: int
    name: str
    value: str
    call: str


@dataclass(frozen=True, slots=True)
class Region:
    """Lines that failing runs pass and passing ones do not, most suspicious first.

    Attributes:
        cell: Id of the answer cell.
        lines: 1-based lines in that cell. None of them is "the" mistake.
        function: The function they stand in, or "".
    """

    cell: str
    lines: tuple[int, ...]
    function: str = ""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was found out within the time there was.

    Attributes:
        mistake: The kind of mistake, as far as it shows.
        counterexample: The smallest input that fails.
        verified: An edit that mends it. Its text is a secret.
        also: A second edit, elsewhere, without which `verified` is not enough. Likewise a secret.
        region: Where to look, when no edit was found.
        question: A value to think about.
        seconds: How long it took.
    """

    mistake: Mistake
    counterexample: Counterexample | None = None
    verified: VerifiedEdit | None = None
    region: Region | None = None
    question: ValueQuestion | None = None
    seconds: float = 0.0
    also: VerifiedEdit | None = None

    @property
    def edits(self) -> tuple[VerifiedEdit, ...]:
        """The edits that mend it together, in an order in which they can be applied."""
        found = [edit for edit in (self.verified, self.also) if edit is not None]
        # From the end of a cell on, so that earlier lines keep their numbers; what is put in before
        # a line comes after what replaces that line.
        return tuple(sorted(found, key=lambda edit: (-(edit.first or edit.line), not edit.removed)))
