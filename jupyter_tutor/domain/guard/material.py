"""What the leak guard looks for: what a solution says that the learner has not been shown."""

import ast
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jupyter_tutor.domain.diagnosis import VerifiedEdit
from jupyter_tutor.domain.guard.code import Feature, features_of, own_names, parse, skeleton_of
from jupyter_tutor.domain.guard.decoding import squash
from jupyter_tutor.domain.guard.forms import BUILT_IN
from jupyter_tutor.domain.guard.secrets import GuardAllowed, GuardSecrets
from jupyter_tutor.domain.guard.spans import read, spans, token_line

IDIOM: Final = 0.35
"""What a line counts that stands in every beginner's code; a whole leak counts 1."""
_MOST_PASSING = 8
_LEAST_SQUASHED = 10
_TELLING_EXPRESSION = 6.5
_TELLING_LINE = 2.5
_HUGE = 10**12


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a solution beside the learner's line it takes the place of.

    Attributes:
        before: The learner's line; "" when there is none.
        after: The line of the solution; "" when the learner's is to go.
        verified: Whether this one change mends the answer.
    """

    before: str
    after: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """A solution with names hidden.

    Attributes:
        statements: Form of each statement to what it tells.
        inlined: The same of statements with helper names taken out.
        novel: Those of both, and of what stands after what, that have not been shown.
        constants: The numbers in it that few programs have.
    """

    statements: dict[str, float]
    inlined: dict[str, float]
    novel: frozenset[str]
    constants: frozenset[str]

    def telling(self, form: str) -> float:
        """Say how much a statement tells; nothing if it is none of this program."""
        return self.statements.get(form) or self.inlined.get(form, 0.0)

    @property
    def weight(self) -> float:
        """What all of it tells."""
        return sum(self.statements.values())


@dataclass(frozen=True, slots=True)
class Material:
    """Secrets less what is allowed, ready to be compared.

    Attributes:
        known: Forms of everything that is allowed.
        known_hidden: The same with names hidden.
        named: Form of each secret feature with names, to (statement it belongs to, weight).
        programs: Whole solutions.
        changes: Line by line.
        moved: The lines the learner has that stand elsewhere in the solution.
        own: Names of the programmers', those in solutions included.
        learner: Names in the learner's own code.
        data: Names that are no functions.
        shown: Texts that are allowed, flat.
        tokens: The tokens of each allowed text, parted by blanks.
        mended: Forms of the lines that mend the answer, names hidden, that anybody would write
            only for this.
        skeletons: Whole solutions with their names numbered, none of them the learner's.
        squashed: Telling secret lines, squashed as `guard.decoding` does it.
    """

    known: frozenset[str]
    known_hidden: frozenset[str]
    named: dict[str, tuple[str, float]]
    programs: tuple[Program, ...]
    changes: tuple[Change, ...]
    moved: tuple[str, ...]
    learner: frozenset[str]
    own: frozenset[str]
    data: frozenset[str]
    shown: str
    tokens: tuple[str, ...]
    squashed: tuple[str, ...]
    skeletons: frozenset[str]
    mended: frozenset[str] = frozenset()


@lru_cache(maxsize=64)
def material_of(secrets: GuardSecrets, allowed: GuardAllowed) -> Material:
    """Compare secrets with what is allowed."""
    known, hidden = _allowed_forms(allowed)
    learner = allowed.learner[0] if allowed.learner else ""
    mended = tuple(_mended(allowed.learner, edit) for edit in secrets.edits)
    named: dict[str, tuple[str, float]] = {}
    for source in secrets.references:
        _gather(named, features_of(source), known, edit=False)
    for edit in secrets.edits:
        _gather(named, read(edit.after.strip()), known, edit=True)
    passing = secrets.passing[:_MOST_PASSING]
    programs = tuple(
        _program(source, hidden)
        for source in (*secrets.references, *filter(None, mended), *passing)
    )
    own, data = _names((*secrets.references, *allowed.learner, *allowed.given))
    return Material(
        known=known,
        known_hidden=hidden,
        named=named,
        programs=tuple(program for program in programs if program.statements),
        changes=tuple(_changes(secrets, allowed, learner)),
        moved=_moved(secrets, learner),
        learner=_names(allowed.learner)[0],
        own=own,
        data=data,
        shown=_flat(_all_texts(allowed)),
        tokens=tuple(token_line(text) for text in _all_texts(allowed)),
        squashed=tuple(_squashed(secrets, allowed)),
        skeletons=frozenset(map(skeleton_of, (*secrets.references, *mended, *passing)))
        - {"", *map(skeleton_of, (*allowed.learner, *allowed.given))},
        mended=frozenset(
            feature.hidden
            for edit in secrets.edits
            for feature in read(edit.after.strip())
            if feature.kind == "statement"
            and not feature.idiom
            and feature.weight >= _TELLING_LINE
            and feature.hidden not in hidden
        ),
    )


def _squashed(secrets: GuardSecrets, allowed: GuardAllowed) -> Iterator[str]:
    shown = squash("\n".join(_all_texts(allowed)))
    lines = [line for source in secrets.references for line in _code_lines(source)]
    for edit in secrets.edits:
        tree = parse(edit.after.strip().removesuffix(":").removeprefix("el") + ": pass")
        tree = tree or parse(edit.after.strip())
        lines += [ast.unparse(node) for node in ast.walk(tree or ast.parse("")) if _is_part(node)]
    for line in dict.fromkeys([*(edit.after.strip() for edit in secrets.edits), *lines]):
        flat = squash(line)
        long = len(flat) >= _LEAST_SQUASHED and re.search(r"[=<>+*%(\[]", flat)
        telling = bool(long) and any(
            not feature.idiom and feature.kind != "order" for feature in read(line)
        )
        if telling:
            ways = dict.fromkeys([flat, flat.removesuffix(":")])
            yield from (way for way in ways if way not in shown)


def _is_part(node: ast.AST) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id not in BUILT_IN
    return isinstance(node, ast.Compare | ast.BinOp | ast.Call | ast.BoolOp)


def _all_texts(allowed: GuardAllowed) -> tuple[str, ...]:
    return (*allowed.learner, *allowed.given, *allowed.tests, *allowed.texts)


def _flat(texts: Iterable[str]) -> str:
    return "\n".join(" ".join(text.split()) for text in texts)


def _allowed_forms(allowed: GuardAllowed) -> tuple[frozenset[str], frozenset[str]]:
    known: set[str] = set()
    hidden: set[str] = set()
    for source in (*allowed.learner, *allowed.given, *allowed.tests):
        for feature in read(source):
            known.add(feature.text)
            hidden.add(feature.hidden)
    for text in allowed.texts:
        for span in spans(text, frozenset()):
            if span.place in ("block", "inline"):
                for feature in read(span.code):
                    known.add(feature.text)
                    hidden.add(feature.hidden)
    return frozenset(known), frozenset(hidden)


def _gather(
    named: dict[str, tuple[str, float]],
    found: Sequence[Feature],
    known: frozenset[str],
    *,
    edit: bool,
) -> None:
    """Note what is new in a solution, and how much each piece of it gives away."""
    statements = {
        (each.group, each.inlined): each.text for each in found if each.kind == "statement"
    }
    for feature in found:
        if feature.kind == "order" or feature.text in known:
            continue
        statement = statements.get((feature.group, feature.inlined), feature.text)
        weight = 1.0
        if feature.idiom:
            whole = edit and (feature.kind == "statement" or feature.text in _sides(statement))
            weight = 1.0 if whole else IDIOM
        elif feature.weight < 1.0:
            weight = IDIOM
        old = named.get(feature.text)
        if old is None or old[1] < weight:
            named[feature.text] = statement, weight


def _sides(statement: str) -> set[str]:
    """Return the parts of a statement that say the most: what is assigned, returned, gone over."""
    parts = set()
    for sign in (" = ", " in ", "return ", "if ", "while ", "do "):
        before, found, after = statement.partition(sign)
        if found:
            parts |= {before, after}
    return parts


def _program(source: str, known: frozenset[str]) -> Program:
    statements: dict[str, float] = {}
    inlined: dict[str, float] = {}
    orders = set()
    for feature in features_of(source):
        if feature.kind == "order":
            if not feature.inlined:
                orders.add(feature.hidden)
        elif feature.kind == "expression" and feature.weight >= _TELLING_EXPRESSION:
            inlined[feature.hidden] = feature.weight
        elif feature.kind == "statement" and not feature.hidden.startswith("def("):
            forms = inlined if feature.inlined else statements
            forms[feature.hidden] = max(feature.weight, forms.get(feature.hidden, 0.0))
    novel = frozenset(form for form in (*statements, *inlined, *orders) if form not in known)
    constants = frozenset(number for form in statements for number in rare_numbers(form))
    return Program(statements, inlined, novel, constants)


def rare_numbers(form: str) -> set[str]:
    """Return the numbers of two digits and more in a form that are not round and common."""
    return set(re.findall(r"(?<![\w.])\d[\d.]+(?!\w)", form)) - {"10", "100", "1000", "0.5"}


def _names(sources: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names in sources, and those of them that hold data."""
    names: set[str] = set()
    functions: set[str] = set()
    for source in sources:
        tree = parse(source)
        if tree is None:
            continue
        names |= own_names(tree)
        functions |= {
            node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
    return frozenset(names - BUILT_IN), frozenset(names - BUILT_IN - functions)


def _mended(learner: tuple[str, ...], edit: VerifiedEdit) -> str:
    """Return the learner's answer with an edit made; "" when the line is not there."""
    for source in learner:
        lines = source.split("\n")
        place = edit.line - 1
        if not edit.before.strip() and place <= len(lines):
            lines.insert(place, edit.after)
            return "\n".join(lines)
        if place < len(lines) and lines[place].strip() == edit.before.strip():
            lines[place] = edit.after
            return "\n".join(lines)
    return ""


def _moved(secrets: GuardSecrets, learner: str) -> tuple[str, ...]:
    """Return the lines of the learner that a solution has in another order."""
    had = _code_lines(learner)
    moved: list[str] = []
    for source in secrets.references:
        common = [line for line in _code_lines(source) if line in had]
        mine = [line for line in had if line in common]
        matcher = difflib.SequenceMatcher(None, mine, common, autojunk=False)
        for tag, start, end, *_ in matcher.get_opcodes():
            if tag in ("delete", "replace"):
                moved += mine[start:end]
    theirs = {line for source in secrets.references for line in _code_lines(source)}
    gone = [line for line in had if line not in theirs] if moved else []
    return tuple(dict.fromkeys(moved + gone))


def _changes(secrets: GuardSecrets, allowed: GuardAllowed, learner: str) -> Iterator[Change]:
    for edit in secrets.edits:
        before, after = edit.before.strip(), edit.after.strip()
        yield Change(before, after, verified=True)
        if _folded(after) != after:
            yield Change(before, _folded(after), verified=True)
    had = _code_lines(learner)
    sources = (*allowed.learner, *allowed.given)
    shown = {line.removeprefix("el") for source in sources for line in _code_lines(source)}
    for source in secrets.references:
        for line in _code_lines(source):
            if line.removeprefix("el") not in shown:
                near = difflib.get_close_matches(line, had, n=1, cutoff=0.7)
                yield Change(near[0] if near else "", line)


class _Folder(ast.NodeTransformer):
    """Works out sums and products of numbers: `28000 * 0.2` is 5600."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Replace an operation on two numbers by its result."""
        self.generic_visit(node)
        match node:
            case ast.BinOp(
                left=ast.Constant(value=int(left) | float(left)),
                op=ast.Add() | ast.Sub() | ast.Mult() as op,
                right=ast.Constant(value=int(right) | float(right)),
            ) if abs(left) < _HUGE and abs(right) < _HUGE:
                values = {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}
                value = round(float(values[type(op)]), 9)
                return ast.Constant(int(value) if value == int(value) else value)
        return node


def _folded(line: str) -> str:
    """Return a line with its constants worked out."""
    head = line.endswith(":")
    tree = parse(f"{line.removeprefix('el')} pass" if head else line)
    if tree is None:
        return line
    text = ast.unparse(_Folder().visit(tree))
    return text.split("\n")[0] if head else text


def _code_lines(source: str) -> list[str]:
    """Return the statements of a source, one a line, without docstrings and comments."""
    tree = parse(source)
    if tree is None:
        return [line.strip() for line in source.split("\n") if line.strip()]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        match body:
            case [ast.Expr(value=ast.Constant()), _, *_]:
                del body[0]
    return [line.strip() for line in ast.unparse(tree).split("\n") if line.strip()]
