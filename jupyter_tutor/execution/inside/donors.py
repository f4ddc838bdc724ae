"""Programs that pass, beside one that does not: which of them are alike, and what corresponds.

Nothing is run here.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice, product
from typing import Final

from .splicing import FUNCTIONS, SCOPES, Function, Source, local_names

_MOST_DONORS: Final = 8
_MOST_WAYS: Final = 4
_MOST_TRIED: Final = 300
_WORDS: Final = re.compile(r"\w+|[^\w\s]")


def nearest(source: Source, donors: Iterable[str]) -> list[ast.Module]:
    """Return the programs most like a cell, the likest first; what cannot be read is left out."""
    own = words_of(source.text)
    ranked = sorted(dict.fromkeys(donors), key=lambda each: -likeness(own, words_of(each)))
    return list(islice(_trees(ranked), _MOST_DONORS))


def _trees(texts: Iterable[str]) -> Iterator[ast.Module]:
    for text in texts:
        with suppress(SyntaxError, ValueError, MemoryError, RecursionError):
            yield ast.parse(text)


def functions(tree: ast.Module) -> list[Function]:
    """Return the functions of a program."""
    return [each for each in ast.walk(tree) if isinstance(each, FUNCTIONS)]


def partner_of(answer: ast.Module, ours: ast.AST, donor: ast.Module) -> ast.AST | None:
    """Return what corresponds to a function in a donor, by name or else by position."""
    if not isinstance(ours, FUNCTIONS):
        return donor
    theirs, own = functions(donor), functions(answer)
    named = {each.name for each in own}
    for each in theirs:
        if each.name == ours.name:
            return each
    known = {each.name for each in theirs}
    others = [each for each in theirs if each.name not in named]
    strangers = [each for each in own if each.name not in known]
    return dict(zip(strangers, others, strict=False)).get(ours)


def namings(theirs: ast.AST, ours: ast.AST) -> Iterator[dict[str, str]]:
    """Yield ways to give their names ours, the likeliest first."""
    parameters, others = local_names(theirs)
    own_parameters, own_others = local_names(ours)
    certain = dict(zip(parameters, own_parameters, strict=False))
    if isinstance(theirs, FUNCTIONS) and isinstance(ours, FUNCTIONS):
        certain[theirs.name] = ours.name
    roles, own_roles = _roles(theirs), _roles(ours)
    choices: list[list[str]] = []
    for name in others:
        alike = [each for each in own_others if own_roles.get(each) == roles.get(name)]
        rest = [each for each in own_others if each not in alike]
        same = [name] if name in own_others else []
        choices.append([*dict.fromkeys([*same, *alike, *rest, name])][:_MOST_WAYS])
    made, seen = 0, set()
    for chosen in islice(product(*choices), _MOST_TRIED):
        if len(set(chosen)) < len(chosen) and len(own_others) >= len(others):
            continue
        if chosen not in seen:
            seen.add(chosen)
            yield {**certain, **dict(zip(others, chosen, strict=True))}
            made += 1
        if made >= _MOST_WAYS:
            return
    if not made:
        yield {
            **certain,
            **{name: options[0] for name, options in zip(others, choices, strict=True)},
        }


def _roles(function: ast.AST) -> dict[str, str]:
    """Return what the names of a function are first used for."""
    roles: dict[str, str] = {}
    for node in own_nodes(function):
        match node:
            case ast.For(target=ast.Name(id=name), iter=over):
                counts = isinstance(over, ast.Call) and getattr(over.func, "id", "") == "range"
                roles.setdefault(name, "count" if counts else "item")
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                kind = type(value).__name__
                if isinstance(value, ast.Constant):
                    kind = type(value.value).__name__
                roles.setdefault(name, kind)
    return roles


def in_names(text: str, names: dict[str, str]) -> str:
    """Put names in the place of others, but not after a dot or between quotes."""
    if not names:
        return text
    words = "|".join(map(re.escape, names))
    pattern = rf"""(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?<![.\w])(?:{words})(?!\w)"""
    return re.sub(pattern, lambda match: names.get(match[0], match[0]), text)


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in a function in order, but not what stands in functions in it."""
    left: list[ast.AST] = list(reversed(getattr(function, "body", [])))
    while left:
        node = left.pop()
        if isinstance(node, SCOPES):
            continue
        yield node
        left += reversed(list(ast.iter_child_nodes(node)))


def words_of(text: str) -> "Counter[str]":
    """Return what a piece of program consists of, without regard to order."""
    return Counter(_WORDS.findall(text))


def likeness(first: "Counter[str]", second: "Counter[str]") -> float:
    """Return how much two pieces have in common, 0 to 1."""
    shared, every = (first & second).total(), (first | second).total()
    return shared / every if every else 0.0
