"""Causes of exceptions, each from an exception that this Python really raises."""

import re
import sys
import traceback
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.domain.causes import cause_of
from jupyter_tutor.domain.exercises import HintLevel
from jupyter_tutor.domain.explain import explain_error
from jupyter_tutor.domain.mistakes import Mistake
from jupyter_tutor.domain.observations import CellSource, Frame, RaisedError
from jupyter_tutor.domain.phrases import CATALOGUES, say
from jupyter_tutor.domain.readability import hint_problems


def raised(source: str) -> RaisedError:
    """Run a text of Python and return what it raises, as seen from outside."""
    stdin = sys.stdin
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(compile(source, "<answer>", "exec"), {"__name__": "answer"})
    except Exception as error:  # noqa: BLE001 - any exception is what is looked at
        bases = tuple(base.__name__ for base in type(error).__mro__[1:-1])
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        return RaisedError(type(error).__name__, message, bases, frames(error, source))
    finally:
        sys.stdin = stdin
    raise AssertionError("nothing was raised")


def frames(error: Exception, source: str) -> tuple[Frame, ...]:
    """Return the frames of an exception that lie in the text, outermost first."""
    lines = [*source.split("\n"), ""]
    if isinstance(error, SyntaxError):
        number = error.lineno or 1
        return (Frame("answer", number, "<module>", lines[min(number, len(lines)) - 1]),)
    found = traceback.extract_tb(error.__traceback__)
    return tuple(
        Frame("answer", frame.lineno or 1, frame.name, lines[(frame.lineno or 1) - 1])
        for frame in found
        if frame.filename == "<answer>"
    )[-5:]


