"""Edits of names, calls and values that mend mistakes beginners make.

Like `mutating`, of which this is a part: nothing is run.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from .splicing import LOOPS, Source, Splice, local_names

_MOST_NAMES: Final = 12
_METHODS: Final[dict[str, tuple[str, ...]]] = {
    "append": ("extend", "add"),
    "extend": ("append", "update"),
    "add": ("append",),
    "lower": ("upper", "casefold", "strip"),
    "upper": ("lower", "capitalize", "title"),
    "capitalize": ("title", "upper"),
    "title": ("capitalize", "upper"),
    "strip": ("lstrip", "rstrip"),
    "lstrip": ("strip", "rstrip"),
    "rstrip": ("strip", "lstrip"),
    "keys": ("values", "items"),
    "values": ("keys", "items"),
    "items": ("keys", "values"),
    "isalpha": ("isalnum", "isdigit"),
    "isdigit": ("isalpha", "isalnum"),
    "isalnum": ("isalpha", "isdigit"),
    "isupper": ("islower",),
    "islower": ("isupper",),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "find": ("index", "rfind"),
    "index": ("find",),
    "union": ("intersection", "difference"),
    "intersection": ("union", "difference"),
    "difference": ("intersection", "symmetric_difference"),
    "remove": ("pop", "discard"),
    "pop": ("remove",),
}
_BUILT_IN: Final[dict[str, tuple[str, ...]]] = {
    "min": ("max",),
    "max": ("min",),
    "any": ("all",),
    "all": ("any",),
    "sum": ("len", "max"),
    "len": ("sum",),
    "int": ("round", "float"),
    "float": ("int",),
    "round": ("int",),
    "list": ("set", "sorted", "tuple"),
    "set": ("list",),
    "tuple": ("list",),
    "sorted": ("reversed", "list"),
    "reversed": ("sorted",),
    "str": ("repr",),
}
_CONVERSIONS: Final = ("int", "float", "str", "list", "abs", "round", "sorted", "set", "tuple")
_METHOD_NAMES: Final = frozenset(_METHODS) | {
    "split", "join", "replace", "count", "copy", "sort", "reverse", "swapcase", "splitlines"
}  # fmt: skip


def of_call(source: Source, node: ast.AST) -> Iterator[Splice]:
    """Change what is called, or what it is given."""
    assert isinstance(node, ast.Call)
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    arguments = [source.of(each) for each in node.args]
    if name == "range":
        yield from _range(source, node, arguments)
    if name == "print":
        return
    for number in range(len(arguments) - 1):
        swapped = [*arguments]
        swapped[number], swapped[number + 1] = swapped[number + 1], swapped[number]
        first, last = source.span(node.args[0])[0], source.span(node.args[-1])[1]
        yield Splice(first, last, ", ".join(swapped), node.lineno, "swapped_arguments")
    for other in _BUILT_IN.get(name, ()):
        yield source.replaced(node.func, other, "function", 0.4)
    if name in (*_CONVERSIONS, "reversed") and len(arguments) == 1 and not node.keywords:
        text = source.fitting(node, arguments[0])
        yield source.replaced(node, text, "extra_conversion", 0.3)
    if name in ("sorted", "max", "min") and arguments:
        yield from _ordering(source, node)
    if isinstance(node.func, ast.Attribute):
        yield from _method(source, node, node.func)
    if name == "input":
        for kind in ("int", "float"):
            yield source.replaced(node, f"{kind}({source.of(node)})", "conversion", 0.8)


def _range(source: Source, node: ast.Call, given: list[str]) -> Iterator[Splice]:
    if not 1 <= len(given) <= 3 or node.keywords:
        return
    start, stop, step = ("0", given[0], "") if len(given) == 1 else (*given[:2], "".join(given[2:]))
    tail = f", {step}" if step else ""
    made = [
        f"{start}, {stop} + 1{tail}",
        f"{start}, {stop} - 1{tail}",
        f"{start} + 1, {stop}{tail}",
        f"{start} - 1, {stop}{tail}",
        f"1, {stop} + 1{tail}",
        f"1, {stop}{tail}",
        f"0, {stop}{tail}",
    ]
    if step:
        made += [f"{start}, {stop}, -{step}", f"{start}, {stop}", f"{start} + 1, {stop} + 1{tail}"]
    else:
        made += [f"{stop} - 1, {start} - 1, -1", f"{stop}, {start}, -1", f"{start}, {stop}, 2"]
    if not stop.startswith("len("):
        made.append(f"len({stop})")
    first, last = source.span(node.args[0])[0], source.span(node.args[-1])[1]
    for text in dict.fromkeys(made):
        short = text.removeprefix("0, ") if not step else text
        short = re.sub(r"(?<![\w.)\]])0 ([+]) 1", "1", short).replace("0 - 1", "-1")
        if short != source.text[first:last]:
            yield Splice(first, last, short, node.lineno, "loop_range")


def _ordering(source: Source, node: ast.Call) -> Iterator[Splice]:
    """Add or leave out `reverse` or `key`."""
    positions = [source.span(each) for each in (*node.args, *node.keywords)]
    end = max(last for _, last in positions)
    given = {each.arg for each in node.keywords}
    if "reverse" not in given and isinstance(node.func, ast.Name) and node.func.id == "sorted":
        yield Splice(end, end, ", reverse=True", node.lineno, "ordering")
    if "key" not in given:
        for key in ("len", "str.lower", "lambda pair: pair[1]"):
            yield Splice(end, end, f", key={key}", node.lineno, "ordering", 0.3)
    for number, keyword in enumerate(node.keywords):
        before = source.span((*node.args, *node.keywords)[len(node.args) + number - 1])[1]
        yield Splice(before, source.span(keyword)[1], "", node.lineno, "ordering")


def _method(source: Source, node: ast.Call, function: ast.Attribute) -> Iterator[Splice]:
    end = source.span(function)[1]
    start = end - len(function.attr)
    if source.text[start:end] != function.attr:
        return
    for other in _METHODS.get(function.attr, ()):
        yield Splice(start, end, other, node.lineno, "method")
    if not node.args and function.attr in ("lower", "upper", "strip", "keys", "values", "copy"):
        yield source.replaced(node, source.of(function.value), "method", 0.3)
    if function.attr == "split":
        first = source.span(function)[1]
        for text in ("()", '(" ")', '(",")'):
            yield Splice(first, source.span(node)[1], text, node.lineno, "method")


def of_name(source: Source, node: ast.AST) -> Iterator[Splice]:
    """Put another name, or call, convert or iterate over this one."""
    assert isinstance(node, ast.Name)
    function, above = source.function(node), source.parent(node)
    scope: ast.AST = function or source.tree
    parameters, others = local_names(scope)
    if isinstance(node.ctx, ast.Store) and not isinstance(above, ast.AugAssign | ast.Assign):
        return
    if isinstance(above, ast.Call) and above.func is node:
        return
    for name in [*parameters, *others][:_MOST_NAMES]:
        if name != node.id:
            yield source.replaced(node, name, "name")
    if isinstance(node.ctx, ast.Store):
        return
    if isinstance(above, LOOPS) and getattr(above, "iter", None) is node:
        yield source.replaced(node, f"range({node.id})", "loop_range")
        yield source.replaced(node, f"range(len({node.id}))", "loop_range")
        yield source.replaced(node, f"{node.id}[1:]", "loop_range", 0.3)
        yield source.replaced(node, f"sorted({node.id})", "loop_range", 0.2)
        yield source.replaced(node, f"{node.id}.items()", "method", 0.3)
        return
    if isinstance(above, ast.Assign | ast.Return | ast.keyword):
        yield source.replaced(node, f"{node.id} + 1", "off_by_one", 0.3)
        yield source.replaced(node, f"{node.id} - 1", "off_by_one", 0.3)
        yield source.replaced(node, f"-{node.id}", "sign", 0.2)
        yield source.replaced(node, f"not {node.id}", "logic", 0.2)
        for word in ("list", "sorted", "set", "len", "str", "int", "sum", "tuple"):
            kind = "aliasing" if word == "list" else "conversion"
            yield source.replaced(node, f"{word}({node.id})", kind, 0.3)
        yield source.replaced(node, f"{node.id}.copy()", "aliasing", 0.3)
    if function is not None or isinstance(above, ast.Assign | ast.BinOp | ast.Compare | ast.Call):
        for word in ("int", "str", "len", "float"):
            yield source.replaced(node, f"{word}({node.id})", "conversion", 0.2)


def of_value(source: Source, node: ast.AST) -> Iterator[Splice]:
    """Change what is returned or assigned as a whole."""
    value = getattr(node, "value", None)
    if not isinstance(value, ast.BinOp | ast.Call | ast.Subscript | ast.Compare | ast.BoolOp):
        return
    text = source.of(value)
    if isinstance(value, ast.Compare | ast.BoolOp):
        yield source.replaced(value, f"not ({text})", "logic", 0.3)
        return
    yield source.replaced(value, f"{text} + 1", "off_by_one", 0.3)
    yield source.replaced(value, f"{text} - 1", "off_by_one", 0.3)
    for word in ("int", "abs", "list", "sorted", "str", "float", "len"):
        yield source.replaced(value, f"{word}({text})", "conversion", 0.2)
    yield source.replaced(value, f"round({text}, 2)", "conversion", 0.2)


def of_attribute(source: Source, node: ast.AST) -> Iterator[Splice]:
    """Call a method that is only named."""
    assert isinstance(node, ast.Attribute)
    above = source.parent(node)
    called = isinstance(above, ast.Call) and above.func is node
    if not called and isinstance(node.ctx, ast.Load) and node.attr in _METHOD_NAMES:
        yield source.replaced(node, f"{source.of(node)}()", "call_brackets", 0.9)
