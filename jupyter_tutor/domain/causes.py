"""Why Python raised an exception, as a beginner can use it: a table of the common causes."""

import builtins
import difflib
import io
import keyword
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource, RaisedError


@dataclass(frozen=True, slots=True)
class Cause:
    """Why an exception was raised.

    Attributes:
        key: Of the phrase that explains it.
        mistake: The kind of mistake it comes from.
        fields: Texts of the phrase, as Python wrote them.
    """

    key: str
    mistake: Mistake
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Row:
    type: str
    pattern: re.Pattern[str]
    key: str
    mistake: Mistake


def _row(type_: str, pattern: str, key: str, mistake: Mistake) -> _Row:
    return _Row(type_, re.compile(pattern), f"error.{key}", mistake)


_NONE_OPERANDS = (
    r"(?:unsupported operand type\(s\) for (?P<op>.+?): (?:'NoneType' and '\w+'|'\w+' and "
    r"'NoneType')|'(?P<op2>\S+)' not supported between instances of (?:'NoneType' and '\w+'|'\w+' "
    r"and 'NoneType'))"
)
_NONE_USED = (
    r"'NoneType' object (?:is not \w+|does not support|cannot be interpreted)"
    r"|object of type 'NoneType' has no len|non-iterable NoneType|NoneType found|not 'NoneType'"
    r"|\(not \"NoneType\"\)"
)

_FUNCTION = r"'(?:builtin_function_or_method|function|method|method_descriptor|type)'"

