"""Constructs of Python that an author may require or forbid in an answer, and rules about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ConstructKind(StrEnum):
    """What can be seen in the syntax tree of an answer, and what its name is.

    `CALL`: a call; the function as it is known (`sorted`, `math.sqrt`), or a method (`.sort`).
    `IMPORT`: a module, or a name out of one (`math`, `math.sqrt`).
    `LOOP`: `for` or `while`.
    `RECURSION`: a function that calls itself, by itself or by way of others.
    `BUILTIN`: any use of a built-in name, called or not.
    `NAME`: any identifier: variables, parameters, attributes, keywords, what is imported.
    `COMPREHENSION`: `list`, `set`, `dict` or `generator`.
    `FUNCTION` and `CLASS`: one that is defined.
    `STATEMENT`: a statement or expression by its keyword (`try`, `return`, `lambda`, ...).
    """

    CALL = "call"
    IMPORT = "import"
    LOOP = "loop"
    RECURSION = "recursion"
    BUILTIN = "builtin"
    NAME = "name"
    COMPREHENSION = "comprehension"
    FUNCTION = "function"
    CLASS = "class"
    STATEMENT = "statement"


class Demand(StrEnum):
    """What a rule asks of its constructs."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Construct:
    """Something to look for.

    Attributes:
        kind: What.
        name: Which one; empty for any. A call or import may end in `.*`: anything of that module.
    """

    kind: ConstructKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class SourceRule:
    """A test that looks at the answer's syntax tree and runs nothing of it.

    Attributes:
        demand: All of the constructs have to be there, any one of them, or none.
        constructs: At least one.
        message: What to tell who breaks it, per language code; empty for the tutor's own words.
        cell: Id of the only answer cell it looks at; empty for all of them.
        within: Name of the only function it looks into; empty for everywhere.
    """

    demand: Demand
    constructs: tuple[Construct, ...]
    message: Mapping[str, str] = field(default_factory=dict)
    cell: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A construct that stands in an answer.

    Attributes:
        kind: What.
        name: Which one (see `ConstructKind`).
        cell: Id of the answer cell.
        line: 1-based line in that cell.
        within: Names of the functions around it, outermost first.
    """

    kind: ConstructKind
    name: str
    cell: str
    line: int
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What stands in the answer cells, observed before any of them has run.

    Attributes:
        facts: In the order of cells and lines.
        unread: Ids of the cells that could not be read, as one with a syntax error can't.
    """

    facts: tuple[Fact, ...] = ()
    unread: tuple[str, ...] = ()