CASES = [
    ("raise NotImplementedError()", "not_written", {}),
    ("def f():\n    n += 1\nf()", "unbound", {"name": "n"}),
    ("def f():\n    def g():\n        return n\n    g()\n    n = 1\nf()", "unbound", {"name": "n"}),
    ("zzzzz", "name", {"name": "zzzzz"}),
    ("total = 1\nprint(totl)", "name_close", {"name": "totl", "close": "total"}),
    ("Total = 1\nprint(total)", "name_close", {"name": "total", "close": "Total"}),
    ("x = true", "name_close", {"name": "true", "close": "True"}),
    ("x = null", "name_close", {"name": "null", "close": "None"}),
    ("pritn(1)", "name_close", {"name": "pritn", "close": "print"}),
    ("math.sqrt(4)", "name_import", {"name": "math", "module": "math"}),
    ("np.array([1])", "name_import", {"name": "np", "module": "numpy"}),
    ("if 1:\n\tx = 1\n        y = 2", "tabs", {}),
    ("if 1:\nx = 1", "indent_missing", {}),
    ("def f():\n    x = 1\n  y = 2", "indent_between", {}),
    ("x = 1\n  y = 2", "indent_extra", {}),
    ("if x > 1\n    y = 2", "colon", {}),
    ("print((1, 2)", "never_closed", {"name": "("}),
    ("x = 1)", "unmatched", {"name": ")"}),
    ("x = (1, 2]", "unmatched", {"name": "]"}),
    ("x = 'abc", "quote", {}),
    ("x = '''abc", "quote", {}),
    ("if x = 1:\n    pass", "equals", {}),
    ("3 = x", "assign", {}),
    ("f() = 3", "assign", {}),
    ("print 'a'", "print_brackets", {}),
    ("return 3", "outside", {"name": "return"}),
    ("break", "outside_loop", {"name": "break"}),
    ("continue", "outside_loop", {"name": "continue"}),
    ("x = [1 2]", "comma", {}),
    ("x = 1 +", "syntax", {}),
    ("None + 1", "none_operand", {"op": "+"}),
    ("1 * None", "none_operand", {"op": "*"}),
    ("None < 1", "none_operand", {"op": "<"}),
    ("max([1, None])", "none_operand", {"op": ">"}),
    ("None[0]", "none_used", {}),
    ("len(None)", "none_used", {}),
    ("for x in None: pass", "none_used", {}),
    ("None[0] = 1", "none_used", {}),
    ("'a' + None", "none_used", {}),
    ("range(None)", "none_used", {}),
    ("a, b = None", "none_used", {}),
    ("a, b = 3", "unpack", {}),
    ("[1].sort().append(2)", "none_attribute", {"name": "append"}),
    ("'a' + 1", "concatenate", {"left": "str", "right": "int"}),
    ("[1] + (2,)", "concatenate", {"left": "list", "right": "tuple"}),
    ("1 + 'a'", "operands", {"op": "+", "left": "int", "right": "str"}),
    ("'a' - 'b'", "operands_same", {"op": "-", "left": "str"}),
    ("len[0]", "square_call", {}),
    ("def f(): pass\nf[1]", "square_call", {}),
    ("'a'.upper + 'b'", "not_called", {}),
    ("for x in dict.items: pass", "not_called", {}),
    ("len(len)", "not_called", {}),
    ("'a' * 2.0", "repeat", {"kind": "float"}),
    ("[1] * 'a'", "repeat", {"kind": "str"}),
    ("class D:\n    def bark(): pass\nD().bark()", "self", {}),
    ("class D: pass\nD(1)", "no_arguments", {"name": "D"}),
    ("[1, 2][0:1.5]", "slice_kind", {}),
    ("import math\nmath.sqrt(-1)", "math", {}),
    ("import math\nmath.log(0)", "math", {}),
    ("max([])", "no_extreme", {"name": "max"}),
    ("min(())", "no_extreme", {"name": "min"}),
    ("range(1, 5, 0)", "step_zero", {}),
    ("[1, 2][::0]", "step_zero", {}),
    ("import os\nf = open(os.devnull)\nf.close()\nf.read()", "closed_file", {}),
    ("b'\\xff'.decode('utf-8')", "encoding", {}),
    ("d = {1: 2}\nfor k in d: d.pop(k)", "changed_size", {}),
    ("s = {1}\nfor k in s: s.add(k + 1)", "changed_size", {}),
    ("open('.')", "folder", {}),
    ("'a' < 1", "compare", {"op": "<", "left": "str", "right": "int"}),
    ("sorted([1, 'a'])", "compare", {"left": "str", "right": "int"}),
    ("def f(a, b): pass\nf(1)", "few_arguments", {"name": "f", "missing": "'b'"}),
    ("def f(a): pass\nf(1, 2)", "many_arguments", {"name": "f"}),
    ("def f(): pass\nf(1)", "many_arguments", {"name": "f"}),
    ("def f(a): pass\nf(b=1)", "keyword_argument", {"name": "f", "argument": "b"}),
    ("x = 3\nx(4)", "not_callable", {"kind": "int"}),
    ("[1]['a']", "index_kind", {"kind": "str"}),
    ("[1][0, 1]", "index_kind", {"kind": "tuple"}),
    ("'abc'[1.0]", "index_kind", {"kind": "float"}),
    ("(5)[0]", "no_items", {"kind": "int"}),
    ("for x in 5: pass", "not_iterable", {"kind": "int"}),
    ("'abc'[0] = 'x'", "fixed", {"kind": "str"}),
    ("{[1]: 2}", "unhashable", {"kind": "list"}),
    ("range(2.5)", "not_whole", {"kind": "float"}),
    ("sum(['a'], start='')", "type", {}),
    ("[].pop()", "pop_empty", {}),
    ("[1, 2][2]", "index", {}),
    ("'ab'[5]", "index", {}),
    ("{'a': 1}['b']", "key", {"key": "'b'"}),
    ("1 / 0", "zero", {}),
    ("1 % 0", "zero", {}),
    ("1.0 // 0", "zero", {}),
    ("import math\nmath.squareroot(2)", "module", {"kind": "math", "name": "squareroot"}),
    ("(5).push(1)", "attribute", {"kind": "int", "name": "push"}),
    ("[1].apend(2)", "attribute_close", {"kind": "list", "name": "apend", "close": "append"}),
    ("int('4.2')", "int", {"text": "'4.2'"}),
    ("float('x')", "float", {"text": "'x'"}),
    ("a, b = 1, 2, 3", "unpack", {}),
    ("a, b = [1]", "unpack", {}),
    ("[1].remove(2)", "not_in", {}),
    ("'abc'.index('x')", "not_in", {}),
    ("chr(-1)", "value", {}),
    ("def f(): return f()\nf()", "recursion", {}),
    ("assert 1 == 2", "assertion", {}),
    ("import nowhere_at_all", "no_module", {"name": "nowhere_at_all"}),
    ("from math import squareroot", "no_import", {"name": "squareroot"}),
    ("open('nowhere.csv')", "no_file", {"text": "'nowhere.csv'"}),
    ("import io, sys\nsys.stdin = io.StringIO()\ninput()", "input", {}),
    ("next(iter([]))", "stop_iteration", {}),
    ("2.0 ** 5000", "overflow", {}),
    ("'a' * 2 ** 60", "memory", {}),
    ("class Own(Exception): pass\nraise Own('x')", "other", {"type": "Own"}),
    ("class Own(KeyError): pass\nraise Own('x')", "key", {"key": "'x'"}),
]