# The first row whose type is the exception's or one of its bases, and whose pattern is found in
# the message, tells the cause. The wordings are those of Python 3.11 to 3.14.
_TABLE: Final = (
    _row("NotImplementedError", "", "not_written", Mistake.NOT_WRITTEN),
    _row("UnboundLocalError", r"variable '(?P<name>\w+)'", "unbound", Mistake.UNBOUND),
    _row("NameError", r"free variable '(?P<name>\w+)'", "unbound", Mistake.UNBOUND),
    _row("NameError", r"name '(?P<name>\w+)'", "name", Mistake.NAME),
    _row("TabError", "", "tabs", Mistake.INDENTATION),
    _row("IndentationError", "expected an indented block", "indent_missing", Mistake.INDENTATION),
    _row("IndentationError", "unindent", "indent_between", Mistake.INDENTATION),
    _row("IndentationError", "", "indent_extra", Mistake.INDENTATION),
    _row("SyntaxError", "expected ':'", "colon", Mistake.SYNTAX),
    _row("SyntaxError", r"'(?P<name>.)' was never closed", "never_closed", Mistake.SYNTAX),
    _row("SyntaxError", r"unmatched '(?P<name>.)'", "unmatched", Mistake.SYNTAX),
    _row("SyntaxError", r"closing parenthesis '(?P<name>.)' does", "unmatched", Mistake.SYNTAX),
    _row("SyntaxError", r"unterminated .*string|EOL while", "quote", Mistake.SYNTAX),
    _row("SyntaxError", "cannot assign to", "assign", Mistake.SYNTAX),
    _row("SyntaxError", r"meant '=='", "equals", Mistake.SYNTAX),
    _row("SyntaxError", "Missing parentheses in call", "print_brackets", Mistake.SYNTAX),
    _row("SyntaxError", r"'(?P<name>return|yield|await)' outside", "outside", Mistake.INDENTATION),
    _row("SyntaxError", r"'(?P<name>break|continue)'", "outside_loop", Mistake.INDENTATION),
    _row("SyntaxError", "forgot a comma", "comma", Mistake.SYNTAX),
    _row("SyntaxError", "", "syntax", Mistake.SYNTAX),
    _row("TypeError", _NONE_OPERANDS, "none_operand", Mistake.NONE),
    _row("TypeError", _NONE_USED, "none_used", Mistake.NONE),
    _row("AttributeError", r"'NoneType' object.* '(?P<name>\w+)'", "none_attribute", Mistake.NONE),
    _row("TypeError", rf"{_FUNCTION} object is not subscriptable", "square_call", Mistake.CALL),
    _row("TypeError", _FUNCTION, "not_called", Mistake.CALL),
    _row(
        "TypeError",
        r"multiply sequence by non-int of type '(?P<kind>\w+)'",
        "repeat",
        Mistake.TYPES,
    ),
    _row(
        "TypeError",
        r"can only concatenate (?P<left>\w+) \(not \"(?P<right>\w+)\"\)",
        "concatenate",
        Mistake.TYPES,
    ),
    _row(
        "TypeError",
        r"unsupported operand type\(s\) for (?P<op>.+?): '(?P<left>\w+)' and '(?P<right>\w+)'",
        "operands",
        Mistake.TYPES,
    ),
    _row(
        "TypeError",
        r"'(?P<op>\S+)' not supported between instances of '(?P<left>\w+)' and '(?P<right>\w+)'",
        "compare",
        Mistake.TYPES,
    ),
    _row(
        "TypeError",
        r"(?P<name>[\w.<>]+)\(\) missing \d+ required .*?: (?P<missing>.+)",
        "few_arguments",
        Mistake.CALL,
    ),
    _row("TypeError", r"\w+\.\w+\(\) takes 0 positional .* 1 was given", "self", Mistake.CALL),
    _row("TypeError", r"(?P<name>[\w.<>]+)\(\) takes .* given", "many_arguments", Mistake.CALL),
    _row("TypeError", r"(?P<name>[\w.<>]+)\(\) takes no arguments", "no_arguments", Mistake.CALL),
    _row(
        "TypeError",
        r"(?P<name>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<argument>\w+)'",
        "keyword_argument",
        Mistake.CALL,
    ),
    _row("TypeError", r"'(?P<kind>\w+)' object is not callable", "not_callable", Mistake.CALL),
    _row("TypeError", "slice indices must be", "slice_kind", Mistake.INDEX),
    _row(
        "TypeError", r"indices must be integers.*?'?(?P<kind>\w+)'?$", "index_kind", Mistake.INDEX
    ),
    _row("TypeError", r"'(?P<kind>\w+)' object is not subscriptable", "no_items", Mistake.TYPES),
    _row("TypeError", r"'(?P<kind>\w+)' object is not iterable", "not_iterable", Mistake.TYPES),
    _row("TypeError", r"'(?P<kind>\w+)' object does not support item", "fixed", Mistake.TYPES),
    _row("TypeError", r"unhashable type: '(?P<kind>\w+)'", "unhashable", Mistake.KEY),
    _row("TypeError", r"'(?P<kind>\w+)' object cannot be interpreted", "not_whole", Mistake.TYPES),
    _row("TypeError", "cannot unpack non-iterable", "unpack", Mistake.UNPACKING),
    _row("TypeError", "", "type", Mistake.TYPES),
    _row("IndexError", "pop", "pop_empty", Mistake.INDEX),
    _row("IndexError", "", "index", Mistake.INDEX),
    _row("KeyError", r"^(?P<key>.+)$", "key", Mistake.KEY),
    _row("ZeroDivisionError", "", "zero", Mistake.ZERO),
    _row(
        "AttributeError", r"module '(?P<kind>.+?)'.* '(?P<name>\w+)'", "module", Mistake.ATTRIBUTE
    ),
    _row(
        "AttributeError",
        r"'(?P<kind>\w+)' object has no attribute '(?P<name>\w+)'",
        "attribute",
        Mistake.ATTRIBUTE,
    ),
    _row("ValueError", r"invalid literal for int\(\).*?: (?P<text>.+)", "int", Mistake.NUMBER_TEXT),
    _row("ValueError", r"to float: (?P<text>.+)", "float", Mistake.NUMBER_TEXT),
    _row("ValueError", r"values to unpack", "unpack", Mistake.UNPACKING),
    _row("ValueError", r"not in (?:list|tuple|deque)|not found", "not_in", Mistake.EXCEPTION),
    _row("ValueError", "math domain|nonnegative input|positive input", "math", Mistake.EXCEPTION),
    _row(
        "ValueError",
        r"(?P<name>max|min)\(\) (?:arg|iterable argument) is (?:an )?empty",
        "no_extreme",
        Mistake.EDGE_CASE,
    ),
    _row("ValueError", r"range\(\) arg 3|slice step", "step_zero", Mistake.LOOP_RANGE),
    _row("ValueError", "closed file", "closed_file", Mistake.FILES),
    _row("UnicodeDecodeError", "", "encoding", Mistake.FILES),
    _row("ValueError", "", "value", Mistake.EXCEPTION),
    _row("RecursionError", "", "recursion", Mistake.RECURSION),
    _row("RuntimeError", "changed size during iteration", "changed_size", Mistake.WALK),
    _row("AssertionError", "", "assertion", Mistake.EXCEPTION),
    _row("ImportError", r"No module named '(?P<name>[\w.]+)'", "no_module", Mistake.NAME),
    _row("ImportError", r"import name '(?P<name>\w+)'", "no_import", Mistake.NAME),
    _row("FileNotFoundError", r"(?P<text>'.+')", "no_file", Mistake.FILES),
    _row("IsADirectoryError", "", "folder", Mistake.FILES),
    _row("EOFError", "", "input", Mistake.INPUT),
    _row("StopIteration", "", "stop_iteration", Mistake.EXCEPTION),
    _row("OverflowError", "", "overflow", Mistake.EXCEPTION),
    _row("MemoryError", "", "memory", Mistake.ENDLESS),
    _row("KeyboardInterrupt", "", "limit", Mistake.ENDLESS),
    _row("OutputLimitReached", "", "limit", Mistake.ENDLESS),
    _row("", "", "other", Mistake.EXCEPTION),
)

