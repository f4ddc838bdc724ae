"""Edits of expressions that mend mistakes beginners make: operators, bounds, constants, names.

Nothing is run here: a syntax tree goes in, splices of its text come out, in the order of the text.
Which of them is likely is decided elsewhere.
"""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from .rearranging import rearrangements
from .renaming import of_attribute, of_call, of_name, of_value
from .splicing import FUNCTIONS, Source, Splice, local_names

MOST_EDITS: Final = 4_000
_LONG_TEXT: Final = 200
_LARGE: Final = 2**60

_OPERATOR = re.compile(
    r"not\s+in\b|is\s+not\b|\*\*|//|<<|>>|<=|>=|==|!=|[-+*/%<>&|^@]|\bin\b|\bis\b|\band\b|\bor\b"
)
_BOUNDARIES: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_COMPARISONS: Final[dict[str, tuple[str, ...]]] = {
    "<": (">", ">=", "==", "!="),
    "<=": (">=", ">", "==", "!="),
    ">": ("<", "<=", "==", "!="),
    ">=": ("<=", "<", "==", "!="),
    "==": ("!=", "<=", ">=", "in", "<", ">"),
    "!=": ("==", "<", ">", "not in"),
    "in": ("not in", "=="),
    "not in": ("in", "!="),
    "is": ("==",),
    "is not": ("!=",),
}
_ARITHMETIC: Final[dict[str, tuple[str, ...]]] = {
    "+": ("-", "*"),
    "-": ("+", "/"),
    "*": ("**", "+", "/"),
    "/": ("//", "*", "%"),
    "//": ("/", "%"),
    "%": ("//", "/"),
    "**": ("*",),
}


def mutations(source: Source) -> Iterator[Splice]:
    """Yield edits of one cell, all of expressions first, then those of statements."""
    return islice(_every(source), MOST_EDITS)


