"""Statements of programs that pass, put into one that does not."""

import ast

from jupyter_tutor.execution.inside.donating import MOST_LINES, donations
from jupyter_tutor.execution.inside.donors import nearest
from jupyter_tutor.execution.inside.splicing import Source, Splice

WRONG = """\
def total(numbers):
    s = 0
    for n in numbers:
        s = n
    return s
"""
DONOR = """\
def total(values):
    result = 0
    for value in values:
        result = result + value
    return result
"""


def made(text: str, *donors: str) -> list[Splice]:
    source = Source(text, ast.parse(text))
    return donations(source, nearest(source, donors))


def results(text: str, *donors: str) -> list[str]:
    return [text[: each.start] + each.text + text[each.end :] for each in made(text, *donors)]


def test_a_statement_replaces_one_in_the_names_of_the_answer() -> None:
    assert WRONG.replace("s = n", "s = s + n") in results(WRONG, DONOR)


def test_a_statement_is_put_in_where_one_is_missing() -> None:
    without = WRONG.replace("    return s\n", "").replace("s = n", "s += n")
    assert without + "    return s\n" in results(without, DONOR)


def test_a_condition_is_put_in() -> None:
    wrong = "def f(a):\n    if a > 3:  # why\n        return 1\n    return 2\n"
    donor = "def f(x):\n    if x % 2 == 0:\n        return 1\n    return 2\n"
    assert wrong.replace("a > 3", "a % 2 == 0") in results(wrong, donor)


def test_functions_correspond_by_name_or_else_by_position() -> None:
    donor = "def helper(q):\n    return q * 7\ndef total(z):\n    return 0\n"
    wrong = "def mine(p):\n    return p\ndef total(z):\n    return 1\n"
    assert wrong.replace("return p", "return p * 7") in results(wrong, donor)


def test_names_in_texts_and_after_dots_stay() -> None:
    donor = 'def f(item, count):\n    return item.count("item") + count\n'
    wrong = "def f(a, b):\n    return 0\n"
    assert "def f(a, b):\n    return a.count('item') + b\n" in results(wrong, donor)


def test_no_edit_holds_more_than_a_short_statement() -> None:
    lines = "\n".join(f"    x{number} = {number} * numbers[{number}]" for number in range(30))
    donor = f"def total(numbers):\n{lines}\n    if x1:\n{lines.replace('    ', '        ')}\n"
    found = made(WRONG, donor, DONOR)
    assert found
    for edit in found:
        assert edit.text.strip("\n").count("\n") < MOST_LINES
        assert len(ast.parse(donor).body[0].body) > 30  # type: ignore[attr-defined]


def test_the_nearest_come_first_and_always_in_the_same_order() -> None:
    found = made(WRONG, DONOR)
    assert [each.near for each in found] == sorted((each.near for each in found), reverse=True)
    assert found == made(WRONG, DONOR)
    assert "s = s + n" in found[0].text


def test_what_cannot_be_read_donates_nothing() -> None:
    assert results(WRONG, "def total(", DONOR) == results(WRONG, DONOR)
    assert results(WRONG, "def total(") == []


def test_a_program_without_functions() -> None:
    wrong = "n = int(input())\nprint(n)\n"
    assert wrong.replace("print(n)", "print(n * 2)") in results(
        wrong, "k = int(input())\nprint(k * 2)\n"
    )


def test_many_names_that_exclude_one_another_take_no_longer() -> None:
    lines = "".join(f"    v{number} = a + {number}\n" for number in range(60))
    assert results(f"def f(a):\n{lines}    return v1\n", f"def f(a):\n{lines}    return v2\n")
