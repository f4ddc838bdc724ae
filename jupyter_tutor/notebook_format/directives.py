"""Solution, starter and hidden-test regions inside code cells, as nbgrader users know them."""

import ast
import re
from dataclasses import dataclass
from difflib import get_close_matches

STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")

_DIRECTIVE = re.compile(
    r"^(?P<indent>[ \t]*)#+[ \t]*(?P<edge>BEGIN|END) (?P<name>SOLUTION|STARTER|HIDDEN TESTS)[ \t]*$"
)
_LOOKALIKE = re.compile(r"\b(BEGIN|END)\s+(SOLUTION|STARTER|HIDDEN\s+TESTS?)\b", re.IGNORECASE)
# Comments of people's own are seldom all in capitals.
_COMMENT = re.compile(r"^[ \t]*#+[ \t]*([A-Z][A-Z_ \t-]*[A-Z])[ \t]*$")
_DIRECTIVES = tuple(
    f"{edge} {name}"
    for edge in ("BEGIN", "END")
    for name in ("SOLUTION", "STARTER", "HIDDEN TESTS")
)
_NEAR = 0.8
_COMMENTED = re.compile(r"^([ \t]*)# ?(.*)$")


class DirectiveError(ValueError):
    """A region is not well formed; the text names the line (1-based) and what would be right."""


@dataclass(frozen=True, slots=True)
class Region:
    """A run of lines of a cell: inside a directive's region, or (`name` is None) outside of any."""

    name: str | None
    indent: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitTests:
    """An assert cell, taken apart.

    Attributes:
        public: What learners may see.
        hidden: The hidden test as a cell of its own: the hidden regions, with what the public part
            prepares but without its asserts; None when there is no hidden region.
        public_asserts: Number of asserts in the public part.
        hidden_asserts: Number of asserts in the hidden regions.
    """

    public: str
    hidden: str | None
    public_asserts: int
    hidden_asserts: int


def has_directive(source: str) -> bool:
    """Return whether a line looks like a directive, well formed or not."""
    return _LOOKALIKE.search(source) is not None


def is_directive_line(line: str) -> bool:
    """Return whether a line is a well-formed directive."""
    return _DIRECTIVE.match(line) is not None


def regions(source: str, allowed: tuple[str, ...]) -> list[Region]:
    """Take a cell apart into its regions.

    Args:
        source: The cell's source.
        allowed: Names of the regions this cell may have.

    Returns:
        The regions in order; directive lines are in none of them.

    Raises:
        DirectiveError: A directive is misspelt, nested, not closed, or not allowed here.
    """
    found: list[Region] = []
    inside: tuple[str, str, int] | None = None
    lines: list[str] = []
    for number, line in enumerate(source.split("\n"), start=1):
        match = _DIRECTIVE.match(line)
        if match is None:
            _refuse_lookalike(line, number)
            lines.append(line)
            continue
        name, edge = match["name"], match["edge"]
        if name not in allowed:
            raise DirectiveError(f"line {number}: a {name} region does not belong in this cell")
        if edge == "BEGIN" and inside is not None:
            raise DirectiveError(
                f"line {number}: BEGIN {name} inside the {inside[0]} region of line {inside[2]}; "
                "regions cannot be nested, close the first one before"
            )
        if edge == "END" and (inside is None or inside[0] != name):
            raise DirectiveError(f"line {number}: END {name} without a BEGIN {name} before it")
        if inside is not None:
            found.append(Region(inside[0], inside[1], tuple(lines)))
        elif lines:
            found.append(Region(None, "", tuple(lines)))
        lines = []
        inside = (name, match["indent"], number) if edge == "BEGIN" else None
    if inside is not None:
        raise DirectiveError(
            f"line {inside[2]}: the {inside[0]} region is not closed; add ### END {inside[0]}"
        )
    if lines:
        found.append(Region(None, "", tuple(lines)))
    return found


def split_answer(source: str) -> tuple[str, str]:
    """Return the reference solution and the starter of an answer cell.

    Raises:
        DirectiveError: A region is not well formed, or a starter has no solution right before it.
    """
    parts = regions(source, ("SOLUTION", "STARTER"))
    if all(part.name is None for part in parts):
        return source.rstrip(), "\n".join(STUB)
    reference: list[str] = []
    starter: list[str] = []
    for index, part in enumerate(parts):
        following = parts[index + 1].name if index + 1 < len(parts) else None
        if part.name is None:
            reference += part.lines
            starter += part.lines
        elif part.name == "SOLUTION":
            reference += part.lines
            if following != "STARTER":
                starter += [part.indent + line for line in STUB]
        else:
            if index == 0 or parts[index - 1].name != "SOLUTION":
                raise DirectiveError(
                    "a STARTER region must stand right after the SOLUTION region it replaces"
                )
            starter += [_uncommented(line) for line in part.lines]
    return "\n".join(reference).rstrip(), "\n".join(starter).rstrip()


def split_tests(source: str) -> SplitTests:
    """Take an assert cell apart into its public part and its hidden test.

    Raises:
        DirectiveError: A region is not well formed.
    """
    parts = regions(source, ("HIDDEN TESTS",))
    public = [line for part in parts if part.name is None for line in part.lines]
    everything = [line for part in parts for line in part.lines]
    public_source = "\n".join(public).strip("\n")
    if len(public) == len(everything) and all(part.name is None for part in parts):
        return SplitTests(public_source, None, _asserts(public_source), 0)
    judging = _assert_lines("\n".join(public))
    hidden: list[str] = []
    position = 0
    for part in parts:
        if part.name is not None:
            hidden += part.lines
            continue
        for line in part.lines:
            position += 1
            if position not in judging:
                hidden.append(line)
    total, shown = _asserts("\n".join(everything)), _asserts(public_source)
    return SplitTests(public_source, "\n".join(hidden).strip("\n"), shown, total - shown)


def _refuse_lookalike(line: str, number: int) -> None:
    misspelt = _COMMENT.match(line)
    if misspelt is not None and _LOOKALIKE.search(line) is None:
        near = get_close_matches(misspelt[1], _DIRECTIVES, n=1, cutoff=_NEAR)
        if near:
            raise DirectiveError(
                f"line {number}: '{line.strip()}' is no directive; did you mean ### {near[0]}?"
            )
    match = _LOOKALIKE.search(line)
    if match is not None:
        words = " ".join(match[0].upper().split())
        words = words + "S" if words.endswith("TEST") else words
        raise DirectiveError(
            f"line {number}: write the directive alone on its line, as ### {words}"
        )


def _uncommented(line: str) -> str:
    if not line.strip():
        return ""
    match = _COMMENTED.match(line)
    if match is None:
        raise DirectiveError(
            f"the starter line {line.strip()[:40]!r} must be a comment: put '# ' before it"
        )
    return f"{match[1]}{match[2]}".rstrip()


def _assert_lines(source: str) -> set[int]:
    """Return the 1-based lines that top-level assert statements alone take up."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return set()
    taken: set[int] = set()
    others: set[int] = set()
    for statement in statements:
        lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
        (taken if isinstance(statement, ast.Assert) else others).update(lines)
    return taken - others


def _asserts(source: str) -> int:
    try:
        return sum(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(source)))
    except SyntaxError:
        return len(re.findall(r"^[ \t]*assert\b", source, re.MULTILINE))