def _every(source: Source) -> Iterator[Splice]:
    for node in _nodes(source.tree):
        for make in _OF.get(type(node), ()):
            yield from make(source, node)
    yield from rearrangements(source)


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in the order of the text, but nothing within an f-string.

    Before Python 3.12 the places of what stands in one are not told.
    """
    left = [tree]
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, ast.JoinedStr):
            left += reversed(list(ast.iter_child_nodes(node)))


def _operator(source: Source, left: ast.AST, right: ast.AST) -> tuple[int, int, str] | None:
    """Return where an operator stands between two operands, and which it is."""
    start, end = source.span(left)[1], source.span(right)[0]
    match = _OPERATOR.search(source.text, start, end)
    if match is None or "#" in source.text[start:end]:
        return None
    return match.start(), match.end(), " ".join(match[0].split())


def _compare(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.Compare)
    line = node.lineno
    for left, right in zip([node.left, *node.comparators], node.comparators, strict=False):
        place = _operator(source, left, right)
        if place is None:
            continue
        start, end, word = place
        if word in _BOUNDARIES:
            yield Splice(start, end, _BOUNDARIES[word], line, "boundary")
        for other in _COMPARISONS.get(word, ()):
            yield Splice(start, end, other, line, "comparison")
        if len(node.comparators) == 1 and word in ("in", "not in"):
            text = f"{source.of(right)} {word} {source.of(left)}"
            yield source.replaced(node, text, "swapped_operands")
    if len(node.comparators) == 1 and isinstance(node.comparators[0], ast.Name | ast.Call):
        for side in (node.left, node.comparators[0]):
            for method in ("lower()", "strip()"):
                text = source.fitting(side, source.of(side))
                yield source.replaced(side, f"{text}.{method}", "method", 0.2)


def _binary(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.BinOp)
    yield from _grid(source, node)
    place = _operator(source, node.left, node.right)
    if place is None:
        return
    start, end, word = place
    for other in _ARITHMETIC.get(word, ()):
        yield Splice(start, end, other, node.lineno, "arithmetic")
    left, right = source.of(node.left), source.of(node.right)
    if word in ("-", "/", "//", "%", "**", "+"):
        text = f"{source.fitting(node.left, right)} {word} {source.fitting(node.right, left)}"
        yield source.replaced(node, text, "swapped_operands", 0.4)
    if isinstance(node.right, ast.BinOp) and word in "+-":  # a + b / c
        inner = _operator(source, node.right.left, node.right.right)
        if inner is not None:
            first, last = source.span(node)[0], source.span(node.right.left)[1]
            text = f"({source.text[first:last]})"
            yield Splice(first, last, text, node.lineno, "brackets")
    if isinstance(node.left, ast.BinOp) and word in "+-":  # a / b + c
        first, last = source.span(node.left.right)[0], source.span(node)[1]
        text = f"({source.text[first:last]})"
        yield Splice(first, last, text, node.lineno, "brackets")
    for side in (node.left, node.right):
        yield source.replaced(node, source.of(side), "extra_operand", 0.2)
        if word == "+" and not isinstance(side, ast.Constant):
            yield source.replaced(side, f"str({source.of(side)})", "conversion", 0.3)


def _unary(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.UnaryOp)
    kind = "logic" if isinstance(node.op, ast.Not) else "sign"
    if not isinstance(node.operand, ast.Constant) or kind == "logic":
        yield source.replaced(node, source.fitting(node, source.of(node.operand)), kind)


def _logic(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.BoolOp)
    word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    for number, (left, right) in enumerate(zip(node.values, node.values[1:], strict=False)):
        place = _operator(source, left, right)
        if place is not None and place[2] == word:
            yield Splice(place[0], place[1], other, node.lineno, "logic")
        if number == 0 and len(node.values) == 2:
            yield source.replaced(node, source.of(left), "extra_condition", 0.4)
            yield source.replaced(node, source.of(right), "extra_condition", 0.4)
    for value in node.values:
        text = source.fitting(value, source.of(value))
        yield source.replaced(value, f"not {text}", "logic", 0.3)
    yield from _or_values(source, node)


def _or_values(source: Source, node: ast.BoolOp) -> Iterator[Splice]:
    """Mend `x == "a" or "b"`."""
    first, *others = node.values
    if not isinstance(first, ast.Compare) or not isinstance(first.ops[0], ast.Eq | ast.NotEq):
        return
    if all(isinstance(each, ast.Constant | ast.Name) for each in others):
        options = ", ".join(source.of(each) for each in (first.comparators[0], *others))
        word = "in" if isinstance(first.ops[0], ast.Eq) else "not in"
        text = f"{source.of(first.left)} {word} ({options})"
        yield source.replaced(node, text, "or_values", 0.8)


def _condition(source: Source, node: ast.AST) -> Iterator[Splice]:
    test = getattr(node, "test", None)
    if test is None:
        return
    if not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
        simple = isinstance(test, ast.Name | ast.Call | ast.Attribute | ast.Subscript)
        text = source.of(test) if simple else f"({source.of(test)})"
        yield source.replaced(test, f"not {text}", "logic", 0.4)


def _constant(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.Constant)
    value, above = node.value, source.parent(node)
    if isinstance(above, ast.Expr | ast.JoinedStr | ast.FormattedValue):
        return
    kind = "constant"
    if isinstance(above, ast.Assign) and source.loop(node) is None:
        kind = "start_value"
    if isinstance(above, ast.Subscript):
        kind = "index"
    texts: list[str] = []
    if isinstance(value, bool):
        texts = [str(not value)]
    elif isinstance(value, int) and abs(value) < _LARGE:
        others = dict.fromkeys((value + 1, value - 1, 0, 1, -1 if value == 1 else -value))
        texts = [str(other) for other in others if other != value]
    elif isinstance(value, str) and len(value) < _LONG_TEXT:
        texts, kind = list(map(repr, _other_texts(value))), "text" if kind == "constant" else kind
    for text in texts:
        negative = text.startswith("-")
        yield source.replaced(node, source.fitting(node, text) if negative else text, kind)
    yield from _unlikely(source, node, kind)


def _unlikely(source: Source, node: ast.Constant, kind: str) -> Iterator[Splice]:
    """Yield other values in the place of one, of another type or far from it."""
    value = node.value
    texts: list[str] = []
    if value is None:
        texts = ["0", "False", "[]", '""', "-1"]
    elif isinstance(value, float):
        texts = [repr(value + 1), repr(-value)]
    elif kind == "start_value" and not isinstance(value, bool | str):
        texts = ["float('inf')", "float('-inf')", '""', "[]", "None"]
        for name in _parameters(source, node):
            texts += [f"{name}[0]", name]
    for text in texts:
        yield source.replaced(node, text, kind, 0.2)


def _other_texts(value: str) -> Iterator[str]:
    if not value:
        yield " "
    if value.strip() != value:
        yield value.strip()
    if value and value == value.strip():
        yield value + " "
        yield " " + value
    for other in (value.lower(), value.upper(), value.capitalize()):
        if other != value:
            yield other


def _parameters(source: Source, node: ast.AST) -> list[str]:
    function = source.function(node)
    return [] if function is None else local_names(function)[0]


def _subscript(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.Subscript)
    index = node.slice
    if isinstance(index, ast.Slice):
        yield from _slice(source, index)
        return
    if not isinstance(index, ast.Constant | ast.Tuple):
        text = source.of(index)
        yield source.replaced(index, f"{text} + 1", "index")
        yield source.replaced(index, f"{text} - 1", "index")
    if isinstance(index, ast.Constant) and index.value == 0:
        yield source.replaced(index, "-1", "index")
    if isinstance(index, ast.UnaryOp) and source.of(index) == "-1":
        yield source.replaced(index, "0", "index")
    if isinstance(node.ctx, ast.Load):
        text = f"{source.of(node.value)}.get({source.of(index)}, 0)"
        yield source.replaced(node, text, "key", 0.2)
        if isinstance(index, ast.Name):  # for x in xs: xs[x]
            yield source.replaced(node, source.of(index), "index", 0.2)


def _slice(source: Source, node: ast.Slice) -> Iterator[Splice]:
    start, end = source.span(node)
    parts = [source.of(each) if each else "" for each in (node.lower, node.upper, node.step)]
    lower, upper, step = parts
    tail = f":{step}" if step else ""
    made = [f"{lower}:{tail}", f":{upper}{tail}"]
    for end_text in (f"{upper} + 1", f"{upper} - 1"):
        made += [f"{lower}:{end_text}{tail}"] if upper else []
    for start_text in (f"{lower} + 1", f"{lower} - 1"):
        made += [f"{start_text}:{upper}{tail}"] if lower else [f"1:{upper}{tail}"]
    made += [f"{lower}:{upper}:-1"] if not step else [f"{lower}:{upper}"]
    made += [f"{lower}:-1{tail}"] if not upper else []
    for text in dict.fromkeys(made):
        if text != source.text[start:end]:
            yield Splice(start, end, text, node.lineno, "slice")


def _augmented(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.AugAssign)
    start, end = source.span(node.target)[1], source.span(node.value)[0]
    between = source.text[start:end]
    sign = between.strip()
    for other in ("+=", "-=", "*=", "=", "//=", "/="):
        if other != sign:
            text = between.replace(sign, other)
            yield Splice(start, end, text, node.lineno, "augmented", 0.6 if other == "=" else 0.5)


def _assignment(source: Source, node: ast.AST) -> Iterator[Splice]:
    assert isinstance(node, ast.Assign)
    if len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name | ast.Subscript):
        return
    start, end = source.span(node.targets[0])[1], source.span(node.value)[0]
    between = source.text[start:end]
    if between.strip() == "=" and source.loop(node) is not None:
        for other in ("+=", "-=", "*="):
            text = between.replace("=", other)
            yield Splice(start, end, text, node.lineno, "augmented")


def _grid(source: Source, value: ast.expr) -> Iterator[Splice]:
    """Mend `[[0] * n] * m`, whose rows are one and the same list."""
    match value:
        case ast.BinOp(left=ast.List(elts=[row]), op=ast.Mult(), right=count):
            text = f"[{source.of(row)} for _ in range({source.of(count)})]"
            yield source.replaced(value, text, "aliasing", 0.9)


def _defaults(source: Source, node: ast.AST) -> Iterator[Splice]:
    """Mend a default value that all calls share."""
    assert isinstance(node, FUNCTIONS)
    given = node.args.args[len(node.args.args) - len(node.args.defaults) :]
    for argument, value in zip(given, node.args.defaults, strict=True):
        if isinstance(value, ast.List | ast.Dict | ast.Call) and source.owns_lines(node.body[0]):
            start, end = source.span(value)
            first = source.line_start(node.body[0].lineno)
            blanks = source.indent(node.body[0])
            guard = f"{blanks}if {argument.arg} is None:\n"
            guard += f"{blanks}    {argument.arg} = {source.of(value)}\n"
            text = "None" + source.text[end:first] + guard
            yield Splice(start, first, text, node.lineno, "shared_default")


_Make = Callable[[Source, ast.AST], Iterator[Splice]]
_OF: Final[dict[type[ast.AST], tuple[_Make, ...]]] = {
    ast.Compare: (_compare,),
    ast.BinOp: (_binary,),
    ast.UnaryOp: (_unary,),
    ast.BoolOp: (_logic,),
    ast.If: (_condition,),
    ast.While: (_condition,),
    ast.IfExp: (_condition,),
    ast.Constant: (_constant,),
    ast.Subscript: (_subscript,),
    ast.Call: (of_call,),
    ast.Name: (of_name,),
    ast.Attribute: (of_attribute,),
    ast.AugAssign: (_augmented,),
    ast.Assign: (_assignment, of_value),
    ast.Return: (of_value,),
    ast.FunctionDef: (_defaults,),
}