@pytest.mark.parametrize(("source", "key", "found"), CASES)
def test_the_cause_of_what_python_raises(source: str, key: str, found: dict[str, str]) -> None:
    cause = cause_of(raised(source), (CellSource("answer", source),))
    assert cause.key == f"error.{key}"
    assert found.items() <= cause.fields.items()


def test_there_are_many_causes() -> None:
    assert len({key for _, key, _ in CASES}) >= 60


@pytest.mark.parametrize("language", sorted(CATALOGUES))
@pytest.mark.parametrize("source", [source for source, _, _ in CASES])
def test_each_is_explained_in_every_language_with_the_place(source: str, language: str) -> None:
    error = raised(source)
    text = explain_error(error, language, (CellSource("answer", source),))
    assert hint_problems(text, HintLevel.RESULT, language) == ()
    assert "{" not in re.sub("`[^`]*`", "", text)
    assert bool(re.search("[\u0980-\u09ff]", text)) is (language == "bn")
    number = say("place.line", language, line=error.frames[-1].line, cell="")
    assert number in text


@pytest.mark.parametrize(
    ("source", "mistake"),
    [
        ("raise NotImplementedError()", Mistake.NOT_WRITTEN),
        ("zzzzz", Mistake.NAME),
        ("x = (", Mistake.SYNTAX),
        ("if 1:\nx = 1", Mistake.INDENTATION),
        ("None + 1", Mistake.NONE),
        ("'a' + 1", Mistake.TYPES),
        ("int('a')", Mistake.NUMBER_TEXT),
        ("[][0]", Mistake.INDEX),
    ],
)
def test_the_kind_of_mistake_behind_an_exception(source: str, mistake: Mistake) -> None:
    assert cause_of(raised(source)).mistake is mistake


def test_without_the_answer_names_come_from_the_lines_of_the_traceback() -> None:
    frames = (Frame("answer", 3, "<module>", "return widht * width"),)
    error = RaisedError("NameError", "name 'widht' is not defined", ("Exception",), frames)
    assert cause_of(error).fields["close"] == "width"


def test_names_are_found_in_an_answer_that_breaks_off() -> None:
    error = RaisedError("NameError", "name 'markz' is not defined")
    assert cause_of(error, (CellSource("a", "marks = [1, 2\nx = '''"),)).fields["close"] == "marks"


def test_names_in_texts_and_comments_are_no_candidates() -> None:
    error = RaisedError("NameError", "name 'zebra_count' is not defined")
    answer = CellSource("a", "# zebra_counts\nx = 'zebra_counts'\n")
    assert cause_of(error, (answer,)).key == "error.name"


def test_messages_of_older_and_newer_pythons_are_known() -> None:
    old = RaisedError("UnboundLocalError", "local variable 'n' referenced before assignment")
    assert cause_of(old).fields["name"] == "n"
    new = RaisedError("IndexError", "pop index out of range")
    assert cause_of(new).key == "error.pop_empty"


@given(st.text(max_size=30), st.text(max_size=200))
def test_every_exception_has_a_cause(name: str, message: str) -> None:
    assert cause_of(RaisedError(name, message)).key.startswith("error.")