_IMPORTS: Final = {
    **{
        name: f"import {name}"
        for name in (
            "collections", "copy", "csv", "datetime", "decimal", "fractions", "functools",
            "itertools", "json", "math", "os", "pathlib", "random", "re", "statistics", "string",
            "sys", "time",
        )
    },
    "np": "import numpy as np",
    "pd": "import pandas as pd",
    "plt": "import matplotlib.pyplot as plt",
}  # fmt: skip
_CONSTANTS: Final = {"null": "None", "nil": "None", "undefined": "None"}
_NAME = re.compile(r"[^\W\d]\w*")
_CLOSE = 0.72


def cause_of(error: RaisedError, cells: Iterable[CellSource] = ()) -> Cause:
    """Return why an exception was raised.

    Args:
        error: The exception as seen from outside.
        cells: The learner's answer, for the names it knows.
    """
    types = {error.type, *error.bases, ""}
    for row in _TABLE:
        match = row.pattern.search(error.message) if row.type in types else None
        if match is not None:
            found = {name: text for name, text in match.groupdict().items() if text}
            if "op2" in found:
                found["op"] = found.pop("op2")
            return _refined(Cause(row.key, row.mistake, found | {"type": error.type}), error, cells)
    raise AssertionError("the last row of the table fits everything")


def _refined(cause: Cause, error: RaisedError, cells: Iterable[CellSource]) -> Cause:
    """Return a cause with the name that was probably meant, where there is one."""
    if cause.key == "error.name":
        return _name_cause(cause, error, cells)
    if cause.key == "error.operands" and cause.fields["left"] == cause.fields["right"]:
        return Cause("error.operands_same", cause.mistake, cause.fields)
    if cause.key == "error.no_module" and error.close:
        modules = {**cause.fields, "modules": " ".join(error.close)}
        return Cause("error.no_module_close", cause.mistake, modules)
    if cause.key == "error.attribute":
        kind = getattr(builtins, cause.fields["kind"], None)
        known = [each for each in dir(kind) if not each.startswith("_")] if kind else []
        close = _closest(cause.fields["name"], known)
        if close:
            return Cause("error.attribute_close", cause.mistake, {**cause.fields, "close": close})
    return cause


def _name_cause(cause: Cause, error: RaisedError, cells: Iterable[CellSource]) -> Cause:
    name = cause.fields["name"]
    if name in _IMPORTS:
        statement = {**cause.fields, "module": _IMPORTS[name].split()[1].partition(".")[0]}
        return Cause("error.name_import", cause.mistake, statement)
    written = [source.source for source in cells] or [frame.source for frame in error.frames]
    known = {word for text in written for word in _names(text)} | set(dir(builtins))
    known = {word for word in known if not word.startswith("_")} - {name}
    close = _CONSTANTS.get(name.lower()) or _closest(name, known)
    if close:
        return Cause("error.name_close", cause.mistake, {**cause.fields, "close": close})
    return cause


def _closest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like one, the same but for case first; empty if none is."""
    words = sorted(known)
    same = [word for word in words if word.casefold() == name.casefold() and word != name]
    return (same or difflib.get_close_matches(name, words, n=1, cutoff=_CLOSE) or [""])[0]


def _names(source: str) -> set[str]:
    """Return the names in a text of Python, also in one that breaks off."""
    found: set[str] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.NAME:
                found.add(token.string)
    except (tokenize.TokenError, SyntaxError, ValueError):
        found |= set(_NAME.findall(source))
    return {name for name in found if not keyword.iskeyword(name)}
