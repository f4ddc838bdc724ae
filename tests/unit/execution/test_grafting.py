"""Expressions of programs that pass, put into one that does not."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_tutor.execution.inside.grafting import MOST_EDITS, MOST_LETTERS, grafts
from jupyter_tutor.execution.inside.splicing import Source, Splice

WRONG = """\
def share(bill, tip, people):
    total = int(bill * (1 + tip / 100))
    return total // people, total % people
"""
DONOR = """\
def share(cents, percent, friends):
    extra = cents * percent // 100
    whole = cents + extra
    return whole // friends, whole % friends
"""


def made(text: str, *donors: str) -> list[Splice]:
    return grafts(Source(text, ast.parse(text)), [ast.parse(each) for each in donors])


def results(text: str, *donors: str) -> list[str]:
    return [text[: each.start] + each.text + text[each.end :] for each in made(text, *donors)]


def test_what_a_name_stands_for_takes_its_place() -> None:
    mended = WRONG.replace("int(bill * (1 + tip / 100))", "bill + bill * tip // 100")
    assert mended in results(WRONG, DONOR)


def test_a_condition_is_added_to_others_in_the_names_of_the_answer() -> None:
    wrong = (
        "def f(code):\n    return (\n        len(code) == 7\n        and code.isascii()\n    )\n"
    )
    donor = "def f(text):\n    rest = text[5:]\n    return len(text) == 7 and rest.isupper()\n"
    assert wrong.replace("isascii()", "isascii() and code[5:].isupper()") in results(wrong, donor)


def test_what_is_changed_later_does_not_stand_for_what_it_was() -> None:
    donor = (
        "def f(a):\n    n = a + 1\n    m = n * 2\n    n = 5\n    a += 1\n    return m - n - a * 3\n"
    )
    texts = {each.text for each in made("def f(a):\n    return a - 0\n", donor)}
    assert "(a + 1) * 2" in texts
    assert "n - a * 3" not in texts
    assert not any("(a + 1) * 2 -" in text or "(a + 1) * 2 -" in text for text in texts)


def test_names_that_an_expression_binds_itself_are_left_alone() -> None:
    donor = "def f(a):\n    x = a + 1\n    return [x for x in range(a)]\n"
    texts = {each.text for each in made("def f(a):\n    return a * 1\n", donor)}
    assert "[x for x in range(a)]" in texts
    assert not any("a + 1 for" in text for text in texts)


def test_names_the_answer_does_not_have_are_not_used() -> None:
    donor = "def f(a):\n    for item in a:\n        print(item * 2)\n"
    for each in made("def f(a):\n    return a * 1\n", donor):
        assert "item" not in each.text


def test_no_expression_is_long() -> None:
    long = " + ".join(f"a * {number}" for number in range(40))
    found = made(WRONG, DONOR, f"def share(a, b, c):\n    return {long}\n")
    assert found
    assert all(len(each.text) <= MOST_LETTERS + len(" and ()") for each in found)
    assert not any("\n" in each.text for each in found)


def test_the_nearest_come_first_and_always_in_the_same_order() -> None:
    found = made(WRONG, DONOR)
    assert [each.near for each in found] == sorted((each.near for each in found), reverse=True)
    assert found == made(WRONG, DONOR)


def test_there_are_never_too_many() -> None:
    many = "\n".join(f"    v{number} = (a[{number}] + b) * c[{number}]" for number in range(80))
    text = f"def f(a, b, c):\n{many}\n    return v1\n"
    assert len(made(text, text.replace("+", "-"))) == MOST_EDITS


PROGRAMS = st.sampled_from(
    [
        WRONG,
        DONOR,
        "def f(a):\n    if a > 1 and a:\n        return f'{a % 7:02d}'\n    return a[1:]\n",
        "def f(a):\n    b, c = a[:4], a[4:]\n    return b.isdigit() and c in ('x', 'é')\n",
        "n = int(input())\nprint(sum(k * n for k in range(n)))\n",
        "def f(a):\n    while not a or a[0] == 'é':\n        a = a[1:]\n    return {1: 2}\n",
    ]
)


@given(PROGRAMS, PROGRAMS)
def test_every_edit_can_be_read_again(wrong: str, donor: str) -> None:
    for text in results(wrong, donor):
        try:
            ast.parse(text)
        except SyntaxError:
            pytest.fail(text)
